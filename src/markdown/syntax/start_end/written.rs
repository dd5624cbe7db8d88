//! A note as it is written, in a block, a line or a shape of its own: its type, fields, tags and id, each with its place.
//!
//! Knows where pieces of it stand, not what is in them.

use std::ops::Range;

use super::types::Misnamed;
use crate::markdown::syntax::machinery::Id;

/// A note as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// All of it, with the lines that it begins and ends with.
    pub(super) whole: Range<usize>,
    /// The name of its note type.
    pub(super) note_type: String,
    /// Where that stands; what stands for it where nothing names one.
    pub(super) type_place: Range<usize>,
    /// Its fields, in the order of the note type or of the text.
    pub(super) fields: Vec<Field>,
    /// The texts that hold its tags.
    pub(super) tags: Vec<Range<usize>>,
    /// Its id.
    pub(super) id: Option<Id>,
    /// Lines of tags and ids that stand elsewhere than the tool wants them.
    pub(super) strays: Vec<Range<usize>>,
    /// Whether it is to be deleted, as its author says.
    pub(super) is_deleted: bool,
    /// Why the name of its note type is none.
    pub(super) fault: Option<Misnamed>,
    /// How it is written.
    pub(super) form: Form,
}

/// How a note is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Between two lines.
    Block,
    /// Within a line.
    Inline,
    /// In a shape of its own.
    Shape,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// Its text, piece by piece; the last piece may end in white space.
    pub(super) pieces: Vec<Range<usize>>,
}

impl Field {
    /// An empty field.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), pieces: Vec::new() }
    }

    /// Puts a piece behind the others. What stands right behind the last one goes on with it.
    pub(super) fn push(&mut self, range: Range<usize>) {
        match self.pieces.last_mut().filter(|last| last.end == range.start) {
            Some(last) => last.end = range.end,
            None if range.is_empty() => {}
            None => self.pieces.push(range),
        }
    }

    /// Whether it holds nothing but white space.
    pub(super) fn is_empty(&self, text: &str) -> bool {
        self.pieces.iter().all(|piece| text.get(piece.clone()).unwrap_or_default().trim().is_empty())
    }

    /// Its first line with text, without white space around it.
    pub(super) fn first_line(&self, text: &str) -> Option<Range<usize>> {
        self.pieces.iter().find_map(|piece| {
            let inner = text.get(piece.clone())?;
            let lead = inner.len() - inner.trim_start().len();
            let line = inner.trim_start().lines().next()?.trim_end();
            let start = piece.start + lead;
            (!line.is_empty()).then_some(start..start + line.len())
        })
    }
}
