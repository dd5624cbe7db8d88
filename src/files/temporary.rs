//! Turns chance into names of temporary files, and knows them again.

use tempfile::Builder;

/// What the name of a temporary file is made of: a start, random letters and digits, and an end.
const TEMPORARY: (&str, usize, &str) = (".deckle-", 12, ".tmp");

/// Makes temporary files with such names.
pub(super) fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).rand_bytes(TEMPORARY.1).suffix(TEMPORARY.2);
    builder
}

/// Whether a name is a temporary file's.
pub(super) fn is_temporary(name: &str) -> bool {
    let letters = name.strip_prefix(TEMPORARY.0).and_then(|name| name.strip_suffix(TEMPORARY.2));
    letters.is_some_and(|name| name.len() == TEMPORARY.1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
