//! Turns one Markdown file into prose and notes. Cannot fail: what is wrong becomes a diagnostic.
//!
//! The only place that calls pulldown-cmark. Knows neither other files nor any output.
#![expect(clippy::string_slice, reason = "offsets are the parser's, or were found in the text that is cut")]

mod assemble;
mod attributes;
mod cloze;
mod foreign;
mod front_matter;
mod head;
mod html;
mod media;
mod passage;
mod rewrite;
mod saved;
mod scan;
mod stamp;
mod summary;
mod syntax;
mod tidy;
mod tree;

use std::collections::BTreeSet;

use self::assemble::{Assembler, Trace};
use self::head::Head;
use crate::config::syntax::Syntax;
use crate::config::{Embeds, Settings};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{BlockKind, Chapter, ChapterPart, DeckName, Note};
use crate::source::{Source, SourceId, Span};
use crate::text::hidden;
use crate::text::path::stem;

pub use self::passage::{Part, Parts, Passage, read_passage};
pub use self::rewrite::{Left, Why, rewrite};
pub use self::stamp::stamp;
pub use self::summary::{Entry, read_summary};
pub use self::syntax::Unstamped;
pub use self::tidy::tidy;

/// A file as [`read`] takes it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Which source.
    pub id: SourceId,
    /// The source.
    pub source: &'a Source,
    /// Its path relative to the content folder.
    pub chapter: &'a str,
    /// The settings of its folder.
    pub settings: &'a Settings,
}

/// What one file holds.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The chapter; its [`crate::ir::ChapterPart::Note`]s index `notes`. `None` where no deck is in effect.
    pub chapter: Option<Chapter>,
    /// The notes in source order.
    pub notes: Vec<Note>,
    /// Which syntax each of them is written in.
    pub syntaxes: Vec<Syntax>,
    /// Every use of local media in notes and prose, in source order.
    pub media: Vec<MediaUse>,
    /// Every link in notes and prose that leads to a path, in source order.
    pub links: Vec<LinkUse>,
    /// What cannot be notes for what is wrong with it, as far as it can be read, in source order. In the chapter it is prose.
    pub left_out: Vec<Note>,
    /// Headings that are prose because nothing stands below them, as notes: they may have been some.
    pub bare: Vec<Note>,
    /// Whether the file cannot be read, so that nobody knows which notes are in it.
    pub is_left_out: bool,
    /// Whether the file is another program's: a board, a drawing or a template.
    pub is_of_other_program: bool,
    /// Where the front matter and notes name their decks.
    pub decks: Vec<(DeckName, Span)>,
    /// Where headings name decks for what stands below them.
    pub deck_places: Vec<(DeckName, Span)>,
    /// Whether the file says that no deck is to be in effect.
    pub has_no_deck: bool,
    /// Which way of writing notes was seen in it, where that was asked.
    pub seen: Option<Syntax>,
    /// What becomes of embedded notes.
    pub embeds: Embeds,
    /// How many headings were prose and not notes; `None` where none may be one.
    pub prose_headings: Option<usize>,
    /// Where the parts of the text stand that are neither prose nor notes.
    pub layout: Layout,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How it is written, where somebody asked.
    trace: Option<Box<Trace>>,
}

/// Where in a file those parts stand that others only refer to. Places ascend.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Offset behind the front matter.
    pub start: usize,
    /// Where link labels are defined.
    pub labels: Vec<Span>,
    /// The footnotes that no prose mentions.
    pub note_footnotes: Vec<Span>,
    /// The others.
    pub prose_footnotes: Vec<Span>,
}

/// A place that names a local image or sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaUse {
    /// Relative to the project's root, as in [`crate::ir::MediaRef::Local`].
    pub path: String,
    /// Other paths that the address may mean where there is nothing, the likelier ones first.
    pub others: Vec<String>,
    /// The place of the name in the source.
    pub span: Span,
    /// Whether exactly the name stands there, and nothing that says more of it than the path.
    pub is_exact: bool,
    /// Whether it starts with a slash, and so goes from the folder of all notes.
    pub is_rooted: bool,
}

