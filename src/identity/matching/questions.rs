//! Turns what was not clear into questions: near misses, ties, and notes whose note type changed.
//!
//! Knows nothing of how they are put to the author.

mod crossings;
pub(super) mod parts;
mod places;

use super::candidates::Candidate;
use super::gaps::Gaps;
use super::leftovers::Leftovers;
use super::likeness::Weights;
use super::pairing::Pairing;
use super::paths::Paths;
use super::rating::Rater;
use super::{Question, Score, Sketches};

/// Two pairs closer than this are as good as one another.
const TIE: i32 = 50;

/// So many old notes are asked about for a new one where none is likelier.
const AS_GOOD: usize = 2;

/// From here on a pair that was not made is worth a question.
const NEAR: Score = Score(350);

/// What is left to the author.
#[derive(Default)]
pub(super) struct Questions {
    pub(super) near: Vec<Question>,
    pub(super) ties: Vec<Question>,
    pub(super) halves: Vec<Question>,
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
        paths: &Paths,
    ) -> Self {
        let ties = take_ties_back(pairing, left, candidates, rater);
        let mut near = near_misses(pairing, left, candidates, &ties, rater);
        let places = places::find(pairing, left, &Gaps::of(pairing, left, paths), candidates);
        near.extend(places.into_iter().map(|place| question(left, place)));
        near = sorted(near);
        near.dedup_by_key(|question| (question.new, question.old));
        let is_tie = |near: &Question| ties.iter().any(|tie| (tie.new, tie.old) == (near.new, near.old));
        near.retain(|near| !is_tie(near));
        let crossings = sorted(crossings::find(pairing, left, weights));
        let mut halves = halves(pairing, left, candidates, rater);
        let beside = parts::beside(pairing, |new| halves.iter().any(|half| half.new == new));
        halves.extend(parts::find(pairing, &beside, weights, rater.sketches()));
        halves = sorted(halves);
        Self { near, ties, halves, crossings }
    }
}

/// Asks where no old note is left: one that kept its question may have lost a part of its answer to a new note.
pub(super) fn ask_about_parts(pairing: &Pairing, sketches: &impl Sketches) -> Questions {
    let beside = parts::beside(pairing, |_| false);
    if beside.is_empty() {
        return Questions::default();
    }
    let halves = parts::find(pairing, &beside, &Weights::learn(pairing.old, sketches), sketches);
    Questions { halves, ..Questions::default() }
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
        // Where one note became several, the likeliest is it; where several may have become one, nobody knows which.
        let (None, Some(made)) = made else { continue };
        if rival.is_enough() && rival.score.0 > made.score.0 - TIE && !is_clear(pairing, left, &made, rater) {
            ties.extend([(rival.new, rival.old, rival.score), (made.new, made.old, made.score)]);
        }
    }
    ties.sort_unstable();
    ties.dedup();
    for &(new, old, _) in &ties {
        pairing.part(left.old[old as usize].index, left.new[new as usize].index);
    }
    sorted(ties.into_iter().map(|(new, old, score)| question(left, (new, old, score))).collect())
}

/// New notes that are nobody, though they are enough like an old one that another note is now: parts of one that was split,
/// and variants of it. (Ties have been taken back before.)
fn halves(pairing: &Pairing, left: &Leftovers, candidates: &[Candidate], rater: &Rater) -> Vec<Question> {
    let of_one_note = candidates.chunk_by(|one, other| one.new == other.new);
    let halves = of_one_note.filter_map(|candidates| {
        let rivals = candidates.iter().filter(|rival| {
            let (old, new) = rival.indices(left);
            let is_taken = pairing.matches[new].is_none() && pairing.became[old].is_some();
            let [old, new] = [&pairing.old[old], &pairing.new[new]];
            let is_like = rival.is_enough() || rival.score >= NEAR && old.back == new.back;
            // In numbered questions with a new one between them, a number is asked anew and its answer went on.
            let is_number = old.front == new.front && rater.went_to_another(old);
            is_taken && is_like && !old.gone && !is_number
        });
        let best = rivals.max_by_key(|rival| (rival.score, std::cmp::Reverse(rival.old)))?;
        Some(question(left, (best.new, best.old, best.score)))
    });
    sorted(halves.collect())
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

fn question(left: &Leftovers, (new, old, score): (u32, u32, Score)) -> Question {
    Question { new: left.new[new as usize].index, old: left.old[old as usize].index, score }
}

/// For each new note without a pair the old ones most like it, where nothing became of them either: the likeliest, and
/// those that are as good. Of one that was gone before less is remembered, and any that is worth a look is asked about.
fn near_misses(
    pairing: &Pairing,
    left: &Leftovers,
    candidates: &[Candidate],
    ties: &[Question],
    rater: &Rater,
) -> Vec<Question> {
    let asked = |new: usize| ties.binary_search_by_key(&new, |tie| tie.new).is_ok();
    let of_one_note = candidates.chunk_by(|one, other| one.new == other.new);
    let near = of_one_note.flat_map(|candidates| {
        let open = candidates.iter().filter(|candidate| {
            let (old, new) = candidate.indices(left);
            let near = if pairing.old[old].gone { rater.worth(&pairing.old[old], &pairing.new[new]) } else { NEAR };
            // "Definition" of one file is not that of another one, unless its neighbours came along.
            let is_another = candidate.is_by_heading && candidate.neighbours == 0;
            candidate.score >= near && !is_another && pairing.is_open(old, new) && !asked(new)
        });
        let mut open: Vec<&Candidate> = open.collect();
        open.sort_by_key(|candidate| (std::cmp::Reverse(candidate.score), candidate.old));
        let best = open.first().map_or(0, |best| best.score.0);
        open.into_iter().take_while(move |candidate| candidate.score.0 > best - TIE).take(AS_GOOD)
    });
    sorted(near.map(|near| question(left, (near.new, near.old, near.score))).collect())
}
