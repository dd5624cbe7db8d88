//! Takes comments out of content, and reports those that speak to deckle where nothing listens.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, ChildMut, InlineKind};
use crate::markdown::html::{self, Comment};
use crate::source::Span;

/// Takes comments out of content; one that speaks to deckle is out of place here.
pub(super) fn strip_comments(blocks: &mut Vec<Block>, diagnostics: &mut Vec<Diagnostic>) {
    strip_comments_in(ChildMut::Blocks(blocks), diagnostics);
    blocks.retain(|block| !matches!(&block.kind, BlockKind::Paragraph { content } if content.is_empty()));
}

fn strip_comments_in(content: ChildMut<'_>, diagnostics: &mut Vec<Diagnostic>) {
    match content {
        ChildMut::Blocks(blocks) => blocks.retain_mut(|block| {
            if let BlockKind::Html { html } = &block.kind
                && let Some((comment, end)) = html::comment(&html.text)
            {
                report_comment(&comment, block.span, diagnostics);
                return !html.text[end..].trim().is_empty();
            }
            block.for_each_child_mut(&mut |child| strip_comments_in(child, diagnostics));
            true
        }),
        ChildMut::Inlines(content) => content.retain_mut(|inline| {
            if let InlineKind::Html { html } = &inline.kind
                && let Some((comment, _)) = html::comment(&html.text)
            {
                report_comment(&comment, inline.span, diagnostics);
                return false;
            }
            if let Some(child) = inline.child_mut() {
                strip_comments_in(child, diagnostics);
            }
            true
        }),
        ChildMut::Runs(_) => {}
    }
}

fn report_comment(comment: &Comment, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.push(match comment {
        Comment::Back => Diagnostic::new(Code::MisplacedBack, span, "`<!-- back -->` splits nothing here")
            .help("give it a line of its own among the blocks of a note with a question and an answer, not in a list or a line of text"),
        Comment::Directive(_) => Diagnostic::new(Code::BadDirective, span, "`<!-- deckle: … -->` stands before nothing here")
            .help("give it a line of its own before a heading, a list, a table or the text of a note"),
        Comment::Other => return,
    });
}
