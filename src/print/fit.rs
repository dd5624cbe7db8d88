//! Turns the content of a card's side and the room on it into the largest size that it can be set in.
//!
//! Text is measured with the widths of the fonts that the pages name, and set by the rules of `templates/print/cards.css`,
//! with which it shares the numbers of [`metrics`]. Knows neither sheets nor HTML.

mod images;
mod math;
mod measure;
mod pieces;
mod widths;

use std::collections::BTreeMap;

pub use self::images::ImageHead;
use self::measure::Column;
use self::pieces::{Piece, Word};
use self::widths::WIDEST;
use super::metrics::{self, GAP, ITEM_GAP};
use crate::ir::{Block, Media};

/// Smaller than this, in points, is hard to read.
pub(super) const READABLE: f32 = 7.0;

/// The largest size at which `content` fits into a room of so many millimetres; no larger than `most`.
pub(super) fn fit(content: &Content, room: [f32; 2], most: &Most) -> Fit {
    let whole = room[0] / (content.widest.max(0.1) * MM * SLACK);
    let large = most.line.filter(|_| !content.has_images && !content.has_shapes).map(|line| line.min(whole));
    let airy = [room[0], room[1] * AIRY];
    if let Some(large) = large.and_then(|large| fit_within(content, airy, most.text, large)) {
        return large;
    }
    let most = if content.has_shapes { most.shaped } else { most.text };
    let most = if whole > most * WHOLE { most.min(whole) } else { most };
    let smallest = || ATTEMPTS.last().map_or_else(Fit::default, |attempt| attempt.fit(room, attempt.least, false));
    fit_within(content, room, 0.0, most).unwrap_or_else(smallest)
}

/// The largest sizes, in points.
pub(super) struct Most {
    text: f32,
    /// What is made of more than text: tables and code are read by their shape.
    shaped: f32,
    /// A line or two that are all there is, as long as they fill no more than [`AIRY`] of the room.
    line: Option<f32>,
}

/// How much of the room a few lines may fill that are larger than text.
const AIRY: f32 = 0.4;

/// Words are kept whole where text need not be smaller than this part of its size for it.
const WHOLE: f32 = 0.75;

impl Most {
    /// On a card of so many millimetres: large cards take large letters. `is_line`: whether a line or two are all there is.
    pub(super) fn new(height: f32, is_line: bool) -> Self {
        // 2, 4, 8, 10, and 16 a page of A4.
        let [text, shaped, line] = match height {
            130.0.. => [20.0, 14.0, 32.0],
            100.0.. => [18.0, 13.0, 26.0],
            70.0.. => [14.0, 11.0, 20.0],
            56.0.. => [13.0, 11.0, 18.0],
            48.0.. => [12.0, 11.0, 16.0],
            _ => [12.0, 11.0, 13.0],
        };
        Self { text, shaped, line: is_line.then_some(line) }
    }
}

/// The first way to set content that fits in a size above `least` and no larger than `most`, in the largest that does.
fn fit_within(content: &Content, room: [f32; 2], least: f32, most: f32) -> Option<Fit> {
    ATTEMPTS.iter().filter(|attempt| content.is_changed_by(attempt)).find_map(|attempt| {
        let start = SIZES.partition_point(|size| *size > most);
        let end = SIZES.partition_point(|size| *size > least && *size >= attempt.least);
        let (largest, smaller) = SIZES.get(start..end)?.split_first()?;
        let fits = |size: f32| content.fits(room, size, attempt);
        // Most content fits in the largest at once.
        let points =
            if fits(*largest) { largest } else { smaller.get(smaller.partition_point(|size| !fits(*size)))? };
        Some(attempt.fit(room, *points, true))
    })
}

/// How a side is set.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Fit {
    /// Size of the text in points.
    pub(super) points: f32,
    /// The most height of an image in millimetres.
    pub(super) image: f32,
    /// Whether words in tables are broken.
    pub(super) squeezes: bool,
    /// Whether all of it is on the card.
    pub(super) is_whole: bool,
}

/// Sizes in points, the largest first.
const SIZES: &[f32] = &[
    32.0, 29.0, 26.0, 23.0, 20.0, 18.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0,
    6.5, 6.0, 5.5, 5.0,
];

/// A way to set a side: what gives way first stands first.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    /// Height of images, as a part of the room's.
    image: f32,
    /// Whether lines of code are broken where they are too long.
    wraps_code: bool,
    /// Whether words in tables are broken.
    squeezes: bool,
    /// The smallest size, in points.
    least: f32,
}

