//! Turns answers about who is who into a lock on the disk, and GUIDs into ids in the notes' files.
//!
//! What an answer does to the lock is up to [`identity`]; how it was asked for is for the command line to know.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{Compiled, Failure, Identity, Request, Unstamped, Wanted};
use crate::anki::package;
use crate::files::{self, NewFile, Reserved, World};
use crate::identity::lock::LockedNote;
use crate::identity::{self, Denial, Fate, Lock, Recovered};
use crate::ir::{Collection, Guid, Note, NoteTypeKey, normalised_front};
use crate::source::{Source, SourceId};
use crate::text::path::join;
use crate::{Error, markdown};

/// Who is meant by a GUID, an id of the form `dk-` + GUID, or a place: a note's file, with `:` and a line of it unless it
/// holds one note only. The file is relative to the request's start, or to the project's root.
///
/// # Errors
/// There is no such note.
pub fn find(compiled: &Compiled, request: &Request, who: &str) -> Result<Guid, Failure> {
    let bare = who.strip_prefix("dk-").unwrap_or(who);
    if identity::is_guid(bare) {
        return Ok(Guid(bare.to_owned()));
    }
    let numbered = who.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<usize>().ok()?)));
    let (path, line) = numbered.map_or((who, None), |(path, line)| (path, Some(line)));
    let near = files::absolute(&request.start.join(path))?;
    let is_meant = |source: &Source| source.path == path || compiled.plan.root.join(&source.path) == near;
    let sources: BTreeSet<SourceId> =
        compiled.sources.iter().filter(|(_, source)| is_meant(source)).map(|(id, _)| id).collect();
    let notes = || compiled.collection.notes.iter().filter(|note| sources.contains(&note.span.source));
    let lines = sources.iter().map(|id| compiled.sources.get(*id).text.lines().count()).max();
    if let (Some(line), Some(lines)) = (line, lines)
        && line > lines
    {
        return Err(Failure::Usage(format!("{path} ends at line {lines}, so no note is at {who}")));
    }
    let found = match line {
        Some(line) => notes().filter(|note| note.line <= line).max_by_key(|note| note.line),
        None => notes().next().filter(|_| notes().count() == 1),
    };
    let is_below = |note: &&Note| line.is_none_or(|line| note.line <= line);
    let left_out = compiled.left_out.notes.iter().filter(|note| sources.contains(&note.span.source)).filter(is_below);
    let left_out = left_out.max_by_key(|note| note.line);
    if let Some(left_out) = left_out.filter(|left_out| found.is_none_or(|found| found.line < left_out.line)) {
        return find_held(compiled, left_out, who);
    }
    let missing = || match line {
        None if notes().next().is_some() => format!("several notes are in {path}; add `:` and a line"),
        Some(_) | None => format!("there is no note at {who}; `deckle ids list` shows all"),
    };
    found.map(|note| note.guid.clone()).ok_or_else(|| Failure::Usage(missing()))
}

/// Who a note is that is left out: what the lock holds of its file and begins as it does, or the only note of the file that it
/// holds.
fn find_held(compiled: &Compiled, note: &Note, who: &str) -> Result<Guid, Failure> {
    let path = compiled.sources.shown_path(note.span.source);
    let of_file = |known: &Known| known.place.as_ref().is_some_and(|(place, _)| place == path);
    let held: Vec<Known> =
        compiled.identity.iter().flat_map(|identity| held(compiled, identity)).filter(of_file).collect();
    let front = normalised_front(note);
    let begins = |known: &&Known| !known.excerpt.is_empty() && front.starts_with(known.excerpt.trim_end_matches('…'));
    let mut alike = held.iter().filter(begins);
    let found = match (alike.next(), alike.next(), held.as_slice()) {
        (Some(one), None, _) | (None, _, [one]) => Some(one),
        (Some(_) | None, _, _) => None,
    };
    let missing =
        || Failure::Usage(format!("the note at {who} is left out, and the lock knows none that is surely it"));
    found.map(|known| known.guid.clone()).ok_or_else(missing)
}

/// All that is known of the chosen notes, in source order, then of those that are left out, and then of the gone ones.
pub fn known(compiled: &Compiled) -> Vec<Known> {
    let Some(identity) = &compiled.identity else { return Vec::new() };
    let fate = |guid: &Guid| identity.fates.of(&identity.lock, guid);
    let mut all = Vec::with_capacity(compiled.collection.notes.len());
    for note in &compiled.collection.notes {
        let Some(fate) = fate(&note.guid) else { continue };
        let excerpt = identity.lock.note(&note.guid).map(|locked| locked.excerpt().into_owned());
        all.push(Known {
            guid: note.guid.clone(),
            fate,
            place: Some((compiled.sources.shown_path(note.span.source).to_owned(), Some(note.line))),
            excerpt: excerpt.unwrap_or_default(),
            note_type: note.note_type(),
            modified: note.modified,
            deck: Some(note.deck.as_str().to_owned()),
            id: note.id.clone(),
            due: Some(note.due),
        });
    }
    all.extend(held(compiled, identity));
    all.extend(identity.lock.gone().iter().map(|gone| Known {
        guid: gone.guid().clone(),
        fate: Fate::Gone,
        place: None,
        excerpt: gone.excerpt().into_owned(),
        note_type: gone.note_type(),
        modified: gone.modified(),
        deck: None,
        id: None,
        due: None,
    }));
    all
}

