//! Turns a path into what it leads to, links resolved, as far as that lies in the folders of a project.
//!
//! Paths are resolved here and nothing is opened. Knows nothing of what is in files.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::World;
use super::path::absolute;
use crate::text::path::fold;

/// The folders that what is read has to lie in. No bytes of anything else come into an output.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// As they were named: absolute, without `.` and `..`.
    named: Vec<PathBuf>,
    /// Where they really are. A folder that is not there holds nothing.
    real: Vec<PathBuf>,
}

impl Bounds {
    /// The folders with all that lies below them.
    pub fn new<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut bounds = Self::default();
        folders.into_iter().for_each(|folder| bounds.add(folder));
        bounds
    }

    /// Adds a folder.
    pub fn add(&mut self, folder: &Path) {
        self.named.extend(absolute(folder));
        self.real.extend(fs::canonicalize(folder));
    }

    /// The folders as they were named.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.named.iter().map(PathBuf::as_path)
    }

    /// Whether one of the folders lies in this one, which then holds more than they do.
    pub fn lie_in(&self, folder: &Path) -> bool {
        fs::canonicalize(folder).is_ok_and(|folder| self.real.iter().any(|real| real.starts_with(&folder)))
    }

    fn names(&self, path: &Path) -> bool {
        absolute(path).is_ok_and(|path| self.named.iter().any(|folder| path.starts_with(folder)))
    }

    fn hold(&self, real: &Path) -> bool {
        self.real.iter().any(|folder| real.starts_with(folder))
    }
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// A plain file; where it really is, or its own path where its text is not saved.
    File(PathBuf),
    /// A folder.
    Folder,
    /// A pipe, a device or a socket: to open it may wait for ever, and to read it may never end.
    Special,
    /// Something out of bounds, there or not.
    Outside,
    /// Nothing: no such file, or links in a circle.
    Nothing,
}

impl World {
    /// Says what a path leads to. A path that leaves the bounds as it is written is not even looked up: on Windows, to look
    /// up `\\host\share` tells that host who is asking.
    ///
    /// # Errors
    /// A folder on the way may not be entered.
    pub fn follow(&self, bounds: &Bounds, path: &Path) -> io::Result<Lead> {
        if !bounds.names(path) {
            return Ok(Lead::Outside);
        }
        if self.unsaved(path).is_some() {
            return Ok(Lead::File(path.to_owned()));
        }
        self.see_bounds(bounds);
        let found = self.real(path).and_then(|real| {
            if !bounds.hold(&real) {
                return Ok(Lead::Outside);
            }
            let data = self.data(&real)?;
            Ok(match (data.is_file(), data.is_dir()) {
                (true, _) => Lead::File(real),
                (_, true) => Lead::Folder,
                _ => Lead::Special,
            })
        });
        match found {
            Err(cause) if cause.kind() != io::ErrorKind::PermissionDenied => {
                // Whether a file is there is nobody's business where files are not read.
                let mut above = path.ancestors().skip(1).filter_map(|folder| self.real(folder).ok());
                Ok(if above.next().is_none_or(|real| bounds.hold(&real)) { Lead::Nothing } else { Lead::Outside })
            }
            found => found,
        }
    }
}

/// Finds files whose names are written in another normal form of Unicode than the disk has them: editors on macOS write
/// `ü` as two characters, others as one.
pub struct Spellings<'a> {
    world: &'a World,
    bounds: &'a Bounds,
    /// Each folder is listed once.
    folders: HashMap<PathBuf, Names>,
}

/// The names in a folder. Only looked up, never walked, so their order does not matter.
#[derive(Default)]
struct Names {
    /// Name in NFC → name on the disk.
    by_form: HashMap<String, OsString>,
    /// The same, by [`fold`]ed name: so that the thousandth name that is sought takes no longer than the first.
    by_case: HashMap<String, OsString>,
}

impl<'a> Spellings<'a> {
    /// Nothing is listed yet.
    pub fn new(world: &'a World, bounds: &'a Bounds) -> Self {
        Self { world, bounds, folders: HashMap::new() }
    }

    /// The path below `root`, parts joined by `/`, as the disk has it.
    pub fn find(&mut self, root: &Path, path: &str) -> Option<PathBuf> {
        if path.is_ascii() {
            return None;
        }
        let mut place = root.to_owned();
        for part in path.split('/') {
            let written = place.join(part);
            place = if part == ".." || self.world.link(&written).is_ok() {
                written
            } else {
                let name = self.names(&place).by_form.get(&part.nfc().collect::<String>())?;
                place.join(name)
            };
        }
        Some(place)
    }

    /// The path below `root`, parts joined by `/`, as the disk has it, where only the file's name differs by case: as disks
    /// of macOS and Windows find it.
    pub fn find_by_case(&mut self, root: &Path, path: &str) -> Option<PathBuf> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = root.join(folder);
        let real = self.names(&folder).by_case.get(&fold(name))?;
        Some(folder.join(real))
    }

    /// What is out of bounds is not listed.
    fn names(&mut self, folder: &Path) -> &Names {
        let (world, bounds) = (self.world, self.bounds);
        self.folders.entry(folder.to_owned()).or_insert_with(|| {
            let mut names = Names::default();
            if !matches!(world.follow(bounds, folder), Ok(Lead::Folder)) {
                return names;
            }
            let mut found: Vec<OsString> =
                world.entries(folder, usize::MAX).into_iter().flatten().map(|entry| entry.file_name()).collect();
            // Of two names in one form the first counts, whatever order the disk has.
            found.sort_unstable_by(|a, b| b.cmp(a));
            for real in found {
                let Some(name) = real.to_str().map(|name| name.nfc().collect::<String>()) else { continue };
                names.by_case.insert(fold(&name), real.clone());
                names.by_form.insert(name, real);
            }
            names
        })
    }
}
