//! Says who is who across edits: GUIDs, note type ids, modification times, positions and cloze numbers.
//!
//! What is remembered between builds is a [`Lock`]. Knows nothing of Anki's file format, nor where the lock lies.

mod answers;
mod birth;
mod clozes;
mod doubles;
mod fate;
mod field;
mod hash;
mod held;
mod ids;
pub mod lock;
pub mod matching;
mod note_types;
mod past;
mod positions;
mod published;
mod recover;
mod renew;
mod report;
pub mod sketch;
mod stamp;

use std::collections::BTreeMap;

use rayon::prelude::*;

use self::lock::{Day, LockedNote, LockedType};
use self::past::Recalled;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Collection, Guid, LeftOut, Note, NoteTypeKey};
use crate::source::Span;

pub use answers::{Denial, forget, keep, split};
pub use clozes::Renumbered;
pub use fate::{Fate, Fates};
pub use hash::is_guid;
pub use lock::Lock;
pub use matching::Score;
pub use note_types::{note_type_id, note_types};
pub use published::{Lost, Overtaken, PackedTexts, Published, TakenBack, packed_texts};
pub use recover::{Recovered, recover};
pub use stamp::{note_id, stamp_of};

/// Gives every note its GUID, modification time, position and cloze numbers, and every note type its id and modification
/// time. What `lock` remembers stays; the result's lock is to be written once all outputs are.
///
/// Without a lock every note is new: its GUID is the one of its birth. What the lock remembers of notes that are `left_out`
/// stays as it is. Of several notes with one id, one keeps it.
pub fn assign(collection: &mut Collection, left_out: &mut LeftOut, lock: Option<Lock>, clock: Clock) -> Outcome {
    // Anki refuses a note type of the time 0.
    let now = clock.now.max(1);
    let is_first = lock.is_none();
    let mut lock = lock.unwrap_or_else(|| Lock::new(&collection.id));
    lock.day = Some(Day::of(now));
    let mut diagnostics = ids::settle(collection, left_out, &lock);
    let doubles = doubles::settle(collection, &mut lock);
    let recalled = past::recall(collection, left_out, &lock);
    let held: Vec<Guid> = recalled.held().map(|note| note.guid().clone()).collect();
    diagnostics.extend(recalled.bare.iter().map(|&place| bare(place)));
    let (bare, prose) =
        std::mem::take(&mut left_out.bare).into_iter().partition(|note| recalled.bare.contains(&note.span));
    left_out.notes.extend::<Vec<Note>>(bare);
    left_out.bare = prose;
    let repositioned = take_over(collection, &recalled);
    let renewed = renew::renew(collection, &recalled, now);
    let mut report = report::report(collection, &lock, &recalled, &renewed);
    report.doubles = doubles.iter().filter_map(|double| report::double(collection, double)).collect();
    report.newer_than_epoch = if clock.source_date_epoch { lock.newest().filter(|&newest| newest > now) } else { None };
    report.repositioned = repositioned;
    let is_paired = recalled.into_is_paired();
    let fates: Vec<Fate> = renewed.iter().map(|renewed| renewed.fate).collect();
    let lines = renewed.into_iter().filter_map(|renewed| renewed.line.map(|line| *line)).collect();
    diagnostics.extend(foreign(collection, &lock));
    let (has_renewed, edited) = lock.renew(&is_paired, lines);
    let fates = collection.notes.iter().map(|note| &note.guid).zip(fates);
    let fates = Fates::new(is_first, fates.chain(held.iter().map(|guid| (guid, Fate::Held))), edited);
    let mut changed = has_renewed || is_first;
    let types = note_types::assign(&collection.id, &mut collection.note_types, &lock.types, now);
    report.raised = raised(&lock.types, &types);
    changed |= lock.renew_head(&collection.id, types);
    Outcome { lock, changed, fates, report, diagnostics }
}

