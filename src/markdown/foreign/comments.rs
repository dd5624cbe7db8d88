//! Turns a text with remarks as Obsidian has them (`%% for me %%`) into one that shows none, byte for byte, so that every offset
//! stays.
//!
//! A remark opens where no word or number stands before it, so that `5 %% of` is none. It closes in its line; or it opens at a
//! line's start and closes at the end of another, and then both stand alone in their lines if a heading is between them.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::markdown::attributes;

/// What opens and closes a remark.
const MARK: &str = "%%";

/// Stands for a character of a remark beside text: it shows nothing, breaks no line and is left out of content, see
/// [`crate::text::hidden`].
const NOTHING: char = '\u{f}';

/// The text without its remarks; `None` where it has none.
pub(in crate::markdown) fn hide(text: &str, options: Options) -> Option<String> {
    // Nearly all text has no mark of any.
    let found = if text.contains(MARK) { remarks(text, options) } else { Vec::new() };
    if found.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for remark in found {
        // Two remarks share the blanks between them.
        let remark = remark.start.max(out.len())..remark.end;
        out.push_str(text.get(out.len()..remark.start)?);
        let stands_alone = text[..remark.start].ends_with('\n') || remark.start == 0;
        let stands_alone = stands_alone && (text[remark.end..].starts_with(['\n', '\r']) || remark.end == text.len());
        let blank = if stands_alone { ' ' } else { NOTHING };
        out.extend(
            text[remark].bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { blank }),
        );
    }
    out.push_str(text.get(out.len()..)?);
    Some(out)
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
fn remarks(text: &str, options: Options) -> Vec<Range<usize>> {
    let marks: Vec<usize> = text.match_indices(MARK).map(|(at, _)| at).filter(|at| is_mark(text, *at)).collect();
    if marks.len() < 2 || !marks.iter().any(|at| may_open(text, *at)) {
        return Vec::new();
    }
    let literal = literal(text, options);
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

/// Code, formulas and raw HTML, in which nothing is a remark.
fn literal(text: &str, options: Options) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, options).into_offset_iter();
    let is_literal = |event: &Event<'_>| {
        matches!(
            event,
            Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)
        )
    };
    events.filter(|(event, _)| is_literal(event)).map(|(_, range)| range).collect()
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
    let stands_at_edges = line_before(text, open).trim().is_empty() && after.trim().is_empty();
    let (first, last) = (inner.lines().next().unwrap_or_default(), inner.rsplit('\n').next().unwrap_or_default());
    let stands_alone = first.trim().is_empty() && last.trim().is_empty();
    let has_heading = inner.lines().skip(1).any(|line| line.starts_with('#'));
    stands_at_edges && (stands_alone || !has_heading)
}

/// What stands before an offset in its line.
fn line_before(text: &str, at: usize) -> &str {
    &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at]
}

/// A remark with the blanks before it, or behind it where it starts a line.
fn with_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let is_blank = |c: char| c == ' ' || c == '\t';
    let start = text[..range.start].trim_end_matches(is_blank).len();
    let behind = text[range.end..].len() - text[range.end..].trim_start_matches(is_blank).len();
    let ends_line = text[range.end + behind..].starts_with(['\n', '\r']) || range.end + behind == text.len();
    let starts_line = start == 0 || text[..start].ends_with('\n');
    let from = if starts_line && !ends_line { range.start } else { start };
    from..if starts_line || ends_line { range.end + behind } else { range.end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::scan;

    fn hidden(text: &str) -> Option<String> {
        let hidden = hide(text, scan::options(true))?;
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
        assert_eq!(hidden("- %%b%%\n").as_deref(), Some("-\n"));
        assert_eq!(hidden("%%a%% `%%` %%b%%").as_deref(), Some("`%%`"));
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
        ] {
            assert_eq!(hidden(text), None, "{text}");
        }
    }
}
