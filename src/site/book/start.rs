//! Turns decks into start pages: what is in them, where study mode finds their cards, and what can be downloaded.
//!
//! Knows how packages and printable files are named, and that one package is of all decks; not what is in them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text;
use crate::artifact::Artifact;
use crate::config::BookOptions;
use crate::html;
use crate::ir::{Collection, DeckName, Note};
use crate::site::pages::{Page, Site};
use crate::text::file_slug::file_slugs;
use crate::text::{address, entity};

/// The start pages. `made` is what other formats made.
pub(super) fn start<'m>(site: &mut Site<'_>, options: &BookOptions, made: &'m [Artifact]) -> Start<'m> {
    let title = options.title.clone().unwrap_or_else(|| site.collection.name.clone());
    let about = options.description.as_deref().map(paragraph).unwrap_or_default();
    let decks = top_decks(site.collection);
    let names: Vec<&str> = decks.keys().copied().collect();
    let said = Said::new(site.collection, made, decks.len());
    let mut pages = Vec::new();
    let mut overview = String::new();
    let (mut rows, mut downloads) = (String::new(), said.link_to_whole());
    for ((name, notes), slug) in decks.iter().zip(file_slugs(&names)) {
        if decks.len() == 1 {
            overview = deck(site, options, &said, (name, notes), &said.links(&slug, "", None), "");
            continue;
        }
        downloads += &said.links(&slug, "", Some(name));
        let path = site.claim(&format!("decks/{slug}"));
        let about = said.description(name);
        rows += &Row { title: name, page: Some(&path), about: &about, is_of_chapters: false, notes }
            .markdown(site, options, "");
        let body = deck(site, options, &said, (name, notes), &said.links(&slug, "../", None), "../");
        let text = format!("# {}\n\n{body}", text::escape(name));
        pages.push(StartPage { title: (*name).to_owned(), path, text });
    }
    if !rows.is_empty() {
        let decks = format!("{} decks, {}", decks.len(), counts(&all(&decks)));
        let sizes = format!("<p class=\"sizes\">{decks}</p>\n\n");
        overview = format!(
            "{sizes}{}## Decks {{#decks}}\n\n{rows}\n{}",
            super::study(&site.collection.id, options),
            section(&downloads)
        );
    }
    if !site.pages.iter().any(|page| page.path == "index") {
        let text = format!("# {}\n\n{about}{overview}", text::escape(&title));
        pages.insert(0, StartPage { title: title.clone(), path: "index".to_owned(), text });
    }
    let overview = about + &overview;
    Start { title, overview, pages, downloads: made.iter().filter(|made| is_download(made)).collect() }
}

/// The pages that stand before the chapters.
pub(super) struct Start<'m> {
    /// The book's.
    pub(super) title: String,
    /// What stands below a chapter that is itself the first page.
    pub(super) overview: String,
    /// Pages of their own.
    pub(super) pages: Vec<StartPage>,
    /// What they link to.
    pub(super) downloads: Vec<&'m Artifact>,
}

/// A page that is no chapter.
pub(super) struct StartPage {
    pub(super) title: String,
    /// Without extension.
    pub(super) path: String,
    pub(super) text: String,
}

/// A note and its index in [`Collection::notes`].
type Numbered<'a> = (usize, &'a Note);

/// The notes of each top-level deck that has some.
fn top_decks(collection: &Collection) -> BTreeMap<&str, Vec<Numbered<'_>>> {
    let mut decks: BTreeMap<&str, Vec<Numbered<'_>>> = BTreeMap::new();
    for (index, note) in collection.notes.iter().enumerate() {
        decks.entry(note.deck.top()).or_default().push((index, note));
    }
    decks
}

