//! Keeps which notes are paired while matching goes on.
//!
//! Knows nothing of why two notes are paired.

use super::{Features, How, Match};

/// Both sides and the pairs made so far.
pub(super) struct Pairing<'a> {
    pub(super) old: &'a [Features],
    pub(super) new: &'a [Features],
    /// By new note.
    pub(super) matches: Vec<Option<Match>>,
    /// By old note: the new one that it became.
    pub(super) became: Vec<Option<u32>>,
}

impl<'a> Pairing<'a> {
    pub(super) fn new(old: &'a [Features], new: &'a [Features]) -> Self {
        Self { old, new, matches: vec![None; new.len()], became: vec![None; old.len()] }
    }

    /// Makes a pair, unless one of the two has been paired (or is not there at all, which a caller's pin may claim).
    pub(super) fn pair(&mut self, old: usize, new: usize, how: How) {
        if let (Some(became @ None), Some(found @ None)) = (self.became.get_mut(old), self.matches.get_mut(new)) {
            *became = Some(new as u32);
            *found = Some(Match { old, how });
        }
    }

    /// Takes a pair back.
    pub(super) fn part(&mut self, old: usize, new: usize) {
        if self.is_pair(Some(old as u32), Some(new as u32)) {
            self.became[old] = None;
            self.matches[new] = None;
        }
    }

    pub(super) fn is_open(&self, old: usize, new: usize) -> bool {
        self.became[old].is_none() && self.matches[new].is_none()
    }

    /// Whether one of the sides has nothing left: most builds, and the first one.
    pub(super) fn is_done(&self) -> bool {
        self.open_old().next().is_none() || self.open_new().next().is_none()
    }

    /// Old notes without a pair, ascending.
    pub(super) fn open_old(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.became).filter(|(_, became)| became.is_none()).map(|(old, _)| old)
    }

    /// New notes without a pair, ascending.
    pub(super) fn open_new(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.matches).filter(|(_, found)| found.is_none()).map(|(new, _)| new)
    }

    /// Whether `old` became `new`.
    pub(super) fn is_pair(&self, old: Option<u32>, new: Option<u32>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => self.became[old as usize] == Some(new),
            (Some(_), None) | (None, Some(_) | None) => false,
        }
    }
}
