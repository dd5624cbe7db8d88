//! Turns prepared bytes into files, each whole or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::Error;

/// A file to write.
#[derive(Debug)]
pub struct NewFile<'a> {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub bytes: &'a [u8],
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was written.
    Written,
    /// It held these bytes already and was not touched.
    Unchanged,
}

/// Writes files: all of them to temporary files beside their targets first, then each is renamed. Where bytes are equal
/// the file is left alone, so that what watches it stays asleep. A file that is there keeps its permissions, and a link
/// stays one: what it points to is written.
///
/// # Errors
/// A folder or file cannot be written. Before the first rename nothing is changed but folders that were missing.
pub fn write_all(files: &[NewFile<'_>]) -> Result<Vec<Outcome>, Error> {
    let mut prepared = Vec::with_capacity(files.len());
    for file in files {
        prepared.push(if holds(&file.path, file.bytes) { None } else { Some(prepare(file)?) });
    }
    let mut outcomes = Vec::with_capacity(files.len());
    for (file, temporary) in files.iter().zip(prepared) {
        outcomes.push(match temporary {
            None => Outcome::Unchanged,
            Some(temporary) => {
                temporary.persist(target(&file.path)).map_err(|error| cannot_write(&file.path, error.error))?;
                Outcome::Written
            }
        });
    }
    Ok(outcomes)
}

/// What earlier builds made and this one does not, and the list for the next build.
#[derive(Debug)]
pub struct Listing {
    /// What to remove.
    pub stale: Vec<PathBuf>,
    /// The list: what was made, and what is there still; empty where that is nothing.
    pub text: String,
}

/// Compares what was made with the list of what earlier builds made: paths relative to `root`, with `/` between their
/// parts, one a line. Stale is what the list has in one of `folders`, and no longer is made.
///
/// # Errors
/// There is a list and it cannot be read.
pub fn compare(root: &Path, list: &Path, made: BTreeSet<String>, folders: &[&str]) -> Result<Listing, Error> {
    let old = match fs::read(list) {
        Ok(old) => String::from_utf8_lossy(&old).into_owned(),
        Err(cause) if is_absent(&cause) => String::new(),
        Err(cause) => return Err(Error::new("cannot read", list, cause)),
    };
    // A list may be edited, and nothing outside of the root is ours.
    let is_inside = |path: &&str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let gone = old.lines().filter(is_inside).filter(|path| !made.contains(*path));
    // Where the file system knows no case, a page of another case is the very file that was made.
    let folded: BTreeSet<String> = made.iter().map(|path| path.to_lowercase()).collect();
    let is_stale = |path: &&str| {
        folders.iter().any(|folder| Path::new(path).starts_with(folder)) && !folded.contains(&path.to_lowercase())
    };
    let (stale, kept): (Vec<&str>, Vec<&str>) = gone.partition(is_stale);
    let stale = stale.into_iter().map(|path| root.join(path)).collect();
    let mut listed = made;
    listed.extend(kept.into_iter().map(str::to_owned));
    Ok(Listing { stale, text: listed.iter().flat_map(|path| [path, "\n"]).collect() })
}

fn is_absent(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// Removes files, and the folders below `root` that are empty then. What is not there is as it should be.
///
/// # Errors
/// A file cannot be removed.
pub fn remove_all(root: &Path, files: &[PathBuf]) -> Result<(), Error> {
    for path in files {
        match fs::remove_file(path) {
            Err(cause) if !is_absent(&cause) => {
                return Err(Error::new("cannot remove", path, cause));
            }
            Ok(()) | Err(_) => {}
        }
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
        // A folder that holds something else is not removed, nor are those above it.
        let _ = folders.map(fs::remove_dir).find(Result::is_err);
    }
    Ok(())
}

/// Writes a file that must not be there yet; false where it is.
pub fn create_new(path: &Path, text: &str) -> Result<bool, Error> {
    create_parent(path)?;
    match fs::File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).map_err(|cause| cannot_write(path, cause)),
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(cause) => Err(cannot_write(path, cause)),
    }
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_length = fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() == bytes.len() as u64);
    same_length && fs::read(path).is_ok_and(|old| old == bytes)
}

