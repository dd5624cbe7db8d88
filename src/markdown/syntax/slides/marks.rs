//! Finds the lines at which slides begin and pause. Code, comments, raw HTML and what lists hold is opaque.
//!
//! Knows lines, not cards: which of them belong together is up to [`super`]. The grammar is pandoc's: a thematic break stands
//! behind an empty line or another block, never right under text, and a pause is a paragraph by itself.

use std::ops::Range;

use super::super::lines::fence;

/// A line that means something, or several: an underlined heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    /// From the line's start to before its line end.
    pub(super) line: Range<usize>,
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A thematic break.
    Rule,
    /// A heading of level 1.
    Heading,
    /// What stands between front and back.
    Pause,
    /// `<AnkiTags a b/>`.
    Tags,
    /// Nearly a pause.
    NearPause,
    /// Dashes right under text, which make a heading of it.
    NearRule,
}

/// How the lines of a text are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    /// What stands between front and back; blanks between its signs count as one.
    pub(super) pause: &'a str,
    /// Whether a line by itself means what it says, wherever it stands, and headings start nothing: as ankdown reads.
    pub(super) by_lines: bool,
}

/// Finds the marks of a text.
pub(super) fn marks(text: &str, range: Range<usize>, form: Form<'_>) -> Vec<Mark> {
    let text = text.get(..range.end).unwrap_or_default();
    let mut scan =
        Scan { form, marks: Vec::new(), within: Within::Nothing, list: None, last_comment: text.rfind("-->") };
    let mut at = range.start;
    let mut lines = text.get(range.start..).unwrap_or_default().split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none_or(|next| next.trim().is_empty());
        scan.line(line.trim_end(), at, is_last);
        at += line.len();
    }
    scan.marks
}

struct Scan<'a> {
    form: Form<'a>,
    marks: Vec<Mark>,
    within: Within,
    /// Where the content of an element of a list starts, in columns: what stands so far in belongs to it.
    list: Option<usize>,
    last_comment: Option<usize>,
}

/// What the line before leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Nothing.
    Nothing,
    /// Text that starts there and that the next line may go on with.
    Paragraph(usize),
    /// What the next line goes on with, and dashes under it underline nothing.
    Other,
    /// Code up to as many of these signs.
    Fence(char, usize),
    /// A comment up to its end.
    Comment,
}

