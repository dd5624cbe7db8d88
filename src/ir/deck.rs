//! Decks and their names.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// A deck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deck {
    /// Its full name.
    pub name: DeckName,
    /// Shown on the deck's page in Anki, as Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A deck's full name: parts joined by `::`, none empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[serde(transparent)]
// Each note has one: its clones are the same text.
pub struct DeckName(Arc<str>);

impl DeckName {
    /// How many parts a name has at most: Anki walks the tree of decks by recursion, and each deck has all names above it.
    pub const MAX_LEVELS: usize = 100;

    /// The longest name in bytes.
    pub const MAX_LENGTH: usize = 2000;

    /// Takes a name with white space around its parts trimmed; `None` where a part is empty, or it is too long.
    pub fn new(name: &str) -> Option<Self> {
        if name.len() > Self::MAX_LENGTH {
            return None;
        }
        let parts: Vec<&str> = name.split("::").map(str::trim).collect();
        let is_name = parts.len() <= Self::MAX_LEVELS && parts.iter().all(|part| !part.is_empty());
        // A line end in a name would be two lines wherever names stand.
        is_name.then(|| Self(parts.join("::").replace(['\n', '\r', '\t'], " ").into()))
    }

    /// What is wrong with a name that is none, in a phrase that starts with the name, or with the start of a long one.
    pub fn fault(name: &str) -> String {
        let is_long = name.len() > Self::MAX_LENGTH || name.split("::").nth(Self::MAX_LEVELS).is_some();
        let fault = if is_long { "has more than 100 parts or 2000 bytes" } else { "has an empty part" };
        match name.char_indices().nth(Self::SHOWN) {
            Some((end, _)) => format!("`{}…` {fault}", name.get(..end).unwrap_or_default()),
            None => format!("`{name}` {fault}"),
        }
    }

    /// So many characters of a name are shown where it is none.
    const SHOWN: usize = 100;

    /// The name as Anki writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name, or a part of one, in the form in which Anki compares names: case counts as little as the normal form.
    pub fn folded(name: &str) -> String {
        if name.is_ascii() {
            return name.to_ascii_lowercase();
        }
        // By way of capitals, so that `ß` and `ss` are one, and `σ` and `ς`.
        name.nfc().collect::<String>().to_uppercase().to_lowercase().nfc().collect()
    }

    /// Its first part: the deck that one package is made for.
    pub fn top(&self) -> &str {
        // Each note is asked, and to search for a text is made ready longer than a name takes.
        let end = self.0.as_bytes().windows(2).position(|pair| pair == b"::");
        end.and_then(|end| self.0.get(..end)).unwrap_or(&self.0)
    }

    /// The decks above it, the top-level one first.
    pub fn parents(&self) -> impl Iterator<Item = Self> + '_ {
        self.0.match_indices("::").map(|(end, _)| Self(self.0.split_at(end).0.into()))
    }
}

impl Serialize for DeckName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl std::fmt::Display for DeckName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
