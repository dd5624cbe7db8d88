//! Turns `SUMMARY.md` and the chapters into the tree that mdBook renders, as mdBook itself reads it from the disk, or into
//! pieces of it.
//!
//! mdBook takes the titles of all chapters along with each page, which takes quadratic time and shows in its lists of contents
//! alone. Pieces of a book are rendered with what makes up their pages: the chapters, and those right before and behind.
//! Knows no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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

/// The paths of the chapters, in the book's order.
pub(super) fn paths(book: &Book) -> Vec<&str> {
    book.chapters().filter_map(|chapter| chapter.path.as_deref().and_then(Path::to_str)).collect()
}

/// A book in which each of these chapters has its own neighbours; those are without text, and their pages not to be taken.
pub(super) fn piece(book: &Book, wanted: &BTreeSet<&str>) -> Book {
    let chapters: Vec<&Chapter> = book.chapters().collect();
    let is_wanted =
        |chapter: &Chapter| chapter.path.as_deref().and_then(Path::to_str).is_some_and(|path| wanted.contains(path));
    let wanted: Vec<bool> = chapters.iter().map(|chapter| is_wanted(chapter)).collect();
    let is_near = |index: usize| {
        let near = wanted.get(index.saturating_sub(1)..wanted.len().min(index + 2));
        near.is_some_and(|near| near.contains(&true))
    };
    let near = chapters.iter().zip(&wanted).enumerate().filter(|(index, _)| is_near(*index));
    let item = |(_, (chapter, is_wanted)): (usize, (&&Chapter, &bool))| {
        let text = if *is_wanted { chapter.content.clone() } else { String::new() };
        let mut alone = Chapter::new(&chapter.name, text, chapter.path.clone().unwrap_or_default(), Vec::new());
        alone.number.clone_from(&chapter.number);
        BookItem::Chapter(alone)
    };
    Book::new_with_items(near.map(item).collect())
}

/// Ends a path in front of a title: a word that nobody gives to a chapter, of a character that is none.
const PATH_END: &str = "\u{FFFF}path\u{FFFF}";

/// A book of the same contents without a page. [`linked`] puts the links into what mdBook makes of it.
pub(super) fn without_pages(book: &Book) -> Book {
    let mut bare = book.clone();
    bare.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else { return };
        if let Some(path) = chapter.path.take() {
            chapter.name = format!("{}{PATH_END}{}", path.display(), chapter.name);
            chapter.content = String::new();
        }
    });
    bare
}

/// A list of contents with the links that it has where chapters have pages.
pub(super) fn linked(list: &str, is_frame: bool) -> String {
    const OPEN: &str = "<span class=\"chapter-link-wrapper\"><span>";
    let mut linked = String::with_capacity(list.len());
    let mut pieces = list.split(OPEN);
    linked.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (inner, rest) = piece.split_once("</span>").unwrap_or((piece, ""));
        let Some((before, title)) = inner.split_once(PATH_END) else {
            linked.extend([OPEN, inner, "</span>", rest]);
            continue;
        };
        // The number of a section stands before the path.
        let (number, path) = before.rsplit_once("</strong> ").map_or(("", before), |(number, path)| (number, path));
        let number_end = if number.is_empty() { "" } else { "</strong> " };
        let address = Path::new(path).with_extension("html");
        let target = if is_frame { "\" target=\"_parent\">" } else { "\">" };
        let address = address.to_string_lossy();
        let link = ["<span class=\"chapter-link-wrapper\"><a href=\"", &address, target, number, number_end, title];
        linked.extend(link);
        linked.extend(["</a>", rest]);
    }
    linked
}
