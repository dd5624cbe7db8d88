//! Looks at the disk for a [`World`], and takes down what it sees where that is wanted.
//!
//! What is not taken down may change unnoticed, so all that a compilation knows of the disk comes from here. Knows nothing
//! of what is looked for.

use std::fs::{self, DirEntry, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::World;
use super::bounds::Bounds;
use super::open::open;
use super::seen::{Kind, Sight, Way, names};
use super::stamp::Stamp;

impl World {
    /// What was seen so far, for [`see_again`](super::see_again); `None` where nothing was to be taken down, or not all
    /// could be.
    pub fn seen(&self) -> Option<Vec<u8>> {
        self.seen.as_ref()?.packed()
    }

    /// When this world began to look, in nanoseconds of the Unix epoch; `None` where nothing is taken down.
    pub fn since(&self) -> Option<u64> {
        self.seen.as_ref().map(|seen| seen.since())
    }

    /// Takes down that a file was written, of bytes with this hash (XXH3, 128 bits).
    pub fn has_written(&self, path: &Path, hash: u128) {
        self.see(path, Way::Bytes, || fs::metadata(path).map(|data| Sight::Bytes(Stamp::new(&data), Some(hash))));
    }

    fn see(&self, path: &Path, way: Way, sight: impl FnOnce() -> io::Result<Sight>) {
        if let Some(seen) = &self.seen {
            seen.add(path, way, sight());
        }
    }

    /// Whether a path is a folder or lies in it, links followed; false where one of them is not there.
    pub fn really_in(&self, path: &Path, folder: &Path) -> bool {
        self.real(folder).is_ok_and(|folder| self.real(path).is_ok_and(|path| path.starts_with(folder)))
    }

    /// Where a path really is.
    pub(super) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        let real = fs::canonicalize(path);
        self.see(path, Way::Real, || real.as_ref().map(|real| Sight::Real(real.clone())).map_err(copy));
        real
    }

    /// What is known of what a path leads to. Of a file no more than that it is one is taken down.
    pub(super) fn data(&self, path: &Path) -> io::Result<Metadata> {
        let data = fs::metadata(path);
        self.see(path, Way::Kind, || data.as_ref().map(|data| Sight::Kind(Kind::of(data))).map_err(copy));
        data
    }

    /// The length of a plain file in bytes.
    pub(super) fn length(&self, path: &Path) -> io::Result<u64> {
        let data = self.data(path)?;
        if data.is_file() {
            self.see(path, Way::Bytes, || Ok(Sight::Bytes(Stamp::new(&data), None)));
        }
        Ok(data.len())
    }

    /// Whether what is at a path is a link.
    pub(super) fn link(&self, path: &Path) -> io::Result<bool> {
        let is_link = fs::symlink_metadata(path).map(|data| data.is_symlink());
        self.see(path, Way::Link, || is_link.as_ref().map(|is_link| Sight::Link(*is_link)).map_err(copy));
        is_link
    }

    /// Takes down where the folders of bounds are.
    pub(super) fn see_bounds(&self, bounds: &Bounds) {
        let Some(seen) = &self.seen else { return };
        for folder in bounds.folders().filter(|folder| !seen.knows(folder, Way::Real)) {
            let _ = self.real(folder);
        }
    }

    /// What lies in a folder, in the disk's order, and no more of it than `most`.
    pub(super) fn entries(&self, folder: &Path, most: usize) -> io::Result<Vec<DirEntry>> {
        let entries = fs::read_dir(folder).and_then(|entries| entries.take(most).collect::<io::Result<Vec<_>>>());
        if let (Some(seen), Ok(entries)) = (&self.seen, &entries)
            && entries.len() == most
        {
            seen.muddle();
        }
        self.see(folder, Way::Names, || entries.as_ref().map(|entries| Sight::Names(names(entries))).map_err(copy));
        entries
    }

    /// Opens a plain file.
    pub(super) fn open(&self, path: &Path) -> io::Result<(File, Metadata)> {
        let opened = open(path);
        self.see(path, Way::Bytes, || {
            opened.as_ref().map(|(_, data)| Sight::Bytes(Stamp::new(data), None)).map_err(copy)
        });
        opened
    }

    /// Takes down all bytes of a file that was opened.
    pub(super) fn has_read(&self, path: &Path, data: &Metadata, bytes: &[u8]) {
        self.see(path, Way::Bytes, || Ok(Sight::Bytes(Stamp::new(data), Some(xxh3_128(bytes)))));
    }

    /// What hashes a file that was opened and is read piece by piece, where it is too new to be known by its stamp. What was
    /// read of it is taken down with [`Self::has_hashed`]: later it may be another one.
    pub(super) fn hash_of_new(&self, data: &Metadata) -> Option<Xxh3> {
        let since = self.since()?;
        (!Stamp::new(data).is_settled(since)).then(Xxh3::new)
    }

    /// Takes down all bytes of a file that was opened, by their hash (XXH3, 128 bits).
    pub(super) fn has_hashed(&self, path: &Path, data: &Metadata, hash: u128) {
        self.see(path, Way::Bytes, || Ok(Sight::Bytes(Stamp::new(data), Some(hash))));
    }
}

