//! Turns a pattern of deletions, such as `==[123;;]answer[;;hint]==`, into its pieces.
//!
//! The language is that of clozecraft 0.4.0 (`src/implementation/ClozePattern.ts`): `answer` stands for the hidden words, the
//! brackets with a number in them for the number, those with `hint` for the hint, which both may be missing in a text. `\[` and
//! `\]` are brackets within brackets. Knows nothing of the texts in which deletions are looked for.

use std::ops::Range;

/// How deletions are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClozePattern {
    pieces: Vec<Piece>,
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// What stands there as it is; never empty.
    Text(String),
    /// The hidden words.
    Answer,
    /// A number, or what each card does with the words: ask, show or hide.
    Number {
        /// What stands before it.
        before: String,
        /// What stands behind it.
        after: String,
    },
    /// What is shown in the place of the words.
    Hint {
        /// What stands before it.
        before: String,
        /// What stands behind it.
        after: String,
    },
}

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternFault {
    /// The word `answer` is not in it.
    Answer,
    /// No brackets have a number in them.
    Number,
    /// No brackets have the word `hint` in them.
    Hint,
    /// Nothing marks where the answer starts, or where it ends.
    Mark,
}

/// Stands for the hidden words.
const ANSWER: &str = "answer";

/// Stands for the hint.
const HINT: &str = "hint";

impl ClozePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A part is missing that each has.
    pub fn read(text: &str) -> Result<Self, PatternFault> {
        let text = text.trim();
        let number =
            brackets(text, |inner| inner.contains(|c: char| c.is_ascii_digit())).ok_or(PatternFault::Number)?;
        let hint = brackets(text, |inner| inner.contains(HINT)).ok_or(PatternFault::Hint)?;
        if number == hint {
            return Err(PatternFault::Hint);
        }
        let is_outside = |at: &usize| !number.contains(at) && !hint.contains(at);
        let answer = text.match_indices(ANSWER).map(|(at, _)| at).find(is_outside).ok_or(PatternFault::Answer)?;
        let mut parts = [
            (answer..answer + ANSWER.len(), Piece::Answer),
            (number.clone(), numbered(text.get(number).unwrap_or_default()).ok_or(PatternFault::Number)?),
            (hint.clone(), hinted(text.get(hint).unwrap_or_default()).ok_or(PatternFault::Hint)?),
        ];
        parts.sort_by_key(|(range, _)| range.start);
        let (mut pieces, mut at) = (Vec::new(), 0);
        for (range, piece) in parts {
            pieces.extend(between(text, at..range.start));
            pieces.push(piece);
            at = range.end;
        }
        pieces.extend(between(text, at..text.len()));
        let is_text = |piece: &Piece| matches!(piece, Piece::Text(_));
        let mut sides = pieces.split(|piece| *piece == Piece::Answer);
        let is_marked = sides.all(|side| side.iter().any(is_text));
        if is_marked { Ok(Self { pieces }) } else { Err(PatternFault::Mark) }
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// `==answer==`, as the plug-in has it by default.
    pub fn highlights() -> Self {
        Self::between("==", "==")
    }

    /// `**answer**`.
    pub fn bold() -> Self {
        Self::between("**", "**")
    }

    /// `{{answer}}`.
    pub fn curly() -> Self {
        Self::between("{{", "}}")
    }

    /// A pattern with these marks, whose number and hint are parted by `;;`.
    fn between(open: &str, close: &str) -> Self {
        let text = |text: &str| Piece::Text(text.to_owned());
        let number = Piece::Number { before: String::new(), after: ";;".to_owned() };
        let hint = Piece::Hint { before: ";;".to_owned(), after: String::new() };
        Self { pieces: vec![text(open), number, Piece::Answer, hint, text(close)] }
    }
}

impl PatternFault {
    /// What a pattern is that has what this one lacks.
    pub fn form(self) -> &'static str {
        match self {
            Self::Answer => "a list of patterns with the word `answer` each, such as `==[123;;]answer[;;hint]==`",
            Self::Number => "a list of patterns with a number in brackets each, such as `==[123;;]answer[;;hint]==`",
            Self::Hint => "a list of patterns with `hint` in brackets each, such as `==[123;;]answer[;;hint]==`",
            Self::Mark => "a list of patterns with marks around `answer` each, such as `==[123;;]answer[;;hint]==`",
        }
    }
}

