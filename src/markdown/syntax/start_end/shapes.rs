//! Finds notes outside of blocks by their shapes: `front::back`, dashes between front and back, tables of one column, and others
//! for which the plug-in's wiki gives regular expressions.
//!
//! Knows lines. Source: Obsidian_to_Anki's wiki, "Regex"; none of its expressions is run.

use std::ops::Range;

use super::blocks::trimmed;
use super::lines::{Lines, inner, literal_spans};
use super::types;
use super::written::{Field, Form, Written};
use crate::config::syntax::{StartEndOptions, Style};
use crate::markdown::syntax::machinery::{Id, tag_line};

/// What lines are that are not simply text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Text, or nothing.
    Text,
    /// Code, a comment or a formula.
    Literal,
    /// A note holds it already, or it is of the whole file.
    Taken,
}

/// What is found by shapes.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The notes, by styles, and those of a style in the order of the text.
    pub(super) notes: Vec<Written>,
    /// Properties that look like a front and a back.
    pub(super) properties: Vec<Range<usize>>,
    /// Lines of dashes with nothing below them.
    pub(super) bare: Vec<Range<usize>>,
}

/// More styles than this are not looked for: each is another time through all lines.
const MOST_STYLES: usize = 16;

/// Looks for the shapes that options name. Lines of what is found are taken.
pub(super) fn find(lines: &Lines<'_>, kinds: &mut [Line], options: &StartEndOptions) -> Found {
    let mut search = Search { lines, kinds, options, found: Found::default() };
    for (note_type, style) in options.styles.iter().take(MOST_STYLES) {
        match style {
            Style::Remnote => search.remnote(note_type),
            Style::Neuracache { mark } => search.neuracache(note_type, mark),
            Style::Ruled => search.ruled(note_type),
            Style::Table => search.table(note_type),
            Style::Cloze => search.cloze(note_type),
            // Other syntaxes read those.
            Style::Header { .. } | Style::Question { .. } => {}
        }
    }
    search.found
}

/// Looks for a shape above each line that is an id and belongs to no note: an id says that one stands there.
pub(super) fn find_by_ids(lines: &Lines<'_>, kinds: &mut [Line], options: &StartEndOptions) -> Vec<Written> {
    let mut search = Search { lines, kinds, options, found: Found::default() };
    // A note is not looked for above the id before it.
    let mut from = 0;
    for index in 0..lines.len() {
        if !search.is_text(index) || Id::alone(lines.text(index), lines.range(index).start).is_none() {
            continue;
        }
        search.above(from, index);
        from = index + 1;
    }
    search.found.notes
}

struct Search<'s, 't> {
    lines: &'s Lines<'t>,
    kinds: &'s mut [Line],
    options: &'s StartEndOptions,
    found: Found,
}

/// What may stand below a note: its tags and its id.
struct Tail {
    tags: Vec<Range<usize>>,
    id: Option<Id>,
    is_deleted: bool,
    /// The line behind it.
    end: usize,
}

impl Search<'_, '_> {
    fn kind(&self, index: usize) -> Option<Line> {
        self.kinds.get(index).copied()
    }

    /// Whether a line is text that no note holds.
    fn is_text(&self, index: usize) -> bool {
        self.kind(index) == Some(Line::Text)
    }

