//! Keeps the numbers of deletions: what deckle numbered keeps its number while it is edited and moved, and a number that
//! was used is never given to anything else.
//!
//! Knows nothing of the lock but one field of a line: entries parted by `.`, those of deletions that are there in source
//! order, then those of gone ones. An entry is the number, `~` where the deletion is gone, and its fingerprint of 8
//! digits: `1QkAbCdEf.2~QkAbCdEf`.

mod fingerprint;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt::Write;

use self::fingerprint::Fingerprint;
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
    let old = old().map(read).unwrap_or_default();
    if !old.is_empty() && new.iter().any(|deletion| deletion.assigned) {
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
    let mut then: HashMap<Fingerprint, BTreeSet<u16>> = HashMap::new();
    for entry in read(old).iter().filter(|entry| !entry.gone) {
        then.entry(entry.fingerprint).or_default().insert(entry.number);
    }
    let mut now = Gathered::default();
    for_each_deletion(Child::Blocks(heading), &mut |cloze, hidden| gather(cloze, hidden, &mut now));
    for_each_deletion(Child::Blocks(text), &mut |cloze, hidden| gather(cloze, hidden, &mut now));
    let differs = |(fingerprint, text, numbers): (Fingerprint, String, BTreeSet<u16>)| {
        let was = then.get(&fingerprint).filter(|was| was.len() == numbers.len() && **was != numbers)?;
        let changed = was.difference(&numbers).zip(numbers.difference(was)).next();
        changed.map(|(was, is)| Renumbered { text, was: *was, is: *is })
    };
    now.all.into_iter().filter_map(differs).collect()
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
}

/// Adds the numbers that the author gave a text to those that it has elsewhere in the note.
fn gather(cloze: &Cloze, hidden: Child<'_>, gathered: &mut Gathered) {
    if cloze.assigned {
        return;
    }
    let text = text_of(hidden);
    let fingerprint = Fingerprint::of(&text);
    let Gathered { all, places } = gathered;
    let place = *places.entry(fingerprint).or_insert(all.len());
    match all.get_mut(place) {
        Some((.., numbers)) => numbers.extend(&cloze.numbers),
        None => all.push((fingerprint, text, cloze.numbers.iter().copied().collect())),
    }
}

/// Whether a field of a lock's line can be read.
pub(super) fn is_readable(field: &str) -> bool {
    field == NONE || field.split('.').all(|entry| Entry::read(entry).is_some())
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

/// A number that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    number: u16,
    /// Whether the deletion is not there any more.
    gone: bool,
    fingerprint: Fingerprint,
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        let (number, fingerprint) = text.split_at_checked(text.len().checked_sub(Fingerprint::LENGTH)?)?;
        let (number, gone) = number.strip_suffix(GONE).map_or((number, false), |number| (number, true));
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|number| is_number && (1..=MAX_CLOZE_NUMBER).contains(number))?;
        Some(Self { number, gone, fingerprint: Fingerprint::read(fingerprint)? })
    }
}

/// Stands behind the number of a deletion that is not there any more.
const GONE: char = '~';

fn read(field: &str) -> Vec<Entry> {
    if field == NONE { Vec::new() } else { field.split('.').filter_map(Entry::read).collect() }
}

/// Gives old numbers to the deletions that had them, and others that were never used to the rest.
fn renumber(new: &mut [Deletion], old: &[Entry]) {
    let pairs = Pairs::find(new, old);
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
    fn find(new: &[Deletion], old: &[Entry]) -> Self {
        let mut pairs = Self { old_of: vec![None; new.len()], is_paired: vec![false; old.len()] };
        pairs.pair_same(new, old);
        // What changed places and its first letter stands where something else stood.
        pairs.pair_similar(new, old, CERTAIN);
        pairs.pair_between_neighbours(old);
        pairs.pair_similar(new, old, ENOUGH);
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

    /// Deletions of the same text, in their order; those that are there before those that are gone.
    fn pair_same(&mut self, new: &[Deletion], old: &[Entry]) {
        let mut places: HashMap<Fingerprint, VecDeque<usize>> = HashMap::new();
        for (place, entry) in old.iter().enumerate() {
            places.entry(entry.fingerprint).or_default().push_back(place);
        }
        for (place, deletion) in new.iter().enumerate() {
            if let Some(old) = places.get_mut(&deletion.fingerprint).and_then(VecDeque::pop_front) {
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
    fn pair_similar(&mut self, new: &[Deletion], old: &[Entry], least: usize) {
        let is_left = |pairs: &Self, new: usize| pairs.old_of(new).is_none();
        let left: Vec<usize> = (0..new.len()).filter(|&new| is_left(self, new)).take(LONGEST_COMPARED).collect();
        let entries = old.iter().enumerate().take(LONGEST_COMPARED);
        let entries: Vec<(usize, &Entry)> =
            entries.filter(|(place, entry)| !entry.gone && self.is_paired.get(*place) == Some(&false)).collect();
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (place, deletion) in left.iter().filter_map(|&place| Some((place, new.get(place)?))) {
            for &(old, entry) in &entries {
                let alike = deletion.fingerprint.alike(entry.fingerprint);
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

/// So many of a fingerprint's 6 samples have to agree. Texts that share a third of their trigrams agree in two on average;
/// a sample agrees by chance once in 64 pairs, two of them once in 280.
const ENOUGH: usize = 2;

/// So many agree only where nearly all trigrams do, or all, as where only case differs.
const CERTAIN: usize = 5;

/// No more deletions than Anki has numbers are compared with each other.
const LONGEST_COMPARED: usize = MAX_CLOZE_NUMBER as usize;

/// The entries of what is there, and of all that was once.
fn remember(new: &[Deletion], old: &[Entry]) -> String {
    let mut field = String::new();
    let mut there = BTreeSet::new();
    for Deletion { numbers, fingerprint, .. } in new {
        for number in numbers {
            there.insert(*number);
            let _ = write!(field, "{number}{fingerprint}.");
        }
    }
    let mut gone: Vec<&Entry> = old.iter().filter(|entry| !there.contains(&entry.number)).collect();
    gone.sort_by_key(|entry| entry.number);
    gone.dedup_by_key(|entry| entry.number);
    for Entry { number, fingerprint, .. } in gone {
        let _ = write!(field, "{number}{GONE}{fingerprint}.");
    }
    field.pop();
    if field.is_empty() { NONE.to_owned() } else { field }
}

#[cfg(test)]
mod tests;
