//! Notes and the cards that Anki makes of them.

use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Block, DeckName, Leaf, MediaRef, NoteTypeKey, Shared, for_each_cloze, for_each_leaf};
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
    /// What of the source gives it, with all that is of no use without it: to take it away, these bytes are taken out.
    #[serde(skip)]
    pub id_place: Option<Span>,
    /// The deck its cards go to.
    pub deck: DeckName,
    /// In source order, each once.
    pub tags: Shared<Tag>,
    /// Its question and answer, or its text.
    pub body: NoteBody,
    /// Shown on demand before the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hint: Vec<Block>,
    /// Shown below the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<Block>,
    /// Where it comes from: its footnotes.
    #[serde(rename = "source", skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<Footnote>,
    /// The headings above it, the highest first.
    pub context: Shared<String>,
    /// What names the note in its file: the heading, the term or the row. One span, for messages and links.
    pub span: Span,
    /// One-based line of that place.
    pub line: usize,
    /// Whether raw HTML is packed as it is (`html: trust`) and not sanitised.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub trusts_html: bool,
}

/// How a note was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
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

#[cfg(test)]
impl Note {
    /// A note of the deck `D` with nothing in it but its body, at the start of the first source.
    pub(crate) fn bare(body: NoteBody) -> Self {
        let kind = match body {
            NoteBody::Basic { .. } => NoteKind::Basic,
            NoteBody::Cloze { .. } => NoteKind::Cloze,
        };
        Self {
            guid: Guid::default(),
            modified: 0,
            due: 0,
            kind,
            id: None,
            id_place: None,
            deck: DeckName::new("D").unwrap(),
            tags: Shared::default(),
            body,
            hint: Vec::new(),
            extra: Vec::new(),
            footnotes: Vec::new(),
            context: Shared::default(),
            span: Span::new(crate::source::SourceId(0), 0..0),
            line: 1,
            trusts_html: false,
        }
    }
}

impl Note {
    /// The note type it is a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        match self.body {
            NoteBody::Basic { .. } => NoteTypeKey::Basic,
            NoteBody::Cloze { .. } => NoteTypeKey::Cloze,
        }
    }

    /// What asks and what answers, whatever its note type: the front and the back, or the heading and the text.
    pub fn sides(&self) -> [&[Block]; 2] {
        match &self.body {
            NoteBody::Basic { front, back, .. } => [front, back],
            NoteBody::Cloze { heading, text } => [heading, text],
        }
    }

    /// All its content, in the order of its fields: both sides, hint, extra, footnotes.
    pub fn contents(&self) -> impl Iterator<Item = &[Block]> {
        let footnotes = self.footnotes.iter().map(|footnote| footnote.blocks.as_slice());
        self.sides().into_iter().chain([self.hint.as_slice(), &self.extra]).chain(footnotes)
    }

    /// Calls `f` with the path of each local medium that it names, in the order of its fields.
    pub fn for_each_media<'a>(&'a self, f: &mut impl FnMut(&'a str)) {
        for blocks in self.contents() {
            for_each_leaf(blocks, &mut |leaf| match leaf {
                Leaf::Media(MediaRef::Local { path }, _) => f(path),
                Leaf::HtmlMedia(media) => f(&media.path),
                Leaf::Text(_) | Leaf::Media(MediaRef::Remote { .. }, _) | Leaf::Break => {}
            });
        }
    }

    /// The cards that Anki makes of it, by ordinal.
    pub fn cards(&self) -> Vec<Card> {
        match &self.body {
            NoteBody::Basic { reversed, .. } => (0..=u16::from(*reversed)).map(|ordinal| Card { ordinal }).collect(),
            NoteBody::Cloze { .. } => {
                let mut numbers = Vec::new();
                for blocks in self.sides() {
                    for_each_cloze(blocks, &mut |cloze| numbers.extend_from_slice(&cloze.numbers));
                }
                numbers.sort_unstable();
                numbers.dedup();
                numbers.into_iter().map(|number| Card { ordinal: number - 1 }).collect()
            }
        }
    }
}

/// Of all that a note is and says. Where it stands does not count, nor when it was changed and how its cards are ordered:
/// who makes something of these too takes them down beside it.
impl Hash for Note {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All fields by name, so that of a new one it has to be said whether it counts.
        #[rustfmt::skip]
        let Self {
            guid, kind, id, deck, tags, body, hint, extra, footnotes, context, trusts_html,
            modified: _, due: _, span: _, line: _, id_place: _,
        } = self;
        (guid, kind, id, deck, tags, body, hint, extra, footnotes, context, trusts_html).hash(state);
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
    /// How many tags one place gives its notes at most. Anki has no limit; a person who means more does not.
    pub const MOST: usize = 200;

    /// Takes a tag; `None` where it is empty or has white space in it.
    pub fn new(tag: &str) -> Option<Self> {
        (!tag.is_empty() && !tag.contains(|c: char| c.is_whitespace() || c.is_control())).then(|| Self(tag.to_owned()))
    }

    /// A tag as other tools write it as Anki does: without a `#` before it, and with `::` for the `/` between the parts of a
    /// nested one.
    pub fn written(tag: &str) -> std::borrow::Cow<'_, str> {
        let tag = tag.trim().strip_prefix('#').unwrap_or_else(|| tag.trim());
        if !tag.contains('/') {
            return tag.into();
        }
        let parts: Vec<&str> = tag.split('/').filter(|part| !part.is_empty()).collect();
        parts.join("::").into()
    }

    /// The tag of a text with white space in it: its words, joined by `-`; `None` where it has none.
    pub fn joined(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        Self::new(&words.collect::<Vec<_>>().join("-"))
    }

    /// The tag as Anki writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
