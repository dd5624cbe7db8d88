//! Turns the notes of a package into the bytes of its database.
//!
//! Knows nothing of the zip around it.

use std::io;

use serde_json::{Value, json};

use super::{Contents, FieldRenderer, decks, rows};
use crate::anki::schema11::{self, CollectionRow, note_types};
use crate::anki::sqlite::Database;
use crate::ir::NoteType;

/// When the collection was made, in Unix seconds: 2020-01-01T00:00:00Z, whenever the package is built.
const CREATED: i64 = 1_577_836_800;

/// Puts the pages of the package's database, and gives the first of them.
pub(super) fn write(
    package: &Contents<'_>,
    renderer: &FieldRenderer<'_>,
    put: &mut dyn FnMut(&[u8]),
) -> io::Result<Vec<u8>> {
    let mut database = Database::new(put);
    let collection = collection(package, renderer);
    database.table(schema11::COLLECTION, |table| table.push(1, &collection));
    rows::write(&mut database, package, renderer);
    database.table(schema11::REVIEWS, |_| {});
    database.index::<2>(schema11::REVIEWS_USN, []);
    database.index::<2>(schema11::REVIEWS_CARD, []);
    database.table(schema11::GRAVES, |_| {});
    database.finish()
}

/// The record of the collection's own row.
fn collection(package: &Contents<'_>, renderer: &FieldRenderer<'_>) -> Vec<u8> {
    let modified = package.notes.iter().map(|numbered| numbered.note.modified).max().unwrap_or(CREATED);
    let used = |note_type: &&NoteType| package.has(note_type.key);
    let used_types = renderer.collection.note_types.iter().filter(used);
    let models: Value =
        used_types.map(|note_type| (note_type.id.to_string(), note_types::note_type(note_type))).collect();
    let row = CollectionRow {
        created: CREATED,
        // A time that a lock was given by hand may be any number.
        modified: modified.saturating_mul(1000),
        configuration: &configuration().to_string(),
        note_types: &models.to_string(),
        decks: &decks::decks(package, renderer, modified).to_string(),
        presets: &presets().to_string(),
    };
    row.record()
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
