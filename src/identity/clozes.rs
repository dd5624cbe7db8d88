//! Keeps the numbers of deletions: what deckle numbered keeps its number while it is edited and moved, and a number that
//! was used is never given to anything else.
//!
//! Knows nothing of the lock but one field of a line.

mod fingerprint;
mod memory;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::Range;

use self::fingerprint::Fingerprint;
use self::memory::{Entry, Memory, of_group};
use super::field::NONE;
use crate::anki::limits::MAX_CLOZE_NUMBER;
use crate::ir::{
    Block, Child, Cloze, Leaf, Note, NoteBody, for_each_cloze_mut, for_each_deletion, for_each_leaf, runs_text,
};

/// Numbers the deletions that deckle numbers as `old` remembers them, and gives what to remember next: `-` where there is
/// nothing.
///
/// Where `old` has nothing the numbers are the reader's.
pub(super) fn assign<'a>(note: &mut Note, old: impl FnOnce() -> Option<&'a str>) -> String {
    let NoteBody::Cloze { heading, text } = &mut note.body else { return NONE.to_owned() };
    let mut new = Vec::new();
    collect(heading, &mut new);
    collect(text, &mut new);
    let old = old().and_then(Memory::read).unwrap_or_default();
    if !old.entries.is_empty() && new.iter().any(|deletion| deletion.assigned) {
        renumber(&mut new, &old);
        let mut numbers = new.iter().filter(|deletion| deletion.assigned).map(|deletion| &deletion.numbers);
        for blocks in [heading, text] {
            for_each_cloze_mut(blocks, &mut |cloze| {
                if cloze.assigned {
                    cloze.numbers = numbers.next().cloned().unwrap_or_default();
                }
            });
        }
    }
    remember(&new, &old)
}

/// The deletions of a note whose author gave their texts other numbers than `old` remembers: the cards of those numbers go on
/// with other texts. A text that stands in several deletions counts where it has as many numbers as before.
pub(super) fn renumbered(note: &Note, old: &str) -> Vec<Renumbered> {
    let NoteBody::Cloze { heading, text } = &note.body else { return Vec::new() };
    let old = Memory::read(old).unwrap_or_default();
    let mut then: HashMap<Fingerprint, BTreeSet<u16>> = HashMap::new();
    for (known, number) in old.there().iter().filter_map(|entry| Some((entry.fingerprint?, entry.number))) {
        then.entry(known).or_default().insert(number);
    }
    let mut now = Gathered { width: old.width, ..Gathered::default() };
    for_each_deletion(Child::Blocks(heading), &mut |cloze, hidden| gather(cloze, hidden, &mut now));
    for_each_deletion(Child::Blocks(text), &mut |cloze, hidden| gather(cloze, hidden, &mut now));
    let differs = |(fingerprint, text, numbers): (Fingerprint, String, BTreeSet<u16>)| {
        let was = then.get(&fingerprint).filter(|was| was.len() == numbers.len() && **was != numbers)?;
        let changed = was.difference(&numbers).zip(numbers.difference(was)).next();
        changed.map(|(was, is)| Renumbered { text, was: *was, is: *is })
    };
    now.all.into_iter().filter_map(differs).collect()
}

/// The ordinals of the cards of the deletions that are there, sorted; `None` where none are remembered.
pub(super) fn ordinals(remembered: &str) -> Option<Vec<u16>> {
    let memory = Memory::read(remembered).filter(|memory| !memory.entries.is_empty())?;
    let ordinals: BTreeSet<u16> = memory.there().iter().filter_map(|entry| entry.number.checked_sub(1)).collect();
    Some(ordinals.into_iter().collect())
}

/// A deletion whose text had another number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// What it hides.
    pub text: String,
    /// Its number at the last build.
    pub was: u16,
    /// Its number now.
    pub is: u16,
}

/// The texts that the author numbered, with all their numbers, in source order.
#[derive(Default)]
struct Gathered {
    all: Vec<(Fingerprint, String, BTreeSet<u16>)>,
    /// Where each of them is.
    places: HashMap<Fingerprint, usize>,
    /// So many digits of a fingerprint are looked at.
    width: usize,
}

