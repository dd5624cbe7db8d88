//! Gives notes their positions among new cards: old ones keep theirs, new ones go into the gaps between them.
//!
//! Anki neither shifts positions at an import nor keeps them apart, and an import leaves the cards that are there where they
//! are (24.11 to 26.9.3): a position that was published is one for good, and a note that is put in front needs a lower one.
//! So gaps are wide from the start, and wider where people add notes. Knows nothing of cards.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Repositioned;
use crate::anki::limits::MAX_POSITION;
use crate::ir::Note;

/// Sets every note's position, by its place in its package. `old` has each note's position of the last build.
///
/// The longest run of notes that still stand in their old order keeps its positions; the others go into their gap. Where
/// that has no room, the notes around it are spaced anew: gives how many of those that keep their order, by package.
pub(super) fn assign(notes: &mut [Note], old: &[Option<u32>]) -> Vec<Repositioned> {
    let mut packages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // Notes of a deck stand together, so that a deck is looked up once for many.
    let tops = notes.iter().enumerate().map(|(index, note)| (index, note.deck.top()));
    for run in tops.collect::<Vec<_>>().chunk_by(|(_, one), (_, next)| one == next) {
        let top = run.first().map_or("", |(_, top)| *top);
        packages.entry(top).or_default().extend(run.iter().map(|(index, _)| *index));
    }
    let packages: Vec<(String, Vec<usize>)> =
        packages.into_iter().map(|(top, package)| (top.to_owned(), package)).collect();
    let mut all_repositioned = Vec::new();
    for (deck, package) in packages {
        let files: Vec<u32> =
            package.iter().map(|&index| notes.get(index).map_or(0, |note| note.span.source.0)).collect();
        let old: Vec<Option<u32>> = package.iter().map(|&index| old.get(index).copied().flatten()).collect();
        let (positions, repositioned) = positions(&old, &files);
        for (index, position) in package.into_iter().zip(positions) {
            if let Some(note) = notes.get_mut(index) {
                note.due = position;
            }
        }
        if repositioned > 0 {
            all_repositioned.push(Repositioned { deck, notes: repositioned });
        }
    }
    all_repositioned
}

/// The gap between two notes of a file, where there is room: so wide that a note a day can be put into one of them for most
/// of a year.
const STEP: u64 = 1000;

/// The position of the first note, where there is room: a quarter of all is open before it. What is behind is the larger
/// part, since most notes are added there.
const START: u64 = 250_000;

/// Between two files there is room for so many more notes than within one, and for a quarter of a file: notes are added
/// at its ends.
const BETWEEN_FILES: u64 = 8;

/// Notes that are added at an end leave room for so many more like them, or four times as many as they are.
const MORE: u64 = 128;

/// What is known of how notes are added between two others tells so much of [`MORE`] with the first sign of it, and twice as
/// much with each other one.
const FIRST_SIGN: u64 = 8;

/// So many signs tell all.
const SIGNS: usize = 5;

/// So many gaps to both sides of a gap are looked at for how wide it was before notes were put into it.
const AROUND: usize = 8;

/// Where notes are spaced anew, gaps are at least so wide in the mean, if they are in the whole package.
const ENOUGH: u64 = 32;

/// The positions of a package's notes, and how many of them are others than before although the notes keep their order.
/// `files` tells which notes stand in one file.
fn positions(old: &[Option<u32>], files: &[u32]) -> (Vec<u32>, usize) {
    let kept = kept(old);
    let mut package = Package::new(old, files, &kept);
    let mut start = 0;
    while let Some(run) = package.next_run(start) {
        start = if package.fill(&run) { run.end } else { package.make_room(&run) };
    }
    let positions: Vec<u32> = package.positions.into_iter().map(|position| position as u32).collect();
    let is_other = |place: &&usize| old.get(**place).copied().flatten() != positions.get(**place).copied();
    let repositioned = kept.iter().filter(is_other).count();
    (positions, repositioned)
}

/// What lies behind the last position.
const END: u64 = MAX_POSITION as u64 + 1;

/// The notes of a package in their order. A gap has the number of the note behind it; the last one lies behind all notes.
struct Package {
    /// 0 where there is none yet.
    positions: Vec<u64>,
    /// Which gaps lie between two files, or at an end.
    between: Vec<bool>,
    /// How wide all gaps up to each one are to be, in steps.
    steps: Vec<u64>,
}

