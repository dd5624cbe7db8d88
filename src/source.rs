//! Keeps the texts that were read, and turns byte offsets in them into lines and columns, and edits into other texts; keeps
//! bytes that nobody copies.
//!
//! Knows nothing of Markdown, YAML or where the texts came from.

mod blob;
mod excerpt;
mod patched;
mod recipe;

use std::hash::{Hash, Hasher};
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

pub use blob::{Blob, BlobFile};
pub use excerpt::Excerpt;
pub use patched::{Change, Patched};
pub use recipe::{Deflated, Member, Packing, Piece, Recipe, There};

/// The place of a [`Source`] in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct SourceId(pub u32);

/// A range of bytes in one source. Serialised as `[source, start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(into = "(u32, u32, u32)")]
pub struct Span {
    /// Which text the bytes are in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `source`.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start as u32, end: range.end as u32 }
    }

    /// The offsets, to index the source's text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both. `other` must be in the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same source, other bytes.
    #[must_use]
    pub fn with(self, range: Range<usize>) -> Self {
        Self::new(self.source, range)
    }
}

/// Nothing of it counts: what stands at another place, and is the same, has the same hash.
impl Hash for Span {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl From<Span> for (u32, u32, u32) {
    fn from(span: Span) -> Self {
        (span.source.0, span.start, span.end)
    }
}

/// One text, and the path people know it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the project's root (or the folder that was named), with `/` between its parts.
    pub path: String,
    /// UTF-8, without a byte order mark; line ends as they were found.
    pub text: String,
}

/// Where the lines of a text start: finds lines and columns without reading the text again from its start.
#[derive(Debug, Clone)]
pub struct LineIndex {
    /// Offset of each line's first byte.
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index as u32 + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// One-based line of a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset)
    }

    /// Offset of the first byte of a one-based line; `None` where the text has fewer lines.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).map(|&start| start as usize)
    }

    /// One-based line and column (in characters) of a byte offset in `text`, which must be the text that was read.
    pub fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.line(offset);
        let before = text.get(self.start(line).unwrap_or(0)..offset).unwrap_or_default();
        (line, 1 + before.chars().count())
    }
}

/// All texts of one run; a [`SourceId`] indexes it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<Source>,
    /// How messages name each; empty where they name it by its path.
    shown: Vec<String>,
}

impl Sources {
    /// Takes a text in and gives it an id.
    pub fn push(&mut self, source: Source) -> SourceId {
        let id = self.next_id();
        self.texts.push(source);
        id
    }

    /// The id that the next text is given.
    pub fn next_id(&self) -> SourceId {
        SourceId(self.texts.len() as u32)
    }

    /// The text with this id.
    ///
    /// # Panics
    /// When the id comes from other `Sources`.
    #[expect(clippy::indexing_slicing, reason = "an id is asked of those that gave it, else this panics as documented")]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.texts[id.0 as usize]
    }

    /// Says how messages name the texts that are there, path by path. Paths themselves stay: outputs depend on them.
    pub fn show_paths(&mut self, shown: impl Fn(&str) -> String) {
        self.shown = self.texts.iter().map(|source| shown(&source.path)).collect();
    }

    /// How messages name the text with this id.
    pub fn shown_path(&self, id: SourceId) -> &str {
        self.shown.get(id.0 as usize).map_or_else(|| self.get(id).path.as_str(), String::as_str)
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.texts.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "ä\nxü!";
        let lines = LineIndex::new(text);
        let positions = [0, 1, 2, 6, 99].map(|offset| lines.position(text, offset));
        assert_eq!(positions, [(1, 1), (1, 1), (1, 2), (2, 3), (2, 4)]);
        assert_eq!(LineIndex::new("").position("", 0), (1, 1));
    }
}
