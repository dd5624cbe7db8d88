//! Turns the chapters of a book and the settings of its site into the site's files, by mdBook's own crates.
//!
//! mdBook reads and writes files itself: it does so in a temporary folder, which holds what it may read, and is gone
//! afterwards; no path of the settings leads out of it. No command that settings name is run. Knows nothing of notes.

mod contents;
mod log;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use mdbook_core::book::Book;
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer as _};
use rayon::prelude::*;
use tempfile::TempDir;

use super::temporary;
use crate::Error;

pub use settings::{BookSettings, Misset};

/// What a site is made of.
#[derive(Debug)]
pub struct SiteSource<'a> {
    /// What `book.toml` says.
    pub settings: &'a BookSettings,
    /// The text of `SUMMARY.md`.
    pub summary: &'a str,
    /// The texts of the chapters by their paths, which are relative to the book's folder and have `/` between their parts.
    pub chapters: &'a BTreeMap<String, String>,
    /// What else mdBook may read: paths relative to the folder of `book.toml`, and bytes.
    pub files: &'a [(PathBuf, Vec<u8>)],
    /// Where the pages of these chapters alone are wanted, the text of the site's `toc.js`; empty for all of the site.
    pub contents: &'a str,
}

/// What mdBook made.
#[derive(Debug, Default)]
pub struct SiteFiles {
    /// Paths relative to the site, with `/` between their parts, and bytes; by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What it warns of.
    pub warnings: Vec<String>,
}

/// Why there is no site.
#[derive(Debug)]
pub enum Unmade {
    /// mdBook refuses, for the settings or a template of the author's: why, in its words.
    Refused(String),
    /// The temporary folder cannot be used.
    Failed(Error),
}

/// Has mdBook make a site, or some of its pages.
///
/// # Errors
/// As [`Unmade`] says.
pub fn render_site(source: &SiteSource<'_>) -> Result<SiteFiles, Unmade> {
    quietly(|| {
        let book = contents::book(source.summary, source.chapters).map_err(Unmade::Refused)?;
        let paths = contents::paths(&book);
        if !source.contents.is_empty() {
            let wanted: Vec<&str> = paths.into_iter().filter(|path| source.chapters.contains_key(*path)).collect();
            return render_pieces(source, &book, &wanted, source.contents);
        }
        let is_whole = paths.len() <= TOGETHER || source.settings.is_whole(paths.len());
        if is_whole || !can_be_pieces(source.files) || paths.iter().any(|path| is_odd(path)) {
            return render(source, book, None);
        }
        render_all(source, &book, &paths)
    })
    .unwrap_or_else(|| Err(Unmade::Refused("it gave up; `mdbook build` says where".to_owned())))
}

/// So many chapters are rendered at a time: mdBook takes the titles of all along with each.
const TOGETHER: usize = 128;

/// Whether a list of contents has a path otherwise than it is.
fn is_odd(path: &str) -> bool {
    path.contains(['&', '<', '>', '"', '\'', '\\', '{', '}'])
}

/// Whether some pages of a site can be made without the others: no template of the author's asks for the list of contents,
/// but for the files that have it.
pub fn can_be_pieces(files: &[(PathBuf, Vec<u8>)]) -> bool {
    let asks = |text: &str| ["chapters", "#toc", "{toc", "toc}", "> toc"].iter().any(|word| text.contains(word));
    let is_template = |path: &Path| path.extension().is_some_and(|end| end == "hbs");
    !files.iter().any(|(path, bytes)| is_template(path) && asks(&String::from_utf8_lossy(bytes)))
}

/// Whether the text of `toc.js` can be given to mdBook as a template, which it is not.
pub fn is_plain(list: &str) -> bool {
    !list.contains("{{")
}

/// Renders a book of many chapters: first the lists of contents, then the pages.
fn render_all(source: &SiteSource<'_>, book: &Book, paths: &[&str]) -> Result<SiteFiles, Unmade> {
    let SiteFiles { files, warnings } = render(source, contents::without_pages(book), None)?;
    let text = |is_it: &dyn Fn(&str) -> bool| {
        let file = files.iter().find(|(path, _)| is_it(path));
        file.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default()
    };
    let list = contents::linked(&text(&is_list), false);
    if list.is_empty() || !is_plain(&list) {
        return render(source, book.clone(), None);
    }
    let frame = contents::linked(&text(&|path| path == FRAME), true);
    let mut site = render_pieces(source, book, paths, &list)?;
    site.files.insert(FRAME.to_owned(), frame.into_bytes());
    site.warnings.extend(warnings);
    Ok(site)
}

