//! Turns notes and their cards into rows.
//!
//! Knows nothing of the collection's own row, nor of what fields hold.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rusqlite::{Connection, Statement, params};

use super::decks::{DEFAULT_DECK, deck_id};
use super::sort_field::SortField;
use super::{Context, NumberedNote, Package, schema};
use crate::ir::{DeckName, Note, NoteTypeKey};

/// Fields are separated by this in a note's row, so that no field may hold it.
const SEPARATOR: char = '\u{1f}';

/// Notes that are rendered while those before them are inserted: enough to keep all cores busy, few enough that 100,000
/// notes are never in memory twice.
const BATCH: usize = 2048;

/// Adds the notes of a package and their cards, in source order.
///
/// Renders on all cores and inserts on one of them: SQLite takes one row at a time.
pub(super) fn insert_notes(
    connection: &mut Connection,
    package: &Package<'_>,
    context: &Context<'_>,
) -> rusqlite::Result<()> {
    let ids = Ids::new(package, context);
    let render = |batch: &[NumberedNote<'_>]| batch.par_iter().map(|numbered| row(numbered, context)).collect();
    let mut batches = package.notes.chunks(BATCH).peekable();
    let mut rows: Vec<Row> = batches.peek().map(|first| render(first)).unwrap_or_default();
    while let Some(batch) = batches.next() {
        let next = batches.peek();
        let (inserted, next_rows) = rayon::join(
            || insert_batch(connection, batch, &rows, &ids),
            || next.map(|next| render(next)).unwrap_or_default(),
        );
        inserted?;
        rows = next_rows;
    }
    Ok(())
}

/// What rows refer to.
struct Ids<'a> {
    decks: BTreeMap<&'a DeckName, i64>,
    note_types: [(NoteTypeKey, i64); 2],
}

impl<'a> Ids<'a> {
    fn new(package: &Package<'a>, context: &Context<'_>) -> Self {
        let decks = package.notes.iter().map(|numbered| &numbered.note.deck);
        Self {
            decks: decks.map(|deck| (deck, deck_id(deck))).collect(),
            note_types: NoteTypeKey::ALL.map(|key| (key, context.note_type_id(key))),
        }
    }

    fn deck(&self, note: &Note) -> i64 {
        self.decks.get(&note.deck).copied().unwrap_or(DEFAULT_DECK)
    }

    fn note_type(&self, note: &Note) -> i64 {
        self.note_types.iter().find(|(key, _)| *key == note.note_type()).map_or(0, |&(_, id)| id)
    }
}

/// Takes the connection for itself alone: SQLite's may change threads, but not be shared by them.
fn insert_batch(
    connection: &mut Connection,
    batch: &[NumberedNote<'_>],
    rows: &[Row],
    ids: &Ids<'_>,
) -> rusqlite::Result<()> {
    let mut note_statement = connection.prepare(schema::INSERT_NOTE)?;
    let mut card_statement = connection.prepare(schema::INSERT_CARD)?;
    for (numbered, row) in batch.iter().zip(rows) {
        insert_note(&mut note_statement, numbered, row, ids.note_type(numbered.note))?;
        insert_cards(&mut card_statement, numbered, ids.deck(numbered.note))?;
    }
    Ok(())
}

/// What of a note takes time to make.
struct Row {
    fields: String,
    tags: String,
    sort_field: SortField,
}

fn row(numbered: &NumberedNote<'_>, context: &Context<'_>) -> Row {
    let fields: Vec<String> =
        context.fields(numbered.note, numbered.index).into_iter().map(without_separator).collect();
    let sort_field = SortField::new(fields.first().map_or("", String::as_str));
    Row { fields: fields.join(SEPARATOR.encode_utf8(&mut [0; 4])), tags: tags(numbered.note), sort_field }
}

/// A space stands for it: left out, it would join braces that mean nothing apart.
fn without_separator(field: String) -> String {
    if field.contains(SEPARATOR) { field.replace(SEPARATOR, " ") } else { field }
}

/// Tags with a space on both sides, by which Anki searches; nothing where there are none.
fn tags(note: &Note) -> String {
    let mut tags = String::new();
    for tag in &note.tags {
        tags.push(' ');
        tags.push_str(tag.as_str());
    }
    if !tags.is_empty() {
        tags.push(' ');
    }
    tags
}

fn insert_note(
    statement: &mut Statement<'_>,
    numbered: &NumberedNote<'_>,
    row: &Row,
    note_type: i64,
) -> rusqlite::Result<()> {
    let note = numbered.note;
    let SortField { text, checksum } = &row.sort_field;
    statement
        .execute(params![numbered.id, note.guid.0, note_type, note.modified, row.tags, row.fields, text, checksum])
        .map(drop)
}

fn insert_cards(statement: &mut Statement<'_>, numbered: &NumberedNote<'_>, deck: i64) -> rusqlite::Result<()> {
    for (card, id) in numbered.cards.iter().zip(numbered.first_card..) {
        let row = params![id, numbered.id, deck, card.ordinal, numbered.note.modified, numbered.note.due];
        statement.execute(row)?;
    }
    Ok(())
}
