//! Turns the `#words` of a text into tags.
//!
//! As Obsidian has them: behind white space, of letters, digits, `_`, `-` and `/`, and not of digits alone.

use crate::ir::{Block, BlockKind, ChildMut, Inline, InlineKind};

/// Takes the tags out of content: at the end of a block and in lines of their own all of them, elsewhere their `#`.
pub(in crate::markdown) fn take(blocks: &mut Vec<Block>) -> Vec<String> {
    let mut found = Vec::new();
    take_from(ChildMut::Blocks(blocks), &mut found);
    found
}

/// Takes tags off the end of content, as long as they are wanted: the last one first.
pub(in crate::markdown) fn take_last(content: &mut Vec<Inline>, wants: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut() {
        let trimmed = text.trim_end();
        let start = trimmed
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8));
        let Some(tag) = tag(&trimmed[start..]).filter(|tag| wants(tag)) else { break };
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

fn take_from(content: ChildMut<'_>, found: &mut Vec<String>) {
    match content {
        ChildMut::Blocks(blocks) => {
            for block in blocks.iter_mut() {
                block.for_each_child_mut(&mut |child| take_from(child, found));
            }
            blocks.retain(|block| !matches!(&block.kind, BlockKind::Paragraph { content } if content.is_empty()));
        }
        ChildMut::Inlines(content) => {
            let mut last = take_last(content, |_| true);
            last.reverse();
            for inline in content.iter_mut() {
                if let InlineKind::Text { text } = &mut inline.kind {
                    unmark(text, found);
                } else if let Some(child) = inline.child_mut() {
                    take_from(child, found);
                }
            }
            found.append(&mut last);
        }
        ChildMut::Runs(_) => {}
    }
}

/// Takes the `#` off tags within a text.
fn unmark(text: &mut String, found: &mut Vec<String>) {
    if !text.contains('#') {
        return;
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        // What is punctuation behind a tag is none of it.
        let word = piece.trim_end();
        let length = word.len() - word.trim_end_matches(|c: char| ".,;:!?)".contains(c)).len();
        let word = &word[..word.len() - length];
        match tag(word) {
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
    fn those_at_the_end_are_found_together() {
        assert_eq!(last("What is a port? #net #exam "), Some(16));
        assert_eq!(last("#a #b"), Some(0));
        assert_eq!((last("a #1"), last("a #b c"), last("")), (None, None, None));
    }
}
