//! Looks at the whole collection for what no single file shows: duplicate ids and fronts, media that are missing or
//! unused, math that will not typeset.
//!
//! Knows the disk only as a listing.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::ir::Collection;
use crate::markdown::MediaUse;

/// The files of the folders that matter: those of the notes, and those that media uses point into.
#[derive(Debug, Default)]
pub struct Listing {
    /// Folder (relative to the project's root, `""` for the root itself) → names of the files in it, sorted.
    pub folders: BTreeMap<String, Vec<String>>,
    /// The folders that hold note files: only there are unused media reported.
    pub note_folders: Vec<String>,
}

/// All mistakes that only the whole shows. Takes media out of nobody's hands: a missing file stays in the collection's
/// content and the build stops.
pub fn check(_collection: &Collection, _uses: &[MediaUse], _listing: &Listing) -> Vec<Diagnostic> {
    Vec::new()
}
