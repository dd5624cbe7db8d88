//! Turns what a sheet lists into pieces whose height in a column of any width is a sum.
//!
//! Text is measured in Arial, which the other fonts of `sheet.css` are scaled to. Where its lines break is not looked for:
//! they are as many as words of that length fill. Knows neither pages nor HTML.

use std::ops::Range;

use super::code::drawing;
use super::part::Part;
use crate::html::is_number;
use crate::ir::{Block, BlockKind, Cell, Grid, Inline, InlineKind, MediaRef, Run, plain_text, runs_text};
use crate::print::fit::{self, ImageSizes};
use crate::print::metrics;
use crate::text::extension::MediaKind;
use crate::text::tags;

/// A column to set pieces in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its width, in em of the text.
    pub(super) ems: f32,
    /// Size of tables and code, in em of the text.
    pub(super) small: f32,
    /// CSS pixels to the em.
    pub(super) pixels: f32,
}

/// The size of type may become so much larger where a script refines it.
pub(super) const SPARE: f32 = 1.06;

impl Column {
    /// Whether so many em stand in it, even where a script makes them larger.
    pub(super) fn has_room(&self, ems: f32) -> bool {
        ems * SPARE <= self.ems
    }
}

/// Something that takes height; its lengths are in em of its own text.
#[derive(Debug)]
enum Piece {
    /// Room between others.
    Gap(f32),
    /// Words in lines.
    Text(Text, Set),
    /// Lines of code: what each takes, and what it is indented by.
    Code(Vec<[f32; 2]>, f32),
    /// What keeps its lines: how many, and characters in the longest.
    Drawing(f32, f32),
    /// The cells of rows, row by row.
    Table(usize, Vec<Text>),
    /// An image, in CSS pixels.
    Picture([f32; 2]),
}

/// How words are set.
#[derive(Debug, Clone, Copy)]
struct Set {
    /// What they are indented by, in em of the text.
    indent: f32,
    /// Their size, in em of the text.
    size: f32,
}

/// Words, measured.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Text {
    /// Of all of them, with the white space between them.
    width: f32,
    /// The sum of their squared widths: of a line's end, half a word that does not fit stays empty.
    squares: f32,
    longest: f32,
    /// The width of the one that may go on.
    word: f32,
    /// How much higher than a line the highest of its lines is.
    raised: f32,
}

impl Text {
    fn push(&mut self, text: &str, bold: bool, scale: f32) {
        for character in text.chars() {
            if character == ' ' || character == '\n' || character == '\t' {
                self.space(scale);
            } else {
                let width = fit::advance(character, bold) * scale;
                self.word += width;
                self.width += width;
                if fit::is_wide(character) || character == '-' || character == '/' {
                    self.end_word();
                }
            }
        }
    }

    fn code(&mut self, text: &str, scale: f32) {
        for character in text.chars() {
            if character == ' ' || character == '\n' {
                self.space(scale * 2.0);
            } else {
                self.solid(fit::code_advance(character) * scale);
                if character == '/' {
                    self.end_word();
                }
            }
        }
    }

    fn solid(&mut self, width: f32) {
        self.word += width;
        self.width += width;
    }

    fn space(&mut self, scale: f32) {
        self.end_word();
        self.width += SPACE * scale;
    }

    fn end_word(&mut self) {
        self.squares += self.word * self.word;
        self.longest = self.longest.max(self.word);
        self.word = 0.0;
    }

    /// How many lines it fills in so much room.
    fn lines(&self, room: f32) -> f32 {
        if self.width <= room {
            return if self.width > 0.0 { 1.0 } else { 0.0 };
        }
        // A word that is longer than a line is broken, so no more than a part of a line stays empty.
        let empty = (self.squares / self.width * EMPTY).min(room / 4.0);
        (self.width / (room - empty)).ceil()
    }
}

/// What stays empty at a line's end, beside the mean width of the words that it may be: measured in Chromium.
const EMPTY: f32 = 0.42;

/// The width of a space, in em.
const SPACE: f32 = 0.278;

