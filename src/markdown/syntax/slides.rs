//! Slides with a pause, as anki-panky has them.

use std::ops::Range;

use super::Claimed;
use crate::markdown::assemble::Assembler;
use crate::source::Source;

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(_: &Source, _: Range<usize>, _: &mut Assembler<'_>) -> Vec<Claimed> {
    Vec::new()
}
