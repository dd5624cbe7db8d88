//! Turns the first line of a lock into its version, and each line of that version into a record.
//!
//! Locks lie in people's projects for years, so that a version is never taken away. Lines that did not change stay as they
//! are, whatever wrote them; those that are written are of the latest form, and then the first line names it. Knows nothing of the other
//! lines of a file.
//!
//! Version 2 has shorter sketches, gone notes say since when they are, and many deletions of a note are remembered together: what
//! version 1 wrote is read as well. A version that is no such superset gets a reader of its own, which makes lines anew by
//! [`LockedNote::new`], for fields are read out of a record's line later.

mod lines;

use super::damage::{Damage, Unreadable};
use super::line::{Line, LockedNote, Tombstone};
use super::{LockedType, NAME};

/// The form of a lock's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// Of deckle 0.1.
    One,
    /// Since then.
    Two,
}

impl Version {
    /// The form in which lines are written.
    pub(super) const LATEST: Self = Self::Two;

    /// The version that a lock's first line names.
    pub(super) fn of(header: &str) -> Result<Self, Unreadable> {
        let version = header.strip_prefix(NAME).and_then(|rest| rest.strip_prefix(' '));
        match version.unwrap_or_default() {
            "1" => Ok(Self::One),
            "2" => Ok(Self::Two),
            number if number.starts_with(|c: char| matches!(c, '1'..='9')) && number.parse::<u64>().is_ok() => {
                Err(Unreadable::Later)
            }
            _ => Err(Unreadable::NoLock),
        }
    }

    /// The first line of a lock.
    pub(super) fn header(self) -> String {
        format!("{NAME} {}", self as u8 + 1)
    }

    /// Reads a line behind the first; where it is damaged, says which field and how. `line` keeps its text.
    pub(super) fn read(self, text: &str, line: impl FnOnce() -> Line) -> Result<Record, Damage> {
        match self {
            Self::One | Self::Two => lines::read(text, line),
        }
    }
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Record {
    /// What a first line says, on another line.
    Version(Version),
    /// The collection's id.
    Collection(String),
    /// A note type.
    NoteType(LockedType),
    /// A note that is there.
    Note(LockedNote),
    /// A note that is gone.
    Gone(Tombstone),
}
