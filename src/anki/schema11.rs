//! Anki's schema 11: the tables of a legacy package, the rows they take, and the JSON in them, written and read.
//!
//! Knows nothing of what the rows hold. The layout is that of Anki 2.1's `collection.anki2`; `fix_integrity` and older
//! clients expect all of its tables and indexes.

pub mod decks;
pub mod note_types;

use rusqlite::Connection;

/// The schema's number, in `col.ver`.
pub const VERSION: i64 = 11;

/// Fields are separated by this in a note's row, so that no field may hold it.
pub const SEPARATOR: char = '\u{1f}';

/// Adds a collection row.
pub const INSERT_COLLECTION: &str = "insert into col \
    (id, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags) \
    values (1, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, '{}')";

/// Adds a note. `usn` −1 marks what has not been synchronised.
pub const INSERT_NOTE: &str = "insert into notes \
    (id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data) values (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')";

/// Adds a new card (type and queue 0), for which `due` is its position.
pub const INSERT_CARD: &str = "insert into cards \
    (id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data) \
    values (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')";

/// The notes, in any order: id, GUID, id of the note type, Unix seconds of the last change, tags, fields.
pub const SELECT_NOTES: &str = "select id, guid, mid, mod, tags, flds from notes";

/// The cards, in any order: the note's id, the ordinal, the position where it is new (type 0), the id of its deck.
pub const SELECT_CARDS: &str = "select nid, ord, case type when 0 then due else 0 end, did from cards";

/// A column of the collection's row that holds JSON.
pub fn collection_column(connection: &Connection, name: &str) -> rusqlite::Result<String> {
    connection.query_row(&format!("select {name} from col"), [], |row| row.get(0))
}

/// Creates the tables, without indexes.
pub fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
            ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
            models text not null, decks text not null, dconf text not null, tags text not null);
        create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
            usn integer not null, tags text not null, flds text not null, sfld integer not null,
            csum integer not null, flags integer not null, data text not null);
        create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
            mod integer not null, usn integer not null, type integer not null, queue integer not null,
            due integer not null, ivl integer not null, factor integer not null, reps integer not null,
            lapses integer not null, left integer not null, odue integer not null, odid integer not null,
            flags integer not null, data text not null);
        create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
            ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
            type integer not null);
        create table graves (usn integer not null, oid integer not null, type integer not null);",
    )
}

/// Creates the indexes of notes; after the rows, because that sorts once and inserts nothing in the middle.
pub fn index_notes(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "create index ix_notes_usn on notes (usn);
        create index ix_notes_csum on notes (csum);",
    )
}

/// Creates the indexes of cards and their reviews, after the rows as well.
pub fn index_cards(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "create index ix_cards_usn on cards (usn);
        create index ix_cards_nid on cards (nid);
        create index ix_cards_sched on cards (did, queue, due);
        create index ix_revlog_usn on revlog (usn);
        create index ix_revlog_cid on revlog (cid);",
    )
}
