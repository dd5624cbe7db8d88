//! Turns HTML into what of it can be read, for people who are to see what changed.
//!
//! Knows no style: what is hidden on a card counts.

use super::entity;
use super::tags::{self, Piece};

/// The text in one line, with the names of pictures in brackets. Marks of deletions and formulas stay as they are.
pub fn visible(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut pieces = tags::pieces(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(piece) => text.push_str(&entity::decode(piece)),
            Piece::Tag(tag) if !tag.is_closed => text.push_str(tag.text),
            Piece::Tag(tag) if !tag.is_end && (tag.is("style") || tag.is("script")) => drop(pieces.raw_text(tag.name)),
            Piece::Tag(tag) if tag.is("img") => {
                let name = tag.attribute("src").and_then(|source| source.value).unwrap_or_default();
                text.extend([" [", &entity::decode(name), "] "]);
            }
            Piece::Tag(tag) if tag.is_inline() => {}
            Piece::Tag(_) | Piece::Comment(_) => text.push(' '),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_stays() {
        for (html, text) in [
            ("<p>a&amp;b</p><p>c<b>d</b></p>", "a&b cd"),
            ("{{c1::x::h}} \\(a\\)", "{{c1::x::h}} \\(a\\)"),
            ("a<img alt=x src=\"p&amp;q.png\">b[sound:a.mp3]", "a [p&q.png] b[sound:a.mp3]"),
            ("<style>p{}</style>x<!-- y --><br>z", "x z"),
            ("1 < 2", "1 < 2"),
            ("", ""),
        ] {
            assert_eq!(visible(html), text, "{html}");
        }
    }
}
