//! Turns the lock and the notes of this build into who is who: for each note what is remembered of it, if anything.
//!
//! Which texts are alike is up to [`super::matching`]; what explicit ids say is decided here.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::birth;
use super::field::{Hash, encode};
use super::held::Sides;
use super::lock::{Core, Lock, LockedNote, Tombstone};
use super::matching::{self, Features, How, Match, Matching, NoteSketches, Score, Sketches};
use super::sketch::{Sketch, Words};
use crate::ir::{Collection, Guid, LeftOut, Note, SideTexts, side_texts};
use crate::source::{SourceId, Span};

/// Finds for each note what is remembered of it. What is remembered of those that are left out is held.
pub(super) fn recall<'a>(collection: &Collection, left_out: &LeftOut, lock: &'a Lock) -> Recalled<'a> {
    let (notes, there) = (people(collection, left_out), collection.notes.len());
    let mut sides: Vec<(Hash, Hash)> = notes.par_iter().map_init(SideTexts::default, hash_sides).collect();
    if lock.notes.is_empty() && lock.gone.is_empty() {
        sides.truncate(there);
        let matching = Matching { matches: vec![None; there], ..Matching::default() };
        let (is_paired, is_held, sketches) = (vec![], vec![], vec![]);
        return Recalled { lock, sides, matching, is_paired, is_held, bare: BTreeSet::new(), sketches };
    }
    let paths: Vec<String> = collection.sources.iter().map(|source| encode(&source.path).into_owned()).collect();
    let places = places(&notes, there);
    let new_features = || -> Vec<Features> { places.into_iter().zip(&notes).zip(&sides).map(new_features).collect() };
    let (mut new, mut old) = rayon::join(new_features, || old_features(lock, &paths));
    sides.truncate(there);
    let Pinned { pairs: named, crossings } = pinned(&collection.id, &notes, &paths, there, lock);
    if !lock.gone.is_empty()
        && let Some(matching) = same_as_living(left_out, &old, &new, &named, crossings.is_empty())
    {
        return Recalled::of_living(collection, lock, sides, matching);
    }
    old.extend(lock.gone.iter().map(|gone| features(gone.core(), u32::MAX, 0, true)));
    let (mut pairs, has_unknown_file) = hold_files(&old, &mut new, left_out, &named);
    pairs.extend(named);
    let both = Sides {
        old: &old,
        new: &new,
        there,
        left_out: left_out.notes.len(),
        bare: left_out.bare.len(),
        has_unknown_file,
    };
    pairs.extend(both.same_fronts());
    let both_texts = Both { notes: &notes, lock, made: new.iter().map(|_| OnceLock::new()).collect() };
    let mut matching = matching::match_notes(&old, &new, &pairs, &both_texts);
    let sketches = both_texts.made;
    matching.crossings.extend(crossings);
    let bare = remembered_headings(left_out, &matching, there, lock);
    let is_held = if left_out.is_empty() { vec![false; old.len()] } else { both.hold(&mut matching) };
    matching.crossings.sort_by_key(|question| (question.new, std::cmp::Reverse(question.score)));
    matching.crossings.dedup_by_key(|question| question.new);
    let mut is_paired = is_held.clone();
    note_pairs(collection, lock, &mut matching, &mut is_paired);
    Recalled { lock, sides, matching, is_paired, bare, is_held, sketches }
}

/// Notes down which of the old side are paired, and parts those whose stamp says otherwise.
fn note_pairs(collection: &Collection, lock: &Lock, matching: &mut Matching, is_paired: &mut [bool]) {
    for (note, matched) in collection.notes.iter().zip(&mut matching.matches) {
        let Some(found) = *matched else { continue };
        // A stamp is the GUID, whatever the text says.
        let stamped = note.id.as_deref().and_then(birth::stamped);
        if stamped.is_some_and(|stamped| lock.core(found.old).is_none_or(|core| core.guid != stamped)) {
            *matched = None;
        } else if let Some(paired) = is_paired.get_mut(found.old) {
            *paired = true;
        }
    }
}

