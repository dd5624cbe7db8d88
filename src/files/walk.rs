//! Turns folders into lists of note files in reading order.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs::DirEntry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::World;
use super::bounds::{Bounds, Lead};
use crate::Error;
use crate::text::extension::is_markdown;
use crate::text::path::{join, stem};

/// So many folders may lie in each other: what is walked is walked again by each step.
const MAX_DEPTH: usize = 100;

impl World {
    /// The nearest folder upwards that another tool takes for the root of what is in it: a vault, a graph, a book, a
    /// repository.
    pub fn find_vault(&self, start: &Path) -> Option<PathBuf> {
        let is_root = |folder: &&Path| {
            [".obsidian", "logseq", "book.toml", ".git"].iter().any(|name| self.data(&folder.join(name)).is_ok())
        };
        start.ancestors().find(is_root).map(Path::to_owned)
    }

    /// The project that `start` lies in: the nearest folder upwards with a `deckle.yaml`.
    pub fn find_project(&self, start: &Path) -> Option<PathBuf> {
        start.ancestors().find(|folder| self.is_file(&folder.join("deckle.yaml"))).map(Path::to_owned)
    }

    /// A `deckle.yml` where [`World::find_project`] looks for `deckle.yaml`.
    pub fn find_misnamed_project(&self, start: &Path) -> Option<PathBuf> {
        start.ancestors().map(|folder| folder.join("deckle.yml")).find(|file| self.is_file(file))
    }

    /// Whether a path is a folder.
    ///
    /// # Errors
    /// There is nothing at the path, or it cannot be reached.
    pub fn is_folder(&self, path: &Path) -> Result<bool, Error> {
        if self.unsaved(path).is_some() {
            return Ok(false);
        }
        match self.data(path) {
            Ok(data) => Ok(data.is_dir()),
            Err(_) if !self.unsaved_in(path).is_empty() => Ok(true),
            Err(cause) => Err(Error::new("cannot read", path, cause)),
        }
    }

    /// Whether there is a file at a path; false where that cannot be known.
    pub fn is_file(&self, path: &Path) -> bool {
        self.unsaved(path).is_some() || self.data(path).is_ok_and(|data| data.is_file())
    }

    /// Whether there is nothing at a path; false where that cannot be known.
    pub fn is_missing(&self, path: &Path) -> bool {
        let is_absent = self.data(path).is_err_and(|cause| cause.kind() == ErrorKind::NotFound);
        is_absent && self.unsaved(path).is_none() && self.unsaved_in(path).is_empty()
    }

    /// Names of the plain files in a folder, sorted; empty where there is no such folder.
    pub fn list_names(&self, folder: &Path) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        if self.data(folder).is_ok_and(|data| data.is_dir()) {
            for entry in self.read_folder(folder)? {
                // A name that is not UTF-8 is one that no text can give.
                if let Ok(name) = entry.file_name().into_string()
                    && self.is_plain(&entry)
                {
                    names.push(name);
                }
            }
        }
        names.extend(self.unsaved_in(folder).into_iter().filter(|(_, is_folder)| !is_folder).map(|(name, _)| name));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Walks `root`/`start`: Markdown files and folders, README and index first, the others by name with numbers in their
    /// order. Left out: what is hidden, `node_modules`, `target`, the folder `skip`, what a list of the name `list` says
    /// that a build made, and folders met before through a link; and, by name, what would be read and is out of bounds or
    /// no file.
    pub fn walk(&self, bounds: &Bounds, root: &Path, start: &str, [skip, list]: [&Path; 2]) -> Result<Folder, Error> {
        let place = root.join(start);
        if matches!(self.follow(bounds, &place), Ok(Lead::Outside)) && self.unsaved_in(&place).is_empty() {
            let skipped = vec![Skipped { path: start.to_owned(), why: Skip::Lead(Lead::Outside) }];
            return Ok(Folder { path: start.to_owned(), skipped, ..Folder::default() });
        }
        let skip = self.real(skip).unwrap_or_else(|_| skip.to_owned());
        let (seen, made) = (BTreeSet::new(), BTreeSet::new());
        Walker { world: self, bounds, root, skip, list, seen, made }.folder(start, 0)
    }
}

impl World {
    fn read_folder(&self, folder: &Path) -> Result<Vec<DirEntry>, Error> {
        self.entries(folder, usize::MAX).map_err(|cause| Error::new("cannot read", folder, cause))
    }

    /// Whether an entry is a file or a link to one.
    fn is_plain(&self, entry: &DirEntry) -> bool {
        match entry.file_type() {
            Ok(kind) if !kind.is_symlink() => kind.is_file(),
            Ok(_) | Err(_) => self.data(&entry.path()).is_ok_and(|data| data.is_file()),
        }
    }
}

/// A folder with note files in it or below it.
#[derive(Debug, Default)]
pub struct Folder {
    /// Relative to the root of the walk, parts joined by `/`; `""` is the root itself.
    pub path: String,
    /// Whether it holds a `_deck.yaml`.
    pub has_settings: bool,
    /// Names of files in it that nearly are a `_deck.yaml`.
    pub misnamed: Vec<String>,
    /// What a hidden file in it may call it, where slides are read: its name without the dot.
    pub called: Option<String>,
    /// Its note files and folders in reading order.
    pub entries: Vec<Found>,
    /// What is not read although its name says that it should be.
    pub skipped: Vec<Skipped>,
}

