//! Turns pieces into the height that they take in a column, as a browser would set them.
//!
//! Knows neither content nor cards. Lines are broken greedily, as browsers do.

use super::widths::{self, FONTS};
use super::words::{Before, Hold, Piece, Word};
use crate::print::metrics::{self, GAP, ITEM_GAP, LEADING};

/// A column to set pieces in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its width, in em.
    pub(super) width: f32,
    /// CSS pixels to the em.
    pub(super) pixels: f32,
    /// Nothing is higher than this, in em: images are made smaller.
    pub(super) image_height: f32,
    /// Whether lines of code may be broken.
    pub(super) wraps_code: bool,
    /// Whether words in tables may be broken anywhere.
    pub(super) squeezes: bool,
    /// How what may be set in several ways is set.
    pub(super) way: Way,
    /// Which font; [`widths::WIDEST`] for letters as wide as the widest of all.
    pub(super) font: usize,
    /// What is higher than this, in em, is not measured to its end: it does not fit, by however much.
    pub(super) most: f32,
}

/// What may be set in several ways: the one that lets text be larger is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::print) struct Way {
    /// Whether lists stand in two columns.
    pub(in crate::print) halves_lists: bool,
    /// Whether text stands beside its picture, not below it.
    pub(in crate::print) beside: bool,
    /// Whether formulas that are wider than the card are smaller than text.
    pub(in crate::print) narrows: bool,
}

/// The height in em, `gap` em between each two pieces; infinite where something is wider than the column, and something
/// above `most` where it is that.
pub(super) fn height(pieces: &[Piece], gap: f32, column: Column) -> f32 {
    let gaps = gap * f32::from(pieces.len().saturating_sub(1).min(10_000) as u16);
    up_to(column.most, pieces.iter().map(|piece| piece_height(piece, column))) + gaps
}

/// The height in the font that needs most; of those behind one that needs more than `most`, none is asked.
pub(super) fn worst_height(pieces: &[Piece], gap: f32, column: Column) -> f32 {
    let mut worst = 0.0_f32;
    for font in 0..FONTS {
        worst = worst.max(height(pieces, gap, Column { font, ..column }));
        if worst > column.most {
            break;
        }
    }
    worst
}

/// The sum of heights, the last that counts the first that takes it above `most`.
fn up_to(most: f32, heights: impl Iterator<Item = f32>) -> f32 {
    let mut sum = 0.0;
    for height in heights {
        sum += height;
        if sum > most {
            break;
        }
    }
    sum
}

/// Width of the longest word, in em, with what stands beside it; tables, code and formulas keep theirs in other ways.
pub(super) fn widest_word(pieces: &[Piece]) -> f32 {
    let of_words = |words: &[Word]| {
        let words = words.iter().filter(|word| !word.is_solid);
        words.flat_map(|word| word.widths).fold(0.0, f32::max)
    };
    let widest = |piece: &Piece| match piece {
        Piece::Text { words, .. } => of_words(words),
        Piece::Facts(facts) => facts.iter().map(|[_, said]| of_words(said)).fold(0.0, f32::max),
        Piece::Group { sides, pieces, .. } => sides + widest_word(pieces),
        Piece::List { indent, items } => indent + widest_word(items),
        Piece::Pictured { text, .. } => widest_word(text),
        Piece::Code { .. } | Piece::Drawing { .. } | Piece::Table(_) => 0.0,
    };
    pieces.iter().map(widest).fold(0.0, f32::max)
}

/// How many times as wide as what holds it a formula is, in the widest case; less than 1 where all of them fit.
pub(super) fn formula_excess(pieces: &[Piece], column: Column) -> f32 {
    let of_words = |words: &[Word]| {
        let formulas = words.iter().filter(|word| word.is_solid);
        formulas.flat_map(|word| word.widths).fold(0.0, f32::max) / column.width.max(0.1)
    };
    let of_piece = |piece: &Piece| match piece {
        Piece::Text { words, .. } | Piece::Code { words, .. } => of_words(words),
        Piece::Group { sides, pieces, .. } => formula_excess(pieces, column.inner(*sides)),
        Piece::List { indent, items } => formula_excess(items, column.list(*indent)),
        Piece::Pictured { picture, text } => formula_excess(text, column.beside(picture).unwrap_or(column)),
        // Their columns are as wide as their formulas, or they are squeezed.
        Piece::Table(_) | Piece::Facts(_) | Piece::Drawing { .. } => 0.0,
    };
    pieces.iter().map(of_piece).fold(0.0, f32::max)
}

