//! Turns the `book.toml` beside a project's settings into what the site is made with: mdBook's settings, and the author's
//! theme, styles and scripts.
//!
//! Knows where they lie; what they mean is mdBook's business.

use std::ops::Range;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::Error;
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::files::{BookSettings, Bounds, Lead, Misset, World};
use crate::site::book;
use crate::source::{SourceId, Span};

/// mdBook's settings, in the project's folder.
pub(super) const FILE: &str = "book.toml";

/// What a site is made with.
#[derive(Debug)]
pub(super) struct SiteSettings {
    /// What mdBook is told.
    pub(super) settings: BookSettings,
    /// The text that says it.
    pub(super) text: String,
    /// What else it may read: paths relative to the project's folder, and bytes.
    pub(super) files: Vec<(PathBuf, Vec<u8>)>,
    /// The text of `book.toml`; `None` where there is none that is of this book.
    pub(super) source: Option<SourceId>,
    /// What it costs if no site can be made.
    pub(super) cost: Cost,
}

/// The `book.toml` of a new project.
pub fn book_toml(title: &str) -> String {
    // TOML's basic strings take JSON's escapes, and have one character less.
    let title = serde_json::Value::from(title).to_string().replace('\u{7f}', "\\u007f");
    format!(
        "\
# The study site: `deckle build` makes it in dist/site, and so does mdBook 0.5 (`mdbook build`).
[book]
title = {title}
src = \"dist/book\"

[build]
build-dir = \"dist/site\"
create-missing = false
# The chapters are ready as they are.
use-default-preprocessors = false

[output.html]
additional-css = [\"dist/book/deckle.css\"]
additional-js = [\"dist/book/deckle.js\", \"dist/book/search.js\"]
smart-punctuation = false

# search.js finds cards, and words of all scripts.
[output.html.search]
enable = false

# A page to print with all chapters on it: dist/print has cards and sheets that are made for paper.
[output.html.print]
enable = false
"
    )
}

impl SiteSettings {
    /// What a site of this title is made with where no `book.toml` speaks of it.
    pub(super) fn usual(title: &str, cost: Cost) -> Option<Self> {
        let text = book_toml(title);
        let settings = BookSettings::parse(&text).ok()?;
        Some(Self { settings, text, files: Vec::new(), source: None, cost })
    }

    /// Of all that they say, and of what mdBook reads beside them.
    pub(super) fn hash(&self) -> u128 {
        let mut hash = Xxh3::new();
        hash.update(self.text.as_bytes());
        for (path, bytes) in &self.files {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(&xxh3_128(bytes).to_le_bytes());
        }
        hash.digest128()
    }

    /// Reads what a `book.toml` names, whose text this is.
    ///
    /// # Errors
    /// A file that it names cannot be read.
    pub(super) fn read(
        world: &World,
        project: &Project<'_>,
        (id, text): (SourceId, &str),
        cost: Cost,
    ) -> Result<Reading, Error> {
        let wrong = |Misset { message, range }| {
            Reading::Mistake(Diagnostic::new(Code::BadBookToml, Span::new(id, range), message).costing(cost).help(HELP))
        };
        let settings = match BookSettings::parse(text) {
            Ok(settings) => settings,
            Err(misset) => return Ok(wrong(misset)),
        };
        if !settings.are_of(&Path::new(project.out).join(book::FOLDER)) {
            return Ok(Reading::OfAnother);
        }
        if let Some(missing) = project.missing(world, &settings) {
            let kind = if settings.theme().0 == missing { "folder" } else { "file" };
            let message = format!("there is no {kind} `{}` in the project", missing.display());
            return Ok(wrong(Misset { message, range: range_of(text, &missing.to_string_lossy()) }));
        }
        let files = project.files(world, &settings)?;
        let site = Self { text: text.to_owned(), settings, files, source: Some(id), cost };
        let said = site.settings.preprocessors().iter().map(|name| command(id, text, name)).collect();
        Ok(Reading::Settings(Box::new(site), said))
    }
}

/// What a `book.toml` gives.
pub(super) enum Reading {
    /// Settings, and what of them is not done.
    Settings(Box<SiteSettings>, Vec<Diagnostic>),
    /// Nothing: it is of another book.
    OfAnother,
    /// Nothing: it is wrong.
    Mistake(Diagnostic),
}

/// Where files that settings name are.
pub(super) struct Project<'a> {
    /// Its folder.
    pub(super) root: &'a Path,
    /// The folders that are read from.
    pub(super) bounds: &'a Bounds,
    /// Its output folder, relative to the root.
    pub(super) out: &'a str,
}

impl Project<'_> {
    fn lead(&self, world: &World, path: &Path) -> Lead {
        world.follow(self.bounds, &self.root.join(path)).unwrap_or(Lead::Nothing)
    }

    /// The first path of the settings that leads to nothing that may be read.
    fn missing<'s>(&self, world: &World, settings: &'s BookSettings) -> Option<&'s Path> {
        let (theme, is_named) = settings.theme();
        let is_missing = |path: &&Path| !matches!(self.lead(world, path), Lead::File(_));
        let theme = Some(theme).filter(|theme| is_named && self.lead(world, theme) != Lead::Folder);
        theme.or_else(|| own(settings).find(is_missing))
    }

    /// The author's styles, scripts and theme.
    fn files(&self, world: &World, settings: &BookSettings) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
        let mut paths: Vec<PathBuf> = own(settings).map(Path::to_owned).collect();
        let theme = settings.theme().0;
        if self.lead(world, theme) == Lead::Folder {
            for (folder, extensions) in THEME {
                let folder = theme.join(folder);
                let names = world.list_names(&self.root.join(&folder))?.into_iter();
                paths.extend(names.filter(|name| is_of_theme(name, extensions)).map(|name| folder.join(name)));
            }
        }
        paths.retain(|path| matches!(self.lead(world, path), Lead::File(_)));
        let read = |path: PathBuf| {
            let place = self.root.join(&path);
            world.refuse_larger(&place, MAX_FILE)?;
            Ok((path, world.read_bytes(&place)?))
        };
        paths.into_iter().map(read).collect()
    }
}

