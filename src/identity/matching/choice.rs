//! Chooses pairs among the candidates: the surest first, each one making its neighbours surer.
//!
//! Knows nothing of texts.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::candidates::Candidate;
use super::gaps::Gaps;
use super::leftovers::Leftovers;
use super::likeness::Weights;
use super::pairing::Pairing;
use super::place::Places;
use super::questions::parts;
use super::rating::ENOUGH;
use super::{How, Score};

impl Candidate {
    /// Whether the pair can be made.
    pub(super) fn is_enough(&self) -> bool {
        self.may_pair && self.score >= ENOUGH
    }

    fn gain(&mut self, neighbours: i32) {
        self.neighbours += neighbours;
        self.score.0 += NEIGHBOUR * neighbours;
    }
}

/// What a neighbour adds that is paired with the neighbour of the other note.
const NEIGHBOUR: i32 = 50;

/// Of the parts of a note that was split, those are as likely as the likeliest that are no further behind it.
const AS_LIKELY: i32 = 100;

/// Makes the pairs, and raises the candidates' scores by what their neighbours add in the end.
pub(super) fn choose(
    pairing: &mut Pairing,
    left: &Leftovers,
    weights: &Weights,
    gaps: &Gaps,
    candidates: &mut [Candidate],
) {
    prefer_first_parts(left, weights, gaps, candidates);
    let mut choice = Choice::new(pairing, left, candidates);
    while let Some((score, Reverse(at))) = choice.queue.pop() {
        choice.consider(score, at as usize);
    }
}

/// Where parts of a note stand in its place, of those that are as likely the first is it.
fn prefer_first_parts(left: &Leftovers, weights: &Weights, gaps: &Gaps, candidates: &mut [Candidate]) {
    let is_part = |candidate: &&(usize, &Candidate)| {
        let Candidate { old, new, .. } = *candidate.1;
        let [was, is] = [&left.old[old as usize], &left.new[new as usize]].map(|note| &note.sketches.back);
        candidate.1.may_pair && gaps.are_several_for_one(old, new) && parts::is_part(weights, was, is)
    };
    let parts = candidates.iter().enumerate().filter(|pair| is_part(&pair));
    let mut parts: Vec<(u32, u32, usize)> = parts.map(|(at, candidate)| (candidate.old, candidate.new, at)).collect();
    parts.sort_unstable();
    for parts in parts.chunk_by(|one, other| one.0 == other.0) {
        let best = parts.iter().map(|&(.., at)| candidates[at].score).max().unwrap_or_default();
        let is_as_likely = |&&(.., at): &&(u32, u32, usize)| candidates[at].score.0 > best.0 - AS_LIKELY;
        let first = parts.iter().find(is_as_likely).filter(|_| best >= ENOUGH);
        if let Some(&(.., at)) = first.filter(|&&(.., at)| candidates[at].score < best) {
            candidates[at].score.0 = best.0 + 1;
        }
    }
}

struct Choice<'a, 'b> {
    pairing: &'a mut Pairing<'b>,
    left: &'a Leftovers,
    candidates: &'a mut [Candidate],
    old: Places,
    new: Places,
    /// Score and place among the candidates: of two that are as sure, the first. An entry whose candidate has become
    /// surer is passed over, since there is another one.
    queue: BinaryHeap<(Score, Reverse<u32>)>,
}

impl<'a, 'b> Choice<'a, 'b> {
    fn new(pairing: &'a mut Pairing<'b>, left: &'a Leftovers, candidates: &'a mut [Candidate]) -> Self {
        let (old, new) = (Places::of(pairing.old), Places::of(pairing.new));
        for candidate in &mut *candidates {
            let (old_index, new_index) = candidate.indices(left);
            candidate.gain(old.shared(&new, pairing, old_index, new_index));
        }
        let sure = (0u32..).zip(&*candidates).filter(|(_, candidate)| candidate.is_enough());
        let queue = sure.map(|(at, candidate)| (candidate.score, Reverse(at))).collect();
        Self { pairing, left, candidates, old, new, queue }
    }

    fn consider(&mut self, score: Score, at: usize) {
        let candidate = &self.candidates[at];
        let (old, new) = candidate.indices(self.left);
        if candidate.score != score || !self.pairing.is_open(old, new) {
            return;
        }
        self.pairing.pair(old, new, How::Similar(score));
        self.raise(self.old.before(old), self.new.before(new));
        self.raise(self.old.behind(old), self.new.behind(new));
    }

    /// Makes a pair surer whose neighbours are the same note.
    fn raise(&mut self, old: Option<u32>, new: Option<u32>) {
        let (Some(old), Some(new)) = (old, new) else { return };
        let Some(at) = Candidate::find(self.candidates, self.left, old as usize, new as usize) else { return };
        let candidate = &mut self.candidates[at];
        candidate.gain(1);
        if candidate.is_enough() && self.pairing.is_open(old as usize, new as usize) {
            self.queue.push((candidate.score, Reverse(at as u32)));
        }
    }
}
