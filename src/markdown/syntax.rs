//! The ways of writing notes, one file each.

pub(super) mod headings;