const ATTEMPTS: &[Attempt] = &[
    Attempt { image: 1.0, wraps_code: false, squeezes: false, least: 9.0 },
    Attempt { image: 0.7, wraps_code: false, squeezes: false, least: 8.5 },
    Attempt { image: 0.5, wraps_code: true, squeezes: false, least: 8.0 },
    Attempt { image: 0.3, wraps_code: true, squeezes: false, least: READABLE },
    Attempt { image: 0.3, wraps_code: true, squeezes: true, least: READABLE },
    Attempt { image: 0.25, wraps_code: true, squeezes: true, least: 5.0 },
];

/// Millimetres to the point, and CSS pixels to the point.
const MM: f32 = 25.4 / 72.0;
const PIXELS: f32 = 96.0 / 72.0;

/// Browsers round lengths to 1/64 px, and widths are known to 1/250 em: of 800 texts one broke a line more without this.
/// Kerning, which is not measured, makes lines shorter rather than longer.
const SLACK: f32 = 1.003;

impl Attempt {
    fn fit(&self, room: [f32; 2], points: f32, is_whole: bool) -> Fit {
        Fit { points, image: room[1] * self.image, squeezes: self.squeezes, is_whole }
    }
}

/// The sizes of a collection's images.
pub(super) struct ImageSizes<'a>(BTreeMap<&'a str, [f32; 2]>);

impl<'a> ImageSizes<'a> {
    /// Takes what the images say.
    pub(super) fn new(media: &'a [Media]) -> Self {
        Self(media.iter().filter_map(|one| Some((one.path.as_str(), one.size?))).collect())
    }

    /// Width and height of an image, where it says them.
    pub(super) fn get(&self, path: &str) -> Option<[f32; 2]> {
        self.0.get(path).copied()
    }
}

/// Width of the longest formula in blocks, in em.
pub(super) fn widest_formula(blocks: &[Block]) -> f32 {
    measure::widest_formula(&pieces::pieces(blocks, 1.0, &|_| None))
}

/// The advance of a character of running text in Arial, in em.
pub(super) fn advance(character: char, bold: bool) -> f32 {
    widths::arial(character, bold)
}

/// The advance of a character of code, in em.
pub(super) fn code_advance(character: char) -> f32 {
    widths::code_advance(character)
}

/// Whether lines may break before and after a character.
pub(super) fn is_wide(character: char) -> bool {
    widths::is_wide(character)
}

/// Width and height of a formula, in em.
pub(super) fn formula(tex: &str, display: bool) -> [f32; 2] {
    math::extent(tex, display)
}

/// What is on a side, measured.
pub(super) struct Content {
    pieces: Vec<Piece>,
    has_images: bool,
    /// Tables and code.
    has_shapes: bool,
    /// Tables, images, and words that make their lines higher: what is wider may take less height.
    is_uneven: bool,
    /// Width of the longest word with what is beside it, in em.
    widest: f32,
}

