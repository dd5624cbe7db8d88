//! The machine's failures: I/O, SQLite, zip. One at a time, with the path it happened at.
//!
//! Mistakes in the author's text are [`crate::diagnostic::Diagnostic`]s.

use std::io::{self, ErrorKind};
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

    /// What to do where the machine ran out of something: a phrase that starts in lower case.
    pub fn remedy(&self) -> Option<&'static str> {
        self.cause.downcast_ref().and_then(remedy)
    }
}

fn remedy(cause: &io::Error) -> Option<&'static str> {
    if let Some(remedy) = cause.raw_os_error().and_then(remedy_of_code) {
        return Some(remedy);
    }
    REMEDIES.iter().find(|(kind, _)| *kind == cause.kind()).map(|&(_, remedy)| remedy)
}

const REMEDIES: &[(ErrorKind, &str)] = &[
    (ErrorKind::StorageFull, "free some of the disk, or write to another one with `-o DIR`"),
    (ErrorKind::QuotaExceeded, "free some of your share of the disk, or write elsewhere with `-o DIR`"),
    (ErrorKind::OutOfMemory, "close other programs, or build some of the notes at a time"),
    (ErrorKind::InvalidFilename, "give the deck, the heading or the file that it is named after a shorter name"),
];

/// Neither of these has a kind. On Unix they are `EMFILE` and `ENFILE` (errno.h, the same in Linux, macOS and the BSDs), on
/// Windows `ERROR_TOO_MANY_OPEN_FILES`.
fn remedy_of_code(code: i32) -> Option<&'static str> {
    const OWN: &str = "let a process open more: `ulimit -n 1024`";
    const ALL: &str = "close other programs: all of them together have too many files open";
    match (cfg!(windows), code) {
        (false, 24) | (true, 4) => Some(OWN),
        (false, 23) => Some(ALL),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_runs_out_is_named_with_a_remedy() {
        let said = |code| {
            let error = Error::new("cannot write", "x", io::Error::from_raw_os_error(code));
            (error.to_string(), error.remedy().unwrap_or_default())
        };
        let (message, remedy) = said(24);
        assert!(
            message.starts_with("cannot write x: Too many open files") && remedy.contains("ulimit -n"),
            "{message}"
        );
        let (message, remedy) = said(23);
        assert!(message.contains("Too many open files in system") && remedy.contains("other programs"), "{message}");
        let (message, remedy) = said(28);
        assert!(message.contains("No space left") && remedy.contains("-o DIR"), "{message}");
        let (message, remedy) = said(12);
        assert!(message.contains("memory") && remedy.contains("some of the notes"), "{message}");
        assert_eq!(said(13).1, "", "permission is denied for a reason that nobody but the user knows");
        for (kind, word) in [
            (ErrorKind::QuotaExceeded, "share"),
            (ErrorKind::InvalidFilename, "shorter"),
            (ErrorKind::StorageFull, "disk"),
        ] {
            assert!(Error::new("cannot write", "x", io::Error::from(kind)).remedy().unwrap_or_default().contains(word));
        }
        assert_eq!(Error::new("cannot write", "x", "it is a folder").remedy(), None);
    }
}
