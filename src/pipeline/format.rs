//! Turns the collection into the artifacts of a format: one function each, none of which touches the disk.

use rayon::prelude::*;

use super::sited;
use crate::apkg::{self, Packing};
use crate::artifact::{Artifact, Emitted, KeptPage, Made};
use crate::config::BookOptions;
use crate::ir::Collection;
use crate::print::{self, Printing};
use crate::site::book;
use crate::{Error, json};

/// An output format.
///
/// Their order is that in which they are made: the book comes behind what it has to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Anki packages, one a top-level deck or one for all.
    Apkg,
    /// Cut-out cards and cheat sheets as HTML, one of each a top-level deck.
    Print,
    /// The source folder of an mdBook.
    Book,
    /// The site that mdBook makes of it.
    Site,
    /// The IR as JSON.
    Json,
    /// The JSON Schema of the IR.
    JsonSchema,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Apkg, Self::Print, Self::Book, Self::Site, Self::Json, Self::JsonSchema];

    /// Whether one of some files would take those of all others away.
    pub fn is_of_all_files(self) -> bool {
        matches!(self, Self::Book | Self::Site)
    }

    /// The folder of the output that holds what it makes, and nothing of an older build; `None` where it has none.
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Self::Print => Some(print::FOLDER),
            Self::Book => Some(book::FOLDER),
            Self::Site => Some(sited::FOLDER),
            Self::Apkg | Self::Json | Self::JsonSchema => None,
        }
    }
}

/// How formats are made.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Packages.
    pub packing: &'a Packing,
    /// Printed pages.
    pub printing: &'a Printing,
    /// The study site.
    pub book: &'a BookOptions,
}

/// What formats keep of what they made, to take it from there when they are made again.
#[derive(Debug, Default)]
pub struct KeptPieces {
    /// The fields of notes in packages.
    pub fields: Made<apkg::Packed>,
    /// The sides of their cards in print.
    pub sides: Made<Vec<print::Sides>>,
    /// The notes whose cards hold in print what is on them.
    pub fitting: Made<()>,
    /// Pages of print and of the book, in the place of what is on them; `None` where they are not to be kept.
    pub pages: Option<KeptPages>,
}

/// Pages that were made.
#[derive(Debug, Default)]
pub struct KeptPages {
    /// Those of print.
    pub print: Made<KeptPage>,
    /// Those of the book.
    pub book: Made<KeptPage>,
    /// All files of the site.
    pub site: Made<KeptPage>,
}

impl KeptPieces {
    /// Nothing yet; pages are to be kept.
    pub(super) fn of_pages() -> Self {
        Self { pages: Some(KeptPages::default()), ..Self::default() }
    }

    /// Takes out what belongs to a format.
    fn of(&mut self, format: Format) -> Self {
        match format {
            Format::Apkg => Self { fields: std::mem::take(&mut self.fields), ..Self::default() },
            Format::Print => {
                let print = self.pages.as_mut().map(|pages| std::mem::take(&mut pages.print));
                let pages = print.map(|print| KeptPages { print, ..KeptPages::default() });
                Self { sides: std::mem::take(&mut self.sides), pages, ..Self::default() }
            }
            Format::Book | Format::Site | Format::Json | Format::JsonSchema => Self::default(),
        }
    }

    /// Puts it back.
    fn put(&mut self, format: Format, pieces: Self) {
        match format {
            Format::Apkg => self.fields = pieces.fields,
            Format::Print => {
                self.sides = pieces.sides;
                if let Some((pages, made)) = self.pages.as_mut().zip(pieces.pages) {
                    pages.print = made.print;
                }
            }
            Format::Book | Format::Site | Format::Json | Format::JsonSchema => {}
        }
    }
}

/// Of so many notes the fields are kept on the disk: they take a kilobyte each in memory.
const MOST_FIELDS: usize = 20_000;

/// From so many notes on formats are made at once.
const MANY: usize = 32;

/// Makes formats, one behind the other in what it gives: all that need nothing of each other at once, since each has stretches
/// that one core goes alone; then the book, which has the others' to download. `begin` is called before each.
pub(super) fn emit_all(
    formats: &[Format],
    collection: &Collection,
    options: Options<'_>,
    mut kept: Option<&mut KeptPieces>,
    begin: &(dyn Fn() + Sync),
) -> Result<Emitted, Error> {
    let make = |format, made: &[Artifact], kept: Option<&mut KeptPieces>| {
        begin();
        emit(format, collection, options, made, kept)
    };
    // What goes to the disk is held until then, and of many notes that is more than it saves.
    let forgets_fields = kept.as_ref().is_some_and(|kept| kept.pages.is_some()) && collection.notes.len() > MOST_FIELDS;
    let mut own = |format| {
        let pieces = kept.as_deref_mut().map(|kept| kept.of(format));
        (format, pieces.filter(|_| format != Format::Apkg || !forgets_fields))
    };
    let alone: Vec<_> = formats.iter().copied().filter(|format| *format != Format::Book).map(&mut own).collect();
    let make_one = |(format, mut pieces): (Format, Option<KeptPieces>)| {
        let emitted = make(format, &[], pieces.as_mut());
        (emitted, format, pieces)
    };
    // A few notes may be long ones, and what is made of them is held at once.
    let each: Vec<_> = if collection.notes.len() < MANY {
        alone.into_iter().map(make_one).collect()
    } else {
        alone.into_par_iter().map(make_one).collect()
    };
    let emitted = each.into_iter().map(|(emitted, format, pieces)| {
        if let Some((kept, pieces)) = kept.as_deref_mut().zip(pieces) {
            kept.put(format, pieces);
        }
        emitted
    });
    let mut emitted = emitted.collect::<Vec<_>>().into_iter();
    let mut all = Emitted::default();
    for format in formats {
        let next = match format {
            Format::Book => Some(make(*format, &all.artifacts, kept.as_deref_mut())),
            Format::Apkg | Format::Print | Format::Site | Format::Json | Format::JsonSchema => emitted.next(),
        };
        let Some(next) = next.transpose()? else { continue };
        all.artifacts.extend(next.artifacts);
        all.diagnostics.extend(next.diagnostics);
    }
    Ok(all)
}

/// Makes one format's artifacts. `made` is what was made before in the same build: the book has it to download. What `kept`
/// holds is never seen in them.
pub fn emit(
    format: Format,
    collection: &Collection,
    options: Options<'_>,
    made: &[Artifact],
    kept: Option<&mut KeptPieces>,
) -> Result<Emitted, Error> {
    let Options { packing, printing, book } = options;
    match format {
        Format::Apkg => apkg::emit(collection, packing, kept.map(|kept| &mut kept.fields)),
        Format::Print => match kept {
            Some(KeptPieces { pages: Some(pages), .. }) => print::emit_again(collection, printing, &mut pages.print),
            kept => print::emit(collection, printing, kept.map(|kept| &mut kept.sides)),
        },
        Format::Book => {
            let pages = kept.and_then(|kept| kept.pages.as_mut()).map(|pages| &mut pages.book);
            Ok(book::emit(collection, book, made, pages))
        }
        // It is made of the book's files, by `sited`.
        Format::Site => Ok(Emitted::default()),
        Format::Json => json::emit(collection),
        Format::JsonSchema => json::emit_schema(),
    }
}
