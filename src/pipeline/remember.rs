//! Turns `deckle.lock` and a collection into who is who, and says when that must not be written down.
//!
//! The one place that calls identity in a build; what the lock holds is up to [`identity`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Wanted;
use super::gather::{Gathered, join};
use crate::diagnostic::Diagnostic;
use crate::identity::{self, Clock, Fates, Lock, Loss, Outcome, Report};
use crate::ir::Collection;
use crate::source::SourceId;
use crate::{Error, files};

/// Reads the lock's text. What is wrong with it goes to the diagnostics.
pub(super) fn read(gathered: &mut Gathered) -> Memory {
    let early = gathered.lock.early.take();
    let file = gathered.lock.clone();
    let lock = file.source.map(|id| match early {
        Some(lock) => lock.at_home(id),
        None => Lock::parse(id, &gathered.sources.get(id).text, &mut gathered.diagnostics),
    });
    Memory { path: file.path, base: file.base, option: file.option, source: file.source, lock }
}

/// What is remembered of earlier builds.
pub(super) struct Memory {
    path: PathBuf,
    base: String,
    option: String,
    source: Option<SourceId>,
    /// `None` where there is no file.
    pub(super) lock: Option<Lock>,
}

/// Gives notes and note types their identity. `templates` are the project's own: file name → text. `show` turns a path
/// into what people are shown.
pub(super) fn identify(
    collection: &mut Collection,
    templates: &BTreeMap<String, String>,
    mut memory: Memory,
    show: impl Fn(&str) -> String,
) -> Result<(Identity, Vec<Diagnostic>), Error> {
    collection.note_types = identity::note_types(&collection.id, &collection.name, templates);
    let source_date_epoch = files::variable("SOURCE_DATE_EPOCH").is_some();
    let clock = Clock { now: files::now()?, source_date_epoch };
    rebase(collection, |path| strip(path, &memory.base));
    let Outcome { lock, changed, fates, mut report, diagnostics } =
        identity::assign(collection, memory.lock.take(), clock);
    rebase(collection, |path| join(&memory.base, path));
    let show = |path: &mut String| *path = show(&join(&memory.base, path));
    report.gone.iter_mut().filter(|gone| !gone.path.is_empty()).for_each(|gone| show(&mut gone.path));
    for questions in [&mut report.near, &mut report.ties, &mut report.crossed] {
        questions.iter_mut().filter_map(|question| question.path.as_mut()).for_each(show);
    }
    let Memory { path, option, source, .. } = memory;
    let identity = Identity { path, option, source, lock, changed, fates, report };
    Ok((identity, diagnostics))
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
}

impl Identity {
    /// Why a build must not go on.
    pub(super) fn refusal(&self, wanted: &Wanted) -> Option<Refusal> {
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
    /// Decks would lose many of their notes.
    Loss(Vec<Loss>),
}

/// Changes the paths of the notes' files: in a lock they are relative to the lock's folder.
fn rebase(collection: &mut Collection, change: impl Fn(&str) -> String) {
    for source in &mut collection.sources {
        source.path = change(&source.path);
    }
}

fn strip(path: &str, base: &str) -> String {
    let inner =
        path.strip_prefix(base).and_then(|rest| if base.is_empty() { Some(rest) } else { rest.strip_prefix('/') });
    inner.unwrap_or(path).to_owned()
}
