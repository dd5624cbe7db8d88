//! Turns a request into artifacts: the steps from files to files, and what stops them.
//!
//! Knows what follows what; how notes are read, checked and packed is the rooms' own business.

mod answers;
mod collect;
mod format;
mod gather;
mod preprocess;
mod remember;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::artifact::{self, Artifact};
use crate::config::BookOptions;
use crate::config::print::PrintLayer;
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::files::{self, Listing, NewFile, Outcome};
use crate::ir::{BlockKind, ChapterPart, Collection, plain_text};
use crate::markdown::{self, Document};
use crate::print::{self, Printing};
use crate::site::book;
use crate::source::{LineIndex, SourceId, Sources, Span};
use crate::{Error, check, json};
pub use answers::{Known, Stamped, find, forget, keep, known, recover, split, stamp};
pub use format::{Format, emit};
use gather::Gathered;
pub use preprocess::{Preprocessed, preprocess, supports};
pub use remember::{Identity, Refusal};

/// Reads and checks everything that is asked for. Mistakes of the author are in the result; nothing is written.
///
/// # Errors
/// The request makes no sense, or a file or folder cannot be read.
pub fn check(request: &Request, progress: &Progress<'_>) -> Result<Checked, Failure> {
    let mut gathered = gather::gather(request, progress)?;
    check_templates(&mut gathered);
    let memory = remember::read(&mut gathered);
    let documents = read_documents(&gathered, progress);
    let undecked = undecked(&gathered, &documents);
    let deck_places = std::mem::take(&mut gathered.project.deck_places);
    let read = gathered.notes.iter().zip(&documents).map(|(note, document)| (note.source, document.prose_headings));
    let selected = gathered.selected.as_ref();
    let files: Vec<_> = read.filter(|(id, _)| selected.is_none_or(|selected| selected.contains(id))).collect();
    let is_whole = !gathered.is_loose && files.len() == gathered.notes.len();
    let out = gathered.out.clone();
    let printing = gathered.printing(&request.print);
    let book = gathered.project.book.clone();
    let notes = std::mem::take(&mut gathered.notes);
    let mut merged = merge(gathered, documents, &memory)?;
    if !diagnostic::has_errors(&merged.diagnostics) {
        merged.diagnostics.extend(check::check_decks(&merged.collection.notes, &deck_places));
    }
    let (root, start) = (merged.root.clone(), files::absolute(&request.start)?);
    let identity = identify(&mut merged, memory, |path| gather::shown_path(&root, &start, path))?;
    if let Some(selected) = &merged.selected {
        collect::retain(&mut merged.collection, &merged.uses, selected);
    }
    let collect::Merged { sources, collection, diagnostics, selected, .. } = merged;
    let prose_headings = files.iter().map(|(_, count)| count).sum();
    let files = files.into_iter().map(|(id, _)| id).collect();
    let notes = notes.into_iter().map(|note| (note.source, note)).collect();
    let places = Places { root, notes };
    Ok(Checked {
        sources,
        collection,
        diagnostics,
        identity,
        selected,
        printing,
        book,
        places,
        out,
        is_whole,
        files,
        undecked,
        prose_headings,
    })
}

/// Adds what only formats see, so that [`check()`] reports what [`build`] would. Where there are errors, a build makes no
/// format either.
///
/// # Errors
/// A format's machinery fails.
pub fn check_formats(checked: &mut Checked) -> Result<(), Failure> {
    if !checked.stops(false) {
        checked.diagnostics.extend(print::diagnostics(&checked.collection, &checked.printing)?);
        diagnostic::sort(&mut checked.diagnostics);
    }
    Ok(())
}

/// Makes the formats' artifacts and writes those that changed, and then the lock; nothing is written when there is an
/// error, or a warning and they are denied, or when identity says no. What stopped it is among the diagnostics, or the
/// refusal.
///
/// # Errors
/// A format's machinery fails, or a file cannot be written.
pub fn build(checked: &mut Checked, wanted: &Wanted, progress: &Progress<'_>) -> Result<Built, Failure> {
    if checked.stops(wanted.deny_warnings) {
        return Ok(Built::default());
    }
    if let Some(refusal) = checked.identity.as_ref().and_then(|identity| identity.refusal(wanted)) {
        return Ok(Built { refusal: Some(refusal), outputs: Vec::new() });
    }
    let mut artifacts = Vec::new();
    for &format in &wanted.formats {
        progress(Step::Emit);
        let emitted = emit(format, &checked.collection, &checked.printing, &checked.book, &artifacts)?;
        checked.diagnostics.extend(emitted.diagnostics);
        artifacts.extend(emitted.artifacts);
    }
    diagnostic::sort(&mut checked.diagnostics);
    if checked.stops(wanted.deny_warnings) {
        return Ok(Built::default());
    }
    progress(Step::Write);
    write(checked, wanted, &artifacts)
}