    /// Whether a line goes on with what stands above it: it holds something, and starts no comment.
    fn goes_on(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(Line::Literal) => !self.lines.text(index).trim_start().starts_with("<!--"),
            Some(Line::Text) => !self.lines.is_blank(index) && !self.lines.text(index).starts_with("<!--"),
            Some(Line::Taken) | None => false,
        }
    }

    /// Where the back ends that starts in a line: before its tags and its id.
    fn end_of_back(&self, from: usize) -> usize {
        let is_machinery = |index: usize| {
            let line = self.lines.text(index);
            let is_one = tag_line(line).is_some() || Id::alone(line, 0).is_some() || line.trim() == self.options.delete;
            is_one && self.is_text(index)
        };
        let ends = |index: &usize| !self.goes_on(*index) || is_machinery(*index);
        (from..self.lines.len()).find(ends).unwrap_or(self.lines.len())
    }

    fn tail(&self, from: usize) -> Tail {
        let mut tail = Tail { tags: Vec::new(), id: None, is_deleted: false, end: from };
        if let Some(text) = tag_line(self.lines.text(tail.end)).filter(|_| self.is_text(tail.end)) {
            let place = self.lines.range(tail.end);
            tail.tags.push(place.end - text.len()..place.end);
            tail.end += 1;
        }
        let says_delete = self.is_text(tail.end) && self.lines.text(tail.end).trim() == self.options.delete;
        let at = tail.end + usize::from(says_delete);
        if let Some(id) = Id::alone(self.lines.text(at), self.lines.range(at).start).filter(|_| self.is_text(at)) {
            (tail.id, tail.end, tail.is_deleted) = (Some(id), at + 1, says_delete);
        }
        tail
    }

    /// Takes the lines of a note, whose fields have these pieces; its tags and id stand from the line `end` on.
    fn take(
        &mut self,
        note_type: &str,
        first: usize,
        end: usize,
        pieces: [Vec<Range<usize>>; 2],
        tags: Option<Range<usize>>,
    ) -> usize {
        let tail = self.tail(end);
        let named = types::fields(note_type, self.options).ok().flatten().unwrap_or_default();
        let own = named.iter().map(String::as_str);
        let with_own = own.chain(["Front", "Back"].into_iter().skip(named.len()));
        let fields = with_own.zip(pieces).map(|(name, pieces)| Field { pieces, ..Field::new(name) });
        for kind in self.kinds.get_mut(first..tail.end).unwrap_or_default() {
            *kind = Line::Taken;
        }
        self.found.notes.push(Written {
            whole: self.lines.span(first, tail.end.saturating_sub(1)),
            note_type: note_type.to_owned(),
            type_place: trimmed(self.lines, first),
            fields: fields.collect(),
            tags: tags.into_iter().chain(tail.tags).collect(),
            id: tail.id,
            strays: Vec::new(),
            is_deleted: tail.is_deleted,
            fault: None,
            form: Form::Shape,
        });
        tail.end
    }

    fn remnote(&mut self, note_type: &str) {
        let mut index = 0;
        while index < self.lines.len() {
            index = self.remnote_line(note_type, index).unwrap_or(index + 1);
        }
    }

    /// `front::back` in a line; the line behind it.
    fn remnote_line(&mut self, note_type: &str, index: usize) -> Option<usize> {
        let line = self.lines.text(index);
        if !self.is_text(index) || !line.contains("::") {
            return None;
        }
        let has_id = self.tail(index + 1).id.is_some();
        let text = inner(line).trim_start_matches('#').trim_start();
        let start = self.lines.range(index).start + line.len() - text.len();
        let mut back_end = start + text.len();
        match separator(text, has_id) {
            Separator::At(at) => {
                let back = text.get(at + 2..).unwrap_or_default();
                let tags = back.rfind(" Tags: ").map(|found| {
                    let (from, end) = (at + 2 + found + " Tags: ".len(), back_end);
                    back_end = start + at + 2 + found;
                    start + from..end
                });
                let pieces = [one(start..start + at), one(start + at + 2..back_end)];
                Some(self.take(note_type, index, index + 1, pieces, tags))
            }
            Separator::Property => {
                self.found.properties.push(trimmed(self.lines, index));
                None
            }
            Separator::None => None,
        }
    }

    fn neuracache(&mut self, note_type: &str, mark: &str) {
        // Where the run of lines starts that a line is in.
        let (mut index, mut run) = (0, 0);
        while index < self.lines.len() {
            if !self.goes_on(index) {
                (index, run) = (index + 1, index + 1);
                continue;
            }
            match self.neuracache_at(note_type, mark, run, index) {
                Some(end) => (index, run) = (end, end),
                None => index += 1,
            }
        }
    }

    /// A front from a line on that ends in another one with a mark, and the back below it; the line behind that.
    fn neuracache_at(&mut self, note_type: &str, mark: &str, run: usize, index: usize) -> Option<usize> {
        let line = self.lines.text(index).trim_end();
        let front = line.strip_suffix(mark).filter(|front| self.is_text(index) && front.ends_with([' ', '\t']))?;
        let (start, at) = (self.lines.range(run).start, self.lines.range(index).start);
        let from = (index + 1..self.lines.len()).find(|index| !self.lines.is_blank(*index) || !self.is_text(*index))?;
        let end = self.end_of_back(from);
        if end == from {
            return None;
        }
        let pieces = [one(start..at + front.len()), one(self.lines.span(from, end - 1))];
        Some(self.take(note_type, run, end, pieces, None))
    }

    fn ruled(&mut self, note_type: &str) {
        let (mut index, mut run) = (0, 0);
        while index < self.lines.len() {
            if !self.goes_on(index) {
                (index, run) = (index + 1, index + 1);
                continue;
            }
            if index == run || !self.is_text(index) || !is_dashes(self.lines.text(index)) {
                index += 1;
                continue;
            }
            let end = self.ruled_at(note_type, run, index);
            (index, run) = (end, end);
        }
    }

    /// A front from a line on, over the dashes in another one, and the back below those; the line behind it.
    fn ruled_at(&mut self, note_type: &str, run: usize, dashes: usize) -> usize {
        let end = self.end_of_back(dashes + 1);
        if end == dashes + 1 {
            self.found.bare.push(self.lines.range(dashes));
            return end;
        }
        let pieces = [one(self.lines.span(run, dashes - 1)), one(self.lines.span(dashes + 1, end - 1))];
        self.take(note_type, run, end, pieces, None)
    }

    fn table(&mut self, note_type: &str) {
        let mut index = 0;
        while index < self.lines.len() {
            index = self.table_at(note_type, index).unwrap_or(index + 1);
        }
    }

    /// A table of one column, whose header asks and whose rows answer; the line behind it.
    fn table_at(&mut self, note_type: &str, index: usize) -> Option<usize> {
        let cell = |index: usize| if self.is_text(index) { cell(self.lines, index) } else { None };
        let header = cell(index)?;
        let is_rule = |place: Range<usize>| {
            let text = self.lines.whole().get(place).unwrap_or_default();
            text.contains('-') && text.bytes().all(|byte| matches!(byte, b'-' | b':'))
        };
        if !cell(index + 1).is_some_and(is_rule) {
            return None;
        }
        let rows: Vec<Range<usize>> = (index + 2..).map_while(cell).collect();
        let end = index + 2 + rows.len();
        // A header with more columns stands above no table of one.
        if rows.is_empty() || self.lines.text(end).trim_start().starts_with('|') {
            return None;
        }
        Some(self.take(note_type, index, end, [one(header), rows], None))
    }

    fn cloze(&mut self, note_type: &str) {
        let mut index = 0;
        while index < self.lines.len() {
            let end = self.end_of_back(index);
            if end == index {
                index += 1;
                continue;
            }
            let is_heading = |index: &usize| self.is_text(*index) && self.lines.text(*index).starts_with('#');
            let from = (index..end).rfind(is_heading).map_or(index, |heading| heading + 1);
            let deletes =
                (from..end).any(|index| self.is_text(index) && may_delete(self.lines.text(index), self.options));
            index = if deletes && from < end {
                self.take(note_type, from, end, [one(self.lines.span(from, end - 1)), Vec::new()], None)
            } else {
                end
            };
        }
    }

    /// The note above a line that is an id, not further up than a line.
    fn above(&mut self, from: usize, id: usize) {
        let says_delete = id > from && self.lines.text(id - 1).trim() == self.options.delete;
        let tail = id - usize::from(says_delete);
        let has_tags = tail > from && tag_line(self.lines.text(tail - 1)).is_some();
        let end = tail - usize::from(has_tags);
        let run = (from..end).rev().find(|index| !self.goes_on(*index)).map_or(from, |blank| blank + 1);
        if run == end || end == 0 {
            return;
        }
        let basic = self.type_of(false);
        if let Some(header) = (run..end).find(|index| self.table_at_end(*index, end)) {
            self.table_at(&basic, header);
        } else if let Some(dashes) =
            (run + 1..end).find(|index| self.is_text(*index) && is_dashes(self.lines.text(*index)))
        {
            self.ruled_at(&basic, run, dashes);
        } else if let Some(mark) = (run..end).find(|index| self.lines.text(*index).trim_end().ends_with(" #flashcard"))
        {
            self.neuracache_at(&basic, "#flashcard", run, mark);
        } else if (run..end).any(|index| self.is_text(index) && self.lines.text(index).contains("{{c")) {
            let (cloze, pieces) = (self.type_of(true), [one(self.lines.span(run, end - 1)), Vec::new()]);
            self.take(&cloze, run, end, pieces, None);
        } else {
            self.remnote_line(&basic, end - 1);
        }
    }

    /// Whether a table of one column starts in a line and ends before another one.
    fn table_at_end(&self, index: usize, end: usize) -> bool {
        let is_cell = |index: usize| self.is_text(index) && cell(self.lines, index).is_some();
        is_cell(index) && index + 2 < end && (index == 0 || !is_cell(index - 1)) && (index..end).all(is_cell)
    }

    /// The note type of what only an id marks as a note.
    fn type_of(&self, is_cloze: bool) -> String {
        let mut named = self.options.styles.iter().map(|(name, _)| name.as_str());
        let name = named.find(|name| types::kind(name).is_cloze == is_cloze);
        name.unwrap_or(if is_cloze { "Cloze" } else { "Basic" }).to_owned()
    }
}

