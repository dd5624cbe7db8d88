//! Turns what identity decided into what people should know.
//!
//! Knows nothing of how it is shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::clozes::{self, Renumbered};
use super::doubles;
use super::fate::Fate;
use super::field::{Hash, decode, encode};
use super::lock::{Lock, LockedNote};
use super::matching::{self, How, Score};
use super::past::{Past, Recalled};
use super::renew::Renewed;
use super::{Double, Gone, Kept, Loss, MovedId, Overtaken, Question, Redecked, Report};
use crate::anki::note_type::field_names;
use crate::apkg;
use crate::ir::{Collection, DeckName, Note, NoteTypeKey};
use crate::source::Span;
use crate::text::extension::MediaKind;

/// The report of a build, but for the note types.
pub(super) fn report(collection: &Collection, lock: &Lock, recalled: &Recalled<'_>, renewed: &[Renewed]) -> Report {
    let matching = &recalled.matching;
    let ask = |questions: &[matching::Question]| -> Vec<Question> {
        questions.iter().filter_map(|one| question(collection, recalled, one)).collect()
    };
    let lost = || lock.notes.iter().enumerate().filter(|(index, _)| !recalled.is_paired(*index)).map(|(_, note)| note);
    Report {
        kept: all_kept(collection, lock, recalled, renewed),
        near: ask(&matching.near),
        ties: ask(&matching.ties),
        halves: ask(&matching.halves),
        crossed: ask(&matching.crossings),
        gone: all_gone(collection, recalled, lost()),
        new: renewed.iter().filter(|renewed| renewed.fate == Fate::New).count(),
        revived: recalled.revived(),
        forgotten: 0,
        edited: renewed.iter().filter(|renewed| renewed.edited).count(),
        losses: losses(lock, lost()),
        repositioned: Vec::new(),
        raised: Vec::new(),
        doubles: Vec::new(),
        moved_ids: moved_ids(collection, lock, recalled),
        renumbered: renumbered(collection, recalled, renewed),
        redecked: redecked(collection, recalled, renewed),
        moved_files: moved_files(collection, recalled, renewed),
        overtaken: Overtaken::default(),
        newer_than_epoch: None,
    }
}

/// Notes that had one GUID, once each has its own.
pub(super) fn double(collection: &Collection, double: &doubles::Double) -> Option<Double> {
    let note = |place: &usize| collection.notes.get(*place);
    // Who has the GUID all the same is not new.
    let born = double.younger.iter().filter_map(note).filter(|note| note.guid != double.guid);
    let younger = born.map(|note| (note.span, note.guid.clone())).collect();
    Some(Double { guid: double.guid.clone(), elder: note(&double.elder)?.span, younger })
}

/// The notes whose explicit id was another note's: its text, or theirs, tells of another line of the lock.
fn moved_ids(collection: &Collection, lock: &Lock, recalled: &Recalled<'_>) -> Vec<MovedId> {
    let has_other_texts = |index: &usize| {
        let sides = recalled.sides.get(*index).copied();
        let old = recalled.past(*index).core().filter(|_| recalled.how(*index) == Some(How::Pinned));
        old.zip(sides).is_some_and(|(old, (front, back))| old.front != front && old.back != back)
    };
    let pinned: Vec<usize> = (0..collection.notes.len()).filter(has_other_texts).collect();
    if pinned.is_empty() {
        return Vec::new();
    }
    let texts_of = |(note, sides): (&Note, &(Hash, Hash))| (note.note_type(), sides.0, sides.1);
    let there: HashMap<(NoteTypeKey, Hash, Hash), &Note> = collection
        .notes
        .iter()
        .zip(&recalled.sides)
        .rev()
        .map(|(note, sides)| (texts_of((note, sides)), note))
        .collect();
    let known: HashSet<(NoteTypeKey, Hash, Hash)> = lock.notes.iter().map(texts).collect();
    let moved = |index: usize| {
        let (note, sides, past) = (collection.notes.get(index)?, recalled.sides.get(index)?, recalled.past(index));
        let core = past.core()?;
        let stands = there.get(&(core.note_type, core.front, core.back)).map(|note| note.span);
        let is_moved = stands.is_some() || known.contains(&texts_of((note, sides)));
        let (id, guid) = (note.id.clone()?, note.guid.clone());
        is_moved.then(|| MovedId { span: note.span, guid, id, was: excerpt(past), stands })
    };
    pinned.into_iter().filter_map(moved).collect()
}

