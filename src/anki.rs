//! What Anki is: its limits and grammars, and packages, written and read.
//!
//! Knows no Markdown and no disk.

pub mod apkg;
pub mod cloze;
pub mod limits;
pub mod package;
