//! Turns texts into documents: each file by itself, in parallel.
//!
//! Knows nothing of what a file means to another, but that it may be put into it.

use super::gathered::{Gathered, NoteFile, Plan};
use super::kept::Keeping;
use super::vaults::VaultSettings;
use super::{Progress, Step, embeds};
use crate::check;
use crate::config::Project;
use crate::config::syntax::Syntax;
use crate::diagnostic::Diagnostic;
use crate::identity::Lock;
use crate::markdown::{self, Document};
use crate::source::{SourceId, Sources};

/// Reads templates, lock and notes. Cannot fail: what is wrong goes to the diagnostics. What is kept is not read again.
pub(super) fn read(gathered: Gathered, mut keeping: Keeping<'_, '_>, progress: &Progress<'_>) -> Read {
    let Gathered { mut plan, project, sources, mut diagnostics, .. } = gathered;
    let check = |(name, id): &(String, SourceId)| check::check_template(name, *id, &sources.get(*id).text);
    diagnostics.extend(plan.template_sources.iter().flat_map(check));
    let early = plan.lock.early.take();
    let lock = plan.lock.source.map(|id| match early {
        Some(lock) => lock.at_home(id),
        None => keeping.lock(id, &sources.get(id).text, &mut diagnostics),
    });
    let read_file = |file: &NoteFile| {
        let document = markdown::read(file.source, sources.get(file.source), &file.chapter, &file.settings);
        progress(Step::File);
        document
    };
    let mut documents = keeping.documents(&plan, &sources, &read_file);
    for (file, document) in plan.notes.iter().zip(&mut documents) {
        if let Some(fault) = &file.fault {
            document.make_unread(fault, &sources.get(file.source).text);
        }
    }
    embeds::expand(&plan, &sources, &mut documents);
    let tally = Tally::new(&plan, &documents);
    Read { plan, project, sources, documents, lock, tally, diagnostics }
}

/// Every file by itself.
pub(super) struct Read {
    pub(super) plan: Plan,
    pub(super) project: Project,
    /// The texts.
    pub(super) sources: Sources,
    /// One for each of the plan's note files.
    pub(super) documents: Vec<Document>,
    /// What is remembered of earlier builds; `None` where there is no file.
    pub(super) lock: Option<Lock>,
    pub(super) tally: Tally,
    /// What was found wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Which files were read, and what of them is no note.
#[derive(Debug, Default)]
pub struct Tally {
    /// The note files, in reading order; where paths chose some, those.
    pub files: Vec<SourceId>,
    /// Those among them that were named by themselves and yield nothing, because no deck is in effect.
    pub undecked: Vec<SourceId>,
    /// Those among them for which no deck is in effect, though nobody said that none is to be; in a project where one is in
    /// effect for others.
    pub in_no_deck: Vec<SourceId>,
    /// Those among them whose raw HTML comes through as it is.
    pub trusted: Vec<SourceId>,
    /// Those among them that are another program's, and hold no notes: boards, drawings, templates.
    pub of_other_programs: Vec<SourceId>,
    /// How many of their headings were prose and not notes.
    pub prose_headings: usize,
    /// Those among them whose headings may be notes.
    pub with_headings: Vec<SourceId>,
    /// Which way of writing notes was seen in which of them, where that was asked; `None` where none was.
    pub seen: Vec<(SourceId, Option<Syntax>)>,
    /// Whether the `book.toml` beside the settings is another book's, so that the site is made as if there were none.
    pub has_other_book: bool,
    /// What vaults say of how notes are written: the paths of their settings, and the options that they set.
    pub vaults: Vec<VaultSettings>,
}

impl Tally {
    fn new(plan: &Plan, documents: &[Document]) -> Self {
        let mut tally = Self { vaults: plan.vaults.clone(), has_other_book: plan.has_other_book, ..Self::default() };
        for (file, document) in plan.notes.iter().zip(documents).filter(|(file, _)| plan.is_selected(file.source)) {
            tally.files.push(file.source);
            tally.prose_headings += document.prose_headings.unwrap_or(0);
            tally.with_headings.extend(document.prose_headings.map(|_| file.source));
            if file.settings.syntaxes.is_auto() || document.seen.is_some() {
                tally.seen.push((file.source, document.seen));
            }
            if document.chapter.as_ref().is_some_and(|chapter| chapter.trusts_html) {
                tally.trusted.push(file.source);
            }
            if document.is_of_other_program {
                tally.of_other_programs.push(file.source);
            }
            let is_unread = document.chapter.is_none() && !document.is_left_out;
            if file.is_named && is_unread {
                tally.undecked.push(file.source);
            } else if is_unread && !file.has_no_deck && !document.has_no_deck {
                tally.in_no_deck.push(file.source);
            }
        }
        // Who names files and folders knows what is in them.
        if plan.is_loose || plan.selected.is_some() || documents.iter().all(|document| document.chapter.is_none()) {
            tally.in_no_deck.clear();
        }
        tally
    }
}
