//! Turns a text and some bytes into whether it holds one of them.
//!
//! Knows no syntax. Nearly all text holds nothing special: what asks so is asked of each piece of it, and is to cost little.

/// Whether a text holds one of these bytes. Many of its bytes are looked at at once.
pub fn holds_any<const N: usize>(text: &str, wanted: [u8; N]) -> bool {
    let bytes = text.as_bytes();
    let (chunks, _) = bytes.as_chunks::<MANY>();
    match bytes.last_chunk::<MANY>() {
        Some(last) => chunks.iter().chain([last]).any(|chunk| has_any(chunk, wanted)),
        None => bytes.iter().any(|byte| wanted.contains(byte)),
    }
}

/// So many bytes fit into one of the machine's registers.
const MANY: usize = 16;

fn has_any<const N: usize>(chunk: &[u8; MANY], wanted: [u8; N]) -> bool {
    let mut found = [0_u8; MANY];
    for wanted in wanted {
        for (found, byte) in found.iter_mut().zip(chunk) {
            *found |= u8::from(*byte == wanted);
        }
    }
    u128::from_ne_bytes(found) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_looked_at() {
        for length in 0..70 {
            let text = "x".repeat(length);
            assert!(!holds_any(&text, *b"[{"), "{length}");
            for at in 0..length {
                for sign in ["[", "{"] {
                    let mut text = text.clone();
                    text.replace_range(at..=at, sign);
                    assert!(holds_any(&text, *b"[{"), "{text}");
                }
            }
        }
    }
}
