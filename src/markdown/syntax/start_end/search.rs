//! Goes through the lines of a file once, and says which of them are notes, which are of the whole file, and which are nearly a
//! note.

use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{self, Block, End, found_fields, is_end, split, trimmed};
use super::lines::{Lines, inner};
use super::near::{Kind, Near};
use super::shapes::{self, Line};
use super::types::{self, Misnamed};
use super::written::{Field, Written};
use super::{inline, types::field_name};
use crate::config::syntax::{StartEndOptions, Syntax, SyntaxOptions, Syntaxes};
use crate::markdown::syntax::machinery::{FileLine, Id, file_line, tag_line};

/// What is found in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the text.
    pub(super) notes: Vec<Written>,
    /// What is no text, and no note's.
    pub(super) machinery: Vec<Range<usize>>,
    /// What names headings that are notes.
    pub(super) named: Vec<Named>,
    /// Text that each note of a type gets, by its fields.
    pub(super) frozen: BTreeMap<String, Vec<Field>>,
    /// What is nearly a note.
    pub(super) near: Vec<Near>,
}

/// A heading with an id below its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Where it starts.
    pub(super) heading: usize,
    pub(super) id: Id,
    pub(super) tags: Option<Range<usize>>,
}

/// Looks through a piece of a text.
pub(super) fn search(text: &str, range: Range<usize>, options: &SyntaxOptions, syntaxes: &Syntaxes) -> Found {
    let lines = Lines::new(text, range);
    let kinds = vec![Line::Text; lines.len()];
    let search = Search {
        lines: &lines,
        options: &options.start_end,
        syntaxes,
        kinds,
        blocks: Vec::new(),
        inline: Vec::new(),
        frozen: Vec::new(),
        found: Found::default(),
    };
    search.run()
}

struct Search<'s, 't> {
    lines: &'s Lines<'t>,
    options: &'s StartEndOptions,
    syntaxes: &'s Syntaxes,
    kinds: Vec<Line>,
    blocks: Vec<Block>,
    /// The notes within lines.
    inline: Vec<Range<usize>>,
    /// Note types with the lines that all their notes get.
    frozen: Vec<(&'t str, Range<usize>)>,
    found: Found,
}

impl Search<'_, '_> {
    fn run(mut self) -> Found {
        self.lines();
        self.name_fields();
        let shaped = shapes::find(self.lines, &mut self.kinds, self.options);
        self.found.notes.extend(shaped.notes);
        let near = |kind| move |place| Near::new(kind, place);
        self.found.near.extend(shaped.properties.into_iter().map(near(Kind::Property)));
        self.found.near.extend(shaped.bare.into_iter().map(near(Kind::Bare)));
        if !self.syntaxes.has(Syntax::Qa) {
            let by_ids = shapes::find_by_ids(self.lines, &mut self.kinds, self.options);
            self.found.notes.extend(by_ids);
        }
        self.ids();
        self.found.notes.sort_by_key(|note| note.whole.start);
        self.found
    }

    /// Goes through all lines.
    fn lines(&mut self) {
        let (mut index, mut literal) = (0, self.lines.literal());
        // Up to where it is known that no block ends, and whether what ends nearly began.
        let (mut unended, mut has_begun) = (0, false);
        while index < self.lines.len() {
            let line = self.lines.text(index);
            if literal.holds(line, self.lines.range(index).start) {
                self.take(index..index + 1, Line::Literal);
                index += 1;
            } else if line == self.options.begin && index >= unended {
                (index, unended) = self.block(index);
                has_begun = false;
            } else if let Some(end) = self.file_wide(index) {
                self.take(index..end, Line::Taken);
                self.found.machinery.push(self.lines.span(index, end - 1));
                index = end;
            } else {
                self.text(index, &mut has_begun);
                index += 1;
            }
        }
    }

    fn take(&mut self, lines: Range<usize>, kind: Line) {
        self.kinds.get_mut(lines).unwrap_or_default().fill(kind);
    }

    fn near(&mut self, kind: Kind, index: usize) {
        self.found.near.push(Near::new(kind, trimmed(self.lines, index)));
    }

