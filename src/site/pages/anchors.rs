//! Turns headings and notes into the ids that links name them by.
//!
//! Knows how forges and mdBook make an id of a heading.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Page, Part};
use crate::ir::{Block, BlockKind, Child, Collection, InlineKind, Note, RawHtml, plain_text};
use crate::text::heading_id::heading_id;
use crate::text::own_id::own_id;
use crate::text::{entity, tags};

/// What a link's fragment may say → what it means.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    places: BTreeMap<String, Place>,
    /// Of each heading's id, how many headings had it: forges and mdBook count the further ones from 1.
    numbers: BTreeMap<String, u32>,
}

/// An id, and the page within its chapter.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) page: usize,
    pub(super) id: String,
    /// Whether an author gave it, in raw HTML.
    pub(super) is_raw: bool,
}

impl Anchors {
    /// Collects the anchors of a chapter. The first of equal ones is meant.
    pub(super) fn new(pages: &[Page<'_>], collection: &Collection) -> Self {
        let mut anchors = Self::default();
        for (index, page) in pages.iter().enumerate() {
            let mut ids = page.ids.iter();
            let trusts_html = page.chapter.trusts_html;
            for part in &page.parts {
                match part {
                    Part::Prose(block) => {
                        if let BlockKind::Heading { content, .. } = &block.kind
                            && let Some(id) = ids.next()
                        {
                            anchors.add(id.clone(), index, id);
                            anchors.heading(&plain_text(content), index, id);
                        }
                        anchors.content(std::slice::from_ref(*block), index, None, trusts_html);
                    }
                    Part::Note(note) => {
                        collection.notes.get(*note).into_iter().for_each(|note| anchors.note(note, index));
                    }
                }
            }
        }
        anchors
    }

    /// The place of a fragment, percent-decoded: an id, or a heading's text as editors of vaults write it, behind those above it.
    pub(super) fn find(&self, fragment: &str) -> Option<&Place> {
        let heading = || heading_id(fragment.rsplit('#').next().unwrap_or_default());
        self.places.get(fragment).or_else(|| self.places.get(&heading()))
    }

    /// All that a fragment may say, in order.
    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    fn note(&mut self, note: &Note, page: usize) {
        for (start, end) in CARD_STARTS.into_iter().flat_map(|start| [(start, ""), (start, SECOND_CARD)]) {
            let id = format!("{start}{}{end}", note.guid);
            self.add(id.clone(), page, &id);
        }
        let id = format!("c-{}", note.guid);
        note.id.iter().for_each(|own| self.add(own.clone(), page, &id));
        self.heading(&title(note), page, &id);
        note.contents().for_each(|blocks| self.content(blocks, page, Some(&id), note.trusts_html));
    }

    /// What a heading is called on forges and by mdBook.
    fn heading(&mut self, text: &str, page: usize, id: &str) {
        let name = heading_id(text);
        let number = self.numbers.entry(name.clone()).and_modify(|number| *number += 1).or_default();
        let numbered = if *number == 0 { name } else { format!("{name}-{number}") };
        self.add(numbered, page, id);
    }

    /// The ids in raw HTML, and the headings in notes, whose card is meant by them.
    fn content(&mut self, blocks: &[Block], page: usize, card: Option<&str>, trusts_html: bool) {
        for block in blocks {
            if let BlockKind::Html { html } = &block.kind {
                self.raw(html, page, trusts_html);
            }
            if let (BlockKind::Heading { content, id, .. }, Some(card)) = (&block.kind, card) {
                if let Some(id) = id {
                    self.add(id.to_string(), page, card);
                }
                self.heading(&plain_text(content), page, card);
            }
            block.for_each_child(&mut |child| self.child(child, page, card, trusts_html));
        }
    }

    fn child(&mut self, child: Child<'_>, page: usize, card: Option<&str>, trusts_html: bool) {
        match child {
            Child::Blocks(blocks) => self.content(blocks, page, card, trusts_html),
            Child::Inlines(content) => {
                for inline in content {
                    if let InlineKind::Html { html } = &inline.kind {
                        self.raw(html, page, trusts_html);
                    }
                    inline.child().into_iter().for_each(|child| self.child(child, page, card, trusts_html));
                }
            }
            Child::Runs(_) => {}
        }
    }

    fn raw(&mut self, html: &RawHtml, page: usize, trusts_html: bool) {
        let attributes = tags::tags(&html.text).flat_map(|tag| tag.attributes());
        for id in attributes.filter(|one| one.name.eq_ignore_ascii_case("id")).filter_map(|one| one.value) {
            let id = entity::decode(id);
            let on_page = if trusts_html { Cow::Borrowed(id.as_ref()) } else { own_id(&id) };
            for anchor in [id.as_ref(), on_page.as_ref()] {
                let place = || Place { page, id: on_page.clone().into_owned(), is_raw: true };
                self.places.entry(anchor.to_owned()).or_insert_with(place);
            }
        }
    }

    fn add(&mut self, anchor: String, page: usize, id: &str) {
        self.places.entry(anchor).or_insert_with(|| Place { page, id: id.to_owned(), is_raw: false });
    }
}

/// Whether a fragment means a page as a whole: none, its top, a line of its text (of forges), a text on it, a block that an
/// editor of vaults numbered.
pub(super) fn is_anywhere(fragment: &str) -> bool {
    let is_line = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
        || fragment.starts_with([':', '^'])
        || fragment.starts_with("%5E")
        || fragment.strip_prefix('L').is_some_and(is_line)
}

/// The ids of the headings among the parts, each once: the author's own, else their [id](heading_id).
pub(super) fn ids(parts: &[Part<'_>], notes: &[Note]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    // Of a heading that stands there a thousand times, each finds its number at once.
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let note = |part: &Part<'_>| if let Part::Note(note) = part { notes.get(*note) } else { None };
    let guids =
        LazyCell::new(|| parts.iter().filter_map(note).map(|note| note.guid.0.as_str()).collect::<BTreeSet<_>>());
    let is_of_card = |id: &str| CARD_STARTS.iter().any(|start| id.starts_with(start)) && is_of_card(id, &guids);
    let headings = parts.iter().filter_map(|part| match part {
        Part::Prose(Block { kind: BlockKind::Heading { content, id, .. }, .. }) => Some((content, id)),
        Part::Prose(_) | Part::Note(_) => None,
    });
    let unique = |(content, id): (&Vec<_>, &Option<Box<str>>)| {
        let wish =
            id.as_deref().filter(|id| is_plain(id)).map_or_else(|| heading_id(&plain_text(content)), str::to_owned);
        let wish = if is_of_page(&wish) || is_of_card(&wish) { own_id(&wish).into_owned() } else { wish };
        if taken.insert(wish.clone()) {
            return wish;
        }
        let number = numbers.entry(wish.clone()).or_default();
        loop {
            *number += 1;
            let id = format!("{wish}-{number}");
            if taken.insert(id.clone()) {
                return id;
            }
        }
    };
    headings.map(unique).collect()
}

/// Whether an id is that of one of the cards, or of its answer.
fn is_of_card(id: &str, guids: &BTreeSet<&str>) -> bool {
    let Some(rest) = CARD_STARTS.iter().find_map(|start| id.strip_prefix(start)) else { return false };
    guids.contains(rest) || rest.strip_suffix(SECOND_CARD).is_some_and(|rest| guids.contains(rest))
}

/// What the ids of cards and answers start with, and the second ones' end with; a GUID stands between.
const CARD_STARTS: [&str; 2] = ["c-", "a-"];
const SECOND_CARD: &str = "-2";

/// Whether an id is one of mdBook's own, which its scripts look for, or a footnote's.
fn is_of_page(id: &str) -> bool {
    id.starts_with("mdbook-") || id.starts_with("fa-") || is_footnote(id)
}

/// Whether an id is one that the book gives to a footnote.
pub(super) fn is_footnote(id: &str) -> bool {
    id.strip_prefix("fn-").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Whether an id can stand in a Markdown heading's attributes.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

/// The heading that a note was written under.
fn title(note: &Note) -> String {
    let [blocks, _] = note.sides();
    if let Some(BlockKind::Paragraph { content }) = blocks.first().map(|block| &block.kind) {
        plain_text(content)
    } else {
        String::new()
    }
}
