//! Turns a page's part of a chapter into the Markdown of an mdBook chapter.
//!
//! Knows nothing of other pages but their addresses.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::card::{self, Media, Surroundings};
use super::text;
use crate::config::BookOptions;
use crate::html::{self, ClozeStyle};
use crate::ir::{Block, BlockKind, Inline, Note, NoteKind, plain_text};
use crate::site::pages::{Page, Part, Site, Target, heading_id};

/// The Markdown of a page, given by its index in [`Site::pages`]. `follow` is told each address on it, and says where it
/// leads.
pub(super) fn chapter(index: usize, site: &Site<'_>, look: &Look<'_>, follow: &dyn Fn(&str) -> Target) -> String {
    let Some(page) = site.pages.get(index) else { return String::new() };
    let Some(media) = look.media.get(page.path.matches('/').count()) else { return String::new() };
    let around = Surroundings { media, follow };
    let mut writer = Writer { out: String::new(), page, site, around, footnotes: BTreeSet::new() };
    writer.page(look);
    writer.list_of_parts(index);
    writer.footnotes();
    writer.out
}

/// What all chapters of a book share.
pub(super) struct Look<'a> {
    /// The place of study mode; empty where there is none.
    pub(super) study: String,
    /// Addresses of media from pages, by how many folders they lie in.
    media: Vec<Media<'a>>,
}

impl<'a> Look<'a> {
    pub(super) fn new(site: &Site<'a>, options: &BookOptions, addresses: &'a [Vec<String>]) -> Self {
        let study = super::study(&site.collection.id, options);
        let paths = || site.collection.media.iter().map(|media| media.path.as_str());
        let media = addresses.iter().map(|addresses| paths().zip(addresses.iter().map(String::as_str)).collect());
        Self { study, media: media.collect() }
    }
}

/// The addresses of the collection's media from pages, by how many folders those lie in.
pub(super) fn addresses(site: &Site<'_>) -> Vec<Vec<String>> {
    let deepest = site.pages.iter().map(|page| page.path.matches('/').count()).max().unwrap_or_default();
    let from = |depth| {
        let folder = format!("{}media/", "../".repeat(depth));
        site.collection.media.iter().map(|media| format!("{folder}{}", media.name)).collect()
    };
    (0..=deepest).map(from).collect()
}

struct Writer<'a> {
    out: String,
    page: &'a Page<'a>,
    site: &'a Site<'a>,
    around: Surroundings<'a>,
    /// The numbers of the footnotes that prose of the page mentions and that are not below it yet.
    footnotes: BTreeSet<u32>,
}

impl<'a> Writer<'a> {
    /// The page's heading: its first one, if that is of the highest level, else the title.
    fn page(&mut self, look: &Look) {
        let mut ids = self.page.ids.iter();
        let first_level = if self.page.is_part { 2 } else { 1 };
        let first = self.page.parts.split_first().and_then(|(part, rest)| Some((as_heading(*part)?, rest)));
        let (parts, shift) = if let Some(((_, content), rest)) = first.filter(|((level, _), _)| *level <= first_level) {
            self.heading(1, content, ids.next());
            (rest, first_level - 1)
        } else {
            let (title, id) = (text::escape(&self.page.title), heading_id(&self.page.title));
            let _ = write!(self.out, "# {title} {{#{id}}}\n\n");
            (self.page.parts.as_slice(), 0)
        };
        if parts.iter().any(|part| matches!(part, Part::Note(_))) {
            self.out.push_str(&look.study);
        }
        self.parts(parts, &mut ids, shift);
    }

