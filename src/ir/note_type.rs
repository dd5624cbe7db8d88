//! The two note types, and what a package carries of each.
//!
//! Switches such as `{.reversed}` are fields that are filled or empty, never other note types: Anki refuses to update a
//! note whose note type changed.

use schemars::JsonSchema;
use serde::Serialize;

/// Which of the two note types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteTypeKey {
    /// Question and answer.
    Basic,
    /// A text with deletions.
    Cloze,
}

impl NoteTypeKey {
    /// Both, in the order of a package.
    pub const ALL: [Self; 2] = [Self::Basic, Self::Cloze];

    /// Its word in ids and names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Cloze => "Cloze",
        }
    }
}

/// A note type as a package carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoteType {
    /// Which one.
    pub key: NoteTypeKey,
    /// Positive, below 2^53; a hash of collection id, key and generation.
    pub id: i64,
    /// Unique to the collection, so that two projects' types do not get a `+`.
    pub name: String,
    /// Unix seconds of the last change of templates or style. 0 until identity has run.
    pub modified: i64,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Its card templates.
    pub templates: Vec<Template>,
    /// The style of its cards.
    pub css: String,
}

/// A field of a note type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field {
    /// Stable across renames: Anki matches fields by it.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A card template of a note type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Template {
    /// Stable across renames: Anki matches templates by it.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The question side (Anki's `qfmt`).
    pub front: String,
    /// The answer side (Anki's `afmt`).
    pub back: String,
}
