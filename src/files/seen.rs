//! Turns what a compilation saw of the disk into bytes, and says later whether it would see the same.
//!
//! Knows nothing of what is looked for.

use std::collections::HashMap;
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::open::open;
use super::stamp::{Stamp, clock};
use super::temporary::is_temporary;
use crate::text::parcel::{Parcel, Unpack};

/// The name of the file, in an output folder, in which what was seen is kept: whether it is there changes nothing.
pub const CACHE: &str = ".deckle-cache";

/// What a compilation saw of the disk.
#[derive(Debug)]
pub(super) struct Seen {
    /// When it began to look, in nanoseconds of the Unix epoch.
    since: u64,
    sights: Mutex<HashMap<(PathBuf, Way), Sight>>,
    /// Whether it saw what cannot be taken down, or two things at one place.
    is_muddled: AtomicBool,
}

impl Seen {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { since: clock(), sights: Mutex::default(), is_muddled: AtomicBool::new(false) }
    }

    /// When it began to look, in nanoseconds of the Unix epoch.
    pub(super) fn since(&self) -> u64 {
        self.since
    }

    /// All of it, for [`see_again`]; `None` where not all could be taken down.
    pub(super) fn packed(&self) -> Option<Vec<u8>> {
        if self.is_muddled.load(Ordering::Relaxed) {
            return None;
        }
        let sights = self.sights.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<((PathBuf, Way), Sight)> = sights.clone().into_iter().collect();
        sorted.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut left = MOST_HASHED;
        for ((path, _), sight) in &mut sorted {
            if let Sight::Bytes(stamp, hash @ None) = sight
                && !stamp.is_settled(self.since)
                && stamp.length <= left
            {
                left -= stamp.length;
                *hash = hash_of_same(path, *stamp);
            }
        }
        pack_all(self.since, &sorted)
    }

    pub(super) fn add(&self, path: &Path, way: Way, sight: io::Result<Sight>) {
        let sight = match sight {
            Ok(sight) => sight,
            Err(cause) => match cause.raw_os_error() {
                Some(number) => Sight::Fault(number),
                None => return self.muddle(),
            },
        };
        let mut sights = self.sights.lock().unwrap_or_else(PoisonError::into_inner);
        match (sights.get_mut(&(path.to_owned(), way)), sight) {
            (None, sight) => drop(sights.insert((path.to_owned(), way), sight)),
            (Some(known), sight) if *known == sight => {}
            // What was only opened was not read whole.
            (Some(Sight::Bytes(known, hash)), Sight::Bytes(stamp, more))
                if stamp == *known && (hash.is_none() || more.is_none()) =>
            {
                *hash = hash.or(more);
            }
            (Some(_), _) => self.muddle(),
        }
    }

    pub(super) fn knows(&self, path: &Path, way: Way) -> bool {
        self.sights.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&(path.to_owned(), way))
    }

    pub(super) fn muddle(&self) {
        self.is_muddled.store(true, Ordering::Relaxed);
    }
}

/// A way to look at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    /// Where it really is.
    Real,
    /// What lies there, links followed.
    Kind,
    /// Whether it is a link.
    Link,
    /// What lies in the folder.
    Names,
    /// What the file holds.
    Bytes,
}

impl Way {
    const ALL: [Self; 5] = [Self::Real, Self::Kind, Self::Link, Self::Names, Self::Bytes];
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    /// The system's number of an error, as that there is nothing.
    Fault(i32),
    Real(PathBuf),
    Kind(Kind),
    Link(bool),
    /// The hash of the names and of what has them: XXH3, 128 bits.
    Names(u128),
    /// The hash of the bytes (XXH3, 128 bits); `None` where not all of them were read.
    Bytes(Stamp, Option<u128>),
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Other,
}

impl Kind {
    const ALL: [Self; 3] = [Self::File, Self::Folder, Self::Other];

    pub(super) fn of(data: &Metadata) -> Self {
        match (data.is_file(), data.is_dir()) {
            (true, _) => Self::File,
            (_, true) => Self::Folder,
            _ => Self::Other,
        }
    }
}

