//! Turns files into texts and bytes.

use std::io::{BufReader, ErrorKind, Read, Seek};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::World;
use crate::Error;

/// The largest note file that is read, in bytes: the longest novels have half of it, and what takes it to be read is bounded.
pub const MAX_NOTES: u64 = 8 * 1024 * 1024;

/// So many bytes show what a file is that is too large.
const START: u64 = 4096;

/// So much is compared at a time.
const PIECE: usize = 64 * 1024;

/// Offsets in sources are 32 bits wide.
const MAX_TEXT: u64 = u32::MAX as u64 - 1;

/// A text, as far as it could be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// UTF-8 without a byte order mark; what is not UTF-8 is `U+FFFD` in it, and a carriage return alone a line feed.
    pub text: String,
    /// Why it is not all that the file holds.
    pub bad: Option<Bad>,
}

/// Why a file is no text.
#[derive(Debug, PartialEq, Eq)]
pub enum Bad {
    /// It is not UTF-8: the first place in the text that was not, and what is there.
    Encoding(Range<usize>, String),
    /// It is larger than [`MAX_NOTES`], and the text is its start; its size in bytes.
    Large(u64),
}

impl World {
    /// Reads a text file.
    ///
    /// # Errors
    /// It cannot be read, or has 4 GiB or more.
    pub fn read_text(&self, path: &Path) -> Result<Text, Error> {
        let text = self.read_up_to(path, MAX_TEXT)?;
        // Each bad byte may have become three.
        if matches!(text.bad, Some(Bad::Large(_))) || text.text.len() as u64 > MAX_TEXT {
            return Err(Error::new("cannot read", path, "it is 4 GiB or larger"));
        }
        Ok(text)
    }

    /// Reads the text of settings or a template.
    ///
    /// # Errors
    /// It cannot be read, or is larger than [`MAX_NOTES`].
    pub fn read_settings(&self, path: &Path) -> Result<Text, Error> {
        let text = self.read_up_to(path, MAX_NOTES)?;
        if matches!(text.bad, Some(Bad::Large(_))) {
            return Err(Error::new("cannot read", path, "it is larger than 8 MiB"));
        }
        Ok(text)
    }

    /// Of what is larger only the start is read, which shows whose it is.
    fn read_up_to(&self, path: &Path, limit: u64) -> Result<Text, Error> {
        let large = |text, size| Ok(Text { text, bad: Some(Bad::Large(size)) });
        if let Some(text) = self.unsaved(path) {
            if text.len() as u64 > limit {
                let start = text.get(..text.floor_char_boundary(START as usize)).unwrap_or_default();
                return large(start.to_owned(), text.len() as u64);
            }
            return Ok(Text { text: lines(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()), bad: None });
        }
        let failed = |cause| Error::new("cannot read", path, cause);
        let (file, data) = self.open(path).map_err(failed)?;
        let wanted = if data.len() > limit { START } else { limit + 1 };
        let mut bytes = Vec::with_capacity(data.len().min(wanted) as usize);
        file.take(wanted).read_to_end(&mut bytes).map_err(failed)?;
        let size = data.len().max(bytes.len() as u64);
        if size > limit {
            bytes.truncate(START as usize);
            return large(decode(bytes).text, size);
        }
        self.has_read(path, &data, &bytes);
        let Text { text, bad } = decode(bytes);
        Ok(Text { text: lines(text), bad })
    }

    /// Reads a text file; `None` where there is none.
    ///
    /// # Errors
    /// As [`World::read_text`].
    pub fn read_text_if_there(&self, path: &Path) -> Result<Option<Text>, Error> {
        let is_unsaved = self.unsaved(path).is_some();
        match self.data(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound && !is_unsaved => Ok(None),
            Ok(_) | Err(_) => self.read_text(path).map(Some),
        }
    }

