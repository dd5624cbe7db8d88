//! Says of content that it stands somewhere else: nothing else changes, so that what was read once can be taken again where
//! sources are numbered otherwise, and what was read of an excerpt has its places in the source.
//!
//! Knows which parts of content have places of their own.

use super::{Block, BlockKind, Chapter, ChapterPart, ChildMut, Footnote, Inline, InlineKind, Note, NoteBody, Run};
use crate::source::{SourceId, Span};

impl Note {
    /// Says that the note stands in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        let mut on_place = |place: &mut Span| place.source = source;
        std::iter::once(&mut self.span).chain(&mut self.id_place).for_each(&mut on_place);
        let (one, other) = match &mut self.body {
            NoteBody::Basic { front, back, .. } => (front, back),
            NoteBody::Cloze { heading, text } => (heading, text),
        };
        for blocks in [one, other, &mut self.hint, &mut self.extra] {
            for_each_place(blocks, &mut on_place);
        }
        in_footnotes(&mut self.footnotes, &mut on_place);
    }
}

impl Chapter {
    /// Says that the chapter's prose and headers stand in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        let mut on_place = |place: &mut Span| place.source = source;
        for part in &mut self.parts {
            match part {
                ChapterPart::Prose { block } => for_each_place(std::slice::from_mut(block), &mut on_place),
                ChapterPart::Note { .. } => {}
                ChapterPart::Table(table) => {
                    on_place(&mut table.span);
                    for cell in &mut table.header {
                        on_place(&mut cell.span);
                        in_child(ChildMut::Inlines(&mut cell.content), &mut on_place);
                    }
                }
            }
        }
        in_footnotes(&mut self.footnotes, &mut on_place);
    }
}

fn in_footnotes(footnotes: &mut [Footnote], on_place: &mut dyn FnMut(&mut Span)) {
    for footnote in footnotes {
        for_each_place(&mut footnote.blocks, on_place);
    }
}

/// Each place that content has, of blocks and of all in them.
pub fn for_each_place(blocks: &mut [Block], on_place: &mut dyn FnMut(&mut Span)) {
    for block in blocks {
        on_place(&mut block.span);
        in_parts(&mut block.kind, on_place);
        block.for_each_child_mut(&mut |child| in_child(child, on_place));
    }
}

/// What of a block has a place, and is no child of it.
fn in_parts(kind: &mut BlockKind, on_place: &mut dyn FnMut(&mut Span)) {
    match kind {
        BlockKind::List { items, .. } => items.iter_mut().for_each(|item| on_place(&mut item.span)),
        BlockKind::Table(grid) => {
            grid.header.iter_mut().chain(grid.rows.iter_mut().flatten()).for_each(|cell| on_place(&mut cell.span));
        }
        BlockKind::Definitions { definitions } => {
            for definition in definitions {
                on_place(&mut definition.span);
            }
        }
        BlockKind::Cloze { cloze, .. } => on_place(&mut cloze.span),
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

fn in_child(child: ChildMut<'_>, on_place: &mut dyn FnMut(&mut Span)) {
    match child {
        ChildMut::Blocks(blocks) => for_each_place(blocks, on_place),
        ChildMut::Inlines(inlines) => in_inlines(inlines, on_place),
        ChildMut::Runs(runs) => in_runs(runs, on_place),
    }
}

fn in_inlines(inlines: &mut [Inline], on_place: &mut dyn FnMut(&mut Span)) {
    for inline in inlines {
        on_place(&mut inline.span);
        if let InlineKind::Cloze(hidden) = &mut inline.kind {
            on_place(&mut hidden.cloze.span);
        }
        if let Some(child) = inline.child_mut() {
            in_child(child, on_place);
        }
    }
}

fn in_runs(runs: &mut [Run], on_place: &mut dyn FnMut(&mut Span)) {
    for run in runs {
        if let Run::Cloze { cloze, content } = run {
            on_place(&mut cloze.span);
            in_runs(content, on_place);
        }
    }
}
