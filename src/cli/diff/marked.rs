//! Turns two texts into one in which is marked what only one of them has.
//!
//! Knows no form of marks.

use crate::text::visible::visible;
use crate::text::words::{Word, differing, words};

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which of the texts has it.
    pub(super) of: Of,
    /// Its words.
    pub(super) text: String,
    /// Whether a space stands before it.
    pub(super) is_apart: bool,
}

/// Which of two texts has a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Both,
    Old,
    New,
}

/// What of two fields can be read, in one; `None` where that is the same, and only their markup differs.
pub(super) fn fields(old: &str, new: &str) -> Option<Vec<Piece>> {
    let (old, new) = (visible(old), visible(new));
    (old != new).then(|| texts(&old, &new))
}

/// Two texts in one.
pub(super) fn texts(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (words(old), words(new));
    let [only_old, only_new] = differing(&old, &new);
    let (mut olds, mut news) = (old.iter().zip(only_old).peekable(), new.iter().zip(only_new).peekable());
    let mut pieces = Vec::new();
    loop {
        if let Some((word, _)) = olds.next_if(|(_, is_only)| *is_only) {
            push(word, Of::Old, &mut pieces);
        } else if let Some((word, _)) = news.next_if(|(_, is_only)| *is_only) {
            push(word, Of::New, &mut pieces);
        } else if let (Some(_), Some((word, _))) = (olds.next(), news.next()) {
            push(word, Of::Both, &mut pieces);
        } else {
            return pieces;
        }
    }
}

fn push(word: &Word<'_>, of: Of, pieces: &mut Vec<Piece>) {
    match pieces.last_mut().filter(|last| last.of == of) {
        Some(last) => {
            last.text.push_str(if word.is_apart { " " } else { "" });
            last.text.push_str(word.text);
        }
        None => {
            pieces.push(Piece { of, text: word.text.to_owned(), is_apart: word.is_apart && !pieces.is_empty() });
        }
    }
}

/// What stands around what only the old text has, and around what only the new one has.
pub(super) type Marks = [[&'static str; 2]; 2];

/// Marks of HTML, and of Markdown, where `**` within a word of other letters is none.
pub(super) const ELEMENTS: Marks = [["<del>", "</del>"], ["<ins>", "</ins>"]];

/// The text with marks; what it says is `escaped`.
pub(super) fn with_marks(pieces: &[Piece], marks: &Marks, escaped: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for Piece { of, text: piece, is_apart } in pieces {
        if *is_apart {
            text.push(' ');
        }
        let [start, end] = match of {
            Of::Both => ["", ""],
            Of::Old => marks[0],
            Of::New => marks[1],
        };
        text.push_str(start);
        text.push_str(&escaped(piece));
        text.push_str(end);
    }
    text
}

/// Tags that are only old and only new, with marks.
pub(super) fn tags_with([missing, more]: &[Vec<&str>; 2], marks: &Marks, escaped: impl Fn(&str) -> String) -> String {
    let marked = |tags: &[&str], [start, end]: [&str; 2]| -> Vec<String> {
        tags.iter().map(|tag| format!("{start}{}{end}", escaped(tag))).collect()
    };
    [marked(missing, marks[0]), marked(more, marks[1])].concat().join(" ")
}

/// So many characters of what did not change are shown at each side of what did.
const CONTEXT: usize = 40;

/// The pieces with long ones that did not change cut short.
pub(super) fn shortened(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter_mut().enumerate().filter(|(_, piece)| piece.of == Of::Both) {
        let characters = piece.text.chars().count();
        let start = if at == 0 { 0 } else { CONTEXT };
        let end = if at == last { 0 } else { CONTEXT };
        if characters > start + end + CONTEXT / 4 {
            let head: String = piece.text.chars().take(start).collect();
            let tail: String = piece.text.chars().skip(characters - end).collect();
            piece.text = format!("{head}…{tail}");
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        with_marks(pieces, &[["-", "-"], ["+", "+"]], str::to_owned)
    }

    #[test]
    fn words_that_one_text_lacks_are_marked() {
        for (old, new, expected) in [
            ("a b c", "a x y c", "a -b- +x y+ c"),
            ("", "a b", "+a b+"),
            ("a b", "", "-a b-"),
            ("a", "a b", "a +b+"),
            ("日本語", "日英語", "日-本-+英+語"),
        ] {
            assert_eq!(shown(&texts(old, new)), expected);
        }
        assert_eq!(fields("<b>a</b>", "<i>a</i>"), None);
    }

    #[test]
    fn what_did_not_change_is_cut_short() {
        let long = "word ".repeat(60);
        let text = shown(&shortened(texts(&format!("{long}old {long}"), &format!("{long}new {long}"))));
        assert!(text.starts_with('…') && text.ends_with('…') && text.contains("-old- +new+"), "{text}");
        assert!(text.chars().count() < 110, "{text}");
        assert_eq!(shown(&shortened(texts("a b c", "a b d"))), "a b -c- +d+");
    }
}
