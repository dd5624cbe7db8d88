//! The machine's failures: I/O, SQLite, zip. One at a time, with the path it happened at.
//!
//! Mistakes in the author's text are [`crate::diagnostic::Diagnostic`]s.

use std::path::{Path, PathBuf};

/// What went wrong outside the author's text.
#[derive(Debug)]
pub struct Error {
    /// What was being done: a phrase that starts in lower case, such as "cannot write".
    pub action: &'static str,
    /// The file or folder it was done to.
    pub path: PathBuf,
    /// Why it failed.
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl Error {
    /// A failure of `action` at `path`.
    pub fn new(
        action: &'static str,
        path: impl AsRef<Path>,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { action, path: path.as_ref().to_owned(), cause: cause.into() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.action, self.path.display(), self.cause)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.cause.as_ref())
    }
}
