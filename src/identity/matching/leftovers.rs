//! Gathers the notes that equal no other, with the sketches of their texts.
//!
//! Knows nothing of likeness.

use rayon::prelude::*;

use super::candidates::Candidate;
use super::pairing::Pairing;
use super::{NoteSketches, Sketches};

/// Notes of both sides that are not paired yet. "Rank" is a note's place in these lists, as opposed to its index.
pub(super) struct Leftovers {
    pub(super) old: Vec<Leftover>,
    pub(super) new: Vec<Leftover>,
}

/// A note without a pair.
pub(super) struct Leftover {
    pub(super) index: usize,
    pub(super) sketches: NoteSketches,
}

impl Leftovers {
    /// `None` where one of the sides has nothing left: most builds, and the first one.
    pub(super) fn of(pairing: &Pairing, sketches: &impl Sketches) -> Option<Self> {
        pairing.open_new().next()?;
        pairing.open_old().next()?;
        let old: Vec<u32> = pairing.open_old().collect();
        let new: Vec<u32> = pairing.open_new().collect();
        Some(Self {
            old: gather(&old, |index| sketches.of_old(index)),
            new: gather(&new, |index| sketches.of_new(index)),
        })
    }

    /// The indices of a candidate's notes, the old one's first.
    pub(super) fn indices(&self, candidate: &Candidate) -> (usize, usize) {
        (self.old[candidate.old as usize].index, self.new[candidate.new as usize].index)
    }

    /// Where the pair of these indices stands among the candidates.
    pub(super) fn find(&self, candidates: &[Candidate], old: usize, new: usize) -> Option<usize> {
        let old = self.old.binary_search_by_key(&old, |note| note.index).ok()? as u32;
        let new = self.new.binary_search_by_key(&new, |note| note.index).ok()? as u32;
        candidates.binary_search_by_key(&(new, old), |candidate| (candidate.new, candidate.old)).ok()
    }
}

fn gather(indices: &[u32], sketches: impl Fn(usize) -> NoteSketches + Sync) -> Vec<Leftover> {
    let leftover = |&index: &u32| Leftover { index: index as usize, sketches: sketches(index as usize) };
    indices.par_iter().map(leftover).collect()
}
