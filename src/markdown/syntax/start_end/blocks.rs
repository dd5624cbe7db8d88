//! Reads notes between a line that begins one and a line that ends it.
//!
//! Source: Obsidian_to_Anki 3.6.0, `src/note.ts`, `class Note`. Other than there, a fence in a block is whole, and what is begun
//! again before it ends is not one note.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::Lines;
use super::types;
use super::written::{Field, Form, Written};
use crate::config::syntax::StartEndOptions;
use crate::markdown::syntax::machinery::{FileLine, Id, file_line, tag_line};

/// Where a block ends that begins in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// In that line.
    At(usize),
    /// Nowhere: another one begins in that line, or the text ends.
    Nowhere(usize),
}

/// Looks for the end of the block that begins in the line `begin`.
pub(super) fn end(lines: &Lines<'_>, begin: usize, options: &StartEndOptions) -> End {
    let mut literal = lines.literal();
    // The first line that would end it and is in a fence: where that goes on into another block it is not closed.
    let mut within = None;
    let own_type = first_text(lines, begin + 1, lines.len()).map(|index| lines.text(index).trim());
    for index in begin + 1..lines.len() {
        let line = lines.text(index);
        let was_literal = literal.open().is_some();
        let is_literal = literal.holds(behind_name(line), lines.range(index).start);
        if literal.open().is_none() && was_literal {
            within = None;
        }
        if is_end(line, options) {
            if !is_literal {
                return End::At(index);
            }
            within = within.or(literal.open().map(|_| index));
        } else if line == options.begin {
            match within {
                // Or else each of many open fences would be looked through to the end of the text.
                Some(within) => return End::At(within),
                None if !is_literal && begins(lines, index, own_type, options) => return End::Nowhere(index),
                None => {}
            }
        }
    }
    within.map_or(End::Nowhere(lines.len()), End::At)
}

/// What stands behind the name of a field, where a line starts so: a fence may open there.
fn behind_name(line: &str) -> &str {
    let name = types::field_name(line).map_or(0, |name| name.len() + 1);
    line.get(name..).unwrap_or_default().trim_start()
}

/// Whether a line ends a block: it starts with the word for that, and the word ends there.
pub(super) fn is_end(line: &str, options: &StartEndOptions) -> bool {
    let rest = line.strip_prefix(options.end.as_str());
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Whether a line that would begin a block does so within another one: the name of a note type stands below it.
fn begins(lines: &Lines<'_>, index: usize, own_type: Option<&str>, options: &StartEndOptions) -> bool {
    let below = lines.text(index + 1).trim();
    types::is_known(below, options) || (!below.is_empty() && Some(below) == own_type)
}

/// The first line among some that holds something.
pub(super) fn first_text(lines: &Lines<'_>, from: usize, to: usize) -> Option<usize> {
    (from..to).find(|index| !lines.is_blank(*index))
}

/// The lines of a block between those that begin and end it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The line that begins it.
    pub(super) begin: usize,
    /// The line that ends it.
    pub(super) end: usize,
    /// The line with the note type.
    pub(super) note_type: usize,
    /// The lines of its fields.
    body: Range<usize>,
    tags: Vec<Range<usize>>,
    id: Option<Id>,
    is_deleted: bool,
}

impl Block {
    /// Takes tags and the id off the lines between two; `None` where nothing stands there.
    pub(super) fn new(lines: &Lines<'_>, begin: usize, end: usize, options: &StartEndOptions) -> Option<Self> {
        let note_type = first_text(lines, begin + 1, end)?;
        let (mut body, mut tags, mut is_deleted) = (note_type + 1..end, Vec::new(), false);
        let last = |body: &Range<usize>| body.clone().rev().find(|index| !lines.is_blank(*index));
        let mut id = None;
        if let Some(index) = last(&body)
            && let Some(found) = Id::alone(lines.text(index), lines.range(index).start)
        {
            (id, body.end) = (Some(found), index);
        }
        if let Some(index) = last(&body).filter(|index| id.is_some() && lines.text(*index).trim() == options.delete) {
            (is_deleted, body.end) = (true, index);
        }
        if let Some(index) = last(&body)
            && let Some(text) = tag_line(lines.text(index))
        {
            let place = lines.range(index);
            tags.push(place.end - text.len()..place.end);
            body.end = index;
        }
        // What is to be deleted may have lost all but its id.
        is_deleted |= lines.text(note_type).trim() == options.delete && id.is_some();
        Some(Self { begin, end, note_type, body, tags, id, is_deleted })
    }

