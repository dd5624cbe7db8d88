//! Turns a deck into pages of cut-out cards.
//!
//! Knows what a page is told; what is on each side of a card is up to [`sides`], where sides lie to [`super::layout`].

mod sides;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::Hash;

use rayon::prelude::*;
use serde::Serialize;

use self::sides::{Setter, number};
use super::fit::{self, Fit, ImageSizes, READABLE};
use super::layout::{self, Grid, Line, LineKind, Page, Ruler, Side};
use super::metrics::{self, CELL_SIDES, LINE_CODE_SIZE, TABLE_SIZE};
use super::page::{Kept, PageSetup, PrintedDeck, script_source};
use super::template::{File, Templates};
use crate::Error;
use crate::artifact::{Artifact, Ingredients, Key, Made};
use crate::config::print::{Duplex, Paper, Preset, PrintOptions};
use crate::diagnostic::{Code, Diagnostic};
use crate::html;
use crate::ir::{self, Block, BlockKind, Note, plain_text};

pub use self::sides::Sides;

/// Chromium's time to print grows with the square of a file's cards; so many take it some seconds.
const MOST_CARDS: usize = 1_000;

/// `<slug>-cards.html`; what goes beyond [`MOST_CARDS`] is in `<slug>-cards-2.html` and so on, whole sheets each.
///
/// What does not fit at a readable size is among the diagnostics.
///
/// # Errors
/// A template names what it is not given.
pub(super) fn cards(
    deck: &PrintedDeck<'_>,
    setup: &PageSetup<'_>,
    made: Option<&Made<Vec<Sides>>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Artifact>, Error> {
    let sheets = Sheets::new(deck, &setup.sizes, Some(setup.addresses.of(deck)));
    let places: Vec<Place> = deck.notes.iter().enumerate().flat_map(|(at, (_, note))| Place::all(at, note)).collect();
    let files = CardFile::all(&places, sheets.a_sheet, deck, setup);
    let notes = sheets.set_notes(made, &wanted(&files, deck.notes.len()));
    let pages: Result<Vec<_>, Error> = files.par_iter().map(|file| sheets.file(file, &notes, setup)).collect();
    let (pages, overflows): (Vec<Artifact>, Vec<Vec<Diagnostic>>) = pages?.into_iter().unzip();
    diagnostics.extend(overflows.into_iter().flatten());
    if let Some(made) = made {
        made.put(notes.into_iter().filter_map(|note| Some((note.key?, note.cards))));
    }
    Ok(pages)
}

/// Which notes of a deck have cards in a file that is not kept.
fn wanted(files: &[CardFile<'_>], notes: usize) -> Vec<bool> {
    let mut is_wanted = vec![false; notes];
    for place in files.iter().filter(|file| file.kept.page.is_none()).flat_map(|file| file.places) {
        if let Some(is_wanted) = is_wanted.get_mut(place.at) {
            *is_wanted = true;
        }
    }
    is_wanted
}

/// What does not fit at a readable size: the diagnostics of [`cards`], without its pages.
pub(super) fn overflows(deck: &PrintedDeck<'_>, sizes: &ImageSizes<'_>, fitting: Option<&Made<()>>) -> Vec<Diagnostic> {
    let sheets = Sheets::new(deck, sizes, None);
    let of_note = |(_, note): &(usize, &Note)| {
        let key = fitting.map(|_| sheets.setter.key(note));
        if fitting.zip(key).is_some_and(|(fitting, key)| fitting.take(key).is_some()) {
            return (key, Vec::new());
        }
        let cards = sheets.setter.cards(note);
        let found: Vec<Diagnostic> = cards.iter().filter_map(|sides| sheets.overflow(&Card { note, sides })).collect();
        (key.filter(|_| found.is_empty()), found)
    };
    let (fit, found): (Vec<Option<Key>>, Vec<Vec<Diagnostic>>) = deck.notes.par_iter().map(of_note).unzip();
    if let Some(fitting) = fitting {
        fitting.put(fit.into_iter().flatten().map(|key| (key, ())));
    }
    found.into_iter().flatten().collect()
}

/// Where a card comes from.
struct Place<'a> {
    /// The note's index among the deck's.
    at: usize,
    note: &'a Note,
    /// Which of its cards.
    ordinal: usize,
}

impl<'a> Place<'a> {
    fn all(at: usize, note: &'a Note) -> impl Iterator<Item = Self> {
        (0..sides::count(note)).map(move |ordinal| Self { at, note, ordinal })
    }
}

/// Cards that go into one file.
struct CardFile<'a> {
    /// Which of the deck's, and how many there are.
    index: usize,
    count: usize,
    /// The number of its first card.
    first: usize,
    places: &'a [Place<'a>],
    kept: Kept,
}