/// A note or a heading, measured.
pub(super) struct Unit {
    pieces: Range<usize>,
    /// A heading stays with what follows.
    pub(super) is_heading: bool,
    /// Whether it is the last of its section, and so short that it stays with the note before.
    pub(super) is_last: bool,
    /// Whether there is code in it, which is read as a whole.
    pub(super) has_code: bool,
    /// The widest of its tables.
    pub(super) table: Least,
    /// The longest line of its drawings, in characters.
    pub(super) drawing: f32,
    /// Width of its longest formula, with what that is indented by, in em of the text.
    pub(super) formula: f32,
}

/// How wide a table is at least, in em of its text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Least {
    /// Where none of its words is broken.
    pub(super) whole: f32,
    /// Where those of the column with the longest one are.
    pub(super) broken: f32,
    /// The number of that column, from 1.
    pub(super) column: usize,
}

/// All that a sheet lists, measured.
pub(super) struct Measured<'a> {
    sizes: &'a ImageSizes<'a>,
    pieces: Vec<Piece>,
    pub(super) units: Vec<Unit>,
    /// Of the unit that is being measured.
    has_code: bool,
    table: Least,
    drawing: f32,
    formula: f32,
}

impl<'a> Measured<'a> {
    pub(super) fn new(sizes: &'a ImageSizes<'a>) -> Self {
        Self {
            sizes,
            pieces: Vec::new(),
            units: Vec::new(),
            has_code: false,
            table: Least::default(),
            drawing: 0.0,
            formula: 0.0,
        }
    }

    /// Adds a chapter's title.
    pub(super) fn chapter(&mut self, title: &str) {
        let start = self.pieces.len();
        let size = metrics::CHAPTER_SIZE;
        self.pieces.push(Piece::Gap((metrics::CHAPTER_ABOVE + metrics::CHAPTER_BELOW + CHAPTER_RULE) * size));
        let mut text = Text::default();
        text.push("12 ", true, 1.0);
        text.push(title, true, 1.0);
        self.text(text, Set { indent: 0.0, size });
        self.end_unit(start, true);
    }

    /// Adds a heading, as it was written or as its note knows it.
    pub(super) fn heading(&mut self, content: Option<&[Inline]>, plain: &str) {
        let start = self.pieces.len();
        let size = metrics::HEADING_SIZE;
        self.pieces.push(Piece::Gap((metrics::HEADING_ABOVE + metrics::HEADING_BELOW + HEADING_RULE) * size));
        let mut text = Text::default();
        match content {
            Some(content) => self.inlines(content, true, Set { indent: 0.0, size }, &mut text),
            None => text.push(plain, true, 1.0),
        }
        self.text(text, Set { indent: 0.0, size });
        self.end_unit(start, true);
    }

    /// Adds a note or a table of them.
    pub(super) fn part(&mut self, part: &Part<'_>) {
        let start = self.pieces.len();
        let set = Set { indent: 0.0, size: 1.0 };
        self.pieces.push(Piece::Gap(metrics::NOTE_GAP));
        let mut text = Text::default();
        self.lines_of(&part.head, true, set, &mut text);
        let mut answer = &part.answer[..];
        if part.runs_in {
            if let [Block { kind: BlockKind::Paragraph { content }, .. }, rest @ ..] = answer {
                text.width += HEAD_GAP;
                self.inlines(content, false, set, &mut text);
                answer = rest;
            }
            if part.trails {
                text.space(1.0);
                self.lines_of(&part.extra, false, set, &mut text);
            }
        }
        self.text(text, set);
        if !part.given.is_empty() {
            self.pieces.push(Piece::Gap(metrics::BLOCK_GAP));
            self.blocks(&part.given, set);
        }
        self.blocks(answer, set);
        if !part.trails && !part.extra.is_empty() {
            self.blocks(&part.extra, set);
        }
        self.end_unit(start, false);
    }

    /// Whether the last unit stays with the one before it.
    pub(super) fn end_section(&mut self) {
        if let [.., before, last] = &mut self.units[..] {
            last.is_last = !before.is_heading && !last.is_heading;
        }
    }

