//! Says which fronts and backs several notes of a side have.
//!
//! Knows nothing of the other side.

use super::Features;

/// The texts that several notes have.
pub(super) struct Repeated {
    fronts: Vec<u64>,
    backs: Vec<u64>,
}

impl Repeated {
    /// Notes that are gone do not count.
    pub(super) fn among(notes: &[Features]) -> Self {
        let live = || notes.iter().filter(|note| !note.gone);
        Self {
            fronts: repeated(live().map(|note| note.front).collect()),
            backs: repeated(live().map(|note| note.back).collect()),
        }
    }

    pub(super) fn has_front(&self, note: &Features) -> bool {
        self.fronts.binary_search(&note.front).is_ok()
    }

    pub(super) fn has_back(&self, note: &Features) -> bool {
        self.backs.binary_search(&note.back).is_ok()
    }
}

fn repeated(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    let several = hashes.chunk_by(|one, other| one == other).filter(|same| same.len() > 1);
    several.filter_map(|same| same.first().copied()).collect()
}
