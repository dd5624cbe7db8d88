//! Turns a field's HTML into the text that was written: tags go, deletions are unwrapped, entities are characters again.
//!
//! Knows no HTML but what a field of ours can hold.

use unicode_normalization::UnicodeNormalization;

use crate::anki::cloze;
use crate::text::entity::entity;
use crate::text::tags::{self, Piece};

/// The text in NFC, white space collapsed.
pub(super) fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut open = Open::default();
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => push_text(text, &mut open, &mut plain),
            // A `<` that nothing closes is text.
            Piece::Tag(tag) if !tag.is_closed => push_text(tag.text, &mut open, &mut plain),
            Piece::Tag(tag) if tag.is_inline() => {}
            Piece::Tag(_) | Piece::Comment(_) if open.hints > 0 => {}
            Piece::Tag(_) | Piece::Comment(_) => plain.push(' '),
        }
    }
    plain.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The deletions that are open.
#[derive(Default)]
struct Open {
    /// Of each, whether its hint has begun.
    deletions: Vec<bool>,
    /// How many hints have.
    hints: usize,
}

/// Appends text without the marks of deletions and without their hints.
fn push_text(text: &str, open: &mut Open, plain: &mut String) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let as_it_stands = (Some(first), first.len_utf8());
        let (character, taken) = match first {
            '&' => entity(rest).map_or(as_it_stands, |(character, length)| (Some(character), length)),
            '\\' => math(rest),
            '{' => match cloze::start_length(rest) {
                Some(length) => {
                    open.deletions.push(false);
                    (None, length)
                }
                None => as_it_stands,
            },
            '}' if !open.deletions.is_empty() && rest.starts_with(cloze::END) => {
                open.hints -= usize::from(open.deletions.pop() == Some(true));
                (None, cloze::END.len())
            }
            ':' if !open.deletions.is_empty() && rest.starts_with(cloze::SEPARATOR) => {
                if let Some(hint) = open.deletions.last_mut() {
                    open.hints += usize::from(!std::mem::replace(hint, true));
                }
                (None, cloze::SEPARATOR.len())
            }
            _ => as_it_stands,
        };
        plain.extend(character.filter(|_| open.hints == 0));
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// The marks around a formula: `\(`, `\)`, `\[`, `\]`.
fn math(rest: &str) -> (Option<char>, usize) {
    let is_mark = [r"\(", r"\)", r"\[", r"\]"].iter().any(|mark| rest.starts_with(mark));
    if is_mark { (None, 2) } else { (Some('\\'), 1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_field_does_harm(html in r"([<>&;:{}\\()/a-c1# ]|\{\{c1::|&#x41;|\PC)*") {
            let _ = plain(&html);
        }

        #[test]
        fn text_without_markup_is_left_as_it_is(text in "[a-z0-9]+( [a-z0-9]+)*") {
            prop_assert_eq!(plain(&text), text);
        }
    }

    #[test]
    fn markup_goes_and_text_stays() {
        assert_eq!(plain("<p>a <b>b</b>c</p><p>d &lt;e&gt; &#x41;&#66;&nbsp;&amp;x;</p>"), "a bc d <e> AB &x;");
        assert_eq!(plain("1 < 2 & 3<br>\\(x^2\\) \\n"), "1 < 2 & 3 x^2 \\n");
        assert_eq!(plain("u\u{308} <img src=\"a.png\" alt=\"b\">c"), "\u{fc} c");
        assert_eq!(plain("<"), "<");
        assert_eq!(plain("&"), "&");
        assert_eq!(plain("&#1114112;&#xZ;"), "&#1114112;&#xZ;");
    }

    #[test]
    fn deletions_are_unwrapped() {
        assert_eq!(plain("{{c1::a::hint}} b {{c2,3::c {{c4::d}}}} e::f }}"), "a b c d e::f }}");
        assert_eq!(plain("{{c1::a::h<br>h}}b <i title=\"x>y\">c</i><!-- <p>d -->"), "ab c");
        assert_eq!(plain("{{c1::Vec&#58;&#58;new()}} {{c::x}} {{x}}"), "Vec::new() {{c::x}} {{x}}");
    }
}
