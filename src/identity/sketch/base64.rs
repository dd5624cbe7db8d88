//! Turns bytes into base64url without padding (RFC 4648, section 5) and back.
//!
//! Knows nothing of what the bytes mean.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is no digit.
const NONE: u8 = u8::MAX;

const DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let mut digits = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        digits[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    digits
}

/// Four characters for three bytes; two or three characters for the one or two at the end.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, place| bits << 8 | chunk.get(place).map_or(0, |&byte| u32::from(byte)));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// `None` for other characters, and for texts that [`encode`] does not write.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for place in 0..4 {
            let digit = chunk.get(place).map_or(0, |&digit| DIGITS[usize::from(digit)]);
            if digit == NONE {
                return None;
            }
            bits = bits << 6 | u32::from(digit);
        }
        let whole = chunk.len() * 6 / 8;
        let [_, three @ ..] = bits.to_be_bytes();
        let (kept, spare) = three.split_at(whole);
        if chunk.len() == 1 || spare.iter().any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 4648, section 10, without their padding.
    #[test]
    fn the_vectors_of_the_rfc_hold() {
        let vectors =
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in vectors {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["Z", "Zh", "Zm9vY", "Zg==", "Zm/v", "Zm v"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
