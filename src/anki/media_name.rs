//! Turns the paths of media into the names that they have in Anki, where all files of a reader lie in one folder.
//!
//! Knows nothing of where the files are, nor of packages.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::limits::MAX_MEDIA_NAME;
use crate::ir::Media;
use crate::text::path::file_name;

/// `stem-hash.ext` with nothing in it that Anki, a file system or an address objects to: letters, digits, `-` and `_`, in
/// NFC. Anki treats a leading `_` as a template's file; Windows takes `con.x-….png` for a device, so dots go; the whole
/// takes at most [`MAX_MEDIA_NAME`].
pub fn media_name(path: &str, hash: &str) -> String {
    let file = file_name(path);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let stem: String = stem.nfc().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let stem = stem.trim_start_matches(['-', '_']);
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
    let dot = if extension.is_empty() { "" } else { "." };
    let room = MAX_MEDIA_NAME.saturating_sub("-".len() + hash.len() + dot.len() + extension.len());
    let stem = stem.get(..stem.floor_char_boundary(room.min(MAX_STEM))).unwrap_or_default().trim_end_matches('-');
    let stem = if stem.is_empty() { "media" } else { stem };
    format!("{stem}-{hash}{dot}{}", extension.to_ascii_lowercase())
}

/// The longest part of the file's own name, in bytes of UTF-8.
const MAX_STEM: usize = 64;

/// Different bytes under one name would be one file in Anki: such names get their whole hash. Equal bytes under names that
/// differ by case alone would be two files on some disks, and one on others: they are one file.
pub fn part_names(media: &mut [Media]) {
    let mut owners: BTreeMap<String, [String; 2]> = BTreeMap::new();
    for one in media {
        if owners.get(&fold(&one.name)).is_some_and(|[sha256, _]| *sha256 != one.sha256) {
            one.name = media_name(one.file.as_ref().unwrap_or(&one.path), &one.sha256);
        }
        let own = || [one.sha256.clone(), one.name.clone()];
        let [_, name] = owners.entry(fold(&one.name)).or_insert_with(own);
        one.name.clone_from(name);
    }
}

/// The form in which disks that know no case compare names: `ß` and `SS` are one to some of them.
fn fold(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_uppercase().to_lowercase().nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_names_are_safe_everywhere() {
        assert_eq!(media_name("a/pic.PNG", "01234567"), "pic-01234567.png");
        assert_eq!(media_name("con.aux.png", "0"), "con-aux-0.png");
        assert_eq!(media_name("_x y/_ (1)%.mp3", "0"), "1-0.mp3");
        assert_eq!(media_name("u\u{308}.svg", "0"), "ü-0.svg");
        assert_eq!(media_name("???", "0"), "media-0");
        for hash_length in [8, 64] {
            let longest = media_name(&format!("{}.{}", "ü".repeat(300), "x".repeat(30)), &"0".repeat(hash_length));
            assert!(longest.len() <= MAX_MEDIA_NAME && longest.ends_with(".xxxxxxxxxx"), "{longest}");
        }
    }

    #[test]
    fn names_that_would_clash_are_parted() {
        let media = |path: &str, sha: &str| Media {
            path: path.into(),
            file: None,
            name: "a-0.png".into(),
            sha256: sha.into(),
            size: None,
            blob: Vec::new().into(),
        };
        let mut all = [media("x/a.png", "01"), media("y/a.png", "01"), media("z/a.png", "02")];
        part_names(&mut all);
        assert_eq!(all.map(|one| one.name), ["a-0.png", "a-0.png", "a-02.png"]);
        let named = |name: &str, sha: &str| Media { name: name.into(), ..media(name, sha) };
        let mut all = [named("Straße-0.png", "01"), named("STRASSE-0.png", "02"), named("strasse-0.png", "01")];
        part_names(&mut all);
        assert_eq!(all.map(|one| one.name), ["Straße-0.png", "STRASSE-0-02.png", "Straße-0.png"]);
        let at = |path: &str| Media { path: path.into(), ..named("a-0.png", "02") };
        let mut all = [named("a-0.png", "01"), at("x.png"), at("X.png")];
        part_names(&mut all);
        assert_eq!(all.map(|one| one.name), ["a-0.png", "x-02.png", "x-02.png"]);
    }
}
