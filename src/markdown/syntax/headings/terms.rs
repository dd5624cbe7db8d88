//! Definition lists: each term is a note.

use super::Reader;
use crate::config::syntax::Syntax;
use crate::ir::{Block, BlockKind, Definition, Inline, InlineKind, NoteKind};
use crate::markdown::assemble::Draft;
use crate::markdown::attributes::{self, Attributes};

impl Reader<'_, '_> {
    /// A note for each term; `shared` attributes mean them all.
    pub(super) fn terms(&mut self, definitions: Vec<Definition>, shared: &Attributes) {
        for mut definition in definitions {
            let mut attributes = Attributes { id: None, ..shared.clone() };
            let mut span = definition.span;
            let mut term = std::mem::take(&mut definition.term);
            let (id, text) = (self.assembler.id(), &self.assembler.source().text);
            let written = trimmed(text, span.range());
            let found = attributes::trailing(id, text, written.clone(), self.assembler.diagnostics());
            let end = found.as_ref().map_or(written.end, |(_, taken)| taken.start);
            attributes::report_near(id, text, written.start..end, self.assembler.diagnostics());
            if let Some((own, taken)) = found {
                attributes.merge(own);
                cut(&mut term, taken.start as u32);
                span.end = taken.start as u32;
            }
            if self.assembler.leaves_out(span) {
                let definitions = vec![Definition { term, ..definition }];
                self.assembler.prose(Block { span, kind: BlockKind::Definitions { definitions } });
                continue;
            }
            let front = vec![Block { span, kind: BlockKind::Paragraph { content: term } }];
            let back: Vec<Block> = definition.definitions.into_iter().flatten().collect();
            let extent = back.last().map_or(definition.span, |last| definition.span.to(last.span));
            self.assembler.note(Draft {
                syntax: Syntax::Headings,
                kind: NoteKind::Definition,
                front,
                back,
                attributes,
                span,
                extent,
            });
        }
    }
}

fn trimmed(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let slice = text.get(range.clone()).unwrap_or_default();
    range.start..range.start + slice.trim_end().len()
}

/// Drops what stands from an offset on.
fn cut(content: &mut Vec<Inline>, offset: u32) {
    content.retain(|inline| inline.span.start < offset);
    if let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut()
        && span.end > offset
    {
        text.truncate(text.floor_char_boundary((offset - span.start) as usize));
        span.end = offset;
    }
}
