//! Turns what was changed of a file into a unified diff, as `patch` and `git apply` take it.
//!
//! Nothing is compared: which bytes were changed is known.

use std::fmt::Write;
use std::ops::Range;

use crate::source::{Change, LineIndex};
use crate::text::hidden;

/// So many lines that stay are shown before and behind those that do not.
const CONTEXT: usize = 3;

/// The diff of a file, without prefixes before its path. `text` is what it held, but for a byte order mark before it where
/// `has_mark`; changes of it ascend.
pub fn unified(path: &str, text: &str, has_mark: bool, changes: &[Change]) -> String {
    let path = hidden::shown(path);
    let mut diff = format!("--- {path}\n+++ {path}\n");
    let lines = Lines { text, index: LineIndex::new(text), has_mark };
    let blocks = blocks(&lines, changes);
    let (mut rest, mut shift) = (blocks.as_slice(), 0_isize);
    while let Some(first) = rest.first() {
        let is_near = |pair: &[Block]| matches!(pair, [one, next] if next.old.start - one.old.end <= 2 * CONTEXT);
        let count = 1 + rest.windows(2).take_while(|pair| is_near(pair)).count();
        let (hunk, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let last = hunk.last().map_or(first.old.end, |last| last.old.end);
        let old = first.old.start.saturating_sub(CONTEXT)..(last + CONTEXT).min(lines.count());
        shift = push_hunk(&mut diff, &lines, old, hunk, shift);
        rest = behind;
    }
    diff
}

struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
    /// Whether a byte order mark belongs to the first line.
    has_mark: bool,
}

impl<'a> Lines<'a> {
    /// Where a line starts, counted from 0; behind the last one, where the text ends.
    fn start(&self, line: usize) -> usize {
        self.index.start(line + 1).unwrap_or(self.text.len())
    }

    fn count(&self) -> usize {
        let last = self.index.line(self.text.len()) - 1;
        last + usize::from(self.start(last) < self.text.len())
    }

    fn of(&self, lines: Range<usize>) -> &'a str {
        self.text.get(self.start(lines.start)..self.start(lines.end)).unwrap_or_default()
    }
}

/// Lines that are replaced.
struct Block {
    /// Counted from 0.
    old: Range<usize>,
    new: String,
}

impl Block {
    /// Takes in the lines right behind it.
    fn take_in(&mut self, next: &Self) {
        self.old.end = next.old.end;
        self.new.push_str(&next.new);
    }
}

/// The changes as whole lines; those that touch one line, or lines that follow each other, are one block.
fn blocks(lines: &Lines<'_>, changes: &[Change]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = changes.iter().peekable();
    while let Some(change) = rest.next() {
        let first = lines.index.line(change.range.start) - 1;
        let mut at = lines.start(first);
        let (mut new, mut end, mut next) = (String::new(), first, Some(change));
        while let Some(change) = next {
            new.push_str(lines.text.get(at..change.range.start).unwrap_or_default());
            new.push_str(&change.text);
            at = change.range.end;
            // What ends with a line, and puts nothing before the next one, leaves that as it is.
            end = lines.index.line(at) - usize::from(lines.start(lines.index.line(at) - 1) == at && ends_line(&new));
            next = rest.next_if(|next| lines.index.line(next.range.start) <= end);
        }
        new.push_str(lines.text.get(at..lines.start(end)).unwrap_or_default());
        let end = end.min(lines.count()).max(first.min(lines.count()));
        let block = Block { old: first.min(lines.count())..end, new };
        match blocks.last_mut() {
            Some(before) if before.old.end == block.old.start => before.take_in(&block),
            Some(_) | None => blocks.push(block),
        }
    }
    blocks
}

fn ends_line(text: &str) -> bool {
    text.is_empty() || text.ends_with('\n')
}

