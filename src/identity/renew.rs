//! Turns notes that know their GUIDs into numbered, dated ones, and each that differs from what is remembered into a new
//! line of the lock.
//!
//! Knows nothing of how a note was recalled.

use rayon::prelude::*;

use super::clozes;
use super::fate::Fate;
use super::field::{Hash, encode};
use super::lock::{LockedNote, Remembered};
use super::matching::NoteSketches;
use super::past::{Past, Recalled};
use super::sketch::Sketch;
use crate::ir::{Collection, MediaIndex, Note, SideTexts, SourceFile, digest, side_texts};

/// Sets cloze numbers and modification times. Gives for each note its fate, whether its content changed, and its new line
/// where the old one does not say what it is now.
pub(super) fn renew(collection: &mut Collection, recalled: &Recalled<'_>, now: i64) -> Vec<Renewed> {
    let media: MediaIndex<'_> = collection.media.iter().map(|media| (media.path.as_str(), media)).collect();
    let paths = collection.sources.iter().map(|source| encode(&source.path).into_owned()).collect();
    let mut notes = std::mem::take(&mut collection.notes);
    let addresses = collection.link_addresses();
    let renewer = Renewer { media: &media, addresses, sources: &collection.sources, paths, recalled, now };
    let numbered = notes.par_iter_mut().enumerate();
    let all = numbered.map_init(Vec::new, |buffer, (index, note)| renewer.note(index, note, buffer)).collect();
    collection.notes = notes;
    all
}

/// What became of a note.
pub(super) struct Renewed {
    /// What became of it since the last build.
    pub(super) fate: Fate,
    /// Whether it is not what is remembered; never of a new note. It may have been kept, or be back, all the same.
    pub(super) edited: bool,
    /// What to remember of it from now on; `None` where the lock says it already.
    pub(super) line: Option<Box<LockedNote>>,
}

struct Renewer<'a> {
    media: &'a MediaIndex<'a>,
    /// Of the site, and the pattern of those of places.
    addresses: [Option<&'a str>; 2],
    sources: &'a [SourceFile],
    /// Their paths as they stand in the lock.
    paths: Vec<String>,
    recalled: &'a Recalled<'a>,
    now: i64,
}

impl Renewer<'_> {
    fn note(&self, index: usize, note: &mut Note, buffer: &mut Vec<u8>) -> Renewed {
        let past = self.recalled.past(index);
        let clozes = clozes::assign(note, || past.there().map(LockedNote::clozes));
        let content = Hash::cut(digest(note, self.media, self.addresses, buffer));
        let core = past.core();
        let same = core.is_some_and(|old| old.content == Some(content));
        note.modified = match core {
            Some(old) if same => old.modified,
            Some(old) => self.now.max(old.modified.saturating_add(1)),
            None => self.now,
        };
        let source = note.span.source.0 as usize;
        let encoded = self.paths.get(source).map_or("", String::as_str);
        let stands = same && past.there().is_some_and(|old| stands(old, note, encoded, &clozes));
        let line = (!stands).then(|| {
            let path = self.sources.get(source).map_or("", |source| source.path.as_str());
            let sides = self.recalled.sides.get(index).copied().unwrap_or_default();
            let sketches = self.recalled.sketches(index);
            Box::new(LockedNote::new(&remembered(note, past, path, clozes, content, sides, sketches)))
        });
        let fate = Fate::of(past, self.recalled.how(index), same);
        Renewed { fate, edited: !same && core.is_some(), line }
    }
}

/// Whether a line says all of a note whose content is the same. `path` is encoded.
fn stands(old: &LockedNote, note: &Note, path: &str, clozes: &str) -> bool {
    let [old_deck, old_path, old_id, old_clozes] = old.place();
    old.due() == note.due
        && old_path == path
        && old_deck == encode(note.deck.top())
        && old_id == encode(note.id.as_deref().unwrap_or_default())
        && clozes::says_same(old_clozes, clozes)
}

fn remembered(
    note: &Note,
    past: Past<'_>,
    path: &str,
    clozes: String,
    content: Hash,
    (front_hash, back_hash): (Hash, Hash),
    made: Option<&NoteSketches>,
) -> Remembered {
    let SideTexts { front, back, .. } = side_texts(note);
    let same_front = past.there().filter(|old| old.core().front == front_hash).map(LockedNote::front_sketch);
    let same_back = past.there().filter(|old| old.core().back == back_hash).map(LockedNote::back_sketch);
    let front_sketch = same_front.or_else(|| made.map(|made| made.front.clone()));
    let back_sketch = same_back.or_else(|| made.map(|made| made.back.clone()));
    Remembered {
        guid: note.guid.clone(),
        note_type: note.note_type(),
        modified: note.modified,
        content: Some(content.0),
        due: note.due,
        front: front_hash.0,
        back: back_hash.0,
        front_sketch: front_sketch.unwrap_or_else(|| Sketch::of_front(&front)),
        back_sketch: back_sketch.unwrap_or_else(|| Sketch::of_back(&back)),
        deck: note.deck.top().to_owned(),
        path: path.to_owned(),
        id: note.id.clone(),
        clozes,
        excerpt: if front.is_empty() { back } else { front },
    }
}
