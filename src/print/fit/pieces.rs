//! Turns content into pieces that can be measured: words with their widths, images among them, boxes around them, tables.
//!
//! Knows how `templates/print/cards.css` sets each block, by the numbers of [`metrics`]; not how large a card is.

use super::images;
use super::widths::{self, FONTS, Widths};
use crate::ir::{
    Block, BlockKind, Cell, Cloze, Definition, Hidden, Inline, InlineKind, Labelled, ListItem, MediaRef, RawHtml, Run,
    Size, runs_text,
};
use crate::print::metrics::{self, GAP, ITEM_GAP, LEADING};
use crate::text::extension::MediaKind;
use crate::text::path::file_name;
use crate::text::tags;

/// The pieces of blocks. `image` gives a local image's own size in CSS pixels.
/// `size` is that of the text, in em.
pub(super) fn pieces(blocks: &[Block], size: f32, image: &ImageSize<'_>) -> Vec<Piece> {
    let mut setter = Setter { has_blanks: false, image, answers: Vec::new() };
    setter.blocks(blocks, Font::TEXT.scaled(size))
}

/// The pieces of blocks with blanks for their deletions, and those behind each blank.
pub(super) fn blanks(blocks: &[Block], bold: bool, image: &ImageSize<'_>) -> (Vec<Piece>, Vec<Vec<Piece>>) {
    let mut setter = Setter { has_blanks: true, image, answers: Vec::new() };
    let pieces = setter.blocks(blocks, Font { bold, ..Font::TEXT });
    (pieces, setter.answers)
}

/// Labels and what is said under each of them, side by side; what is no labelled line is left out.
pub(super) fn facts(blocks: &[Block], image: &ImageSize<'_>) -> Piece {
    let mut setter = Setter { has_blanks: false, image, answers: Vec::new() };
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

/// Something that takes height.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Words in lines.
    Text {
        /// The words.
        words: Vec<Word>,
        /// Height of a line, in em.
        leading: f32,
    },
    /// Pieces in a box, `gap` em between each two.
    Group {
        /// What the box takes on both sides together, in em.
        sides: f32,
        /// What it takes above and below together, in em.
        ends: f32,
        /// Between each two of its pieces, in em.
        gap: f32,
        /// What is in it.
        pieces: Vec<Piece>,
    },
    /// Words in lines that are better not broken.
    Code {
        /// The words.
        words: Vec<Word>,
        /// Height of a line, in em.
        leading: f32,
    },
    /// Rows of cells.
    Table(Vec<Vec<Vec<Word>>>),
    /// Labels, and beside each what is said under it.
    Facts(Vec<[Vec<Word>; 2]>),
    /// A list that two columns may take: its items.
    List {
        /// What each item is indented by, in em.
        indent: f32,
        /// The items.
        items: Vec<Piece>,
    },
    /// A picture with text that may stand beside it.
    Pictured {
        /// The picture's line.
        picture: Box<Piece>,
        /// What stands above and below it, or beside it.
        text: Vec<Piece>,
    },
}

impl Piece {
    /// The image that a line holds and nothing else.
    pub(super) fn picture(&self) -> Option<&Word> {
        match self {
            Self::Text { words, .. } => match words.as_slice() {
                [word] if word.image[0] > 0.0 => Some(word),
                _ => None,
            },
            Self::Group { .. }
            | Self::Code { .. }
            | Self::Table(_)
            | Self::Facts(_)
            | Self::List { .. }
            | Self::Pictured { .. } => None,
        }
    }
}

/// What no line breaks apart, unless it is longer than a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Word {
    /// Its width in each font, in em.
    pub(super) widths: Widths,
    /// What is before it.
    pub(super) before: Before,
    /// How wide white space before it is at least, in em: in code it is as wide as any character.
    pub(super) space: f32,
    /// How high its line must be, in em; 0 where any line is.
    pub(super) height: f32,
    /// Whether it stays on one line even where that is too short for it: a formula.
    pub(super) is_solid: bool,
    /// The width and height of the image that stands for the word, in CSS pixels; 0 where none does.
    pub(super) image: [f32; 2],
    /// The part of its line's width that the image takes; 0 where it takes what it is wide.
    pub(super) share: f32,
}

