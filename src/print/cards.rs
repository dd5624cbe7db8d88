//! Turns a deck into pages of cut-out cards.
//!
//! Knows what is on each side of a card; where sides lie is up to [`super::layout`], how large they are set to
//! [`super::fit`].

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde::Serialize;

use super::fit::{self, Content, Fit, ImageSizes, Most, READABLE};
use super::layout::{self, Cell, Grid, Line, LineKind, Page, Side};
use super::metrics::{self, EXTRA_SIZE, HINT_SIZE, SOURCE_SIZE};
use super::page::{Context, Deck};
use super::template::{File, Templates};
use crate::Error;
use crate::artifact::Artifact;
use crate::config::print::{Duplex, Paper};
use crate::diagnostic::{Code, Diagnostic};
use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{Block, BlockKind, Collection, Footnote, Leaf, Media, Note, NoteBody, for_each_leaf};

/// Chromium's time to print grows with the square of a file's cards; so many take it some seconds.
const MOST_CARDS: usize = 1_000;

/// `<slug>-cards.html`; what goes beyond [`MOST_CARDS`] is in `<slug>-cards-2.html` and so on, whole sheets each.
///
/// What does not fit at a readable size is among the diagnostics.
///
/// # Errors
/// A template names what it is not given.
pub(super) fn cards(
    deck: &Deck<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Artifact>, Error> {
    let addresses = context.images.addresses(deck.images);
    let setter = Setter::new(deck, &context.collection.media, Some(addresses));
    let cards = setter.all_cards();
    diagnostics.extend(cards.iter().filter_map(|card| overflow(card, &setter)));
    let a_file = (MOST_CARDS / setter.a_sheet).max(1) * setter.a_sheet;
    let files: Vec<&[Card]> = cards.chunks(a_file).collect();
    let file = |(index, cards): (usize, &&[Card])| {
        let first = index * a_file + 1;
        let title = if files.len() == 1 {
            deck.name.to_owned()
        } else {
            format!("{} · {first}–{}", deck.name, first + cards.len() - 1)
        };
        let html = context.templates.render(File::Cards, &setter.data(title, cards, first, &context.templates))?;
        Ok(deck.page("cards", index, html, &context.images))
    };
    files.par_iter().enumerate().map(file).collect()
}

/// What does not fit at a readable size: the diagnostics of [`cards`], without its pages.
pub(super) fn overflows(deck: &Deck<'_>, collection: &Collection) -> Vec<Diagnostic> {
    let setter = Setter::new(deck, &collection.media, None);
    setter.all_cards().iter().filter_map(|card| overflow(card, &setter)).collect()
}

/// A card and what is on its sides.
struct Card<'a> {
    note: &'a Note,
    /// Whether it is its note's first card.
    is_first: bool,
    front: SideData,
    back: SideData,
    /// The front as one line of text, for the answer key.
    question: String,
}

impl Card<'_> {
    fn has_math(&self) -> bool {
        [&self.front, &self.back].into_iter().any(|side| {
            [&side.heading, &side.body, &side.hint, &side.extra, &side.source]
                .into_iter()
                .any(|html| html.contains("<math"))
        })
    }
}

/// What a template gets to know of a side.
#[derive(Debug, Serialize)]
struct SideData {
    /// Classes besides `card`, `front` and `back`: `short`, `squeezed`, `over`.
    classes: String,
    /// Size of the text in points.
    size: String,
    /// The most height of images in millimetres.
    image: String,
    /// What stands above the text of a cloze note; HTML, as what follows.
    heading: String,
    body: String,
    hint: String,
    extra: String,
    source: String,
    /// Whether a line to write on belongs below it.
    typed: bool,
    /// The language, where the script tells it; else empty.
    lang: &'static str,
    /// The headings above the note.
    place: String,
    #[serde(skip)]
    fit: Fit,
}

