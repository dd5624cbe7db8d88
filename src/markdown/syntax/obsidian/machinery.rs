//! Tells what the plug-in and its editor write into a text for themselves from what the author wrote: dates of reviews, ids of
//! blocks.
//!
//! Knows one line.

use std::ops::Range;

use crate::ir::{BlockKind, ChildMut, InlineKind};
use crate::markdown::foreign::inline::is_block_id;
use crate::source::{Excerpt, Source};

/// Starts a comment with the dates of reviews.
const SCHEDULE: &str = "<!--SR:";

/// Starts the callout that holds such a comment.
const CALLOUT: &str = "[!sr|card-metadata]";

/// The keys of notes that are reviewed whole.
const KEYS: [&str; 3] = ["sr-due", "sr-interval", "sr-ease"];

/// Where the first such comment is.
pub(super) fn first_schedule(text: &str) -> Option<Range<usize>> {
    let start = text.find(SCHEDULE)?;
    Some(start..start + SCHEDULE.len())
}

/// What of a line is its author's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// How long the line is without what stands at its end and is none of it.
    pub(super) end: usize,
    /// The id of its block, with its `^`.
    pub(super) id: Option<Range<usize>>,
}

/// What a line's author wrote of it: it ends before dates and ids.
pub(super) fn written(line: &str) -> Written {
    let (mut end, mut id) = (line.trim_end().len(), None);
    loop {
        let rest = line.get(..end).unwrap_or_default();
        let shorter = schedule(rest).or_else(|| {
            let start = block_id(rest).filter(|_| id.is_none())?;
            id = Some(start..end);
            Some(start)
        });
        match shorter {
            Some(start) => end = rest.get(..start).unwrap_or_default().trim_end().len(),
            None => return Written { end, id },
        }
    }
}

/// Puts a piece of the text at the end of an excerpt, without dates within it.
pub(super) fn push_written(excerpt: &mut Excerpt, source: &Source, range: Range<usize>) {
    let mut at = range.start;
    while let Some(place) = source.text.get(at..range.end).and_then(first_schedule) {
        let start = at + place.start;
        let end = source.text.get(start..range.end).and_then(|rest| rest.find("-->"));
        excerpt.push(source, at..start);
        at = end.map_or(range.end, |end| start + end + "-->".len());
    }
    excerpt.push(source, at..range.end);
}

/// A line without the comment with dates that it ends in.
pub(super) fn without_dates(line: &str) -> &str {
    schedule(line.trim_end()).and_then(|start| line.get(..start)).map_or(line, str::trim_end)
}

/// Takes comments with dates out of content where the parser sees HTML or text in what looks like code.
pub(super) fn forget_schedules(content: ChildMut<'_>) {
    match content {
        ChildMut::Blocks(blocks) => blocks.retain_mut(|block| {
            if let BlockKind::Html { html } = &mut block.kind {
                return forget_schedule(&mut html.text);
            }
            block.for_each_child_mut(&mut forget_schedules);
            true
        }),
        ChildMut::Inlines(content) => content.retain_mut(|inline| {
            let is_left = if let InlineKind::Html { html } = &mut inline.kind {
                forget_schedule(&mut html.text)
            } else if let InlineKind::Text { text } = &mut inline.kind {
                forget_schedule(text)
            } else {
                true
            };
            inline.child_mut().into_iter().for_each(forget_schedules);
            is_left
        }),
        ChildMut::Runs(_) => {}
    }
}

/// Takes comments with dates out of a text; whether anything is left.
fn forget_schedule(text: &mut String) -> bool {
    if first_schedule(text).is_none() {
        return true;
    }
    let (mut rest, mut kept) = (text.as_str(), String::with_capacity(text.len()));
    while let Some(place) = first_schedule(rest) {
        kept.push_str(rest.get(..place.start).unwrap_or_default());
        let behind = rest.get(place.end..).unwrap_or_default();
        rest = behind.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    *text = kept;
    !text.trim().is_empty()
}

/// Where the comment starts that a line ends in, or that never ends.
fn schedule(line: &str) -> Option<usize> {
    let start = line.rfind(SCHEDULE)?;
    let behind = line.get(start..)?;
    let is_last = behind.find("-->").is_none_or(|end| end + 3 == behind.len());
    is_last.then_some(start)
}

/// Where the id of a block starts that a line ends in.
fn block_id(line: &str) -> Option<usize> {
    let start = line.rfind('^').filter(|at| line.get(*at..).is_some_and(is_block_id))?;
    let before = line.get(..start)?;
    (before.is_empty() || before.ends_with([' ', '\t'])).then_some(start)
}

/// Whether a line is a key of a note that is reviewed whole, which belongs to the front matter.
pub(super) fn is_key(line: &str) -> bool {
    let line = line.trim_start();
    KEYS.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')))
}

/// Whether a line starts the callout of dates.
pub(super) fn starts_callout(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '\t', '>']);
    text.len() < line.trim_start().len()
        && text.get(..CALLOUT.len()).is_some_and(|start| start.eq_ignore_ascii_case(CALLOUT))
}

/// Whether a line goes on with a callout.
pub(super) fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_before_dates_and_ids() {
        for (line, text, id) in [
            ("a::b", "a::b", None),
            ("a::b <!--SR:!2025-01-02,4,270-->", "a::b", None),
            ("a::b<!--SR:!2025-01-02,4,270!2025-01-03,5,250-->  ", "a::b", None),
            ("a::b <!--SR:!fsrs,2025-01-02,1,2,3,4,5,6,x--> ^id-1", "a::b", Some("^id-1")),
            ("a::b ^id-1 <!--SR:!2025-01-02,4,270-->", "a::b", Some("^id-1")),
            ("a <!--SR:!1--> <!--SR:!2-->", "a", None),
            ("a <!--SR:!2025-01-02", "a", None),
            ("^abcdef", "", Some("^abcdef")),
            ("x^abc y ^2", "x^abc y ^2", None),
            ("a <!--SR:!1--> b", "a <!--SR:!1--> b", None),
            ("<!--SR:!1-->", "", None),
            ("a ^b ^c", "a ^b", Some("^c")),
        ] {
            let found = written(line);
            assert_eq!((&line[..found.end], found.id.map(|id| &line[id])), (text, id), "{line}");
        }
    }

    #[test]
    fn keys_and_callouts_are_the_plug_ins() {
        for line in ["sr-due: 2025-01-02", "sr-ease:: 250", "  sr-interval : 3"] {
            assert!(is_key(line), "{line}");
        }
        assert!(!is_key("sr-dues: x") && !is_key("sr-due is a key") && !is_key("a sr-due: x"));
        for line in ["> [!sr|card-metadata]", ">[!SR|card-metadata]- x", "\t> > [!sr|card-metadata]"] {
            assert!(starts_callout(line), "{line}");
        }
        assert!(!starts_callout("[!sr|card-metadata]") && !starts_callout("> [!sr]"));
    }
}
