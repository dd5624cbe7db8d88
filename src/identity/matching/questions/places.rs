//! Finds the old note that stood where a new one stands, where nothing became of the one and the other was nothing before.
//!
//! Knows nothing of texts but how alike they are: a note that was rewritten altogether is known by its place alone, and
//! that is enough to ask.

use super::super::Score;
use super::super::candidates::Candidate;
use super::super::gaps::Gaps;
use super::super::leftovers::Leftovers;
use super::super::pairing::Pairing;

/// Above this many pairs at one place, which is 64 notes on both sides, notes are told by their order alone.
const MAX_PAIRS: usize = 4096;

/// What a pair counts at least where the notes of a place are lined up, and what its score counts above that: texts that are
/// a little alike by chance, be they many, move no row of notes by a place.
const LINED_UP: i32 = 300;
const BY_CHANCE: i32 = 350;

/// New and old ranks.
pub(super) fn find(
    pairing: &Pairing,
    left: &Leftovers,
    gaps: &Gaps,
    candidates: &[Candidate],
) -> Vec<(u32, u32, Score)> {
    let candidate = |old: u32, new: u32| {
        let at = candidates.binary_search_by_key(&(new, old), |candidate| (candidate.new, candidate.old));
        at.ok().and_then(|at| candidates.get(at))
    };
    let score = |old: u32, new: u32| candidate(old, new).map_or(Score::default(), |candidate| candidate.score);
    let is_by_heading = |old: u32, new: u32| candidate(old, new).is_some_and(|candidate| candidate.is_by_heading);
    let fits = |old: u32, new: u32| {
        let (old, new) = (left.old[old as usize].index, left.new[new as usize].index);
        pairing.old[old].note_type == pairing.new[new].note_type
    };
    let mut found = Vec::new();
    for (olds, news) in gaps.same() {
        // A file for another one, with the headings that all of them have, is another chapter.
        if olds.iter().zip(news).any(|(&old, &new)| is_by_heading(old, new)) {
            continue;
        }
        let pairs = if olds.len() * news.len() <= MAX_PAIRS {
            line_up(olds, news, |old, new| fits(old, new).then(|| worth(score(old, new))))
        } else {
            olds.iter().copied().zip(news.iter().copied()).filter(|&(old, new)| fits(old, new)).collect()
        };
        found.extend(pairs.into_iter().map(|(old, new)| (new, old, score(old, new))));
    }
    found
}

fn worth(score: Score) -> i32 {
    LINED_UP + (score.0 - BY_CHANCE).max(0)
}

/// The pairs that keep both orders and count most together.
fn line_up(olds: &[u32], news: &[u32], worth: impl Fn(u32, u32) -> Option<i32>) -> Vec<(u32, u32)> {
    let width = news.len() + 1;
    // What the notes from here on count at most.
    let mut best = vec![0; (olds.len() + 1) * width];
    for (at_old, &old) in olds.iter().enumerate().rev() {
        for (at_new, &new) in news.iter().enumerate().rev() {
            let place = at_old * width + at_new;
            let paired = worth(old, new).map_or(0, |worth| worth + best[place + width + 1]);
            best[place] = paired.max(best[place + 1]).max(best[place + width]);
        }
    }
    let (mut at_old, mut at_new) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(&old), Some(&new)) = (olds.get(at_old), news.get(at_new)) {
        let place = at_old * width + at_new;
        if worth(old, new).is_some_and(|worth| worth + best[place + width + 1] == best[place]) {
            pairs.push((old, new));
            (at_old, at_new) = (at_old + 1, at_new + 1);
        } else if best[place] == best[place + width] {
            at_old += 1;
        } else {
            at_new += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs of six notes on both sides, of which each is so like the one a place further on.
    fn lined_up(score: i32) -> Vec<(u32, u32)> {
        let notes: Vec<u32> = (0..6).collect();
        line_up(&notes, &notes, |old, new| Some(worth(Score(if new == old + 1 { score } else { 0 }))))
    }

    #[test]
    fn what_is_a_little_alike_by_chance_moves_no_row_by_a_place() {
        let (in_order, a_place_on) = ((0..6).map(|at| (at, at)).collect(), (0..5).map(|at| (at, at + 1)).collect());
        assert_eq!([lined_up(340), lined_up(450)], [in_order, a_place_on] as [Vec<(u32, u32)>; 2]);
    }
}
