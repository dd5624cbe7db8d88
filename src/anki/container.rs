//! What packages are packed in.
//!
//! Knows nothing of notes. The third container, *latest* (zstd, `collection.anki21b`), is only recognised.

pub mod legacy;