    /// Its note type.
    pub(super) fn type_name<'t>(&self, lines: &Lines<'t>) -> &'t str {
        lines.text(self.note_type).trim()
    }

    /// The names that its lines may give to fields, each once.
    pub(super) fn field_names<'t>(&self, lines: &Lines<'t>) -> Vec<&'t str> {
        let mut names: Vec<&str> = Vec::new();
        let mut literal = lines.literal();
        for index in self.body.clone() {
            let line = lines.text(index);
            let was_literal = literal.open().is_some();
            literal.holds(behind_name(line), lines.range(index).start);
            let name = types::field_name(line).filter(|name| !was_literal && *name != "Tags" && *name != "ID");
            names.extend(name.filter(|name| !names.contains(name)).filter(|_| names.len() < MOST_NAMES));
        }
        names
    }

    /// It with its fields; `named` are those of its type. Text before the first of them belongs to the first one.
    pub(super) fn into_written(self, lines: &Lines<'_>, named: &[String], options: &StartEndOptions) -> Written {
        let Split { fields, strays, tags, id } = split(lines, self.body.clone(), named, options);
        Written {
            whole: lines.span(self.begin, self.end),
            note_type: self.type_name(lines).to_owned(),
            type_place: trimmed(lines, self.note_type),
            fields,
            tags: self.tags.into_iter().chain(tags).collect(),
            id: self.id.or(id),
            strays,
            is_deleted: self.is_deleted,
            fault: None,
            form: Form::Block,
        }
    }
}

/// Lines of fields, each with its own.
pub(super) struct Split {
    /// In the order of their type.
    pub(super) fields: Vec<Field>,
    /// Lines that are no text of any.
    pub(super) strays: Vec<Range<usize>>,
    tags: Vec<Range<usize>>,
    id: Option<Id>,
}

/// Cuts lines at those that name a field.
pub(super) fn split(lines: &Lines<'_>, body: Range<usize>, named: &[String], options: &StartEndOptions) -> Split {
    let fields = named.iter().map(|name| Field::new(name)).collect();
    let mut split = Split { fields, strays: Vec::new(), tags: Vec::new(), id: None };
    let (mut current, mut literal) = (0, lines.literal());
    let mut rest = body;
    while let Some(index) = rest.next() {
        let (line, range) = (lines.text(index), lines.range(index));
        let starts = if literal.open().is_some() { None } else { field(line, named) };
        let text = starts.and_then(|(_, length)| line.get(length..)).map_or(line, str::trim_start);
        let is_literal = literal.holds(text, range.start);
        if !is_literal && starts.is_none() && split.takes(line, &range) {
            continue;
        }
        if !is_literal && let Some(length) = file_wide(line, options) {
            split.strays.push(range);
            rest.by_ref().take(length - 1).for_each(drop);
            continue;
        }
        let start = starts.map_or(range.start, |(next, length)| {
            current = next;
            range.start + length
        });
        // With the line's end: what follows is another line.
        let next = if index + 1 < lines.len() { lines.range(index + 1).start } else { range.end };
        if let Some(field) = split.fields.get_mut(current) {
            field.push(start..next);
        }
    }
    split
}

impl Split {
    /// Takes a line of tags or an id that stands among text.
    fn takes(&mut self, line: &str, range: &Range<usize>) -> bool {
        if let Some(text) = tag_line(line) {
            self.tags.push(range.end - text.len()..range.end);
        } else if let Some(found) = Id::alone(line, range.start).filter(Id::is_whole) {
            self.id.get_or_insert(found);
        } else {
            return false;
        }
        self.strays.push(range.clone());
        true
    }
}

/// How many lines are of the whole file, from one on that starts so.
fn file_wide(line: &str, options: &StartEndOptions) -> Option<usize> {
    let words = [&options.target_deck, &options.file_tags];
    words.into_iter().find_map(|word| match file_line(line, word) {
        FileLine::Here(_) => Some(1),
        FileLine::Below => Some(2),
        FileLine::Other | FileLine::Near => None,
    })
}

/// More names of fields than this no type has.
const MOST_NAMES: usize = 32;

/// A line's place without white space around it.
pub(super) fn trimmed(lines: &Lines<'_>, index: usize) -> Range<usize> {
    let (line, range) = (lines.text(index), lines.range(index));
    let start = range.start + line.len() - line.trim_start().len();
    start..start + line.trim().len()
}

/// The field that a line goes over to, and how many bytes name it.
fn field(line: &str, named: &[String]) -> Option<(usize, usize)> {
    let is_named = |name: &&String| line.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'));
    let (index, name) = named.iter().enumerate().find(|(_, name)| is_named(name))?;
    Some((index, name.len() + 1))
}