/// Where notes will be added next to those that are put into a gap now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Growth {
    /// Before them: room is left there for so many more.
    Before(u64),
    /// Behind them.
    Behind(u64),
    /// Nobody knows.
    Anywhere,
}

impl Package {
    fn new(old: &[Option<u32>], files: &[u32], kept: &[usize]) -> Self {
        let mut positions = vec![0; old.len()];
        for &place in kept {
            if let (Some(position), Some(Some(old))) = (positions.get_mut(place), old.get(place)) {
                *position = u64::from(*old);
            }
        }
        let inner = files.windows(2).map(|pair| pair.first() != pair.last());
        let between: Vec<bool> = [true].into_iter().chain(inner).chain([true]).take(files.len() + 1).collect();
        let boundaries = between.iter().filter(|&&between| between).count() as u64;
        let wide = 1 + BETWEEN_FILES + files.len() as u64 / (4 * boundaries);
        let mut sum = 0;
        let add = |&between: &bool| {
            sum += if between { wide } else { 1 };
            sum
        };
        let steps = between.iter().map(add).collect();
        Self { positions, between, steps }
    }

    /// The next notes without a position.
    fn next_run(&self, start: usize) -> Option<Range<usize>> {
        let first = start + self.positions.get(start..)?.iter().position(|&position| position == 0)?;
        Some(first..self.next_placed(first))
    }

    /// The first of some notes that has a position.
    fn next_placed(&self, start: usize) -> usize {
        let length = self.positions.get(start..).and_then(|rest| rest.iter().position(|&position| position > 0));
        length.map_or(self.positions.len(), |length| start + length)
    }

    /// The position of the note before a gap, and of the one behind it; at the ends, what lies just out of reach.
    fn before(&self, gap: usize) -> u64 {
        gap.checked_sub(1).and_then(|place| self.positions.get(place)).copied().unwrap_or_default()
    }

    fn behind(&self, gap: usize) -> u64 {
        self.positions.get(gap).copied().unwrap_or(END)
    }

    /// How wide some gaps are to be, in steps.
    fn steps(&self, gaps: Range<usize>) -> u64 {
        let up_to = |gap: usize| gap.checked_sub(1).and_then(|gap| self.steps.get(gap)).copied().unwrap_or_default();
        up_to(gaps.end) - up_to(gaps.start)
    }

    /// Gives a run of notes their positions between the two around it. Says whether there was room.
    fn fill(&mut self, run: &Range<usize>) -> bool {
        if run.len() == self.positions.len() {
            self.lay_out();
            return true;
        }
        let has_room = self.behind(run.end) - self.before(run.start) > run.len() as u64;
        if has_room {
            self.spread(run, self.growth(run), &(0..0));
        }
        has_room
    }

    /// Spaces the notes around a run anew, as few as give it room. Gives the end of those that have their positions then.
    fn make_room(&mut self, crowd: &Range<usize>) -> usize {
        let all = self.positions.len();
        let enough = (END / (8 * (all as u64 + 1))).clamp(2, ENOUGH);
        let mut run = crowd.clone();
        while run.len() < all {
            run = run.start.saturating_sub(1)..self.next_placed((run.end + 1).min(all));
            let width = self.behind(run.end) - self.before(run.start);
            if run.len() < all && width >= enough * (run.len() as u64 + 1) {
                let growth = match (run.start, run.end) {
                    (0, _) => Growth::Before(MORE),
                    (_, end) if end == all => Growth::Behind(MORE),
                    (_, _) => Growth::Anywhere,
                };
                self.spread(&run, growth, crowd);
                return run.end;
            }
        }
        self.lay_out();
        all
    }

    /// Gives all notes positions, as if there were none, and leaves both ends open.
    fn lay_out(&mut self) {
        let all = self.positions.len();
        let least = (all as u64).saturating_sub(1);
        let steps = self.steps(1..all.max(1));
        let inside = (steps * STEP).min(END * 3 / 4).max(least);
        let first = START.min(END.saturating_sub(inside) / 2).max(1);
        for place in 0..all {
            let wide = (inside - least) * self.steps(1..place + 1) / steps.max(1);
            self.put(place, first + place as u64 + wide);
        }
    }

