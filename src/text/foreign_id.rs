//! Turns ids that other tools gave to their cards into explicit ids of ours.

/// Stands before the 13 digits of a note's id in Anki, as Obsidian_to_Anki writes them.
pub const OBSIDIAN_TO_ANKI: &str = "o2a-";

/// Stands before the id of a block of Obsidian's.
pub const OBSIDIAN: &str = "obs-";

/// Stands before the UUID of a block of Logseq's.
pub const LOGSEQ: &str = "ls-";

/// Whether an explicit id is one that another tool gave.
pub fn is_foreign(id: &str) -> bool {
    [OBSIDIAN_TO_ANKI, OBSIDIAN, LOGSEQ].iter().any(|tool| id.starts_with(tool))
}
