//! Turns a deck into its cheat sheet: everything that its notes say, dense and in columns, ordered like the chapters.
//!
//! Hints are left out, and so are extras that would take more room than the answer is worth. Knows nothing of cards.

mod chapters;
mod code;
mod measure;
mod notes;
mod paging;
mod part;
mod table;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::Hash;

use rayon::prelude::*;
use serde::Serialize;

use self::chapters::{Heading, SheetChapter, SheetFile, files};
pub(super) use self::chapters::{chapters, of_deck};
use self::code::hang_lines;
use self::measure::Measured;
use self::notes::Look;
use self::paging::Layout;
use self::part::Part;
use super::metrics;
use super::page::{PageSetup, PrintedDeck, script_source};
use super::template::File;
use crate::Error;
use crate::artifact::{Artifact, Ingredients};
use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{Block, BlockKind, Inline, Note, NoteKind};
use crate::text::day::day;

/// The most notes in a file: Chromium takes 3 s to print so many, and 51 s for 10,000.
const MOST_NOTES: usize = 1_000;

/// `<slug>-sheet.html`; what goes beyond [`MOST_NOTES`] is in `<slug>-sheet-2.html` and so on, whole chapters each where
/// these are not longer themselves.
///
/// # Errors
/// A template names what it is not given.
pub(super) fn sheets(
    deck: &PrintedDeck<'_>,
    chapters: Vec<SheetChapter<'_>>,
    setup: &PageSetup<'_>,
) -> Result<Vec<Artifact>, Error> {
    let files = files(chapters, MOST_NOTES);
    let sheet = |(index, file): (usize, &SheetFile<'_>)| {
        let part = (files.len() > 1).then(|| format!("part {} of {}", index + 1, files.len()));
        let kept = setup.kept(|made_of| hash_sheet(deck, setup, file, part.as_deref(), made_of));
        if let Some(page) = kept.page {
            return Ok(deck.page("sheet", index, page));
        }
        let recipe = setup.images.put_into(sheet(deck, setup, file, part)?);
        setup.keep(&kept, &recipe);
        Ok(deck.page("sheet", index, recipe))
    };
    files.par_iter().enumerate().map(sheet).collect()
}

fn sheet(
    deck: &PrintedDeck<'_>,
    setup: &PageSetup<'_>,
    file: &SheetFile<'_>,
    part: Option<String>,
) -> Result<String, Error> {
    let options = &deck.options;
    let render = |blocks: &[Block], cloze: ClozeStyle, trusts_html: bool| {
        if blocks.is_empty() {
            return String::new();
        }
        let style = Style {
            media: setup.addresses.of(deck),
            cloze,
            math: MathStyle::MathMl,
            playing: Playing::Paper,
            trusts_html,
        };
        let mut out = String::new();
        hang_lines(&html::render(blocks, &style), &mut out);
        out
    };
    let (title, subtitle) = titles(deck, setup);
    let chapters = parts(file, &title);
    let measured = measured(&chapters, setup);
    let layout = paging::layout(&measured, options.sheet_paper, options.sheet_columns);
    let subtitle = [Some(subtitle).filter(|subtitle| !subtitle.is_empty()), part].into_iter().flatten();
    let subtitle = subtitle.collect::<Vec<_>>().join(" · ");
    let date = date(deck);
    let chapters = page_chapters(&chapters, &measured, &layout, &render);
    let script = setup.templates.text(File::Columns);
    let page = Page {
        lang: deck.lang,
        running: Running {
            title: css_string(&title),
            subtitle: css_string(&subtitle),
            date: date.as_deref().map(css_string),
        },
        title,
        subtitle,
        date,
        paper: options.sheet_paper.to_string(),
        columns: layout.columns,
        size: number(layout.points),
        least_size: number(metrics::LEAST_SIZE),
        most_size: number((layout.points * measure::SPARE).min(metrics::MOST_SIZE)),
        room_width: number(layout.room[0]),
        room_height: number(layout.room[1]),
        column_width: number(layout.width()),
        script,
        script_source: script_source(deck, Some(script)),
        style: metrics::sheet(setup.templates.styles(File::SheetStyle)),
        font: html::math_face(chapters.iter().any(|chapter| chapter.notes.contains("<math"))),
        before: file.before,
        chapters,
    };
    setup.templates.render(File::Sheet, &page)
}

