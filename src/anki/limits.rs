//! What Anki takes at most, and the words it keeps for itself. Measured in Anki 26.9.3 where nothing else is said.
//!
//! Knows nothing but numbers and words, so that every room may ask it.

/// The highest number of a deletion. Anki makes the cards of higher ones the 500th.
pub const MAX_CLOZE_NUMBER: u16 = 500;

/// How many deletions may be open within each other; more are text.
pub const MAX_NESTED_CLOZES: usize = 10;

/// The highest position of a new card: from 1,000,000 on older Ankis, and from 2,000,000 on today's, *Check Database*
/// rewrites it, and the order is lost.
pub const MAX_POSITION: u32 = 999_999;

/// The longest name of a media file, in bytes of UTF-8; Anki cuts longer ones short.
pub const MAX_MEDIA_NAME: usize = 120;

/// The largest media file that `AnkiWeb` syncs, in bytes (`MAX_INDIVIDUAL_MEDIA_FILE_SIZE` in Anki's `sync/media/mod.rs`).
pub const MAX_MEDIA_SIZE: u64 = 100 * 1024 * 1024;

/// What follows the `[` of a sound or a film to play.
pub const SOUND: &str = "sound:";

/// What makes a `[` in a field one of Anki's commands: a sound, speech, LaTeX or the input of a typed answer.
pub const COMMANDS: &[&str] = &[SOUND, "anki:", "latex]", "$]", "$$]", "[type:"];