impl<'a> CardFile<'a> {
    fn all(places: &'a [Place<'a>], a_sheet: usize, deck: &PrintedDeck<'_>, setup: &PageSetup<'_>) -> Vec<Self> {
        let a_file = (MOST_CARDS / a_sheet).max(1) * a_sheet;
        let count = places.len().div_ceil(a_file);
        let file = |(index, places): (usize, &'a [Place<'a>])| {
            let first = index * a_file + 1;
            let kept = setup.kept(|made_of| hash_cards(deck, places, (first, count), made_of));
            Self { index, count, first, places, kept }
        };
        places.par_chunks(a_file).enumerate().map(file).collect()
    }

    fn title(&self, deck: &PrintedDeck<'_>) -> String {
        if self.count == 1 {
            return deck.name.to_owned();
        }
        format!("{} · {}–{}", deck.name, self.first, self.first + self.places.len() - 1)
    }
}

/// Takes down what a file is made of: the number of its first card, and how many files there are, with its cards.
fn hash_cards(deck: &PrintedDeck<'_>, places: &[Place<'_>], numbers: (usize, usize), made_of: &mut Ingredients) {
    deck.hash_into(made_of);
    ("cards", numbers, places.len()).hash(made_of);
    for Place { at: _, note, ordinal } in places {
        (note, ordinal).hash(made_of);
    }
}

/// A note with its cards.
struct SetNote<'a> {
    note: &'a Note,
    /// What the cards are made of, where they are to be kept.
    key: Option<Key>,
    cards: Vec<Sides>,
}

impl SetNote<'_> {
    fn card(&self, ordinal: usize) -> Option<Card<'_>> {
        Some(Card { note: self.note, sides: self.cards.get(ordinal)? })
    }
}

/// A card and what is on its sides.
#[derive(Clone, Copy)]
struct Card<'a> {
    note: &'a Note,
    sides: &'a Sides,
}

/// What a template gets to know of a file.
#[derive(Serialize)]
struct Data<'a> {
    /// A tag of BCP 47.
    lang: &'static str,
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
    /// What may run, for a Content-Security-Policy.
    script_source: String,
    font: &'static str,
    pages: Vec<PageData<'a>>,
    /// The answer key; empty where none is wanted.
    key: Vec<KeyData<'a>>,
    /// The ruler below it, as HTML, where there is no other room for one.
    key_ruler: String,
}

#[derive(Serialize)]
struct PageData<'a> {
    side: &'static str,
    /// Where the grid starts, in millimetres.
    left: String,
    top: String,
    /// Headings that nobody sees, as HTML: PDFs have them as bookmarks, and screen readers as places to go to.
    bookmarks: String,
    /// Where to cut and to fold, as HTML.
    lines: &'a str,
    /// A ruler outside of the cards, as HTML; empty but on the first sheet.
    ruler: String,
    /// The cells of the grid, row by row, as HTML.
    cards: String,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks for each by its name")]
struct KeyData<'a> {
    number: usize,
    question: &'a str,
    /// The question as HTML where formulas are in it.
    typeset: Option<&'a str>,
    answer: &'a str,
    lang: &'static str,
    /// Whether it is set across the columns.
    is_wide: bool,
    /// Whether it may be longer than a column.
    is_long: bool,
    /// Whether words of its tables break anywhere, since their columns would be too wide.
    breaks: bool,
    /// Whether its formulas are set smaller, since they are wider than a column.
    narrow: bool,
    /// What formulas and drawings are set smaller by, as custom properties.
    style: String,
}

