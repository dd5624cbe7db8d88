//! Turns numbers of a few bits into base64url digits (RFC 4648, section 5) of six bits each, and back.
//!
//! Knows nothing of what the numbers mean.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is no digit.
const NONE: u8 = u8::MAX;

const DIGITS: [u8; 256] = digits();

#[expect(clippy::indexing_slicing, reason = "the loop ends with the alphabet, and a byte is below 256")]
const fn digits() -> [u8; 256] {
    let mut digits = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        digits[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    digits
}

/// Writes numbers behind a text, the highest bit first.
pub(super) struct Writer<'a> {
    text: &'a mut String,
    /// Bits that do not fill a digit yet, and how many.
    rest: u64,
    count: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(text: &'a mut String) -> Self {
        Self { text, rest: 0, count: 0 }
    }

    /// The lowest `bits` of a number; 32 at most.
    pub(super) fn push(&mut self, number: u32, bits: u32) {
        self.rest = self.rest << bits | u64::from(number) & ((1 << bits) - 1);
        self.count += bits;
        while self.count >= 6 {
            self.count -= 6;
            self.push_digit(self.rest >> self.count);
        }
    }

    /// As many ones as `number` says, and a zero.
    pub(super) fn push_unary(&mut self, mut number: u32) {
        while number >= 16 {
            self.push(0xffff, 16);
            number -= 16;
        }
        self.push((1 << (number + 1)) - 2, number + 1);
    }

    /// Writes the last digit, which zeros fill up.
    pub(super) fn finish(mut self) {
        if self.count > 0 {
            self.push_digit(self.rest << (6 - self.count));
        }
    }

    #[expect(clippy::indexing_slicing, reason = "six bits are below 64")]
    fn push_digit(&mut self, bits: u64) {
        self.text.push(char::from(ALPHABET[bits as usize & 63]));
    }
}

/// Reads what a [`Writer`] wrote.
pub(super) struct Reader<'a> {
    digits: std::slice::Iter<'a, u8>,
    rest: u64,
    count: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { digits: text.as_bytes().iter(), rest: 0, count: 0 }
    }

    /// A number of so many bits, 32 at most; `None` where the text ends before, or has another character.
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) fn read(&mut self, bits: u32) -> Option<u32> {
        while self.count < bits {
            let digit = DIGITS[usize::from(*self.digits.next()?)];
            if digit == NONE {
                return None;
            }
            self.rest = self.rest << 6 | u64::from(digit);
            self.count += 6;
        }
        self.count -= bits;
        Some((self.rest >> self.count & ((1 << bits) - 1)) as u32)
    }

    /// How many ones stand before the next zero.
    pub(super) fn read_unary(&mut self) -> Option<u32> {
        let mut ones = 0;
        while self.read(1)? == 1 {
            ones += 1;
        }
        Some(ones)
    }

    /// Whether nothing follows but the zeros that fill up the last digit.
    pub(super) fn is_at_end(&self) -> bool {
        self.digits.len() == 0 && self.count < 6 && self.rest & ((1 << self.count) - 1) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of RFC 4648, section 10, without their padding, and one with the characters of base64url.
    #[test]
    fn bytes_become_what_the_rfc_says() {
        let vectors: [(&[u8], &str); 5] =
            [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foobar", "Zm9vYmFy"), (&[0xfb, 0xff], "-_8")];
        for (bytes, text) in vectors {
            let mut written = String::new();
            let mut writer = Writer::new(&mut written);
            for &byte in bytes {
                writer.push(u32::from(byte), 8);
            }
            writer.finish();
            assert_eq!(written, text);
            let mut reader = Reader::new(text);
            let read: Option<Vec<u32>> = bytes.iter().map(|_| reader.read(8)).collect();
            assert_eq!(read, Some(bytes.iter().copied().map(u32::from).collect()));
            assert!(reader.is_at_end(), "{text}");
        }
    }

    #[test]
    fn numbers_of_any_width_come_back() {
        let mut text = String::new();
        let mut writer = Writer::new(&mut text);
        writer.push(u32::MAX, 32);
        writer.push_unary(70);
        writer.push(0, 0);
        writer.push_unary(0);
        writer.push(5, 3);
        writer.finish();
        let mut reader = Reader::new(&text);
        assert_eq!(reader.read(32), Some(u32::MAX));
        assert_eq!(reader.read_unary(), Some(70));
        assert_eq!((reader.read(0), reader.read_unary(), reader.read(3)), (Some(0), Some(0), Some(5)));
        assert!(reader.is_at_end());
    }

    #[test]
    fn ends_and_other_characters_are_seen() {
        assert_eq!(Reader::new("_").read(7), None);
        assert_eq!(Reader::new("_=").read(7), None);
        assert_eq!(Reader::new("__").read_unary(), None);
        let mut reader = Reader::new("Zh");
        assert_eq!(reader.read(8), Some(102));
        assert!(!reader.is_at_end());
    }
}
