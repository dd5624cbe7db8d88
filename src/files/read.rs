//! Turns files into texts and bytes.

use std::fs;
use std::io::{BufReader, ErrorKind, Read, Seek};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::World;
use super::open::open;
use crate::Error;

/// A text, as far as it could be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// UTF-8 without a byte order mark; what is not UTF-8 is `U+FFFD` in it.
    pub text: String,
    /// The first place in `text` that was not UTF-8, and what it was.
    pub bad: Option<(Range<usize>, &'static str)>,
}

impl World {
    /// Reads a text file.
    ///
    /// # Errors
    /// It cannot be read, or has 4 GiB or more: offsets in sources are 32 bits wide.
    pub fn read_text(&self, path: &Path) -> Result<Text, Error> {
        let too_large = || Error::new("cannot read", path, "it is 4 GiB or larger");
        let text = if let Some(text) = self.unsaved(path) {
            Text { text: text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(), bad: None }
        } else {
            let failed = |cause| Error::new("cannot read", path, cause);
            let (file, data) = open(path).map_err(failed)?;
            // Asked before reading, so that such a file is not read into memory.
            if data.len() >= u64::from(u32::MAX) {
                return Err(too_large());
            }
            let mut bytes = Vec::with_capacity(data.len() as usize);
            // Nor is one that grows while it is read.
            file.take(u64::from(u32::MAX)).read_to_end(&mut bytes).map_err(failed)?;
            decode(bytes)
        };
        // Each bad byte may have become three.
        if text.text.len() >= u32::MAX as usize { Err(too_large()) } else { Ok(text) }
    }

    /// Reads a text file; `None` where there is none.
    ///
    /// # Errors
    /// As [`World::read_text`].
    pub fn read_text_if_there(&self, path: &Path) -> Result<Option<Text>, Error> {
        let is_unsaved = self.unsaved(path).is_some();
        match fs::metadata(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound && !is_unsaved => Ok(None),
            Ok(_) | Err(_) => self.read_text(path).map(Some),
        }
    }

    /// Says whether a file is so large that it is not read: it has more bytes than `limit`, which is in MiB.
    ///
    /// # Errors
    /// It has.
    pub fn refuse_larger(&self, path: &Path, limit: u64) -> Result<(), Error> {
        let is_larger = self.unsaved(path).is_none() && fs::metadata(path).is_ok_and(|data| data.len() > limit << 20);
        if is_larger { Err(Error::new("cannot read", path, format!("it is larger than {limit} MiB"))) } else { Ok(()) }
    }

    /// Reads many text files in parallel, in the order given; `each` is called as each is done.
    pub fn read_texts(&self, paths: &[impl AsRef<Path> + Sync], each: &(dyn Fn() + Sync)) -> Result<Vec<Text>, Error> {
        let read = |path: &_| {
            let text = self.read_text(AsRef::<Path>::as_ref(path));
            each();
            text
        };
        paths.par_iter().map(read).collect()
    }

    /// Opens a file that is not to be read whole. Unsaved texts are none of its kind.
    ///
    /// # Errors
    /// It is not there, may not be read, or is no plain file.
    pub fn open_file(&self, path: &Path) -> Result<impl Read + Seek + use<>, Error> {
        let (file, _) = open(path).map_err(|cause| Error::new("cannot read", path, cause))?;
        Ok(BufReader::new(file))
    }

    /// Reads a file.
    pub fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, Error> {
        if let Some(text) = self.unsaved(path) {
            return Ok(text.as_bytes().to_vec());
        }
        let failed = |cause| Error::new("cannot read", path, cause);
        let (mut file, data) = open(path).map_err(failed)?;
        let mut bytes = Vec::with_capacity(data.len() as usize);
        file.read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }
}

fn decode(mut bytes: Vec<u8>) -> Text {
    if let Some(text) = decode_utf16(&bytes) {
        return Text { text, bad: Some((0..0, "this file is UTF-16")) };
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, bad: None },
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Text {
                text,
                bad: Some((start..start + char::REPLACEMENT_CHARACTER.len_utf8(), "these bytes are not UTF-8")),
            }
        }
    }
}

/// Windows' editors write UTF-16 with a byte order mark.
fn decode_utf16(bytes: &[u8]) -> Option<String> {
    let to_unit: fn([u8; 2]) -> u16 = match bytes.get(..2)? {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, _) = bytes.get(2..)?.as_chunks::<2>();
    Some(
        char::decode_utf16(pairs.iter().map(|&pair| to_unit(pair)))
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_bytes_are_located_and_the_rest_is_kept() {
        assert_eq!(decode(b"\xEF\xBB\xBFab".to_vec()), Text { text: "ab".into(), bad: None });
        let text = decode(b"\xEF\xBB\xBFa\xC3\xA4\xFFb\xFE".to_vec());
        assert_eq!(text.text, "aä\u{fffd}b\u{fffd}");
        assert_eq!(text.bad.map(|(range, _)| range), Some(3..6));
        let text = decode(b"\xFF\xFEa\0\xE4\0\0\xD8".to_vec());
        assert_eq!((text.text.as_str(), text.bad.is_some()), ("aä\u{fffd}", true));
        assert_eq!(decode(Vec::new()).text, "");
    }
}
