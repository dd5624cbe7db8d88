//! Turns a text into lines, and says which of them may mean something to a syntax that goes by lines: not those of code, of
//! formulas and of comments.
//!
//! Knows Markdown's blocks by the starts of their lines alone; what a line means is up to its syntax.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::steps::counted;

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it stands, without its line end and the white space before that.
    pub(super) range: Range<usize>,
    pub(super) kind: LineKind,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// White space.
    Blank,
    /// Text.
    Text,
    /// A fence, or what stands between two; or indented code.
    Code,
    /// A piece of a formula of several lines.
    Math,
    /// A comment of HTML or a remark of Obsidian's, and nothing else.
    Comment,
}

/// The lines of a text.
pub(super) struct Lines {
    /// In order.
    pub(super) lines: Vec<Line>,
    /// The index of the line of a fence that is never closed.
    pub(super) open_fence: Option<usize>,
}

impl Lines {
    /// Those of a piece of a text; `math` says whether dollars start formulas.
    pub(super) fn of(text: &str, range: Range<usize>, math: bool) -> Self {
        let body = text.get(..range.end).unwrap_or_default();
        let last = |mark| body.rfind(mark).unwrap_or(0);
        let mut scan = Scan {
            lines: Vec::new(),
            open: None,
            math,
            last_comment_end: last("-->"),
            last_remark: last("%%"),
            above: Above::Blank,
            in_list: false,
        };
        let mut at = range.start;
        for line in body.get(range.start..).unwrap_or_default().split_inclusive('\n') {
            let kind = scan.kind(line.trim_end(), at);
            scan.lines.push(Line { range: at..at + line.trim_end().len(), kind });
            scan.above = match kind {
                LineKind::Blank => Above::Blank,
                LineKind::Code if scan.above == Above::Indented => Above::Indented,
                LineKind::Text | LineKind::Code | LineKind::Math | LineKind::Comment => Above::Other,
            };
            at += line.len();
        }
        if let Some(Open::Math { line }) = scan.open {
            scan.unmake_math(line);
        }
        let open_fence = match scan.open {
            Some(Open::Fence { line, .. }) => Some(line),
            Some(Open::Comment | Open::Remark | Open::Math { .. }) | None => None,
        };
        Self { lines: scan.lines, open_fence }
    }
}

/// The line of the fence that a text opens and does not close.
pub(in crate::markdown) fn open_fence(text: &str) -> Option<&str> {
    let Lines { lines, open_fence } = Lines::of(text, 0..text.len(), false);
    text.get(lines.get(open_fence?)?.range.clone())
}

struct Scan {
    lines: Vec<Line>,
    open: Option<Open>,
    math: bool,
    /// Where the last comment of the text ends; one that never ends is none.
    last_comment_end: usize,
    /// Where the last sign of a remark stands.
    last_remark: usize,
    above: Above,
    /// Whether an element of a list stands above, to which what is indented belongs.
    in_list: bool,
}

/// The line above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Blank,
    /// Indented code.
    Indented,
    Other,
}

/// What goes on below a line.
enum Open {
    Comment,
    Remark,
    Fence {
        sign: char,
        length: usize,
        /// Whether it stands in a quote, and ends where that does.
        is_quoted: bool,
        /// The line that opens it.
        line: usize,
    },
    /// The line that opens it.
    Math {
        line: usize,
    },
}

/// What starts a comment that the plug-in Spaced Repetition keeps its dates in. It never goes on in the next line.
const SCHEDULE: &str = "<!--SR:";

impl Scan {
    fn kind(&mut self, line: &str, at: usize) -> LineKind {
        match &self.open {
            Some(Open::Comment) => {
                if line.contains("-->") {
                    self.open = None;
                }
                return LineKind::Comment;
            }
            Some(Open::Remark) => {
                if line.contains("%%") {
                    self.open = None;
                }
                return LineKind::Comment;
            }
            Some(Open::Fence { is_quoted: true, .. }) if !line.trim_start().starts_with('>') => self.open = None,
            Some(Open::Fence { sign, length, .. }) => {
                if closes(line, *sign, *length) {
                    self.open = None;
                }
                return LineKind::Code;
            }
            Some(Open::Math { line: first }) => {
                if !line.is_empty() && !line.trim_start().starts_with("<!--") {
                    if line.contains("$$") {
                        self.open = None;
                    }
                    return LineKind::Math;
                }
                // A formula that goes over an empty line or a comment is none here.
                let first = *first;
                self.unmake_math(first);
                self.open = None;
            }
            None => {}
        }
        self.open_line(line, at)
    }

