//! Turns the `#words` of a text into tags.
//!
//! As Obsidian has them: behind white space, of letters, digits, `_`, `-` and `/`, and not of digits alone.

use crate::ir::{Block, BlockKind, ChildMut, Inline, InlineKind};
use crate::source::Span;

/// Takes the tags out of content: at the end of a block and in lines of their own all of them, elsewhere their `#`.
pub(in crate::markdown) fn take(blocks: &mut Vec<Block>, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    take_from(ChildMut::Blocks(blocks), source, &mut found);
    found
}

/// Takes tags off the end of content, as long as they are wanted: the last one first.
pub(in crate::markdown) fn take_last(
    content: &mut Vec<Inline>,
    source: &str,
    wants: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut own = (0, Vec::new());
    loop {
        let inlines = content.len();
        let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut() else { break };
        if own.0 != inlines {
            own = (inlines, own_signs(text, source, *span));
        }
        let trimmed = text.trim_end();
        let start = trimmed
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8));
        let is_text = own.1.binary_search(&start).is_ok();
        let Some(tag) = tag(&trimmed[start..]).filter(|tag| !is_text && wants(tag)) else { break };
        found.push(tag.to_owned());
        let kept = text[..start].trim_end().len();
        let written = text.len() == span.range().len();
        text.truncate(kept);
        if written {
            span.end = span.start + kept as u32;
        }
        let is_blank = |inline: &mut Inline| inline.kind.is_break() || inline.kind.as_text() == Some("");
        while content.pop_if(is_blank).is_some() {}
    }
    found
}

/// The tags at the end of content, and where they start.
pub(in crate::markdown) fn last(text: &str) -> Option<usize> {
    let mut start = text.trim_end().len();
    loop {
        let before = text[..start].trim_end();
        let word = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        if before.is_empty() || tag(&before[word..]).is_none() {
            return (start < text.trim_end().len()).then_some(start);
        }
        start = word;
    }
}

fn take_from(content: ChildMut<'_>, source: &str, found: &mut Vec<String>) {
    match content {
        ChildMut::Blocks(blocks) => {
            for block in blocks.iter_mut() {
                block.for_each_child_mut(&mut |child| take_from(child, source, found));
            }
            blocks.retain(|block| !matches!(&block.kind, BlockKind::Paragraph { content } if content.is_empty()));
        }
        ChildMut::Inlines(content) => {
            let mut last = take_last(content, source, |_| true);
            last.reverse();
            for inline in content.iter_mut() {
                if let InlineKind::Text { text } = &mut inline.kind {
                    let own = own_signs(text, source, inline.span);
                    unmark(text, &own, found);
                } else if let Some(child) = inline.child_mut() {
                    take_from(child, source, found);
                }
            }
            found.append(&mut last);
        }
        ChildMut::Runs(_) => {}
    }
}

/// Where a text has signs that are its author's, ascending: a backslash is before them, or an entity stands for them.
/// `span` is the text's; the text may have lost its end.
pub(in crate::markdown) fn own_signs(text: &str, source: &str, span: Span) -> Vec<usize> {
    let (before, rest) = source.split_at_checked(span.start as usize).unwrap_or_default();
    let is_escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
    let written = rest.get(..span.range().len()).unwrap_or_default();
    if !text.contains('#') || written == text && !(is_escaped && text.starts_with('#')) {
        return Vec::new();
    }
    let places = text.match_indices('#').map(|(at, _)| at);
    places.zip(signs(written, is_escaped)).filter_map(|(at, is_own)| is_own.then_some(at)).collect()
}

/// Of each sign that a source stands for, whether it is its author's; `is_escaped` says that its first character is.
fn signs(source: &str, mut is_escaped: bool) -> Vec<bool> {
    let mut signs = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(|c| matches!(c, '#' | '\\' | '&') || is_escaped) {
        rest = rest.get(at..).unwrap_or_default();
        let entity = rest.bytes().take(ENTITY).position(|byte| byte == b';').and_then(|end| rest.get(..end));
        let length = match rest.as_bytes() {
            [b'#', ..] => {
                signs.push(is_escaped);
                1
            }
            _ if is_escaped => rest.chars().next().map_or(1, char::len_utf8),
            [b'\\', ..] => 1,
            _ if entity == Some("&num") => {
                signs.push(true);
                1
            }
            _ => match entity.and_then(|entity| Some((entity, code(entity.strip_prefix("&#")?)?))) {
                Some((entity, code)) => {
                    signs.extend((code == u32::from('#')).then_some(true));
                    entity.len()
                }
                None => 1,
            },
        };
        is_escaped = !is_escaped && rest.starts_with('\\');
        rest = rest.get(length..).unwrap_or_default();
    }
    signs
}

/// The bytes that an entity of one character by its number has at most (CommonMark, section 2.5).
const ENTITY: usize = 10;

/// The character that an entity's number stands for.
fn code(number: &str) -> Option<u32> {
    let hexadecimal = number.strip_prefix(['x', 'X']);
    let (digits, radix) = hexadecimal.map_or((number, 10), |digits| (digits, 16));
    u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
}

/// Takes the `#` off tags within a text, but for its author's own signs.
fn unmark(text: &mut String, own: &[usize], found: &mut Vec<String>) {
    if !text.contains('#') {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let start = end;
        end += piece.len();
        // What is punctuation behind a tag is none of it.
        let word = piece.trim_end();
        let length = word.len() - word.trim_end_matches(|c: char| ".,;:!?)".contains(c)).len();
        let word = &word[..word.len() - length];
        match tag(word).filter(|_| own.binary_search(&start).is_err()) {
            Some(tag) => {
                found.push(tag.to_owned());
                out.push_str(&piece[1..]);
            }
            None => out.push_str(piece),
        }
    }
    *text = out;
}

/// The tag that a word is, without its `#`.
fn tag(word: &str) -> Option<&str> {
    let tag = word.strip_prefix('#')?;
    let is_part =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/') || (!c.is_ascii() && !c.is_whitespace());
    let is_tag = tag.chars().all(is_part) && tag.chars().any(|c| !c.is_ascii_digit() && c.is_alphanumeric());
    is_tag.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn tags_are_words_behind_a_sign() {
        for (word, expected) in [
            ("#net", Some("net")),
            ("#a/b_c-1", Some("a/b_c-1")),
            ("#概念", Some("概念")),
            ("#2024", None),
            ("##", None),
            ("#", None),
            ("#include<x>", None),
            ("C#", None),
            ("#-", None),
        ] {
            assert_eq!(tag(word), expected, "{word}");
        }
    }

    #[test]
    fn escaped_signs_are_their_authors() {
        for (source, expected) in [
            ("#a \\#b", vec![false, true]),
            ("\\\\ #a &#35;b &#x23;c &num;d &#44; #e", vec![false, true, true, true, false]),
            ("\\&#35;a & #b &#99999999999; #", vec![false, false, false, false]),
            ("ä\\", vec![]),
        ] {
            assert_eq!(signs(source, false), expected, "{source}");
        }
        assert_eq!(signs("#a #b", true), [true, false]);
        assert_eq!(own_signs("#a", "\\#a", Span::new(SourceId(0), 1..3)), [0]);
        assert_eq!(own_signs("#a", "\\\\#a", Span::new(SourceId(0), 2..4)), [0; 0]);
    }

    #[test]
    fn those_at_the_end_are_found_together() {
        assert_eq!(last("What is a port? #net #exam "), Some(16));
        assert_eq!(last("#a #b"), Some(0));
        assert_eq!((last("a #1"), last("a #b c"), last("")), (None, None, None));
    }
}