/// The notes of the chosen files that are left out.
fn held<'a>(compiled: &'a Compiled, identity: &'a Identity) -> impl Iterator<Item = Known> + 'a {
    let plan = &compiled.plan;
    let is_held = |note: &&LockedNote| identity.fates.of(&identity.lock, note.guid()) == Some(Fate::Held);
    let chosen: BTreeSet<&str> =
        compiled.tally.files.iter().map(|file| compiled.sources.get(*file).path.as_str()).collect();
    identity.lock.notes().iter().filter(is_held).filter_map(move |note| {
        let path = join(&plan.lock.base, &note.path());
        (plan.selected.is_none() || chosen.contains(path.as_str())).then(|| Known {
            guid: note.guid().clone(),
            fate: Fate::Held,
            place: Some((plan.shown_path(&path), None)),
            excerpt: note.excerpt().into_owned(),
            note_type: note.note_type(),
            modified: note.modified(),
            deck: Some(note.deck().into_owned()),
            id: note.id().map(Cow::into_owned),
            due: Some(note.due()),
        })
    })
}

/// What is known of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who it is.
    pub guid: Guid,
    /// What became of it since the last build.
    pub fate: Fate,
    /// Its file, where it is not gone, and its one-based line, where it is there.
    pub place: Option<(String, Option<usize>)>,
    /// How its text begins.
    pub excerpt: String,
    /// The note type it is a note of.
    pub note_type: NoteTypeKey,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// Its deck's full name, where it is there.
    pub deck: Option<String>,
    /// The id its author gave it.
    pub id: Option<String>,
    /// Its position within its package, where it is there.
    pub due: Option<u32>,
}

impl Known {
    /// Whether it is no longer there.
    pub fn is_gone(&self) -> bool {
        self.fate == Fate::Gone
    }
}

/// The note `new` takes back the GUID `old`.
///
/// # Errors
/// The answer makes no sense, or the lock cannot be written.
pub fn keep(compiled: &mut Compiled, old: &Guid, new: &Guid) -> Result<(), Failure> {
    let identity = identity_of(compiled)?;
    identity::keep(&mut identity.lock, old, new).map_err(|denial| denied(&denial))?;
    write_lock(identity)
}

/// A note gets a GUID of its own, which is the result.
///
/// # Errors
/// The answer makes no sense, or the lock cannot be written.
pub fn split(compiled: &mut Compiled, old: &Guid) -> Result<Guid, Failure> {
    let front = compiled.collection.notes.iter().find(|note| note.guid == *old).map(normalised_front);
    let identity = identity_of(compiled)?;
    let front = front.unwrap_or_default();
    let new =
        identity::split(&mut identity.lock, identity.fates.was(old), old, &front).map_err(|denial| denied(&denial))?;
    write_lock(identity)?;
    Ok(new)
}

/// Takes gone notes out of the lock for good.
///
/// # Errors
/// One of them is not a gone note; then none is forgotten. Or the lock cannot be written.
pub fn forget(compiled: &mut Compiled, guids: &[Guid]) -> Result<(), Failure> {
    let identity = identity_of(compiled)?;
    for guid in guids {
        identity::forget(&mut identity.lock, guid).map_err(|denial| denied(&denial))?;
    }
    write_lock(identity)
}

/// Makes a lock from older packages, or adds to it what it lacks; paths are relative to the request's start.
///
/// # Errors
/// A package cannot be read, none of its notes belongs to this collection, or the lock cannot be written.
pub fn recover(
    world: &World,
    compiled: &mut Compiled,
    request: &Request,
    paths: &[PathBuf],
) -> Result<Recovered, Failure> {
    let source = compiled.identity.as_ref().and_then(|identity| identity.source);
    // Lines that cannot be read would have stopped the compilation.
    let before = source.map(|id| Lock::parse(id, &compiled.sources.get(id).text, &mut Vec::new()));
    let (collection, identity) = identified(compiled)?;
    let read = |path: &PathBuf| {
        let path = request.start.join(path);
        package::read(&path, world.open_file(&path)?)
    };
    let packages = paths.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    let (lock, recovered) = identity::recover(collection, &packages, &identity.lock, before);
    if recovered.notes == 0 {
        let id = &collection.id;
        let message = format!("no note in it belongs to the collection `{id}`; is `id` in deckle.yaml right?");
        return Err(Failure::Usage(message));
    }
    identity.lock = lock;
    write_lock(identity)?;
    Ok(recovered)
}

