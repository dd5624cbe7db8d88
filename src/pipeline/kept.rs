//! Keeps documents from one compilation to the next, and gives them again where reading would give the same; has room for
//! what formats keep.
//!
//! A document is kept as it was read: who is who is found anew each time.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::format::KeptPieces;
use super::gathered::{NoteFile, Plan};
use crate::config::Settings;
use crate::markdown::Document;
use crate::source::{Source, SourceId, Sources};

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
}

impl Kept {
    /// The documents of the files, in their order: those that are kept, and by `read` those that are not. Keeps all of
    /// them, and nothing else.
    pub(super) fn documents(
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
