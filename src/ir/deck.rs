//! Decks and their names.

use schemars::JsonSchema;
use serde::Serialize;

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct DeckName(String);

impl DeckName {
    /// Takes a name with white space around its parts trimmed; `None` where a part is empty.
    pub fn new(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split("::").map(str::trim).collect();
        parts.iter().all(|part| !part.is_empty()).then(|| Self(parts.join("::")))
    }

    /// The name as Anki writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first part: the deck that one package is made for.
    pub fn top(&self) -> &str {
        self.0.split("::").next().unwrap_or_default()
    }

    /// The decks above it, the top-level one first.
    pub fn parents(&self) -> impl Iterator<Item = Self> + '_ {
        self.0.match_indices("::").map(|(end, _)| Self(self.0.split_at(end).0.to_owned()))
    }
}

impl std::fmt::Display for DeckName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