/// What a top-level deck's page says: its description, its downloads, and the decks in it.
fn deck(
    site: &Site<'_>,
    options: &BookOptions,
    said: &Said<'_>,
    (name, notes): (&str, &[Numbered<'_>]),
    links: &str,
    root: &str,
) -> String {
    let mut page = paragraph(said.descriptions.get(name).copied().unwrap_or_default());
    let mut inner: BTreeMap<&DeckName, Vec<Numbered<'_>>> = BTreeMap::new();
    for &(index, note) in notes {
        inner.entry(&note.deck).or_default().push((index, note));
    }
    if inner.len() > 1 {
        let _ = write!(page, "<p class=\"sizes\">{} decks, {}</p>\n\n", inner.len(), counts(notes));
    }
    page += &super::study(&site.collection.id, options);
    if inner.len() > 1 {
        page += "## Decks {#decks}\n\n";
    }
    for (deck, notes) in inner {
        let short = deck.as_str().strip_prefix(name).unwrap_or_default().trim_start_matches("::").replace("::", " › ");
        let about = if deck.as_str() == name { String::new() } else { said.description(deck.as_str()) };
        let on = notes.first().and_then(|(index, _)| site.page_of(*index)).map(|page| page.path.as_str());
        let title = if short.is_empty() { name } else { &short };
        page +=
            &Row { title, page: on, about: &about, is_of_chapters: true, notes: &notes }.markdown(site, options, root);
    }
    page.push('\n');
    page + &section(links)
}

/// The notes of all decks.
fn all<'a>(decks: &BTreeMap<&str, Vec<Numbered<'a>>>) -> Vec<Numbered<'a>> {
    decks.values().flatten().copied().collect()
}

/// A description as a paragraph; nothing of nothing.
fn paragraph(description: &str) -> String {
    let line = markdown_line(description);
    if line.is_empty() { line } else { format!("{line}\n\n") }
}

/// What can be downloaded, below its heading; nothing where nothing can.
fn section(downloads: &str) -> String {
    if downloads.is_empty() {
        return String::new();
    }
    format!("## Downloads {{#downloads}}\n\n<ul class=\"downloads\">{downloads}</ul>\n\n")
}

/// What start pages say of decks beside their notes.
struct Said<'a> {
    /// Each deck's description, where its author gave one.
    descriptions: BTreeMap<&'a str, &'a str>,
    /// Slug of a top-level deck → what was made of it: its path, and what it is called.
    made: BTreeMap<String, Vec<(String, String)>>,
    /// The same of the package of all decks, where there is one.
    whole: Option<(String, String)>,
}

impl<'a> Said<'a> {
    fn new(collection: &'a Collection, made: &[Artifact], decks: usize) -> Self {
        let described =
            collection.decks.iter().filter_map(|deck| Some((deck.name.as_str(), deck.description.as_deref()?)));
        let mut files: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut packages = made.iter().map(Artifact::slashed).filter(|path| is_package(path));
        // Where each deck has its own, there are as many as decks.
        let whole = packages.next().filter(|_| packages.next().is_none());
        for path in made.iter().map(Artifact::slashed).filter(|path| whole.as_ref() != Some(path)) {
            if let Some((slug, label)) = label(&path) {
                files.entry(slug.to_owned()).or_default().push((path.clone(), label));
            }
        }
        let label = if decks == 1 { PACKAGE.to_owned() } else { format!("{PACKAGE} of all decks") };
        Self { descriptions: described.collect(), made: files, whole: whole.map(|path| (path, label)) }
    }

    /// What the author says of a deck; empty where nothing.
    fn description(&self, name: &str) -> String {
        self.descriptions.get(name).copied().map(markdown_line).unwrap_or_default()
    }

    /// A link to the package of all decks, as an item of raw HTML; empty where each has its own.
    fn link_to_whole(&self) -> String {
        let item = |(path, _): &(String, String)| format!("<li><b>All decks</b>{}</li>", link(path, "", PACKAGE));
        self.whole.iter().map(item).collect()
    }

