//! Says which ways of writing notes a text shows, for `syntax: auto`.

use std::ops::Range;

use crate::config::Settings;
use crate::config::syntax::Syntaxes;
use crate::source::Source;

/// The ways that a text is written in; `None` where it is one of a vault and holds no cards. `yaml` is the place of its front
/// matter, `body` that of the text behind it.
pub(in crate::markdown) fn found(_: &Source, _: Range<usize>, _: Range<usize>, _: &Settings) -> Option<Syntaxes> {
    Some(Syntaxes::default())
}