/// Whether a compilation that saw this would see the same of the disk now. No file is opened whose
/// [stamp](Stamp::is_settled) says enough.
///
/// Bytes that are none of [`Seen::packed`] are what nothing is like.
pub fn see_again(seen: &[u8]) -> Again {
    let mut from = Unpack::new(seen);
    let (again, mut real) = (Seen::new(), Reality::default());
    let Some(since) = from.number() else { return Again::Other };
    let mut is_stale = false;
    let sights = from.many(|from| {
        let (path, way) = (Path::new(from.text()?), *Way::ALL.get(from.count()?)?);
        let sight = unpack(from)?;
        let same = if let Sight::Bytes(stamp, hash) = sight {
            bytes_again(path, stamp, hash, since, &mut is_stale)?
        } else {
            as_seen(path, way, &sight, &mut real).then_some(sight)?
        };
        Some(((path.to_owned(), way), same))
    });
    // Who saw nothing knows nothing.
    let Some(sights) = sights.filter(|sights| !sights.is_empty() && from.is_empty()) else { return Again::Other };
    if is_stale { pack_all(again.since, &sights).map_or(Again::Same, Again::Renewed) } else { Again::Same }
}

/// What became of what was seen.
#[derive(Debug, PartialEq, Eq)]
pub enum Again {
    /// It is as it was.
    Same,
    /// The same, but files had to be read to know that: with this in its place they need not be.
    Renewed(Vec<u8>),
    /// Something is another.
    Other,
}

/// A file as it is now, where it holds what it did.
fn bytes_again(path: &Path, stamp: Stamp, hash: Option<u128>, since: u64, is_stale: &mut bool) -> Option<Sight> {
    let now = Stamp::new(&fs::metadata(path).ok()?);
    if now != stamp || !stamp.is_settled(since) {
        *is_stale = true;
        let is_same = now.length == stamp.length && hash_of(path).ok() == Some(hash?);
        return is_same.then_some(Sight::Bytes(now, hash));
    }
    Some(Sight::Bytes(now, hash))
}

fn as_seen(path: &Path, way: Way, sight: &Sight, real: &mut Reality) -> bool {
    let now = match way {
        Way::Real => real.of(path, sight).map(Sight::Real),
        Way::Kind => fs::metadata(path).map(|data| Sight::Kind(Kind::of(&data))),
        Way::Link => fs::symlink_metadata(path).map(|data| Sight::Link(data.is_symlink())),
        Way::Names => {
            let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
            entries.map(|entries| Sight::Names(names(&entries)))
        }
        // Of a file that could not be opened.
        Way::Bytes => open(path).map(|(_, data)| Sight::Bytes(Stamp::new(&data), None)),
    };
    match (now, sight) {
        (Ok(now), sight) => now == *sight,
        (Err(cause), Sight::Fault(number)) => cause.raw_os_error() == Some(*number),
        (Err(_), _) => false,
    }
}

/// So many bytes are hashed, of files that were not read whole and are too new to be known by their stamps.
const MOST_HASHED: u64 = 64 << 20;

/// The hash of a plain file that is the one with this stamp still, and stays it while it is read.
fn hash_of_same(path: &Path, stamp: Stamp) -> Option<u128> {
    let (file, data) = open(path).ok()?;
    let is_same = |data: &Metadata| Stamp::new(data) == stamp;
    let hash = is_same(&data).then(|| hash_of_open(&file))?.ok()?;
    file.metadata().is_ok_and(|data| is_same(&data)).then_some(hash)
}

/// The hash of a plain file: XXH3, 128 bits.
///
/// # Errors
/// It cannot be read.
pub(super) fn hash_of(path: &Path) -> io::Result<u128> {
    hash_of_open(&open(path)?.0)
}

