//! Turns names of files into the places where such files are.
//!
//! Links that lead out of bounds are not followed, and nothing is opened. Knows nothing of what the files are wanted for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::World;
use super::bounds::{Bounds, Lead};
use crate::text::path::fold;

/// So many files and folders are looked at: a large vault has a tenth of them, and a home folder is not searched for ever.
const MAX_ENTRIES: usize = 500_000;

impl World {
    /// The plain files of these names, which are [`fold`]ed, below the folders of the bounds. Left out are those places that
    /// [`World::walk`] leaves out, and folders that are links: what lies in them is found where it is.
    ///
    /// Folders that cannot be read hold nothing.
    pub fn seek(
        &self,
        bounds: &Bounds,
        wanted: &BTreeSet<String>,
        [skip, list]: [&Path; 2],
    ) -> BTreeMap<String, Vec<PathBuf>> {
        let skip = self.real(skip).unwrap_or_else(|_| skip.to_owned());
        let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        // The upper folders first: where not all can be looked at, they are.
        let mut folders: VecDeque<PathBuf> = bounds.folders().map(Path::to_owned).collect();
        let (mut made, mut left) = (BTreeSet::new(), MAX_ENTRIES);
        while let Some(folder) = folders.pop_front() {
            let mut entries = self.entries(&folder, left).unwrap_or_default();
            left -= entries.len();
            entries.sort_unstable_by_key(DirEntry::file_name);
            if entries.iter().any(|entry| entry.file_name() == list.as_os_str()) {
                let listed = self.read_list(&folder.join(list)).unwrap_or_default();
                made.extend(listed.iter().map(|path| folder.join(path)));
            }
            for entry in entries {
                let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
                let path = entry.path();
                if name.starts_with('.') || made.contains(&path) {
                    continue;
                }
                if kind.is_dir() {
                    let is_skipped = matches!(name.as_str(), "node_modules" | "target") || self.is(&path, &skip);
                    folders.extend((!is_skipped).then_some(path));
                    continue;
                }
                let name = fold(&name);
                if wanted.contains(&name) && matches!(self.follow(bounds, &path), Ok(Lead::File(_))) {
                    found.entry(name).or_default().push(path);
                }
            }
        }
        found
    }

    /// Whether a folder, which is no link, really is another one. Most have another name, and are not looked up.
    fn is(&self, folder: &Path, real: &Path) -> bool {
        folder.file_name() == real.file_name() && self.real(folder).is_ok_and(|folder| folder == real)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn names_are_found_where_files_are() {
        let root = tempfile::tempdir().unwrap();
        let place = |path: &str| root.path().join(path);
        for path in [
            "in/a.png",
            "in/deep/er/A.PNG",
            "in/deep/u\u{308}.png",
            "in/.hidden/a.png",
            "in/node_modules/a.png",
            "in/out/a.png",
            "in/made/a.png",
            "in/made/other.png",
            "beside/a.png",
            "in/a.png.txt",
        ] {
            fs::create_dir_all(place(path).parent().unwrap()).unwrap();
            fs::write(place(path), "x").unwrap();
        }
        fs::write(place("in/made/.list"), "a.png\n").unwrap();
        fs::create_dir(place("in/folder.png")).unwrap();
        for (name, target) in [
            ("in/linked", "../beside"),
            ("in/loop", "."),
            ("in/made/secret.png", "../../beside/a.png"),
            ("in/inner.png", "a.png"),
            ("in/nowhere.png", "none.png"),
            ("in/round.png", "round.png"),
        ] {
            symlink(target, place(name)).unwrap();
        }
        let names = ["a.png", "\u{fc}.png", "secret.png", "inner.png", "nowhere.png", "round.png", "folder.png"];
        let wanted = names.map(str::to_owned).into();
        let bounds = Bounds::new([place("in").as_path()]);
        let found = World::at(0).seek(&bounds, &wanted, [&place("in/out"), Path::new(".list")]);
        let expected = [
            ("a.png", vec![place("in/a.png"), place("in/deep/er/A.PNG")]),
            ("inner.png", vec![place("in/inner.png")]),
            ("\u{fc}.png", vec![place("in/deep/u\u{308}.png")]),
        ];
        assert_eq!(found, expected.map(|(name, places)| (name.to_owned(), places)).into());
    }
}
