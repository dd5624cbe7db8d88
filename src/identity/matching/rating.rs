//! Turns a pair of notes into how sure it is that they are the same note.
//!
//! Knows nothing of other pairs but which files were renamed, which texts occur twice, and who stands alone at a place.

use super::super::sketch::Words;
use super::answers::Answers;
use super::gaps::Gaps;
use super::leftovers::Leftovers;
use super::likeness::Weights;
use super::pairing::Pairing;
use super::paths::Paths;
use super::patterns::{Pattern, Patterns};
use super::repeated::Repeated;
use super::{Features, NoteSketches, Score, Sketches};

/// From here on a pair is made.
pub(super) const ENOUGH: Score = Score(500);

/// A front or a back says who a note is only from this length on, in characters.
const TELLING_FRONT: u16 = 16;
const TELLING_BACK: u16 = 24;

/// A shorter front ("Why?") says nothing without the back, but in its own file.
const SHORT_FRONT: u16 = 8;

/// A longer side is no word, nor a few of them.
const WORDS: u16 = 32;

/// Pairs below are not worth a look: they cannot become near misses, not even with both neighbours.
const WORTH: Score = Score(250);

/// Pairs below are questions at the best, whatever stands around them.
const DECISIVE: Score = Score(350);

/// What the very same question counts: more than the very same answer under a question that is little alike (900 to 930),
/// so that two answers that were mixed up can be put right.
pub(super) const SAME_FRONT: i32 = 930;

/// What the very same question of a few words counts whose answer has the old one in it: more than a variant of the question
/// that took the old answer as it is.
const SAME_WORD: i32 = 960;

/// So much alike are questions that have a number and little else, and what an answer counts that has another of them now.
const NUMBERED: Score = Score(400);
const RENUMBERED: i32 = 900;

/// So much alike are two questions with one answer, their own, that no other note is looked at.
const SURE: Score = Score(500);

/// What a note counts whose sides changed places: nobody else can be meant.
const SWAPPED: i32 = 1100;

/// What the very same question counts that others ask as well, where nobody else stands between its neighbours.
const SAME_PLACE: i32 = 700;

/// What a pair gains that is a little alike where nobody else stands between its neighbours.
const ALONE: i32 = 50;

/// From here on two backs are taken for the same text.
const BACKS_AGREE: Score = Score(500);

/// Below, two backs are altogether other texts.
const BACKS_DIFFER: Score = Score(150);

/// Below, what two notes have but for the pattern that they share with those around them is altogether other text.
const OWN_DIFFER: Score = Score(250);

/// Below, two backs share what any two texts of a language do.
const BACKS_UNRELATED: Score = Score(250);

/// So much alike are the questions of one note whose answer is another one altogether; and where that is a word or two,
/// which are not reworded.
const FRONTS_AGREE: Score = Score(600);
const FRONTS_OF_WORDS_AGREE: Score = Score(850);

/// So much alike are two notes of a few words that are one, where neither side is the same.
const WORDS_AGREE: i32 = 650;

/// What a back counts, in tenths, that other notes have as well: that a new question is answered by "True", too, does not
/// make it the one that was deleted.
const COMMON_BACK: i32 = 2;

/// What a note loses that stands in another file.
const OTHER_FILE: i32 = 100;

/// What a pair loses whose old note is gone: so much that a front or a back has to be the very same, since a collection
/// remembers ever more of these notes, and a new note is more often about the same thing than one of them come back.
const GONE: i32 = 400;

/// What such a pair loses where the file is back of which the note may have been one.
const GONE_TOGETHER: i32 = 150;

/// Rates pairs of notes of the same type.
pub(super) struct Rater<'a> {
    left: &'a Leftovers,
    weights: &'a Weights,
    paths: &'a Paths,
    gaps: &'a Gaps,
    patterns: Patterns<'a>,
    answers: &'a Answers,
    old: &'a Repeated,
    new: &'a Repeated,
}

/// How sure it is that two notes are the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rating {
    pub(super) score: Score,
    /// Whether that may be enough to pair them, or no more than a question, whatever the score.
    pub(super) may_pair: bool,
    /// Whether they share a heading that others have as well, and nothing more, in two files.
    pub(super) is_by_heading: bool,
}