/// How many times as wide as what holds it a drawing is, in the widest case; less than 1 where all of them fit.
pub(super) fn drawing_excess(pieces: &[Piece], column: Column) -> f32 {
    let of_piece = |piece: &Piece| match piece {
        Piece::Drawing { width, .. } => width / column.width.max(0.1),
        Piece::Group { sides, pieces, .. } => drawing_excess(pieces, column.inner(*sides)),
        Piece::List { indent, items } => drawing_excess(items, column.list(*indent)),
        Piece::Pictured { picture, text } => drawing_excess(text, column.beside(picture).unwrap_or(column)),
        Piece::Text { .. } | Piece::Code { .. } | Piece::Table(_) | Piece::Facts(_) => 0.0,
    };
    pieces.iter().map(of_piece).fold(0.0, f32::max)
}

/// Width of the widest drawing with what is beside it, in em; 0 where there is none.
pub(super) fn widest_drawing(pieces: &[Piece]) -> f32 {
    let of_piece = |piece: &Piece| match piece {
        Piece::Drawing { width, .. } => *width,
        Piece::Group { sides, pieces, .. } => match widest_drawing(pieces) {
            width if width > 0.0 => width + sides,
            none => none,
        },
        Piece::List { indent, items } => indent + widest_drawing(items),
        Piece::Pictured { text, .. } => widest_drawing(text),
        Piece::Text { .. } | Piece::Code { .. } | Piece::Table(_) | Piece::Facts(_) => 0.0,
    };
    pieces.iter().map(of_piece).fold(0.0, f32::max)
}

/// Width of the longest formula, in em; 0 where there is none.
pub(super) fn widest_formula(pieces: &[Piece]) -> f32 {
    let widest = |words: &[Word]| {
        let formulas = words.iter().filter(|word| word.is_solid);
        formulas.flat_map(|word| word.widths).fold(0.0, f32::max)
    };
    let of_piece = |piece: &Piece| match piece {
        Piece::Text { words, .. } | Piece::Code { words, .. } => widest(words),
        Piece::Group { pieces, .. } | Piece::List { items: pieces, .. } | Piece::Pictured { text: pieces, .. } => {
            widest_formula(pieces)
        }
        Piece::Table(rows) => rows.iter().flatten().map(|words| widest(words)).fold(0.0, f32::max),
        Piece::Facts(facts) => facts.iter().flatten().map(|words| widest(words)).fold(0.0, f32::max),
        Piece::Drawing { .. } => 0.0,
    };
    pieces.iter().map(of_piece).fold(0.0, f32::max)
}

fn piece_height(piece: &Piece, column: Column) -> f32 {
    match piece {
        Piece::Code { words, .. } if !column.wraps_code && line_width(words, column) > column.width => f32::INFINITY,
        Piece::Text { words, leading } | Piece::Code { words, leading } => text_height(words, *leading, column),
        Piece::Group { sides, ends, gap, pieces } => ends + height(pieces, *gap, column.inner(*sides)),
        Piece::Table(rows) => table_height(rows, column),
        Piece::Facts(facts) => facts_height(facts, column),
        Piece::Drawing { width, height } => height * (column.width / width.max(0.01)).min(1.0),
        Piece::List { indent, items } if column.way.halves_lists => halved_height(items, column.list(*indent)),
        Piece::List { indent, items } => height(items, ITEM_GAP, column.inner(*indent)),
        Piece::Pictured { picture, text } => match column.beside(picture) {
            Some(beside) => height(text, GAP, beside).max(piece_height(picture, column.picture())),
            None => piece_height(picture, column) + GAP + height(text, GAP, column),
        },
    }
}

