//! Turns an author's own table of contents into what stands in `SUMMARY.md` behind the start pages.
//!
//! Knows what mdBook allows there: chapters without a number stand before all lists or behind them, and none lies deeper than
//! one below the chapter before it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::text;
use crate::ir::OutlineEntry;
use crate::site::pages::{Page, Site};

/// Writes all pages down, but for the start page. Those that no entry names stand behind those with a number.
pub(super) fn write(site: &Site<'_>, summary: &mut String) {
    let entries = &site.collection.outline;
    let is_numbered = |entry: &OutlineEntry| match entry {
        OutlineEntry::Part { .. } | OutlineEntry::Chapter { depth: Some(_), .. } => true,
        OutlineEntry::Separator | OutlineEntry::Chapter { depth: None, .. } => false,
    };
    let first = entries.iter().position(is_numbered).unwrap_or(entries.len());
    let behind = entries.iter().rposition(is_numbered).map_or(entries.len(), |last| last + 1);
    let mut contents = Contents { pages: pages(site), out: summary, depth: None, begun: Begun::Nothing };
    for (index, entry) in entries.iter().enumerate() {
        if index == behind {
            contents.unnamed(site);
        }
        contents.entry(entry, (first..behind).contains(&index));
    }
    if behind == entries.len() {
        contents.unnamed(site);
    }
}

fn named(entry: &OutlineEntry) -> Option<&str> {
    match entry {
        OutlineEntry::Chapter { path, .. } => path.as_deref(),
        OutlineEntry::Part { .. } | OutlineEntry::Separator => None,
    }
}

/// Path of a chapter → its pages.
fn pages<'s>(site: &'s Site<'_>) -> HashMap<&'s str, Vec<&'s Page<'s>>> {
    let mut pages: HashMap<&str, Vec<&Page<'_>>> = HashMap::new();
    for page in site.pages.iter().filter(|page| page.path != "index") {
        pages.entry(page.chapter.path.as_str()).or_default().push(page);
    }
    pages
}

struct Contents<'o, 's> {
    /// What is still to be written. Only looked up, never walked, so the order does not matter.
    pages: HashMap<&'s str, Vec<&'s Page<'s>>>,
    out: &'o mut String,
    /// How deep the chapter before is, in this list.
    depth: Option<usize>,
    begun: Begun<'s>,
}

/// What begins with the next chapter: a part without one is left out.
enum Begun<'s> {
    Nothing,
    Part(&'s str),
    Rule,
}

impl<'s> Contents<'_, 's> {
    fn entry(&mut self, entry: &'s OutlineEntry, in_list: bool) {
        match entry {
            OutlineEntry::Part { title } => self.begun = Begun::Part(title),
            OutlineEntry::Separator => self.begun = Begun::Rule,
            OutlineEntry::Chapter { title, path, depth } => {
                let depth = if in_list { Some(depth.unwrap_or_default()) } else { None };
                match path.as_ref().map(|path| self.pages.remove(path.as_str())) {
                    // One that is still to be written.
                    None if title.is_empty() => {}
                    None => {
                        let draft = format!("[{}]()", text::escape(title));
                        self.line(&draft, depth);
                    }
                    Some(None) => {}
                    Some(Some(pages)) => self.chapter(&pages, depth),
                }
            }
        }
    }

    fn unnamed(&mut self, site: &'s Site<'_>) {
        let named: HashSet<&str> = site.collection.outline.iter().filter_map(named).collect();
        self.begun = Begun::Rule;
        let chapters = site.pages.iter().map(|page| page.chapter.path.as_str());
        for path in chapters.filter(|path| !named.contains(path)) {
            if let Some(pages) = self.pages.remove(path) {
                self.chapter(&pages, Some(0));
            }
        }
        self.begun = Begun::Nothing;
    }

    /// A chapter with its further parts.
    fn chapter(&mut self, pages: &[&Page<'_>], depth: Option<usize>) {
        for (index, page) in pages.iter().enumerate() {
            self.line(&text::link(&page.title, &page.path), depth.map(|depth| depth + usize::from(index > 0)));
        }
    }

    fn line(&mut self, link: &str, depth: Option<usize>) {
        match std::mem::replace(&mut self.begun, Begun::Nothing) {
            Begun::Nothing => {}
            Begun::Part(title) => {
                let _ = write!(self.out, "\n# {}\n\n", text::escape(title));
                self.depth = None;
            }
            Begun::Rule => {
                self.out.push_str("\n---\n\n");
                self.depth = None;
            }
        }
        if let Some(depth) = depth {
            let depth = self.depth.map_or(0, |before| depth.min(before + 1));
            let _ = writeln!(self.out, "{}- {link}", "    ".repeat(depth));
            self.depth = Some(depth);
        } else {
            let end_of_list = if self.depth.take().is_some() { "\n" } else { "" };
            let _ = write!(self.out, "{end_of_list}{link}\n\n");
        }
    }
}
