//! Keeps documents from one compilation to the next, in memory or as bytes, and gives them again where reading would give the
//! same; has room for what formats keep.
//!
//! A document is kept as it was read: who is who is found anew each time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::format::KeptPieces;
use super::gathered::{NoteFile, Plan};
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::identity::Lock;
use crate::markdown::Document;
use crate::source::{Source, SourceId, Sources};
use crate::text::parcel::{Parcel, Unpack};

/// Where documents are kept.
pub(super) enum Keeping<'k, 's> {
    /// Nowhere.
    Nowhere,
    /// In memory.
    Here(&'k mut Kept),
    /// As bytes, for the next build.
    Saved(&'k mut SavedDocuments<'s>),
}

impl Keeping<'_, '_> {
    /// The lock of a text, the source `id`; the one before where that had the same text.
    pub(super) fn lock(&mut self, id: SourceId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Lock {
        match self {
            Self::Here(kept) => kept.lock(id, text, diagnostics),
            Self::Nowhere | Self::Saved(_) => Lock::parse(id, text, diagnostics),
        }
    }

    /// The documents of the files, in their order: those that are kept, and by `read` those that are not.
    pub(super) fn documents(
        self,
        plan: &Plan,
        sources: &Sources,
        read: &(dyn Fn(&NoteFile) -> Document + Sync),
    ) -> Vec<Document> {
        match self {
            Self::Nowhere => plan.notes.par_iter().map(read).collect(),
            Self::Here(kept) => kept.documents(plan, sources, read),
            Self::Saved(saved) => saved.documents(plan, sources, read),
        }
    }
}

/// What is kept of the last compilation.
#[derive(Debug, Default)]
pub struct Kept {
    /// How many documents the last compilation took from the one before.
    pub reused: usize,
    /// How many it read.
    pub read: usize,
    /// What formats made of notes.
    pub pieces: KeptPieces,
    /// Path of the source → what was read.
    documents: BTreeMap<String, KeptDocument>,
    /// The lock without damage that was read last, and its text.
    lock: Option<(String, Lock)>,
}

impl Kept {
    fn lock(&mut self, id: SourceId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Lock {
        if let Some((_, lock)) = self.lock.as_ref().filter(|(known, _)| known == text) {
            return lock.clone().at_home(id);
        }
        let mut damages = Vec::new();
        let lock = Lock::parse(id, text, &mut damages);
        self.lock = damages.is_empty().then(|| (text.to_owned(), lock.clone()));
        diagnostics.append(&mut damages);
        lock
    }

    /// The documents of the files, in their order: those that are kept, and by `read` those that are not. Keeps all of
    /// them, and nothing else.
    fn documents(
        &mut self,
        plan: &Plan,
        sources: &Sources,
        read: &(dyn Fn(&NoteFile) -> Document + Sync),
    ) -> Vec<Document> {
        let mut before = std::mem::take(&mut self.documents);
        let files = plan.notes.iter().map(|file| {
            let source = sources.get(file.source);
            (file, source, before.remove(&source.path).filter(|kept| kept.is_of(file, source)))
        });
        let files: Vec<_> = files.collect();
        self.reused = files.iter().filter(|(.., kept)| kept.is_some()).count();
        self.read = files.len() - self.reused;
        let take = |(file, source, kept): (&NoteFile, &Source, Option<KeptDocument>)| {
            let mut kept = kept.unwrap_or_else(|| KeptDocument::new(file, source, read(file)));
            kept.number(file.source);
            (kept.document.clone(), (source.path.clone(), kept))
        };
        let (documents, kept): (Vec<Document>, Vec<(String, KeptDocument)>) = files.into_par_iter().map(take).unzip();
        self.documents = kept.into_iter().collect();
        documents
    }
}

/// A document with all that it depends on beside its path.
#[derive(Debug)]
struct KeptDocument {
    /// The number of the source in the document's spans.
    source: SourceId,
    text: String,
    chapter: String,
    settings: Settings,
    document: Document,
}

impl KeptDocument {
    fn new(file: &NoteFile, source: &Source, document: Document) -> Self {
        let (text, chapter, settings) = (source.text.clone(), file.chapter.clone(), file.settings.clone());
        Self { source: file.source, text, chapter, settings, document }
    }

