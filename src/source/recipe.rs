//! Says what a file is made of, so that its bytes need not be there before it is written.
//!
//! Knows no disk: `crate::files` carries a recipe out.

use std::path::PathBuf;
use std::sync::Arc;

use super::Blob;

/// What a file is made of. A clone stands for the same file: two files of one recipe may be one on disk.
#[derive(Debug, Clone)]
pub enum Recipe {
    /// Bytes as they are.
    Blob(Blob),
    /// Pieces, one behind the other.
    Pieces(Arc<Vec<Piece>>),
    /// A zip of members, in their order.
    Zip(Arc<Vec<Member>>),
    /// What a file holds that an earlier build wrote.
    There(Arc<There>),
}

/// A file that is there already.
#[derive(Debug)]
pub struct There {
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has.
    pub length: u64,
    /// Their hash: 128 bits of xxh3.
    pub hash: u128,
    /// What the disk says of it, by which a change shows.
    pub stamp: [u64; 5],
}

/// A piece of a file.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Bytes as they are.
    Plain(Blob),
    /// Bytes in base64 (RFC 4648), padded, in one line.
    Base64(Blob),
}

/// A member of a zip. It bears the date 1980-01-01, the first that a zip can write, and may be read by everybody and
/// written by its owner.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name, in ASCII.
    pub name: String,
    /// What it holds, and how.
    pub packing: Packing,
}

/// How a member of a zip is packed.
#[derive(Debug, Clone)]
pub enum Packing {
    /// As it is; less than 4 GiB.
    Stored(Blob),
    /// Deflated while it is written, at a level of zlib; less than 4 GiB.
    Deflate(Blob, u32),
    /// Deflated already.
    Deflated(Deflated),
}

/// Bytes that are deflated (RFC 1951), and what a zip says of those that went in.
#[derive(Debug, Clone)]
pub struct Deflated {
    /// What came out.
    pub bytes: Blob,
    /// How many bytes went in.
    pub length: u32,
    /// Their CRC-32.
    pub crc32: u32,
}

impl Recipe {
    /// How many bytes the file has; `None` where only packing them shows it.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Blob(blob) => Some(blob.length()),
            Self::Pieces(pieces) => Some(pieces.iter().map(Piece::length).sum()),
            Self::Zip(_) => None,
            Self::There(there) => Some(there.length),
        }
    }

    /// The same for a recipe and its clones, and for nothing else as long as one of them is there.
    pub fn address(&self) -> usize {
        match self {
            Self::Blob(blob) => blob.address(),
            Self::Pieces(pieces) => Arc::as_ptr(pieces).addr(),
            Self::Zip(members) => Arc::as_ptr(members).addr(),
            Self::There(there) => Arc::as_ptr(there).addr(),
        }
    }
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Plain(blob) => blob.length(),
            Self::Base64(blob) => blob.length().div_ceil(3) * 4,
        }
    }
}

impl<T: Into<Blob>> From<T> for Recipe {
    fn from(bytes: T) -> Self {
        Self::Blob(bytes.into())
    }
}
