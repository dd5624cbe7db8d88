//! Gives notes the GUIDs of their birth.
//!
//! The deck and the path do not count, so that a note may move. Knows of earlier builds only which GUIDs they gave away.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::hash;
use crate::ir::{Guid, Note, NoteTypeKey, normalised_front};

/// An explicit id that is this prefix and a GUID is that GUID.
pub(super) const STAMP: &str = "dk-";

/// Sets the GUID of every note that has none yet, each another one. `is_taken` says whether an earlier build gave a GUID
/// away, `is_held` whether a note of this build has it from there.
pub(super) fn assign_guids(
    collection_id: &str,
    notes: &mut [Note],
    is_taken: &dyn Fn(&Guid) -> bool,
    is_held: &dyn Fn(&Guid) -> bool,
) {
    let is_new = |note: &Note| note.guid.0.is_empty();
    let fronts: Vec<Option<Front>> = notes
        .par_iter()
        .map(|note| (is_new(note) && note.id.is_none()).then(|| Front::of(note, collection_id)))
        .collect();
    let mut births = Births { collection_id, is_taken, is_held, given: HashSet::new(), occurrences: HashMap::new() };
    // Explicit ids come first: a note that was stamped keeps its GUID, even where another one now has the front of its birth.
    for note in notes.iter_mut().filter(|note| is_new(note)) {
        if let Some(id) = &note.id {
            note.guid = births.named(id);
        }
    }
    for (note, front) in notes.iter_mut().zip(&fronts) {
        if let Some(front) = front {
            note.guid = births.born(note.note_type(), front);
        }
    }
}

/// A GUID that `is_free`, for a note whose own is another's: that of the first occurrence of its front that nobody has.
pub(super) fn fresh(collection_id: &str, key: NoteTypeKey, front: &str, is_free: impl Fn(&Guid) -> bool) -> Guid {
    let mut occurrence = 0_usize;
    loop {
        let guid = hash::guid(&[collection_id, key.as_str(), front, &occurrence.to_string()]);
        if is_free(&guid) {
            return guid;
        }
        occurrence += 1;
    }
}

/// The GUID that an explicit id is, where it was made of one.
pub(super) fn stamped(id: &str) -> Option<Guid> {
    let guid = id.strip_prefix(STAMP)?;
    hash::is_guid(guid).then(|| Guid(guid.to_owned()))
}

/// The GUID that an explicit id stands for.
pub(super) fn named(collection_id: &str, id: &str) -> Guid {
    stamped(id).unwrap_or_else(|| hash::guid(&[collection_id, "#", id]))
}

/// What a note without an explicit id is born of.
struct Front {
    text: String,
    /// The GUID of the first note with this front, reckoned in parallel: few fronts occur twice.
    first: Guid,
}

impl Front {
    fn of(note: &Note, collection_id: &str) -> Self {
        let text = normalised_front(note);
        let first = hash::guid(&[collection_id, note.note_type().as_str(), &text, "0"]);
        Self { text, first }
    }
}

struct Births<'a> {
    collection_id: &'a str,
    is_taken: &'a dyn Fn(&Guid) -> bool,
    is_held: &'a dyn Fn(&Guid) -> bool,
    /// What this build gave away. Only asked for membership; its order is never seen.
    given: HashSet<Guid>,
    /// How many notes had this note type and front so far.
    occurrences: HashMap<(NoteTypeKey, &'a str), usize>,
}

impl<'a> Births<'a> {
    /// The GUID of an explicit id. Where several notes share one (an error elsewhere), the first has the id's own. A stamped
    /// GUID may be one of an earlier build: that is what it is for.
    fn named(&mut self, id: &str) -> Guid {
        let own = named(self.collection_id, id);
        let is_free = if stamped(id).is_some() { !(self.is_held)(&own) } else { !(self.is_taken)(&own) };
        if is_free && self.given.insert(own.clone()) {
            return own;
        }
        let collection_id = self.collection_id;
        self.first_free(1, |number| hash::guid(&[collection_id, "#", id, number])).0
    }

    fn born(&mut self, note_type: NoteTypeKey, front: &'a Front) -> Guid {
        let collection_id = self.collection_id;
        let text = front.text.as_str();
        let occurrence = self.occurrences.get(&(note_type, text)).copied().unwrap_or_default();
        let (guid, occurrence) = self.first_free(occurrence, |number| match number {
            "0" => front.first.clone(),
            _ => hash::guid(&[collection_id, note_type.as_str(), text, number]),
        });
        self.occurrences.insert((note_type, text), occurrence + 1);
        guid
    }

    /// Counts on from `number` until nobody has the GUID; gives the number as well.
    fn first_free(&mut self, mut number: usize, guid: impl Fn(&str) -> Guid) -> (Guid, usize) {
        loop {
            let candidate = guid(&number.to_string());
            if !(self.is_taken)(&candidate) && self.given.insert(candidate.clone()) {
                return (candidate, number);
            }
            number += 1;
        }
    }
}
