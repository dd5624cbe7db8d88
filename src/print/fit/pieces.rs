//! Turns content into pieces that can be measured: words with their widths, images among them, boxes around them, tables.
//!
//! Knows how `templates/print/cards.css` sets each block, by the numbers of [`metrics`]; not how large a card is.

use super::images;
use super::raw;
use super::widths::FONTS;
use super::words::{Font, Hold, Line, Piece, Word};
use crate::html::is_number;
use crate::ir::{
    Block, BlockKind, Cell, Cloze, Definition, Hidden, Inline, InlineKind, Labelled, ListItem, MediaRef, RawHtml, Run,
    Size, plain_text, runs_text,
};
use crate::print::drawing::is_drawing;
use crate::print::metrics::{self, GAP, ITEM_GAP, LEADING};
use crate::text::extension::MediaKind;
use crate::text::path::file_name;
use crate::text::tags::{self, Tag};

/// The pieces of blocks. `image` gives a local image's own size in CSS pixels.
/// `size` is that of the text, in em.
pub(super) fn pieces(blocks: &[Block], size: f32, trusts_html: bool, image: &ImageSize<'_>) -> Vec<Piece> {
    let mut setter = Setter { has_blanks: false, trusts_html, image, answers: Vec::new() };
    setter.blocks(blocks, Font::TEXT.scaled(size))
}

/// The pieces of blocks with blanks for their deletions, and those behind each blank.
pub(super) fn blanks(
    blocks: &[Block],
    bold: bool,
    trusts_html: bool,
    image: &ImageSize<'_>,
) -> (Vec<Piece>, Vec<Vec<Piece>>) {
    let mut setter = Setter { has_blanks: true, trusts_html, image, answers: Vec::new() };
    let pieces = setter.blocks(blocks, if bold { Font::TEXT.bold() } else { Font::TEXT });
    (pieces, setter.answers)
}

/// Labels and what is said under each of them, side by side; what is no labelled line is left out.
pub(super) fn facts(blocks: &[Block], trusts_html: bool, image: &ImageSize<'_>) -> Piece {
    let mut setter = Setter { has_blanks: false, trusts_html, image, answers: Vec::new() };
    let mut words = |content: &[Inline], size: f32| {
        let mut line = Line::default();
        setter.inlines(content, Font::TEXT.scaled(size), &mut line);
        line.into_words()
    };
    let labelled = blocks.iter().filter_map(|block| block.kind.labelled());
    let rows = labelled.map(|Labelled { label, content }| [words(label, metrics::LABEL_SIZE), words(content, 1.0)]);
    Piece::Facts(rows.collect())
}

/// The pieces of a line of plain text.
pub(super) fn plain(text: &str, size: f32) -> Vec<Piece> {
    let font = Font::TEXT.scaled(size);
    let mut line = Line::default();
    line.text(text, font);
    vec![line.finish(font)]
}

/// A local image's own size in CSS pixels.
pub(super) type ImageSize<'a> = dyn Fn(&str) -> Option<[f32; 2]> + 'a;

/// What a quote is indented by, in em: the line beside it, of 0.3 mm, is 0.17 em wide at 5 pt.
const QUOTE_SIDES: f32 = metrics::QUOTE_INDENT + 0.2;
/// What an alert takes on both sides, and above and below, in em: its line, of 0.6 mm, is 0.2 em wide at 8.5 pt.
const ALERT: [f32; 2] = [2.0 * metrics::ALERT_SIDES + 0.2, 2.0 * metrics::ALERT_ENDS];
/// The same of code, in em of its own: its lines, of 0.1 mm, are 0.07 em wide each at 5 pt.
const CODE: [f32; 2] = [2.0 * metrics::CODE_SIDES + 0.2, 2.0 * metrics::CODE_ENDS + 0.15];
/// Beside code in a line, in em, on each side: where it is broken, each part of it has its own.
const LINE_CODE_SIDES: f32 = metrics::LINE_CODE_SIZE * metrics::LINE_CODE_SIDES + 0.12;
/// The height of a rule, in em: 0.1 mm and more.
const RULE: f32 = 0.1;

struct Setter<'a> {
    has_blanks: bool,
    /// Whether raw HTML is shown as it stands.
    trusts_html: bool,
    image: &'a ImageSize<'a>,
    answers: Vec<Vec<Piece>>,
}