impl<'a> Rater<'a> {
    pub(super) fn new(
        left: &'a Leftovers,
        weights: &'a Weights,
        paths: &'a Paths,
        gaps: &'a Gaps,
        patterns: Patterns<'a>,
        answers: &'a Answers,
        [old, new]: [&'a Repeated; 2],
    ) -> Self {
        Self { left, weights, paths, gaps, patterns, answers, old, new }
    }

    /// How sure it is that the two of these ranks are the same note, their neighbours aside.
    pub(super) fn rate(&self, pairing: &Pairing, old: u32, new: u32) -> Rating {
        let (old_left, new_left) = (&self.left.old[old as usize], &self.left.new[new as usize]);
        let (old_note, new_note) = (&pairing.old[old_left.index], &pairing.new[new_left.index]);
        let away = self.away(old_note, new_note);
        if is_swapped(old_note, new_note, &new_left.sketches) {
            return Rating { score: Score(SWAPPED - away), may_pair: true, is_by_heading: false };
        }
        let pair = Pair { old: (old_note, &old_left.sketches), new: (new_note, &new_left.sketches) };
        let sides = Sides::of(self.weights, pair);
        let held = held(self.weights, pair, || new_left.words(self.patterns.sketches));
        let worth = Score(sides.score(true, true).max(held.unwrap_or_default()));
        if worth < WORTH {
            return Rating { score: worth, may_pair: false, is_by_heading: false };
        }
        let own_back = !self.old.has_back(old_note) && !self.new.has_back(new_note);
        let has_told = own_back && old_note.back == new_note.back && sides.back.is_some();
        let sides = if worth < DECISIVE || has_told {
            sides
        } else {
            let patterns = [self.patterns.of_old(old), self.patterns.of_new(new)];
            sides.without(self.weights, pair, patterns, own_back)
        };
        let is_alone = self.gaps.are_alone(old, new)
            || old_note.front == new_note.front && self.gaps.ask_the_same_alone(pairing, self.left, old, new);
        self.judge(pair, &sides, Place { away, is_alone }, own_back, held)
    }

    /// Whether nobody else can be meant: the note stands where it stood, and has an answer that tells who it is and was never
    /// another's; its question was only reworded, and neither form of it is another's.
    pub(super) fn is_sure(&self, pairing: &Pairing, old: u32, new: u32) -> bool {
        let (old_left, new_left) = (&self.left.old[old as usize], &self.left.new[new as usize]);
        let (old_note, new_note) = (&pairing.old[old_left.index], &pairing.new[new_left.index]);
        let is_told = new_left.sketches.back.length() >= TELLING_BACK
            && old_note.back == new_note.back
            && !self.old.has_back(old_note)
            && !self.new.has_back(new_note);
        is_told
            && self.away(old_note, new_note) == 0
            && !self.answers.ask_elsewhere(old_note, new_note)
            && self.weights.front.dice(&old_left.sketches.front, &new_left.sketches.front) >= SURE
    }

    fn judge(&self, pair: Pair<'_>, sides: &Sides, place: Place, own_back: bool, held: Option<i32>) -> Rating {
        let (old, new) = (pair.old.0, pair.new.0);
        let own_front = !self.old.has_front(old) && !self.new.has_front(new);
        let same_front = old.front == new.front;
        // A word with a new translation is still that word, where nothing else in its file can be meant.
        let is_here = place.away == 0 || place.away == GONE_TOGETHER;
        let is_word = own_front && same_front && is_here;
        let is_told =
            is_word || same_front && place.is_alone || held.is_some() || own_front && sides.fronts >= SHORT_FRONT;
        let is_held = held.is_some_and(|held| held >= ENOUGH.0);
        let likeness = sides.score(own_front, own_back);
        let is_other = !same_front && held.is_none() && sides.are_other()
            || !is_held && sides.are_words() && (likeness < WORDS_AGREE || sides.grew)
            || held.is_none() && sides.share_a_pattern;
        let is_renumbered = own_back && sides.may_be_renumbered(old, new) && self.answers.ask_elsewhere(old, new);
        let score = likeness.max(held.unwrap_or_default()).max(if is_renumbered { RENUMBERED } else { 0 });
        // To a word with one more translation, a variant of it may have been put that keeps the old one alone.
        let is_unlike = sides.have_unrelated_backs() && !is_held;
        let score = if is_word && !self.answers.went_on(old, new, is_unlike) {
            score.max(if is_held { SAME_WORD } else { SAME_FRONT })
        } else if same_front && place.is_alone {
            score.max(SAME_PLACE)
        } else {
            score + if place.is_alone && !is_other { ALONE } else { 0 }
        };
        let may_pair = !is_other && (is_told || sides.back.is_some_and(|back| back >= BACKS_AGREE));
        let is_in_another = !self.paths.is_same(old.path, new.path);
        let is_by_heading = same_front && !own_front && is_in_another && sides.have_unrelated_backs();
        Rating { score: Score(score - place.away), may_pair, is_by_heading }
    }

    /// From which score on the two are worth a look. Where a file is back, all that it may have had is.
    pub(super) fn worth(&self, old: &Features, new: &Features) -> Score {
        if old.gone && self.paths.is_back(new.path) { Score(WORTH.0 - GONE_TOGETHER) } else { WORTH }
    }

    pub(super) fn sketches(&self) -> &'a dyn Sketches {
        self.patterns.sketches
    }

