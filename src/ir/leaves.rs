//! Walks content down to what can be read: pieces of text and media, in source order.
//!
//! Knows nothing of what its callers make of them.

use super::{Block, BlockKind, Child, HtmlMedia, Inline, InlineKind, MediaRef, RawHtml, Run};

/// What content consists of when all markup is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf<'a> {
    /// A piece of text, code or TeX.
    Text(&'a str),
    /// An image or a sound, and the text in its place.
    Media(&'a MediaRef, &'a str),
    /// An image or a sound that raw HTML names.
    HtmlMedia(&'a HtmlMedia),
    /// White space: the end of a line, a cell or a block.
    Break,
}

/// Calls `f` for each leaf in source order. Deletions are unwrapped; footnote references and raw HTML's text are no leaves.
pub fn for_each_leaf<'a>(blocks: &'a [Block], f: &mut impl FnMut(Leaf<'a>)) {
    for block in blocks {
        // A block ends in a break, and so does each of its lines that something follows.
        let mut is_behind_line = false;
        block.for_each_child(&mut |child| {
            if is_behind_line {
                f(Leaf::Break);
            }
            is_behind_line = matches!(child, Child::Inlines(_));
            child_leaves(child, f);
        });
        if let BlockKind::Html { html } = &block.kind {
            html_leaves(html, f);
        }
        f(Leaf::Break);
    }
}

/// The text of inlines without any markup, deletions unwrapped, line ends as spaces; images count as their `alt`.
pub fn plain_text(content: &[Inline]) -> String {
    let mut text = String::new();
    inline_leaves(content, &mut |leaf| match leaf {
        Leaf::Text(piece) | Leaf::Media(_, piece) => text.push_str(piece),
        Leaf::Break => text.push(' '),
        Leaf::HtmlMedia(_) => {}
    });
    text
}

/// The text of runs with the deletions unwrapped.
pub fn runs_text(runs: &[Run]) -> String {
    let mut text = String::new();
    run_texts(runs, &mut |piece| text.push_str(piece));
    text
}

fn child_leaves<'a>(child: Child<'a>, f: &mut impl FnMut(Leaf<'a>)) {
    match child {
        Child::Blocks(blocks) => for_each_leaf(blocks, f),
        Child::Inlines(content) => inline_leaves(content, f),
        Child::Runs(runs) => run_texts(runs, &mut |text| f(Leaf::Text(text))),
    }
}

fn inline_leaves<'a>(content: &'a [Inline], f: &mut impl FnMut(Leaf<'a>)) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text { text } => f(Leaf::Text(text)),
            InlineKind::Media(embed) => f(Leaf::Media(&embed.media, &embed.alt)),
            InlineKind::Html { html } => html_leaves(html, f),
            InlineKind::SoftBreak | InlineKind::HardBreak => f(Leaf::Break),
            InlineKind::Footnote { .. } => {}
            InlineKind::Code { .. }
            | InlineKind::Math { .. }
            | InlineKind::Emphasis { .. }
            | InlineKind::Strong { .. }
            | InlineKind::Strikethrough { .. }
            | InlineKind::Highlight { .. }
            | InlineKind::Link(_)
            | InlineKind::Cloze(_) => {
                if let Some(child) = inline.child() {
                    child_leaves(child, f);
                }
            }
        }
    }
}

fn run_texts<'a>(runs: &'a [Run], f: &mut impl FnMut(&'a str)) {
    for run in runs {
        match run {
            Run::Text { text } => f(text),
            Run::Cloze { content, .. } => run_texts(content, f),
        }
    }
}

fn html_leaves<'a>(html: &'a RawHtml, f: &mut impl FnMut(Leaf<'a>)) {
    html.media.iter().for_each(|media| f(Leaf::HtmlMedia(media)));
}