impl Setter<'_> {
    fn blocks(&mut self, blocks: &[Block], font: Font) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.block(block, font, &mut pieces);
        }
        pieces
    }

    fn block(&mut self, block: &Block, font: Font, pieces: &mut Vec<Piece>) {
        match &block.kind {
            BlockKind::Paragraph { content } => self.paragraph(content, font, pieces),
            BlockKind::Heading { content, .. } => self.paragraph(content, font.bold(), pieces),
            BlockKind::Code { content, .. } => pieces.push(self.code(content, font)),
            BlockKind::Quote { blocks } => {
                let inner = self.blocks(blocks, font);
                pieces.push(Piece::Group { sides: QUOTE_SIDES, ends: 0.0, gap: GAP, pieces: inner });
            }
            BlockKind::Alert(alert) => pieces.push(self.alert(&alert.title, &alert.blocks, font)),
            BlockKind::List { items, .. } => pieces.push(self.list(items, font)),
            BlockKind::Table(grid) => pieces.push(self.table(&grid.header, &grid.rows, font)),
            BlockKind::Definitions { definitions } => pieces.push(self.definitions(definitions, font)),
            BlockKind::Labelled(labelled) => {
                let Labelled { label, content } = &**labelled;
                let mut line = Line::default();
                self.inlines(label, font.scaled(metrics::LABEL_SIZE), &mut line);
                if !label.is_empty() {
                    line.end_line();
                }
                self.inlines(content, font, &mut line);
                pieces.push(line.finish(font));
            }
            BlockKind::Cloze { cloze, blocks } => self.block_blank(cloze, blocks, font, pieces),
            BlockKind::Html { html } => {
                let mut image = |tag: &Tag<'_>, font, line: &mut Line| self.html_image(html, tag, font, line);
                pieces.extend(raw::pieces(&html.text, font, self.trusts_html, &mut image));
            }
            BlockKind::Rule => pieces.push(Piece::Group { sides: 0.0, ends: RULE, gap: 0.0, pieces: Vec::new() }),
        }
    }

    /// A line of text. An image is a word of it, and where it stands by itself the only one.
    fn paragraph(&mut self, content: &[Inline], font: Font, pieces: &mut Vec<Piece>) {
        let mut line = Line::default();
        self.inlines(content, font, &mut line);
        if !line.is_empty() {
            pieces.push(line.finish(font));
        }
    }

    fn code(&mut self, content: &[Run], font: Font) -> Piece {
        let font = font.block_code();
        let has_blanks = self.has_blanks && content.iter().any(|run| matches!(run, Run::Cloze { .. }));
        let text = runs_text(content);
        let inner = if !has_blanks && is_drawing(&text) {
            let width = |line: &str| line.chars().map(|c| font.advance(c).into_iter().fold(0.0, f32::max)).sum();
            let width = text.lines().map(width).fold(0.0, f32::max);
            let height = text.lines().map(|_| LEADING * font.size).sum();
            vec![Piece::Drawing { width, height }]
        } else {
            let mut line = Line::default();
            self.runs(content, font, &mut line);
            // The line end that closes the last line is not shown.
            vec![Piece::Code { words: line.into_words(), leading: LEADING * font.size }]
        };
        let [sides, ends] = CODE.map(|length| length * font.size);
        Piece::Group { sides, ends, gap: 0.0, pieces: inner }
    }

    fn runs(&mut self, runs: &[Run], font: Font, line: &mut Line) {
        for run in runs {
            match run {
                Run::Text { text } => line.code(text, font),
                Run::Cloze { content, .. } if !self.has_blanks => self.runs(content, font, line),
                Run::Cloze { cloze, content } => {
                    line.blank(cloze, font);
                    self.answer(|setter| setter.code_answer(content));
                }
            }
        }
    }

    fn alert(&mut self, title: &[Inline], blocks: &[Block], font: Font) -> Piece {
        let mut pieces = Vec::new();
        if title.is_empty() {
            pieces.extend(plain("Important", font.size));
        } else {
            self.paragraph(title, font.bold(), &mut pieces);
        }
        pieces.extend(self.blocks(blocks, font));
        let [sides, ends] = ALERT;
        Piece::Group { sides, ends, gap: ITEM_GAP, pieces }
    }

    fn list(&mut self, items: &[ListItem], font: Font) -> Piece {
        let item = |item: &ListItem| {
            let pieces = self.blocks(&item.blocks, font);
            Piece::Group { sides: 0.0, ends: 0.0, gap: ITEM_GAP, pieces }
        };
        Piece::List { indent: metrics::LIST_INDENT, items: items.iter().map(item).collect() }
    }

    fn table(&mut self, header: &[Cell], rows: &[Vec<Cell>], font: Font) -> Piece {
        let font = font.scaled(metrics::TABLE_SIZE);
        let has_header = header.iter().any(|cell| !cell.content.is_empty());
        let mut table = Vec::with_capacity(rows.len() + 1);
        if has_header {
            table.push(self.row(header, font.bold()));
        }
        for row in rows {
            let row = self.row(row, font);
            table.push(row);
        }
        Piece::Table(table)
    }

    fn row(&mut self, cells: &[Cell], font: Font) -> Vec<Vec<Word>> {
        let cell = |cell: &Cell| {
            let mut line = Line::default();
            if is_number(&cell.content) {
                line.whole(
                    &plain_text(&cell.content),
                    if holds_code(&cell.content) { font.code() } else { font.bold() },
                );
            } else {
                self.inlines(&cell.content, font, &mut line);
            }
            line.into_words()
        };
        cells.iter().map(cell).collect()
    }

    fn definitions(&mut self, definitions: &[Definition], font: Font) -> Piece {
        let mut pieces = Vec::new();
        for definition in definitions {
            self.paragraph(&definition.term, font.bold(), &mut pieces);
            for blocks in &definition.definitions {
                let inner = self.blocks(blocks, font);
                pieces.push(Piece::Group { sides: metrics::DEFINITION_INDENT, ends: 0.0, gap: GAP, pieces: inner });
            }
        }
        Piece::Group { sides: 0.0, ends: 0.0, gap: ITEM_GAP, pieces }
    }

    fn block_blank(&mut self, cloze: &Cloze, blocks: &[Block], font: Font, pieces: &mut Vec<Piece>) {
        if !self.has_blanks {
            pieces.extend(self.blocks(blocks, font));
            return;
        }
        let mut line = Line::default();
        line.blank(cloze, font);
        pieces.push(line.finish(font));
        self.answer(|setter| setter.blocks(blocks, Font::TEXT));
    }

    /// Code by itself, in a list of answers.
    fn code_answer(&mut self, content: &[Run]) -> Vec<Piece> {
        let mut line = Line::default();
        self.inline_code(content, Font::TEXT, &mut line);
        vec![line.finish(Font::TEXT)]
    }

    /// Keeps what stands behind a blank; there are no blanks in it. It stands in a list of its own, in the size of text.
    fn answer(&mut self, set: impl FnOnce(&mut Self) -> Vec<Piece>) {
        self.has_blanks = false;
        let pieces = set(self);
        self.has_blanks = true;
        self.answers.push(pieces);
    }

    fn inlines(&mut self, content: &[Inline], mut font: Font, line: &mut Line) {
        // Before each raw tag that is open and has letters of its own.
        let mut outer = Vec::new();
        // What is in one is no text.
        let mut in_drawing = false;
        for inline in content {
            match &inline.kind {
                InlineKind::Text { .. } if in_drawing => {}
                InlineKind::Text { text } => line.text(text, font),
                InlineKind::Code { content } => self.inline_code(content, font, line),
                InlineKind::Math { display, content } => self.math(*display, content, font, line),
                InlineKind::Strong { content } => self.inlines(content, font.bold(), line),
                InlineKind::Emphasis { content }
                | InlineKind::Strikethrough { content }
                | InlineKind::Highlight { content } => self.inlines(content, font, line),
                InlineKind::Link(to) => self.inlines(&to.content, font, line),
                InlineKind::Media(embed) => self.media(&embed.media, &embed.alt, embed.size, font, line),
                InlineKind::Footnote { number } => line.text(&number.to_string(), font.scaled(metrics::NUMBER_SIZE)),
                InlineKind::Cloze(hidden) if !self.has_blanks => self.inlines(&hidden.content, font, line),
                InlineKind::Cloze(hidden) => {
                    let Hidden { cloze, content } = &**hidden;
                    line.blank(cloze, font);
                    self.answer(|setter| {
                        let mut line = Line::default();
                        setter.inlines(content, Font::TEXT, &mut line);
                        vec![line.finish(Font::TEXT)]
                    });
                }
                InlineKind::Html { html } => {
                    for tag in tags::tags(&html.text) {
                        raw::set_font(&tag, &mut font, &mut outer, line);
                        if tag.is("img") {
                            self.html_image(html, &tag, font, line);
                        } else if self.trusts_html {
                            in_drawing = (in_drawing || tag.is("svg")) && !(tag.is("svg") && tag.is_end);
                            raw::set_trusted(&tag, line);
                        }
                    }
                }
                InlineKind::SoftBreak => line.space(),
                InlineKind::HardBreak => line.break_line(),
            }
        }
    }

    /// Its padding and border stay with its first and last letter.
    fn inline_code(&mut self, content: &[Run], font: Font, line: &mut Line) {
        line.glue([LINE_CODE_SIDES; FONTS]);
        self.runs_in_line(content, font.code(), line);
        line.glue([LINE_CODE_SIDES; FONTS]);
    }

    fn runs_in_line(&mut self, runs: &[Run], font: Font, line: &mut Line) {
        for run in runs {
            match run {
                Run::Text { text } => line.text(text, font),
                Run::Cloze { content, .. } if !self.has_blanks => self.runs_in_line(content, font, line),
                Run::Cloze { cloze, content } => {
                    line.blank(cloze, font);
                    self.answer(|setter| setter.code_answer(content));
                }
            }
        }
    }

    fn math(&mut self, display: bool, content: &[Run], font: Font, line: &mut Line) {
        let [width, height] = super::math::extent(&runs_text(content), display);
        if display {
            line.end_line();
        }
        line.formula(width * font.size, if height > LEADING { height * font.size } else { 0.0 });
        if display {
            line.end_line();
        }
        if self.has_blanks {
            self.math_answers(content);
        }
    }

    fn math_answers(&mut self, content: &[Run]) {
        for run in content {
            if let Run::Cloze { content, .. } = run {
                let [width, height] = super::math::extent(&runs_text(content), false);
                let mut line = Line::default();
                line.formula(width, height);
                self.answers.push(vec![line.finish(Font::TEXT)]);
            }
        }
    }

    fn media(&mut self, media: &MediaRef, alt: &str, size: Size, font: Font, line: &mut Line) {
        let Size { width, height, percent } = size;
        let pixels = |length: Option<u32>| length.map(|length| f32::from(u16::try_from(length).unwrap_or(u16::MAX)));
        match media {
            MediaRef::Local { path } if MediaKind::of(path) == Some(MediaKind::Image) => {
                let sides = [pixels(width.filter(|_| percent.is_none())), pixels(height)];
                let share = percent.map_or(0.0, |percent| f32::from(percent) / 100.0);
                line.image(self.image_size(path, sides), share, hold(sides));
            }
            MediaRef::Local { path } | MediaRef::Remote { url: path } => {
                let name = file_name(path);
                line.text(if alt.is_empty() { name } else { alt }, font);
            }
        }
    }

    /// Appends an image of raw HTML to a line; what stands for it where none is shown.
    fn html_image(&self, html: &RawHtml, tag: &Tag<'_>, font: Font, line: &mut Line) {
        let media = html.media.get(html.media.partition_point(|media| media.start < tag.start)..).unwrap_or_default();
        let local = media.first().filter(|media| tag.range().contains(&media.start));
        let is_image = |path: &str| MediaKind::of(path) == Some(MediaKind::Image);
        let is_inline =
            || tag.attribute("src").and_then(|source| source.value).is_some_and(|src| src.starts_with("data:"));
        if local.is_some_and(|media| is_image(&media.path)) || local.is_none() && is_inline() {
            let sides = ["width", "height"].map(|name| images::shown_side(tag, name));
            let size = self.image_size(local.map_or("", |media| &media.path), sides);
            line.image(size, images::share_of(tag).unwrap_or_default(), hold(sides));
        } else if let Some(alt) = tag.attribute("alt").and_then(|alt| alt.value) {
            line.text(alt, font);
        }
    }

    /// The size of an image that was given these sides.
    fn image_size(&self, path: &str, sides: [Option<f32>; 2]) -> [f32; 2] {
        let own = (self.image)(path).unwrap_or([300.0, 150.0]);
        let ratio = own[1] / own[0].max(1.0);
        match sides {
            [Some(width), Some(height)] => [width, height],
            [Some(width), None] => [width, width * ratio],
            [None, Some(height)] => [height / ratio.max(0.01), height],
            [None, None] => own,
        }
    }
}

/// Whose width and height are both asked for keeps its height, however wide it is in the end.
fn hold(sides: [Option<f32>; 2]) -> Hold {
    if sides.iter().all(Option::is_some) { Hold::Height } else { Hold::Shape }
}

fn holds_code(content: &[Inline]) -> bool {
    content.iter().any(|inline| matches!(inline.kind, InlineKind::Code { .. }))
}