/// The fields of types that nothing else tells of, by their names: those that half of the blocks of a type have, and before
/// them the first one, which nothing has to name.
pub(super) fn found_fields<'t>(lines: &Lines<'t>, blocks: &[&Block]) -> BTreeMap<&'t str, Vec<String>> {
    struct Seen<'t> {
        blocks: usize,
        /// How many have text before all names.
        unnamed: usize,
        names: Vec<(&'t str, usize)>,
    }
    let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
    for block in blocks {
        let names = block.field_names(lines);
        let of_type = seen.entry(block.type_name(lines)).or_insert(Seen { blocks: 0, unnamed: 0, names: Vec::new() });
        of_type.blocks += 1;
        let first = first_text(lines, block.body.start, block.body.end).map(|index| lines.text(index));
        of_type.unnamed += usize::from(first.is_some_and(|line| types::field_name(line).is_none()));
        for name in names {
            let has_room = of_type.names.len() < MOST_NAMES;
            match of_type.names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None if has_room => of_type.names.push((name, 1)),
                None => {}
            }
        }
    }
    let fields = |Seen { blocks, unnamed, names }| {
        let known = names.into_iter().filter(|(_, count)| count * 2 >= blocks).map(|(name, _): (&str, usize)| name);
        let mut fields: Vec<String> = known.map(str::to_owned).collect();
        if unnamed > 0 && !fields.iter().any(|name| name == "Front" || name == "Text") {
            fields.insert(0, String::new());
        }
        fields
    };
    seen.into_iter().map(|(name, seen)| (name, fields(seen))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> StartEndOptions {
        StartEndOptions::default()
    }

    fn ends(text: &str) -> End {
        end(&Lines::new(text, 0..text.len()), 0, &options())
    }

    #[test]
    fn the_shortest_span_counts_and_fences_are_whole() {
        assert_eq!(ends("START\nBasic\na\nEND\nEND\n"), End::At(3));
        assert_eq!(ends("START\nBasic\na\nEND of it\n"), End::At(3));
        assert_eq!(ends("START\nBasic\nENDOCRINE\nEND\n"), End::At(3));
        assert_eq!(ends("START\nBasic\n```sql\nEND\n```\nEND\n"), End::At(5));
        assert_eq!(ends("START\nBasic\na\n"), End::Nowhere(3));
        assert_eq!(ends("START\nBasic\nsays\nSTART\nEND\n"), End::At(4));
        assert_eq!(ends("START\nBasic\none\nSTART\nBasic\nEND\n"), End::Nowhere(3));
        assert_eq!(ends("START\nMine\none\nSTART\nMine\nEND\n"), End::Nowhere(3));
        assert_eq!(ends("START\nBasic\n```\nEND\nSTART\nBasic\n"), End::At(3), "a fence that nothing closes");
        assert_eq!(ends("START\nBasic\n```\nEND\nx"), End::At(3));
    }

    fn written(text: &str, named: &[&str]) -> Written {
        let lines = Lines::new(text, 0..text.len());
        let End::At(end) = end(&lines, 0, &options()) else { panic!("no end") };
        let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
        Block::new(&lines, 0, end, &options()).unwrap().into_written(&lines, &named, &options())
    }

    fn texts(text: &str, written: &Written) -> Vec<Vec<String>> {
        let pieces = |field: &Field| field.pieces.iter().map(|piece| text[piece.clone()].to_owned()).collect();
        written.fields.iter().map(pieces).collect()
    }

    #[test]
    fn fields_go_on_until_another_one_is_named() {
        let text = "START\nBasic\na\n\nBack: b\n---\nFront: c\nBack:d\nTags: x y\n<!--ID: 17-->\n\nEND\n";
        let found = written(text, &["Front", "Back"]);
        assert_eq!(texts(text, &found), [vec!["a\n\n", " c\n"], vec![" b\n---\n", "d\n"]]);
        assert_eq!((found.id.unwrap().id, &text[found.tags[0].clone()]), ("o2a-17".into(), "x y"));
        assert_eq!((&text[found.whole], found.strays), (&text[..text.len() - 1], vec![]));
    }

    #[test]
    fn machinery_is_no_text_wherever_it_stands() {
        let text = "START\nBasic\nTags: x\na\nID: 1700000000002\nBack: b\n```\nTags: code\n```\nID: 1\nEND";
        let found = written(text, &["Front", "Back"]);
        assert_eq!(texts(text, &found), [vec!["a\n"], vec![" b\n```\nTags: code\n```\n"]]);
        assert_eq!((found.strays.len(), found.tags.len(), found.id.unwrap().id), (2, 1, "o2a-1".into()));
        let text = "START\nBasic\na\nTARGET DECK: x\nb\nFILE TAGS\nc\nd\nEND";
        assert_eq!(texts(text, &written(text, &["Front"])), [["a\n", "b\n", "d\n"]]);
        let text = "START\r\nDELETE\r\nID: 1\r\nEND\r\n";
        assert!(written(text, &["Front"]).is_deleted);
        assert!(written("START\nBasic\na\nDELETE\nID: 1\nEND", &["Front"]).is_deleted);
    }

    #[test]
    fn fields_of_unknown_types_are_those_of_half_of_the_blocks() {
        let text = "START\nMine\na\nBack: b\nNote: x\nEND\nSTART\nMine\nc\nBack: d\nEND\nSTART\nMine\ne\nBack: f\nEND\n\
                    START\nOther\nWord: a\nMeaning: b\n~~~\nCode: c\n~~~\nEND\n";
        let lines = Lines::new(text, 0..text.len());
        let begins = (0..lines.len()).filter(|index| lines.text(*index) == "START");
        let blocks: Vec<Block> = begins
            .filter_map(|begin| match end(&lines, begin, &options()) {
                End::At(end) => Block::new(&lines, begin, end, &options()),
                End::Nowhere(_) => None,
            })
            .collect();
        let found = found_fields(&lines, &blocks.iter().collect::<Vec<_>>());
        assert_eq!(found["Mine"], ["", "Back"]);
        assert_eq!(found["Other"], ["Word", "Meaning"]);
    }
}