impl Word {
    /// What it takes of lines at least, in em, without its image.
    fn least_taken(&self) -> f32 {
        let before = match self.before {
            Before::Nothing => 0.0,
            Before::Space => widths::NARROWEST_SPACE,
            Before::LineEnd => LONGEST_LINE,
        };
        before + self.widths.into_iter().fold(f32::INFINITY, f32::min)
    }

    /// A word that is as large as either.
    fn or_larger(self, other: &Self) -> Self {
        let mut widths = self.widths;
        widths.iter_mut().zip(other.widths).for_each(|(width, other)| *width = width.max(other));
        let image = [self.image[0].max(other.image[0]), self.image[1].max(other.image[1])];
        Self { widths, image, height: self.height.max(other.height), ..self }
    }
}

/// What is before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Before {
    /// A place where a line may break.
    #[default]
    Nothing,
    /// White space.
    Space,
    /// The end of a line.
    LineEnd,
}

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
/// A blank's least width, what it has beside its hint, and the height of a line with one, in em.
const BLANK: f32 = metrics::BLANK_SIZE * metrics::BLANK_WIDTH + 0.02;
const BLANK_SIDES: f32 = metrics::BLANK_SIZE * (2.0 * metrics::BLANK_SIDES + 2.0 * metrics::WHICH_SIZE * 0.6 + 0.2);
const BLANK_LINE: f32 = LEADING + 0.02;

/// How letters are set.
#[derive(Clone, Copy)]
struct Font {
    /// Its size, in em.
    size: f32,
    bold: bool,
    is_code: bool,
}

impl Font {
    const TEXT: Self = Self { size: 1.0, bold: false, is_code: false };

    fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    fn code(self) -> Self {
        Self { size: self.size * metrics::LINE_CODE_SIZE, is_code: true, ..self }
    }

    fn scaled(self, by: f32) -> Self {
        Self { size: self.size * by, ..self }
    }

    fn advance(self, character: char) -> Widths {
        let widths =
            if self.is_code { [widths::code_advance(character); FONTS] } else { widths::advance(character, self.bold) };
        widths.map(|width| width * self.size)
    }
}