    /// Whether reading the file would give this document again.
    fn is_of(&self, file: &NoteFile, source: &Source) -> bool {
        self.text == source.text && self.chapter == file.chapter && self.settings == file.settings
    }

    /// Sources are numbered in reading order: one that came or went gives those behind it other numbers.
    fn number(&mut self, source: SourceId) {
        if self.source != source {
            self.source = source;
            self.document.move_to(source);
        }
    }
}

/// Documents as bytes.
#[derive(Debug, Default)]
pub(super) struct SavedDocuments<'a> {
    /// Those of the last build: path of the source → all else that it was made of, as a hash, and its bytes.
    before: HashMap<&'a str, (u128, &'a [u8])>,
    /// What this build leaves in their place.
    now: Vec<u8>,
}

/// Documents of so many bytes of text are saved, if they are of no more: they take as much again, and are held until the end.
const MOST_SAVED: usize = 8 << 20;

impl<'a> SavedDocuments<'a> {
    /// Those that were left; none where these are other bytes.
    pub(super) fn new(left: &'a [u8]) -> Self {
        let document = |from: &mut Unpack<'a>| Some((from.text()?, (from.hash()?, from.bytes()?)));
        let before = Unpack::new(left).many(document).unwrap_or_default();
        Self { before: before.into_iter().collect(), now: Vec::new() }
    }

    fn documents(
        &mut self,
        plan: &Plan,
        sources: &Sources,
        read: &(dyn Fn(&NoteFile) -> Document + Sync),
    ) -> Vec<Document> {
        let length: usize = plan.notes.iter().map(|file| sources.get(file.source).text.len()).sum();
        if length > MOST_SAVED {
            return Keeping::Nowhere.documents(plan, sources, read);
        }
        let take = |(file, settings): (&NoteFile, u128)| {
            let source = sources.get(file.source);
            let made_of = made_of(file, source, settings);
            let before = self.before.get(source.path.as_str()).filter(|(before, _)| *before == made_of);
            let kept = before.and_then(|(_, bytes)| Some((Document::restore(bytes, file.source)?, Cow::from(*bytes))));
            let (document, bytes) = kept.map_or_else(|| (read(file), None), |(kept, bytes)| (kept, Some(bytes)));
            let bytes = bytes.or_else(|| document.save().map(Cow::from));
            (document, bytes.map(|bytes| (source.path.as_str(), made_of, bytes)))
        };
        let (documents, saved): (Vec<Document>, Vec<_>) =
            plan.notes.par_iter().zip(settings_of(plan)).map(take).unzip();
        let saved: Vec<(&str, u128, Cow<'_, [u8]>)> = saved.into_iter().flatten().collect();
        let room = saved.iter().map(|(path, _, bytes)| path.len() + bytes.len() + 40).sum::<usize>();
        let mut parcel = Parcel::with_room(room + 10);
        parcel.count(saved.len());
        for (path, made_of, bytes) in saved {
            parcel.text(path);
            parcel.hash(made_of);
            parcel.bytes(&bytes);
        }
        self.now = parcel.into_bytes();
        documents
    }

    /// What the next build is to be given.
    pub(super) fn into_left(self) -> Vec<u8> {
        self.now
    }
}

/// A hash of the settings of each file. Files of a folder have the same.
fn settings_of(plan: &Plan) -> Vec<u128> {
    let mut last: Option<(&Settings, u128)> = None;
    let mut hashes = Vec::with_capacity(plan.notes.len());
    for NoteFile { settings, .. } in &plan.notes {
        // Derived, it names each field, whatever they will be.
        let hash = || xxh3_128(format!("{settings:?}").as_bytes());
        let hash = last.filter(|(known, _)| *known == settings).map_or_else(hash, |(_, hash)| hash);
        last = Some((settings, hash));
        hashes.push(hash);
    }
    hashes
}

/// All that a document is made of beside its path, as a hash.
fn made_of(file: &NoteFile, source: &Source, settings: u128) -> u128 {
    let mut parcel = Parcel::default();
    parcel.hash(settings);
    parcel.hash(xxh3_128(source.text.as_bytes()));
    parcel.text(&file.chapter);
    xxh3_128(parcel.as_bytes())
}
