//! Pairs notes whose texts are the same.
//!
//! Knows nothing of sketches.

use std::ops::Range;

use super::pairing::Pairing;
use super::place::{Places, place};
use super::{Features, How};
use crate::ir::NoteTypeKey;

/// Above this many pairs, notes with the same texts are paired in order instead of by their neighbours: 4,096 is 64
/// copies on both sides.
const MAX_PAIRS: usize = 4096;

/// Pairs what has the same type, front and back: at the same path first, then anywhere, then with notes that are gone.
///
/// Where a text occurs several times, copies keep their order in a file; where their number changed, the one whose
/// neighbours are still there is the old one.
pub(super) fn pair_same(pairing: &mut Pairing) {
    let both: &Pairing = pairing;
    let (old, new) = rayon::join(|| by_text(both.old, both.open_old()), || by_text(both.new, both.open_new()));
    let mut unclear = Vec::new();
    for group in groups(&old, &new) {
        let (old, new) = (&old[group.old], &new[group.new]);
        match (old, new) {
            (&[(_, old)], &[(_, new)]) => pair(pairing, old, new),
            _ => unclear.push(Copies::of(pairing, old, new)),
        }
    }
    if !unclear.is_empty() {
        pair_copies(pairing, unclear);
    }
}

/// A hash of what has to be the same, and a note's index.
type Keyed = (u64, u32);

/// The notes, those with the same type and texts together.
fn by_text(notes: &[Features], open: impl Iterator<Item = u32>) -> Vec<Keyed> {
    let mut keyed: Vec<Keyed> = open.map(|index| (key(&notes[index as usize]), index)).collect();
    keyed.sort_unstable();
    keyed
}

/// Of 100,000 notes, two have the same key by chance once in 4 billion collections.
fn key(note: &Features) -> u64 {
    let note_type = match note.note_type {
        NoteTypeKey::Basic => 1,
        NoteTypeKey::Cloze => 2,
    };
    (note.front.rotate_left(23) ^ note_type).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ note.back
}

/// Where notes with the same key stand on both sides.
struct Group {
    old: Range<usize>,
    new: Range<usize>,
}

/// The keys that both sides have.
fn groups(old: &[Keyed], new: &[Keyed]) -> Vec<Group> {
    let mut groups = Vec::with_capacity(old.len().min(new.len()));
    let (mut at_old, mut at_new) = (0, 0);
    while let (Some(&(old_key, _)), Some(&(new_key, _))) = (old.get(at_old), new.get(at_new)) {
        let old_end = at_old + run(&old[at_old..], old_key);
        let new_end = at_new + run(&new[at_new..], new_key);
        match old_key.cmp(&new_key) {
            std::cmp::Ordering::Less => at_old = old_end,
            std::cmp::Ordering::Greater => at_new = new_end,
            std::cmp::Ordering::Equal => {
                groups.push(Group { old: at_old..old_end, new: at_new..new_end });
                (at_old, at_new) = (old_end, new_end);
            }
        }
    }
    groups
}

fn run(keyed: &[Keyed], key: u64) -> usize {
    keyed.iter().take_while(|(other, _)| *other == key).count()
}

fn pair(pairing: &mut Pairing, old: u32, new: u32) {
    let (old, new) = (old as usize, new as usize);
    let how = match &pairing.old[old] {
        Features { gone: true, .. } => How::Returned,
        Features { path, .. } if *path == pairing.new[new].path => How::Same,
        Features { .. } => How::Moved,
    };
    pairing.pair(old, new, how);
}

/// Notes with the same texts, more than one on a side; each side in the order of its places, what is gone last.
struct Copies {
    old: Vec<u32>,
    new: Vec<u32>,
}

impl Copies {
    fn of(pairing: &Pairing, old: &[Keyed], new: &[Keyed]) -> Self {
        Self { old: in_order(pairing.old, old), new: in_order(pairing.new, new) }
    }

