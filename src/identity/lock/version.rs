//! Turns the first line of a lock into its version, and each line of that version into a record.
//!
//! Locks lie in people's projects for years, so that a version is never taken away: each has a file that reads its lines.
//! Only the latest is written, and only into a lock that changed. Knows nothing of the other lines of a file.
//!
//! A record keeps its line only if that is of the latest form, for fields are read out of it later. The reader of an older
//! form makes the line anew, by [`LockedNote::new`] of what the older one says.

mod one;

use super::LockedType;
use super::damage::{Damage, Unreadable};
use super::line::{Line, LockedNote, Tombstone};

/// The form of a lock's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Of deckle 0.1: the only one so far.
    One,
}

impl Version {
    /// The version that a lock's first line names.
    pub(super) fn of(header: &str) -> Result<Self, Unreadable> {
        match header.strip_prefix("deckle.lock ").unwrap_or_default() {
            "1" => Ok(Self::One),
            number if number.starts_with(|c: char| matches!(c, '1'..='9')) && number.parse::<u64>().is_ok() => {
                Err(Unreadable::Later)
            }
            _ => Err(Unreadable::NoLock),
        }
    }

    /// Reads a line behind the first; where it is damaged, says which field and how. `line` keeps its text.
    pub(super) fn read(self, text: &str, line: impl FnOnce() -> Line) -> Result<Record, Damage> {
        match self {
            Self::One => one::read(text, line),
        }
    }
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Record {
    /// The collection's id.
    Collection(String),
    /// A note type.
    NoteType(LockedType),
    /// A note that is there.
    Note(LockedNote),
    /// A note that is gone.
    Gone(Tombstone),
}