    /// Gives a run of notes positions between the two around it, which leave room for them. Where there was a crowd, notes
    /// will be added again: half of the room is around it.
    fn spread(&mut self, run: &Range<usize>, growth: Growth, crowd: &Range<usize>) {
        let (low, high) = (self.before(run.start), self.behind(run.end));
        let step = |gaps: Range<usize>, more: u64| {
            let steps = self.steps(gaps);
            // Where that is less than nothing and it is sure that more will come, the smallest of steps has to do.
            let least = u64::from(more >= MORE && steps < high - low);
            ((high - low) / (steps + more.max(4 * steps))).clamp(least, STEP)
        };
        let (forth, back) = match growth {
            Growth::Behind(more) => (step(run.start..run.end, more), 0),
            Growth::Before(more) => (0, step(run.start + 1..run.end + 1, more)),
            Growth::Anywhere => (0, 0),
        };
        let spare = high - low - run.len() as u64 - 1;
        let all = self.steps(run.start..run.end + 1);
        let around =
            |place: usize| [crowd.start, crowd.end].iter().filter(|&&gap| 0 < gap && gap <= place).count() as u64;
        for place in run.clone() {
            let position = match (forth, back) {
                (0, 0) => {
                    let steps = 2 * self.steps(run.start..place + 1) + all * around(place);
                    low + (place - run.start) as u64 + 1 + spare * steps / (all * (2 + around(run.end)))
                }
                (_, 0) => low + forth * self.steps(run.start..place + 1),
                (_, _) => high - back * self.steps(place + 1..run.end + 1),
            };
            self.put(place, position);
        }
    }

    fn put(&mut self, place: usize, position: u64) {
        self.positions.get_mut(place).into_iter().for_each(|slot| *slot = position);
    }

    /// A file grows at its ends, and a package at its own; within a file, where it has grown before.
    fn growth(&self, run: &Range<usize>) -> Growth {
        let is_between = |gap: usize| self.between.get(gap).copied().unwrap_or(true);
        match (is_between(run.start), is_between(run.end)) {
            (true, _) if run.start == 0 => Growth::Before(MORE),
            (_, true) if run.end == self.positions.len() => Growth::Behind(MORE),
            (false, true) => Growth::Behind(MORE),
            (true, false) => Growth::Before(MORE),
            (true, true) => Growth::Anywhere,
            (false, false) => self.growth_within(run),
        }
    }

    /// Where notes were put into a gap one by one, small gaps lie at the side where the last of them stands.
    fn growth_within(&self, run: &Range<usize>) -> Growth {
        let before: Vec<u64> = (1..=run.start.min(AROUND)).map_while(|back| self.width(run.start - back)).collect();
        let behind: Vec<u64> = (run.end + 1..).map_while(|gap| self.width(gap)).take(AROUND).collect();
        let width = self.behind(run.end) - self.before(run.start);
        let widest = before.iter().chain(&behind).copied().max().unwrap_or_default().max(width);
        let is_small = |gap: &&u64| if 4 * width < 3 * widest { 4 * **gap < 3 * widest } else { 8 * **gap < width };
        let signs = |gaps: &[u64]| gaps.iter().take_while(is_small).take(SIGNS).count();
        // The note in the middle of a wide gap is the one that was put there.
        let is_halved = |near: Option<&u64>, far: Option<&u64>| {
            let is_half = near.is_some_and(|&near| 4 * width >= 3 * near && 3 * width <= 4 * near);
            is_half && far.is_some_and(|far| 8 * far < width)
        };
        match (before.first(), behind.first()) {
            (one, other) if is_halved(one, other) => return Growth::Behind(MORE),
            (one, other) if is_halved(other, one) => return Growth::Before(MORE),
            (_, _) => {}
        }
        let counts = (signs(&before), signs(&behind));
        let are_tiny = |gaps: &[u64]| gaps.iter().take_while(|&&gap| 32 * gap < width).count() >= SIGNS;
        let more = match counts.0.max(counts.1) {
            SIGNS if are_tiny(&before) || are_tiny(&behind) => MORE,
            signs => FIRST_SIGN << signs.saturating_sub(1).min(3),
        };
        let is_behind = match counts {
            (0, 0) => return Growth::Anywhere,
            (one, other) if one == 0 || other == 0 || one.abs_diff(other) > 1 => one > other,
            // Both sides by turns: the last note stands where the gap is smaller, and the next one will stand between.
            (_, _) => before.first() > behind.first(),
        };
        if is_behind { Growth::Behind(more) } else { Growth::Before(more) }
    }

    /// How wide a gap within a file is; `None` where it is none, or has no end yet.
    fn width(&self, gap: usize) -> Option<u64> {
        let (low, high) = (self.before(gap), self.behind(gap));
        (self.between.get(gap) == Some(&false) && low > 0 && high > 0).then(|| high - low)
    }
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

