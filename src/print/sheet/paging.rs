//! Turns measured notes into the largest type at which they fill the pages that they need, and the columns for it.
//!
//! Pages are filled as browsers fill them: column after column, and the last page's columns to the same height. The notes
//! are measured once; each size asks for the sum of their heights. Knows neither content nor HTML.

use super::measure::{Column, Measured, Unit, drawing_size};
use crate::config::print::Paper;
use crate::print::metrics;

/// How a sheet is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// Columns on a page.
    pub(super) columns: u8,
    /// Size of its text, in points.
    pub(super) points: f32,
    /// What is between the margins, in millimetres.
    pub(super) room: [f32; 2],
}

/// The layout of a sheet on this paper: as few pages as the smallest type needs, and the largest type and the columns with
/// which no more are needed.
pub(super) fn layout(measured: &Measured<'_>, paper: Paper, columns: Option<u8>) -> Layout {
    let room = room(paper);
    let mut best: Option<Choice> = None;
    for (columns, [least, most]) in candidates(columns, room) {
        let layout = |size: u16| Layout { columns, points: f32::from(size) / 100.0, room };
        let pages = pages(measured, &layout(least)).number;
        if best.as_ref().is_some_and(|best| pages > best.pages) {
            continue;
        }
        let layout = layout(largest(least, most, |size| self::pages(measured, &layout(size)).is_within(pages)));
        let worth = layout.points * (1.0 - NARROW * f32::from(columns));
        if best.as_ref().is_none_or(|best| pages < best.pages || worth > best.worth) {
            best = Some(Choice { pages, worth, layout });
        }
    }
    let least = Layout { columns: columns.unwrap_or(1), points: metrics::LEAST_SIZE, room };
    best.map_or(least, |best| best.layout)
}

/// A layout that a sheet may have.
struct Choice {
    pages: usize,
    /// The size of its type, in points; with more columns it is worth less.
    worth: f32,
    layout: Layout,
}

/// What a column more has to bring: so much larger type.
const NARROW: f32 = 0.02;

