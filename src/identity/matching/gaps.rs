//! Finds the old notes that stood where a new one stands: between the same neighbours, as many notes further on.
//!
//! Knows nothing of texts: whoever stands at the same place is a candidate and no more.

use std::collections::HashMap;

use super::leftovers::Leftovers;
use super::pairing::Pairing;
use super::place::in_order;

/// How many notes to both sides of the place are looked at: an inserted and a removed note shift the others by one each.
const AROUND: usize = 2;

/// The unpaired notes of a file between two that are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Gap {
    /// The path of the old side.
    path: u32,
    /// The old note in front of it; `None` at the file's start.
    behind: Option<u32>,
}

/// Where the leftovers of both sides stand.
pub(super) struct Gaps {
    /// The old ones' ranks in each gap, in order.
    old: HashMap<Gap, Vec<u32>>,
    /// By rank: each new one's gap and its place in there.
    new: Vec<Option<(Gap, usize)>>,
}

impl Gaps {
    pub(super) fn of(pairing: &Pairing, left: &Leftovers) -> Self {
        let mut gaps = Self { old: HashMap::new(), new: vec![None; left.new.len()] };
        let olds = walk(in_order(pairing.old), |old| pairing.became[old].map(|_| (pairing.old[old].path, old as u32)));
        for (gap, _, index) in olds {
            if let Some(rank) = left.old_rank(index) {
                gaps.old.entry(gap).or_default().push(rank);
            }
        }
        let became = |new: usize| pairing.matches[new].map(|found| (pairing.old[found.old].path, found.old as u32));
        for (gap, place, index) in walk(in_order(pairing.new), became) {
            if let Some(rank) = left.new_rank(index) {
                gaps.new[rank as usize] = Some((gap, place));
            }
        }
        gaps
    }

    /// Ranks of old notes around the place of a new one.
    pub(super) fn around(&self, new: u32) -> impl Iterator<Item = u32> {
        let olds = self.new[new as usize].and_then(|(gap, place)| Some((self.old.get(&gap)?, place)));
        let (olds, place) = olds.map_or((&[][..], 0), |(olds, place)| (olds.as_slice(), place));
        olds.iter().skip(place.saturating_sub(AROUND)).take(place.min(AROUND) + AROUND + 1).copied()
    }
}

/// Goes through notes in their order; gives each unpaired one's gap, its place in there, and its index. `paired` tells a
/// note's path and index on the old side.
fn walk(
    order: Vec<(u32, u32, u32)>,
    paired: impl Fn(usize) -> Option<(u32, u32)>,
) -> impl Iterator<Item = (Gap, usize, usize)> {
    let (mut file, mut gap, mut place) = (None, Gap { path: 0, behind: None }, 0);
    order.into_iter().filter_map(move |(path, _, index)| {
        if file != Some(path) {
            (file, gap, place) = (Some(path), Gap { path, behind: None }, 0);
        }
        if let Some((path, old)) = paired(index as usize) {
            (gap, place) = (Gap { path, behind: Some(old) }, 0);
            return None;
        }
        place += 1;
        Some((gap, place - 1, index as usize))
    })
}