/// Hands out what is remembered, and GUIDs and positions to the notes of which nothing is. Gives the packages in which others
/// have other positions, too.
fn take_over(collection: &mut Collection, recalled: &Recalled<'_>) -> Vec<Repositioned> {
    let remembered = |(index, note): (usize, &mut Note)| {
        let past = recalled.past(index);
        note.guid = past.core().map(|core| core.guid.clone()).unwrap_or_default();
        past.there().map(LockedNote::due)
    };
    let positions: Vec<Option<u32>> = collection.notes.par_iter_mut().enumerate().map(remembered).collect();
    let is_taken = |guid: &Guid| recalled.is_taken(guid);
    let is_held = |guid: &Guid| recalled.is_held(guid);
    birth::assign_guids(&collection.id, &mut collection.notes, &is_taken, &is_held);
    positions::assign(&mut collection.notes, &positions)
}

/// Most headings with nothing below them are prose; one that was a note has lost its answer.
fn bare(place: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingBack, place, "a note without an answer")
        .caret("had one at the last build")
        .help("write the answer below it, or `{.prose}` behind the heading if it is no note any more")
}

/// A lock of another collection: its GUIDs would go with note types of other ids, which Anki refuses to bring together.
fn foreign(collection: &Collection, lock: &Lock) -> Option<Diagnostic> {
    let span = lock.collection_span.filter(|_| lock.collection != collection.id)?;
    let message =
        format!("the lock belongs to the collection `{}`, and this one is `{}`", lock.collection, collection.id);
    Some(Diagnostic::new(Code::BadLock, span, message).caret("another id").help(
        "put the old `id` back into deckle.yaml; or take the lock away to start anew, and readers get every note again",
    ))
}

/// The note types that have a higher generation than before.
fn raised(old: &[LockedType], new: &[LockedType]) -> Vec<NoteTypeKey> {
    let is_raised = |new: &&LockedType| old.iter().any(|old| old.key == new.key && old.generation < new.generation);
    new.iter().filter(is_raised).map(|new| new.key).collect()
}

/// The time of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Unix seconds.
    pub now: i64,
    /// Whether they come from `SOURCE_DATE_EPOCH`, and may be older than the lock.
    pub source_date_epoch: bool,
}

/// What identity made of a collection.
#[derive(Debug)]
pub struct Outcome {
    /// What to remember; [`Lock::is_dirty`] says whether it has to be written.
    pub lock: Lock,
    /// Whether anything is remembered otherwise than before: a note is new, edited, moved or gone. `--frozen` stops then.
    pub changed: bool,
    /// What became of each note.
    pub fates: Fates,
    /// What people should know.
    pub report: Report,
    /// Mistakes that stop the build or warn.
    pub diagnostics: Vec<Diagnostic>,
}

/// What people should know of a build. Places are spans in the collection's sources; notes are indices in
/// [`Collection::notes`] as it was when identity ran. All lists are in source order, [`Self::gone`] in the lock's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Notes that were edited and kept their GUID because they resemble what they were.
    pub kept: Vec<Kept>,
    /// New notes that may be edited ones: the resemblance was too faint to decide.
    pub near: Vec<Question>,
    /// Notes that two old ones resemble almost equally.
    pub ties: Vec<Question>,
    /// New notes that are as like an old one as a note that it may have become, which has its GUID: one was split, or a variant
    /// was put beside it.
    pub halves: Vec<Question>,
    /// Notes that are in the lock and no longer in the collection, since the last build.
    pub gone: Vec<Gone>,
    /// New notes that resemble a gone one of the other note type, whose GUID they cannot have.
    pub crossed: Vec<Question>,
    /// How many notes have a new GUID.
    pub new: usize,
    /// How many gone notes are back.
    pub revived: usize,
    /// How many notes that have long been gone are forgotten; [`Lock::forget_older`] says it.
    pub forgotten: usize,
    /// How many notes' content changed, the kept ones among them and the new ones not.
    pub edited: usize,
    /// Top-level decks that lost notes, with how many they had, by name.
    pub losses: Vec<Loss>,
    /// Packages in which notes that stand where they stood have other positions, by top-level deck.
    pub repositioned: Vec<Repositioned>,
    /// Note types that have another id now: Anki has to merge them, with "Merge note types" ticked at the import.
    pub raised: Vec<NoteTypeKey>,
    /// Notes that have the explicit id of another one.
    pub moved_ids: Vec<MovedId>,
    /// Notes that got one GUID on two branches.
    pub doubles: Vec<Double>,
    /// Cloze notes with the deletions that were given other numbers.
    pub renumbered: Vec<(Span, Vec<Renumbered>)>,
    /// Top-level decks whose notes are in another one now, by name.
    pub redecked: Vec<Redecked>,
    /// Files whose notes are in another one now: the old path → the one that the first of them is in.
    pub moved_files: BTreeMap<String, String>,
    /// What was dated behind an edition that readers have; [`Published::overtake`] says it.
    pub overtaken: Overtaken,
    /// The newest modification time in the lock, where `SOURCE_DATE_EPOCH` is older than it.
    pub newer_than_epoch: Option<i64>,
}