    fn end_unit(&mut self, start: usize, is_heading: bool) {
        let pieces = start..self.pieces.len();
        let (has_code, table) = (std::mem::take(&mut self.has_code), std::mem::take(&mut self.table));
        let [drawing, formula] = [&mut self.drawing, &mut self.formula].map(std::mem::take);
        self.units.push(Unit { pieces, is_heading, is_last: false, has_code, table, drawing, formula });
    }

    /// Its height in a column, in em of the text.
    pub(super) fn height(&self, unit: &Unit, column: Column) -> f32 {
        let pieces = self.pieces.get(unit.pieces.clone()).unwrap_or_default();
        pieces.iter().map(|piece| piece.height(column)).sum()
    }

    fn text(&mut self, mut text: Text, set: Set) {
        text.end_word();
        if text.width > 0.0 {
            self.pieces.push(Piece::Text(text, set));
        }
    }

    /// Paragraphs in the lines of `text`.
    fn lines_of(&mut self, blocks: &[Block], bold: bool, set: Set, text: &mut Text) {
        for block in blocks {
            if let BlockKind::Paragraph { content } = &block.kind {
                self.inlines(content, bold, set, text);
            } else {
                self.blocks(std::slice::from_ref(block), set);
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block], set: Set) {
        for block in blocks {
            self.pieces.push(Piece::Gap(metrics::BLOCK_GAP));
            self.block(block, set);
        }
    }

    fn block(&mut self, block: &Block, set: Set) {
        let inner = |indent: f32| Set { indent: set.indent + indent, ..set };
        match &block.kind {
            BlockKind::Paragraph { content } => self.paragraph(content, false, set),
            BlockKind::Heading { content, .. } => self.paragraph(content, true, set),
            BlockKind::Code { content, .. } => self.code(content, set),
            BlockKind::Quote { blocks } => self.blocks(blocks, inner(metrics::SHEET_QUOTE_INDENT)),
            BlockKind::Alert(alert) => {
                let mut text = Text::default();
                let set = inner(metrics::SHEET_QUOTE_INDENT);
                self.inlines(&alert.title, true, set, &mut text);
                text.push(": ", true, 1.0);
                self.run_in(text, &alert.blocks, set);
            }
            BlockKind::List { start, items, .. } => {
                let indent = if start.is_some() { metrics::NUMBER_INDENT } else { metrics::SHEET_LIST_INDENT };
                for item in items {
                    self.run_in(Text::default(), &item.blocks, inner(indent));
                }
            }
            BlockKind::Table(grid) => self.table(grid),
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    self.paragraph(&definition.term, true, set);
                    definition.definitions.iter().for_each(|blocks| self.blocks(blocks, inner(1.0)));
                }
            }
            BlockKind::Labelled(labelled) => {
                let mut text = Text::default();
                self.inlines(&labelled.label, false, set, &mut text);
                text.push(": ", false, 1.0);
                self.inlines(&labelled.content, false, set, &mut text);
                self.text(text, set);
            }
            BlockKind::Cloze { blocks, .. } => self.run_in(Text::default(), blocks, set),
            BlockKind::Html { html } => {
                let mut text = Text::default();
                self.html(&html.text, set, &mut text);
                self.text(text, set);
            }
            BlockKind::Rule => self.pieces.push(Piece::Gap(1.0)),
        }
    }

    fn paragraph(&mut self, content: &[Inline], bold: bool, set: Set) {
        let mut text = Text::default();
        self.inlines(content, bold, set, &mut text);
        self.text(text, set);
    }

    /// Blocks of which the first one's words follow those of `text`.
    fn run_in(&mut self, mut text: Text, blocks: &[Block], set: Set) {
        match blocks {
            [Block { kind: BlockKind::Paragraph { content }, .. }, rest @ ..] => {
                self.inlines(content, false, set, &mut text);
                self.text(text, set);
                self.blocks(rest, set);
            }
            [Block { kind: BlockKind::Cloze { blocks, .. }, .. }] => self.run_in(text, blocks, set),
            blocks => {
                self.text(text, set);
                self.blocks(blocks, set);
            }
        }
    }

    fn code(&mut self, content: &[Run], set: Set) {
        let text = runs_text(content);
        self.has_code = true;
        self.pieces.push(Piece::Gap(CODE_ENDS));
        if let Some(longest) = drawing(&text) {
            self.drawing = self.drawing.max(longest);
            self.pieces.push(Piece::Drawing(count(text.lines().count()), longest));
            return;
        }
        let line = |line: &str| {
            let code = line.trim_start_matches([' ', '\t']);
            let indent: f32 =
                line.bytes().take(line.len() - code.len()).map(|byte| if byte == b'\t' { 2.0 } else { 1.0 }).sum();
            let width: f32 = code.chars().map(fit::code_advance).sum();
            [width, indent * fit::code_advance(' ')]
        };
        self.pieces.push(Piece::Code(text.lines().map(line).collect(), set.indent));
    }

    fn table(&mut self, grid: &Grid) {
        let columns = grid.header.len().max(1);
        let has_header = grid.header.iter().any(|cell| !cell.content.is_empty());
        let mut cells = Vec::with_capacity(columns * (grid.rows.len() + 1));
        let mut least = vec![0.0_f32; columns];
        for row in std::iter::once(&grid.header).filter(|_| has_header).chain(&grid.rows) {
            for (index, least) in least.iter_mut().enumerate() {
                let text = row.get(index).map_or_else(Text::default, |cell| self.cell(cell, index == 0));
                *least = least.max(text.longest);
                cells.push(text);
            }
        }
        self.widest_table(&least);
        self.pieces.push(Piece::Table(columns, cells));
    }

    /// Takes down how wide a table is at least, by the longest word in each of its columns.
    fn widest_table(&mut self, least: &[f32]) {
        let whole = least.iter().sum::<f32>() + cell_sides(least.len());
        if whole > self.table.whole {
            let longest = least.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
            let (index, longest) = longest.map_or((0, 0.0), |(index, longest)| (index, *longest));
            self.table = Least { whole, broken: whole - (longest - metrics::BROKEN_WIDTH).max(0.0), column: index + 1 };
        }
    }

    fn cell(&mut self, cell: &Cell, bold: bool) -> Text {
        let mut text = Text::default();
        if is_number(&cell.content) {
            text.solid(
                plain_text(&cell.content).chars().map(|c| fit::code_advance(c).max(fit::advance(c, true))).sum(),
            );
        } else {
            self.inlines(&cell.content, bold, Set { indent: 0.0, size: 1.0 }, &mut text);
        }
        text.end_word();
        text
    }

    fn inlines(&mut self, content: &[Inline], bold: bool, set: Set, text: &mut Text) {
        for inline in content {
            match &inline.kind {
                InlineKind::Text { text: words } => text.push(words, bold, 1.0),
                InlineKind::Code { content } => text.code(&runs_text(content), metrics::SMALL_PART),
                InlineKind::Math { display, content } => self.math(*display, content, set, text),
                InlineKind::Strong { content } => self.inlines(content, true, set, text),
                InlineKind::Cloze(hidden) => self.inlines(&hidden.content, true, set, text),
                InlineKind::Emphasis { content }
                | InlineKind::Strikethrough { content }
                | InlineKind::Highlight { content } => self.inlines(content, bold, set, text),
                InlineKind::Link(to) => self.inlines(&to.content, bold, set, text),
                InlineKind::Media(embed) => match &embed.media {
                    MediaRef::Local { path } if MediaKind::of(path) == Some(MediaKind::Image) => {
                        let own = self.sizes.get(path).unwrap_or([300.0, 150.0]);
                        self.picture(own, embed.size.width, embed.size.height, text);
                    }
                    MediaRef::Local { .. } | MediaRef::Remote { .. } => text.push(&embed.alt, bold, 1.0),
                },
                InlineKind::Footnote { .. } => text.solid(1.0),
                InlineKind::Html { html } => self.html(&html.text, set, text),
                InlineKind::SoftBreak => text.space(1.0),
                InlineKind::HardBreak => self.text(std::mem::take(text), set),
            }
        }
    }

    fn math(&mut self, display: bool, content: &[Run], set: Set, text: &mut Text) {
        let [width, height] = fit::formula(&runs_text(content), display);
        self.formula = self.formula.max(width + set.indent);
        if display {
            self.text(std::mem::take(text), set);
        }
        text.solid(width * set.size);
        text.raised = text.raised.max(height * FORMULA - metrics::SHEET_LEADING);
        if display {
            self.text(std::mem::take(text), set);
        }
    }

    /// An icon is a word; what is higher stands by itself.
    fn picture(&mut self, own: [f32; 2], width: Option<u32>, height: Option<u32>, text: &mut Text) {
        let ratio = own[1] / own[0].max(1.0);
        let side = |length: u32| f32::from(u16::try_from(length).unwrap_or(u16::MAX));
        let shown = match [width.map(side), height.map(side)] {
            [Some(width), Some(height)] => [width, height],
            [Some(width), None] => [width, width * ratio],
            [None, Some(height)] => [height / ratio.max(0.01), height],
            [None, None] => own,
        };
        if shown[1] < ICON {
            text.solid(shown[0] / 12.0);
        } else {
            self.pieces.push(Piece::Picture(shown));
        }
    }

    /// Raw HTML: its text; each element that stands by itself starts a line.
    fn html(&mut self, html: &str, set: Set, text: &mut Text) {
        let columns = raw_columns(html);
        if !columns.is_empty() {
            self.widest_table(&columns);
        }
        for piece in tags::pieces(html) {
            match piece {
                tags::Piece::Text(words) => text.push(words, false, 1.0),
                tags::Piece::Tag(tag) if tag.is("img") => self.picture([300.0, 150.0], None, None, text),
                tags::Piece::Tag(tag) if LINES.iter().any(|name| tag.is(name)) => {
                    self.text(std::mem::take(text), set);
                }
                tags::Piece::Tag(_) | tags::Piece::Comment(_) => {}
            }
        }
    }
}

