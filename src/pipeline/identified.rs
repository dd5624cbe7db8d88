//! Turns `deckle.lock` and a collection into who is who, and says when that must not be written down.
//!
//! The one place that calls identity in a build; what the lock holds is up to [`identity`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::Wanted;
use super::gathered::{LockFile, Plan};
use super::links;
use super::merged::{self, Merged};
use super::published::{self, Compared, Shelf};
use super::read::Tally;
use crate::diagnostic::{self, Diagnostic};
use crate::files::World;
use crate::identity::{self, Clock, Fates, Lock, Loss, Outcome, Report};
use crate::ir::{Collection, Guid, LeftOut};
use crate::markdown::Layout;
use crate::source::{SourceId, Sources};
use crate::text::path::{below, join};

/// Gives notes and note types their identity, where there are no errors, and leaves what paths chose.
pub(super) fn identify(world: &World, merged: Merged, wanted: &Wanted) -> Identified {
    let Merged { plan, mut sources, mut collection, mut left_out, uses, links, layouts, lock, tally, mut diagnostics } =
        merged;
    let mut identity = None;
    if !diagnostic::has_errors(&diagnostics) {
        let clock = Clock { now: world.now, source_date_epoch: world.source_date_epoch };
        let shelf = published::look(world, &plan, &sources, &collection.id, wanted);
        let unknown = shelf.as_ref().map(|shelf| shelf.unknown(lock.as_ref())).unwrap_or_default();
        let (mut found, wrong) = assign(&mut collection, &mut left_out, &plan, lock, clock);
        diagnostics.extend(wrong);
        diagnostics.extend(links::follow(world, &plan, &mut collection, &links, &found.report.moved_files));
        if let Some(shelf) = shelf {
            let remembered = (&mut found.lock, &found.fates);
            let place = published::place(&plan, &mut sources);
            let Compared { overtaken, diagnostics: wrong, remedy } =
                shelf.compare(world, &plan, &unknown, &mut collection, remembered, place);
            found.changed |= !overtaken.is_empty();
            (found.report.overtaken, found.lost, found.shelf) = (overtaken, remedy, Some(shelf));
            diagnostics.extend(wrong);
        }
        identity = (!diagnostic::has_errors(&diagnostics)).then_some(found);
    }
    diagnostic::sort(&mut diagnostics);
    if let Some(selected) = &plan.selected {
        merged::retain(&mut collection, &uses, selected);
        left_out.bare.retain(|note| selected.contains(&note.span.source));
        left_out.notes.retain(|note| selected.contains(&note.span.source));
        left_out.files.retain(|file| selected.contains(file));
    }
    Identified { plan, sources, collection, left_out, layouts, identity, tally, diagnostics }
}

/// Every note is who it is.
pub(super) struct Identified {
    pub(super) plan: Plan,
    /// The texts.
    pub(super) sources: Sources,
    /// What is put out; without GUIDs where there are errors.
    pub(super) collection: Collection,
    /// What is not put out because of mistakes.
    pub(super) left_out: LeftOut,
    /// Where in each file stands what is neither prose nor note.
    pub(super) layouts: BTreeMap<SourceId, Layout>,
    /// Who is who; `None` where there are errors.
    pub(super) identity: Option<Identity>,
    pub(super) tally: Tally,
    /// What was found wrong so far, in reading order.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Who is who in a collection.
#[derive(Debug)]
pub struct Identity {
    /// Where the lock is.
    pub path: PathBuf,
    /// What a command has to be told to find it, with a space before; empty where it finds it by itself.
    pub option: String,
    /// Its text; `None` where there is none yet.
    pub source: Option<SourceId>,
    /// What is to be remembered from now on.
    pub lock: Lock,
    /// Whether that is something else than before.
    pub changed: bool,
    /// What became of each note.
    pub fates: Fates,
    /// What people should know.
    pub report: Report,
    /// What to do about a lock that is lost, in whole or in part, where notes would be other ones for readers.
    pub(super) lost: Option<String>,
    /// The packages of earlier builds; `None` where nobody asked for any.
    pub(super) shelf: Option<Shelf>,
}

impl Identity {
    /// Why a build must not go on.
    pub(super) fn refusal(&self, wanted: &Wanted) -> Option<Refusal> {
        if let Some(remedy) = self.lost.as_ref().filter(|_| !wanted.accept_loss) {
            return Some(Refusal::LostLock(remedy.clone()));
        }
        if wanted.frozen && self.source.is_none() {
            return Some(Refusal::NoLock);
        }
        let losses: Vec<Loss> = self.report.losses.iter().filter(|loss| loss.is_mass()).cloned().collect();
        if !losses.is_empty() && !wanted.accept_loss {
            return Some(Refusal::Loss(losses));
        }
        (wanted.frozen && self.changed).then_some(Refusal::Frozen)
    }

