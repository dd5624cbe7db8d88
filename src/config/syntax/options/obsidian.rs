//! The options of `obsidian`: those of the plug-in Spaced Repetition, with its defaults.
//!
//! Source: obsidian-spaced-repetition 1.15.4, `src/data/settings.ts`.

use super::super::ClozePattern;
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
    "ignore-tags",
];

/// How cards of Spaced Repetition are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObsidianOptions {
    /// The tags that put a deck into effect, without `#`; those below them do, too.
    pub tags: Vec<String>,
    /// Whether folders are decks, and tags mean nothing.
    pub folders_as_decks: bool,
    /// Parts question and answer in a line; where it is empty, nothing does.
    pub inline: String,
    /// As `inline`, for a reversed note.
    pub inline_reversed: String,
    /// The line between question and answer; where it is empty, there is none.
    pub separator: String,
    /// As `separator`, for a reversed note.
    pub separator_reversed: String,
    /// The line that ends a card; an empty line where this is empty.
    pub end: String,
    /// How deletions are written.
    pub clozes: Vec<ClozePattern>,
    /// Paths below the vault whose files hold no cards: how they start, or patterns of them.
    pub ignore: Vec<String>,
    /// The tags whose files hold no cards, without `#`; those below them count, too.
    pub ignore_tags: Vec<String>,
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
            clozes: vec![ClozePattern::highlights()],
            ignore: vec!["**/*.excalidraw.md".to_owned()],
            ignore_tags: Vec::new(),
        }
    }
}

impl ObsidianOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "tags" => self.tags = tags(value)?,
            "folders-as-decks" => self.folders_as_decks = value.truth()?,
            "inline" => self.inline = inner_line(value)?,
            "inline-reversed" => self.inline_reversed = inner_line(value)?,
            "separator" => self.separator = line(value)?,
            "separator-reversed" => self.separator_reversed = line(value)?,
            "end" => self.end = line(value)?,
            "clozes" => self.clozes = patterns(value)?,
            "ignore" => self.ignore = value.words()?,
            "ignore-tags" => self.ignore_tags = tags(value)?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}

/// Tags without what marks them: a `#` before them, slashes around them.
fn tags(value: &Value) -> Result<Vec<String>, Mistake> {
    let words = value.words()?;
    let words = words.iter().flat_map(|text| text.split_whitespace());
    let tags = words.map(|tag| tag.trim_start_matches('#').trim_matches('/').to_owned());
    Ok(tags.filter(|tag| !tag.is_empty()).collect())
}

/// A text of one line, which may be empty.
fn line(value: &Value) -> Result<String, Mistake> {
    let text = value.text()?;
    if text.contains(['\n', '\r']) { Err(Mistake::Form("a text of one line")) } else { Ok(text) }
}

/// What stands within lines, with the blanks around it, which may be meant: ` - ` parts other lines than `-`.
fn inner_line(value: &Value) -> Result<String, Mistake> {
    let trimmed = line(value)?;
    match value {
        Value::Text(text) if !trimmed.is_empty() => Ok(text.clone()),
        Value::Text(_) | Value::List(_) | Value::Map(_) => Ok(trimmed),
    }
}

fn patterns(value: &Value) -> Result<Vec<ClozePattern>, Mistake> {
    let pattern = |text: &String| ClozePattern::read(text).map_err(|fault| Mistake::Form(fault.form()));
    value.words()?.iter().map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, text: &str) -> Result<ObsidianOptions, Mistake> {
        let mut options = ObsidianOptions::default();
        options.set(key, &Value::Text(text.to_owned()))?;
        Ok(options)
    }

    #[test]
    fn values_are_taken_as_they_are_written() {
        assert_eq!(set("tags", " #a/b/ c ##d # ").map(|set| set.tags.join(" ")), Ok("a/b c d".to_owned()));
        assert_eq!(set("inline", " - ").map(|set| set.inline), Ok(" - ".to_owned()));
        assert_eq!(set("inline", "  ").map(|set| set.inline), Ok(String::new()));
        assert_eq!(set("end", " +++ ").map(|set| set.end), Ok("+++".to_owned()));
        assert_eq!(set("end", "a\nb"), Err(Mistake::Form("a text of one line")));
        assert_eq!(set("clozes", "{{[123::]answer[::hint]}}").map(|set| set.clozes.len()), Ok(1));
        assert!(matches!(set("clozes", "==x=="), Err(Mistake::Form(_))));
    }
}
