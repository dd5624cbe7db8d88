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
    /// Note types with the shapes of notes outside of blocks, in the order in which they are looked for.
    pub styles: Vec<(String, Style)>,
    /// Note types with the names of their fields, in Anki's order.
    pub fields: Vec<(String, Vec<String>)>,
}

/// A shape of notes outside of blocks, as the wiki of the plug-in gives regular expressions for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// `front::back` in a line.
    Remnote,
    /// A heading, of such a level or a lower one, and the text below it.
    Header {
        /// How many `#` there are at least.
        least: u8,
    },
    /// A word at the end of the last line of the front; the back stands below it.
    Neuracache {
        /// The word, with its `#`.
        mark: String,
    },
    /// A line of dashes between front and back.
    Ruled,
    /// A table of one column.
    Table,
    /// A paragraph with deletions.
    Cloze,
    /// Lines that start with a word and a colon, as `qa` has them.
    Question {
        /// The words for the question and the answer.
        tags: [String; 2],
    },
}

impl Style {
    /// The style of a name, behind which more may be said of it: `header 3`, `neuracache #card`, `question Q A`.
    fn named(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let style = match words.next()? {
            "remnote" => Self::Remnote,
            "header" => Self::Header {
                least: words
                    .next()
                    .map_or(Some(1), |level| level.parse().ok())
                    .filter(|level| (1..=6).contains(level))?,
            },
            "neuracache" => Self::Neuracache { mark: words.next().unwrap_or("#flashcard").to_owned() },
            "ruled" => Self::Ruled,
            "table" => Self::Table,
            "cloze" => Self::Cloze,
            "question" => {
                let [question, answer] = [words.next().unwrap_or("Q"), words.next().unwrap_or("A")];
                Self::Question { tags: [question.to_owned(), answer.to_owned()] }
            }
            _ => return None,
        };
        words.next().is_none().then_some(style)
    }
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

/// Styles by note types; without one, notes are of Basic, or of Cloze where they are paragraphs with deletions.
fn styles(value: &Value) -> Result<Vec<(String, Style)>, Mistake> {
    let style = |value: &Value| {
        let word = value.word()?;
        Style::named(&word).ok_or(Mistake::Form(FORM))
    };
    let of_own_type = |value: &Value| {
        let style = style(value)?;
        Ok((if style == Style::Cloze { "Cloze" } else { "Basic" }.to_owned(), style))
    };
    match value {
        Value::Text(text) if text.trim().is_empty() => Ok(Vec::new()),
        Value::Text(_) => Ok(vec![of_own_type(value)?]),
        Value::List(list) => list.iter().map(of_own_type).collect(),
        Value::Map(entries) => {
            let mut found = Vec::new();
            for (note_type, styles) in entries {
                let styles = match styles {
                    Value::List(list) => list.as_slice(),
                    Value::Text(_) | Value::Map(_) => std::slice::from_ref(styles),
                };
                for value in styles {
                    found.push((note_type.clone(), style(value)?));
                }
            }
            Ok(found)
        }
    }
}

/// What a style is.
const FORM: &str =
    "`remnote`, `header`, `neuracache`, `ruled`, `table`, `cloze` or `question`, alone, in a list or by note types";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_stand_alone_in_lists_and_by_note_types() {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut options = StartEndOptions::default();
        let mut set = |value| options.set("style", &value).map(|()| options.styles.clone());
        let one = |name: &str, style| (name.to_owned(), style);
        assert_eq!(set(text("cloze")), Ok(vec![one("Cloze", Style::Cloze)]));
        let list = Value::List(vec![text("remnote"), text("header 3")]);
        assert_eq!(set(list), Ok(vec![one("Basic", Style::Remnote), one("Basic", Style::Header { least: 3 })]));
        let map =
            Value::Map(vec![("Word".to_owned(), Value::List(vec![text("neuracache #card"), text("question F A")]))]);
        let [front, back] = ["F", "A"].map(str::to_owned);
        let mark = "#card".to_owned();
        assert_eq!(
            set(map),
            Ok(vec![one("Word", Style::Neuracache { mark }), one("Word", Style::Question { tags: [front, back] })])
        );
        for wrong in ["tabel", "header 7", "header x", "ruled 3"] {
            assert_eq!(set(text(wrong)), Err(Mistake::Form(FORM)), "{wrong}");
        }
    }
}