fn between(text: &str, range: Range<usize>) -> Option<Piece> {
    text.get(range).filter(|text| !text.is_empty()).map(|text| Piece::Text(text.to_owned()))
}

/// The first brackets, with what is in them, that hold something wanted.
fn brackets(text: &str, wanted: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let (mut open, mut is_escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' if !is_escaped && open.is_none() => open = Some(at),
            ']' if !is_escaped => {
                let range = open.take().map(|start| start..at + 1);
                if let Some(range) = range.filter(|range| text.get(range.clone()).is_some_and(&wanted)) {
                    return Some(range);
                }
            }
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

/// The text in brackets, without the backslashes before brackets.
fn inner(brackets: &str) -> String {
    let inner = brackets.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    inner.replace("\\[", "[").replace("\\]", "]")
}

fn numbered(brackets: &str) -> Option<Piece> {
    let inner = inner(brackets);
    let (before, rest) = inner.split_at_checked(inner.find(|c: char| c.is_ascii_digit())?)?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    Some(Piece::Number { before: before.to_owned(), after: after.to_owned() })
}

fn hinted(brackets: &str) -> Option<Piece> {
    let inner = inner(brackets);
    let (before, after) = inner.split_once(HINT)?;
    Some(Piece::Hint { before: before.to_owned(), after: after.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a pattern, each in the form in which it is written.
    fn pieces(text: &str) -> Result<Vec<String>, PatternFault> {
        let show = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Answer => "answer".to_owned(),
            Piece::Number { before, after } => format!("[{before}1{after}]"),
            Piece::Hint { before, after } => format!("[{before}hint{after}]"),
        };
        Ok(ClozePattern::read(text)?.pieces().iter().map(show).collect())
    }

    #[test]
    fn pieces_stand_in_any_order() {
        for (text, expected) in [
            ("==[123;;]answer[;;hint]==", vec!["==", "[1;;]", "answer", "[;;hint]", "=="]),
            (" {{[123::]answer[::hint]}} ", vec!["{{", "[1::]", "answer", "[::hint]", "}}"]),
            ("{{[c1::]answer[::hint]}}", vec!["{{", "[c1::]", "answer", "[::hint]", "}}"]),
            (r"==answer==[^\[hint\]][\[^123\]]", vec!["==", "answer", "==", "[^[hint]]", "[[^1]]"]),
            ("<[hint:]answer[1]>", vec!["<", "[hint:]", "answer", "[1]", ">"]),
            ("[[x]][1]answer[hint]!", vec!["[[x]]", "[1]", "answer", "[hint]", "!"]),
            ("«[1.]answer[ (hint)]»", vec!["«", "[1.]", "answer", "[ (hint)]", "»"]),
        ] {
            assert_eq!(pieces(text), Ok(expected.iter().map(|piece| (*piece).to_owned()).collect()), "{text}");
        }
    }

    #[test]
    fn what_lacks_a_part_is_none() {
        for (text, fault) in [
            ("==answer[;;hint]==", PatternFault::Number),
            ("==[123;;]answer==", PatternFault::Hint),
            ("==[1 hint]answer==", PatternFault::Hint),
            ("==[123;;][;;hint]==", PatternFault::Answer),
            ("[123;;]answer[;;hint]==", PatternFault::Mark),
            ("==[123;;]answer[;;hint]", PatternFault::Mark),
            ("", PatternFault::Number),
            ("[[[[", PatternFault::Number),
            ("]]\\", PatternFault::Number),
        ] {
            assert_eq!(pieces(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn known_patterns_are_those_that_the_plug_in_writes() {
        for (known, text) in [
            (ClozePattern::highlights(), "==[123;;]answer[;;hint]=="),
            (ClozePattern::bold(), "**[123;;]answer[;;hint]**"),
            (ClozePattern::curly(), "{{[123;;]answer[;;hint]}}"),
        ] {
            assert_eq!(Ok(known), ClozePattern::read(text));
        }
    }
}