    /// Path, position and index of the first old one: what stands first is paired first, so that each finds the one
    /// before it paired.
    fn first(&self, pairing: &Pairing) -> Option<(bool, u32, u32, u32)> {
        self.old.first().map(|&old| place(pairing.old, old))
    }
}

fn in_order(notes: &[Features], keyed: &[Keyed]) -> Vec<u32> {
    let mut order: Vec<u32> = keyed.iter().map(|&(_, index)| index).collect();
    order.sort_unstable_by_key(|&index| place(notes, index));
    order
}

fn pair_copies(pairing: &mut Pairing, mut unclear: Vec<Copies>) {
    for copies in &unclear {
        pair_by_path(pairing, copies);
    }
    unclear.retain(|copies| copies.old.iter().any(|&old| pairing.became[old as usize].is_none()));
    unclear.sort_by_key(|copies| copies.first(pairing));
    let (old_places, new_places) = (Places::of(pairing.old), Places::of(pairing.new));
    for copies in &unclear {
        pair_by_neighbours(pairing, copies, &old_places, &new_places);
        pair_in_order(pairing, copies);
    }
}

/// Pairs the copies at a path in their order where there are as many as before.
fn pair_by_path(pairing: &mut Pairing, copies: &Copies) {
    let (all_old, all_new) = (pairing.old, pairing.new);
    let live = copies.old.iter().take_while(|&&old| !all_old[old as usize].gone).count();
    let old_files =
        copies.old[..live].chunk_by(|&one, &other| all_old[one as usize].path == all_old[other as usize].path);
    let mut new_files =
        copies.new.chunk_by(|&one, &other| all_new[one as usize].path == all_new[other as usize].path).peekable();
    for old_file in old_files {
        let path = old_file.first().map(|&old| all_old[old as usize].path);
        let path_of = |file: &[u32]| file.first().map(|&new| all_new[new as usize].path);
        while new_files.next_if(|file| path_of(file) < path).is_some() {}
        if let Some(new_file) = new_files.next_if(|file| path_of(file) == path && file.len() == old_file.len()) {
            for (&old, &new) in old_file.iter().zip(new_file) {
                pair(pairing, old, new);
            }
        }
    }
}

/// Pairs the copies that are left, those with more neighbours in common first.
fn pair_by_neighbours(pairing: &mut Pairing, copies: &Copies, old_places: &Places, new_places: &Places) {
    let open_old = copies.old.iter().filter(|&&old| pairing.became[old as usize].is_none());
    let open_new: Vec<u32> =
        copies.new.iter().copied().filter(|&new| pairing.matches[new as usize].is_none()).collect();
    let live: Vec<u32> = open_old.copied().filter(|&old| !pairing.old[old as usize].gone).collect();
    if live.len() * open_new.len() > MAX_PAIRS {
        return;
    }
    let mut pairs = Vec::with_capacity(live.len() * open_new.len());
    for (old_rank, &old) in live.iter().enumerate() {
        for (new_rank, &new) in open_new.iter().enumerate() {
            let same_path = pairing.old[old as usize].path == pairing.new[new as usize].path;
            let neighbours = old_places.shared(new_places, pairing, old as usize, new as usize);
            // A path weighs as much as a neighbour: a copy in another file has to bring both along.
            let nearness = neighbours + i32::from(same_path);
            pairs.push((std::cmp::Reverse(nearness), old_rank, new_rank, old, new));
        }
    }
    pairs.sort_unstable();
    for (_, _, _, old, new) in pairs {
        pair(pairing, old, new);
    }
}

/// Pairs what is left in order: many copies, and notes that were gone.
fn pair_in_order(pairing: &mut Pairing, copies: &Copies) {
    let open_old: Vec<u32> = copies.old.iter().copied().filter(|&old| pairing.became[old as usize].is_none()).collect();
    let open_new: Vec<u32> =
        copies.new.iter().copied().filter(|&new| pairing.matches[new as usize].is_none()).collect();
    for (old, new) in open_old.into_iter().zip(open_new) {
        pair(pairing, old, new);
    }
}
