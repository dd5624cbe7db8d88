//! Turns content into HTML: for Anki's fields, and for whatever else shows notes.
//!
//! Knows neither notes nor files: what differs between outputs is said by [`Style`]. The classes it writes are those
//! that `templates/anki/style.css` dresses.

mod block;
mod cloze;
mod escape;
mod highlight;
mod inline;
mod sanitize;

use std::collections::BTreeMap;

pub use escape::{escape, escape_attribute};

use crate::ir::{Block, BlockKind};

/// How content is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// Path of a local medium, as in [`crate::ir::MediaRef::Local`], → its name in the output.
    pub media: &'a BTreeMap<&'a str, &'a str>,
    /// What becomes of deletions.
    pub cloze: ClozeStyle,
    /// Whether raw HTML stays as it is. Else it is sanitised: no scripts, no event handlers, no style.
    pub trusts_html: bool,
}

/// What becomes of deletions. What only looks like one is written with entities, so that Anki shows it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClozeStyle {
    /// `{{c1::text::hint}}`.
    Anki,
    /// Only the text.
    Unwrapped,
}

/// Blocks as HTML. A single paragraph stands bare, without its `<p>`, as Anki's own editor would have it.
pub fn render(blocks: &[Block], style: &Style<'_>) -> String {
    let mut writer = Writer { out: String::new(), style, has_raw_html: false };
    writer.blocks(blocks, Paragraphs::BareIfSingle);
    let html = if writer.has_raw_html && !style.trusts_html { sanitize::sanitize(&writer.out) } else { writer.out };
    cloze::write_marks(html, style.trusts_html)
}

/// HTML on its way out. Deletions are [marks](cloze) in it until all of it is there.
struct Writer<'a> {
    out: String,
    style: &'a Style<'a>,
    has_raw_html: bool,
}

/// Which paragraphs get a `<p>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paragraphs {
    /// All of them.
    Wrapped,
    /// None: they are items of a tight list.
    Bare,
    /// All, unless there is only one block.
    BareIfSingle,
}

impl Paragraphs {
    fn are_bare(self, blocks: &[Block]) -> bool {
        match self {
            Self::Wrapped => false,
            Self::Bare => true,
            Self::BareIfSingle => matches!(blocks, [Block { kind: BlockKind::Paragraph { .. }, .. }]),
        }
    }
}

#[cfg(test)]
mod tests;