    /// A block that begins in a line: the line to go on at, and that up to which no other block ends.
    fn block(&mut self, begin: usize) -> (usize, usize) {
        match blocks::end(self.lines, begin, self.options) {
            End::Nowhere(next) => {
                self.near(Kind::NoEnd, begin);
                (begin + 1, next)
            }
            End::At(end) => {
                match Block::new(self.lines, begin, end, self.options) {
                    Some(block) => {
                        if block.note_type > begin + 1 {
                            let place = self.lines.range(begin).start..self.lines.range(block.note_type).end;
                            let edit = format!("{}\n{}", self.options.begin, block.type_name(self.lines));
                            self.found.near.push(Near::edit(Kind::LateType, place, &edit));
                        }
                        self.blocks.push(block);
                        self.take(begin..end + 1, Line::Taken);
                    }
                    None => self.near(Kind::Empty, begin),
                }
                (end + 1, end + 1)
            }
        }
    }

    /// What a line begins that is of the whole file; the line behind it.
    fn file_wide(&mut self, index: usize) -> Option<usize> {
        let line = self.lines.text(index);
        for word in [&self.options.target_deck, &self.options.file_tags] {
            match file_line(line, word) {
                FileLine::Here(_) => return Some(index + 1),
                FileLine::Below => return Some((index + 2).min(self.lines.len())),
                FileLine::Near => self.near(Kind::FileLine, index),
                FileLine::Other => {}
            }
        }
        let frozen = line.strip_prefix(self.options.frozen.as_str())?.strip_prefix(" - ")?;
        let note_type = frozen.trim_end().strip_suffix(':')?;
        let end = (index + 1..self.lines.len()).find(|index| self.lines.is_blank(*index)).unwrap_or(self.lines.len());
        self.frozen.push((note_type, index + 1..end));
        Some(end)
    }

    /// A line that is neither a block's nor the whole file's.
    fn text(&mut self, index: usize, has_begun: &mut bool) {
        let line = self.lines.text(index);
        if is_end(line, self.options) && line.trim_end() == self.options.end {
            if !std::mem::take(has_begun) {
                self.near(Kind::NoBegin, index);
            }
            return;
        }
        if self.nearly_begins(index) {
            *has_begun = true;
            let place = self.lines.range(index);
            return self.found.near.push(Near::edit(Kind::Begin, place, &self.options.begin));
        }
        let found = inline::find(line, self.lines.range(index).start, self.options);
        let near = |kind| move |place| Near::new(kind, place);
        self.found.near.extend(found.open.into_iter().map(near(Kind::NoInlineEnd)));
        self.found.near.extend(found.closed.into_iter().map(near(Kind::NoInlineBegin)));
        if !found.notes.is_empty() {
            self.take(index..index + 1, Line::Taken);
            self.inline.extend(found.notes);
        }
    }

