//! Turns a book that mdBook hands over into the same book with cards in the place of its notes.
//!
//! Knows mdBook's protocol (0.5: a context and a book as JSON on stdin, a book on stdout) and where in a chapter's text notes
//! stand; what a card looks like is up to [`book`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::{Compiled, Failure, Request, Scope, compile};
use crate::Error;
use crate::diagnostic::{Diagnostic, suggest};
use crate::files::World;
use crate::ir::{self, BlockKind, Chapter, ChapterPart, Note};
use crate::markdown::Layout;
use crate::site::book::{self, Media, Surroundings};
use crate::site::pages::{Lead, Site, Spot, Target};
use crate::source::{SourceId, Sources, Span};
use crate::text::address::percent_encode;
use crate::text::path::below;

/// Puts cards into the chapters for which a deck is in effect; all others stay as they are, and so does prose. The lock
/// is read, so that cards are the same as in packages, and never written.
///
/// # Errors
/// The input is not what mdBook 0.5 hands to a preprocessor, or a file cannot be read.
pub fn preprocess(mut world: World, input: &str) -> Result<Preprocessed, Failure> {
    let Input { root, src, mut book, unknown_keys } = Input::read(input)?;
    let folder = root.join(&src);
    let mut chapters: Vec<String> = Vec::new();
    // What mdBook hands over may be other than the file: the chapter as another preprocessor left it.
    let mut seen = BTreeSet::new();
    try_for_each_chapter(&mut book, &mut |path, content| {
        // Another preprocessor may give two chapters one file. Cards can be in one of them: the first, as below.
        if seen.insert(path.to_owned()) {
            world.overlay(&folder.join(path), content.as_str())?;
            chapters.push(path.to_owned());
        }
        Ok(())
    })?;
    let scope = Scope::Book { src, chapters };
    let compiled = compile(&world, &Request { start: root, scope, ..Request::default() }, &|_| {})?;
    let mut texts = Rewriter::new(&compiled).chapters();
    try_for_each_chapter(&mut book, &mut |path, content| {
        if let Some(text) = texts.remove(path) {
            *content = text;
        }
        Ok(())
    })?;
    let Compiled { sources, diagnostics, .. } = compiled;
    Ok(Preprocessed { book: book.to_string(), sources, diagnostics, unknown_keys })
}

