//! Turns the paths of note files into paths of pages.
//!
//! Knows which names mdBook needs for itself, and what an address must not hold.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Pages that mdBook writes itself in the outermost folder, and its table of contents.
const RESERVED: &[&str] = &["print", "toc", "404", "summary"];

/// The paths that are taken, in lower case: some file systems know no case.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes a path, or one with a part of its hash behind it where it is taken.
    pub(super) fn claim(&mut self, wish: &str) -> String {
        let mut path = wish.to_owned();
        let mut number = 1_u32;
        while RESERVED.contains(&path.to_lowercase().as_str()) || !self.taken.insert(path.to_lowercase()) {
            path = format!("{wish}-{}", hash(wish, number));
            number += 1;
        }
        path
    }
}

/// The page of a note file: letters, digits, `-`, `_` and `.` as they are, all else as `-`, so that the path is an
/// address as it stands; `index` for what introduces its folder.
pub(super) fn page(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let (folder, file) = stem.rsplit_once('/').map_or(("", stem), |(folder, file)| (folder, file));
    let is_first = file.eq_ignore_ascii_case("readme") || file.eq_ignore_ascii_case("index");
    let file = if is_first { "index" } else { file };
    let names = folder.split('/').filter(|name| !name.is_empty()).chain([file]);
    names.map(name).collect::<Vec<_>>().join("/")
}

/// One part of a page's path.
pub(super) fn name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.floor_char_boundary(100));
    let trimmed = name.trim_matches(['-', '.']);
    if trimmed.is_empty() { "page".to_owned() } else { trimmed.to_owned() }
}

fn hash(wish: &str, number: u32) -> String {
    let digest = Sha256::digest(format!("{wish}\n{number}").as_bytes());
    let bits = digest.iter().take(4).fold(0, |bits: u32, &byte| bits << 8 | u32::from(byte));
    format!("{bits:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_addresses_as_they_stand() {
        assert_eq!(page("ecs/ports & more (2).md"), "ecs/ports-more-2");
        assert_eq!(page("README.md"), "index");
        assert_eq!(page("a\u{308}/v1.2.markdown"), "ä/v1.2");
        assert_eq!(page("100%/???.md"), "100/page");
    }

    #[test]
    fn each_page_has_a_path_of_its_own() {
        let mut names = Names::default();
        let paths = ["a", "A", "a", "print", "x/print"].map(|wish| names.claim(wish).to_lowercase());
        assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), 5, "{paths:?}");
        assert_eq!((paths[0].as_str(), paths[4].as_str()), ("a", "x/print"));
        assert!(paths[3].starts_with("print-"));
    }
}