/// Who is who where each note is one that was there, with the very texts: then nobody looks at those that are gone.
fn same_as_living(
    left_out: &LeftOut,
    living: &[Features],
    new: &[Features],
    named: &[(usize, usize)],
    has_no_crossings: bool,
) -> Option<Matching> {
    let is_plain = left_out.is_empty() && has_no_crossings && named.iter().all(|(old, _)| *old < living.len());
    is_plain.then(|| matching::match_same(living, new, named)).flatten()
}

/// The notes that are there, and behind them those that are left out.
fn people<'a>(collection: &'a Collection, left_out: &'a LeftOut) -> Vec<&'a Note> {
    collection.notes.iter().chain(left_out.all()).collect()
}

/// The place of each in source order; both the notes that are `there` and the others stand in that order.
fn places(notes: &[&Note], there: usize) -> Vec<u32> {
    let mut places: Vec<u32> = (0..).take(notes.len()).collect();
    if there < notes.len() {
        let mut order: Vec<usize> = (0..notes.len()).collect();
        order.sort_by_key(|&index| notes.get(index).map(|note| note.span));
        for (place, index) in (0..).zip(order) {
            places.get_mut(index).into_iter().for_each(|slot| *slot = place);
        }
    }
    places
}

/// The lines of files that cannot be read are for no note to take, but for one that moved out of there with its id: each is put on the new
/// side as well, and paired with itself. Says whether the lock knows nothing of one of those files. `named` are pairs of ids.
fn hold_files(
    old: &[Features],
    new: &mut Vec<Features>,
    left_out: &LeftOut,
    named: &[(usize, usize)],
) -> (Vec<(usize, usize)>, bool) {
    let (mut pairs, mut known) = (Vec::new(), BTreeSet::new());
    if left_out.files.is_empty() {
        return (pairs, false);
    }
    let is_unread = |line: &Features| !line.gone && left_out.files.contains(&SourceId(line.path));
    // With an id on a note of other texts, one was copied rather than moved.
    let is_like = |line: &Features, note: &Features| line.front == note.front || line.back == note.back;
    let took = named.iter().filter(|(line, note)| {
        old.get(*line).zip(new.get(*note)).is_some_and(|(line, note)| is_unread(line) && is_like(line, note))
    });
    let took: BTreeSet<usize> = took.map(|(line, _)| *line).collect();
    for (index, line) in old.iter().enumerate().filter(|(_, line)| is_unread(line)) {
        known.insert(line.path);
        if !took.contains(&index) {
            pairs.push((index, new.len()));
            new.push(*line);
        }
    }
    (pairs, known.len() < left_out.files.len())
}

/// The headings with nothing below them that were notes at the last build.
fn remembered_headings(left_out: &LeftOut, matching: &Matching, there: usize, lock: &Lock) -> BTreeSet<Span> {
    let matches = matching.matches.iter().skip(there + left_out.notes.len());
    let is_remembered = |found: &Option<Match>| found.is_some_and(|found| found.old < lock.notes.len());
    let bare = left_out.bare.iter().zip(matches).filter(|(_, found)| is_remembered(found));
    bare.map(|(note, _)| note.span).collect()
}

/// Who is who.
pub(super) struct Recalled<'a> {
    lock: &'a Lock,
    /// The hashes of each note's front and back.
    pub(super) sides: Vec<(Hash, Hash)>,
    /// Indices of the old side: those of the lock's notes, then those of the gone ones.
    pub(super) matching: Matching,
    /// For each of the old side whether a note of this build is it, be it left out.
    is_paired: Vec<bool>,
    /// The headings with nothing below them that are remembered as notes.
    pub(super) bare: BTreeSet<Span>,
    /// For each of the old side whether its line stays as it is because of a note that is left out.
    is_held: Vec<bool>,
    /// The sketches of the notes whose likeness counted.
    sketches: Vec<OnceLock<NoteSketches>>,
}

