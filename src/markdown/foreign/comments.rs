//! Turns a text with remarks as Obsidian has them (`%% for me %%`) into one that shows none, byte for byte, so that every offset
//! stays.
//!
//! A remark opens where no word or number stands before it, so that `5 %% of` is none. It closes in its line; or it opens at a
//! line's start and closes at the end of another, and then both stand alone in their lines if a heading is between them. Lines
//! start behind the marks of the quotes and items that hold them, and a remark in one of those does not leave it.

use std::ops::Range;

use crate::markdown::attributes;
use crate::text::hidden::NOTHING;

/// What opens and closes a remark.
const MARK: &str = "%%";

/// The text without its remarks; `None` where it has none. `literal` gives the places in which nothing is one, ascending.
pub(in crate::markdown) fn hide(text: &str, literal: impl FnOnce() -> Vec<Range<usize>>) -> Option<String> {
    // Nearly all text has no mark of any.
    let found = if text.contains(MARK) { remarks(text, literal) } else { Vec::new() };
    if found.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for remark in found {
        // Two remarks share the blanks between them.
        let remark = remark.start.max(out.len())..remark.end;
        out.push_str(text.get(out.len()..remark.start)?);
        let margin = Margin::at(text, remark.start);
        let ends_line = text[remark.end..].starts_with(['\n', '\r']) || remark.end == text.len();
        let stands_alone = margin.filter(|_| ends_line);
        for (index, line) in text[remark].split_inclusive('\n').enumerate() {
            let kept = margin.filter(|_| index > 0).map_or(0, |margin| margin.length_in(line).unwrap_or_default());
            out.push_str(&line[..kept]);
            // An item that starts with an empty line holds nothing behind it.
            let is_blank = stands_alone.is_some_and(|margin| index > 0 || !margin.is_of_item);
            let blank = if is_blank { ' ' } else { NOTHING };
            let hidden = |byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { blank };
            out.extend(line[kept..].bytes().map(hidden));
        }
    }
    out.push_str(text.get(out.len()..)?);
    Some(out)
}

/// What stands before a line's text: the marks of the quotes and items that hold it.
#[derive(Debug, Clone, Copy)]
struct Margin {
    /// How many `>` there are.
    quotes: usize,
    /// Its width in columns.
    width: usize,
    /// Whether the mark of an item, a definition or a footnote is among it.
    is_of_item: bool,
}

impl Margin {
    /// What stands in its line before a place; `None` where other text is among it.
    fn at(text: &str, place: usize) -> Option<Self> {
        // Not looked for over all of a long line, which may hold many remarks.
        let from = text.floor_char_boundary(place.saturating_sub(MAX_MARGIN));
        let before = text.get(from..place)?;
        let start = before.rfind('\n').map(|end| end + 1).or_else(|| (from == 0).then_some(0))?;
        Self::of(before.get(start..)?)
    }

    fn of(before: &str) -> Option<Self> {
        let (mut rest, mut margin) = (before, Self { quotes: 0, width: columns(before), is_of_item: false });
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            if rest.is_empty() {
                return Some(margin);
            }
            rest = if let Some(behind) = rest.strip_prefix('>') {
                margin.quotes += 1;
                behind
            } else {
                margin.is_of_item = true;
                rest.get(item_mark(rest)?..)?
            };
        }
    }

    /// How long it is in a line that goes on with what holds it; `None` where the line does not.
    fn length_in(self, line: &str) -> Option<usize> {
        let marks = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
        let quotes = || line[..marks].match_indices('>').map(|(at, _)| at + 1).take(self.quotes);
        let is_within = !self.is_of_item || line.trim().is_empty() || columns(&line[..marks]) >= self.width;
        (quotes().count() == self.quotes && is_within).then(|| quotes().last().unwrap_or_default())
    }
}

/// So many bytes of marks may stand before a line's text.
const MAX_MARGIN: usize = 256;

