//! Keeps a project compiled while its files change, and says what each change makes other: the state of a page that shows
//! it.
//!
//! Packages and pages are made when somebody asks for them. Knows nothing of who asks; writes nothing, but for a mend.

mod problem;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

pub use self::problem::Problem;
pub use self::shown::{Showing, Summary};
use super::fix::{self, Mended, Place};
use super::{Failure, Format, Formats, KeptPieces, Request, Wanted, Workspace};
use crate::Error;
use crate::files::{self, World};
use crate::source::Recipe;

/// A project that is compiled again and again.
#[derive(Debug)]
pub struct Live {
    request: Request,
    workspace: Workspace,
    showing: Arc<Showing>,
}

impl Live {
    /// Nothing is compiled yet: [`Live::refresh`] does it. Of what the request wants only its paths and settings count.
    pub fn new(request: Request) -> Self {
        let wanted = Wanted { formats: Formats::Checked, deny_warnings: false, frozen: false, accept_loss: true };
        Self { request: Request { wanted, ..request }, workspace: Workspace::default(), showing: Arc::default() }
    }

    /// What there is to be shown.
    pub fn showing(&self) -> Arc<Showing> {
        Arc::clone(&self.showing)
    }

    /// Compiles what is on the disk now. Where that fails, or the project's settings have errors, the notes that were there
    /// before stay, and [`Showing::stop`] says why.
    pub fn refresh(&mut self) -> Change {
        let before = self.showing();
        let compiled = World::system().map_err(Failure::from).and_then(|world| {
            self.workspace.world = world;
            self.workspace.compile(&self.request, &|_| {})
        });
        let mut next = match compiled {
            Ok(compiled) => Showing::of(compiled, &before),
            Err(failure) => Showing::stopped(&before, &failure),
        };
        let mut change = Change::between(&before, &next);
        if !change.is_seen {
            // Who looks on hears of nothing, and misses nothing.
            (next.revision, change.revision) = (before.revision, before.revision);
        }
        self.showing = Arc::new(next);
        change
    }

    /// The folders that are read, and those that are written: as [`super::watched`], but for the lock. A build beside changes
    /// what is new since the last one.
    ///
    /// # Errors
    /// As for [`super::compile`].
    pub fn watched(&self) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
        let (folders, mut apart) = super::watched(&World::system()?, &self.request)?;
        // The output folder comes first. Nothing is written there now, so that it may hold the notes.
        apart.truncate(1);
        apart.retain(|apart| !folders.iter().any(|folder| folder.starts_with(apart)));
        Ok((folders, apart))
    }

    /// What is compiled, for who mends it.
    pub fn request(&self) -> &Request {
        &self.request
    }
}

/// Mends one problem in its file, as `deckle check --fix` does.
///
/// # Errors
/// As for [`super::fix()`].
pub fn mend(request: &Request, problem: &Problem) -> Result<Mended, Failure> {
    let place = Place { path: problem.path.clone(), code: problem.code, start: problem.start };
    fix::fix_one(&World::system()?, request, &place)
}

/// Files that formats make of what is shown.
#[derive(Debug)]
pub struct Outputs {
    formats: Vec<Format>,
    /// What they were made of.
    of: Arc<Showing>,
    files: BTreeMap<String, Recipe>,
    pieces: KeptPieces,
}

impl Outputs {
    /// Nothing is made yet.
    pub fn new(formats: &[Format]) -> Self {
        let (of, files) = (Arc::default(), BTreeMap::new());
        Self { formats: formats.to_vec(), of, files, pieces: KeptPieces::of_pages() }
    }

    /// The file of this path below the output folder, made of these notes where that was not done yet.
    ///
    /// # Errors
    /// A format cannot be made.
    pub fn file(&mut self, showing: &Arc<Showing>, path: &str) -> Result<Option<Recipe>, Failure> {
        if !showing.has_notes_of(&self.of) {
            let (made, _) = showing.outputs(&self.formats, &mut self.pieces)?;
            self.files = made.artifacts.into_iter().map(|made| (made.slashed(), made.recipe)).collect();
            self.of = Arc::clone(showing);
        }
        Ok(self.files.get(path).cloned())
    }
}

