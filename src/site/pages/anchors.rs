//! Turns headings and notes into the ids that links name them by.
//!
//! Knows how forges and mdBook make an id of a heading.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Page, Part};
use crate::ir::{Block, BlockKind, Collection, Note, plain_text};
use crate::text::heading_id::heading_id;
use crate::text::own_id::own_id;

/// What a link's fragment may say → the page within its chapter, and the id there.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    places: BTreeMap<String, (usize, String)>,
}

impl Anchors {
    /// Collects the anchors of a chapter. The first of equal ones is meant.
    pub(super) fn new(pages: &[Page<'_>], collection: &Collection) -> Self {
        let mut anchors = Self::default();
        for (index, page) in pages.iter().enumerate() {
            let mut ids = page.ids.iter();
            for part in &page.parts {
                match part {
                    Part::Prose(block) => {
                        let BlockKind::Heading { content, .. } = &block.kind else { continue };
                        let Some(id) = ids.next() else { continue };
                        anchors.add(id.clone(), index, id);
                        anchors.add(heading_id(&plain_text(content)), index, id);
                    }
                    Part::Note(note) => {
                        let Some(note) = collection.notes.get(*note) else { continue };
                        for (start, end) in
                            CARD_STARTS.into_iter().flat_map(|start| [(start, ""), (start, SECOND_CARD)])
                        {
                            let id = format!("{start}{}{end}", note.guid);
                            anchors.add(id.clone(), index, &id);
                        }
                        let id = format!("c-{}", note.guid);
                        note.id.iter().for_each(|own| anchors.add(own.clone(), index, &id));
                        anchors.add(heading_id(&title(note)), index, &id);
                    }
                }
            }
        }
        anchors
    }

    /// The place of a fragment.
    pub(super) fn find(&self, fragment: &str) -> Option<&(usize, String)> {
        self.places.get(fragment)
    }

    fn add(&mut self, anchor: String, page: usize, id: &str) {
        self.places.entry(anchor).or_insert_with(|| (page, id.to_owned()));
    }
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
    let unique = |(content, id): (&Vec<_>, &Option<String>)| {
        let wish = id.clone().filter(|id| is_plain(id)).unwrap_or_else(|| heading_id(&plain_text(content)));
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
