//! Turns HTML's entities into the characters that they stand for.
//!
//! Knows those that deckle, the sanitiser and Anki's editor write: all numbers, and the names of what HTML itself reads.

use std::borrow::Cow;

/// The text with its entities as characters. What is no entity stays.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from_ampersand)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        decoded.push_str(before);
        let (character, length) = entity(from_ampersand).unwrap_or(('&', 1));
        decoded.push(character);
        rest = from_ampersand.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character that an entity at the start of the text stands for, and the entity's length in bytes.
pub fn entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let (name, after) = rest.split_at_checked(length)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => char::from_u32(code_point(name)?)?,
    };
    after.starts_with(';').then_some((character, length + 2))
}

fn code_point(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn entities_are_characters() {
        assert_eq!(decode("a &lt;&gt; &quot;&apos;&#39; &amp;lt; &#x41;&#X42;&#67;&nbsp;"), "a <> \"'' &lt; ABC\u{a0}");
        for text in ["&", "&;", "&#;", "&#x;", "&#1114112;", "&#xD800;", "&#99999999999;", "&colon;", "&amp", "1 & 2;"]
        {
            assert_eq!(decode(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_decoded_to_the_same(text in "([&<>\"#;a-z0-9]|\\PC)*") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            prop_assert_eq!(decode(&escaped), text);
        }
    }
}
