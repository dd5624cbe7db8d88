//! Turns `deckle.yaml`, a folder's `_deck.yaml` and a file's front matter into one cascade of settings.
//!
//! Knows YAML and the names of settings; not Markdown, not where the files lie.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::ir::{DeckName, Tag};
use crate::source::{Source, SourceId};

/// What `deckle.yaml` says.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The collection id; `None` where the file gives none.
    pub id: Option<String>,
    /// What people call the collection.
    pub name: Option<String>,
    /// The folder of the notes, relative to the project's root; `content` unless given.
    pub content: String,
    /// The folder of the outputs, relative to the project's root; `dist` unless given.
    pub out: String,
    /// The study site's address without a slash at its end.
    pub site_url: Option<String>,
    /// A folder with templates that take the place of the built-in ones, relative to the root.
    pub templates: Option<String>,
    /// Descriptions of decks.
    pub decks: Vec<(DeckName, String)>,
    /// The cascade's lowest step.
    pub layer: Layer,
}

/// One step of the cascade: what one place says. The next step adds tags and replaces the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// The deck's name; `Some` puts a deck into effect.
    pub deck: Option<DeckName>,
    /// More tags.
    pub tags: Vec<Tag>,
    /// Whether `$` starts math.
    pub math: Option<bool>,
    /// What happens to raw HTML.
    pub html: Option<HtmlPolicy>,
    /// The chapter's title (front matter only).
    pub title: Option<String>,
}

/// What happens to raw HTML in packages and sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HtmlPolicy {
    /// What could run code is dropped.
    #[default]
    Sanitize,
    /// It is packed as it is.
    Trust,
}

/// The settings in effect at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The deck in effect; `None` where no notes are read.
    pub deck: Option<DeckName>,
    /// All tags, each once.
    pub tags: Vec<Tag>,
    /// Whether `$` starts math.
    pub math: bool,
    /// What happens to raw HTML.
    pub html: HtmlPolicy,
}

impl Default for Settings {
    fn default() -> Self {
        Self { deck: None, tags: Vec::new(), math: true, html: HtmlPolicy::Sanitize }
    }
}

impl Settings {
    /// These settings with one more step of the cascade upon them.
    #[must_use]
    pub fn with(&self, layer: &Layer) -> Self {
        let mut settings = self.clone();
        settings.deck = layer.deck.clone().or(settings.deck);
        settings.add_tags(&layer.tags);
        settings.math = layer.math.unwrap_or(settings.math);
        settings.html = layer.html.unwrap_or(settings.html);
        settings
    }

    /// Adds the tags that are not there yet.
    pub fn add_tags(&mut self, tags: &[Tag]) {
        for tag in tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
    }
}

/// Reads `deckle.yaml`.
pub fn read_project(_id: SourceId, _source: &Source, _diagnostics: &mut Vec<Diagnostic>) -> Project {
    Project::default()
}

/// Reads a folder's `_deck.yaml`.
pub fn read_folder(_id: SourceId, _source: &Source, _diagnostics: &mut Vec<Diagnostic>) -> Layer {
    Layer::default()
}

/// Reads the YAML of a file's front matter, which lies at `range` of the source, without its `---` lines.
pub fn read_front_matter(
    _id: SourceId,
    _source: &Source,
    _range: Range<usize>,
    _diagnostics: &mut Vec<Diagnostic>,
) -> Layer {
    Layer::default()
}