/// As [`hash_of`], of an open file from where one is in it.
///
/// # Errors
/// It cannot be read.
pub(super) fn hash_of_open(mut file: &File) -> io::Result<u128> {
    let (mut hash, mut buffer) = (Xxh3::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.digest128()),
            Ok(count) => hash.update(buffer.get(..count).unwrap_or_default()),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

/// So much is read at a time.
const BUFFER: usize = 128 * 1024;

/// Where folders really are, each looked up once.
#[derive(Default)]
struct Reality {
    folders: HashMap<PathBuf, Option<PathBuf>>,
}

impl Reality {
    /// Where a path really is. What is no link in a folder that was looked up is not looked up part by part.
    fn of(&mut self, path: &Path, sight: &Sight) -> io::Result<PathBuf> {
        if let (Some(folder), Some(name), Sight::Real(seen)) = (path.parent(), path.file_name(), sight) {
            let folder = self.folders.entry(folder.to_owned()).or_insert_with_key(|path| fs::canonicalize(path).ok());
            let place = folder.as_ref().map(|folder| folder.join(name));
            // Where the disk knows no case, a name may stand otherwise in the folder.
            if place.as_ref() == Some(seen) && fs::symlink_metadata(seen).is_ok_and(|data| !data.is_symlink()) {
                return Ok(seen.clone());
            }
        }
        fs::canonicalize(path)
    }
}

/// The hash of what lies in a folder: names, and whether they are files, folders or links (XXH3, 128 bits). Of our own what
/// comes and goes with each build is none of it.
pub(super) fn names(entries: &[DirEntry]) -> u128 {
    let entry = |entry: &DirEntry| {
        let kind = entry.file_type().map_or(b'?', |kind| match (kind.is_symlink(), kind.is_dir(), kind.is_file()) {
            (true, ..) => b'l',
            (_, true, _) => b'd',
            (.., true) => b'f',
            _ => b'o',
        });
        (entry.file_name(), kind)
    };
    let is_ours = |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name == CACHE || is_temporary(name));
    let mut entries: Vec<(std::ffi::OsString, u8)> = entries.iter().map(entry).collect();
    entries.retain(|(name, _)| !is_ours(name));
    entries.sort_unstable();
    let mut parcel = Parcel::default();
    for (name, kind) in entries {
        parcel.bytes(name.as_encoded_bytes());
        parcel.number(u64::from(kind));
    }
    xxh3_128(&parcel.into_bytes())
}

/// `None` where a path is not UTF-8.
fn pack_all(since: u64, sights: &[((PathBuf, Way), Sight)]) -> Option<Vec<u8>> {
    let mut parcel = Parcel::default();
    parcel.number(since);
    parcel.count(sights.len());
    for ((path, way), sight) in sights {
        parcel.text(path.to_str()?);
        parcel.number(*way as u64);
        pack(sight, &mut parcel)?;
    }
    Some(parcel.into_bytes())
}

fn pack(sight: &Sight, parcel: &mut Parcel) -> Option<()> {
    match sight {
        Sight::Fault(number) => {
            parcel.number(0);
            parcel.number(u64::from(number.cast_unsigned()));
        }
        Sight::Real(real) => {
            parcel.number(1);
            parcel.text(real.to_str()?);
        }
        Sight::Kind(kind) => {
            parcel.number(2);
            parcel.number(*kind as u64);
        }
        Sight::Link(is_link) => {
            parcel.number(3);
            parcel.number(u64::from(*is_link));
        }
        Sight::Names(hash) => {
            parcel.number(4);
            parcel.hash(*hash);
        }
        Sight::Bytes(stamp, hash) => {
            parcel.number(if hash.is_some() { 6 } else { 5 });
            stamp.pack(parcel);
            if let Some(hash) = hash {
                parcel.hash(*hash);
            }
        }
    }
    Some(())
}

fn unpack(from: &mut Unpack<'_>) -> Option<Sight> {
    Some(match from.number()? {
        0 => Sight::Fault(u32::try_from(from.number()?).ok()?.cast_signed()),
        1 => Sight::Real(PathBuf::from(from.text()?)),
        2 => Sight::Kind(*Kind::ALL.get(from.count()?)?),
        3 => Sight::Link(from.number()? == 1),
        4 => Sight::Names(from.hash()?),
        5 => Sight::Bytes(Stamp::unpack(from)?, None),
        6 => Sight::Bytes(Stamp::unpack(from)?, Some(from.hash()?)),
        _ => return None,
    })
}