    /// Whether the answer of an old note is now that of another question that was there before, as where a question was
    /// put between numbered ones.
    pub(super) fn went_to_another(&self, old: &Features) -> bool {
        self.answers.went_to_another(old)
    }

    /// Whether the two have the same front and no other note has it.
    pub(super) fn same_own_front(&self, old: &Features, new: &Features) -> bool {
        old.front == new.front && !self.old.has_front(old) && !self.new.has_front(new)
    }

    fn away(&self, old: &Features, new: &Features) -> i32 {
        match old.gone {
            true if self.paths.is_back(new.path) => GONE_TOGETHER,
            true => GONE,
            false if self.paths.is_same(old.path, new.path) => 0,
            false => OTHER_FILE,
        }
    }
}

/// Where the two notes of a pair stand.
#[derive(Clone, Copy)]
struct Place {
    /// What it costs that they stand in two files, or that the old one is gone.
    away: i32,
    /// Whether they stand between the same neighbours, and no other note without a pair does, or none with their question.
    is_alone: bool,
}

/// Whether the one's question is the other's answer, and the other way round.
fn is_swapped(old: &Features, new: &Features, new_texts: &NoteSketches) -> bool {
    old.front == new.back && old.back == new.front && old.front != new.front && new_texts.back.length() > 0
}

/// Two notes, with their texts.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: (&'a Features, &'a NoteSketches),
    new: (&'a Features, &'a NoteSketches),
}

/// What it counts that the words of the one note, which are few, all stand in the other as well: text was added to both
/// sides, or taken from them.
fn held<'a>(weights: &Weights, pair: Pair<'_>, words: impl FnOnce() -> &'a [Words; 2]) -> Option<i32> {
    let length = |texts: &NoteSketches| texts.front.length() + texts.back.length();
    let (old, new) = (pair.old.1, pair.new.1);
    let is_added = length(old) <= length(new);
    let less = if is_added { old } else { new };
    if less.front.length() > WORDS || !(1..=WORDS).contains(&less.back.length()) {
        return None;
    }
    let in_sides = |front, back| [weights.front.held(&less.front, front), weights.back.held(&less.back, back)];
    let ([Score(front), Score(back)], is_whole) = if is_added {
        let [front, back] = words();
        let shares = in_sides(front.all(), back.all());
        (shares, shares[0] >= Score(1000) && front.make_up(&less.front))
    } else {
        // In an old text, punctuation behind a word hides its end.
        let shares = in_sides(&old.front, &old.back);
        (shares, shares[0] >= Score(600) && words()[0].stand_in(&old.front))
    };
    let both = (6 * front + 4 * back) / 10;
    match (is_whole, back) {
        (true, 400..) => Some(both * 3 / 4),
        (false, 500..) if front >= 500 => Some((both / 2).min(ENOUGH.0 - 1)),
        (true | false, _) => None,
    }
}

/// So many characters more are no mended typo.
const MORE: u16 = 2;

fn grew(old: &NoteSketches, new: &NoteSketches) -> bool {
    let front = old.front.length().cmp(&new.front.length());
    let more = old.front.length().abs_diff(new.front.length()).max(old.back.length().abs_diff(new.back.length()));
    front.is_ne() && front == old.back.length().cmp(&new.back.length()) && more >= MORE
}

