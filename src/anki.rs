//! What Anki is: its limits, grammars and note types, and packages, written and read.
//!
//! Knows no Markdown and no disk.

pub mod cloze;
pub mod container;
pub mod deck_name;
pub mod import;
pub mod limits;
pub mod mathjax;
pub mod media_name;
pub mod note_type;
pub mod package;
pub mod rendering;
pub mod schema11;
pub mod shown_name;
pub mod sqlite;
pub mod template;
