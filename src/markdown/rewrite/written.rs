//! Turns pieces of a file and notes written anew into one text that knows where each of its places comes from, and that into
//! changes.
//!
//! Knows no note and no syntax.

use std::ops::Range;

use crate::markdown::html::{self, Comment};
use crate::source::Change;

/// A text that may be the file's.
pub(super) struct Written {
    pub(super) text: String,
    /// Where it holds notes that were written anew, each with its place among the items.
    notes: Vec<(Range<usize>, usize)>,
    /// Where it holds text that stays, each with where that was.
    kept: Vec<(Range<usize>, usize)>,
}

/// Where a place of a new text comes from.
pub(super) enum Origin {
    /// A note that was written anew.
    Item(usize),
    /// This offset of the old text.
    Kept(usize),
    /// It was not there.
    None,
}

impl Written {
    /// What is not as it was in the old text: all between the pieces that stay.
    pub(super) fn changes(&self, old: &str) -> Vec<Change> {
        let (mut changes, mut at, mut place) = (Vec::new(), 0, 0);
        let end = (self.text.len()..self.text.len(), old.len());
        for (range, origin) in self.kept.iter().chain([&end]) {
            let text = self.text.get(at..range.start).unwrap_or_default();
            if old.get(place..*origin) != Some(text) {
                changes.push(Change { range: place..*origin, text: text.to_owned() });
            }
            (at, place) = (range.end, origin + range.len());
        }
        changes
    }

    pub(super) fn origin(&self, at: usize) -> Origin {
        let index = self.notes.partition_point(|(range, _)| range.start <= at);
        if let Some((range, item)) = index.checked_sub(1).and_then(|index| self.notes.get(index))
            && range.contains(&at)
        {
            return Origin::Item(*item);
        }
        let index = self.kept.partition_point(|(range, _)| range.start <= at);
        match index.checked_sub(1).and_then(|index| self.kept.get(index)) {
            Some((range, old)) if range.contains(&at) => Origin::Kept(old + at - range.start),
            Some(_) | None => Origin::None,
        }
    }
}

/// Puts a text together.
pub(super) struct Writer {
    line_end: &'static str,
    pub(super) out: Written,
    /// Where the text behind the front matter starts.
    pub(super) body: usize,
    /// Whether the last thing is a note that was written anew.
    is_open: bool,
    /// Whether what follows stands apart from what is there.
    pub(super) is_apart: bool,
}

impl Writer {
    /// For a text of about so many bytes.
    pub(super) fn new(length: usize, line_end: &'static str) -> Self {
        let out = Written { text: String::with_capacity(length + 1024), notes: Vec::new(), kept: Vec::new() };
        Self { line_end, out, body: 0, is_open: false, is_apart: false }
    }

    /// Puts text of the source that stays.
    pub(super) fn keep(&mut self, range: Range<usize>, text: &str) {
        let start = self.out.text.len();
        self.out.text.push_str(text);
        self.out.kept.push((start..self.out.text.len(), range.start));
    }

    /// Puts a text with line ends of the file's.
    pub(super) fn put(&mut self, text: &str) {
        if self.line_end == "\n" {
            self.out.text.push_str(text);
        } else {
            let one = text.replace("\r\n", "\n");
            self.out.text.push_str(&one.replace('\n', self.line_end));
        }
    }

    pub(super) fn note(&mut self, text: &str, index: usize) {
        self.part();
        let start = self.out.text.len();
        self.put(text);
        self.out.notes.push((start..self.out.text.len(), index));
        self.put("\n");
        (self.is_open, self.is_apart) = (true, true);
    }

    /// Puts text that was read of pieces of the source.
    pub(super) fn prose(&mut self, text: &str) {
        self.begin(text);
        self.part();
        self.put(text.trim_end());
        self.put("\n");
        self.is_apart = true;
    }

    /// Starts a text that stays, which may belong to no note; false where there is nothing in it.
    pub(super) fn begin(&mut self, text: &str) -> bool {
        let is_empty = text.trim().is_empty();
        if !is_empty && self.is_open && !starts_by_itself(text) {
            self.put("\n<!-- deckle: end -->\n");
            self.is_open = false;
        }
        !is_empty
    }

    /// How many bytes of the white space before a text are not wanted, because there is some already.
    pub(super) fn lead(&mut self, text: &str) -> usize {
        let blanks = text.len() - text.trim_start().len();
        let lead = text.get(..blanks).and_then(|blanks| blanks.rfind('\n')).map_or(0, |end| end + 1);
        if std::mem::take(&mut self.is_apart) {
            self.part();
            return lead;
        }
        0
    }

    /// Puts what only steered as a comment; what only parts is left out.
    pub(super) fn comment(&mut self, text: &str) {
        self.is_apart = true;
        let lines = text.lines().map(str::trim_end);
        let lines = lines.filter(|line| !line.is_empty() && !line.bytes().all(|byte| b"-*_ ".contains(&byte)));
        let lines: Vec<&str> = lines.collect();
        let comment = match lines.as_slice() {
            [] => return,
            [line] if matches!(html::comment(line), Some((Comment::Other, end)) if end == line.len()) => {
                (*line).to_owned()
            }
            [line] => format!("<!-- {} -->", inside(line)),
            lines => format!("<!--\n{}\n-->", inside(&lines.join("\n"))),
        };
        self.part();
        self.put(&comment);
        self.put("\n");
    }

    /// Puts an empty line, unless one is there or nothing stands above.
    fn part(&mut self) {
        let body = self.out.text.get(self.body..).unwrap_or_default();
        if body.trim().is_empty() {
            // Behind front matter one is wanted as well.
            let before = self.out.text.get(..self.body).unwrap_or_default();
            if !before.is_empty() && body.is_empty() && !before.ends_with("\n\n") && !before.ends_with("\n\r\n") {
                self.put("\n");
            }
            return;
        }
        let kept = self.out.text.trim_end_matches([' ', '\t', '\r', '\n']).len();
        self.out.text.truncate(kept);
        if let Some((range, _)) = self.out.kept.last_mut() {
            range.end = range.end.min(kept);
        }
        self.put("\n\n");
    }

    pub(super) fn finish(mut self) -> Written {
        if self.out.text.ends_with("\n\n") || self.out.text.ends_with("\n\r\n") {
            let kept = self.out.text.trim_end().len();
            self.out.text.truncate(kept);
            self.put("\n");
        }
        self.out
    }
}

/// Whether a text that stands behind a note's does not become part of it: it starts with a heading, behind comments.
fn starts_by_itself(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some((Comment::Other, end)) = html::comment(rest) {
        let (line, behind) = rest.get(end..).unwrap_or_default().split_once('\n').unwrap_or_default();
        if !line.trim().is_empty() {
            return false;
        }
        rest = behind.trim_start();
    }
    let level = rest.len() - rest.trim_start_matches('#').len();
    let behind = rest.get(level..).unwrap_or_default();
    rest.is_empty() || ((1..=6).contains(&level) && behind.starts_with([' ', '\t', '\r', '\n']))
}

/// A text as it may stand in a comment.
fn inside(text: &str) -> String {
    text.replace("<!--", "").replace("-->", "").replace("--", "- -").trim().to_owned()
}