    /// Links to what was made of a deck, behind its name where that is given: an item of raw HTML; empty where nothing was.
    fn links(&self, slug: &str, to_root: &str, name: Option<&str>) -> String {
        let mut links = String::new();
        // Among the links of all decks it stands once, above them.
        let whole = self.whole.iter().filter(|_| name.is_none());
        for (path, label) in whole.chain(self.made.get(slug).into_iter().flatten()) {
            links += &link(path, to_root, label);
        }
        if links.is_empty() {
            return links;
        }
        let mut title = String::new();
        html::escape(name.unwrap_or_default(), &mut title);
        let title = if title.is_empty() { title } else { format!("<b>{}</b>", title.replace('{', "&#123;")) };
        format!("<li>{title}{}</li>", if title.is_empty() { links.trim_start() } else { &links })
    }
}

/// A deck in a list of decks.
struct Row<'a> {
    title: &'a str,
    /// The page that it links to, without extension.
    page: Option<&'a str>,
    about: &'a str,
    /// Whether it has notes of its own, and not only decks.
    is_of_chapters: bool,
    notes: &'a [Numbered<'a>],
}

/// So many chapters of a deck are named in a list of decks.
const MOST_CHAPTERS: usize = 12;

impl Row<'_> {
    /// An item of a list. `root` leads from the page to the site's root.
    fn markdown(&self, site: &Site<'_>, options: &BookOptions, root: &str) -> String {
        let title = text::escape(self.title);
        let title = self.page.map_or_else(|| title.clone(), |page| format!("[{title}]({root}{page}.md)"));
        let mut row = format!("- {title} <span class=\"deck-size\">{}</span>", counts(self.notes));
        row += &self.chapters(site, root);
        if !self.about.is_empty() {
            let _ = write!(row, " <span class=\"deck-about\">{}</span>", self.about);
        }
        if options.study {
            let _ = write!(row, " <span class=\"deckle-deck\">{}</span>", self.cards(site, root));
        }
        row.push('\n');
        row
    }

    /// Links to the chapters of a deck that is on several; one is linked to by the title.
    fn chapters(&self, site: &Site<'_>, root: &str) -> String {
        let on = self.notes.iter().filter_map(|(index, _)| site.page_of(*index)).filter(|_| self.is_of_chapters);
        let mut pages: Vec<&Page<'_>> = Vec::new();
        for page in on {
            if pages.last().is_none_or(|last| last.path != page.path) {
                pages.push(page);
            }
        }
        if pages.len() < 2 {
            return String::new();
        }
        let link = |page: &&Page<'_>| format!("[{}]({root}{}.md)", text::escape(&page.title), page.path);
        let more = if pages.len() > MOST_CHAPTERS { ", …" } else { "" };
        let links = pages.iter().take(MOST_CHAPTERS).map(link).collect::<Vec<_>>().join(", ");
        format!(" <span class=\"deck-pages\">Chapters: {links}{more}</span>")
    }

    /// The cards of each page, by GUID and ordinal, for study mode.
    fn cards(&self, site: &Site<'_>, root: &str) -> String {
        let mut pages: Vec<(&Page<'_>, String)> = Vec::new();
        for (index, note) in self.notes {
            let Some(page) = site.page_of(*index) else { continue };
            if pages.last().is_none_or(|(last, _)| last.path != page.path) {
                pages.push((page, String::new()));
            }
            let Some((_, keys)) = pages.last_mut() else { continue };
            for card in note.cards() {
                keys.push(' ');
                keys.push_str(&note.guid.0);
                let _ = write!(keys, ":{}", card.ordinal);
            }
        }
        let mut cards = String::new();
        for (page, keys) in pages {
            let _ = write!(cards, "<span data-page=\"{root}{}\" data-keys=\"", page.address());
            html::escape_attribute(keys.trim_start(), &mut cards);
            cards.push_str("\"></span>");
        }
        cards.replace('{', "&#123;")
    }
}

