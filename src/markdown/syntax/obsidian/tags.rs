//! Finds the tags of a file, in its text and in its front matter, and says which of them put a deck into effect.
//!
//! A tag is what Obsidian takes for one: `#` behind white space, and then anything but white space and most punctuation, not digits
//! alone. Knows lines, not cards.

use std::ops::Range;

use super::super::lines::{LineKind, Lines};
use super::literal::literal;
use crate::config::syntax::ObsidianOptions;
use crate::ir::{DeckName, Tag};

/// A tag, and where it stands, with its `#` in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// Without its `#`.
    pub(super) tag: &'a str,
    pub(super) range: Range<usize>,
}

/// Whether a tag is one of these or below one of them: `#a/b` is below `#a`, `#ab` is not.
pub(super) fn is_among(tag: &str, tags: &[String]) -> bool {
    let is_below =
        |above: &String| tag.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    tags.iter().any(is_below)
}

/// The deck that a tag names.
pub(super) fn deck(tag: &str) -> Option<DeckName> {
    let parts: Vec<&str> = tag.split('/').filter(|part| !part.is_empty()).collect();
    DeckName::new(&parts.join("::"))
}

/// A tag as notes have it.
pub(super) fn note_tag(tag: &str) -> Option<Tag> {
    Tag::new(&Tag::written(tag))
}

/// The tags of a line that starts at an offset, outside of literal text.
pub(super) fn in_line(line: &str, at: usize, math: bool) -> Vec<Found<'_>> {
    if !line.contains('#') {
        return Vec::new();
    }
    let literal = literal(line, math);
    let mut found = Vec::new();
    let mut is_behind_blank = true;
    for (start, c) in line.char_indices() {
        if c == '#' && is_behind_blank {
            let next = literal.partition_point(|range| range.end <= start);
            let is_text = literal.get(next).is_none_or(|range| range.start > start);
            let tag = line.get(start + 1..).and_then(tag).filter(|_| is_text);
            found.extend(tag.map(|tag| Found { tag, range: at + start..at + start + 1 + tag.len() }));
        }
        is_behind_blank = c.is_whitespace();
    }
    found
}

/// Where a line ends without the tags behind its text that put a deck into effect; `end` is where it does without machinery.
pub(super) fn before_switches(line: &str, mut end: usize, options: &ObsidianOptions, math: bool) -> usize {
    if !line.contains('#') || options.folders_as_decks {
        return end;
    }
    let written = end;
    for found in in_line(line, 0, math).into_iter().rev().skip_while(|found| found.range.end > written) {
        let before = line.get(..found.range.start).unwrap_or_default().trim_end();
        if found.range.end != end || !is_among(found.tag, &options.tags) || before.is_empty() {
            break;
        }
        end = before.len();
    }
    end
}

/// Whether a line is tags and nothing else.
pub(super) fn are_all(line: &str, tags: &[Found<'_>]) -> bool {
    !tags.is_empty() && line.split_whitespace().count() == tags.len() && {
        let written: usize = tags.iter().map(|found| found.range.len()).sum();
        line.chars().filter(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>() == written
    }
}

/// The tag that a text starts with.
fn tag(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let tag = text.get(..end).filter(|tag| tag.chars().any(|c| !c.is_ascii_digit() && c != '/'));
    tag.map(|tag| tag.trim_end_matches('/'))
}

/// Whether a character may stand in a tag.
fn is_part(c: char) -> bool {
    match c {
        // It joins what is one sign to the eye.
        '\u{200d}' => true,
        '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}' => false,
        _ => !c.is_whitespace() && !c.is_control() && !"'!\"#$%&()*+,.:;<=>?@^`{|}~[]\\".contains(c),
    }
}

/// The tags of front matter, whose YAML lies at `yaml` of the text: `tags:` or `tag:`, a list or a text, with `#` or without.
pub(super) fn in_front_matter(text: &str, yaml: Range<usize>) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut at = yaml.start;
    // Whether the lines at hand belong to the key, and whether in brackets.
    let (mut is_inside, mut in_brackets) = (false, false);
    for line in text.get(yaml).unwrap_or_default().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let key = line.split_once(':').filter(|(key, _)| matches!(*key, "tags" | "tag" | "Tags" | "Tag" | "\"tags\""));
        let value = if let Some((key, value)) = key {
            is_inside = true;
            in_brackets = value.trim_start().starts_with('[');
            Some((start + key.len() + 1, value))
        } else {
            let is_item = line.trim_start().starts_with("- ");
            is_inside &= in_brackets || is_item || line.trim().is_empty();
            is_inside.then_some((start, line))
        };
        if let Some((place, value)) = value {
            words(value, place, &mut found);
            in_brackets &= !value.contains(']');
        }
    }
    found
}

