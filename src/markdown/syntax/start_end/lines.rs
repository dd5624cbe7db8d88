//! Cuts a text into lines, and says which of them are code, comments or formulas.
//!
//! Knows nothing of notes.

use std::ops::Range;

use super::super::lines::fence;

/// The lines of a text, without their ends.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// Offsets of the first byte of each, and behind its last one. A text of line ends has one for each byte.
    places: Vec<(u32, u32)>,
    /// Where the last comment of the text ends, and the last formula between `$$`.
    last: LastEnds,
}

impl<'t> Lines<'t> {
    /// The lines of a piece of a text.
    pub(super) fn new(text: &'t str, range: Range<usize>) -> Self {
        let piece = text.get(range.clone()).unwrap_or_default();
        let mut at = range.start;
        let mut places = Vec::new();
        for whole in piece.split_inclusive('\n') {
            let line = whole.strip_suffix('\n').unwrap_or(whole);
            let line = line.strip_suffix('\r').unwrap_or(line);
            places.push((at as u32, (at + line.len()) as u32));
            at += whole.len();
        }
        let last = |mark: &str| piece.rfind(mark).map_or(0, |found| range.start + found);
        Self { text, places, last: LastEnds { comment: last("-->"), formula: last("$$") } }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// A line's text; of one that is not there nothing.
    pub(super) fn text(&self, index: usize) -> &'t str {
        self.text.get(self.range(index)).unwrap_or_default()
    }

    /// Where a line stands; one that is not there at the end of the text.
    pub(super) fn range(&self, index: usize) -> Range<usize> {
        let end = || self.places.last().map_or(0, |(_, end)| *end);
        let (start, end) = self.places.get(index).copied().unwrap_or_else(|| (end(), end()));
        start as usize..end as usize
    }

    /// From a line's first byte to another one's last.
    pub(super) fn span(&self, first: usize, last: usize) -> Range<usize> {
        self.range(first).start..self.range(last).end.max(self.range(first).start)
    }

    /// Whether a line holds nothing.
    pub(super) fn is_blank(&self, index: usize) -> bool {
        self.text(index).trim().is_empty()
    }

    /// The whole text of which they are lines.
    pub(super) fn whole(&self) -> &'t str {
        self.text
    }

    /// Goes over lines from the start of something.
    pub(super) fn literal(&self) -> Literal {
        Literal { last: self.last, open: None }
    }
}

#[derive(Debug, Clone, Copy)]
struct LastEnds {
    comment: usize,
    formula: usize,
}

/// Says of lines, one behind the other, whether they are literal: in a fence, a comment or a formula between `$$`, with the
/// lines that open and close it.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    last: LastEnds,
    open: Option<Open>,
}

/// What lines are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Fence { sign: char, length: usize },
    Comment,
    Formula,
}

impl Literal {
    /// Whether the next line, which starts at an offset, is literal.
    pub(super) fn holds(&mut self, line: &str, at: usize) -> bool {
        match self.open {
            Some(Open::Fence { sign, length }) => {
                let signs = line.trim_start_matches([' ', '\t', '>']).trim_end();
                if signs.len() >= length && signs.trim_start_matches(sign).is_empty() {
                    self.open = None;
                }
                true
            }
            Some(Open::Comment) => {
                if line.contains("-->") {
                    self.open = None;
                }
                true
            }
            Some(Open::Formula) => {
                if line.contains("$$") {
                    self.open = None;
                }
                true
            }
            None => {
                self.open = self.opened(line, at);
                self.open.is_some()
            }
        }
    }

    /// What the lines so far leave open.
    pub(super) fn open(&self) -> Option<Open> {
        self.open
    }

    /// What a line opens and does not close.
    fn opened(&self, line: &str, at: usize) -> Option<Open> {
        if indentation(line) > DEEPEST {
            return None;
        }
        if let Some((sign, length)) = fence(inner(line)) {
            return Some(Open::Fence { sign, length });
        }
        let text = line.trim_start();
        let end = at + line.len();
        // What is never closed is none.
        if let Some(comment) = text.strip_prefix("<!--") {
            return (!comment.contains("-->") && self.last.comment > end).then_some(Open::Comment);
        }
        let formula = text.strip_prefix("$$")?;
        (!formula.contains("$$") && self.last.formula > end).then_some(Open::Formula)
    }
}

/// How many spaces may stand before a fence (CommonMark).
const DEEPEST: usize = 3;

/// The spaces before a line's text; a tab is deeper than any of what is looked for may stand.
fn indentation(line: &str) -> usize {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    if line.get(spaces..).is_some_and(|rest| rest.starts_with('\t')) { usize::MAX } else { spaces }
}

