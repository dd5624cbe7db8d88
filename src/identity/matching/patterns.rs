//! Finds what a note shares with the notes around it: labels, headings, the words of a pattern. That tells nothing of who
//! it is.
//!
//! Knows nothing of pairs.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::leftovers::Leftovers;
use super::pairing::Pairing;
use super::place::Places;
use super::{NoteSketches, Sketches};

/// How many notes to both sides are looked at.
const AROUND: usize = 4;

/// The patterns of the leftovers, each found when it is asked for.
pub(super) struct Patterns<'a> {
    pub(super) sketches: &'a dyn Sketches,
    left: &'a Leftovers,
    old_places: Places,
    new_places: Places,
    /// By rank.
    old: Vec<OnceLock<Pattern>>,
    new: Vec<OnceLock<Pattern>>,
}

/// The trigrams of a note's sides, ascending, that it shares with those around it.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    pub(super) front: Vec<u16>,
    pub(super) back: Vec<u16>,
}

impl<'a> Patterns<'a> {
    pub(super) fn new(pairing: &Pairing, left: &'a Leftovers, sketches: &'a dyn Sketches) -> Self {
        let empty = |notes: usize| (0..notes).map(|_| OnceLock::new()).collect();
        Self {
            sketches,
            left,
            old_places: Places::of(pairing.old),
            new_places: Places::of(pairing.new),
            old: empty(left.old.len()),
            new: empty(left.new.len()),
        }
    }

    /// That of the old leftover of a rank.
    pub(super) fn of_old(&self, rank: u32) -> &Pattern {
        self.old[rank as usize].get_or_init(|| {
            let note = &self.left.old[rank as usize];
            let of = |index| match self.left.old_rank(index) {
                Some(rank) => Cow::Borrowed(&self.left.old[rank as usize].sketches),
                None => Cow::Owned(self.sketches.of_old(index)),
            };
            let others: Vec<_> = self.old_places.around(note.index, AROUND).map(of).collect();
            Pattern::shared(&note.sketches, &others)
        })
    }

    /// That of the new leftover of a rank.
    pub(super) fn of_new(&self, rank: u32) -> &Pattern {
        self.new[rank as usize].get_or_init(|| {
            let note = &self.left.new[rank as usize];
            let of = |index| match self.left.new_rank(index) {
                Some(rank) => Cow::Borrowed(&self.left.new[rank as usize].sketches),
                None => Cow::Owned(self.sketches.of_new(index)),
            };
            let others: Vec<_> = self.new_places.around(note.index, AROUND).map(of).collect();
            Pattern::shared(&note.sketches, &others)
        })
    }
}

impl Pattern {
    /// What two of the others have as well, or the only one.
    fn shared(note: &NoteSketches, others: &[Cow<'_, NoteSketches>]) -> Self {
        let fronts = others.iter().map(|other| other.front.hashes());
        let backs = others.iter().map(|other| other.back.hashes());
        Self { front: frequent(note.front.hashes(), fronts), back: frequent(note.back.hashes(), backs) }
    }
}

/// The hashes that two of the lists have, or the only one.
fn frequent<'a>(hashes: &[u16], lists: impl ExactSizeIterator<Item = &'a [u16]>) -> Vec<u16> {
    let enough = lists.len().clamp(1, 2);
    let mut counts = vec![0usize; hashes.len()];
    for list in lists {
        let mut list = list.iter().peekable();
        for (hash, count) in hashes.iter().zip(&mut counts) {
            while list.next_if(|&other| other < hash).is_some() {}
            *count += usize::from(list.next_if_eq(&hash).is_some());
        }
    }
    hashes.iter().zip(counts).filter(|(_, count)| *count >= enough).map(|(&hash, _)| hash).collect()
}
