//! The containers legacy 1 and legacy 2: a zip of a database, a map of media, and the media under their numbers.
//!
//! Legacy 1 (`collection.anki2`) is written, because every Anki since 2.1 reads it; both are read. Knows nothing of what
//! the database holds.

mod deflate;
mod read;
mod write;

pub use read::{checksum, media, with_database};
pub use write::{without_media, zip};

/// The database of legacy 1. In the others a dummy of this name tells older Ankis to update.
const DATABASE: &str = "collection.anki2";

/// The database of legacy 2.
const DATABASE_OF_2: &str = "collection.anki21";

/// The map of media: JSON, from the numbers of members to names.
const MEDIA: &str = "media";

/// The version of the container, a Protocol Buffers message with the version as field 1. The packages of Anki before
/// 2.1.50 have none, and neither has legacy 1 as others write it.
const META: &str = "meta";
