//! Turns the parser's events into the content tree, with a span on every node.
//!
//! Text comes in the pieces that the parser made, deletions and marks still in it ([`super::cloze`] finds those). Knows
//! headings, not notes.

mod build;
mod foreign;
mod inline;
mod table;
mod within_html;

use crate::config::HtmlPolicy;
use crate::diagnostic::Diagnostic;
use crate::ir::{Block, for_each_place};
use crate::source::{Source, SourceId, Span};

pub(super) use self::foreign::is_of_embed;
use super::attributes::Attributes;
use super::scan::Scanned;
use super::{LinkUse, MediaUse};

/// The content of a file, or of a piece of one.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The blocks; comments are still among them.
    pub blocks: Vec<Block>,
    /// What the top-level headings among the blocks say beyond their text, in order.
    pub headings: Vec<Heading>,
    /// The file's footnotes so far, in the order of their first mention; [`crate::ir::InlineKind::Footnote`] numbers index them from 1.
    pub footnotes: Vec<FootnoteDefinition>,
    /// Every use of local media.
    pub media: Vec<MediaUse>,
    /// Every link to a path.
    pub links: Vec<LinkUse>,
    /// Where link labels are defined (`[label]: address`), in order.
    pub labels: Vec<Span>,
}

/// A top-level heading.
#[derive(Debug, Default)]
pub(super) struct Heading {
    /// Its attributes.
    pub attributes: Attributes,
    /// Whether it is underlined by `---`, which may have been meant as a rule.
    pub looks_like_rule: bool,
}

/// A footnote's text.
#[derive(Debug)]
pub(super) struct FootnoteDefinition {
    /// Where all of it stands; `None` where it is mentioned only.
    pub span: Option<Span>,
    /// `None` where it is mentioned only.
    pub blocks: Option<Vec<Block>>,
}

impl FootnoteDefinition {
    /// The first definition of a label counts.
    fn define(&mut self, span: Span, blocks: Vec<Block>) {
        self.span.get_or_insert(span);
        self.blocks.get_or_insert(blocks);
    }
}

impl Tree {
    /// Each place that it has, but those of footnotes.
    pub(super) fn for_each_place(&mut self, on_place: &mut impl FnMut(&mut Span)) {
        let Self { blocks, headings, footnotes: _, media, links, labels } = self;
        for_each_place(blocks, on_place);
        for heading in headings {
            heading.attributes.for_each_place(on_place);
        }
        let uses = media.iter_mut().map(|media| &mut media.span).chain(links.iter_mut().map(|link| &mut link.span));
        uses.chain(labels).for_each(on_place);
    }
}

impl FootnoteDefinition {
    /// Each place that it has.
    pub(super) fn for_each_place(&mut self, on_place: &mut impl FnMut(&mut Span)) {
        self.span.iter_mut().for_each(&mut *on_place);
        self.blocks.iter_mut().for_each(|blocks| for_each_place(blocks, on_place));
    }
}

/// What the tree is built from.
pub(super) struct Input<'a> {
    /// Which source.
    pub id: SourceId,
    /// The source.
    pub source: &'a Source,
    /// Where the text starts in the source.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The text as the parser takes it.
    pub scanned: Scanned<'a>,
    /// Whether `$` starts math.
    pub math: bool,
    /// The folder of all notes.
    pub content: &'a str,
    /// What happens to raw HTML.
    pub html: HtmlPolicy,
    /// Whether lines end where they end in the source.
    pub breaks: bool,
    /// Whether `[` is a bracket for sure: it is what hides, where syntaxes have it so.
    pub escapes_brackets: bool,
    /// The footnotes of the pieces of the file before this one; their labels mean nothing in it.
    pub footnotes: Vec<FootnoteDefinition>,
}

/// Builds the tree.
pub(super) fn build(input: Input<'_>, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    build::Builder::new(input, diagnostics).build()
}

impl Input<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.id, self.start + range.start..self.start + range.end)
    }

    /// A block's span, without the line ends behind it.
    fn block_span(&self, span: Span) -> Span {
        let trimmed = self.text(span).trim_end().len();
        span.with(span.start as usize..span.start as usize + trimmed)
    }

    fn text(&self, span: Span) -> &str {
        self.source.text.get(span.range()).unwrap_or_default()
    }
}
