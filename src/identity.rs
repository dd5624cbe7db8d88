//! Says who is who across edits: GUIDs at birth, note type ids, modification times.
//!
//! Knows nothing of Anki's file format.

mod birth;
mod hash;
pub mod matching;
mod note_types;
pub mod sketch;

use crate::ir::Collection;

pub use note_types::note_types;

/// Gives every note its GUID, and every note and note type its modification time `now` (Unix seconds).
///
/// Nothing is remembered between builds, so a GUID is always the one of the note's birth, and all texts count as changed
/// now.
pub fn assign(collection: &mut Collection, now: i64) {
    // Anki refuses a note type of the time 0.
    let now = now.max(1);
    birth::assign_guids(&collection.id, &mut collection.notes);
    for note in &mut collection.notes {
        note.modified = now;
    }
    for note_type in &mut collection.note_types {
        note_type.modified = now;
    }
}
