//! The options of `start-end`: those of the plug-in Obsidian_to_Anki, with its defaults.
//!
//! Source: Obsidian_to_Anki 3.6.0, `main.ts`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &[
    "begin",
    "end",
    "begin-inline",
    "end-inline",
    "target-deck",
    "file-tags",
    "delete",
    "frozen",
    "deck",
    "folder-decks",
    "folder-tags",
    "curly-clozes",
    "highlight-clozes",
    "style",
    "fields",
];

/// How cards of Obsidian_to_Anki are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartEndOptions {
    /// The line that begins a note.
    pub begin: String,
    /// The line that ends one.
    pub end: String,
    /// The word that begins a note within a line.
    pub begin_inline: String,
    /// The word that ends one.
    pub end_inline: String,
    /// What stands before a file's deck.
    pub target_deck: String,
    /// What stands before a file's tags.
    pub file_tags: String,
    /// The line before the id of a note that is to be deleted.
    pub delete: String,
    /// What stands before text that each note of the file gets.
    pub frozen: String,
    /// The deck where nothing names another one.
    pub deck: Option<String>,
    /// Decks by folders of the vault.
    pub folder_decks: Vec<(String, String)>,
    /// Tags by folders of the vault, parted by white space.
    pub folder_tags: Vec<(String, String)>,
    /// Whether `{x}` is a deletion in note types with `Cloze` in their names.
    pub curly_clozes: bool,
    /// Whether `==x==` is one there.
    pub highlight_clozes: bool,
    /// Note types with the shapes of notes outside of blocks.
    pub styles: Vec<(String, String)>,
    /// Note types with the names of their fields, in Anki's order.
    pub fields: Vec<(String, Vec<String>)>,
}

impl Default for StartEndOptions {
    fn default() -> Self {
        Self {
            begin: "START".to_owned(),
            end: "END".to_owned(),
            begin_inline: "STARTI".to_owned(),
            end_inline: "ENDI".to_owned(),
            target_deck: "TARGET DECK".to_owned(),
            file_tags: "FILE TAGS".to_owned(),
            delete: "DELETE".to_owned(),
            frozen: "FROZEN".to_owned(),
            deck: None,
            folder_decks: Vec::new(),
            folder_tags: Vec::new(),
            curly_clozes: false,
            highlight_clozes: false,
            styles: Vec::new(),
            fields: Vec::new(),
        }
    }
}

impl StartEndOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "begin" => self.begin = value.word()?,
            "end" => self.end = value.word()?,
            "begin-inline" => self.begin_inline = value.word()?,
            "end-inline" => self.end_inline = value.word()?,
            "target-deck" => self.target_deck = value.word()?,
            "file-tags" => self.file_tags = value.word()?,
            "delete" => self.delete = value.word()?,
            "frozen" => self.frozen = value.word()?,
            "deck" => self.deck = Some(value.text()?).filter(|deck| !deck.is_empty()),
            "folder-decks" => self.folder_decks = texts(value)?,
            "folder-tags" => self.folder_tags = texts(value)?,
            "curly-clozes" => self.curly_clozes = value.truth()?,
            "highlight-clozes" => self.highlight_clozes = value.truth()?,
            "style" => self.styles = styles(value)?,
            "fields" => {
                let fields = value.entries()?.iter();
                self.fields =
                    fields.map(|(name, fields)| Ok((name.clone(), fields.words()?))).collect::<Result<_, _>>()?;
            }
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}

fn texts(value: &Value) -> Result<Vec<(String, String)>, Mistake> {
    value.entries()?.iter().map(|(name, text)| Ok((name.clone(), text.text()?))).collect()
}

/// A style for notes of Basic, or styles by note types.
fn styles(value: &Value) -> Result<Vec<(String, String)>, Mistake> {
    match value {
        Value::Text(_) => Ok(vec![("Basic".to_owned(), value.word()?)]),
        Value::List(_) | Value::Map(_) => texts(value),
    }
}
