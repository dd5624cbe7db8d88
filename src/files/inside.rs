//! Turns a path into whether it really lies in a folder, whatever links there are on the way.
//!
//! Knows nothing of what is written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::World;

/// Whether a folder really is `root` or lies in it, links followed; of one that is not there, the nearest above it.
pub fn stays_in(root: &Path, folder: &Path) -> bool {
    Inside::default().holds_folder(root, folder)
}

impl World {
    /// As [`stays_in`].
    pub fn stays_in(&self, root: &Path, folder: &Path) -> bool {
        let real = folder.ancestors().find_map(|folder| self.real(folder).ok());
        real.is_some_and(|real| self.real(root).map_or(true, |root| real.starts_with(root)))
    }
}

/// What is known of folders so far: each is looked up once.
#[derive(Default)]
pub(super) struct Inside {
    /// Folder as it is named → where it really is, where it is there.
    real: HashMap<PathBuf, Option<PathBuf>>,
}

impl Inside {
    /// Whether a file really lies in `root`, or would if it were made. `root` itself may be a link: somebody named it.
    pub(super) fn holds(&mut self, root: &Path, file: &Path) -> bool {
        let is_link = fs::symlink_metadata(file).is_ok_and(|data| data.is_symlink());
        // A link that leads nowhere is replaced by what is put in its place.
        let leads_out = is_link && fs::canonicalize(file).is_ok_and(|real| !self.is_in(root, &real));
        !leads_out && file.parent().is_some_and(|folder| self.holds_folder(root, folder))
    }

    /// Whether a folder really is `root` or lies in it; of one that is not there, the nearest above it.
    pub(super) fn holds_folder(&mut self, root: &Path, folder: &Path) -> bool {
        let real = folder.ancestors().find_map(|folder| self.real(folder));
        real.is_some_and(|real| self.is_in(root, &real))
    }

    fn is_in(&mut self, root: &Path, real: &Path) -> bool {
        // Where there is no root yet, no link is in it.
        self.real(root).is_none_or(|root| real.starts_with(root))
    }

    fn real(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(real) = self.real.get(folder) {
            return real.clone();
        }
        let real = fs::canonicalize(folder).ok();
        self.real.insert(folder.to_owned(), real.clone());
        real
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_and_the_root_may_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = |path: &str| folder.path().join(path);
        fs::create_dir_all(place("out/in")).unwrap();
        fs::create_dir_all(place("elsewhere/deep")).unwrap();
        fs::write(place("elsewhere/file"), "x").unwrap();
        for (name, target) in [
            ("named", "out"),
            ("out/dir", "../elsewhere"),
            ("out/file", "../elsewhere/file"),
            ("out/inner", "in"),
            ("out/nowhere", "../elsewhere/none"),
            ("out/loop", "loop"),
        ] {
            symlink(target, place(name)).unwrap();
        }
        for root in ["out", "named", "out/../out"] {
            let mut holds = |path: &str| Inside::default().holds(&place(root), &place(root).join(path));
            assert!(["x", "a/b/x", "in/x", "inner/x", "nowhere", "loop"].into_iter().all(&mut holds), "{root}");
            assert!(!["dir/x", "dir/deep/x", "dir/none/x", "file", "../x"].into_iter().any(&mut holds), "{root}");
        }
        assert!(Inside::default().holds(&place("none"), &place("none/a/x")));
    }
}
