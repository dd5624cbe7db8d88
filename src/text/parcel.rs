//! Turns numbers, bytes and texts into one run of bytes, and back: each number in as many bytes as it needs (LEB128), each
//! text behind its length.
//!
//! Knows nothing of what they mean. Whatever the bytes are, to unpack them ends, and takes no room beyond theirs.

/// What is packed so far.
#[derive(Debug, Default)]
pub struct Parcel(Vec<u8>);

impl Parcel {
    /// Nothing yet, and room for so many bytes.
    pub fn with_room(room: usize) -> Self {
        Self(Vec::with_capacity(room))
    }

    /// Adds a number.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Adds a count or a length.
    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// Adds a hash.
    pub fn hash(&mut self, hash: u128) {
        self.0.extend_from_slice(&hash.to_le_bytes());
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// All of it so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// All of it.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// What is left to unpack. Each call gives what the same call of [`Parcel`] took; `None` where the bytes are no such thing.
#[derive(Debug, Clone, Copy)]
pub struct Unpack<'a>(&'a [u8]);

impl<'a> Unpack<'a> {
    /// Of bytes of a [`Parcel`], or of any others.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// The next number.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = *self.0.split_off_first()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// The next count or length.
    pub fn count(&mut self) -> Option<usize> {
        self.number().and_then(|number| usize::try_from(number).ok())
    }

    /// The next hash.
    pub fn hash(&mut self) -> Option<u128> {
        self.take(16)?.try_into().ok().map(u128::from_le_bytes)
    }

    /// The next bytes.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    /// The next text.
    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// As many things as a count says, each by `one`, which takes a byte at least; `None` where one of them is none.
    pub fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count().filter(|count| *count <= self.0.len())?;
        (0..count).map(|_| one(self)).collect()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        self.0.split_off(..length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let mut parcel = Parcel::default();
        for number in numbers {
            parcel.number(number);
        }
        parcel.hash(7 << 100);
        parcel.text("");
        parcel.text("ä\0b");
        parcel.count(3);
        for number in 1..=3 {
            parcel.number(number);
        }
        let bytes = parcel.into_bytes();
        let read = |bytes: &[u8]| {
            let mut from = Unpack::new(bytes);
            let same = numbers.into_iter().all(|number| from.number() == Some(number));
            let rest = same && from.hash()? == 7 << 100 && from.text()?.is_empty() && from.text()? == "ä\0b";
            (rest && from.many(Unpack::number)? == [1, 2, 3] && from.is_empty()).then_some(())
        };
        assert_eq!(read(&bytes), Some(()));
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), None, "{end}");
        }
    }

    #[test]
    fn what_is_no_parcel_is_refused() {
        let number = |bytes: &[u8]| Unpack::new(bytes).number();
        assert_eq!(number(&[0xFF; 9]), None);
        assert_eq!(number(&[0xFF; 20]), None);
        assert_eq!(number(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2]), None, "beyond 64 bits");
        assert_eq!(Unpack::new(&[2, 0xC3, 0x28]).text(), None, "no UTF-8");
        let mut huge = Parcel::default();
        huge.number(u64::MAX);
        let huge = huge.into_bytes();
        assert_eq!(Unpack::new(&huge).bytes(), None);
        assert_eq!(Unpack::new(&huge).many(Unpack::number), None, "no room is taken for what is not there");
    }
}
