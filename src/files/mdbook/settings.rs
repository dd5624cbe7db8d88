//! Turns the text of `book.toml` into what mdBook is told, or into what is wrong with it and where.
//!
//! Knows no disk: what a path leads to is for others to see. Here it has to lead on from the folder of `book.toml`, by its
//! words, for whoever wrote the file may be a stranger.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr as _;

use mdbook_core::config::{Config, HtmlConfig};
use serde::Deserialize;

/// What mdBook is told of a book.
#[derive(Debug, Clone)]
pub struct BookSettings {
    config: Config,
    html: HtmlConfig,
    /// The preprocessors that are commands.
    preprocessors: Vec<String>,
}

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misset {
    /// A phrase that starts in lower case.
    pub message: String,
    /// Where, in bytes; empty at the start where that is not known.
    pub range: Range<usize>,
}

/// Books of more chapters have no page to print with all of them: to make it takes quadratic time, and browsers choke on it.
const MOST_PRINTED: usize = 400;

/// Preprocessors that mdBook has in itself.
const BUILT_IN: [&str; 2] = ["links", "index"];

impl BookSettings {
    /// Reads the text of a `book.toml`.
    ///
    /// # Errors
    /// mdBook would not take it, or a path in it leads out of its folder.
    pub fn parse(text: &str) -> Result<Self, Misset> {
        // mdBook drops the settings of its pages, and all styles with them, where one of their keys is none of its own.
        let misset = |cause: &toml::de::Error| Misset {
            message: cause.message().lines().collect::<Vec<_>>().join(" "),
            range: cause.span().unwrap_or_default(),
        };
        let tables: Tables = toml::from_str(text).map_err(|cause| misset(&cause))?;
        let mut config = Config::from_str(text).map_err(|cause| match cause.downcast_ref() {
            Some(cause) => misset(cause),
            None => Misset { message: format!("{cause:#}"), range: 0..0 },
        })?;
        let preprocessors = tables
            .preprocessor
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| !BUILT_IN.contains(&name.as_str()))
            .collect();
        let mut html = tables.output.html.unwrap_or_default();
        // Of mdBook's search, which knows no words but English ones, nothing is linked, and it would say so.
        html.search = None;
        config.set("output.html", &html).map_err(|cause| Misset { message: format!("{cause:#}"), range: 0..0 })?;
        let settings = Self { config, html, preprocessors };
        settings.refuse_ways_out(text)?;
        Ok(settings)
    }

    /// The folder of the book, relative to that of `book.toml`.
    pub(super) fn src(&self) -> &Path {
        &self.config.book.src
    }

    /// Whether they are of the book in a folder, which is relative to that of `book.toml`.
    pub fn are_of(&self, book: &Path) -> bool {
        parts(self.src()).eq(parts(book))
    }

    /// The path in the book of a file that lies there.
    pub fn in_book(&self, path: &Path) -> Option<PathBuf> {
        let mut path = parts(path);
        parts(self.src()).all(|folder| path.next() == Some(folder)).then(|| path.collect())
    }

    /// The folder of the author's theme, relative to that of `book.toml`, and whether it was named.
    pub fn theme(&self) -> (&Path, bool) {
        self.html.theme.as_deref().map_or((Path::new("theme"), false), |theme| (theme, true))
    }

    /// Styles and scripts of the author's, relative to the folder of `book.toml`.
    pub fn additional(&self) -> impl Iterator<Item = &Path> {
        self.html.additional_css.iter().chain(&self.html.additional_js).map(PathBuf::as_path)
    }

    /// The names of preprocessors that are commands.
    pub fn preprocessors(&self) -> &[String] {
        &self.preprocessors
    }

    /// The chapter that is shown where an address leads nowhere.
    pub fn page_404(&self) -> &str {
        self.html.input_404.as_deref().unwrap_or("404.md")
    }

    /// What mdBook is told of a book of so many chapters.
    pub(super) fn config(&self, chapters: usize) -> Config {
        let mut config = self.config.clone();
        if self.html.print.enable && !self.is_whole(chapters) {
            // Of what was read before, all can be set.
            let _ = config.set("output.html.print.enable", false);
        }
        config
    }

    /// Whether a book of so many chapters is rendered at one go: for its page with all of them, to be printed, or because an
    /// address within a page leads elsewhere, for which mdBook has to find that page.
    pub fn is_whole(&self, chapters: usize) -> bool {
        let leaves_pages = self.html.redirect.keys().any(|from| from.contains('#'));
        leaves_pages || self.html.print.enable && chapters <= MOST_PRINTED
    }

    /// mdBook reads what these paths lead to and puts it on the site, or writes there.
    fn refuse_ways_out(&self, text: &str) -> Result<(), Misset> {
        let read = [self.src(), self.theme().0, Path::new(self.page_404())].into_iter().chain(self.additional());
        // As mdBook reads an address of its own.
        let written = self.html.redirect.keys().map(|from| Path::new(from.trim_start_matches('/')));
        let mut out = read.chain(written).filter(|path| !leads_on(path)).map(|path| path.display().to_string());
        match out.next() {
            Some(path) => {
                Err(Misset { range: place(text, &path), message: format!("`{path}` leads out of its folder") })
            }
            None => Ok(()),
        }
    }
}

/// The tables in which mdBook finds a mistake only later, or not at all.
#[derive(Deserialize)]
struct Tables {
    #[serde(default)]
    output: Outputs,
    #[serde(default)]
    preprocessor: toml::Table,
}

#[derive(Deserialize, Default)]
struct Outputs {
    html: Option<HtmlConfig>,
}

/// A path without what leads nowhere in it, such as a `./` at its start.
fn parts(path: &Path) -> impl Iterator<Item = Component<'_>> {
    path.components().filter(|part| !matches!(part, Component::CurDir))
}

/// Whether a path leads to something below where it starts.
fn leads_on(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Where a value stands in a text.
fn place(text: &str, value: &str) -> Range<usize> {
    text.find(value).map_or(0..0, |start| start..start + value.len())
}
