//! Gives back the room that lists and texts of content have and do not use: most were pushed together, and stay as they are for
//! the whole build.
//!
//! Knows which parts of content have lists of their own.

use super::{Block, BlockKind, ChildMut, Footnote, Inline, InlineKind, Note, NoteBody, Run};

impl Note {
    /// Takes no more memory than its content needs.
    pub fn shrink(&mut self) {
        let (one, other) = match &mut self.body {
            NoteBody::Basic { front, back, .. } => (front, back),
            NoteBody::Cloze { heading, text } => (heading, text),
        };
        for blocks in [one, other, &mut self.hint, &mut self.extra] {
            shrink_blocks(blocks);
        }
        self.footnotes.shrink_to_fit();
        self.footnotes.iter_mut().for_each(Footnote::shrink);
    }
}

impl Footnote {
    /// As [`Note::shrink`].
    pub fn shrink(&mut self) {
        shrink_blocks(&mut self.blocks);
    }
}

/// As [`Note::shrink`].
pub fn shrink_blocks(blocks: &mut Vec<Block>) {
    blocks.shrink_to_fit();
    for block in blocks {
        shrink_parts(&mut block.kind);
        block.for_each_child_mut(&mut shrink_child);
    }
}

/// What of a block is a list, and no child of it.
fn shrink_parts(kind: &mut BlockKind) {
    match kind {
        BlockKind::List { items, .. } => items.shrink_to_fit(),
        BlockKind::Table(grid) => {
            grid.header.shrink_to_fit();
            grid.rows.shrink_to_fit();
            grid.rows.iter_mut().for_each(Vec::shrink_to_fit);
        }
        BlockKind::Definitions { definitions } => {
            definitions.shrink_to_fit();
            for definition in definitions {
                definition.definitions.shrink_to_fit();
            }
        }
        BlockKind::Html { html } => html.text.shrink_to_fit(),
        BlockKind::Paragraph { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert(_)
        | BlockKind::Labelled { .. }
        | BlockKind::Cloze { .. }
        | BlockKind::Rule => {}
    }
}

fn shrink_child(child: ChildMut<'_>) {
    match child {
        ChildMut::Blocks(blocks) => shrink_blocks(blocks),
        ChildMut::Inlines(content) => shrink_inlines(content),
        ChildMut::Runs(runs) => shrink_runs(runs),
    }
}

fn shrink_inlines(content: &mut Vec<Inline>) {
    content.shrink_to_fit();
    for inline in content {
        if let InlineKind::Text { text } = &mut inline.kind {
            text.shrink_to_fit();
        }
        inline.child_mut().into_iter().for_each(shrink_child);
    }
}

fn shrink_runs(runs: &mut Vec<Run>) {
    runs.shrink_to_fit();
    for run in runs {
        match run {
            Run::Text { text } => text.shrink_to_fit(),
            Run::Cloze { content, .. } => shrink_runs(content),
        }
    }
}
