//! Turns `SUMMARY.md` and the chapters into the tree that mdBook renders, as mdBook itself reads it from the disk.
//!
//! Knows no disk.

use std::collections::BTreeMap;

use mdbook_core::book::{Book, BookItem, Chapter};
use mdbook_summary::{Link, SummaryItem, parse_summary};

/// The book; a chapter whose text is not there is empty.
///
/// # Errors
/// The text is no table of contents: why, in a phrase.
pub(super) fn book(summary: &str, chapters: &BTreeMap<String, String>) -> Result<Book, String> {
    let summary = parse_summary(summary).map_err(|cause| format!("{cause:#}"))?;
    let items = summary.prefix_chapters.iter().chain(&summary.numbered_chapters).chain(&summary.suffix_chapters);
    Ok(Book::new_with_items(items.map(|item| read(item, &[], chapters)).collect()))
}

fn read(item: &SummaryItem, above: &[String], chapters: &BTreeMap<String, String>) -> BookItem {
    if let SummaryItem::Link(link) = item {
        return BookItem::Chapter(chapter(link, above, chapters));
    }
    if let SummaryItem::PartTitle(title) = item {
        return BookItem::PartTitle(title.clone());
    }
    BookItem::Separator
}

/// As deep as lists nest, which the reader of notes bounds.
fn chapter(link: &Link, above: &[String], chapters: &BTreeMap<String, String>) -> Chapter {
    let names = above.to_vec();
    let mut chapter = match &link.location {
        Some(path) => {
            let text = path.to_str().and_then(|path| chapters.get(path)).cloned().unwrap_or_default();
            Chapter::new(&link.name, text, path, names)
        }
        None => Chapter::new_draft(&link.name, names),
    };
    chapter.number.clone_from(&link.number);
    let below = [above, std::slice::from_ref(&link.name)].concat();
    chapter.sub_items = link.nested_items.iter().map(|item| read(item, &below, chapters)).collect();
    chapter
}