impl Scan<'_> {
    /// A line without the white space behind it. `is_last` says whether the next one is empty.
    fn line(&mut self, line: &str, at: usize, is_last: bool) {
        let text = line.trim_start();
        match self.within {
            Within::Fence(sign, length) => {
                let is_bare = text.trim_start_matches(sign).is_empty();
                if is_bare && text.len() >= length {
                    self.within = Within::Nothing;
                }
                return;
            }
            Within::Comment => {
                if line.contains("-->") {
                    self.within = Within::Nothing;
                }
                return;
            }
            Within::Nothing | Within::Paragraph(_) | Within::Other => {}
        }
        if text.is_empty() {
            self.within = Within::Nothing;
            return;
        }
        let indent = columns(line);
        if let Some((sign, length)) = fence(text).filter(|_| self.holds(indent) || indent < CODE) {
            self.leave_list(indent);
            self.within = Within::Fence(sign, length);
            return;
        }
        // In a list nothing but code means anything; and so far in, a line is code or goes on with text.
        if self.holds(indent) || indent >= CODE {
            self.within = if self.within == Within::Nothing { Within::Other } else { self.within };
            return;
        }
        self.open_line(line, text, at, is_last);
    }

    /// A line that stands in nothing.
    fn open_line(&mut self, line: &str, text: &str, at: usize, is_last: bool) {
        let range = at..at + line.len();
        let under = self.within;
        if let Some(kind) = self.kind(text, is_last) {
            let start = match (kind, under) {
                (MarkKind::Heading, Within::Paragraph(start)) if !text.starts_with('#') => start,
                _ => at,
            };
            self.marks.push(Mark { kind, line: start..range.end });
            self.list = None;
            let goes_on = kind == MarkKind::NearPause && !is_last;
            self.within = if goes_on { Within::Paragraph(at) } else { Within::Nothing };
            return;
        }
        if is_heading(text) {
            self.list = None;
            self.within = Within::Nothing;
        } else if text.starts_with("<!--") {
            let ends_below = self.last_comment.is_some_and(|end| end > range.end);
            self.list = None;
            self.within = if !text.contains("-->") && ends_below { Within::Comment } else { Within::Other };
        } else if let Some(content) = item(line) {
            self.list = self.list.filter(|list| columns(line) >= *list).or(Some(content));
            self.within = Within::Other;
        } else if text.starts_with(['>', '|', '<']) || text.starts_with(":::") {
            self.leave_list(columns(line));
            self.within = Within::Other;
        } else if under == Within::Nothing {
            self.list = None;
            self.within = Within::Paragraph(at);
        }
    }

    /// What a line means by itself.
    fn kind(&self, text: &str, is_last: bool) -> Option<MarkKind> {
        let is_text = matches!(self.within, Within::Paragraph(_));
        let is_apart = self.within == Within::Nothing;
        if same_words(text, self.form.pause) {
            let is_pause = self.form.by_lines || is_apart && is_last;
            return Some(if is_pause { MarkKind::Pause } else { MarkKind::NearPause });
        }
        if is_rule(text) {
            let is_dashes = text.bytes().all(|byte| byte == b'-');
            return match self.within {
                _ if self.form.by_lines => is_dashes.then_some(MarkKind::Rule),
                Within::Paragraph(_) => (text == "---").then_some(MarkKind::NearRule),
                Within::Other if !is_dashes => None,
                Within::Nothing | Within::Other | Within::Fence(..) | Within::Comment => Some(MarkKind::Rule),
            };
        }
        let is_underline = is_text && text.bytes().all(|byte| byte == b'=');
        let is_first = text.strip_prefix('#').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if !self.form.by_lines && (is_underline || is_first) {
            return Some(MarkKind::Heading);
        }
        if tags(text).is_some() {
            return Some(MarkKind::Tags);
        }
        let is_near =
            self.form.pause == super::PANDOC && matches!(text, "..." | "…" | ". . . ." | ". ." | ".. ." | ". ..");
        is_near.then_some(MarkKind::NearPause)
    }

    /// Whether a line that starts in such a column stands in the list.
    fn holds(&self, indent: usize) -> bool {
        self.list.is_some_and(|content| indent >= content)
    }

    fn leave_list(&mut self, indent: usize) {
        self.list = self.list.filter(|content| indent >= *content);
    }
}

/// So far in, a line is code.
const CODE: usize = 4;

/// The tags of a line that is `<AnkiTags a b/>`; the slash may be missing.
pub(super) fn tags(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("<AnkiTags")?.strip_suffix('>')?;
    let inner = inner.strip_suffix("</AnkiTags").and_then(|inner| inner.strip_suffix('>')).unwrap_or(inner);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    (inner.is_empty() || inner.starts_with(char::is_whitespace))
        .then(|| inner.trim())
        .filter(|tags| !tags.contains('<'))
}

/// Whether a line is three or more dashes, stars or underscores.
pub(super) fn is_rule(line: &str) -> bool {
    let signs = || line.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let first = line.trim_start().bytes().next();
    first.is_some_and(|first| matches!(first, b'-' | b'*' | b'_') && signs().all(|sign| sign == first))
        && signs().take(3).count() == 3
}

/// Whether two texts have the same words.
fn same_words(one: &str, other: &str) -> bool {
    one.split_ascii_whitespace().eq(other.split_ascii_whitespace())
}