fn counts(notes: &[Numbered<'_>]) -> String {
    let cards: usize = notes.iter().map(|(_, note)| note.cards().len()).sum();
    let number = |count, word| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", number(notes.len(), "note"), number(cards, "card"))
}

/// What a package is called.
const PACKAGE: &str = "Anki package";

/// A blank and a link to a file that can be downloaded.
fn link(path: &str, to_root: &str, label: &str) -> String {
    let download = if is_package(path) { " download" } else { "" };
    let mut address = String::new();
    html::escape_attribute(path, &mut address);
    format!(" <a href=\"{to_root}{address}\"{download}>{label}</a>")
}

/// The slug of the deck that a file was made of, and what the file is called; `None` where it is an image of one.
fn label(path: &str) -> Option<(&str, String)> {
    if let Some(slug) = path.strip_suffix(".apkg") {
        return Some((slug, PACKAGE.to_owned()));
    }
    let file = path.strip_prefix("print/")?.strip_suffix(".html")?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (file, number) = match file.rsplit_once('-') {
        Some((file, number)) if is_number(number) => (file, format!(" ({number})")),
        Some(_) | None => (file, String::new()),
    };
    let (slug, kind) = file.rsplit_once('-')?;
    let word = match kind {
        "sheet" => "Cheat sheet",
        "cards" => "Cards to print",
        _ => return None,
    };
    Some((slug, format!("{word}{number}")))
}

/// Packages, printable files and their images.
fn is_download(made: &Artifact) -> bool {
    let path = made.slashed();
    is_package(&path) || path.starts_with("print/")
}

fn is_package(path: &str) -> bool {
    path.strip_suffix(".apkg").is_some()
}

/// A description is Markdown; in it, tags and mdBook's commands mean nothing, nor do links that may not be followed.
fn markdown_line(description: &str) -> String {
    const LINK: &str = "](";
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace("{{", "{&#123;").replace('<', "&lt;").replace("]:", "]&#58;");
    let mut pieces = line.split(LINK);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(if leads_to_harm(piece) { "]&#40;" } else { LINK });
        out.push_str(piece);
    }
    out
}

/// Whether Markdown might read an address at the start of the text that may not be followed. Entities that are unknown here
/// might be a colon.
fn leads_to_harm(text: &str) -> bool {
    let written = text.split_whitespace().next().unwrap_or_default();
    let address = entity::decode(written).replace('\\', "");
    let is_obscure = address.split(['/', '?', '#', ':']).next().is_some_and(|start| start.contains('&'));
    is_obscure || !address::may_be_followed(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_descriptions_run_nothing() {
        for description in [
            "[x](javascript:a)",
            "[x]( JAVAscript:a)",
            "[x](java\\script:a)",
            "[x](javascript&#58;a)",
            "![x](data:text/html,a)",
            "[x](javascript&colon;a)",
            "[x](&#x6a;avascript:a)",
            "a](javascript\\:a \"b\")",
        ] {
            assert!(!markdown_line(description).contains("]("), "{description}");
        }
        let kept = "[x](https://e.org/?a&b) [y](a.md#b) and ![z](c.png), `d`";
        assert_eq!(markdown_line(kept), kept);
        assert_eq!(markdown_line("[x]: javascript:a <b> {{#c}}"), "[x]&#58; javascript:a &lt;b> {&#123;#c}}");
    }

    #[test]
    fn files_are_known_by_their_names() {
        let labels =
            ["a.apkg", "print/a-sheet.html", "print/a-cards.html", "print/a-cards-2.html", "print/a-sheet-2.html"];
        assert!(labels.iter().all(|path| label(path).is_some_and(|(slug, _)| slug == "a")));
        let others = [
            "a-b.apkg",
            "print/a-b-sheet.html",
            "print/a-2.html",
            "print/media/a-cards.png",
            "deckle.json",
            "print/a-cards-b.html",
        ];
        assert!(others.iter().all(|path| label(path).is_none_or(|(slug, _)| slug != "a")));
    }
}