/// The sheets of a deck.
struct Sheets<'a> {
    deck: &'a PrintedDeck<'a>,
    setter: Setter<'a>,
    grid: Grid,
    a_sheet: usize,
    /// The lines of a front, as HTML.
    lines: String,
    sizes: &'a ImageSizes<'a>,
}

impl<'a> Sheets<'a> {
    fn new(
        deck: &'a PrintedDeck<'a>,
        sizes: &'a ImageSizes<'a>,
        media: Option<&'a BTreeMap<&'a str, &'a str>>,
    ) -> Self {
        let grid = Grid::new(&deck.options);
        Self {
            deck,
            setter: Setter::new(&grid, sizes, media),
            grid,
            a_sheet: layout::cards_a_sheet(&grid, &deck.options).max(1),
            lines: lines(&grid, layout::is_folded(&deck.options)),
            sizes,
        }
    }

    /// The notes with their cards, in source order, those that are not wanted without; those that are kept are taken.
    fn set_notes(&self, made: Option<&Made<Vec<Sides>>>, is_wanted: &[bool]) -> Vec<SetNote<'a>> {
        let set = |(&(_, note), is_wanted): (&(usize, &'a Note), &bool)| {
            if !is_wanted {
                return SetNote { note, key: None, cards: Vec::new() };
            }
            let key = made.map(|_| self.setter.key(note));
            let kept = made.zip(key).and_then(|(made, key)| made.take(key));
            SetNote { note, key, cards: kept.unwrap_or_else(|| self.setter.cards(note)) }
        };
        self.deck.notes.par_iter().zip(is_wanted).map(set).collect()
    }

