//! Ends what raw HTML leaves open and an HTML parser would take everything behind it for.
//!
//! Knows no elements that hold others: those that are left open hold what follows, and show it. A tag is left open as well:
//! its attributes may go on behind an empty line.

use std::borrow::Cow;

use crate::text::tags::{self, Piece, Tag};

/// Elements whose content is text up to their end tag (living standard, 13.2.5.2 to 13.2.5.4, as a browser without scripts
/// reads them).
const RAW_TEXT: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// What to put behind a block of raw HTML so that what follows is not taken for a part of its last comment or script.
pub(super) fn closer(html: &str) -> Cow<'static, str> {
    let mut pieces = tags::pieces(html);
    let mut closer = Cow::Borrowed("");
    while let Some(piece) = pieces.next() {
        closer = match piece {
            Piece::Comment(comment) if !ends(comment) => comment_end(comment).into(),
            Piece::Tag(tag) => match raw_text(&tag) {
                Some(name) if pieces.clone().raw_text(name) == pieces.rest() => return format!("</{name}>").into(),
                Some(name) => {
                    pieces.raw_text(name);
                    "".into()
                }
                None => "".into(),
            },
            Piece::Comment(_) | Piece::Text(_) => "".into(),
        };
    }
    closer
}

fn raw_text(tag: &Tag<'_>) -> Option<&'static str> {
    RAW_TEXT.into_iter().find(|name| !tag.is_end && tag.is(name))
}

fn ends(comment: &str) -> bool {
    if comment.starts_with("<!--") {
        ["-->", "--!>"].iter().any(|end| comment.ends_with(end)) || comment == "<!-->"
    } else {
        comment.ends_with('>')
    }
}

fn comment_end(comment: &str) -> &'static str {
    if comment.starts_with("<!--") { "-->" } else { ">" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_ended() {
        for (html, expected) in [
            ("<p>a <b>c", ""),
            ("<!-- a -->", ""),
            ("<!-->", ""),
            ("<!---->", ""),
            ("<!-- a", "-->"),
            ("<!--> <!-- b>", "-->"),
            ("<?x", ">"),
            ("<?x>", ""),
            ("<script>if (a < b) {}", "</script>"),
            ("<SCRIPT src=x></script> b", ""),
            ("<style>a{}</style><textarea><b>", "</textarea>"),
            ("<script><!-- </script> <!-- c", "-->"),
            ("<a title=\"b", ""),
            ("a < b", ""),
        ] {
            assert_eq!(closer(html), expected, "{html}");
        }
    }
}
