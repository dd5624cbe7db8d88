//! Turns the chapters of a book and the settings of its site into the site's files, by mdBook's own crates.
//!
//! mdBook reads and writes files itself: it does so in a temporary folder, which holds what it may read, and is gone
//! afterwards; no path of the settings leads out of it. No command that settings name is run. Knows nothing of notes.

mod contents;
mod log;
mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use mdbook_core::book::Book;
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer as _};
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

/// Has mdBook make a site.
///
/// # Errors
/// As [`Unmade`] says.
pub fn render_site(source: &SiteSource<'_>) -> Result<SiteFiles, Unmade> {
    let folder = temporary::builder().tempdir().map_err(|cause| failed(std::env::temp_dir(), cause))?;
    let (root, made) = (folder.path().join("root"), folder.path().join("site"));
    lay_out(source, &root).map_err(|cause| failed(&root, cause))?;
    let book = contents::book(source.summary, source.chapters).map_err(Unmade::Refused)?;
    let warnings = render(source.settings, book, &root, &made).map_err(Unmade::Refused)?;
    let mut files = BTreeMap::new();
    read_all(&made, "", &mut files).map_err(|cause| failed(&made, cause))?;
    remove(folder)?;
    Ok(SiteFiles { files, warnings })
}

/// Puts what mdBook may read in its place.
fn lay_out(source: &SiteSource<'_>, root: &Path) -> io::Result<()> {
    let src = root.join(source.settings.src());
    fs::create_dir_all(&src)?;
    // The one chapter that mdBook looks for by itself.
    let page_404 = source.settings.page_404();
    if let Some(text) = source.chapters.get(page_404) {
        put(&src.join(page_404), text.as_bytes())?;
    }
    source.files.iter().try_for_each(|(path, bytes)| put(&root.join(path), bytes))
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// Has mdBook write a site into a folder, and gives what it warns of.
fn render(settings: &BookSettings, book: Book, root: &Path, made: &Path) -> Result<Vec<String>, String> {
    let context = RenderContext::new(root, book, settings.config().clone(), made);
    let (made, said) = log::listen(|| quietly(|| HtmlHandlebars::new().render(&context)));
    match made {
        Some(Ok(())) => Ok(said),
        Some(Err(cause)) => Err(without_folder(&format!("{cause:#}"), root)),
        None => Err("it gave up; `mdbook build` says where".to_owned()),
    }
}

/// A path that a message names, as its reader knows it.
fn without_folder(message: &str, root: &Path) -> String {
    message.replace(&format!("{}/", root.display()), "")
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