/// A place that links to a path, or to a place in its own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUse {
    /// As in [`crate::ir::Link::url`].
    pub url: String,
    /// The place of the address in the source.
    pub span: Span,
    /// Whether it is written `[[…]]`, where a name alone stands for a file anywhere.
    pub is_wiki: bool,
    /// Whether nobody expects a file there: Logseq has pages that only links name.
    pub may_lack: bool,
}

/// Whether it is said of an embedded note that it stays outside.
pub fn is_of_embed(found: &Diagnostic) -> bool {
    tree::is_of_embed(found)
}

impl Document {
    /// Says that the file cannot be read, where it may be one of ours; `text` is what there is of it.
    pub fn make_unread(&mut self, fault: &Diagnostic, text: &str) {
        // UTF-16 of plain letters, which has a zero beside each.
        let is_ours = self.chapter.is_some() || self.is_left_out || front_matter::names_deck(&text.replace('\0', ""));
        let diagnostics = if is_ours { vec![fault.clone()] } else { Vec::new() };
        *self = Self { is_left_out: is_ours, diagnostics, ..Self::default() };
    }

    /// Puts what is left out into the chapter as prose. What is wrong was said when it was read as notes.
    fn read_again(&mut self, file: File<'_>) {
        let left_out = self.left_out.iter().map(|note| note.span.start).collect();
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let mut again = read_without(file, left_out, self.trace.is_some());
        again.left_out = std::mem::take(&mut self.left_out);
        // A heading that was to be a note is no title.
        if let (Some(chapter), Some(before)) = (&mut again.chapter, self.chapter.take()) {
            chapter.title = before.title;
        }
        *self = Self { diagnostics, ..again };
    }

    /// Says that the document stands in this source, at the same offsets: as if it had been read with its number.
    pub fn move_to(&mut self, source: SourceId) {
        let Self {
            chapter,
            notes,
            syntaxes: _,
            media,
            links,
            left_out,
            bare,
            is_left_out: _,
            is_of_other_program: _,
            decks,
            deck_places,
            has_no_deck: _,
            seen: _,
            embeds: _,
            prose_headings: _,
            layout,
            diagnostics,
            trace: _,
        } = self;
        let Layout { start: _, labels, note_footnotes, prose_footnotes } = layout;
        if let Some(chapter) = chapter {
            chapter.move_to(source);
        }
        for note in notes.iter_mut().chain(left_out).chain(bare) {
            note.move_to(source);
        }
        for diagnostic in diagnostics {
            diagnostic.move_to(source);
        }
        let uses = media.iter_mut().map(|media| &mut media.span).chain(links.iter_mut().map(|link| &mut link.span));
        let decks = decks.iter_mut().chain(deck_places).map(|(_, span)| span);
        let spans = uses.chain(decks).chain(labels).chain(note_footnotes).chain(prose_footnotes);
        spans.for_each(|span| span.source = source);
    }
}

impl Layout {
    /// Notes down where footnotes stand; `in_prose` says of which, by its index, prose speaks.
    fn place_footnotes(&mut self, footnotes: &[tree::FootnoteDefinition], in_prose: impl Fn(usize) -> bool) {
        for (index, span) in footnotes.iter().enumerate().filter_map(|(index, footnote)| Some((index, footnote.span?)))
        {
            if in_prose(index) { &mut self.prose_footnotes } else { &mut self.note_footnotes }.push(span);
        }
        self.prose_footnotes.sort_unstable();
        self.note_footnotes.sort_unstable();
    }
}

