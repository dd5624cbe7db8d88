//! Turns chapters into the pages of the site: which page holds which note, and where links between notes' files lead.
//!
//! Knows how mdBook names files; nothing of HTML.

mod anchors;
mod names;
mod split;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use self::anchors::Anchors;
use self::names::Names;
use crate::ir::{Block, Chapter, ChapterPart, Collection};
use crate::source::SourceId;
use crate::text::address;
use crate::text::own_id::own_id;

pub use crate::text::heading_id::heading_id;

/// The pages of a collection, in reading order.
pub struct Site<'a> {
    /// The collection that it shows.
    pub collection: &'a Collection,
    /// The pages.
    pub pages: Vec<Page<'a>>,
    /// The page of each note, as an index into `pages`.
    note_pages: Vec<Option<usize>>,
    /// Path of a source → its pages.
    sources: BTreeMap<&'a str, ChapterPages>,
    names: Names,
}

/// One page.
#[derive(Debug)]
pub struct Page<'a> {
    /// What it shows.
    pub chapter: &'a Chapter,
    /// The path of the file that it was written in, relative to the project's root.
    pub source: &'a str,
    /// What of the chapter stands on it.
    pub parts: Vec<Part<'a>>,
    /// The chapter's title, or that of its part.
    pub title: String,
    /// The page without its extension, relative to the site, parts joined by `/`.
    pub path: String,
    /// Whether it is one of several parts of a chapter, and not the first.
    pub is_part: bool,
    /// The ids of the prose headings on it, in order.
    pub ids: Vec<String>,
}

/// A piece of a page. The rows of a table are notes like any other here.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Text.
    Prose(&'a Block),
    /// A note's index in [`Collection::notes`].
    Note(usize),
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// As it was written.
    Same,
    /// To this address.
    Address(String),
    /// To a file that is not on the site.
    Nowhere,
}

struct ChapterPages {
    /// Indices into [`Site::pages`].
    pages: std::ops::Range<usize>,
    anchors: OnceLock<Anchors>,
}

impl<'a> Site<'a> {
    /// Deals the chapters out to pages. A chapter without any content has none.
    pub fn new(collection: &'a Collection) -> Self {
        let names = Names::default();
        let (pages, sources) = (Vec::new(), BTreeMap::new());
        let mut site = Self { collection, pages, note_pages: vec![None; collection.notes.len()], sources, names };
        for chapter in &collection.chapters {
            site.add(chapter);
        }
        site
    }

    /// A path for one more page, as near to `wish` as can be; both without extension.
    pub fn claim(&mut self, wish: &str) -> String {
        self.names.claim(wish)
    }

    /// The page of a note, which is given by its index in [`Collection::notes`].
    pub fn page_of(&self, note: usize) -> Option<&Page<'a>> {
        self.note_pages.get(note).copied().flatten().and_then(|page| self.pages.get(page))
    }

    /// Where a link on a page leads.
    pub fn target(&self, page: &Page<'_>, url: &str) -> Target {
        if address::scheme(url).is_some() || url.starts_with('/') {
            return Target::Same;
        }
        let (path, fragment) = url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
        let path = address::percent_decode(path.split('?').next().unwrap_or_default());
        let source = if path.is_empty() { page.source.to_owned() } else { names::resolve(page.source, &path) };
        if let Some(chapter) = self.sources.get(source.as_str()) {
            return self.within_chapter(page, chapter, path.is_empty(), fragment);
        }
        let media = &self.collection.media;
        let found = media.binary_search_by(|media| media.path.as_str().cmp(&source)).ok();
        if let Some(media) = found.and_then(|index| media.get(index)) {
            return Target::Address(format!("{}media/{}", page.to_root(), media.name));
        }
        Target::Nowhere
    }

    fn within_chapter(&self, from: &Page<'_>, chapter: &ChapterPages, is_own: bool, fragment: Option<&str>) -> Target {
        if is_own && fragment.is_some_and(anchors::is_footnote) {
            return Target::Same;
        }
        let first = self.pages.get(chapter.pages.start);
        let found = fragment.filter(|fragment| !fragment.is_empty()).map(|fragment| {
            let anchors = chapter.anchors.get_or_init(|| {
                let pages = self.pages.get(chapter.pages.clone()).unwrap_or_default();
                Anchors::new(pages, self.collection)
            });
            let decoded = address::percent_decode(fragment);
            let trusts_html = first.is_some_and(|page| page.chapter.trusts_html);
            // An id in raw HTML.
            let raw = || if trusts_html { decoded.to_string() } else { own_id(&decoded).into_owned() };
            anchors.find(&decoded).cloned().unwrap_or_else(|| (0, raw()))
        });
        let page = found.as_ref().and_then(|(page, _)| self.pages.get(chapter.pages.start + page)).or(first);
        let Some(page) = page else { return Target::Nowhere };
        let id = found.map(|(_, id)| format!("#{id}")).unwrap_or_default();
        if page.path == from.path && is_own && !id.is_empty() {
            return Target::Address(id);
        }
        Target::Address(format!("{}{}.html{id}", from.to_root(), page.path))
    }

    fn add(&mut self, chapter: &'a Chapter) {
        let parts: Vec<Part<'a>> = chapter.parts.iter().flat_map(parts).collect();
        let Some(source) = parts.first().map(|part| self.source_of(part)) else { return };
        let source = self.collection.sources.get(source.0 as usize).map_or("", |file| file.path.as_str());
        let start = self.pages.len();
        for piece in split::split(&chapter.title, parts, &self.collection.notes) {
            let wish = match (&piece.name, self.pages.get(start)) {
                (Some(name), Some(first)) => format!("{}/{name}", first.path.trim_end_matches("/index")),
                (None, _) | (_, None) => names::page(&chapter.path),
            };
            let path = self.names.claim(&wish);
            let page = self.pages.len();
            for part in &piece.parts {
                if let Part::Note(note) = part
                    && let Some(place) = self.note_pages.get_mut(*note)
                {
                    *place = Some(page);
                }
            }
            let (ids, is_part) = (anchors::ids(&piece.parts, &self.collection.notes), page > start);
            self.pages.push(Page { chapter, source, parts: piece.parts, title: piece.title, path, is_part, ids });
        }
        let chapter = ChapterPages { pages: start..self.pages.len(), anchors: OnceLock::new() };
        self.sources.insert(source, chapter);
    }

    fn source_of(&self, part: &Part<'_>) -> SourceId {
        match part {
            Part::Prose(block) => block.span.source,
            Part::Note(note) => self.collection.notes.get(*note).map_or(SourceId(u32::MAX), |note| note.span.source),
        }
    }
}

fn parts(part: &ChapterPart) -> impl Iterator<Item = Part<'_>> {
    let prose = if let ChapterPart::Prose { block } = part { Some(Part::Prose(block)) } else { None };
    prose.into_iter().chain(part.notes().map(Part::Note))
}

impl Page<'_> {
    /// `../` for each folder that the page lies in.
    pub fn to_root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    /// Its address relative to the site, percent-encoded (RFC 3986).
    pub fn address(&self) -> String {
        address::percent_encode(&format!("{}.html", self.path))
    }
}