/// The cloze notes whose author gave deletions other numbers.
fn renumbered(collection: &Collection, recalled: &Recalled<'_>, renewed: &[Renewed]) -> Vec<(Span, Vec<Renumbered>)> {
    let edited = collection.notes.iter().enumerate().zip(renewed).filter(|(_, renewed)| renewed.edited);
    let changed = edited.filter_map(|((index, note), _)| {
        let found = clozes::renumbered(note, recalled.past(index).there()?.clozes());
        (!found.is_empty()).then_some((note.span, found))
    });
    changed.collect()
}

/// Where notes went to another top-level deck, whose package is another one: from which to which, and how many.
fn redecked(collection: &Collection, recalled: &Recalled<'_>, renewed: &[Renewed]) -> Vec<Redecked> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, note) in with_new_lines(collection, renewed) {
        if let Some(old) = recalled.past(index).there().filter(|old| old.deck_field() != encode(note.deck.top())) {
            *counts.entry((old.deck_field(), note.deck.top())).or_default() += 1;
        }
    }
    // Case alone is no rename: Anki goes on with the deck that it has.
    counts.retain(|(from, to), _| DeckName::folded(&decode(from).unwrap_or_default()) != DeckName::folded(to));
    if counts.is_empty() {
        return Vec::new();
    }
    let there: BTreeSet<Cow<'_, str>> = collection.notes.iter().map(|note| encode(note.deck.top())).collect();
    let held: BTreeSet<&str> = recalled.held().map(LockedNote::deck_field).collect();
    let is_left = |from: &str| !there.contains(from) && !held.contains(from);
    let describe = |((from, to), notes): ((&str, &str), usize)| Redecked {
        from: decode(from).unwrap_or_default().into_owned(),
        to: to.to_owned(),
        notes,
        is_whole: is_left(from),
    };
    counts.into_iter().map(describe).collect()
}

/// From which file to which notes went.
fn moved_files(collection: &Collection, recalled: &Recalled<'_>, renewed: &[Renewed]) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    for (index, note) in with_new_lines(collection, renewed) {
        let then = recalled.past(index).there().map(LockedNote::path);
        let now = collection.sources.get(note.span.source.0 as usize);
        if let Some((then, now)) = then.zip(now).filter(|(then, now)| now.path != *then) {
            moved.entry(then.into_owned()).or_insert_with(|| now.path.clone());
        }
    }
    moved
}

/// The notes with their indices whose line in the lock is another one: where a note lies is in it.
fn with_new_lines<'a>(collection: &'a Collection, renewed: &'a [Renewed]) -> impl Iterator<Item = (usize, &'a Note)> {
    let notes = collection.notes.iter().enumerate().zip(renewed);
    notes.filter(|(_, renewed)| renewed.line.is_some()).map(|(note, _)| note)
}

/// So alike are a note's new sides and its old ones, where nobody asks whether it is the same: a question such as "Definition"
/// may be asked of something else than before, even alone.
const SURE: Score = Score(600);

/// A note that asks as before in its file, alone, and answers much as before is no question either: nobody doubts which one it is.
fn all_kept(collection: &Collection, lock: &Lock, recalled: &Recalled<'_>, renewed: &[Renewed]) -> Vec<Kept> {
    let notes = 0..collection.notes.len();
    let mut all: Vec<Kept> = notes.filter_map(|note| kept(collection, recalled, renewed, note)).collect();
    let front = |kept: &Kept| recalled.sides.get(kept.note).map(|(front, _)| *front);
    let asks_as_before =
        |kept: &Kept| recalled.past(kept.note).core().map(|core| core.front) == front(kept) && front(kept).is_some();
    // How often each of their questions is asked, then and now.
    let mut asked: HashMap<Hash, (usize, usize)> =
        all.iter().filter(|kept| asks_as_before(kept)).filter_map(front).map(|front| (front, (0, 0))).collect();
    if !asked.is_empty() {
        let then = lock.notes.iter().map(|note| note.core().front);
        then.for_each(|front| asked.get_mut(&front).into_iter().for_each(|(then, _)| *then += 1));
        let now = recalled.sides.iter().map(|(front, _)| *front);
        now.for_each(|front| asked.get_mut(&front).into_iter().for_each(|(_, now)| *now += 1));
        all.retain(|kept| {
            let is_alone = front(kept).and_then(|front| asked.get(&front)) == Some(&(1, 1));
            !(asks_as_before(kept) && is_alone && kept.score >= SURE && stays_in_its_file(collection, recalled, kept))
        });
    }
    all
}

fn stays_in_its_file(collection: &Collection, recalled: &Recalled<'_>, kept: &Kept) -> bool {
    let then = recalled.past(kept.note).there().map(LockedNote::path);
    let now = collection.sources.get(kept.span.source.0 as usize);
    then.is_some_and(|then| now.is_some_and(|now| now.path == then))
}

