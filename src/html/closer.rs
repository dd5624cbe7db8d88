//! Ends what raw HTML leaves open and an HTML parser would take everything behind it for.
//!
//! Knows no elements that hold others: those that are left open hold what follows, and show it.

use std::collections::BTreeMap;

use crate::text::tags::{self, Piece, Tag};

/// Elements whose content is text up to their end tag (living standard, 13.2.5.2 to 13.2.5.4, as a browser without scripts
/// reads them), and `noscript`, which one with scripts reads so.
const RAW_TEXT: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// Ends a block of raw HTML, so that what follows is not taken for a part of its last comment or script. `from` is where it
/// starts. A tag without its end becomes text: nothing behind the block can be an attribute of it.
pub(super) fn end_block(html: &mut String, from: usize) {
    let block = html.get(from..).unwrap_or_default();
    let mut pieces = tags::pieces(block);
    let (mut closer, mut open_tag) = (String::new(), None);
    while let Some(piece) = pieces.next() {
        closer.clear();
        match piece {
            Piece::Comment(comment) if !ends(comment) => closer.push_str(comment_end(comment)),
            Piece::Tag(tag) if !tag.is_closed => open_tag = Some(from + tag.start),
            Piece::Tag(tag) => {
                let Some(name) = raw_text(&tag) else { continue };
                pieces.raw_text(name);
                if pieces.rest().is_empty() {
                    closer = format!("</{name}>");
                }
            }
            Piece::Comment(_) | Piece::Text(_) => {}
        }
    }
    if let Some(at) = open_tag {
        let tag = html.split_off(at);
        html.push_str(&tag.replace('<', "&lt;"));
    }
    html.push_str(&closer);
}

/// Makes the tags text that would have the rest of a line taken for a script or a title. `from` is where the line starts.
///
/// Whoever writes in a line that `<script>` runs code means the word; a script has its end.
pub(super) fn end_line(html: &mut String, from: usize) {
    let line = html.split_off(from.min(html.len()));
    let last_ends = last_ends(&line);
    let mut pieces = tags::pieces(&line);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Tag(tag) if tag.is_closed => match raw_text(&tag) {
                Some(name) if last_ends.get(name).is_none_or(|end| *end < tag.start) => {
                    html.push_str(&tag.text.replace('<', "&lt;"));
                }
                Some(name) => {
                    html.push_str(tag.text);
                    html.push_str(pieces.raw_text(name));
                }
                None => html.push_str(tag.text),
            },
            Piece::Comment(markup) if ends(markup) => html.push_str(markup),
            Piece::Tag(Tag { text: markup, .. }) | Piece::Comment(markup) => {
                html.push_str(&markup.replace('<', "&lt;"));
            }
            Piece::Text(text) => html.push_str(text),
        }
    }
}

/// Whether a line in which these tags stand has to be [ended](end_line).
pub(super) fn opens_raw_text(html: &str) -> bool {
    tags::tags(html).any(|tag| raw_text(&tag).is_some())
}

/// Where the last end tag of each of the elements starts; found once, so that many tags take no longer than few.
fn last_ends(line: &str) -> BTreeMap<&'static str, usize> {
    let mut ends = BTreeMap::new();
    for (at, _) in line.match_indices("</") {
        let name = line.get(at + 2..).unwrap_or_default();
        let named = |known: &&&str| {
            let behind = name.as_bytes().get(known.len());
            name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
                && behind.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
        };
        if let Some(name) = RAW_TEXT.iter().find(named) {
            ends.insert(*name, at);
        }
    }
    ends
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
    fn what_a_block_leaves_open_is_ended() {
        for (html, expected) in [
            ("<p>a <b>c", "<p>a <b>c"),
            ("<!-- a -->", "<!-- a -->"),
            ("<!-->", "<!-->"),
            ("<!---->", "<!---->"),
            ("<!-- a", "<!-- a-->"),
            ("<!--> <!-- b>", "<!--> <!-- b>-->"),
            ("<?x", "<?x>"),
            ("<?x>", "<?x>"),
            ("<script>if (a < b) {}", "<script>if (a < b) {}</script>"),
            ("<SCRIPT src=x></script> b", "<SCRIPT src=x></script> b"),
            ("<script></script><script>", "<script></script><script></script>"),
            ("<style>a{}</style><textarea><b>", "<style>a{}</style><textarea><b></textarea>"),
            ("<script><!-- </script> <!-- c", "<script><!-- </script> <!-- c-->"),
            ("<p>a</p><a title=\"<b>", "<p>a</p>&lt;a title=\"&lt;b>"),
            ("<script></script><i <b", "<script></script>&lt;i &lt;b"),
            ("a < b", "a < b"),
        ] {
            let mut ended = String::from("<!-- x");
            ended.push_str(html);
            end_block(&mut ended, "<!-- x".len());
            assert_eq!(ended.strip_prefix("<!-- x"), Some(expected), "{html}");
        }
    }

    #[test]
    fn what_a_line_leaves_open_is_text() {
        for (html, expected) in [
            ("<script>a</script> <b>", "<script>a</script> <b>"),
            ("a <script> <b>b</b>", "a &lt;script> <b>b</b>"),
            ("<title>a<textarea>b</title>", "<title>a<textarea>b</title>"),
            ("</script><script>a", "</script>&lt;script>a"),
            ("<Style title=\"<i>\">a<!-- --!><xmp>", "&lt;Style title=\"&lt;i>\">a<!-- --!>&lt;xmp>"),
            ("<script></scripts><i>", "&lt;script></scripts><i>"),
            ("<noscript>a<!-- b", "&lt;noscript>a&lt;!-- b"),
            ("<title><i x", "&lt;title>&lt;i x"),
        ] {
            let mut ended = String::from("<b>");
            ended.push_str(html);
            end_line(&mut ended, "<b>".len());
            assert_eq!(ended.strip_prefix("<b>"), Some(expected), "{html}");
        }
    }

    #[test]
    fn many_tags_take_no_longer_than_few() {
        for tag in ["<script>", "<title><!--", "<xmp", "</xmp><xmp>", "<!--", "<script></script"] {
            let mut html = tag.repeat(50_000);
            end_line(&mut html, 0);
            end_block(&mut html, 0);
        }
    }
}
