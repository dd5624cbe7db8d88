//! Walks blocks down to the parts that hold text, to change them in place.
//!
//! Knows nothing of what its callers change; [`super::for_each_leaf`] only reads.

use super::{Block, BlockKind, Cloze, Inline, InlineKind, Run};
use crate::source::Span;

/// A part of a block.
pub enum Part<'a> {
    /// A line of text: a paragraph's, a heading's, a cell's.
    Inlines(&'a mut Vec<Inline>),
    /// A block of code, with the block's place.
    Code(&'a mut Vec<Run>, Span),
    /// A deletion that holds blocks; their parts follow.
    Cloze(&'a mut Cloze),
}

/// Calls `f` for each part in source order.
pub fn for_each_part(blocks: &mut [Block], f: &mut impl FnMut(Part<'_>)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => f(Part::Inlines(content)),
            BlockKind::Code { content, .. } => f(Part::Code(content, block.span)),
            BlockKind::Quote { blocks } => for_each_part(blocks, f),
            BlockKind::Alert { title, blocks, .. } => {
                f(Part::Inlines(title));
                for_each_part(blocks, f);
            }
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| for_each_part(&mut item.blocks, f)),
            BlockKind::Table { header, rows, .. } => {
                let cells = header.iter_mut().chain(rows.iter_mut().flatten());
                cells.for_each(|cell| f(Part::Inlines(&mut cell.content)));
            }
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    f(Part::Inlines(&mut definition.term));
                    definition.definitions.iter_mut().for_each(|blocks| for_each_part(blocks, f));
                }
            }
            BlockKind::Labelled { label, content } => {
                f(Part::Inlines(label));
                f(Part::Inlines(content));
            }
            BlockKind::Cloze { cloze, blocks } => {
                f(Part::Cloze(cloze));
                for_each_part(blocks, f);
            }
            BlockKind::Html { .. } | BlockKind::Rule => {}
        }
    }
}

/// Calls `f` for each deletion that may be without a number of its author's, in source order: those in code and math
/// always have one.
pub fn for_each_cloze_mut(blocks: &mut [Block], f: &mut impl FnMut(&mut Cloze)) {
    for_each_part(blocks, &mut |part| match part {
        Part::Inlines(content) => inline_clozes_mut(content, f),
        Part::Cloze(cloze) => f(cloze),
        Part::Code(..) => {}
    });
}

fn inline_clozes_mut(content: &mut [Inline], f: &mut impl FnMut(&mut Cloze)) {
    for inline in content {
        if let InlineKind::Cloze { cloze, .. } = &mut inline.kind {
            f(cloze);
        }
        if let Some(children) = inline.kind.children_mut() {
            inline_clozes_mut(children, f);
        }
    }
}

impl InlineKind {
    /// The inlines in it, to change; `None` where it holds none.
    pub fn children_mut(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Self::Emphasis { content }
            | Self::Strong { content }
            | Self::Strikethrough { content }
            | Self::Highlight { content }
            | Self::Link { content, .. }
            | Self::Cloze { content, .. } => Some(content),
            Self::Text { .. }
            | Self::Code { .. }
            | Self::Math { .. }
            | Self::Media { .. }
            | Self::Footnote { .. }
            | Self::Html { .. }
            | Self::SoftBreak
            | Self::HardBreak => None,
        }
    }

    /// Its text, where it is plain text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text { text } = self { Some(text) } else { None }
    }

    /// Whether it ends a line.
    pub fn is_break(&self) -> bool {
        matches!(self, Self::SoftBreak | Self::HardBreak)
    }

    /// The literal text in it: code or math.
    pub fn runs_mut(&mut self) -> Option<&mut Vec<Run>> {
        if let Self::Code { content } | Self::Math { content, .. } = self { Some(content) } else { None }
    }
}
