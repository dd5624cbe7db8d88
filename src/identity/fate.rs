//! Turns what is remembered of notes, and whether they still are that, into their fates: the one place that says what
//! became of a note.
//!
//! Knows nothing of how a note was recalled or renewed, nor of who asks.

use std::collections::BTreeMap;

use super::lock::{Lock, LockedNote};
use super::matching::How;
use super::past::Past;
use crate::ir::Guid;

/// What became of a note since the last build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is as it was, though it may stand elsewhere.
    Same,
    /// It was edited, and there is no doubt that it is the same.
    Edited,
    /// It was edited, and kept its GUID by resemblance.
    Kept,
    /// It was not there.
    New,
    /// It was gone.
    Back,
    /// It is gone, since this build or an earlier one.
    Gone,
    /// It is left out of this build because of a mistake in it or in its file: what is remembered of it stays.
    Held,
}

impl Fate {
    /// The fate of a note that is there. `is_same` says whether its content is what is remembered.
    pub(super) fn of(past: Past<'_>, how: Option<How>, is_same: bool) -> Self {
        match past {
            Past::None => Self::New,
            Past::There(_) if is_same => Self::Same,
            Past::There(_) | Past::Gone(_) if matches!(how, Some(How::Similar(_))) => Self::Kept,
            Past::Gone(_) => Self::Back,
            Past::There(_) => Self::Edited,
        }
    }

    /// The word that lists show; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Edited => "edited",
            Self::Kept => "kept",
            Self::New => "new",
            Self::Back => "back",
            Self::Gone => "gone",
            Self::Held => "held",
        }
    }
}

/// What became of all notes.
#[derive(Debug, Clone)]
pub struct Fates {
    /// That of the notes that are remembered and not among the others: most share one, so that it costs nothing.
    most: Fate,
    others: BTreeMap<Guid, Fate>,
    /// What was remembered of the notes whose content changed, sorted by GUID.
    edited: Vec<LockedNote>,
}

impl Fates {
    /// Takes the fates of the notes that are there, or held. `is_first` says whether there was no build before.
    pub(super) fn new<'a>(
        is_first: bool,
        notes: impl Iterator<Item = (&'a Guid, Fate)>,
        edited: Vec<LockedNote>,
    ) -> Self {
        let most = if is_first { Fate::New } else { Fate::Same };
        let others = notes.filter(|(_, fate)| *fate != most).map(|(guid, fate)| (guid.clone(), fate)).collect();
        Self { most, others, edited }
    }

    /// What became of a note. `lock` is that of this build; `None` where it knows no such note.
    pub fn of(&self, lock: &Lock, guid: &Guid) -> Option<Fate> {
        if lock.tombstone(guid).is_some() {
            return Some(Fate::Gone);
        }
        lock.note(guid).map(|note| self.of_note(note))
    }

    /// What became of a note that this build's lock has.
    pub fn of_note(&self, note: &LockedNote) -> Fate {
        self.others.get(note.guid()).copied().unwrap_or(self.most)
    }

    /// What was remembered of a note before its content changed; `None` where it did not, or the note was not there.
    pub fn was(&self, guid: &Guid) -> Option<&LockedNote> {
        let place = self.edited.binary_search_by(|note| note.guid().cmp(guid)).ok()?;
        self.edited.get(place)
    }
}
