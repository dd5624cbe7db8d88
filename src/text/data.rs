//! Turns bytes into `data:` addresses.

/// The address that holds the bytes themselves: RFC 2397, in base64 (RFC 4648).
pub fn address(media_type: &str, bytes: &[u8]) -> String {
    let mut address = format!("data:{media_type};base64,");
    address.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place) & 63) as usize;
            let digit = ALPHABET.get(sextet).filter(|_| place <= chunk.len());
            address.push(digit.map_or('=', |&digit| char::from(digit)));
        }
    }
    address
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
