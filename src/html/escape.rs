//! Turns text into HTML text and attribute values.
//!
//! Knows no tags.

use super::marks::is_mark;

/// Appends `text` as HTML text: `&`, `<` and `>` become entities.
pub fn escape(text: &str, out: &mut String) {
    escape_with(text, out, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    });
}

/// Appends `text` as the value of an attribute in double quotes, and so that it is text where it stands between tags.
pub fn escape_attribute(text: &str, out: &mut String) {
    escape_with(text, out, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        // Blank lines would end a block of raw HTML in a book.
        '\n' => Some("&#10;"),
        _ => None,
    });
}

fn escape_with(mut text: &str, out: &mut String, entity: impl Fn(char) -> Option<&'static str>) {
    let replacement = |c| entity(c).or_else(|| is_mark(c).then_some("\u{FFFD}"));
    while let Some((at, c, with)) = text.char_indices().find_map(|(at, c)| replacement(c).map(|with| (at, c, with))) {
        let (before, after) = text.split_at(at);
        out.push_str(before);
        out.push_str(with);
        text = after.get(c.len_utf8()..).unwrap_or_default();
    }
    out.push_str(text);
}