/// The bytes of a medium of the collection, and its name there.
///
/// # Errors
/// The file cannot be read, or has other bytes by now.
pub fn media_bytes(showing: &Showing, name: &str) -> Option<Result<Vec<u8>, Error>> {
    let media = showing.collection()?.media.iter().find(|media| media.name == name)?;
    Some(files::bytes_of(&Recipe::Blob(media.blob.clone())))
}

/// The bytes of a file that formats made.
///
/// # Errors
/// A file that it is made of cannot be read, or has other bytes by now.
pub fn recipe_bytes(recipe: &Recipe) -> Result<Vec<u8>, Error> {
    files::bytes_of(recipe)
}

/// What one state has otherwise than the one before it.
#[derive(Debug, Serialize)]
pub struct Change {
    /// The number of the new state.
    pub revision: u64,
    /// Whether somebody who looks at notes, pages or site sees anything else than before.
    #[serde(skip)]
    pub is_seen: bool,
    /// What the collection is called.
    pub project: String,
    /// The notes that are new or are shown otherwise.
    pub changed: Vec<Summary>,
    /// The ids of those that are gone.
    pub gone: Vec<String>,
    /// All ids in reading order, where it is another one for those that stay, or notes came.
    pub order: Option<Vec<String>>,
    /// How many there are of each.
    pub counts: shown::Counts,
    /// What is wrong, and not with one note.
    pub problems: Vec<Problem>,
    /// Decks, tags, files and pages, where they are others.
    #[serde(flatten)]
    pub parts: Option<shown::Parts>,
    /// The note that was edited.
    pub focus: Option<String>,
    /// Why the notes are not those on the disk.
    pub stop: Option<String>,
}

impl Change {
    fn between(before: &Showing, now: &Showing) -> Self {
        let was = |note: &Summary| before.place_of(&note.id).and_then(|place| before.notes.get(place));
        let is_other = |note: &&Summary| was(note).is_none_or(|known| known != *note);
        let changed: Vec<Summary> = now.notes.iter().filter(is_other).cloned().collect();
        // A first look is no edit, nor is another style, or an address that all notes have.
        let is_edited = |note: &&Summary| was(note).is_none_or(|known| known.content != note.content);
        let edited: Vec<&Summary> = changed.iter().filter(is_edited).filter(|_| before.revision > 0).collect();
        let files: BTreeSet<&str> = edited.iter().map(|note| note.file.as_str()).collect();
        let focus = edited.first().filter(|_| files.len() == 1).map(|note| note.id.clone());
        let is_gone = |note: &&Summary| now.place_of(&note.id).is_none();
        let gone = before.notes.iter().filter(is_gone).map(|note| note.id.clone()).collect();
        let ids = |showing: &Showing| showing.notes.iter().map(|note| note.id.clone()).collect::<Vec<_>>();
        let has_order = before.notes.len() == now.notes.len()
            && before.notes.iter().zip(&now.notes).all(|(before, now)| before.id == now.id);
        let mut change = Self {
            revision: now.revision,
            is_seen: false,
            project: now.project.clone(),
            changed,
            gone,
            order: (!has_order).then(|| ids(now)),
            counts: now.counts,
            problems: now.problems.iter().filter(|problem| problem.note.is_none()).cloned().collect(),
            parts: (now.parts != before.parts).then(|| now.parts.clone()),
            focus,
            stop: now.stop.clone(),
        };
        change.is_seen = change.differs(before) || now.made_of != before.made_of;
        change
    }

    fn differs(&self, before: &Showing) -> bool {
        !self.changed.is_empty()
            || self.project != before.project
            || !self.gone.is_empty()
            || self.order.is_some()
            || self.counts != before.counts
            || self.parts.is_some()
            || self.stop != before.stop
            || self.problems.iter().ne(before.problems.iter().filter(|problem| problem.note.is_none()))
    }
}
