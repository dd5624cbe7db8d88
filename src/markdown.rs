//! Turns one Markdown file into prose and notes. Cannot fail: what is wrong becomes a diagnostic.
//!
//! The only place that calls pulldown-cmark. Knows neither other files nor any output.

use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::ir::{Chapter, Note};
use crate::source::{Source, SourceId, Span};

/// What one file holds.
#[derive(Debug, Default)]
pub struct Document {
    /// The chapter; its [`crate::ir::ChapterPart::Note`]s index `notes`. `None` where no deck is in effect.
    pub chapter: Option<Chapter>,
    /// The notes in source order.
    pub notes: Vec<Note>,
    /// Every use of local media in notes and prose, in source order.
    pub media: Vec<MediaUse>,
    /// How many headings were prose and not notes.
    pub prose_headings: usize,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// A place that names a local image or sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaUse {
    /// Relative to the project's root, as in [`crate::ir::MediaRef::Local`].
    pub path: String,
    /// The place of the name in the source.
    pub span: Span,
}

/// Reads one file. `settings` are those of its folder; `chapter_path` is its path relative to the content folder.
pub fn read(_id: SourceId, _source: &Source, _chapter_path: &str, _settings: &Settings) -> Document {
    Document::default()
}