    /// The positions of the notes of one file.
    fn in_a_file(old: &[Option<u32>]) -> (Vec<u32>, usize) {
        positions(old, &vec![0; old.len()])
    }

    #[test]
    fn without_a_past_positions_are_spaced_and_both_ends_are_open() {
        assert_eq!(in_a_file(&[None, None, None]), (vec![250_000, 251_000, 252_000], 0));
        assert_eq!(positions(&[None; 4], &[0, 0, 1, 2]).0, [250_000, 251_000, 260_000, 269_000]);
        let many = in_a_file(&vec![None; 400_000]).0;
        assert_eq!((many[0], many[1], many[399_999]), (125_000, 125_001, 875_000));
        assert!(in_a_file(&[]).0.is_empty());
        let all = in_a_file(&vec![None; MAX_POSITION as usize]).0;
        assert_eq!((all[0], all[MAX_POSITION as usize - 1]), (1, MAX_POSITION));
    }

    #[test]
    fn the_first_note_between_two_takes_the_middle_and_the_next_leave_room_where_they_grow() {
        let old = [Some(1000), None, Some(2000), Some(3000)];
        assert_eq!(in_a_file(&old).0, [1000, 1500, 2000, 3000]);
        let behind = [Some(1000), Some(1500), None, Some(2000), Some(3000)];
        assert_eq!(in_a_file(&behind).0[2], 1555);
        let before = [Some(1000), None, Some(1500), Some(2000), Some(3000)];
        assert_eq!(in_a_file(&before).0[1], 1445);
    }

    #[test]
    fn notes_at_the_ends_of_a_file_leave_room_beyond_them() {
        let old = [Some(1000), None, Some(14_000), None, Some(27_000)];
        assert_eq!(positions(&old, &[0, 0, 1, 2, 2]).0, [1000, 1100, 14_000, 26_900, 27_000]);
        assert_eq!(in_a_file(&[None, None, Some(700_000), None]).0, [698_000, 699_000, 700_000, 701_000]);
    }

    #[test]
    fn what_moved_takes_a_new_position_and_the_rest_stays() {
        let (moved, repositioned) = in_a_file(&[Some(30_000), Some(10_000), Some(20_000)]);
        assert_eq!((&moved[1..], repositioned), (&[10_000, 20_000][..], 0));
    }

    #[test]
    fn a_gap_without_room_takes_it_from_the_notes_around_it() {
        let old = [Some(1000), Some(2000), Some(3000), None, Some(3001), Some(4000), Some(5000)];
        let (new, repositioned) = in_a_file(&old);
        assert_eq!(repositioned, 2);
        assert_eq!([new[0], new[1], new[5], new[6]], [1000, 2000, 4000, 5000]);
    }

    #[test]
    fn a_package_without_wide_gaps_is_spaced_anew_once() {
        let mut old: Vec<Option<u32>> = (1..=300).map(|number| Some(10 * number)).collect();
        old.splice(0..0, [None; 10]);
        let (new, repositioned) = in_a_file(&old);
        assert_eq!((repositioned, new[0]), (300, 250_000));
        let mut old: Vec<Option<u32>> = new.into_iter().map(Some).collect();
        old.splice(0..0, [None; 10]);
        assert_eq!(in_a_file(&old).1, 0);
    }

    /// A reader who imports each build has every note where it was first put.
    #[test]
    fn a_note_a_day_for_300_days_at_one_place_renumbers_nothing() {
        type Place = fn(&[(u32, u32)]) -> usize;
        let places: [(&str, u32, Place); 6] = [
            ("in front of all", 0, |_| 0),
            ("behind all", 2, <[(u32, u32)]>::len),
            ("in front of a file", 1, |notes| notes.partition_point(|(_, file)| *file < 1)),
            ("behind a file", 1, |notes| notes.partition_point(|(_, file)| *file < 2)),
            ("behind one note", 1, |notes| notes.iter().position(|(note, _)| *note == 15).unwrap() + 1),
            ("behind the last that came", 1, |notes| {
                let last = notes.iter().map(|(note, _)| *note).max().unwrap();
                notes.iter().position(|(note, _)| *note == last.max(30) || last < 30 && *note == 15).unwrap() + 1
            }),
        ];
        for (what, file, place) in places {
            let mut notes: Vec<(u32, u32)> = (0..30).map(|number| (number, number / 10)).collect();
            let mut first_put: BTreeMap<u32, u32> = BTreeMap::new();
            for day in 0..=300 {
                if day > 0 {
                    let at = place(&notes);
                    notes.insert(at, (29 + day, file));
                }
                let old: Vec<Option<u32>> = notes.iter().map(|(note, _)| first_put.get(note).copied()).collect();
                let files: Vec<u32> = notes.iter().map(|(_, file)| *file).collect();
                let (new, renumbered) = positions(&old, &files);
                assert_eq!(renumbered, 0, "{what}, day {day}");
                first_put.extend(notes.iter().zip(&new).map(|((note, _), position)| (*note, *position)));
                assert!(new.is_sorted_by(|one, next| one < next), "{what}, day {day}");
            }
        }
    }