/// What came of a book.
#[derive(Debug)]
pub struct Preprocessed {
    /// The book as JSON.
    pub book: String,
    /// The chapters' texts.
    pub sources: Sources,
    /// The author's mistakes. Where there are errors, the book is not worth building.
    pub diagnostics: Vec<Diagnostic>,
    /// Keys of `book.toml` that mdBook does not know, each with what may be meant: for one of them it passes over all of
    /// `[output.html]`, and the style of cards with it.
    pub unknown_keys: Vec<(String, Option<&'static str>)>,
}

/// What mdBook hands over.
struct Input {
    /// The folder of `book.toml`.
    root: PathBuf,
    /// The folder of the chapters, relative to it.
    src: String,
    book: Value,
    /// As in [`Preprocessed`].
    unknown_keys: Vec<(String, Option<&'static str>)>,
}

/// The tables of `[output.html]` in mdBook 0.5 that know their keys, and those keys. Source: `mdbook-core`, `config.rs`.
const HTML_KEYS: [(&str, &str); 6] = [
    (
        "",
        "theme default-theme preferred-dark-theme smart-punctuation definition-lists admonitions mathjax-support \
         additional-css additional-js fold playground playpen code print no-section-label search git-repository-url \
         git-repository-icon input-404 site-url cname edit-url-template live-reload-endpoint redirect hash-files \
         sidebar-header-nav",
    ),
    ("print", "enable page-break"),
    ("fold", "enable level"),
    ("playground", "editable copyable copy-js line-numbers runnable"),
    ("code", "hidelines"),
    (
        "search",
        "enable limit-results teaser-word-count use-boolean-and boost-title boost-hierarchy boost-paragraph expand \
         heading-split-level copy-js chapter",
    ),
];

/// The keys of `[output.html]` that mdBook does not know. Other versions may know other ones.
fn unknown_keys(context: &Value, version: &str) -> Vec<(String, Option<&'static str>)> {
    let mut unknown = Vec::new();
    for (table, known) in HTML_KEYS.iter().filter(|_| version.starts_with("0.5.")) {
        let path =
            if table.is_empty() { "/config/output/html".to_owned() } else { format!("/config/output/html/{table}") };
        for key in context.pointer(&path).and_then(Value::as_object).into_iter().flat_map(|table| table.keys()) {
            if !known.split(' ').any(|name| name == key) {
                let whole = if table.is_empty() { key.clone() } else { format!("{table}.{key}") };
                unknown.push((whole, suggest(key, known.split(' '))));
            }
        }
    }
    unknown
}

impl Input {
    fn read(input: &str) -> Result<Self, Failure> {
        let no_input = |what: &str| {
            Failure::Usage(format!(
                "{what}; mdBook calls this command: put `[preprocessor.deckle]` with `command = \"deckle mdbook\"` into book.toml"
            ))
        };
        let value: Value =
            serde_json::from_str(input).map_err(|_| no_input("stdin is not what mdBook hands to a preprocessor"))?;
        let Value::Array(pair) = value else { return Err(no_input("stdin holds no context and book")) };
        let Ok([context, book]) = <[Value; 2]>::try_from(pair) else {
            return Err(no_input("stdin holds no context and book"));
        };
        let version = context.get("mdbook_version").and_then(Value::as_str).unwrap_or("before 0.5");
        if !book.get("items").is_some_and(Value::is_array) {
            let message = format!("this is mdBook {version}, and `deckle mdbook` needs 0.5 or later; update mdBook");
            return Err(Failure::Usage(message));
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let Some(root) = text(context.get("root")) else { return Err(no_input("the context names no root")) };
        let src = text(context.pointer("/config/book/src")).unwrap_or_else(|| "src".to_owned());
        let unknown_keys = unknown_keys(&context, version);
        Ok(Self { root: PathBuf::from(root), src, book, unknown_keys })
    }
}

/// Calls `f` with the path and the text of each chapter that has a file, in reading order, until it fails.
fn try_for_each_chapter(
    book: &mut Value,
    f: &mut dyn FnMut(&str, &mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(items) = book.get_mut("items") else { return Ok(()) };
    let mut rest: Vec<&mut Value> = items.as_array_mut().into_iter().flatten().rev().collect();
    while let Some(item) = rest.pop() {
        let Some(Value::Object(chapter)) = item.get_mut("Chapter") else { continue };
        let path = chapter.get("source_path").and_then(Value::as_str).map(|path| path.replace('\\', "/"));
        if let (Some(path), Some(Value::String(content))) = (path, chapter.get_mut("content")) {
            f(&path, content)?;
        }
        if let Some(Value::Array(inner)) = chapter.get_mut("sub_items") {
            rest.extend(inner.iter_mut().rev());
        }
    }
    Ok(())
}

struct Rewriter<'a> {
    compiled: &'a Compiled,
    /// Which card is meant by a heading.
    site: Site<'a>,
    /// Path of a chapter → its text.
    sources: BTreeMap<&'a str, SourceId>,
    /// Stands before the first cards of a chapter.
    study: String,
}

impl<'a> Rewriter<'a> {
    fn new(compiled: &'a Compiled) -> Self {
        let study = book::study(&compiled.collection.id, &compiled.plan.book);
        let sources = compiled.plan.notes.iter().map(|file| (file.chapter.as_str(), file.source)).collect();
        Self { compiled, site: Site::new(&compiled.collection), sources, study }
    }

    /// Path of each chapter for which a deck is in effect → its text.
    fn chapters(&self) -> BTreeMap<&'a str, String> {
        let chapters = self.compiled.collection.chapters.iter();
        chapters.map(|chapter| (chapter.path.as_str(), self.chapter(chapter))).collect()
    }

    /// The text of a chapter without its front matter, cards in the place of notes.
    fn chapter(&self, chapter: &Chapter) -> String {
        let source = self.sources.get(chapter.path.as_str());
        let Some((id, layout)) = source.and_then(|id| Some((id, self.compiled.layouts.get(id)?))) else {
            return String::new();
        };
        let source = self.compiled.sources.get(*id);
        let addresses = self.addresses(&chapter.path);
        let media: Media<'_> = addresses.iter().map(|(path, address)| (*path, address.as_str())).collect();
        let follow = |url: &str| self.target(&source.path, url);
        let around = Surroundings { media: &media, follow: &follow };
        let mut text = Text { source: &source.text, layout, at: layout.start, out: String::new(), study: &self.study };
        let mut cards = Vec::new();
        for part in &chapter.parts {
            match part {
                ChapterPart::Note { note } => {
                    let note = self.compiled.collection.notes.get(*note);
                    cards.extend(note.map(|note| book::card(note, &around)));
                }
                ChapterPart::Table(_) => {
                    let notes = part.notes().filter_map(|note| self.compiled.collection.notes.get(note));
                    let notes: Vec<&Note> = notes.collect();
                    cards.push(book::group("", &notes, &around));
                }
                ChapterPart::Prose { block } => {
                    let is_heading = matches!(block.kind, BlockKind::Heading { .. });
                    text.gap(&std::mem::take(&mut cards), block.span.range().start);
                    text.prose(block.span.range().end, is_heading);
                }
            }
        }
        text.gap(&cards, source.text.len());
        text.out
    }

