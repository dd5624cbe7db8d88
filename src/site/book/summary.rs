//! Turns the pages into `SUMMARY.md`, mdBook's table of contents.
//!
//! Knows mdBook's rules for that file: chapters before the first list have no number, a heading starts a part, and a rule
//! ends one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::start::{Start, StartPage};
use super::{contents, text};
use crate::site::pages::{Page, Site};
use crate::text::path::{file_name, parent};

/// The start pages, then the others in reading order: as the author's own table of contents has them, else a folder is a part
/// of its own.
pub(super) fn summary(site: &Site<'_>, start: &Start<'_>, folders: &BTreeMap<String, String>) -> String {
    let mut summary = String::from("# Summary\n\n");
    let _ = write!(summary, "{}\n\n", text::link(&start.title, "index"));
    let decks: Vec<String> = start.pages.iter().filter(|page| page.path != "index").map(link_to_deck).collect();
    if !decks.is_empty() {
        let _ = write!(summary, "---\n\n{}---\n\n", decks.concat());
    }
    if site.collection.outline.is_empty() {
        chapters(site, folders, !decks.is_empty(), &mut summary);
    } else {
        contents::write(site, &mut summary);
    }
    summary
}

fn link_to_deck(page: &StartPage) -> String {
    text::link(&page.title, &page.path) + "\n\n"
}

/// The chapters; those of a folder stand below the one that introduces it, else in a part of their own. `has_decks`: they
/// are told apart from pages of decks above them.
fn chapters(site: &Site<'_>, folders: &BTreeMap<String, String>, has_decks: bool, summary: &mut String) {
    let (mut folder, mut introduction) = (None, None);
    for page in site.pages.iter().filter(|page| page.path != "index") {
        let here = parent(&page.chapter.path);
        if folder != Some(here) {
            introduction = (page.path.ends_with("/index") && !page.is_part).then_some(page);
            let is_first = folder.is_none();
            let _ = match (here, introduction) {
                ("", _) if is_first && has_decks => write!(summary, "# Chapters\n\n"),
                ("", _) if is_first => Ok(()),
                (_, Some(_)) if is_first && has_decks => Ok(()),
                ("", _) | (_, Some(_)) => write!(summary, "\n---\n\n"),
                (_, None) => write!(summary, "\n# {}\n\n", part_title(folders, here)),
            };
            folder = Some(here);
        }
        let is_introduction = introduction.is_some_and(|first| std::ptr::eq(first, page));
        let is_of_introduction = introduction.is_some_and(|first| std::ptr::eq(first.chapter, page.chapter));
        let is_below = introduction.is_some() && !is_introduction;
        let depth = usize::from(is_below) + usize::from(page.is_part && !is_of_introduction && !is_on_start(page));
        let title = folders.get(here).filter(|_| is_introduction).unwrap_or(&page.title);
        let _ = writeln!(summary, "{}- {}", "    ".repeat(depth), text::link(title, &page.path));
    }
}

/// Whether the chapter starts on the start page, which has no number for parts to hang on.
fn is_on_start(page: &Page<'_>) -> bool {
    !page.path.contains('/')
}

/// What a folder is called, behind those above it: by its own settings, else by its name.
fn part_title(folders: &BTreeMap<String, String>, folder: &str) -> String {
    if let Some(title) = folders.get(folder) {
        return text::escape(title);
    }
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    let names = ends.filter_map(|end| {
        let path = folder.get(..end)?;
        Some(folders.get(path).cloned().unwrap_or_else(|| file_name(path).replace(['-', '_'], " ")))
    });
    text::escape(&names.collect::<Vec<_>>().join(" › "))
}
