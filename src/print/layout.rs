//! Turns options and a number of cards into sheets: where each side of each card lies.
//!
//! Knows neither notes nor HTML. Lengths are millimetres.

use crate::config::print::{Duplex, Paper, Preset, PrintOptions};

/// Where cards lie on a sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// Width and height of the sheet as it is read.
    pub(super) page: [f32; 2],
    /// Width and height of a card.
    pub(super) card: [f32; 2],
    /// From the sheet's left and upper edge to the first card.
    pub(super) origin: [f32; 2],
    /// Cards in a row.
    pub(super) columns: usize,
    /// Rows of cards.
    pub(super) rows: usize,
    /// Whether the paper comes with cuts, so that none need be drawn.
    pub(super) is_perforated: bool,
}

/// Inches in millimetres.
const INCH: f32 = 25.4;

impl Grid {
    /// The grid that the options ask for.
    pub(super) fn new(options: &PrintOptions) -> Self {
        let paper = size(options.paper);
        match options.preset {
            Preset::PerPage(cards) => Self::divided(paper, cards),
            Preset::Index3x5 => Self::packed(paper, [5.0 * INCH, 3.0 * INCH]),
            Preset::A7 => Self::packed(paper, [105.0, 74.0]),
            // Avery's own templates: margins of 0.75 and 0.5 in; 1.75 and 1 in.
            Preset::Avery5371 => Self::perforated([0.75, 0.5], [3.5, 2.0], 2, 5),
            Preset::Avery5388 => Self::perforated([1.75, 1.0], [5.0, 3.0], 1, 3),
        }
    }

    /// The whole paper, the way round that gives cards wider than high.
    fn divided(paper: [f32; 2], cards: u8) -> Self {
        let [short, long] = paper;
        let (page, columns, rows): ([f32; 2], u8, u8) = match cards {
            2 => ([short, long], 1, 2),
            4 => ([long, short], 2, 2),
            10 => ([short, long], 2, 5),
            12 => ([long, short], 3, 4),
            16 => ([long, short], 4, 4),
            _ => ([short, long], 2, 4),
        };
        let card = [page[0] / f32::from(columns), page[1] / f32::from(rows)];
        let (columns, rows) = (usize::from(columns), usize::from(rows));
        Self { page, card, origin: [0.0; 2], columns, rows, is_perforated: false }
    }

    /// As many cards of a fixed size as the paper takes, in its middle.
    fn packed(paper: [f32; 2], card: [f32; 2]) -> Self {
        let [short, long] = paper;
        let upright = Self::centred([short, long], card);
        let across = Self::centred([long, short], card);
        if across.cards() > upright.cards() { across } else { upright }
    }

    fn centred(page: [f32; 2], card: [f32; 2]) -> Self {
        // A hair of tolerance: two cards of 105 mm do fit on 210 mm.
        let centre = |page: f32, card: f32| {
            let count = (1..=16_u8).rev().find(|&count| f32::from(count) * card <= page + 0.01).unwrap_or(1);
            (usize::from(count), ((page - f32::from(count) * card) / 2.0).max(0.0))
        };
        let (columns, left) = centre(page[0], card[0]);
        let (rows, top) = centre(page[1], card[1]);
        Self { page, card, origin: [left, top], columns, rows, is_perforated: false }
    }

    fn perforated(origin: [f32; 2], card: [f32; 2], columns: usize, rows: usize) -> Self {
        let inches = |lengths: [f32; 2]| lengths.map(|length| length * INCH);
        let page = size(Paper::Letter);
        Self { page, card: inches(card), origin: inches(origin), columns, rows, is_perforated: true }
    }

    /// How many cards lie on a sheet.
    pub(super) fn cards(&self) -> usize {
        self.columns * self.rows
    }

    fn is_landscape(&self) -> bool {
        self.page[0] > self.page[1]
    }

    /// How front and back lie to be folded: beside each other where columns come in pairs, else below each other.
    pub(super) fn fold(&self) -> Fold {
        if self.columns.is_multiple_of(2) { Fold::Beside } else { Fold::Below }
    }
}

