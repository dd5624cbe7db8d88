//! Turns a field's HTML into the text that was written: tags go, deletions are unwrapped, entities are characters again.
//!
//! Knows no HTML but what a field of ours can hold.

use unicode_normalization::UnicodeNormalization;

use crate::anki::cloze;

/// Tags that stand within a word or a line; all others part words.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// The text in NFC, white space collapsed.
pub(super) fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    // Of each open deletion, whether its hint has begun.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = html;
    while let Some(first) = rest.chars().next() {
        let (piece, taken) = match first {
            '<' => tag(rest),
            '&' => entity(rest),
            '\\' => math(rest),
            '{' => match cloze::start_length(rest) {
                Some(length) => {
                    open.push(false);
                    (Piece::Nothing, length)
                }
                None => (Piece::Character('{'), 1),
            },
            '}' if !open.is_empty() && rest.starts_with(cloze::END) => {
                open.pop();
                (Piece::Nothing, cloze::END.len())
            }
            ':' if !open.is_empty() && rest.starts_with(cloze::SEPARATOR) => {
                open.last_mut().into_iter().for_each(|hint| *hint = true);
                (Piece::Nothing, cloze::SEPARATOR.len())
            }
            first => (Piece::Character(first), first.len_utf8()),
        };
        match piece {
            Piece::Character(character) if !open.contains(&true) => plain.push(character),
            Piece::Space if !open.contains(&true) => plain.push(' '),
            Piece::Character(_) | Piece::Space | Piece::Nothing => {}
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    plain.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Piece {
    Character(char),
    Space,
    Nothing,
}

/// A tag, or a `<` that starts none.
fn tag(rest: &str) -> (Piece, usize) {
    let Some(end) = rest.find('>') else { return (Piece::Character('<'), 1) };
    let inner = rest.get(1..end).unwrap_or_default();
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
        return (Piece::Character('<'), 1);
    }
    let name: String = inner.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let is_inline = INLINE.contains(&name.to_ascii_lowercase().as_str());
    (if is_inline { Piece::Nothing } else { Piece::Space }, end + 1)
}

fn entity(rest: &str) -> (Piece, usize) {
    let as_it_stands = (Piece::Character('&'), 1);
    // The longest that is written is `&#1114111;`.
    let Some(end) = rest.bytes().take(12).position(|byte| byte == b';') else { return as_it_stands };
    let character = match rest.get(1..end).unwrap_or_default() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        name => match name.strip_prefix('#').map(|number| (number, number.strip_prefix(['x', 'X']))) {
            Some((_, Some(hex))) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            Some((number, None)) => number.parse().ok().and_then(char::from_u32),
            None => None,
        },
    };
    character.map_or(as_it_stands, |character| (Piece::Character(character), end + 1))
}

/// The marks around a formula: `\(`, `\)`, `\[`, `\]`.
fn math(rest: &str) -> (Piece, usize) {
    if rest.starts_with(r"\(") || rest.starts_with(r"\)") || rest.starts_with(r"\[") || rest.starts_with(r"\]") {
        (Piece::Nothing, 2)
    } else {
        (Piece::Character('\\'), 1)
    }
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
        assert_eq!(plain("{{c1::Vec&#58;&#58;new()}} {{c::x}} {{x}}"), "Vec::new() {{c::x}} {{x}}");
    }
}
