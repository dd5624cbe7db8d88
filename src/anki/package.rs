//! Turns an Anki package into the notes in it.
//!
//! The package may be anybody's: what is read takes bounded time and memory, and nothing in it is run. Knows nothing of
//! deckle's notes, nor who wrote the package; media and review history are left alone.

mod database;

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};
use std::path::Path;

use rusqlite::{Connection, ErrorCode, Row};

use super::container::{Refusal, legacy};
pub use super::schema11::decks::PackagedDeck;
pub use super::schema11::note_types::{PackagedNoteType, PackagedTemplate};
use super::schema11::{self, SEPARATOR};
use crate::Error;

/// The most memory that notes may take, in bytes: twice what 100,000 of deckle's take.
const MAX_NOTES: usize = if cfg!(test) { 16 << 20 } else { 160 << 20 };

/// Reads a package; `path` is for messages only.
///
/// # Errors
/// It is no package, one in a container that is not read, or one whose database is damaged, too large or not Anki's.
pub fn read(path: &Path, package: impl Read + Seek) -> Result<Package, Error> {
    legacy::with_database(package, |database, size| read_database(&database::open(database, size, TABLES)?))
        .map_err(|cause| Error::new("cannot read", path, in_words(cause)))
}

/// What tells whether a package holds another database than before, without reading it; `None` where it is no package.
pub fn checksum(package: impl Read + Seek) -> Option<u32> {
    legacy::checksum(package).ok()
}

/// The media of a package: their names, and what it states as the checksums of their bytes (CRC-32), where they are in it.
///
/// # Errors
/// It is no package, or its list of media cannot be read.
pub fn media(path: &Path, package: impl Read + Seek) -> Result<BTreeMap<String, Option<u32>>, Error> {
    legacy::media(package).map_err(|cause| Error::new("cannot read", path, cause))
}

/// SQLite has one word for what was stopped.
fn in_words(cause: Refusal) -> Refusal {
    let code = cause.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
    if code == Some(ErrorCode::OperationInterrupted) { "its rows take too long to read".into() } else { cause }
}

/// The tables that are read.
const TABLES: &[&str] = &["col", "notes", "cards"];

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The note types, by id.
    pub note_types: Vec<PackagedNoteType>,
    /// The decks, by id.
    pub decks: Vec<PackagedDeck>,
    /// The notes, in the order of their cards' positions, which is the author's; those that have none, last. Ids say nothing.
    pub notes: Vec<PackagedNote>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedNote {
    /// Its id in the package, which says nothing elsewhere.
    id: i64,
    /// By this Anki recognises it; any text.
    pub guid: String,
    /// The id of its note type.
    pub note_type: i64,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its fields as HTML, in the order of the note type.
    pub fields: Vec<String>,
    /// The position of its cards among the new ones; 0 where none is new.
    pub due: u32,
    /// The full name of its first card's deck.
    pub deck: String,
    /// The ordinals of its cards, sorted.
    pub cards: Vec<u16>,
}

impl PackagedNote {
    /// A note of which no more is known.
    pub fn of(guid: &str) -> Self {
        Self {
            id: 0,
            guid: guid.to_owned(),
            note_type: 0,
            modified: 0,
            tags: Vec::new(),
            fields: Vec::new(),
            due: 0,
            deck: String::new(),
            cards: Vec::new(),
        }
    }
}

fn read_database(connection: &Connection) -> Result<Package, Refusal> {
    let note_types = column(connection, "models", schema11::note_types::read)?;
    let decks = column(connection, "decks", schema11::decks::read)?;
    let notes = notes(connection, &decks)?;
    Ok(Package { note_types, decks: decks.into_values().collect(), notes })
}

/// Reads a column of the collection's row, which holds JSON.
fn column<T>(
    connection: &Connection,
    name: &str,
    read: impl FnOnce(&str) -> serde_json::Result<T>,
) -> Result<T, Refusal> {
    let json = schema11::collection_column(connection, name)?;
    Ok(read(&json).map_err(|cause| format!("its {name} cannot be read: {cause}"))?)
}

