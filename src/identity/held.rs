//! Finds what is remembered of the notes that are left out of this build, so that it stays as it is.
//!
//! Knows nothing of why a note is left out. To hold a line too many does no harm: what became of it is said once the mistake
//! is mended.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::field::Hash;
use super::matching::{Features, Matching, Question};

/// Both sides as matching sees them. Behind the notes of this build stand, on the new side, those that are left out, and
/// behind them the lines of files that cannot be read, each standing for itself.
pub(super) struct Sides<'a> {
    pub(super) old: &'a [Features],
    pub(super) new: &'a [Features],
    /// How many notes are there.
    pub(super) there: usize,
    /// How many are left out.
    pub(super) left_out: usize,
    /// How many headings with nothing below them stand behind those: they hold what they are known to have been.
    pub(super) bare: usize,
    /// Whether the lock knows nothing of a file that cannot be read: it may be a renamed one.
    pub(super) has_unknown_file: bool,
}

impl Sides<'_> {
    /// Pairs (old, new) of notes that are left out with the lines of their files that have their fronts, where no other note
    /// has it, and no other line of the file: nobody else can be meant, whatever the back says.
    pub(super) fn same_fronts(&self) -> Vec<(usize, usize)> {
        let left_out = self.new.iter().enumerate().skip(self.there).take(self.left_out + self.bare);
        let wanted: BTreeSet<u64> =
            left_out.clone().map(|(_, note)| note.front).filter(|front| *front != nothing()).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut asked: HashMap<u64, usize> = HashMap::new();
        for note in self.new.iter().filter(|note| wanted.contains(&note.front)) {
            *asked.entry(note.front).or_default() += 1;
        }
        let mut known: HashMap<(u32, u64), Vec<usize>> = HashMap::new();
        for (index, note) in self.old.iter().enumerate().filter(|(_, note)| !note.gone && wanted.contains(&note.front))
        {
            known.entry((note.path, note.front)).or_default().push(index);
        }
        let pair = |(new, note): (usize, &Features)| match known.get(&(note.path, note.front)).map(Vec::as_slice) {
            Some(&[old]) if asked.get(&note.front) == Some(&1) => Some((old, new)),
            Some(_) | None => None,
        };
        left_out.filter_map(pair).collect()
    }

    /// For each of the old side whether its line stays as it is: a note that is left out is it, or may be. Leaves in the
    /// matching what concerns notes that are there.
    pub(super) fn hold(&self, matching: &mut Matching) -> Vec<bool> {
        let became = became(self.old.len(), matching);
        let is_absent = |new: usize| new >= self.there;
        let is_of_absent = |question: &&Question| self.is_left_out(question.new);
        let questions = || matching.near.iter().chain(&matching.ties).chain(&matching.crossings);
        let mut claims: BTreeSet<usize> = questions().filter(is_of_absent).map(|question| question.old).collect();
        claims.extend(became.iter().enumerate().filter(|(_, new)| new.is_some_and(is_absent)).map(|(old, _)| old));
        claims.extend(self.between_neighbours(matching, &became));
        claims.extend(self.of_vanished_files());
        let may_hold = |old: usize| {
            let is_free = became.get(old).is_some_and(|new| new.is_none_or(is_absent));
            is_free && self.old.get(old).is_some_and(|note| !note.gone)
        };
        let held: Vec<bool> = (0..self.old.len()).map(|old| may_hold(old) && claims.contains(&old)).collect();
        matching.matches.truncate(self.there);
        let is_open =
            |question: &Question| !is_absent(question.new) && !held.get(question.old).copied().unwrap_or_default();
        for questions in [&mut matching.near, &mut matching.ties, &mut matching.halves, &mut matching.crossings] {
            questions.retain(is_open);
        }
        held
    }

    /// The lines that stood between the same neighbours as notes that are left out and were not recognised: all of them
    /// where the front of one cannot be read, else where they are no more than those notes.
    fn between_neighbours(&self, matching: &Matching, became: &[Option<usize>]) -> Vec<usize> {
        let is_lost = |new: &usize| matching.matches.get(*new).is_some_and(Option::is_none);
        let lost = (self.there..self.there + self.left_out).filter(is_lost);
        let paths: BTreeSet<u32> = lost.filter_map(|new| self.new.get(new)).map(|note| note.path).collect();
        if paths.is_empty() {
            return Vec::new();
        }
        let (news, olds) = (by_path(self.new, &paths), by_path(self.old, &paths));
        let mut held = Vec::new();
        for (path, news) in &news {
            let olds = olds.get(path).map(Vec::as_slice).unwrap_or_default();
            let place = |new: usize| {
                let old = matching.matches.get(new).copied().flatten().and_then(|found| self.old.get(found.old))?;
                (old.path == *path && !old.gone).then_some(old.position)
            };
            for run in runs(news, place) {
                let lines = run.place_among(olds).iter().map(|(_, old)| *old);
                let free: Vec<usize> = lines.filter(|old| became.get(*old).is_some_and(Option::is_none)).collect();
                if self.may_be(&run, free.len()) {
                    held.extend(free);
                }
            }
        }
        held
    }

    /// Whether as many lines may be those of the notes of a run that are left out.
    fn may_be(&self, run: &Run<'_>, lines: usize) -> bool {
        let left_out = || run.news.iter().map(|(_, new)| *new).filter(|new| self.is_left_out(*new));
        let is_unreadable = |new: usize| self.new.get(new).is_some_and(|note| note.front == nothing());
        lines <= left_out().count() || left_out().any(is_unreadable)
    }

    fn is_left_out(&self, new: usize) -> bool {
        (self.there..self.there + self.left_out).contains(&new)
    }

    /// The lines of files that are no longer there, where a file that cannot be read may be one of them.
    fn of_vanished_files(&self) -> Vec<usize> {
        if !self.has_unknown_file {
            return Vec::new();
        }
        let paths: BTreeSet<u32> = self.new.iter().map(|note| note.path).collect();
        self.old.iter().enumerate().filter(|(_, note)| !paths.contains(&note.path)).map(|(old, _)| old).collect()
    }
}

