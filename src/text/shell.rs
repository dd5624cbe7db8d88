//! Turns a word into what a shell takes for that word.
//!
//! Knows nothing of what words mean.

use std::borrow::Cow;

/// The word, in quotes where it needs them.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%~\\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}
