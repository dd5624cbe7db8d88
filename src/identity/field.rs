//! Turns values into the fields of a line and back: words without white space, none empty.
//!
//! Knows nothing of which field means what.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// What stands for nothing.
pub(super) const NONE: &str = "-";

/// 48 bits of xxh3: two of 100,000 texts get the same once in 56,000 collections, and then only cost a note its
/// exact match, for fronts and backs are compared together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Hash(pub(super) u64);

impl Hash {
    /// The hash of some bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::cut(xxhash_rust::xxh3::xxh3_64(bytes))
    }

    /// The hash of some texts, each behind its length.
    pub(super) fn of_parts<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Self::of(&bytes)
    }

    /// A hash of 64 bits as it is remembered.
    pub(super) fn cut(hash: u64) -> Self {
        Self(hash >> 16)
    }

    /// Reads 8 characters of base64.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut bits = 0;
        for byte in text.bytes() {
            bits = bits << 6 | u64::from(digit(byte)?);
        }
        (text.len() == DIGITS).then_some(Self(bits))
    }
}

/// 8 digits of 6 bits.
const DIGITS: usize = 8;

/// The digits of base64url (RFC 4648 §5).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl fmt::Display for Hash {
    #[expect(clippy::indexing_slicing, reason = "six bits are below 64")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |place: usize| char::from(ALPHABET[(self.0 >> (6 * (DIGITS - 1 - place))) as usize & 63]);
        (0..DIGITS).map(digit).try_for_each(|digit| f.write_char(digit))
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// Whether a field holds nothing but digits of base64url. Looks at all of it without a way out, many bytes at once: sketches are most of a lock.
pub(super) fn is_base64(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.bytes().fold(0, |odd, byte| odd | u8::from(!is_digit(byte))) == 0
}

/// A text as one field: a space becomes `+`; `+`, `%` and what is not seen become `%XX`; other characters stay readable.
pub(super) fn encode(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !(matches!(c, ' ' | '+' | '%') || c.is_control() || c.is_whitespace());
    match text {
        "" => return NONE.into(),
        NONE => return "%2D".into(),
        _ => {}
    }
    // Most texts are ASCII, where a byte is soon looked at.
    let is_seen = |byte: u8| matches!(byte, b'!'..=b'~') && !matches!(byte, b'+' | b'%');
    if text.bytes().all(is_seen) || text.chars().all(is_plain) {
        return text.into();
    }
    let mut encoded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_plain(character) {
            encoded.push(character);
        } else if character == ' ' {
            encoded.push('+');
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded.into()
}

/// Whether [`decode`] reads a field. Few have a `%`, and only there it can fail.
pub(super) fn is_decodable(field: &str) -> bool {
    !field.contains('%') || decode(field).is_some()
}

/// The text of a field; `None` where it was not made by [`encode`].
pub(super) fn decode(field: &str) -> Option<Cow<'_, str>> {
    if field == NONE {
        return Some("".into());
    }
    if !field.contains(['+', '%']) {
        return Some(field.into());
    }
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit(rest.next()?)? << 4 | digit(rest.next()?)?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_survives_as_one_field(text in any::<String>()) {
            let field = encode(&text);
            prop_assert!(!field.is_empty() && !field.contains(char::is_whitespace));
            let read = decode(&field);
            prop_assert_eq!(read.as_deref(), Some(text.as_str()));
        }

        #[test]
        fn any_hash_survives(bits in any::<u64>()) {
            let hash = Hash::cut(bits);
            let text = hash.to_string();
            prop_assert!(text.len() == 8 && is_base64(&text));
            prop_assert_eq!(Hash::read(&text), Some(hash));
        }

        #[test]
        fn no_field_does_harm(field in any::<String>()) {
            let _ = decode(&field);
            let _ = Hash::read(&field);
        }
    }

    #[test]
    fn fields_stay_readable() {
        assert_eq!(encode("Ein Köder: 100 % + x"), "Ein+Köder:+100+%25+%2B+x");
        assert_eq!((encode("").as_ref(), encode("-").as_ref()), ("-", "%2D"));
        assert_eq!(decode("%4"), None);
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%ff"), None, "not UTF-8");
    }

    #[test]
    fn broken_hashes_are_seen() {
        for text in ["", "AAAA", "AAAAAAAAA", "AAAAAAA!", "AAAAAAAä"] {
            assert_eq!(Hash::read(text), None, "{text}");
        }
        assert!(!is_base64("AB=") && !is_base64(""));
    }
}
