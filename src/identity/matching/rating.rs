//! Turns a pair of notes into how sure it is that they are the same note.
//!
//! Knows nothing of other pairs but which files were renamed and which texts occur twice.

use std::collections::HashMap;

use super::leftovers::Leftover;
use super::likeness::Weights;
use super::pairing::Pairing;
use super::{Features, Score};

/// A front or a back says who a note is only from this length on, in characters.
const TELLING_FRONT: u16 = 16;
const TELLING_BACK: u16 = 24;

/// A shorter front ("Why?") says nothing without the back, but in its own file.
const SHORT_FRONT: u16 = 8;

/// What the very same question counts: more than the very same answer under a question that is little alike (900 to 930),
/// so that two answers that were mixed up can be put right.
const SAME_FRONT: i32 = 930;

/// From here on two backs are taken for the same text.
const BACKS_AGREE: Score = Score(500);

/// What a back counts, in tenths, that other notes have as well: that a new question is answered by "True", too, does not
/// make it the one that was deleted.
const COMMON_BACK: i32 = 2;

/// What a note loses that stands in another file.
const OTHER_FILE: i32 = 100;

/// What a pair loses whose old note is gone: so much that a front or a back has to be the very same, since a collection
/// remembers ever more of these notes, and a new note is more often about the same thing than one of them come back.
const GONE: i32 = 400;

/// Rates pairs of notes of the same type.
pub(super) struct Rater<'a> {
    weights: &'a Weights,
    /// Where most notes of an old file are now.
    followed: HashMap<u32, u32>,
    old: Repeated,
    new: Repeated,
}

impl<'a> Rater<'a> {
    pub(super) fn new(pairing: &Pairing, weights: &'a Weights) -> Self {
        Self {
            weights,
            followed: followed(pairing),
            old: Repeated::among(pairing.old),
            new: Repeated::among(pairing.new),
        }
    }

    /// How sure it is that the two are the same note, their neighbours aside.
    pub(super) fn rate(&self, pairing: &Pairing, old: &Leftover, new: &Leftover) -> Score {
        let (old_note, new_note) = (&pairing.old[old.index], &pairing.new[new.index]);
        let sides = Sides::of(self.weights, (old_note, old), (new_note, new));
        let own_front = !self.old.has_front(old_note) && !self.new.has_front(new_note);
        let own_back = !self.old.has_back(old_note) && !self.new.has_back(new_note);
        let away = self.away(old_note, new_note);
        // A word with a new translation is still that word, where nothing else in its file can be meant.
        let word = own_front && old_note.front == new_note.front && away == 0;
        let telling = word || own_front && sides.fronts >= SHORT_FRONT;
        if !telling && sides.back.is_none_or(|back| back < BACKS_AGREE) {
            return Score::default();
        }
        Score(sides.score(own_front, own_back) - away)
    }

    /// Whether the two have the same front and no other note has it.
    pub(super) fn same_own_front(&self, old: &Features, new: &Features) -> bool {
        old.front == new.front && !self.old.has_front(old) && !self.new.has_front(new)
    }

    fn away(&self, old: &Features, new: &Features) -> i32 {
        match old.gone {
            true => GONE,
            false if old.path == new.path || self.followed.get(&old.path) == Some(&new.path) => 0,
            false => OTHER_FILE,
        }
    }
}

/// How alike the two sides of a pair are.
struct Sides {
    front: Score,
    /// `None` where neither note has a back.
    back: Option<Score>,
    /// The length of the shorter front.
    fronts: u16,
    /// The length of the shorter back.
    backs: u16,
}

