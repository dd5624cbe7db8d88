//! Turns a text from a place on into lines without the marks of the quotes and items that hold the place, and says how each
//! begins.
//!
//! Knows Markdown's blocks by the starts of their lines alone.

use std::ops::Range;

use super::regions::{Container, ContainerKind};

/// A line, from behind the marks of what holds it to before its line end.
pub(super) struct Line {
    pub range: Range<usize>,
    pub begins: Begins,
}

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    /// Nothing at all.
    Blank,
    /// `#`s, a fence or a comment: what stands before it ends.
    Section,
    /// The mark of an item, or the pipe of a row.
    Item,
    /// Anything else.
    Text,
}

/// The lines that go on behind a place, as long as they stand in what holds it. The first is the rest of the place's own.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    containers: &'a [&'a Container],
    /// Where the first line ends, its line end included; known so that many places in a long line are not looked for one by one.
    first_end: Option<usize>,
    was_blank: bool,
}

impl<'a> Lines<'a> {
    /// From the first of `places` on to the second at most. `first_end` is behind the line end of the place's line.
    pub(super) fn new(text: &'a str, places: Range<usize>, first_end: usize, containers: &'a [&'a Container]) -> Self {
        let Range { start: at, end } = places;
        Self { text, at, end, containers, first_end: Some(first_end.min(end)), was_blank: false }
    }

    /// Where the content of a line starts, unless it stands elsewhere. A line with too few blanks still belongs to an item
    /// that it can go on with.
    fn strip(&self, start: usize, end: usize) -> Option<usize> {
        let mut at = start;
        for container in self.containers {
            let rest = self.text.get(at..end)?;
            let bare = rest.trim_start_matches([' ', '\t']);
            let blanks = rest.len() - bare.len();
            match container.kind {
                ContainerKind::Quote => {
                    let behind = bare.strip_prefix('>').filter(|_| blanks < 4)?;
                    at = end - behind.strip_prefix(' ').unwrap_or(behind).len();
                }
                ContainerKind::Indented(count) => {
                    let leaves = columns(rest) < count && !bare.is_empty();
                    if leaves && (self.was_blank || begins(rest) != Begins::Text) {
                        return None;
                    }
                    at += blanks.min(count);
                }
            }
        }
        Some(at)
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let first_end = self.first_end.take();
        let rest = self.text.get(self.at..self.end).filter(|rest| first_end.is_some() || !rest.is_empty())?;
        let length = first_end.map(|end| end.saturating_sub(self.at)).or_else(|| rest.find('\n').map(|end| end + 1));
        let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let end = self.at + line.trim_end_matches(['\n', '\r']).len();
        let start = if first_end.is_some() { self.at } else { self.strip(self.at, end)? };
        let begins = begins(self.text.get(start..end).unwrap_or_default());
        self.was_blank = begins == Begins::Blank && first_end.is_none();
        self.at += line.len();
        Some(Line { range: start..end, begins })
    }
}

/// How many of the containers that are open hold a line by its own marks, and not because it goes on with their text. Those that
/// open in the line itself do.
pub(super) fn held(line: &str, start: usize, open: &[&Container]) -> usize {
    let mut rest = line;
    for (index, container) in open.iter().enumerate().filter(|(_, container)| container.range.start < start) {
        let bare = rest.trim_start_matches([' ', '\t']);
        rest = match container.kind {
            ContainerKind::Quote => match bare.strip_prefix('>') {
                Some(behind) => behind.strip_prefix(' ').unwrap_or(behind),
                None => return index,
            },
            ContainerKind::Indented(count) if columns(rest) < count => return index,
            ContainerKind::Indented(count) => rest.get(count.min(rest.len() - bare.len())..).unwrap_or_default(),
        };
    }
    open.len()
}

/// How wide the blanks are that a line starts with.
fn columns(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| if byte == b'\t' { 4 } else { 1 }).sum()
}

/// What a line begins with.
pub(super) fn begins(line: &str) -> Begins {
    let bare = line.trim_start_matches([' ', '\t']);
    if bare.trim_end().is_empty() {
        return Begins::Blank;
    }
    // What stands further in goes on with a paragraph.
    if line.len() - bare.len() > 3 {
        return Begins::Text;
    }
    let behind = bare.trim_start_matches('#');
    let is_heading = (1..=6).contains(&(bare.len() - behind.len())) && is_parted(behind);
    if is_heading || ["```", "~~~", "<!--"].iter().any(|start| bare.starts_with(start)) {
        Begins::Section
    } else if bare.starts_with('|') || mark(bare).is_some_and(|length| !bare[length..].trim().is_empty()) {
        Begins::Item
    } else {
        Begins::Text
    }
}

/// How many bytes marks before a line's content may take.
const MOST_MARKS: usize = 1024;

/// Whether a place is the first of its line but for marks of what holds it.
pub(in crate::markdown) fn starts_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    // Marks take far less.
    let near = before.floor_char_boundary(before.len().saturating_sub(MOST_MARKS));
    let Some(line) =
        before.get(near..).unwrap_or_default().rfind('\n').map(|end| near + end + 1).or((near == 0).then_some(0))
    else {
        return false;
    };
    let mut before = before.get(line..).unwrap_or_default();
    loop {
        before = before.trim_start_matches([' ', '\t']);
        let mark = mark(before).and_then(|length| before.get(length..)).filter(|behind| !behind.is_empty());
        match before.strip_prefix('>').or(mark) {
            Some(behind) => before = behind,
            None => return before.is_empty(),
        }
    }
}

/// The length of the mark of an item, a meaning or a footnote at the start of a text.
fn mark(text: &str) -> Option<usize> {
    let length = match text.bytes().next()? {
        b'-' | b'+' | b'*' | b':' => 1,
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            text.get(digits..).filter(|rest| digits < 10 && rest.starts_with(['.', ')']))?;
            digits + 1
        }
        b'[' if text.starts_with("[^") => text.get(..text.floor_char_boundary(MOST_MARKS))?.find("]:")? + 2,
        _ => return None,
    };
    text.get(length..).filter(|rest| is_parted(rest)).map(|_| length)
}

/// Whether what stands before a text ends as a word does.
fn is_parted(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_as_blocks_do() {
        for line in ["", "  ", "\t"] {
            assert_eq!(begins(line), Begins::Blank, "{line:?}");
        }
        for line in ["# x", "######", "  ## x", "```", "~~~ math", "<!-- back -->"] {
            assert_eq!(begins(line), Begins::Section, "{line:?}");
        }
        for line in ["- x", "+ b", "* c", "1. x", "23) y", "| x |", ": y", "[^1]: z", "   - x"] {
            assert_eq!(begins(line), Begins::Item, "{line:?}");
        }
        for line in ["-", "=", "-b", "+b$", "#1", "#######", "1.5", "> 0", "x", "    - x", "---", "1234567890. x"] {
            assert_eq!(begins(line), Begins::Text, "{line:?}");
        }
    }

    #[test]
    fn a_line_starts_behind_the_marks_of_what_holds_it() {
        for text in ["", "x\n", "> ", "- ", "> - ", "1. ", ": ", "[^a]: ", "  "] {
            assert!(starts_line(&format!("{text}$$"), text.len()), "{text:?}");
        }
        for text in ["x ", "- x ", "-", "> x", "1.5 "] {
            assert!(!starts_line(&format!("{text}$$"), text.len()), "{text:?}");
        }
    }
}
