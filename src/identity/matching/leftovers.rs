//! Gathers the notes that equal no other, with the sketches of their texts.
//!
//! Knows nothing of likeness.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::super::sketch::Words;
use super::pairing::Pairing;
use super::place::place;
use super::{Features, NoteSketches, Sketches};

/// Notes of both sides that are not paired yet, in the order of their places, what is gone last. "Rank" is a note's place
/// in these lists, as opposed to its index. So where two pairs are as sure, the one that stands first is made first.
pub(super) struct Leftovers {
    pub(super) old: Vec<Leftover>,
    pub(super) new: Vec<Leftover>,
    old_ranks: Ranks,
    new_ranks: Ranks,
}

/// A note without a pair.
pub(super) struct Leftover {
    pub(super) index: usize,
    pub(super) sketches: NoteSketches,
    /// Its bare words, once they were asked for.
    words: OnceLock<[Words; 2]>,
}

impl Leftover {
    /// The words of its sides. Only few notes are short enough for anybody to ask.
    pub(super) fn words(&self, sketches: &dyn Sketches) -> &[Words; 2] {
        self.words.get_or_init(|| sketches.words_of_new(self.index))
    }
}

impl Leftovers {
    /// `None` where one of the sides has nothing left.
    pub(super) fn of(pairing: &Pairing, sketches: &impl Sketches) -> Option<Self> {
        if pairing.is_done() {
            return None;
        }
        let old = by_place(pairing.old, pairing.open_old());
        let new = by_place(pairing.new, pairing.open_new());
        Some(Self {
            old_ranks: Ranks::of(&old, pairing.old.len()),
            new_ranks: Ranks::of(&new, pairing.new.len()),
            old: gather(&old, |index| sketches.of_old(index)),
            new: gather(&new, |index| sketches.of_new(index)),
        })
    }

    pub(super) fn old_rank(&self, index: usize) -> Option<u32> {
        self.old_ranks.of_index(index)
    }

    pub(super) fn new_rank(&self, index: usize) -> Option<u32> {
        self.new_ranks.of_index(index)
    }
}

/// The rank of each index; the highest number where it is no leftover.
struct Ranks(Vec<u32>);

impl Ranks {
    fn of(leftovers: &[u32], notes: usize) -> Self {
        let mut ranks = vec![u32::MAX; notes];
        for (rank, &index) in (0..).zip(leftovers) {
            ranks[index as usize] = rank;
        }
        Self(ranks)
    }

    fn of_index(&self, index: usize) -> Option<u32> {
        self.0.get(index).copied().filter(|&rank| rank != u32::MAX)
    }
}

fn by_place(notes: &[Features], open: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut open: Vec<u32> = open.collect();
    open.sort_unstable_by_key(|&index| place(notes, index));
    open
}

fn gather(indices: &[u32], sketches: impl Fn(usize) -> NoteSketches + Sync) -> Vec<Leftover> {
    let leftover =
        |&index: &u32| Leftover { index: index as usize, sketches: sketches(index as usize), words: OnceLock::new() };
    indices.par_iter().map(leftover).collect()
}
