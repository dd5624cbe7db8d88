//! Turns the list of what earlier builds made into what is stale, and takes that away.
//!
//! Anybody may have edited a list, or put links into the folders that it speaks of: what is removed is a plain file or a
//! link that the list names, and that really lies below the list's folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::World;
use super::inside::Inside;
use crate::Error;
use crate::text::path::fold;

/// The largest list that is read, in bytes: a million paths.
const MAX_LIST: u64 = 64 << 20;

/// What earlier builds made and this one does not, and the list for the next build.
#[derive(Debug)]
pub struct Listing {
    /// What to remove.
    pub stale: Vec<PathBuf>,
    /// The list: what was made, and what is there still; empty where that is nothing.
    pub text: String,
    /// The list for as long as files are written and removed: that and what is stale. `None` where the old one says it all.
    pub meanwhile: Option<String>,
    /// What the old list names, relative to its folder.
    pub known: BTreeSet<String>,
}

/// Compares what was made with the list of what earlier builds made: paths relative to `root`, with `/` between their
/// parts, one a line. Stale is what the list has in one of `folders`, or names and is one of `others`, and no longer is made.
///
/// # Errors
/// There is a list and it cannot be read, or it is a link.
pub fn compare(
    root: &Path,
    list: &Path,
    made: &BTreeSet<String>,
    folders: &[&str],
    others: &BTreeSet<String>,
) -> Result<Listing, Error> {
    let known = World::at(0).read_list(list)?;
    let gone = known.iter().map(String::as_str).filter(|path| !made.contains(*path));
    // Where the file system knows no case, a page of another case is the very file that was made.
    let folded: BTreeSet<String> = made.iter().map(|path| fold(path)).collect();
    let is_in = |path: &str| folders.iter().any(|folder| Path::new(path).starts_with(folder));
    let is_stale = |path: &&str| (is_in(path) || others.contains(*path)) && !folded.contains(&fold(path));
    let (stale, kept): (Vec<&str>, Vec<&str>) = gone.partition(is_stale);
    let lines = |paths: &BTreeSet<&str>| paths.iter().flat_map(|path| [path, "\n"]).collect::<String>();
    let listed: BTreeSet<&str> = made.iter().map(String::as_str).chain(kept).collect();
    let is_news = listed.iter().any(|path| !known.contains(*path));
    let meanwhile = is_news.then(|| lines(&listed.iter().chain(&stale).copied().collect()));
    let (stale, text) = (stale.iter().map(|path| root.join(path)).collect(), lines(&listed));
    Ok(Listing { stale, text, meanwhile, known })
}

impl World {
    /// The paths of a list, where there is one; those that may leave its folder are not taken.
    ///
    /// # Errors
    /// There is a list and it cannot be read, or it is a link.
    pub(super) fn read_list(&self, list: &Path) -> Result<BTreeSet<String>, Error> {
        read_list(list, self.link(list).unwrap_or_default(), || Ok(self.open(list)?.0))
    }
}

fn read_list(list: &Path, is_link: bool, open: impl FnOnce() -> io::Result<File>) -> Result<BTreeSet<String>, Error> {
    let failed = |cause: io::Error| Error::new("cannot read", list, cause);
    if is_link {
        return Err(failed(io::Error::other("it is a link; take it away")));
    }
    let mut bytes = Vec::new();
    match open().and_then(|file| file.take(MAX_LIST + 1).read_to_end(&mut bytes)) {
        Err(cause) if is_absent(&cause) => return Ok(BTreeSet::new()),
        Err(cause) => return Err(failed(cause)),
        Ok(length) if length as u64 > MAX_LIST => {
            return Err(failed(io::Error::other("it is larger than 64 MiB; take it away")));
        }
        Ok(_) => {}
    }
    let is_inside =
        |path: &&str| !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    Ok(String::from_utf8_lossy(&bytes).lines().filter(is_inside).map(str::to_owned).collect())
}

/// Removes files, and the folders below `root` that are empty then. What is not there is as it should be; a folder is none
/// of ours, and neither is what a link out of `root` leads to.
///
/// # Errors
/// A file cannot be removed.
pub fn remove_all(root: &Path, files: &[PathBuf]) -> Result<(), Error> {
    let mut inside = Inside::default();
    for path in files {
        let is_ours = path.parent().is_some_and(|folder| inside.holds_folder(root, folder))
            && fs::symlink_metadata(path).is_ok_and(|data| !data.is_dir());
        if !is_ours {
            continue;
        }
        match fs::remove_file(path) {
            Err(cause) if !is_absent(&cause) => return Err(Error::new("cannot remove", path, cause)),
            Ok(()) | Err(_) => {}
        }
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
        // A folder that holds something else is not removed, nor are those above it.
        let _ = folders.map(fs::remove_dir).find(Result::is_err);
    }
    Ok(())
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::super::create_new;
    use super::*;

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
        let Listing { stale, text, meanwhile, .. } =
            compare(root, &list, &made(), &["book"], &BTreeSet::new()).unwrap();
        let all = "book.md\nbook/a/b/stale.md\nbook/gone.md\nbook/kept.md\nbook/new.md\nprint/other.html\n";
        assert_eq!(meanwhile.as_deref(), Some(all));
        assert_eq!(stale, [root.join("book/a/b/stale.md"), root.join("book/gone.md")]);
        assert_eq!(text, "book.md\nbook/kept.md\nbook/new.md\nprint/other.html\n");
        remove_all(root, &stale).unwrap();
        assert!(!root.join("book/a/b").exists());
        let theirs = ["book/kept.md", "book/a/theirs.md", "print/other.html", "book.md"];
        assert!(theirs.iter().all(|path| root.join(path).exists()));
        // The same file, where the file system knows no case, or takes both forms of a letter for one.
        for other in ["book/Kept.md\n", "book/KEPT.MD\n"] {
            fs::write(&list, other).unwrap();
            assert!(compare(root, &list, &made(), &["book"], &BTreeSet::new()).unwrap().stale.is_empty());
        }
        fs::write(&list, "book/u\u{308}.md\n").unwrap();
        let made_so = BTreeSet::from(["book/\u{fc}.md".to_owned()]);
        assert!(compare(root, &list, &made_so, &["book"], &BTreeSet::new()).unwrap().stale.is_empty());
        let first = compare(root, &root.join("none"), &made(), &["book"], &BTreeSet::new()).unwrap();
        assert_eq!((first.stale, first.text.as_str()), (Vec::new(), "book/kept.md\nbook/new.md\n"));
    }
}