impl<'a> Recalled<'a> {
    /// Where nobody looked at what is gone.
    fn of_living(collection: &Collection, lock: &'a Lock, sides: Vec<(Hash, Hash)>, mut matching: Matching) -> Self {
        let mut is_paired = vec![false; lock.notes.len()];
        note_pairs(collection, lock, &mut matching, &mut is_paired);
        Self { lock, sides, matching, is_paired, bare: BTreeSet::new(), is_held: Vec::new(), sketches: Vec::new() }
    }

    /// What is remembered of a note.
    pub(super) fn past(&self, note: usize) -> Past<'a> {
        let matched = self.matching.matches.get(note).copied().flatten();
        matched.map_or(Past::None, |matched| self.old(matched.old))
    }

    /// How a note was recalled.
    pub(super) fn how(&self, note: usize) -> Option<How> {
        self.matching.matches.get(note).copied().flatten().map(|matched| matched.how)
    }

    /// The sketches of a note, where they were made to recall it.
    pub(super) fn sketches(&self, note: usize) -> Option<&NoteSketches> {
        self.sketches.get(note)?.get()
    }

    /// One of the old side.
    pub(super) fn old(&self, index: usize) -> Past<'a> {
        match self.lock.notes.get(index) {
            Some(note) => Past::There(note),
            None => self.lock.gone.get(index - self.lock.notes.len()).map_or(Past::None, Past::Gone),
        }
    }

    /// Whether a note of this build is this one of the old side.
    pub(super) fn is_paired(&self, old: usize) -> bool {
        self.is_paired.get(old).copied().unwrap_or_default()
    }

    /// How many of what was gone are back.
    pub(super) fn revived(&self) -> usize {
        self.is_paired.iter().skip(self.lock.notes.len()).filter(|is_paired| **is_paired).count()
    }

    /// The notes that are left out and remembered.
    pub(super) fn held(&self) -> impl Iterator<Item = &'a LockedNote> {
        self.lock.notes.iter().zip(&self.is_held).filter(|(_, is_held)| **is_held).map(|(note, _)| note)
    }

    /// For each of the old side whether a note of this build is it.
    pub(super) fn into_is_paired(self) -> Vec<bool> {
        self.is_paired
    }

    /// Whether an earlier build gave the GUID away.
    pub(super) fn is_taken(&self, guid: &Guid) -> bool {
        self.lock.index_of(guid).is_some()
    }

    /// Whether a note of this build has the GUID from the lock.
    pub(super) fn is_held(&self, guid: &Guid) -> bool {
        self.lock.index_of(guid).is_some_and(|index| self.is_paired(index))
    }
}

/// What is remembered of a note.
#[derive(Debug, Clone, Copy)]
pub(super) enum Past<'a> {
    /// It was there at the last build.
    There(&'a LockedNote),
    /// It was there once.
    Gone(&'a Tombstone),
    /// Nothing: it is new.
    None,
}

impl<'a> Past<'a> {
    /// What is remembered of it whether it was there or gone.
    pub(super) fn core(self) -> Option<&'a Core> {
        match self {
            Self::There(note) => Some(note.core()),
            Self::Gone(note) => Some(note.core()),
            Self::None => None,
        }
    }

    pub(super) fn there(self) -> Option<&'a LockedNote> {
        match self {
            Self::There(note) => Some(note),
            Self::Gone(_) | Self::None => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "an iterator's item")]
fn hash_sides(sides: &mut SideTexts, note: &&Note) -> (Hash, Hash) {
    sides.take(note);
    (Hash::of(sides.front.as_bytes()), Hash::of(sides.back.as_bytes()))
}

fn new_features(((position, note), (front, back)): ((u32, &&Note), &(Hash, Hash))) -> Features {
    let path = note.span.source.0;
    Features { note_type: note.note_type(), path, position, gone: false, front: front.0, back: back.0 }
}

/// Those of the notes that were there. Paths that are still there count as the sources do; others follow.
fn old_features(lock: &Lock, paths: &[String]) -> Vec<Features> {
    let mut numbers: HashMap<&str, u32> = paths.iter().map(String::as_str).zip(0..).collect();
    let mut next = paths.len() as u32;
    let mut number = |path| {
        *numbers.entry(path).or_insert_with(|| {
            next += 1;
            next - 1
        })
    };
    lock.notes.iter().map(|note| features(note.core(), number(note.path_field()), note.due(), false)).collect()
}

