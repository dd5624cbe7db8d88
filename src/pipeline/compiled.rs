//! Turns the collection into what was asked for, and says what forbids to write it. The last step, and all that a
//! compilation gives.
//!
//! Knows no format; nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::gathered::Plan;
use super::identified::{Identified, Identity, Refusal};
use super::published::Shelf;
use super::read::Tally;
use super::sited::{self, Sited};
use super::{Failure, Format, Formats, KeptPieces, Options, Progress, Request, Step, Wanted, format};
use crate::Error;
use crate::apkg::Packing;
use crate::artifact::{Artifact, Emitted};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::ir::{AlertKind, Block, BlockKind, ChapterPart, Collection, LeftOut, NoteKind, plain_text};
use crate::markdown::Layout;
use crate::print;
use crate::site::book;
use crate::source::{LineIndex, SourceId, Sources, Span};
use crate::text::foreign_id;

/// Makes the formats that are wanted, unless something forbids to write them; where they are only checked, unless there
/// are errors.
///
/// # Errors
/// A format's machinery fails.
pub(super) fn emit(
    identified: Identified,
    request: &Request,
    kept: Option<&mut KeptPieces>,
    progress: &Progress<'_>,
) -> Result<Compiled, Failure> {
    let Identified { plan, sources, collection, left_out, layouts, identity, tally, diagnostics } = identified;
    let (artifacts, formats, stop) = (Vec::new(), Vec::new(), None);
    let mut compiled = Compiled {
        sources,
        collection,
        left_out,
        diagnostics,
        identity,
        tally,
        artifacts,
        formats,
        stop,
        plan,
        layouts,
    };
    match &request.wanted.formats {
        Formats::None => {}
        Formats::Checked => compiled.check_formats(kept)?,
        Formats::Usual => {
            let has_book = compiled.plan.selected.is_none();
            let usual = [Format::Apkg, Format::Print, Format::Book, Format::Site];
            let usual = usual.into_iter().filter(|format| has_book || !format.is_of_all_files());
            compiled.make(usual, &request.wanted, kept, progress)?;
        }
        Formats::These(formats) => compiled.make(formats.iter().copied(), &request.wanted, kept, progress)?,
    }
    compiled.stop = compiled.find_stop(&request.wanted);
    if compiled.stop.is_some() {
        compiled.artifacts.clear();
        compiled.formats.clear();
    }
    Ok(compiled)
}

/// All that a compilation gives.
#[derive(Debug)]
pub struct Compiled {
    /// The texts.
    pub sources: Sources,
    /// The notes that are put out; without GUIDs where there are errors.
    pub collection: Collection,
    /// What is not put out because of mistakes.
    pub left_out: LeftOut,
    /// The author's mistakes, in reading order.
    pub diagnostics: Vec<Diagnostic>,
    /// Who is who; `None` where there are errors.
    pub identity: Option<Identity>,
    /// Which files were read.
    pub tally: Tally,
    /// The files that the formats are made of; none where something forbids to write.
    pub artifacts: Vec<Artifact>,
    /// The formats that were made.
    pub formats: Vec<Format>,
    /// What forbids to write.
    pub stop: Option<Stop>,
    pub(super) plan: Plan,
    /// Where in each file stands what is neither prose nor note.
    pub(super) layouts: BTreeMap<SourceId, Layout>,
}

/// Why nothing may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The diagnostics: errors, or warnings that are denied.
    Mistakes,
    /// The lock.
    Refused(Refusal),
}

impl Compiled {
    /// Whether mistakes forbid to write.
    pub fn has_mistakes(&self) -> bool {
        self.stop == Some(Stop::Mistakes)
    }

    /// Whether all that a project puts out is made.
    pub(super) fn is_whole(&self) -> bool {
        !self.plan.is_loose && self.tally.files.len() == self.plan.notes.len()
    }