impl Column {
    /// What is left of it within a box that takes so many em on both sides together.
    fn inner(self, sides: f32) -> Self {
        Self { width: self.width - sides, way: Way { halves_lists: false, ..self.way }, ..self }
    }

    /// What an item of a list has.
    fn list(self, indent: f32) -> Self {
        let width = if self.way.halves_lists { (self.width - metrics::LIST_GAP) / 2.0 } else { self.width };
        Self { width, ..self }.inner(indent)
    }

    /// What a picture with text beside it may take.
    fn picture(self) -> Self {
        Self { width: self.width * PICTURE_SHARE, ..self }
    }

    /// What text beside a picture has; `None` where it stands above and below.
    fn beside(self, picture: &Piece) -> Option<Self> {
        let picture = picture.picture().filter(|_| self.way.beside)?;
        let [width, _] = image_size(picture, self.picture());
        Some(self.inner(width + metrics::PICTURE_GAP))
    }
}

/// The most of a column's width that a picture takes with text beside it.
const PICTURE_SHARE: f32 = 0.45;

/// The size in em at which a picture is shown; `None` where there is none.
pub(super) fn picture_size(pieces: &[Piece], column: Column) -> Option<[f32; 2]> {
    pieces.iter().find_map(|piece| match piece {
        Piece::Pictured { picture, .. } => {
            Some(image_size(picture.picture()?, if column.way.beside { column.picture() } else { column }))
        }
        Piece::Text { .. }
        | Piece::Group { .. }
        | Piece::Code { .. }
        | Piece::Drawing { .. }
        | Piece::Table(_)
        | Piece::Facts(_)
        | Piece::List { .. } => None,
    })
}

/// Labels have the width of the longest one, up to a part of the column's; what is said under them has the rest.
fn facts_height(facts: &[[Vec<Word>; 2]], column: Column) -> f32 {
    let column = Column { way: Way { narrows: false, ..column.way }, ..column };
    let longest = facts.iter().map(|[label, _]| line_width(label, column)).fold(0.0, f32::max);
    let label = longest.min(metrics::FACT_SHARE * column.width);
    let [labels, said] =
        [label + 0.001, column.width - label - metrics::FACT_SIDES].map(|width| Column { width, ..column });
    let row = |[label, value]: &[Vec<Word>; 2]| {
        let label = text_height(label, metrics::LABEL_SIZE * LEADING, labels) + LABEL_DROP;
        text_height(value, LEADING, said).max(label) + metrics::FACT_GAP
    };
    up_to(column.most + metrics::FACT_GAP, facts.iter().map(row)) - metrics::FACT_GAP
}

/// How much lower than text a label starts whose letters stand on the same line, in em.
const LABEL_DROP: f32 = 0.16;

/// The height of items in two columns, none of them broken: that of the higher one, where it is least.
fn halved_height(items: &[Piece], column: Column) -> f32 {
    let mut heights = Vec::with_capacity(items.len());
    let (mut sum, most) = (0.0, 2.0 * column.most);
    for item in items {
        let height = piece_height(item, column);
        heights.push(height);
        sum += height + ITEM_GAP;
        if sum > most {
            return sum / 2.0;
        }
    }
    let mut first = -ITEM_GAP;
    let higher = heights.iter().map(|height| {
        first += height + ITEM_GAP;
        first.max(sum - first - 2.0 * ITEM_GAP)
    });
    higher.fold(f32::INFINITY, f32::min)
}

