//! Reads what Obsidian_to_Anki writes beside notes: their ids, and the lines that name a file's deck and tags.
//!
//! Knows lines, not notes. Source: Obsidian_to_Anki 3.6.0, `src/note.ts` and `src/setting-to-data.ts`.

use std::ops::Range;

use crate::config::syntax::words;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{DeckName, Tag};
use crate::source::{SourceId, Span};

/// An id of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id {
    /// As an explicit id.
    pub(super) id: String,
    /// Where it stands, with the comment that holds it.
    pub(super) place: Range<usize>,
}

/// So many digits an id has at most; Anki's are of 64 bits.
const MAX_DIGITS: usize = 19;

/// So many digits the ids have that Anki gives: milliseconds.
pub(super) const DIGITS: usize = 13;

impl Id {
    /// The id that a line, which starts at an offset, holds and nothing else: `<!--ID: 1700000000002-->` or `ID: 1700000000002`.
    pub(super) fn alone(line: &str, at: usize) -> Option<Self> {
        let text = line.trim();
        let start = at + line.len() - line.trim_start().len();
        let digits = match text.strip_prefix("<!--") {
            Some(comment) => comment.strip_suffix("-->")?,
            None => text,
        };
        let digits = digits.trim().strip_prefix("ID: ")?.trim();
        Self::new(digits, start..start + text.len())
    }

    /// The id at the end of a text, which starts at an offset.
    pub(super) fn last(text: &str, at: usize) -> Option<Self> {
        let end = text.trim_end();
        let start = end.rfind("ID: ")?;
        let comment = end.get(..start)?.trim_end().strip_suffix("<!--").filter(|_| end.ends_with("-->"));
        let start = comment.map_or(start, str::len);
        let is_apart = end.get(..start).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t', '\n']));
        Self::alone(end.get(start..)?, at + start).filter(|_| is_apart || comment.is_some())
    }

    fn new(digits: &str, place: Range<usize>) -> Option<Self> {
        let is_number = (1..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| Self { id: format!("o2a-{digits}"), place })
    }

    /// Whether it is as long as those that Anki gives.
    pub(super) fn is_whole(&self) -> bool {
        self.id.len() == "o2a-".len() + DIGITS
    }

    /// It as notes have it.
    pub(super) fn explicit(self, source: SourceId) -> (String, Span) {
        let place = Span::new(source, self.place);
        (self.id, place)
    }
}

/// What stands behind a word that names something of the whole file: behind a colon, or in the next line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileLine<'t> {
    /// It is not the word.
    Other,
    /// In the line itself.
    Here(&'t str),
    /// In the next line.
    Below,
    /// Nothing that is read: it is written otherwise.
    Near,
}

/// What a line says of the whole file that starts with a word for that.
pub(super) fn file_line<'t>(line: &'t str, word: &str) -> FileLine<'t> {
    let Some(rest) = line.strip_prefix(word) else { return FileLine::Other };
    if rest.is_empty() {
        return FileLine::Below;
    }
    if let Some(value) = rest.strip_prefix(": ") {
        return FileLine::Here(value.trim());
    }
    if rest.trim().is_empty() || rest.starts_with(':') { FileLine::Near } else { FileLine::Other }
}

/// The deck that a text at a place names; what is wrong is said.
pub(super) fn deck(id: SourceId, name: &str, place: Range<usize>, said: &mut Vec<Diagnostic>) -> Option<DeckName> {
    let deck = DeckName::new(name);
    if deck.is_none() {
        let message = format!("the deck name {}", DeckName::fault(name));
        let found = Diagnostic::new(Code::BadDeckName, Span::new(id, place), message);
        said.push(found.costing(crate::diagnostic::Cost::Nothing).help("write a name on each side of every `::`"));
    }
    deck
}

/// The tags of a text.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag> + '_ {
    words(text).take(Tag::MOST).filter_map(|tag| Tag::new(&Tag::written(tag)))
}

/// What stands behind `Tags: ` in a line that starts so.
pub(super) fn tag_line(line: &str) -> Option<&str> {
    line.strip_prefix("Tags: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_in_lines_of_their_own() {
        let alone = |line: &str| Id::alone(line, 10).map(|id| (id.id, id.place));
        assert_eq!(alone("<!--ID: 1700000000002-->"), Some(("o2a-1700000000002".into(), 10..34)));
        assert_eq!(alone("  ID: 17 "), Some(("o2a-17".into(), 12..18)));
        for line in ["<!--ID:1700000000002-->", "ID: x", "ID: 1 2", "<!--ID: 1", "ID: 1-->", "the ID: 1", "ID: "] {
            assert_eq!(alone(line), None, "{line}");
        }
        let last = |text: &str| Id::last(text, 0).map(|id| (id.id, text[..id.place.start].to_owned()));
        assert_eq!(last("a ID: 17 "), Some(("o2a-17".into(), "a ".into())));
        assert_eq!(last("a<!--ID: 17-->"), Some(("o2a-17".into(), "a".into())));
        assert_eq!(last("ID: 3 a ID: 17"), Some(("o2a-17".into(), "ID: 3 a ".into())));
        for text in ["a ID: 17 b", "aID: 17", "ID: 17-->", ""] {
            assert_eq!(last(text), None, "{text}");
        }
    }

    #[test]
    fn words_for_the_whole_file_stand_before_a_colon_or_alone() {
        let word = |line| file_line(line, "TARGET DECK");
        assert_eq!(word("TARGET DECK: Tea :: Leaves "), FileLine::Here("Tea :: Leaves"));
        assert_eq!(word("TARGET DECK"), FileLine::Below);
        assert_eq!((word("TARGET DECK:Tea"), word("TARGET DECK ")), (FileLine::Near, FileLine::Near));
        assert_eq!((word(" TARGET DECK: x"), word("TARGET DECKS")), (FileLine::Other, FileLine::Other));
    }
}