/// Adds a hunk; gives by how many lines what stands behind it has moved.
fn push_hunk(diff: &mut String, lines: &Lines<'_>, old: Range<usize>, blocks: &[Block], shift: isize) -> isize {
    let (mut body, mut at, mut moved) = (String::new(), old.start, shift);
    let marked = |line: usize| if lines.has_mark && line == 0 { "\u{feff}" } else { "" };
    for block in blocks {
        push_lines(&mut body, [" ", marked(at)], lines.of(at..block.old.start));
        push_lines(&mut body, ["-", marked(block.old.start)], lines.of(block.old.clone()));
        push_lines(&mut body, ["+", marked(block.old.start)], &block.new);
        moved += block.new.split_inclusive('\n').count().cast_signed() - block.old.len().cast_signed();
        at = block.old.end;
    }
    push_lines(&mut body, [" ", marked(at)], lines.of(at..old.end));
    let count = old.len().saturating_add_signed(moved - shift);
    let start = |at: usize, count: usize| if count == 0 { at } else { at + 1 };
    let (from, to) = (start(old.start, old.len()), start(old.start.saturating_add_signed(shift), count));
    let _ = write!(diff, "@@ -{from},{} +{to},{count} @@\n{body}", old.len());
    moved
}

/// `sign` stands before each line, and `first` before the first one's text.
fn push_lines(diff: &mut String, [sign, first]: [&str; 2], text: &str) {
    for (index, line) in text.split_inclusive('\n').enumerate() {
        diff.push_str(sign);
        diff.push_str(if index == 0 { first } else { "" });
        diff.push_str(line);
        if !line.ends_with('\n') {
            diff.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test fails by a panic")]

    use proptest::prelude::*;

    use super::*;

    /// What `patch` makes of a text and a diff of it.
    fn patched(text: &str, diff: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (mut out, mut at, mut rest) = (String::new(), 0, diff.split_inclusive('\n').skip(2).peekable());
        while let Some(line) = rest.next() {
            let numbers: Vec<usize> =
                line.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            if let (Some("@@"), [from, old, to, new]) = (line.get(..2), numbers.as_slice()) {
                let start = if *old == 0 { *from } else { from - 1 };
                out.extend(lines[at..start].iter().copied());
                at = start;
                assert_eq!(out.split_inclusive('\n').count(), if *new == 0 { *to } else { to - 1 }, "{diff}");
                continue;
            }
            let is_last = rest.next_if(|next| next.starts_with('\\')).is_some();
            let text = if is_last { line.trim_end_matches('\n') } else { line };
            if !line.starts_with('+') {
                assert_eq!(lines.get(at), Some(&&text[1..]), "{diff}");
                at += 1;
            }
            out.push_str(if line.starts_with('-') { "" } else { &text[1..] });
        }
        out.extend(lines[at..].iter().copied());
        out
    }

    proptest! {
        #[test]
        fn patch_makes_the_text_of_a_diff(
            text in "([ab]{0,2}\n){0,16}[ab]{0,2}",
            edits in prop::collection::vec((0..12_usize, 0..6_usize, "([cd]|\n){0,3}"), 0..4),
        ) {
            let (mut changes, mut at) = (Vec::new(), 0);
            for (gap, length, new) in edits {
                let start = (at + gap).min(text.len());
                let end = (start + length).min(text.len());
                if start < end || !new.is_empty() {
                    changes.push(Change { range: start..end, text: new });
                }
                at = end + 1;
                if at > text.len() {
                    break;
                }
            }
            let mut right = text.clone();
            for change in changes.iter().rev() {
                right.replace_range(change.range.clone(), &change.text);
            }
            prop_assert_eq!(patched(&text, &unified("a", &text, false, &changes)), right);
        }
    }

    #[test]
    fn a_mark_stands_in_the_first_line() {
        let changes = [Change { range: 0..1, text: "c".into() }];
        let diff = "--- x\n+++ x\n@@ -1,2 +1,2 @@\n-\u{feff}a\n+\u{feff}c\n b\n\\ No newline at end of file\n";
        assert_eq!(unified("x", "a\nb", true, &changes), diff);
    }
}