    /// A file with its cards, as it was kept or anew, and what does not fit on them.
    fn file(
        &self,
        file: &CardFile<'_>,
        notes: &[SetNote<'_>],
        setup: &PageSetup<'_>,
    ) -> Result<(Artifact, Vec<Diagnostic>), Error> {
        if let Some(page) = &file.kept.page {
            return Ok((self.deck.page("cards", file.index, page.clone()), Vec::new()));
        }
        let card = |place: &Place| notes.get(place.at)?.card(place.ordinal);
        let cards: Vec<Card> = file.places.iter().filter_map(card).collect();
        let overflows: Vec<Diagnostic> = cards.iter().filter_map(|card| self.overflow(card)).collect();
        let data = self.data(file.title(self.deck), &cards, file.first, &setup.templates);
        let recipe = setup.images.put_into(setup.templates.render(File::Cards, &data)?);
        if overflows.is_empty() {
            setup.keep(&file.kept, &recipe);
        }
        Ok((self.deck.page("cards", file.index, recipe), overflows))
    }

    fn data<'b>(
        &'b self,
        title: String,
        cards: &'b [Card<'_>],
        first: usize,
        templates: &'b Templates<'_>,
    ) -> Data<'b> {
        let Grid { page, card, columns, rows, .. } = self.grid;
        let (options, padding) = (&self.deck.options, &self.setter.padding);
        let pages = layout::pages(&self.grid, options, cards.len());
        let ruler = layout::ruler(&self.grid, &pages);
        let ruler_of = |index: usize| ruler.filter(|(page, _)| *page == index).map(|(_, place)| place);
        let settings = self.settings(pages.len());
        let parts = if layout::is_turned_by_hand(options) { passes(pages.len()) } else { Vec::new() };
        let part_of = |index: usize| parts.iter().find(|(page, _)| *page == index).map(|(_, part)| part.as_str());
        let pages = pages.into_iter().enumerate();
        let page_data = |(index, page): (usize, Page)| PageData {
            bookmarks: bookmarks(&page, first, part_of(index), !parts.is_empty()),
            ..self.page(page, ruler_of(index), cards, first)
        };
        let pages = pages.map(page_data).collect();
        let key = if options.key { answer_key(cards, first, page[0]) } else { Vec::new() };
        let key_ruler = if ruler.is_none() && options.key { ruler_html("") } else { String::new() };
        Data {
            lang: self.deck.lang,
            title,
            settings,
            duplex: options.duplex.to_string(),
            page_width: number(page[0]),
            page_height: number(page[1]),
            card_width: number(card[0]),
            card_height: number(card[1]),
            columns,
            rows,
            pad_x: number(padding.sides),
            pad_top: number(padding.top),
            pad_bottom: number(padding.bottom),
            style: metrics::cards(templates.styles(File::CardsStyle)),
            script: templates.text(File::Fit),
            script_source: script_source(self.deck, Some(templates.text(File::Fit))),
            font: html::math_face(cards.iter().any(|card| card.sides.has_math())),
            pages,
            key,
            key_ruler,
        }
    }

    fn page<'b>(&'b self, page: Page, ruler: Option<Ruler>, cards: &'b [Card<'_>], first: usize) -> PageData<'b> {
        let [x, y] = self.grid.origin;
        let [right, down] = self.deck.options.back_offset;
        let (side, left, top, lines) = match page.side {
            Side::Front => ("front", x, y, self.lines.as_str()),
            Side::Back => ("back", x + right, y + down, ""),
        };
        let mut html = String::new();
        for (index, cell) in page.cells.into_iter().enumerate() {
            let Some((cell, card)) = cell.and_then(|cell| Some((cell, cards.get(cell.card)?))) else {
                let ruler = if ruler == Some(Ruler::In(index)) { ruler_html("") } else { String::new() };
                let _ = writeln!(html, "<div class=\"card empty\">{ruler}</div>");
                continue;
            };
            let (name, side) = match cell.side {
                Side::Front => ("front", &card.sides.front),
                Side::Back => ("back", &card.sides.back),
            };
            side.write(name, cell.turned, first + cell.card, &mut html);
        }
        let ruler = match ruler {
            Some(Ruler::Above([left, top])) => {
                ruler_html(&format!(" style=\"left:{}mm;top:{}mm\"", number(left), number(top)))
            }
            Some(Ruler::In(_)) | None => String::new(),
        };
        let (left, top, bookmarks) = (number(left), number(top), String::new());
        PageData { side, left, top, bookmarks, lines, ruler, cards: html }
    }

    /// What the printer has to be told of so many pages of cards.
    fn settings(&self, pages: usize) -> String {
        let options = &self.deck.options;
        let [width, height] = self.grid.page;
        let way = if width > height { "landscape" } else { "portrait" };
        let paper = if self.grid.is_perforated { Paper::Letter } else { options.paper };
        let sides = match (options.front_only, options.duplex) {
            (true, _) | (_, Duplex::Fold) => "one-sided".to_owned(),
            (_, Duplex::Long) => "two-sided, turned at the long edge".to_owned(),
            (_, Duplex::Short) => "two-sided, turned at the short edge".to_owned(),
            (_, Duplex::Manual) => by_hand(pages),
            (_, Duplex::None) => "one-sided; answers follow on sheets of their own".to_owned(),
        };
        let [width, height] = self.grid.card.map(number);
        let white = self.setter.padding.top;
        format!(
            "{paper}, {way}, 100 % (no scaling, not fitted to the page), no margins, {sides}. A card measures {width} × \
             {height} mm. Its text begins {white:.1} mm from its edges: where that is the paper's, a printer that leaves more \
             of it white, as some ink-jets do, has to print without borders."
        )
    }
}

/// How to print fronts and backs with a printer that does not turn sheets, in words.
fn by_hand(pages: usize) -> String {
    let [fronts, backs] = ranges(pages);
    let (first, back) = (1, pages / 2 + 1);
    format!(
        "one-sided, in two passes: print {fronts}, turn the whole stack over at its long edge, put it back so that the same \
         edge goes in first, and print {backs}. Try it with the first sheet, pages {first} and {back}: should the answers come \
         out on the printed side, put the stack back as it came out, and print {backs} in reverse order"
    )
}

/// The pages where the passes of such a printer begin, counted from 0, and what to do there.
fn passes(pages: usize) -> Vec<(usize, String)> {
    let [fronts, backs] = ranges(pages);
    let turn = format!("Questions: print {fronts} first, and turn the stack at its long edge");
    vec![(0, turn), (pages / 2, format!("Answers: then print {backs}"))]
}