/// A number of cards, to reckon lengths with.
fn real(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// How front and back lie to be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// The back to the right of its front.
    Beside,
    /// The back below its front and upside down, so that the folded card turns like a page.
    Below,
}

/// Width and height of paper that stands upright.
pub(super) fn size(paper: Paper) -> [f32; 2] {
    match paper {
        Paper::A4 => [210.0, 297.0],
        Paper::Letter => [8.5 * INCH, 11.0 * INCH],
        Paper::A5 => [148.0, 210.0],
    }
}

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The question.
    Front,
    /// The answer.
    Back,
}

/// One side of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// What is on it; pages to be folded count as fronts.
    pub(super) side: Side,
    /// As many as the grid has cells, row by row.
    pub(super) cells: Vec<Option<Cell>>,
}

/// What lies in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// The card, counted from 0.
    pub(super) card: usize,
    /// Its side.
    pub(super) side: Side,
    /// Whether it stands upside down.
    pub(super) turned: bool,
}

/// How many cards a sheet takes.
pub(super) fn cards_a_sheet(grid: &Grid, options: &PrintOptions) -> usize {
    if is_folded(options) { fold_cells(grid).len() } else { grid.cards() }
}

/// The sides of all sheets for so many cards. The last sheet is padded with empty cells, so that backs meet their fronts.
///
/// Each front stands before its back, but where a person turns the stack: all fronts before all backs, both in the order of
/// sheets. The first sheet to come out of a printer lies at the bottom of its stack, and on top when that is turned over; and
/// there printers take paper from. Where a printer wants the stack as it came out, backs are printed in reverse.
pub(super) fn pages(grid: &Grid, options: &PrintOptions, cards: usize) -> Vec<Page> {
    let a_sheet = cards_a_sheet(grid, options).max(1);
    let sheets = (0..cards).step_by(a_sheet).map(|first| first..cards.min(first + a_sheet));
    let mut pages = Vec::new();
    for sheet in sheets {
        if is_folded(options) {
            pages.push(folded(grid, sheet));
            continue;
        }
        let fronts = side(grid, Side::Front, sheet);
        let backs = fronts.iter().map(|cell| cell.map(|cell| Cell { side: Side::Back, ..cell })).collect();
        pages.push(Page { side: Side::Front, cells: fronts });
        if !options.front_only {
            pages.push(Page { side: Side::Back, cells: turn_over(grid, options.duplex, backs) });
        }
    }
    if is_turned_by_hand(options) {
        pages.sort_by_key(|page| page.side == Side::Back);
    }
    pages
}

/// A line to cut or fold at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// What it is for.
    pub(super) kind: LineKind,
    /// Its left or upper end.
    pub(super) from: [f32; 2],
    /// How far it goes.
    pub(super) length: f32,
    /// 0: it goes down, at a fixed distance from the left; 1: it goes across.
    pub(super) axis: usize,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A hairline between cards.
    Cut,
    /// A hairline to fold at.
    Fold,
    /// A stroke outside of the cards, or at the paper's edge, where a cut goes through.
    Mark,
}

/// How long crop marks are, and how far from the cards they stand where there is white around these.
const MARK: f32 = 5.0;
const MARK_GAP: f32 = 1.0;

/// The lines of a sheet's front; none on perforated paper, except those to fold at.
#[expect(clippy::indexing_slicing, reason = "an axis is 0 or 1")]
pub(super) fn lines(grid: &Grid, is_folded: bool) -> Vec<Line> {
    let counts = [grid.columns, grid.rows];
    let mut lines = Vec::new();
    for axis in [0, 1] {
        let other = 1 - axis;
        let folds = is_folded && (grid.fold() == Fold::Beside) == (axis == 0);
        let (start, length) = (grid.origin[other], grid.card[other] * real(counts[other]));
        for index in 0..=counts[axis] {
            let at = grid.origin[axis] + grid.card[axis] * real(index);
            let is_fold = folds && index % 2 == 1;
            let line = |kind, start, length| {
                let mut from = [at; 2];
                from[other] = start;
                Line { kind, from, length, axis }
            };
            // The paper's own edges need no cut.
            let is_edge = at < 0.1 || at > grid.page[axis] - 0.1;
            if is_edge || (grid.is_perforated && !is_fold) {
                continue;
            }
            lines.push(line(if is_fold { LineKind::Fold } else { LineKind::Cut }, start, length));
            if is_fold {
                continue;
            }
            // Outside of the cards where there is room; else over the ends of the hairline.
            let room = start - MARK_GAP;
            let (near, far, mark) = if room > 1.0 {
                let mark = room.min(MARK);
                (room - mark, start + length + MARK_GAP, mark)
            } else {
                (start, start + length - MARK, MARK)
            };
            lines.push(line(LineKind::Mark, near, mark));
            lines.push(line(LineKind::Mark, far, mark));
        }
    }
    lines
}

