//! The collection as all outputs see it: decks, note types, notes, media and the chapters they stand in.
//!
//! Plain data with the source's spans on every node. Knows neither Markdown nor any output.

mod content;
mod deck;
mod deletions;
mod digest;
mod front;
mod leaves;
mod left_out;
mod links;
mod media;
mod note;
mod note_type;
mod places;
mod shared;
mod slack;
mod walk;

use schemars::JsonSchema;
use serde::Serialize;

use crate::source::Span;

pub use content::*;
pub use deck::*;
pub use deletions::{for_each_cloze, for_each_cloze_mut, for_each_deletion};
pub use digest::{MediaIndex, RENDER_VERSION, digest};
pub use front::{SideTexts, normalised_front, side_texts};
pub use leaves::{Leaf, for_each_leaf, plain_text, runs_text};
pub use left_out::LeftOut;
pub use links::for_each_link_mut;
pub use media::*;
pub use note::*;
pub use note_type::*;
pub use places::for_each_place;
pub use shared::Shared;
pub use slack::shrink_blocks;
pub use walk::{Child, ChildMut};

/// The version of the JSON form; it rises when a field changes its meaning or goes.
pub const VERSION: u32 = 2;

/// Everything that was compiled, in source order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Collection {
    /// The version of this form: [`VERSION`].
    pub version: u32,
    /// Tells this collection's ids from those of others: `id` in `deckle.yaml`, else the top-level deck's name.
    pub id: String,
    /// What people call it; part of the note types' names.
    pub name: String,
    /// The address of the study site, without a slash at its end, where the project gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_url: Option<String>,
    /// Where the field Link leads, where the project says so; else it leads to the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_link: Option<PlaceLink>,
    /// The files that were read; a span's first number indexes them.
    pub sources: Vec<SourceFile>,
    /// Every deck that has notes or a description, and their parents, sorted by name.
    pub decks: Vec<Deck>,
    /// The note types that packages use.
    pub note_types: Vec<NoteType>,
    /// The notes in source order.
    pub notes: Vec<Note>,
    /// The images and sounds that notes or chapters use, sorted by path.
    pub media: Vec<Media>,
    /// The files in reading order, prose and notes as they follow each other.
    pub chapters: Vec<Chapter>,
    /// The author's own table of contents, if there is one; it says in which order chapters are read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<OutlineEntry>,
}

/// A line of the author's own table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OutlineEntry {
    /// A part begins.
    Part {
        /// What it is called.
        title: String,
    },
    /// A part ends.
    Separator,
    /// A chapter.
    Chapter {
        /// What it is called.
        title: String,
        /// As in [`Chapter::path`]; absent where it is still to be written, or there is no such file.
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// How many chapters it is in; absent where it has no number: such ones stand before all others, or behind them.
        #[serde(skip_serializing_if = "Option::is_none")]
        depth: Option<usize>,
    },
}

impl Collection {
    /// What the field Link leads by, to be counted among what a note is: the site's address, and the pattern as it was written.
    pub fn link_addresses(&self) -> [Option<&str>; 2] {
        [self.site_url.as_deref(), self.place_link.as_ref().map(|link| link.pattern.as_str())]
    }
}

/// An address that differs from note to note by the place that a note is written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceLink {
    /// As the project has it.
    pub pattern: String,
    /// What it is made of, in order.
    pub pieces: Vec<PlacePiece>,
}

/// A piece of a [`PlaceLink`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PlacePiece {
    /// A text that stays.
    Text {
        /// As it stands in the address.
        text: String,
    },
    /// The path of the note's file, percent-encoded.
    Path {
        /// The folder that it goes from, relative to the project's root.
        from: String,
    },
    /// The note's line, counted from 1.
    Line,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceFile {
    /// Relative to the project's root, parts joined by `/`.
    pub path: String,
}

/// One source file as a reader meets it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Chapter {
    /// The file's path relative to the content folder, parts joined by `/`.
    pub path: String,
    /// What the [outline](Collection::outline) calls it, else `title` of the front matter, else the first heading's text, else
    /// the file's stem.
    pub title: String,
    /// Prose and notes in order.
    pub parts: Vec<ChapterPart>,
    /// Whether raw HTML of its prose stays as it is (`html: trust`) and is not sanitised.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub trusts_html: bool,
    /// The footnotes that its prose mentions; notes carry their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<Footnote>,
}

/// A piece of a chapter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChapterPart {
    /// Text that belongs to the book only.
    Prose {
        // Boxed, since most parts are notes.
        /// The block.
        block: Box<Block>,
    },
    /// A note.
    Note {
        /// Its index in [`Collection::notes`].
        note: usize,
    },
    /// A `{.rows}` table: its rows are notes.
    Table(Box<Table>),
}

/// A table whose rows are notes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Table {
    /// Where it stands.
    pub span: Span,
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header row: what the columns are called.
    pub header: Vec<Cell>,
    /// The rows that are notes, in order.
    pub rows: Vec<TableRow>,
}

/// A row of a [`Table`]. Its cells are the note's: the first one is the last block of the front.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TableRow {
    /// Its index in [`Collection::notes`].
    pub note: usize,
    /// The columns, counted from 0, that the blocks of the back stand in: an empty cell is no block.
    pub columns: Vec<usize>,
}

impl ChapterPart {
    /// The notes in it, as indices into [`Collection::notes`].
    pub fn notes(&self) -> impl Iterator<Item = usize> + '_ {
        let (one, rows) = match self {
            Self::Prose { .. } => (None, &[][..]),
            Self::Note { note } => (Some(*note), &[][..]),
            Self::Table(table) => (None, table.rows.as_slice()),
        };
        one.into_iter().chain(rows.iter().map(|row| row.note))
    }

    /// The same, to change them.
    pub fn notes_mut(&mut self) -> impl Iterator<Item = &mut usize> {
        let (one, rows) = match self {
            Self::Prose { .. } => (None, &mut [][..]),
            Self::Note { note } => (Some(note), &mut [][..]),
            Self::Table(table) => (None, table.rows.as_mut_slice()),
        };
        one.into_iter().chain(rows.iter_mut().map(|row| &mut row.note))
    }
}