    /// Where a link on a card leads: where a heading has become a card, to that. mdBook leads all others.
    fn target(&self, file: &str, url: &str) -> Target {
        let Lead::Page { page, spot: Spot::Id(id) } = self.site.lead(file, url) else { return Target::Same };
        let Some(page) = self.site.pages.get(page).filter(|_| is_card(&id)) else { return Target::Same };
        if page.source == file {
            return Target::Address(format!("#{id}"));
        }
        let base = self.compiled.plan.base.as_str();
        let to_root = "../".repeat(below(file, base).unwrap_or(file).matches('/').count());
        Target::Address(format!("{to_root}{}#{id}", percent_encode(&page.chapter.path)))
    }

    /// Where media are from a chapter: where they lie.
    fn addresses(&self, chapter: &str) -> BTreeMap<&'a str, String> {
        let to_root = "../".repeat(chapter.matches('/').count());
        let base = self.compiled.plan.base.as_str();
        let address = |path: &'a str| percent_encode(below(path, base).unwrap_or(path));
        let media = self.compiled.collection.media.iter();
        let place = |media: &'a ir::Media| address(media.file.as_ref().unwrap_or(&media.path));
        media.map(|media| (media.path.as_str(), format!("{to_root}{}", place(media)))).collect()
    }
}

/// Whether an id is that of a card or an answer.
fn is_card(id: &str) -> bool {
    id.starts_with("c-") || id.starts_with("a-")
}

/// A chapter's text on its way out.
struct Text<'a> {
    source: &'a str,
    layout: &'a Layout,
    /// How far it is out.
    at: usize,
    out: String,
    /// Stands before the first cards.
    study: &'a str,
}

impl Text<'_> {
    /// What stands up to the line of `end`: cards in the place of their notes, or what is neither prose nor note.
    fn gap(&mut self, cards: &[String], end: usize) {
        let end = self.line_start(end).max(self.at);
        let gap = self.at..end;
        if cards.is_empty() {
            self.without_footnotes(end);
            return;
        }
        for card in std::mem::take(&mut self.study).lines().map(str::to_owned).chain(cards.iter().cloned()) {
            if !card.is_empty() {
                let _ = write!(self.out, "\n{card}\n");
            }
        }
        self.out.push('\n');
        // A label may be used by prose; where it is not, it does no harm.
        for place in within(&self.layout.labels, &gap).chain(within(&self.layout.prose_footnotes, &gap)) {
            self.out.push_str(self.source.get(place.range()).unwrap_or_default().trim_end());
            self.out.push_str("\n\n");
        }
        self.at = end;
    }

    /// Prose up to the end of its last line; an underlined heading has a line more.
    fn prose(&mut self, end: usize, is_heading: bool) {
        let mut end = self.line_end(end);
        let next = self.line_end(end);
        let line = self.source.get(end..next).unwrap_or_default().trim();
        let is_line_of = |mark: char| !line.is_empty() && line.chars().all(|c| c == mark);
        let start = self.source.get(self.at..).unwrap_or_default().trim_start();
        if is_heading && !start.starts_with('#') && (is_line_of('=') || is_line_of('-')) {
            end = next;
        }
        self.without_footnotes(end);
    }

    /// The text up to `end`, but the footnotes that only notes mention: they are on the cards.
    fn without_footnotes(&mut self, end: usize) {
        let gap = self.at..end;
        for footnote in within(&self.layout.note_footnotes, &gap) {
            self.out.push_str(self.source.get(self.at..footnote.start as usize).unwrap_or_default());
            self.at = footnote.end as usize;
        }
        self.out.push_str(self.source.get(self.at..end).unwrap_or_default());
        self.at = end.max(self.at);
    }

    fn line_start(&self, offset: usize) -> usize {
        if offset >= self.source.len() {
            return self.source.len();
        }
        self.source.get(..offset).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1)
    }

    fn line_end(&self, offset: usize) -> usize {
        let rest = self.source.get(offset..).unwrap_or_default();
        rest.find('\n').map_or(self.source.len(), |at| offset + at + 1)
    }
}

/// The places that start in a range; they ascend.
fn within<'s>(spans: &'s [Span], range: &std::ops::Range<usize>) -> impl Iterator<Item = Span> + 's {
    let first = spans.partition_point(|span| (span.start as usize) < range.start);
    let end = range.end;
    spans.iter().skip(first).copied().take_while(move |span| (span.start as usize) < end)
}

/// Whether this renderer's pages can show cards.
pub fn supports(renderer: &str) -> bool {
    renderer == "html"
}