fn is_heading(text: &str) -> bool {
    let behind = text.trim_start_matches('#');
    (1..=6).contains(&(text.len() - behind.len())) && (behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// The column in which the content of an element of a list starts.
fn item(line: &str) -> Option<usize> {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let signs: &[char] = if digits == 0 { &['-', '*', '+'] } else { &['.', ')'] };
    let behind = text.get(digits..).filter(|_| digits < 10)?.strip_prefix(signs)?;
    let blanks = columns(behind);
    let is_parted = behind.is_empty() || blanks > 0;
    is_parted.then(|| columns(line) + digits + 1 + if (1..=4).contains(&blanks) { blanks } else { 1 })
}

/// How wide the blanks are that a line starts with.
fn columns(line: &str) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(0, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANDOC: Form<'_> = Form { pause: crate::markdown::syntax::slides::PANDOC, by_lines: false };

    fn kinds(text: &str) -> String {
        kinds_of(text, PANDOC)
    }

    /// `R`ule, `H`eading, `P`ause, `T`ags; `p` and `r` for what nearly is one.
    fn kinds_of(text: &str, form: Form<'_>) -> String {
        let letter = |mark: &Mark| match mark.kind {
            MarkKind::Rule => 'R',
            MarkKind::Heading => 'H',
            MarkKind::Pause => 'P',
            MarkKind::Tags => 'T',
            MarkKind::NearPause => 'p',
            MarkKind::NearRule => 'r',
        };
        marks(text, 0..text.len(), form).iter().map(letter).collect()
    }

    #[test]
    fn rules_headings_and_pauses_stand_by_themselves() {
        assert_eq!(kinds("---\n\na\n\n. . .\n\nb\n\n* * *\n\n___\n"), "RPRR");
        assert_eq!(kinds("# a\n\nb\n\nc\n===\nd\n\n## e\n\nf\n---\n"), "HHr");
        assert_eq!(kinds("a\r\n\r\n.  .\t. \r\n\r\nb"), "P");
        assert_eq!(kinds("a\n. . .\n\n. . .\nb\n\n...\n\n…\n"), "pppp");
        assert_eq!(kinds("- a\n---\n> b\n---\n#c\n# \n#\n"), "RRHH");
        let heading = "a\nb\n===\n";
        assert_eq!(marks(heading, 0..heading.len(), PANDOC), [Mark { kind: MarkKind::Heading, line: 0..7 }]);
    }

    #[test]
    fn code_comments_and_lists_are_opaque() {
        assert_eq!(kinds("~~~\n---\n. . .\n# a\n~~~\n\n. . .\n"), "P");
        assert_eq!(kinds("````md\n```\n---\n\n```\n````\n---\n"), "R");
        assert_eq!(kinds("<!--\n---\n\n. . .\n-->\n\n---\n"), "R");
        assert_eq!(kinds("- a\n\n  ---\n\n  . . .\n\n  # b\n\n---\n"), "R");
        assert_eq!(kinds("1. a\n\n   ```\n---\n   ```\n\n. . .\n"), "P");
        assert_eq!(kinds("a\n\n    ---\n\n    . . .\n"), "");
        assert_eq!(kinds("| a |\n|---|\n| b |\n\n. . .\n"), "P");
        assert_eq!(kinds("```\n---\n"), "");
    }

    #[test]
    fn tags_are_a_line() {
        for (line, expected) in [
            ("<AnkiTags a b/>", Some("a b")),
            ("<AnkiTags a>", Some("a")),
            (" <AnkiTags  a  /> ", Some("a")),
            ("<AnkiTags a></AnkiTags>", Some("a")),
            ("<AnkiTags/>", Some("")),
            ("<AnkiTagsa/>", None),
            ("<AnkiTags a/> b", None),
            ("<b>", None),
        ] {
            assert_eq!(tags(line), expected, "{line}");
        }
        assert_eq!(kinds("a\n\n<AnkiTags a/>\n"), "T");
    }

    #[test]
    fn lines_mean_what_they_say_where_they_part_fields() {
        let form = Form { pause: "%", by_lines: true };
        assert_eq!(kinds_of("a\n%\nb\n%\nc\n---\nd\n# e\n%\nf\n", form), "PPRP");
        assert_eq!(kinds_of("```\n%\n---\n```\n", form), "");
    }

    #[test]
    fn many_fences_and_comments_cost_no_more_than_their_length() {
        let text = "<!--\n".repeat(100_000) + &"```\n~~~\n".repeat(50_000);
        assert!(kinds(&text).len() < 10);
    }
}
