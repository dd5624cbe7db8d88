//! Turns what a disk says of a file into a stamp that is another one once the file was changed.
//!
//! Knows nothing of what is in files.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::text::parcel::{Parcel, Unpack};

/// What a disk says of a file. Times are nanoseconds of the Unix epoch, as far as the file system has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    pub(super) length: u64,
    modified: u64,
    /// When anything about the file was changed, which nobody sets. Windows does not say that: it is when the file was made
    /// there, so that what is written over it and dated back has the stamp that it had.
    changed: u64,
}

impl Stamp {
    #[cfg(unix)]
    pub(super) fn new(data: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let time = |seconds: i64, nanoseconds: i64| {
            u64::try_from(seconds).unwrap_or_default().saturating_mul(SECOND) + nanoseconds.unsigned_abs() % SECOND
        };
        Self {
            device: data.dev(),
            inode: data.ino(),
            length: data.len(),
            modified: time(data.mtime(), data.mtime_nsec()),
            changed: time(data.ctime(), data.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new(data: &Metadata) -> Self {
        let time = |time: std::io::Result<SystemTime>| time.map(nanoseconds).unwrap_or_default();
        let (modified, changed) = (time(data.modified()), time(data.created()));
        Self { device: 0, inode: 0, length: data.len(), modified, changed }
    }

    /// Whether any change after `since`, in nanoseconds of the Unix epoch, shows in the stamp. A change within one tick of the
    /// file system's clock does not, as git has it of its index ("racy git"): a tick is some milliseconds, and up to two
    /// seconds where times are whole seconds.
    ///
    /// `since` is of this machine's clock, and the stamp of the file server's, if there is one. Where that is behind by more
    /// than a tick, a file that was changed twice within one, and read between, is taken for the one that was read.
    pub(super) fn is_settled(&self, since: u64) -> bool {
        let is_coarse = self.modified.is_multiple_of(SECOND) && self.changed.is_multiple_of(SECOND);
        let tick = if is_coarse { 2 * SECOND } else { SECOND / 10 };
        self.modified.max(self.changed).saturating_add(tick) < since
    }

    /// As numbers.
    pub(super) fn numbers(&self) -> [u64; 5] {
        let Self { device, inode, length, modified, changed } = *self;
        [device, inode, length, modified, changed]
    }

    pub(super) fn pack(&self, parcel: &mut Parcel) {
        for number in self.numbers() {
            parcel.number(number);
        }
    }

    pub(super) fn unpack(from: &mut Unpack<'_>) -> Option<Self> {
        let mut number = || from.number();
        Some(Self { device: number()?, inode: number()?, length: number()?, modified: number()?, changed: number()? })
    }
}

const SECOND: u64 = 1_000_000_000;

/// The time, in nanoseconds of the Unix epoch.
pub(super) fn clock() -> u64 {
    nanoseconds(SystemTime::now())
}

fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_settled_when_the_clock_has_gone_on() {
        let stamp = |modified, changed| Stamp { device: 1, inode: 1, length: 1, modified, changed };
        let (exact, coarse) = (stamp(5 * SECOND + 1, 5 * SECOND + 2), stamp(5 * SECOND, 5 * SECOND));
        assert!(!exact.is_settled(5 * SECOND + 2) && !exact.is_settled(5 * SECOND + SECOND / 10));
        assert!(exact.is_settled(5 * SECOND + SECOND / 10 + 3));
        assert!(!coarse.is_settled(6 * SECOND) && !coarse.is_settled(7 * SECOND) && coarse.is_settled(7 * SECOND + 1));
        assert!(!stamp(1, 9 * SECOND + 1).is_settled(9 * SECOND), "what was dated back");
        assert!(!stamp(u64::MAX, 1).is_settled(u64::MAX));
    }

    #[test]
    fn another_file_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let stamp = || Stamp::new(&std::fs::metadata(&path).unwrap());
        std::fs::write(&path, "one").unwrap();
        let first = stamp();
        assert_eq!(stamp(), first);
        std::fs::write(&path, "three").unwrap();
        assert_ne!(stamp(), first);
        let mut parcel = Parcel::default();
        first.pack(&mut parcel);
        let bytes = parcel.into_bytes();
        assert_eq!(Stamp::unpack(&mut Unpack::new(&bytes)), Some(first));
        assert_eq!(Stamp::unpack(&mut Unpack::new(&bytes[..bytes.len() - 1])), None);
    }
}