/// A note file, a `_deck.yaml` or a folder that is not read.
#[derive(Debug)]
pub struct Skipped {
    /// Relative to the root of the walk.
    pub path: String,
    /// Why not.
    pub why: Skip,
}

/// Why something is not read.
#[derive(Debug)]
pub enum Skip {
    /// It leads there, and that is neither a file nor a folder that may be read.
    Lead(Lead),
    /// Its name is no UTF-8, and no text can hold it.
    Name,
    /// Too many folders lie around it.
    Depth,
}

/// What a folder holds.
#[derive(Debug)]
pub enum Found {
    /// A note file's path, relative to the root of the walk.
    File(String),
    /// A folder.
    Folder(Folder),
}

struct Walker<'a> {
    world: &'a World,
    bounds: &'a Bounds,
    root: &'a Path,
    /// The folder to leave out.
    skip: PathBuf,
    /// The name of the lists of what builds made.
    list: &'a Path,
    /// The folders that were met, each where it really is.
    seen: BTreeSet<PathBuf>,
    /// What the lists name that were met.
    made: BTreeSet<String>,
}

impl Walker<'_> {
    fn folder(&mut self, path: &str, depth: usize) -> Result<Folder, Error> {
        let mut folder = Folder { path: path.to_owned(), ..Folder::default() };
        let place = self.root.join(path);
        let unsaved = self.world.unsaved_in(&place);
        let real = match self.world.real(&place) {
            Ok(real) => real,
            Err(_) if !unsaved.is_empty() => place.clone(),
            Err(cause) => return Err(Error::new("cannot read", &place, cause)),
        };
        if self.skip == real || !self.seen.insert(real) {
            return Ok(folder);
        }
        let (entries, called) = self.listed(path, &place, unsaved)?;
        folder.called = called;
        for Entry { name, is_folder, amiss } in entries {
            let path = join(path, &name);
            if let Some(why) = amiss {
                let is_ours = is_folder || is_markdown(&name) || name == "_deck.yaml";
                if is_ours && self.world.real(&self.root.join(&path)).ok().as_ref() != Some(&self.skip) {
                    folder.skipped.push(Skipped { path, why });
                }
            } else if is_folder && depth == MAX_DEPTH {
                folder.skipped.push(Skipped { path, why: Skip::Depth });
            } else if self.made.contains(&path) {
                // A page of an earlier build is no note.
            } else if is_folder {
                let inner = self.folder(&path, depth + 1)?;
                if !(inner.entries.is_empty() && inner.skipped.is_empty()) {
                    folder.entries.push(Found::Folder(inner));
                }
            } else if name == "_deck.yaml" {
                folder.has_settings = true;
            } else if ["_deck.yaml", "_deck.yml"].iter().any(|nearly| name.eq_ignore_ascii_case(nearly)) {
                folder.misnamed.push(name);
            } else if is_markdown(&name) {
                folder.entries.push(Found::File(path));
            }
        }
        Ok(folder)
    }

    /// What is not hidden, in reading order, and what a hidden file may call the folder. `unsaved` is what the disk need not
    /// have, and goes above it.
    fn listed(
        &mut self,
        path: &str,
        folder: &Path,
        unsaved: Vec<(String, bool)>,
    ) -> Result<(Vec<Entry>, Option<String>), Error> {
        let unsaved = unsaved.into_iter().map(|(name, is_folder)| Entry { name, is_folder, amiss: None });
        let mut entries: Vec<Entry> = unsaved.collect();
        let is_on_disk = entries.is_empty() || self.world.data(folder).is_ok_and(|data| data.is_dir());
        let on_disk = if is_on_disk { self.world.read_folder(folder)? } else { Vec::new() };
        if on_disk.iter().any(|found| found.file_name() == self.list.as_os_str()) {
            let list = self.world.read_list(&folder.join(self.list))?;
            self.made.extend(list.iter().map(|made| join(path, made)));
        }
        let is_seen = |found: &&DirEntry| !found.file_name().as_encoded_bytes().starts_with(b".");
        entries.extend(on_disk.iter().filter(is_seen).map(|found| self.entry(found)));
        entries.retain(|entry| {
            let is_machinery = entry.is_folder && matches!(entry.name.as_str(), "node_modules" | "target");
            !is_machinery && !entry.name.starts_with('.')
        });
        entries.sort_by(|a, b| {
            let is_first = |entry: &Entry| !entry.is_folder && is_first(&entry.name);
            is_first(b).cmp(&is_first(a)).then_with(|| natural(&a.name, &b.name))
        });
        entries.dedup_by(|later, first| later.name == first.name);
        let is_file = |found: &&DirEntry| found.file_type().is_ok_and(|kind| kind.is_file());
        let names = on_disk.iter().filter(is_file).filter_map(|found| found.file_name().into_string().ok());
        let called = names.filter_map(|name| names_folder(&name).map(str::to_owned)).min();
        Ok((entries, called))
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.world.data(path).is_ok_and(|data| data.is_dir())
    }

    /// Only links have to be followed: what else lies in a folder is where the folder is.
    fn entry(&self, found: &DirEntry) -> Entry {
        let path = found.path();
        let name = match found.file_name().into_string() {
            Ok(name) => name,
            Err(name) => {
                let name = name.to_string_lossy().into_owned();
                return Entry { name, is_folder: self.is_folder(&path), amiss: Some(Skip::Name) };
            }
        };
        let Ok(kind) = found.file_type() else {
            return Entry { name, is_folder: false, amiss: Some(Skip::Lead(Lead::Nothing)) };
        };
        if !kind.is_symlink() {
            let amiss = (!kind.is_dir() && !kind.is_file()).then_some(Skip::Lead(Lead::Special));
            return Entry { name, is_folder: kind.is_dir(), amiss };
        }
        match self.world.follow(self.bounds, &path).unwrap_or(Lead::Nothing) {
            Lead::File(_) => Entry { name, is_folder: false, amiss: None },
            Lead::Folder => Entry { name, is_folder: true, amiss: None },
            amiss @ (Lead::Special | Lead::Outside | Lead::Nothing) => {
                Entry { name, is_folder: self.is_folder(&path), amiss: Some(Skip::Lead(amiss)) }
            }
        }
    }
}

