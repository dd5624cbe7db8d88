//! Turns an Anki package into the notes in it.
//!
//! Knows nothing of deckle's notes, nor who wrote the package; media and review history are left alone.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::container::legacy::{self, Refusal};
pub use super::schema11::note_types::PackagedNoteType;
use super::schema11::{self, SEPARATOR};
use crate::Error;

/// Reads a package; `path` is for messages only.
///
/// # Errors
/// It is no package, one in a container that is not read, or one whose database is damaged.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Package, Error> {
    legacy::database(bytes)
        .and_then(|database| read_database(&database))
        .map_err(|cause| Error::new("cannot read", path, cause))
}

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The note types, by id.
    pub note_types: Vec<PackagedNoteType>,
    /// The notes, in the order of their cards' positions, which is the author's; those that have none, last. Ids say nothing.
    pub notes: Vec<PackagedNote>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedNote {
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
}

fn read_database(bytes: &[u8]) -> Result<Package, Refusal> {
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact("main", bytes, bytes.len(), true)?;
    let note_types = column(&connection, "models", schema11::note_types::read)?;
    Ok(Package { note_types, notes: notes(&connection)? })
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

fn notes(connection: &Connection) -> Result<Vec<PackagedNote>, Refusal> {
    let decks = column(connection, "decks", schema11::decks::read_names)?;
    let cards = first_cards(connection)?;
    let mut statement = connection.prepare(schema11::SELECT_NOTES)?;
    let notes = statement.query_map([], |row| {
        let (id, tags, fields): (i64, String, String) = (row.get(0)?, row.get(4)?, row.get(5)?);
        let card = cards.get(&id);
        Ok(PackagedNote {
            guid: row.get(1)?,
            note_type: row.get(2)?,
            modified: row.get(3)?,
            tags: tags.split_whitespace().map(str::to_owned).collect(),
            fields: fields.split(SEPARATOR).map(str::to_owned).collect(),
            due: card.map(|card| card.due).unwrap_or_default(),
            deck: card.and_then(|card| decks.get(&card.deck)).cloned().unwrap_or_default(),
        })
    })?;
    let mut notes: Vec<PackagedNote> = notes.collect::<Result<_, _>>()?;
    notes.sort_by_key(|note| (note.due == 0, note.due));
    Ok(notes)
}

struct FirstCard {
    due: u32,
    deck: i64,
}

/// Each note's first card, by note id.
fn first_cards(connection: &Connection) -> rusqlite::Result<HashMap<i64, FirstCard>> {
    let mut statement = connection.prepare(schema11::SELECT_FIRST_CARDS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(2)?, row.get(3)?)))?;
    rows.map(|row| row.map(|(note, due, deck)| (note, FirstCard { due: u32::try_from(due).unwrap_or_default(), deck })))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::schema11::note_types::PackagedTemplate;
    use super::*;

    fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn database(guid: &str) -> Vec<u8> {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&format!(
                "create table col (models text, decks text);
                insert into col values ('{{\"7\": {{\"name\": \"Basic (x)\", \"mod\": 5, \"css\": \"p\",
                    \"flds\": [{{\"name\": \"Front\"}}],
                    \"tmpls\": [{{\"name\": \"Card 1\", \"qfmt\": \"q\", \"afmt\": \"a\"}}]}}}}',
                    '{{\"1\": {{\"name\": \"Default\"}}, \"3\": {{\"name\": \"Sea::Salt\"}}}}');
                create table notes (id integer, guid text, mid integer, mod integer, tags text, flds text);
                insert into notes values (2, 'last', 7, 9, '', 'a'), (3, 'first', 7, 9, '', 'b'), (1, '{guid}', 7, 8, ' a b::c ', 'front\u{1f}back\u{1f}');
                create table cards (nid integer, ord integer, type integer, due integer, did integer);
                insert into cards values (1, 1, 0, 20, 1), (1, 0, 0, 10, 3), (1, 2, 2, 3, 1), (2, 0, 1, 99, 8), (3, 0, 0, 9, 1);"
            ))
            .unwrap();
        connection.serialize("main").unwrap().to_vec()
    }

    fn refusal(members: &[(&str, &[u8])]) -> String {
        read(Path::new("x.apkg"), &packed(members)).unwrap_err().to_string()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_is_an_error_or_goes_unseen(places in prop::collection::vec((any::<u16>(), any::<u8>()), 1..40)) {
            let mut bytes = database("one");
            for (place, byte) in &places {
                let place = usize::from(*place) % bytes.len();
                bytes[place] = *byte;
            }
            let _ = read(Path::new("x"), &packed(&[("collection.anki2", &bytes)]));
            let mut package = packed(&[("collection.anki2", &database("one"))]);
            for (place, byte) in places {
                let place = usize::from(place) % package.len();
                package[place] = byte;
            }
            let _ = read(Path::new("x"), &package);
        }
    }

    #[test]
    fn both_legacy_containers_are_read() {
        let (one, two) = (database("one"), database("two"));
        let old = read(Path::new("x"), &packed(&[("collection.anki2", &one), ("media", b"{}")])).unwrap();
        let note_type = PackagedNoteType {
            id: 7,
            name: "Basic (x)".into(),
            modified: 5,
            fields: vec!["Front".into()],
            templates: vec![PackagedTemplate { name: "Card 1".into(), front: "q".into(), back: "a".into() }],
            css: "p".into(),
        };
        assert_eq!(old.note_types, [note_type]);
        let guids: Vec<&str> = old.notes.iter().map(|note| note.guid.as_str()).collect();
        assert_eq!(guids, ["first", "one", "last"]);
        let note = PackagedNote {
            guid: "one".into(),
            note_type: 7,
            modified: 8,
            tags: vec!["a".into(), "b::c".into()],
            fields: vec!["front".into(), "back".into(), String::new()],
            due: 10,
            deck: "Sea::Salt".into(),
        };
        assert_eq!(old.notes[1], note);
        assert_eq!((old.notes[2].due, old.notes[2].deck.as_str()), (0, ""));
        for meta in [&[("meta", [8, 2].as_slice())][..], &[]] {
            let members = [meta, &[("collection.anki2", one.as_slice()), ("collection.anki21", &two)]].concat();
            assert_eq!(read(Path::new("x"), &packed(&members)).unwrap().notes[1].guid, "two");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        let said = read(Path::new("x.apkg"), b"no zip").unwrap_err().to_string();
        assert_eq!(said, "cannot read x.apkg: it is no Anki package: not a zip");
        assert!(refusal(&[("meta", &[8, 3]), ("collection.anki21b", b"")]).contains("\"Support older Anki versions\""));
        assert!(refusal(&[("meta", &[8, 4])]).contains("version 4"));
        assert!(refusal(&[("meta", b"x")]).contains("version in it cannot be read"));
        assert!(refusal(&[("media", b"{}")]).contains("there is no collection.anki2 in it"));
        assert!(refusal(&[("collection.anki2", b"SQLite")]).starts_with("cannot read x.apkg: "));
        assert!(refusal(&[("collection.anki2", &database("x")[..4096])]).starts_with("cannot read x.apkg: "));
    }
}
