//! Turns parts of text into stable numbers and GUIDs.
//!
//! Knows nothing of notes: the callers choose the parts.

use sha2::{Digest, Sha256};

use crate::ir::Guid;

/// Lower-case base32 of RFC 4648: 32 characters that need no escape in HTML ids, addresses and file names.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// 13 characters of 5 bits: two of a million notes get the same one once in 70 million collections.
pub(super) const GUID_LENGTH: usize = 13;

/// A GUID from the first 65 bits of the hash of `parts`.
#[expect(clippy::indexing_slicing, reason = "five bits are below 32")]
pub(super) fn guid(parts: &[&str]) -> Guid {
    let bits = digest(parts).iter().take(16).fold(0u128, |bits, &byte| bits << 8 | u128::from(byte));
    let character = |place: usize| {
        let shift = 128 - 5 * (place + 1);
        char::from(ALPHABET[(bits >> shift) as usize & 31])
    };
    Guid((0..GUID_LENGTH).map(character).collect())
}

/// Whether `text` has the form of a GUID of ours.
pub fn is_guid(text: &str) -> bool {
    text.len() == GUID_LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// A number from the hash of `parts`: positive and below 2^53, so that JSON readers that use floats keep it.
pub(super) fn id(parts: &[&str]) -> i64 {
    let bits = digest(parts).iter().take(8).fold(0u64, |bits, &byte| bits << 8 | u64::from(byte));
    // Small numbers have a meaning in Anki (deck 1 is "Default"), so the lowest 2^32 are left out.
    i64::try_from(bits >> 11).unwrap_or_default().max(1 << 32)
}

/// Each part goes in behind its length, so that `["ab", "c"]` and `["a", "bc"]` differ.
fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_13_characters_of_base32() {
        let Guid(text) = guid(&["aws", "Basic", "What is a Pod?", "0"]);
        assert!(is_guid(&text), "{text}");
        assert!(!is_guid("What is a Pod"));
        assert!(!is_guid("abc"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(guid(&["ab", "c"]), guid(&["a", "bc"]));
        assert_ne!(guid(&["a", ""]), guid(&["a"]));
    }

    #[test]
    fn ids_are_positive_and_survive_a_float() {
        for number in 0..1000 {
            let id = id(&[&number.to_string()]);
            assert!((1 << 32..1 << 53).contains(&id), "{id}");
        }
    }

    /// The values are Python's `hashlib` and `base64`; a changed hash is a lost review history for everybody who imports the next package.
    #[test]
    fn the_birth_rule_never_changes() {
        assert_eq!(guid(&["aws", "Basic", "What is a Pod?", "0"]).0, "cbifpuppm5ip3");
        assert_eq!(id(&["aws", "Basic", "1"]), 2_989_616_744_688_938);
    }
}