impl Content {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { pieces: Vec::new(), has_images: false, has_shapes: false, is_uneven: false, widest: 0.0 }
    }

    /// Adds blocks below what is there, in a text size of so many em.
    pub(super) fn push(&mut self, blocks: &[Block], size: f32, sizes: &ImageSizes<'_>) {
        let pieces = pieces::pieces(blocks, size, &|path| sizes.get(path));
        // In small print stand addresses, which browsers break at their slashes.
        if size >= 1.0 {
            self.widest = self.widest.max(measure::widest_word(&pieces));
        }
        self.extend(pieces);
    }

    /// Adds blocks in a box that takes so many em of their text on both sides together, and above and below together.
    pub(super) fn push_boxed(&mut self, blocks: &[Block], size: f32, around: [f32; 2], images: &ImageSizes<'_>) {
        let pieces = pieces::pieces(blocks, size, &|path| images.get(path));
        if !pieces.is_empty() {
            let [sides, ends] = around.map(|length| length * size);
            self.extend(vec![Piece::Group { sides, ends, gap: GAP * size, pieces }]);
        }
    }

    /// Adds blocks with blanks for their deletions; gives what stands behind the blanks.
    pub(super) fn push_blanks(&mut self, blocks: &[Block], bold: bool, sizes: &ImageSizes<'_>) -> Vec<Answer> {
        let (pieces, answers) = pieces::blanks(blocks, bold, &|path| sizes.get(path));
        self.widest = self.widest.max(measure::widest_word(&pieces));
        self.extend(pieces);
        answers.into_iter().map(Answer).collect()
    }

    /// Adds a numbered list of what stands behind blanks; a single one stands without a number.
    pub(super) fn push_answers(&mut self, answers: Vec<Answer>) {
        let is_list = answers.len() > 1;
        let pieces: Vec<Piece> = answers
            .into_iter()
            .map(|Answer(pieces)| Piece::Group { sides: 0.0, ends: 0.0, gap: ITEM_GAP, pieces })
            .collect();
        let sides = if is_list { metrics::ANSWERS_INDENT } else { 0.0 };
        self.extend(vec![Piece::Group { sides, ends: 0.0, gap: ITEM_GAP, pieces }]);
    }

    /// Adds a line to write on.
    pub(super) fn push_line(&mut self) {
        self.extend(vec![Piece::Group { sides: 0.0, ends: metrics::WRITING_ROOM, gap: 0.0, pieces: Vec::new() }]);
    }

    fn extend(&mut self, pieces: Vec<Piece>) {
        let (images, shapes) = kinds(&pieces);
        self.has_images |= images;
        self.has_shapes |= shapes;
        self.is_uneven |= are_uneven(&pieces);
        self.pieces.extend(pieces);
    }

    /// Whether an attempt is another one for this content.
    fn is_changed_by(&self, attempt: &Attempt) -> bool {
        self.has_images || self.has_shapes || attempt.least <= READABLE
    }

    fn fits(&self, room: [f32; 2], points: f32, attempt: &Attempt) -> bool {
        let em = points * MM;
        let [width, height] = room.map(|length| length / em);
        let column = Column {
            width: width / SLACK,
            pixels: points * PIXELS,
            image_height: height * attempt.image,
            wraps_code: attempt.wraps_code,
            squeezes: attempt.squeezes,
            font: 0,
            most: height,
        };
        // In letters as wide as those of the widest font it takes no less height than in any: mostly that is all there is to ask.
        !self.is_uneven && measure::height(&self.pieces, GAP, Column { font: WIDEST, ..column }) * SLACK <= height
            || measure::worst_height(&self.pieces, GAP, column) * SLACK <= height
    }
}

/// What stands behind a blank, measured.
pub(super) struct Answer(Vec<Piece>);

/// Whether there are images, and tables or code, among pieces.
fn kinds(pieces: &[Piece]) -> (bool, bool) {
    pieces.iter().fold((false, false), |(images, shapes), piece| match piece {
        Piece::Text { words, .. } => (images || has_image(words), shapes),
        Piece::Table(rows) => (images || rows.iter().flatten().any(|words| has_image(words)), true),
        Piece::Code { .. } => (images, true),
        Piece::Group { pieces, .. } => {
            let inner = kinds(pieces);
            (images || inner.0, shapes || inner.1)
        }
    })
}

/// Whether there is a table among pieces, or a word that makes its line higher.
fn are_uneven(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text { words, .. } | Piece::Code { words, .. } => {
            words.iter().any(|word| word.height > 0.0 || word.image[0] > 0.0)
        }
        Piece::Table(_) => true,
        Piece::Group { pieces, .. } => are_uneven(pieces),
    })
}

