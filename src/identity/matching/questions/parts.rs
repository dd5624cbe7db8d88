//! Finds new notes that are part of what a note beside them was.
//!
//! Knows nothing of how that note was found: it may have kept its question, so that nobody looked at its answer.

use super::super::super::sketch::Sketch;
use super::super::likeness::Weights;
use super::super::pairing::Pairing;
use super::super::place::Places;
use super::super::{How, Match, Question, Score, Sketches};

/// How many notes to both sides of one that was edited are looked at.
const AROUND: usize = 3;

/// A part of an answer is so long, in characters, and stood in the old one so far.
const PART: u16 = 24;
const STOOD: Score = Score(800);

/// Whether an answer is no more than a part of what another one was.
pub(in super::super) fn is_part(weights: &Weights, was: &Sketch, part: &Sketch) -> bool {
    let is_shorter = 4 * u32::from(part.length()) <= 3 * u32::from(was.length());
    is_shorter && part.length() >= PART && weights.back.held(part, was) >= STOOD
}

/// A new note without a pair, and a note near it that was edited.
pub(super) struct Beside {
    new: usize,
    old: usize,
}

/// Pairs worth a look, by new note; those that are known as halves are not.
pub(super) fn beside(pairing: &Pairing, is_half: impl Fn(usize) -> bool) -> Vec<Beside> {
    if pairing.open_new().next().is_none() {
        return Vec::new();
    }
    let edited = pairing.matches.iter().zip(pairing.new).zip(0..).filter_map(|((found, new), index)| match found {
        Some(Match { old, how: How::Similar(_) }) => Some((*old, new, index)),
        Some(_) | None => None,
    });
    let edited = edited.filter(|&(old, new, _)| pairing.old[old].back != new.back && !pairing.old[old].gone);
    let mut edited = edited.peekable();
    if edited.peek().is_none() {
        return Vec::new();
    }
    let places = Places::of(pairing.new);
    let around = |(old, _, index): (usize, _, usize)| {
        let open = places.around(index, AROUND).filter(|&new| pairing.matches[new].is_none() && !is_half(new));
        open.map(move |new| Beside { new, old }).collect::<Vec<_>>()
    };
    let mut beside: Vec<Beside> = edited.flat_map(around).collect();
    beside.sort_unstable_by_key(|pair| (pair.new, pair.old));
    beside
}

/// For each new note the first of those beside it whose old answer had its answer in it.
pub(super) fn find(pairing: &Pairing, beside: &[Beside], weights: &Weights, sketches: &dyn Sketches) -> Vec<Question> {
    let parts = beside.chunk_by(|one, other| one.new == other.new).filter_map(|olds| {
        let part = sketches.of_new(olds.first()?.new);
        olds.iter().find_map(|&Beside { new, old }| {
            let is_type = pairing.old[old].note_type == pairing.new[new].note_type;
            let was = is_type.then(|| sketches.of_old(old)).filter(|was| is_part(weights, &was.back, &part.back))?;
            let [Score(front), Score(back)] =
                [weights.front.dice(&was.front, &part.front), weights.back.dice(&was.back, &part.back)];
            let score = Score((6 * front + 4 * back) / 10);
            Some(Question { new, old, score })
        })
    });
    parts.collect()
}
