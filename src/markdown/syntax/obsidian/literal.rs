//! Finds the pieces of a line in which nothing is a separator or a deletion: code, formulas, comments, addresses, links of
//! wikis, tags of HTML.
//!
//! Knows one line. What opens in it and closes in another is text here, and code again where the whole card is read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::lines::Ticks;

/// Where they are, ascending; `math` says whether dollars start formulas.
pub(super) fn literal(line: &str, math: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !line.contains(STARTS) {
        return found;
    }
    let mut scan = Scan { line, math, dead: BTreeSet::new(), ticks: None };
    let mut at = 0;
    while let Some(next) = line.get(at..).and_then(|rest| rest.find(STARTS)) {
        let start = at + next;
        match scan.at(start) {
            Taken::Literal(range) => {
                at = range.end;
                found.push(range);
            }
            Taken::Text(length) => at = start + length,
        }
    }
    found
}

/// Whether a line defines a footnote or the address of a link, in which nothing is hidden.
pub(super) fn is_definition(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with('[') && text.find("]:").is_some_and(|end| text.find(']') == Some(end))
}

/// What literal text may start with.
const STARTS: [char; 8] = ['`', '$', '<', ']', '[', '%', ':', '\\'];

/// What stands at a place.
enum Taken {
    Literal(Range<usize>),
    /// So many bytes of text.
    Text(usize),
}

struct Scan<'a> {
    line: &'a str,
    math: bool,
    /// What does not occur any more in the rest of the line.
    dead: BTreeSet<&'static str>,
    /// The rows of backticks, once one was met.
    ticks: Option<Ticks>,
}

impl Scan<'_> {
    fn at(&mut self, start: usize) -> Taken {
        let rest = self.line.get(start..).unwrap_or_default();
        let found = if rest.starts_with('`') {
            return self.code(start, rest);
        } else if rest.starts_with('\\') {
            return Taken::Text(1 + rest.chars().nth(1).map_or(0, char::len_utf8));
        } else if rest.starts_with("$$") && self.math {
            self.up_to(start, 2, "$$")
        } else if rest.starts_with('$') && self.math {
            formula(rest, self.line.get(..start).unwrap_or_default()).map(|length| start..start + length)
        } else if rest.starts_with("<!--") {
            self.up_to(start, 4, "-->")
        } else if rest.starts_with('<') {
            tag(rest).map(|length| start..start + length)
        } else if rest.starts_with("](") {
            self.up_to(start, 2, ")")
        } else if rest.starts_with("[[") {
            self.up_to(start, 2, "]]")
        } else if rest.starts_with("%%") {
            self.up_to(start, 2, "%%")
        } else if rest.starts_with("://") {
            let end = rest.find(|c: char| c.is_whitespace() || "<>\"()|".contains(c)).unwrap_or(rest.len());
            let kept = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '=', '*']);
            (kept.len() > 3).then_some(start..start + kept.len())
        } else {
            None
        };
        found.map_or(Taken::Text(1), Taken::Literal)
    }

    /// From a place up to the next end of it, with that, behind so many bytes that open it.
    fn up_to(&mut self, start: usize, opening: usize, end: &'static str) -> Option<Range<usize>> {
        if self.dead.contains(end) {
            return None;
        }
        let found = self.line.get(start + opening..).and_then(|rest| rest.find(end));
        if found.is_none() {
            self.dead.insert(end);
        }
        found.map(|at| start..start + opening + at + end.len())
    }

    /// Code, which as long a row of backticks closes as opens it.
    fn code(&mut self, start: usize, rest: &str) -> Taken {
        let length = rest.len() - rest.trim_start_matches('`').len();
        let ticks = self.ticks.get_or_insert_with(|| Ticks::of(self.line));
        let end = ticks.end(length, start + length);
        end.map_or(Taken::Text(length), |end| Taken::Literal(start..end))
    }
}

/// The length of a formula between single dollars that a text starts with. It is money where a letter or digit touches the
/// outside, or white space the inside.
fn formula(text: &str, before: &str) -> Option<usize> {
    let inner = text.get(1..)?;
    let end = inner.find('$')?;
    let (tex, behind) = (inner.get(..end)?, inner.get(end + 1..)?);
    let is_word = |c: char| c.is_alphanumeric();
    let is_money = before.ends_with(is_word)
        || behind.starts_with(is_word)
        || tex.is_empty()
        || tex.starts_with(char::is_whitespace)
        || tex.ends_with(|c: char| c.is_whitespace() || c == '\\');
    (!is_money).then_some(end + 2)
}

/// The length of a tag of HTML, or of an address in angle brackets, that a text starts with.
fn tag(text: &str) -> Option<usize> {
    let inner = text.get(1..)?;
    let end = inner.find(['<', '>']).filter(|end| inner.get(*end..).is_some_and(|rest| rest.starts_with('>')))?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    (name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::steps::taken_by;

    fn found(line: &str) -> Vec<&str> {
        literal(line, true).into_iter().map(|range| &line[range]).collect()
    }

    #[test]
    fn what_is_literal_is_found_whole() {
        for (line, expected) in [
            ("a `b::c` d", vec!["`b::c`"]),
            ("``a`b`` `c", vec!["``a`b``"]),
            ("\\`a `b` c", vec!["`b`"]),
            ("$x::y$ and $$a$$", vec!["$x::y$", "$$a$$"]),
            ("$5::$10 a$b$", vec![]),
            ("a <!-- b::c --> d", vec!["<!-- b::c -->"]),
            ("<a href=\"x::y\">b</a> 1 < 2", vec!["<a href=\"x::y\">", "</a>"]),
            ("[a](b::c) [d] (e)", vec!["](b::c)"]),
            ("[[a::b|c]] ![[d]]", vec!["[[a::b|c]]", "[[d]]"]),
            ("see https://a.b/c::d, e::f", vec!["://a.b/c::d"]),
            ("https://a.b:: c", vec!["://a.b"]),
            ("%% a::b %% c", vec!["%% a::b %%"]),
            ("Vec<T>::new", vec!["<T>"]),
        ] {
            assert_eq!(found(line), expected, "{line}");
        }
    }

    #[test]
    fn rows_of_many_lengths_cost_no_more_than_one() {
        let line: String = (1..1_000).map(|length| "`".repeat(length) + " ").collect();
        let (steps, found) = taken_by(|| literal(&line, true));
        assert!(found.is_empty() && steps <= line.len(), "{steps}");
    }

    #[test]
    fn many_beginnings_cost_no_more_than_one() {
        for start in ["`", "`` ", "$", "<!--", "<a", "](", "[[", "%% ", "://", "\\", "` `` ``` "] {
            let line = start.repeat(100_000);
            let _ = literal(&line, true);
        }
    }
}
