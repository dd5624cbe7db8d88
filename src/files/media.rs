//! Turns images and sounds into bytes that are read again where they are wanted, rather than held.
//!
//! Knows nothing of what is in them.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Take};
use std::path::Path;

use super::World;
use super::bounds::{Bounds, Lead};
use super::open::open;
use crate::Error;
use crate::source::{Blob, BlobFile};

/// So much of a file is in memory at a time: a multiple of three, so that base64 goes on from piece to piece, and few
/// calls of the system for a picture.
const PIECE: usize = 192 * 1024;

/// What became of the wish for an image or a sound.
#[derive(Debug)]
pub enum Medium {
    /// It was read.
    Read(Blob),
    /// There is no such file.
    Missing,
    /// Its path leads out of bounds. It was not opened.
    Outside,
    /// It is a pipe, a device or a socket. It was not opened.
    Special,
    /// It has more bytes than it may have.
    TooLarge,
}

impl World {
    /// Reads an image or a sound once and gives its bytes to `each`, piece by piece. What has at most `kept` bytes stays in
    /// memory, and what has more than `limit` is not read.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read_media(
        &self,
        bounds: &Bounds,
        path: &Path,
        [kept, limit]: [u64; 2],
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<Medium, Error> {
        let failed = |cause| Error::new("cannot read", path, cause);
        let real = match self.follow(bounds, path).map_err(failed)? {
            Lead::File(real) => real,
            Lead::Folder | Lead::Nothing => return Ok(Medium::Missing),
            Lead::Special => return Ok(Medium::Special),
            Lead::Outside => return Ok(Medium::Outside),
        };
        if let Some(text) = self.unsaved(path) {
            each(text.as_bytes());
            return Ok(Medium::Read(text.as_bytes().to_vec().into()));
        }
        let (file, data) = match self.open(&real) {
            Ok(opened) => opened,
            Err(cause) if is_absent(&cause) => return Ok(Medium::Missing),
            Err(cause) => return Err(failed(cause)),
        };
        if data.len() > limit {
            return Ok(Medium::TooLarge);
        }
        // A file that grows while it is read ends one byte beyond the limit.
        let file = file.take(limit.saturating_add(1));
        let mut hash = self.hash_of_new(&data);
        let mut each = |piece: &[u8]| {
            if let Some(hash) = &mut hash {
                hash.update(piece);
            }
            each(piece);
        };
        let length = data.len();
        let blob = if length <= kept { keep(file, length, &mut each) } else { measure(file, length, path, &mut each) };
        let blob = blob.map_err(failed)?;
        if let Some(hash) = hash {
            self.has_hashed(&real, &data, hash.digest128());
        }
        Ok(if blob.length() > limit { Medium::TooLarge } else { Medium::Read(blob) })
    }
}

fn keep(file: Take<File>, length: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<Blob> {
    let mut bytes = Vec::with_capacity(length as usize);
    pieces(file, length, &mut |piece| bytes.extend_from_slice(piece))?;
    each(&bytes);
    Ok(bytes.into())
}

fn measure(file: Take<File>, length: u64, path: &Path, each: &mut dyn FnMut(&[u8])) -> io::Result<Blob> {
    let (mut read, mut hash) = (0, crc32fast::Hasher::new());
    pieces(file, length, &mut |piece| {
        read += piece.len() as u64;
        hash.update(piece);
        each(piece);
    })?;
    Ok(Blob::File(BlobFile { path: path.to_owned(), length: read, crc32: hash.finalize() }.into()))
}

/// Gives the bytes of a blob to `each`, piece by piece; all pieces but the last have a multiple of three bytes.
///
/// # Errors
/// The file cannot be read, or its bytes are not those that it had when it was read before. What `each` says.
pub(super) fn read_blob(blob: &Blob, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Fault> {
    let file = match blob {
        Blob::Memory(bytes) => return Ok(each(bytes)?),
        Blob::File(file) => file,
    };
    let failed = |cause| Error::new("cannot read", &file.path, cause);
    let (mut opened, _) = open(&file.path).map_err(failed)?;
    let (mut length, mut hash) = (0, crc32fast::Hasher::new());
    let mut buffer = buffer(file.length);
    loop {
        let piece = fill(&mut opened, &mut buffer).map_err(failed)?;
        length += piece.len() as u64;
        hash.update(piece);
        // Nothing of a file that has grown goes on beyond its length.
        if length > file.length || (piece.is_empty() && (length, hash.clone().finalize()) != (file.length, file.crc32))
        {
            return Err(Error::new("cannot use", &file.path, "it was changed while it was read; build again").into());
        }
        if piece.is_empty() {
            return Ok(());
        }
        each(piece)?;
    }
}

/// Why bytes did not get where they should.
#[derive(Debug)]
pub(super) enum Fault {
    /// They could not be read.
    Source(Error),
    /// They were not taken.
    Sink(io::Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Source(error)
    }
}

impl From<io::Error> for Fault {
    fn from(cause: io::Error) -> Self {
        Self::Sink(cause)
    }
}

fn pieces(mut file: impl Read, length: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = buffer(length);
    loop {
        let piece = fill(&mut file, &mut buffer)?;
        if piece.is_empty() {
            return Ok(());
        }
        each(piece);
    }
}

/// Room for a piece of a file, or for all of a short one and what it may have grown by.
fn buffer(length: u64) -> Vec<u8> {
    vec![0; PIECE.min(length.saturating_add(1) as usize)]
}

/// Reads until the buffer is full or the file is at its end.
fn fill<'a>(file: &mut impl Read, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(buffer.get(..filled).unwrap_or_default())
}

fn is_absent(cause: &io::Error) -> bool {
    let kind = cause.kind();
    [ErrorKind::NotFound, ErrorKind::IsADirectory, ErrorKind::NotADirectory, ErrorKind::InvalidInput].contains(&kind)
        || kind == ErrorKind::InvalidFilename
}

/// A blob of a file of any size, which does not stay in memory unless it is empty.
#[cfg(test)]
pub(super) fn blob_of(path: &Path) -> Blob {
    let bounds = Bounds::new(path.parent());
    match World::at(0).read_media(&bounds, path, [0, u64::MAX], &mut |_| {}) {
        Ok(Medium::Read(blob)) => blob,
        other => panic!("{}: {other:?}", path.display()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The files of the kernel say that they are empty.
    #[test]
    fn what_is_longer_than_it_says_is_not_read_beyond_the_limit() {
        let bounds = Bounds::new([Path::new("/proc/self")]);
        for kept in [0, u64::MAX] {
            let mut read = 0;
            let path = Path::new("/proc/self/status");
            let medium = World::at(0).read_media(&bounds, path, [kept, 10], &mut |piece| read += piece.len());
            assert!(matches!(medium, Ok(Medium::TooLarge)) && read <= 11, "{read} bytes of {medium:?}");
        }
    }
}
