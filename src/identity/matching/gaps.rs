//! Finds the old notes that stood where a new one stands: between the same neighbours, as many notes further on.
//!
//! Knows nothing of texts: whoever stands at the same place is a candidate and no more.

use std::collections::HashMap;

use super::leftovers::Leftovers;
use super::pairing::Pairing;
use super::paths::Paths;
use super::place::in_order;

/// How many notes to both sides of the place are looked at: an inserted and a removed note shift the others by one each.
const AROUND: usize = 2;

/// Where more notes stand at a place, their questions tell nothing.
const FEW: usize = 8;

/// The unpaired notes of a file between two that are paired.
pub(super) struct Gap {
    /// The path of the old side.
    path: u32,
    /// The old note in front of it; `None` at the file's start.
    behind: Option<u32>,
    /// The old note that follows it; `None` at the file's end.
    ahead: Option<u32>,
    /// Its notes' ranks, in order.
    pub(super) ranks: Vec<u32>,
}

impl Gap {
    fn start(&self) -> (u32, Option<u32>) {
        (self.path, self.behind)
    }

    fn end(&self) -> (u32, Option<u32>) {
        (self.path, self.ahead)
    }
}

/// Where the leftovers of both sides stand.
pub(super) struct Gaps {
    old: Vec<Gap>,
    new: Vec<Gap>,
    /// By rank: the number of its gap, and its place in there. `None` for what is paired or gone.
    old_spots: Vec<Option<(u32, u32)>>,
    new_spots: Vec<Option<(u32, u32)>>,
    /// The old gap that starts, or ends, at the same place.
    starts: HashMap<(u32, Option<u32>), u32>,
    ends: HashMap<(u32, Option<u32>), u32>,
}

impl Gaps {
    /// As the pairs are now.
    pub(super) fn of(pairing: &Pairing, left: &Leftovers, paths: &Paths) -> Self {
        let became = |old: usize| pairing.became[old].map(|_| (pairing.old[old].path, old as u32));
        let old = gaps(&in_order(pairing.old), became, |path| path, |index| left.old_rank(index));
        let was = |new: usize| pairing.matches[new].map(|found| (pairing.old[found.old].path, found.old as u32));
        let new = gaps(&in_order(pairing.new), was, |path| paths.source(path), |index| left.new_rank(index));
        Self {
            old_spots: spots(&old, left.old.len()),
            new_spots: spots(&new, left.new.len()),
            starts: (0u32..).zip(&old).map(|(number, gap)| (gap.start(), number)).collect(),
            ends: (0u32..).zip(&old).map(|(number, gap)| (gap.end(), number)).collect(),
            old,
            new,
        }
    }

    /// Ranks of old notes around the place of a new one.
    pub(super) fn around(&self, new: u32) -> impl Iterator<Item = u32> {
        let spot = self.new_spots[new as usize];
        let olds = spot.and_then(|(gap, place)| {
            let old = self.starts.get(&self.new[gap as usize].start())?;
            Some((self.old[*old as usize].ranks.as_slice(), place as usize))
        });
        let (olds, place) = olds.unwrap_or((&[], 0));
        olds.iter().skip(place.saturating_sub(AROUND)).take(place.min(AROUND) + AROUND + 1).copied()
    }

    /// Whether the two stand between the same neighbours, and no other note without a pair does.
    pub(super) fn are_alone(&self, old: u32, new: u32) -> bool {
        self.at_one_place(old, new).is_some_and(|(old, new)| old.ranks.len() == 1 && new.ranks.len() == 1)
    }

    /// Whether the two stand between the same neighbours, and no other note there asks the same, though elsewhere some do.
    ///
    /// Not where what stands there are a chapter's questions, all of them: then it may be another chapter.
    pub(super) fn ask_the_same_alone(&self, pairing: &Pairing, left: &Leftovers, old: u32, new: u32) -> bool {
        let Some((olds, news)) = self.at_one_place(old, new) else { return false };
        if olds.ranks.len().max(news.ranks.len()) > FEW {
            return false;
        }
        let old_front = |rank: u32| pairing.old[left.old[rank as usize].index].front;
        let new_front = |rank: u32| pairing.new[left.new[rank as usize].index].front;
        let front = old_front(old);
        let is_one =
            |ranks: &[u32], of: &dyn Fn(u32) -> u64| ranks.iter().filter(|&&rank| of(rank) == front).count() == 1;
        let asked = |note: Option<u32>| note.map(|note| pairing.old[note as usize].front);
        let [first, last] = [olds.ranks.first(), olds.ranks.last()].map(|rank| rank.map(|&rank| old_front(rank)));
        let is_whole = olds.behind.or(olds.ahead).is_none() || asked(olds.ahead) == first || asked(olds.behind) == last;
        front == new_front(new) && is_one(&olds.ranks, &old_front) && is_one(&news.ranks, &new_front) && !is_whole
    }

    /// Whether the new note is one of several that stand between the same neighbours where the old one stood alone.
    pub(super) fn are_several_for_one(&self, old: u32, new: u32) -> bool {
        self.at_one_place(old, new).is_some_and(|(old, new)| old.ranks.len() == 1 && new.ranks.len() > 1)
    }

    fn at_one_place(&self, old: u32, new: u32) -> Option<(&Gap, &Gap)> {
        let ((old, _), (new, _)) = (self.old_spots[old as usize]?, self.new_spots[new as usize]?);
        let (old, new) = (&self.old[old as usize], &self.new[new as usize]);
        (old.start() == new.start() && old.end() == new.end()).then_some((old, new))
    }

    /// The old and the new notes without a pair that stand at the same place: between the same neighbours where there are
    /// such, or else behind the same one, or before it.
    pub(super) fn same(&self) -> impl Iterator<Item = (&[u32], &[u32])> {
        self.new.iter().filter_map(|gap| {
            let number = self.starts.get(&gap.start()).or_else(|| self.ends.get(&gap.end()))?;
            Some((self.old[*number as usize].ranks.as_slice(), gap.ranks.as_slice()))
        })
    }
}

fn spots(gaps: &[Gap], ranks: usize) -> Vec<Option<(u32, u32)>> {
    let mut spots = vec![None; ranks];
    for (number, gap) in (0u32..).zip(gaps) {
        for (place, &rank) in (0u32..).zip(&gap.ranks) {
            spots[rank as usize] = Some((number, place));
        }
    }
    spots
}

/// Cuts files at the notes that have a pair; `paired` tells such a note's path and index on the old side, `source` the path
/// of the old side of a file.
fn gaps(
    order: &[(u32, u32, u32)],
    paired: impl Fn(usize) -> Option<(u32, u32)>,
    source: impl Fn(u32) -> u32,
    rank: impl Fn(usize) -> Option<u32>,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for file in order.chunk_by(|one, next| one.0 == next.0) {
        let mut path = file.first().map_or(0, |&(path, ..)| source(path));
        let (mut behind, mut ranks) = (None, Vec::new());
        for &(_, _, index) in file {
            match paired(index as usize) {
                Some((old_path, old)) => {
                    if !ranks.is_empty() {
                        gaps.push(Gap { path, behind, ahead: Some(old), ranks: std::mem::take(&mut ranks) });
                    }
                    (path, behind) = (old_path, Some(old));
                }
                None => ranks.extend(rank(index as usize)),
            }
        }
        if !ranks.is_empty() {
            gaps.push(Gap { path, behind, ahead: None, ranks });
        }
    }
    gaps
}