/// The longest word in each column of the tables in raw HTML.
fn raw_columns(html: &str) -> Vec<f32> {
    let (mut columns, mut next, mut cell) = (Vec::new(), 0, None);
    for piece in tags::pieces(html) {
        match (piece, &mut cell) {
            (tags::Piece::Tag(tag), _) if tag.is("tr") || tag.is("table") => (next, cell) = (0, None),
            (tags::Piece::Tag(tag), _) if !tag.is_end && (tag.is("td") || tag.is("th")) => {
                if next == columns.len() {
                    columns.push(0.0_f32);
                }
                cell = Some((next, Text::default()));
                next += 1;
            }
            (tags::Piece::Text(words), Some((column, text))) => {
                text.push(words, true, 1.0);
                text.end_word();
                if let Some(longest) = columns.get_mut(*column) {
                    *longest = longest.max(text.longest);
                }
            }
            (tags::Piece::Text(_) | tags::Piece::Tag(_) | tags::Piece::Comment(_), _) => {}
        }
    }
    columns
}

/// Elements that start lines of their own.
const LINES: [&str; 8] = ["br", "p", "div", "li", "tr", "h2", "h3", "summary"];

/// Between a head and what runs in behind it, in em.
const HEAD_GAP: f32 = 0.45;
/// The line above a chapter and what is between, and that below a heading, in em of theirs.
const CHAPTER_RULE: f32 = 0.33;
const HEADING_RULE: f32 = 0.18;
/// What of the height that cards keep free for a formula it takes mostly.
const FORMULA: f32 = 0.8;
/// Above, below and beside code, in em.
const CODE_ENDS: f32 = metrics::CODE_GAP + 2.0 * metrics::SHEET_CODE_ENDS;
const CODE_SIDES: f32 = metrics::SHEET_CODE_SIDES + 0.2;
/// Images that are lower stand in lines, in CSS pixels.
const ICON: f32 = 24.0;

