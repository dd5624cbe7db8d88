//! The ways of writing notes by name: which of them are read, and which of those are in effect.
//!
//! Knows nothing of what they look like.

mod options;
mod pattern;

pub use self::options::{Mistake, ObsidianOptions, OptionsLayer, StartEndOptions, Style, SyntaxOptions, Value, keys};
pub use self::pattern::{ClozePattern, Piece};

/// A way of writing notes.
///
/// Their order is that in which they claim the lines of a file that names several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// Lines between `START` and `END`, as Obsidian_to_Anki has them.
    StartEnd,
    /// `Q:`, `A:` and `C:` at the start of lines, as hashcards has them.
    Qa,
    /// Slides with a pause, as anki-panky has them.
    Slides,
    /// `question::answer` and lines of `?`, as Spaced Repetition has them.
    Obsidian,
    /// Blocks of an outline with `#card`, as Logseq has them.
    Logseq,
    /// A heading and its body.
    Headings,
}

impl Syntax {
    /// Every way, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Headings, Self::Obsidian, Self::Qa, Self::StartEnd, Self::Slides, Self::Logseq];

    /// What it is called in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::StartEnd => "start-end",
            Self::Qa => "qa",
            Self::Slides => "slides",
            Self::Obsidian => "obsidian",
            Self::Logseq => "logseq",
            Self::Headings => "headings",
        }
    }

    /// The way with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|syntax| syntax.name() == name)
    }
}

/// What stands for the ways that a file is seen to be written in.
pub const AUTO: &str = "auto";

/// The ways of writing notes that are in effect at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntaxes {
    /// Never none.
    named: Vec<Syntax>,
    is_auto: bool,
    /// The highest level of headings that are notes, where they are; 0 for all, and for text without one.
    least_heading: u8,
}

impl Default for Syntaxes {
    /// Our own way.
    fn default() -> Self {
        Self { named: vec![Syntax::Headings], is_auto: false, least_heading: 0 }
    }
}

impl From<Syntax> for Syntaxes {
    fn from(syntax: Syntax) -> Self {
        Self { named: vec![syntax], is_auto: false, least_heading: 0 }
    }
}

impl Syntaxes {
    /// These ways; `None` where there are none.
    pub fn new(syntaxes: impl IntoIterator<Item = Syntax>) -> Option<Self> {
        let mut syntaxes: Vec<Syntax> = syntaxes.into_iter().collect();
        syntaxes.sort_unstable();
        syntaxes.dedup();
        (!syntaxes.is_empty()).then_some(Self { named: syntaxes, is_auto: false, least_heading: 0 })
    }

    /// Those that a file is seen to be written in; until it is seen, our own.
    pub fn auto() -> Self {
        Self { is_auto: true, ..Self::default() }
    }

    /// Whether a file has to be seen first.
    pub fn is_auto(&self) -> bool {
        self.is_auto
    }

    /// Each, in the order in which they claim lines.
    pub fn iter(&self) -> impl Iterator<Item = Syntax> + '_ {
        self.named.iter().copied()
    }

    /// Puts one more into effect.
    pub fn add(&mut self, syntax: Syntax) {
        if !self.has(syntax) {
            self.named.push(syntax);
            self.named.sort_unstable();
        }
    }

    /// Puts headings of a level and lower ones into effect, unless all are.
    pub fn add_headings(&mut self, least: u8) {
        if !self.has(Syntax::Headings) {
            self.add(Syntax::Headings);
            self.least_heading = least;
        }
    }

    /// The highest level of headings that are notes, 0 for all; `None` where none are.
    pub fn least_heading(&self) -> Option<u8> {
        self.has(Syntax::Headings).then_some(self.least_heading)
    }

    /// Whether this one is in effect.
    pub fn has(&self, syntax: Syntax) -> bool {
        self.named.contains(&syntax)
    }
}

/// The words of a list that stands in a text: `a b`, `a, b`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}
