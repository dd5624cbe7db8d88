//! Turns notes and their cards into rows.
//!
//! Knows nothing of the collection's own row, nor of what fields hold.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::decks::{DEFAULT_DECK, deck_id};
use super::fields::Above;
use super::packed::Packed;
use super::{Contents, FieldRenderer, NumberedCard, NumberedNote};
use crate::anki::note_type::Role;
use crate::anki::schema11::{self, CardRow, NEW, NoteRow, UNSYNCED};
use crate::anki::shown_name::shown_name;
use crate::anki::sqlite::{Database, Rows};
use crate::artifact::Key;
use crate::ir::{DeckName, Note, NoteTypeKey};

/// Writes the notes of a package and their cards, and what finds them.
pub(super) fn write(database: &mut Database<'_>, package: &Contents<'_>, renderer: &FieldRenderer<'_>) {
    let ids = Ids::new(package, renderer);
    write_notes(database, package, renderer, &ids);
    write_cards(database, package, &ids);
}

/// What rows refer to.
struct Ids<'a> {
    decks: BTreeMap<&'a DeckName, i64>,
    note_types: [(NoteTypeKey, i64); 2],
}

impl<'a> Ids<'a> {
    fn new(package: &Contents<'a>, renderer: &FieldRenderer<'_>) -> Self {
        let mut decks = BTreeMap::new();
        for numbered in &package.notes {
            let deck = &numbered.note.deck;
            decks.entry(deck).or_insert_with(|| deck_id(deck));
        }
        Self { decks, note_types: NoteTypeKey::ALL.map(|key| (key, renderer.note_type_id(key))) }
    }

    fn deck(&self, note: &Note) -> i64 {
        self.decks.get(&note.deck).copied().unwrap_or(DEFAULT_DECK)
    }

    fn note_type(&self, note: &Note) -> i64 {
        self.note_types.iter().find(|(key, _)| *key == note.note_type()).map_or(0, |&(_, id)| id)
    }
}

/// How many notes are rendered before their rows are written: 40 MB of short ones.
const PORTION: usize = 1 << 17;

/// How many of them go to a core at once, into one piece of memory.
const PIECE: usize = 1 << 8;