fn one(piece: Range<usize>) -> Vec<Range<usize>> {
    std::iter::once(piece).collect()
}

/// Whether a line is dashes, three or more.
fn is_dashes(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

/// The place of the text in a line that is a row of one cell.
fn cell(lines: &Lines<'_>, index: usize) -> Option<Range<usize>> {
    let line = lines.text(index).trim();
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    let is_parted =
        inner.match_indices('|').any(|(at, _)| !inner.get(..at).is_some_and(|before| before.ends_with('\\')));
    let text = inner.trim();
    if is_parted || text.is_empty() || inner.ends_with('\\') {
        return None;
    }
    let start = trimmed(lines, index).start + 1 + inner.len() - inner.trim_start().len();
    Some(start..start + text.len())
}

/// What parts a line into front and back.
#[derive(Debug, PartialEq, Eq)]
enum Separator {
    /// The colons at an offset.
    At(usize),
    /// Colons of a property, as Dataview has them.
    Property,
    /// Nothing: no colons, those of paths, or such in code.
    None,
}

/// Looks for the last two colons of a line that are not three. Those without a blank beside them are a path's where there are
/// several; `has_id` says that the line is a note for sure.
fn separator(text: &str, has_id: bool) -> Separator {
    let literal = literal_spans(text);
    let is_literal = |place: usize| {
        let before = literal.partition_point(|span| span.start <= place).checked_sub(1);
        before.and_then(|index| literal.get(index)).is_some_and(|span| place < span.end)
    };
    let (mut spaced, mut tight, mut count) = (None, None, 0);
    for (at, _) in text.match_indices("::") {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + 2..).unwrap_or_default());
        let is_two = !before.ends_with(':') && !behind.starts_with(':') && !behind.is_empty();
        if !is_two || before.trim().is_empty() || is_literal(at) {
            continue;
        }
        if before.ends_with(' ') || behind.starts_with(' ') {
            spaced = Some(at);
        } else {
            (tight, count) = (Some(at), count + 1);
        }
    }
    let last = if has_id { spaced.max(tight) } else { spaced.or(tight.filter(|_| count == 1)) };
    let Some(at) = last.filter(|at| !text.get(at + 2..).unwrap_or_default().trim().is_empty()) else {
        return Separator::None;
    };
    if !has_id && is_property(text, at) { Separator::Property } else { Separator::At(at) }
}

