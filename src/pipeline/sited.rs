//! Turns the book of a build into the site that mdBook makes of it.
//!
//! Knows which files of the book are chapters, and what a page is made of; how it looks is mdBook's business.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::site_settings::SiteSettings;
use crate::Error;
use crate::artifact::{Artifact, Ingredients, KeptPage, Key, Made, slashed};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, SiteFiles, SiteSource, Unmade};
use crate::site::book;
use crate::source::{Recipe, SourceId, Span};

/// The folder of the site in the output folder.
pub(super) const FOLDER: &str = "site";

/// The table of contents of a book.
const SUMMARY: &str = "SUMMARY.md";

/// What came of a site.
#[derive(Debug, Default)]
pub(super) struct Sited {
    /// Its files; `None` where mdBook refuses to make it.
    pub(super) artifacts: Option<Vec<Artifact>>,
    /// What mdBook says of its settings.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The site in `site/`, of what was `made` of the book. Nothing is made of no book. Of what is `kept` of an earlier time
/// nothing is seen.
///
/// # Errors
/// The temporary folder cannot be used, or a file of the book is gone.
pub(super) fn emit(
    settings: &SiteSettings,
    made: &[Artifact],
    kept: Option<&mut Made<KeptPage>>,
) -> Result<Sited, Error> {
    let Some(book) = Book::of(made)? else { return Ok(Sited { artifacts: Some(Vec::new()), ..Sited::default() }) };
    let site = Site::new(settings, &book)?;
    match Made::again(kept, |kept| site.files(kept)) {
        Ok((files, warnings)) => {
            // mdBook copies what lies beside the chapters: here both are one file.
            let copied = book.rest.iter().map(|(path, recipe)| (path.clone(), (*recipe).clone()));
            let all: BTreeMap<String, Recipe> = files.into_iter().chain(copied).collect();
            let artifacts = Some(all.into_iter().map(|(path, recipe)| artifact(&path, recipe)).collect());
            Ok(Sited { artifacts, diagnostics: warnings.iter().map(|said| settings.complaint(said)).collect() })
        }
        Err(Unmade::Refused(why)) => {
            let refusal = settings.complaint(&format!("mdBook does not make the site: {why}"));
            Ok(Sited { artifacts: None, diagnostics: vec![refusal.costing(settings.cost)] })
        }
        Err(Unmade::Failed(error)) => Err(error),
    }
}

/// The files of a book, by their paths in its folder.
struct Book<'m> {
    summary: String,
    /// The chapters, each with the hash of its text.
    chapters: BTreeMap<String, (&'m Recipe, u128)>,
    rest: BTreeMap<String, &'m Recipe>,
}

impl<'m> Book<'m> {
    /// `None` where no book was made.
    fn of(made: &'m [Artifact]) -> Result<Option<Self>, Error> {
        let (mut chapters, mut rest) = (BTreeMap::new(), BTreeMap::new());
        for Artifact { path, recipe, .. } in made {
            let Ok(path) = path.strip_prefix(book::FOLDER) else { continue };
            let name = slashed(path);
            if path.extension().is_some_and(|extension| extension == "md") {
                chapters.insert(name, (recipe, hash_of(recipe)?));
            } else {
                rest.insert(name, recipe);
            }
        }
        let Some((summary, _)) = chapters.remove(SUMMARY) else { return Ok(None) };
        Ok(Some(Self { summary: text_of(summary)?, chapters, rest }))
    }
}

/// A page that is made of a chapter.
struct Page<'b> {
    /// Its path in the site.
    path: String,
    /// The path of the chapter in the book.
    chapter: &'b str,
    /// All that it is made of.
    key: Key,
}

/// A site that is to be made.
struct Site<'b> {
    settings: &'b SiteSettings,
    book: &'b Book<'b>,
    /// What mdBook may read beside the chapters.
    readable: Vec<(PathBuf, Vec<u8>)>,
    /// All that those files are made of which are no chapter's page.
    frame: Key,
    /// The chapters' pages, of which the first page is one.
    pages: Vec<Page<'b>>,
}