struct Setter<'a> {
    has_blanks: bool,
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
            BlockKind::Html { html } => pieces.push(self.html_block(html, font)),
            BlockKind::Rule => pieces.push(Piece::Group { sides: 0.0, ends: RULE, gap: 0.0, pieces: Vec::new() }),
        }
    }

    /// A line of text. An image is a word of it, and where it stands by itself the only one.
    fn paragraph(&mut self, content: &[Inline], font: Font, pieces: &mut Vec<Piece>) {
        let mut line = Line::default();
        self.inlines(content, font, &mut line);
        if !line.words.is_empty() {
            pieces.push(line.finish(font));
        }
    }

    fn code(&mut self, content: &[Run], font: Font) -> Piece {
        let mut line = Line::default();
        let font = Font { size: metrics::CODE_SIZE * font.size, bold: false, is_code: true };
        self.runs(content, font, &mut line);
        // The line end that closes the last line is not shown.
        let inner = vec![Piece::Code { words: line.into_words(), leading: LEADING * font.size }];
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
            self.inlines(&cell.content, font, &mut line);
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

    fn inlines(&mut self, content: &[Inline], font: Font, line: &mut Line) {
        for inline in content {
            match &inline.kind {
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
                InlineKind::Html { html } if is_line_end(&html.text) => line.end_line(),
                InlineKind::Html { html } => self.html_images(html, line),
                InlineKind::SoftBreak => line.space(),
                InlineKind::HardBreak => line.end_line(),
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
                line.image(self.image_size(path, sides), percent.map_or(0.0, |percent| f32::from(percent) / 100.0));
            }
            MediaRef::Local { path } | MediaRef::Remote { url: path } => {
                let name = file_name(path);
                line.text(if alt.is_empty() { name } else { alt }, font);
            }
        }
    }

    /// Raw HTML: its text, and its images behind that.
    fn html_block(&self, html: &RawHtml, font: Font) -> Piece {
        let mut line = Line::default();
        line.text(&text_of_html(&html.text), font);
        self.html_images(html, &mut line);
        line.finish(font)
    }

    fn html_images(&self, html: &RawHtml, line: &mut Line) {
        let mut tags = tags::tags(&html.text);
        for media in &html.media {
            let tag = tags.find(|tag| tag.range().contains(&media.start));
            if MediaKind::of(&media.path) == Some(MediaKind::Image) {
                let side = |name| tag.and_then(|tag| images::side_of(&tag, name));
                let share = tag.and_then(|tag| images::share_of(&tag)).unwrap_or_default();
                line.image(self.image_size(&media.path, ["width", "height"].map(side)), share);
            }
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

/// What words take that no room holds, in em. A page of A4 is 168 em wide or high at 5 pt, which are 202 lines of the smallest
/// code. None holds more than its width and a space; the end of one counts as a whole one, so twice as much is safe.
const MOST_TAKEN: f32 = 2.0 * (LONGEST_LINE + 1.0) * 220.0;
const LONGEST_LINE: f32 = 170.0;

/// Words on their way into lines. Behind those that fill any room only the largest are kept: 8 MB of text are 4 million words.
#[derive(Default)]
struct Line {
    words: Vec<Word>,
    /// What the words but the last take, in em, in the narrowest font.
    taken: f32,
    /// What is as large as each of the words behind them: text, and formulas.
    beyond: [Option<Word>; 2],
    /// What comes before the next word.
    after: Before,
    /// Whether the last word may still grow.
    is_open: bool,
    /// Whether the open word ends in opening punctuation.
    holds_on: bool,
    /// How wide white space before the next word is at least.
    gap: f32,
    /// The open word's last two characters.
    last: [char; 2],
}

impl Line {
    fn finish(self, font: Font) -> Piece {
        Piece::Text { words: self.into_words(), leading: LEADING * font.size }
    }

    fn into_words(self) -> Vec<Word> {
        let mut words = self.words;
        words.extend(self.beyond.into_iter().flatten());
        words
    }

    fn text(&mut self, text: &str, font: Font) {
        for character in text.chars() {
            if character.is_whitespace() && character != '\u{A0}' && character != '\u{202F}' {
                self.space();
                self.gap = if font.is_code { widths::code_advance(' ') * font.size } else { 0.0 };
            } else if widths::is_wide(character) {
                self.wide(character, font);
            } else {
                self.narrow(character, font);
            }
        }
    }

    /// A character of a word. A line may break behind a hyphen or dash that stands in one (UAX 14: HY, BA), before a letter.
    fn narrow(&mut self, character: char, font: Font) {
        if !self.is_open {
            self.last = ['\0'; 2];
        }
        let [before, hyphen] = self.last;
        let may_break =
            matches!(hyphen, '-' | '‐' | '–' | '—') && before.is_alphanumeric() && character.is_alphabetic();
        self.is_open &= !may_break;
        self.glue(font.advance(character));
        self.last = [hyphen, character];
    }

    /// Code keeps its white space and its line ends.
    fn code(&mut self, text: &str, font: Font) {
        for character in text.chars() {
            match character {
                '\n' => {
                    self.is_open = false;
                    // An empty line is a line too.
                    if self.after == Before::LineEnd {
                        self.glue([0.0; FONTS]);
                        self.is_open = false;
                    }
                    self.after = Before::LineEnd;
                }
                ' ' | '\t' if self.is_open => {
                    self.space();
                    self.gap = widths::code_advance(' ') * font.size;
                }
                ' ' | '\t' => self.glue(
                    [widths::code_advance(' ') * font.size * if character == '\t' { metrics::CODE_TAB } else { 1.0 };
                        FONTS],
                ),
                _ if widths::is_wide(character) => self.wide(character, font),
                _ => self.narrow(character, font),
            }
        }
    }

    /// A character between which and its neighbours lines may break, unless it is punctuation that clings to them.
    fn wide(&mut self, character: char, font: Font) {
        let clings = clings_to_its_left(character) && self.after == Before::Nothing;
        self.is_open = !self.words.is_empty() && (clings || self.is_open && self.holds_on);
        self.glue(font.advance(character));
        self.holds_on = clings_to_its_right(character);
        self.is_open = self.holds_on;
    }

    /// Widens the open word, or starts one.
    fn glue(&mut self, widths: Widths) {
        match self.words.last_mut() {
            Some(word) if self.is_open => {
                self.holds_on = false;
                word.widths.iter_mut().zip(widths).for_each(|(width, more)| *width += more);
            }
            Some(_) | None => {
                let (before, space) = (self.after, self.gap);
                self.push(Word { widths, before, space, height: 0.0, is_solid: false, image: [0.0; 2], share: 0.0 });
                self.gap = 0.0;
                self.after = Before::Nothing;
                self.is_open = true;
            }
        }
    }

    /// Starts a word; the last one is as wide as it will be.
    fn push(&mut self, word: Word) {
        self.taken += self.words.last().map_or(0.0, Word::least_taken);
        let last = if self.taken > MOST_TAKEN { self.words.pop() } else { None };
        if let Some(last) = last {
            let [text, formulas] = &mut self.beyond;
            let beyond = if last.is_solid { formulas } else { text };
            *beyond = Some(beyond.map_or(last, |beyond| beyond.or_larger(&last)));
        }
        self.words.push(word);
    }

    fn space(&mut self) {
        self.is_open = false;
        self.holds_on = false;
        if self.after != Before::LineEnd && !self.words.is_empty() {
            self.after = Before::Space;
        }
    }

    fn end_line(&mut self) {
        self.is_open = false;
        self.after = Before::LineEnd;
    }

    /// A word of a known width.
    fn word(&mut self, width: f32, height: f32) {
        self.glue([width; FONTS]);
        if let Some(word) = self.words.last_mut() {
            word.height = word.height.max(height);
        }
    }

    fn formula(&mut self, width: f32, height: f32) {
        self.word(width, height);
        if let Some(word) = self.words.last_mut() {
            word.is_solid = true;
        }
    }

    fn blank(&mut self, cloze: &Cloze, font: Font) {
        let hint = cloze.hint.iter().flat_map(|hint| hint.chars());
        let hint: f32 = hint.map(|c| font.scaled(metrics::BLANK_SIZE).advance(c).into_iter().fold(0.0, f32::max)).sum();
        self.word((hint + BLANK_SIDES).max(BLANK), BLANK_LINE * font.size);
    }

    /// Lines may break on both sides of an image.
    fn image(&mut self, image: [f32; 2], share: f32) {
        self.is_open = false;
        self.glue([0.0; FONTS]);
        self.is_open = false;
        if let Some(word) = self.words.last_mut() {
            (word.image, word.share) = (image, share);
        }
    }
}

/// Closing punctuation of scripts without spaces: no line starts with it.
fn clings_to_its_left(character: char) -> bool {
    matches!(
        character,
        '、' | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '？'
            | '！'
            | '）'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '》'
            | '〕'
            | 'ー'
            | '々'
            | '・'
    )
}

/// Opening punctuation: no line ends with it.
fn clings_to_its_right(character: char) -> bool {
    matches!(character, '（' | '「' | '『' | '【' | '〈' | '《' | '〔')
}

fn is_line_end(html: &str) -> bool {
    tags::tags(html).next().is_some_and(|tag| tag.is("br"))
}

/// The text between tags.
fn text_of_html(html: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    for piece in tags::pieces(html) {
        match piece {
            tags::Piece::Text(text) => shown.push_str(text),
            tags::Piece::Tag(_) | tags::Piece::Comment(_) => shown.push(' '),
        }
    }
    shown
}