/// What a hidden file may call its folder, as anki-panky has it: words that start with a capital letter, or several of them.
fn names_folder(name: &str) -> Option<&str> {
    const OTHERS: [&str; 8] =
        ["CFUserTextEncoding", "ICEauthority", "RData", "Renviron", "Rhistory", "Rprofile", "Xauthority", "Xresources"];
    let name = name.strip_prefix('.')?.trim();
    let is_words = name.starts_with(char::is_uppercase) || name.contains(' ');
    (is_words && !name.contains(['.', '_', '~', '#']) && !OTHERS.contains(&name)).then_some(name)
}

/// Something in a folder.
struct Entry {
    name: String,
    is_folder: bool,
    /// Why it is not read.
    amiss: Option<Skip>,
}

/// The file that introduces its folder, as forges and mdBook have it.
fn is_first(name: &str) -> bool {
    let stem = stem(name);
    is_markdown(name) && (stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index"))
}

/// Orders names as people do: numbers by value, letters without regard to case, and then by their bytes.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while !left.is_empty() && !right.is_empty() {
        let (left_piece, left_rest) = piece(left);
        let (right_piece, right_rest) = piece(right);
        let order = if is_number(left_piece) && is_number(right_piece) {
            let (x, y) = (left_piece.trim_start_matches('0'), right_piece.trim_start_matches('0'));
            x.len().cmp(&y.len()).then_with(|| x.cmp(y))
        } else {
            left_piece.to_lowercase().cmp(&right_piece.to_lowercase())
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The longest piece at the start that is all digits or has none.
fn piece(text: &str) -> (&str, &str) {
    let is_digit = |c: char| c.is_ascii_digit();
    let first_is_digit = text.starts_with(is_digit);
    text.split_at(text.find(|c| is_digit(c) != first_is_digit).unwrap_or(text.len()))
}

fn is_number(piece: &str) -> bool {
    piece.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn hidden_files_of_people_name_folders() {
        assert_eq!(
            [".Green tea", ".Tea", ".green tea", ".茶 道"].map(names_folder),
            [Some("Green tea"), Some("Tea"), Some("green tea"), Some("茶 道")]
        );
        for name in [".gitignore", ".DS_Store", ".Rhistory", ".VolumeIcon.icns", ".", ". ", "Tea", ".x.swp", ".Tea.md"]
        {
            assert_eq!(names_folder(name), None, "{name}");
        }
    }

    fn files(folder: &Folder, all: &mut Vec<String>) {
        for entry in &folder.entries {
            match entry {
                Found::File(path) => all.push(path.clone()),
                Found::Folder(inner) => files(inner, all),
            }
        }
    }

    #[test]
    fn files_come_in_reading_order() {
        let root = tempfile::tempdir().unwrap();
        for path in [
            "10.md",
            "2.md",
            "README.md",
            "b/x.markdown",
            "b/index.md",
            "a.MD",
            "c.txt",
            ".h/x.md",
            "out/y.md",
            "target/z.md",
            "empty/n.txt",
        ] {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.path(), root.path().join("b/loop")).unwrap();
        let mut all = Vec::new();
        files(
            &World::at(0)
                .walk(&Bounds::new([root.path()]), root.path(), "", [&root.path().join("out"), Path::new(".made")])
                .unwrap(),
            &mut all,
        );
        assert_eq!(all, ["README.md", "2.md", "10.md", "a.MD", "b/index.md", "b/x.markdown"]);
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let mut names = vec!["b10", "b9", "B1", "a", "b09", "ä", "b", ""];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "a", "b", "B1", "b09", "b9", "b10", "ä"]);
    }
}
