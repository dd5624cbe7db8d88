//! What other tools and dialects write: what of it is read, and what is only said to stand on a card.
//!
//! Finds places in texts; what becomes of them is up to [`super::tree`] and [`super::assemble`].

pub(super) mod attributes;
pub(super) mod comments;
pub(super) mod inline;
pub(super) mod report;
mod signs;
pub(super) mod size;
pub(super) mod tags;
pub(super) mod terms;
pub(super) mod tex;
