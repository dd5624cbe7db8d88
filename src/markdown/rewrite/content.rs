//! Turns documents and notes into hashes of what they say, so that what was written can be compared with what was read.
//!
//! Places do not count.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::ir::{BlockKind, ChapterPart, MediaIndex, Note, NoteBody, NoteKind, Tag, digest};
use crate::markdown::{Document, cloze};
use crate::source::Source;

/// All that a document says: a hash of each note with its context, and of each block of prose with the places of notes between.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::markdown) struct Content {
    notes: Vec<u64>,
    parts: Vec<Option<u64>>,
    footnotes: Option<u64>,
    left_out: usize,
    diagnostics: usize,
}

/// What a document says.
pub(in crate::markdown) fn content(document: &Document) -> Content {
    let parts = document.chapter.iter().flat_map(|chapter| &chapter.parts);
    let parts = parts.map(|part| match part {
        ChapterPart::Prose { block } => Some(hash(block)),
        ChapterPart::Table(table) => Some(hash(&table.header)),
        ChapterPart::Note { .. } => None,
    });
    Content {
        notes: document.notes.iter().map(hash).collect(),
        parts: parts.collect(),
        footnotes: footnotes(document),
        left_out: document.left_out.len(),
        diagnostics: document.diagnostics.len(),
    }
}

/// The blocks of prose: the hash of each, and where it stands.
pub(super) fn prose(document: &Document) -> Vec<(u64, Range<usize>)> {
    let parts = document.chapter.iter().flat_map(|chapter| &chapter.parts);
    let blocks = parts.filter_map(|part| match part {
        ChapterPart::Prose { block } => Some((hash(block), block.span.range())),
        ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
    });
    blocks.collect()
}

/// The titles of the headings that are prose.
pub(super) fn headings(document: &Document, source: &Source) -> BTreeSet<String> {
    let parts = document.chapter.iter().flat_map(|chapter| &chapter.parts);
    let titles = parts.filter_map(|part| match part {
        ChapterPart::Prose { block } => {
            if let BlockKind::Heading { content, .. } = &block.kind {
                Some(cloze::title(content, source))
            } else {
                None
            }
        }
        ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
    });
    titles.collect()
}

pub(super) fn footnotes(document: &Document) -> Option<u64> {
    document.chapter.as_ref().map(|chapter| hash(&chapter.footnotes))
}

/// Places do not count.
fn hash(content: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// A hash of what a note says, without its tags but these, and without its switches.
pub(super) fn content_digest(note: &Note, tags: &[Tag]) -> u64 {
    let mut bare = note.clone();
    bare.tags = tags.to_vec().into();
    if let NoteBody::Basic { reversed, typed, .. } = &mut bare.body {
        (*reversed, *typed) = (false, None);
    }
    digest(&bare, &MediaIndex::new(), [None; 2], &mut Vec::new())
}

/// Whether two notes are of one kind.
pub(super) fn is_same(one: &Note, other: &Note) -> bool {
    one.note_type() == other.note_type() && (one.kind == other.kind || one.kind == NoteKind::Basic)
}

/// Whether a note is reversed, and whether it is typed.
pub(super) fn switches(note: &Note) -> [bool; 2] {
    match &note.body {
        NoteBody::Basic { reversed, typed, .. } => [*reversed, typed.is_some()],
        NoteBody::Cloze { .. } => [false, false],
    }
}
