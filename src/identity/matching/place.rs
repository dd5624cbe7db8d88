//! Says which notes stand next to one another.
//!
//! Knows nothing of texts.

use super::Features;
use super::pairing::Pairing;

/// What stands before and behind each note in its file.
pub(super) struct Places {
    before: Vec<Option<u32>>,
    behind: Vec<Option<u32>>,
}

impl Places {
    /// Notes that are gone stand nowhere.
    pub(super) fn of(notes: &[Features]) -> Self {
        let mut places = Self { before: vec![None; notes.len()], behind: vec![None; notes.len()] };
        let order = in_order(notes);
        for pair in order.windows(2) {
            let &[(path, _, one), (next_path, _, other)] = pair else { continue };
            if path == next_path {
                places.behind[one as usize] = Some(other);
                places.before[other as usize] = Some(one);
            }
        }
        places
    }

    pub(super) fn before(&self, note: usize) -> Option<u32> {
        self.before[note]
    }

    pub(super) fn behind(&self, note: usize) -> Option<u32> {
        self.behind[note]
    }

    /// Up to so many notes before a note, the nearest first, and so many behind it.
    pub(super) fn around(&self, note: usize, most: usize) -> impl Iterator<Item = usize> {
        let before = std::iter::successors(self.before(note), |&note| self.before(note as usize)).take(most);
        let behind = std::iter::successors(self.behind(note), |&note| self.behind(note as usize)).take(most);
        before.chain(behind).map(|note| note as usize)
    }

    /// How many neighbours of `old` (placed here) became the neighbour of `new` (placed in `news`) on the same side: 0 to 2.
    pub(super) fn shared(&self, news: &Self, pairing: &Pairing, old: usize, new: usize) -> i32 {
        i32::from(pairing.is_pair(self.before[old], news.before[new]))
            + i32::from(pairing.is_pair(self.behind[old], news.behind[new]))
    }
}

/// Path, position and index of every note that is not gone, in their order.
pub(super) fn in_order(notes: &[Features]) -> Vec<(u32, u32, u32)> {
    let live = (0u32..).zip(notes).filter(|(_, note)| !note.gone);
    let mut order: Vec<(u32, u32, u32)> = live.map(|(index, note)| (note.path, note.position, index)).collect();
    order.sort_unstable();
    order
}

/// Orders notes: what is gone last, then by path and position.
pub(super) fn place(notes: &[Features], index: u32) -> (bool, u32, u32, u32) {
    let note = &notes[index as usize];
    (note.gone, note.path, note.position, index)
}
