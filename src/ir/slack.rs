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
        | BlockKind::Labelled(_)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ir::{ChapterPart, DeckName};
    use crate::source::{Source, SourceId};

    /// The bytes of a list with all that is in it, and what it has room for.
    fn taken(child: ChildMut<'_>) -> usize {
        match child {
            ChildMut::Blocks(blocks) => {
                let mut bytes = blocks.capacity() * size_of::<Block>();
                for block in blocks {
                    block.for_each_child_mut(&mut |child| bytes += taken(child));
                }
                bytes
            }
            ChildMut::Inlines(content) => {
                let list = content.capacity() * size_of::<Inline>();
                let held = content.iter_mut().map(|inline| {
                    let text = if let InlineKind::Text { text } = &inline.kind { text.capacity() } else { 0 };
                    text + inline.child_mut().map_or(0, taken)
                });
                list + held.sum::<usize>()
            }
            ChildMut::Runs(runs) => {
                let held = runs.iter().map(|run| if let Run::Text { text } = run { text.capacity() } else { 0 });
                runs.capacity() * size_of::<Run>() + held.sum::<usize>()
            }
        }
    }

    /// A note's own bytes, and those of its part of the chapter; not those that it shares.
    fn bytes_of(note: &mut Note) -> usize {
        let NoteBody::Basic { front, back, .. } = &mut note.body else { return usize::MAX };
        let lists = [front, back, &mut note.hint, &mut note.extra];
        let content: usize = lists.into_iter().map(|blocks| taken(ChildMut::Blocks(blocks))).sum();
        size_of::<Note>() + size_of::<ChapterPart>() + content
    }

    #[test]
    fn a_basic_note_takes_a_kilobyte() {
        let note = "## What does term 000000 stand for in **topic 0**?\n\nIt stands for value 24556 with `code_000000` inside.\n\n";
        let text = format!("# Chapter\n\n{}", note.repeat(3));
        let settings = Settings { deck: DeckName::new("D"), ..Settings::default() };
        let source = Source { path: "a.md".into(), text };
        let mut notes = crate::markdown::read(SourceId(0), &source, "a.md", &settings).notes;
        let bytes: Vec<usize> = notes.iter_mut().map(bytes_of).collect();
        assert!(bytes.len() == 3 && bytes.iter().all(|bytes| *bytes <= 960), "{bytes:?}");
        assert!(notes.iter().all(|note| note.context.as_ptr() == notes[0].context.as_ptr()));
    }
}
