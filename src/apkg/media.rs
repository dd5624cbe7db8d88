//! Finds the media that the notes of a package use.
//!
//! Knows nothing of the zip they go into.

use std::collections::{BTreeMap, BTreeSet};

use super::Contents;
use crate::ir::{Collection, Media};

/// The media of the package's notes, sorted by name, each name once: equal files of two folders share theirs.
pub(super) fn used<'a>(package: &Contents<'_>, collection: &'a Collection) -> Vec<&'a Media> {
    if collection.media.is_empty() {
        return Vec::new();
    }
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for numbered in &package.notes {
        numbered.note.for_each_media(&mut |path| paths.extend([path]));
    }
    let used = collection.media.iter().filter(|media| paths.contains(media.path.as_str()));
    let by_name: BTreeMap<&str, &Media> = used.map(|media| (media.name.as_str(), media)).collect();
    by_name.into_values().collect()
}
