//! The two note types, their fields and card templates.
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

    /// The names of its fields, in Anki's order. Hint, Extra, Source and the switches are there from the start, because
    /// a field added later makes Anki take the note type for another one.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Basic => &["Front", "Back", "Hint", "Extra", "Source", "Context", "Link", "Reverse", "Typed"],
            Self::Cloze => &["Text", "Back", "Hint", "Extra", "Source", "Context", "Link"],
        }
    }

    /// The names of its card templates, in Anki's order.
    pub fn templates(self) -> &'static [&'static str] {
        match self {
            Self::Basic => &["Card 1", "Card 2"],
            Self::Cloze => &["Cloze"],
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