/// Fronts alone have nothing to be folded to.
pub(super) fn is_folded(options: &PrintOptions) -> bool {
    options.duplex == Duplex::Fold && !options.front_only
}

/// Whether a person turns the stack between all fronts and all backs.
pub(super) fn is_turned_by_hand(options: &PrintOptions) -> bool {
    options.duplex == Duplex::Manual && !options.front_only
}

/// Where a ruler goes on a sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ruler {
    /// Above the cards: where its upper left corner is.
    Above([f32; 2]),
    /// In a cell without a card: its index.
    In(usize),
}

/// How long a ruler is with its ends, and how high with its words; and the least that it keeps to the paper's edge and to the cards.
const RULER: [f32; 2] = [51.0, 5.0];
const RULER_ROOM: [f32; 2] = [5.5, 1.5];

/// On which page a ruler goes, and where: above the first cards where there is room, else where the last sheet has no card.
/// `None` where there is no such place. Perforated paper is left as it is, since what is blank can be written on.
pub(super) fn ruler(grid: &Grid, pages: &[Page]) -> Option<(usize, Ruler)> {
    let [left, top] = grid.origin;
    if top >= RULER_ROOM[0] + RULER[1] + RULER_ROOM[1] {
        return Some((0, Ruler::Above([left + (grid.card[0] - RULER[0]) / 2.0, top - RULER[1] - RULER_ROOM[1]])));
    }
    let page = pages.iter().rposition(|page| page.side == Side::Front).filter(|_| !grid.is_perforated)?;
    let cell = pages.get(page)?.cells.iter().rposition(Option::is_none)?;
    Some((page, Ruler::In(cell)))
}

fn side(grid: &Grid, side: Side, mut cards: std::ops::Range<usize>) -> Vec<Option<Cell>> {
    (0..grid.cards()).map(|_| cards.next().map(|card| Cell { card, side, turned: false })).collect()
}

/// The cells of a side as they lie behind those of the other. A sheet that is turned at an edge which stands upright
/// mirrors its rows; turned at the upper or lower edge, their order.
fn turn_over(grid: &Grid, duplex: Duplex, mut cells: Vec<Option<Cell>>) -> Vec<Option<Cell>> {
    if matches!(duplex, Duplex::None | Duplex::Fold) {
        return cells;
    }
    if turns_sideways(grid, duplex) {
        cells.chunks_mut(grid.columns).for_each(<[_]>::reverse);
        return cells;
    }
    cells.chunks(grid.columns).rev().flatten().copied().collect()
}

/// Whether sheets are turned at an edge that stands upright, where they are turned.
pub(super) fn turns_sideways(grid: &Grid, duplex: Duplex) -> bool {
    (duplex == Duplex::Short) == grid.is_landscape()
}

/// The cells of fronts and backs on a sheet to be folded.
fn fold_cells(grid: &Grid) -> Vec<(usize, usize)> {
    let Grid { columns, rows, .. } = *grid;
    match grid.fold() {
        Fold::Beside => (0..grid.cards()).step_by(2).map(|front| (front, front + 1)).collect(),
        Fold::Below => {
            let rows = (0..rows - rows % 2).step_by(2);
            rows.flat_map(|row| (row * columns..(row + 1) * columns).map(|front| (front, front + columns))).collect()
        }
    }
}