/// Adds the numbers that the author gave a text to those that it has elsewhere in the note.
fn gather(cloze: &Cloze, hidden: Child<'_>, gathered: &mut Gathered) {
    if cloze.assigned {
        return;
    }
    let text = text_of(hidden);
    let fingerprint = Fingerprint::of(&text).cut(gathered.width);
    let Gathered { all, places, .. } = gathered;
    let place = *places.entry(fingerprint).or_insert(all.len());
    match all.get_mut(place) {
        Some((.., numbers)) => numbers.extend(&cloze.numbers),
        None => all.push((fingerprint, text, cloze.numbers.iter().copied().collect())),
    }
}

/// Whether a field of a lock's line can be read.
pub(super) fn is_readable(field: &str) -> bool {
    Memory::read(field).is_some()
}

/// Whether a field of an older lock says what one that is written now does.
pub(super) fn says_same(old: &str, new: &str) -> bool {
    old == new || Memory::read(old).is_some_and(|old| old.to_field() == new)
}

/// A deletion of the note as it is now.
struct Deletion {
    numbers: Vec<u16>,
    /// Whether deckle chose the number.
    assigned: bool,
    fingerprint: Fingerprint,
}

fn collect(blocks: &[Block], deletions: &mut Vec<Deletion>) {
    for_each_deletion(Child::Blocks(blocks), &mut |cloze, hidden| {
        let fingerprint = Fingerprint::of(&text_of(hidden));
        deletions.push(Deletion { numbers: cloze.numbers.clone(), assigned: cloze.assigned, fingerprint });
    });
}

fn text_of(hidden: Child<'_>) -> String {
    match hidden {
        Child::Inlines(content) => crate::ir::plain_text(content),
        Child::Runs(runs) => runs_text(runs),
        Child::Blocks(blocks) => {
            let mut text = String::new();
            for_each_leaf(blocks, &mut |leaf| match leaf {
                Leaf::Text(piece) => text.push_str(piece),
                Leaf::Break => text.push(' '),
                Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
            });
            text
        }
    }
}

/// Gives old numbers to the deletions that had them, and others that were never used to the rest.
fn renumber(new: &mut [Deletion], old: &Memory) {
    let pairs = Pairs::find(new, old);
    let old = old.entries.as_slice();
    let mut taken: BTreeSet<u16> = new
        .iter()
        .filter(|deletion| !deletion.assigned)
        .flat_map(|deletion| deletion.numbers.iter().copied())
        .collect();
    let mut fresh = Vec::new();
    for (place, deletion) in new.iter_mut().enumerate().filter(|(_, deletion)| deletion.assigned) {
        let number = pairs.old_of(place).and_then(|place| old.get(place)).map(|entry| entry.number);
        match number.filter(|&number| taken.insert(number)) {
            Some(number) => deletion.numbers = vec![number],
            None => fresh.push(place),
        }
    }
    // Where all 500 were used, one that nothing has any more must do.
    let used: BTreeSet<u16> = old.iter().map(|entry| entry.number).chain(taken.iter().copied()).collect();
    let unused = (1..=MAX_CLOZE_NUMBER).filter(|number| !used.contains(number));
    let again = (1..=MAX_CLOZE_NUMBER).filter(|number| used.contains(number) && !taken.contains(number));
    let mut free = unused.chain(again);
    for place in fresh {
        if let Some(deletion) = new.get_mut(place) {
            deletion.numbers = free.next().into_iter().collect();
        }
    }
}

/// Which deletion is which entry, each at most once.
struct Pairs {
    /// For each deletion its entry.
    old_of: Vec<Option<usize>>,
    /// For each entry whether a deletion has it.
    is_paired: Vec<bool>,
}