/// What a template gets to know of a file.
#[derive(Serialize)]
struct Data<'a> {
    title: String,
    /// How to print it, in words.
    settings: String,
    duplex: String,
    /// Lengths in millimetres.
    page_width: String,
    page_height: String,
    card_width: String,
    card_height: String,
    columns: usize,
    rows: usize,
    pad_x: String,
    pad_top: String,
    pad_bottom: String,
    style: String,
    script: &'a str,
    font: &'static str,
    pages: Vec<PageData<'a>>,
    /// The answer key; empty where none is wanted.
    key: Vec<KeyData<'a>>,
}

#[derive(Serialize)]
struct PageData<'a> {
    side: &'static str,
    /// Where the grid starts, in millimetres.
    left: String,
    top: String,
    /// Where to cut and to fold, as HTML.
    lines: &'a str,
    cells: Vec<CellData<'a>>,
}

#[derive(Serialize)]
struct CellData<'a> {
    /// `front` or `back`; empty where the cell is.
    side: &'static str,
    /// Whether it stands upside down.
    turned: bool,
    /// The card's number, from 1.
    number: usize,
    #[serde(flatten)]
    content: Option<&'a SideData>,
}

#[derive(Serialize)]
struct KeyData<'a> {
    number: usize,
    question: &'a str,
    answer: &'a str,
    lang: &'static str,
}

/// What all cards of a deck share.
struct Setter<'a> {
    deck: &'a Deck<'a>,
    /// The addresses of media; `None` where sides are measured and not rendered.
    media: Option<BTreeMap<&'a str, &'a str>>,
    sizes: ImageSizes<'a>,
    grid: Grid,
    a_sheet: usize,
    padding: Padding,
    /// The lines of a front, as HTML.
    lines: String,
}

/// Between a card's edge and its text, in millimetres.
struct Padding {
    sides: f32,
    top: f32,
    /// With the room for the footer.
    bottom: f32,
}

/// What the footer takes, in millimetres: its line, and as much above it as keeps it apart.
const FOOTER: f32 = metrics::FOOTER_LINE + 1.0;

impl Padding {
    /// Desktop printers leave 4.2 mm and more of a sheet's edge white.
    fn new(grid: &Grid) -> Self {
        let top = (grid.card[1] * 0.07).clamp(4.3, 9.0);
        Self { sides: top.max(5.0), top, bottom: top + FOOTER }
    }
}

/// What the boxes of extras and hints take on both sides, and above and below beside a block's gap, in their own em. The
/// line beside an extra, of 0.3 mm, is 0.2 em wide at 5 pt.
const EXTRA_BOX: [f32; 2] = [metrics::EXTRA_INDENT + 0.4, 0.0];
const HINT_BOX: [f32; 2] = [0.0, metrics::HINT_GAP - metrics::GAP];

impl<'a> Setter<'a> {
    fn new(deck: &'a Deck<'a>, images: &'a [Media], media: Option<BTreeMap<&'a str, &'a str>>) -> Self {
        let grid = Grid::new(&deck.options);
        Self {
            deck,
            media,
            sizes: ImageSizes::new(images),
            grid,
            a_sheet: layout::cards_a_sheet(&grid, &deck.options).max(1),
            padding: Padding::new(&grid),
            lines: lines(&grid, layout::is_folded(&deck.options)),
        }
    }

