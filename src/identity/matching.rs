//! Turns the notes of the last build and those of this one into pairs that are the same note.
//!
//! Knows nothing of files, the lock or the IR: it compares hashes, places and sketches.
#![expect(
    clippy::indexing_slicing,
    reason = "a note is its place in the lists that `match_notes` is given, or its rank in those of what is left over; each \
              table has an entry for each of them"
)]

mod answers;
mod candidates;
mod choice;
mod exact;
mod fronts;
mod gaps;
mod index;
mod leftovers;
mod likeness;
mod pairing;
mod paths;
mod patterns;
mod place;
mod questions;
mod rating;
mod repeated;

use self::answers::Answers;
use self::gaps::Gaps;
use self::leftovers::Leftovers;
use self::likeness::Weights;
use self::pairing::Pairing;
use self::paths::Paths;
use self::patterns::Patterns;
use self::questions::Questions;
use self::rating::Rater;
use self::repeated::Repeated;
use super::sketch::{Sketch, Words};
use crate::ir::NoteTypeKey;

/// Finds for each new note the old one that it is.
///
/// `pinned` are pairs (old, new) that an explicit id decides; they come first. Then the same texts, at the same path and
/// anywhere; then the most alike of what is left. `sketches` is asked only for notes that equal no other, and for a
/// sample of the old ones.
///
/// The order of `old` and `new` does not matter but where two notes have the same texts, path and position.
pub fn match_notes(
    old: &[Features],
    new: &[Features],
    pinned: &[(usize, usize)],
    sketches: &impl Sketches,
) -> Matching {
    let mut pairing = Pairing::new(old, new);
    for &(old, new) in pinned {
        pairing.pair(old, new, How::Pinned);
    }
    exact::pair_same(&mut pairing);
    let questions = if pairing.is_done() { Questions::default() } else { match_edited(&mut pairing, sketches) };
    Matching {
        matches: pairing.matches,
        near: questions.near,
        ties: questions.ties,
        halves: questions.halves,
        crossings: questions.crossings,
    }
}

/// The same, where every new note has the very texts of an old one, or is pinned to one; `None` where one has not.
pub fn match_same(old: &[Features], new: &[Features], pinned: &[(usize, usize)]) -> Option<Matching> {
    let mut pairing = Pairing::new(old, new);
    for &(old, new) in pinned {
        pairing.pair(old, new, How::Pinned);
    }
    exact::pair_same(&mut pairing);
    let is_whole = pairing.open_new().next().is_none();
    is_whole.then(|| Matching { matches: pairing.matches, ..Matching::default() })
}

/// Pairs what equals no other note, and asks about what stays unclear.
fn match_edited(pairing: &mut Pairing, sketches: &impl Sketches) -> Questions {
    let (old, new) = rayon::join(|| Repeated::among(pairing.old), || Repeated::among(pairing.new));
    let paths = Paths::of(pairing, &old, &new);
    let answers = Answers::of(pairing);
    fronts::pair_same(pairing, &paths, &answers);
    let Some(left) = Leftovers::of(pairing, sketches) else { return questions::ask_about_parts(pairing, sketches) };
    let gaps = Gaps::of(pairing, &left, &paths);
    let weights = Weights::learn(pairing.old, sketches);
    let patterns = Patterns::new(pairing, &left, sketches);
    let rater = Rater::new(&left, &weights, &paths, &gaps, patterns, &answers, [&old, &new]);
    let mut candidates = candidates::find(pairing, &left, &weights, &gaps, &rater);
    choice::choose(pairing, &left, &weights, &gaps, &mut candidates);
    Questions::ask(pairing, &left, &candidates, &rater, &weights, &paths)
}

/// What is remembered of a note, or known of a new one: all that matching looks at but its sketches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Notes of two types are never the same.
    pub note_type: NoteTypeKey,
    /// Which file it stands in; both sides count the same paths alike. Of no account where the note is gone.
    pub path: u32,
    /// Orders the notes of a file: what stands before it has a lower one. The sides need no common scale.
    pub position: u32,
    /// Whether it was already gone at the last build. Never true of a new note.
    pub gone: bool,
    /// A stable hash of the normalised front.
    pub front: u64,
    /// A stable hash of the normalised back.
    pub back: u64,
}

/// What is known of the texts of both sides; asked of few notes, and on several threads.
pub trait Sketches: Sync {
    /// Of the note at this index of the old side.
    fn of_old(&self, index: usize) -> NoteSketches;
    /// Of the note at this index of the new side.
    fn of_new(&self, index: usize) -> NoteSketches;
    /// Of the bare words of the front and back of the note at this index of the new side ([`Words::of`]).
    fn words_of_new(&self, index: usize) -> [Words; 2];
}

/// The sketches of a note's two sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteSketches {
    /// Of the front.
    pub front: Sketch,
    /// Of the back; empty where the note is gone.
    pub back: Sketch,
}

/// Who is who.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// For each new note the old one that it is; `None` for a note that was not there before. Each old note occurs at
    /// most once.
    pub matches: Vec<Option<Match>>,
    /// New notes that are somewhat like an old one that nothing else became, too little to take them for the same; or that
    /// stand where an old one stood. By new note; the old one may have been gone before, where it did not stand there.
    pub near: Vec<Question>,
    /// Pairs alike enough but for another pair that is as good; none of them was made. By new note; each tie gives two
    /// or more pairs.
    pub ties: Vec<Question>,
    /// New notes that are nearly as like an old one as the note that it became: it was split, or has a variant beside it. By
    /// new note.
    pub halves: Vec<Question>,
    /// New notes that are like an old one of the other note type, which Anki cannot turn into this one. By new note.
    pub crossings: Vec<Question>,
}

/// The old note that a new one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its index.
    pub old: usize,
    /// How it was found.
    pub how: How,
}

/// How a pair was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By an explicit id.
    Pinned,
    /// Same texts, same path.
    Same,
    /// Same texts, another path.
    Moved,
    /// Same texts as a note that was gone.
    Returned,
    /// Similar texts.
    Similar(Score),
}

/// A pair that may be the same note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Index of the new note.
    pub new: usize,
    /// Index of the old note.
    pub old: usize,
    /// How alike they are.
    pub score: Score,
}

/// How sure it is that two notes are the same, in thousandths.
///
/// A whole number, so that every machine rounds alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Score(pub i32);

impl std::fmt::Display for Score {
    /// As a decimal of two places, rounded down: 0.49 is never shown as 0.5.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = self.0.max(0) / 10;
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests;
