//! Turns the collection into Anki packages in the legacy-1 container, one a top-level deck: a zip of a schema-11 database
//! (`collection.anki2`), a map of media (`media`) and the media under their numbers. Every Anki since 2.1 reads it.
//!
//! Knows no Markdown and no disk; what fields hold comes from [`crate::html`].

mod collection;
mod decks;
mod fields;
mod media;
mod rows;
mod sort_field;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use self::fields::Context;
use super::container::legacy;
use crate::Error;
use crate::artifact::{Artifact, Emitted};
use crate::ir::{Card, Collection, Note, NoteTypeKey};
use crate::text::file_slug::file_slugs;

/// Note and card ids are milliseconds counted on from 2020-01-01T00:00:00Z: Anki takes an id for the time of creation,
/// and rewrites those in the future.
const FIRST_ID: i64 = 1_577_836_800_000;

/// `<slug>.apkg` for each top-level deck that has notes, sorted by the deck's name.
///
/// The same collection gives the same bytes.
pub fn emit(collection: &Collection) -> Result<Emitted, Error> {
    let packages = packages(collection);
    let names: Vec<&str> = packages.iter().map(|package| package.deck).collect();
    let context = Context::new(collection);
    let artifacts = packages
        .par_iter()
        .zip(file_slugs(&names))
        .map(|(package, slug)| artifact(package, &context, &slug))
        .collect::<Result<Vec<Artifact>, Error>>()?;
    Ok(Emitted { artifacts, diagnostics: Vec::new() })
}

/// The notes of one top-level deck.
struct Package<'a> {
    deck: &'a str,
    /// In source order.
    notes: Vec<NumberedNote<'a>>,
}

impl Package<'_> {
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
    cards: Vec<Card>,
    /// The first card's id; the others follow it.
    first_card: i64,
}

/// Deals the notes out to their top-level decks. Ids run through the whole collection, so that two of its packages never
/// hold the same one.
fn packages(collection: &Collection) -> Vec<Package<'_>> {
    let mut by_deck: BTreeMap<&str, Vec<NumberedNote<'_>>> = BTreeMap::new();
    let mut next_card = FIRST_ID;
    for (index, (note, id)) in collection.notes.iter().zip(FIRST_ID..).enumerate() {
        let cards = note.cards();
        let first_card = next_card;
        next_card += i64::from(cards.len() as u32);
        by_deck.entry(note.deck.top()).or_default().push(NumberedNote { note, index, id, cards, first_card });
    }
    by_deck.into_iter().map(|(deck, notes)| Package { deck, notes }).collect()
}

fn artifact(package: &Package<'_>, context: &Context<'_>, slug: &str) -> Result<Artifact, Error> {
    let path = PathBuf::from(format!("{slug}.apkg"));
    let media = media::used(package, context.collection);
    let bytes = collection::database(package, context, |database| legacy::zip(database, &media))
        .map_err(|cause| Error::new("cannot make the package", &path, cause))?;
    Ok(Artifact { path, bytes })
}
