//! Turns the inside of attributes into words: `.class`, `#id`, `key=value`, each with its place.
//!
//! White space beside `=`, behind the comma of a list and behind a mark parts no words, and characters that nobody sees are not
//! in them. Knows what the keys and classes are called, not what they mean.

use std::borrow::Cow;
use std::ops::Range;

use super::{CLASSES, KEYS};
use crate::text::hidden;

/// A word of attributes.
pub(super) struct Word<'a> {
    /// Without white space that parts nothing, and without what nobody sees.
    pub text: Cow<'a, str>,
    /// Where it is written, in the source.
    pub range: Range<usize>,
}

/// Splits at white space outside quotes, and at a comma between two that start with `.` or `#`.
pub(super) fn words(text: &str, start: usize) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    for Range { start: from, end } in split(text) {
        let piece = visible(&text[from..end]);
        let range = start + from..start + end;
        match words.last_mut() {
            Some(last) if goes_on(&last.text, &piece) => {
                last.text.to_mut().push_str(&piece);
                last.range.end = range.end;
            }
            Some(_) | None => words.push(Word { text: piece, range }),
        }
    }
    for word in &mut words {
        let kept = word.text.trim_end_matches(',').len();
        let dropped = word.text.len() - kept;
        match &mut word.text {
            Cow::Borrowed(text) => {
                *text = &text[..kept];
                word.range.end -= dropped;
            }
            Cow::Owned(text) => text.truncate(kept),
        }
    }
    words.retain(|word| !word.text.is_empty());
    words
}

/// Where pieces between white space are.
fn split(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut begun: Option<usize> = None;
    let mut quote: Option<char> = None;
    let mut last = ' ';
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let was_quoted = quote.is_some();
        match quote {
            Some(close) if close == c => quote = None,
            // An apostrophe opens nothing within a word.
            None if c == '"' || matches!(last, '=' | '#') => quote = closing(c),
            Some(_) | None => {}
        }
        let ends = (c.is_whitespace() && !was_quoted) || at == text.len();
        let is_mark = |at: usize| text[at..].starts_with(['.', '#']);
        let parts = last == ',' && !was_quoted && is_mark(at) && begun.is_some_and(is_mark);
        last = c;
        match begun {
            Some(from) if ends || parts => {
                pieces.push(from..at);
                begun = parts.then_some(at);
            }
            None if !c.is_whitespace() && at < text.len() => begun = Some(at),
            Some(_) | None => {}
        }
    }
    pieces
}

/// Whether a piece is a part of the word before it, for all the white space between.
fn goes_on(word: &str, piece: &str) -> bool {
    let is_key = |text: &str| KEYS.contains(&text);
    if let Some((key, value)) = word.split_once('=') {
        let is_list = matches!(key, "tags" | "tag") && (value.ends_with(',') || piece.starts_with(','));
        let is_plain = !piece.starts_with(['.', '#']) && !piece.contains('=');
        return is_plain && (is_list || (value.is_empty() && is_key(key)));
    }
    let is_class = || CLASSES.iter().any(|(name, _)| *name == piece.trim_end_matches(','));
    (is_key(word) && piece.starts_with('=')) || (word == "." && is_class())
}

/// A piece without characters that nobody sees.
fn visible(piece: &str) -> Cow<'_, str> {
    if !piece.contains(is_unseen) {
        return piece.into();
    }
    piece.chars().filter(|c| !is_unseen(*c)).collect::<String>().into()
}

/// Whether a character is nothing to be seen: it has no width, and parts no words.
pub(in crate::markdown) fn is_unseen(character: char) -> bool {
    !character.is_whitespace() && hidden::is_blank(character.encode_utf8(&mut [0; 4]))
}

/// What may stand around a value, and what closes it.
const QUOTES: [(char, char); 11] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('„', '“'),
    ('”', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('»', '«'),
    ('「', '」'),
    ('[', ']'),
    ('(', ')'),
];

fn closing(open: char) -> Option<char> {
    QUOTES.iter().find(|(known, _)| *known == open).map(|(_, close)| *close)
}

/// What stands between quotes or brackets, if something does.
pub(super) fn unquoted(text: &str) -> &str {
    let quoted = QUOTES.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    quoted.unwrap_or(text)
}

/// Signs that stand before or behind a value where a quote is left alone.
pub(super) const QUOTE_MARKS: &[char] = &['"', '“', '”', '„', '«', '»', '「', '」'];

/// Whether a value has a quote at one of its ends alone.
pub(super) fn half_quoted(text: &str) -> bool {
    text.starts_with(QUOTE_MARKS) || text.ends_with(QUOTE_MARKS)
}
