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
    // Reckoned in parallel: few fronts occur twice.
    let first = |note: &Note| {
        (is_new(note) && note.id.is_none()).then(|| birth(collection_id, note, &normalised_front(note), "0"))
    };
    let firsts: Vec<Option<Guid>> = notes.par_iter().map(first).collect();
    let mut births = Births { collection_id, is_taken, is_held, given: HashSet::new(), occurrences: HashMap::new() };
    // Explicit ids come first: a note that was stamped keeps its GUID, even where another one now has the front of its birth.
    for note in notes.iter_mut().filter(|note| is_new(note)) {
        if let Some(id) = &note.id {
            note.guid = births.named(id);
        }
    }
    for (note, first) in notes.iter_mut().zip(firsts) {
        if let Some(first) = first {
            note.guid = births.born(note, first);
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

/// The GUID of the note with this front that has so many before it.
fn birth(collection_id: &str, note: &Note, front: &str, number: &str) -> Guid {
    hash::guid(&[collection_id, note.note_type().as_str(), front, number])
}

struct Births<'a> {
    collection_id: &'a str,
    is_taken: &'a dyn Fn(&Guid) -> bool,
    is_held: &'a dyn Fn(&Guid) -> bool,
    /// What this build gave away. Only asked for membership; its order is never seen.
    given: HashSet<Guid>,
    /// Of note types and fronts that occur again, by their first GUID: how many notes had them so far, or GUIDs are taken.
    occurrences: HashMap<Guid, usize>,
}

impl Births<'_> {
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

    /// The GUID of a note whose `first` one is that of the first note with its front.
    fn born(&mut self, note: &Note, first: Guid) -> Guid {
        if !(self.is_taken)(&first) && self.given.insert(first.clone()) {
            return first;
        }
        let (collection_id, front) = (self.collection_id, normalised_front(note));
        let occurrence = self.occurrences.get(&first).copied().unwrap_or(1);
        let (guid, occurrence) = self.first_free(occurrence, |number| birth(collection_id, note, &front, number));
        self.occurrences.insert(first, occurrence + 1);
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
