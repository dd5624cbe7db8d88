//! Footnotes: numbered anew within each note, their text copied to where it is mentioned.

use std::collections::HashMap;

use super::comments::strip_comments;
use super::file_text::FileText;
use crate::diagnostic::Diagnostic;
use crate::ir::{Block, ChildMut, Footnote, InlineKind};
use crate::markdown::cloze::{self, Wanted};

/// The footnotes mentioned so far, in order.
#[derive(Default)]
pub(super) struct Numbering {
    /// Indices into the file's footnotes, in order.
    mentioned: Vec<usize>,
    /// Such an index → its number.
    numbers: HashMap<usize, u32>,
}

impl Numbering {
    /// Numbers the mentions in blocks from 1 on; one without a text becomes text again.
    pub(super) fn renumber(&mut self, blocks: &mut [Block], context: &FileText<'_>) {
        if !context.footnotes.is_empty() {
            for block in blocks {
                block.for_each_child_mut(&mut |child| self.child(child, context));
            }
        }
    }

    /// The texts of what was mentioned, and of what they mention themselves.
    pub(super) fn sources(&mut self, context: &FileText<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Footnote> {
        let mut sources = Vec::new();
        while let Some(index) = self.mentioned.get(sources.len()).copied() {
            let mut blocks = context.footnotes.get(index).and_then(|text| text.blocks.clone()).unwrap_or_default();
            strip_comments(&mut blocks, diagnostics);
            cloze::resolve(&mut blocks, Wanted::HIGHLIGHTS, context.source, diagnostics);
            self.renumber(&mut blocks, context);
            sources.push(Footnote { number: sources.len() as u32 + 1, blocks });
        }
        sources
    }

    /// Whether a footnote, given by its index in the file, was mentioned.
    pub(super) fn mentions(&self, index: usize) -> bool {
        self.numbers.contains_key(&index)
    }

    fn child(&mut self, child: ChildMut<'_>, context: &FileText<'_>) {
        let inlines = match child {
            ChildMut::Blocks(blocks) => return self.renumber(blocks, context),
            ChildMut::Inlines(inlines) => inlines,
            ChildMut::Runs(_) => return,
        };
        for inline in inlines {
            if let InlineKind::Footnote { number } = &mut inline.kind {
                let index = (*number as usize).saturating_sub(1);
                if context.footnotes.get(index).is_some_and(|footnote| footnote.blocks.is_some()) {
                    *number = self.number(index);
                } else {
                    let text = context.source.text.get(inline.span.range()).unwrap_or_default().to_owned();
                    inline.kind = InlineKind::Text { text };
                }
            } else if let Some(child) = inline.child_mut() {
                self.child(child, context);
            }
        }
    }

    fn number(&mut self, index: usize) -> u32 {
        *self.numbers.entry(index).or_insert_with(|| {
            self.mentioned.push(index);
            self.mentioned.len() as u32
        })
    }
}
