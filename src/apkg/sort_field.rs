//! Turns a note's first field into what Anki sorts and finds duplicates by.
//!
//! Anki reckons both anew on import; they are right so that older clients and other readers see the same. So this reads
//! tags as Anki's own pattern does (`rslib/src/text.rs`: a tag ends at the first `>`, in quotes too), and not as HTML.

use sha1::{Digest, Sha1};

use crate::text::entity::entity;

/// The first field without markup, and its checksum.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SortField {
    /// Tags and comments removed, names of media kept, entities resolved.
    pub(super) text: String,
    /// The first 32 bits of the text's SHA-1.
    pub(super) checksum: u32,
}

impl SortField {
    /// Of a field in HTML.
    pub(super) fn new(html: &str) -> Self {
        let text = strip(html);
        let digest = Sha1::digest(text.as_bytes());
        let checksum = digest.iter().take(4).fold(0, |bits: u32, &byte| bits << 8 | u32::from(byte));
        Self { text, checksum }
    }
}

fn strip(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, markup) = rest.split_at(start);
        push_decoded(before, &mut text);
        let Some(length) = markup_length(markup) else {
            // A `<` that nothing closes is text.
            push_decoded(markup, &mut text);
            return text;
        };
        let (markup, after) = markup.split_at(length);
        push_media_name(markup, &mut text);
        rest = after;
    }
    push_decoded(rest, &mut text);
    text
}

/// How long the comment, the tag, or the element whose content nobody sees is, in bytes.
fn markup_length(html: &str) -> Option<usize> {
    let end = if html.starts_with("<!--") {
        "-->"
    } else if html.starts_with("<style") {
        "</style>"
    } else if html.starts_with("<script") {
        "</script>"
    } else {
        return html.find('>').map(|start| start + 1);
    };
    html.find(end).map(|start| start + end.len())
}

/// Puts the name of the medium that a tag shows between spaces.
fn push_media_name(tag: &str, text: &mut String) {
    let names_media = ["<img ", "<audio ", "<video ", "<object "].iter().any(|start| tag.starts_with(start));
    if !names_media {
        return;
    }
    let attribute = [" src=\"", " data=\""].iter().find_map(|start| tag.split_once(start));
    if let Some((_, value)) = attribute {
        text.push(' ');
        push_decoded(value.split('"').next().unwrap_or_default(), text);
        text.push(' ');
    }
}

fn push_decoded(html: &str, text: &mut String) {
    let mut rest = html;
    while let Some(start) = rest.find('&') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let (character, length) = entity(from).unwrap_or(('&', 1));
        // Anki sorts by a common space.
        text.push(if character == '\u{a0}' { ' ' } else { character });
        rest = from.split_at(length).1;
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        assert_eq!(strip("<p>a &lt; b</p><!-- c > d --><b>e&#58;&#x3a;</b>"), "a < be::");
        assert_eq!(strip("x<img src=\"a &amp; b.png\" alt=\"c\">y"), "x a & b.png y");
        assert_eq!(strip("1 < 2 & 3"), "1 < 2 & 3");
        assert_eq!(strip("a&nbsp;b&#160;c<i title=\"d>e\">"), "a b ce\">");
        assert_eq!(strip("<style>p > a {}</style>q"), "q");
    }

    #[test]
    fn the_checksum_is_the_start_of_sha1() {
        // `printf Front | sha1sum` starts with dd19f988.
        assert_eq!(SortField::new("<b>Front</b>").checksum, 0xdd19_f988);
    }
}