/// The words of a value in YAML. A comment is no word, but people write their tags so.
fn words<'a>(value: &'a str, place: usize, found: &mut Vec<Found<'a>>) {
    let is_border = |c: char| c.is_whitespace() || ",[]\"'".contains(c);
    let mut at = 0;
    for piece in value.split_inclusive(is_border) {
        let word = piece.trim_end_matches(is_border);
        let tag = word.trim_start_matches('#').trim_matches('/');
        if !matches!(tag, "" | "-" | "null" | "~") {
            found.push(Found { tag, range: place + at..place + at + word.len() });
        }
        at += piece.len();
    }
}

/// The tags of a text that put a deck into effect, or keep one from being: those of its front matter before the others.
pub(super) fn switches<'a>(
    text: &'a str,
    yaml: Option<Range<usize>>,
    body: Range<usize>,
    options: &ObsidianOptions,
    math: bool,
) -> Vec<Found<'a>> {
    let is_switch = |found: &Found<'_>| is_among(found.tag, &options.tags) || is_among(found.tag, &options.ignore_tags);
    let mut found = yaml.map(|yaml| in_front_matter(text, yaml)).unwrap_or_default();
    let content = text.get(body.clone()).unwrap_or_default();
    let is_written = |tag: &String| content.match_indices(tag.as_str()).any(|(at, _)| content[..at].ends_with('#'));
    if options.tags.iter().chain(&options.ignore_tags).any(is_written) {
        let lines = Lines::of(text, body, math).lines;
        let lines = lines.into_iter().filter(|line| line.kind == LineKind::Text);
        found.extend(
            lines.flat_map(|line| in_line(text.get(line.range.clone()).unwrap_or_default(), line.range.start, math)),
        );
    }
    found.retain(is_switch);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<&str> {
        in_line(text, 0, true).into_iter().map(|found| found.tag).collect()
    }

    #[test]
    fn tags_are_what_the_editor_takes_for_them() {
        for (text, expected) in [
            ("#flashcards/bio a", vec!["flashcards/bio"]),
            ("a #b, #c. (#d) x#e", vec!["b", "c"]),
            ("#🧠 #👩‍🔬/x #概念，x", vec!["🧠", "👩‍🔬/x", "概念，x"]),
            ("#1 #2024/x ## # #a#b", vec!["2024/x", "a"]),
            ("`#a` $#b$ #c", vec!["c"]),
            ("#دروس/تاريخ", vec!["دروس/تاريخ"]),
            ("# #a", vec!["a"]),
            ("#a/ #/", vec!["a"]),
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
    }

    #[test]
    fn a_tag_is_below_those_that_start_its_path() {
        let tags = ["flashcards".to_owned(), "a/b".to_owned()];
        let among = |tag| is_among(tag, &tags);
        assert!(among("flashcards") && among("flashcards/bio") && among("a/b/c"));
        assert!(!among("flashcardsold") && !among("a") && !among("a/bc") && !among("Flashcards"));
        assert_eq!(deck("flashcards/bio//cell/").as_ref().map(DeckName::as_str), Some("flashcards::bio::cell"));
    }

    #[test]
    fn front_matter_has_tags_in_many_forms() {
        for (yaml, expected) in [
            ("tags: [a, \"#b/c\", 'd']\nother: [x]\n", vec!["a", "b/c", "d"]),
            ("tags:\n  - a\n- \"b\"\n\n  - '#c'\ntitle: x\n- y\n", vec!["a", "b", "c"]),
            ("title: x\ntag: a b\n", vec!["a", "b"]),
            ("tags: #a\r\nx: y\r\n", vec!["a"]),
            ("tags: [a,\n  b]\nc: d\n", vec!["a", "b"]),
            ("tags:\naliases:\n  - x\n", vec![]),
            ("Tags: 🧠\n", vec!["🧠"]),
            ("hashtags: x\n", vec![]),
        ] {
            let found = in_front_matter(yaml, 0..yaml.len());
            assert_eq!(found.iter().map(|found| found.tag).collect::<Vec<_>>(), expected, "{yaml}");
            assert!(found.iter().all(|found| yaml[found.range.clone()].ends_with(found.tag)), "{yaml}");
        }
    }

    #[test]
    fn lines_of_tags_hold_nothing_else() {
        let all = |text: &str| are_all(text, &in_line(text, 0, true));
        assert!(all("#a #b/c") && all("  #🧠"));
        assert!(!all("#a b") && !all("#a, #b") && !all("") && !all("- #a"));
    }
}
