//! Finds the file of notes that the path in a link means, as forges, mdBook and editors of vaults read it.
//!
//! Knows paths alone: neither disk nor pages.

use std::collections::{HashMap, HashSet};

use crate::text::extension::is_markdown;
use crate::text::path::{self, file_name, fold, parent, steps};

/// So many files of one name are compared by how near they are: of more, the first counts.
const MOST_NAMESAKES: usize = 100;

/// The files of notes by what links may call them. The maps are only looked up, never walked, so their order does not matter.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// Those that have a page, in reading order.
    files: Vec<String>,
    /// Path, [`fold`]ed, with and without its extension, and a folder (with `/` at its end) for what introduces it → which.
    by_path: HashMap<String, usize>,
    /// Name without extension, folded → which.
    by_name: HashMap<String, Vec<usize>>,
    /// All files that were read, folded, be there notes in them or not.
    read: HashSet<String>,
}

impl Paths {
    /// `files` have a page, in reading order; `read` are all.
    pub(super) fn new<'a>(files: impl Iterator<Item = &'a str>, read: impl Iterator<Item = &'a str>) -> Self {
        let files: Vec<String> = files.map(str::to_owned).collect();
        let mut paths = Self { read: read.map(fold).collect(), ..Self::default() };
        for (index, file) in files.iter().enumerate() {
            paths.by_path.entry(fold(file)).or_insert(index);
        }
        for (index, file) in files.iter().enumerate() {
            let path = fold(without_extension(file));
            let name = file_name(&path);
            if matches!(name, "readme" | "index") {
                let folder = path.strip_suffix(name).unwrap_or_default();
                paths.by_path.entry(folder.to_owned()).or_insert(index);
            }
            let namesakes = paths.by_name.entry(name.to_owned()).or_default();
            if namesakes.len() < MOST_NAMESAKES {
                namesakes.push(index);
            }
            paths.by_path.entry(path).or_insert(index);
        }
        Self { files, ..paths }
    }

    /// The file at a path, which is relative to the project's root.
    pub(super) fn at(&self, path: &str) -> Option<&str> {
        let folded = fold(path);
        let find = |path: &str| self.by_path.get(path).copied();
        let index = if let Some(page) = folded.strip_suffix(".html") {
            find(&folded).or_else(|| find(page)).or_else(|| find(page.strip_suffix("index")?))
        } else {
            find(&folded).or_else(|| find(&format!("{}/", folded.trim_end_matches('/'))))
        };
        self.file(index?)
    }

    /// Whether a file was read at a path, with or without its extension.
    pub(super) fn has_read(&self, path: &str) -> bool {
        let folded = fold(path);
        self.read.contains(&folded)
            || [".md", ".markdown"].iter().any(|end| self.read.contains(&(folded.clone() + end)))
    }

    /// The file of that name, where a path leads to none: editors of vaults write no more of a path than tells it from
    /// others. Of several the nearest to the file with the link.
    pub(super) fn called(&self, written: &str, from: &str) -> Option<&str> {
        if written.split('/').any(|part| matches!(part, "." | "..")) {
            return None;
        }
        let wish = fold(without_extension(written.trim_start_matches('/')));
        let named = self.by_name.get(file_name(&wish))?.iter().filter_map(|index| self.file(*index));
        let ends_so = |file: &&str| {
            let path = fold(without_extension(file));
            path.strip_suffix(wish.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        named.filter(ends_so).min_by_key(|file| (steps(parent(from), parent(file)), *file))
    }

    /// A file that has the name of a path that leads to nothing.
    pub(super) fn namesake(&self, path: &str) -> Option<&str> {
        self.file(*self.by_name.get(file_name(&fold(without_extension(path))))?.first()?)
    }

    fn file(&self, index: usize) -> Option<&str> {
        self.files.get(index).map(String::as_str)
    }
}

/// The path that another one means in a file; what leads out of the root starts with `..`. One that starts with `/` goes
/// from `base`.
pub(super) fn resolve(file: &str, path: &str, base: &str) -> String {
    let from = if path.starts_with('/') { base } else { parent(file) };
    let whole = path::resolve(from, path);
    let end = if path.ends_with('/') && !whole.is_empty() { "/" } else { "" };
    whole + end
}

/// Only the extensions of notes are left out: `v1.2` has none.
fn without_extension(path: &str) -> &str {
    if is_markdown(path) { path.rsplit_once('.').map_or(path, |(stem, _)| stem) } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 6] =
        ["c/b.md", "c/sub/README.md", "c/sub/deep/v1.2.md", "c/Ünder.md", "c/x/b.md", "c/c.markdown"];

    #[test]
    fn paths_are_found_as_people_write_them() {
        let paths = Paths::new(FILES.into_iter(), FILES.into_iter().chain(["c/plain.md"]));
        for (written, file) in [
            ("c/b.md", "c/b.md"),
            ("c/b", "c/b.md"),
            ("C/B.MD", "c/b.md"),
            ("c/b.html", "c/b.md"),
            ("c/sub", "c/sub/README.md"),
            ("c/sub/", "c/sub/README.md"),
            ("c/sub/index.html", "c/sub/README.md"),
            ("c/sub/deep/v1.2", "c/sub/deep/v1.2.md"),
            ("c/u\u{308}nder", "c/Ünder.md"),
            ("c/c", "c/c.markdown"),
            ("c/plain.md", ""),
            ("b", ""),
        ] {
            assert_eq!(paths.at(written), Some(file).filter(|file| !file.is_empty()), "{written}");
        }
        assert!(paths.has_read("c/plain") && paths.has_read("c/PLAIN.md") && !paths.has_read("plain"));
    }

    #[test]
    fn names_alone_mean_the_nearest_file() {
        let paths = Paths::new(FILES.into_iter(), FILES.into_iter());
        for (written, from, file) in [
            ("b", "c/x/y/n.md", "c/x/b.md"),
            ("b.md", "c/n.md", "c/b.md"),
            ("x/b", "c/n.md", "c/x/b.md"),
            ("v1.2", "c/n.md", "c/sub/deep/v1.2.md"),
            ("deep/v1.2.md", "n.md", "c/sub/deep/v1.2.md"),
            ("../b", "c/n.md", ""),
            ("eep/v1.2", "n.md", ""),
            ("nothing", "n.md", ""),
        ] {
            assert_eq!(paths.called(written, from), Some(file).filter(|file| !file.is_empty()), "{written} in {from}");
        }
    }

    #[test]
    fn paths_are_followed_and_lead_out_only_where_they_do() {
        assert_eq!(resolve("content/a/b.md", "../c.md", "content"), "content/c.md");
        assert_eq!(resolve("b.md", "./x/../c.md", ""), "c.md");
        assert_eq!(resolve("b.md", "../../c.md", ""), "../../c.md");
        assert_eq!(resolve("content/a/b.md", "/c/", "content"), "content/c/");
        assert_eq!(resolve("a.md", "./", ""), "");
    }
}
