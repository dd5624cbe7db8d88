//! Looks into raw HTML: comments that speak to deckle, the media it names, and what could run code.
//!
//! Changes nothing: cleaning is the emitters'.

use std::borrow::Cow;
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
    /// Its attributes.
    pub attributes: Vec<Attribute<'a>>,
}

/// An attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Offset of its name.
    pub start: usize,
    /// Where its value stands, without quotes; empty and behind the name where it has none.
    pub value: Range<usize>,
}

/// The opening tags of a piece of HTML, outside comments.
pub(super) fn open_tags(html: &str) -> Vec<OpenTag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    let last_comment_end = html.rfind("-->").unwrap_or_default();
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        // Where no comment ends any more, looking for an end at each start would be quadratic.
        if html[start..].starts_with("<!--")
            && start < last_comment_end
            && let Some((_, end)) = comment(&html[start..])
        {
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
        let start = at;
        let name_end = end_of(html, at + first_length(&html[at..]), |c| c.is_whitespace() || "=>/".contains(c));
        let name = &html[start..name_end];
        at = end_of(html, name_end, |c| !c.is_whitespace());
        let Some(rest) = html[at..].strip_prefix('=') else {
            tag.attributes.push(Attribute { name, start, value: name_end..name_end });
            continue;
        };
        let (value, end) = attribute_value(html, html.len() - rest.trim_start().len());
        tag.attributes.push(Attribute { name, start, value });
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
    tag.attributes.iter().find_map(|Attribute { name, start, value }| {
        let lower = name.to_ascii_lowercase();
        let script = html[value.clone()].trim_start().to_ascii_lowercase().starts_with("javascript:");
        (lower.starts_with("on") || lower == "style" || script)
            .then(|| (format!("the attribute `{name}`"), *start..value.end))
    })
}

/// Raw HTML with what is no tag of HTML written as text: `Vec<String>` and `<your-key>` are common in notes, and a
/// browser would show nothing in their place.
pub(super) fn escape_unknown(html: &str) -> Cow<'_, str> {
    let mut escaped = String::new();
    let mut from = 0;
    for (at, _) in html.match_indices('<') {
        if !starts_markup(&html[at..]) {
            escaped.push_str(&html[from..at]);
            escaped.push_str("&lt;");
            from = at + 1;
        }
    }
    if from == 0 {
        return Cow::Borrowed(html);
    }
    escaped.push_str(&html[from..]);
    Cow::Owned(escaped)
}

/// Whether a text that starts with `<` starts a comment or a tag of HTML.
pub(super) fn starts_markup(text: &str) -> bool {
    let name = text.trim_start_matches('<').trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let is_bounded = !name[end..].starts_with(['-', ':', '_', '.']);
    text.starts_with("<!") || (is_bounded && ELEMENTS.contains(&name[..end].to_ascii_lowercase().as_str()))
}

/// The elements of HTML: the living standard's, with the obsolete ones that Anki's cards hold.
const ELEMENTS: [&str; 126] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

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
    fn what_is_no_element_is_text() {
        assert_eq!(escape_unknown("<p>Vec<String></p>"), "<p>Vec&lt;String></p>");
        assert_eq!(escape_unknown("<your-key> </T> <!-- x --> <BR/>"), "&lt;your-key> &lt;/T> <!-- x --> <BR/>");
    }

    #[test]
    fn tags_are_found_with_their_attributes() {
        let html = "<p a><!-- <img src=no> --><IMG src=\"a b.png\" width=3/></p><x y='";
        let tags = open_tags(html);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["p", "IMG", "x"]);
        let values: Vec<&str> = tags[1].attributes.iter().map(|attribute| &html[attribute.value.clone()]).collect();
        assert_eq!(values, ["a b.png", "3/"]);
    }
}
