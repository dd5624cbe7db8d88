//! Turns recipes into files, each whole or not at all.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};
use xxhash_rust::xxh3::Xxh3;

use super::inside::Inside;
use super::kept::is_still_there;
use super::media::Fault;
use super::open::open;
use super::recipe::carry_out;
use super::reserve::Reserved;
use super::temporary::{builder, is_temporary};
use crate::Error;
use crate::source::Recipe;

/// A file to write.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    recipe: Recipe,
    /// Whether it has to be on the disk for good before anything is renamed.
    lasts: bool,
    /// The folder that it must not leave by a link.
    within: Option<PathBuf>,
    /// What it has to hold until then, where a person wrote it.
    before: Option<Recipe>,
}

impl NewFile {
    /// A file that can be made again, should the power fail.
    pub fn new(path: PathBuf, recipe: impl Into<Recipe>) -> Self {
        Self { path, recipe: recipe.into(), lasts: false, within: None, before: None }
    }

    /// A file that must not be lost: the disk is waited for, which takes some milliseconds each.
    pub fn lasting(path: PathBuf, recipe: impl Into<Recipe>) -> Self {
        Self { lasts: true, ..Self::new(path, recipe) }
    }

    /// A file that a person wrote, with an edit: only what holds `before`, and may be written, is replaced.
    pub fn edited(path: PathBuf, before: impl Into<Recipe>, recipe: impl Into<Recipe>) -> Self {
        Self { before: Some(before.into()), ..Self::lasting(path, recipe) }
    }

    /// A file that is written below this folder and nowhere else, whatever links lie there.
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        Self { within: Some(folder.to_owned()), ..self }
    }

    /// Where.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is no longer made, and was taken away.
    Removed,
    /// It was written.
    Written,
    /// It held these bytes already and was not touched.
    Unchanged,
}

/// A file that is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// What became of it.
    pub outcome: Outcome,
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its bytes: XXH3, 128 bits.
    pub hash: u128,
}

/// Writes files: all of them to temporary files beside their targets first, then each is renamed; no more than two files
/// are open at a time. Where bytes are equal the file is left alone, so that what watches it stays asleep. A file that is
/// there keeps its permissions, and a link stays one: what it points to is written, where the file may leave its folder or
/// the link does not. Files of one recipe are hard links to one file, where the file system has them and permissions allow
/// it.
///
/// Gives what became of each, and its size in bytes.
///
/// # Errors
/// As for [`put_all`].
pub fn write_all(files: &[NewFile]) -> Result<Vec<(Outcome, u64)>, Error> {
    Ok(put_all(files)?.into_iter().map(|Put { outcome, size, .. }| (outcome, size)).collect())
}

/// As [`write_all`].
///
/// # Errors
/// A folder or file cannot be written, a link leads out of the folder that a file has to stay in, or a file that is to be
/// copied was changed. Before the first rename nothing is changed but folders that were missing, and temporary files are
/// gone.
pub fn put_all(files: &[NewFile]) -> Result<Vec<Put>, Error> {
    let mut firsts: HashMap<usize, usize> = HashMap::with_capacity(files.len());
    let mut prepared: Vec<Prepared> = Vec::with_capacity(files.len());
    let mut inside = Inside::default();
    for file in files {
        let index = *firsts.entry(file.recipe.address()).or_insert(prepared.len());
        let ready = prepare(file, prepared.get(index), &mut inside)?;
        prepared.push(ready);
    }
    files.iter().zip(prepared).map(|(file, prepared)| prepared.put(file)).collect()
}

/// Whether there is anything at a path, be it a link that leads nowhere.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether there is a plain file at a path, no link, with other bytes than are to be written.
///
/// # Errors
/// A file that is to be copied was changed, or cannot be read.
pub fn is_other_file(path: &Path, recipe: &Recipe) -> Result<bool, Error> {
    Ok(fs::symlink_metadata(path).is_ok_and(|data| data.is_file()) && held(path, recipe)?.is_none())
}

/// How many bytes a file has; 0 where there is none.
pub fn length(path: &Path) -> u64 {
    fs::metadata(path).map(|data| data.len()).unwrap_or_default()
}

/// How a plain file begins, as text: its first `most` bytes; empty where it cannot be read.
pub fn beginning(path: &Path, most: u64) -> String {
    let mut bytes = Vec::new();
    let read = open(path).and_then(|(file, _)| file.take(most).read_to_end(&mut bytes));
    read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
}