/// What a site has: paths in it, and what is there.
type Files = BTreeMap<String, Recipe>;

/// The page that has all chapters.
const PRINTED: &str = "print.html";

impl<'b> Site<'b> {
    fn new(settings: &'b SiteSettings, book: &'b Book<'b>) -> Result<Self, Error> {
        let readable = readable(settings, book)?;
        let mut made_of = Ingredients::default();
        (env!("CARGO_PKG_VERSION"), &settings.text, &book.summary).hash(&mut made_of);
        book.chapters.get(settings.settings.page_404()).map(|(_, hash)| hash).hash(&mut made_of);
        for (path, bytes) in &readable {
            (path, xxh3_128(bytes)).hash(&mut made_of);
        }
        let frame = made_of.key();
        let page = |(chapter, (_, hash)): (&'b String, &(&Recipe, u128))| {
            let path = page_of(chapter);
            Page { key: key(frame, &path, &[*hash]), path, chapter }
        };
        let pages = book.chapters.iter().map(page).collect();
        Ok(Self { settings, book, readable, frame, pages })
    }

    /// Its files, and what mdBook warns of; those that are kept where they would be made the same.
    fn files(&self, kept: Option<&Made<KeptPage>>) -> Result<(Files, Vec<String>), Unmade> {
        let Some(kept) = kept else { return self.render(&BTreeSet::new(), "") };
        let again = self.files_again(kept)?;
        let (files, warnings) = again.map_or_else(|| self.render(&BTreeSet::new(), ""), Ok)?;
        // What mdBook warns of it says only while it makes the page.
        if warnings.is_empty() {
            self.keep(&files, kept);
        }
        Ok((files, warnings))
    }

    /// The same, where most is kept.
    fn files_again(&self, kept: &Made<KeptPage>) -> Result<Option<(Files, Vec<String>)>, Unmade> {
        // The first chapter's text is on the first page, whatever that chapter is called.
        let knows_first = self.pages.iter().any(|page| page.path == "index.html");
        let Some(mut files) = self.kept_frame(kept).filter(|_| knows_first) else { return Ok(None) };
        let mut missing = BTreeSet::new();
        for Page { path, chapter, key } in &self.pages {
            match kept.take(*key) {
                Some(page) => drop(files.insert(path.clone(), page.recipe)),
                None => drop(missing.insert(*chapter)),
            }
        }
        if missing.is_empty() {
            return Ok(Some((files, Vec::new())));
        }
        let list = files.iter().find(|(path, _)| files::is_list(path));
        let list = list.map(|(_, recipe)| text_of(recipe)).transpose().map_err(Unmade::Failed)?.unwrap_or_default();
        let is_whole = self.settings.settings.is_whole(self.pages.len());
        if is_whole || list.is_empty() || !files::is_plain(&list) || !files::can_be_pieces(&self.readable) {
            return Ok(None);
        }
        let (made, warnings) = self.render(&missing, &list)?;
        files.extend(made);
        Ok(Some((files, warnings)))
    }

    /// All that is kept and no chapter's page; `None` where something of it is missing.
    fn kept_frame(&self, kept: &Made<KeptPage>) -> Option<Files> {
        let names = kept.take(key(self.frame, "", &[]))?.links;
        let file = |(path, _): (String, String)| {
            let recipe = kept.take(self.key_in_frame(&path))?.recipe;
            Some((path, recipe))
        };
        names.into_iter().map(file).collect()
    }

