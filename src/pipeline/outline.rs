//! Turns an author's own table of contents into the order of the chapters, and what they are called.
//!
//! Knows which files there are; how the table is written is up to [`markdown`].

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Code, Diagnostic};
use crate::files::Lead;
use crate::ir::{Collection, OutlineEntry};
use crate::markdown::{self, Entry};
use crate::source::{SourceId, Span};
use crate::text::address;
use crate::text::extension::is_markdown;
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

/// Reads a table; `None` where the text is none of these chapters. `lead` says what is at a path, though it holds no notes.
pub(super) fn read(id: SourceId, text: &str, chapters: &[&str], lead: impl Fn(&str) -> Lead) -> Option<Outline> {
    let entries = markdown::read_summary(id, text)?;
    let known: BTreeMap<String, &str> = chapters.iter().rev().map(|chapter| (fold(chapter), *chapter)).collect();
    let exact: BTreeMap<&str, &str> = chapters.iter().map(|chapter| (*chapter, *chapter)).collect();
    let mut outline = Outline { entries: Vec::new(), places: HashMap::new(), diagnostics: Vec::new() };
    let (mut is_numbered, mut count, mut first, mut is_table) = (false, 0, None, true);
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
        if found.is_none() && !url.is_empty() {
            outline.diagnostics.extend(lost(&url, &wanted, &lead, span));
            first = first.or(Some(span));
            // A list of addresses is a page, and no table.
            is_table = is_table && address::scheme(&url).is_none();
        }
        let closes = is_numbered && depth.is_none();
        let place = count + if closes { UNNAMED + 1 } else { 0 };
        count += 1;
        // A file is one chapter: where it is named again, the first time counts.
        let path = found.filter(|path| !outline.places.contains_key(*path)).map(str::to_owned);
        if found.is_some() && path.is_none() {
            let found = Diagnostic::new(Code::LostChapter, span, format!("`{wanted}` is a chapter already"));
            let help = "take one of the links out, or leave its address empty: a file is one chapter";
            outline.diagnostics.push(found.caret("named again").help(help));
            continue;
        }
        outline.places.extend(path.clone().map(|path| (path, place)));
        outline.entries.push(OutlineEntry::Chapter { title, path, depth });
    }
    if outline.places.is_empty() && outline.diagnostics.is_empty() {
        outline.diagnostics.extend(first.map(|first| {
            Diagnostic::new(Code::LostChapter, first, "no link of this table of contents leads to a chapter")
                .caret("holds no notes")
                .help("a file is a chapter where a deck is in effect for it")
        }));
    }
    (is_table || !outline.places.is_empty()).then_some(outline)
}

/// What is to be said of a link that leads to no chapter.
fn lost(url: &str, wanted: &str, lead: &impl Fn(&str) -> Lead, span: Span) -> Option<Diagnostic> {
    if address::scheme(url).is_some() || url.starts_with("//") {
        let found = Diagnostic::new(Code::LostChapter, span, "this address is no chapter");
        return Some(found.caret("leads out of the book").help("link to it in a chapter"));
    }
    let dead = |message: String| Diagnostic::new(Code::DeadLink, span, message);
    match lead(wanted) {
        Lead::Nothing => Some(
            dead(format!("there is no `{wanted}`"))
                .caret("no such file")
                .help("write the file, mend the path, or leave the address empty until there is one"),
        ),
        Lead::Outside => Some(
            dead(format!("`{wanted}` leads out of the project"))
                .caret("not a file of ours")
                .help("put the file beside the table, or below its folder"),
        ),
        // Files for which no deck is in effect are pages of nobody.
        Lead::File(_) if is_markdown(wanted) && !wanted.starts_with("../") => None,
        Lead::File(_) | Lead::Folder | Lead::Special => Some(
            Diagnostic::new(Code::LostChapter, span, format!("`{wanted}` is no chapter"))
                .caret("no Markdown file below the folder of this table")
                .help("link to it in a chapter"),
        ),
    }
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
    fn order(text: &str, chapters: &[&str]) -> Option<(String, Vec<String>)> {
        let lead = |path: &str| match path {
            "there.md" | "t.txt" | "../up.md" => Lead::File("x".into()),
            "../out.md" => Lead::Outside,
            _ => Lead::Nothing,
        };
        let outline = read(SourceId(0), text, chapters, lead)?;
        let mut sorted = chapters.to_vec();
        sorted.sort_by_key(|chapter| outline.places.get(*chapter).copied().unwrap_or(UNNAMED));
        let said = outline.diagnostics.iter().map(|found| format!("{}: {}", found.code.name(), found.message));
        Some((sorted.join(" "), said.collect()))
    }

    #[test]
    fn chapters_are_read_as_the_table_has_them() {
        let chapters = ["a.md", "b c.md", "d/e.md", "f.md", "last.md", "zz.md"];
        let text = "[F](./f.md)\n\n- [E](D/E.md)\n  - [B](<b c.md>)\n- [there](there.md)\n- [no](no.md)\n- []()\n\n\
            [Last](last.md)\n";
        let (sorted, said) = order(text, &chapters).unwrap();
        assert_eq!(sorted, "f.md d/e.md b c.md a.md zz.md last.md");
        assert_eq!(said, ["dead-link: there is no `no.md`"]);
        assert_eq!(order("- [x](b%20c.md)\n", &chapters).unwrap().0, "b c.md a.md d/e.md f.md last.md zz.md");
        assert_eq!(order("## Question?\n\nAnswer.\n", &chapters), None);
    }

    #[test]
    fn links_that_make_no_chapter_are_said() {
        let said = |text: &str| order(text, &["a.md", "b.md"]).map(|(_, said)| said.join("; "));
        for (text, expected) in [
            ("- [x](a.md)\n- [y](A.md#z)\n", "lost-chapter: `A.md` is a chapter already"),
            ("- [x](a.md)\n- [y](https://a.org/a.md)\n", "lost-chapter: this address is no chapter"),
            ("- [x](a.md)\n- [y](mailto:a@b.c)\n", "lost-chapter: this address is no chapter"),
            ("- [x](a.md)\n- [y](//a.org/a.md)\n", "lost-chapter: this address is no chapter"),
            ("- [x](a.md)\n- [y](t.txt)\n", "lost-chapter: `t.txt` is no chapter"),
            ("- [x](a.md)\n- [y](../up.md)\n", "lost-chapter: `../up.md` is no chapter"),
            ("- [x](a.md)\n- [y](../out.md)\n", "dead-link: `../out.md` leads out of the project"),
            ("- [x](y.md)\n", "dead-link: there is no `y.md`"),
            ("- [x](there.md)\n", "lost-chapter: no link of this table of contents leads to a chapter"),
            ("- [x]()\n- [y]()\n", ""),
            ("- [x](a.md)\n- [y]()\n- [z](there.md)\n", ""),
        ] {
            assert_eq!(said(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(said("- [x](https://a.org)\n- [y](https://b.org)\n"), None, "a page of addresses");
    }
}
