//! Turns the collection into artifacts: one function a format, none of which touches the disk.

pub mod apkg;
pub mod book;
pub mod html;
pub mod json;
pub mod print;
pub mod site;
pub mod slug;

use std::path::PathBuf;

pub use self::print::Printing;
use crate::Error;
use crate::config::BookOptions;
use crate::diagnostic::Diagnostic;
use crate::ir::Collection;

/// The list of the files in the folders of formats, in the output folder. What an older one names and no build makes any
/// more is stale.
pub const LIST: &str = ".deckle-files";

/// A file to write.
#[derive(Debug)]
pub struct Artifact {
    /// Relative to the output folder.
    pub path: PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// Its path with `/` between its parts.
    pub fn slashed(&self) -> String {
        let parts = self.path.iter().map(|part| part.to_string_lossy());
        parts.collect::<Vec<_>>().join("/")
    }
}

/// What a format made, and what it found wrong on the way.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// The author's mistakes that only this format sees.
    pub diagnostics: Vec<Diagnostic>,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Anki packages, one a top-level deck.
    Apkg,
    /// Cut-out cards and cheat sheets as HTML, one of each a top-level deck.
    Print,
    /// The source folder of an mdBook.
    Book,
    /// The IR as JSON.
    Json,
    /// The JSON Schema of the IR.
    JsonSchema,
}

impl Format {
    /// The folder of the output that holds what it makes, and nothing of an older build; `None` where it has none.
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Self::Print => Some(print::FOLDER),
            Self::Book => Some(book::FOLDER),
            Self::Apkg | Self::Json | Self::JsonSchema => None,
        }
    }
}

/// Makes one format's artifacts. `made` is what was made before in the same build: the book has it to download.
pub fn emit(
    format: Format,
    collection: &Collection,
    printing: &Printing,
    book: &BookOptions,
    made: &[Artifact],
) -> Result<Emitted, Error> {
    match format {
        Format::Apkg => apkg::emit(collection),
        Format::Print => print::emit(collection, printing),
        Format::Book => Ok(book::emit(collection, book, made)),
        Format::Json => json::emit(collection),
        Format::JsonSchema => json::emit_schema(),
    }
}