    /// Whether a file holds this text, byte for byte.
    pub fn holds(&self, path: &Path, text: &str) -> bool {
        if let Some(unsaved) = self.unsaved(path) {
            return **unsaved == *text;
        }
        let Some((mut file, data)) = self.open(path).ok().filter(|(_, data)| data.len() == text.len() as u64) else {
            return false;
        };
        let (mut rest, mut buffer) = (text.as_bytes(), vec![0; (data.len() as usize).min(PIECE)]);
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return rest.is_empty(),
                Ok(count) => match buffer.get(..count).and_then(|read| rest.strip_prefix(read)) {
                    Some(behind) => rest = behind,
                    None => return false,
                },
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    /// Says whether a file is so large that it is not read: it has more bytes than `limit`, which is in MiB.
    ///
    /// # Errors
    /// It has.
    pub fn refuse_larger(&self, path: &Path, limit: u64) -> Result<(), Error> {
        let is_larger = self.unsaved(path).is_none() && self.length(path).is_ok_and(|length| length > limit << 20);
        if is_larger { Err(Error::new("cannot read", path, format!("it is larger than {limit} MiB"))) } else { Ok(()) }
    }

    /// Reads many note files in parallel, in the order given; `each` is called as each is done. What is larger than
    /// [`MAX_NOTES`] is not read.
    pub fn read_texts(&self, paths: &[impl AsRef<Path> + Sync], each: &(dyn Fn() + Sync)) -> Result<Vec<Text>, Error> {
        let read = |path: &_| {
            let text = self.read_up_to(AsRef::<Path>::as_ref(path), MAX_NOTES);
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
        let (file, _) = self.open(path).map_err(|cause| Error::new("cannot read", path, cause))?;
        Ok(BufReader::new(file))
    }

    /// Reads a file.
    pub fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, Error> {
        if let Some(text) = self.unsaved(path) {
            return Ok(text.as_bytes().to_vec());
        }
        let failed = |cause| Error::new("cannot read", path, cause);
        let (mut file, data) = self.open(path).map_err(failed)?;
        let mut bytes = Vec::with_capacity(data.len() as usize);
        file.read_to_end(&mut bytes).map_err(failed)?;
        self.has_read(path, &data, &bytes);
        Ok(bytes)
    }
}

/// The text with line feeds in the place of carriage returns that stand alone: a Mac's line ends of old. Parsers differ in what
/// they take those for.
fn lines(text: String) -> String {
    // Nearly no text has any: that is seen many bytes at a time.
    if !text.contains('\r') {
        return text;
    }
    let mut bytes = text.into_bytes();
    let is_alone = |bytes: &[u8], at: usize| bytes.get(at + 1) != Some(&b'\n');
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'\r')) {
        let at = from + at;
        if is_alone(&bytes, at)
            && let Some(byte) = bytes.get_mut(at)
        {
            *byte = b'\n';
        }
        from = at + 1;
    }
    // One ASCII character for another leaves it UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

fn decode(mut bytes: Vec<u8>) -> Text {
    if let Some((text, name)) = decode_utf16(&bytes) {
        return Text { text, bad: Some(Bad::Encoding(0..0, format!("this file is {name}"))) };
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, bad: None },
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let byte = error.as_bytes().get(start).copied().unwrap_or_default();
            let place = start..start + char::REPLACEMENT_CHARACTER.len_utf8();
            Text { text, bad: Some(Bad::Encoding(place, format!("the byte 0x{byte:02X} here is not UTF-8"))) }
        }
    }
}

/// A text in UTF-16, and the name of its encoding. Windows' editors write it with a byte order mark, programs without.
fn decode_utf16(bytes: &[u8]) -> Option<(String, &'static str)> {
    let (text, is_little) = match bytes.get(..2)? {
        [0xFF, 0xFE] => (bytes.get(2..)?, true),
        [0xFE, 0xFF] => (bytes.get(2..)?, false),
        _ => (bytes, is_little_utf16(bytes)?),
    };
    let (to_unit, name): (fn([u8; 2]) -> u16, _) = if is_little {
        (u16::from_le_bytes, "UTF-16 (little-endian)")
    } else {
        (u16::from_be_bytes, "UTF-16 (big-endian)")
    };
    let (pairs, _) = text.as_chunks::<2>();
    let characters = char::decode_utf16(pairs.iter().map(|&pair| to_unit(pair)));
    Some((characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(), name))
}

