//! Turns the book of a build into the site that mdBook makes of it.
//!
//! Knows which files of the book are chapters; how pages look is mdBook's business.

use std::collections::BTreeMap;
use std::path::Path;

use super::site_settings::SiteSettings;
use crate::Error;
use crate::artifact::{Artifact, slashed};
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

/// The site in `site/`, of what was `made` of the book. Nothing is made of no book.
///
/// # Errors
/// The temporary folder cannot be used, or a file of the book is gone.
pub(super) fn emit(settings: &SiteSettings, made: &[Artifact]) -> Result<Sited, Error> {
    let Some(book) = Book::of(made)? else { return Ok(Sited { artifacts: Some(Vec::new()), ..Sited::default() }) };
    let files = book.readable(settings)?;
    let Book { summary, chapters, rest } = book;
    let source = SiteSource { settings: &settings.settings, summary: &summary, chapters: &chapters, files: &files };
    match files::render_site(&source) {
        Ok(SiteFiles { files, warnings }) => {
            let rendered = files.into_iter().map(|(path, bytes)| (path, Recipe::from(bytes)));
            // mdBook copies what lies beside the chapters: here both are one file.
            let copied = rest.into_iter().map(|(path, recipe)| (path, recipe.clone()));
            let all: BTreeMap<String, Recipe> = rendered.chain(copied).collect();
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
    chapters: BTreeMap<String, String>,
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
                let text = String::from_utf8_lossy(&files::bytes_of(recipe)?).into_owned();
                chapters.insert(name, text);
            } else {
                rest.insert(name, recipe);
            }
        }
        Ok(chapters.remove(SUMMARY).map(|summary| Self { summary, chapters, rest }))
    }

    /// What mdBook may read beside chapters: what the author has for it, and styles and scripts of the book that settings
    /// name.
    fn readable(&self, settings: &SiteSettings) -> Result<Vec<(std::path::PathBuf, Vec<u8>)>, Error> {
        let mut files = settings.files.clone();
        for path in settings.settings.additional() {
            let in_book = path.strip_prefix(settings.settings.src()).ok().map(slashed);
            if let Some(recipe) = in_book.and_then(|name| self.rest.get(&name)) {
                files.push((path.to_owned(), files::bytes_of(recipe)?));
            }
        }
        Ok(files)
    }
}

impl SiteSettings {
    /// What mdBook says of them. Where there are none of the author's, it has nothing to say.
    fn complaint(&self, said: &str) -> Diagnostic {
        Diagnostic::new(Code::BadBookToml, Span::new(self.source.unwrap_or(SourceId(0)), 0..0), said)
    }
}

fn artifact(path: &str, recipe: Recipe) -> Artifact {
    Artifact { path: Path::new(FOLDER).join(path), recipe, pdf: false }
}
