//! What stands around the notes of one file.

use crate::markdown::tree::FootnoteDefinition;
use crate::source::{Source, SourceId};

/// What surrounds the notes of one file.
pub(super) struct FileText<'a> {
    pub(super) id: SourceId,
    pub(super) source: &'a Source,
    /// The folder of all notes.
    pub(super) content: &'a str,
    /// The footnotes of what was parsed so far.
    pub(super) footnotes: Vec<FootnoteDefinition>,
}
