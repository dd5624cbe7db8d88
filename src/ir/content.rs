//! The content tree: blocks, inlines and runs of literal text, each with its span in the source.

use schemars::JsonSchema;
use serde::Serialize;

use super::media::{MediaRef, Size};
use crate::source::Span;

/// How deep blocks and inlines may nest, and a table's parts three levels more; the reader reports what goes deeper and
/// makes text of it, so that everything behind it may recurse.
pub const MAX_DEPTH: usize = 64;

/// How deep the elements of raw HTML may nest; the reader reports what goes deeper and makes text of it.
pub const MAX_HTML_DEPTH: usize = 200;

/// A block and its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    #[serde(flatten)]
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
    },
    /// A heading inside prose or inside a `{.note}` subtree.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
        /// The explicit id, to link to.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Box<str>>,
    },
    /// A fenced or indented block of code.
    Code {
        /// The first word of the info string, lower case.
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<Box<str>>,
        /// The code, ending in a line end unless it is empty.
        content: Vec<Run>,
    },
    /// A block quote.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A quote that starts with `[!KIND]`.
    Alert(Box<Alert>),
    /// A list.
    List {
        /// The first number; absent in a list of bullets.
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<u64>,
        /// Whether paragraphs of its items are set without space between them.
        tight: bool,
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A table.
    Table(Box<Grid>),
    /// A definition list.
    Definitions {
        /// Terms and what they mean.
        definitions: Vec<Definition>,
    },
    /// A value under its label: one column of a row note.
    Labelled(Box<Labelled>),
    /// A deletion that holds whole blocks: an item of a `{.list}` note.
    Cloze {
        /// Numbers and hint.
        cloze: Box<Cloze>,
        /// What is hidden.
        blocks: Vec<Block>,
    },
    /// Raw HTML.
    Html {
        /// The HTML as written.
        html: Box<RawHtml>,
    },
    /// A thematic break.
    Rule,
}

/// An alert; boxed, as all that is large and rare: a block is as large as its largest kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Alert {
    /// Its kind.
    pub kind: AlertKind,
    /// The title given behind the kind, if any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Inline>,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// A table's content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Grid {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header row.
    pub header: Vec<Cell>,
    /// The other rows; each has as many cells as the header.
    pub rows: Vec<Vec<Cell>>,
}

/// A value and its label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Labelled {
    /// The column's header.
    pub label: Vec<Inline>,
    /// The row's cell.
    pub content: Vec<Inline>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct ListItem {
    /// Where it stands.
    pub span: Span,
    /// Whether its box is ticked; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// Its content.
    pub blocks: Vec<Block>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Cell {
    /// Where it stands.
    pub span: Span,
    /// Its text.
    pub content: Vec<Inline>,
}

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// As the script runs.
    None,
    /// To the left.
    Left,
    /// Centred.
    Center,
    /// To the right.
    Right,
}

/// A term with its definitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Definition {
    /// Where the term stands.
    pub span: Span,
    /// The term.
    pub term: Vec<Inline>,
    /// What it means; several where several `:` follow it.
    pub definitions: Vec<Vec<Block>>,
}

/// What an alert says of its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// `[!TIP]`, `[!HINT]`: a hint in a note.
    Tip,
    /// `[!NOTE]`, `[!INFO]`: an extra in a note.
    Note,
    /// `[!IMPORTANT]`.
    Important,
    /// `[!WARNING]`.
    Warning,
    /// `[!CAUTION]`.
    Caution,
    /// Any other word, in lower case.
    Other(String),
}

/// A piece of text and its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Inline {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    #[serde(flatten)]
    pub kind: InlineKind,
}

