//! Finds new notes that are an old one of the other note type.
//!
//! Knows nothing of pairs within a note type but that they were made before.

use std::cmp::Reverse;

use super::super::super::sketch::Sketch;
use super::super::Question;
use super::super::index::{Index, Tally};
use super::super::leftovers::{Leftover, Leftovers};
use super::super::likeness::{TrigramWeights, Weights};
use super::super::pairing::Pairing;
use super::super::rating::ENOUGH;

/// How many old notes are compared with a new one.
const COMPARED: usize = 8;

/// What all trigrams of a note count where these are chosen.
const SHARE: u32 = 100_000;

/// For each new note without a pair the old one of the other type that has most of the same text, both sides together: an
/// answer may have become the part of a text that is asked for.
pub(super) fn find(pairing: &Pairing, left: &Leftovers, weights: &Weights) -> Vec<Question> {
    let olds: Vec<&Leftover> = left.old.iter().filter(|note| is_open_old(pairing, note)).collect();
    let news: Vec<&Leftover> = left.new.iter().filter(|note| pairing.matches[note.index].is_none()).collect();
    let old_type = |note: usize| pairing.old[note].note_type;
    let new_type = |note: usize| pairing.new[note].note_type;
    let mut types = olds.iter().map(|note| old_type(note.index)).chain(news.iter().map(|note| new_type(note.index)));
    // Mostly, all that is left is of one type: then no sketches have to be joined.
    if types.next().is_none_or(|first| types.all(|other| other == first)) {
        return Vec::new();
    }
    let [olds, news] = [olds, news].map(|notes| notes.into_iter().map(Whole::of).collect::<Vec<Whole>>());
    let index = Index::of(olds.iter().map(|note| &note.text));
    let mut tally = Tally::new(olds.len());
    let crossed = news.iter().filter_map(|new| {
        index.search(&new.text, &weights.front, SHARE, &mut tally);
        let alike = tally.take(COMPARED, |rank| old_type(olds[rank as usize].index) != new_type(new.index));
        best(&weights.front, new, alike.into_iter().map(|rank| &olds[rank as usize]))
    });
    crossed.collect()
}

fn is_open_old(pairing: &Pairing, note: &Leftover) -> bool {
    pairing.became[note.index].is_none() && !pairing.old[note.index].gone
}

/// A note's front and back as one text.
struct Whole {
    index: usize,
    text: Sketch,
}

impl Whole {
    fn of(note: &Leftover) -> Self {
        Self { index: note.index, text: note.sketches.front.union(&note.sketches.back) }
    }
}

fn best<'a>(weights: &TrigramWeights, new: &Whole, olds: impl Iterator<Item = &'a Whole>) -> Option<Question> {
    let pairs = olds.map(|old| (weights.dice(&old.text, &new.text), Reverse(old.index)));
    let (score, Reverse(old)) = pairs.max().filter(|(score, _)| *score >= ENOUGH)?;
    Some(Question { new: new.index, old, score })
}
