//! Turns the collection into Anki packages in the legacy-1 container, one a top-level deck
//! or one for all: a zip of a schema-11 database
//! (`collection.anki2`), a map of media (`media`) and the media under their numbers. Every Anki since 2.1 reads it.
//!
//! Knows no Markdown and no disk; what fields hold comes from [`crate::html`].

mod collection;
mod decks;
mod fields;
mod ids;
mod media;
mod packed;
mod rows;
mod sort_field;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

pub use self::fields::place_address;
use self::fields::{Above, FieldRenderer};
pub use self::ids::number;
pub use self::packed::Packed;
use crate::Error;
use crate::anki::container::legacy;
use crate::artifact::{Artifact, Emitted, Made};
use crate::ir::{Collection, DeckName, Note, NoteTypeKey};
use crate::text::file_slug::file_slugs;

/// How notes are dealt out to packages. Which it is changes nothing of who notes, cards and decks are.
#[derive(Debug, Clone, Default)]
pub struct Packing {
    /// Whether all are in one package.
    pub is_one: bool,
    /// What that package is named after.
    pub title: String,
}

impl Packing {
    /// The name of the one package, whether that is made or not.
    pub fn name_of_one(&self) -> String {
        file_slugs(&[&self.title]).iter().map(|slug| file_name(slug)).collect()
    }
}

fn file_name(slug: &str) -> String {
    format!("{slug}.apkg")
}

/// `<slug>.apkg` for each top-level deck that has notes, sorted by the deck's name; or one of all of them.
///
/// The same collection gives the same bytes, whatever is kept of an earlier one in `made`.
pub fn emit(collection: &Collection, packing: &Packing, made: Option<&mut Made<Packed>>) -> Result<Emitted, Error> {
    Made::again(made, |made| emit_packages(&FieldRenderer::new(collection, made), packing))
}

fn emit_packages(renderer: &FieldRenderer<'_>, packing: &Packing) -> Result<Emitted, Error> {
    let (packages, names) = if packing.is_one {
        (Vec::from_iter(one_package(renderer.collection)), vec![packing.name_of_one()])
    } else {
        let decks = packages(renderer.collection);
        let tops: Vec<&str> = decks.iter().map(|(top, _)| *top).collect();
        let names = file_slugs(&tops).iter().map(|slug| file_name(slug)).collect();
        (decks.into_iter().map(|(_, package)| package).collect(), names)
    };
    let artifacts = packages
        .par_iter()
        .zip(names)
        .map(|(package, name)| artifact(package, renderer, name))
        .collect::<Result<Vec<Artifact>, Error>>()?;
    Ok(Emitted { artifacts, diagnostics: Vec::new() })
}

/// The fields of each note as a package holds them, in the order of [`Collection::notes`] and of
/// [`crate::anki::note_type::fields`]; makes no package.
pub fn fields(collection: &Collection) -> Vec<Vec<String>> {
    let renderer = FieldRenderer::new(collection, None);
    let fields = |above: &mut Above, (index, note)| packed::separable(renderer.fields(note, index, above));
    collection.notes.par_iter().enumerate().map_init(Above::default, fields).collect()
}

/// As [`fields`], of these notes alone, by their places in [`Collection::notes`].
pub fn fields_of(collection: &Collection, places: impl Iterator<Item = usize>) -> Vec<Vec<String>> {
    let mut places = places.peekable();
    if places.peek().is_none() {
        return Vec::new();
    }
    let renderer = FieldRenderer::new(collection, None);
    let note = |place| Some((place, collection.notes.get(place)?));
    let mut above = Above::default();
    places.filter_map(note).map(|(place, note)| packed::separable(renderer.fields(note, place, &mut above))).collect()
}

/// The notes of one package.
struct Contents<'a> {
    /// In source order.
    notes: Vec<NumberedNote<'a>>,
}

impl Contents<'_> {
    fn has(&self, key: NoteTypeKey) -> bool {
        self.notes.iter().any(|numbered| numbered.note.note_type() == key)
    }
}

/// A note with the ids that it and its cards have in all packages of the collection.
struct NumberedNote<'a> {
    note: &'a Note,
    /// Its index in [`Collection::notes`].
    index: usize,
    id: i64,
    /// By ordinal.
    cards: Vec<NumberedCard>,
}

/// A card with its id.
struct NumberedCard {
    id: i64,
    ordinal: u16,
}

/// All notes; nothing of none, as there is no package of a deck without.
fn one_package(collection: &Collection) -> Option<Contents<'_>> {
    (!collection.notes.is_empty()).then(|| Contents { notes: ids::numbered(&collection.notes) })
}

/// Deals the notes out to their top-level decks, by name. Two packages of a collection never hold the same id.
fn packages(collection: &Collection) -> Vec<(&str, Contents<'_>)> {
    let mut by_deck: BTreeMap<&str, Vec<NumberedNote<'_>>> = BTreeMap::new();
    // Notes of a deck stand together, and looking for the end of its name's first part takes longer than all else here.
    let mut last: Option<(&DeckName, &str)> = None;
    for numbered in ids::numbered(&collection.notes) {
        let deck = &numbered.note.deck;
        let top = last.filter(|(name, _)| *name == deck).map_or_else(|| deck.top(), |(_, top)| top);
        last = Some((deck, top));
        by_deck.entry(top).or_default().push(numbered);
    }
    by_deck.into_iter().map(|(deck, notes)| (deck, Contents { notes })).collect()
}

fn artifact(package: &Contents<'_>, renderer: &FieldRenderer<'_>, name: String) -> Result<Artifact, Error> {
    let path = PathBuf::from(name);
    let media = media::used(package, renderer.collection);
    let recipe = legacy::zip(|put| collection::write(package, renderer, put), &media)
        .map_err(|cause| Error::new("cannot make the package", &path, cause))?;
    Ok(Artifact { path, recipe, pdf: false })
}
