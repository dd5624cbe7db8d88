//! Turns a document into the levels that notes of other syntaxes have as headings.
//!
//! Knows no form of a note.

use std::collections::BTreeMap;

use super::form::highest_heading;
use crate::config::syntax::Syntax;
use crate::ir::{BlockKind, ChapterPart, NoteKind};
use crate::markdown::Document;
use crate::source::Span;

/// The level that each note of another syntax has as a heading; `None` where there is none so deep.
pub(super) fn levels(document: &Document, text: &str) -> BTreeMap<usize, Option<u8>> {
    let parts = document.chapter.as_ref().map(|chapter| chapter.parts.as_slice()).unwrap_or_default();
    let mut marks: Vec<(Mark, usize)> = Vec::new();
    for part in parts {
        match part {
            ChapterPart::Prose { block } => {
                if let BlockKind::Heading { level, .. } = &block.kind {
                    // A heading with rows has to have nothing below it.
                    let rest = text.get(block.span.start as usize..).unwrap_or_default();
                    let has_rows = rest.lines().next().is_some_and(|line| line.contains(".rows"));
                    marks.push((if has_rows { Mark::Note(*level) } else { Mark::Heading(*level) }, 0));
                }
            }
            ChapterPart::Note { note } => {
                let (Some(syntax), Some(found)) = (document.syntaxes.get(*note), document.notes.get(*note)) else {
                    continue;
                };
                let is_heading = matches!(found.kind, NoteKind::Basic | NoteKind::Cloze | NoteKind::List);
                match syntax {
                    Syntax::Headings if is_heading => marks.push((Mark::Note(heading_level(text, found.span)), 0)),
                    Syntax::Headings => {}
                    Syntax::StartEnd | Syntax::Qa | Syntax::Slides | Syntax::Obsidian | Syntax::Logseq => {
                        // A heading in a note stands below the note's own.
                        let most = highest_heading(found).map_or(u8::MAX, |level| level.saturating_sub(1));
                        marks.push((Mark::Card(most), *note));
                    }
                }
            }
            ChapterPart::Table(_) => {}
        }
    }
    let (mut levels, mut next) = (BTreeMap::new(), 0);
    for (mark, note) in marks.iter().rev() {
        match mark {
            Mark::Heading(level) | Mark::Note(level) => next = *level,
            Mark::Card(_) => {
                levels.insert(*note, Some(next));
            }
        }
    }
    let mut above = Mark::Heading(0);
    // A card stands no deeper than those above it, which may hold headings.
    let mut most = u8::MAX;
    for (mark, note) in marks {
        match (mark, above) {
            (Mark::Card(own), Mark::Note(level)) => {
                levels.insert(note, Some(least(level.max(2), own, 1, 0, &mut most)));
            }
            (Mark::Card(own), Mark::Heading(level)) => {
                let next = levels.get(&note).copied().flatten().unwrap_or_default();
                // A deeper heading behind the note would stand below it.
                let first = (level + 1).max(2);
                let wanted = if next > level { first.max(next) } else { first };
                let found = least(wanted, own, level + 1, if next > level { next } else { 0 }, &mut most);
                levels.insert(note, (found <= 6).then_some(found));
            }
            (Mark::Card(_), Mark::Card(_)) => {}
            (Mark::Heading(_) | Mark::Note(_), _) => (above, most) = (mark, u8::MAX),
        }
    }
    levels
}

/// The level of a card that is to have one, and `own` at most, where what is above it and `next` behind it bear that: no other is
/// below it then.
fn least(wanted: u8, own: u8, above: u8, next: u8, most: &mut u8) -> u8 {
    if own < wanted && own >= above && next <= own {
        *most = own.min(*most);
    }
    wanted.min(*most)
}

/// What counts for the levels of headings.
#[derive(Debug, Clone, Copy)]
enum Mark {
    /// A heading that is no note.
    Heading(u8),
    /// One that is.
    Note(u8),
    /// A note of another syntax, which may have such a level at most.
    Card(u8),
}

/// The level of the heading of a note.
fn heading_level(text: &str, span: Span) -> u8 {
    let line = text.get(span.start as usize..).unwrap_or_default().trim_start();
    match line.bytes().take_while(|byte| *byte == b'#').count() {
        count @ 1..=6 => u8::try_from(count).unwrap_or(2),
        // An underlined one.
        _ => 2,
    }
}