/// The largest number up to `most` that holds, where `least` does, and those between do up to one of them.
fn largest(least: u16, most: u16, holds: impl Fn(u16) -> bool) -> u16 {
    let (mut low, mut high) = (least, most + 1);
    // Pages in tens allow only little more than the least: it is looked for there first.
    let mut step = 8;
    while low + step < high && holds(low + step) {
        low += step;
        step *= 2;
    }
    high = high.min(low + step);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

/// How wide a column may be, in em of its text, where no author says how many there are: 32 letters are few for a line of
/// a sheet, and 65 many for one of two columns.
const WIDTHS: [f32; 2] = [16.0, 32.0];

/// The numbers of columns with the sizes that suit them, from the least to the most in hundredths of a point.
fn candidates(given: Option<u8>, room: [f32; 2]) -> Vec<(u8, [u16; 2])> {
    let [least, most] = [metrics::LEAST_SIZE, metrics::MOST_SIZE].map(hundredths);
    if let Some(given) = given {
        return vec![(given, [least, most])];
    }
    let sizes = |columns: u8| {
        let [largest, smallest] = WIDTHS.map(|ems| hundredths(width(columns, room) / ems / MM));
        (columns, [smallest.max(least), largest.min(most)])
    };
    // Those that need the fewest pages are asked first.
    [3, 4, 2, 1].map(sizes).into_iter().filter(|(_, [least, most])| least <= most).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of type are small and positive")]
fn hundredths(points: f32) -> u16 {
    (points * 100.0) as u16
}

/// Millimetres to the point.
const MM: f32 = 25.4 / 72.0;

/// What is between the margins of a page, in millimetres.
fn room(paper: Paper) -> [f32; 2] {
    let [width, height] = match paper {
        Paper::A4 => [210.0, 297.0],
        Paper::Letter => [215.9, 279.4],
        Paper::A5 => [148.0, 210.0],
    };
    [width - 2.0 * metrics::SHEET_MARGIN, height - metrics::SHEET_MARGIN - metrics::SHEET_FOOT]
}

/// Width of a column, in millimetres.
fn width(columns: u8, room: [f32; 2]) -> f32 {
    let columns = f32::from(columns.max(1));
    (room[0] - metrics::SHEET_GAP * (columns - 1.0)) / columns
}

/// What the title takes of the first page at a size of text, in millimetres.
fn title(points: f32) -> f32 {
    (metrics::TITLE_SIZE * points).max(metrics::LEAST_TITLE_SIZE) * 1.12 * MM + metrics::TITLE_GAP + TITLE_RULE
}

/// Between the title and its line, and that, in millimetres.
const TITLE_RULE: f32 = 1.3;

impl Layout {
    /// Width of a column, in millimetres.
    pub(super) fn width(&self) -> f32 {
        width(self.columns, self.room)
    }

    /// A column of text.
    pub(super) fn column(&self) -> Column {
        self.column_of(self.width())
    }

    /// A column as wide as the page.
    pub(super) fn page(&self) -> Column {
        self.column_of(self.room[0])
    }

    fn column_of(&self, millimetres: f32) -> Column {
        let small = (metrics::SMALL_PART * self.points).max(metrics::LEAST_SMALL) / self.points;
        Column { ems: millimetres / (self.points * MM), small, pixels: self.points * (96.0 / 72.0) }
    }

    /// Whether a note is set over all columns: its tables would break words in one, its drawings and
    /// formulas would be too small.
    pub(super) fn spans(&self, unit: &Unit) -> bool {
        let (column, page) = (self.column(), self.page());
        let is_wide = !column.has_room(unit.table.broken * column.small);
        // There it may be set smaller.
        let is_wide = is_wide && page.has_room(unit.table.broken * metrics::LEAST_SMALL / self.points);
        let is_small = drawing_size(unit.drawing, column.ems) * self.points < LEAST_DRAWING;
        let is_long = unit.formula * LEAST_FORMULA > column.ems;
        self.columns > 1 && (is_wide || is_small || is_long)
    }

    /// Whether a note of this height in em stays with the one before it.
    pub(super) fn joins(&self, unit: &Unit, height: f32) -> bool {
        unit.is_last && !self.spans(unit) && height <= LONGEST_JOINED * metrics::SHEET_LEADING
    }

    /// Whether a note of this height in em is so low that it is kept in one column.
    pub(super) fn keeps(&self, unit: &Unit, height: f32) -> bool {
        let of_column = KEPT_CODE * self.room[1] / (self.points * MM);
        let most = LONGEST_KEPT * metrics::SHEET_LEADING;
        height <= if unit.has_code { most.max(of_column) } else { most }
    }
}

/// Drawings are set in no smaller type than this, in points, before they get all columns.
const LEAST_DRAWING: f32 = 6.0;

/// Formulas are set in no smaller part of their size before they get all columns.
const LEAST_FORMULA: f32 = 0.75;

/// The most lines of a note that is kept in one column: longer ones would leave holes at the columns' ends.
const LONGEST_KEPT: f32 = 6.0;

/// The most lines of the last note of a section that stays with the one before: it would stand alone atop a column.
const LONGEST_JOINED: f32 = 4.0;

/// Code is read as a whole: with it a note is kept that takes no more than so much of a column.
const KEPT_CODE: f32 = 0.25;

/// Notes that stay together, with the headings above them.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Its height, in millimetres.
    height: f32,
    /// What of it stays together at its start; all of it where it is kept.
    least: f32,
    /// Whether it stands over all columns.
    spans: bool,
}

/// What of the last page stays free for what was measured too low, in parts of its height.
const SLACK: f32 = 0.03;

/// The pages that a layout needs: the last one as far as it is filled.
fn pages(measured: &Measured<'_>, layout: &Layout) -> Page {
    let blocks = blocks(measured, layout);
    let height = layout.room[1];
    let mut page = Page { number: 1, top: title(layout.points), height, columns: usize::from(layout.columns) };
    let mut rest = blocks.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|block| block.spans == first.spans).count();
        let (segment, behind) = rest.split_at(count);
        if first.spans {
            for block in segment {
                page.span(block.height);
            }
        } else {
            page.fill(segment);
        }
        rest = behind;
    }
    page
}

/// The notes of a sheet with their headings.
fn blocks(measured: &Measured<'_>, layout: &Layout) -> Vec<Block> {
    let (column, page) = (layout.column(), layout.page());
    let mm = layout.points * MM;
    let mut blocks: Vec<Block> = Vec::with_capacity(measured.units.len());
    let mut above = 0.0;
    for unit in &measured.units {
        let spans = layout.spans(unit);
        let ems = measured.height(unit, if spans { page } else { column });
        let height = ems * mm;
        if unit.is_heading {
            above += height;
            continue;
        }
        let kept = if layout.keeps(unit, ems) { height } else { LEAST_PART * metrics::SHEET_LEADING * mm };
        let before = blocks.last_mut().filter(|before| !before.spans && layout.joins(unit, ems));
        match before {
            Some(before) if before.least >= before.height => {
                before.height += height;
                before.least = before.height;
            }
            Some(_) | None => blocks.push(Block { height: above + height, least: above + kept, spans }),
        }
        above = 0.0;
    }
    blocks
}