fn features(core: &Core, path: u32, position: u32, gone: bool) -> Features {
    Features { note_type: core.note_type, path, position, gone, front: core.front.0, back: core.back.0 }
}

/// What explicit ids decide.
#[derive(Default)]
struct Pinned {
    /// Old, new.
    pairs: Vec<(usize, usize)>,
    /// Notes whose id belonged to a note of the other note type.
    crossings: Vec<matching::Question>,
}

/// Of a note that is left out it does not matter which note type it has: nothing is made of it.
///
/// Of several lines with one id, that of the note's own file comes first: a copy of a note may have got a line while its file
/// could not be read. `paths` are those of the sources, as they stand in the lock.
fn pinned(collection_id: &str, notes: &[&Note], paths: &[String], there: usize, lock: &Lock) -> Pinned {
    let mut pinned = Pinned::default();
    if notes.iter().all(|note| note.id.is_none()) {
        return pinned;
    }
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, note) in lock.notes.iter().enumerate() {
        if let Some(id) = note.id() {
            known.entry(id.into_owned()).or_default().push(index);
        }
    }
    let of_id = |id: &str, note: &Note| {
        let lines = known.get(id)?;
        let path = paths.get(note.span.source.0 as usize).map_or("", String::as_str);
        let is_here = |index: &&usize| lock.notes.get(**index).is_some_and(|line| line.path_field() == path);
        lines.iter().find(is_here).or(lines.first()).copied()
    };
    let mut is_used = vec![false; lock.notes.len() + lock.gone.len()];
    for (new, note) in notes.iter().enumerate() {
        let Some(id) = note.id.as_deref() else { continue };
        let by_guid = || lock.index_of(&birth::named(collection_id, id));
        // A GUID that its note got from its id is left alone while that note is there without the id.
        let by_guid = by_guid().filter(|&old| birth::stamped(id).is_some() || old >= lock.notes.len());
        let stamped = birth::stamped(id).is_some();
        let old = if stamped { by_guid } else { of_id(id, note).or(by_guid) };
        let place = old.and_then(|old| Some((old, is_used.get_mut(old)?)));
        let Some((old, is_used)) = place.filter(|(_, is_used)| !**is_used) else { continue };
        if new >= there || lock.core(old).is_some_and(|core| core.note_type == note.note_type()) {
            *is_used = true;
            pinned.pairs.push((old, new));
        } else {
            pinned.crossings.push(matching::Question { new, old, score: Score(1000) });
        }
    }
    pinned
}

/// Sketches of the few notes whose texts equal no other's.
struct Both<'a> {
    notes: &'a [&'a Note],
    lock: &'a Lock,
    /// Those of the new side that were asked for.
    made: Vec<OnceLock<NoteSketches>>,
}

impl Both<'_> {
    fn texts(&self, index: usize) -> SideTexts {
        self.notes.get(index).map(|note| side_texts(note)).unwrap_or_default()
    }
}

impl Sketches for Both<'_> {
    fn of_old(&self, index: usize) -> NoteSketches {
        if let Some(note) = self.lock.notes.get(index) {
            return NoteSketches { front: note.front_sketch(), back: note.back_sketch() };
        }
        let gone = self.lock.gone.get(index - self.lock.notes.len());
        NoteSketches { front: gone.map(Tombstone::front_sketch).unwrap_or_default(), ..NoteSketches::default() }
    }

    fn of_new(&self, index: usize) -> NoteSketches {
        let make = || {
            let SideTexts { front, back, .. } = self.texts(index);
            NoteSketches { front: Sketch::of_front(&front), back: Sketch::of_back(&back) }
        };
        self.made.get(index).map_or_else(make, |made| made.get_or_init(make).clone())
    }

    fn words_of_new(&self, index: usize) -> [Words; 2] {
        let SideTexts { front, back, .. } = self.texts(index);
        [&front, &back].map(|text| Words::of(text))
    }
}
