//! Finds the media that the notes of a package use.
//!
//! Knows nothing of the zip they go into.

use std::collections::{BTreeMap, BTreeSet};

use super::Package;
use crate::ir::{Block, Collection, Leaf, Media, MediaRef, Note, NoteBody, for_each_leaf};

/// The media of the package's notes, sorted by name, each name once: equal files of two folders share theirs.
pub(super) fn used<'a>(package: &Package<'_>, collection: &'a Collection) -> Vec<&'a Media> {
    if collection.media.is_empty() {
        return Vec::new();
    }
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for numbered in &package.notes {
        for blocks in contents(numbered.note) {
            for_each_leaf(blocks, &mut |leaf| match leaf {
                Leaf::Media(MediaRef::Local { path }) => drop(paths.insert(path)),
                Leaf::HtmlMedia(media) => drop(paths.insert(&media.path)),
                Leaf::Text(_) | Leaf::Media(MediaRef::Remote { .. }) | Leaf::Break => {}
            });
        }
    }
    let used = collection.media.iter().filter(|media| paths.contains(media.path.as_str()));
    let by_name: BTreeMap<&str, &Media> = used.map(|media| (media.name.as_str(), media)).collect();
    by_name.into_values().collect()
}

/// Everything of a note that becomes a field.
fn contents(note: &Note) -> impl Iterator<Item = &[Block]> {
    let (first, second) = match &note.body {
        NoteBody::Basic { front, back, .. } => (front, back),
        NoteBody::Cloze { heading, text } => (heading, text),
    };
    let footnotes = note.source.iter().map(|footnote| footnote.blocks.as_slice());
    [first, second, &note.hint, &note.extra].into_iter().map(Vec::as_slice).chain(footnotes)
}
