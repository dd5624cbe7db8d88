//! Finds for each new note the few old ones that may be it: those with rare trigrams or a whole side in common, and those
//! that stood at its place.
//!
//! Knows nothing of what decides between them.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::Score;
use super::gaps::Gaps;
use super::index::{Index, Tally};
use super::leftovers::{Leftover, Leftovers};
use super::likeness::Weights;
use super::pairing::Pairing;
use super::rating::{Rater, Rating};
use crate::ir::NoteTypeKey;

/// How many candidates that an index of trigrams finds are rated.
const RATED: usize = 16;

/// How many old notes with the very same front, or back, are rated.
const SAME: usize = 16;

/// What a side counts where candidates are chosen: as much as in the score, finely enough not to round rare trigrams off.
const FRONT_SHARE: u32 = 60_000;
const BACK_SHARE: u32 = 40_000;

/// A pair of notes that may be the same, by their ranks among the leftovers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) new: u32,
    pub(super) old: u32,
    /// Without what the neighbours add.
    pub(super) score: Score,
    /// Whether the score may be enough to make the pair.
    pub(super) may_pair: bool,
    /// Whether they share a heading that others have as well, and nothing more, in two files.
    pub(super) is_by_heading: bool,
    /// How many of their neighbours are the same notes; counted while pairs are made.
    pub(super) neighbours: i32,
}

impl Candidate {
    /// The indices of its notes, the old one's first.
    pub(super) fn indices(&self, left: &Leftovers) -> (usize, usize) {
        (left.old[self.old as usize].index, left.new[self.new as usize].index)
    }

    /// Where the pair of these indices stands among the candidates.
    pub(super) fn find(candidates: &[Self], left: &Leftovers, old: usize, new: usize) -> Option<usize> {
        let (old, new) = (left.old_rank(old)?, left.new_rank(new)?);
        candidates.binary_search_by_key(&(new, old), |candidate| (candidate.new, candidate.old)).ok()
    }
}

/// The pairs worth a look, by new note, then by old one.
pub(super) fn find(
    pairing: &Pairing,
    left: &Leftovers,
    weights: &Weights,
    gaps: &Gaps,
    rater: &Rater,
) -> Vec<Candidate> {
    let search = Search::new(pairing, left, weights, gaps);
    let compare = |tally: &mut Tally, (note, new): (&Leftover, u32)| {
        let sure = search.sure(note).filter(|&old| rater.is_sure(pairing, old, new));
        let olds = sure.map_or_else(|| search.candidates(note, new, tally), |old| vec![old]);
        let pairs = olds.into_iter().filter_map(|old| {
            let Rating { score, may_pair, is_by_heading } = rater.rate(pairing, old, new);
            let worth = rater.worth(&pairing.old[left.old[old as usize].index], &pairing.new[note.index]);
            (score >= worth).then_some(Candidate { new, old, score, may_pair, is_by_heading, neighbours: 0 })
        });
        pairs.collect::<Vec<Candidate>>()
    };
    let news = left.new.par_iter().zip(0..left.new.len() as u32);
    news.map_init(|| Tally::new(left.old.len()), compare).flatten_iter().collect()
}

struct Search<'a> {
    pairing: &'a Pairing<'a>,
    left: &'a Leftovers,
    weights: &'a Weights,
    /// Of fronts and of backs. Made when it is asked for: whoever has an answer of his own may do without.
    trigrams: OnceLock<[Index; 2]>,
    /// Hash of the front, and rank.
    same_fronts: Vec<(u64, u32)>,
    same_backs: Vec<(u64, u32)>,
    gaps: &'a Gaps,
    /// By rank.
    note_types: Vec<NoteTypeKey>,
    indices: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(pairing: &'a Pairing, left: &'a Leftovers, weights: &'a Weights, gaps: &'a Gaps) -> Self {
        Self {
            pairing,
            left,
            weights,
            trigrams: OnceLock::new(),
            same_fronts: hashes(left, |note| pairing.old[note].front),
            same_backs: hashes(left, |note| pairing.old[note].back),
            gaps,
            note_types: left.old.iter().map(|note| pairing.old[note.index].note_type).collect(),
            indices: left.old.iter().map(|note| note.index).collect(),
        }
    }

    /// The old note of the same type that had the very answer of this one, where there is one alone.
    fn sure(&self, note: &Leftover) -> Option<u32> {
        let features = &self.pairing.new[note.index];
        let mut olds = same(&self.same_backs, features.back);
        olds.next().filter(|&old| olds.next().is_none() && self.note_types[old as usize] == features.note_type)
    }

    /// Ranks of old notes of the same type, ascending.
    fn candidates(&self, note: &Leftover, new: u32, tally: &mut Tally) -> Vec<u32> {
        let (features, sketches) = (&self.pairing.new[note.index], &note.sketches);
        let [fronts, backs] = self.trigrams.get_or_init(|| {
            let olds = self.left.old.iter().map(|note| &note.sketches);
            [Index::of(olds.clone().map(|both| &both.front)), Index::of(olds.map(|both| &both.back))]
        });
        fronts.search(&sketches.front, &self.weights.front, FRONT_SHARE, tally);
        backs.search(&sketches.back, &self.weights.back, BACK_SHARE, tally);
        let fits = |old: u32| self.note_types[old as usize] == features.note_type;
        let mut olds = tally.take(RATED, fits);
        olds.extend(same(&self.same_fronts, features.front).filter(|&old| fits(old)));
        olds.extend(same(&self.same_backs, features.back).filter(|&old| fits(old)));
        // Sides may have changed places.
        let swapped = |&old: &u32| fits(old) && self.pairing.old[self.indices[old as usize]].back == features.front;
        olds.extend(same(&self.same_fronts, features.back).filter(swapped));
        olds.extend(self.gaps.around(new).filter(|&old| fits(old)));
        olds.sort_unstable();
        olds.dedup();
        olds
    }
}

fn hashes(left: &Leftovers, hash: impl Fn(usize) -> u64) -> Vec<(u64, u32)> {
    let mut hashes: Vec<(u64, u32)> = left.old.iter().map(|note| hash(note.index)).zip(0..).collect();
    hashes.sort_unstable();
    hashes
}

fn same(hashes: &[(u64, u32)], hash: u64) -> impl Iterator<Item = u32> {
    let start = hashes.partition_point(|&(other, _)| other < hash);
    hashes[start..].iter().take_while(move |(other, _)| *other == hash).take(SAME).map(|&(_, rank)| rank)
}
