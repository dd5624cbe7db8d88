//! Says of content that it stands in another source: nothing else changes, so that what was read once can be taken again
//! where sources are numbered otherwise.
//!
//! Knows which parts of content have places of their own.

use super::{Block, BlockKind, Chapter, ChapterPart, ChildMut, Footnote, Inline, InlineKind, Note, NoteBody, Run};
use crate::source::SourceId;

impl Note {
    /// Says that the note stands in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        let places = std::iter::once(&mut self.span).chain(&mut self.id_place);
        places.for_each(|place| place.source = source);
        let (one, other) = match &mut self.body {
            NoteBody::Basic { front, back, .. } => (front, back),
            NoteBody::Cloze { heading, text } => (heading, text),
        };
        for blocks in [one, other, &mut self.hint, &mut self.extra] {
            move_blocks(blocks, source);
        }
        move_footnotes(&mut self.footnotes, source);
    }
}

impl Chapter {
    /// Says that the chapter's prose and headers stand in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        for part in &mut self.parts {
            match part {
                ChapterPart::Prose { block } => move_blocks(std::slice::from_mut(block), source),
                ChapterPart::Note { .. } => {}
                ChapterPart::Table(table) => {
                    table.span.source = source;
                    for cell in &mut table.header {
                        cell.span.source = source;
                        move_child(ChildMut::Inlines(&mut cell.content), source);
                    }
                }
            }
        }
        move_footnotes(&mut self.footnotes, source);
    }
}

fn move_footnotes(footnotes: &mut [Footnote], source: SourceId) {
    for footnote in footnotes {
        move_blocks(&mut footnote.blocks, source);
    }
}

fn move_blocks(blocks: &mut [Block], source: SourceId) {
    for block in blocks {
        block.span.source = source;
        move_parts(&mut block.kind, source);
        block.for_each_child_mut(&mut |child| move_child(child, source));
    }
}

/// What of a block has a place, and is no child of it.
fn move_parts(kind: &mut BlockKind, source: SourceId) {
    match kind {
        BlockKind::List { items, .. } => items.iter_mut().for_each(|item| item.span.source = source),
        BlockKind::Table(grid) => {
            grid.header.iter_mut().chain(grid.rows.iter_mut().flatten()).for_each(|cell| cell.span.source = source);
        }
        BlockKind::Definitions { definitions } => {
            for definition in definitions {
                definition.span.source = source;
            }
        }
        BlockKind::Cloze { cloze, .. } => cloze.span.source = source,
        BlockKind::Paragraph { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert(_)
        | BlockKind::Labelled(_)
        | BlockKind::Html { .. }
        | BlockKind::Rule => {}
    }
}

fn move_child(child: ChildMut<'_>, source: SourceId) {
    match child {
        ChildMut::Blocks(blocks) => move_blocks(blocks, source),
        ChildMut::Inlines(inlines) => move_inlines(inlines, source),
        ChildMut::Runs(runs) => move_runs(runs, source),
    }
}

fn move_inlines(inlines: &mut [Inline], source: SourceId) {
    for inline in inlines {
        inline.span.source = source;
        if let InlineKind::Cloze(hidden) = &mut inline.kind {
            hidden.cloze.span.source = source;
        }
        if let Some(child) = inline.child_mut() {
            move_child(child, source);
        }
    }
}

fn move_runs(runs: &mut [Run], source: SourceId) {
    for run in runs {
        if let Run::Cloze { cloze, content } = run {
            cloze.span.source = source;
            move_runs(content, source);
        }
    }
}
