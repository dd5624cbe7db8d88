//! Turns bytes into `data:` addresses.

/// The address that holds the bytes themselves.
pub fn address(media_type: &str, bytes: &[u8]) -> String {
    let mut address = start(media_type).into_bytes();
    encode(bytes, &mut address);
    String::from_utf8(address).unwrap_or_default()
}

/// What stands before the bytes: RFC 2397, in base64 (RFC 4648).
pub fn start(media_type: &str) -> String {
    format!("data:{media_type};base64,")
}

/// Appends the bytes in base64, padded. Pieces of a multiple of three bytes may be appended one by one.
pub fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    let (threes, rest) = bytes.as_chunks::<3>();
    out.reserve(bytes.len().div_ceil(3) * 4);
    for &three in threes {
        out.extend_from_slice(&digits(three));
    }
    match *rest {
        [first, second] => {
            let [a, b, c, _] = digits([first, second, 0]);
            out.extend_from_slice(&[a, b, c, b'=']);
        }
        [first] => {
            let [a, b, ..] = digits([first, 0, 0]);
            out.extend_from_slice(&[a, b, b'=', b'=']);
        }
        _ => {}
    }
}

fn digits([first, second, third]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, first, second, third]);
    [18, 12, 6, 0].map(|shift| ALPHABET.get((bits >> shift & 63) as usize).copied().unwrap_or_default())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_addresses_are_base64_with_padding() {
        assert_eq!(address("image/png", b"foobar"), "data:image/png;base64,Zm9vYmFy");
        assert_eq!(address("image/svg+xml", b"fooba"), "data:image/svg+xml;base64,Zm9vYmE=");
        assert_eq!(address("x/y", b"\xFF\xEF\xBE\xFB"), "data:x/y;base64,/++++w==");
        assert_eq!(address("x/y", b""), "data:x/y;base64,");
    }
}
