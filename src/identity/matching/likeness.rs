//! Turns two sketches into how alike their texts are.
//!
//! Knows nothing of what likeness decides.

use super::super::sketch::{HASHES, Sketch};
use super::{Features, Score, Sketches};

/// How many notes are looked at to learn which trigrams are common. What 2,000 notes share is common in all.
const SAMPLE: usize = 2048;

/// How much each trigram tells of the two sides of notes.
pub(super) struct Weights {
    pub(super) front: TrigramWeights,
    pub(super) back: TrigramWeights,
}

impl Weights {
    /// Learnt from the old notes, evenly drawn.
    pub(super) fn learn(old: &[Features], sketches: &impl Sketches) -> Self {
        let live: Vec<usize> = (0..old.len()).filter(|&index| !old[index].gone).collect();
        let step = live.len().div_ceil(SAMPLE).max(1);
        let (mut front, mut back) = (Frequencies::default(), Frequencies::default());
        for &index in live.iter().step_by(step) {
            let note = sketches.of_old(index);
            front.count(&note.front);
            back.count(&note.back);
        }
        Self { front: front.weights(), back: back.weights() }
    }
}

/// How many sketches have each hash.
struct Frequencies {
    of: Vec<u32>,
    /// How many sketches are complete just up to each hash.
    ends: Vec<u32>,
    sketches: u32,
}

impl Default for Frequencies {
    fn default() -> Self {
        Self { of: vec![0; HASHES], ends: vec![0; HASHES], sketches: 0 }
    }
}

impl Frequencies {
    fn count(&mut self, sketch: &Sketch) {
        self.sketches += 1;
        self.ends[usize::from(sketch.complete_to())] += 1;
        for &hash in sketch.hashes() {
            self.of[usize::from(hash)] += 1;
        }
    }

    /// Inverse document frequency: log2(1 + texts / texts with the trigram), where only those texts count whose sample
    /// reaches that far.
    fn weights(self) -> TrigramWeights {
        let mut texts = self.sketches;
        let weights = self.of.iter().zip(&self.ends).map(|(&with, &ends)| {
            let weight = log2(texts + with + 2) - log2(with + 1);
            texts -= ends;
            weight
        });
        TrigramWeights { of: weights.collect() }
    }
}

/// The logarithm in 64ths, linear between powers of two: whole numbers, so that every machine reckons alike.
fn log2(number: u32) -> u32 {
    let whole = number.max(1).ilog2();
    let rest = (u64::from(number) << 6 >> whole) as u32;
    whole * 64 + rest.saturating_sub(64)
}

/// How much each trigram tells: rare ones more.
pub(super) struct TrigramWeights {
    of: Vec<u32>,
}

impl TrigramWeights {
    pub(super) fn of(&self, hash: u16) -> u32 {
        self.of[usize::from(hash)]
    }

    pub(super) fn sum(&self, hashes: &[u16]) -> u32 {
        hashes.iter().map(|&hash| self.of(hash)).sum()
    }

    /// Dice's coefficient: twice what both have over what each has, as far as both samples are complete.
    pub(super) fn dice(&self, one: &Sketch, other: &Sketch) -> Score {
        self.dice_of(one, other, [&[], &[]])
    }

    /// The same, but for the trigrams of two lists, which count for nothing.
    pub(super) fn dice_of(&self, one: &Sketch, other: &Sketch, common: [&[u16]; 2]) -> Score {
        let [one, other] = self.parts(one, other, common);
        let all = one.all + other.all;
        Score((2000 * one.shared).checked_div(all).unwrap_or_default().cast_signed())
    }

    /// How much of one text the other one holds: what both have over what the one has.
    pub(super) fn held(&self, one: &Sketch, other: &Sketch) -> Score {
        let [one, _] = self.parts(one, other, [&[], &[]]);
        Score((1000 * one.shared).checked_div(one.all).unwrap_or_default().cast_signed())
    }

    fn parts(&self, one: &Sketch, other: &Sketch, common: [&[u16]; 2]) -> [Part; 2] {
        let end = one.complete_to().min(other.complete_to());
        let (one, other) = (up_to(one.hashes(), end), up_to(other.hashes(), end));
        let mut others = Without { hashes: other, common }.peekable();
        let (mut all, mut all_others, mut shared) = (0, 0, 0);
        for hash in (Without { hashes: one, common }) {
            all += self.of(hash);
            while let Some(other) = others.next_if(|&other| other < hash) {
                all_others += self.of(other);
            }
            if others.next_if_eq(&hash).is_some() {
                all_others += self.of(hash);
                shared += self.of(hash);
            }
        }
        all_others += others.map(|hash| self.of(hash)).sum::<u32>();
        [Part { all, shared }, Part { all: all_others, shared }]
    }
}

/// The hashes that are in none of two lists, all of them ascending.
struct Without<'a> {
    hashes: &'a [u16],
    common: [&'a [u16]; 2],
}

impl Iterator for Without<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        loop {
            let (&hash, rest) = self.hashes.split_first()?;
            self.hashes = rest;
            let mut is_common = false;
            for common in &mut self.common {
                while let Some((_, rest)) = common.split_first().filter(|(first, _)| **first < hash) {
                    *common = rest;
                }
                is_common |= common.first() == Some(&hash);
            }
            if !is_common {
                return Some(hash);
            }
        }
    }
}

/// What the trigrams of a text weigh, and those of them that another one has.
struct Part {
    all: u32,
    shared: u32,
}

fn up_to(hashes: &[u16], end: u16) -> &[u16] {
    &hashes[..hashes.partition_point(|&hash| hash <= end)]
}