/// Removes temporary files that a build left behind which was killed, from the folders that hold these files; none is
/// looked into that a link out of `root` leads to. Nobody else may write below `root`: such a file would be one that is
/// wanted still.
pub fn tidy<'a>(reserved: &Reserved, root: &Path, files: impl IntoIterator<Item = &'a Path>) {
    if !reserved.is_alone() {
        return;
    }
    let mut inside = Inside::default();
    let folders: BTreeSet<&Path> = files.into_iter().filter_map(Path::parent).collect();
    for folder in folders.into_iter().filter(|folder| inside.holds_folder(root, folder)) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_left = entry.file_name().to_str().is_some_and(is_temporary);
            if is_left && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                // What cannot be removed is in nobody's way.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Writes a file that must not be there yet; false where it is.
pub fn create_new(path: &Path, text: &str) -> Result<bool, Error> {
    create_parent(path)?;
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).map_err(|cause| cannot_write(path, cause)),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(cause) => Err(cannot_write(path, cause)),
    }
}

/// A file that is ready to be put in its place.
struct Prepared {
    /// Where the bytes are now.
    place: Place,
    size: u64,
    hash: u128,
}

enum Place {
    /// In the file itself.
    Target(PathBuf),
    /// In a temporary file, which is closed and goes unless it is put in its place; behind it what it will be.
    Temporary(TempPath, PathBuf),
    /// The same, as a hard link to a file that is put in its place before.
    Link(TempPath, PathBuf),
}

impl Prepared {
    fn path(&self) -> &Path {
        match &self.place {
            Place::Target(path) => path,
            Place::Temporary(path, _) | Place::Link(path, _) => path,
        }
    }

    fn put(self, file: &NewFile) -> Result<Put, Error> {
        let outcome = match self.place {
            Place::Target(_) => Outcome::Unchanged,
            // The file came there by another path. To rename one link of a file to another does nothing (POSIX), and both stay.
            Place::Link(temporary, target) if is_one(&temporary, &target) => Outcome::Written,
            Place::Temporary(temporary, target) | Place::Link(temporary, target) => {
                temporary.persist(target).map_err(|error| cannot_write(&file.path, error.error))?;
                Outcome::Written
            }
        };
        Ok(Put { outcome, size: self.size, hash: self.hash })
    }
}

/// `first` is a file of the same recipe.
fn prepare(file: &NewFile, first: Option<&Prepared>, inside: &mut Inside) -> Result<Prepared, Error> {
    let same = first.filter(|first| is_one(first.path(), &file.path)).map(|first| first.hash);
    let held = if same.is_none() { held(&file.path, &file.recipe)? } else { same };
    let (place, hash) = if let Some(hash) = held {
        (Place::Target(file.path.clone()), hash)
    } else {
        if file.within.as_ref().is_some_and(|folder| !inside.holds(folder, &file.path)) {
            return Err(cannot_write(&file.path, "a link leads out of the output folder there"));
        }
        if let Some(before) = &file.before {
            check_edited(&file.path, before)?;
        }
        create_parent(&file.path)?;
        if file.path.is_dir() {
            return Err(cannot_write(&file.path, "it is a folder"));
        }
        let target = target(&file.path);
        if let Some((link, hash)) = first.and_then(|first| Some((link(first.path(), &target)?, first.hash))) {
            (Place::Link(link, target), hash)
        } else {
            let (temporary, hash) = write(file, &target, first.is_none() && file.lasts)?;
            (Place::Temporary(temporary, target), hash)
        }
    };
    let mut prepared = Prepared { place, size: file.recipe.length().unwrap_or_default(), hash };
    if file.recipe.length().is_none() {
        prepared.size = fs::metadata(prepared.path()).map_err(|cause| cannot_write(&file.path, cause))?.len();
    }
    Ok(prepared)
}

/// To rename another file over one that must not be written is not forbidden by its permissions.
fn check_edited(path: &Path, before: &Recipe) -> Result<(), Error> {
    if held(path, before)?.is_none() {
        return Err(cannot_write(path, "it was changed meanwhile; run this again"));
    }
    let is_read_only = fs::metadata(path).is_ok_and(|data| data.permissions().readonly());
    if is_read_only { Err(cannot_write(path, "it is read-only")) } else { Ok(()) }
}

