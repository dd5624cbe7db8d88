//! Where `==` opens and closes a mark, and what is said of those that do neither.

use crate::anki::limits::MAX_CLOZE_NUMBER;
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{Inline, InlineKind};
use crate::source::Span;

/// Whether a `==` between these characters can open a mark, and whether it can close one.
///
/// It opens before and closes behind something that is not white space, and never inside an ASCII word, so that
/// `a == b and c == d` and `a==b` stay text. Scripts without spaces between words may mark anywhere.
pub(super) fn flanking(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let touches = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '=');
    let (left, right) = (touches(before), touches(after));
    (right && !in_word(before) && after != Some('='), left && !in_word(after) && before != Some('='))
}

/// Whether a `==` between these characters stands in a word, where it marks a part of it: `milit==um==`.
pub(super) fn in_word(before: Option<char>, after: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    is_word(before) && is_word(after)
}

/// Whether a text goes on to another `==` without white space between.
pub(super) fn closes_in_word(behind: &str) -> bool {
    let end = behind.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(behind.len());
    end > 0 && behind[end..].starts_with("==")
}

/// Whether content is a part of a word.
pub(super) fn is_word(content: &[Inline]) -> bool {
    content.iter().all(|inline| inline.kind.as_text().is_some_and(|text| !text.contains(char::is_whitespace)))
}

/// Takes the number off that some write into a mark, with the hint behind the text: `==c1::x==`, `==1;;x;;hint==`.
pub(super) fn numbered(content: &mut Vec<Inline>) -> Option<(u16, Option<String>)> {
    let text = content.first()?.kind.as_text()?;
    let (c, sign) = if text.starts_with('c') { (1, "::") } else { (0, ";;") };
    let digits = text[c..].bytes().take_while(u8::is_ascii_digit).count();
    let number = text[c..c + digits].parse().ok().filter(|number| (1..=MAX_CLOZE_NUMBER).contains(number))?;
    let behind = text[c + digits..].strip_prefix(sign).filter(|behind| !behind.is_empty() || content.len() > 1)?;
    let length = text.len() - behind.len();
    if let Some(Inline { span, kind: InlineKind::Text { text } }) = content.first_mut() {
        text.drain(..length);
        span.start += length as u32;
    }
    content.retain(|inline| inline.kind.as_text() != Some(""));
    let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut() else {
        return Some((number, None));
    };
    let hint = text.rfind(sign).filter(|at| *at > 0).map(|at| text.split_off(at));
    span.end -= hint.as_deref().map_or(0, str::len) as u32;
    Some((number, hint.map(|hint| hint[sign.len()..].trim().to_owned()).filter(|hint| !hint.is_empty())))
}

/// A `==` that is text in a note whose marks are deletions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) span: Span,
    pub(super) side: Side,
    /// Which text it stands in.
    pub(super) parent: usize,
}

/// Which side of a mark a `==` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Text follows it.
    Start,
    /// Text stands before it.
    End,
    /// White space is on both sides: an operator, or a side of a mark with space inside.
    Spaced,
    /// White space is before it, and nothing behind it that it could compare.
    Edge,
}

/// Says which marks were never closed, hold white space at their ends, or cross their parents.
pub(super) fn report(left: &mut Vec<Left>, diagnostics: &mut Vec<Diagnostic>) {
    left.sort_unstable_by_key(|left| left.span);
    let mut rest = std::mem::take(left).into_iter().peekable();
    while let Some(first) = rest.next() {
        let second = rest.next_if(|second| are_pair(first, *second));
        if let Some(found) = fault(first, second) {
            diagnostics.push(found.costing(Cost::Nothing));
        }
    }
}

/// Whether two that follow each other were meant as the sides of one mark.
fn are_pair(first: Left, second: Left) -> bool {
    let is_one_text = first.parent == second.parent;
    match (first.side, second.side) {
        (Side::Start, Side::End) => true,
        (Side::Start, Side::Edge | Side::Spaced) | (Side::Spaced, Side::End | Side::Edge) => is_one_text,
        // Two operators, or sides of two marks.
        (Side::Spaced, Side::Spaced) | (Side::End | Side::Edge, _) | (_, Side::Start) => false,
    }
}

fn fault(first: Left, second: Option<Left>) -> Option<Diagnostic> {
    let Some(second) = second else {
        return match first.side {
            Side::Start => Some(
                Diagnostic::new(Code::UnclosedCloze, first.span, "this `==` opens a deletion that is never closed")
                    .help("close it with `==` right behind the last word; write code between backticks"),
            ),
            Side::End => Some(
                Diagnostic::new(Code::UnclosedCloze, first.span, "this `==` closes a deletion that was never opened")
                    .help("open it with `==` right before the first word; write code between backticks"),
            ),
            Side::Spaced | Side::Edge => None,
        };
    };
    Some(if first.parent == second.parent {
        Diagnostic::new(
            Code::UnclosedCloze,
            first.span.to(second.span),
            "white space between `==` and the words: no deletion",
        )
        .help("write `==words==`, without white space inside")
    } else {
        Diagnostic::new(Code::CrossingCloze, first.span, "the deletion crosses its parent")
            .caret("opens here")
            .label(second.span, "closes here, inside another element")
            .help("open and close it within the same paragraph, list item, cell or emphasis")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_no_marks() {
        assert_eq!(flanking(Some(' '), Some(' ')), (false, false));
        assert_eq!(flanking(Some('a'), Some('b')), (false, false));
        assert_eq!(flanking(None, Some('x')), (true, false));
        assert_eq!(flanking(Some('x'), Some('.')), (false, true));
        assert_eq!(flanking(Some('は'), Some('犬')), (true, true));
        assert_eq!(flanking(Some('='), Some('=')), (false, false));
    }
}
