//! Reads notes within a line: `STARTI [Basic] question Back: answer ENDI`.
//!
//! Source: Obsidian_to_Anki 3.6.0, `src/note.ts`, `class InlineNote`.

use std::ops::Range;

use super::lines::literal_spans;
use super::types;
use super::written::{Field, Form, Written};
use crate::config::syntax::StartEndOptions;
use crate::markdown::syntax::machinery::Id;

/// What is found in a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The notes, with the words that begin and end them.
    pub(super) notes: Vec<Range<usize>>,
    /// Words that begin none.
    pub(super) open: Vec<Range<usize>>,
    /// Words that end none.
    pub(super) closed: Vec<Range<usize>>,
}

/// Looks for notes in a line that starts at an offset; what is code or a formula is none.
pub(super) fn find(line: &str, at: usize, options: &StartEndOptions) -> Found {
    let mut found = Found::default();
    let (begin, end) = (options.begin_inline.as_str(), options.end_inline.as_str());
    if !line.contains(begin) && !line.contains(end) {
        return found;
    }
    let literal = literal_spans(line);
    let is_literal = |place: usize| {
        let before = literal.partition_point(|span| span.start <= place).checked_sub(1);
        before.and_then(|index| literal.get(index)).is_some_and(|span| place < span.end)
    };
    let places = |word: &str| {
        let length = word.len();
        let whole = line.match_indices(word).map(move |(start, _)| start..start + length);
        whole.filter(|place| is_word(line, place) && !is_literal(place.start)).collect::<Vec<_>>()
    };
    let mut begins = places(begin).into_iter().peekable();
    let moved = |place: Range<usize>| at + place.start..at + place.end;
    let mut open: Option<Range<usize>> = None;
    for end in places(end) {
        while let Some(begin) = begins.next_if(|begin| begin.end <= end.start) {
            found.open.extend(open.replace(begin).map(moved));
        }
        match open.take() {
            Some(begin) => found.notes.push(moved(begin.start..end.end)),
            None => found.closed.push(moved(end)),
        }
    }
    found.open.extend(begins.map(moved));
    found
}

/// Whether no letter or digit stands beside a place.
fn is_word(line: &str, place: &Range<usize>) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let before = line.get(..place.start).unwrap_or_default();
    let behind = line.get(place.end..).unwrap_or_default();
    !before.ends_with(is_part) && !behind.starts_with(is_part)
}

/// A note's type, and what stands behind it; `None` where it names none.
pub(super) fn note_type<'t>(
    text: &'t str,
    note: &Range<usize>,
    options: &StartEndOptions,
) -> Option<(&'t str, Range<usize>)> {
    let inner = note.start + options.begin_inline.len()..note.end.checked_sub(options.end_inline.len())?;
    let written = text.get(inner.clone())?;
    let bare = written.trim_start().strip_prefix('[')?;
    let (name, rest) = bare.split_once(']')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name, inner.end - rest.len()..inner.end))
}

/// The words of a text that may name fields, where nothing else says which there are.
pub(super) fn field_names(text: &str) -> Vec<&str> {
    let words = text.split(' ').filter(|word| word.ends_with(':')).filter_map(types::field_name);
    let mut names: Vec<&str> = Vec::new();
    for name in words.filter(|name| *name != "Tags" && *name != "ID") {
        if !names.contains(&name) && names.len() < MOST_NAMES {
            names.push(name);
        }
    }
    names
}

/// More names of fields than this no type has.
const MOST_NAMES: usize = 32;

/// A note with its fields: `body` is what stands behind its type, `named` are the fields of that.
pub(super) fn written(
    text: &str,
    whole: Range<usize>,
    note_type: &str,
    body: Range<usize>,
    named: &[String],
) -> Written {
    let type_place = whole.start..body.start;
    let mut end = body.end;
    let until = |end: usize| text.get(body.start..end).unwrap_or_default();
    let id = Id::last(until(end), body.start);
    if let Some(id) = &id {
        end = id.place.start;
    }
    let mut tags = Vec::new();
    let before = until(end);
    if let Some(start) = before.rfind("Tags: ").filter(|start| before.get(..*start).is_some_and(ends_word)) {
        tags.push(body.start + start + "Tags: ".len()..end);
        end = body.start + start;
    }
    let fields = fields(until(end), body.start, named);
    Written {
        whole,
        note_type: note_type.to_owned(),
        type_place,
        fields,
        tags,
        id,
        strays: Vec::new(),
        is_deleted: false,
        fault: None,
        form: Form::Inline,
    }
}