    /// Turns spans into places that people can find.
    pub fn places(&self) -> PlaceFinder<'_> {
        PlaceFinder { sources: &self.sources, lines: BTreeMap::new() }
    }

    /// How many notes have ids that other tools gave them.
    pub fn foreign_ids(&self) -> usize {
        let ids = self.collection.notes.iter().filter_map(|note| note.id.as_deref());
        ids.filter(|id| foreign_id::is_foreign(id)).count()
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
        self.tally.files.iter().map(|id| (self.sources.shown_path(*id), count(id))).collect()
    }

    /// The headings that are prose, and have no notes right below them, be they left out: path, one-based line, text, and why
    /// where nothing answers them; in reading order.
    pub fn headings_without_notes(&self) -> Vec<(&str, usize, String, Option<&'static str>)> {
        let mut headings = Vec::new();
        let left_out: BTreeSet<Span> = self.left_out.notes.iter().map(|note| note.span).collect();
        for chapter in &self.collection.chapters {
            let mut lines: Option<LineIndex> = None;
            for (index, part) in chapter.parts.iter().enumerate() {
                let ChapterPart::Prose { block } = part else { continue };
                let BlockKind::Heading { content, .. } = &block.kind else { continue };
                if self.tally.with_headings.binary_search(&block.span.source).is_err() {
                    break;
                }
                let below = chapter.parts.iter().skip(index + 1);
                let below = below.take_while(|part| !matches!(part, ChapterPart::Prose { block } if is_heading(block)));
                if left_out.contains(&block.span) || self.hold_notes(below) {
                    continue;
                }
                let text = &self.sources.get(block.span.source).text;
                let line = lines.get_or_insert_with(|| LineIndex::new(text)).line(block.span.start as usize);
                let why = unanswered(&chapter.parts, index);
                headings.push((self.sources.shown_path(block.span.source), line, plain_text(content), why));
            }
        }
        headings
    }

    /// Whether a table's rows or terms are notes.
    fn hold_notes<'a>(&self, mut parts: impl Iterator<Item = &'a ChapterPart>) -> bool {
        parts.any(|part| match part {
            ChapterPart::Prose { .. } => false,
            ChapterPart::Note { note } => {
                self.collection.notes.get(*note).is_some_and(|note| note.kind == NoteKind::Definition)
            }
            ChapterPart::Table(_) => true,
        })
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        (errors, self.diagnostics.len() - errors)
    }

    fn make(
        &mut self,
        formats: impl Iterator<Item = Format>,
        wanted: &Wanted,
        kept: Option<&mut KeptPieces>,
        progress: &Progress<'_>,
    ) -> Result<(), Error> {
        if self.find_stop(wanted).is_some() {
            return Ok(());
        }
        self.formats.extend(formats);
        let (made, has_site) = self.outputs(&self.formats, kept, &|| progress(Step::Emit))?;
        if !has_site {
            // What lies there of it stays.
            self.formats.retain(|format| *format != Format::Site);
        }
        self.diagnostics.extend(made.diagnostics);
        self.artifacts = made.artifacts;
        diagnostic::sort(&mut self.diagnostics);
        Ok(())
    }

    /// What formats make of the collection, and whether a site is among it.
    pub(super) fn outputs(
        &self,
        formats: &[Format],
        mut kept: Option<&mut KeptPieces>,
        begin: &(dyn Fn() + Sync),
    ) -> Result<(Emitted, bool), Error> {
        let Plan { packing, printing, book, site, .. } = &self.plan;
        let options = Options { packing, printing, book };
        let site = site.as_ref().filter(|_| formats.contains(&Format::Site));
        // A site is made of a book, and has packages and printed pages to download, whether they are wanted themselves or not.
        let of_site = [Format::Apkg, Format::Print, Format::Book].into_iter().filter(|_| site.is_some());
        let only_of_site: Vec<Format> = of_site.filter(|format| !formats.contains(format)).collect();
        let formats: Vec<Format> = formats.iter().chain(&only_of_site).copied().collect();
        let mut made = format::emit_all(&formats, &self.collection, options, kept.as_deref_mut(), begin)?;
        let pages = kept.and_then(|kept| kept.pages.as_mut()).map(|pages| &mut pages.site);
        let sited = site.map(|site| sited::emit(site, &made.artifacts, pages)).transpose()?;
        let Sited { artifacts, diagnostics } = sited.unwrap_or_default();
        let has_site = artifacts.is_some();
        made.artifacts.retain(|made| !format_of(&made.path).is_some_and(|format| only_of_site.contains(&format)));
        made.artifacts.extend(artifacts.into_iter().flatten());
        made.diagnostics.extend(diagnostics);
        Ok((made, has_site))
    }

    /// The packages in the output folder that hold notes of this collection, and that it no longer makes; none where not all of
    /// it was made.
    pub fn stale_packages(&self) -> Vec<PathBuf> {
        let is_all = self.formats.contains(&Format::Apkg) && self.is_whole() && self.left_out.is_empty();
        let there = self.identity.as_ref().and_then(|identity| identity.shelf.as_ref()).filter(|_| is_all);
        let made: BTreeSet<String> = self.artifacts.iter().map(Artifact::slashed).collect();
        let ours = there.into_iter().flat_map(Shelf::ours);
        ours.filter(|name| !made.contains(*name)).map(|name| self.plan.out.join(name)).collect()
    }

    /// Those of them that are of the other form of packages: what is one now was several, or the other way round.
    pub(super) fn packages_of_other_form(&self) -> BTreeSet<String> {
        let Packing { is_one, .. } = self.plan.packing;
        let one = self.plan.packing.name_of_one();
        let stale = self.stale_packages();
        let names = stale.iter().filter_map(|path| path.file_name()?.to_str());
        names.filter(|name| is_one || *name == one).map(str::to_owned).collect()
    }

    /// How many bytes of images lie in files beside the printed pages because they are too many to stand in them; `None`
    /// where no pages were made, or an option says where the images are.
    pub fn images_beside(&self) -> Option<u64> {
        let prints = self.formats.contains(&Format::Print);
        prints.then(|| print::images_beside(&self.collection, &self.plan.printing)).flatten()
    }

    /// Adds what only formats see, so that it is reported as a build would. Then leaves out what is wrong with notes that
    /// were not chosen; settings concern every file.
    fn check_formats(&mut self, kept: Option<&mut KeptPieces>) -> Result<(), Error> {
        if !diagnostic::has_errors(&self.diagnostics) {
            let fitting = kept.map(|kept| &mut kept.fitting);
            self.diagnostics.extend(print::diagnostics(&self.collection, &self.plan.printing, fitting)?);
            diagnostic::sort(&mut self.diagnostics);
        }
        let Self { plan, diagnostics, .. } = self;
        diagnostics.retain(|found| {
            let source = found.span.source;
            plan.note_file(source).is_none() || plan.is_selected(source)
        });
        Ok(())
    }

    /// The one place that says when a build must not go on.
    fn find_stop(&self, wanted: &Wanted) -> Option<Stop> {
        if diagnostic::has_errors(&self.diagnostics) || (wanted.deny_warnings && !self.diagnostics.is_empty()) {
            return Some(Stop::Mistakes);
        }
        self.identity.as_ref().and_then(|identity| identity.refusal(wanted)).map(Stop::Refused)
    }
}