/// A note that kept its GUID by resemblance.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its index.
    pub note: usize,
    /// Where it stands.
    pub span: Span,
    /// Its GUID.
    pub guid: Guid,
    /// How its text began before the edit.
    pub was: String,
    /// The resemblance.
    pub score: Score,
}

/// A note that may be another one than deckle took it for; `deckle ids keep OLD NEW` answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The note's index.
    pub note: usize,
    /// Where it stands.
    pub span: Span,
    /// The GUID it has now.
    pub guid: Guid,
    /// The GUID it might have.
    pub old: Guid,
    /// How the old note's text began.
    pub was: String,
    /// Where the old note stood; `None` for one that was gone before.
    pub path: Option<String>,
    /// The resemblance.
    pub score: Score,
}

/// A note that is no longer in the collection. It stays in the collections of those who imported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Its GUID.
    pub guid: Guid,
    /// How its text began.
    pub excerpt: String,
    /// The file it stood in.
    pub path: String,
    /// Its top-level deck.
    pub deck: String,
    /// What to type into Anki's browser to find it.
    pub search: String,
    /// What to type where that finds nothing, if the text tells it from other notes.
    pub text_search: Option<String>,
    /// Where a note with the same text stands, and who that is: a copy, or one that its id moved away from.
    pub twin: Option<(Span, Guid)>,
}

/// A note that has the explicit id of another one, and so its GUID and its cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedId {
    /// Where it stands.
    pub span: Span,
    /// The GUID.
    pub guid: Guid,
    /// The id.
    pub id: String,
    /// How the text of the other one began.
    pub was: String,
    /// Where that text stands now; `None` where it is gone.
    pub stands: Option<Span>,
}

/// Notes that were born with one GUID, on two branches that were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    /// The GUID.
    pub guid: Guid,
    /// Where the note stands that keeps it.
    pub elder: Span,
    /// Where the others stand, and who they are now.
    pub younger: Vec<(Span, Guid)>,
}

/// Notes that went from a top-level deck to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redecked {
    /// The deck's name at the last build.
    pub from: String,
    /// The name of the one that they are in.
    pub to: String,
    /// How many they are.
    pub notes: usize,
    /// Whether nothing is left in the other.
    pub is_whole: bool,
}

/// How many notes of a package were put further apart, for want of room between two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repositioned {
    /// Its top-level deck.
    pub deck: String,
    /// How many.
    pub notes: usize,
}

/// How many notes a top-level deck lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Its name.
    pub deck: String,
    /// How many of its notes are gone since the last build.
    pub lost: usize,
    /// How many it had.
    pub had: usize,
}

impl Loss {
    /// Whether it looks like an accident: at least 20 notes and more than a tenth of the deck.
    pub fn is_mass(&self) -> bool {
        self.lost >= 20 && self.lost * 10 > self.had
    }
}

#[cfg(test)]
mod tests;
