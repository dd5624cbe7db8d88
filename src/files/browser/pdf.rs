//! Turns a PDF that a browser wrote into one that says of what it was printed.
//!
//! The mark is a comment between the file's trailer and `startxref` (ISO 32000-1, 7.2.3 and 7.5.5): readers pass over it, no
//! offset before it moves, and `%%EOF` stays the end. Knows no browser.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::files::open::open;
use crate::files::seen::hash_of_open;

/// A PDF that was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedPage {
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its bytes: XXH3, 128 bits.
    pub hash: u128,
}

impl PrintedPage {
    /// What the PDF is that lies there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let (file, data) = open(path)?;
        Ok(Self { size: data.len(), hash: hash_of_open(&file)? })
    }
}

/// Starts the line of a mark.
const MARK: &str = "% deckle: printed from ";

/// So much of a PDF's end is looked at, in bytes: readers look for `%%EOF` in the last 1024.
const END: u64 = 2048;

/// The mark in a PDF; `None` where it has none, or is not whole.
pub fn pdf_mark(path: &Path) -> Option<String> {
    let (mut file, _) = open(path).ok()?;
    let (_, end) = end_of(&mut file).ok()?;
    let text = String::from_utf8_lossy(&end);
    let (_, mark) = text.rsplit_once(MARK).filter(|_| text.trim_end().ends_with("%%EOF"))?;
    mark.lines().next().map(str::to_owned)
}

/// Whether a file is a PDF from beginning to end.
pub(super) fn is_whole(path: &Path) -> bool {
    let whole = || {
        let (mut file, _) = open(path)?;
        let mut start = [0; 5];
        file.read_exact(&mut start)?;
        let (_, end) = end_of(&mut file)?;
        Ok::<bool, io::Error>(&start == b"%PDF-" && end.trim_ascii_end().ends_with(b"%%EOF"))
    };
    whole().unwrap_or_default()
}

/// Puts a mark into a PDF, which is a line of text.
///
/// # Errors
/// It cannot be read or written.
pub(super) fn mark(path: &Path, mark: &str) -> io::Result<PrintedPage> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let (start, end) = end_of(&mut file)?;
    let at = end.windows(STARTXREF.len()).rposition(|word| word == STARTXREF).unwrap_or_default();
    let (_, rest) = end.split_at_checked(at).unwrap_or((&[], &end));
    file.seek(SeekFrom::Start(start + at as u64))?;
    file.write_all(format!("{MARK}{mark}\n").as_bytes())?;
    file.write_all(rest)?;
    PrintedPage::of(path)
}

/// The keyword before the offset of the cross-reference table.
const STARTXREF: &[u8] = b"startxref";

/// Where a file's last bytes start, and these.
fn end_of(file: &mut File) -> io::Result<(u64, Vec<u8>)> {
    let start = file.metadata()?.len().saturating_sub(END);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(END).read_to_end(&mut bytes)?;
    Ok((start, bytes))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_mark_stands_before_the_end_and_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.pdf");
        let head = format!("%PDF-1.4\n{}\ntrailer\n<<>>\n", "x".repeat(5000));
        fs::write(&path, format!("{head}startxref\n9\n%%EOF\n")).unwrap();
        assert!(is_whole(&path));
        assert_eq!(pdf_mark(&path), None);
        let marked = mark(&path, "0123").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{head}{MARK}0123\nstartxref\n9\n%%EOF\n"));
        assert_eq!(pdf_mark(&path), Some("0123".to_owned()));
        assert_eq!(PrintedPage::of(&path).unwrap(), marked);
        assert_eq!(marked.size, text.len() as u64);
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_no_pdf() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.pdf");
        for text in ["", "%PDF-1.4\nstartxref\n9\n", "<html>%%EOF", "%PD"] {
            fs::write(&path, text).unwrap();
            assert!(!is_whole(&path), "{text}");
        }
        fs::write(&path, format!("%PDF-1.4\n{MARK}0123\nstartxref\n")).unwrap();
        assert_eq!(pdf_mark(&path), None, "half of one");
    }
}