/// Takes down all that a sheet is made of.
fn hash_sheet(
    deck: &PrintedDeck<'_>,
    setup: &PageSetup<'_>,
    file: &SheetFile<'_>,
    part: Option<&str>,
    made_of: &mut Ingredients,
) {
    deck.hash_into(made_of);
    ("sheet", titles(deck, setup), part, date(deck), file.before).hash(made_of);
    for chapter in &file.chapters {
        (chapter.deck, chapter.title, chapter.sections.len()).hash(made_of);
        for section in &chapter.sections {
            section.headings.len().hash(made_of);
            for Heading { level, text, content } in &section.headings {
                (level, text, content).hash(made_of);
            }
            section.entries.len().hash(made_of);
            section.entries.iter().for_each(|entry| part::hash(entry, made_of));
        }
    }
}

/// The day of the last change to a note.
fn date(deck: &PrintedDeck<'_>) -> Option<String> {
    deck.notes.iter().map(|(_, note)| note.modified).max().filter(|&seconds| seconds > 0).map(day)
}

/// A number of CSS.
fn number(value: f32) -> String {
    format!("{value:.2}")
}

/// What the template is given. HTML is ready to stand in the page; the titles and the date are text.
#[derive(Serialize)]
struct Page<'a> {
    /// A tag of BCP 47.
    lang: &'static str,
    title: String,
    /// Empty where it would repeat the title.
    subtitle: String,
    /// `2026-01-31`: the day of the last change to a note, in UTC.
    date: Option<String>,
    /// The same as strings of CSS, for margin boxes.
    running: Running,
    /// A name that CSS knows.
    paper: String,
    columns: u8,
    /// Size of the text in points, and between which a script may choose.
    size: String,
    least_size: String,
    most_size: String,
    /// What is between the margins, and a column's width, in millimetres.
    room_width: String,
    room_height: String,
    column_width: String,
    style: String,
    script: &'a str,
    /// What may run, for a Content-Security-Policy.
    script_source: String,
    /// The font that formulas are set in, where there are any.
    font: &'static str,
    /// How many chapters are in the files before this one.
    before: usize,
    chapters: Vec<PageChapter>,
}

#[derive(Serialize)]
struct Running {
    title: String,
    subtitle: String,
    date: Option<String>,
}

#[derive(Serialize)]
struct PageChapter {
    /// The deck that starts with it, where several are on the sheet.
    deck: Option<String>,
    /// Nothing where the sheet's title says it.
    title: Option<String>,
    /// Its notes and the headings among them, as HTML.
    notes: String,
}

/// A chapter with its notes as the sheet lists them.
struct ChapterParts<'a> {
    deck: Option<&'a str>,
    /// Nothing where the sheet's title says it.
    title: Option<&'a str>,
    sections: Vec<(&'a [Heading<'a>], Vec<Part<'a>>)>,
}

fn parts<'a>(file: &'a SheetFile<'a>, sheet: &str) -> Vec<ChapterParts<'a>> {
    let is_alone = file.before == 0 && file.chapters.len() == 1;
    let is_said = |title: &str| is_alone && sheet.rsplit(" › ").next() == Some(title);
    let mut shown = BTreeSet::new();
    let mut chapter = |chapter: &'a SheetChapter<'a>| {
        let section = |section: &'a chapters::Section<'a>| {
            let parts = section.entries.iter().filter_map(|entry| part::part(entry, &mut shown));
            (section.headings.as_slice(), parts.collect())
        };
        ChapterParts {
            deck: chapter.deck,
            title: Some(chapter.title).filter(|title| !is_said(title)),
            sections: chapter.sections.iter().map(section).collect(),
        }
    };
    file.chapters.iter().map(&mut chapter).collect()
}

/// Measures titles, headings and notes, in their order.
fn measured<'a>(chapters: &[ChapterParts<'_>], setup: &'a PageSetup<'_>) -> Measured<'a> {
    let mut measured = Measured::new(&setup.sizes);
    for ChapterParts { deck, title, sections } in chapters {
        for title in [deck, title].into_iter().flatten() {
            measured.chapter(title);
        }
        for (headings, parts) in sections {
            headings.iter().for_each(|heading| measured.heading(heading.content, heading.text));
            for part in parts {
                measured.part(part);
            }
            measured.end_section();
        }
    }
    measured
}

