//! Turns a page into what it was the last time, where it is made of the same.
//!
//! Knows nothing of how pages look.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::Hash;

use super::chapter::{Look, chapter};
use crate::artifact::{Ingredients, KeptPage, Key, Made};
use crate::ir::Footnote;
use crate::site::pages::{Page, Part, Site, Target};

/// The page with this index in [`Site::pages`], and `overview` at its end; one that is kept, where there is one that would be
/// made the same.
pub(super) fn page(
    index: usize,
    site: &Site<'_>,
    look: &Look<'_>,
    overview: &str,
    kept: Option<&Made<KeptPage>>,
) -> KeptPage {
    let Some(page) = site.pages.get(index) else {
        return KeptPage { recipe: String::new().into(), has_math: false, links: Vec::new() };
    };
    let key = kept.map(|_| key(index, page, site, look, overview));
    let leads_there = |(url, target): &(String, String)| shown(&site.target(page, url)) == *target;
    let before = kept.zip(key).and_then(|(kept, key)| kept.take(key)).filter(|kept| kept.links.iter().all(leads_there));
    let made = before.unwrap_or_else(|| {
        let links = RefCell::new(BTreeMap::new());
        let follow = |url: &str| {
            let target = site.target(page, url);
            links.borrow_mut().entry(url.to_owned()).or_insert_with(|| shown(&target));
            target
        };
        let text = chapter(index, site, look, &follow) + overview;
        let has_math = text.contains("<math");
        KeptPage { recipe: text.into(), has_math, links: links.into_inner().into_iter().collect() }
    });
    if let Some((kept, key)) = kept.zip(key) {
        kept.put([(key, made.clone())]);
    }
    made
}

/// All that a page is made of, but for where its links lead.
fn key(index: usize, page: &Page<'_>, site: &Site<'_>, look: &Look<'_>, overview: &str) -> Key {
    let mut made_of = Ingredients::default();
    (&page.path, &page.title, page.is_part, &page.ids, &look.study, overview).hash(&mut made_of);
    page.chapter.trusts_html.hash(&mut made_of);
    for Footnote { number, blocks } in &page.chapter.footnotes {
        (number, blocks).hash(&mut made_of);
    }
    for media in &site.collection.media {
        (&media.path, &media.name).hash(&mut made_of);
    }
    for part in &page.parts {
        match part {
            Part::Prose(block) => ("prose", block).hash(&mut made_of),
            Part::Note(note) => ("note", site.collection.notes.get(*note)).hash(&mut made_of),
        }
    }
    let is_same = |other: &&Page<'_>| std::ptr::eq(other.chapter, page.chapter);
    for part in site.pages.iter().skip(index + 1).take_while(is_same) {
        (&part.path, &part.title).hash(&mut made_of);
    }
    made_of.key()
}

fn shown(target: &Target) -> String {
    match target {
        Target::Same => "=".to_owned(),
        Target::Address(address) => format!(">{address}"),
        Target::Nowhere => String::new(),
    }
}