/// A note whose card is the same, written otherwise, is no question.
fn kept(collection: &Collection, recalled: &Recalled<'_>, renewed: &[Renewed], index: usize) -> Option<Kept> {
    let Some(How::Similar(score)) = recalled.how(index) else { return None };
    if renewed.get(index).is_some_and(|renewed| renewed.fate == Fate::Same) {
        return None;
    }
    let note = collection.notes.get(index)?;
    let was = excerpt(recalled.past(index));
    Some(Kept { note: index, span: note.span, guid: note.guid.clone(), was, score })
}

fn question(collection: &Collection, recalled: &Recalled<'_>, asked: &matching::Question) -> Option<Question> {
    let note = collection.notes.get(asked.new)?;
    let old = recalled.old(asked.old);
    Some(Question {
        note: asked.new,
        span: note.span,
        guid: note.guid.clone(),
        old: old.core()?.guid.clone(),
        was: excerpt(old),
        path: old.there().map(|note| note.path().into_owned()),
        score: asked.score,
    })
}

fn excerpt(past: Past<'_>) -> String {
    match past {
        Past::There(note) => note.excerpt().into_owned(),
        Past::Gone(note) => note.excerpt().into_owned(),
        Past::None => String::new(),
    }
}

fn all_gone<'a>(
    collection: &Collection,
    recalled: &Recalled<'_>,
    lost: impl Iterator<Item = &'a LockedNote> + Clone,
) -> Vec<Gone> {
    let mut twins: HashMap<(NoteTypeKey, Hash, Hash), Option<&Note>> =
        lost.clone().map(|note| (texts(note), None)).collect();
    if !twins.is_empty() {
        for (note, &(front, back)) in collection.notes.iter().zip(&recalled.sides).rev() {
            if let Some(twin) = twins.get_mut(&(note.note_type(), front, back)) {
                *twin = Some(note);
            }
        }
    }
    lost.map(|note| gone(note, twins.get(&texts(note)).copied().flatten())).collect()
}

fn texts(note: &LockedNote) -> (NoteTypeKey, Hash, Hash) {
    (note.note_type(), note.core().front, note.core().back)
}

fn gone(note: &LockedNote, twin: Option<&Note>) -> Gone {
    let (excerpt, deck) = (note.excerpt().into_owned(), note.deck().into_owned());
    let search = format!("nid:{}", apkg::number(note.guid()));
    let text_search = text_search(note.note_type(), &excerpt);
    let twin = twin.map(|twin| (twin.span, twin.guid.clone()));
    Gone { guid: note.guid().clone(), path: note.path().into_owned(), excerpt, deck, search, text_search, twin }
}

/// What finds a note in Anki's browser where its id was taken: the words its first field begins with, whatever stands between them.
/// `None` where they are too few: other notes have them too. Not its deck, which readers may have under an older name.
///
/// Words are letters and digits only, so that nothing in them means something to the search
/// (<https://docs.ankiweb.net/searching.html>).
fn text_search(note_type: NoteTypeKey, excerpt: &str) -> Option<String> {
    let field = field_names(note_type).next().unwrap_or_default();
    // A picture stands in the excerpt with its path, and in Anki under another name.
    let texts = excerpt.split_whitespace().filter(|text| MediaKind::of(text).is_none());
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let is_telling = words.len() >= FEW && words.iter().map(|word| word.chars().count()).sum::<usize>() > SHORT;
    is_telling.then(|| format!("\"{field}:*{}*\"", words.join("*")))
}

/// Fewer words stand in many other notes.
const FEW: usize = 2;

/// So do words of no more letters in all: `C+D`.
const SHORT: usize = 7;

fn losses<'a>(lock: &'a Lock, lost: impl Iterator<Item = &'a LockedNote>) -> Vec<Loss> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for note in lost {
        counts.entry(note.deck_field()).or_default().0 += 1;
    }
    if counts.is_empty() {
        return Vec::new();
    }
    for note in &lock.notes {
        if let Some(count) = counts.get_mut(note.deck_field()) {
            count.1 += 1;
        }
    }
    let describe = |(deck, (lost, had))| Loss { deck: decode(deck).unwrap_or_default().into_owned(), lost, had };
    counts.into_iter().map(describe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_sought_where_it_tells_notes_apart() {
        let search = |excerpt| text_search(NoteTypeKey::Basic, excerpt);
        assert_eq!(search("What is a \"task\"?").as_deref(), Some("\"Front:*What*is*a*task*\""));
        for short in ["c?", "C+D", "Tide", "?", "", "content/a.png Tide", "content/long/name.png"] {
            assert_eq!(search(short), None, "{short}");
        }
    }
}