/// Writes the notes by their ids, in portions that end where the rows of the next one begin: rows that wait take memory.
fn write_notes(database: &mut Database<'_>, package: &Contents<'_>, renderer: &FieldRenderer<'_>, ids: &Ids<'_>) {
    let mut by_id: Vec<(i64, &NumberedNote<'_>)> = package.notes.iter().map(|one| (one.id, one)).collect();
    by_id.par_sort_unstable_by_key(|(id, _)| *id);
    let mut checksums = Vec::with_capacity(by_id.len());
    database.table(schema11::NOTES, |table| {
        for portion in by_id.chunks_mut(PORTION) {
            // In source order, as they lie in memory.
            portion.par_sort_unstable_by_key(|(_, numbered)| numbered.index);
            let pieces = portion.par_chunks(PIECE).map(|piece| Piece::new(piece, renderer, ids)).collect();
            write_portion(table, pieces, renderer, &mut checksums);
        }
    });
    by_id.par_sort_unstable_by_key(|(id, _)| *id);
    database.index(schema11::NOTES_USN, by_id.iter().map(|(id, _)| [UNSYNCED, *id]));
    checksums.par_sort_unstable();
    database.index(schema11::NOTES_CHECKSUM, checksums.iter().map(|&(checksum, id)| [checksum.into(), id]));
}

fn write_portion(
    table: &mut Rows<'_, '_>,
    pieces: Vec<Piece>,
    renderer: &FieldRenderer<'_>,
    checksums: &mut Vec<(u32, i64)>,
) {
    let rows = pieces.iter().flat_map(|piece| piece.rows.iter().map(|row| (row, piece.records.as_slice())));
    let mut rows: Vec<(&Row, &[u8])> = rows.collect();
    rows.par_sort_unstable_by_key(|(row, _)| row.id);
    for (row, records) in rows {
        table.push(row.id, records.get(row.record.clone()).unwrap_or_default());
        checksums.push((row.checksum, row.id));
    }
    if let Some(made) = renderer.made {
        made.put(pieces.into_iter().flat_map(|piece| piece.kept));
    }
}

/// The rows of some notes.
#[derive(Default)]
struct Piece {
    rows: Vec<Row>,
    /// The records of all, one behind the other.
    records: Vec<u8>,
    /// What is to be kept, and what it is made of.
    kept: Vec<(Key, Packed)>,
}

/// A note's row.
struct Row {
    id: i64,
    checksum: u32,
    /// Where its record is.
    record: Range<usize>,
}

impl Piece {
    fn new(notes: &[(i64, &NumberedNote<'_>)], renderer: &FieldRenderer<'_>, ids: &Ids<'_>) -> Self {
        let (mut piece, mut above) = (Self::default(), Above::default());
        piece.rows.reserve_exact(notes.len());
        for (_, numbered) in notes {
            piece.push(numbered, renderer, ids, &mut above);
        }
        piece.records.shrink_to_fit();
        piece
    }

    fn push(&mut self, numbered: &NumberedNote<'_>, renderer: &FieldRenderer<'_>, ids: &Ids<'_>, above: &mut Above) {
        let note = numbered.note;
        let key = renderer.made.map(|_| renderer.key(note));
        let kept = renderer.made.zip(key).and_then(|(made, key)| made.take(key));
        let packed = match kept {
            Some(packed) => packed.with_link(renderer.safe_field(Role::Link, note, numbered.index, above)),
            None => Packed::new(note.note_type(), renderer.fields(note, numbered.index, above)),
        };
        let (fields, sort_field) = packed.texts();
        let start = self.records.len();
        let row = NoteRow {
            guid: &note.guid.0,
            note_type: ids.note_type(note),
            modified: note.modified,
            tags: &tags(note),
            fields,
            sort_field,
            checksum: packed.checksum(),
        };
        row.push(&mut self.records);
        self.rows.push(Row { id: numbered.id, checksum: packed.checksum(), record: start..self.records.len() });
        self.kept.extend(key.filter(|_| packed.is_worth_keeping()).map(|key| (key, packed)));
    }
}

/// Tags with a space on both sides, by which Anki searches; nothing where there are none.
fn tags(note: &Note) -> String {
    let mut tags = String::new();
    for tag in &note.tags {
        tags.push(' ');
        tags.push_str(&shown_name(tag.as_str()));
    }
    if !tags.is_empty() {
        tags.push(' ');
    }
    tags
}

/// Writes the cards by their ids.
fn write_cards(database: &mut Database<'_>, package: &Contents<'_>, ids: &Ids<'_>) {
    let mut rows: Vec<CardRow> = package.notes.iter().flat_map(|numbered| card_rows(numbered, ids)).collect();
    rows.par_sort_unstable_by_key(|row| row.id);
    database.table(schema11::CARDS, |table| {
        let mut record = Vec::new();
        for row in &rows {
            record.clear();
            row.push(&mut record);
            table.push(row.id, &record);
        }
    });
    database.index(schema11::CARDS_USN, rows.iter().map(|row| [UNSYNCED, row.id]));
    rows.par_sort_unstable_by_key(|row| (row.note, row.id));
    database.index(schema11::CARDS_NOTE, rows.iter().map(|row| [row.note, row.id]));
    rows.par_sort_unstable_by_key(|row| (row.deck, row.due, row.id));
    database.index(schema11::CARDS_SCHEDULE, rows.iter().map(|row| [row.deck, NEW, row.due.into(), row.id]));
}

fn card_rows<'a>(numbered: &'a NumberedNote<'_>, ids: &Ids<'_>) -> impl Iterator<Item = CardRow> + use<'a> {
    let (note, deck) = (numbered.note, ids.deck(numbered.note));
    numbered.cards.iter().map(move |&NumberedCard { id, ordinal }| CardRow {
        id,
        note: numbered.id,
        deck,
        ordinal,
        modified: note.modified,
        due: note.due,
    })
}