    /// Takes what was to be a formula from a line on for text.
    fn unmake_math(&mut self, first: usize) {
        for line in self.lines.iter_mut().skip(first) {
            line.kind = LineKind::Text;
        }
    }

    /// A line that nothing above holds.
    fn open_line(&mut self, line: &str, at: usize) -> LineKind {
        if line.is_empty() {
            return LineKind::Blank;
        }
        let depth = indentation(line);
        if depth >= CODE && !self.in_list && self.above != Above::Other {
            self.above = Above::Indented;
            return LineKind::Code;
        }
        let is_below_blank = std::mem::replace(&mut self.above, Above::Other) == Above::Blank;
        let marked = behind_marks(line);
        if marked.len() < line.trim_start().len() {
            self.in_list = true;
        } else if depth == 0 && is_below_blank {
            self.in_list = false;
        }
        // So far in, a line goes on with the text above.
        if let Some((sign, length)) = fence(marked).filter(|_| depth < CODE || self.in_list) {
            let is_quoted = line.trim_start().starts_with('>');
            self.open = Some(Open::Fence { sign, length, is_quoted, line: self.lines.len() });
            return LineKind::Code;
        }
        if let Some(kind) = self.comment(line.trim_start(), at + line.len()) {
            return kind;
        }
        if self.math && marked.strip_prefix("$$").is_some_and(|rest| !rest.contains("$$")) {
            self.open = Some(Open::Math { line: self.lines.len() });
            return LineKind::Math;
        }
        LineKind::Text
    }

    /// Whether a line is a comment or a remark, or the start of one.
    fn comment(&mut self, line: &str, end: usize) -> Option<LineKind> {
        if let Some(rest) = line.strip_prefix("%%") {
            if let Some((_, behind)) = rest.split_once("%%") {
                return behind.trim().is_empty().then_some(LineKind::Comment);
            }
            let goes_on = self.last_remark >= end;
            self.open = goes_on.then_some(Open::Remark);
            return goes_on.then_some(LineKind::Comment);
        }
        let opens = line.rfind("<!--")?;
        if line.get(opens..).is_some_and(|rest| rest.starts_with(SCHEDULE)) {
            return None;
        }
        let is_closed = line.get(opens..).is_some_and(|rest| rest.contains("-->"));
        if !is_closed && self.last_comment_end > end && !is_in_code(line, opens) {
            self.open = Some(Open::Comment);
            return (opens == 0).then_some(LineKind::Comment);
        }
        let is_all = line.starts_with("<!--") && line.ends_with("-->") && line.match_indices("-->").count() == 1;
        is_all.then_some(LineKind::Comment)
    }
}

/// So many columns make text code.
const CODE: usize = 4;

/// The columns before a line's text; tabs go on to multiples of four.
pub(super) fn indentation(line: &str) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(0, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// What stands behind the marks of the quotes and elements that a line is in.
pub(super) fn behind_marks(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(behind) = rest.strip_prefix('>').or_else(|| rest.get(item_mark(rest)?..)) {
        rest = behind.trim_start();
    }
    rest
}

/// The length of the mark of a list's element that a text starts with.
pub(super) fn item_mark(text: &str) -> Option<usize> {
    let length = match text.bytes().next()? {
        b'-' | b'+' | b'*' => 1,
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            text.get(digits..).filter(|rest| digits < 10 && rest.starts_with(['.', ')']))?;
            digits + 1
        }
        _ => return None,
    };
    text.get(length..).filter(|rest| rest.starts_with([' ', '\t'])).map(|_| length)
}

/// The sign of a fence that a text opens, and how often it stands there. Whatever stands behind it is its language.
pub(super) fn fence(text: &str) -> Option<(char, usize)> {
    let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let info = text.trim_start_matches(sign);
    let length = text.len() - info.len();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length))
}

/// Where the rows of backticks of a text start, by their lengths: as long a row as opens code closes it, and there may be rows of
/// thousands of lengths.
pub(super) struct Ticks(BTreeMap<usize, Vec<usize>>);

