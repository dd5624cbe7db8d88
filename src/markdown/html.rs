//! Looks into raw HTML: comments that speak to deckle, the media it names, and what could run code.
//!
//! Changes nothing: cleaning is the emitters'.

use std::borrow::Cow;
use std::ops::Range;

use super::attributes;
use crate::text::tags::{self, Piece, Tag};
use crate::text::{address, entity, hidden, presentation};

/// Elements that are something to see or to hear, whatever is in them.
const SEEN: &[&str] = &["img", "audio", "video", "hr"];

/// Elements whose text is not for readers, or that are left out with it.
const UNSEEN: &[&str] =
    &["script", "style", "title", "template", "iframe", "noscript", "object", "svg", "math", "select", "textarea"];

/// Whether anything is to be seen of HTML: a text, or more than text. Where it is trusted, a script may show something.
pub(super) fn shows(html: &str, is_trusted: bool) -> bool {
    if is_trusted {
        return !html.trim().is_empty();
    }
    let is_one = |tag: &Tag<'_>, names: &[&str]| names.iter().any(|name| tag.is(name));
    let mut pieces = tags::pieces(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) if !is_blank(text) => return true,
            Piece::Tag(tag) if !tag.is_end => {
                if is_one(&tag, SEEN) && (!tag.is("img") || tag.attribute("src").is_some()) {
                    return true;
                }
                if is_one(&tag, UNSEEN) {
                    pieces.raw_text(tag.name);
                }
            }
            Piece::Text(_) | Piece::Tag(_) | Piece::Comment(_) => {}
        }
    }
    false
}

/// Entities of spaces and of characters without width, as [`entity`] does not know them.
const BLANKS: [&str; 16] = [
    "&emsp;",
    "&ensp;",
    "&thinsp;",
    "&hairsp;",
    "&numsp;",
    "&puncsp;",
    "&emsp13;",
    "&emsp14;",
    "&zwj;",
    "&zwnj;",
    "&shy;",
    "&lrm;",
    "&rlm;",
    "&ZeroWidthSpace;",
    "&NoBreak;",
    "&Tab;",
];

fn is_blank(text: &str) -> bool {
    let text = entity::decode(text);
    if !text.contains('&') {
        return hidden::is_blank(&text);
    }
    text.split_inclusive(';').all(|piece| {
        let blank = BLANKS.iter().find_map(|name| piece.strip_suffix(name));
        hidden::is_blank(blank.unwrap_or(piece))
    })
}

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
    let Some(Piece::Comment(whole)) = tags::pieces(&html[start..]).next() else { return None };
    let inner = whole.strip_prefix("<!--")?;
    let text = match inner {
        ">" | "->" => "",
        inner => {
            inner.strip_suffix("-->").or_else(|| inner.strip_suffix("--!>"))?.trim().trim_end_matches('-').trim_end()
        }
    };
    let end = start + whole.len();
    let comment = if text.eq_ignore_ascii_case("back") {
        Comment::Back
    } else if let Some(length) = directive(text) {
        let from = start + "<!--".len() + inner.find(text).unwrap_or_default() + text.len() - length;
        Comment::Directive(from..from + length)
    } else {
        Comment::Other
    };
    Some((comment, end))
}

/// How long what a comment says to deckle is, at its end: what stands behind the colon. Without one, where attributes alone
/// stand behind the name, they are meant.
fn directive(text: &str) -> Option<usize> {
    let is_nothing = |c: char| c.is_whitespace() || attributes::is_unseen(c);
    let named = text.trim_start_matches(|c| is_nothing(c) || c == '-');
    let (name, rest) = named.split_at_checked("deckle".len())?;
    let behind = rest.trim_start_matches(is_nothing);
    let length = behind.strip_prefix([':', '：']).map(str::len);
    let is_apart = behind.len() < rest.len() || behind.starts_with('{');
    let length = length.or_else(|| (is_apart && attributes::are_attributes(behind)).then_some(behind.len()));
    length.filter(|_| name.eq_ignore_ascii_case("deckle"))
}

/// So much of a declaration is shown, in bytes.
const MAX_SHOWN: usize = 60;

