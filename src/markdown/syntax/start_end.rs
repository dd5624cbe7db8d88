//! Cards between lines of `START` and `END`, as Obsidian_to_Anki has them.

use std::ops::Range;

use super::{Claimed, Gate};
use crate::config::Settings;
use crate::markdown::File;
use crate::markdown::assemble::Assembler;
use crate::source::Source;

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(_: &Source, _: Range<usize>, _: &mut Assembler<'_>) -> Vec<Claimed> {
    Vec::new()
}

/// The deck that the file puts into effect.
pub(super) fn gate(_: File<'_>, _: Range<usize>, _: &Settings) -> Gate {
    Gate::default()
}