fn text_height(words: &[Word], leading: f32, column: Column) -> f32 {
    let width = column.width;
    let mut height = 0.0;
    let mut line = leading;
    let mut at = 0.0;
    for (index, word) in words.iter().enumerate() {
        let (mut advance, space) = (advance(word, column), space(word, column.font));
        let starts_line = index == 0 || word.before == Before::LineEnd || at + space + advance > width;
        if word.hold == Hold::Both && advance > width {
            return f32::INFINITY;
        }
        if word.is_solid && advance > width {
            if !column.way.narrows {
                return f32::INFINITY;
            }
            advance = width;
        }
        if starts_line {
            if index > 0 {
                height += line;
                if height > column.most {
                    return height;
                }
            }
            line = leading;
            at = 0.0;
            // A word that is longer than a line is broken; the last character of a line may not fill it.
            let room = (width - 0.7).max(0.5);
            let pieces = if advance > width { (advance / room).floor().min(10_000.0) } else { 0.0 };
            height += pieces * leading;
            at += advance - pieces * room;
        } else {
            at += space + advance;
        }
        line = line.max(word.height).max(image_line(word, column));
    }
    if words.is_empty() { 0.0 } else { height + line }
}

fn advance(word: &Word, column: Column) -> f32 {
    widths::of(word.widths, column.font) + image_size(word, column)[0]
}

fn space(word: &Word, font: usize) -> f32 {
    match word.before {
        Before::Space => widths::space(font).max(word.space),
        Before::Nothing | Before::LineEnd => 0.0,
    }
}

/// What a cell takes beside its text, in em, with some room to spare: columns are rounded to whole pixels.
const CELL_SIDES: f32 = metrics::TABLE_SIZE * 2.0 * metrics::CELL_SIDES + 0.106;
/// What it takes above and below, in em: its line, of 0.1 mm, is 0.06 em high at 5 pt.
const CELL_ENDS: f32 = metrics::TABLE_SIZE * 2.0 * metrics::CELL_ENDS + 0.06;
/// Height of a line in a cell, in em, and a hair.
const CELL_LEADING: f32 = metrics::TABLE_SIZE * LEADING + 0.004;

/// CSS's automatic layout: each column gets its narrowest width, and what is left goes by what the columns could still use.
fn table_height(rows: &[Vec<Vec<Word>>], column: Column) -> f32 {
    let count = rows.first().map_or(0, Vec::len);
    let cells = |index: usize| rows.iter().filter_map(move |row| row.get(index));
    let sides = CELL_SIDES * f32::from(count.min(1_000) as u16);
    let room = column.width - sides;
    let column = Column { way: Way { narrows: false, ..column.way }, ..column };
    let least: Vec<f32> = (0..count)
        .map(|index| cells(index).flatten().map(|word| least_width(word, column)).fold(0.0, f32::max))
        .collect();
    let most: Vec<f32> =
        (0..count).map(|index| cells(index).map(|words| line_width(words, column)).fold(0.0, f32::max)).collect();
    let (least_sum, most_sum) = (least.iter().sum::<f32>(), most.iter().sum::<f32>());
    if least_sum > room {
        return f32::INFINITY;
    }
    let share = if most_sum > least_sum { ((room - least_sum) / (most_sum - least_sum)).min(1.0) } else { 1.0 };
    let widths: Vec<f32> = least.iter().zip(&most).map(|(least, most)| least + (most - least) * share).collect();
    let row_height = |row: &Vec<Vec<Word>>| {
        let heights = row.iter().zip(&widths).map(|(words, width)| {
            // A hair, so that a column as wide as its longest line does not break it.
            text_height(words, CELL_LEADING, Column { width: width + 0.001, ..column })
        });
        heights.fold(CELL_LEADING, f32::max) + CELL_ENDS
    };
    up_to(column.most, rows.iter().map(row_height))
}

fn least_width(word: &Word, column: Column) -> f32 {
    let width = advance(word, column);
    if column.squeezes { width.min(1.5) } else { width }
}

/// The widest line where only forced line ends break.
fn line_width(words: &[Word], column: Column) -> f32 {
    let (mut widest, mut at) = (0.0_f32, 0.0);
    for word in words {
        if word.before == Before::LineEnd {
            at = 0.0;
        }
        at += advance(word, column) + if at > 0.0 { space(word, column.font) } else { 0.0 };
        widest = widest.max(at);
    }
    widest
}

/// The height that a word's image gives its line: its middle is 0.1 em above that of a line without it.
fn image_line(word: &Word, column: Column) -> f32 {
    let [width, height] = image_size(word, column);
    if width > 0.0 { height.max(height / 2.0 + LEADING / 2.0 + 0.1) } else { 0.0 }
}

