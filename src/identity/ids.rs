//! Says whose an explicit id is that stands on several notes: people copy a note with its id.
//!
//! Knows nothing of how ids are written.

use std::collections::BTreeMap;

use super::birth;
use super::field::{Hash, encode};
use super::lock::{Lock, LockedNote};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Collection, LeftOut, Note, SourceFile, side_texts};
use crate::source::Span;

/// Leaves each id to one note, the one that the lock remembers, else the first; the others are as if they had none, and are
/// reported. Notes that are left out have a right to theirs as well.
pub(super) fn settle(collection: &mut Collection, left_out: &mut LeftOut, lock: &Lock) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    for note in collection.notes.iter().chain(left_out.all()) {
        if let Some(id) = &note.id {
            owners.entry(id).or_default().push(note);
        }
    }
    owners.retain(|_, owners| owners.len() > 1);
    if owners.is_empty() {
        return Vec::new();
    }
    let known = lock.notes().iter().filter_map(|note| Some((note.id()?.into_owned(), note)));
    let known: BTreeMap<String, &LockedNote> = known.collect();
    let mut losers = BTreeMap::new();
    for (id, mut owners) in owners {
        owners.sort_by_key(|note| note.span);
        let line = known.get(id).copied().or_else(|| lock.note(&birth::named(&collection.id, id)));
        let rank = |note: &&&Note| line.map_or([false; 3], |line| likeness(line, note, &collection.sources));
        // Of several as good the first one counts.
        let Some(&keeper) = owners.iter().rev().max_by_key(rank) else { continue };
        for loser in owners.iter().filter(|note| note.span != keeper.span) {
            losers.insert(loser.span, (id.to_owned(), keeper.span, loser.id_place));
        }
    }
    for note in collection.notes.iter_mut().chain(left_out.all_mut()).filter(|note| losers.contains_key(&note.span)) {
        note.id = None;
    }
    let report = |(place, (id, taken, written)): (Span, (String, Span, Option<Span>))| {
        let found = Diagnostic::new(Code::DuplicateId, place, format!("the id `{id}` is another note's"))
            .caret("counts as a note without an id")
            .label(taken, "keeps it")
            .help("give each note an id of its own, or leave it out");
        // That is what is built.
        written.map_or_else(|| found.clone(), |written| found.clone().fix(written, ""))
    };
    losers.into_iter().map(report).collect()
}

/// What a note has in common with a line, the strongest first: both sides, the file with the front, the file.
fn likeness(line: &LockedNote, note: &Note, sources: &[SourceFile]) -> [bool; 3] {
    let texts = side_texts(note);
    let same_front = line.core().front == Hash::of(texts.front.as_bytes());
    let same_back = line.core().back == Hash::of(texts.back.as_bytes());
    let path = sources.get(note.span.source.0 as usize).map_or("", |source| source.path.as_str());
    let same_path = line.path_field() == encode(path);
    [same_front && same_back, same_path && same_front, same_path]
}
