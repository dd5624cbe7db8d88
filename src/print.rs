//! Turns the collection into HTML to be printed: cut-out cards and a cheat sheet for each top-level deck.
//!
//! The files stand by themselves: no request leaves them, and scripts only refine what is right without them. Knows no
//! disk; how content becomes HTML is up to [`crate::html`].

mod calibration;
mod cards;
mod drawing;
mod fit;
mod language;
mod layout;
mod metrics;
mod page;
mod sheet;
mod template;

use std::collections::BTreeMap;

pub use self::calibration::{CALIBRATION_MARK, calibration};
pub use self::cards::Sides;
pub use self::fit::ImageHead;
use self::fit::ImageSizes;
pub use self::page::IMAGES;
use self::page::{ImageSources, KeptPages, PageSetup};
pub use self::template::Override;
use self::template::Templates;
use crate::Error;
use crate::artifact::{Emitted, KeptPage, Made};
use crate::config::print::{PrintOptions, Sheets};
use crate::diagnostic::Diagnostic;
use crate::ir::Collection;

/// The folder of the pages in the output folder.
pub const FOLDER: &str = "print";

/// What a project says about printing.
#[derive(Debug, Clone, Default)]
pub struct Printing {
    /// For every deck.
    pub options: PrintOptions,
    /// For single top-level decks, by name; they stand in place of `options`.
    pub decks: BTreeMap<String, PrintOptions>,
    /// The project's own templates: name of a file in `templates/print/` → its text and place.
    pub templates: BTreeMap<String, Override>,
}

impl Printing {
    /// The options of a top-level deck.
    fn options_of(&self, deck: &str) -> &PrintOptions {
        self.decks.get(deck).unwrap_or(&self.options)
    }
}

/// `print/<slug>-cards.html` and `print/<slug>-sheet.html` for each top-level deck that has notes, sorted by the deck's
/// name, and one sheet with the collection's slug for all decks that share theirs; more than a thousand cards go on in `<slug>-cards-2.html` and so on, more than a thousand notes in
/// `<slug>-sheet-2.html`.
///
/// The same collection gives the same bytes, whatever is kept of an earlier one in `made`. What is wrong with a template of the project's own is among the
/// diagnostics, and so is what does not fit its card.
///
/// # Errors
/// A built-in template cannot be rendered.
pub fn emit(
    collection: &Collection,
    printing: &Printing,
    made: Option<&mut Made<Vec<Sides>>>,
) -> Result<Emitted, Error> {
    Made::again(made, |made| emit_decks(collection, printing, made, None))
}

/// As [`emit`], with the pages that are kept of an earlier time.
///
/// # Errors
/// As for [`emit`].
pub fn emit_again(collection: &Collection, printing: &Printing, pages: &mut Made<KeptPage>) -> Result<Emitted, Error> {
    Made::again(Some(pages), |pages| emit_decks(collection, printing, None, pages))
}

fn emit_decks(
    collection: &Collection,
    printing: &Printing,
    made: Option<&Made<Vec<Sides>>>,
    pages: Option<&Made<KeptPage>>,
) -> Result<Emitted, Error> {
    let mut diagnostics = Vec::new();
    let templates = Templates::new(&printing.templates);
    let decks = page::decks(collection, printing);
    let images = &ImageSources::new(collection, &decks);
    let sizes = ImageSizes::new(&collection.media);
    let kept = pages.filter(|_| templates.are_sound()).map(|pages| KeptPages::new(pages, collection, printing));
    let setup = PageSetup { collection, images, addresses: images.addresses(), sizes, templates, kept };
    let mut chapters = sheet::chapters(collection);
    let mut artifacts = setup.images.artifacts();
    let mut shared = Vec::new();
    for deck in &decks {
        artifacts.extend(cards::cards(deck, &setup, made, &mut diagnostics)?);
        let chapters = chapters.remove(deck.name).unwrap_or_default();
        match deck.options.sheet {
            Sheets::Each => artifacts.extend(sheet::sheets(deck, chapters, &setup)?),
            Sheets::One => shared.extend(sheet::of_deck(deck.name, chapters)),
        }
    }
    if let Some(all) = page::together(collection, printing, &decks) {
        artifacts.extend(sheet::sheets(&all, shared, &setup)?);
    }
    diagnostics.extend(setup.templates.into_faults());
    Ok(Emitted { artifacts, diagnostics })
}

/// The first page of cards and of the sheet of each top-level deck, by its path below the output folder: what it is called,
/// and whether it is a sheet. Makes none of them.
pub fn first_pages(collection: &Collection, printing: &Printing) -> Vec<(String, String, bool)> {
    page::first_pages(collection, printing)
}

/// The diagnostics of [`emit`]. Where the templates are the built-in ones, cards are measured and no page is made; those of
/// notes that are `fitting` as they are now are not measured again.
///
/// # Errors
/// As for [`emit`].
pub fn diagnostics(
    collection: &Collection,
    printing: &Printing,
    fitting: Option<&mut Made<()>>,
) -> Result<Vec<Diagnostic>, Error> {
    if !printing.templates.is_empty() {
        return Ok(emit(collection, printing, None)?.diagnostics);
    }
    let decks = page::decks(collection, printing);
    let sizes = ImageSizes::new(&collection.media);
    let all =
        |fitting: Option<&Made<()>>| decks.iter().flat_map(|deck| cards::overflows(deck, &sizes, fitting)).collect();
    Ok(Made::again(fitting, all))
}

/// How many bytes of images lie in files beside the pages of [`emit`] because they are too many to stand in them; `None`
/// where they are not, or an option says where they are.
pub fn images_beside(collection: &Collection, printing: &Printing) -> Option<u64> {
    page::images_beside(collection, printing)
}
