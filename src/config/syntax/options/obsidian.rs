//! The options of `obsidian`: those of the plug-in Spaced Repetition, with its defaults.
//!
//! Source: obsidian-spaced-repetition 1.15.4, `src/data/settings.ts`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &[
    "tags",
    "folders-as-decks",
    "inline",
    "inline-reversed",
    "separator",
    "separator-reversed",
    "end",
    "clozes",
    "ignore",
];

/// How cards of Spaced Repetition are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObsidianOptions {
    /// The tags that put a deck into effect, without `#`; those below them do, too.
    pub tags: Vec<String>,
    /// Whether folders are decks, and tags mean nothing.
    pub folders_as_decks: bool,
    /// Parts question and answer in a line.
    pub inline: String,
    /// As `inline`, for a reversed note.
    pub inline_reversed: String,
    /// The line between question and answer.
    pub separator: String,
    /// As `separator`, for a reversed note.
    pub separator_reversed: String,
    /// The line that ends a card; an empty line where this is empty.
    pub end: String,
    /// Patterns of deletions, in the language of clozecraft.
    pub clozes: Vec<String>,
    /// Patterns of paths below the vault whose files hold no cards.
    pub ignore: Vec<String>,
}

impl Default for ObsidianOptions {
    fn default() -> Self {
        Self {
            tags: vec!["flashcards".to_owned()],
            folders_as_decks: false,
            inline: "::".to_owned(),
            inline_reversed: ":::".to_owned(),
            separator: "?".to_owned(),
            separator_reversed: "??".to_owned(),
            end: String::new(),
            clozes: vec!["==[123;;]answer[;;hint]==".to_owned()],
            ignore: vec!["**/*.excalidraw.md".to_owned()],
        }
    }
}

impl ObsidianOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "tags" => {
                let tags = value.words()?.into_iter();
                self.tags =
                    tags.map(|tag| tag.trim_start_matches('#').to_owned()).filter(|tag| !tag.is_empty()).collect();
            }
            "folders-as-decks" => self.folders_as_decks = value.truth()?,
            "inline" => self.inline = value.word()?,
            "inline-reversed" => self.inline_reversed = value.word()?,
            "separator" => self.separator = value.word()?,
            "separator-reversed" => self.separator_reversed = value.word()?,
            "end" => self.end = value.text()?,
            "clozes" => self.clozes = value.words()?,
            "ignore" => self.ignore = value.words()?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