/// The author's styles and scripts; those in the folder of the book are made with it.
fn own(settings: &BookSettings) -> impl Iterator<Item = &Path> {
    settings.additional().filter(|path| settings.in_book(path).is_none())
}

/// What mdBook looks for in a theme: the names end so, in these folders of it. Of fonts it takes all.
const THEME: [(&str, &[&str]); 3] = [("", &["hbs", "js", "css", "png", "svg"]), ("css", &["css"]), ("fonts", &[])];

/// The largest of the files, in MiB.
const MAX_FILE: u64 = 32;

fn is_of_theme(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extensions.is_empty() || extension.is_some_and(|extension| extensions.contains(&extension))
}

/// What to do about any of them.
const HELP: &str = "until this is mended the site stays as it was; without `book.toml` it is made with the settings that \
                    `deckle init` writes";

/// That a preprocessor is not run: whoever builds a stranger's notes runs no program of the stranger's.
fn command(id: SourceId, text: &str, name: &str) -> Diagnostic {
    let span = Span::new(id, range_of(text, &format!("preprocessor.{name}")));
    let message = format!("the preprocessor `{name}` is a command, and is not run for the site");
    Diagnostic::new(Code::BookCommand, span, message)
        .help("deckle starts no program that a project names; `mdbook build` makes the site with it")
}

/// Where something stands in the text, or its start.
fn range_of(text: &str, wanted: &str) -> Range<usize> {
    text.find(wanted).map_or(0..0, |start| start..start + wanted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_title_has_a_site() {
        for title in (0..=0x2100).filter_map(char::from_u32).chain(['\u{feff}', '\u{ffff}', '\u{10ffff}']) {
            let title = format!("a{title}\"\"\"\\\n[build]{title}");
            let table: toml::Table = toml::from_str(&book_toml(&title)).unwrap();
            assert_eq!(table["book"]["title"].as_str(), Some(title.as_str()));
        }
        assert!(SiteSettings::usual("a\u{7f}", Cost::Nothing).is_some());
    }
}