impl Sides {
    fn of(
        weights: &Weights,
        (old, old_texts): (&Features, &Leftover),
        (new, new_texts): (&Features, &Leftover),
    ) -> Self {
        let (old_texts, new_texts) = (&old_texts.sketches, &new_texts.sketches);
        let front =
            if old.front == new.front { Score(1000) } else { weights.front.dice(&old_texts.front, &new_texts.front) };
        let new_back = new_texts.back.length();
        // What is gone has no sketch of its back, but the hash of it.
        let (back, backs) = if old.back == new.back {
            ((new_back > 0).then_some(Score(1000)), new_back)
        } else {
            let likeness = weights.back.dice(&old_texts.back, &new_texts.back);
            (Some(likeness), new_back.min(old_texts.back.length()))
        };
        Self { front, back, fronts: old_texts.front.length().min(new_texts.front.length()), backs }
    }

    /// Both sides together, or one alone that tells enough.
    fn score(&self, own_front: bool, own_back: bool) -> i32 {
        let (Score(front), back) = (self.front, self.back.map(|Score(back)| back));
        let back_share = if own_back { 4 } else { COMMON_BACK };
        let together = back.map_or(front, |back| (6 * front + back_share * back) / 10);
        let by_back = match back {
            // Up to 940: the very same answer under a question that is much alike outweighs the very same question.
            Some(back) if own_back && self.backs >= TELLING_BACK => (90 * back + 4 * front) / 100,
            Some(_) | None => 0,
        };
        let by_front = match front {
            _ if !own_front || self.fronts < TELLING_FRONT => 0,
            1000 => SAME_FRONT,
            _ => 90 * front / 100,
        };
        together.max(by_back).max(by_front)
    }
}

/// Maps each old path to the one where more than half of its paired notes are.
fn followed(pairing: &Pairing) -> HashMap<u32, u32> {
    let pairs = pairing.matches.iter().zip(pairing.new);
    let moved = pairs.filter_map(|(found, new)| {
        let old = &pairing.old[found.as_ref()?.old];
        (!old.gone).then_some((old.path, new.path))
    });
    let mut moved: Vec<(u32, u32)> = moved.collect();
    moved.sort_unstable();
    let files = moved.chunk_by(|one, other| one.0 == other.0);
    let most = files.filter_map(|file| {
        let mut targets = file.chunk_by(|one, other| one == other);
        targets.find(|target| 2 * target.len() > file.len())?.first().copied()
    });
    most.collect()
}

/// The texts that several notes have.
struct Repeated {
    fronts: Vec<u64>,
    backs: Vec<u64>,
}

impl Repeated {
    fn among(notes: &[Features]) -> Self {
        let live = || notes.iter().filter(|note| !note.gone);
        Self {
            fronts: repeated(live().map(|note| note.front).collect()),
            backs: repeated(live().map(|note| note.back).collect()),
        }
    }

    fn has_front(&self, note: &Features) -> bool {
        self.fronts.binary_search(&note.front).is_ok()
    }

    fn has_back(&self, note: &Features) -> bool {
        self.backs.binary_search(&note.back).is_ok()
    }
}

fn repeated(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    let several = hashes.chunk_by(|one, other| one == other).filter(|same| same.len() > 1);
    several.filter_map(|same| same.first().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The score of sides that are so much alike; the fronts have so many characters.
    fn score(front: i32, back: i32, fronts: u16) -> i32 {
        Sides { front: Score(front), back: Some(Score(back)), fronts, backs: TELLING_BACK }.score(true, true)
    }

    #[test]
    fn the_very_same_question_stands_between_a_like_and_an_unlike_one_with_the_very_same_answer() {
        let same_question = score(1000, 0, TELLING_FRONT);
        assert!(score(700, 1000, TELLING_FRONT) < same_question && same_question < score(800, 1000, TELLING_FRONT));
        assert_eq!(score(1000, 0, TELLING_FRONT - 1), 600, "a short one is not enough");
        assert_eq!(score(1000, 1000, TELLING_FRONT), 1000);
    }

    #[test]
    fn question_and_answer_weigh_six_to_four_and_a_telling_question_nine_tenths_alone() {
        let short = TELLING_FRONT - 1;
        assert_eq!([score(700, 700, short), score(800, 600, short), score(200, 0, short)], [700, 720, 120]);
        assert_eq!([score(900, 0, short), score(900, 0, TELLING_FRONT)], [540, 810]);
    }
}
