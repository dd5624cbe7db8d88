//! Turns the pages into `SUMMARY.md`, mdBook's table of contents.
//!
//! Knows mdBook's rules for that file: chapters before the first list have no number, a heading starts a part, and a rule
//! ends one.

use std::fmt::Write as _;

use super::start::Start;
use super::{contents, text};
use crate::site::pages::{Page, Site};
use crate::text::path::parent;

/// The start pages, then the others in reading order: as the author's own table of contents has them, else a folder is a part
/// of its own.
pub(super) fn summary(site: &Site<'_>, start: &Start<'_>) -> String {
    let mut summary = String::from("# Summary\n\n");
    let _ = write!(summary, "{}\n\n", text::link(&start.title, "index"));
    for page in &start.pages {
        if page.path != "index" {
            let _ = write!(summary, "{}\n\n", text::link(&page.title, &page.path));
        }
    }
    if !site.collection.outline.is_empty() {
        contents::write(site, &mut summary);
        return summary;
    }
    let mut folder = "";
    for page in site.pages.iter().filter(|page| page.path != "index") {
        let here = parent(&page.chapter.path);
        if here != folder {
            let part = part_title(site, here);
            let _ = if here.is_empty() { write!(summary, "\n---\n\n") } else { write!(summary, "\n# {part}\n\n") };
            folder = here;
        }
        let indent = if page.is_part && !is_on_start(page) { "    " } else { "" };
        let _ = writeln!(summary, "{indent}- {}", text::link(&page.title, &page.path));
    }
    summary
}

/// Whether the chapter starts on the start page, which has no number for parts to hang on.
fn is_on_start(page: &Page<'_>) -> bool {
    !page.path.contains('/')
}

/// What a folder is called: by the file that introduces it, else by its name and those above it.
fn part_title(site: &Site<'_>, folder: &str) -> String {
    let is_introduction =
        |page: &&Page<'_>| page.path.ends_with("/index") && !page.is_part && parent(&page.chapter.path) == folder;
    match site.pages.iter().find(is_introduction) {
        Some(page) => text::escape(&page.title),
        None => text::escape(&folder.replace(['-', '_'], " ").replace('/', " › ")),
    }
}
