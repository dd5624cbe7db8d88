//! Turns sketches into an index from trigrams to the notes that have them.
//!
//! Knows nothing of what the sketches are of.

use super::super::sketch::{HASHES, Sketch};
use super::likeness::TrigramWeights;

/// How many entries are read for one sketch, those of its rarest trigrams first: keeps 20,000 edited notes at 40 million
/// reads at most, instead of billions.
const READ: usize = 1024;

/// Which of the sketches, by rank, have each trigram.
pub(super) struct Index {
    /// Where each hash's entries start; one more at the end.
    starts: Vec<u32>,
    entries: Vec<u32>,
}

impl Index {
    pub(super) fn of<'a>(sketches: impl Iterator<Item = &'a Sketch> + Clone) -> Self {
        let mut starts = vec![0u32; HASHES + 1];
        for sketch in sketches.clone() {
            for &hash in sketch.hashes() {
                starts[usize::from(hash) + 1] += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut entries = vec![0; total as usize];
        let mut next = starts.clone();
        for (rank, sketch) in (0u32..).zip(sketches) {
            for &hash in sketch.hashes() {
                let place = &mut next[usize::from(hash)];
                entries[*place as usize] = rank;
                *place += 1;
            }
        }
        Self { starts, entries }
    }

    /// Adds to `tally`, for every note found, the weights of the trigrams that it shares with `sketch`: all of them
    /// together count `share`.
    pub(super) fn search(&self, sketch: &Sketch, weights: &TrigramWeights, share: u32, tally: &mut Tally) {
        let mut rare: Vec<(usize, u16)> = sketch.hashes().iter().map(|&hash| (self.list(hash).len(), hash)).collect();
        rare.sort_unstable();
        let all = weights.sum(sketch.hashes()).max(1);
        let mut read = 0;
        for (length, hash) in rare {
            read += length;
            if read > READ {
                break;
            }
            let weight = weights.of(hash) * share / all;
            self.list(hash).iter().for_each(|&rank| tally.add(rank, weight));
        }
    }

    fn list(&self, hash: u16) -> &[u32] {
        let hash = usize::from(hash);
        &self.entries[self.starts[hash] as usize..self.starts[hash + 1] as usize]
    }
}

/// How much each note found shares with the one looked for.
pub(super) struct Tally {
    /// By rank; 0 where not found.
    sums: Vec<u32>,
    found: Vec<u32>,
}

impl Tally {
    pub(super) fn new(notes: usize) -> Self {
        Self { sums: vec![0; notes], found: Vec::new() }
    }

    fn add(&mut self, rank: u32, weight: u32) {
        let sum = &mut self.sums[rank as usize];
        if *sum == 0 {
            self.found.push(rank);
        }
        // A trigram that weighs nothing still finds its notes.
        *sum += weight.max(1);
    }

    /// The `most` ranks with the highest sums, no particular order; leaves the tally empty.
    pub(super) fn take(&mut self, most: usize, wanted: impl Fn(u32) -> bool) -> Vec<u32> {
        let found = self.found.iter().filter(|&&rank| wanted(rank));
        let mut best: Vec<(u32, u32)> = found.map(|&rank| (u32::MAX - self.sums[rank as usize], rank)).collect();
        if best.len() > most {
            best.select_nth_unstable(most);
            best.truncate(most);
        }
        self.found.drain(..).for_each(|rank| self.sums[rank as usize] = 0);
        best.into_iter().map(|(_, rank)| rank).collect()
    }
}
