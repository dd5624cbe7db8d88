//! Finds what a note shares with the notes around it: labels, headings, the words of a pattern. That tells nothing of who
//! it is.
//!
//! Knows nothing of pairs.

use std::sync::OnceLock;

use super::leftovers::Leftovers;
use super::pairing::Pairing;
use super::place::Places;
use super::{NoteSketches, Sketches};

/// How many notes to both sides are looked at.
const AROUND: usize = 4;

/// The patterns of the leftovers, each found when it is asked for.
pub(super) struct Patterns<'a> {
    sketches: &'a dyn Sketches,
    left: &'a Leftovers,
    old_places: Places,
    new_places: Places,
    /// By rank.
    old: Vec<OnceLock<Pattern>>,
    new: Vec<OnceLock<Pattern>>,
}

/// The trigrams, ascending, that a note's sides share with those around it.
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
        let of = |index: usize| match self.left.old_rank(index) {
            Some(rank) => self.left.old[rank as usize].sketches.clone(),
            None => self.sketches.of_old(index),
        };
        let index = self.left.old[rank as usize].index;
        self.old[rank as usize].get_or_init(|| Pattern::among(around(&self.old_places, index).map(of).collect()))
    }

    /// That of the new leftover of a rank.
    pub(super) fn of_new(&self, rank: u32) -> &Pattern {
        let of = |index: usize| match self.left.new_rank(index) {
            Some(rank) => self.left.new[rank as usize].sketches.clone(),
            None => self.sketches.of_new(index),
        };
        let index = self.left.new[rank as usize].index;
        self.new[rank as usize].get_or_init(|| Pattern::among(around(&self.new_places, index).map(of).collect()))
    }
}

impl Pattern {
    /// What two of the notes have, or the only one.
    fn among(notes: Vec<NoteSketches>) -> Self {
        let enough = notes.len().min(2);
        let mut pattern = Self::default();
        for note in notes {
            pattern.front.extend(note.front.hashes());
            pattern.back.extend(note.back.hashes());
        }
        Self { front: frequent(pattern.front, enough), back: frequent(pattern.back, enough) }
    }
}

/// The hashes that occur so often, each once.
fn frequent(mut hashes: Vec<u16>, enough: usize) -> Vec<u16> {
    hashes.sort_unstable();
    let groups = hashes.chunk_by(|one, next| one == next).filter(|group| group.len() >= enough);
    groups.filter_map(|group| group.first().copied()).collect()
}

/// The notes before and behind a note in its file.
fn around(places: &Places, index: usize) -> impl Iterator<Item = usize> {
    let before = std::iter::successors(places.before(index), |&note| places.before(note as usize)).take(AROUND);
    let behind = std::iter::successors(places.behind(index), |&note| places.behind(note as usize)).take(AROUND);
    before.chain(behind).map(|note| note as usize)
}
