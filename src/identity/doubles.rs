//! Turns lines of a merged lock that give one GUID to two notes into who keeps it.
//!
//! Two branches that each add a note with the same question give both the GUID of that birth. The elder keeps it, the one
//! whose line is older; the others are born anew. Knows nothing of git, which keeps the lines of both sides.

use std::collections::BTreeMap;

use super::field::{Hash, encode};
use super::lock::{Lock, LockedNote, Remembered};
use crate::ir::{Collection, Guid, Note, NoteTypeKey, side_texts};

/// Leaves each GUID that several notes of this build have a line with to the elder, as one that was edited: readers may have
/// a younger one's text under it, which is later. One note that was edited on both sides stays one.
pub(super) fn settle(collection: &Collection, lock: &mut Lock) -> Vec<Double> {
    let mut lines: BTreeMap<Guid, Vec<LockedNote>> = BTreeMap::new();
    for line in std::mem::take(&mut lock.doubles) {
        lines.entry(line.guid().clone()).or_default().push(line);
    }
    if lines.is_empty() {
        return Vec::new();
    }
    for (guid, lines) in &mut lines {
        lines.extend(lock.note(guid).cloned());
        lines.sort_by(|one, other| (one.modified(), one.line()).cmp(&(other.modified(), other.line())));
    }
    let mut written = Written::of(collection, lines.values().flatten());
    // A note of the same texts that has a line of its own is nobody's double.
    for line in lock.notes().iter().filter(|line| !lines.contains_key(line.guid())) {
        written.take(line);
    }
    let mut doubles = Vec::new();
    for (guid, lines) in lines {
        let present: Vec<(&LockedNote, usize)> =
            lines.iter().filter_map(|line| Some((line, written.take(line)?))).collect();
        let [(elder, place), younger @ ..] = present.as_slice() else { continue };
        if younger.is_empty() {
            continue;
        }
        let modified = lines.iter().map(LockedNote::modified).max().unwrap_or_default();
        lock.remember(&Remembered { modified, content: None, ..elder.remembered() });
        doubles.push(Double { guid, elder: *place, younger: younger.iter().map(|(_, place)| *place).collect() });
    }
    doubles
}

/// Notes that had one GUID, by their places in [`Collection::notes`].
#[derive(Debug)]
pub(super) struct Double {
    pub(super) guid: Guid,
    /// Keeps it.
    pub(super) elder: usize,
    pub(super) younger: Vec<usize>,
}

/// The notes that have the texts of some lines, by those; each is given once.
struct Written<'a> {
    places: BTreeMap<(NoteTypeKey, Hash, Hash), Vec<(String, usize)>>,
    collection: &'a Collection,
}

impl<'a> Written<'a> {
    fn of<'l>(collection: &'a Collection, lines: impl Iterator<Item = &'l LockedNote>) -> Self {
        let mut written = Self { places: lines.map(|line| (texts(line), Vec::new())).collect(), collection };
        for (place, note) in collection.notes.iter().enumerate() {
            let sides = side_texts(note);
            let key = (note.note_type(), Hash::of(sides.front.as_bytes()), Hash::of(sides.back.as_bytes()));
            let path = written.path(note);
            written.places.get_mut(&key).into_iter().for_each(|places| places.push((path.clone(), place)));
        }
        written
    }

    fn path(&self, note: &Note) -> String {
        let path = self.collection.sources.get(note.span.source.0 as usize).map_or("", |source| source.path.as_str());
        encode(path).into_owned()
    }

    /// The place of the note that a line speaks of: in its file, else anywhere.
    fn take(&mut self, line: &LockedNote) -> Option<usize> {
        let places = self.places.get_mut(&texts(line))?;
        let here = places.iter().position(|(path, _)| path == line.path_field()).unwrap_or_default();
        (!places.is_empty()).then(|| places.remove(here).1)
    }
}

fn texts(line: &LockedNote) -> (NoteTypeKey, Hash, Hash) {
    (line.note_type(), line.core().front, line.core().back)
}
