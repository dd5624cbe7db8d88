//! Turns files that a build wrote into what the next one need not write.
//!
//! Knows nothing of what they hold.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use xxhash_rust::xxh3::Xxh3;

use super::media::Fault;
use super::open::open;
use super::seen::hash_of;
use super::stamp::Stamp;
use crate::Error;
use crate::source::There;
use crate::text::parcel::{Parcel, Unpack};

/// Takes down a file whose bytes have this hash (XXH3, 128 bits), as they were found or written after `since`, in nanoseconds
/// of the Unix epoch: whoever writes there later leaves a stamp that is newer.
pub fn pack_kept(path: &str, hash: u128, since: u64, parcel: &mut Parcel) {
    let stamp = fs::metadata(path).map(|data| Stamp::new(&data).numbers()).unwrap_or_default();
    parcel.text(path);
    parcel.hash(hash);
    parcel.number(since);
    for number in stamp {
        parcel.number(number);
    }
}

/// A file that was taken down.
#[derive(Debug)]
pub enum KeptFile {
    /// It holds the same bytes.
    There(There),
    /// It is gone, or another one.
    Gone,
}

/// What became of the file that [`pack_kept`] took down.
pub fn unpack_kept(from: &mut Unpack<'_>) -> Option<KeptFile> {
    let (path, hash, since) = (PathBuf::from(from.text()?), from.hash()?, from.number()?);
    let stamp = Stamp::unpack(from)?;
    let now = fs::metadata(&path).ok().filter(fs::Metadata::is_file).map(|data| Stamp::new(&data));
    let is_known = now == Some(stamp) && stamp.is_settled(since);
    let holds = |now: &Stamp| is_known || now.length == stamp.length && hash_of(&path).is_ok_and(|is| is == hash);
    Some(match now.filter(holds) {
        Some(now) => KeptFile::There(There { length: now.length, stamp: now.numbers(), path, hash }),
        None => KeptFile::Gone,
    })
}

/// Whether nobody changed the file since it was looked at.
pub fn is_still_there(there: &There) -> bool {
    fs::metadata(&there.path).is_ok_and(|data| Stamp::new(&data).numbers() == there.stamp)
}

/// Copies the bytes of a file that is there.
///
/// # Errors
/// It cannot be read, or its bytes are others by now.
pub(super) fn copy(there: &There, sink: &mut impl Write) -> Result<(), Fault> {
    let failed = |cause| Error::new("cannot read", &there.path, cause);
    let (mut file, _) = open(&there.path).map_err(failed)?;
    let (mut hash, mut buffer, mut length) = (Xxh3::new(), vec![0; BUFFER], 0);
    loop {
        let count = match file.read(&mut buffer) {
            Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read.map_err(failed)?,
        };
        let piece = buffer.get(..count).unwrap_or_default();
        hash.update(piece);
        length += count as u64;
        if length > there.length || (count == 0 && (length, hash.digest128()) != (there.length, there.hash)) {
            return Err(Error::new("cannot use", &there.path, "it was changed while it was read; build again").into());
        }
        if count == 0 {
            return Ok(());
        }
        sink.write_all(piece)?;
    }
}

/// So much is read at a time.
const BUFFER: usize = 128 * 1024;

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use xxhash_rust::xxh3::xxh3_128;

    use super::super::stamp::clock;
    use super::*;

    /// The file is found to hold our bytes, and before it is taken down somebody else writes.
    #[test]
    fn what_a_stranger_wrote_since_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let since = clock();
        fs::write(&path, "theirs").unwrap();
        thread::sleep(Duration::from_millis(250));
        for (hash, is_there) in [(xxh3_128(b"ours!!"), false), (xxh3_128(b"theirs"), true)] {
            let mut parcel = Parcel::default();
            pack_kept(path.to_str().unwrap(), hash, since, &mut parcel);
            let kept = unpack_kept(&mut Unpack::new(parcel.as_bytes()));
            assert_eq!(matches!(kept, Some(KeptFile::There(_))), is_there);
        }
    }
}