/// Whether two paths are known to lead to one file.
fn is_one(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file = |path| fs::metadata(path).map(|data| (data.dev(), data.ino())).ok();
        file(one).is_some_and(|one| Some(one) == file(other))
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// The hash of a file's bytes (XXH3, 128 bits), where they are those that are to be written.
///
/// # Errors
/// A file that is to be copied was changed, or cannot be read.
pub fn held(path: &Path, recipe: &Recipe) -> Result<Option<u128>, Error> {
    let fits = |length| recipe.length().is_none_or(|expected| expected == length);
    if !fs::metadata(path).is_ok_and(|data| data.is_file() && fits(data.len())) {
        return Ok(None);
    }
    if let Recipe::There(there) = recipe
        && there.path == path
        && is_still_there(there)
    {
        return Ok(Some(there.hash));
    }
    let Ok((file, _)) = open(path) else { return Ok(None) };
    let mut old = Hashing::new(Old(BufReader::with_capacity(BUFFER, file)));
    match carry_out(recipe, &mut old) {
        Ok(()) => Ok(old.sink.0.fill_buf().is_ok_and(<[u8]>::is_empty).then(|| old.hash.digest128())),
        Err(Fault::Sink(_)) => Ok(None),
        Err(Fault::Source(error)) => Err(error),
    }
}

/// Hashes what goes on to a sink.
struct Hashing<W> {
    sink: W,
    hash: Xxh3,
}

impl<W> Hashing<W> {
    fn new(sink: W) -> Self {
        Self { sink, hash: Xxh3::new() }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.sink.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// So much is read and written at a time.
const BUFFER: usize = 64 * 1024;

/// A file that takes the bytes that it has already, and refuses others.
struct Old(BufReader<File>);

impl Write for Old {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let held = self.0.fill_buf()?;
        let count = held.len().min(bytes.len());
        if count == 0 || held.get(..count) != bytes.get(..count) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.0.consume(count);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A temporary file beside `target` that is a hard link to `first`; `None` where there can be none, or it would not have
/// the permissions that the target has.
fn link(first: &Path, target: &Path) -> Option<TempPath> {
    // A link to a symbolic link would be another one, and one to what that leads to would share a file that is not ours.
    if fs::symlink_metadata(first).ok()?.is_symlink() {
        return None;
    }
    let permissions = |path: &Path| fs::metadata(path).map(|data| data.permissions()).ok();
    let old = permissions(target);
    if old.is_some() && old != permissions(first) {
        return None;
    }
    let link = builder().make_in(folder(target), |path| fs::hard_link(first, path));
    link.ok().map(NamedTempFile::into_temp_path)
}

/// A temporary file beside `target` with the bytes of `file`, and their hash.
fn write(file: &NewFile, target: &Path, lasts: bool) -> Result<(TempPath, u128), Error> {
    let failed = |cause| cannot_write(&file.path, cause);
    let temporary = builder().make_in(folder(target), create).map_err(failed)?;
    let mut sink = Hashing::new(BufWriter::with_capacity(BUFFER, temporary.as_file()));
    let written = carry_out(&file.recipe, &mut sink).and_then(|()| Ok(sink.flush()?));
    written.map_err(|fault| match fault {
        Fault::Source(error) => error,
        Fault::Sink(cause) => failed(cause),
    })?;
    let hash = sink.hash.digest128();
    drop(sink);
    if let Ok(data) = fs::metadata(target) {
        temporary.as_file().set_permissions(data.permissions()).map_err(failed)?;
    }
    if lasts {
        temporary.as_file().sync_all().map_err(failed)?;
    }
    Ok((temporary.into_temp_path(), hash))
}

/// The file itself, where a path leads to it by links.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn folder(target: &Path) -> &Path {
    target.parent().unwrap_or(Path::new("."))
}

/// Not tempfile's own way: its files are the owner's alone, and its errors hide the system's number.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn create_parent(path: &Path) -> Result<(), Error> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|cause| Error::new("cannot make the folder", folder, cause))
}

pub(super) fn cannot_write(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new("cannot write", path, cause)
}

#[cfg(test)]
mod tests {
    use super::super::media::blob_of;
    use super::*;
    use crate::source::{Blob, Member, Packing, Piece};

    /// Names in a folder; none of a temporary file's among them where all is well.
    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }

    fn outcomes(files: &[NewFile]) -> Vec<Outcome> {
        write_all(files).unwrap().into_iter().map(|(outcome, _)| outcome).collect()
    }

    #[test]
    fn files_are_written_where_they_differ() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b.txt");
        let write = |text: &str| write_all(&[NewFile::new(path.clone(), text.to_owned())]).unwrap();
        assert_eq!(write("one"), [(Outcome::Written, 3)]);
        assert_eq!(write("one"), [(Outcome::Unchanged, 3)]);
        for other in ["two", "longer", "short", "", "s"] {
            assert_eq!(write(other), [(Outcome::Written, other.len() as u64)]);
            assert_eq!(fs::read_to_string(&path).unwrap(), other);
        }
        assert_eq!(names(&root.path().join("a")), ["b.txt"]);
    }

    #[test]
    fn a_file_made_of_pieces_is_compared_from_end_to_end() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("x");
        let bytes = vec![7_u8; 300_000];
        let pieces = |end: &str| {
            let pieces = [Piece::Plain(bytes.clone().into()), Piece::Base64(bytes.clone().into())];
            let end = Piece::Plain(end.to_owned().into());
            Recipe::Pieces(pieces.into_iter().chain([end]).collect::<Vec<_>>().into())
        };
        let write = |end: &str| outcomes(&[NewFile::new(path.clone(), pieces(end))]);
        assert_eq!(write("1"), [Outcome::Written]);
        assert_eq!(write("1"), [Outcome::Unchanged]);
        assert_eq!(write("2"), [Outcome::Written]);
        assert!(fs::read(&path).unwrap().ends_with(b"BwcH2"));
        // A zip does not say beforehand how long it is.
        let zip = |name: &str| Recipe::Zip(vec![member(name, bytes.clone().into())].into());
        let write = |name: &str| outcomes(&[NewFile::new(path.clone(), zip(name))]);
        assert_eq!(write("a"), [Outcome::Written]);
        assert_eq!(write("a"), [Outcome::Unchanged]);
        fs::write(&path, [fs::read(&path).unwrap(), b"more".to_vec()].concat()).unwrap();
        assert_eq!(write("a"), [Outcome::Written]);
        fs::write(&path, &fs::read(&path).unwrap()[..200_000]).unwrap();
        assert_eq!(write("a"), [Outcome::Written]);
    }

    fn member(name: &str, blob: Blob) -> Member {
        Member { name: name.to_owned(), packing: Packing::Stored(blob) }
    }

    #[test]
    fn what_was_changed_meanwhile_is_named_and_nothing_is_renamed() {
        let root = tempfile::tempdir().unwrap();
        let picture = root.path().join("picture.png");
        fs::write(&picture, "before").unwrap();
        let blob = blob_of(&picture);
        fs::write(&picture, "after!").unwrap();
        let out = root.path().join("out");
        let recipes = [Recipe::from(String::from("page")), Recipe::Zip(vec![member("0", blob)].into())];
        let files = |names: [&str; 2]| {
            let named = names.into_iter().zip(recipes.clone());
            named.map(|(name, recipe)| NewFile::new(out.join(name), recipe)).collect::<Vec<_>>()
        };
        let said = write_all(&files(["page", "package"])).unwrap_err().to_string();
        assert!(said.contains("picture.png: it was changed while it was read"), "{said}");
        assert_eq!(names(&out), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn files_of_one_recipe_are_one_on_disk() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        let inode = |name: &str| fs::metadata(path(name)).unwrap().ino();
        let write = |text: &str| {
            let recipe = Recipe::from(text.to_owned());
            let file = |name| NewFile::new(path(name), recipe.clone());
            outcomes(&[file("a"), file("b/c"), NewFile::new(path("other"), text.to_owned())])
        };
        assert_eq!(write("one"), [Outcome::Written; 3]);
        assert!(inode("a") == inode("b/c") && inode("a") != inode("other"));
        assert_eq!(write("one"), [Outcome::Unchanged; 3]);
        // One of them alone is missing, or changed.
        fs::remove_file(path("a")).unwrap();
        assert_eq!(write("one"), [Outcome::Written, Outcome::Unchanged, Outcome::Unchanged]);
        fs::remove_file(path("b/c")).unwrap();
        assert_eq!(write("one"), [Outcome::Unchanged, Outcome::Written, Outcome::Unchanged]);
        assert_eq!(inode("a"), inode("b/c"));
        assert_eq!(write("two"), [Outcome::Written; 3]);
        assert_eq!(inode("a"), inode("b/c"));
        // Permissions that it has of its own are kept.
        fs::set_permissions(path("a"), fs::Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(path("b/c")).unwrap();
        fs::write(path("b/c"), "old").unwrap();
        fs::set_permissions(path("b/c"), fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(write("two"), [Outcome::Unchanged, Outcome::Written, Outcome::Unchanged]);
        assert_eq!(fs::metadata(path("b/c")).unwrap().mode() & 0o777, 0o600);
        assert_eq!(
            (fs::read_to_string(path("b/c")).unwrap().as_str(), names(&path("b"))),
            ("two", vec!["c".to_owned()])
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_permissions_stay_as_they_are() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().unwrap();
        let (file, link) = (root.path().join("real/file"), root.path().join("link"));
        fs::create_dir(root.path().join("real")).unwrap();
        fs::write(&file, "one").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        let recipe = Recipe::from(String::from("two"));
        let copy = root.path().join("copy");
        let files = || [NewFile::new(link.clone(), recipe.clone()), NewFile::new(copy.clone(), recipe.clone())];
        write_all(&files()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        // What is linked to is the file, not the link.
        fs::remove_file(&copy).unwrap();
        write_all(&files()).unwrap();
        assert!(!fs::symlink_metadata(&copy).unwrap().is_symlink());
        assert_eq!(fs::read(&copy).unwrap(), b"two");
        // Both lead to one file.
        fs::remove_file(&copy).unwrap();
        symlink(&file, &copy).unwrap();
        let recipe = Recipe::from(String::from("three"));
        let files = [&link, &copy].map(|path| NewFile::new(path.clone(), recipe.clone()));
        assert_eq!(outcomes(&files), [Outcome::Written; 2]);
        assert_eq!(fs::read(&file).unwrap(), b"three");
        assert_eq!((names(&root.path().join("real")), names(root.path()).len()), (vec!["file".to_owned()], 3));
    }

    #[test]
    fn nothing_is_renamed_when_one_cannot_be_prepared() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "x").unwrap();
        let first = NewFile::lasting(root.path().join("first"), String::from("1"));
        let second = NewFile::new(root.path().join("file/second"), String::from("2"));
        assert!(write_all(&[first, second]).unwrap_err().to_string().starts_with("cannot make the folder "));
        assert_eq!(names(root.path()), ["file"]);
    }

    #[test]
    fn what_was_changed_meanwhile_or_may_not_be_written_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("x");
        let write = |before: &str| {
            let file = NewFile::edited(path.clone(), before.to_owned(), String::from("new"));
            write_all(&[file]).map_err(|error| error.to_string().rsplit_once(": ").map(|(_, cause)| cause.to_owned()))
        };
        fs::write(&path, "old!").unwrap();
        assert_eq!(write("old"), Err(Some("it was changed meanwhile; run this again".into())));
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert_eq!(write("old!"), Err(Some("it is read-only".into())));
        assert_eq!((fs::read(&path).unwrap().as_slice(), names(root.path())), (&b"old!"[..], vec!["x".to_owned()]));
        fs::remove_file(&path).unwrap();
        assert_eq!(write("old!"), Err(Some("it was changed meanwhile; run this again".into())));
        assert!(!path.exists());
    }

    #[test]
    fn nothing_is_tidied_where_others_may_write() {
        let root = tempfile::tempdir().unwrap();
        let (left, file) = (root.path().join(".deckle-0123456789ab.tmp"), root.path().join("x"));
        fs::write(&left, "x").unwrap();
        tidy(&Reserved::in_vain(), root.path(), [file.as_path()]);
        assert!(left.exists());
        tidy(&super::super::reserve(&[root.path()], &mut |_| {}).unwrap(), root.path(), [file.as_path()]);
        assert!(!left.exists());
    }

    #[test]
    fn a_file_that_is_there_is_not_created() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("x");
        assert!(create_new(&path, "1").unwrap());
        assert!(!create_new(&path, "2").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"1");
    }
}
