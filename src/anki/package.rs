//! Turns an Anki package into the notes in it: those of the containers legacy 1 (`collection.anki2`) and legacy 2
//! (`collection.anki21`), both zips around a SQLite database of schema 11.
//!
//! Knows nothing of deckle's notes, nor who wrote the package; media and review history are left alone.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};
use std::path::Path;

use rusqlite::Connection;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::Error;

/// The largest database that is unpacked: a hundred times that of 100,000 notes, and still not all of a machine.
const MAX_DATABASE: u64 = 4 << 30;

/// Fields are separated by this in a note's row.
const SEPARATOR: char = '\u{1f}';

/// Reads a package; `path` is for messages only.
///
/// # Errors
/// It is no package, one in a container that is not read, or one whose database is damaged.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Package, Error> {
    unpack(bytes).and_then(|database| read_database(&database)).map_err(|cause| Error::new("cannot read", path, cause))
}

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The note types, by id.
    pub note_types: Vec<PackagedNoteType>,
    /// The notes, in the order of their cards' positions, which is the author's; those that have none, last. Ids say nothing.
    pub notes: Vec<PackagedNote>,
}

/// A note type, which Anki's files call a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedNoteType {
    /// By this Anki recognises it.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// The names of its fields, in their order.
    pub fields: Vec<String>,
    /// Its card templates, in their order.
    pub templates: Vec<PackagedTemplate>,
    /// The style of its cards.
    pub css: String,
}

/// A card template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PackagedTemplate {
    /// Its name.
    pub name: String,
    /// The question side.
    #[serde(rename = "qfmt")]
    pub front: String,
    /// The answer side.
    #[serde(rename = "afmt", default)]
    pub back: String,
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

/// Why a package is refused, beside what zip and SQLite say.
type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// The bytes of the database that Anki would take.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "it is no Anki package: not a zip")?;
    let member = match version(&mut archive)? {
        Some(1) => "collection.anki2",
        Some(2) => "collection.anki21",
        Some(3) => {
            return Err(
                "it is in the form of newer Ankis (zstd); export it again with \"Support older Anki versions\" \
                        ticked"
                    .into(),
            );
        }
        Some(version) => return Err(format!("it is of version {version}, which deckle does not know").into()),
        None if archive.index_for_name("collection.anki21").is_some() => "collection.anki21",
        None => "collection.anki2",
    };
    let missing = || format!("it is no Anki package: there is no {member} in it").into();
    member_of(&mut archive, member)?.ok_or_else(missing)
}

/// The version of the container. Its file `meta` is a Protocol Buffers message with the version as field 1; the packages
/// of Anki before 2.1.50 have none.
fn version(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Option<u8>, Refusal> {
    let Some(meta) = member_of(archive, "meta")? else { return Ok(None) };
    match meta.as_slice() {
        [0x08, version, ..] => Ok(Some(*version)),
        _ => Err("the version in it cannot be read".into()),
    }
}

fn member_of(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let member = match archive.by_name(name) {
        Ok(member) => member,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(cause) => return Err(cause.into()),
    };
    // The size that the zip states is not to be trusted.
    let mut bytes = Vec::new();
    member.take(MAX_DATABASE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_DATABASE { Err("its database is larger than 4 GiB".into()) } else { Ok(Some(bytes)) }
}

fn read_database(bytes: &[u8]) -> Result<Package, Refusal> {
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact("main", bytes, bytes.len(), true)?;
    Ok(Package { note_types: note_types(&connection)?, notes: notes(&connection)? })
}

fn note_types(connection: &Connection) -> Result<Vec<PackagedNoteType>, Refusal> {
    let models: BTreeMap<i64, Model> = column(connection, "models")?;
    let note_type = |(id, model): (i64, Model)| PackagedNoteType {
        id,
        name: model.name,
        modified: model.modified,
        fields: model.fields.into_iter().map(|field| field.name).collect(),
        templates: model.templates,
        css: model.css,
    };
    Ok(models.into_iter().map(note_type).collect())
}

/// What of a note type's JSON is read.
#[derive(Deserialize)]
struct Model {
    name: String,
    #[serde(rename = "mod")]
    modified: i64,
    #[serde(rename = "flds")]
    fields: Vec<Named>,
    #[serde(rename = "tmpls")]
    templates: Vec<PackagedTemplate>,
    css: String,
}

/// What of a deck's or a field's JSON is read.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// A column of the collection's row that holds JSON.
fn column<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<T, Refusal> {
    let json: String = connection.query_row(&format!("select {name} from col"), [], |row| row.get(0))?;
    Ok(serde_json::from_str(&json).map_err(|cause| format!("its {name} cannot be read: {cause}"))?)
}

fn notes(connection: &Connection) -> Result<Vec<PackagedNote>, Refusal> {
    let decks: BTreeMap<i64, Named> = column(connection, "decks")?;
    let cards = first_cards(connection)?;
    let mut statement = connection.prepare("select id, guid, mid, mod, tags, flds from notes order by id")?;
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
            deck: card.and_then(|card| decks.get(&card.deck)).map(|deck| deck.name.clone()).unwrap_or_default(),
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

/// Each note's first card, by note id. A card's type 0 is "new", for which `due` is its position.
fn first_cards(connection: &Connection) -> rusqlite::Result<HashMap<i64, FirstCard>> {
    // Of a column without `min` SQLite takes the value in the row of the minimum.
    let mut statement = connection
        .prepare("select nid, min(ord), case type when 0 then due else 0 end, did from cards group by nid")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(2)?, row.get(3)?)))?;
    rows.map(|row| row.map(|(note, due, deck)| (note, FirstCard { due: u32::try_from(due).unwrap_or_default(), deck })))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

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
