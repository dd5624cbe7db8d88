//! Turns images and sounds into bytes that are read again where they are wanted, rather than held.
//!
//! Knows nothing of what is in them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::World;
use crate::Error;
use crate::source::{Blob, BlobFile};

/// So much of a file is in memory at a time: a multiple of three, so that base64 goes on from piece to piece, and few
/// calls of the system for a picture.
const PIECE: usize = 192 * 1024;

impl World {
    /// Reads an image or a sound once and gives its bytes to `each`, piece by piece; `None` where there is no such file. What
    /// has at most `kept` bytes stays in memory.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read_media(&self, path: &Path, kept: u64, each: &mut dyn FnMut(&[u8])) -> Result<Option<Blob>, Error> {
        if let Some(text) = self.unsaved(path) {
            each(text.as_bytes());
            return Ok(Some(text.as_bytes().to_vec().into()));
        }
        let failed = |cause| Error::new("cannot read", path, cause);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(cause) if is_absent(&cause) => return Ok(None),
            Err(cause) => return Err(failed(cause)),
        };
        // A folder can be opened on some systems and is read on none.
        let data = file.metadata().map_err(failed)?;
        if data.is_dir() {
            return Ok(None);
        }
        if data.len() <= kept {
            let mut bytes = Vec::with_capacity(data.len() as usize);
            pieces(&file, data.len(), &mut |piece| bytes.extend_from_slice(piece)).map_err(failed)?;
            each(&bytes);
            return Ok(Some(bytes.into()));
        }
        let (mut length, mut hash) = (0, crc32fast::Hasher::new());
        pieces(&file, data.len(), &mut |piece| {
            length += piece.len() as u64;
            hash.update(piece);
            each(piece);
        })
        .map_err(failed)?;
        Ok(Some(Blob::File(BlobFile { path: path.to_owned(), length, crc32: hash.finalize() }.into())))
    }
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
    let opened = File::open(&file.path).map_err(failed)?;
    let (mut length, mut hash) = (0, crc32fast::Hasher::new());
    let mut buffer = buffer(file.length);
    loop {
        let piece = fill(&opened, &mut buffer).map_err(failed)?;
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

fn pieces(file: &File, length: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = buffer(length);
    loop {
        let piece = fill(file, &mut buffer)?;
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
fn fill<'a>(mut file: &File, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
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
