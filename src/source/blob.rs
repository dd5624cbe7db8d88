//! Keeps bytes that several steps want, so that none of them copies them: in memory, or in a file that is read again.
//!
//! Knows neither what the bytes mean nor how files are read.

use std::path::PathBuf;
use std::sync::Arc;

/// Bytes that several hold at once; a clone holds the same ones.
#[derive(Debug, Clone)]
pub enum Blob {
    /// In memory. Not an `Arc<[u8]>`, into which the bytes would have to be copied.
    Memory(Arc<Vec<u8>>),
    /// In a file.
    File(Arc<BlobFile>),
}

/// A file, and what its bytes were when it was looked at; whoever reads it again can tell whether they still are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobFile {
    /// Where.
    pub path: PathBuf,
    /// How many bytes.
    pub length: u64,
    /// The CRC-32 of the bytes, as zips have it (ISO 3309, ITU-T V.42).
    pub crc32: u32,
}

impl Blob {
    /// How many bytes there are.
    pub fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => file.length,
        }
    }

    /// Tells bytes that are held at once from each other: the same for a blob and its clones, and for nothing else as long
    /// as one of them is there. Equal bytes that were made twice have two.
    pub(super) fn address(&self) -> usize {
        match self {
            Self::Memory(bytes) => Arc::as_ptr(bytes).addr(),
            Self::File(file) => Arc::as_ptr(file).addr(),
        }
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Memory(Arc::new(bytes))
    }
}

impl From<String> for Blob {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}
