//! Turns the notes of a package into the bytes of its database.
//!
//! Knows nothing of the zip around it.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::{Context, FIRST_ID, Package, decks, note_types, rows, schema};
use crate::ir::NoteType;

/// What can go wrong here: SQLite's errors, and those of whoever takes the bytes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Gives the bytes of the package's database to `take`.
pub(super) fn database<T>(
    package: &Package<'_>,
    context: &Context<'_>,
    take: impl FnOnce(&[u8]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut connection = Connection::open_in_memory()?;
    // Nothing survives a failure here, so nothing has to be kept for a roll-back.
    connection.execute_batch("pragma journal_mode = off; pragma synchronous = off; begin;")?;
    schema::create_tables(&connection)?;
    insert_collection(&connection, package, context)?;
    rows::insert_notes(&mut connection, package, context)?;
    schema::create_indexes(&connection)?;
    connection.execute_batch("commit;")?;
    take(&connection.serialize("main")?)
}

fn insert_collection(connection: &Connection, package: &Package<'_>, context: &Context<'_>) -> rusqlite::Result<()> {
    let created = FIRST_ID / 1000;
    let modified = package.notes.iter().map(|numbered| numbered.note.modified).max().unwrap_or(created);
    let used = |note_type: &&NoteType| package.has(note_type.key);
    let used_types = context.collection.note_types.iter().filter(used);
    let models: Value =
        used_types.map(|note_type| (note_type.id.to_string(), note_types::note_type(note_type))).collect();
    let decks = decks::decks(package, context, modified);
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
