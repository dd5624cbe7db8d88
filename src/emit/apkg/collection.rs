//! Turns the notes of a package into the bytes of its database.
//!
//! Knows nothing of the zip around it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rusqlite::{Connection, Statement, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fields::Context;
use super::sort_field::SortField;
use super::{FIRST_ID, NumberedNote, Package, schema};
use crate::ir::{Deck, DeckName, Field, Note, NoteType, NoteTypeKey, Template};

/// What can go wrong here: SQLite's errors, and those of whoever takes the bytes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Fields are separated by this in a note's row, so that no field may hold it.
const SEPARATOR: char = '\u{1f}';

/// Notes that are rendered while those before them are inserted: enough to keep all cores busy, few enough that 100,000
/// notes are never in memory twice.
const BATCH: usize = 2048;

/// The deck that every Anki has from the start.
const DEFAULT_DECK: i64 = 1;

/// A position has to stay below this: Check Database rewrites larger ones, and the order is lost.
const MAX_POSITION: u32 = 999_999;

/// Gives the bytes of the package's database to `take`.
pub(super) fn database(
    package: &Package<'_>,
    context: &Context<'_>,
    take: impl FnOnce(&[u8]) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    let mut connection = Connection::open_in_memory()?;
    // Nothing survives a failure here, so nothing has to be kept for a roll-back.
    connection.execute_batch("pragma journal_mode = off; pragma synchronous = off; begin;")?;
    schema::create_tables(&connection)?;
    insert_collection(&connection, package, context)?;
    insert_notes(&mut connection, package, context)?;
    schema::create_indexes(&connection)?;
    connection.execute_batch("commit;")?;
    take(&connection.serialize("main")?)
}

fn insert_collection(connection: &Connection, package: &Package<'_>, context: &Context<'_>) -> rusqlite::Result<()> {
    let created = FIRST_ID / 1000;
    let modified = package.notes.iter().map(|numbered| numbered.note.modified).max().unwrap_or(created);
    let used = |note_type: &&NoteType| package.has(note_type.key);
    let note_types = context.collection.note_types.iter().filter(used);
    let models: Value = note_types.map(|note_type| (note_type.id.to_string(), model(note_type))).collect();
    let decks = decks(package, context, modified);
    let row = params![
        created,
        modified * 1000,
        modified * 1000,
        schema::VERSION,
        configuration().to_string(),
        models.to_string(),
        decks.to_string(),
        presets().to_string()
    ];
    connection.execute(schema::INSERT_COLLECTION, row).map(drop)
}

/// The collection's own settings. Importers read none of them; Anki opens no collection without.
fn configuration() -> Value {
    json!({
        "activeDecks": [1], "addToCur": true, "collapseTime": 1200, "curDeck": 1, "curModel": null, "dueCounts": true,
        "estTimes": true, "newSpread": 0, "nextPos": 1, "schedVer": 2, "sortBackwards": false, "sortType": "noteFld",
        "timeLim": 0
    })
}