    /// The lock's path and text, where they have to be written. A lock that remembers nothing is not begun.
    pub(super) fn to_write(&self) -> Option<(PathBuf, String)> {
        let is_empty = self.lock.notes().is_empty() && self.lock.gone().is_empty();
        let is_wanted = self.lock.is_dirty() && !(is_empty && self.source.is_none());
        is_wanted.then(|| (self.path.clone(), self.lock.to_text()))
    }
}

/// Why a build wrote nothing although the notes have no errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// `--frozen`, and there is no lock.
    NoLock,
    /// `--frozen`, and the lock would change.
    Frozen,
    /// The lock is lost, or lines of it, and notes would be other ones: what to do about it.
    LostLock(String),
    /// Decks would lose many of their notes.
    Loss(Vec<Loss>),
}

/// Asks identity, which knows the notes' files as the lock has them.
fn assign(
    collection: &mut Collection,
    left_out: &mut LeftOut,
    plan: &Plan,
    lock: Option<Lock>,
    clock: Clock,
) -> (Identity, Vec<Diagnostic>) {
    let LockFile { path, source, base, option, early: _ } = plan.lock.clone();
    collection.note_types = identity::note_types(&collection.id, &collection.name, &plan.templates);
    rebase(collection, |path| below(path, &base).unwrap_or(path).to_owned());
    let Outcome { mut lock, changed, fates, mut report, diagnostics } =
        identity::assign(collection, left_out, lock, clock);
    if let Some(days) = plan.forget_after {
        let asked = [&report.near, &report.ties, &report.halves, &report.crossed];
        let asked: BTreeSet<Guid> = asked.into_iter().flatten().map(|question| question.old.clone()).collect();
        report.forgotten = lock.forget_older(days, &|guid| asked.contains(guid));
    }
    rebase(collection, |path| join(&base, path));
    let moved_files = std::mem::take(&mut report.moved_files).into_iter();
    report.moved_files = moved_files.map(|(old, new)| (join(&base, &old), join(&base, &new))).collect();
    if plan.is_loose {
        // Whoever builds one file and then its folder names decks by that, and renames none.
        report.redecked.clear();
    }
    let show = |path: &mut String| *path = plan.shown_path(&join(&base, path));
    report.gone.iter_mut().filter(|gone| !gone.path.is_empty()).for_each(|gone| show(&mut gone.path));
    for questions in [&mut report.near, &mut report.ties, &mut report.halves, &mut report.crossed] {
        questions.iter_mut().filter_map(|question| question.path.as_mut()).for_each(show);
    }
    (Identity { path, option, source, lock, changed, fates, report, lost: None, shelf: None }, diagnostics)
}

/// Changes the paths of the notes' files: in a lock they are relative to the lock's folder.
fn rebase(collection: &mut Collection, change: impl Fn(&str) -> String) {
    for source in &mut collection.sources {
        source.path = change(&source.path);
    }
}