/// How long the mark of an item, a definition, a footnote or a task is that a text starts with, with the blank behind it.
fn item_mark(text: &str) -> Option<usize> {
    let word = text.split([' ', '\t']).next().filter(|word| word.len() < text.len())?;
    let number = word.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_footnote = word.starts_with("[^") && word.ends_with("]:");
    if is_number || is_footnote || matches!(word, "-" | "*" | "+" | ":" | "[x]" | "[X]") {
        return Some(word.len() + 1);
    }
    text.starts_with("[ ] ").then_some("[ ] ".len())
}

/// How wide a text is whose tabs go on to multiples of four.
fn columns(text: &str) -> usize {
    text.chars().fold(0, |width, c| if c == '\t' { width / 4 * 4 + 4 } else { width + 1 })
}

/// The remarks of a text that were to speak to deckle, and the comments they were to be; `hidden` is the text without remarks.
pub(in crate::markdown) fn directives<'a>(
    text: &'a str,
    hidden: &'a str,
) -> impl Iterator<Item = (Range<usize>, String)> + 'a {
    let opens = text.match_indices(MARK).filter(|(at, _)| !hidden[*at..].starts_with(MARK));
    opens.filter_map(|(at, _)| {
        let inner = &text[at + MARK.len()..];
        let end = inner.find(MARK)?;
        let (meant, _) = attributes::of_comment(&inner[..end]).filter(|(_, is_ours)| *is_ours)?;
        Some((at..at + end + 2 * MARK.len(), meant))
    })
}

/// Where the remarks are, with the blanks beside them.
fn remarks(text: &str, literal: impl FnOnce() -> Vec<Range<usize>>) -> Vec<Range<usize>> {
    let marks: Vec<usize> = text.match_indices(MARK).map(|(at, _)| at).filter(|at| is_mark(text, *at)).collect();
    if marks.len() < 2 || !marks.iter().any(|at| may_open(text, *at)) {
        return Vec::new();
    }
    let literal = literal();
    let is_text = |at: &usize| {
        let next = literal.partition_point(|range| range.end <= *at);
        literal.get(next).is_none_or(|range| range.start > *at)
    };
    let mut marks = marks.into_iter().filter(is_text).peekable();
    let mut found: Vec<Range<usize>> = Vec::new();
    while let Some(open) = marks.next() {
        let Some(&close) = marks.peek().filter(|_| may_open(text, open)) else { continue };
        let inner = &text[open + MARK.len()..close];
        if closes(text, open, close, inner) {
            marks.next();
            found.push(with_blanks(text, open..close + MARK.len()));
        }
    }
    found
}

/// Exactly two percent signs.
fn is_mark(text: &str, at: usize) -> bool {
    text[at..].starts_with(MARK) && !text[..at].ends_with(['%', '\\']) && !text[at + MARK.len()..].starts_with('%')
}

fn may_open(text: &str, at: usize) -> bool {
    let before = &text[..at];
    !before.ends_with(char::is_alphanumeric)
        && !before.trim_end_matches([' ', '\t']).ends_with(|c: char| c.is_ascii_digit())
}

fn closes(text: &str, open: usize, close: usize, inner: &str) -> bool {
    let after = &text[close + MARK.len()..];
    if after.starts_with(char::is_alphanumeric) {
        return false;
    }
    if !inner.contains('\n') {
        return true;
    }
    let after = after.lines().next().unwrap_or_default();
    let Some(margin) = Margin::at(text, open).filter(|_| after.trim().is_empty()) else { return false };
    let mut stands_alone = inner.lines().next().is_some_and(|first| first.trim().is_empty());
    let mut has_heading = false;
    let mut lines = inner.split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        let Some(kept) = margin.length_in(line) else { return false };
        let is_held = margin.quotes > 0 || margin.is_of_item;
        has_heading |= if is_held { line[kept..].trim_start_matches([' ', '\t']) } else { line }.starts_with('#');
        stands_alone &= lines.peek().is_some() || line[kept..].trim().is_empty();
    }
    stands_alone || !has_heading
}