/// The front of a note that has none, or none that can be read.
fn nothing() -> u64 {
    Hash::of(b"").0
}

/// For each of the old side the note of the new one that it is.
fn became(old: usize, matching: &Matching) -> Vec<Option<usize>> {
    let mut became = vec![None; old];
    for (new, found) in matching.matches.iter().enumerate() {
        if let Some(became) = found.and_then(|found| became.get_mut(found.old)) {
            *became = Some(new);
        }
    }
    became
}

/// Position and index of notes in the order of their file.
type Row = Vec<(u32, usize)>;

fn by_path(notes: &[Features], paths: &BTreeSet<u32>) -> BTreeMap<u32, Row> {
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    for (index, note) in notes.iter().enumerate().filter(|(_, note)| !note.gone && paths.contains(&note.path)) {
        rows.entry(note.path).or_default().push((note.position, index));
    }
    for row in rows.values_mut() {
        row.sort_unstable();
    }
    rows
}

/// Notes without a pair that stand together, and the old places of the notes around them.
struct Run<'a> {
    after: Option<u32>,
    before: Option<u32>,
    news: &'a [(u32, usize)],
}

impl Run<'_> {
    /// The lines of the file that stood between the notes around it.
    fn place_among<'r>(&self, olds: &'r [(u32, usize)]) -> &'r [(u32, usize)] {
        let start = self.after.map_or(0, |after| olds.partition_point(|(position, _)| *position <= after));
        let end = self.before.map_or(olds.len(), |before| olds.partition_point(|(position, _)| *position < before));
        // What was moved has other neighbours: any line may be meant.
        olds.get(start..end).unwrap_or(olds)
    }
}