/// Whether the colons at an offset are those of `key:: value`, alone or in brackets.
fn is_property(text: &str, at: usize) -> bool {
    let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + 2..).unwrap_or_default());
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let key = before.trim_end_matches(is_part);
    key.len() < before.len() && behind.starts_with(' ') && (key.is_empty() || key.ends_with(['(', '[']))
}

/// Whether a line may hold a deletion: braces around something outside of code and formulas, or highlights where those are.
pub(super) fn may_delete(line: &str, options: &StartEndOptions) -> bool {
    if line.contains("{{c") {
        return true;
    }
    let has_braces = options.curly_clozes && line.contains('{') && line.contains('}');
    let has_marks = options.highlight_clozes && line.contains("==");
    if !has_braces && !has_marks {
        return false;
    }
    let mut at = 0;
    let mut rest = String::new();
    for span in literal_spans(line) {
        rest.push_str(line.get(at..span.start).unwrap_or_default());
        // Something stood there.
        rest.push('x');
        at = span.end;
    }
    rest.push_str(line.get(at..).unwrap_or_default());
    let between = |open: &str, close: &str| {
        rest.split_once(open)
            .and_then(|(_, rest)| rest.split_once(close))
            .is_some_and(|(inner, _)| !inner.trim().is_empty())
    };
    (has_braces && between("{", "}")) || (has_marks && between("==", "=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The notes of a style, each as its fields, tags and id.
    fn found(style: Style, text: &str) -> Vec<String> {
        let note_type = if style == Style::Cloze { "Cloze" } else { "Basic" };
        let styles = vec![(note_type.to_owned(), style)];
        let options = StartEndOptions { styles, curly_clozes: true, ..StartEndOptions::default() };
        let lines = Lines::new(text, 0..text.len());
        let mut kinds = kinds(&lines);
        shown(text, find(&lines, &mut kinds, &options).notes)
    }

    fn by_ids(text: &str) -> Vec<String> {
        let lines = Lines::new(text, 0..text.len());
        shown(text, find_by_ids(&lines, &mut kinds(&lines), &StartEndOptions::default()))
    }

    fn kinds(lines: &Lines<'_>) -> Vec<Line> {
        let mut literal = lines.literal();
        let is_literal = |index: usize| literal.holds(lines.text(index), lines.range(index).start);
        (0..lines.len()).map(is_literal).map(|literal| if literal { Line::Literal } else { Line::Text }).collect()
    }

    fn shown(text: &str, notes: Vec<Written>) -> Vec<String> {
        let show = |note: Written| {
            let piece = |range: &Range<usize>| text[range.clone()].trim().to_owned();
            let fields = note.fields.iter().map(|field| field.pieces.iter().map(piece).collect::<Vec<_>>().join("+"));
            let more = note
                .tags
                .iter()
                .map(piece)
                .chain(note.id.map(|id| id.id))
                .chain(note.is_deleted.then(|| "gone".into()));
            fields.chain(more).collect::<Vec<_>>().join("|")
        };
        notes.into_iter().map(show).collect()
    }

    #[test]
    fn a_line_is_parted_by_two_colons() {
        let one = |line: &str| found(Style::Remnote, line);
        assert_eq!(
            one("la hoja :: the leaf<br>also: sheet\n<!--ID: 17-->\n"),
            ["la hoja|the leaf<br>also: sheet|o2a-17"]
        );
        assert_eq!(one("how to::do it\n- a :: b :: c Tags: x y\n"), ["how to|do it", "a :: b|c|x y"]);
        assert_eq!(one("a :: b\nTags: x\nID: 17\n"), ["a|b|x|o2a-17"]);
        assert_eq!(one("a :: b\nDELETE\nID: 17\n"), ["a|b|o2a-17|gone"]);
        assert_eq!(one("mesa::table\nmesa :: table\n"), ["mesa|table", "mesa|table"]);
        assert_eq!(one("key:: value\n<!--ID: 17-->\n"), ["key|value|o2a-17"]);
        for none in [
            "a ::: b",
            ":: b",
            "a ::",
            "`a :: b`",
            "x a::b::c",
            "key:: value",
            "a (key:: value)",
            "```\na :: b\n```",
            "$a::b$ c",
        ] {
            assert_eq!(one(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn a_word_ends_the_front() {
        let one = |text: &str| found(Style::Neuracache { mark: "#flashcard".into() }, text);
        assert_eq!(one("a\nb #flashcard\nc\nd\n<!--ID: 17-->\n\ne\n"), ["a\nb|c\nd|o2a-17"]);
        assert_eq!(one("a #flashcard \n\n\nc\n\nd #flashcard\n```\n\n```\n"), ["a|c", "d|```\n\n```"]);
        assert_eq!(one("a#flashcard\nb\n\nc #flashcard\n\n#flashcard\nb\n"), ["c|#flashcard\nb"]);
        assert_eq!(one("a #flashcards\nb\n\nc #flashcard\n"), [""; 0]);
    }

    #[test]
    fn dashes_part_front_and_back() {
        let one = |text: &str| found(Style::Ruled, text);
        assert_eq!(one("a\nb?\n-----\nc\nd\nTags: x\n<!--ID: 17-->\ne"), ["a\nb?|c\nd|x|o2a-17"]);
        assert_eq!(one("a\n---\n\nc\n\n---\nd\n\n```\na\n---\nb\n```\n"), [""; 0]);
    }

    #[test]
    fn a_table_of_one_column_asks_in_its_header() {
        let one = |text: &str| found(Style::Table, text);
        assert_eq!(one("| a? |\n|:---|\n| b |\n| c \\| d |\n<!--ID: 17-->\n"), ["a?|b+c \\| d|o2a-17"]);
        assert_eq!(one("| a | b |\n|---|---|\n| c | d |\n\n| a |\n|---|\n\n| a |\n| b |\n"), [""; 0]);
    }

    #[test]
    fn paragraphs_with_deletions_are_notes() {
        let one = |text: &str| found(Style::Cloze, text);
        assert_eq!(
            one("# a {b}\nc {d}\ne\n<!--ID: 17-->\n\n$\\frac{a}{b}$\n\n`{x}`\n\n{{c1::y}}\n"),
            ["c {d}\ne||o2a-17", "{{c1::y}}|"]
        );
    }

    #[test]
    fn an_id_says_that_a_note_stands_above_it() {
        assert_eq!(by_ids("x :: y\n\na\nb :: c\nTags: t\n<!--ID: 17-->\n"), ["b|c|t|o2a-17"]);
        assert_eq!(by_ids("a\n---\nb\nID: 17\nc #flashcard\nd\nID: 18\n"), ["a|b|o2a-17", "c|d|o2a-18"]);
        assert_eq!(
            by_ids("| a |\n|---|\n| b |\nID: 17\n\nIs {{c1::b}}\nID: 18\n"),
            ["a|b|o2a-17", "Is {{c1::b}}||o2a-18"]
        );
        assert_eq!(by_ids("# a\n\ntext\n<!--ID: 17-->\n\n<!--ID: 18-->\n```\nID: 19\n```"), [""; 0]);
    }

    #[test]
    fn many_lines_are_each_looked_at_a_few_times() {
        let styles =
            [Style::Remnote, Style::Neuracache { mark: "#flashcard".into() }, Style::Ruled, Style::Table, Style::Cloze];
        for line in
            ["a\n", "a ::\n", "a #flashcard\n", "---\n", "| a |\n", "|---|\n", "{\n", "ID: 17\n", "```a\n", "\n"]
        {
            for style in styles.clone() {
                found(style, &line.repeat(20_000));
            }
            by_ids(&line.repeat(20_000));
        }
    }
}