/// How alike the two sides of a pair are.
struct Sides {
    front: Score,
    /// `None` where neither note has a back.
    back: Option<Score>,
    /// The length of the shorter front.
    fronts: u16,
    /// The length of the shorter back, and of the longer one.
    backs: u16,
    longer_back: u16,
    /// Whether one of the notes is longer on both sides, by more than a typo: a compound is, and so is its translation.
    grew: bool,
    /// Whether they have nothing in common but what they share with those around them.
    share_a_pattern: bool,
}

impl Sides {
    fn of(weights: &Weights, pair: Pair<'_>) -> Self {
        let ((old, old_texts), (new, new_texts)) = (pair.old, pair.new);
        let (old_back, new_back) = (old_texts.back.length(), new_texts.back.length());
        let is_same = old.front == new.front;
        let front = if is_same { Score(1000) } else { weights.front.dice(&old_texts.front, &new_texts.front) };
        let fronts = old_texts.front.length().min(new_texts.front.length());
        let grew = grew(old_texts, new_texts);
        // What is gone has no sketch of its back, but the hash of it.
        if old.back == new.back {
            let back = (new_back > 0).then_some(Score(1000));
            return Self { front, back, fronts, backs: new_back, longer_back: new_back, grew, share_a_pattern: false };
        }
        let back = Some(weights.back.dice(&old_texts.back, &new_texts.back));
        let (backs, longer_back) = (new_back.min(old_back), new_back.max(old_back));
        Self { front, back, fronts, backs, longer_back, grew, share_a_pattern: false }
    }

    /// What the notes share with those around them tells little: each likeness becomes the mean of what it is with that and
    /// without. But where they have an answer that is theirs alone, a number in a question tells which is meant.
    fn without(self, weights: &Weights, pair: Pair<'_>, patterns: [&Pattern; 2], own_back: bool) -> Self {
        let ((old, old_texts), (new, new_texts)) = (pair.old, pair.new);
        let same_back = old.back == new.back;
        let mean = |Score(all): Score, Score(own): Score| Score(i32::midpoint(all, own));
        let own_front = if old.front == new.front || own_back && same_back {
            self.front
        } else {
            let common = patterns.map(|one| one.front.as_slice());
            weights.front.dice_of(&old_texts.front, &new_texts.front, common)
        };
        let own_back = self.back.map(|back| {
            if same_back {
                return back;
            }
            let common = patterns.map(|one| one.back.as_slice());
            weights.back.dice_of(&old_texts.back, &new_texts.back, common)
        });
        let share_a_pattern = own_front < OWN_DIFFER && own_back.is_none_or(|back| back < OWN_DIFFER);
        let back = self.back.zip(own_back).map(|(all, own)| mean(all, own));
        Self { front: mean(self.front, own_front), back, share_a_pattern, ..self }
    }

    fn have_unlike_backs(&self) -> bool {
        self.back.is_some_and(|back| back < BACKS_DIFFER)
    }

    fn have_unrelated_backs(&self) -> bool {
        self.back.is_some_and(|back| back < BACKS_UNRELATED)
    }

    fn may_be_renumbered(&self, old: &Features, new: &Features) -> bool {
        old.front != new.front && old.back == new.back && self.front >= NUMBERED
    }

    /// Whether the notes are a few words each, none of them the same, and not nearly: a compound is another word.
    fn are_words(&self) -> bool {
        let same = Score(1000);
        self.fronts < TELLING_FRONT
            && self.longer_back < TELLING_BACK
            && self.front < same
            && self.back.is_some_and(|back| back < same)
    }

    /// Whether the answers have nothing in common, and the questions not enough to make up for that.
    fn are_other(&self) -> bool {
        let agree = if self.longer_back < TELLING_BACK { FRONTS_OF_WORDS_AGREE } else { FRONTS_AGREE };
        self.have_unlike_backs() && self.backs > 0 && self.front < agree
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The score of sides that are so much alike; the fronts have so many characters.
    fn score(front: i32, back: i32, fronts: u16) -> i32 {
        let (backs, longer_back) = (TELLING_BACK, TELLING_BACK);
        let [front, back] = [front, back].map(Score);
        Sides { front, back: Some(back), fronts, backs, longer_back, grew: false, share_a_pattern: false }
            .score(true, true)
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
