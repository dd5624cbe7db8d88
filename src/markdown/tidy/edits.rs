//! Finds what a tidy text would have otherwise: edits, those together that mean nothing without each other.
//!
//! Knows blocks and emphasis as the parser has them, and no notes.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::markdown::attributes;
use crate::markdown::scan::{self, MathForms};
use crate::source::{Change, Source, SourceId};

/// Edits that belong together, ascending.
pub(super) type Group = Vec<Change>;

/// The edits of a text behind its front matter, which ends at `start`, by where the first of them stands. `math` says whether
/// `$` starts math.
pub(super) fn edits(id: SourceId, source: &Source, start: usize, math: bool) -> Vec<Group> {
    let marks = Marks::of(id, source, start, math);
    let mut groups: Vec<Group> = lines(&source.text, start, &marks).into_iter().map(|edit| vec![edit]).collect();
    groups.extend(marks.groups);
    groups.sort_by_key(|group| group.first().map_or(0, |edit| edit.range.start));
    groups
}

/// What the parser finds in a text.
#[derive(Default)]
struct Marks {
    /// What stays as it is, ascending.
    opaque: Vec<Range<usize>>,
    /// Where headings that start with `#` at the first column stand, ascending.
    headings: Vec<Range<usize>>,
    groups: Vec<Group>,
    /// The marks of each list that is open.
    lists: Vec<Group>,
}

impl Marks {
    fn of(id: SourceId, source: &Source, start: usize, math: bool) -> Self {
        let forms = MathForms { dollars: math, brackets: true };
        let scanned = scan::scan(id, source, start..source.text.len(), forms, &mut Vec::new());
        let mut marks = Self::default();
        marks.opaque.extend(scanned.formulas.iter().map(|formula| formula.range.clone()));
        for (event, range) in Parser::new_ext(&scanned.text, scan::options(math)).into_offset_iter() {
            marks.event(&event, start + range.start..start + range.end, &source.text);
        }
        marks.opaque.sort_by_key(|range| range.start);
        marks
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>, text: &str) {
        let written = text.get(range.clone()).unwrap_or_default();
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)
            | Event::Code(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => self.opaque.push(range),
            Event::Start(Tag::Heading { .. }) if written.starts_with('#') => self.heading(range, text),
            Event::Start(Tag::Item) if written.starts_with(['*', '+']) => {
                let change = Change { range: range.start..range.start + 1, text: "-".to_owned() };
                if let Some(list) = self.lists.last_mut() {
                    list.push(change);
                }
            }
            Event::Start(Tag::List(_)) => self.lists.push(Vec::new()),
            Event::End(TagEnd::List(_)) => self.groups.extend(self.lists.pop().filter(|list| !list.is_empty())),
            Event::Start(Tag::Emphasis) => self.emphasis(range, written, "_", "*"),
            Event::Start(Tag::Strong) => self.emphasis(range, written, "__", "**"),
            Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::Html(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn emphasis(&mut self, range: Range<usize>, written: &str, from: &str, to: &str) {
        if written.starts_with(from) && written.ends_with(from) && written.len() > 2 * from.len() {
            let (start, end) = (range.start..range.start + from.len(), range.end - from.len()..range.end);
            self.groups.push(vec![start, end].into_iter().map(|range| Change { range, text: to.to_owned() }).collect());
        }
    }

    fn heading(&mut self, range: Range<usize>, text: &str) {
        let line = text.get(range.start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim_end();
        let place = range.start..range.start + line.len();
        let starts_line = text.get(..range.start).is_none_or(|before| before.is_empty() || before.ends_with('\n'));
        if !starts_line {
            return;
        }
        self.headings.push(place.clone());
        let braces = line.strip_suffix('}').and_then(|line| line.rfind('{').map(|open| (open + 1, line.len())));
        let Some((open, close)) = braces else { return };
        let inner = line.get(open..close).unwrap_or_default();
        if let Some(ordered) = attributes::in_order(inner).filter(|ordered| ordered != inner) {
            self.groups.push(vec![Change { range: place.start + open..place.start + close, text: ordered }]);
        }
    }

    fn is_opaque(&self, at: usize) -> bool {
        let behind = self.opaque.partition_point(|range| range.start <= at);
        behind.checked_sub(1).and_then(|index| self.opaque.get(index)).is_some_and(|range| at < range.end)
    }

    fn starts_opaque(&self, at: usize) -> bool {
        self.opaque.binary_search_by_key(&at, |range| range.start).is_ok()
    }

    fn is_heading(&self, at: usize) -> bool {
        self.headings.binary_search_by_key(&at, |range| range.start).is_ok()
    }
}

/// The edits of white space at lines' ends and between lines.
fn lines(text: &str, start: usize, marks: &Marks) -> Vec<Change> {
    let mut edits = Vec::new();
    let (mut at, mut blanks, mut is_first, mut is_behind_heading) = (start, start..start, true, false);
    let line_end = if text.find('\n').is_some_and(|end| text.get(..end).is_some_and(|line| line.ends_with('\r'))) {
        "\r\n"
    } else {
        "\n"
    };
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let place = at..at + line.len();
        at = place.end;
        let bare = line.trim_end_matches(['\n', '\r']);
        let trimmed = bare.trim_end_matches([' ', '\t']);
        let starts_opaque = marks.starts_opaque(place.start);
        if !starts_opaque && (marks.is_opaque(place.start) || (trimmed.is_empty() && marks.is_opaque(place.end))) {
            (blanks, is_first, is_behind_heading) = (at..at, false, false);
            continue;
        }
        if trimmed.is_empty() {
            blanks.end = at;
            continue;
        }
        let is_heading = marks.is_heading(place.start);
        let has_front_matter = start > 0;
        let between = text.get(blanks.clone()).unwrap_or_default();
        // Behind front matter both are usual.
        let wants_one = if is_first { has_front_matter && !between.is_empty() } else { true };
        let wants_one = wants_one && (!between.is_empty() || is_heading || is_behind_heading);
        let wanted = if wants_one { line_end } else { "" };
        if between != wanted {
            edits.push(Change { range: blanks, text: wanted.to_owned() });
        }
        let end = place.start + bare.len();
        let spaces = bare.len() - trimmed.len();
        // Two spaces end a line where one follows in its paragraph.
        let next = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let breaks = bare.ends_with("  ") && !next.trim().is_empty() && !is_heading;
        let wanted = if breaks { "  " } else { "" };
        if !starts_opaque && (spaces != wanted.len() || !bare.ends_with(wanted)) {
            edits.push(Change { range: end - spaces..end, text: wanted.to_owned() });
        }
        (blanks, is_first, is_behind_heading) = (at..at, false, is_heading);
    }
    if !blanks.is_empty() && !is_first {
        edits.push(Change { range: blanks, text: String::new() });
    } else if text.len() > start && !text.ends_with('\n') && !marks.is_opaque(text.len() - 1) {
        edits.push(Change { range: text.len()..text.len(), text: line_end.to_owned() });
    }
    edits
}
