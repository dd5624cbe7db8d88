//! Turns bytes into a file that only the program which wrote it takes for its own, and back.
//!
//! A project comes with files that anybody made. What is kept for the next build goes into outputs without being made
//! again, so no other's is to be taken for it: the seal depends on where and when the program itself was put on this
//! machine's disk, which nobody knows elsewhere. Knows nothing of what is sealed.

use std::fs;
use std::io::Read;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::open::open;
use super::surroundings::program;
use super::write::{NewFile, write_all};
use crate::source::{Piece, Recipe};

/// How a sealed file begins; behind it come the seal and how many bytes were sealed, as little-endian numbers of 16 and 8
/// bytes, and then those.
const MARK: &[u8] = b"deckle keeps what it made here. It may be deleted at any time.\n";

/// So long is all that stands before what was sealed, in bytes.
const HEAD: usize = MARK.len() + 16 + 8;

/// So many bytes are sealed, or read, at most: anybody can put a file there that says it is ours.
pub const MOST_SEALED: u64 = 64 << 20;

/// Bytes that were sealed by this program.
#[derive(Debug)]
pub struct Unsealed {
    bytes: Vec<u8>,
}

impl Unsealed {
    /// They.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Writes bytes into a file below a folder. Where that cannot be done there is no such file, or the one that was: nothing
/// depends on it.
pub fn seal(path: &Path, within: &Path, bytes: Vec<u8>) {
    let length = bytes.len() as u64;
    let Some(program) = program().filter(|_| length <= MOST_SEALED) else { return };
    let seal = xxh3_128_with_seed(&bytes, program).to_le_bytes();
    let head = [MARK, &seal, &length.to_le_bytes()].concat();
    let recipe = Recipe::Pieces([head, bytes].map(|bytes| Piece::Plain(bytes.into())).to_vec().into());
    let _ = write_all(&[NewFile::new(path.to_owned(), recipe).within(within)]);
}

/// What a file holds that this program sealed and nobody changed; `None` where there is none, or a link.
pub fn unseal(path: &Path) -> Option<Unsealed> {
    let program = program()?;
    if fs::symlink_metadata(path).ok()?.is_symlink() {
        return None;
    }
    let (mut file, data) = open(path).ok()?;
    let mut head = [0; HEAD];
    file.read_exact(&mut head).ok()?;
    let (seal, rest) = head.strip_prefix(MARK)?.split_first_chunk()?;
    let length = u64::from_le_bytes(*rest.first_chunk()?);
    // Nothing is read of what cannot be ours.
    if length > MOST_SEALED || data.len() != HEAD as u64 + length {
        return None;
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes).ok()?;
    (xxh3_128_with_seed(&bytes, program) == u128::from_le_bytes(*seal)).then_some(Unsealed { bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each file is of the right seal, were it read to the end that it states.
    #[test]
    fn what_is_sealed_is_unsealed_up_to_one_length_and_nothing_larger_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for (length, is_kept) in [(0, true), (MOST_SEALED, true), (MOST_SEALED + 1, false)] {
            let bytes = vec![0; length as usize];
            seal(&path, folder.path(), bytes.clone());
            assert_eq!(unseal(&path).is_some_and(|unsealed| unsealed.bytes() == bytes), is_kept, "{length}");
            let _ = fs::remove_file(&path);
            let head = [MARK, &xxh3_128_with_seed(&bytes, program().unwrap()).to_le_bytes(), &length.to_le_bytes()];
            fs::write(&path, head.concat()).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            for more in [0, 1, 1 << 40] {
                file.set_len(HEAD as u64 + length + more).unwrap();
                assert_eq!(unseal(&path).is_some(), is_kept && more == 0, "{length} and {more}");
            }
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn only_what_was_sealed_is_unsealed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let unsealed = || unseal(&path).map(|unsealed| unsealed.bytes().to_vec());
        assert_eq!(unsealed(), None);
        seal(&path, folder.path(), b"kept".to_vec());
        assert_eq!(unsealed().as_deref(), Some(&b"kept"[..]));
        let sealed = fs::read(&path).unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert_eq!(unsealed(), None, "byte {at}");
            fs::write(&path, &sealed[..at]).unwrap();
            assert_eq!(unsealed(), None, "{at} bytes");
        }
        // As a stranger's program would have it.
        let seal_of = |seed| xxh3_128_with_seed(b"kept", seed).to_le_bytes();
        let ours = program().unwrap();
        for (seed, length, is_ours) in [(0, 4, false), (ours ^ 1, 4, false), (ours, 4, true), (ours, 3, false)] {
            fs::write(&path, [MARK, &seal_of(seed), &u64::to_le_bytes(length), b"kept"].concat()).unwrap();
            assert_eq!(unsealed().is_some(), is_ours);
        }
        #[cfg(unix)]
        {
            let elsewhere = tempfile::tempdir().unwrap();
            let (other, link) = (elsewhere.path().join("x"), folder.path().join("link"));
            seal(&other, elsewhere.path(), b"kept".to_vec());
            std::os::unix::fs::symlink(&other, &link).unwrap();
            assert!(unseal(&link).is_none());
            seal(&link, folder.path(), b"more".to_vec());
            assert_eq!(unseal(&other).unwrap().bytes(), b"kept", "nothing is written beyond the folder");
        }
    }
}
