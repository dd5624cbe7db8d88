//! Turns answers about who is who into a lock on the disk, and GUIDs into ids in the notes' files.
//!
//! What an answer does to the lock is up to [`identity`]; how it was asked for is for the command line to know.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Checked, Failure, Format, Identity, NewFile, Request};
use crate::files;
use crate::identity::{self, Denial, Lock, Recovered, Unstamped};
use crate::ir::{Guid, Note, normalised_front};
use crate::package::{self, PackagedNote};
use crate::source::{Source, SourceId};
use crate::{Error, emit, markdown};

/// The note at `new` takes back the GUID `old`.
///
/// # Errors
/// The answer makes no sense, or the lock cannot be written.
pub fn keep(checked: &mut Checked, old: &Guid, new: usize) -> Result<Guid, Failure> {
    let guid = note(checked, new)?.guid.clone();
    let identity = identity_of(checked)?;
    identity::keep(&mut identity.lock, old, &guid).map_err(|denial| denied(&denial))?;
    write_lock(identity)?;
    Ok(guid)
}

/// The note at `index` gets a GUID of its own, which is the result.
///
/// # Errors
/// The answer makes no sense, or the lock cannot be written.
pub fn split(checked: &mut Checked, index: usize) -> Result<Guid, Failure> {
    let before = before(checked);
    let note = note(checked, index)?.clone();
    let identity = identity_of(checked)?;
    let new = identity::split(&mut identity.lock, before.as_ref(), &note).map_err(|denial| denied(&denial))?;
    write_lock(identity)?;
    Ok(new)
}

/// Takes gone notes out of the lock for good.
///
/// # Errors
/// One of them is not a gone note; then none is forgotten. Or the lock cannot be written.
pub fn forget(checked: &mut Checked, guids: &[Guid]) -> Result<(), Failure> {
    let identity = identity_of(checked)?;
    for guid in guids {
        identity::forget(&mut identity.lock, guid).map_err(|denial| denied(&denial))?;
    }
    write_lock(identity)
}

