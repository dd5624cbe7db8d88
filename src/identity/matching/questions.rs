//! Turns what was not clear into questions: near misses, ties, and notes whose note type changed.
//!
//! Knows nothing of how they are put to the author.

mod crossings;

use super::candidates::Candidate;
use super::choice::ENOUGH;
use super::leftovers::Leftovers;
use super::likeness::Weights;
use super::pairing::Pairing;
use super::rating::Rater;
use super::{Question, Score};

/// Two pairs closer than this are as good as one another.
const TIE: i32 = 50;

/// From here on a pair that was not made is worth a question.
const NEAR: Score = Score(350);

/// What is left to the author.
#[derive(Default)]
pub(super) struct Questions {
    pub(super) near: Vec<Question>,
    pub(super) ties: Vec<Question>,
    pub(super) crossings: Vec<Question>,
}

impl Questions {
    /// Takes the pairs back that are as good as another one.
    pub(super) fn ask(
        pairing: &mut Pairing,
        left: &Leftovers,
        candidates: &[Candidate],
        rater: &Rater,
        weights: &Weights,
    ) -> Self {
        let ties = take_ties_back(pairing, left, candidates, rater);
        let near = near_misses(pairing, left, candidates, &ties);
        let crossings = sorted(crossings::find(pairing, left, weights));
        Self { near, ties, crossings }
    }
}

/// A made pair has a rival where another pair is as good and its other note was left without one. (Where that note became
/// another, each of the two has found its own.)
fn take_ties_back(pairing: &mut Pairing, left: &Leftovers, candidates: &[Candidate], rater: &Rater) -> Vec<Question> {
    let mut made_of_new = vec![None; left.new.len()];
    let mut made_of_old = vec![None; left.old.len()];
    for candidate in candidates {
        let (old, new) = candidate.indices(left);
        if pairing.is_pair(Some(old as u32), Some(new as u32)) {
            made_of_new[candidate.new as usize] = Some(*candidate);
            made_of_old[candidate.old as usize] = Some(*candidate);
        }
    }
    let mut ties = Vec::new();
    for rival in candidates {
        let made = (made_of_old[rival.old as usize], made_of_new[rival.new as usize]);
        let ((Some(made), None) | (None, Some(made))) = made else { continue };
        if rival.score >= ENOUGH && rival.score.0 > made.score.0 - TIE && !is_clear(pairing, left, &made, rater) {
            ties.extend([(rival.new, rival.old, rival.score), (made.new, made.old, made.score)]);
        }
    }
    ties.sort_unstable();
    ties.dedup();
    for &(new, old, score) in &ties {
        let (old, new) = Candidate { new, old, score }.indices(left);
        pairing.part(old, new);
    }
    sorted(ties.into_iter().map(|(new, old, score)| question(left, &Candidate { new, old, score })).collect())
}

fn sorted(mut questions: Vec<Question>) -> Vec<Question> {
    questions.sort_unstable_by_key(|question| (question.new, question.old));
    questions
}

/// Whether nobody else can be meant: the front did not change, and no other note has it.
fn is_clear(pairing: &Pairing, left: &Leftovers, made: &Candidate, rater: &Rater) -> bool {
    let (old, new) = made.indices(left);
    rater.same_own_front(&pairing.old[old], &pairing.new[new])
}

fn question(left: &Leftovers, candidate: &Candidate) -> Question {
    let (old, new) = candidate.indices(left);
    Question { new, old, score: candidate.score }
}

/// For each new note without a pair the old one most like it, where nothing became of that one either.
fn near_misses(pairing: &Pairing, left: &Leftovers, candidates: &[Candidate], ties: &[Question]) -> Vec<Question> {
    let asked = |new: usize| ties.binary_search_by_key(&new, |tie| tie.new).is_ok();
    let of_one_note = candidates.chunk_by(|one, other| one.new == other.new);
    let near = of_one_note.filter_map(|candidates| {
        let open = candidates.iter().filter(|candidate| {
            let (old, new) = candidate.indices(left);
            candidate.score >= NEAR && pairing.is_open(old, new) && !asked(new)
        });
        let best = open.max_by_key(|candidate| (candidate.score, std::cmp::Reverse(candidate.old)))?;
        Some(question(left, best))
    });
    sorted(near.collect())
}
