//! The ways of writing notes, one file each: each says where notes begin and end, in the terms of
//! [`super::assemble`].

mod headings;

use std::ops::Range;

use super::assemble::Assembler;

/// Reads the notes and the prose of a text.
pub(super) fn read(range: Range<usize>, assembler: &mut Assembler<'_>) {
    headings::read(range, assembler);
}
