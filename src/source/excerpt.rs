//! Turns pieces of a source into a text of its own, and places in that text back into places in the source.
//!
//! Knows nothing of what is written.

use std::ops::Range;

use super::{Source, Span};

/// A text made of pieces of a source, one behind the other, with other text between them where that is put there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    /// Ascending in the text.
    pieces: Vec<Piece>,
    /// Whether one of them stands in the source before the one that it is behind in the text.
    is_shuffled: bool,
}

/// Bytes that stand in the text and in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Offset in the text.
    start: usize,
    /// Offset in the source.
    place: usize,
    length: usize,
}

impl Excerpt {
    /// Puts the bytes `range` of the source at the end. Pieces ascend.
    pub fn push(&mut self, source: &Source, range: Range<usize>) {
        let text = source.text.get(range.clone()).unwrap_or_default();
        let joins = self
            .pieces
            .last_mut()
            .filter(|last| last.start + last.length == self.text.len() && last.place + last.length == range.start);
        match joins {
            Some(last) => last.length += text.len(),
            None if text.is_empty() => {}
            None => self.add(Piece { start: self.text.len(), place: range.start, length: text.len() }),
        }
        self.text.push_str(text);
    }

    /// Puts a text at the end that is not in the source. Its place is the end of the piece before it.
    pub fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Puts the bytes `range` of another one's text at the end, with their places. Pieces ascend no more where it stands before.
    pub fn append(&mut self, other: &Self, range: Range<usize>) {
        let shift = self.text.len();
        for piece in &other.pieces {
            let (from, to) = (piece.start.max(range.start), (piece.start + piece.length).min(range.end));
            if from < to {
                let (start, place) = (shift + from - range.start, piece.place + from - piece.start);
                self.add(Piece { start, place, length: to - from });
            }
        }
        self.text.push_str(other.text.get(range).unwrap_or_default());
    }

    fn add(&mut self, piece: Piece) {
        self.is_shuffled |= self.pieces.last().is_some_and(|last| piece.place < last.place + last.length);
        self.pieces.push(piece);
    }

    /// The offset in the text of a byte of the source, or of the byte behind those that are there; `None` where it is not there.
    pub fn find(&self, place: usize) -> Option<usize> {
        let holds = |piece: &&Piece| (piece.place..=piece.place + piece.length).contains(&place);
        let piece = if self.is_shuffled {
            let of_start = self.pieces.iter().find(|piece| piece.place == place);
            of_start.or_else(|| self.pieces.iter().find(holds))
        } else {
            let behind = self.pieces.partition_point(|piece| piece.place <= place);
            self.pieces.get(behind.checked_sub(1)?).filter(holds)
        }?;
        Some(piece.start + place - piece.place)
    }

    /// From which offset on to which one text stands around some bytes that is not in the source.
    pub fn around(&self, range: Range<usize>) -> Range<usize> {
        let last_before = |at: usize| {
            let behind = self.pieces.partition_point(|piece| piece.start < at);
            (behind.checked_sub(1).and_then(|index| self.pieces.get(index)), self.pieces.get(behind))
        };
        let end_of = |piece: &Piece| piece.start + piece.length;
        let start = last_before(range.start).0.map_or(0, |piece| end_of(piece).min(range.start));
        let end = match last_before(range.end) {
            (Some(piece), _) if end_of(piece) > range.end => range.end,
            (_, next) => next.map_or(self.text.len(), |piece| piece.start),
        };
        start..end
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text as a source with the name of another one.
    pub fn to_source(&self, source: &Source) -> Source {
        Source { path: source.path.clone(), text: self.text.clone() }
    }

    /// The place in the source of a place in the text: from its first byte that is there to its last one.
    pub fn place(&self, span: Span) -> Span {
        let Range { start, end } = span.range();
        let start = self.offset(start, false);
        span.with(start..if span.end > span.start { self.offset(end - 1, true).max(start) } else { start })
    }

    /// The offset in the source of a byte of the text, or of the byte behind it. For a byte that is not there, the next one's,
    /// or the end of those before it.
    fn offset(&self, at: usize, behind: bool) -> usize {
        let index = self.pieces.partition_point(|piece| piece.start <= at);
        let piece = index.checked_sub(1).and_then(|index| self.pieces.get(index));
        match piece {
            Some(piece) if at < piece.start + piece.length => piece.place + (at - piece.start) + usize::from(behind),
            Some(piece) if behind => piece.place + piece.length,
            before => match self.pieces.get(index) {
                Some(next) => next.place,
                None => before.map_or(0, |piece| piece.place + piece.length),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SourceId;
    use super::*;

    #[test]
    fn places_lead_back_to_the_source() {
        let source = Source { path: "a.md".into(), text: "0123456789".into() };
        let mut excerpt = Excerpt::default();
        excerpt.push(&source, 1..3);
        excerpt.push(&source, 3..4);
        excerpt.put("ab");
        excerpt.push(&source, 6..9);
        assert_eq!((excerpt.text(), excerpt.pieces.len()), ("123ab678", 2));
        let place = |range: Range<usize>| excerpt.place(Span::new(SourceId(0), range)).range();
        assert_eq!(place(0..8), 1..9);
        assert_eq!(place(0..3), 1..4);
        assert_eq!(place(3..5), 6..6, "what is not there lies between the pieces");
        assert_eq!(place(1..4), 2..4);
        assert_eq!(place(4..6), 6..7);
        assert_eq!(place(8..8), 9..9);
        assert_eq!(place(5..5), 6..6);
        assert_eq!(Excerpt::default().place(Span::new(SourceId(0), 0..3)).range(), 0..0);
        assert_eq!(
            [1, 3, 4, 5, 6, 9, 10].map(|place| excerpt.find(place)),
            [Some(0), Some(2), Some(3), None, Some(5), Some(8), None]
        );
        assert_eq!(
            [0..3, 1..2, 3..3, 3..5, 5..6, 5..8].map(|range| excerpt.around(range)),
            [0..5, 1..2, 3..5, 3..5, 3..6, 3..8],
            "what stands around them is put there"
        );
        let mut part = Excerpt::default();
        part.put("-");
        part.append(&excerpt, 2..7);
        assert_eq!((part.text(), part.find(3), part.find(7)), ("-3ab67", Some(1), Some(5)));
        part.append(&excerpt, 0..2);
        assert_eq!((part.text(), part.is_shuffled), ("-3ab6712", true));
        assert_eq!([1, 3, 4, 7].map(|place| part.find(place)), [Some(6), Some(1), Some(2), Some(5)]);
    }
}
