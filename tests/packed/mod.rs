//! Reads a package back, as Anki would find it. Note types are tested elsewhere.
#![expect(clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use rusqlite::{Connection, Row};
use serde_json::Value;
use zip::ZipArchive;

/// What lies in a package.
pub(crate) struct Packed {
    /// Name and description, by name; Anki's own deck `Default` is left out.
    pub(crate) decks: Vec<(String, String)>,
    /// Member of the archive, name, bytes.
    pub(crate) media: Vec<(String, String, Vec<u8>)>,
    /// In the order of their cards' positions.
    pub(crate) notes: Vec<PackedNote>,
}

pub(crate) struct PackedNote {
    pub(crate) guid: String,
    pub(crate) note_type: String,
    /// Unix seconds.
    pub(crate) modified: i64,
    pub(crate) tags: String,
    /// Name and HTML, in the order of the note type; empty ones too.
    pub(crate) fields: Vec<(String, String)>,
    /// By ordinal.
    pub(crate) cards: Vec<PackedCard>,
}

pub(crate) struct PackedCard {
    pub(crate) ordinal: i64,
    pub(crate) due: i64,
    pub(crate) deck: String,
}

/// Reads the bytes of a legacy package.
pub(crate) fn read(bytes: &[u8]) -> Packed {
    let mut members = members(bytes);
    let database = members.remove("collection.anki2").expect("a database");
    let names: BTreeMap<String, String> =
        serde_json::from_slice(&members.remove("media").expect("a map of media")).expect("a map of strings");
    let mut connection = Connection::open_in_memory().expect("a connection");
    connection.deserialize_read_exact("main", database.as_slice(), database.len(), true).expect("a database");
    let (decks, note_types) = (column(&connection, "decks"), column(&connection, "models"));
    let media = names.into_iter().map(|(member, name)| {
        let bytes = members.remove(&member).expect("each medium is a member");
        (member, name, bytes)
    });
    let media = media.collect();
    assert_eq!(members.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "members that the map does not name");
    Packed { decks: named_decks(&decks), media, notes: notes(&connection, &decks, &note_types) }
}

fn members(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..archive.len())
        .map(|index| {
            let mut member = archive.by_index(index).expect("a member");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("its bytes");
            (member.name().expect("a name in UTF-8").into_owned(), bytes)
        })
        .collect()
}

fn column(connection: &Connection, name: &str) -> Value {
    let text: String =
        connection.query_row(&format!("select {name} from col"), [], |row| row.get(0)).expect("a collection");
    serde_json::from_str(&text).expect("JSON")
}

fn named_decks(decks: &Value) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = decks
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, deck)| (text(&deck["name"]), text(&deck["desc"])))
        .filter(|(name, _)| *name != "Default")
        .collect();
    named.sort_unstable();
    named
}

fn notes(connection: &Connection, decks: &Value, note_types: &Value) -> Vec<PackedNote> {
    let query = "select id, guid, mid, mod, tags, flds from notes order by \
                 (select min(due) from cards where nid = notes.id), id";
    let note = |row: &Row<'_>| {
        let note_type = &note_types[row.get::<_, i64>(2)?.to_string()];
        let names = note_type["flds"].as_array().into_iter().flatten().map(|field| text(&field["name"]));
        let fields: String = row.get(5)?;
        Ok(PackedNote {
            guid: row.get(1)?,
            note_type: text(&note_type["name"]),
            modified: row.get(3)?,
            tags: row.get::<_, String>(4)?.trim().to_owned(),
            fields: names.zip(fields.split('\u{1f}').map(str::to_owned)).collect(),
            cards: cards(connection, decks, row.get(0)?),
        })
    };
    let mut statement = connection.prepare(query).expect("notes");
    let notes = statement.query_map([], note).expect("notes");
    notes.map(|note| note.expect("a note")).collect()
}

fn cards(connection: &Connection, decks: &Value, note: i64) -> Vec<PackedCard> {
    let card = |row: &Row<'_>| {
        let deck = text(&decks[row.get::<_, i64>(2)?.to_string()]["name"]);
        Ok(PackedCard { ordinal: row.get(0)?, due: row.get(1)?, deck })
    };
    let mut statement =
        connection.prepare("select ord, due, did from cards where nid = ? order by ord").expect("cards");
    let cards = statement.query_map([note], card).expect("cards");
    cards.map(|card| card.expect("a card")).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