/// The JSON Schema of the IR; needs no notes.
pub fn schema() -> Result<Vec<u8>, Error> {
    Ok(json::emit_schema()?.artifacts.into_iter().flat_map(|artifact| artifact.bytes).collect())
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
    /// The lock, relative to `start`; `deckle.lock` beside `deckle.yaml` unless given, or in the folder that is named.
    pub lock: Option<PathBuf>,
    /// Whether, where neither a path nor a project says what to read, the lock does: the files that it knows.
    pub follows_lock: bool,
}

/// What to make, and what may happen to the lock.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The formats to write.
    pub formats: Vec<Format>,
    /// Whether warnings stop the build.
    pub deny_warnings: bool,
    /// Whether the lock has to stay as it is.
    pub frozen: bool,
    /// Whether a deck may lose many of its notes.
    pub accept_loss: bool,
}

/// What came of a build.
#[derive(Debug, Default)]
pub struct Built {
    /// The files; the lock is among them where it had to be written.
    pub outputs: Vec<Output>,
    /// Why nothing was written, where the lock is why.
    pub refusal: Option<Refusal>,
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
    /// Who is who; `None` where there are errors.
    pub identity: Option<Identity>,
    /// The sources that paths chose; `None` where all are.
    pub selected: Option<BTreeSet<SourceId>>,
    /// How it is printed.
    pub printing: Printing,
    /// What the study site is like.
    pub book: BookOptions,
    places: Places,
    /// The output folder.
    pub out: PathBuf,
    /// Whether all that a project puts out is made.
    is_whole: bool,
    /// The note files, in reading order; where paths chose some, those.
    pub files: Vec<SourceId>,
    /// Those among them that were named by themselves and yield nothing, because no deck is in effect.
    pub undecked: Vec<SourceId>,
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
        let is_note = |id: SourceId| self.places.notes.contains_key(&id);
        self.diagnostics.retain(|Diagnostic { span, .. }| !is_note(span.source) || selected.contains(&span.source));
    }

    /// Turns spans into places that people can find.
    pub fn places(&self) -> PlaceFinder<'_> {
        PlaceFinder { sources: &self.sources, lines: BTreeMap::new() }
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
        self.files.iter().map(|id| (self.sources.shown_path(*id), count(id))).collect()
    }

    /// The headings that are prose and not notes: path, one-based line and text, in reading order.
    pub fn headings_without_notes(&self) -> Vec<(&str, usize, String)> {
        let mut headings = Vec::new();
        for chapter in &self.collection.chapters {
            let mut lines: Option<LineIndex> = None;
            for part in &chapter.parts {
                let ChapterPart::Prose { block } = part else { continue };
                let BlockKind::Heading { content, .. } = &block.kind else { continue };
                let text = &self.sources.get(block.span.source).text;
                let line = lines.get_or_insert_with(|| LineIndex::new(text)).line(block.span.start as usize);
                headings.push((self.sources.shown_path(block.span.source), line, plain_text(content)));
            }
        }
        headings
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        (errors, self.diagnostics.len() - errors)
    }
}

/// Turns spans into places; reads each text once.
pub struct PlaceFinder<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, LineIndex>,
}

impl PlaceFinder<'_> {
    /// The path of a span's source, and the one-based line and column (in characters) of its start.
    pub fn of(&mut self, span: Span) -> (String, usize, usize) {
        let source = self.sources.get(span.source);
        let index = self.lines.entry(span.source).or_insert_with(|| LineIndex::new(&source.text));
        let (line, column) = index.position(&source.text, span.start as usize);
        (self.sources.shown_path(span.source).to_owned(), line, column)
    }
}

/// Where the texts are from.
#[derive(Debug)]
struct Places {
    /// What the paths of sources are relative to.
    root: PathBuf,
    /// The files that may hold notes.
    notes: BTreeMap<SourceId, gather::NoteFile>,
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
    /// The folder that speaks for it, where it is one of many that belong together.
    pub folder: Option<PathBuf>,
}

