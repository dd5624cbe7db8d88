//! The ways of writing notes by name: which of them are read, and which of those are in effect.
//!
//! Knows nothing of what they look like.

/// A way of writing notes that is read.
///
/// Their order is that in which they claim the lines of a file that names several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// `Q:`, `A:` and `C:` at the start of lines.
    Qa,
    /// A heading and its body.
    Headings,
}

/// Every name, with the way that it stands for; `None` where that is not read yet.
const NAMES: [(&str, Option<Syntax>); 6] = [
    ("headings", Some(Syntax::Headings)),
    ("qa", Some(Syntax::Qa)),
    ("obsidian", None),
    ("start-end", None),
    ("slides", None),
    ("logseq", None),
];

/// Why a word names no way of writing notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misnamed {
    /// It will name one.
    NotReadYet,
    /// It means nothing.
    Unknown,
}

impl Syntax {
    /// The way with this name.
    ///
    /// # Errors
    /// None is read that is called so.
    pub fn named(name: &str) -> Result<Self, Misnamed> {
        let (_, syntax) = NAMES.iter().find(|(known, _)| *known == name).ok_or(Misnamed::Unknown)?;
        syntax.ok_or(Misnamed::NotReadYet)
    }

    /// The names of those that are read.
    pub fn names() -> Vec<&'static str> {
        NAMES.iter().filter(|(_, syntax)| syntax.is_some()).map(|(name, _)| *name).collect()
    }
}

/// The ways of writing notes that are in effect at one place; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntaxes(Vec<Syntax>);

impl Default for Syntaxes {
    /// Our own way.
    fn default() -> Self {
        Self(vec![Syntax::Headings])
    }
}

impl Syntaxes {
    /// These ways; `None` where there are none.
    pub fn new(syntaxes: impl IntoIterator<Item = Syntax>) -> Option<Self> {
        let mut syntaxes: Vec<Syntax> = syntaxes.into_iter().collect();
        syntaxes.sort_unstable();
        syntaxes.dedup();
        (!syntaxes.is_empty()).then_some(Self(syntaxes))
    }

    /// Each, in the order in which they claim lines.
    pub fn iter(&self) -> impl Iterator<Item = Syntax> + '_ {
        self.0.iter().copied()
    }

    /// Whether this one is in effect.
    pub fn has(&self, syntax: Syntax) -> bool {
        self.0.contains(&syntax)
    }
}

/// The words of a list that stands in a text: `a b`, `a, b`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}
