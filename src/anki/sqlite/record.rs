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
    let types: usize = values.iter().map(|value| varint_length(value.serial_type())).sum();
    // The length counts itself.
    let header = if types + 1 < 0x80 { types + 1 } else { types + 2 };
    push_varint(header as u64, bytes);
    for value in values {
        push_varint(value.serial_type(), bytes);
    }
    for value in values {
        value.push_content(bytes);
    }
}

impl Value<'_> {
    fn serial_type(&self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Integer(0) => 8,
            Self::Integer(1) => 9,
            Self::Integer(number) => match integer_length(*number) {
                6 => 5,
                8 => 6,
                length => length as u64,
            },
            Self::Real(_) => 7,
            Self::Text(text) => 2 * text.len() as u64 + 13,
        }
    }

    fn push_content(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null | Self::Integer(0 | 1) => {}
            Self::Integer(number) => {
                let all = number.to_be_bytes();
                bytes.extend_from_slice(all.get(all.len() - integer_length(*number)..).unwrap_or_default());
            }
            Self::Real(number) => bytes.extend_from_slice(&number.to_be_bytes()),
            Self::Text(text) => bytes.extend_from_slice(text.as_bytes()),
        }
    }
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
