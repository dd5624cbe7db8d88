//! Says which texts of a note without a pair stand elsewhere on the other side.
//!
//! Knows nothing of likeness.

use super::Features;
use super::pairing::Pairing;

/// The texts of the notes that were open at first.
pub(super) struct Answers {
    old: Texts,
    new: Texts,
}

/// All ascending.
struct Texts {
    /// Fronts and backs alike.
    any: Vec<u64>,
    fronts: Vec<u64>,
    /// Back and front.
    backs: Vec<(u64, u64)>,
}

impl Texts {
    fn of(notes: &[Features], open: impl Iterator<Item = u32>) -> Self {
        let mut backs: Vec<(u64, u64)> =
            open.map(|index| &notes[index as usize]).map(|note| (note.back, note.front)).collect();
        backs.sort_unstable();
        let mut fronts: Vec<u64> = backs.iter().map(|&(_, front)| front).collect();
        fronts.sort_unstable();
        let mut any: Vec<u64> = backs.iter().map(|&(back, _)| back).chain(fronts.iter().copied()).collect();
        any.sort_unstable();
        Self { any, fronts, backs }
    }

    /// Whether another question, which is one of `others` too, has the answer of the note.
    fn have_elsewhere(&self, note: &Features, others: &Self) -> bool {
        let start = self.backs.partition_point(|&(back, _)| back < note.back);
        let same = self.backs[start..].iter().take_while(|(back, _)| *back == note.back);
        same.map(|(_, front)| front).any(|front| *front != note.front && others.fronts.binary_search(front).is_ok())
    }
}

impl Answers {
    pub(super) fn of(pairing: &Pairing) -> Self {
        Self { old: Texts::of(pairing.old, pairing.open_old()), new: Texts::of(pairing.new, pairing.open_new()) }
    }

    /// Whether the answer of one of the two is, or was, that of another question, while the two have little in common: numbered
    /// questions are others behind a new one.
    pub(super) fn went_on(&self, old: &Features, new: &Features, is_unlike: bool) -> bool {
        is_unlike && self.are_elsewhere(old, new)
            || self.went_to_another(old)
            || self.old.have_elsewhere(new, &self.new)
    }

    /// Whether another question, which was there before, has the answer of an old note now.
    pub(super) fn went_to_another(&self, old: &Features) -> bool {
        self.new.have_elsewhere(old, &self.old)
    }

    /// Whether the question of one of the two is, or was, another note's as well.
    pub(super) fn ask_elsewhere(&self, old: &Features, new: &Features) -> bool {
        self.new.fronts.binary_search(&old.front).is_ok() || self.old.fronts.binary_search(&new.front).is_ok()
    }

    /// Whether another note has the very answer of one of the two, or asks for it.
    pub(super) fn are_elsewhere(&self, old: &Features, new: &Features) -> bool {
        self.new.any.binary_search(&old.back).is_ok() || self.old.any.binary_search(&new.back).is_ok()
    }
}
