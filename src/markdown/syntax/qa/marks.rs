//! Finds the lines at which cards may begin and end. Fenced code and HTML comments are opaque.
//!
//! Knows lines, not cards: which of them belong together is up to [`super`].

use std::ops::Range;

use super::near::{Near, near};

/// A line that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    /// The line, without the line end.
    pub(super) line: Range<usize>,
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// It starts with `Q:`.
    Question,
    /// It starts with `A:`.
    Answer,
    /// It starts with `C:`.
    Cloze,
    /// It is `---`.
    Rule,
    /// It is a heading that starts with `#`.
    Heading,
    /// A comment starts it, and an empty line stands above.
    Comment,
    /// Text behind two empty lines or more.
    Apart,
}

/// Bytes of `Q:`, `A:` and `C:`.
pub(super) const TAG: usize = 2;

/// What is found in a text.
pub(super) struct Found {
    /// The lines that mean something.
    pub(super) marks: Vec<Mark>,
    /// Those that nearly start a part of a card.
    pub(super) near: Vec<Near>,
    /// Where a fence opens that is never closed and has marks behind it.
    pub(super) open_fence: Option<Range<usize>>,
}

/// The marks of a text.
pub(super) fn marks(text: &str, range: Range<usize>) -> Found {
    let text = text.get(..range.end).unwrap_or_default();
    let mut scan =
        Scan { marks: Vec::new(), near: Vec::new(), blanks: 1, opaque: None, last_comment_end: text.rfind("-->") };
    let mut at = range.start;
    for line in text.get(range.start..).unwrap_or_default().split_inclusive('\n') {
        scan.line(line.trim_end(), at);
        at += line.len();
    }
    let open_fence = match scan.opaque {
        Some(Opaque::Fence { line, hides: true, .. }) => Some(line),
        Some(Opaque::Fence { .. } | Opaque::Comment) | None => None,
    };
    Found { marks: scan.marks, near: scan.near, open_fence }
}

struct Scan {
    marks: Vec<Mark>,
    near: Vec<Near>,
    /// How many empty lines stand above.
    blanks: usize,
    opaque: Option<Opaque>,
    last_comment_end: Option<usize>,
}

/// What lines are in that mean nothing.
enum Opaque {
    Comment,
    Fence {
        sign: char,
        length: usize,
        line: Range<usize>,
        /// Whether one of them would have meant something.
        hides: bool,
    },
}

impl Scan {
    fn line(&mut self, line: &str, at: usize) {
        match &mut self.opaque {
            Some(Opaque::Comment) => {
                if line.contains("-->") {
                    self.opaque = None;
                }
            }
            Some(Opaque::Fence { sign, length, hides, .. }) => {
                let signs = line.trim_start();
                let is_bare = signs.trim_start_matches(*sign).is_empty();
                *hides |= tag(line).is_some();
                if is_bare && signs.len() >= *length && indentation(line) <= DEEPEST {
                    self.opaque = None;
                }
            }
            None if line.is_empty() => return self.blanks += 1,
            None => self.open_line(line, at),
        }
        self.blanks = 0;
    }

    /// A line that is not opaque and not empty.
    fn open_line(&mut self, line: &str, at: usize) {
        if tag(line).is_none() {
            self.near.extend(near(line, at));
        }
        let kind = tag(line).or_else(|| self.kind(line));
        self.marks.extend(kind.map(|kind| Mark { kind, line: at..at + line.len() }));
        let rest = if tag(line).is_some() { line[TAG..].trim_start() } else { line };
        if let Some((sign, length)) = fence(rest) {
            self.opaque = Some(Opaque::Fence { sign, length, line: at..at + line.len(), hides: false });
        } else if let Some(comment) = comment(line) {
            // A comment that never ends is none.
            let ends_below = self.last_comment_end.is_some_and(|end| end > at + line.len());
            self.opaque = (!comment.contains("-->") && ends_below).then_some(Opaque::Comment);
        }
    }

    fn kind(&self, line: &str) -> Option<MarkKind> {
        if line.trim() == "---" {
            Some(MarkKind::Rule)
        } else if is_heading(line) {
            Some(MarkKind::Heading)
        } else if comment(line).is_some() && self.blanks > 0 {
            Some(MarkKind::Comment)
        } else {
            (self.blanks > 1).then_some(MarkKind::Apart)
        }
    }
}

/// How many spaces may stand before a fence, a heading or a comment (CommonMark).
const DEEPEST: usize = 3;

fn tag(line: &str) -> Option<MarkKind> {
    match line.as_bytes() {
        [b'Q', b':', ..] => Some(MarkKind::Question),
        [b'A', b':', ..] => Some(MarkKind::Answer),
        [b'C', b':', ..] => Some(MarkKind::Cloze),
        _ => None,
    }
}

/// The spaces before a line's text; a tab is deeper than any of what is looked for may stand.
fn indentation(line: &str) -> usize {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    if line[spaces..].starts_with('\t') { usize::MAX } else { spaces }
}

/// The sign of a fence that opens here, and how often it stands there.
fn fence(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start();
    let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let info = text.trim_start_matches(sign);
    let length = text.len() - info.len();
    (length >= 3 && indentation(line) <= DEEPEST && !(sign == '`' && info.contains('`'))).then_some((sign, length))
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start();
    let behind = text.trim_start_matches('#');
    let level = text.len() - behind.len();
    indentation(line) <= DEEPEST && (1..=6).contains(&level) && (behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// What stands behind the opening of a comment that starts the line.
fn comment(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("<!--").filter(|_| indentation(line) <= DEEPEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<MarkKind> {
        marks(text, 0..text.len()).marks.into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn tags_stand_at_the_first_column() {
        use MarkKind::{Answer, Cloze, Question, Rule};
        assert_eq!(kinds("Q:a\r\nA: b\r\n--- \r\nC: [c]"), [Question, Answer, Rule, Cloze]);
        assert_eq!(kinds(" Q: a\n- A: b\nq: a\n**C:** d\nFAQ: e\n"), []);
    }

    #[test]
    fn what_is_opaque_hides_tags_up_to_its_own_end() {
        use MarkKind::{Answer, Comment, Question};
        assert_eq!(kinds("Q: x\nA: ```\nQ: y\n~~~\n````\nQ: z\n"), [Question, Answer, Question]);
        assert_eq!(kinds("~~~~md\nQ: x\n~~~\n~~~~\nQ: y\n"), [Question]);
        assert_eq!(kinds("``` a`b\nQ: x\n"), [Question]);
        assert_eq!(kinds("    ```\nQ: x\n"), [Question]);
        assert_eq!(kinds("<!--\nQ: x\n-->\nQ: y\n"), [Comment, Question]);
        assert_eq!(kinds("a\n<!-- b -->\nQ: y\n"), [Question]);
        assert_eq!(kinds("<!-- never closed\nQ: y\n"), [Comment, Question]);
    }

    #[test]
    fn a_fence_that_never_closes_is_told_where_it_hides_something() {
        let open = |text: &str| marks(text, 0..text.len()).open_fence.map(|range| text[range].to_owned());
        assert_eq!(open("```\nQ: x\n"), Some("```".into()));
        assert_eq!(open("```\nx\n"), None);
        assert_eq!(open("```\nQ: x\n```\n"), None);
    }

    #[test]
    fn headings_and_text_that_stands_apart_are_marked() {
        use MarkKind::{Apart, Heading, Question};
        assert_eq!(kinds("# a\n#b\n    # c\n######\n\n\n\nQ: x\n\n\ny\n"), [Heading, Heading, Question, Apart]);
    }
}
