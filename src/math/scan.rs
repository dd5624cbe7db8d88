//! Turns the start of a piece of TeX into a command or an argument, and what stands behind it.
//!
//! Knows braces and backslashes, no command by its name.

/// The letters at the start of a text.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The name of the command that a text starts with, empty where it is none, and what stands behind it, or behind the backslash.
pub(super) fn command(text: &str) -> (&str, &str) {
    let Some(behind) = text.strip_prefix('\\') else { return ("", text) };
    let name = word(behind);
    (name, behind.get(name.len()..).unwrap_or_default())
}

/// The argument at the start of a text, without braces around it: a group, a command or a character.
pub(crate) fn argument(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        let end = matching(inner, b'{', b'}')?;
        return Some((inner.get(..end)?, inner.get(end + 1..)?));
    }
    let first = text.chars().next().filter(|first| *first != '}')?;
    let length = match command(text).0 {
        "" if first == '\\' => 1 + text.chars().nth(1)?.len_utf8(),
        "" => first.len_utf8(),
        name => 1 + name.len(),
    };
    text.split_at_checked(length)
}

/// The argument in brackets at the start of a text.
pub(super) fn optional(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim_start().strip_prefix('[')?;
    let end = matching(inner, b'[', b']')?;
    Some((inner.get(..end)?, inner.get(end + 1..)?))
}

/// Where what is open is closed.
pub(super) fn matching(text: &str, open: u8, close: u8) -> Option<usize> {
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        if is_escaped {
            is_escaped = false;
        } else if byte == b'\\' {
            is_escaped = true;
        } else if byte == open {
            depth += 1;
        } else if byte == close {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            }
        }
    }
    None
}