/// Makes a lock from older packages; paths are relative to the request's start.
///
/// # Errors
/// There is a lock, a package cannot be read, none of its notes belongs to this collection, or the lock cannot be written.
pub fn recover(checked: &mut Checked, request: &Request, paths: &[PathBuf]) -> Result<Recovered, Failure> {
    let current = packed(checked)?;
    let collection_id = checked.collection.id.clone();
    let identity = identity_of(checked)?;
    if identity.source.is_some() {
        let path = identity.path.display();
        return Err(Failure::Usage(format!("{path} is there; move it away to make another from a package")));
    }
    let read = |path: &PathBuf| {
        let path = request.start.join(path);
        package::read(&path, &files::read_bytes(&path)?)
    };
    let packages = paths.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    let (lock, recovered) = identity::recover(&collection_id, &packages, &current);
    if recovered.notes == 0 {
        let message = format!("no note in it belongs to the collection `{collection_id}`; is `id` in deckle.yaml right?");
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
/// A file cannot be written.
pub fn stamp(checked: &mut Checked) -> Result<Vec<Stamped>, Failure> {
    let mut by_file: BTreeMap<SourceId, Vec<&Note>> = BTreeMap::new();
    for note in &checked.collection.notes {
        by_file.entry(note.span.source).or_default().push(note);
    }
    let (mut stamped, mut texts) = (Vec::new(), Vec::new());
    for (id, notes) in by_file {
        let (text, outcomes) = stamp_file(checked, id, &notes);
        texts.extend(text.map(|text| (checked.places.root.join(&checked.sources.get(id).path), text)));
        stamped.extend(notes.iter().zip(outcomes).map(|(note, outcome)| Stamped {
            guid: note.guid.clone(),
            source: id,
            line: note.line,
            outcome,
        }));
    }
    let mut files: Vec<NewFile<'_>> =
        texts.iter().map(|(path, text)| NewFile { path: path.clone(), bytes: text.as_bytes() }).collect();
    let identity = identity_of(checked)?;
    for note in stamped.iter().filter(|note| note.outcome.is_ok()) {
        identity::note_id(&mut identity.lock, &note.guid);
    }
    let lock = identity.to_write();
    files.extend(lock.as_ref().map(|(path, text)| NewFile { path: path.clone(), bytes: text.as_bytes() }));
    files::write_all(&files)?;
    Ok(stamped)
}

/// What became of a note that was to get an id.
#[derive(Debug)]
pub struct Stamped {
    /// Who it is.
    pub guid: Guid,
    /// Its file.
    pub source: SourceId,
    /// Its one-based line.
    pub line: usize,
    /// Why it has none, where it got none.
    pub outcome: Result<(), Unstamped>,
}

/// A file's text with the ids that are read as such; `None` where it stays as it is.
fn stamp_file(checked: &Checked, id: SourceId, notes: &[&Note]) -> (Option<String>, Vec<Result<(), Unstamped>>) {
    let source = checked.sources.get(id);
    let (text, mut outcomes) = identity::stamp(&source.text, notes.iter().copied());
    if outcomes.iter().all(Result::is_err) {
        return (None, outcomes);
    }
    let right = read_back(checked, id, &text, notes, &outcomes);
    if right.iter().all(|right| *right) {
        return (Some(text), outcomes);
    }
    // Once more without those that were not read as ids; should that be wrong too, the file is left alone.
    for (outcome, right) in outcomes.iter_mut().zip(right) {
        *outcome = if right { *outcome } else { outcome.and(Err(Unstamped::Place)) };
    }
    let chosen = notes.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(note, _)| *note);
    let (text, _) = identity::stamp(&source.text, chosen);
    if read_back(checked, id, &text, notes, &outcomes).iter().all(|right| *right) {
        return (Some(text), outcomes);
    }
    (None, outcomes.into_iter().map(|outcome| outcome.and(Err(Unstamped::Place))).collect())
}

/// Reads a stamped text, and says of each note whether it is there as it was, with its id if it was given one.
fn read_back(
    checked: &Checked,
    id: SourceId,
    text: &str,
    notes: &[&Note],
    outcomes: &[Result<(), Unstamped>],
) -> Vec<bool> {
    let Some(file) = checked.places.notes.get(&id) else { return vec![false; notes.len()] };
    let source = Source { path: checked.sources.get(id).path.clone(), text: text.to_owned() };
    let read = markdown::read(id, &source, &file.chapter, &file.settings).notes;
    if read.len() != notes.len() {
        return vec![false; notes.len()];
    }
    let is_right = |((note, read), outcome): ((&&Note, &Note), &Result<(), Unstamped>)| {
        let id = outcome.is_ok().then(|| identity::stamp_of(&note.guid)).or_else(|| note.id.clone());
        read.id == id && read.kind == note.kind && normalised_front(read) == normalised_front(note)
    };
    notes.iter().zip(&read).zip(outcomes).map(is_right).collect()
}

/// The lock as it was read; `None` where there was none.
pub fn before(checked: &Checked) -> Option<Lock> {
    let source = checked.identity.as_ref()?.source?;
    Some(Lock::parse(source, &checked.sources.get(source).text, &mut Vec::new()))
}

/// What the notes would be packed as now, each with what is remembered of it.
fn packed(checked: &Checked) -> Result<Vec<(PackagedNote, identity::lock::Remembered)>, Failure> {
    let Some(identity) = &checked.identity else { return Ok(Vec::new()) };
    let mut current = Vec::new();
    for artifact in emit::emit(Format::Apkg, &checked.collection)?.artifacts {
        let notes = package::read(&artifact.path, &artifact.bytes)?.notes.into_iter();
        current.extend(notes.filter_map(|note| {
            let remembered = identity.lock.note(&Guid(note.guid.clone()))?.remembered();
            Some((note, remembered))
        }));
    }
    Ok(current)
}

fn note(checked: &Checked, index: usize) -> Result<&Note, Failure> {
    checked.collection.notes.get(index).ok_or_else(|| Failure::Usage("there is no such note".to_owned()))
}

fn identity_of(checked: &mut Checked) -> Result<&mut Identity, Failure> {
    let message = "the notes have errors; `deckle check` shows them";
    checked.identity.as_mut().ok_or_else(|| Failure::Usage(message.to_owned()))
}

fn write_lock(identity: &Identity) -> Result<(), Failure> {
    if let Some((path, text)) = identity.to_write() {
        files::write_all(&[NewFile { path, bytes: text.as_bytes() }])?;
    }
    Ok(())
}

fn denied(denial: &Denial) -> Failure {
    Failure::Usage(match denial {
        Denial::Unknown(guid) => format!("the lock knows no note {guid}; `deckle ids list` shows all"),
        Denial::IsGone(guid) => format!("the note {guid} is gone"),
        Denial::IsThere(guid) => format!("the note {guid} is there; only a gone note's GUID can be given or forgotten"),
        Denial::OtherNoteType => "one of them is a cloze note and the other is not: Anki cannot make one the other".to_owned(),
        Denial::Stamped(guid) => format!("the id in its text says that it is {guid}; take that out, or write another"),
    })
}
