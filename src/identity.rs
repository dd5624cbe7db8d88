//! Says who is who across edits: GUIDs at birth, note type ids, modification times.
//!
//! Knows nothing of Anki's file format.

use crate::ir::Collection;

/// Gives every note its GUID and every note and note type its modification time.
pub fn assign(_collection: &mut Collection, _now: i64) {}