/// The one deck preset, under the id of Anki's own: an importer never changes one that is there.
fn presets() -> Value {
    json!({ "1": {
        "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0, "replayq": true,
        "dyn": false,
        "new": { "bury": false, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1,
            "perDay": 20 },
        "rev": { "bury": false, "ease4": 1.3, "hardFactor": 1.2, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200 },
        "lapse": { "delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0 }
    } })
}

/// The decks that have cards here and those above them, and Anki's own first one, which no collection lacks.
fn decks(package: &Package<'_>, context: &Context<'_>, modified: i64) -> Value {
    let descriptions: BTreeMap<&DeckName, &str> = context.collection.decks.iter().filter_map(described).collect();
    let mut names: BTreeSet<DeckName> = BTreeSet::new();
    for numbered in &package.notes {
        if !names.contains(&numbered.note.deck) {
            names.extend(numbered.note.deck.parents());
            names.insert(numbered.note.deck.clone());
        }
    }
    let mut decks = BTreeMap::from([(DEFAULT_DECK, deck(DEFAULT_DECK, "Default", "", modified))]);
    for name in &names {
        let id = deck_id(name);
        let description = descriptions.get(name).copied().unwrap_or_default();
        decks.insert(id, deck(id, name.as_str(), description, modified));
    }
    decks.into_iter().map(|(id, deck)| (id.to_string(), deck)).collect()
}

fn described(deck: &Deck) -> Option<(&DeckName, &str)> {
    Some((&deck.name, deck.description.as_deref()?))
}

/// A number for a deck: importers go by its name. Below 2^53, since readers of JSON use floats, and 1 only for Anki's own.
///
/// Case does not count, as in Anki, which would add `_` to the second name of two that differ by case only.
fn deck_id(name: &DeckName) -> i64 {
    let folded = name.as_str().to_lowercase();
    if folded == "default" {
        return DEFAULT_DECK;
    }
    let digest = Sha256::digest(folded.as_bytes());
    let bits = digest.iter().take(6).fold(0, |bits: i64, &byte| bits << 8 | i64::from(byte));
    bits + (1 << 32)
}

/// A deck. `md` says that the description is Markdown, as Anki has it since 2.1.41; older ones show it as it stands.
fn deck(id: i64, name: &str, description: &str, modified: i64) -> Value {
    json!({
        "id": id, "name": name, "mod": modified, "usn": -1, "desc": description, "md": true, "dyn": 0, "conf": 1,
        "collapsed": false, "browserCollapsed": true, "extendNew": 0, "extendRev": 0,
        "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]
    })
}

/// A note type, which Anki's files call a model.
fn model(note_type: &NoteType) -> Value {
    let kind = match note_type.key {
        NoteTypeKey::Basic => 0,
        NoteTypeKey::Cloze => 1,
    };
    json!({
        "id": note_type.id, "name": note_type.name, "type": kind, "mod": note_type.modified, "usn": -1, "sortf": 0,
        "did": null, "css": note_type.css, "tags": [], "vers": [], "req": requirements(note_type.key),
        "latexPre": LATEX_PREAMBLE, "latexPost": "\\end{document}", "latexsvg": false,
        "flds": note_type.fields.iter().enumerate().map(|(place, one)| field(place, one)).collect::<Value>(),
        "tmpls": note_type.templates.iter().enumerate().map(|(place, one)| template(place, one)).collect::<Value>(),
    })
}

/// Only for notes that a reader writes with `[latex]`: our own math is MathJax's.
const LATEX_PREAMBLE: &str =
    "\\documentclass[12pt]{article}\n\\usepackage{amsmath,amssymb}\n\\pagestyle{empty}\n\\begin{document}\n";

/// Which fields must be filled for a card to exist. Anki before 2.1.28 relies on it; later ones read the templates.
fn requirements(key: NoteTypeKey) -> Value {
    let place = |name: &str| key.fields().iter().position(|&field| field == name);
    match key {
        NoteTypeKey::Basic => json!([[0, "any", [place("Front")]], [1, "all", [place("Back"), place("Reverse")]]]),
        NoteTypeKey::Cloze => json!([[0, "any", [place("Text")]]]),
    }
}

fn field(place: usize, field: &Field) -> Value {
    json!({
        "id": field.id, "name": field.name, "ord": place, "sticky": false, "rtl": false, "font": "Arial", "size": 20,
        "media": []
    })
}

fn template(place: usize, template: &Template) -> Value {
    json!({
        "id": template.id, "name": template.name, "ord": place, "qfmt": template.front, "afmt": template.back,
        "bqfmt": "", "bafmt": "", "did": null
    })
}

/// Renders on all cores, and inserts on one of them: SQLite takes one row at a time.
fn insert_notes(connection: &mut Connection, package: &Package<'_>, context: &Context<'_>) -> rusqlite::Result<()> {
    let ids = Ids::new(package, context);
    let render = |batch: &[NumberedNote<'_>]| batch.par_iter().map(|numbered| row(numbered, context)).collect();
    let mut batches = package.notes.chunks(BATCH).peekable();
    let mut position = 0;
    let mut rows: Vec<Row> = batches.peek().map(|first| render(first)).unwrap_or_default();
    while let Some(batch) = batches.next() {
        let next = batches.peek();
        let (inserted, next_rows) = rayon::join(
            || insert_batch(connection, batch, &rows, &ids, &mut position),
            || next.map(|next| render(next)).unwrap_or_default(),
        );
        inserted?;
        rows = next_rows;
    }
    Ok(())
}

/// What rows refer to, and how far apart their positions lie.
struct Ids<'a> {
    decks: BTreeMap<&'a DeckName, i64>,
    note_types: [(NoteTypeKey, i64); 2],
    step: u32,
}

impl<'a> Ids<'a> {
    fn new(package: &Package<'a>, context: &Context<'_>) -> Self {
        let decks = package.notes.iter().map(|numbered| &numbered.note.deck);
        let step = MAX_POSITION / (package.notes.len() as u32).max(1);
        Self {
            decks: decks.map(|deck| (deck, deck_id(deck))).collect(),
            note_types: NoteTypeKey::ALL.map(|key| (key, context.note_type_id(key))),
            // Gaps of 10 leave room for notes that are added between two others later.
            step: step.clamp(1, 10),
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
    position: &mut u32,
) -> rusqlite::Result<()> {
    let mut note_statement = connection.prepare(schema::INSERT_NOTE)?;
    let mut card_statement = connection.prepare(schema::INSERT_CARD)?;
    for (numbered, row) in batch.iter().zip(rows) {
        *position += ids.step;
        insert_note(&mut note_statement, numbered, row, ids.note_type(numbered.note))?;
        insert_cards(&mut card_statement, numbered, ids.deck(numbered.note), *position)?;
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
    let fields = context.fields(numbered.note, numbered.index);
    let sort_field = SortField::new(fields.first().map_or("", String::as_str));
    Row { fields: join(fields), tags: tags(numbered.note), sort_field }
}

fn join(mut fields: Vec<String>) -> String {
    for field in &mut fields {
        field.retain(|character| character != SEPARATOR);
    }
    fields.join(SEPARATOR.encode_utf8(&mut [0; 4]))
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

fn insert_cards(
    statement: &mut Statement<'_>,
    numbered: &NumberedNote<'_>,
    deck: i64,
    position: u32,
) -> rusqlite::Result<()> {
    for (card, id) in numbered.cards.iter().zip(numbered.first_card..) {
        let row = params![id, numbered.id, deck, card.ordinal, numbered.note.modified, position];
        statement.execute(row)?;
    }
    Ok(())
}
