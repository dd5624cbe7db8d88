//! Turns what cards and sheets share into what their pages need: the deck, its images, the head of the HTML.
//!
//! Knows neither cards nor sheets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use super::FOLDER;
use super::template::Templates;
use crate::artifact::Artifact;
use crate::config::print::{Images, PrintOptions};
use crate::ir::{Collection, Media, Note};
use crate::print::Printing;
use crate::text::data;
use crate::text::extension::{MediaKind, media_type};
use crate::text::file_slug::file_slugs;

/// What all pages share.
pub(super) struct Context<'a> {
    /// The whole collection, for its chapters and sources.
    pub(super) collection: &'a Collection,
    /// Where images are found from a page.
    pub(super) images: ImageSources<'a>,
    /// The templates in effect.
    pub(super) templates: Templates<'a>,
}

/// A top-level deck with notes in it.
pub(super) struct Deck<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its part of file names.
    pub(super) slug: String,
    /// Its notes and those of its sub-decks, in source order, with their indices in [`Collection::notes`].
    pub(super) notes: Vec<(usize, &'a Note)>,
    /// How it is printed.
    pub(super) options: PrintOptions,
}

impl Deck<'_> {
    /// The page of a `kind` that is the deck's, or the `index`-th after the first one where it goes on in more of them.
    pub(super) fn page(&self, kind: &str, index: usize, html: String) -> Artifact {
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let path = PathBuf::from(format!("{FOLDER}/{}-{kind}{number}.html", self.slug));
        Artifact { path, bytes: html.into_bytes() }
    }
}

/// The top-level decks that have notes, sorted by name.
pub(super) fn decks<'a>(collection: &'a Collection, printing: &Printing) -> Vec<Deck<'a>> {
    let mut notes: BTreeMap<&str, Vec<(usize, &Note)>> = BTreeMap::new();
    for (index, note) in collection.notes.iter().enumerate() {
        notes.entry(note.deck.top()).or_default().push((index, note));
    }
    let names: Vec<&str> = notes.keys().copied().collect();
    let options = |name: &str| *printing.decks.get(name).unwrap_or(&printing.options);
    let slugs = file_slugs(&names);
    notes
        .into_iter()
        .zip(slugs)
        .map(|((name, notes), slug)| Deck { name, slug, notes, options: options(name) })
        .collect()
}

/// The addresses of images. Paper plays nothing, so sounds and videos have none.
pub(super) struct ImageSources<'a> {
    media: Vec<&'a Media>,
    /// `data:` addresses, in the order of `media`.
    inline: Vec<String>,
    /// Addresses relative to a page.
    files: Vec<String>,
}

impl<'a> ImageSources<'a> {
    /// Encodes the images that some deck wants inline.
    pub(super) fn new(collection: &'a Collection, decks: &[Deck<'_>]) -> Self {
        let is_image = |media: &&Media| MediaKind::of(&media.path) == Some(MediaKind::Image);
        let media: Vec<&Media> = collection.media.iter().filter(is_image).collect();
        let wants = |images| decks.iter().any(|deck| deck.options.images == images);
        let inline = if wants(Images::Inline) {
            media.par_iter().map(|one| data::address(media_type(&one.path), &one.bytes)).collect()
        } else {
            Vec::new()
        };
        let files = if wants(Images::Files) {
            media.iter().map(|media| format!("{IMAGES}/{}", media.name)).collect()
        } else {
            Vec::new()
        };
        Self { media, inline, files }
    }

    /// Path of a medium → its address, for [`crate::html::Style::media`].
    pub(super) fn addresses(&self, images: Images) -> BTreeMap<&str, &str> {
        let addresses = match images {
            Images::Inline => &self.inline,
            Images::Files => &self.files,
        };
        self.media.iter().zip(addresses).map(|(media, address)| (media.path.as_str(), address.as_str())).collect()
    }

    /// The files beside the pages, where a deck wants them; each once.
    pub(super) fn artifacts(&self) -> Vec<Artifact> {
        let mut seen = BTreeSet::new();
        let files = self.media.iter().zip(&self.files).filter(|(_, address)| seen.insert(address.as_str()));
        files
            .map(|(media, address)| Artifact { path: PathBuf::from(FOLDER).join(address), bytes: media.bytes.clone() })
            .collect()
    }
}

/// Where images lie beside pages.
const IMAGES: &str = "media";