/// Without a mark UTF-16 is told by the zeros in its line ends, digits and Latin letters, all on one side: `Some(true)` where
/// they come second. A text in UTF-8 has none.
fn is_little_utf16(bytes: &[u8]) -> Option<bool> {
    let (pairs, rest) = bytes.get(..bytes.len().min(1024))?.as_chunks::<2>();
    let high = pairs.iter().filter(|[high, _]| *high == 0).count();
    let low = pairs.iter().filter(|[_, low]| *low == 0).count();
    match (high, low) {
        (0, low) if low > 0 && low * 4 >= pairs.len() && rest.is_empty() => Some(true),
        (high, 0) if high > 0 && high * 4 >= pairs.len() && rest.is_empty() => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn bad_bytes_are_located_and_the_rest_is_kept() {
        assert_eq!(decode(b"\xEF\xBB\xBFab".to_vec()), Text { text: "ab".into(), bad: None });
        let text = decode(b"\xEF\xBB\xBFa\xC3\xA4\xFFb\xFE".to_vec());
        assert_eq!(text.text, "aä\u{fffd}b\u{fffd}");
        assert_eq!(text.bad, Some(Bad::Encoding(3..6, "the byte 0xFF here is not UTF-8".into())));
        let text = decode(b"\xFF\xFEa\0\xE4\0\0\xD8".to_vec());
        assert_eq!((text.text.as_str(), text.bad.is_some()), ("aä\u{fffd}", true));
        assert_eq!(decode(Vec::new()).text, "");
    }

    #[test]
    fn carriage_returns_alone_end_lines() {
        assert_eq!(lines("a\rb\r\nc\n\r\r\n\r".into()), "a\nb\r\nc\n\n\r\n\n");
        assert_eq!(lines("ä".into()), "ä");
    }

    #[test]
    fn utf_16_is_named_with_a_mark_and_without() {
        for text in ["## A\n\nb ä\n", "- 1\n", "日本 1\n"] {
            for mark in ["", "\u{feff}"] {
                let marked = format!("{mark}{text}");
                let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
                for (bytes, name) in [(little, "little"), (big, "big")] {
                    let read = decode(bytes);
                    assert_eq!(read.text, text);
                    let Some(Bad::Encoding(Range { start: 0, end: 0 }, what)) = read.bad else {
                        panic!("{:?}", read.bad)
                    };
                    assert!(what.contains("UTF-16") && what.contains(name), "{what}");
                }
            }
        }
        assert_eq!(decode(b"a\0b\0\0\0".to_vec()).bad, None, "zeros on both sides");
        assert_eq!(decode(b"## A\n\0\n".to_vec()).bad, None);
    }

    #[test]
    fn what_is_larger_than_notes_are_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (large, small) = (folder.path().join("large.md"), folder.path().join("small.md"));
        fs::File::create(&large).unwrap().set_len(MAX_NOTES + 1).unwrap();
        fs::write(&small, "a").unwrap();
        let world = World::system().unwrap();
        let read = world.read_texts(&[&large, &small], &|| {}).unwrap();
        assert_eq!(
            read.first(),
            Some(&Text { text: "\0".repeat(START as usize), bad: Some(Bad::Large(MAX_NOTES + 1)) })
        );
        assert_eq!(read.get(1), Some(&Text { text: "a".into(), bad: None }));
        assert!(world.read_settings(&large).unwrap_err().to_string().ends_with("it is larger than 8 MiB"));
        assert_eq!(world.read_text(&large).unwrap().text.len() as u64, MAX_NOTES + 1, "a lock may be larger");
        let mut unsaved = World::system().unwrap();
        unsaved.overlay(&small, "a".repeat(MAX_NOTES as usize + 1)).unwrap();
        assert!(matches!(
            unsaved.read_texts(&[&small], &|| {}).unwrap().first(),
            Some(Text { bad: Some(Bad::Large(_)), .. })
        ));
    }
}
