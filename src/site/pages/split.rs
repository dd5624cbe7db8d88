//! Cuts a chapter that has too many cards into pieces.
//!
//! Knows nothing of paths.

use std::ops::Range;

use super::{anchors, names};
use crate::ir::{BlockKind, Chapter, ChapterPart, Note, plain_text};

/// The most cards on a page. A page of 200 is laid out at once on a phone, and its search entries stay small.
pub(super) const MOST_CARDS: usize = 200;

/// A piece of a chapter.
pub(super) struct Piece<'a> {
    pub(super) parts: &'a [ChapterPart],
    /// What people call it.
    pub(super) title: String,
    /// Its part of a path; none for the first piece.
    pub(super) name: Option<String>,
}

/// The pieces of a chapter: all of it, unless there are too many cards. Then each heading of level 2 starts a piece, and
/// what still has too many goes on in further ones.
pub(super) fn split<'a>(chapter: &'a Chapter, notes: &[Note]) -> Vec<Piece<'a>> {
    let counts: Vec<usize> = chapter.parts.iter().map(|part| cards(part, notes)).collect();
    if counts.iter().sum::<usize>() <= MOST_CARDS {
        return vec![Piece { parts: &chapter.parts, title: chapter.title.clone(), name: None }];
    }
    let mut pieces = Vec::new();
    let mut title = chapter.title.clone();
    let (mut start, mut held, mut number) = (0, 0, 1);
    for (index, (part, count)) in chapter.parts.iter().zip(&counts).enumerate() {
        let section = section_title(part);
        let starts_section = section.is_some() && (index > start || pieces.is_empty());
        if starts_section || (held + count > MOST_CARDS && index > start) {
            pieces.push(piece(chapter, start..index, &title, number));
            (start, held, number) = (index, 0, number + 1);
        }
        if let Some(section) = section {
            (title, number) = (section, 1);
        }
        held += count;
    }
    pieces.push(piece(chapter, start..chapter.parts.len(), &title, number));
    if let Some(first) = pieces.first_mut() {
        (first.title, first.name) = (chapter.title.clone(), None);
    }
    pieces
}

fn piece<'a>(chapter: &'a Chapter, range: Range<usize>, title: &str, number: usize) -> Piece<'a> {
    let parts = chapter.parts.get(range).unwrap_or_default();
    let name = names::name(&anchors::heading_id(title));
    if number == 1 {
        return Piece { parts, title: title.to_owned(), name: Some(name) };
    }
    Piece { parts, title: format!("{title} ({number})"), name: Some(format!("{name}-{number}")) }
}

fn section_title(part: &ChapterPart) -> Option<String> {
    let ChapterPart::Prose { block } = part else { return None };
    let BlockKind::Heading { level: 2, content, .. } = &block.kind else { return None };
    Some(plain_text(content).trim().to_owned())
}

fn cards(part: &ChapterPart, notes: &[Note]) -> usize {
    match part {
        ChapterPart::Prose { .. } => 0,
        ChapterPart::Note { note } => notes.get(*note).map_or(0, |note| note.cards().len()),
    }
}