/// The format that makes an artifact of this path, where a site has those to download.
fn format_of(path: &Path) -> Option<Format> {
    match path {
        path if path.starts_with(book::FOLDER) => Some(Format::Book),
        path if path.starts_with(print::FOLDER) => Some(Format::Print),
        path => path.extension().is_some_and(|extension| extension == "apkg").then_some(Format::Apkg),
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

/// Why the heading at an index has no answer, though it structures nothing.
fn unanswered(parts: &[ChapterPart], index: usize) -> Option<&'static str> {
    let level = |part: &ChapterPart| match part {
        ChapterPart::Prose { block } => {
            if let BlockKind::Heading { level, .. } = &block.kind {
                Some(*level)
            } else {
                None
            }
        }
        ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
    };
    let is_field = |part: &ChapterPart| match part {
        ChapterPart::Prose { block } => {
            matches!(block.kind.alert(), Some(AlertKind::Tip | AlertKind::Note))
        }
        ChapterPart::Note { .. } | ChapterPart::Table(_) => false,
    };
    let own = level(parts.get(index)?)?;
    let mut rest = parts.get(index + 1..)?.iter();
    let fields = rest.clone().take_while(|part| is_field(part)).count();
    let next = rest.nth(fields);
    if next.is_some_and(|next| level(next).is_none_or(|level| level > own)) {
        return None;
    }
    Some(if fields > 0 { "a `[!NOTE]` or `[!TIP]` alone is no answer" } else { "nothing to be seen answers it" })
}

fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading { .. })
}
