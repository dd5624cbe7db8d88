//! What Anki is: packages, written and read.
//!
//! Knows no Markdown and no disk.

pub mod apkg;
pub mod package;