/// The lines of a longer note that stay together at least.
const LEAST_PART: f32 = 3.0;

/// A page that is being filled.
struct Page {
    number: usize,
    /// Down to where it is full, in millimetres.
    top: f32,
    height: f32,
    columns: usize,
}

impl Page {
    /// Whether it is one of so many pages, and not so full that it may want another one.
    fn is_within(&self, pages: usize) -> bool {
        self.number < pages || self.number == pages && self.top <= self.height * (1.0 - SLACK)
    }

    fn next(&mut self) {
        self.number += 1;
        self.top = 0.0;
    }

    /// Puts what spans all columns below what is there.
    fn span(&mut self, height: f32) {
        if self.top + height > self.height {
            self.next();
        }
        self.top = (self.top + height).min(self.height);
    }

    /// Fills columns with blocks; the last ones are balanced.
    fn fill(&mut self, mut blocks: &[Block]) {
        let mut begun = 0.0;
        loop {
            let room = self.height - self.top;
            match filled(blocks, begun, self.columns, room) {
                None => break,
                Some((count, taken)) => {
                    // A page on which nothing fits stays empty only behind something else.
                    let is_stuck = count == 0 && taken <= begun && self.top <= 0.0;
                    blocks = blocks.get(count.max(usize::from(is_stuck))..).unwrap_or_default();
                    begun = if is_stuck { 0.0 } else { taken };
                    self.next();
                }
            }
        }
        self.top += balanced(blocks, begun, self.columns, self.height - self.top);
    }
}

/// How many blocks fill columns of a height, and what of the next one does; nothing where all of them fit. Of the first one
/// so much stands on the page before.
fn filled(blocks: &[Block], begun: f32, columns: usize, height: f32) -> Option<(usize, f32)> {
    let (mut column, mut left) = (0, height);
    let mut begun = begun;
    for (index, block) in blocks.iter().enumerate() {
        let mut rest = block.height - begun;
        loop {
            if rest <= left {
                left -= rest;
                break;
            }
            // Of what is kept nothing stays behind, unless it is higher than a column.
            let least = if begun > 0.0 { 0.0 } else { block.least.min(height) };
            if left >= least && block.least < block.height || left >= height {
                rest -= left;
                begun += left;
            }
            column += 1;
            left = height;
            if column == columns {
                return Some((index, begun));
            }
        }
        begun = 0.0;
    }
    None
}

