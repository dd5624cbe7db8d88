//! What of a project is not put out because of a mistake, so that identity can hold what is remembered of it.

use std::collections::BTreeSet;

use super::Note;
use crate::source::SourceId;

/// Notes and files that are left out of a build.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    /// The notes, as far as they can be read, in source order.
    pub notes: Vec<Note>,
    /// Headings with nothing below them, as notes: prose, unless they are remembered as notes.
    pub bare: Vec<Note>,
    /// The files that cannot be read: nobody knows which notes are in them.
    pub files: BTreeSet<SourceId>,
}

impl LeftOut {
    /// Whether everything is put out that may be a note.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.bare.is_empty() && self.files.is_empty()
    }

    /// What is or was a note and is not put out: [`Self::notes`], then [`Self::bare`].
    pub fn all(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().chain(&self.bare)
    }

    /// The same, to change them.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Note> {
        self.notes.iter_mut().chain(&mut self.bare)
    }
}