/// What a piece of text is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InlineKind {
    /// Plain text; nothing in it is markup.
    Text {
        /// The text.
        text: String,
    },
    /// Inline code.
    Code {
        /// The code.
        content: Vec<Run>,
    },
    /// TeX math.
    Math {
        /// Whether it stands on a line of its own.
        display: bool,
        /// The TeX between the dollars.
        content: Vec<Run>,
    },
    /// Emphasis.
    Emphasis {
        /// What is emphasised.
        content: Vec<Inline>,
    },
    /// Strong emphasis.
    Strong {
        /// What is emphasised.
        content: Vec<Inline>,
    },
    /// Text struck through.
    Strikethrough {
        /// What is struck.
        content: Vec<Inline>,
    },
    /// `==text==` outside a `{.cloze}` note.
    Highlight {
        /// What is marked.
        content: Vec<Inline>,
    },
    /// A link.
    Link(Box<Link>),
    /// An image or a sound.
    Media(Box<Embed>),
    /// A reference to one of the note's [footnotes](super::Note::footnotes).
    Footnote {
        /// Counted from 1 within the note.
        number: u32,
    },
    /// A cloze deletion.
    Cloze(Box<Hidden>),
    /// Raw HTML: a tag or a comment.
    Html {
        /// The HTML as written.
        html: Box<RawHtml>,
    },
    /// A line end within a paragraph.
    SoftBreak,
    /// A forced line end.
    HardBreak,
}

/// Where a link leads, and its text; boxed, as all that is large and rare: a piece of text is as large as its largest kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Link {
    /// Where it leads, as written.
    pub url: String,
    /// Where that is for those who have no other file of the project: in notes, for a path that leads to a page of the
    /// site, if the site's address is known; for an id in raw HTML of the same file, that (`#id`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its text.
    pub content: Vec<Inline>,
}

/// An image or a sound where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Embed {
    /// Which one.
    pub media: MediaRef,
    /// The text in its place.
    pub alt: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How large it is to be.
    #[serde(flatten)]
    pub size: Size,
}

/// A deletion in text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Hidden {
    /// Numbers and hint.
    pub cloze: Cloze,
    /// What is hidden.
    pub content: Vec<Inline>,
}

/// Literal text, as in code and math, where nothing but deletions is markup.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Run {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// A cloze deletion.
    Cloze {
        /// Numbers and hint.
        cloze: Box<Cloze>,
        /// What is hidden.
        content: Vec<Run>,
    },
}

/// What a cloze deletion is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Cloze {
    /// From its first brace to its last.
    pub span: Span,
    /// The cards it is hidden on, 1 to 500; several where the author wrote several.
    pub numbers: Vec<u16>,
    /// Shown in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether deckle chose the number: its author wrote a mark or a part of a list. Identity keeps such numbers stable.
    #[serde(skip)]
    pub assigned: bool,
}

/// HTML as the author wrote it, with the media it names found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct RawHtml {
    /// The HTML.
    pub text: String,
    /// The values of `src` attributes that name local media, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<HtmlMedia>,
    /// The links that lead to paths, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<HtmlLink>,
}

/// A `src` attribute's value in [`RawHtml::text`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct HtmlMedia {
    /// Offset of the value's first byte in the HTML, behind its quote.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// The media's path, as in [`MediaRef::Local`].
    pub path: String,
}

/// A `href` attribute in [`RawHtml::text`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct HtmlLink {
    /// Offset of its first byte in the HTML: of its name.
    pub start: usize,
    /// Offset behind its last byte, a quote for most.
    pub end: usize,
    /// Where it leads, as written, its entities decoded.
    pub url: String,
    /// As in [`InlineKind::Link`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl BlockKind {
    /// What kind of alert it is, where it is one.
    pub fn alert(&self) -> Option<&AlertKind> {
        if let Self::Alert(alert) = self { Some(&alert.kind) } else { None }
    }

    /// Its label and content, where it is a labelled line.
    pub fn labelled(&self) -> Option<&Labelled> {
        if let Self::Labelled(labelled) = self { Some(labelled) } else { None }
    }
}

impl InlineKind {
    /// Its text, where it is plain text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text { text } = self { Some(text) } else { None }
    }

    /// Whether it ends a line.
    pub fn is_break(&self) -> bool {
        matches!(self, Self::SoftBreak | Self::HardBreak)
    }
}