/// The least height of columns that hold all blocks.
fn balanced(blocks: &[Block], begun: f32, columns: usize, most: f32) -> f32 {
    let all = blocks.iter().map(|block| block.height).sum::<f32>() - begun;
    let tallest = blocks.iter().map(|block| block.least).fold(0.0, f32::max);
    let (mut low, mut high) = (tallest.max(all / f32::from(u8::try_from(columns).unwrap_or(u8::MAX))), most);
    if filled(blocks, begun, columns, low).is_none() {
        return low.min(most);
    }
    while high - low > 0.5 {
        let middle = f32::midpoint(low, high);
        if filled(blocks, begun, columns, middle).is_none() { high = middle } else { low = middle }
    }
    high.min(most)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these sums and constants are exact")]

    use super::*;
    use crate::print::fit::ImageSizes;

    /// A sheet of headings' height and notes of so many words each.
    fn sheet<'a>(sizes: &'a ImageSizes<'a>, notes: usize, words: usize) -> Measured<'a> {
        let mut measured = Measured::new(sizes);
        measured.chapter("Chapter");
        for _ in 0..notes {
            measured.heading(None, &"measure ".repeat(words));
            if let Some(unit) = measured.units.last_mut() {
                unit.is_heading = false;
            }
        }
        measured
    }

    #[test]
    fn type_is_the_largest_with_which_no_more_pages_are_needed() {
        let sizes = ImageSizes::new(&[]);
        for (notes, words) in [(1, 3), (20, 10), (90, 12), (130, 9), (400, 8), (800, 20)] {
            let measured = sheet(&sizes, notes, words);
            let found = layout(&measured, Paper::A4, None);
            let needed = pages(&measured, &found).number;
            let larger = Layout { points: found.points + 0.02, ..found };
            let most = (width(found.columns, found.room) / WIDTHS[0] / MM).min(metrics::MOST_SIZE);
            assert!(found.points >= metrics::LEAST_SIZE, "{notes}: {found:?}");
            assert!(!pages(&measured, &larger).is_within(needed) || larger.points > most, "{notes}: {found:?}");
            for columns in 1..=4 {
                let other = Layout { columns, points: metrics::LEAST_SIZE, ..found };
                let suits =
                    candidates(None, found.room).iter().any(|(count, [least, _])| *count == columns && *least == 750);
                assert!(
                    !suits || pages(&measured, &other).number >= needed,
                    "{notes}: {columns} columns need fewer pages"
                );
            }
        }
    }

    #[test]
    fn a_few_notes_are_set_in_the_largest_type_and_in_columns_that_are_read() {
        let sizes = ImageSizes::new(&[]);
        let few = sheet(&sizes, 4, 6);
        let columns = |paper| layout(&few, paper, None);
        assert_eq!(
            [columns(Paper::A4), columns(Paper::A5)].map(|found| (found.columns, found.points)),
            [(2, 14.0), (1, 14.0)]
        );
        let many = sheet(&sizes, 300, 10);
        assert!(matches!(layout(&many, Paper::A4, None).columns, 3 | 4));
    }

    #[test]
    fn columns_that_an_author_wants_are_kept() {
        let sizes = ImageSizes::new(&[]);
        for notes in [3, 300] {
            let found =
                [2, 3, 4].map(|columns| layout(&sheet(&sizes, notes, 10), Paper::Letter, Some(columns)).columns);
            assert_eq!(found, [2, 3, 4]);
        }
    }

    #[test]
    fn an_empty_sheet_has_a_layout() {
        let sizes = ImageSizes::new(&[]);
        assert_eq!(layout(&Measured::new(&sizes), Paper::A4, None).points, metrics::MOST_SIZE);
    }

    fn block(height: f32, least: f32) -> Block {
        Block { height, least, spans: false }
    }

    #[test]
    fn what_is_kept_goes_to_the_next_column_and_the_rest_is_broken() {
        let kept = [block(6.0, 6.0); 5];
        assert_eq!(filled(&kept, 0.0, 2, 10.0), Some((2, 0.0)), "one a column");
        assert_eq!(filled(&kept, 0.0, 2, 12.0), Some((4, 0.0)));
        assert_eq!(filled(&kept, 0.0, 5, 10.0), None);
        let long = [block(6.0, 6.0), block(30.0, 2.0), block(1.0, 1.0)];
        assert_eq!(filled(&long, 0.0, 2, 10.0), Some((1, 14.0)), "what of it does not fit goes on");
        assert_eq!(filled(&long[1..], 14.0, 2, 10.0), None);
        let high = [block(25.0, 25.0)];
        assert_eq!(filled(&high, 0.0, 2, 10.0), Some((0, 20.0)), "higher than a column");
    }

    #[test]
    fn the_last_columns_end_together() {
        let notes = [block(1.0, 1.0); 40];
        let height = balanced(&notes, 0.0, 4, 100.0);
        assert_eq!(height, 10.0);
        assert!(balanced(&[block(30.0, 30.0), block(1.0, 1.0)], 0.0, 4, 100.0) >= 30.0);
    }

    #[test]
    fn what_spans_all_columns_starts_below_what_stands_above_it() {
        let mut page = Page { number: 1, top: 10.0, height: 100.0, columns: 2 };
        page.fill(&[block(10.0, 10.0); 8]);
        assert!((50.0..51.0).contains(&page.top), "{}", page.top);
        page.span(30.0);
        page.span(30.0);
        assert_eq!((page.number, page.top), (2, 30.0));
        page.fill(&[block(500.0, 1.0)]);
        assert_eq!(page.number, 4, "70 and 100 in two columns each, and the rest");
        let endless = [block(f32::INFINITY, f32::INFINITY), block(1.0, 1.0)];
        page.fill(&endless[1..]);
        assert_eq!(page.number, 4);
    }

    #[test]
    fn papers_leave_room_between_their_margins() {
        let rooms = [Paper::A4, Paper::Letter, Paper::A5].map(|paper| room(paper).map(f32::round));
        assert_eq!(rooms, [[195.0, 279.0], [201.0, 261.0], [133.0, 192.0]]);
    }
}