    #[test]
    fn the_end_is_never_passed() {
        assert_eq!(in_a_file(&[Some(999_990), None, None]).0, [999_990, 999_991, 999_992]);
        assert_eq!(in_a_file(&[Some(999_999), None]), (vec![250_000, 251_000], 1));
    }

    /// What is done to the notes of a package, each of which is a number, in a file.
    fn edit(notes: &mut Vec<(u32, u32)>, what: u8, place: usize, other: usize, next: u32) {
        let place = place % (notes.len() + 1);
        match (what % 8, notes.len()) {
            (0, 1..) => drop(notes.remove(place % notes.len())),
            (1, 1..) => {
                let note = notes.remove(place % notes.len());
                notes.insert(other % (notes.len() + 1), note);
                notes.sort_by_key(|(_, file)| *file);
            }
            (2, 1..) => notes.iter_mut().skip(place).for_each(|(_, file)| *file += 1),
            (_, _) => {
                let file = notes.get(place).or(notes.last()).map_or(0, |(_, file)| *file);
                let many = if what % 8 == 3 { other % 40 } else { 1 };
                notes.splice(place..place, (0..many as u32).map(|more| (next + more, file)));
            }
        }
    }

    proptest! {
        #[test]
        fn positions_always_rise_and_the_kept_ones_stay(
            old in proptest::collection::vec(proptest::option::of(0u32..400), 0..60),
            files in proptest::collection::vec(0u32..4, 60),
        ) {
            let (new, _) = positions(&old, &files[..old.len()]);
            prop_assert_eq!(new.len(), old.len());
            prop_assert!(new.is_sorted_by(|one, next| one < next));
            prop_assert!(new.iter().all(|position| (1..=MAX_POSITION).contains(position)));
            let again: Vec<Option<u32>> = new.iter().copied().map(Some).collect();
            prop_assert_eq!(positions(&again, &files[..old.len()]), (new, 0));
        }

        /// Build after build: the order is the source's, and a note that stands where it stood keeps its position, or the
        /// build says that it does not.
        #[test]
        fn any_edits_keep_the_order_and_what_stays_keeps_its_position(
            edits in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>(), 1usize..6), 1..40),
            crowded in any::<bool>(),
        ) {
            let mut notes: Vec<(u32, u32)> = (0..20).map(|number| (number, number / 8)).collect();
            let mut last: Vec<(u32, u32)> = Vec::new();
            if crowded {
                last = notes.iter().map(|&(note, _)| (note, 10 * note + 10)).collect();
            }
            for (step, (what, place, other, times)) in edits.into_iter().enumerate() {
                for time in 0..times {
                    edit(&mut notes, what, place, other, 1000 * (step as u32 + 1) + 100 * time as u32);
                }
                let of = |note: u32| last.iter().find(|(other, _)| *other == note).map(|(_, position)| *position);
                let old: Vec<Option<u32>> = notes.iter().map(|(note, _)| of(*note)).collect();
                let files: Vec<u32> = notes.iter().map(|(_, file)| *file).collect();
                let (new, repositioned) = positions(&old, &files);
                prop_assert!(new.is_sorted_by(|one, next| one < next));
                prop_assert!(new.iter().all(|position| (1..=MAX_POSITION).contains(position)));
                let others = kept(&old).into_iter().filter(|&place| old[place] != Some(new[place])).count();
                prop_assert_eq!(others, repositioned);
                let is_short = |pair: &[u32]| pair[1] - pair[0] <= 128;
                let sorted: Vec<u32> = kept(&old).into_iter().map(|place| old[place].unwrap()).collect();
                let has_room = !crowded && !sorted.windows(2).any(is_short) && sorted.len() + 40 < 128;
                prop_assert!(!has_room || repositioned == 0, "there was room for all");
                last = notes.iter().map(|(note, _)| *note).zip(new).collect();
            }
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