/// Cuts a file's notes at those whose old `place` is known.
fn runs(news: &[(u32, usize)], place: impl Fn(usize) -> Option<u32>) -> Vec<Run<'_>> {
    let mut after = None;
    let mut runs = Vec::new();
    let pieces = news.split_inclusive(|(_, new)| place(*new).is_some());
    for piece in pieces {
        let before = piece.last().and_then(|(_, new)| place(*new));
        let news = if before.is_some() { piece.split_last().map(|(_, news)| news).unwrap_or_default() } else { piece };
        if !news.is_empty() {
            runs.push(Run { after, before, news });
        }
        after = before.or(after);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::matching::{How, Match, Score};
    use crate::ir::NoteTypeKey;

    fn note(path: u32, position: u32, front: u64) -> Features {
        Features { note_type: NoteTypeKey::Basic, path, position, gone: false, front, back: front }
    }

    fn unmatched(notes: usize) -> Matching {
        Matching { matches: vec![None; notes], ..Matching::default() }
    }

    fn sides<'a>(old: &'a [Features], new: &'a [Features], there: usize) -> Sides<'a> {
        Sides { old, new, there, left_out: new.len() - there, bare: 0, has_unknown_file: false }
    }

    #[test]
    fn the_only_line_with_a_front_is_meant_whatever_its_note_type() {
        let cloze = Features { note_type: NoteTypeKey::Cloze, ..note(0, 10, 7) };
        let old = [cloze, note(0, 20, 8), note(1, 10, 9), note(0, 30, 8), Features { gone: true, ..note(0, 0, 11) }];
        let fronts = |fronts: &[u64]| {
            let new: Vec<Features> = (0..).zip(fronts).map(|(position, &front)| note(0, position, front)).collect();
            sides(&old, &new, 1).same_fronts()
        };
        assert_eq!(fronts(&[1, 7]), [(0, 1)]);
        assert_eq!(fronts(&[7, 7]), [], "another note asks the same");
        assert_eq!(fronts(&[1, 8, 9, 11, nothing()]), [], "two lines, another file, gone, and no front");
    }

    #[test]
    fn lines_that_would_be_asked_about_are_held() {
        let (old, new) = ([note(0, 10, 1), note(0, 20, 2), note(1, 10, 3)], [note(0, 0, 4), note(2, 0, 5)]);
        let question = |new, old| Question { new, old, score: Score(400) };
        let mut matching = Matching { near: vec![question(0, 1), question(1, 2)], ..unmatched(2) };
        assert_eq!(sides(&old, &new, 1).hold(&mut matching), [false, false, true]);
        assert_eq!(matching.near, [question(0, 1)], "of what is there, it is asked");
        let mut matching = Matching { ties: vec![question(0, 2), question(1, 2)], ..unmatched(2) };
        assert_eq!(sides(&old, &new, 1).hold(&mut matching), [false, false, true]);
        assert_eq!(matching.ties, [], "what is held cannot be another note");
    }

    #[test]
    fn between_the_same_neighbours_there_is_a_line_for_each() {
        let old = [note(0, 10, 1), note(0, 20, 2), note(0, 30, 3), note(0, 40, 4), note(0, 50, 5)];
        let held = |left_out: &[(u32, u64)]| {
            let mut new = vec![note(0, 0, 1), note(0, 10, 4)];
            new.extend(left_out.iter().map(|&(position, front)| note(0, position, front)));
            let mut matching = unmatched(new.len());
            matching.matches[0] = Some(Match { old: 0, how: How::Same });
            matching.matches[1] = Some(Match { old: 3, how: How::Same });
            sides(&old, &new, 2).hold(&mut matching)
        };
        assert_eq!(held(&[(5, 8)]), [false; 5], "one of two is gone, and nobody knows which");
        assert_eq!(held(&[(5, 8), (6, 9)]), [false, true, true, false, false]);
        assert_eq!(held(&[(5, nothing())]), [false, true, true, false, false]);
        assert_eq!(held(&[(15, 8)]), [false, false, false, false, true]);
    }
}