fn has_image(words: &[Word]) -> bool {
    words.iter().any(|word| word.image[0] > 0.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these sums and constants are exact")]

    use proptest::prelude::*;

    use super::*;
    use crate::ir::{BlockKind, Definition, Embed, Inline, InlineKind, ListItem, MediaRef, Run, Size};
    use crate::source::{SourceId, Span};

    fn text(words: usize) -> Content {
        let mut content = Content::new();
        content.extend(pieces::plain(&"measure ".repeat(words), 1.0));
        content
    }

    fn fitted(content: &Content) -> Fit {
        fit(content, ROOM, &Most::new(74.0, false))
    }

    /// The room on a card of eight a page.
    const ROOM: [f32; 2] = [95.0, 61.0];

    #[test]
    fn sizes_fall_as_text_grows_and_never_rise_again() {
        let points: Vec<f32> = (1..600).step_by(7).map(|words| fitted(&text(words)).points).collect();
        assert!(points.windows(2).all(|pair| pair[1] <= pair[0]), "{points:?}");
        assert_eq!((points[0], points.last()), (14.0, Some(&5.0)));
    }

    proptest! {
        /// What is asked of the widest letters first is what asking each font says, and the largest size is the one that searching
        /// all of them finds.
        #[test]
        fn asking_less_says_the_same(text in "([a-zA-Z .,-]{1,60}|[WMil]{30,90}|é漢字| ){1,40}", code in "[a-z \\n]{0,200}") {
            let mut content = Content::new();
            content.extend(pieces::plain(&text, 1.0));
            let Some(Piece::Text { words, leading }) = pieces::plain(&code, 1.0).pop() else { unreachable!() };
            content.extend(vec![Piece::Code { words, leading }]);
            for attempt in ATTEMPTS {
                let fits: Vec<bool> = SIZES.iter().map(|size| content.fits(ROOM, *size, attempt)).collect();
                content.is_uneven = true;
                let asked: Vec<bool> = SIZES.iter().map(|size| content.fits(ROOM, *size, attempt)).collect();
                content.is_uneven = false;
                prop_assert_eq!(&fits, &asked);
                prop_assert!(fits.is_sorted());
            }
        }
    }

    #[test]
    fn eight_a_page_take_a_hundred_and_ten_words() {
        assert!(fitted(&text(110)).points >= 8.0);
    }

    #[test]
    fn the_script_stops_at_the_smallest_size() {
        let smallest = SIZES.last().map(|size| format!("const smallest = {size}\n"));
        assert!(smallest.is_some_and(|line| include_str!("../../templates/print/fit.js").contains(&line)));
    }

    #[test]
    fn what_does_not_fit_at_all_is_said() {
        let none = fitted(&text(3_000));
        assert!(!none.is_whole);
        assert_eq!(none.points, 5.0);
        assert!(fitted(&text(100)).is_whole);
    }

    #[test]
    fn a_line_is_larger_than_a_text_and_words_stay_whole() {
        let points = |words: &str, is_line: bool| {
            let mut content = Content::new();
            content.extend(pieces::plain(words, 1.0));
            content.widest = measure::widest_word(&content.pieces);
            fit(&content, ROOM, &Most::new(74.0, is_line)).points
        };
        assert_eq!((points("Paris", true), points("Paris", false)), (20.0, 14.0));
        let falling = [8, 12, 20, 40].map(|count| points(&"word ".repeat(count), true));
        assert!(falling.is_sorted_by(|one, next| one >= next) && falling[3] == 14.0, "{falling:?}");
        // In Arial a "w" is 0.722 em wide: at 12 pt these are 86.7 mm, at 13 pt 96.4.
        assert_eq!([points(&"w".repeat(28), true), points(&"w".repeat(28), false)], [12.0, 12.0]);
        assert_eq!(points(&"w".repeat(60), true), 14.0, "broken at any size");
    }

    fn inline(kind: InlineKind) -> Inline {
        Inline { span: Span::new(SourceId(0), 0..1), kind }
    }

    fn count(pieces: &[Piece]) -> usize {
        let count = |piece: &Piece| match piece {
            Piece::Text { words, .. } | Piece::Code { words, .. } => words.len(),
            Piece::Group { pieces, .. } => count(pieces),
            Piece::Table(_) => 0,
        };
        pieces.iter().map(count).sum()
    }

    /// The whole of the largest paper, at the smallest size, holds less than what is kept of a text.
    #[test]
    fn of_what_no_paper_holds_only_a_part_is_kept() {
        for unit in ["x ", "漢", "aa-", "\u{301} ", "x\n", "x y\n", "\n", "   ", "measureless "] {
            let text = || unit.repeat(330_000);
            let code = BlockKind::Code { language: None, content: vec![Run::Text { text: text() }] };
            let text = BlockKind::Paragraph { content: vec![inline(InlineKind::Text { text: text() })] };
            for kind in [code, text] {
                let mut content = Content::new();
                let block = Block { span: Span::new(SourceId(0), 0..1), kind };
                content.push(&[block], metrics::SOURCE_SIZE, &ImageSizes::new(&[]));
                let count = count(&content.pieces);
                let fits = ATTEMPTS.iter().any(|attempt| content.fits([297.0, 297.0], 5.0, attempt));
                assert!(count < 310_000 && fits == (count < 2), "{unit:?} {count} {fits}");
            }
        }
    }

    #[test]
    fn what_stands_behind_it_is_known() {
        let media = MediaRef::Local { path: "a.png".into() };
        let size = Size { width: None, height: None, percent: None };
        let picture = InlineKind::Media(Box::new(Embed { media, alt: String::new(), title: None, size }));
        let formula = InlineKind::Math { display: false, content: vec![Run::Text { text: "x+".repeat(60) }] };
        let long = InlineKind::Text { text: format!(" {} ", "w".repeat(90)) };
        for (kind, [image, wide]) in [(picture, [true, false]), (formula, [false, true]), (long, [false, true])] {
            let text = || inline(InlineKind::Text { text: format!("{} ", " x".repeat(200_000)) });
            let of = |content: Vec<Inline>| {
                let mut all = Content::new();
                let block = Block { span: Span::new(SourceId(0), 0..1), kind: BlockKind::Paragraph { content } };
                all.push(std::slice::from_ref(&block), 1.0, &ImageSizes::new(&[]));
                (all.has_images, all.is_uneven, all.widest, widest_formula(&[block]))
            };
            let alone = of(vec![inline(kind.clone())]);
            assert_eq!((alone.0, alone.2 > 40.0), (image, wide));
            let within = of(vec![text(), inline(kind.clone()), text(), inline(kind), text()]);
            assert_eq!(within, (alone.0, alone.1, alone.2.max(of(vec![text()]).2), alone.3));
        }
    }

    /// The least width, in em, at which the text of blocks stands in one line.
    fn one_line_from(blocks: &[Block]) -> f32 {
        let mut content = Content::new();
        content.push(blocks, 1.0, &ImageSizes::new(&[]));
        let mut widths = (0..500_u16).map(|tenths| f32::from(tenths) / 10.0);
        let is_line = |width: &f32| {
            let (width, most) = (*width, f32::INFINITY);
            let column =
                Column { width, pixels: 12.0, image_height: 20.0, wraps_code: true, squeezes: false, font: 0, most };
            measure::worst_height(&content.pieces, GAP, column) < 2.0
        };
        widths.find(is_line).unwrap()
    }

    #[test]
    fn what_is_indented_has_less_room() {
        let block = |kind| Block { span: Span::new(SourceId(0), 0..1), kind };
        let text =
            Inline { span: Span::new(SourceId(0), 0..1), kind: InlineKind::Text { text: "measure measure".into() } };
        let paragraph = vec![block(BlockKind::Paragraph { content: vec![text.clone()] })];
        let quote = |blocks: &[Block]| vec![block(BlockKind::Quote { blocks: blocks.to_vec() })];
        let item = ListItem { span: text.span, checked: None, blocks: paragraph.clone() };
        let meaning = Definition { span: text.span, term: Vec::new(), definitions: vec![paragraph.clone()] };
        let list = block(BlockKind::List { start: None, tight: true, items: vec![item] });
        let definitions = block(BlockKind::Definitions { definitions: vec![meaning] });
        let plain = one_line_from(&paragraph);
        let indent = |blocks: &[Block]| ((one_line_from(blocks) - plain) * 10.0).round() as i32;
        let once = quote(&paragraph);
        // In tenths of an em; the style has 0.8 em and a line for a quote.
        let [once, thrice] = [indent(&once), indent(&quote(&quote(&once)))];
        assert!((8..=11).contains(&once) && (thrice - 3 * once).abs() <= 1, "{once} {thrice}");
        assert_eq!([indent(&[list]), indent(&[definitions])], [14, 10]);
    }

    fn picture() -> Piece {
        let Some(Piece::Text { mut words, leading }) = pieces::plain("a", 1.0).pop() else { unreachable!() };
        words[0] = Word { widths: [0.0; widths::FONTS], image: [900.0, 900.0], ..words[0] };
        Piece::Text { words, leading }
    }

    #[test]
    fn images_give_way_before_the_text_becomes_unreadable() {
        let mut content = text(60);
        content.extend(vec![picture()]);
        let found = fitted(&content);
        assert!(found.is_whole && found.points >= READABLE && found.image < 0.5 * ROOM[1], "{found:?}");
        let mut alone = Content::new();
        alone.extend(vec![picture()]);
        assert_eq!(fitted(&alone).points, 14.0);
    }

    #[test]
    fn tables_are_squeezed_only_where_nothing_else_helps() {
        let word = "measureless".repeat(4);
        let Some(Piece::Text { words, .. }) = pieces::plain(&word, 1.0).pop() else { unreachable!() };
        let table = |columns: usize| {
            let mut content = Content::new();
            content.extend(vec![Piece::Table(vec![vec![words.clone(); columns]])]);
            fitted(&content)
        };
        assert!(!table(1).squeezes && table(4).squeezes && table(4).is_whole);
    }
}