fn ends_word(text: &str) -> bool {
    text.is_empty() || text.ends_with([' ', '\t'])
}

/// Cuts a text, which starts at an offset, at words that name a field.
fn fields(text: &str, at: usize, named: &[String]) -> Vec<Field> {
    let mut fields: Vec<Field> = named.iter().map(|name| Field::new(name)).collect();
    let literal = literal_spans(text);
    let is_literal = |place: usize| {
        let before = literal.partition_point(|span| span.start <= place).checked_sub(1);
        before.and_then(|index| literal.get(index)).is_some_and(|span| place < span.end)
    };
    let (mut current, mut start, mut word_start) = (0, 0, 0);
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        let name = bare.strip_suffix(':').and_then(|name| named.iter().position(|known| known == name));
        if let Some(next) = name.filter(|_| !is_literal(word_start)) {
            if let Some(field) = fields.get_mut(current) {
                field.push(at + start..at + word_start);
            }
            (current, start) = (next, word_start + bare.len());
        }
        word_start += word.len();
    }
    if let Some(field) = fields.get_mut(current) {
        field.push(at + start..at + text.len());
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> StartEndOptions {
        StartEndOptions::default()
    }

    #[test]
    fn notes_stand_anywhere_in_a_line_but_in_code() {
        let found = |line: &str| {
            let found = find(line, 0, &options());
            let texts =
                |places: Vec<Range<usize>>| places.into_iter().map(|place| line[place].to_owned()).collect::<Vec<_>>();
            (texts(found.notes), found.open.len(), found.closed.len())
        };
        let line = "Tea: STARTI [Basic] a Back: b ENDI and STARTI [Cloze] {{c1::c}} ENDI.";
        assert_eq!(found(line).0, ["STARTI [Basic] a Back: b ENDI", "STARTI [Cloze] {{c1::c}} ENDI"]);
        assert_eq!(found("`STARTI [Basic] a ENDI`"), (vec![], 0, 0));
        assert_eq!(found("STARTI a `ENDI` THE ENDING ENDI").0, ["STARTI a `ENDI` THE ENDING ENDI"]);
        assert_eq!(found("STARTI a STARTI b ENDI ENDI RESTARTI"), (vec!["STARTI b ENDI".into()], 1, 1));
        assert_eq!(found("STARTI STARTI"), (vec![], 2, 0));
    }

    #[test]
    fn a_field_name_is_a_word_of_its_own() {
        let text = "STARTI [Basic] What is Back:ed? Back: leaves `Back: x` Tags: a b ID: 17 ENDI";
        let (name, body) = note_type(text, &(0..text.len()), &options()).unwrap();
        let found = written(text, 0..text.len(), name, body, &["Front".to_owned(), "Back".to_owned()]);
        let texts: Vec<String> =
            found.fields.iter().flat_map(|field| &field.pieces).map(|piece| text[piece.clone()].to_owned()).collect();
        assert_eq!(texts, [" What is Back:ed? ", " leaves `Back: x` "]);
        assert_eq!((&text[found.tags[0].clone()], found.id.unwrap().id.as_str(), name), ("a b ", "o2a-17", "Basic"));
        for other in ["STARTI a ENDI", "STARTI [] a ENDI", "STARTI a [Basic] ENDI"] {
            assert_eq!(note_type(other, &(0..other.len()), &options()), None, "{other}");
        }
        assert_eq!(field_names("[Mine] a Back: b Back: c x: Sound: http://x Tags: d"), ["Back", "Sound"]);
    }
}
