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
use crate::source::Recipe;

/// How a sealed file begins; behind it comes the seal.
const MARK: &[u8] = b"deckle keeps what it made here. It may be deleted at any time.\n";

/// The largest file that is read or written, in bytes.
const MAX: u64 = 512 << 20;

/// Bytes that were sealed by this program.
#[derive(Debug)]
pub struct Unsealed {
    file: Vec<u8>,
    start: usize,
}

impl Unsealed {
    /// They.
    pub fn bytes(&self) -> &[u8] {
        self.file.get(self.start..).unwrap_or_default()
    }
}

/// Writes bytes into a file below a folder. Where that cannot be done there is no such file, or the one that was: nothing
/// depends on it.
pub fn seal(path: &Path, within: &Path, bytes: &[u8]) {
    let Some(program) = program().filter(|_| bytes.len() as u64 <= MAX) else { return };
    let seal = xxh3_128_with_seed(bytes, program).to_le_bytes();
    let recipe = Recipe::from([MARK, &seal, bytes].concat());
    let _ = write_all(&[NewFile::new(path.to_owned(), recipe).within(within)]);
}

/// What a file holds that this program sealed and nobody changed; `None` where there is none, or a link.
pub fn unseal(path: &Path) -> Option<Unsealed> {
    let program = program()?;
    if fs::symlink_metadata(path).ok()?.is_symlink() {
        return None;
    }
    let (file, data) = open(path).ok().filter(|(_, data)| data.len() <= MAX)?;
    let mut bytes = Vec::with_capacity(data.len() as usize);
    file.take(MAX).read_to_end(&mut bytes).ok()?;
    let (seal, content) = bytes.strip_prefix(MARK)?.split_first_chunk()?;
    let (is_ours, start) =
        (xxh3_128_with_seed(content, program) == u128::from_le_bytes(*seal), bytes.len() - content.len());
    is_ours.then_some(Unsealed { file: bytes, start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_is_unsealed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let unsealed = || unseal(&path).map(|unsealed| unsealed.bytes().to_vec());
        assert_eq!(unsealed(), None);
        seal(&path, folder.path(), b"kept");
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
        for (seed, is_ours) in [(0, false), (program().unwrap() ^ 1, false), (program().unwrap(), true)] {
            fs::write(&path, [MARK, &seal_of(seed), b"kept"].concat()).unwrap();
            assert_eq!(unsealed().is_some(), is_ours);
        }
        fs::File::create(&path).unwrap().set_len(MAX + 1).unwrap();
        assert_eq!(unsealed(), None, "nothing so large is read");
        #[cfg(unix)]
        {
            let elsewhere = tempfile::tempdir().unwrap();
            let (other, link) = (elsewhere.path().join("x"), folder.path().join("link"));
            seal(&other, elsewhere.path(), b"kept");
            std::os::unix::fs::symlink(&other, &link).unwrap();
            assert!(unseal(&link).is_none());
            seal(&link, folder.path(), b"more");
            assert_eq!(unseal(&other).unwrap().bytes(), b"kept", "nothing is written beyond the folder");
        }
    }
}