    fn all_cards(&self) -> Vec<Card<'a>> {
        self.deck.notes.par_iter().flat_map_iter(|(_, note)| self.cards(note)).collect()
    }

    fn cards(&self, note: &'a Note) -> Vec<Card<'a>> {
        match &note.body {
            NoteBody::Basic { front, back, reversed, typed } => {
                let question = self.question(note, front, &note.hint, typed.is_some());
                let mut cards = vec![card(note, true, front, question, self.answer(note, back))];
                if *reversed {
                    let question = self.question(note, back, &[], false);
                    cards.push(card(note, false, back, question, self.answer(note, front)));
                }
                cards
            }
            NoteBody::Cloze { heading, text } => vec![self.cloze(note, heading, text)],
        }
    }

    fn question(&self, note: &Note, blocks: &[Block], hint: &[Block], typed: bool) -> SideData {
        let mut content = Content::new();
        content.push(blocks, 1.0, &self.sizes);
        if typed {
            content.push_line();
        }
        content.push_boxed(hint, HINT_SIZE, HINT_BOX, &self.sizes);
        let body = self.render(note, blocks);
        let short = is_short(blocks);
        SideData { hint: self.render(note, hint), typed, ..self.side(note, &content, body, short) }
    }

    fn answer(&self, note: &Note, blocks: &[Block]) -> SideData {
        let mut content = Content::new();
        content.push(blocks, 1.0, &self.sizes);
        let short = note.extra.is_empty() && is_short(blocks);
        self.with_rest(note, content, self.render(note, blocks), short)
    }

    /// A side with what stands below answers.
    fn with_rest(&self, note: &Note, mut content: Content, body: String, short: bool) -> SideData {
        content.push_boxed(&note.extra, EXTRA_SIZE, EXTRA_BOX, &self.sizes);
        for footnote in &note.footnotes {
            content.push(&footnote.blocks, SOURCE_SIZE, &self.sizes);
        }
        let extra = self.render(note, &note.extra);
        let source = self.sources(note);
        SideData { extra, source, ..self.side(note, &content, body, short) }
    }

    /// The text with blanks, and behind it what belongs into them.
    fn cloze(&self, note: &'a Note, heading: &[Block], text: &'a [Block]) -> Card<'a> {
        let (mut content, mut key) = (Content::new(), Content::new());
        let (heading_html, mut answers) = self.blanks(note, heading);
        let mut answer_pieces = content.push_blanks(heading, true, &self.sizes);
        let (body, more) = self.blanks(note, text);
        answers.extend(more);
        answer_pieces.extend(content.push_blanks(text, false, &self.sizes));
        content.push_boxed(&note.hint, HINT_SIZE, HINT_BOX, &self.sizes);
        key.push(heading, EXTRA_SIZE, &self.sizes);
        key.push_answers(answer_pieces);
        let many = answers.len() > 1;
        let mut front = self.side(note, &content, body, false);
        front.heading = heading_html;
        front.hint = self.render(note, &note.hint);
        if many {
            front.classes.push_str(" many");
        }
        let mut back = self.with_rest(note, key, answer_list(&answers), !many && note.extra.is_empty());
        back.heading = self.render(note, heading);
        let question = first_line(if heading.is_empty() { text } else { heading });
        Card { note, is_first: true, front, back, question }
    }

    fn side(&self, note: &Note, content: &Content, body: String, short: bool) -> SideData {
        let Padding { sides, top, bottom } = self.padding;
        let [width, height] = self.grid.card;
        let fit = fit::fit(content, [width - 2.0 * sides, height - top - bottom], &Most::new(height, short));
        let mut classes = String::new();
        for (applies, class) in [(short, " short"), (fit.squeezes, " squeezed"), (!fit.is_whole, " over")] {
            classes.push_str(if applies { class } else { "" });
        }
        SideData {
            classes,
            size: number(fit.points),
            image: number(fit.image),
            heading: String::new(),
            body,
            hint: String::new(),
            extra: String::new(),
            source: String::new(),
            typed: false,
            lang: language(note),
            place: note.context.join(" › "),
            fit,
        }
    }

    fn render(&self, note: &Note, blocks: &[Block]) -> String {
        match &self.media {
            Some(media) if !blocks.is_empty() => html::render(blocks, &style(note, media, ClozeStyle::Unwrapped)),
            Some(_) | None => String::new(),
        }
    }

    /// Blocks with blanks, and what belongs into these.
    fn blanks(&self, note: &Note, blocks: &[Block]) -> (String, Vec<String>) {
        let style = self.media.as_ref().map(|media| style(note, media, ClozeStyle::Blank));
        style.map(|style| html::render_blanks(blocks, &style)).unwrap_or_default()
    }

    /// A single source as it stands; more of them under their numbers.
    fn sources(&self, note: &Note) -> String {
        let render = |footnote: &Footnote| self.render(note, &footnote.blocks);
        match &note.footnotes[..] {
            [] => String::new(),
            [only] => render(only),
            many => {
                let mut list = String::new();
                for footnote in many {
                    let _ = write!(list, "<div><sup>{}</sup> {}</div>", footnote.number, render(footnote));
                }
                list
            }
        }
    }

    fn data<'b>(
        &'b self,
        title: String,
        cards: &'b [Card<'_>],
        first: usize,
        templates: &'b Templates<'_>,
    ) -> Data<'b> {
        let Grid { page, card, columns, rows, .. } = self.grid;
        let options = &self.deck.options;
        let pages = layout::pages(&self.grid, options, cards.len());
        let pages = pages.into_iter().map(|page| self.page(page, cards, first)).collect();
        let key = if options.key { answer_key(cards, first) } else { Vec::new() };
        Data {
            title,
            settings: self.settings(),
            duplex: options.duplex.to_string(),
            page_width: number(page[0]),
            page_height: number(page[1]),
            card_width: number(card[0]),
            card_height: number(card[1]),
            columns,
            rows,
            pad_x: number(self.padding.sides),
            pad_top: number(self.padding.top),
            pad_bottom: number(self.padding.bottom),
            style: metrics::cards(templates.text(File::CardsStyle)),
            script: templates.text(File::Fit),
            font: html::math_face(cards.iter().any(Card::has_math)),
            pages,
            key,
        }
    }

    fn page<'b>(&'b self, page: Page, cards: &'b [Card<'_>], first: usize) -> PageData<'b> {
        let [x, y] = self.grid.origin;
        let [right, down] = self.deck.options.back_offset;
        let (side, left, top, lines) = match page.side {
            Side::Front => ("front", x, y, self.lines.as_str()),
            Side::Back => ("back", x + right, y + down, ""),
        };
        let cell = |cell: Option<Cell>| {
            let filled = cell.and_then(|cell| Some((cell, cards.get(cell.card)?)));
            let Some((cell, card)) = filled else {
                return CellData { side: "", turned: false, number: 0, content: None };
            };
            let (side, content) = match cell.side {
                Side::Front => ("front", &card.front),
                Side::Back => ("back", &card.back),
            };
            CellData { side, turned: cell.turned, number: first + cell.card, content: Some(content) }
        };
        let cells = page.cells.into_iter().map(cell).collect();
        PageData { side, left: number(left), top: number(top), lines, cells }
    }

    /// What the printer has to be told.
    fn settings(&self) -> String {
        let options = &self.deck.options;
        let [width, height] = self.grid.page;
        let way = if width > height { "landscape" } else { "portrait" };
        let paper = if self.grid.is_perforated { Paper::Letter } else { options.paper };
        let sides = match (options.front_only, options.duplex) {
            (true, _) | (_, Duplex::Fold) => "one-sided",
            (_, Duplex::Long) => "two-sided, turned at the long edge",
            (_, Duplex::Short) => "two-sided, turned at the short edge",
            (_, Duplex::None) => "one-sided; answers follow on sheets of their own",
        };
        format!("{paper}, {way}, 100 % (no scaling), no margins, {sides}")
    }
}

