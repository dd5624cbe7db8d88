//! Turns chapters into the pages of the site: which page holds which note, and where links between notes' files lead.
//!
//! Knows how mdBook names files; nothing of HTML.

mod anchors;
mod names;
mod paths;
mod split;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use self::anchors::{Anchors, Place};
use self::names::Names;
use self::paths::Paths;
use crate::ir::{Block, Chapter, ChapterPart, Collection, Media};
use crate::source::SourceId;
use crate::text::address;
use crate::text::path::before;

pub use self::split::MOST_CARDS;
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
    /// What links may call them; made where one does not name its file as it is.
    paths: OnceLock<Paths>,
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

/// What a link leads to.
#[derive(Debug)]
pub enum Lead<'s> {
    /// No path of the project: an address with a scheme or a host, or a footnote.
    Elsewhere,
    /// A page, as an index into [`Site::pages`]: of several that a file has, the one that is meant.
    Page {
        /// Which.
        page: usize,
        /// Where on it.
        spot: Spot,
    },
    /// A file that is used as an image or a sound.
    Medium(&'s Media),
    /// What is no page: the path, relative to the project's root, there or not.
    File(String),
}

/// A place on a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Spot {
    /// Its beginning.
    Top,
    /// An id of a heading or a card.
    Id(String),
    /// An id in raw HTML, as it is on the page.
    Raw(String),
    /// Nothing: the page has no such id.
    Missing,
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
        let (note_pages, paths) = (vec![None; collection.notes.len()], OnceLock::new());
        let mut site = Self { collection, pages, note_pages, sources, paths, names };
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
    pub fn target(&self, from: &Page<'_>, url: &str) -> Target {
        match self.lead(from.source, url) {
            Lead::Elsewhere => Target::Same,
            Lead::Medium(media) => Target::Address(format!("{}media/{}", from.to_root(), media.name)),
            Lead::File(_) => Target::Nowhere,
            Lead::Page { page, spot } => {
                let Some(page) = self.pages.get(page) else { return Target::Nowhere };
                let is_own = url.trim_start().starts_with('#');
                match spot {
                    Spot::Id(id) | Spot::Raw(id) if is_own && page.path == from.path => {
                        Target::Address(format!("#{id}"))
                    }
                    Spot::Missing if is_own => Target::Nowhere,
                    Spot::Id(id) | Spot::Raw(id) => {
                        Target::Address(format!("{}{}.html#{id}", from.to_root(), page.path))
                    }
                    Spot::Top | Spot::Missing => Target::Address(format!("{}{}.html", from.to_root(), page.path)),
                }
            }
        }
    }

    /// What a link in a file leads to. `file` is the path of its source.
    pub fn lead(&self, file: &str, url: &str) -> Lead<'_> {
        let url = url.trim();
        if !address::is_path(url) {
            return Lead::Elsewhere;
        }
        let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
        let path = address::percent_decode(path.split('?').next().unwrap_or_default());
        if path.is_empty() {
            return match self.sources.get(file) {
                Some(_) if anchors::is_footnote(fragment) => Lead::Elsewhere,
                Some(chapter) => self.page(chapter, fragment),
                None => Lead::File(file.to_owned()),
            };
        }
        let found = self.bases(file, &path).map(|base| paths::resolve(file, &path, base));
        let mut found = found.collect::<Vec<String>>();
        for place in &found {
            if let Some(chapter) = self.chapter_at(place) {
                return self.page(chapter, fragment);
            }
            let media = &self.collection.media;
            let medium = media.binary_search_by(|media| media.path.as_str().cmp(place)).ok();
            if let Some(media) = medium.and_then(|index| media.get(index)) {
                return Lead::Medium(media);
            }
        }
        let is_read = found.iter().any(|place| self.paths().has_read(place));
        let called = self.paths().called(&path, file).filter(|_| !is_read);
        match called.and_then(|source| self.sources.get(source)) {
            Some(chapter) => self.page(chapter, fragment),
            None => Lead::File(if found.is_empty() { String::new() } else { found.swap_remove(0) }),
        }
    }

    /// A file of notes whose name a path has that leads to nothing.
    pub fn namesake(&self, path: &str) -> Option<&str> {
        self.paths().namesake(path)
    }

    /// What links to a file may say behind their `#`, by the path of its source.
    pub fn anchors(&self, source: &str) -> Option<impl ExactSizeIterator<Item = &str>> {
        self.sources.get(source).map(|chapter| self.anchors_of(chapter).all())
    }

    /// The folders that a path goes from: one that starts with `/` from the content, and else from the root.
    fn bases(&self, file: &str, path: &str) -> impl Iterator<Item = &str> {
        let chapter = self.sources.get(file).and_then(|chapter| self.pages.get(chapter.pages.start));
        let base = chapter.map_or("", |page| before(page.source, &page.chapter.path));
        let root = (path.starts_with('/') && !base.is_empty()).then_some("");
        std::iter::once(base).chain(root)
    }

    fn chapter_at(&self, path: &str) -> Option<&ChapterPages> {
        self.sources.get(path).or_else(|| self.sources.get(self.paths().at(path)?))
    }

    fn paths(&self) -> &Paths {
        self.paths.get_or_init(|| {
            let files = self.pages.iter().filter(|page| !page.is_part).map(|page| page.source);
            Paths::new(files, self.collection.sources.iter().map(|file| file.path.as_str()))
        })
    }

    fn anchors_of<'s>(&'s self, chapter: &'s ChapterPages) -> &'s Anchors {
        chapter
            .anchors
            .get_or_init(|| Anchors::new(self.pages.get(chapter.pages.clone()).unwrap_or_default(), self.collection))
    }

    /// The page of a chapter that a fragment is on.
    fn page(&self, chapter: &ChapterPages, fragment: &str) -> Lead<'_> {
        let first = chapter.pages.start;
        if anchors::is_anywhere(fragment) {
            return Lead::Page { page: first, spot: Spot::Top };
        }
        match self.anchors_of(chapter).find(&address::percent_decode(fragment)) {
            Some(Place { page, id, is_raw: true }) => Lead::Page { page: first + page, spot: Spot::Raw(id.clone()) },
            Some(Place { page, id, is_raw: false }) => Lead::Page { page: first + page, spot: Spot::Id(id.clone()) },
            None => Lead::Page { page: first, spot: Spot::Missing },
        }
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