fn folded(grid: &Grid, cards: std::ops::Range<usize>) -> Page {
    let mut cells = vec![None; grid.cards()];
    for ((front, back), card) in fold_cells(grid).into_iter().zip(cards) {
        let turned = grid.fold() == Fold::Below;
        let sides = [(front, Side::Front, false), (back, Side::Back, turned)];
        for (index, side, turned) in sides {
            if let Some(cell) = cells.get_mut(index) {
                *cell = Some(Cell { card, side, turned });
            }
        }
    }
    Page { side: Side::Front, cells }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these sums and constants are exact")]

    use super::*;

    fn options(preset: &str, duplex: &str) -> PrintOptions {
        PrintOptions { preset: preset.parse().unwrap(), duplex: duplex.parse().unwrap(), ..PrintOptions::default() }
    }

    /// The middle of each card's side on the sheet, by card.
    fn middles(grid: &Grid, page: &Page, side: Side) -> Vec<(usize, [f32; 2])> {
        let place = |(index, cell): (usize, &Option<Cell>)| {
            let cell = cell.filter(|cell| cell.side == side)?;
            let at = [index % grid.columns, index / grid.columns];
            Some((cell.card, [0, 1].map(|axis| grid.origin[axis] + (real(at[axis]) + 0.5) * grid.card[axis])))
        };
        let mut places: Vec<_> = page.cells.iter().enumerate().filter_map(place).collect();
        places.sort_by_key(|&(card, _)| card);
        places
    }

    #[test]
    fn grids_lie_on_their_paper() {
        for &(preset, name) in Preset::ALL {
            for &(paper, _) in Paper::ALL {
                let grid = Grid::new(&PrintOptions { paper, preset, ..PrintOptions::default() });
                for axis in [0, 1] {
                    let count = real([grid.columns, grid.rows][axis]);
                    let used = 2.0 * grid.origin[axis] + count * grid.card[axis];
                    let fits = (used - grid.page[axis]).abs() < 0.02;
                    assert!(fits, "{name} on {paper}: {used} of {}", grid.page[axis]);
                }
            }
        }
    }

    #[test]
    fn presets_have_their_sizes() {
        let counts = |preset: &str, paper: &str| {
            let paper = paper.parse().unwrap();
            let grid = Grid::new(&PrintOptions { paper, ..options(preset, "long") });
            (grid.columns, grid.rows, grid.is_landscape())
        };
        for number in [2, 4, 8, 10, 12, 16] {
            let (columns, rows, _) = counts(&number.to_string(), "A4");
            assert_eq!(columns * rows, number);
        }
        assert_eq!(counts("3x5", "A4"), (2, 2, true));
        assert_eq!(counts("3x5", "A5"), (1, 2, false));
        assert_eq!(counts("A7", "A4"), (2, 4, false));
        assert_eq!(counts("A7", "A5"), (2, 2, true));
        assert_eq!(counts("avery-5371", "A4"), (2, 5, false));
        assert_eq!(counts("avery-5388", "A4"), (1, 3, false));
        assert_eq!(Grid::new(&options("avery-5388", "long")).card, [127.0, 76.2]);
    }

    #[test]
    fn backs_lie_behind_their_fronts_on_both_edges() {
        for &(_, preset) in Preset::ALL {
            for duplex in ["long", "short"] {
                let options = options(preset, duplex);
                let grid = Grid::new(&options);
                let a_sheet = grid.cards();
                for cards in [1, a_sheet - 1, a_sheet, a_sheet + 1, 2 * a_sheet + 1] {
                    let pages = pages(&grid, &options, cards);
                    assert_eq!(pages.len(), 2 * cards.div_ceil(a_sheet), "{preset} {duplex} {cards}");
                    for sheet in pages.chunks(2) {
                        let fronts = middles(&grid, &sheet[0], Side::Front);
                        // The long edge stands upright on a portrait page, the short one on a landscape page.
                        let axis = usize::from((duplex == "long") == grid.is_landscape());
                        let behind = fronts.into_iter().map(|(card, mut at)| {
                            at[axis] = grid.page[axis] - at[axis];
                            (card, at)
                        });
                        for ((front, expected), (back, found)) in behind.zip(middles(&grid, &sheet[1], Side::Back)) {
                            assert_eq!(front, back);
                            let off = [0, 1].map(|axis: usize| (expected[axis] - found[axis]).abs());
                            assert!(off[0] < 0.01 && off[1] < 0.01, "{preset} {duplex} {cards}: {off:?}");
                        }
                    }
                }
            }
        }
    }

    /// A sheet of paper in a stack: what is printed on its upper and on its lower side.
    type Sheet = [Option<usize>; 2];

    /// A printer: whether it prints on the upper side of what lies in its tray, and whether that side is up when it comes out.
    #[derive(Debug, Clone, Copy)]
    struct Printer {
        prints_up: bool,
        comes_out_up: bool,
    }

    impl Printer {
        /// Prints pages on a stack, whose last sheet is the upper one; gives what lies in the tray for what was printed.
        fn print(self, mut tray: Vec<Sheet>, pages: impl Iterator<Item = usize>) -> Vec<Sheet> {
            let mut out = Vec::new();
            for page in pages {
                let mut sheet = tray.pop().unwrap();
                let side = usize::from(!self.prints_up);
                assert_eq!(sheet[side].replace(page), None, "over what is printed: {self:?}");
                if self.prints_up != self.comes_out_up {
                    sheet.reverse();
                }
                out.push(sheet);
            }
            out
        }
    }

    /// As a whole, like a book that is laid on its face.
    fn turned(stack: Vec<Sheet>) -> Vec<Sheet> {
        stack.into_iter().rev().map(|[upper, lower]| [lower, upper]).collect()
    }

    #[test]
    fn a_stack_that_is_turned_gets_each_back_behind_its_front() {
        let options = options("8", "manual");
        let grid = Grid::new(&options);
        for sheets in 1..=12 {
            let pages = pages(&grid, &options, grid.cards() * sheets - 3);
            assert_eq!(pages.len(), 2 * sheets);
            let card = |page: &Page| page.cells.iter().flatten().map(|cell| cell.card).min();
            for (prints_up, comes_out_up) in [(false, false), (false, true), (true, false), (true, true)] {
                let printer = Printer { prints_up, comes_out_up };
                let stack = printer.print(vec![[None; 2]; sheets], 0..sheets);
                // What is white has to lie where the printer prints: one sheet shows it.
                let is_turned = prints_up == comes_out_up;
                let stack = if is_turned {
                    printer.print(turned(stack), sheets..2 * sheets)
                } else {
                    printer.print(stack, (sheets..2 * sheets).rev())
                };
                for sheet in stack {
                    let mut sides = sheet.map(|page| &pages[page.unwrap()]);
                    sides.sort_by_key(|page| page.side == Side::Back);
                    assert_eq!(sides.map(|page| page.side), [Side::Front, Side::Back]);
                    assert_eq!(card(sides[0]), card(sides[1]), "{printer:?}, {sheets} sheets");
                }
            }
        }
    }

    #[test]
    fn backs_that_a_person_turns_lie_as_at_the_long_edge() {
        for &(_, preset) in Preset::ALL {
            let sorted = |duplex| {
                let options = options(preset, duplex);
                let grid = Grid::new(&options);
                let mut pages = pages(&grid, &options, 2 * grid.cards() + 1);
                pages.sort_by_key(|page| page.side == Side::Back);
                pages
            };
            assert_eq!(sorted("manual"), sorted("long"), "{preset}");
        }
        let front_only = PrintOptions { front_only: true, ..options("8", "manual") };
        assert_eq!(pages(&Grid::new(&front_only), &front_only, 9).len(), 2);
    }

    #[test]
    fn every_side_of_every_card_is_printed_once() {
        for &(_, preset) in Preset::ALL {
            for &(_, duplex) in Duplex::ALL {
                for front_only in [false, true] {
                    let options = PrintOptions { front_only, ..options(preset, duplex) };
                    let grid = Grid::new(&options);
                    let cards = 2 * cards_a_sheet(&grid, &options) + 1;
                    let pages = pages(&grid, &options, cards);
                    assert!(pages.iter().all(|page| page.cells.len() == grid.cards()), "padded");
                    for side in [Side::Front, Side::Back] {
                        let cells = pages.iter().flat_map(|page| page.cells.iter().flatten());
                        let mut found: Vec<usize> = cells.filter(|c| c.side == side).map(|c| c.card).collect();
                        found.sort_unstable();
                        let expected = if front_only && side == Side::Back { 0 } else { cards };
                        assert_eq!(found, (0..expected).collect::<Vec<_>>(), "{preset} {duplex} {side:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn folded_cards_have_their_back_beside_or_below() {
        let neighbours = |preset: &str| {
            let options = options(preset, "fold");
            let grid = Grid::new(&options);
            let page = pages(&grid, &options, 1).remove(0);
            let filled = page.cells.iter().enumerate().filter_map(|(index, cell)| Some((index, (*cell)?)));
            filled.map(|(index, cell)| (index, cell.side, cell.turned)).collect::<Vec<_>>()
        };
        assert_eq!(neighbours("8"), [(0, Side::Front, false), (1, Side::Back, false)]);
        assert_eq!(neighbours("12"), [(0, Side::Front, false), (3, Side::Back, true)]);
        assert_eq!(neighbours("2"), [(0, Side::Front, false), (1, Side::Back, true)]);
    }

    #[test]
    fn lines_stand_between_cards_and_marks_on_the_paper() {
        for &(_, preset) in Preset::ALL {
            for duplex in ["long", "fold"] {
                let options = options(preset, duplex);
                let grid = Grid::new(&options);
                for line in lines(&grid, is_folded(&options)) {
                    let end = line.from[1 - line.axis] + line.length;
                    assert!(
                        line.from.iter().all(|at| *at >= 0.0) && end <= grid.page[1 - line.axis] + 0.02,
                        "{line:?}"
                    );
                    let card = (line.from[line.axis] - grid.origin[line.axis]) / grid.card[line.axis];
                    assert!((card - card.round()).abs() < 0.001, "{preset}: {line:?}");
                }
            }
        }
        let count = |preset: &str, duplex: &str, kind: LineKind| {
            let options = options(preset, duplex);
            lines(&Grid::new(&options), is_folded(&options)).iter().filter(|line| line.kind == kind).count()
        };
        assert_eq!((count("8", "long", LineKind::Cut), count("8", "long", LineKind::Mark)), (4, 8));
        assert_eq!((count("8", "fold", LineKind::Cut), count("8", "fold", LineKind::Fold)), (3, 1));
        assert_eq!(count("3x5", "long", LineKind::Cut), 6);
        assert_eq!(count("avery-5371", "long", LineKind::Cut), 0);
    }

    #[test]
    fn rulers_lie_outside_of_cards() {
        let place = |preset: &str, cards| {
            let options = options(preset, "long");
            let grid = Grid::new(&options);
            ruler(&grid, &pages(&grid, &options, cards))
        };
        assert_eq!([place("8", 8), place("8", 16), place("8", 0)], [None; 3]);
        assert_eq!([place("8", 7), place("8", 9)], [Some((0, Ruler::In(7))), Some((2, Ruler::In(7)))]);
        assert_eq!(place("avery-5388", 1), Some((0, Ruler::Above([82.45, 18.9]))));
        for &(preset, name) in Preset::ALL {
            for &(paper, _) in Paper::ALL {
                let options = PrintOptions { paper, preset, ..PrintOptions::default() };
                let grid = Grid::new(&options);
                assert!(grid.card[0] > RULER[0] + 1.0, "{name} on {paper}: no room for a ruler");
                let Some((_, place)) = ruler(&grid, &pages(&grid, &options, 1)) else { continue };
                let Ruler::Above([left, top]) = place else { continue };
                assert!(left > grid.origin[0] && top >= RULER_ROOM[0] && top + RULER[1] < grid.origin[1], "{name}");
            }
        }
    }

    #[test]
    fn one_sided_backs_lie_as_their_fronts_do() {
        let options = options("10", "none");
        let pages = pages(&Grid::new(&options), &options, 3);
        let cards = |page: &Page| page.cells.iter().map(|cell| cell.map(|cell| cell.card)).collect::<Vec<_>>();
        assert_eq!(cards(&pages[0]), cards(&pages[1]));
        assert_eq!((pages[0].side, pages[1].side), (Side::Front, Side::Back));
    }
}