/// What in a tag could run code or reach out, for people: `<script>`, the attribute `onclick`.
pub(super) fn unsafe_part(tag: &Tag<'_>) -> Option<(String, Range<usize>)> {
    // `meta` says nothing to a reader, and nobody misses it.
    const UNSAFE: [&str; 12] =
        ["script", "style", "iframe", "object", "embed", "form", "input", "button", "link", "base", "svg", "math"];
    if UNSAFE.iter().any(|name| tag.is(name)) {
        return Some((format!("`<{}>`", tag.name), tag.start..tag.start + 1 + tag.name.len()));
    }
    tag.attributes().find_map(|attribute| {
        let lower = attribute.name.to_ascii_lowercase();
        let value = attribute.value.unwrap_or_default();
        let leads_to_harm = match lower.as_str() {
            "href" | "cite" | "action" | "formaction" | "xlink:href" => {
                !address::may_be_followed(&entity::decode(value))
            }
            // Of files of this machine, whoever looks for media says more.
            "src" | "poster" | "background" => {
                let address = entity::decode(value);
                !address::may_be_shown(&address) && !address::starts_address(&address, "file:")
            }
            _ => false,
        };
        let place = attribute.start..attribute.value_range().end;
        if lower == "style" {
            let value = entity::decode(value);
            let gone = presentation::style(&value).1?;
            let (shown, rest) = gone.split_at_checked(gone.floor_char_boundary(MAX_SHOWN)).unwrap_or((gone, ""));
            let more = if rest.is_empty() { "" } else { "…" };
            return Some((format!("`{shown}{more}` in a style"), place));
        }
        (lower.starts_with("on") || leads_to_harm || presentation::is_dropped(&lower))
            .then(|| (format!("the attribute `{}`", attribute.name), place))
    })
}

/// Elements that are left out with all that is in them.
const DRAWINGS: [&str; 2] = ["svg", "math"];

/// Raw HTML without drawings and formulas that end in it, and what of them it had, each the name and the place of its tag.
pub(super) fn without_drawings(html: &str) -> (Cow<'_, str>, Vec<(&str, Range<usize>)>) {
    let (mut kept, mut found, mut from) = (String::new(), Vec::new(), 0);
    for tag in tags::tags(html).filter(|tag| !tag.is_end) {
        let Some(name) = drawing(&tag).filter(|_| tag.start >= from) else { continue };
        let Some(length) = drawing_end(name, &html[tag.range().end..]) else { break };
        kept.push_str(&html[from..tag.start]);
        from = tag.range().end + length;
        found.push((tag.name, tag.start..tag.start + 1 + tag.name.len()));
    }
    if found.is_empty() {
        return (Cow::Borrowed(html), found);
    }
    kept.push_str(&html[from..]);
    (Cow::Owned(kept), found)
}

/// Which drawing or formula a tag starts, if any. One without content is over with its tag.
pub(super) fn drawing(tag: &Tag<'_>) -> Option<&'static str> {
    let is_empty = tag.text.ends_with("/>");
    DRAWINGS.into_iter().find(|name| tag.is(name) && !tag.is_end && !is_empty)
}

/// Where a drawing or formula ends in the text behind its tag: behind its end tag. Those within it are its own.
pub(super) fn drawing_end(name: &str, behind: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for tag in tags::tags(behind).filter(|tag| tag.is(name)) {
        if tag.is_end {
            depth -= 1;
        } else if !tag.text.ends_with("/>") {
            depth += 1;
        }
        if depth == 0 {
            return Some(tag.range().end);
        }
    }
    None
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
    let name = text.strip_prefix('<').unwrap_or(text);
    let name = name.strip_prefix('/').unwrap_or(name);
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
        assert_eq!(comment("<!--> x -->"), Some((Comment::Other, 5)));
        assert_eq!((comment("<p>"), comment("<!-- back>"), comment("<!DOCTYPE>")), (None, None, None));
    }

    #[test]
    fn what_is_no_element_is_text() {
        assert_eq!(escape_unknown("<p>Vec<String></p>"), "<p>Vec&lt;String></p>");
        assert_eq!(escape_unknown("<your-key> </T> <!-- x --> <BR/>"), "&lt;your-key> &lt;/T> <!-- x --> <BR/>");
    }
}