/// The size of an image in a column, in em: it keeps its shape.
fn image_size(word: &Word, column: Column) -> [f32; 2] {
    let [width, height] = word.image.map(|length| length / column.pixels);
    if width <= 0.0 {
        return [0.0; 2];
    }
    let wide = if word.share > 0.0 { column.width * word.share } else { width };
    match word.hold {
        Hold::Both => return [wide, height],
        Hold::Height => return [wide.min(column.width), height.min(column.image_height)],
        Hold::Shape if word.share > 0.0 => return [wide, (wide * height / width).min(column.image_height)],
        Hold::Shape => {}
    }
    let scale = (column.width / width).min(column.image_height / height.max(0.01)).min(1.0);
    [(width * scale).min(column.width), height * scale]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these sums and constants are exact")]

    use super::super::pieces::plain;
    use super::*;

    fn column(width: f32) -> Column {
        let most = f32::INFINITY;
        Column {
            width,
            pixels: 12.0,
            image_height: 20.0,
            wraps_code: true,
            squeezes: false,
            way: Way::default(),
            font: 1,
            most,
        }
    }

    #[test]
    fn lines_break_where_words_do() {
        // In Arial "aaaa" is 4 × 0.556 em wide and a space 0.278.
        let pieces = plain("aaaa aaaa aaaa", 1.0);
        let lines = |width: f32| (height(&pieces, 0.0, column(width)) / 1.3).round() as i32;
        assert_eq!([lines(8.0), lines(7.2), lines(5.1), lines(4.8), lines(2.3)], [1, 2, 2, 2, 3]);
        assert!(lines(1.5) > 3, "a word that is longer than a line is broken");
        let lines_of = |text: &str, width: f32| (height(&plain(text, 1.0), 0.0, column(width)) / 1.3).round() as i32;
        let hyphens = |text: &str| lines_of(text, 4.5);
        assert_eq!(
            [hyphens("aaaa-aaaa"), hyphens("aaaa–aaaa"), hyphens("aaaa -aaaa"), hyphens("aaaa-11")],
            [2, 2, 2, 1]
        );
        assert_eq!(lines_of("aaaa-aaaa-aaaa", 4.0), 3);
    }

    #[test]
    fn scripts_without_spaces_break_between_characters_but_not_before_a_full_stop() {
        let lines = |text: &str, width: f32| (height(&plain(text, 1.0), 0.0, column(width)) / 1.3).round() as i32;
        assert_eq!(lines("漢字漢字", 2.5), 2);
        assert_eq!(lines("漢字漢字。", 4.5), 2);
        assert_eq!(lines("漢字「漢", 3.5), 2);
    }

    #[test]
    fn tables_share_their_width_and_overflow_where_words_do_not_fit() {
        let Some(Piece::Text { words, .. }) = plain("aaaa bb cc dd ee", 1.0).pop() else { unreachable!() };
        let table = [Piece::Table(vec![vec![words.clone(), words.clone()], vec![words.clone(), words]])];
        assert!(height(&table, 0.0, column(30.0)) < height(&table, 0.0, column(10.0)));
        assert_eq!(height(&table, 0.0, column(5.0)), f32::INFINITY);
        assert!(height(&table, 0.0, Column { squeezes: true, ..column(5.0) }).is_finite());
    }

    #[test]
    fn images_fit_their_column() {
        let images = |count: usize| [Piece::Text { words: vec![image([1200.0, 600.0]); count], leading: LEADING }];
        assert_eq!(height(&images(1), 0.0, column(10.0)), 5.0);
        assert_eq!(height(&images(2), 0.0, column(10.0)), 10.0);
        assert_eq!(height(&images(1), 0.0, column(100.0)), 20.0);
        assert_eq!(height(&images(2), 0.0, column(100.0)), 20.0, "beside each other");
    }

    #[test]
    fn an_icon_stays_in_its_sentence() {
        let Some(Piece::Text { mut words, leading }) = plain("aaaa aaaa", 1.0).pop() else { unreachable!() };
        words.insert(1, image([12.0, 12.0]));
        let pieces = [Piece::Text { words, leading }];
        // Two words of 2.224 em, a space of 0.278, and an image of 1 em.
        assert_eq!(height(&pieces, 0.0, column(5.8)), 1.3);
        assert_eq!(height(&pieces, 0.0, column(5.6)), 2.6);
        assert_eq!(height(&pieces, 0.0, Column { pixels: 6.0, ..column(6.8) }), 2.0);
    }

    #[test]
    fn what_is_too_high_is_not_measured_to_its_end() {
        let [some, all] = [60, 6_000].map(|words| plain(&"measure ".repeat(words), 1.0));
        let most = |pieces: &[Piece]| height(pieces, 0.0, Column { most: 5.0, ..column(20.0) });
        let table = |pieces: &[Piece]| {
            let Some(Piece::Text { words, .. }) = pieces.first() else { unreachable!() };
            [Piece::Table(words.chunks(1).map(|words| vec![words.to_vec()]).collect())]
        };
        for (some, all) in [(&some[..], &all[..]), (&table(&some)[..], &table(&all)[..])] {
            assert!(most(some) > 5.0 && most(some) < height(some, 0.0, column(20.0)));
            assert_eq!(most(some), most(all), "a hundred times as much takes no more steps");
        }
    }

    fn image(image: [f32; 2]) -> Word {
        Word {
            widths: [0.0; FONTS],
            before: Before::Nothing,
            space: 0.0,
            height: 0.0,
            is_solid: false,
            image,
            share: 0.0,
            hold: Hold::Shape,
        }
    }

    #[test]
    fn an_image_takes_its_part_of_the_line() {
        let sized = |image, share| image_size(&Word { share, ..self::image(image) }, column(20.0));
        assert_eq!(sized([40.0, 20.0], 0.5), [10.0, 5.0]);
        assert_eq!(sized([4000.0, 2000.0], 0.5), [10.0, 5.0]);
        assert_eq!(sized([10.0, 1000.0], 1.0)[0], 20.0);
        assert_eq!(sized([0.0, 0.0], 0.5), [0.0, 0.0]);
    }

    #[test]
    fn items_are_parted_where_the_higher_column_is_lowest() {
        let item =
            |lines: usize| Piece::Group { sides: 0.0, ends: 0.0, gap: 0.0, pieces: plain(&"aaaa ".repeat(lines), 1.0) };
        let list = |lines: &[usize]| {
            let items = lines.iter().map(|lines| item(*lines)).collect();
            let way = Way { halves_lists: true, ..Way::default() };
            let narrow = Column { way, ..column(2.0 * 3.9 + metrics::LIST_GAP) };
            height(&[Piece::List { indent: 1.4, items }], 0.0, narrow)
        };
        let of = |lines: u8, gaps: u8| 1.3 * f32::from(lines) + ITEM_GAP * f32::from(gaps);
        let close = |found: f32, expected: f32| (found - expected).abs() < 0.001;
        assert!(close(list(&[1, 1, 1, 1]), of(2, 1)) && close(list(&[1, 1, 1]), of(2, 1)), "{}", list(&[1, 1, 1]));
        assert!(close(list(&[3, 1, 1, 1]), of(3, 2)) && close(list(&[5, 1]), of(5, 0)), "{}", list(&[3, 1, 1, 1]));
        let one = |halves_lists| {
            height(
                &[Piece::List { indent: 1.4, items: vec![item(2)] }],
                0.0,
                Column { way: Way { halves_lists, ..Way::default() }, ..column(40.0) },
            )
        };
        assert!(one(true) <= 2.6 && one(false) <= one(true));
    }

    #[test]
    fn the_worst_font_counts() {
        let pieces = plain(&"measure ".repeat(60), 1.0);
        let each: Vec<f32> = (0..FONTS).map(|font| height(&pieces, 0.0, Column { font, ..column(20.0) })).collect();
        assert_eq!(worst_height(&pieces, 0.0, column(20.0)), each.iter().copied().fold(0.0, f32::max));
    }
}
