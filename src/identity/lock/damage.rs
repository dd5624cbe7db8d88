//! Turns what is wrong with a lock's lines into diagnostics.
//!
//! Knows what git leaves behind in a merge that it could not make; not what lines mean.

use std::ops::Range;

use super::NAME;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// What to do about most damages.
const RESTORE: &str = "take the file back from your last commit, for instance by `git checkout -- deckle.lock`";

/// What to do about a merge.
const MERGE: &str = "keep the lines of both sides and take the markers out; with `deckle.lock merge=union` in `.gitattributes` \
                     git does so by itself";

/// Why a first line names no version that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// A version that is not known yet.
    Later,
    /// It is not the first line of a lock.
    NoLock,
}

/// A first line that names no version.
pub(super) fn header(span: Span, found: &str, why: Unreadable) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadLock, span, "not a lock that this version of deckle can read");
    diagnostic.caret(format!("`{NAME} 1` belongs here")).help(match why {
        Unreadable::Later => "a later deckle wrote it: update deckle",
        Unreadable::NoLock if is_marker(found) => MERGE,
        Unreadable::NoLock => RESTORE,
    })
}

/// A diagnostic for each damaged line, and one for each conflict that git left, by place.
pub(super) fn diagnostics(id: SourceId, text: &str, damages: Vec<(Range<usize>, Damage)>) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    // The conflict that is not closed yet; damaged lines may stand in it.
    let mut open: Option<usize> = None;
    for (range, damage) in damages {
        let line = line_at(text, range.start);
        let span = Span::new(id, range);
        if !is_marker(line) {
            diagnostics.push(Diagnostic::new(Code::BadLock, span, damage.what).caret("damaged").help(RESTORE));
            continue;
        }
        let place = open.unwrap_or(diagnostics.len());
        match diagnostics.get_mut(place) {
            // The other markers of the same conflict.
            Some(first) => {
                first.labels.push(crate::diagnostic::Label { span, text: "of the same conflict".to_owned() });
            }
            None => diagnostics
                .push(Diagnostic::new(Code::BadLock, span, "a conflict that git left in the lock").help(MERGE)),
        }
        open = (!line.starts_with(">>>>>>>")).then_some(place);
    }
    diagnostics
}

/// Whether git wrote the line to mark a conflict.
fn is_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    /// Which field; `None` where it is the line.
    pub(super) field: Option<usize>,
    /// What is wrong with it.
    pub(super) what: String,
}

impl Damage {
    /// A line that is wrong as a whole.
    pub(super) fn line(what: &str) -> Self {
        Self { field: None, what: what.to_owned() }
    }

    /// Where it is: the field's bytes, or the line's.
    pub(super) fn place(&self, line: &str, start: usize) -> Range<usize> {
        let whole = start..start + line.len();
        let Some(field) = self.field else { return whole };
        let before: usize = line.split(' ').take(field).map(|field| field.len() + 1).sum();
        let length = line.split(' ').nth(field).map_or(0, str::len);
        start + before..start + before + length
    }

    /// A field that has to be right.
    pub(super) fn unless(right: bool, field: usize, what: &str) -> Result<(), Self> {
        if right { Ok(()) } else { Err(Self { field: Some(field), what: what.to_owned() }) }
    }

    /// A line with too few or too many fields.
    pub(super) fn fields(found: usize, wanted: usize) -> Self {
        Self { field: None, what: format!("{wanted} fields belong here, and there are {found}") }
    }
}
