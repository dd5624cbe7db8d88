//! Holds what a compilation sees of the world around it: the disk, an editor's unsaved texts above it, and the time.
//!
//! The only handle on them: reading files is in [`super::read`], finding them in [`super::walk`]. Knows nothing of what is
//! read.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::path::absolute;
use super::seen::Seen;
use super::surroundings::now;
use super::variable;
use crate::Error;

/// What a compilation sees of the world around it. The same world gives the same result.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Unix seconds of the build.
    pub now: i64,
    /// Whether they come from `SOURCE_DATE_EPOCH`, and may be older than what was built before.
    pub source_date_epoch: bool,
    /// Absolute path, without `.` and `..` → text.
    overlay: BTreeMap<PathBuf, Arc<str>>,
    /// What was seen of the disk, where that is taken down.
    pub(super) seen: Option<Arc<Seen>>,
}

impl World {
    /// The world as it is now: clock and environment are asked once.
    ///
    /// # Errors
    /// `SOURCE_DATE_EPOCH` is set and is not a whole number of seconds.
    pub fn system() -> Result<Self, Error> {
        let source_date_epoch = variable("SOURCE_DATE_EPOCH").is_some();
        Ok(Self { now: now()?, source_date_epoch, ..Self::default() })
    }

    /// The same world, which takes down from now on what is [seen](World::seen) of the disk.
    #[must_use]
    pub fn attentive(&self) -> Self {
        Self { seen: Some(Seen::new().into()), ..self.clone() }
    }

    /// The disk at a time in Unix seconds.
    pub fn at(now: i64) -> Self {
        Self { now, ..Self::default() }
    }

    /// Puts a text in the place of a file's, which need not be on the disk: an editor has not saved it yet. A folder is
    /// there with the files in it. A path that leads through links is another one than where they lead.
    ///
    /// # Errors
    /// The path is relative, and there is no working folder.
    pub fn overlay(&mut self, path: &Path, text: impl Into<Arc<str>>) -> Result<(), Error> {
        self.overlay.insert(absolute(path)?, text.into());
        Ok(())
    }

    /// Lets the disk speak again for a file; whether it did not.
    ///
    /// # Errors
    /// As for [`World::overlay`].
    pub fn uncover(&mut self, path: &Path) -> Result<bool, Error> {
        Ok(self.overlay.remove(&absolute(path)?).is_some())
    }

    /// The unsaved text of a file.
    pub(super) fn unsaved(&self, path: &Path) -> Option<&Arc<str>> {
        if self.overlay.is_empty() {
            return None;
        }
        self.overlay.get(&absolute(path).ok()?)
    }

    /// What unsaved texts add to a folder: names, and whether they are folders; a folder comes once for each text below it.
    pub(super) fn unsaved_in(&self, folder: &Path) -> Vec<(String, bool)> {
        if self.overlay.is_empty() {
            return Vec::new();
        }
        let Ok(folder) = absolute(folder) else { return Vec::new() };
        // Paths are ordered part by part, so that all below a folder stand behind it.
        let behind = self.overlay.range::<Path, _>((Bound::Excluded(folder.as_path()), Bound::Unbounded));
        let below = behind.map_while(|(path, _)| path.strip_prefix(&folder).ok());
        let name = |path: &Path| {
            let mut parts = path.components();
            let name = parts.next()?.as_os_str().to_str()?.to_owned();
            Some((name, parts.next().is_some()))
        };
        below.filter_map(name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsaved_texts_are_found_by_any_spelling_and_below_their_folders() {
        let mut world = World::at(0);
        for path in ["/p/a.md", "/p/sub/b.md", "/p/sub/c.md", "/p2/d.md"] {
            world.overlay(Path::new(path), "x").unwrap();
        }
        assert!(world.unsaved(Path::new("/p/sub/../a.md")).is_some());
        let names = |folder: &str| world.unsaved_in(Path::new(folder));
        let sub = || ("sub".to_owned(), true);
        assert_eq!(names("/p"), [("a.md".to_owned(), false), sub(), sub()]);
        assert_eq!(names("/p/a.md"), []);
        assert!(world.uncover(Path::new("/p/a.md")).unwrap());
        assert!(!world.uncover(Path::new("/p/a.md")).unwrap());
        assert!(world.unsaved(Path::new("/p/a.md")).is_none());
    }
}
