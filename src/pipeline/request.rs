//! What a compilation is asked for, and what it tells on the way.
//!
//! Knows neither disk nor steps.

use std::path::PathBuf;

use super::Format;
use crate::Error;
use crate::config::print::PrintLayer;
use crate::config::syntax::Syntaxes;

/// What to read, what to make of it, and where that lies.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The folder that paths are relative to; the project is looked for from here upwards where no path is given.
    pub start: PathBuf,
    /// Whose notes these are.
    pub scope: Scope,
    /// Files and folders. In a project they choose what is put out, elsewhere what is read.
    pub paths: Vec<PathBuf>,
    /// The output folder, relative to `start`; the project's own unless given.
    pub out: Option<PathBuf>,
    /// Options of printing that go above the project's.
    pub print: PrintLayer,
    /// The browser that prints pages into PDFs; one that is found unless given.
    pub browser: Option<PathBuf>,
    /// The lock, relative to `start`; `deckle.lock` beside `deckle.yaml` unless given, or in the folder that is named.
    pub lock: Option<PathBuf>,
    /// How notes are written where no settings say so.
    pub syntaxes: Option<Syntaxes>,
    /// Whether, where neither a path nor a project says what to read, the lock does: the files that it knows.
    pub follows_lock: bool,
    /// What to make.
    pub wanted: Wanted,
}

/// Which files hold the notes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those that paths name, or those of the project.
    #[default]
    Notes,
    /// The chapters of a book of an author's own; `start` is the folder of its `book.toml`.
    Book {
        /// The folder of the chapters, relative to `start`.
        src: String,
        /// Their paths relative to `src`, parts joined by `/`, in the book's order.
        chapters: Vec<String>,
    },
}

/// What to make, and what may happen to the lock.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The formats to make.
    pub formats: Formats,
    /// Whether warnings stop the build.
    pub deny_warnings: bool,
    /// Whether the lock has to stay as it is.
    pub frozen: bool,
    /// Whether a deck may lose many of its notes.
    pub accept_loss: bool,
}

/// Which formats to make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Formats {
    /// None: who is who is enough.
    #[default]
    None,
    /// None, but what they would find wrong is wanted; of the notes, only what is wrong with those that paths chose.
    Checked,
    /// Packages, pages to print and the book. A book of some files would take the pages of all others away: where paths
    /// chose some, it is left as it is.
    Usual,
    /// These, in this order: the book comes behind what it has to download.
    These(Vec<Format>),
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
    /// So many pages are about to be printed.
    Pages(usize),
    /// One was.
    Page,
    /// The same step still goes on.
    Still,
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

impl Failure {
    /// What failed, in a sentence in lower case.
    pub fn words(&self) -> String {
        match self {
            Self::Usage(words) => words.clone(),
            Self::Error(error) => error.to_string(),
        }
    }
}
