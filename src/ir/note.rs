//! Notes and the cards that Anki makes of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Block, BlockKind, Cloze, DeckName, Inline, InlineKind, NoteTypeKey, Run};
use crate::source::Span;

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// Who it is, across edits. Empty until [`crate::identity::assign`] has run.
    pub guid: Guid,
    /// Unix seconds of its last change, for Anki's "update if newer". 0 until identity has run.
    pub modified: i64,
    /// The position of its cards among new ones, 1 to 999,999 within a package. 0 until identity has run.
    pub due: u32,
    /// How it was written.
    pub kind: NoteKind,
    /// The id its author gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The deck its cards go to.
    pub deck: DeckName,
    /// In source order, each once.
    pub tags: Vec<Tag>,
    /// Its question and answer, or its text.
    pub body: NoteBody,
    /// Shown on demand before the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hint: Vec<Block>,
    /// Shown below the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<Block>,
    /// Where it comes from: its footnotes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<Footnote>,
    /// The headings above it, the highest first.
    pub context: Vec<String>,
    /// What names the note in its file: the heading, the term or the row. One span, for messages and links.
    pub span: Span,
    /// One-based line of that place.
    pub line: usize,
    /// Whether raw HTML is packed as it is (`html: trust`) and not sanitised.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub trusts_html: bool,
}

/// How a note was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A heading and its body.
    Basic,
    /// A term of a definition list.
    Definition,
    /// A row of a `{.rows}` table.
    Row,
    /// A text with deletions.
    Cloze,
    /// A `{.list}`.
    List,
}

/// What a note asks and answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "note_type", rename_all = "snake_case")]
pub enum NoteBody {
    /// Question and answer.
    Basic {
        /// The question.
        front: Vec<Block>,
        /// The answer.
        back: Vec<Block>,
        /// Whether a second card asks the other way round.
        reversed: bool,
        /// What to type, where the answer is typed: the back's plain text.
        #[serde(skip_serializing_if = "Option::is_none")]
        typed: Option<String>,
    },
    /// A text with deletions.
    Cloze {
        /// Stands above the text.
        heading: Vec<Block>,
        /// The text.
        text: Vec<Block>,
    },
}

/// A footnote of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Footnote {
    /// Counted from 1 within the note, in the order of the references.
    pub number: u32,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// A card of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Card {
    /// Anki's template index: 0 for the first card, 1 for the reversed one; a cloze number less one.
    pub ordinal: u16,
}

impl Note {
    /// The note type it is a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        match self.body {
            NoteBody::Basic { .. } => NoteTypeKey::Basic,
            NoteBody::Cloze { .. } => NoteTypeKey::Cloze,
        }
    }

    /// The cards that Anki makes of it, by ordinal.
    pub fn cards(&self) -> Vec<Card> {
        match &self.body {
            NoteBody::Basic { reversed, .. } => (0..=u16::from(*reversed)).map(|ordinal| Card { ordinal }).collect(),
            NoteBody::Cloze { heading, text } => {
                let mut numbers = Vec::new();
                for_each_cloze(heading, &mut |cloze| numbers.extend_from_slice(&cloze.numbers));
                for_each_cloze(text, &mut |cloze| numbers.extend_from_slice(&cloze.numbers));
                numbers.sort_unstable();
                numbers.dedup();
                numbers.into_iter().map(|number| Card { ordinal: number - 1 }).collect()
            }
        }
    }
}

/// Calls `f` for each deletion, outer ones before inner ones, in source order.
pub fn for_each_cloze(blocks: &[Block], f: &mut impl FnMut(&Cloze)) {
    for_each_deletion(blocks, &mut |cloze, _| f(cloze));
}

/// What a deletion hides.
#[derive(Debug, Clone, Copy)]
pub enum Hidden<'a> {
    /// Text.
    Inlines(&'a [Inline]),
    /// Literal text: in code or math.
    Runs(&'a [Run]),
    /// Whole blocks.
    Blocks(&'a [Block]),
}

/// Calls `f` for each deletion with what it hides, in the order of [`for_each_cloze`].
pub fn for_each_deletion<'a>(blocks: &'a [Block], f: &mut impl FnMut(&'a Cloze, Hidden<'a>)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => inline_clozes(content, f),
            BlockKind::Code { content, .. } => run_clozes(content, f),
            BlockKind::Quote { blocks } => for_each_deletion(blocks, f),
            BlockKind::Alert { title, blocks, .. } => {
                inline_clozes(title, f);
                for_each_deletion(blocks, f);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| for_each_deletion(&item.blocks, f)),
            BlockKind::Table { header, rows, .. } => {
                header.iter().chain(rows.iter().flatten()).for_each(|cell| inline_clozes(&cell.content, f));
            }
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    inline_clozes(&definition.term, f);
                    definition.definitions.iter().for_each(|blocks| for_each_deletion(blocks, f));
                }
            }
            BlockKind::Labelled { label, content } => {
                inline_clozes(label, f);
                inline_clozes(content, f);
            }
            BlockKind::Cloze { cloze, blocks } => {
                f(cloze, Hidden::Blocks(blocks));
                for_each_deletion(blocks, f);
            }
            BlockKind::Html { .. } | BlockKind::Rule => {}
        }
    }
}

fn inline_clozes<'a>(content: &'a [Inline], f: &mut impl FnMut(&'a Cloze, Hidden<'a>)) {
    for inline in content {
        match &inline.kind {
            InlineKind::Code { content } | InlineKind::Math { content, .. } => run_clozes(content, f),
            InlineKind::Emphasis { content }
            | InlineKind::Strong { content }
            | InlineKind::Strikethrough { content }
            | InlineKind::Highlight { content }
            | InlineKind::Link { content, .. } => inline_clozes(content, f),
            InlineKind::Cloze { cloze, content } => {
                f(cloze, Hidden::Inlines(content));
                inline_clozes(content, f);
            }
            InlineKind::Text { .. }
            | InlineKind::Media { .. }
            | InlineKind::Footnote { .. }
            | InlineKind::Html { .. }
            | InlineKind::SoftBreak
            | InlineKind::HardBreak => {}
        }
    }
}

fn run_clozes<'a>(runs: &'a [Run], f: &mut impl FnMut(&'a Cloze, Hidden<'a>)) {
    for run in runs {
        if let Run::Cloze { cloze, content } = run {
            f(cloze, Hidden::Runs(content));
            run_clozes(content, f);
        }
    }
}

/// Anki's globally unique id of a note: 13 characters of lower-case base32 (`a`–`z`, `2`–`7`), safe in HTML ids and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Guid(pub String);

impl std::fmt::Display for Guid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tag: no white space in it (U+3000 included), `::` between the levels of its hierarchy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// Takes a tag; `None` where it is empty or has white space in it.
    pub fn new(tag: &str) -> Option<Self> {
        (!tag.is_empty() && !tag.contains(|c: char| c.is_whitespace() || c.is_control())).then(|| Self(tag.to_owned()))
    }

    /// The tag as Anki writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
