//! Turns a request into artifacts: the steps from files to files, and what stops them.
//!
//! Knows what follows what; how notes are read, checked and packed is the rooms' own business.

mod collect;
mod gather;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::config::BookOptions;
use crate::config::print::PrintLayer;
use crate::diagnostic::{self, Diagnostic, Severity};
pub use crate::emit::Format;
use crate::emit::{self, Printing};
use crate::files::{self, NewFile, Outcome};
use crate::ir::Collection;
use crate::markdown::{self, Document};
use crate::source::{SourceId, Sources};
use crate::{Error, check, identity};
use gather::Gathered;

/// Reads and checks everything that is asked for. Mistakes of the author are in the result; nothing is written.
///
/// # Errors
/// The request makes no sense, or a file or folder cannot be read.
pub fn check(request: &Request, progress: &Progress<'_>) -> Result<Checked, Failure> {
    let gathered = gather::gather(request, progress)?;
    let documents = read_documents(&gathered, progress);
    let read = gathered.notes.iter().zip(&documents).map(|(note, document)| (note.source, document.prose_headings));
    let selected = gathered.selected.as_ref();
    let files: Vec<_> = read.filter(|(id, _)| selected.is_none_or(|selected| selected.contains(id))).collect();
    let out = gathered.out.clone();
    let first_note = gathered.notes.first().map_or(SourceId(u32::MAX), |note| note.source);
    let printing = gathered.printing(&request.print);
    let book = gathered.project.book.clone();
    let mut merged = collect::merge(gathered, documents)?;
    let listing = collect::list(&merged)?;
    merged.diagnostics.extend(check::check(&merged.collection, &merged.uses, &listing));
    diagnostic::sort(&mut merged.diagnostics);
    if !diagnostic::has_errors(&merged.diagnostics) {
        identify(&mut merged.collection, &merged.templates)?;
    }
    if let Some(selected) = &merged.selected {
        collect::retain(&mut merged.collection, &merged.uses, selected);
    }
    let collect::Merged { sources, collection, diagnostics, selected, .. } = merged;
    let prose_headings = files.iter().map(|(_, count)| count).sum();
    let files = files.into_iter().map(|(id, _)| id).collect();
    Ok(Checked { sources, collection, diagnostics, selected, first_note, printing, book, out, files, prose_headings })
}

/// Makes the formats' artifacts and writes those that changed; nothing is written when there is an error, or a warning
/// and `deny_warnings`. What stopped it is among the diagnostics.
///
/// # Errors
/// A format's machinery fails, or a file cannot be written.
pub fn build(
    checked: &mut Checked,
    formats: &[Format],
    deny_warnings: bool,
    progress: &Progress<'_>,
) -> Result<Vec<Output>, Failure> {
    if checked.stops(deny_warnings) {
        return Ok(Vec::new());
    }
    let mut artifacts = Vec::new();
    for &format in formats {
        progress(Step::Emit);
        let emitted = emit::emit(format, &checked.collection, &checked.printing, &checked.book, &artifacts)?;
        checked.diagnostics.extend(emitted.diagnostics);
        artifacts.extend(emitted.artifacts);
    }
    diagnostic::sort(&mut checked.diagnostics);
    if checked.stops(deny_warnings) {
        return Ok(Vec::new());
    }
    progress(Step::Write);
    write(checked, &artifacts)
}

/// The JSON Schema of the IR; needs no notes.
pub fn schema() -> Result<Vec<u8>, Error> {
    Ok(emit::json::emit_schema()?.artifacts.into_iter().flat_map(|artifact| artifact.bytes).collect())
}

/// What to read and where to write.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The folder that paths are relative to; the project is looked for from here upwards where no path is given.
    pub start: PathBuf,
    /// Files and folders. In a project they choose what is put out, elsewhere what is read.
    pub paths: Vec<PathBuf>,
    /// The output folder, relative to `start`; the project's own unless given.
    pub out: Option<PathBuf>,
    /// Options of printing that go above the project's.
    pub print: PrintLayer,
}

