//! What packages are packed in.
//!
//! Knows nothing of notes. The third container, *latest* (zstd, `collection.anki21b`), is only recognised.

mod archive;
pub mod legacy;

/// Why a package is refused: a phrase that starts in lower case, or what SQLite says.
pub type Refusal = Box<dyn std::error::Error + Send + Sync>;
