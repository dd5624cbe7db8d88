//! Turns notes and their cards into rows.
//!
//! Knows nothing of the collection's own row, nor of what fields hold.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rusqlite::{Connection, Statement, params};

use super::decks::{DEFAULT_DECK, deck_id};
use super::packed::Packed;
use super::{FieldRenderer, NumberedCard, NumberedNote, TopDeck};
use crate::anki::note_type::Role;
use crate::anki::schema11;
use crate::anki::shown_name::shown_name;
use crate::artifact::Key;
use crate::ir::{DeckName, Note, NoteTypeKey};

/// Adds the notes of a package and their cards, each in the order of their ids, so that SQLite only ever appends.
///
/// Renders notes in source order, as they lie in memory, and on all cores; cards are inserted meanwhile, because SQLite takes
/// one row at a time.
pub(super) fn insert(
    connection: &mut Connection,
    package: &TopDeck<'_>,
    renderer: &FieldRenderer<'_>,
) -> rusqlite::Result<()> {
    let ids = Ids::new(package, renderer);
    let (cards, rows) = rayon::join(
        || insert_cards(connection, package, &ids),
        || package.notes.par_iter().map(|numbered| NoteRow::new(numbered, renderer, &ids)).collect::<Vec<NoteRow>>(),
    );
    cards?;
    insert_notes(connection, &rows)?;
    if let Some(made) = renderer.made {
        made.put(rows.into_iter().filter_map(|row| Some((row.key?, row.packed))));
    }
    Ok(())
}

/// What rows refer to.
struct Ids<'a> {
    decks: BTreeMap<&'a DeckName, i64>,
    note_types: [(NoteTypeKey, i64); 2],
}

impl<'a> Ids<'a> {
    fn new(package: &TopDeck<'a>, renderer: &FieldRenderer<'_>) -> Self {
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

/// A card as it is inserted.
struct CardRow {
    id: i64,
    note: i64,
    deck: i64,
    ordinal: u16,
    modified: i64,
    due: u32,
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

/// Takes the connection for itself alone: SQLite's may change threads, but not be shared by them.
fn insert_cards(connection: &mut Connection, package: &TopDeck<'_>, ids: &Ids<'_>) -> rusqlite::Result<()> {
    let mut rows: Vec<CardRow> = package.notes.iter().flat_map(|numbered| card_rows(numbered, ids)).collect();
    rows.sort_by_key(|row| row.id);
    let mut statement = connection.prepare(schema11::INSERT_CARD)?;
    for CardRow { id, note, deck, ordinal, modified, due } in rows {
        statement.execute(params![id, note, deck, ordinal, modified, due])?;
    }
    schema11::index_cards(connection)
}

/// A note as it is inserted. Its texts are in two pieces: rows are inserted in another order than they lie in memory, and each
/// piece that has to be fetched from far away takes as long as inserting it.
struct NoteRow {
    id: i64,
    note_type: i64,
    modified: i64,
    /// GUID and tags.
    texts: String,
    /// Where the GUID ends.
    guid_end: usize,
    packed: Packed,
    /// What `packed` is made of, where it is to be kept.
    key: Option<Key>,
}

impl NoteRow {
    fn new(numbered: &NumberedNote<'_>, renderer: &FieldRenderer<'_>, ids: &Ids<'_>) -> Self {
        let note = numbered.note;
        let key = renderer.made.map(|_| renderer.key(note));
        let kept = renderer.made.zip(key).and_then(|(made, key)| made.take(key));
        let packed = match kept {
            Some(packed) => packed.with_link(renderer.safe_field(Role::Link, note, numbered.index)),
            None => Packed::new(note.note_type(), renderer.fields(note, numbered.index)),
        };
        Self {
            id: numbered.id,
            note_type: ids.note_type(note),
            modified: note.modified,
            texts: note.guid.0.clone() + &tags(note),
            guid_end: note.guid.0.len(),
            packed,
            key,
        }
    }

    fn insert(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        let Self { id, note_type, modified, texts, guid_end, packed, key: _ } = self;
        let (guid, tags) = texts.split_at(*guid_end);
        let (fields, sort_field) = packed.texts();
        let row = params![id, guid, note_type, modified, tags, fields, sort_field, packed.checksum()];
        statement.execute(row).map(drop)
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

fn insert_notes(connection: &Connection, rows: &[NoteRow]) -> rusqlite::Result<()> {
    let mut by_id: Vec<&NoteRow> = rows.iter().collect();
    by_id.sort_by_cached_key(|row| row.id);
    let mut statement = connection.prepare(schema11::INSERT_NOTE)?;
    by_id.into_iter().try_for_each(|row| row.insert(&mut statement))?;
    schema11::index_notes(connection)
}
