//! Cuts a chapter that has too many cards into pieces.
//!
//! Knows nothing of paths.

use std::ops::Range;

use super::{Part, names};
use crate::ir::{BlockKind, Note, plain_text};
use crate::text::heading_id::heading_id;

/// The most cards on a page. A page of 200 is laid out at once on a phone, and its search entries stay small.
pub const MOST_CARDS: usize = 200;

/// A piece of a chapter.
pub(super) struct Piece<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// What people call it.
    pub(super) title: String,
    /// Its part of a path; none for the first piece.
    pub(super) name: Option<String>,
}

/// The pieces of a chapter, which is called `whole`: all of it, unless there are too many cards. Then each heading of
/// level 2 starts a piece, and what still has too many goes on in further ones.
pub(super) fn split<'a>(whole: &str, parts: Vec<Part<'a>>, notes: &[Note]) -> Vec<Piece<'a>> {
    let counts: Vec<usize> = parts.iter().map(|part| cards(*part, notes)).collect();
    if counts.iter().sum::<usize>() <= MOST_CARDS {
        return vec![Piece { parts, title: whole.to_owned(), name: None }];
    }
    let mut pieces = Vec::new();
    let mut title = whole.to_owned();
    let (mut start, mut held, mut number) = (0, 0, 1);
    for (index, (part, count)) in parts.iter().zip(&counts).enumerate() {
        let section = section_title(*part);
        let starts_section = section.is_some() && (index > start || pieces.is_empty());
        if starts_section || (held + count > MOST_CARDS && index > start) {
            pieces.push(piece(&parts, start..index, &title, number));
            (start, held, number) = (index, 0, number + 1);
        }
        if let Some(section) = section {
            (title, number) = (section, 1);
        }
        held += count;
    }
    pieces.push(piece(&parts, start..parts.len(), &title, number));
    if let Some(first) = pieces.first_mut() {
        (first.title, first.name) = (whole.to_owned(), None);
    }
    pieces
}

fn piece<'a>(parts: &[Part<'a>], range: Range<usize>, title: &str, number: usize) -> Piece<'a> {
    let parts = parts.get(range).unwrap_or_default().to_vec();
    let name = names::name(&heading_id(title));
    if number == 1 {
        return Piece { parts, title: title.to_owned(), name: Some(name) };
    }
    Piece { parts, title: format!("{title} ({number})"), name: Some(format!("{name}-{number}")) }
}

fn section_title(part: Part<'_>) -> Option<String> {
    let Part::Prose(block) = part else { return None };
    let BlockKind::Heading { level: 2, content, .. } = &block.kind else { return None };
    Some(plain_text(content).trim().to_owned())
}

fn cards(part: Part<'_>, notes: &[Note]) -> usize {
    match part {
        Part::Prose(_) => 0,
        Part::Note(note) => notes.get(note).map_or(0, |note| note.cards().len()),
    }
}