impl Pairs {
    fn find(new: &[Deletion], memory: &Memory) -> Self {
        let old = memory.entries.as_slice();
        let mut pairs = Self { old_of: vec![None; new.len()], is_paired: vec![false; old.len()] };
        if !memory.groups.is_empty() {
            pairs.pair_groups(new, memory);
        }
        let cut = |deletion: &Deletion| deletion.fingerprint.cut(memory.width);
        let new: Vec<Fingerprint> = new.iter().map(cut).collect();
        if memory.width < Fingerprint::LENGTH {
            pairs.pair_ends(&new, memory.there());
        }
        pairs.pair_same(&new, old);
        let [certain, enough] = enough(memory.width);
        // What changed places and its first letter stands where something else stood.
        pairs.pair_similar(&new, memory, certain);
        pairs.pair_between_neighbours(old);
        pairs.pair_similar(&new, memory, enough);
        pairs
    }

    fn old_of(&self, new: usize) -> Option<usize> {
        self.old_of.get(new).copied().flatten()
    }

    fn pair(&mut self, new: usize, old: usize) {
        if let (Some(of), Some(paired)) = (self.old_of.get_mut(new), self.is_paired.get_mut(old)) {
            (*of, *paired) = (Some(old), true);
        }
    }

    /// Of very many deletions: the groups that are the same from the start on, and from the end.
    fn pair_groups(&mut self, new: &[Deletion], memory: &Memory) {
        let there = memory.there().len();
        // One with several numbers has as many entries.
        let slots: Vec<usize> =
            (0..).zip(new).flat_map(|(place, one)| one.numbers.iter().map(move |_| place)).collect();
        let print = |slot: &usize| new.get(*slot).map(|deletion| deletion.fingerprint);
        let ranges = || (0..there).step_by(memory.group).map(|start| start..there.min(start + memory.group));
        let is_same = |range: &Range<usize>, group: Fingerprint, back: usize| {
            let start = (slots.len() + range.start).checked_sub(back);
            let slots = start.and_then(|start| slots.get(start..start + range.len()));
            slots.is_some_and(|slots| of_group(slots.iter().filter_map(print)) == group)
        };
        let groups = || ranges().zip(memory.groups.iter().copied());
        let first: Vec<Range<usize>> =
            groups().take_while(|(range, group)| is_same(range, *group, slots.len())).map(|(range, _)| range).collect();
        let mut last: Vec<(Range<usize>, Fingerprint)> = groups().skip(first.len()).collect();
        last.reverse();
        let most = slots.len().saturating_sub(first.last().map_or(0, |range| range.end));
        let last =
            last.into_iter().take_while(|(range, group)| there - range.start <= most && is_same(range, *group, there));
        let from_end = last.flat_map(|(range, _)| range).map(|old| (slots.len() + old - there, old));
        let pairs: Vec<(usize, usize)> = first.into_iter().flatten().map(|old| (old, old)).chain(from_end).collect();
        for (slot, old) in pairs {
            slots.get(slot).into_iter().for_each(|&new| self.pair(new, old));
        }
    }

    /// What is the same from the start on, and from the end: of two digits many are the same by chance.
    fn pair_ends(&mut self, new: &[Fingerprint], there: &[Entry]) {
        let is_same = |new: &Fingerprint, old: &Entry| old.fingerprint == Some(*new);
        let start = new.iter().zip(there).take_while(|(new, old)| is_same(new, old)).count();
        (0..start).for_each(|place| self.pair(place, place));
        let left = new.iter().skip(start).rev().zip(there.iter().skip(start).rev());
        let end = left.take_while(|(new, old)| is_same(new, old)).count();
        (1..=end).for_each(|back| self.pair(new.len() - back, there.len() - back));
    }

    /// Deletions of the same text, in their order; those that are there before those that are gone.
    fn pair_same(&mut self, new: &[Fingerprint], old: &[Entry]) {
        let mut places: HashMap<Fingerprint, VecDeque<usize>> = HashMap::new();
        for (place, entry) in old.iter().enumerate().filter(|(place, _)| self.is_paired.get(*place) == Some(&false)) {
            entry.fingerprint.into_iter().for_each(|known| places.entry(known).or_default().push_back(place));
        }
        let is_left: Vec<bool> = self.old_of.iter().map(Option::is_none).collect();
        for ((place, fingerprint), _) in new.iter().enumerate().zip(is_left).filter(|(_, is_left)| *is_left) {
            if let Some(old) = places.get_mut(fingerprint).and_then(VecDeque::pop_front) {
                self.pair(place, old);
            }
        }
    }

