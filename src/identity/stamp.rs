//! Turns GUIDs into ids that may stand in a text: `dk-…`.
//!
//! Knows what such an id means; where it stands is up to the syntax of the text.

use super::birth::STAMP;
use super::lock::{Lock, LockedNote};
use crate::ir::Guid;

/// The id that says who a note is.
pub fn stamp_of(guid: &Guid) -> String {
    format!("{STAMP}{guid}")
}

/// Remembers that a note has its id now.
pub fn note_id(lock: &mut Lock, guid: &Guid) {
    if let Some(mut note) = lock.note(guid).map(LockedNote::remembered) {
        note.id = Some(stamp_of(guid));
        lock.remember(&note);
    }
}
