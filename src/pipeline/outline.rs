//! Turns an author's own table of contents into the order of the chapters, and what they are called.
//!
//! Knows which files there are; how the table is written is up to [`markdown`].

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Collection, OutlineEntry};
use crate::markdown::{self, Entry};
use crate::source::SourceId;
use crate::text::address;
use crate::text::path::fold;

/// The name of the table: mdBook's, and no other.
pub(super) const FILE: &str = "SUMMARY.md";

/// What a table of contents says.
pub(super) struct Outline {
    /// Its lines.
    pub(super) entries: Vec<OutlineEntry>,
    /// Chapter's path → its place in the order, of those that it names. Those that it does not name stand between
    /// [`LAST_NUMBERED`] and those behind it.
    pub(super) places: HashMap<String, usize>,
    /// What is wrong with it.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The place of chapters that no entry names: behind those with a number, before those without one that close the book.
pub(super) const UNNAMED: usize = usize::MAX / 2;

/// Reads a table; `None` where the text is none of these chapters. `exists` says whether there is a file at a path, though it
/// holds no notes.
pub(super) fn read(id: SourceId, text: &str, chapters: &[&str], exists: impl Fn(&str) -> bool) -> Option<Outline> {
    let entries = markdown::read_summary(id, text)?;
    let known: BTreeMap<String, &str> = chapters.iter().rev().map(|chapter| (fold(chapter), *chapter)).collect();
    let exact: BTreeMap<&str, &str> = chapters.iter().map(|chapter| (*chapter, *chapter)).collect();
    let mut outline = Outline { entries: Vec::new(), places: HashMap::new(), diagnostics: Vec::new() };
    let (mut is_numbered, mut count) = (false, 0);
    for entry in entries {
        let (title, url, depth, span) = match entry {
            Entry::Part(title) => {
                is_numbered = true;
                outline.entries.push(OutlineEntry::Part { title });
                continue;
            }
            Entry::Separator => {
                outline.entries.push(OutlineEntry::Separator);
                continue;
            }
            Entry::Chapter { title, url, depth, span } => (title, url, depth, span),
        };
        is_numbered |= depth.is_some();
        let wanted = chapter_path(&url);
        let found = exact.get(wanted.as_str()).copied().or_else(|| known.get(&fold(&wanted)).copied());
        if found.is_none() && !url.is_empty() && !exists(&wanted) {
            let message = format!("there is no `{wanted}`");
            let help = "write the file, mend the path, or leave the address empty until there is one";
            outline.diagnostics.push(Diagnostic::new(Code::DeadLink, span, message).caret("no such file").help(help));
        }
        let closes = is_numbered && depth.is_none();
        let place = count + if closes { UNNAMED + 1 } else { 0 };
        count += 1;
        // A file is one chapter: where it is named again, the first time counts.
        let path = found.filter(|path| !outline.places.contains_key(*path)).map(str::to_owned);
        if found.is_some() && path.is_none() {
            continue;
        }
        outline.places.extend(path.clone().map(|path| (path, place)));
        outline.entries.push(OutlineEntry::Chapter { title, path, depth });
    }
    (!outline.places.is_empty()).then_some(outline)
}

/// Calls the chapters as the outline does.
pub(super) fn name_chapters(collection: &mut Collection) {
    let named = collection.outline.iter().filter_map(|entry| match entry {
        OutlineEntry::Chapter { title, path: Some(path), .. } if !title.is_empty() => Some((path.as_str(), title)),
        OutlineEntry::Chapter { .. } | OutlineEntry::Part { .. } | OutlineEntry::Separator => None,
    });
    let titles: HashMap<&str, &String> = named.collect();
    for chapter in &mut collection.chapters {
        if let Some(title) = titles.get(chapter.path.as_str()) {
            (*title).clone_into(&mut chapter.title);
        }
    }
}

/// The path that a link of the table means, relative to its folder.
fn chapter_path(url: &str) -> String {
    let path = address::percent_decode(url.split(['#', '?']).next().unwrap_or_default());
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order in which the chapters are read, and what is reported.
    fn order(text: &str, chapters: &[&str]) -> Option<(String, usize)> {
        let outline = read(SourceId(0), text, chapters, |path| path == "there.md")?;
        let mut sorted = chapters.to_vec();
        sorted.sort_by_key(|chapter| outline.places.get(*chapter).copied().unwrap_or(UNNAMED));
        Some((sorted.join(" "), outline.diagnostics.len()))
    }

    #[test]
    fn chapters_are_read_as_the_table_has_them() {
        let chapters = ["a.md", "b c.md", "d/e.md", "f.md", "last.md", "zz.md"];
        let text = "[F](./f.md)\n\n- [E](D/E.md)\n  - [B](<b c.md>)\n- [there](there.md)\n- [no](no.md)\n- [again](f.md#x)\n- []()\n\n\
            [Last](last.md)\n";
        assert_eq!(order(text, &chapters), Some(("f.md d/e.md b c.md a.md zz.md last.md".to_owned(), 1)));
        assert_eq!(order("- [x](b%20c.md)\n", &chapters).unwrap().0, "b c.md a.md d/e.md f.md last.md zz.md");
        assert_eq!(order("- [x](y.md)\n", &chapters), None);
        assert_eq!(order("## Question?\n\nAnswer.\n", &chapters), None);
    }
}
