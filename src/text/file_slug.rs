//! Turns deck names into file names that every system takes, each another one.
//!
//! Knows nothing of what the files hold, nor of their extensions.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The longest name in bytes; file systems take 255, and extensions and suffixes come on top.
const MAX_LENGTH: usize = 100;

/// The stem of `collection.apkg`, which Anki takes for a whole collection: importing it would replace everything that the
/// reader has.
const COLLECTION: &str = "collection";

/// A slug for each name, in the same order; equal names share theirs.
///
/// A slug is lower-case letters, digits and single hyphens in NFKC. Names whose slugs would be equal all get a part of
/// their hash behind it, so that a new deck never renames another's file twice.
pub fn file_slugs(names: &[&str]) -> Vec<String> {
    let plain: Vec<String> = names.iter().map(|name| slug(name)).collect();
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (slug, name) in plain.iter().zip(names) {
        owners.entry(slug).or_default().insert(name);
    }
    let is_shared = |slug: &str| owners.get(slug).is_some_and(|owners| owners.len() > 1);
    plain
        .iter()
        .zip(names)
        .map(|(slug, name)| if is_shared(slug) { format!("{slug}-{}", hash8(name)) } else { slug.clone() })
        .collect()
}

fn slug(name: &str) -> String {
    let folded: String = name.nfkc().collect::<String>().to_lowercase().nfkc().collect();
    let mut slug = String::with_capacity(folded.len());
    for character in folded.chars() {
        if character.is_alphanumeric() || (is_combining_mark(character) && !slug.is_empty()) {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.floor_char_boundary(MAX_LENGTH));
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() {
        slug.push_str("deck");
    } else if is_reserved(&slug) {
        slug.push_str("-deck");
    }
    slug
}

/// Devices on Windows, whatever their extension, and Anki's own word.
fn is_reserved(slug: &str) -> bool {
    let is_port = |digits: &str| digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit());
    matches!(slug, COLLECTION | "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|device| slug.strip_prefix(device).is_some_and(is_port))
}

fn hash8(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let bits = digest.iter().take(4).fold(0, |bits: u32, &byte| bits << 8 | u32::from(byte));
    format!("{bits:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_file_names() {
        let names = ["AWS ECS", "C/C++: basics!", "Überblick", "U\u{308}bung", "日本語", "नमस्ते", "a\\..\\b", "ﬁn"];
        let expected = ["aws-ecs", "c-c-basics", "überblick", "übung", "日本語", "नमस्ते", "a-b", "fin"];
        assert_eq!(file_slugs(&names), expected);
    }

    #[test]
    fn reserved_and_empty_names_are_avoided() {
        let names = ["Collection", "CON", "com¹", "LPT9", "com10", "…", "  "];
        let slugs = file_slugs(&names);
        assert_eq!(slugs[..5], ["collection-deck", "con-deck", "com1-deck", "lpt9-deck", "com10"]);
        assert!(slugs[5].starts_with("deck-") && slugs[6].starts_with("deck-") && slugs[5] != slugs[6], "{slugs:?}");
    }

    #[test]
    fn names_that_fall_together_are_told_apart_whatever_their_order() {
        let one = file_slugs(&["Go", "GO!", "Rust"]);
        let other = file_slugs(&["Rust", "GO!", "Go"]);
        assert_eq!(one, [other[2].clone(), other[1].clone(), other[0].clone()]);
        assert_ne!(one[0], one[1]);
        assert_eq!(one[2], "rust");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let slug = slug(&"ä".repeat(99));
        assert_eq!(slug.len(), 100);
    }
}