/// An error with the same number of the system's, as far as it has one.
fn copy(cause: &io::Error) -> io::Error {
    cause.raw_os_error().map_or_else(|| cause.kind().into(), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::thread;
    use std::time::Duration;

    use super::super::seen::{Again, see_again};
    use super::*;

    /// A way to look into a file.
    type Look = fn(&World, &Path);

    /// All of them; the last two do not read all of it.
    const LOOKS: [(&str, Look); 6] = [
        ("kept", |world, path| media(world, path, [100, 100])),
        ("measured", |world, path| media(world, path, [0, 100])),
        ("text", |world, path| drop(world.read_text(path).unwrap())),
        ("bytes", |world, path| drop(world.read_bytes(path).unwrap())),
        ("too large", |world, path| media(world, path, [0, 1])),
        ("opened", |world, path| assert_eq!(world.open_file(path).unwrap().read(&mut [0]).unwrap(), 1)),
    ];

    fn media(world: &World, path: &Path, limits: [u64; 2]) {
        world.read_media(&Bounds::new(path.parent()), path, limits, &mut |_| {}).unwrap();
    }

    #[test]
    fn what_a_new_file_becomes_while_others_are_read_is_not_what_was_read() {
        for (way, look) in LOOKS {
            for waits in [false, true] {
                let folder = tempfile::tempdir().unwrap();
                let path = fs::canonicalize(folder.path()).unwrap().join("x");
                let world = World::at(0).attentive();
                fs::write(&path, "before").unwrap();
                look(&world, &path);
                assert_ne!(see_again(&world.seen().unwrap()), Again::Other, "{way}: it is as it was");
                // Long enough for another stamp: without one only what was hashed while it was read is known.
                if waits || way == "opened" || way == "too large" {
                    thread::sleep(Duration::from_millis(50));
                }
                fs::write(&path, "after!").unwrap();
                assert_eq!(see_again(&world.seen().unwrap()), Again::Other, "{way}");
            }
        }
    }

    /// What was read is known, whatever the file says of itself by now.
    #[test]
    fn a_new_file_is_hashed_while_it_is_read() {
        for (way, look) in LOOKS {
            let folder = tempfile::tempdir().unwrap();
            let path = fs::canonicalize(folder.path()).unwrap().join("x");
            let world = World::at(0).attentive();
            fs::write(&path, "before").unwrap();
            look(&world, &path);
            thread::sleep(Duration::from_millis(50));
            fs::write(&path, "before").unwrap();
            let is_known = see_again(&world.seen().unwrap()) != Again::Other;
            assert_eq!(is_known, way != "opened" && way != "too large", "{way}");
        }
    }

    #[test]
    fn who_saw_nothing_knows_nothing() {
        assert_eq!(see_again(&World::at(0).attentive().seen().unwrap()), Again::Other);
    }

    /// The file is found to hold our bytes, and before it is taken down somebody else writes.
    #[test]
    fn what_a_stranger_wrote_since_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let after = World::at(0).attentive();
        fs::write(&path, "theirs").unwrap();
        thread::sleep(Duration::from_millis(250));
        after.has_written(&path, xxh3_128(b"ours!!"));
        assert_eq!(see_again(&after.seen().unwrap()), Again::Other);
    }
}