/// Renders these chapters' pages, and what all of them go by, at once. `list` is the text of `toc.js`.
fn render_pieces(source: &SiteSource<'_>, book: &Book, paths: &[&str], list: &str) -> Result<SiteFiles, Unmade> {
    let pieces: Vec<BTreeSet<&str>> = paths.chunks(TOGETHER).map(|piece| piece.iter().copied().collect()).collect();
    let made: Vec<_> = pieces.par_iter().map(|piece| render_piece(source, book, piece, list)).collect();
    let mut all = SiteFiles::default();
    for piece in made {
        let SiteFiles { files, warnings } = piece?;
        all.files.extend(files);
        all.warnings.extend(warnings);
    }
    Ok(all)
}

/// The list of contents that stands in a frame where there are no scripts.
const FRAME: &str = "toc.html";

/// Whether a file is the script that puts the list of contents on each page: `toc.js`, or that with a hash in its name.
pub fn is_list(path: &str) -> bool {
    path.strip_prefix("toc")
        .and_then(|end| end.strip_suffix(".js"))
        .is_some_and(|hash| hash.is_empty() || hash.starts_with('-'))
}

/// Renders some chapters' pages, and what all of them go by. `list` is the text of `toc.js`.
fn render_piece(
    source: &SiteSource<'_>,
    book: &Book,
    wanted: &BTreeSet<&str>,
    list: &str,
) -> Result<SiteFiles, Unmade> {
    let mut site = render(source, contents::piece(book, wanted), Some(list))?;
    let paths = contents::paths(book);
    let page = |path: &&str| Path::new(path).with_extension("html").to_string_lossy().into_owned();
    let others: BTreeSet<String> = paths.iter().filter(|path| !wanted.contains(**path)).map(page).collect();
    let is_first = paths.first().is_some_and(|first| wanted.contains(first));
    // Pages of neighbours are without text, and the first page is a copy of whichever chapter was the first.
    site.files.retain(|path, _| match path.as_str() {
        "index.html" => is_first,
        FRAME | PRINTED => false,
        path => !others.contains(path),
    });
    Ok(site)
}

/// The page that has all chapters, to be printed.
const PRINTED: &str = "print.html";

/// Has mdBook write a site into a temporary folder, and reads it; with this text for `toc.js` where one is given.
fn render(source: &SiteSource<'_>, book: Book, list: Option<&str>) -> Result<SiteFiles, Unmade> {
    let folder = temporary::builder().tempdir().map_err(|cause| failed(std::env::temp_dir(), cause))?;
    let (root, made) = (folder.path().join("root"), folder.path().join("site"));
    lay_out(source, &root, list).map_err(|cause| failed(&root, cause))?;
    let config = source.settings.config(book.chapters().count());
    let context = RenderContext::new(&root, book, config, &made);
    let (result, warnings) = log::listen(|| HtmlHandlebars::new().render(&context));
    let in_a_line = |message: &str| in_a_line(message, [&root, &made]);
    result.map_err(|cause| Unmade::Refused(in_a_line(&format!("{cause:#}"))))?;
    let warnings = warnings.iter().map(|said| in_a_line(said)).collect();
    let mut files = BTreeMap::new();
    read_all(&made, "", &mut files).map_err(|cause| failed(&made, cause))?;
    remove(folder)?;
    Ok(SiteFiles { files, warnings })
}

/// Puts what mdBook may read in its place.
fn lay_out(source: &SiteSource<'_>, root: &Path, list: Option<&str>) -> io::Result<()> {
    let src = root.join(source.settings.src());
    fs::create_dir_all(&src)?;
    // The one chapter that mdBook looks for by itself.
    let page_404 = source.settings.page_404();
    if let Some(text) = source.chapters.get(page_404) {
        put(&src.join(page_404), text.as_bytes())?;
    }
    source.files.iter().try_for_each(|(path, bytes)| put(&root.join(path), bytes))?;
    match list {
        Some(list) => put(&root.join(source.settings.theme().0).join("toc.js.hbs"), list.as_bytes()),
        None => Ok(()),
    }
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// A message on one line, with the paths that it names as its reader knows them: without our folders.
fn in_a_line(message: &str, folders: [&Path; 2]) -> String {
    let line = message.lines().map(str::trim).collect::<Vec<_>>().join("; ");
    folders.iter().fold(line, |line, folder| line.replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), ""))
}

/// What a function gives; `None` where it panics: parts of mdBook do where they meet what they never thought of.
fn quietly<T>(function: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(function));
    panic::set_hook(hook);
    result.ok()
}

/// Reads all files below a folder. It is ours, and no deeper than the paths of chapters.
fn read_all(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_all(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn remove(folder: TempDir) -> Result<(), Unmade> {
    let path = folder.path().to_owned();
    folder.close().map_err(|cause| failed(path, cause))
}

fn failed(path: impl AsRef<Path>, cause: io::Error) -> Unmade {
    Unmade::Failed(Error::new("cannot make the site in", path, cause))
}
