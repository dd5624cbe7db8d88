//! Footnotes: numbered anew within each note, their text copied to where it is mentioned.

use std::collections::HashMap;

use super::{Context, strip_comments};
use crate::diagnostic::Diagnostic;
use crate::ir::{Block, BlockKind, Footnote, Inline, InlineKind};
use crate::markdown::cloze::{self, Wanted};

/// The footnotes mentioned so far, in order.
#[derive(Default)]
pub(in crate::markdown) struct Numbering {
    /// Indices into the file's footnotes, in order.
    mentioned: Vec<usize>,
    /// Such an index → its number.
    numbers: HashMap<usize, u32>,
}

impl Numbering {
    /// Numbers the mentions in blocks from 1 on; one without a text becomes text again.
    pub(in crate::markdown) fn renumber(&mut self, blocks: &mut [Block], context: &Context<'_>) {
        if !context.footnotes.is_empty() {
            self.blocks(blocks, context);
        }
    }

    /// The texts of what was mentioned, and of what they mention themselves.
    pub(in crate::markdown) fn sources(
        mut self,
        context: &Context<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Footnote> {
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

    fn blocks(&mut self, blocks: &mut [Block], context: &Context<'_>) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => self.inlines(content, context),
                BlockKind::Quote { blocks } | BlockKind::Cloze { blocks, .. } => self.blocks(blocks, context),
                BlockKind::Alert { title, blocks, .. } => {
                    self.inlines(title, context);
                    self.blocks(blocks, context);
                }
                BlockKind::List { items, .. } => {
                    items.iter_mut().for_each(|element| self.blocks(&mut element.blocks, context));
                }
                BlockKind::Table { header, rows, .. } => {
                    let cells = header.iter_mut().chain(rows.iter_mut().flatten());
                    cells.for_each(|cell| self.inlines(&mut cell.content, context));
                }
                BlockKind::Definitions { definitions } => {
                    for definition in definitions {
                        self.inlines(&mut definition.term, context);
                        definition.definitions.iter_mut().for_each(|blocks| self.blocks(blocks, context));
                    }
                }
                BlockKind::Labelled { label, content } => {
                    self.inlines(label, context);
                    self.inlines(content, context);
                }
                BlockKind::Code { .. } | BlockKind::Html { .. } | BlockKind::Rule => {}
            }
        }
    }

    fn inlines(&mut self, content: &mut [Inline], context: &Context<'_>) {
        for inline in content {
            match &mut inline.kind {
                InlineKind::Footnote { number } => {
                    let index = (*number as usize).saturating_sub(1);
                    match context.footnotes.get(index) {
                        Some(footnote) if footnote.blocks.is_some() => *number = self.number(index),
                        Some(_) | None => {
                            let text = context.source.text.get(inline.span.range()).unwrap_or_default().to_owned();
                            inline.kind = InlineKind::Text { text };
                        }
                    }
                }
                InlineKind::Emphasis { content }
                | InlineKind::Strong { content }
                | InlineKind::Strikethrough { content }
                | InlineKind::Highlight { content }
                | InlineKind::Link { content, .. }
                | InlineKind::Cloze { content, .. } => self.inlines(content, context),
                InlineKind::Text { .. }
                | InlineKind::Code { .. }
                | InlineKind::Math { .. }
                | InlineKind::Media { .. }
                | InlineKind::Html { .. }
                | InlineKind::SoftBreak
                | InlineKind::HardBreak => {}
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