    /// Where as many deletions are left between two pairs as entries, each was edited where it stands.
    fn pair_between_neighbours(&mut self, old: &[Entry]) {
        let there = old.iter().take_while(|entry| !entry.gone).count();
        let (mut new_start, mut old_start) = (0, 0);
        for new_end in 0..=self.old_of.len() {
            let old_end = if new_end == self.old_of.len() { there } else { self.old_of(new_end).unwrap_or(there) };
            if new_end < self.old_of.len() && self.old_of(new_end).is_none() {
                continue;
            }
            let gap = old_start..old_end;
            let is_edited_in_place = old_end <= there && gap.len() == new_end - new_start;
            if is_edited_in_place && gap.clone().all(|place| self.is_paired.get(place) == Some(&false)) {
                (new_start..new_end).zip(gap).for_each(|(new, old)| self.pair(new, old));
            }
            (new_start, old_start) = (new_end + 1, old_end + 1);
        }
    }

    /// The most similar of what is left, best first; at least so many samples agree.
    fn pair_similar(&mut self, new: &[Fingerprint], memory: &Memory, least: usize) {
        let is_left = |pairs: &Self, new: usize| pairs.old_of(new).is_none();
        let left: Vec<usize> = (0..new.len()).filter(|&new| is_left(self, new)).take(LONGEST_COMPARED).collect();
        let entries = memory.there().iter().enumerate().take(LONGEST_COMPARED);
        let entries = entries.filter(|(place, _)| self.is_paired.get(*place) == Some(&false));
        let entries: Vec<(usize, Fingerprint)> =
            entries.filter_map(|(place, entry)| Some((place, entry.fingerprint?))).collect();
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (place, fingerprint) in left.iter().filter_map(|&place| Some((place, new.get(place)?))) {
            for &(old, entry) in &entries {
                let alike = fingerprint.alike(entry, memory.width);
                if alike >= least {
                    pairs.push((Fingerprint::LENGTH - alike, place, old));
                }
            }
        }
        pairs.sort_unstable();
        for (_, place, old) in pairs {
            if is_left(self, place) && self.is_paired.get(old) == Some(&false) {
                self.pair(place, old);
            }
        }
    }
}

/// How many samples have to agree where so many digits of a fingerprint are known: first where nearly all trigrams do, or all,
/// as where only case differs; then where enough do.
///
/// Texts that share a third of their trigrams agree in two of 6 on average; a sample agrees by chance once in 64 pairs, two of
/// them once in 280, and two of three once in 1,400.
fn enough(width: usize) -> [usize; 2] {
    match width {
        Fingerprint::LENGTH.. => [5, 2],
        5.. => [3, 2],
        // No sample is known.
        _ => [usize::MAX; 2],
    }
}

/// No more deletions than Anki has numbers are compared with each other.
const LONGEST_COMPARED: usize = MAX_CLOZE_NUMBER as usize;

/// The entries of what is there, and of all that was once.
fn remember(new: &[Deletion], old: &Memory) -> String {
    let entry =
        |deletion: &Deletion, number: u16| Entry { number, gone: false, fingerprint: Some(deletion.fingerprint) };
    let numbered = new.iter().flat_map(|one| one.numbers.iter().map(move |&number| entry(one, number)));
    let mut entries: Vec<Entry> = numbered.collect();
    let there: BTreeSet<u16> = entries.iter().map(|entry| entry.number).collect();
    let mut gone: Vec<Entry> = old.entries.iter().filter(|entry| !there.contains(&entry.number)).copied().collect();
    gone.sort_by_key(|entry| entry.number);
    gone.dedup_by_key(|entry| entry.number);
    let width = if gone.is_empty() { Fingerprint::LENGTH } else { old.width };
    entries.extend(gone.into_iter().map(|entry| Entry { gone: true, ..entry }));
    Memory { entries, width, ..Memory::default() }.to_field()
}

#[cfg(test)]
mod tests;