/// The chapters as HTML; `measured` has the same in the same order.
fn page_chapters(
    chapters: &[ChapterParts<'_>],
    measured: &Measured<'_>,
    layout: &Layout,
    render: &impl Fn(&[Block], ClozeStyle, bool) -> String,
) -> Vec<PageChapter> {
    let mut units = measured.units.iter();
    let note_blocks = |blocks: &[Block], note: &Note| render(blocks, cloze(note), note.trusts_html);
    let mut pages = Vec::with_capacity(chapters.len());
    for ChapterParts { deck, title, sections } in chapters {
        let mut html = String::new();
        for _ in [deck, title].into_iter().flatten() {
            units.next();
        }
        for (headings, parts) in sections {
            for (heading, _) in headings.iter().zip(&mut units) {
                write_heading(heading, render, &mut html);
            }
            for (part, unit) in parts.iter().zip(&mut units) {
                notes::write(part, &Look::new(unit, measured, layout), &note_blocks, &mut html);
            }
        }
        pages.push(PageChapter { deck: deck.map(str::to_owned), title: title.map(str::to_owned), notes: html });
    }
    pages
}

/// Every item of a list is a deletion, so none of them stands out.
fn cloze(note: &Note) -> ClozeStyle {
    match note.kind {
        NoteKind::List => ClozeStyle::Unwrapped,
        NoteKind::Basic | NoteKind::Definition | NoteKind::Row | NoteKind::Cloze => ClozeStyle::Strong,
    }
}

/// Levels 3 to 6: the page's title has 1, a chapter's 2.
fn write_heading(heading: &Heading<'_>, render: &impl Fn(&[Block], ClozeStyle, bool) -> String, out: &mut String) {
    let level = (heading.level + 2).min(6);
    let _ = write!(out, "<h{level} dir=\"auto\">");
    match heading.content {
        Some(content) => out.push_str(&render(&paragraph(content), ClozeStyle::Unwrapped, false)),
        None => html::escape(heading.text, out),
    }
    let _ = writeln!(out, "</h{level}>");
}

fn paragraph(content: &[Inline]) -> Vec<Block> {
    let block = |first: &Inline| Block { span: first.span, kind: BlockKind::Paragraph { content: content.to_vec() } };
    content.first().map(block).into_iter().collect()
}

/// The sheet's title, and what stands small beside it: what its deck is called, and the collection. Whether there are other
/// decks changes neither, so that no sheet is another one because of them.
fn titles(deck: &PrintedDeck<'_>, setup: &PageSetup<'_>) -> (String, String) {
    let (title, name) = (common_path(deck), &setup.collection.name);
    if title.is_empty() {
        return (name.clone(), String::new());
    }
    let subtitle = if title == *name { String::new() } else { name.clone() };
    (title, subtitle)
}

/// The deck that all notes are in, or below: `AWS › ECS`.
fn common_path(deck: &PrintedDeck<'_>) -> String {
    let mut names: Vec<&str> = deck.notes.iter().map(|(_, note)| note.deck.as_str()).collect();
    // Notes of a deck stand together.
    names.dedup();
    let mut names = names.into_iter().map(|name| name.split("::"));
    let mut common: Vec<&str> = names.next().map_or_else(|| vec![deck.name], Iterator::collect);
    for name in names {
        let same = common.iter().zip(name).take_while(|(one, other)| **one == *other).count();
        common.truncate(same);
    }
    common.join(" › ")
}

/// Text as a string of CSS that may stand in a `<style>` element.
fn css_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        if character.is_alphanumeric() || character == ' ' {
            string.push(character);
        } else {
            // The space ends the number, and is a part of it.
            let _ = write!(string, "\\{:x} ", u32::from(character));
        }
    }
    string.push('"');
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_css_end_where_they_should() {
        assert_eq!(css_string("A \"b\" </style> ü"), r#""A \22 b\22  \3c \2f style\3e  ü""#);
        assert_eq!(css_string("a\\\n"), r#""a\5c \a ""#);
    }
}