    /// Prose is gathered up to the next heading or note, since raw HTML may open in one block and close in another.
    fn parts<'i>(&mut self, parts: &[Part<'_>], ids: &mut impl Iterator<Item = &'i String>, shift: u8) {
        let mut prose: Vec<Block> = Vec::new();
        let mut label = None;
        let mut rest = parts;
        while let Some((part, behind)) = rest.split_first() {
            rest = behind;
            if let Some((level, content)) = as_heading(*part) {
                self.prose(&mut prose);
                let id = ids.next();
                if self.is_of_table(*part, behind) {
                    label = Some((content, id));
                } else {
                    self.heading(level.saturating_sub(shift).max(1), content, id);
                }
                continue;
            }
            match part {
                Part::Prose(block) => prose.push((*block).clone()),
                Part::Note(note) => {
                    let Some(note) = self.site.collection.notes.get(*note) else { continue };
                    if note.kind == NoteKind::Row {
                        let rows = self.rows(note, behind);
                        rest = behind.get(rows.len() - 1..).unwrap_or_default();
                        let above = self.above_rows(label.take(), note, &mut prose);
                        self.block(&card::group(&above, &rows, &self.around));
                    } else {
                        self.prose(&mut prose);
                        self.block(&card::card(note, &self.around));
                    }
                }
            }
        }
        self.prose(&mut prose);
    }

    /// Whether a heading is that of a table whose rows stand below it, with prose between them at most.
    fn is_of_table(&self, heading: Part<'_>, behind: &[Part<'_>]) -> bool {
        let next = behind.iter().find(|part| as_heading(**part).is_some() || matches!(part, Part::Note(_)));
        let (Part::Prose(heading), Some(Part::Note(note))) = (heading, next) else { return false };
        let note = self.site.collection.notes.get(*note).filter(|note| note.kind == NoteKind::Row);
        let question = note.and_then(card::question_of_row).and_then(|content| content.first());
        question.is_some_and(|first| {
            first.span.source == heading.span.source && heading.span.range().contains(&first.span.range().start)
        })
    }

    /// A row's note, and those behind it that ask the same.
    fn rows(&self, first: &'a Note, behind: &[Part<'_>]) -> Vec<&'a Note> {
        let notes = &self.site.collection.notes;
        let note = |part: &Part<'_>| if let Part::Note(note) = part { notes.get(*note) } else { None };
        let question = card::question_of_row(first);
        let is_next = |note: &&Note| note.kind == NoteKind::Row && card::question_of_row(note) == question;
        std::iter::once(first).chain(behind.iter().map_while(note).take_while(is_next)).collect()
    }

    /// What stands in a group above a table's rows: their heading with the prose below it, else what they ask; nothing where
    /// that is the page's title.
    fn above_rows(
        &mut self,
        heading: Option<(&[Inline], Option<&String>)>,
        note: &Note,
        prose: &mut Vec<Block>,
    ) -> String {
        let Some((content, id)) = heading else {
            self.prose(prose);
            let question = card::question_of_row(note).filter(|content| plain_text(content).trim() != self.page.title);
            return question.map(|content| self.label(content, None)).unwrap_or_default();
        };
        let label = self.label(content, id);
        label + &self.prose_html(prose)
    }

    fn label(&mut self, content: &[Inline], id: Option<&String>) -> String {
        let html = html::render_line(content, &self.around.style(ClozeStyle::Unwrapped, false));
        let html = self.linked(html);
        let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        format!("<p class=\"group-label\"{id}>{}</p>", self.around.settle(&html))
    }

    fn heading(&mut self, level: u8, content: &[Inline], id: Option<&String>) {
        let html = html::render_line(content, &self.around.style(ClozeStyle::Unwrapped, false));
        let html = self.linked(html);
        let line = text::escape_html(&self.around.settle(&html));
        let id = id.map(String::as_str).unwrap_or_default();
        let _ = write!(self.out, "{} {line} {{#{id}}}\n\n", "#".repeat(usize::from(level)));
    }

    fn prose(&mut self, blocks: &mut Vec<Block>) {
        let html = self.prose_html(blocks);
        if !html.is_empty() {
            self.block(&html);
        }
    }

    fn prose_html(&mut self, blocks: &mut Vec<Block>) -> String {
        if blocks.is_empty() {
            return String::new();
        }
        let trusts_html = self.page.chapter.trusts_html;
        let html = html::render_prose(blocks, &self.around.style(ClozeStyle::Unwrapped, trusts_html));
        let html = card::well_formed(html, trusts_html);
        let html = self.linked(html);
        let html = self.around.settle(&html);
        blocks.clear();
        format!("<div class=\"prose\">{html}</div>")
    }

    /// The pages that the chapter goes on with.
    fn list_of_parts(&mut self, index: usize) {
        let is_next = |page: &&Page<'_>| page.is_part && std::ptr::eq(page.chapter, self.page.chapter);
        let next = self.site.pages.iter().skip(index + 1).take_while(is_next).filter(|_| !self.page.is_part);
        let mut list = String::new();
        for page in next {
            let title = text::escape(&page.title);
            let _ = writeln!(list, "- [{title}]({}{}.md)", self.page.to_root(), page.path);
        }
        if !list.is_empty() {
            list.push('\n');
            self.out.push_str(&list);
        }
    }

    /// The footnotes that were mentioned, and those that these mention.
    fn footnotes(&mut self) {
        let mut items = String::new();
        let mut done = BTreeSet::new();
        while let Some(number) = self.footnotes.pop_first() {
            let footnotes = &self.page.chapter.footnotes;
            let found = footnotes.binary_search_by_key(&number, |footnote| footnote.number).ok();
            let found = found.and_then(|index| footnotes.get(index)).filter(|_| done.insert(number));
            let Some(footnote) = found else { continue };
            let html = html::render(&footnote.blocks, &self.around.style(ClozeStyle::Unwrapped, false));
            let html = self.linked(html);
            let html = self.around.settle(&html);
            let _ = write!(items, "<li value=\"{number}\" id=\"fn-{number}\">{html}</li>");
        }
        if !items.is_empty() {
            self.block(&format!("<ol class=\"footnotes\">{items}</ol>"));
        }
    }

    /// Mentions of footnotes as links, and notes down which there are.
    fn linked(&mut self, html: String) -> String {
        const OPEN: &str = "<sup class=\"footnote\">";
        if !html.contains(OPEN) {
            return html;
        }
        let mut out = String::with_capacity(html.len() + 64);
        let mut pieces = html.split(OPEN);
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            // An author may write the like, with anything in it.
            let mention = piece.split_once('<').and_then(|(number, rest)| Some((number.parse::<u32>().ok()?, rest)));
            let Some((number, rest)) = mention else {
                out.extend([OPEN, piece]);
                continue;
            };
            self.footnotes.insert(number);
            let _ = write!(out, "{OPEN}<a href=\"#fn-{number}\">{number}</a><{rest}");
        }
        out
    }

    fn block(&mut self, html: &str) {
        self.out.push_str(html);
        self.out.push_str("\n\n");
    }
}

fn as_heading(part: Part<'_>) -> Option<(u8, &[Inline])> {
    let Part::Prose(block) = part else { return None };
    if let BlockKind::Heading { level, content, .. } = &block.kind { Some((*level, content)) } else { None }
}
