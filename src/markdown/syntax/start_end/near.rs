//! What is nearly a note: which line it is, and why it is none.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::source::{SourceId, Span};

/// Something that is nearly a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
    /// What to write in its place.
    pub(super) edit: Option<String>,
    /// How many more there are of its kind.
    more: usize,
}

/// Why something is no note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Nothing ends it.
    NoEnd,
    /// Nothing begins it.
    NoBegin,
    /// The line that would begin it is written otherwise.
    Begin,
    /// Nothing stands between the lines that begin and end it.
    Empty,
    /// Its note type stands behind an empty line; it is a note.
    LateType,
    /// Nothing ends it in its line.
    NoInlineEnd,
    /// Nothing begins it in its line.
    NoInlineBegin,
    /// It names no note type in its line.
    NoInlineType,
    /// A line for the whole file is written otherwise.
    FileLine,
    /// Tags or an id stand within a note and not at its end; it is one.
    Stray,
    /// Properties that look like front and back.
    Property,
    /// Dashes with nothing below them.
    Bare,
    /// An id that no note has.
    Id,
    /// An id above its note, as inka2 writes it.
    Inka,
}

/// So many of a kind are said one by one.
const MOST: usize = 5;

impl Near {
    pub(super) fn new(kind: Kind, place: Range<usize>) -> Self {
        Self { kind, place, edit: None, more: 0 }
    }

    pub(super) fn edit(kind: Kind, place: Range<usize>, edit: &str) -> Self {
        Self { edit: Some(edit.to_owned()), ..Self::new(kind, place) }
    }

    /// It as it is said.
    pub(super) fn diagnostic(self, source: SourceId) -> Diagnostic {
        let (message, help) = self.kind.texts();
        let others = match self.more {
            0 => String::new(),
            1 => ", and one more in this file".to_owned(),
            more => format!(", and {more} more in this file"),
        };
        let span = Span::new(source, self.place);
        let found = Diagnostic::new(Code::NearCard, span, format!("{message}{others}")).help(help);
        match self.edit {
            Some(edit) => found.edit(span, edit),
            None => found,
        }
    }
}

impl Kind {
    /// Whether one of a file is enough.
    fn is_said_once(self) -> bool {
        matches!(self, Self::Property | Self::Id | Self::Inka)
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NoEnd => {
                ("a note begins here and nothing ends it", "write the line that ends it below its last field")
            }
            Self::NoBegin => {
                ("nothing begins the note that ends here", "write the line that begins it above its note type")
            }
            Self::Begin => (
                "this line nearly begins a note, and is read as text",
                "write the word alone in its line, as the settings have it",
            ),
            Self::Empty => {
                ("a note with nothing in it", "write its note type below this line, and its fields below that")
            }
            Self::LateType => ("an empty line before the note type", "take it out"),
            Self::NoInlineEnd => (
                "a note begins here and nothing ends it in its line",
                "write the word that ends it behind the note, in the same line",
            ),
            Self::NoInlineBegin => (
                "nothing begins the note that ends here",
                "write the word that begins it before the note, in the same line",
            ),
            Self::NoInlineType => (
                "a note without a note type is read as text",
                "write the type in brackets behind the word that begins it, such as `[Basic]`",
            ),
            Self::FileLine => (
                "this line nearly says something of the whole file, and is read as text",
                "write a colon and a blank behind the word, or its value alone in the next line",
            ),
            Self::Stray => {
                ("tags and ids stand at the end of a note", "move it down: the tags above the id, and the id last")
            }
            Self::Property => (
                "properties are no notes",
                "write a blank before the colons of a note; those that have an id below them are notes as they are",
            ),
            Self::Bare => {
                ("dashes with nothing right below them make no note", "write the back in the line below them")
            }
            Self::Id => (
                "an id below what is read as text",
                "`syntax-options: {start-end: {style: …}}` says which shapes outside of blocks are notes",
            ),
            Self::Inka => (
                "an id above what it names, as inka2 writes it, is not read",
                "write the note as a block between `START` and `END`, with the id as its last line",
            ),
        }
    }
}

/// Those that are said: of many of a kind the first, with how many there are.
pub(super) fn reported(near: Vec<Near>) -> Vec<Near> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for Near { kind, .. } in &near {
        *counts.entry(*kind).or_default() += 1;
    }
    let mut said = Vec::new();
    for mut near in near {
        let Some(count) = counts.get_mut(&near.kind) else { continue };
        let most = if near.kind.is_said_once() { 1 } else { MOST };
        if *count > most {
            near.more = std::mem::take(count) - 1;
        } else if *count == 0 {
            continue;
        }
        said.push(near);
    }
    said
}

/// Says of many notes that are none for one reason, among the diagnostics behind the first `known` ones, the first, with how many
/// there are.
pub(super) fn count(diagnostics: &mut Vec<Diagnostic>, known: usize) {
    let is_one = |found: &Diagnostic| found.code == Code::NearCard && found.cost == Cost::Note;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for found in diagnostics.iter().skip(known).filter(|found| is_one(found)) {
        *counts.entry(found.message.clone()).or_default() += 1;
    }
    counts.retain(|_, count| *count > MOST);
    if counts.is_empty() {
        return;
    }
    let mut index = 0;
    diagnostics.retain_mut(|found| {
        index += 1;
        let count = counts.get_mut(&found.message).filter(|_| index > known && is_one(found));
        let Some(count) = count else { return true };
        let more = std::mem::take(count).saturating_sub(1);
        found.message = format!("{}, and {more} more in this file", found.message);
        more > 0
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_of_a_kind_the_first_is_said() {
        let near = |kind, count: usize| (0..count).map(move |at| Near::new(kind, at..at + 1));
        let said = |near: Vec<Near>| {
            reported(near).into_iter().map(|near| (near.kind, near.place.start, near.more)).collect::<Vec<_>>()
        };
        assert_eq!(said(near(Kind::NoEnd, 5).collect()).len(), 5);
        let many = near(Kind::NoEnd, 6).chain(near(Kind::Property, 2)).chain(near(Kind::Bare, 1));
        assert_eq!(said(many.collect()), [(Kind::NoEnd, 0, 5), (Kind::Property, 0, 1), (Kind::Bare, 0, 0)]);
    }
}