fn notes(connection: &Connection, decks: &BTreeMap<i64, PackagedDeck>) -> Result<Vec<PackagedNote>, Refusal> {
    let mut statement = connection.prepare(schema11::SELECT_NOTES)?;
    let (mut rows, mut notes, mut size) = (statement.query([])?, Vec::new(), 0);
    while let Some(row) = rows.next()? {
        notes.push(note(row, &mut size)?);
    }
    let mut cards = cards(connection, &notes, &mut size)?;
    for note in &mut notes {
        let Some(Cards { first, ordinals }) = cards.remove(&note.id) else { continue };
        note.cards = ordinals;
        note.due = u32::try_from(first.due).unwrap_or_default();
        if let Some(deck) = decks.get(&first.deck) {
            add_size(&mut size, deck.name.len())?;
            note.deck.clone_from(&deck.name);
        }
    }
    notes.sort_unstable_by_key(|note| (note.due == 0, note.due, note.id));
    Ok(notes)
}

/// What stands in the row of a note. Its size is added before it takes any memory.
fn note(row: &Row<'_>, size: &mut usize) -> Result<PackagedNote, Refusal> {
    let id = row.get(0)?;
    let unread = |cause: rusqlite::Error| format!("its note {id} cannot be read: {cause}");
    let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let [guid, tags, fields] = [text(1), text(4), text(5)].map(|text| text.map_err(unread));
    let (guid, tags, fields) = (guid?, tags?.split_whitespace(), fields?.split(SEPARATOR));
    let texts = || tags.clone().chain(fields.clone());
    // A list that grows may have twice the room it needs.
    let strings = texts().map(|text| 2 * size_of::<String>() + text.len()).sum::<usize>();
    add_size(size, guid.len() + strings + OVERHEAD)?;
    Ok(PackagedNote {
        id,
        guid: guid.to_owned(),
        note_type: row.get(2).map_err(unread)?,
        modified: row.get(3).map_err(unread)?,
        tags: tags.map(str::to_owned).collect(),
        fields: fields.map(str::to_owned).collect(),
        due: 0,
        deck: String::new(),
        cards: Vec::new(),
    })
}

/// The memory of a note beside its texts, in bytes, and of what finds and orders it.
const OVERHEAD: usize = 3 * size_of::<PackagedNote>() + size_of::<Cards>();

fn add_size(size: &mut usize, more: usize) -> Result<(), Refusal> {
    *size += more;
    if *size > MAX_NOTES { Err(format!("its notes take more than {} MiB", MAX_NOTES >> 20).into()) } else { Ok(()) }
}

#[derive(Clone, Copy)]
struct FirstCard {
    ordinal: i64,
    due: i64,
    deck: i64,
}

/// The cards of a note.
struct Cards {
    first: FirstCard,
    /// Sorted, each once.
    ordinals: Vec<u16>,
}

/// Each note's cards, by note id. What has no note among these is no card.
fn cards(connection: &Connection, notes: &[PackagedNote], size: &mut usize) -> Result<HashMap<i64, Cards>, Refusal> {
    let none = FirstCard { ordinal: i64::MAX, due: 0, deck: 0 };
    let mut cards: HashMap<i64, Cards> =
        notes.iter().map(|note| (note.id, Cards { first: none, ordinals: Vec::new() })).collect();
    let mut statement = connection.prepare(schema11::SELECT_CARDS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let card = FirstCard { ordinal: row.get(1)?, due: row.get(2)?, deck: row.get(3)? };
        let Some(cards) = cards.get_mut(&row.get(0)?) else { continue };
        if card.ordinal < cards.first.ordinal {
            cards.first = card;
        }
        if let Ok(ordinal) = u16::try_from(card.ordinal)
            && let Err(place) = cards.ordinals.binary_search(&ordinal)
        {
            // A list that grows may have twice the room it needs.
            add_size(size, 2 * size_of::<u16>())?;
            cards.ordinals.insert(place, ordinal);
        }
    }
    Ok(cards)
}

#[cfg(test)]
mod tests;
