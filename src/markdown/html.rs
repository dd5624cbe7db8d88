//! Looks into raw HTML: comments that speak to deckle, the media it names, and what could run code.
//!
//! Changes nothing: cleaning is the emitters'.

use std::ops::Range;

/// What a comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Comment {
    /// `<!-- back -->`.
    Back,
    /// `<!-- deckle: … -->`: the range of what stands behind the colon, in the comment.
    Directive(Range<usize>),
    /// Anything else: for other readers.
    Other,
}

/// A comment at the start of `html`, and the offset behind it.
pub(super) fn comment(html: &str) -> Option<(Comment, usize)> {
    let start = html.len() - html.trim_start().len();
    let inner = html[start..].strip_prefix("<!--")?;
    let length = inner.find("-->")?;
    let text = inner[..length].trim();
    let end = start + "<!--".len() + length + "-->".len();
    let comment = if text.eq_ignore_ascii_case("back") {
        Comment::Back
    } else if let Some(rest) = text.strip_prefix("deckle:") {
        let from = start + "<!--".len() + inner.find("deckle:").unwrap_or_default() + "deckle:".len();
        Comment::Directive(from..from + rest.len())
    } else {
        Comment::Other
    };
    Some((comment, end))
}

/// A tag that opens an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenTag<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Offset of its `<`.
    pub start: usize,
    /// Names and the ranges of their values without quotes, in the HTML.
    pub attributes: Vec<(&'a str, Range<usize>)>,
}

/// The opening tags of a piece of HTML, outside comments.
pub(super) fn open_tags(html: &str) -> Vec<OpenTag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        if let Some((_, end)) = html[start..].starts_with("<!--").then(|| comment(&html[start..])).flatten() {
            at = start + end;
            continue;
        }
        at = start + 1;
        if html[at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, end) = open_tag(html, start);
            tags.push(tag);
            at = end;
        }
    }
    tags
}

fn open_tag(html: &str, start: usize) -> (OpenTag<'_>, usize) {
    let name_end = end_of(html, start + 1, |c| c.is_whitespace() || c == '>' || c == '/');
    let mut tag = OpenTag { name: &html[start + 1..name_end], start, attributes: Vec::new() };
    let mut at = name_end;
    loop {
        at = end_of(html, at, |c| !c.is_whitespace() && c != '/');
        if at >= html.len() || html[at..].starts_with('>') {
            return (tag, (at + 1).min(html.len()));
        }
        let key_end = end_of(html, at + first_length(&html[at..]), |c| c.is_whitespace() || "=>/".contains(c));
        let key = &html[at..key_end];
        at = end_of(html, key_end, |c| !c.is_whitespace());
        let Some(value) = html[at..].strip_prefix('=') else {
            tag.attributes.push((key, key_end..key_end));
            continue;
        };
        let from = html.len() - value.trim_start().len();
        let (range, end) = attribute_value(html, from);
        tag.attributes.push((key, range));
        at = end;
    }
}

fn attribute_value(html: &str, from: usize) -> (Range<usize>, usize) {
    if let Some(quote @ ('"' | '\'')) = html[from..].chars().next() {
        let end = end_of(html, from + 1, |c| c == quote);
        return (from + 1..end, (end + 1).min(html.len()));
    }
    let end = end_of(html, from, |c| c.is_whitespace() || c == '>');
    (from..end, end)
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The offset of the first character from `from` on that fits, or the end.
fn end_of(html: &str, from: usize, fits: impl Fn(char) -> bool) -> usize {
    html[from..].find(fits).map_or(html.len(), |found| from + found)
}

/// What in a tag could run code or reach out, for people: `<script>`, the attribute `onclick`.
pub(super) fn unsafe_part(html: &str, tag: &OpenTag<'_>) -> Option<(String, Range<usize>)> {
    const UNSAFE: [&str; 13] = [
        "script", "style", "iframe", "object", "embed", "form", "input", "button", "link", "meta", "base", "svg",
        "math",
    ];
    if UNSAFE.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
        return Some((format!("`<{}>`", tag.name), tag.start..tag.start + 1 + tag.name.len()));
    }
    tag.attributes.iter().find_map(|(key, value)| {
        let lower = key.to_ascii_lowercase();
        let script = html[value.clone()].trim_start().to_ascii_lowercase().starts_with("javascript:");
        (lower.starts_with("on") || lower == "style" || script)
            .then(|| (format!("the attribute `{key}`"), value.start - usize::from(value.start > 0)..value.end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_apart() {
        assert_eq!(comment("<!-- back -->\n"), Some((Comment::Back, 13)));
        assert_eq!(comment("<!--back--> x"), Some((Comment::Back, 11)));
        assert_eq!(comment("<!-- deckle: .cloze -->"), Some((Comment::Directive(12..19), 23)));
        assert_eq!(comment("<!-- TODO -->").map(|(comment, _)| comment), Some(Comment::Other));
        assert_eq!(comment("<p>"), None);
    }

    #[test]
    fn tags_are_found_with_their_attributes() {
        let html = "<p a><!-- <img src=no> --><IMG src=\"a b.png\" width=3/></p><x y='";
        let tags = open_tags(html);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["p", "IMG", "x"]);
        let values: Vec<&str> = tags[1].attributes.iter().map(|(_, range)| &html[range.clone()]).collect();
        assert_eq!(values, ["a b.png", "3/"]);
    }
}