fn prepare(file: &NewFile<'_>) -> Result<NamedTempFile, Error> {
    create_parent(&file.path)?;
    if file.path.is_dir() {
        return Err(cannot_write(&file.path, "it is a folder"));
    }
    let target = target(&file.path);
    let folder = target.parent().unwrap_or(Path::new("."));
    let write = || -> std::io::Result<NamedTempFile> {
        let mut temporary = builder().tempfile_in(folder)?;
        temporary.write_all(file.bytes)?;
        if let Ok(data) = fs::metadata(&target) {
            temporary.as_file().set_permissions(data.permissions())?;
        }
        temporary.as_file().sync_all()?;
        Ok(temporary)
    };
    write().map_err(|cause| cannot_write(&file.path, io_cause(&cause)))
}

/// The file itself, where a path leads to it by links.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A temporary file's permissions are the owner's alone unless they are asked for; the umask still applies.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".deckle-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn create_parent(path: &Path) -> Result<(), Error> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|cause| Error::new("cannot make the folder", folder, cause))
}

/// The system's words: tempfile adds the temporary file's random name, which says nothing.
fn io_cause(cause: &std::io::Error) -> std::io::Error {
    cause.kind().into()
}

fn cannot_write(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new("cannot write", path, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_where_they_differ() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b.txt");
        let write = |bytes: &[u8]| write_all(&[NewFile { path: path.clone(), bytes }]).unwrap();
        assert_eq!(write(b"one"), [Outcome::Written]);
        assert_eq!(write(b"one"), [Outcome::Unchanged]);
        assert_eq!(write(b"two"), [Outcome::Written]);
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1);
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
        write_all(&[NewFile { path: link.clone(), bytes: b"two" }]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn nothing_is_renamed_when_one_cannot_be_prepared() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "x").unwrap();
        let first = NewFile { path: root.path().join("first"), bytes: b"1" };
        let second = NewFile { path: root.path().join("file/second"), bytes: b"2" };
        assert!(write_all(&[first, second]).unwrap_err().to_string().starts_with("cannot make the folder "));
        assert!(!root.path().join("first").exists());
    }

    #[test]
    fn what_an_earlier_build_made_goes_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        for path in ["book/kept.md", "book/a/b/stale.md", "book/a/theirs.md", "print/other.html", "book.md"] {
            create_new(&root.join(path), "x").unwrap();
        }
        let list = root.join("list");
        let old = "book/kept.md\nbook/a/b/stale.md\nbook/gone.md\nprint/other.html\nbook.md\nbook/../book.md\n/etc\n";
        fs::write(&list, old).unwrap();
        let made = || BTreeSet::from(["book/kept.md".to_owned(), "book/new.md".to_owned()]);
        let Listing { stale, text } = compare(root, &list, made(), &["book"]).unwrap();
        assert_eq!(stale, [root.join("book/a/b/stale.md"), root.join("book/gone.md")]);
        assert_eq!(text, "book.md\nbook/kept.md\nbook/new.md\nprint/other.html\n");
        remove_all(root, &stale).unwrap();
        assert!(!root.join("book/a/b").exists());
        let theirs = ["book/kept.md", "book/a/theirs.md", "print/other.html", "book.md"];
        assert!(theirs.iter().all(|path| root.join(path).exists()));
        // The same file, where the file system knows no case.
        fs::write(&list, "book/Kept.md\n").unwrap();
        assert!(compare(root, &list, made(), &["book"]).unwrap().stale.is_empty());
        let first = compare(root, &root.join("none"), made(), &["book"]).unwrap();
        assert_eq!((first.stale, first.text.as_str()), (Vec::new(), "book/kept.md\nbook/new.md\n"));
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
