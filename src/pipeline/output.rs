//! Says what became of a file of a build.

use std::path::{Path, PathBuf};

use super::sited;
use crate::files::Outcome;
use crate::print;
use crate::site::book;

/// A file of the build.
#[derive(Debug)]
pub struct Output {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it had to be written, or taken away.
    pub outcome: Outcome,
    /// The folder that speaks for it, where it is one of many that belong together.
    pub folder: Option<PathBuf>,
}

impl Output {
    /// One that lies below `out`, or beside it.
    pub(super) fn new(out: &Path, path: PathBuf, outcome: Outcome, size: u64) -> Self {
        let folders = [out.join(book::FOLDER), out.join(sited::FOLDER), out.join(print::FOLDER).join(print::IMAGES)];
        let folder = folders.into_iter().find(|folder| path.starts_with(folder));
        Self { path, size, outcome, folder }
    }
}
