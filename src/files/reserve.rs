//! Turns folders into the right to write in them: of two builds the second waits for the first.
//!
//! The right is advisory, and the system takes it back from whoever dies. Knows nothing of what is written.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::Error;

/// Whoever waits so long is told, rather than to wait for ever: a build takes seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long it takes until one looks again: less than anybody notices.
const NAP: Duration = Duration::from_millis(20);

/// Folders that nobody else writes in for as long as this lives.
#[derive(Debug)]
pub struct Reserved {
    /// One for each folder that is locked; the locks go with them.
    handles: Vec<File>,
    /// How many were to be locked.
    wanted: usize,
}

impl Reserved {
    /// Whether all others stay away: then what looks like a file of a build that is going on is one that died.
    pub fn is_alone(&self) -> bool {
        self.handles.len() == self.wanted
    }
}

#[cfg(test)]
impl Reserved {
    /// What comes of a folder on a file system without locks.
    pub(super) fn in_vain() -> Self {
        Self { handles: Vec::new(), wanted: 1 }
    }
}

/// Reserves folders, and makes those that are missing. `wait` is called with a folder that has to be waited for. What
/// cannot be reserved, because its file system has no locks or it may not be opened, is not: a build goes on all the same.
///
/// # Errors
/// Somebody else has had one of the folders for two minutes.
pub fn reserve(folders: &[&Path], wait: &mut dyn FnMut(&Path)) -> Result<Reserved, Error> {
    reserve_in(folders, PATIENCE, wait)
}

fn reserve_in(folders: &[&Path], patience: Duration, wait: &mut dyn FnMut(&Path)) -> Result<Reserved, Error> {
    let real = |folder: &&Path| fs::create_dir_all(folder).and_then(|()| fs::canonicalize(folder)).ok();
    // In one order for all, so that no two builds ever wait for each other.
    let real: BTreeSet<PathBuf> = folders.iter().filter_map(real).collect();
    let mut handles = Vec::with_capacity(real.len());
    for folder in &real {
        match lock(folder, patience, wait) {
            Ok(handle) => handles.push(handle),
            Err(cause) if cause.kind() == io::ErrorKind::TimedOut => {
                return Err(Error::new("cannot write", folder, "another deckle has been writing there for long"));
            }
            Err(_) => {}
        }
    }
    Ok(Reserved { handles, wanted: real.len() })
}

fn lock(folder: &Path, patience: Duration, wait: &mut dyn FnMut(&Path)) -> io::Result<File> {
    let handle = open(folder)?;
    let start = Instant::now();
    let mut is_told = false;
    loop {
        match handle.try_lock() {
            Ok(()) => return Ok(handle),
            Err(TryLockError::WouldBlock) if start.elapsed() >= patience => return Err(io::ErrorKind::TimedOut.into()),
            Err(TryLockError::WouldBlock) => {
                if !std::mem::replace(&mut is_told, true) {
                    wait(folder);
                }
                thread::sleep(NAP);
            }
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
    }
}

/// The folder itself: nothing has to be written for it, and nothing stays behind.
#[cfg(unix)]
fn open(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Elsewhere folders cannot be locked. A file that stands for it lies where it is in nobody's way.
#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hash = DefaultHasher::new();
    folder.hash(&mut hash);
    let name = format!("deckle-{:016x}.lock", hash.finish());
    File::options().create(true).truncate(false).write(true).open(std::env::temp_dir().join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let root = tempfile::tempdir().unwrap();
        let (one, other) = (root.path().join("one"), root.path().join("other"));
        let first = reserve(&[&one, &other, &one], &mut |_| panic!("nobody is there")).unwrap();
        assert!(first.is_alone() && other.is_dir(), "a folder that is named twice is reserved once");
        let mut waited = Vec::new();
        let start = Instant::now();
        let said = reserve_in(&[&other], NAP * 3, &mut |folder| waited.push(folder.to_owned())).unwrap_err();
        assert!(said.to_string().contains("another deckle"), "{said}");
        assert!(start.elapsed() < NAP * 500, "it is told, and not for ever waiting");
        assert_eq!(waited, [fs::canonicalize(&other).unwrap()], "told once");
        let second = thread::spawn(move || reserve(&[&other, &one], &mut |_| {}).is_ok_and(|second| second.is_alone()));
        thread::sleep(NAP * 3);
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().unwrap());
    }

    #[test]
    fn what_cannot_be_reserved_stops_nobody() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "x").unwrap();
        assert!(reserve(&[&root.path().join("file/folder")], &mut |_| {}).is_ok());
    }
}