/// Files of the study site that a book of an author's own needs: name and text.
pub const SITE_FILES: [(&str, &str); 2] = [("deckle.css", book::STYLE), ("deckle.js", book::SCRIPT)];

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

/// Settings stand before notes, and their diagnostics are shown whatever paths choose.
fn check_templates(gathered: &mut Gathered) {
    let Gathered { template_sources, sources, diagnostics, .. } = gathered;
    let check = |(name, id): &(String, SourceId)| check::check_template(name, *id, &sources.get(*id).text);
    diagnostics.extend(template_sources.iter().flat_map(check));
}

fn undecked(gathered: &Gathered, documents: &[Document]) -> Vec<SourceId> {
    let read = gathered.notes.iter().zip(documents);
    let undecked = read.filter(|(note, document)| note.is_named && document.chapter.is_none());
    undecked.map(|(note, _)| note.source).collect()
}

/// All files as one, and what only all of them show.
fn merge(gathered: Gathered, documents: Vec<Document>, memory: &remember::Memory) -> Result<collect::Merged, Error> {
    let remembered = memory.lock.as_ref().map(|lock| lock.collection.as_str()).filter(|id| !id.is_empty());
    let mut merged = collect::merge(gathered, documents, remembered)?;
    let listing = collect::list(&merged)?;
    merged.diagnostics.extend(check::check_collection(&merged.collection, &merged.uses, &listing));
    Ok(merged)
}

/// Who is who; `None` where there are errors. `show` turns a path into what people are shown.
fn identify(
    merged: &mut collect::Merged,
    memory: remember::Memory,
    show: impl Fn(&str) -> String,
) -> Result<Option<Identity>, Error> {
    let mut identity = None;
    if !diagnostic::has_errors(&merged.diagnostics) {
        let (found, diagnostics) = remember::identify(&mut merged.collection, &merged.templates, memory, show)?;
        merged.diagnostics.extend(diagnostics);
        identity = (!diagnostic::has_errors(&merged.diagnostics)).then_some(found);
    }
    diagnostic::sort(&mut merged.diagnostics);
    Ok(identity)
}

fn write(checked: &Checked, wanted: &Wanted, artifacts: &[Artifact]) -> Result<Built, Failure> {
    let lock = checked.identity.as_ref().filter(|_| !wanted.frozen).and_then(Identity::to_write);
    let mut files: Vec<NewFile<'_>> = artifacts
        .iter()
        .map(|artifact| NewFile { path: checked.out.join(&artifact.path), bytes: &artifact.bytes })
        .collect();
    let listing = compare(checked, wanted, artifacts)?;
    // Behind the packages: should one of them fail, the next build finds the lock that belongs to those that are there.
    files.extend(lock.as_ref().map(|(path, text)| NewFile { path: path.clone(), bytes: text.as_bytes() }));
    let outcomes = files::write_all(&files)?;
    files::remove_all(&checked.out, &listing.stale)?;
    // Last: what could not be removed is on the older list still.
    if !listing.text.is_empty() || !listing.stale.is_empty() {
        files::write_all(&[NewFile { path: checked.out.join(artifact::LIST), bytes: listing.text.as_bytes() }])?;
    }
    let outputs = files.into_iter().zip(outcomes);
    let book = checked.out.join(book::FOLDER);
    let outputs = outputs.map(|(file, outcome)| {
        let folder = file.path.starts_with(&book).then(|| book.clone());
        Output { size: file.bytes.len(), path: file.path, outcome, folder }
    });
    Ok(Built { outputs: outputs.collect(), refusal: None })
}

/// What is stale in the folders that are made anew. A site is made whole or not at all; of pages to print, a build of
/// some files says nothing of what the others made.
fn compare(checked: &Checked, wanted: &Wanted, artifacts: &[Artifact]) -> Result<Listing, Error> {
    let folders = wanted.formats.iter().filter_map(|format| Some((format, format.folder()?)));
    let anew = folders.clone().filter(|(format, _)| checked.is_whole || **format == Format::Book);
    let anew: Vec<&str> = anew.map(|(_, folder)| folder).collect();
    let made = artifacts.iter().filter(|made| folders.clone().any(|(_, folder)| made.path.starts_with(folder)));
    let list = checked.out.join(artifact::LIST);
    files::compare(&checked.out, &list, made.map(Artifact::slashed).collect(), &anew)
}