    fn keep(&self, files: &Files, kept: &Made<KeptPage>) {
        let keys: BTreeMap<&str, Key> = self.pages.iter().map(|page| (page.path.as_str(), page.key)).collect();
        let page = |recipe: &Recipe| KeptPage { recipe: recipe.clone(), has_math: false, links: Vec::new() };
        let frame = files.iter().filter(|(path, _)| !keys.contains_key(path.as_str()));
        // Which files there are beside pages is kept with one of them.
        if let Some((_, first)) = frame.clone().next() {
            let links = frame.map(|(path, _)| (path.clone(), String::new())).collect();
            kept.put([(key(self.frame, "", &[]), KeptPage { links, ..page(first) })]);
        }
        let key = |path: &String| keys.get(path.as_str()).copied().unwrap_or_else(|| self.key_in_frame(path));
        kept.put(files.iter().map(|(path, recipe)| (key(path), page(recipe))));
    }

    /// What a file is made of that is no chapter's page.
    fn key_in_frame(&self, path: &str) -> Key {
        let texts: Vec<u128> = self.book.chapters.values().map(|(_, hash)| *hash).collect();
        key(self.frame, path, if path == PRINTED { &texts } else { &[] })
    }

    /// Has mdBook make the pages of some chapters, where `list` is the list of contents of their site; else all of it.
    fn render(&self, wanted: &BTreeSet<&str>, list: &str) -> Result<(Files, Vec<String>), Unmade> {
        let mut chapters = BTreeMap::new();
        for Page { chapter, .. } in &self.pages {
            if let Some((recipe, _)) =
                self.book.chapters.get(*chapter).filter(|_| list.is_empty() || wanted.contains(chapter))
            {
                chapters.insert((*chapter).to_owned(), text_of(recipe).map_err(Unmade::Failed)?);
            }
        }
        let (settings, summary) = (&self.settings.settings, self.book.summary.as_str());
        let source = SiteSource { settings, summary, chapters: &chapters, files: &self.readable, contents: list };
        let SiteFiles { mut files, warnings } = files::render_site(&source)?;
        let pages: BTreeSet<String> = wanted.iter().map(|chapter| page_of(chapter)).collect();
        // mdBook copies what it may read of the book.
        files.retain(|path, _| (list.is_empty() || pages.contains(path)) && !self.book.rest.contains_key(path));
        Ok((files.into_iter().map(|(path, bytes)| (path, bytes.into())).collect(), warnings))
    }
}

/// What a file of a site is made of: what all are made of, its path, and the texts of chapters.
fn key(frame: Key, path: &str, texts: &[u128]) -> Key {
    let mut made_of = Ingredients::default();
    (frame, path, texts).hash(&mut made_of);
    made_of.key()
}

/// What mdBook may read beside chapters: what the author has for it, and styles and scripts of the book that settings name.
fn readable(settings: &SiteSettings, book: &Book<'_>) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
    let mut files = settings.files.clone();
    for path in settings.settings.additional() {
        let in_book = settings.settings.in_book(path).map(|path| slashed(&path));
        if let Some(recipe) = in_book.and_then(|name| book.rest.get(&name)) {
            files.push((path.to_owned(), files::bytes_of(recipe)?));
        }
    }
    Ok(files)
}

impl SiteSettings {
    /// What mdBook says of them. Where there are none of the author's, it has nothing to say.
    fn complaint(&self, said: &str) -> Diagnostic {
        Diagnostic::new(Code::BadBookToml, Span::new(self.source.unwrap_or(SourceId(0)), 0..0), said)
    }
}

fn page_of(chapter: &str) -> String {
    Path::new(chapter).with_extension("html").to_string_lossy().into_owned()
}

fn hash_of(recipe: &Recipe) -> Result<u128, Error> {
    match recipe {
        Recipe::There(there) => Ok(there.hash),
        Recipe::Blob(_) | Recipe::Pieces(_) | Recipe::Zip(_) => Ok(xxh3_128(&files::bytes_of(recipe)?)),
    }
}

fn text_of(recipe: &Recipe) -> Result<String, Error> {
    Ok(String::from_utf8_lossy(&files::bytes_of(recipe)?).into_owned())
}

fn artifact(path: &str, recipe: Recipe) -> Artifact {
    Artifact { path: Path::new(FOLDER).join(path), recipe, pdf: false }
}
