//! Turns packages into text: what Anki would find in them, note by note.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Cursor, Read};

use deckle::emit::Artifact;
use rusqlite::Connection;
use serde_json::Value;
use zip::ZipArchive;

/// Decks, media, notes and cards of each package. Note types are tested elsewhere.
pub(crate) fn text_of(packages: &[Artifact]) -> String {
    packages.iter().map(package).collect::<Vec<String>>().join("\n")
}

fn package(artifact: &Artifact) -> String {
    let mut members = members(&artifact.bytes);
    let database = members.remove("collection.anki2").expect("a database");
    let media: BTreeMap<String, String> =
        serde_json::from_slice(&members.remove("media").expect("a map of media")).expect("a map of strings");
    let mut out = format!("package {}\n", artifact.path.display());
    let mut connection = Connection::open_in_memory().expect("a connection");
    connection.deserialize_read_exact("main", database.as_slice(), database.len(), true).expect("a database");
    let column = |name: &str| -> Value {
        let text: String =
            connection.query_row(&format!("select {name} from col"), [], |row| row.get(0)).expect("a collection");
        serde_json::from_str(&text).expect("JSON")
    };
    let (decks, note_types) = (column("decks"), column("models"));
    write_decks(&mut out, &decks);
    for (number, name) in &media {
        let bytes = members.remove(number).expect("each medium is a member");
        writeln!(out, "media {number} {name} {} bytes", bytes.len()).expect("a string takes all");
    }
    assert_eq!(members.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "members that the map does not name");
    write_notes(&mut out, &connection, &decks, &note_types);
    out
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

fn write_decks(out: &mut String, decks: &Value) {
    let mut named: Vec<(&str, &str)> = decks
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, deck)| (text(&deck["name"]), text(&deck["desc"])))
        .filter(|(name, _)| *name != "Default")
        .collect();
    named.sort_unstable();
    for (name, description) in named {
        writeln!(out, "deck {name} {description}").expect("a string takes all");
    }
}

fn write_notes(out: &mut String, connection: &Connection, decks: &Value, note_types: &Value) {
    let mut statement = connection.prepare("select id, guid, mid, tags, flds from notes order by id").expect("notes");
    let notes = statement
        .query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get(3)?, row.get(4)?))
        })
        .expect("notes");
    for note in notes {
        let (id, guid, note_type, tags, fields): (_, _, _, String, String) = note.expect("a note");
        let note_type = &note_types[note_type.to_string()];
        writeln!(out, "\nnote {guid} {:?} tags={:?}", text(&note_type["name"]), tags.trim()).expect("a string");
        let names = note_type["flds"].as_array().into_iter().flatten().map(|field| text(&field["name"]));
        for (name, field) in names.zip(fields.split('\u{1f}')).filter(|(_, field)| !field.is_empty()) {
            write_field(out, name, field);
        }
        write_cards(out, connection, decks, id);
    }
}

fn write_field(out: &mut String, name: &str, field: &str) {
    if field.contains('\n') {
        writeln!(out, "  {name}:\n    {}", field.replace('\n', "\n    ")).expect("a string takes all");
    } else {
        writeln!(out, "  {name}: {field}").expect("a string takes all");
    }
}

fn write_cards(out: &mut String, connection: &Connection, decks: &Value, note: i64) {
    let mut statement =
        connection.prepare("select ord, due, did from cards where nid = ? order by ord").expect("cards");
    let cards = statement
        .query_map([note], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
        .expect("cards");
    for card in cards {
        let (ordinal, due, deck) = card.expect("a card");
        writeln!(out, "  card {ordinal} due {due} in {}", text(&decks[deck.to_string()]["name"])).expect("a string");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
