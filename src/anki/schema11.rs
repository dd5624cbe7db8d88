//! Anki's schema 11: the tables of a legacy package, the rows they take, and the JSON in them, written and read.
//!
//! Knows nothing of what the rows hold. The layout is that of Anki 2.1's `collection.anki2`; `fix_integrity` and older
//! clients expect all of its tables and indexes.

pub mod decks;
pub mod note_types;

use rusqlite::Connection;

use super::sqlite::{Index, Table, Value, push_record, with_integer_affinity};

/// The schema's number, in `col.ver`.
pub const VERSION: i64 = 11;

/// Fields are separated by this in a note's row, so that no field may hold it.
pub const SEPARATOR: char = '\u{1f}';

/// The collection: one row.
pub const COLLECTION: Table = Table {
    name: "col",
    columns: "id integer primary key, crt integer not null, mod integer not null, scm integer not null, \
        ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null, \
        models text not null, decks text not null, dconf text not null, tags text not null",
};

/// The notes.
pub const NOTES: Table = Table {
    name: "notes",
    columns: "id integer primary key, guid text not null, mid integer not null, mod integer not null, \
        usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null, \
        flags integer not null, data text not null",
};

/// Their cards.
pub const CARDS: Table = Table {
    name: "cards",
    columns: "id integer primary key, nid integer not null, did integer not null, ord integer not null, \
        mod integer not null, usn integer not null, type integer not null, queue integer not null, \
        due integer not null, ivl integer not null, factor integer not null, reps integer not null, \
        lapses integer not null, left integer not null, odue integer not null, odid integer not null, \
        flags integer not null, data text not null",
};

/// The reviews of cards.
pub const REVIEWS: Table = Table {
    name: "revlog",
    columns: "id integer primary key, cid integer not null, usn integer not null, ease integer not null, \
        ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, \
        type integer not null",
};

/// What was deleted since the last sync.
pub const GRAVES: Table =
    Table { name: "graves", columns: "usn integer not null, oid integer not null, type integer not null" };

/// Notes that have to be synced: `usn`.
pub const NOTES_USN: Index = index("ix_notes_usn", NOTES, "usn");

/// Notes by the checksum of their sort field: `csum`.
pub const NOTES_CHECKSUM: Index = index("ix_notes_csum", NOTES, "csum");

/// Cards that have to be synced: `usn`.
pub const CARDS_USN: Index = index("ix_cards_usn", CARDS, "usn");

/// The cards of a note: `nid`.
pub const CARDS_NOTE: Index = index("ix_cards_nid", CARDS, "nid");

/// Cards to study: `did`, `queue`, `due`.
pub const CARDS_SCHEDULE: Index = index("ix_cards_sched", CARDS, "did, queue, due");

/// Reviews that have to be synced: `usn`.
pub const REVIEWS_USN: Index = index("ix_revlog_usn", REVIEWS, "usn");

/// The reviews of a card: `cid`.
pub const REVIEWS_CARD: Index = index("ix_revlog_cid", REVIEWS, "cid");

const fn index(name: &'static str, table: Table, columns: &'static str) -> Index {
    Index { name, table: table.name, columns }
}

/// What has not been synced, in `usn`.
pub const UNSYNCED: i64 = -1;

/// The queue of new cards.
pub const NEW: i64 = 0;

/// The row of a collection, whose id is 1.
pub struct CollectionRow<'a> {
    /// Unix seconds of its birth.
    pub created: i64,
    /// Unix milliseconds of its last change, of its schema as well.
    pub modified: i64,
    /// JSON: its settings.
    pub configuration: &'a str,
    /// JSON: its note types.
    pub note_types: &'a str,
    /// JSON: its decks.
    pub decks: &'a str,
    /// JSON: its presets.
    pub presets: &'a str,
}

impl CollectionRow<'_> {
    /// The record of the row.
    pub fn record(&self) -> Vec<u8> {
        let Self { created, modified, configuration, note_types, decks, presets } = *self;
        let [zero, modified] = [0, modified].map(Value::Integer);
        let [configuration, note_types, decks, presets, tags] =
            [configuration, note_types, decks, presets, "{}"].map(Value::Text);
        let (created, version) = (Value::Integer(created), Value::Integer(VERSION));
        let times = [Value::Null, created, modified, modified, version, zero, zero, zero];
        let mut record = Vec::new();
        push_record(&[&times[..], &[configuration, note_types, decks, presets, tags]].concat(), &mut record);
        record
    }
}

/// The row of a note.
pub struct NoteRow<'a> {
    /// By this Anki recognises it.
    pub guid: &'a str,
    /// The id of its note type.
    pub note_type: i64,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// Its tags, each with a space on both sides.
    pub tags: &'a str,
    /// Its fields, parted by [`SEPARATOR`].
    pub fields: &'a str,
    /// The first of them as Anki sorts by it.
    pub sort_field: &'a str,
    /// The checksum of that.
    pub checksum: u32,
}

impl NoteRow<'_> {
    /// Puts the record of the row at the end of `records`.
    pub fn push(&self, records: &mut Vec<u8>) {
        let Self { guid, note_type, modified, tags, fields, sort_field, checksum } = *self;
        let [note_type, modified, usn, checksum, flags] =
            [note_type, modified, UNSYNCED, checksum.into(), 0].map(Value::Integer);
        let [guid, tags, fields, data] = [guid, tags, fields, ""].map(Value::Text);
        // The column is one of integers, in which numbers sort as such.
        let sort_field = with_integer_affinity(sort_field);
        push_record(
            &[Value::Null, guid, note_type, modified, usn, tags, fields, sort_field, checksum, flags, data],
            records,
        );
    }
}

/// The row of a new card.
#[derive(Debug, Clone, Copy)]
pub struct CardRow {
    /// Its id.
    pub id: i64,
    /// Its note's.
    pub note: i64,
    /// Its deck's.
    pub deck: i64,
    /// Which of the note's it is.
    pub ordinal: u16,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// Its position among the new ones.
    pub due: u32,
}

impl CardRow {
    /// Puts the record of the row at the end of `records`.
    pub fn push(&self, records: &mut Vec<u8>) {
        let Self { id: _, note, deck, ordinal, modified, due } = *self;
        let [note, deck, ordinal, modified, usn] = [note, deck, ordinal.into(), modified, UNSYNCED].map(Value::Integer);
        let [kind, queue, due, zero] = [0, NEW, due.into(), 0].map(Value::Integer);
        // From the interval to the flags: what only studying changes.
        let columns = [
            [Value::Null, note, deck, ordinal, modified, usn],
            [kind, queue, due, zero, zero, zero],
            [zero, zero, zero, zero, zero, Value::Text("")],
        ];
        push_record(columns.as_flattened(), records);
    }
}

/// The notes, in any order: id, GUID, id of the note type, Unix seconds of the last change, tags, fields.
pub const SELECT_NOTES: &str = "select id, guid, mid, mod, tags, flds from notes";

/// The cards, in any order: the note's id, the ordinal, the position where it is new (type 0), the id of its deck.
pub const SELECT_CARDS: &str = "select nid, ord, case type when 0 then due else 0 end, did from cards";

/// A column of the collection's row that holds JSON.
pub fn collection_column(connection: &Connection, name: &str) -> rusqlite::Result<String> {
    connection.query_row(&format!("select {name} from col"), [], |row| row.get(0))
}