/// A line without the marks of the quotes and items that begin in it.
pub(super) fn inner(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = rest.len() - digits.len();
        let behind = if (1..=9).contains(&number) {
            digits.strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix([' ', '\t']))
        } else if let Some(quoted) = rest.strip_prefix('>') {
            Some(quoted)
        } else {
            rest.strip_prefix(['-', '*', '+']).and_then(|rest| rest.strip_prefix([' ', '\t']))
        };
        match behind {
            Some(behind) => rest = behind.trim_start(),
            None => return rest,
        }
    }
}

/// Where the code spans and formulas of a line are, ascending. Backticks and dollars that nothing closes open none.
pub(super) fn literal_spans(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let bytes = line.as_bytes();
    // Where runs of backticks of a length were sought and not found.
    let mut missing = std::collections::BTreeSet::new();
    let mut at = 0;
    while let Some(next) = line.get(at..).and_then(|rest| rest.find(['`', '$', '\\'])) {
        let start = at + next;
        let sign = bytes.get(start).copied().unwrap_or_default();
        let length = bytes.get(start..).unwrap_or_default().iter().take_while(|byte| **byte == sign).count();
        at = start + length;
        let end = match sign {
            b'`' if missing.contains(&length) => None,
            b'`' => {
                let end = closing_run(bytes, at, length);
                if end.is_none() {
                    missing.insert(length);
                }
                end
            }
            b'$' if length <= 2 && !missing.contains(&(usize::MAX - length)) => {
                let end = closing_dollars(line, at, length);
                if end.is_none() && length == 2 {
                    missing.insert(usize::MAX - length);
                }
                end
            }
            // What is escaped opens nothing.
            b'\\' if length % 2 == 1 => {
                at += line.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                None
            }
            _ => None,
        };
        if let Some(end) = end {
            found.push(start..end);
            at = end;
        }
    }
    found
}

/// Where the run of so many backticks ends that closes one.
fn closing_run(bytes: &[u8], mut at: usize, length: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        let start = at + rest.iter().position(|byte| *byte == b'`')?;
        let run = bytes.get(start..)?.iter().take_while(|byte| **byte == b'`').count();
        if run == length {
            return Some(start + run);
        }
        at = start + run;
    }
}

/// Where the dollars end that close a formula: single ones are the next, stand right behind a word, and no digit stands behind
/// them.
fn closing_dollars(line: &str, at: usize, length: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    if length == 2 {
        return rest.find("$$").map(|end| at + end + 2);
    }
    if !is_word(line, at) {
        return None;
    }
    let is_free = |end: &usize| !rest.get(..*end).is_some_and(|before| before.ends_with('\\'));
    let end = rest.match_indices('$').map(|(end, _)| end).find(is_free)?;
    let (before, behind) = (rest.get(..end)?, rest.get(end + 1..)?);
    let closes = !before.is_empty()
        && !before.ends_with(char::is_whitespace)
        && !behind.starts_with(|c: char| c.is_ascii_digit());
    closes.then_some(at + end + 1)
}

/// Whether something else than white space stands at a place of a line.
fn is_word(line: &str, at: usize) -> bool {
    line.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|next| !next.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> String {
        let lines = Lines::new(text, 0..text.len());
        let mut literal = lines.literal();
        (0..lines.len())
            .map(|index| if literal.holds(lines.text(index), lines.range(index).start) { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn fences_comments_and_formulas_are_literal() {
        assert_eq!(literal("a\n```sh\nb\n```\nc\n"), ".xxx.");
        assert_eq!(literal("~~~~\n```\n~~~\n~~~~\nc\n"), "xxxx.");
        assert_eq!(literal("- ```\n  a\n  ```\nc\n> ```\n> ```\nd"), "xxx.xx.");
        assert_eq!(literal("    ```\na\n``` a`b\nc\n"), "....");
        assert_eq!(literal("<!--\na\n-->\nb\n<!-- c -->\n<!-- d\ne\n"), "xxx....");
        assert_eq!(literal("$$\na\n$$\nb\n$$ c $$\n$$ d\n"), "xxx...");
        assert_eq!(literal("```\r\na\r\n```\r\nb"), "xxx.");
    }

    #[test]
    fn spans_of_code_and_formulas_are_found() {
        let found =
            |line: &str| literal_spans(line).into_iter().map(|range| line[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("a `b` ``c`d`` $e::f$ $$g$$"), ["`b`", "``c`d``", "$e::f$", "$$g$$"]);
        assert_eq!(found("costs $ 5 and $x$"), ["$x$"]);
        assert_eq!(found("costs $5-$10, \\`a `open"), [""; 0]);
        assert_eq!(found("$\\frac{a}{b}$."), ["$\\frac{a}{b}$"]);
    }

    #[test]
    fn a_line_of_signs_is_looked_through_a_few_times() {
        for sign in ["`", "$", "$ ", "` ", "\\", "`` ` "] {
            assert!(literal_spans(&sign.repeat(200_000)).len() <= 200_000);
        }
    }
}
