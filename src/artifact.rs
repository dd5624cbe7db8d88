//! What outputs make: files to write, and what was found wrong on the way.
//!
//! Knows no format and no disk.

mod made;

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::source::Recipe;

pub use made::{Ingredients, KeptPage, Key, Made};

/// The list of the files that builds made, in the output folder. What an older one names in the folders of formats and no build
/// makes any more is stale.
pub const LIST: &str = ".deckle-files";

/// Starts the lines of the list that say of what its files are made: `# of project ID`, `# of packages of ID`
/// for one without pages, or of files without a project. Older
/// lists have none, and name no packages.
pub const MADE_OF: &str = "# of ";

/// A file to write.
#[derive(Debug)]
pub struct Artifact {
    /// Relative to the output folder.
    pub path: PathBuf,
    /// What it is made of.
    pub recipe: Recipe,
    /// Whether it is a page that is to be printed into a PDF beside it.
    pub pdf: bool,
}

impl Artifact {
    /// Its path with `/` between its parts.
    pub fn slashed(&self) -> String {
        slashed(&self.path)
    }
}

/// A path with `/` between its parts.
pub fn slashed(path: &Path) -> String {
    let parts = path.iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// What a format made, and what it found wrong on the way.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// The author's mistakes that only this format sees.
    pub diagnostics: Vec<Diagnostic>,
}
