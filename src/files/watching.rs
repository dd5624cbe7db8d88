//! Turns what happens below folders into a word that something did, once it is quiet again.
//!
//! Folders are watched, not files: editors that write by renaming put another file in the place of the old one. Knows nothing of
//! what is in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{Config, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, NoCache, new_debouncer_opt};

use super::browser::Interrupts;
use super::path::absolute;
use crate::Error;

/// So long nothing more has to happen before something is said: editors write a file in several steps. What was read too
/// early is read again.
const QUIET: Duration = Duration::from_millis(20);

/// So often is looked whether somebody interrupts.
const LOOK: Duration = Duration::from_millis(100);

/// Folders that are watched.
pub struct Watching {
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    events: Receiver<DebounceEventResult>,
    /// What is watched, with all below it.
    folders: Vec<PathBuf>,
    /// What happens in these counts for nothing.
    apart: Vec<PathBuf>,
}

impl Watching {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// The system lets nobody watch.
    pub fn new() -> Result<Self, Error> {
        let (tell, events) = channel();
        // A link may lead to all of the disk. What may be read through one is among the folders to watch by itself.
        let config = Config::default().with_follow_symlinks(false);
        let debouncer = new_debouncer_opt(QUIET, Some(QUIET / 2), tell, NoCache::new(), config)
            .map_err(|cause| Error::new("cannot watch", "folders", cause))?;
        Ok(Self { debouncer, events, folders: Vec::new(), apart: Vec::new() })
    }

    /// Watches these folders as well, but for what is below those `apart`, as outputs are. A folder within one that is watched
    /// is watched already, and one that is not there cannot be.
    ///
    /// # Errors
    /// The system watches no more of them.
    pub fn watch(&mut self, folders: &[PathBuf], apart: &[PathBuf]) -> Result<(), Error> {
        self.apart = apart.iter().map(|path| real(path)).collect::<Result<_, _>>()?;
        for folder in folders {
            let folder = real(folder)?;
            if self.folders.iter().any(|known| folder.starts_with(known)) || !folder.is_dir() {
                continue;
            }
            let watched = self.debouncer.watch(&folder, RecursiveMode::Recursive);
            watched.map_err(|cause| Error::new("cannot watch", &folder, cause))?;
            self.folders.push(folder);
        }
        Ok(())
    }

    /// Waits until something happens, and says where; `None` where somebody interrupts.
    pub fn wait(&self, interrupts: &Interrupts) -> Option<Vec<PathBuf>> {
        while !interrupts.came() {
            match self.events.recv_timeout(LOOK) {
                Ok(Ok(events)) => {
                    let counted: Vec<&DebouncedEvent> = events.iter().filter(|event| self.counts(event)).collect();
                    if !counted.is_empty() {
                        return Some(counted.into_iter().flat_map(|event| event.paths.clone()).collect());
                    }
                }
                // What was missed may have been anything.
                Ok(Err(_)) => return Some(Vec::new()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }

    /// Whether something was written, made, renamed or taken away that may be read.
    fn counts(&self, event: &DebouncedEvent) -> bool {
        let is_change = match event.kind {
            EventKind::Access(_) => false,
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {
                true
            }
        };
        is_change && (event.need_rescan() || event.paths.iter().any(|path| self.is_read(path)))
    }

    fn is_read(&self, path: &Path) -> bool {
        let is_of_git = path.components().any(|part| part.as_os_str() == ".git");
        !is_of_git && !self.apart.iter().any(|apart| path.starts_with(apart))
    }
}

/// A path without links, as far as it is there: what happens is told by such paths.
fn real(path: &Path) -> Result<PathBuf, Error> {
    let path = absolute(path)?;
    let mut there = path.ancestors().filter_map(|above| Some((fs::canonicalize(above).ok()?, above)));
    let real = there.next().and_then(|(real, above)| Some(real.join(path.strip_prefix(above).ok()?)));
    Ok(real.unwrap_or(path))
}