    /// Whether a line nearly begins a block: with white space beside the word, in other letters, in a list, or by the word that the
    /// plug-in comes with where the settings have another one; and the name of a note type stands below it.
    fn nearly_begins(&self, index: usize) -> bool {
        const WORD: &str = "START";
        let line = self.lines.text(index);
        let word = inner(line).trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | ':'));
        if line == self.options.begin || word.len() > line.len() || word.is_empty() {
            return false;
        }
        let is_word = |known: &str| word.eq_ignore_ascii_case(known);
        if !is_word(&self.options.begin) && word != WORD {
            return false;
        }
        let below = inner(self.lines.text(index + 1)).trim();
        line.trim_end() == self.options.begin || types::is_nearly_known(below, self.options)
    }

    /// Gives each note its fields.
    fn name_fields(&mut self) {
        let text = self.lines.whole();
        let unknown: Vec<&Block> = self
            .blocks
            .iter()
            .filter(|block| types::fields(block.type_name(self.lines), self.options) == Ok(None))
            .collect();
        let found = found_fields(self.lines, &unknown);
        let blocks = std::mem::take(&mut self.blocks);
        for block in blocks {
            let (named, fault) = named(block.type_name(self.lines), self.options, &found);
            let mut written = block.into_written(self.lines, &named, self.options);
            written.fault = fault;
            for stray in &written.strays {
                self.found.near.push(Near::new(Kind::Stray, stray.clone()));
            }
            self.found.notes.push(written);
        }
        for note in std::mem::take(&mut self.inline) {
            let Some((name, body)) = inline::note_type(text, &note, self.options) else {
                self.found.near.push(Near::new(Kind::NoInlineType, note));
                continue;
            };
            let (mut named, fault) = named(name, self.options, &found);
            if named.is_empty() {
                named = with_first(inline::field_names(text.get(body.clone()).unwrap_or_default()).into_iter());
            }
            let mut written = inline::written(text, note, name, body, &named);
            written.fault = fault;
            self.found.notes.push(written);
        }
        for (note_type, body) in std::mem::take(&mut self.frozen) {
            let (mut named, _) = named(note_type, self.options, &found);
            if named.is_empty() {
                named =
                    body.clone().filter_map(|index| field_name(self.lines.text(index))).map(str::to_owned).collect();
            }
            let fields = split(self.lines, body, &named, self.options).fields;
            // The last one of a type counts, as in the tool (`src/file.ts`, `setup_frozen_fields_dict`).
            self.found.frozen.insert(note_type.to_owned(), fields);
        }
    }

    /// The ids that no note has: those of headings, those of notes that are to be deleted, and others.
    fn ids(&mut self) {
        let is_tag = |line: &str| ["A:", "C:", "D:"].iter().any(|tag| line.starts_with(tag));
        let (reads_headings, reads_qa) = (self.syntaxes.has(Syntax::Headings), self.syntaxes.has(Syntax::Qa));
        // The last heading with text below it, and whether a card stands between.
        let (mut heading, mut has_text, mut in_card) = (None, false, false);
        for index in 0..self.lines.len() {
            let (line, at) = (self.lines.text(index), self.lines.range(index).start);
            match self.kinds.get(index) {
                Some(Line::Taken) => (heading, in_card) = (None, false),
                Some(Line::Literal) | None => has_text = true,
                Some(Line::Text) if line.trim().is_empty() => {}
                Some(Line::Text) => {
                    if let Some(id) = Id::alone(line, at) {
                        let owner = heading.take().filter(|_| has_text && reads_headings && !in_card);
                        if !in_card {
                            self.id(index, id, owner);
                        }
                    } else if let Some(start) = heading_at(line) {
                        (heading, has_text, in_card) = (Some(at + start), false, false);
                    } else {
                        in_card |= reads_qa && is_tag(line);
                        has_text |= tag_line(line).is_none();
                    }
                }
            }
        }
    }

    /// An id that no note has; `owner` is where the heading starts that it names.
    fn id(&mut self, index: usize, id: Id, owner: Option<usize>) {
        let before = |index: usize| index.checked_sub(1).filter(|before| self.kinds.get(*before) == Some(&Line::Text));
        let deletes = before(index).filter(|before| self.lines.text(*before).trim() == self.options.delete);
        if let Some(delete) = deletes {
            return self.found.machinery.push(self.lines.span(delete, index));
        }
        let below = self.lines.text(index + 1).trim_start();
        let is_above = below.starts_with("1.") && before(index).is_none_or(|before| self.lines.is_blank(before));
        if is_above {
            return self.near(Kind::Inka, index);
        }
        let Some(heading) = owner else { return self.near(Kind::Id, index) };
        let tags = before(index).filter(|before| tag_line(self.lines.text(*before)).is_some());
        self.found.machinery.push(self.lines.span(tags.unwrap_or(index), index));
        let tags = tags.map(|index| {
            let place = self.lines.range(index);
            place.end - tag_line(self.lines.text(index)).map_or(0, str::len)..place.end
        });
        self.found.named.push(Named { heading, id, tags });
    }
}

/// The fields of a note type, and what is wrong with its name. Those of one that nothing tells of may be none.
fn named(
    name: &str,
    options: &StartEndOptions,
    found: &BTreeMap<&str, Vec<String>>,
) -> (Vec<String>, Option<Misnamed>) {
    match types::fields(name, options) {
        Ok(Some(fields)) => (fields, None),
        Ok(None) => (found.get(name).cloned().unwrap_or_default(), None),
        Err(why) => (vec!["Front".to_owned(), "Back".to_owned()], Some(why)),
    }
}

/// Names of fields with one before them for the text that stands before all names.
fn with_first<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    std::iter::once("").chain(names.filter(|name| !matches!(*name, "Front" | "Text"))).map(str::to_owned).collect()
}

/// Where the heading that a line is starts in it.
fn heading_at(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    let behind = text.trim_start_matches('#');
    let (indentation, level) = (line.len() - text.len(), text.len() - behind.len());
    let is_heading =
        indentation <= 3 && (1..=6).contains(&level) && (behind.is_empty() || behind.starts_with([' ', '\t']));
    is_heading.then_some(indentation)
}
