//! Turns content into HTML: for Anki's fields, and for whatever else shows notes.
//!
//! Knows neither notes nor files: what differs between outputs is said by [`Style`]. The classes it writes are those
//! that `templates/anki/style.css` dresses.

mod block;
mod closer;
mod cloze;
mod escape;
mod highlight;
mod inline;
mod marks;
mod math_face;
mod sanitize;

use std::collections::BTreeMap;

pub use block::{is_number, is_picture};
pub use escape::{escape, escape_attribute};
pub use math_face::math_face;

use crate::ir::{Block, BlockKind, Inline};

/// How content is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// Path of a local medium, as in [`crate::ir::MediaRef::Local`], → its name in the output.
    pub media: &'a BTreeMap<&'a str, &'a str>,
    /// What becomes of deletions.
    pub cloze: ClozeStyle,
    /// What becomes of formulas.
    pub math: MathStyle,
    /// What becomes of sounds, videos and what is on the network.
    pub playing: Playing,
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
    /// The text in `<b class="cloze">`.
    Strong,
    /// A gap to write into: `<span class="blank">`, with the hint in it where there is one.
    Blank,
    /// A gap to think about: `<span class="cloze" data-n="1">` around the hint in brackets.
    Gap,
    /// The text in `<span class="cloze" data-n="1" data-hint="hint">`, in formulas `<mtext …>`; numbers are parted by spaces.
    Marked,
}

/// What becomes of formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MathStyle {
    /// TeX between the delimiters of Anki's MathJax.
    Tex,
    /// `<math>`; where it cannot be typeset the TeX in `<code class="tex">`.
    MathMl,
}

/// What becomes of sounds, videos and what is on the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Playing {
    /// Anki plays them: `[sound:…]`, and addresses on the network stay.
    Anki,
    /// Nothing plays and no request is made: they are named.
    Paper,
    /// A browser's own players.
    Browser,
}

/// Blocks as HTML. A single paragraph stands bare, without its `<p>`, as Anki's own editor would have it.
pub fn render(blocks: &[Block], style: &Style<'_>) -> String {
    written(style, |writer| writer.blocks(blocks, Paragraphs::BareIfSingle)).0
}

/// Blocks as HTML, each paragraph in its `<p>`.
pub fn render_prose(blocks: &[Block], style: &Style<'_>) -> String {
    written(style, |writer| writer.blocks(blocks, Paragraphs::Wrapped)).0
}

/// A line of text as HTML.
pub fn render_line(content: &[Inline], style: &Style<'_>) -> String {
    written(style, |writer| writer.line(content)).0
}

/// Blocks as HTML, and what stands behind the blanks of [`ClozeStyle::Blank`], in their order. A deletion within another
/// is part of the outer one's answer. `first` is the number of the first blank, where blanks have any: it stands in the
/// blank as text, which a reader of the page hears too.
pub fn render_blanks(blocks: &[Block], style: &Style<'_>, first: Option<usize>) -> (String, Vec<String>) {
    written(style, |writer| {
        writer.first_blank = first;
        writer.blocks(blocks, Paragraphs::BareIfSingle);
    })
}

/// Text as HTML that an attribute may hold too, and in which Anki finds neither deletion nor command.
pub fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_attribute(text, &mut html);
    cloze::write_marks(html, false)
}

/// What `write` writes, and the answers to its blanks. Where raw HTML would swallow what stands behind it, or take a deletion
/// apart, all of it is shown as it was written.
fn written(style: &Style<'_>, write: impl Fn(&mut Writer<'_>)) -> (String, Vec<String>) {
    let mut writer = Writer::new(style);
    write(&mut writer);
    writer.finish().unwrap_or_else(|| {
        let mut writer = Writer { raw: RawState::Shown, ..Writer::new(style) };
        write(&mut writer);
        writer.finish().unwrap_or_default()
    })
}

/// HTML on its way out. Deletions are [marks](cloze) in it until all of it is there.
struct Writer<'a> {
    out: String,
    style: &'a Style<'a>,
    raw: RawState,
    /// Whether raw HTML of this line starts what only an end tag ends.
    opens_raw_text: bool,
    /// How many of Anki's deletions are open.
    open_deletions: usize,
    /// What stands behind the blanks.
    answers: Vec<String>,
    /// The number of the first blank, where they have any.
    first_blank: Option<usize>,
    /// Whether this is the inside of a blank.
    is_answer: bool,
}

impl<'a> Writer<'a> {
    fn new(style: &'a Style<'a>) -> Self {
        Self {
            out: String::new(),
            style,
            raw: RawState::Absent,
            opens_raw_text: false,
            open_deletions: 0,
            answers: Vec::new(),
            first_blank: None,
            is_answer: false,
        }
    }

    /// The number of the blank that comes next, where blanks have any.
    fn next_blank(&self) -> Option<usize> {
        self.first_blank.map(|first| first + self.answers.len())
    }

    /// The HTML and the answers; `None` where sanitising would change more than the raw HTML.
    fn finish(self) -> Option<(String, Vec<String>)> {
        let Style { playing, trusts_html, .. } = *self.style;
        let sanitizes = self.raw == RawState::Written && !trusts_html;
        let finish = |html: String| {
            let html = if sanitizes { sanitize::sanitize(&html, playing)? } else { html };
            Some(cloze::write_marks(html, trusts_html))
        };
        let answers = self.answers.into_iter().map(finish).collect::<Option<_>>()?;
        Some((finish(self.out)?, answers))
    }
}

/// What became of raw HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RawState {
    /// There is none so far.
    Absent,
    /// It is in the HTML.
    Written,
    /// It is text.
    Shown,
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