/// Reads one file. `settings` are those of its folder; `chapter_path` is its path relative to the content folder.
///
/// Where no deck is in effect the file is not ours, and nothing is said of it.
pub fn read(id: SourceId, source: &Source, chapter_path: &str, settings: &Settings) -> Document {
    let file = File { id, source, chapter: chapter_path, settings };
    read_file(file, false)
}

/// As [`read()`]; `is_traced` says whether the document is to hold how it is written.
fn read_file(file: File<'_>, is_traced: bool) -> Document {
    let mut document = read_without(file, BTreeSet::new(), is_traced);
    if !document.left_out.is_empty() {
        document.read_again(file);
    }
    document
}

/// Leaves notes out that cannot be cards for what is wrong outside of their file. `document` is what was read of `file`.
pub fn leave_out(file: File<'_>, document: &mut Document, is_left_out: impl Fn(&Note) -> bool) {
    let left_out = document.notes.extract_if(.., |note| is_left_out(note));
    let known = document.left_out.len();
    document.left_out.extend(left_out);
    if document.left_out.len() > known {
        document.left_out.sort_by_key(|note| note.span);
        document.read_again(file);
    }
}

/// Reads a file whose notes that start at these offsets are prose.
fn read_without(file: File<'_>, left_out: BTreeSet<u32>, is_traced: bool) -> Document {
    let File { id, source, chapter: chapter_path, settings: _ } = file;
    let mut document = Document::default();
    let Some(head) = Head::read(file, &mut document) else { return document };
    let Head { settings, title, yaml, body } = head;
    document.diagnostics.extend(hidden_characters(id, &source.text));
    document.layout.start = body.start;
    document.embeds = settings.reading.embeds;
    document.prose_headings = settings.syntaxes.has(Syntax::Headings).then_some(0);
    document.trace = is_traced.then(|| Box::new(Trace::new(settings.clone(), yaml)));
    let mut assembler = Assembler::new(file, &settings, title.as_deref(), left_out, &mut document);
    syntax::read(body, &settings.syntaxes, &mut assembler);
    assembler.finish();
    if document.diagnostics.iter().any(|found| found.cost == Cost::File) {
        document.diagnostics.retain(|found| found.cost == Cost::File);
        return Document { is_left_out: true, diagnostics: document.diagnostics, ..Document::default() };
    }
    if let Some(chapter) = &mut document.chapter {
        chapter_path.clone_into(&mut chapter.path);
        let page = std::mem::take(&mut chapter.title);
        chapter.title = title
            .or_else(|| Some(page).filter(|page| !page.is_empty()))
            .or_else(|| chapter_title(chapter, source))
            .unwrap_or_else(|| hidden::without(stem(chapter_path)).into_owned());
    }
    document
}

/// Says which characters of a file are left out: the first, and how many there are.
fn hidden_characters(id: SourceId, text: &str) -> Option<Diagnostic> {
    let mut found = hidden::find(text).map(|(at, character)| (Span::new(id, at..at + character.len_utf8()), character));
    let (span, character) = found.next()?;
    let rest: Vec<(Span, char)> = found.collect();
    let others = match rest.len() {
        0 => String::new(),
        1 => ", and one more in this file".to_owned(),
        count => format!(", and {count} more in this file"),
    };
    let message = format!("the hidden character U+{:04X} is left out{others}", u32::from(character));
    let first = Diagnostic::new(Code::HiddenCharacter, span, message).caret("here").help("take it out");
    let first = first.fix(span, hidden::stand_in(character));
    Some(
        rest.into_iter().fold(first, |found, (span, character)| found.together_with(span, hidden::stand_in(character))),
    )
}

/// The text of the chapter's first heading.
fn chapter_title(chapter: &Chapter, source: &Source) -> Option<String> {
    chapter.parts.iter().find_map(|part| {
        let ChapterPart::Prose { block } = part else { return None };
        let BlockKind::Heading { content, .. } = &block.kind else { return None };
        Some(cloze::title(content, source)).filter(|title| !title.is_empty())
    })
}