/// Is told of each step; called from several threads.
pub type Progress<'a> = dyn Fn(Step) + Sync + 'a;

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many files are about to be read, each twice: from the disk, and as Markdown.
    Files(usize),
    /// One was.
    File,
    /// A format is made.
    Emit,
    /// The artifacts are written.
    Write,
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// The request cannot be met as it stands: a sentence in lower case, with what to do.
    Usage(String),
    /// The machine failed.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// What was read, and what is wrong with it.
#[derive(Debug)]
pub struct Checked {
    /// The texts.
    pub sources: Sources,
    /// The notes; without GUIDs where there are errors.
    pub collection: Collection,
    /// The author's mistakes, in reading order.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources that paths chose; `None` where all are.
    pub selected: Option<BTreeSet<SourceId>>,
    /// The first source that holds notes; settings stand before it.
    first_note: SourceId,
    /// How it is printed.
    pub printing: Printing,
    /// What the study site is like.
    pub book: BookOptions,
    /// The output folder.
    pub out: PathBuf,
    /// The note files, in reading order; where paths chose some, those.
    pub files: Vec<SourceId>,
    /// How many of their headings were prose and not notes.
    pub prose_headings: usize,
}

impl Checked {
    /// Whether the diagnostics forbid to write.
    pub fn stops(&self, deny_warnings: bool) -> bool {
        diagnostic::has_errors(&self.diagnostics) || (deny_warnings && !self.diagnostics.is_empty())
    }

    /// Leaves out what is wrong with files that were not chosen; settings concern every file.
    pub fn retain_selected_diagnostics(&mut self) {
        let Some(selected) = &self.selected else { return };
        let is_settings = |id: SourceId| id < self.first_note;
        self.diagnostics.retain(|Diagnostic { span, .. }| is_settings(span.source) || selected.contains(&span.source));
    }

    /// How many decks have notes of their own.
    pub fn decks(&self) -> usize {
        self.collection.notes.iter().map(|note| &note.deck).collect::<BTreeSet<_>>().len()
    }

    /// Each note file's path with the number of its notes, in reading order.
    pub fn notes_by_file(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<SourceId, usize> = BTreeMap::new();
        for note in &self.collection.notes {
            *counts.entry(note.span.source).or_default() += 1;
        }
        let count = |id| counts.get(id).copied().unwrap_or_default();
        self.files.iter().map(|id| (self.sources.get(*id).path.as_str(), count(id))).collect()
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        (errors, self.diagnostics.len() - errors)
    }
}

/// A file of the build.
#[derive(Debug)]
pub struct Output {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: usize,
    /// Whether it had to be written.
    pub outcome: Outcome,
}

/// Each file by itself, in parallel; the order is kept.
fn read_documents(gathered: &Gathered, progress: &Progress<'_>) -> Vec<Document> {
    let read = |note: &gather::NoteFile| {
        let source = gathered.sources.get(note.source);
        let document = markdown::read(note.source, source, &note.chapter, &note.settings);
        progress(Step::File);
        document
    };
    gathered.notes.par_iter().map(read).collect()
}

/// The one place that calls identity. `templates` are the project's own: file name → text.
fn identify(collection: &mut Collection, templates: &BTreeMap<String, String>) -> Result<(), Error> {
    collection.note_types = identity::note_types(&collection.id, &collection.name, templates);
    identity::assign(collection, files::now()?);
    Ok(())
}

fn write(checked: &Checked, artifacts: &[emit::Artifact]) -> Result<Vec<Output>, Failure> {
    let files: Vec<NewFile<'_>> = artifacts
        .iter()
        .map(|artifact| NewFile { path: checked.out.join(&artifact.path), bytes: &artifact.bytes })
        .collect();
    let manifest = checked.out.join(emit::book::MANIFEST);
    let stale = if files.iter().any(|file| file.path == manifest) {
        files::stale(&checked.out, &manifest, &files, emit::book::FOLDER)?
    } else {
        Vec::new()
    };
    let outcomes = files::write_all(&files)?;
    files::remove_all(&checked.out, &stale)?;
    let outputs = files.into_iter().zip(outcomes);
    Ok(outputs.map(|(file, outcome)| Output { size: file.bytes.len(), path: file.path, outcome }).collect())
}
