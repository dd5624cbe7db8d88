//! Gives notes their positions among new cards: old ones keep theirs, new ones go into the gaps between them.
//!
//! Anki neither shifts positions at an import nor keeps them apart: a note that is put in front must have a lower position
//! than those that are already there. Knows nothing of cards.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::anki::limits::MAX_POSITION;
use crate::ir::Note;

/// Sets every note's position, by its place in its package. `old` has each note's position of the last build.
///
/// The longest run of notes that still stand in their old order keeps its positions; the others go into the middle of
/// their gap. Where a gap has no room, the whole package is spaced anew.
pub(super) fn assign(notes: &mut [Note], old: &[Option<u32>]) {
    let mut packages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // Notes of a deck stand together, so that a deck is looked up once for many.
    let tops = notes.iter().enumerate().map(|(index, note)| (index, note.deck.top()));
    for run in tops.collect::<Vec<_>>().chunk_by(|(_, one), (_, next)| one == next) {
        let top = run.first().map_or("", |(_, top)| *top);
        packages.entry(top).or_default().extend(run.iter().map(|(index, _)| *index));
    }
    let packages: Vec<Vec<usize>> = packages.into_values().collect();
    for package in packages {
        let old: Vec<Option<u32>> = package.iter().map(|&index| old.get(index).copied().flatten()).collect();
        for (index, position) in package.into_iter().zip(positions(&old)) {
            if let Some(note) = notes.get_mut(index) {
                note.due = position;
            }
        }
    }
}

/// Gaps of 10 leave room for notes that are added between two others later.
const GAP: u32 = 10;

/// The positions of a package's notes.
fn positions(old: &[Option<u32>]) -> Vec<u32> {
    let step = (MAX_POSITION / (old.len() as u32).max(1)).clamp(1, GAP);
    fill(old, &kept(old), step).unwrap_or_else(|| (1..).take(old.len()).map(|number: u32| number * step).collect())
}

/// The old positions with those of new notes between them; `None` where a gap has no room.
fn fill(old: &[Option<u32>], kept: &[usize], step: u32) -> Option<Vec<u32>> {
    let mut positions = Vec::with_capacity(old.len());
    let mut low = 0;
    for &place in kept {
        let high = old.get(place).copied().flatten()?;
        spread(&mut positions, place, low..high)?;
        positions.push(high);
        low = high;
    }
    let left = (old.len() - positions.len()) as u32;
    let last = left.checked_mul(step).and_then(|length| low.checked_add(length)).filter(|&last| last <= MAX_POSITION);
    // Where the end has no room for whole steps, smaller ones may fit.
    match last {
        Some(_) => positions.extend((1..=left).map(|number| low + number * step)),
        None => spread(&mut positions, old.len(), low..MAX_POSITION + 1)?,
    }
    Some(positions)
}

/// Adds positions up to the note at `place`, evenly between two that are taken.
fn spread(positions: &mut Vec<u32>, place: usize, taken: Range<u32>) -> Option<()> {
    let count = (place - positions.len()) as u64;
    let width = u64::from(taken.end.checked_sub(taken.start)?);
    if count >= width {
        return None;
    }
    positions.extend((1..=count).map(|number| taken.start + (width * number / (count + 1)) as u32));
    Some(())
}

/// The places of the longest run of rising old positions.
fn kept(old: &[Option<u32>]) -> Vec<usize> {
    // For each length, the run of that length with the lowest end: the place of its end.
    let mut ends: Vec<(u32, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; old.len()];
    for ((place, position), before) in old.iter().enumerate().zip(&mut before) {
        let Some(position) = position.filter(|position| (1..=MAX_POSITION).contains(position)) else { continue };
        let length = match ends.last() {
            Some(&(end, _)) if end < position => ends.len(),
            Some(_) | None => ends.partition_point(|&(end, _)| end < position),
        };
        *before = length.checked_sub(1).and_then(|length| ends.get(length)).map(|&(_, place)| place);
        match ends.get_mut(length) {
            Some(end) => *end = (position, place),
            None => ends.push((position, place)),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut next = ends.last().map(|&(_, place)| place);
    while let Some(place) = next {
        run.push(place);
        next = before.get(place).copied().flatten();
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_a_past_positions_are_evenly_spaced() {
        assert_eq!(positions(&[None, None, None]), [10, 20, 30]);
        assert_eq!(positions(&vec![None; 400_000])[..2], [2, 4]);
        assert!(positions(&[]).is_empty());
    }

    #[test]
    fn insertions_go_into_the_middle_of_their_gap() {
        let old = [None, None, None, Some(10), None, Some(20), Some(30), None];
        assert_eq!(positions(&old), [2, 5, 7, 10, 15, 20, 30, 40]);
    }

    #[test]
    fn what_moved_takes_a_new_position_and_the_rest_stays() {
        assert_eq!(positions(&[Some(30), Some(10), Some(20)]), [5, 10, 20]);
        assert_eq!(positions(&[Some(10), Some(10), Some(20)]).windows(2).filter(|pair| pair[0] < pair[1]).count(), 2);
    }

    #[test]
    fn an_exhausted_gap_spaces_the_package_anew() {
        assert_eq!(positions(&[Some(1), None, Some(2)]), [10, 20, 30]);
    }

    #[test]
    fn the_end_is_never_passed() {
        assert_eq!(positions(&[Some(999_990), None, None]), [999_990, 999_993, 999_996]);
        assert_eq!(positions(&[Some(999_999), None]), [10, 20]);
    }

    proptest! {
        #[test]
        fn positions_always_rise_and_the_kept_ones_stay(
            old in proptest::collection::vec(proptest::option::of(0u32..400), 0..60),
        ) {
            let new = positions(&old);
            prop_assert_eq!(new.len(), old.len());
            prop_assert!(new.is_sorted_by(|one, next| one < next));
            prop_assert!(new.iter().all(|position| (1..=MAX_POSITION).contains(position)));
            let again: Vec<Option<u32>> = new.iter().copied().map(Some).collect();
            prop_assert_eq!(positions(&again), new);
        }

        /// Against the plain way, which looks at all pairs.
        #[test]
        fn the_kept_run_is_the_longest(old in proptest::collection::vec(proptest::option::of(1u32..30), 0..40)) {
            let mut best = vec![0usize; old.len()];
            for place in 0..old.len() {
                let before = |&other: &usize| old[place].is_some() && old[other].is_some() && old[other] < old[place];
                let longest = (0..place).filter(before).map(|other| best[other]).max().unwrap_or_default();
                best[place] = longest + usize::from(old[place].is_some());
            }
            let run = kept(&old);
            prop_assert_eq!(run.len(), best.into_iter().max().unwrap_or_default());
            prop_assert!(run.is_sorted_by(|&one, &next| one < next && old[one] < old[next]));
        }
    }
}