/// A remark with the blanks before it, or behind it where it starts a line.
fn with_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let is_blank = |c: char| c == ' ' || c == '\t';
    let behind = text[range.end..].len() - text[range.end..].trim_start_matches(is_blank).len();
    let ends_line = text[range.end + behind..].starts_with(['\n', '\r']) || range.end + behind == text.len();
    let margin = Margin::at(text, range.start);
    // A mark is one by the blank behind it.
    let keeps_blank = margin.is_some_and(|margin| !ends_line || margin.is_of_item || margin.quotes > 0);
    let start = if keeps_blank { range.start } else { text[..range.start].trim_end_matches(is_blank).len() };
    start..if margin.is_some() || ends_line { range.end + behind } else { range.end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::scan;

    fn hidden(text: &str) -> Option<String> {
        let hidden = hide(text, || scan::literal(text, scan::options(true)))?;
        assert_eq!(hidden.len(), text.len());
        Some(hidden.replace(NOTHING, ""))
    }

    #[test]
    fn remarks_are_hidden() {
        assert_eq!(hidden("a %% b %% c").as_deref(), Some("a c"));
        assert_eq!(hidden("a %% b %%\nc").as_deref(), Some("a\nc"));
        assert_eq!(hidden("a\n\n%% b %%\n\nc").as_deref(), Some("a\n\n       \n\nc"));
        assert_eq!(hidden("%% b %% c").as_deref(), Some("c"));
        assert_eq!(hidden("%%\nä\n\n## b\n%%\nc").as_deref(), Some("  \n  \n\n    \n  \nc"));
        assert_eq!(hidden("x %% y %%\n\n%% a %% %% b %% c").as_deref(), Some("x\n\n c"));
        assert_eq!(hidden("- %%b%%\n").as_deref(), Some("- \n"));
        assert_eq!(hidden("%%a%% `%%` %%b%%").as_deref(), Some("`%%`"));
    }

    #[test]
    fn remarks_in_quotes_and_items_are_hidden() {
        for (text, expected) in [
            ("> %% a\n> b %%\n> c", ">     \n>     \n> c"),
            ("> %%\n> a\n>\n> # b\n> %%\n> c", ">   \n>  \n>\n>    \n>   \n> c"),
            (">%%a\n>b%%\nc", ">   \n>   \nc"),
            ("> > %% a\n> > b %%\n> > c", "> >     \n> >     \n> > c"),
            ("> a %% b %% c\n> %% d %%\n> e", "> a c\n>        \n> e"),
            ("- a\n  %% b\n  c %%\n  d", "- a\n      \n      \n  d"),
            ("- %%\n  a\n\n  b\n  %%\n  c", "- \n   \n\n   \n    \n  c"),
            ("10. %% a\n    b %%\n    c", "10. \n        \n    c"),
            ("- > %% a\n  > b %%\n  > c", "- > \n  >     \n  > c"),
            ("> - %% a\n>   b %%", "> - \n>       "),
            ("-\t%% a\n\tb %%", "-\t\n     "),
            ("- [ ] %% a\n      b %%", "- [ ] \n          "),
            ("a\n: %% b\n  c %%\n", "a\n: \n      \n"),
            ("[^1]: %% b\n      c %%\n", "[^1]: \n          \n"),
            ("> [!NOTE]\n> %% a\n> b %%\n> c", "> [!NOTE]\n>     \n>     \n> c"),
        ] {
            assert_eq!(hidden(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in [
            "> %% a\nb %%",
            "> %% a\n\n> b %%",
            "> > %% a\n> b %%",
            "- %% a\n- b %%",
            "- %% a\nb %%",
            "> %% a\n> # b\n> c %%",
            "- a %% b\n  c %%",
            "-%% a\n  b %%",
        ] {
            assert_eq!(hidden(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_remark_stays() {
        for text in [
            "`a %% b %% c`",
            "50%% and 60%%",
            "50 %% and 60 %% of",
            "%%time and %%html",
            "a %%%% b %%%%",
            "%% a",
            "a %% b\nc %% d",
            "```\n%% a\n%% b\n```\n",
            "%% a\n\n## b\n\nc %%",
            "$%%$ %%",
            "<!-- %% a %% -->",
            "a \\%% b \\%% c",
            "[a](x%%y) [b](y%%x)",
            "[a]: x%%y\n[b]: y%%x\n",
        ] {
            assert_eq!(hidden(text), None, "{text}");
        }
    }
}