fn card<'a>(note: &'a Note, is_first: bool, asked: &[Block], front: SideData, back: SideData) -> Card<'a> {
    Card { note, is_first, front, back, question: first_line(asked) }
}

fn style<'a>(note: &Note, media: &'a BTreeMap<&'a str, &'a str>, cloze: ClozeStyle) -> Style<'a> {
    Style { media, cloze, math: MathStyle::MathMl, playing: Playing::Paper, trusts_html: note.trusts_html }
}

/// Whether a side is a line or two, to be set in its middle.
fn is_short(blocks: &[Block]) -> bool {
    let [Block { kind: BlockKind::Paragraph { .. }, .. }] = blocks else { return false };
    let mut length = 0;
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(text) => length += text.len(),
        Leaf::Media(..) | Leaf::HtmlMedia(_) | Leaf::Break => {}
    });
    length <= 160
}

/// The language that a note's letters give away, so that a browser takes its shapes of Han characters and its rules for
/// line ends.
fn language(note: &Note) -> &'static str {
    let (mut is_han, mut language) = (false, "");
    let mut look = |leaf: Leaf<'_>| {
        if let Leaf::Text(text) = leaf {
            for character in text.chars().filter(|c| !c.is_ascii()) {
                match character {
                    '\u{3040}'..='\u{30FF}' => language = "ja",
                    '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => language = "ko",
                    '\u{3400}'..='\u{9FFF}' => is_han = true,
                    _ => {}
                }
            }
        }
    };
    note.sides().into_iter().for_each(|blocks| for_each_leaf(blocks, &mut look));
    if language.is_empty() && is_han { "zh" } else { language }
}

