//! Turns the notes of a package into the bytes of its database.
//!
//! Knows nothing of the zip around it.

use rusqlite::{Connection, ErrorCode, params};
use serde_json::{Value, json};

use super::{FieldRenderer, TopDeck, decks, rows};
use crate::anki::schema11::{self, note_types};
use crate::ir::NoteType;

/// A database as one piece of memory, which can be had without a copy. SQLite gives it 1 GiB at most (two million notes or
/// more). The name is nobody else's: memory is shared where it begins with `/` only.
const IN_ONE_PIECE: &str = "file:package?vfs=memdb";

/// A database of any size in memory, one page here and one there.
const IN_PAGES: &str = ":memory:";

/// When the collection was made, in Unix seconds: 2020-01-01T00:00:00Z, whenever the package is built.
const CREATED: i64 = 1_577_836_800;

/// What can go wrong here: SQLite's errors, and those of whoever takes the bytes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Gives the bytes of the package's database to `take`.
pub(super) fn database<T>(
    package: &TopDeck<'_>,
    renderer: &FieldRenderer<'_>,
    take: impl FnOnce(&[u8]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut connection = filled(IN_ONE_PIECE, package, renderer).or_else(|cause| {
        let is_full = cause.sqlite_error_code() == Some(ErrorCode::DiskFull);
        if is_full { filled(IN_PAGES, package, renderer) } else { Err(cause) }
    })?;
    take(&connection.serialize("main")?)
}

fn filled(memory: &str, package: &TopDeck<'_>, renderer: &FieldRenderer<'_>) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(memory)?;
    // Nothing survives a failure here, so nothing has to be kept for a roll-back.
    // Rows are sorted for an index in pieces of the cache's size (in KiB), which are to fit a core's.
    connection
        .execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000; begin;")?;
    schema11::create_tables(&connection)?;
    insert_collection(&connection, package, renderer)?;
    rows::insert(&mut connection, package, renderer)?;
    connection.execute_batch("commit;")?;
    Ok(connection)
}

fn insert_collection(
    connection: &Connection,
    package: &TopDeck<'_>,
    renderer: &FieldRenderer<'_>,
) -> rusqlite::Result<()> {
    let modified = package.notes.iter().map(|numbered| numbered.note.modified).max().unwrap_or(CREATED);
    // A time that a lock was given by hand may be any number.
    let milliseconds = modified.saturating_mul(1000);
    let used = |note_type: &&NoteType| package.has(note_type.key);
    let used_types = renderer.collection.note_types.iter().filter(used);
    let models: Value =
        used_types.map(|note_type| (note_type.id.to_string(), note_types::note_type(note_type))).collect();
    let decks = decks::decks(package, renderer, modified);
    let row = params![
        CREATED,
        milliseconds,
        milliseconds,
        schema11::VERSION,
        configuration().to_string(),
        models.to_string(),
        decks.to_string(),
        presets().to_string()
    ];
    connection.execute(schema11::INSERT_COLLECTION, row).map(drop)
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