impl Ticks {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('`')) {
            at += found;
            let length = text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches('`').len());
            rows.entry(length).or_default().push(at);
            at += length;
        }
        counted(text.len());
        Self(rows)
    }

    /// Where the first row of a length ends that starts at a place or behind it.
    pub(super) fn end(&self, length: usize, from: usize) -> Option<usize> {
        let rows = self.0.get(&length)?;
        rows.get(rows.partition_point(|row| *row < from)).map(|row| row + length)
    }
}

/// Whether a line is as long a row of such signs as closes a fence.
fn closes(line: &str, sign: char, length: usize) -> bool {
    let signs = line.trim_start_matches([' ', '\t', '>']);
    signs.len() >= length && signs.trim_start_matches(sign).is_empty()
}

/// Whether an odd number of backticks stands before a place and one behind it.
fn is_in_code(line: &str, at: usize) -> bool {
    let (before, behind) = line.split_at_checked(at).unwrap_or_default();
    before.matches('`').count() % 2 == 1 && behind.contains('`')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter for each line: `t`ext, `c`ode, `m`ath, `x` for comments, `-` for empty ones.
    fn kinds(text: &str) -> String {
        let kind = |line: &Line| match line.kind {
            LineKind::Blank => '-',
            LineKind::Text => 't',
            LineKind::Code => 'c',
            LineKind::Math => 'm',
            LineKind::Comment => 'x',
        };
        Lines::of(text, 0..text.len(), true).lines.iter().map(kind).collect()
    }

    #[test]
    fn fences_are_taken_whole() {
        for info in ["", "rust", "c++", "c#", "{.python}", "rust,ignore", "a b = \"c\""] {
            assert_eq!(
                kinds(&format!("a\n```{info}\nb\n\nc\n```\nd\n")),
                "tcccccc".replace("cccccc", "ccccct"),
                "{info}"
            );
        }
        for (text, expected) in [
            ("~~~~\n~~~\n```\n~~~~~\na", "cccct"),
            ("```\n``` x\n```\na", "ccct"),
            ("```a`b\nc", "tt"),
            ("- ```\n  a\n  ```\nb", "ccct"),
            ("> ```\n> a\nb", "cct"),
            ("1. a\n\n    ```\n\n    b\n    ```\nc", "t-ccccct".replace("ccccct", "cccct").as_str()),
            ("```\na\n\nb", "cc-c".replace('-', "c").as_str()),
            ("\r\n```\r\na\r\n```\r\nb", "-ccct"),
        ] {
            assert_eq!(kinds(text), expected, "{text:?}");
        }
        let open = |text: &str| Lines::of(text, 0..text.len(), true).open_fence;
        assert_eq!((open("a\n```\nb"), open("```\n```")), (Some(1), None));
    }

    #[test]
    fn indented_code_stands_below_an_empty_line_and_in_no_list() {
        for (text, expected) in [
            ("    a\n    b\nc", "cct"),
            ("a\n    b", "tt"),
            ("a\n    ```\nb\n", "ttt"),
            ("a\n\n    b\n\n    c", "t-c-c"),
            ("- a\n\n    b", "t-t"),
            ("\ta", "c"),
            ("- a\n\nb\n\n    c", "t-t-c"),
        ] {
            assert_eq!(kinds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn comments_and_formulas_go_over_lines() {
        for (text, expected) in [
            ("<!-- a -->\nb", "xt"),
            ("<!--\na\n\nb\n-->\nc", "xxxxxt"),
            ("<!-- a\nb", "tt"),
            ("<!-- a --> b", "t"),
            ("a <!-- b\nc -->\nd", "txt"),
            ("`<!--` a\nb -->", "tt"),
            ("<!--SR:!2025-01-02,4,270-->\na", "tt"),
            ("<!--SR:!2025\n-->", "tt"),
            ("%% a %%\n%%\nb\n\n%%\nc", "xxxxxt"),
            ("%% a\nb", "tt"),
            ("%% a %% b", "t"),
            ("$$\na\n$$\nb", "mmmt"),
            ("$$ a $$\nb", "tt"),
            ("$$\na\n\nb $$", "tt-t"),
            ("a\n$$\nb", "ttt"),
            ("$$\na\n<!--SR:!1-->\n$$ a", "tttt"),
        ] {
            assert_eq!(kinds(text), expected, "{text:?}");
        }
    }
}
