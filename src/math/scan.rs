//! Turns the start of a piece of TeX into a command or an argument, and what stands behind it.
//!
//! Knows braces and backslashes, no command by its name.

use crate::text::pairs::Pairs;

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

/// The argument at the start of a text, without braces around it: a group, a command or a character. `pairs` are those of a text
/// that ends with this one.
pub(super) fn argument<'t>(text: &'t str, pairs: &Pairs<'t>) -> Option<(&'t str, &'t str)> {
    let text = text.trim_start();
    if text.starts_with('{') {
        return pairs.braced(text);
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
pub(super) fn optional<'t>(text: &'t str, pairs: &Pairs<'t>) -> Option<(&'t str, &'t str)> {
    pairs.bracketed(text.trim_start())
}
