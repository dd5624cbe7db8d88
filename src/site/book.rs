//! Turns the collection into the source folder of an mdBook: `SUMMARY.md`, a chapter for each note file, start pages,
//! media, style and script, and copies of what is to be downloaded.
//!
//! Headings are Markdown, so that mdBook lists and finds them; everything else is raw HTML, which it takes as it is. Knows
//! no disk; which page holds what is said by [`super::pages`].

mod again;
mod balance;
mod card;
mod chapter;
mod contents;
mod index;
mod offline;
mod raw;
mod script;
mod start;
mod summary;
mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;

use self::chapter::Look;
use super::pages::{Page, Site};
use crate::artifact::{Artifact, Emitted, KeptPage, Made};
use crate::config::BookOptions;
use crate::html;
use crate::ir::Collection;
use crate::source::Recipe;

pub use self::card::{Media, Surroundings, card, group};
pub use self::script::script;

/// The folder of the book in the output folder.
pub const FOLDER: &str = "book";

/// A file that every book has, and no other tool makes.
pub const MARK: &str = "deckle.js";

/// The name of the style.
const STYLE_FILE: &str = "deckle.css";

/// The name of the script that searches.
const SEARCH_FILE: &str = "search.js";

/// The style of cards and of study mode.
pub const STYLE: &str = include_str!("../../templates/book/deckle.css");

/// The files of `templates/book/` that a project may have of its own. Those that are not built in are added to what is.
pub const FILES: [&str; 4] = [STYLE_FILE, MARK, SEARCH_FILE, ADDED_STYLE];

/// Those that stay the built-in ones: whoever copies the whole folder has them too.
pub const FIXED: [&str; 2] = ["install.js", "worker.js"];

/// A style that follows the one of the book; there is none unless a project has it.
const ADDED_STYLE: &str = "book.css";

/// The book in `book/`. `made` is what other formats of the same build made: packages and printable
/// files are copied into the book, with links to them. Nothing is made of a collection without chapters. Of what is `kept` of
/// an earlier time nothing is seen.
pub fn emit(
    collection: &Collection,
    options: &BookOptions,
    made: &[Artifact],
    kept: Option<&mut Made<KeptPage>>,
) -> Emitted {
    Made::again(kept, |kept| emit_pages(collection, options, made, kept))
}

fn emit_pages(
    collection: &Collection,
    options: &BookOptions,
    made: &[Artifact],
    kept: Option<&Made<KeptPage>>,
) -> Emitted {
    let mut site = Site::new(collection);
    if site.pages.is_empty() {
        return Emitted::default();
    }
    let start = start::start(&mut site, options, made);
    let addresses = chapter::addresses(&site);
    let look = Look::new(&site, options, &addresses);
    let page = |(index, page): (usize, &Page<'_>)| {
        let overview = if page.path == "index" { start.overview.as_str() } else { "" };
        again::page(index, &site, &look, overview, kept)
    };
    // The words of all pages are brought together on one core.
    let (pages, index): (Vec<KeptPage>, String) =
        rayon::join(|| site.pages.par_iter().enumerate().map(page).collect(), || index::index(&site));
    let paths = site.pages.iter().map(|page| page.path.as_str());
    let pages: Vec<(&str, KeptPage)> = paths.zip(pages).collect();
    let math = html::math_face(pages.iter().any(|(_, page)| page.has_math));
    let starts = start.pages.iter().map(|page| (page.path.as_str(), page.text.clone().into()));
    let pages = pages.into_iter().map(|(path, page)| (path, page.recipe)).chain(starts);
    let mut artifacts: Vec<Artifact> = pages.map(|(path, recipe)| artifact(&format!("{path}.md"), recipe)).collect();
    artifacts.push(artifact("SUMMARY.md", summary::summary(&site, &start, &options.folders)));
    let site_url = collection.site_url.as_deref();
    let own = |name: &str, built_in| options.files.get(name).map_or(built_in, String::as_str).to_owned();
    artifacts.push(artifact(STYLE_FILE, [&own(STYLE_FILE, STYLE), math, &own(ADDED_STYLE, "")].concat()));
    artifacts.push(artifact(MARK, [own(MARK, script()), offline::script(site_url)].concat()));
    artifacts.push(artifact(SEARCH_FILE, own(SEARCH_FILE, &script::search())));
    artifacts.push(artifact(index::FILE, index));
    artifacts.extend(media(collection));
    artifacts.extend(offline::files(site_url, &start.title, options.frame, &artifacts));
    artifacts.extend(start.downloads.into_iter().map(|made| artifact(&made.slashed(), made.recipe.clone())));
    Emitted { artifacts, diagnostics: Vec::new() }
}

/// The place where the script puts study mode for the cards of a page; empty where there is none. A block of raw HTML.
pub fn study(collection: &str, options: &BookOptions) -> String {
    if !options.study {
        return String::new();
    }
    let mut id = String::new();
    html::escape_attribute(collection, &mut id);
    let new = options.new_per_day.map(|cards| format!(" data-new=\"{cards}\"")).unwrap_or_default();
    let sound = if options.sound { "" } else { " data-sound=\"off\"" };
    format!("<div class=\"deckle-study\" data-collection=\"{}\"{new}{sound}></div>\n\n", id.replace('{', "&#123;"))
}

fn artifact(path: &str, recipe: impl Into<Recipe>) -> Artifact {
    Artifact { path: PathBuf::from(FOLDER).join(path), recipe: recipe.into(), pdf: false }
}

/// Every file once: equal files of two folders share their name.
fn media(collection: &Collection) -> impl Iterator<Item = Artifact> + '_ {
    let mut seen = BTreeSet::new();
    let media = collection.media.iter().filter(move |media| seen.insert(media.name.as_str()));
    media.map(|media| artifact(&format!("media/{}", media.name), media.blob.clone()))
}