/// Writes the GUIDs of the chosen notes into their files, as ids, and those into the lock.
///
/// A file is written only if it holds the same notes afterwards, each with its id: a place that only looks like one is
/// left out.
///
/// # Errors
/// The lock would lose many notes, or a file cannot be written.
pub fn stamp(world: &World, compiled: &mut Compiled) -> Result<Vec<Stamped>, Failure> {
    let mut by_file: BTreeMap<SourceId, Vec<&Note>> = BTreeMap::new();
    for note in &compiled.collection.notes {
        by_file.entry(note.span.source).or_default().push(note);
    }
    let (mut stamped, mut texts) = (Vec::new(), Vec::new());
    for (id, notes) in by_file {
        let (text, outcomes) = stamp_file(compiled, id, &notes);
        if let Some(text) = text {
            let path = compiled.plan.root.join(&compiled.sources.get(id).path);
            // Sources lack the mark that some editors put at a file's start.
            let mark = world.read_bytes(&path)?.starts_with(MARK.as_bytes()).then_some(MARK);
            texts.push((path, mark.unwrap_or_default().to_owned() + &text));
        }
        stamped.extend(notes.iter().zip(outcomes).map(|(note, outcome)| Stamped {
            guid: note.guid.clone(),
            path: compiled.sources.shown_path(id).to_owned(),
            line: note.line,
            outcome,
        }));
    }
    let mut files: Vec<NewFile> = texts.into_iter().map(|(path, text)| NewFile::lasting(path, text)).collect();
    let identity = identity_of(compiled)?;
    forbid_loss(identity)?;
    for note in stamped.iter().filter(|note| note.outcome.is_ok()) {
        identity::note_id(&mut identity.lock, &note.guid);
    }
    let lock = identity.to_write();
    let _reserved = reserve(identity)?;
    files.extend(lock.map(|(path, text)| NewFile::lasting(path, text)));
    files::write_all(&files)?;
    Ok(stamped)
}

/// The byte order mark of UTF-8. Sources lack it.
pub(super) const MARK: &str = "\u{feff}";

/// What became of a note that was to get an id.
#[derive(Debug)]
pub struct Stamped {
    /// Who it is.
    pub guid: Guid,
    /// Its file.
    pub path: String,
    /// Its one-based line.
    pub line: usize,
    /// Why it has none, where it got none.
    pub outcome: Result<(), Unstamped>,
}

/// A file's text with the ids that are read as such; `None` where it stays as it is.
fn stamp_file(compiled: &Compiled, id: SourceId, notes: &[&Note]) -> (Option<String>, Vec<Result<(), Unstamped>>) {
    let Some(file) = compiled.plan.note_file(id) else { return (None, vec![Err(Unstamped::Place); notes.len()]) };
    let source = compiled.sources.get(id);
    let file = markdown::File { id, source, chapter: &file.chapter, settings: &file.settings };
    let notes: Vec<(&Note, String)> = notes.iter().map(|note| (*note, identity::stamp_of(&note.guid))).collect();
    markdown::stamp(file, &notes)
}

fn identity_of(compiled: &mut Compiled) -> Result<&mut Identity, Failure> {
    identified(compiled).map(|(_, identity)| identity)
}

fn identified(compiled: &mut Compiled) -> Result<(&Collection, &mut Identity), Failure> {
    let message = "the notes have errors; `deckle check` shows them";
    let identity = compiled.identity.as_mut().ok_or_else(|| Failure::Usage(message.to_owned()))?;
    Ok((&compiled.collection, identity))
}

fn write_lock(identity: &Identity) -> Result<(), Failure> {
    forbid_loss(identity)?;
    if let Some((path, text)) = identity.to_write() {
        let _reserved = reserve(identity)?;
        files::write_all(&[NewFile::lasting(path, text)])?;
    }
    Ok(())
}

/// A build that goes on would take the temporary files for those of one that died.
fn reserve(identity: &Identity) -> Result<Reserved, Error> {
    files::reserve(&identity.path.parent().into_iter().collect::<Vec<_>>(), &mut |_| {})
}

/// An answer is no way round the guard against the loss of many notes, and neither is a stamp.
fn forbid_loss(identity: &Identity) -> Result<(), Failure> {
    if identity.refusal(&Wanted::default()).is_some() {
        let message = "the lock would lose many notes; `deckle build` says which, and has to be run before";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(())
}

fn denied(denial: &Denial) -> Failure {
    Failure::Usage(match denial {
        Denial::Unknown(guid) => format!("the lock knows no note {guid}; `deckle ids list` shows all"),
        Denial::IsGone(guid) => format!("the note {guid} is gone"),
        Denial::IsThere(guid) => format!("the note {guid} is there; only a gone note's GUID can be given or forgotten"),
        Denial::OtherNoteType => {
            "one of them is a cloze note and the other is not: Anki cannot make one the other".to_owned()
        }
        Denial::Stamped(guid) => format!("the id in its text says that it is {guid}; take that out, or write another"),
    })
}