/// How wide a drawing is at least beside its longest line, in characters: its box, and lists that it is in.
pub(super) const DRAWING_SIDES: f32 = 3.0;

/// What the cells of a row take beside their text, in em of it. The outer ones have none at the table's sides.
fn cell_sides(columns: usize) -> f32 {
    count((2 * columns).saturating_sub(2)) * metrics::SHEET_CELL_SIDES
}

/// What is more than any sheet holds counts as that.
fn count(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

impl Piece {
    /// Its height, in em of the sheet's text.
    fn height(&self, column: Column) -> f32 {
        let Column { ems, small, pixels } = column;
        match self {
            Self::Gap(gap) => *gap,
            Self::Text(text, Set { indent, size }) => {
                (text.lines((ems - indent) / size) * metrics::SHEET_LEADING + text.raised) * size
            }
            Self::Code(lines, indent) => {
                let room = (ems - indent) / small - CODE_SIDES;
                let lines = lines.iter().map(|[width, indent]| code_lines(*width, room - indent)).sum::<f32>();
                lines * metrics::CODE_LEADING * small
            }
            Self::Drawing(lines, longest) => lines * metrics::CODE_LEADING * drawing_size(*longest, ems).min(small),
            Self::Table(columns, cells) => table_height(*columns, cells, ems / small) * small,
            Self::Picture([width, height]) => {
                let most = [ems, metrics::PICTURE_HEIGHT * (96.0 / 25.4) / pixels];
                let scale = (most[0] * pixels / width.max(1.0)).min(most[1] * pixels / height.max(1.0)).min(1.0);
                height * scale / pixels + PICTURE_GAP
            }
        }
    }
}

/// Above and below a picture, in em.
const PICTURE_GAP: f32 = 0.45;

/// The size at which a line of so many characters of code is as wide as a column, in em.
pub(super) fn drawing_size(characters: f32, ems: f32) -> f32 {
    ems / ((characters + DRAWING_SIDES) * fit::code_advance(' '))
}

/// Two characters, and what stays empty at a line's end, in em.
const HANGS: f32 = 3.2;

/// What does not fit into a line goes on two characters further in.
fn code_lines(width: f32, room: f32) -> f32 {
    if width <= room {
        return 1.0;
    }
    1.0 + ((width - room) / (room - HANGS).max(3.0)).ceil()
}

/// CSS's automatic layout: each column gets its narrowest width, and what is left goes by what the columns could still use.
fn table_height(columns: usize, cells: &[Text], ems: f32) -> f32 {
    let room = ems - cell_sides(columns);
    let mut least = vec![0.0_f32; columns];
    let mut most = least.clone();
    for row in cells.chunks(columns) {
        for (cell, (least, most)) in row.iter().zip(least.iter_mut().zip(&mut most)) {
            *least = least.max(cell.longest);
            *most = most.max(cell.width);
        }
    }
    let (least_sum, most_sum) = (least.iter().sum::<f32>(), most.iter().sum::<f32>());
    let share = if most_sum > least_sum { ((room - least_sum) / (most_sum - least_sum)).clamp(0.0, 1.0) } else { 1.0 };
    let narrowed = if least_sum > room { room / least_sum } else { 1.0 };
    let width = |(least, most): (&f32, &f32)| (least + (most - least) * share) * narrowed + 0.01;
    let widths: Vec<f32> = least.iter().zip(&most).map(width).collect();
    let row = |row: &[Text]| {
        let lines = row.iter().zip(&widths).map(|(cell, width)| cell.lines(*width)).fold(1.0, f32::max);
        lines * metrics::SHEET_LEADING + CELL_ENDS
    };
    cells.chunks(columns).map(row).sum()
}

/// Above and below a row's text, with its line, in em.
const CELL_ENDS: f32 = 2.0 * metrics::SHEET_CELL_ENDS + 0.05;

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these numbers are exact")]

    use super::*;
    use crate::ir::{Alignment, InlineKind, ListItem};
    use crate::source::{SourceId, Span};

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    fn column(ems: f32) -> Column {
        Column { ems, small: 0.9, pixels: 10.0 }
    }

    fn inlines(text: &str) -> Vec<Inline> {
        vec![Inline { span: SPAN, kind: InlineKind::Text { text: text.into() } }]
    }

    fn block(kind: BlockKind) -> Block {
        Block { span: SPAN, kind }
    }

    fn paragraph(text: &str) -> Block {
        block(BlockKind::Paragraph { content: inlines(text) })
    }

    fn code(text: &str) -> Block {
        block(BlockKind::Code { language: None, content: vec![Run::Text { text: text.into() }] })
    }

    fn table(rows: &[[&str; 2]]) -> Block {
        let row = |cells: &[&str; 2]| cells.map(|text| Cell { span: SPAN, content: inlines(text) }).to_vec();
        let grid = Grid {
            alignments: vec![Alignment::None; 2],
            header: row(&["a", "b"]),
            rows: rows.iter().map(row).collect(),
        };
        block(BlockKind::Table(grid.into()))
    }

    /// The height of blocks without the gap above them, and what is known of them.
    fn measured(blocks: &[Block], ems: f32) -> (f32, Unit) {
        let sizes = ImageSizes::new(&[]);
        let mut measured = Measured::new(&sizes);
        measured.blocks(blocks, Set { indent: 0.0, size: 1.0 });
        measured.end_unit(0, false);
        let unit = measured.units.pop().unwrap();
        (measured.height(&unit, column(ems)) - metrics::BLOCK_GAP, unit)
    }

    fn lines(blocks: &[Block], ems: f32) -> i32 {
        (measured(blocks, ems).0 / metrics::SHEET_LEADING).round() as i32
    }

    #[test]
    fn text_fills_lines() {
        // In Arial "aaaa" is 4 × 0.556 em wide and a space 0.278.
        let text = |words: usize| [paragraph("aaaa ".repeat(words).trim_end())];
        assert_eq!([1, 3, 4].map(|words| lines(&text(words), 7.3)), [1, 1, 2]);
        assert!((10..=11).contains(&lines(&text(30), 8.0)));
        assert_eq!(lines(&[paragraph(&"a".repeat(100))], 20.0), 4, "a word is broken");
        assert_eq!([lines(&[paragraph("")], 20.0), lines(&[], 20.0)], [0, 0]);
        let item = |text: &str| ListItem { span: SPAN, checked: Some(true), blocks: vec![paragraph(text)] };
        let list = block(BlockKind::List { start: None, tight: true, items: vec![item("x"), item("y"), item("z")] });
        assert_eq!(lines(&[list], 60.0), 3, "one item a line");
    }

    #[test]
    fn code_hangs_and_drawings_shrink() {
        let height = |text: &str, ems: f32| measured(&[code(text)], ems).0;
        let line = metrics::CODE_LEADING * 0.9;
        assert!((height("a\nb\n", 20.0) - height("a\n", 20.0) - line).abs() < 0.001);
        let long = format!("{}\n", "x".repeat(60));
        assert!((height(&long, 20.0) - height("a\n", 20.0) - line).abs() < 0.001);
        let drawing = "┌───┐\n│ a │\n└───┘\n";
        let (narrow, unit) = measured(&[code(drawing)], 2.0);
        assert!(narrow < height(drawing, 20.0) && unit.drawing == 5.0 && unit.has_code);
        assert_eq!(measured(&[code("let a = 1;\n")], 20.0).1.drawing, 0.0);
    }

    #[test]
    fn tables_are_as_high_as_their_highest_cells_and_as_wide_as_their_words() {
        let rows = table(&[["x", "several words in a cell"], ["Supercalifragilistic", "y"]]);
        let (narrow, unit) = measured(std::slice::from_ref(&rows), 14.0);
        assert!(narrow > measured(&[rows], 40.0).0);
        assert_eq!(unit.table.column, 1);
        assert!(unit.table.broken < unit.table.whole && unit.table.whole < 15.0, "{:?}", unit.table);
    }

    #[test]
    fn longer_text_is_never_lower() {
        for step in 1..60 {
            let text = |words: usize| [paragraph(&"measure it ".repeat(words))];
            let [short, long] = [step, step + 1].map(|words| measured(&text(words), 17.0).0);
            assert!(short <= long, "{step}");
        }
    }
}
