//! Turns the documents of all files into one collection, with decks and media.
//!
//! Knows nothing of Markdown or formats; identity comes later.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::gather::Gathered;
use crate::Error;
use crate::anki::media_name::{media_name, part_names};
use crate::check::Folders;
use crate::config::Project;
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::ir::{self, Chapter, ChapterPart, Collection, Deck, DeckName, Media, Note, SourceFile};
use crate::markdown::{Document, MediaUse};
use crate::source::{SourceId, Sources};

/// Puts the documents together and loads the media that they use. `remembered` is the collection's id in the lock.
///
/// # Errors
/// A media file is there and cannot be read.
pub(super) fn merge(gathered: Gathered, documents: Vec<Document>, remembered: Option<&str>) -> Result<Merged, Error> {
    let Gathered { root, project, sources, mut diagnostics, selected, templates, lock, .. } = gathered;
    let (mut notes, mut chapters, mut uses) = (Vec::new(), Vec::new(), Vec::new());
    for document in documents {
        let offset = notes.len();
        notes.extend(document.notes);
        chapters.extend(document.chapter.map(|chapter| shift(chapter, offset)));
        uses.extend(document.media);
        diagnostics.extend(document.diagnostics);
    }
    let media = load_media(&root, &uses)?;
    let mut collection = compile(project, remembered, notes, chapters, media);
    let without_lock = sources.iter().filter(|(id, _)| Some(*id) != lock.source);
    collection.sources = without_lock.map(|(_, source)| SourceFile { path: source.path.clone() }).collect();
    Ok(Merged { root, sources, collection, uses, diagnostics, selected, templates })
}

/// All files as one.
pub(super) struct Merged {
    /// What the paths of sources are relative to.
    pub(super) root: std::path::PathBuf,
    /// The texts.
    pub(super) sources: Sources,
    /// The notes, without identity.
    pub(super) collection: Collection,
    /// Every use of local media.
    pub(super) uses: Vec<MediaUse>,
    /// What was found wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The sources that paths chose; `None` where all are.
    pub(super) selected: Option<BTreeSet<SourceId>>,
    /// The project's own templates: file name → text.
    pub(super) templates: BTreeMap<String, String>,
}

/// Lists the folders of notes and those that media uses point into.
pub(super) fn list(merged: &Merged) -> Result<Folders, Error> {
    let note_sources: BTreeSet<SourceId> = merged.collection.notes.iter().map(|note| note.span.source).collect();
    let note_folders: BTreeSet<&str> = note_sources.iter().map(|&id| parent(&merged.sources.get(id).path)).collect();
    let mut folders = Folders::default();
    for &folder in
        note_folders.iter().chain(&merged.uses.iter().map(|media| parent(&media.path)).collect::<BTreeSet<_>>())
    {
        if !folders.files.contains_key(folder) {
            folders.files.insert(folder.to_owned(), files::list_names(&merged.root.join(folder))?);
        }
    }
    folders.note_folders = note_folders.into_iter().map(str::to_owned).collect();
    Ok(folders)
}

/// Takes out what does not come from the chosen sources.
pub(super) fn retain(collection: &mut Collection, uses: &[MediaUse], selected: &BTreeSet<SourceId>) {
    let mut kept = 0;
    let places: Vec<Option<usize>> = collection
        .notes
        .iter()
        .map(|note| {
            selected.contains(&note.span.source).then(|| {
                kept += 1;
                kept - 1
            })
        })
        .collect();
    collection.notes.retain(|note| selected.contains(&note.span.source));
    for chapter in &mut collection.chapters {
        chapter.parts.retain_mut(|part| match part {
            ChapterPart::Prose { block } => selected.contains(&block.span.source),
            ChapterPart::Note { note } => match places.get(*note).copied().flatten() {
                Some(place) => {
                    *note = place;
                    true
                }
                None => false,
            },
        });
    }
    collection.chapters.retain(|chapter| !chapter.parts.is_empty());
    let kept_uses = uses.iter().filter(|place| selected.contains(&place.span.source));
    let paths: BTreeSet<&str> = kept_uses.map(|place| place.path.as_str()).collect();
    collection.media.retain(|media| paths.contains(media.path.as_str()));
    let decks = with_parents(collection.notes.iter().map(|note| &note.deck));
    collection.decks.retain(|deck| decks.contains(&deck.name));
}

fn shift(mut chapter: Chapter, offset: usize) -> Chapter {
    for part in &mut chapter.parts {
        match part {
            ChapterPart::Note { note } => *note += offset,
            ChapterPart::Prose { .. } => {}
        }
    }
    chapter
}

/// Without an id or a name of its own a collection goes by what it was in the lock, and before by its first deck.
fn compile(
    project: Project,
    remembered: Option<&str>,
    notes: Vec<Note>,
    chapters: Vec<Chapter>,
    media: Vec<Media>,
) -> Collection {
    let decks = decks(&notes, project.decks);
    let top = notes.first().map(|note| note.deck.top()).or_else(|| decks.first().map(|deck| deck.name.top()));
    let remembered = remembered.filter(|_| project.id.is_none());
    let top = remembered.or(top).unwrap_or_default().to_owned();
    Collection {
        version: ir::VERSION,
        id: project.id.unwrap_or_else(|| top.clone()),
        name: project.name.unwrap_or(top),
        site_url: project.site_url,
        sources: Vec::new(),
        decks,
        note_types: Vec::new(),
        notes,
        media,
        chapters,
    }
}

/// Every deck with notes or a description, and their parents, by name.
fn decks(notes: &[Note], descriptions: Vec<(DeckName, String)>) -> Vec<Deck> {
    let names = with_parents(notes.iter().map(|note| &note.deck).chain(descriptions.iter().map(|(name, _)| name)));
    let mut descriptions: BTreeMap<DeckName, String> = descriptions.into_iter().collect();
    names.into_iter().map(|name| Deck { description: descriptions.remove(&name), name }).collect()
}

fn with_parents<'a>(names: impl Iterator<Item = &'a DeckName>) -> BTreeSet<DeckName> {
    let distinct: BTreeSet<&DeckName> = names.collect();
    distinct.iter().flat_map(|name| name.parents().chain(std::iter::once((*name).clone()))).collect()
}

/// The bytes of every file that is used and is there, by path. What is missing is reported by the check.
fn load_media(root: &std::path::Path, uses: &[MediaUse]) -> Result<Vec<Media>, Error> {
    let paths: BTreeSet<&str> = uses.iter().map(|media| media.path.as_str()).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let load = |path: &&str| Ok(files::read_media(&root.join(path))?.map(|bytes| named_media(path, bytes)));
    let loaded: Result<Vec<Option<Media>>, Error> = paths.par_iter().map(load).collect();
    let mut media: Vec<Media> = loaded?.into_iter().flatten().collect();
    part_names(&mut media);
    Ok(media)
}

fn named_media(path: &str, bytes: Vec<u8>) -> Media {
    let digest = Sha256::digest(&bytes);
    let sha256 = digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        hex.extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)));
        hex
    });
    let name = media_name(path, sha256.get(..8).unwrap_or_default());
    Media { path: path.to_owned(), name, sha256, bytes }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decks_have_their_parents_and_descriptions() {
        let name = |text| DeckName::new(text).unwrap();
        let decks = decks(&[], vec![(name("A::B::C"), "x".into()), (name("A"), "y".into())]);
        let shown: Vec<_> = decks.iter().map(|deck| (deck.name.as_str(), deck.description.as_deref())).collect();
        assert_eq!(shown, [("A", Some("y")), ("A::B", None), ("A::B::C", Some("x"))]);
    }
}