/// Fronts and backs, where they are the first and the second half of so many pages.
fn ranges(pages: usize) -> [String; 2] {
    let sheets = pages / 2;
    let range = |first: usize, last: usize| {
        if first == last { format!("page {first}") } else { format!("pages {first} to {last}") }
    };
    [range(1, sheets), range(sheets + 1, pages)]
}

/// The headings of a page: the part that begins with it, and its cards. Backs have one where they do not follow their fronts.
fn bookmarks(page: &Page, first: usize, part: Option<&str>, has_parts: bool) -> String {
    let mut html = part.map(|part| format!("<h2 class=\"bookmark\" lang=\"en\">{part}</h2>")).unwrap_or_default();
    let cards = || page.cells.iter().flatten().map(|cell| first + cell.card);
    let (Some(from), Some(to)) = (cards().min(), cards().max()) else { return html };
    if page.side == Side::Front || has_parts {
        let level = if has_parts { 3 } else { 2 };
        let cards = if from == to { format!("Card {from}") } else { format!("Cards {from} to {to}") };
        let _ = write!(html, "<h{level} class=\"bookmark\" lang=\"en\">{cards}</h{level}>");
    }
    html
}

/// The entries of the answer key, on paper of a width in millimetres.
fn answer_key<'a>(cards: &'a [Card<'_>], first: usize, page: f32) -> Vec<KeyData<'a>> {
    let entry = |(number, card): (usize, &'a Card<'_>)| {
        let answer = card.sides.back.body();
        // Only where there are formulas are they measured again.
        let formulas = card.note.sides().into_iter().map(fit::widest_formula);
        let has_formulas = card.sides.back.has_math() || card.sides.typeset.is_some();
        let formula = if has_formulas { formulas.fold(0.0, f32::max) } else { 0.0 };
        let drawings = card.note.sides().into_iter().map(fit::widest_drawing);
        let drawing = if answer.contains("<pre class=\"drawing\"") { drawings.fold(0.0, f32::max) } else { 0.0 };
        let words = table_words(card.note, answer);
        let is_wide = formula > key_ems(page) * 1.3 || words.max(drawing) > key_ems(page);
        let room = if is_wide { ems(page - KEY_MARGINS) } else { key_ems(page) };
        let breaks = words > room;
        let narrow = formula > room;
        let smaller = [("narrow", formula), ("drawing", drawing)].into_iter().filter(|(_, width)| *width > room);
        let smaller = smaller.map(|(name, width)| format!("--{name}:{:.2};", (room / width * 100.0).floor() / 100.0));
        let style = smaller.collect();
        let (lang, is_long) = (card.sides.back.lang, answer.len() > LONG);
        let (question, typeset) = (card.sides.question.as_str(), card.sides.typeset.as_deref());
        KeyData { number, question, typeset, answer, lang, is_wide, is_long, breaks, narrow, style }
    };
    (first..).zip(cards).map(entry).collect()
}

/// Answers of fewer bytes of HTML are not broken across columns of the key.
const LONG: usize = 1_500;

/// The width in em that the longest words of its columns give the widest table of an answer; a table that is not a block of
/// its own, or that only raw HTML has, counts as wider than any paper.
fn table_words(note: &Note, answer: &str) -> f32 {
    let tables = answer.matches("<table").count();
    if tables == 0 {
        return 0.0;
    }
    let grids: Vec<&ir::Grid> = note.sides().into_iter().flatten().filter_map(grid).collect();
    if grids.len() < tables { f32::INFINITY } else { grids.into_iter().map(grid_words).fold(0.0, f32::max) }
}

fn grid(block: &Block) -> Option<&ir::Grid> {
    if let BlockKind::Table(grid) = &block.kind { Some(grid) } else { None }
}

fn grid_words(grid: &ir::Grid) -> f32 {
    let mut widest = vec![0.0_f32; grid.header.len()];
    for row in std::iter::once(&grid.header).chain(&grid.rows) {
        for (widest, cell) in widest.iter_mut().zip(row) {
            let text = plain_text(&cell.content);
            // Code is wider than bold text, which is wider than other text.
            let word = |word: &str| {
                word.chars().map(|c| fit::advance(c, true).max(fit::code_advance(c) * LINE_CODE_SIZE)).sum()
            };
            *widest = text.split_whitespace().map(word).fold(*widest, f32::max);
        }
    }
    widest.into_iter().map(|word| (word + 2.0 * CELL_SIDES) * TABLE_SIZE).sum()
}

/// What the answer key leaves white beside it in millimetres, as its style has it in a rule that knows no custom properties.
const KEY_MARGINS: f32 = 24.0;

/// The width of a column of the answer key in em of its text, as CSS makes columns of a least width.
fn key_ems(page: f32) -> f32 {
    let width = page - KEY_MARGINS + metrics::KEY_GAP;
    let columns = (width / (metrics::KEY_WIDTH + metrics::KEY_GAP)).floor().max(1.0);
    ems(width / columns - metrics::KEY_GAP)
}

/// A width in millimetres in em of the answer key's text, without what its entries are indented by.
fn ems(width: f32) -> f32 {
    width / (metrics::KEY_SIZE * fit::MM) - metrics::KEY_INDENT
}

/// A ruler by which one sees whether paper was printed at its size.
fn ruler_html(attributes: &str) -> String {
    format!(
        "<p class=\"ruler\"{attributes}><svg viewBox=\"-0.5 -0.2 51 2.4\" aria-hidden=\"true\">\
         <path d=\"M0 0V2M10 1V2M20 1V2M30 1V2M40 1V2M50 0V2M0 2H50\"/></svg>\
         50 mm, if printed at 100 %, not fitted to the page</p>"
    )
}

impl Sheets<'_> {
    /// One warning for both sides; a reversed card has the sides of its note's first one.
    fn overflow(&self, card: &Card<'_>) -> Option<Diagnostic> {
        let sides = card.sides.printed(self.deck.options.front_only);
        let bad = sides.into_iter().filter(|(_, fit)| card.sides.is_first && !is_readable(fit));
        let bad: Vec<(&str, &Fit)> = bad.collect();
        let names = bad.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" and ");
        let smallest = tenths(bad.iter().map(|(_, fit)| fit.least_points()).reduce(f32::min)?);
        let message = if bad.iter().any(|(_, fit)| !fit.is_whole) {
            format!("too much for the {names} of a card: it does not fit even at {smallest} pt")
        } else {
            format!("too much for the {names} of a card: it fits only at {smallest} pt")
        };
        let help = match self.larger(card.note) {
            Some((preset, points)) => format!(
                "{READABLE} pt can be read; shorten or split the note, or print larger cards: with `print: {{preset: {preset}}}` in \
                 deckle.yaml it fits at {} pt",
                tenths(points)
            ),
            None => format!(
                "no card holds it at {READABLE} pt, which can be read: shorten or split the note, or keep to the cheat sheet, which shows \
                 all of it"
            ),
        };
        Some(Diagnostic::new(Code::PrintOverflow, card.note.span, message).help(help))
    }

    /// The smallest cards larger than these that hold a note, and its size on them in points.
    fn larger(&self, note: &Note) -> Option<(Preset, f32)> {
        let [width, height] = self.grid.card;
        [8, 4, 2].map(Preset::PerPage).into_iter().find_map(|preset| {
            let options = PrintOptions { preset, ..self.deck.options };
            let grid = Grid::new(&options);
            if grid.card[0] * grid.card[1] < 1.01 * width * height {
                return None;
            }
            let cards = Setter::new(&grid, self.sizes, None).cards(note);
            let fits = cards.first()?.printed(options.front_only);
            let smallest = fits.iter().map(|(_, fit)| fit.least_points()).fold(f32::INFINITY, f32::min);
            fits.iter().all(|(_, fit)| is_readable(fit)).then_some((preset, smallest))
        })
    }
}

/// A size as it is spoken of, rounded down.
fn tenths(points: f32) -> String {
    number((points * 10.0).floor() / 10.0)
}

fn is_readable(fit: &Fit) -> bool {
    fit.is_whole && fit.least_points() >= READABLE
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
