//! Says what is nearly a card, and what may not be meant as the card that it is.
//!
//! Many of one kind are said once: a vault may have thousands.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// What is nearly a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) kind: Kind,
    /// The line that it starts in, by its index.
    pub(super) line: usize,
    /// What is said of.
    pub(super) place: Range<usize>,
}

/// Why something is nearly a card, or may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A separator with nothing above it.
    NothingAbove,
    /// A separator with nothing below it.
    NothingBelow,
    /// A separator in a line with nothing on one side.
    EmptySide,
    /// A field of Dataview's.
    Field,
    /// A line with several separators that may be paths.
    Several,
    /// A card whose separator may be a path's.
    Path,
    /// A separator within an answer that goes over empty lines.
    MissingEnd,
}

impl Kind {
    pub(super) const ALL: [Self; 7] = [
        Self::NothingAbove,
        Self::NothingBelow,
        Self::EmptySide,
        Self::Field,
        Self::Several,
        Self::Path,
        Self::MissingEnd,
    ];

    /// How many of the kind are said one by one.
    fn said_alone(self) -> usize {
        if self == Self::Field { 1 } else { 5 }
    }

    /// What is said of one, what of several, and what mends it.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::NothingAbove => [
                "a separator with nothing above it",
                "separators with nothing above them",
                "the question stands right above, without an empty line between",
            ],
            Self::NothingBelow => [
                "a separator with nothing below it",
                "separators with nothing below them",
                "the answer stands right below, without an empty line between",
            ],
            Self::EmptySide => [
                "a separator with nothing on one side",
                "separators with nothing on one side",
                "write the question before it and the answer behind it, in its line",
            ],
            Self::Field => [
                "a field of Dataview's is no card",
                "fields of Dataview's are no cards",
                "with a blank before the separator it is a card",
            ],
            Self::Several => [
                "`::` stands in this line several times, and may be a path's",
                "lines with `::` several times, which may be a path's, are no cards",
                "write blanks around the one that parts question and answer, and paths between backticks",
            ],
            Self::Path => [
                "this card may be meant as a path",
                "cards may be meant as paths",
                "write a path between backticks; with blanks around the separator it is a card for sure",
            ],
            Self::MissingEnd => [
                "a second separator in one card: is the line that ends the first one missing?",
                "second separators in one card: are the lines missing that end the first ones?",
                "write the line between the two cards",
            ],
        }
    }
}

/// What is said of all that is nearly a card and of one kind, in the order of their places; each with how many of `near` it
/// stands for.
pub(super) fn say(id: SourceId, near: &[&Near]) -> Vec<Diagnostic> {
    let Some(first) = near.first() else { return Vec::new() };
    let [one, several, help] = first.kind.words();
    let said = |near: &Near, message: String| {
        Diagnostic::new(Code::NearCard, Span::new(id, near.place.clone()), message).help(help)
    };
    if near.len() > first.kind.said_alone() {
        let diagnostic = said(first, format!("{} {several}", near.len()));
        return vec![diagnostic.caret("the first of them")];
    }
    near.iter().map(|near| said(near, one.to_owned())).collect()
}