/// What belongs into blanks: by their numbers where there are several.
fn answer_list(answers: &[String]) -> String {
    match answers {
        [only] => only.clone(),
        many => {
            let mut list = String::from("<ol class=\"answers\">");
            for answer in many {
                let _ = write!(list, "<li>{answer}</li>");
            }
            list.push_str("</ol>");
            list
        }
    }
}

/// The first block, and the cell that a row of a table is asked by, as text without markup, on one line.
fn first_line(blocks: &[Block]) -> String {
    let is_labelled = |block: &Block| matches!(block.kind, BlockKind::Labelled { .. });
    let end = if blocks.get(1).is_some_and(is_labelled) { 2 } else { 1 };
    let mut text = String::new();
    for_each_leaf(blocks.get(..end.min(blocks.len())).unwrap_or_default(), &mut |leaf| match leaf {
        Leaf::Text(piece) => text.push_str(piece),
        Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
        Leaf::Break => text.push(' '),
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn answer_key<'a>(cards: &'a [Card<'_>], first: usize) -> Vec<KeyData<'a>> {
    let entry = |(number, card): (usize, &'a Card<'_>)| KeyData {
        number,
        question: &card.question,
        answer: &card.back.body,
        lang: card.back.lang,
    };
    (first..).zip(cards).map(entry).collect()
}

/// One warning for both sides; a reversed card has the sides of its note's first one.
fn overflow(card: &Card<'_>, setter: &Setter<'_>) -> Option<Diagnostic> {
    let sides = [("front", &card.front.fit), ("back", &card.back.fit)];
    let printed = if setter.deck.options.front_only { 1 } else { 2 };
    let is_bad = |fit: &Fit| !fit.is_whole || fit.points < READABLE;
    let bad = sides.into_iter().take(printed).filter(|(_, fit)| card.is_first && is_bad(fit));
    let bad: Vec<(&str, &Fit)> = bad.collect();
    let names = bad.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" and ");
    let smallest = bad.iter().map(|(_, fit)| fit.points).reduce(f32::min)?;
    let message = if bad.iter().any(|(_, fit)| !fit.is_whole) {
        format!("too much for the {names} of a card: it does not fit even at {smallest} pt")
    } else {
        format!("too much for the {names} of a card: it fits only at {smallest} pt")
    };
    let help = format!(
        "{READABLE} pt can be read; shorten or split the note, or print larger cards: `print: {{preset: …}}` in deckle.yaml",
    );
    Some(Diagnostic::new(Code::PrintOverflow, card.note.span, message).help(help))
}

/// A length or size for CSS: at most three decimals.
fn number(value: f32) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The lines of a front as HTML.
fn lines(grid: &Grid, is_folded: bool) -> String {
    let mut html = String::new();
    for Line { kind, from, length, axis } in layout::lines(grid, is_folded) {
        let class = match kind {
            LineKind::Cut => "cut",
            LineKind::Fold => "fold",
            LineKind::Mark => "mark",
        };
        let (way, extent) = if axis == 0 { ("down", "height") } else { ("across", "width") };
        let [left, top, length] = [from[0], from[1], length].map(number);
        let _ = write!(html, "<i class=\"{class} {way}\" style=\"left:{left}mm;top:{top}mm;{extent}:{length}mm\"></i>");
    }
    html
}
