//! Turns a text and edits of it, round by round, into the text that comes of them, and what that changed of the first one.
//!
//! Knows neither files nor why they are edited.

use std::ops::Range;

/// A text that is edited again and again.
#[derive(Debug, Clone)]
pub struct Patched {
    /// As it was.
    pub original: String,
    /// As it is.
    pub text: String,
    pieces: Vec<Piece>,
    /// Where in the text each of them starts.
    starts: Vec<usize>,
}

/// What the text is made of.
#[derive(Debug, Clone)]
enum Piece {
    /// These bytes of the original. They ascend, for nothing is moved.
    Kept(Range<usize>),
    /// What was put there.
    New(String),
}

/// What was put in the place of some bytes of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which bytes of the original; empty for an insertion.
    pub range: Range<usize>,
    /// What stands there.
    pub text: String,
}

impl Piece {
    fn text<'a>(&'a self, original: &'a str) -> &'a str {
        match self {
            Self::Kept(range) => original.get(range.clone()).unwrap_or_default(),
            Self::New(text) => text,
        }
    }

    /// The bytes `range` of the piece.
    fn part(&self, range: Range<usize>) -> Self {
        match self {
            Self::Kept(kept) => Self::Kept(kept.start + range.start..kept.start + range.end),
            Self::New(text) => Self::New(text.get(range).unwrap_or_default().to_owned()),
        }
    }
}

impl Patched {
    /// Nothing is changed yet.
    pub fn new(original: String) -> Self {
        Self { text: original.clone(), pieces: vec![Piece::Kept(0..original.len())], starts: vec![0], original }
    }

    /// Takes in edits of the text as it is. They ascend and are apart; of two at one place the first is an insertion.
    pub fn apply(&mut self, edits: &[Change]) {
        let mut pieces = Vec::with_capacity(self.pieces.len() + 2 * edits.len());
        let mut edits = edits.iter().peekable();
        // Up to where the text is replaced by what was put in before.
        let (mut start, mut replaced) = (0, 0);
        for piece in &self.pieces {
            let end = start + piece.text(&self.original).len();
            let mut from = start.max(replaced.min(end));
            while let Some(edit) = edits.next_if(|edit| edit.range.start < end) {
                push(&mut pieces, piece.part(from - start..edit.range.start.max(from) - start));
                push(&mut pieces, Piece::New(edit.text.clone()));
                replaced = edit.range.end;
                from = replaced.min(end);
            }
            push(&mut pieces, piece.part(from - start..end - start));
            start = end;
        }
        edits.for_each(|edit| push(&mut pieces, Piece::New(edit.text.clone())));
        self.pieces = pieces;
        self.text.clear();
        self.starts.clear();
        for piece in &self.pieces {
            self.starts.push(self.text.len());
            self.text.push_str(piece.text(&self.original));
        }
    }

    /// Where a byte of the text was in the original; of what was put in, where that stands.
    pub fn origin(&self, offset: usize) -> usize {
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or_default();
        // What was put in stands behind a piece that was kept, or at the start.
        match (self.pieces.get(index), index.checked_sub(1).and_then(|before| self.pieces.get(before))) {
            (Some(Piece::Kept(kept)), _) => (kept.start + (offset - start)).min(kept.end),
            (Some(Piece::New(_)), Some(Piece::Kept(before))) => before.end,
            (Some(Piece::New(_)), Some(Piece::New(_)) | None) | (None, _) => 0,
        }
    }

    /// What ends the original's first line.
    pub fn line_end(&self) -> &'static str {
        match self.original.find(['\r', '\n']).and_then(|at| self.original.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            Some(_) | None => "\n",
        }
    }

    /// All that is not as it was, in the original's order.
    pub fn changes(&self) -> Vec<Change> {
        let (mut changes, mut at, mut text) = (Vec::new(), 0, String::new());
        for piece in &self.pieces {
            match piece {
                Piece::New(new) => text.push_str(new),
                Piece::Kept(kept) => {
                    changes.extend(self.change(at..kept.start, &std::mem::take(&mut text)));
                    at = kept.end;
                }
            }
        }
        changes.extend(self.change(at..self.original.len(), &text));
        changes
    }

    /// The change without what is equal at its ends; `None` where nothing is left.
    fn change(&self, range: Range<usize>, text: &str) -> Option<Change> {
        let old = self.original.get(range.clone()).unwrap_or_default();
        let same = |old: &mut dyn Iterator<Item = char>, new: &mut dyn Iterator<Item = char>| {
            old.zip(new).take_while(|(old, new)| old == new).map(|(c, _)| c.len_utf8()).sum::<usize>()
        };
        let before = same(&mut old.chars(), &mut text.chars());
        let (rest, new) = (old.get(before..)?, text.get(before..)?);
        let behind = same(&mut rest.chars().rev(), &mut new.chars().rev());
        let change =
            Change { range: range.start + before..range.end - behind, text: new.get(..new.len() - behind)?.to_owned() };
        (!change.range.is_empty() || !change.text.is_empty()).then_some(change)
    }
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (_, Piece::Kept(range)) if range.is_empty() => {}
        (_, Piece::New(text)) if text.is_empty() => {}
        (Some(Piece::Kept(before)), Piece::Kept(range)) if before.end == range.start => before.end = range.end,
        (Some(Piece::New(before)), Piece::New(text)) => before.push_str(&text),
        (_, piece) => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(range: Range<usize>, text: &str) -> Change {
        Change { range, text: text.to_owned() }
    }

    #[test]
    fn rounds_of_edits_are_one_change_of_the_original() {
        let mut patched = Patched::new("abcdef".into());
        patched.apply(&[edit(1..2, "XY"), edit(4..4, "-"), edit(6..6, "!")]);
        assert_eq!(patched.text, "aXYcd-ef!");
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at| patched.origin(at)), [0, 1, 1, 2, 3, 4, 4, 5, 6]);
        patched.apply(&[edit(2..4, "")]);
        assert_eq!(patched.text, "aXd-ef!");
        assert_eq!(patched.changes(), [edit(1..3, "X"), edit(4..4, "-"), edit(6..6, "!")]);
        patched.apply(&[edit(1..2, "bc"), edit(3..4, ""), edit(6..7, "")]);
        assert_eq!((patched.text.as_str(), patched.changes()), ("abcdef", Vec::new()));
    }

    proptest! {
        /// Edits that ascend, in several rounds: the text is what plain replacing gives, and the changes give it as well.
        #[test]
        fn changes_lead_from_the_original_to_the_text(
            text in "[aä\n]{0,30}",
            rounds in prop::collection::vec(prop::collection::vec((0..9_usize, 0..4_usize, "[bü]{0,3}"), 0..5), 0..4),
        ) {
            let mut patched = Patched::new(text.clone());
            for round in rounds {
                let (mut edits, mut at, mut plain) = (Vec::new(), 0, String::new());
                for (gap, length, new) in round {
                    let before = patched.text.clone();
                    let start = before.ceil_char_boundary((at + 1 + gap).min(before.len()));
                    let end = before.ceil_char_boundary((start + length).min(before.len()));
                    if start < at + 1 || start == before.len() {
                        break;
                    }
                    plain += before.get(at..start).unwrap();
                    plain += &new;
                    at = end;
                    edits.push(edit(start..end, &new));
                }
                plain += patched.text.get(at..).unwrap();
                patched.apply(&edits);
                prop_assert_eq!(&patched.text, &plain);
            }
            let mut again = text;
            for change in patched.changes().iter().rev() {
                again.replace_range(change.range.clone(), &change.text);
            }
            prop_assert_eq!(again, patched.text);
        }
    }
}
