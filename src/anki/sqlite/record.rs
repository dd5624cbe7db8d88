//! Turns the values of a row into a record (2.1).
//!
//! Knows nothing of pages.

/// What a column of a row holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing; also where the row's id stands.
    Null,
    /// An integer, in as few bytes as it needs.
    Integer(i64),
    /// A floating-point number; none is NaN.
    Real(f64),
    /// A text in UTF-8.
    Text(&'a str),
}

/// Puts the record of a row's values at the end of `bytes`: the types of all, and then what they hold.
pub fn push_record(values: &[Value<'_>], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.push(0);
    for value in values {
        push_varint(value.serial_type(), bytes);
    }
    // The length of the types stands before them, and counts itself.
    let length = bytes.len() - start;
    if let (0..0x80, Some(place)) = (length, bytes.get_mut(start)) {
        *place = length as u8;
    } else {
        let mut long = Vec::new();
        push_varint(length as u64 + 1, &mut long);
        bytes.splice(start..=start, long);
    }
    for value in values {
        value.push_content(bytes);
    }
}

/// As [`push_record`], of at most 60 integers, none of which is an id in the row's place.
pub fn push_integers<const N: usize>(numbers: [i64; N], bytes: &mut Vec<u8>) {
    // Each type is a byte, and so is the length before them.
    bytes.push(N as u8 + 1);
    bytes.extend_from_slice(&numbers.map(integer_type));
    for number in numbers.into_iter().filter(|number| !matches!(number, 0 | 1)) {
        push_integer(number, bytes);
    }
}

impl Value<'_> {
    fn serial_type(&self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Integer(number) => integer_type(*number).into(),
            Self::Real(_) => 7,
            Self::Text(text) => 2 * text.len() as u64 + 13,
        }
    }

    fn push_content(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null | Self::Integer(0 | 1) => {}
            Self::Integer(number) => push_integer(*number, bytes),
            Self::Real(number) => bytes.extend_from_slice(&number.to_be_bytes()),
            Self::Text(text) => bytes.extend_from_slice(text.as_bytes()),
        }
    }
}

fn integer_type(number: i64) -> u8 {
    match (number, integer_length(number)) {
        (0, _) => 8,
        (1, _) => 9,
        (_, 6) => 5,
        (_, 8) => 6,
        (_, length) => length as u8,
    }
}

fn push_integer(number: i64, bytes: &mut Vec<u8>) {
    // All eight bytes, and back: a copy of so many and no more takes longer than all else here.
    let length = integer_length(number);
    bytes.extend_from_slice(&(number << (64 - 8 * length)).to_be_bytes());
    bytes.truncate(bytes.len() - (8 - length));
}

/// How many bytes an integer takes in two's complement, of the numbers of bytes that there are types for.
fn integer_length(number: i64) -> usize {
    // A negative one needs as many as what is left when all is turned round.
    let bits = 65 - (number ^ (number >> 63)).leading_zeros();
    match bits.div_ceil(8) {
        length @ 0..=4 => length as usize,
        5 | 6 => 6,
        7.. => 8,
    }
}

/// Puts an integer of variable length at the end of `bytes`: seven bits to a byte, the highest first; a ninth byte has eight
/// (1.6).
pub fn push_varint(number: u64, bytes: &mut Vec<u8>) {
    match varint_length(number) {
        1 => bytes.push(number as u8),
        9 => {
            bytes.extend((0..8).rev().map(|group| (number >> (8 + 7 * group)) as u8 | 0x80));
            bytes.push(number as u8);
        }
        length => {
            bytes.extend((1..length).rev().map(|group| (number >> (7 * group)) as u8 | 0x80));
            bytes.push(number as u8 & 0x7f);
        }
    }
}

/// How many bytes [`push_varint`] takes.
pub fn varint_length(number: u64) -> usize {
    match 64 - number.leading_zeros() {
        0..=7 => 1,
        bits @ 8..=56 => bits.div_ceil(7) as usize,
        57.. => 9,
    }
}

/// What a column of integers holds of a text (<https://www.sqlite.org/datatype3.html>, 3): a number where the text is one. Of texts
/// with NUL, versions of SQLite think differently.
pub fn with_integer_affinity(text: &str) -> Value<'_> {
    let number = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    // What else Rust takes for a number: `inf` and `nan`.
    if number.is_empty() || !number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
        return Value::Text(text);
    }
    if let Ok(integer) = number.parse() {
        return Value::Integer(integer);
    }
    let Ok(real) = number.parse::<f64>() else { return Value::Text(text) };
    // The lowest and the highest integer stand for all that is beyond them, and are none.
    if real.fract() == 0.0 && real.abs() < 2_f64.powi(63) { Value::Integer(real as i64) } else { Value::Real(real) }
}
