//! Finds the `<!-- back -->` of a note that splits nothing because there is text beside it, and how it would split.
//!
//! In a list, a quote or a table nobody knows what it is to split.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, InlineKind};
use crate::markdown::html::{self, Comment};
use crate::source::{Source, Span};

/// The only such comment of a note.
pub(super) struct Lone {
    /// Where a diagnostic has it.
    place: Span,
    /// The comment with the blanks around it.
    written: Span,
    /// The comment on lines of its own.
    apart: String,
    /// Whether what stands behind it is text on a line of its own too.
    is_text: bool,
}

/// The comment that stands in a line of text of the body itself, where the note holds no other one.
pub(super) fn lone(body: &[Block], extent: Span, source: &Source) -> Option<Lone> {
    let note = source.text.get(extent.range())?;
    let is_back = |(at, _): &(usize, &str)| matches!(html::comment(&note[*at..]), Some((Comment::Back, _)));
    let mut comments = note.match_indices("<!--").filter(is_back);
    let ((at, _), None) = (comments.next()?, comments.next()) else { return None };
    let (_, length) = html::comment(&note[at..])?;
    let comment = extent.start as usize + at..extent.start as usize + at + length;
    let holds = |span: Span| span.start as usize <= comment.start && comment.end <= span.end as usize;
    let block = body.iter().find(|block| holds(block.span))?;
    let place = if let BlockKind::Paragraph { content } = &block.kind {
        content.iter().find(|inline| matches!(inline.kind, InlineKind::Html { .. }) && holds(inline.span))?.span
    } else if matches!(block.kind, BlockKind::Html { .. }) && block.span.start as usize == comment.start {
        block.span
    } else {
        return None;
    };
    let (before, rest) = (&source.text[block.span.start as usize..comment.start], &source.text[comment.end..]);
    let start = block.span.start as usize + before.trim_end().len();
    let behind = rest.trim_start_matches([' ', '\t']);
    let end = comment.end + rest.len() - behind.len();
    let line = |has_text: bool| if has_text { "\n\n" } else { "" };
    let above = line(!before.trim_end().is_empty());
    let below = line(!behind.is_empty() && !behind.starts_with(['\r', '\n']));
    let apart = format!("{above}{}{below}", &source.text[comment]);
    // At a line's start other signs than letters may begin a list, a heading or a quote.
    let is_text = behind.chars().next().is_none_or(|first| first.is_alphabetic() || matches!(first, '\r' | '\n'));
    Some(Lone { place, written: place.with(start..end), apart, is_text })
}

impl Lone {
    /// Gives the edit to the diagnostic of this comment.
    pub(super) fn mend(self, diagnostics: &mut [Diagnostic]) {
        let is_its = |found: &&mut Diagnostic| found.code == Code::MisplacedBack && found.span == self.place;
        if let Some(found) = diagnostics.iter_mut().rev().find(is_its) {
            let clone = found.clone();
            *found =
                if self.is_text { clone.fix(self.written, self.apart) } else { clone.edit(self.written, self.apart) };
        }
    }
}
