//! Walks content down to what can be read: pieces of text and media, in source order.
//!
//! Knows nothing of what its callers make of them.

use super::{Block, BlockKind, HtmlMedia, Inline, InlineKind, MediaRef, RawHtml, Run};

/// What content consists of when all markup is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf<'a> {
    /// A piece of text, code or TeX.
    Text(&'a str),
    /// An image or a sound.
    Media(&'a MediaRef),
    /// An image or a sound that raw HTML names.
    HtmlMedia(&'a HtmlMedia),
    /// White space: the end of a line, a cell or a block.
    Break,
}

/// Calls `f` for each leaf in source order. Deletions are unwrapped; footnote references and raw HTML's text are no leaves.
pub fn for_each_leaf<'a>(blocks: &'a [Block], f: &mut impl FnMut(Leaf<'a>)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => inline_leaves(content, f),
            BlockKind::Code { content, .. } => run_leaves(content, f),
            BlockKind::Quote { blocks } | BlockKind::Cloze { blocks, .. } => for_each_leaf(blocks, f),
            BlockKind::Alert { title, blocks, .. } => {
                inline_leaves(title, f);
                f(Leaf::Break);
                for_each_leaf(blocks, f);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| for_each_leaf(&item.blocks, f)),
            BlockKind::Table { header, rows, .. } => {
                for cell in header.iter().chain(rows.iter().flatten()) {
                    inline_leaves(&cell.content, f);
                    f(Leaf::Break);
                }
            }
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    inline_leaves(&definition.term, f);
                    f(Leaf::Break);
                    definition.definitions.iter().for_each(|blocks| for_each_leaf(blocks, f));
                }
            }
            BlockKind::Labelled { label, content } => {
                inline_leaves(label, f);
                f(Leaf::Break);
                inline_leaves(content, f);
            }
            BlockKind::Html { html } => html_leaves(html, f),
            BlockKind::Rule => {}
        }
        f(Leaf::Break);
    }
}

fn inline_leaves<'a>(content: &'a [Inline], f: &mut impl FnMut(Leaf<'a>)) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text { text } => f(Leaf::Text(text)),
            InlineKind::Code { content } | InlineKind::Math { content, .. } => run_leaves(content, f),
            InlineKind::Emphasis { content }
            | InlineKind::Strong { content }
            | InlineKind::Strikethrough { content }
            | InlineKind::Highlight { content }
            | InlineKind::Link { content, .. }
            | InlineKind::Cloze { content, .. } => inline_leaves(content, f),
            InlineKind::Media { media, .. } => f(Leaf::Media(media)),
            InlineKind::Html { html } => html_leaves(html, f),
            InlineKind::SoftBreak | InlineKind::HardBreak => f(Leaf::Break),
            InlineKind::Footnote { .. } => {}
        }
    }
}

fn run_leaves<'a>(runs: &'a [Run], f: &mut impl FnMut(Leaf<'a>)) {
    for run in runs {
        match run {
            Run::Text { text } => f(Leaf::Text(text)),
            Run::Cloze { content, .. } => run_leaves(content, f),
        }
    }
}

fn html_leaves<'a>(html: &'a RawHtml, f: &mut impl FnMut(Leaf<'a>)) {
    html.media.iter().for_each(|media| f(Leaf::HtmlMedia(media)));
}
