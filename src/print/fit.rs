//! Turns the content of a card's side and the room on it into the largest size that it can be set in.
//!
//! Text is measured with the widths of the fonts that the pages name, and set by the rules of `templates/print/cards.css`,
//! with which it shares the numbers of [`metrics`]. Knows neither sheets nor HTML.

mod images;
mod math;
mod measure;
mod pieces;
mod raw;
mod widths;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

pub use self::images::ImageHead;
use self::measure::Column;
pub(super) use self::measure::Way;
use self::widths::WIDEST;
use self::words::{Piece, Word};
use super::metrics::{self, GAP, ITEM_GAP};
use crate::ir::{Block, Media};

/// Smaller than this, in points, is hard to read.
pub(super) const READABLE: f32 = 7.0;

/// The largest size at which `content` fits into a room of so many millimetres; no larger than `most`.
pub(super) fn fit(content: &Content, room: [f32; 2], most: &Most) -> Fit {
    let mut best = fit_one_way(content, room, most, Way::default());
    let is_cramped = !best.is_whole || best.points < most.text;
    let halves_lists = is_cramped && content.has_long_list;
    let ways = [
        (halves_lists, Way { halves_lists, ..Way::default() }),
        (content.has_picture(), Way { beside: true, ..Way::default() }),
        (is_cramped && content.kinds.formulas, Way { narrows: true, ..Way::default() }),
    ];
    for (_, way) in ways.into_iter().filter(|(is_open, _)| *is_open) {
        // Small formulas look lost in large text.
        let largest = if way.narrows { best.points / LEAST_FORMULA } else { f32::INFINITY };
        let other = fit_one_way(content, room, &most.up_to(largest), way);
        if other.is_better_than(&best) {
            best = other;
        }
    }
    best
}

/// The same where what may be set in several ways is set in one of them.
fn fit_one_way(content: &Content, room: [f32; 2], most: &Most, way: Way) -> Fit {
    let whole = room[0] / (content.widest.max(0.1) * MM * SLACK);
    let (usual, large) = if content.kinds.shapes {
        (most.shaped, most.text)
    } else if most.is_line {
        (most.text, most.line)
    } else {
        (most.text, most.roomy)
    };
    let is_divided = content.kinds.shapes || content.body.start > 0;
    let airy = [room[0] * AIRY_WIDTH, room[1] * if is_divided { AIRY_DIVIDED } else { AIRY }];
    let is_airy = || fit_within(content, airy, &[AS_IT_IS], way, usual, large.min(whole * AIRY_WIDTH));
    if !content.kinds.images
        && let Some(large) = is_airy()
    {
        return large;
    }
    let most = if whole > usual * WHOLE { usual.min(whole) } else { usual };
    let smallest =
        || ATTEMPTS.last().map_or_else(Fit::default, |attempt| content.set(room, attempt.least, attempt, way, false));
    fit_within(content, room, ATTEMPTS, way, 0.0, most).unwrap_or_else(smallest)
}

/// The largest sizes, in points.
pub(super) struct Most {
    text: f32,
    /// What is made of more than text: tables and code are read by their shape.
    shaped: f32,
    /// A line or two that are all there is, as long as they fill no more than [`AIRY`] of the room.
    line: f32,
    /// Text that fills no more than that.
    roomy: f32,
    /// Whether a line or two are all there is.
    is_line: bool,
}

/// How much of the room's height and width may be filled by what is larger than text is mostly; and of its height by
/// tables, by code, and by what has a line above it.
const AIRY: f32 = 0.42;
const AIRY_WIDTH: f32 = 0.93;
const AIRY_DIVIDED: f32 = 0.62;

/// The smallest size of a formula as a part of the text's.
const LEAST_FORMULA: f32 = 0.6;

/// Words are kept whole where text need not be smaller than this part of its size for it.
const WHOLE: f32 = 0.75;

impl Most {
    /// On a card of so many millimetres: large cards take large letters. `is_line`: whether a line or two are all there is.
    pub(super) fn new(height: f32, is_line: bool) -> Self {
        // 2, 4, 8, 10, and 16 a page of A4.
        let [text, shaped, line, roomy] = match height {
            130.0.. => [20.0, 14.0, 36.0, 26.0],
            100.0.. => [18.0, 13.0, 29.0, 23.0],
            70.0.. => [14.0, 11.0, 22.0, 18.0],
            56.0.. => [13.0, 11.0, 20.0, 16.0],
            48.0.. => [12.0, 11.0, 18.0, 15.0],
            _ => [12.0, 11.0, 15.0, 13.0],
        };
        Self { text, shaped, line, roomy, is_line }
    }

    /// These, and no larger than so many points.
    fn up_to(&self, largest: f32) -> Self {
        let Self { text, shaped, line, roomy, is_line } = *self;
        let [text, shaped, line, roomy] = [text, shaped, line, roomy].map(|size| size.min(largest));
        Self { text, shaped, line, roomy, is_line }
    }
}

/// The first attempt at which content fits in a size above `least` and no larger than `most`, in the largest that does.
fn fit_within(content: &Content, room: [f32; 2], attempts: &[Attempt], way: Way, least: f32, most: f32) -> Option<Fit> {
    attempts.iter().filter(|attempt| content.is_changed_by(attempt)).find_map(|attempt| {
        let start = SIZES.partition_point(|size| *size > most);
        let end = SIZES.partition_point(|size| *size > least && *size >= attempt.least);
        let (largest, smaller) = SIZES.get(start..end)?.split_first()?;
        let fits = |size: f32| content.fits(room, size, attempt, way);
        // Most content fits in the largest at once.
        let points =
            if fits(*largest) { largest } else { smaller.get(smaller.partition_point(|size| !fits(*size)))? };
        Some(content.set(room, *points, attempt, way, true))
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
    /// How what may be set in several ways is set.
    pub(super) way: Way,
    /// The size of a picture with text beside it, in millimetres; 0 where there is none.
    pub(super) picture: [f32; 2],
    /// The size of formulas as a part of the text's.
    pub(super) formula: f32,
    /// The size of code that keeps its lines as a part of other code's.
    pub(super) drawing: f32,
    /// Whether all of it is on the card.
    pub(super) is_whole: bool,
}

impl Fit {
    /// The smallest type, in points.
    pub(super) fn least_points(&self) -> f32 {
        self.points * self.formula.min(self.drawing)
    }

    /// Whether it is easier to read than the same content in the way that was tried first. A picture that is twice as
    /// wide and high counts as much as text of twice the size.
    fn is_better_than(&self, first: &Self) -> bool {
        let worth = |fit: &Self| {
            let [width, height] = fit.picture;
            fit.points * if self.way.beside { (width * height).sqrt() } else { 1.0 }
        };
        self.is_whole && (!first.is_whole || worth(self) > worth(first) * 1.02)
    }
}

/// Sizes in points, the largest first.
const SIZES: &[f32] = &[
    36.0, 32.0, 29.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0,
    7.5, 7.0, 6.5, 6.0, 5.5, 5.0,
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

/// What has room enough gives way in nothing.
const AS_IT_IS: Attempt = Attempt { image: 0.99, wraps_code: false, squeezes: false, least: READABLE };

const ATTEMPTS: &[Attempt] = &[
    Attempt { image: 0.99, wraps_code: false, squeezes: false, least: 9.0 },
    Attempt { image: 0.7, wraps_code: false, squeezes: false, least: 8.5 },
    Attempt { image: 0.5, wraps_code: true, squeezes: false, least: 8.0 },
    Attempt { image: 0.3, wraps_code: true, squeezes: false, least: READABLE },
    Attempt { image: 0.3, wraps_code: true, squeezes: true, least: READABLE },
    Attempt { image: 0.25, wraps_code: true, squeezes: true, least: 5.0 },
];

/// Millimetres to the point, and CSS pixels to the point.
pub(super) const MM: f32 = 25.4 / 72.0;
const PIXELS: f32 = 96.0 / 72.0;

/// Browsers round lengths to 1/64 px, and widths are known to 1/250 em: of 2,400 texts one breaks a line more at a part of
/// a thousand less than none.
/// Kerning, which is not measured, makes lines shorter rather than longer.
const SLACK: f32 = 1.001;
/// Of heights nothing but the rounding is unknown.
const HIGHER: f32 = 1.001;

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

/// Width of the widest drawing in blocks, in em.
pub(super) fn widest_drawing(blocks: &[Block]) -> f32 {
    measure::widest_drawing(&pieces::pieces(blocks, 1.0, false, &|_| None))
}

/// Width of the longest formula in blocks, in em.
pub(super) fn widest_formula(blocks: &[Block]) -> f32 {
    measure::widest_formula(&pieces::pieces(blocks, 1.0, false, &|_| None))
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
    /// Whether its raw HTML is shown as it stands.
    trusts_html: bool,
    pieces: Vec<Piece>,
    /// Which of them are the side's own text, without what stands above and below it.
    body: Range<usize>,
    kinds: Kinds,
    /// A list that two columns may take.
    has_long_list: bool,
    /// Tables, images, and words that make their lines higher: what is wider may take less height.
    is_uneven: bool,
    /// Width of the longest word with what is beside it, in em.
    widest: f32,
}

impl Content {
    /// Nothing yet. `trusts_html`: whether raw HTML in it is shown as it stands.
    pub(super) fn new(trusts_html: bool) -> Self {
        Self {
            trusts_html,
            pieces: Vec::new(),
            body: 0..0,
            kinds: Kinds::default(),
            has_long_list: false,
            is_uneven: false,
            widest: 0.0,
        }
    }

    /// Adds blocks below what is there, in a text size of so many em.
    pub(super) fn push(&mut self, blocks: &[Block], size: f32, sizes: &ImageSizes<'_>) {
        let pieces = pieces::pieces(blocks, size, self.trusts_html, &|path| sizes.get(path));
        // In small print stand addresses, which browsers break at their slashes.
        if size >= 1.0 {
            self.widest = self.widest.max(measure::widest_word(&pieces));
            self.extend(pieces);
        } else if !pieces.is_empty() {
            self.extend(vec![Piece::Group { sides: 0.0, ends: 0.0, gap: GAP, pieces }]);
        }
    }

    /// Adds blocks as [`Self::push`] does; text may stand beside the one at `picture`, where that is a picture.
    pub(super) fn push_pictured(&mut self, blocks: &[Block], picture: usize, sizes: &ImageSizes<'_>) {
        let of = |blocks: &[Block]| pieces::pieces(blocks, 1.0, self.trusts_html, &|path| sizes.get(path));
        let parts = blocks.split_at_checked(picture).and_then(|(before, rest)| Some((before, rest.split_first()?)));
        let Some((before, (picture, after))) = parts else { return self.push(blocks, 1.0, sizes) };
        let (mut text, behind) = (of(before), of(after));
        text.extend(behind);
        let mut line = of(std::slice::from_ref(picture));
        match line.pop().filter(|piece| may_stand_beside(piece, &text)) {
            Some(picture) => {
                self.widest = self.widest.max(measure::widest_word(&text));
                self.extend(vec![Piece::Pictured { picture: Box::new(picture), text }]);
            }
            None => self.push(blocks, 1.0, sizes),
        }
    }

    /// Lets the side's own text stand beside a picture that comes below it; says whether it may, else nothing is changed.
    pub(super) fn put_beside(&mut self, picture: &Block, sizes: &ImageSizes<'_>) -> bool {
        let mut line = pieces::pieces(std::slice::from_ref(picture), 1.0, self.trusts_html, &|path| sizes.get(path));
        let text = self.pieces.get(self.body.clone()).unwrap_or_default();
        let Some(picture) = line.pop().filter(|piece| may_stand_beside(piece, text)) else { return false };
        let text = self.pieces.drain(self.body.clone()).collect();
        self.extend(vec![Piece::Pictured { picture: Box::new(picture), text }]);
        self.body = self.body.start..self.pieces.len();
        true
    }

    /// Adds labelled lines, each label beside what is said under it.
    pub(super) fn push_facts(&mut self, blocks: &[Block], sizes: &ImageSizes<'_>) {
        let pieces = vec![pieces::facts(blocks, self.trusts_html, &|path| sizes.get(path))];
        self.widest = self.widest.max(measure::widest_word(&pieces));
        self.extend(pieces);
    }

    /// Adds blocks in a box that takes so many em of their text on both sides together, and above and below together.
    pub(super) fn push_boxed(&mut self, blocks: &[Block], size: f32, around: [f32; 2], images: &ImageSizes<'_>) {
        let pieces = pieces::pieces(blocks, size, self.trusts_html, &|path| images.get(path));
        if !pieces.is_empty() {
            let [sides, ends] = around.map(|length| length * size);
            self.extend(vec![Piece::Group { sides, ends, gap: GAP * size, pieces }]);
        }
    }

    /// Adds blocks with blanks for their deletions; gives what stands behind the blanks.
    pub(super) fn push_blanks(&mut self, blocks: &[Block], bold: bool, sizes: &ImageSizes<'_>) -> Vec<Answer> {
        let (pieces, answers) = pieces::blanks(blocks, bold, self.trusts_html, &|path| sizes.get(path));
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
        self.extend(if is_list {
            vec![Piece::List { indent: metrics::ANSWERS_INDENT, items: pieces }]
        } else {
            pieces
        });
    }

    /// Adds a line to write on.
    pub(super) fn push_line(&mut self) {
        self.extend(vec![Piece::Group { sides: 0.0, ends: metrics::WRITING_ROOM, gap: 0.0, pieces: Vec::new() }]);
    }

    fn extend(&mut self, pieces: Vec<Piece>) {
        self.kinds.add(kinds(&pieces));
        self.has_long_list |= pieces.iter().any(is_long_list);
        self.is_uneven |= are_uneven(&pieces);
        self.pieces.extend(pieces);
    }

    /// Whether an attempt is another one for this content.
    fn is_changed_by(&self, attempt: &Attempt) -> bool {
        self.kinds.images || self.kinds.shapes || attempt.least <= READABLE
    }

    /// Whether there is a picture that text may stand beside.
    fn has_picture(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Pictured { .. }))
    }

    /// Whether there are images.
    pub(super) fn has_images(&self) -> bool {
        self.kinds.images
    }

    /// How it is set in a size.
    fn set(&self, room: [f32; 2], points: f32, attempt: &Attempt, way: Way, is_whole: bool) -> Fit {
        let column = column(room, points, attempt, way);
        let picture = measure::picture_size(&self.pieces, column);
        let excess = if way.narrows { measure::formula_excess(&self.pieces, column).max(1.0) } else { 1.0 };
        Fit {
            points,
            image: room[1] * attempt.image,
            squeezes: attempt.squeezes,
            way,
            picture: picture.unwrap_or_default().map(|length| length * points * MM),
            formula: 1.0 / excess,
            drawing: 1.0 / measure::drawing_excess(&self.pieces, column).max(1.0),
            is_whole,
        }
    }

    /// Takes what has been added since there were `start` pieces for the side's own text.
    pub(super) fn end_body(&mut self, start: usize) {
        self.body = start..self.pieces.len();
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// How many lines of text its own text is high, at most so many as make no difference.
    pub(super) fn lines(&self, room: [f32; 2], fit: &Fit) -> f32 {
        let Some(attempt) = ATTEMPTS.last() else { return 0.0 };
        let column = Column { most: MOST_LINES * metrics::LEADING, ..column(room, fit.points, attempt, fit.way) };
        measure::worst_height(self.pieces.get(self.body.clone()).unwrap_or_default(), GAP, column) / metrics::LEADING
    }

    fn fits(&self, room: [f32; 2], points: f32, attempt: &Attempt, way: Way) -> bool {
        let column = column(room, points, attempt, way);
        let height = column.most;
        // In letters as wide as those of the widest font it takes no less height than in any: mostly that is all there is to ask.
        !self.is_uneven && measure::height(&self.pieces, GAP, Column { font: WIDEST, ..column }) * HIGHER <= height
            || measure::worst_height(&self.pieces, GAP, column) * HIGHER <= height
    }
}

/// Lines of text beyond which nobody asks how many there are.
const MOST_LINES: f32 = 8.0;

/// What a room of so many millimetres is in a size.
fn column(room: [f32; 2], points: f32, attempt: &Attempt, way: Way) -> Column {
    let [width, height] = room.map(|length| length / (points * MM));
    Column {
        width: width / SLACK,
        pixels: points * PIXELS,
        image_height: height * attempt.image,
        wraps_code: attempt.wraps_code,
        squeezes: attempt.squeezes,
        way,
        font: 0,
        most: height,
    }
}

/// What stands behind a blank, measured.
pub(super) struct Answer(Vec<Piece>);

/// What there is among pieces.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    images: bool,
    /// Tables and code.
    shapes: bool,
    formulas: bool,
}

impl Kinds {
    fn add(&mut self, other: Self) {
        let Self { images, shapes, formulas } = other;
        self.images |= images;
        self.shapes |= shapes;
        self.formulas |= formulas;
    }
}

fn kinds(pieces: &[Piece]) -> Kinds {
    let mut kinds_of = Kinds::default();
    for piece in pieces {
        kinds_of.add(match piece {
            Piece::Text { words, .. } => kinds_of_words(words),
            Piece::Table(rows) => {
                let mut table = Kinds { shapes: true, ..Kinds::default() };
                rows.iter().flatten().for_each(|words| table.add(kinds_of_words(words)));
                table
            }
            Piece::Facts(facts) => {
                let mut all = Kinds::default();
                facts.iter().flatten().for_each(|words| all.add(kinds_of_words(words)));
                all
            }
            Piece::Code { .. } | Piece::Drawing { .. } => Kinds { shapes: true, ..Kinds::default() },
            Piece::Pictured { text, .. } => Kinds { images: true, ..kinds(text) },
            Piece::Group { pieces, .. } | Piece::List { items: pieces, .. } => kinds(pieces),
        });
    }
    kinds_of
}

fn kinds_of_words(words: &[Word]) -> Kinds {
    let mut kinds = Kinds::default();
    for word in words {
        kinds.images |= word.image[0] > 0.0;
        kinds.formulas |= word.is_solid;
    }
    kinds
}

/// Whether it is a picture that leaves room at its side, and text is all that is to stand there.
fn may_stand_beside(piece: &Piece, text: &[Piece]) -> bool {
    let is_tall = piece.picture().is_some_and(|word| word.share == 0.0 && word.image[1] >= TALL * word.image[0]);
    is_tall && !text.is_empty() && !kinds(text).images
}

/// How many times as high as wide a picture is at least.
const TALL: f32 = 0.8;

/// Whether two columns may hold as much of it in larger type.
fn is_long_list(piece: &Piece) -> bool {
    match piece {
        Piece::List { items, .. } => items.len() >= LONG_LIST,
        Piece::Text { .. }
        | Piece::Group { .. }
        | Piece::Code { .. }
        | Piece::Drawing { .. }
        | Piece::Table(_)
        | Piece::Facts(_)
        | Piece::Pictured { .. } => false,
    }
}

/// So many items are a long list.
const LONG_LIST: usize = 5;

/// Whether there is a table among pieces, or a word that makes its line higher.
fn are_uneven(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text { words, .. } | Piece::Code { words, .. } => {
            words.iter().any(|word| word.height > 0.0 || word.image[0] > 0.0)
        }
        Piece::Drawing { .. } | Piece::Table(_) | Piece::Facts(_) | Piece::Pictured { .. } => true,
        Piece::Group { pieces, .. } | Piece::List { items: pieces, .. } => are_uneven(pieces),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "these sums and constants are exact")]

    use proptest::prelude::*;

    use super::*;
    use crate::ir::{BlockKind, Definition, Embed, Inline, InlineKind, ListItem, MediaRef, Run, Size};
    use crate::source::{SourceId, Span};

    fn text(words: usize) -> Content {
        let mut content = Content::new(false);
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
        assert_eq!((points[0], points.last()), (18.0, Some(&5.0)));
    }

    proptest! {
        /// What is asked of the widest letters first is what asking each font says, and the largest size is the one that searching
        /// all of them finds.
        #[test]
        fn asking_less_says_the_same(text in "([a-zA-Z .,-]{1,60}|[WMil]{30,90}|é漢字| ){1,40}", code in "[a-z \\n]{0,200}") {
            let mut content = Content::new(false);
            content.extend(pieces::plain(&text, 1.0));
            let Some(Piece::Text { words, leading }) = pieces::plain(&code, 1.0).pop() else { unreachable!() };
            content.extend(vec![Piece::Code { words, leading }]);
            for attempt in ATTEMPTS {
                let fits = |content: &Content| -> Vec<bool> {
                    SIZES.iter().map(|size| content.fits(ROOM, *size, attempt, Way::default())).collect()
                };
                let at_once = fits(&content);
                content.is_uneven = true;
                let asked = fits(&content);
                content.is_uneven = false;
                prop_assert_eq!(&at_once, &asked);
                prop_assert!(asked.is_sorted());
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
            let mut content = Content::new(false);
            content.extend(pieces::plain(words, 1.0));
            content.widest = measure::widest_word(&content.pieces);
            fit(&content, ROOM, &Most::new(74.0, is_line)).points
        };
        assert_eq!((points("Paris", true), points("Paris", false)), (22.0, 18.0));
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
            Piece::Group { pieces, .. } | Piece::List { items: pieces, .. } | Piece::Pictured { text: pieces, .. } => {
                count(pieces)
            }
            Piece::Drawing { .. } | Piece::Table(_) | Piece::Facts(_) => 0,
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
                let mut content = Content::new(false);
                let block = Block { span: Span::new(SourceId(0), 0..1), kind };
                content.push(&[block], metrics::SOURCE_SIZE, &ImageSizes::new(&[]));
                let count = count(&content.pieces);
                let fits = ATTEMPTS.iter().any(|attempt| content.fits([297.0, 297.0], 5.0, attempt, Way::default()));
                assert!(count < 310_000 && (!fits || count < 2), "{unit:?} {count} {fits}");
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
        for (kind, [image, wide]) in [(picture, [true, false]), (formula, [false, false]), (long, [false, true])] {
            let text = || inline(InlineKind::Text { text: format!("{} ", " x".repeat(200_000)) });
            let of = |content: Vec<Inline>| {
                let mut all = Content::new(false);
                let block = Block { span: Span::new(SourceId(0), 0..1), kind: BlockKind::Paragraph { content } };
                all.push(std::slice::from_ref(&block), 1.0, &ImageSizes::new(&[]));
                (all.kinds.images, all.is_uneven, all.widest, widest_formula(&[block]))
            };
            let alone = of(vec![inline(kind.clone())]);
            assert_eq!((alone.0, alone.2 > 40.0), (image, wide));
            let within = of(vec![text(), inline(kind.clone()), text(), inline(kind), text()]);
            assert_eq!(within, (alone.0, alone.1, alone.2.max(of(vec![text()]).2), alone.3));
        }
    }

    /// The least width, in em, at which the text of blocks stands in one line.
    fn one_line_from(blocks: &[Block]) -> f32 {
        let mut content = Content::new(false);
        content.push(blocks, 1.0, &ImageSizes::new(&[]));
        let mut widths = (0..500_u16).map(|tenths| f32::from(tenths) / 10.0);
        let is_line = |width: &f32| {
            let attempt = &ATTEMPTS[ATTEMPTS.len() - 1];
            let column = Column { width: *width, most: f32::INFINITY, ..column(ROOM, 9.0, attempt, Way::default()) };
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

    fn lines(count: usize) -> Vec<Block> {
        let span = Span::new(SourceId(0), 0..1);
        let text = || inline(InlineKind::Text { text: "measured item".into() });
        let paragraph = || vec![Block { span, kind: BlockKind::Paragraph { content: vec![text()] } }];
        let item = || ListItem { span, checked: None, blocks: paragraph() };
        let kind = BlockKind::List { start: None, tight: true, items: (0..count).map(|_| item()).collect() };
        vec![Block { span, kind }]
    }

    #[test]
    fn long_lists_take_two_columns_where_they_are_larger_then() {
        let fit = |count| {
            let mut content = Content::new(false);
            content.push(&lines(count), 1.0, &ImageSizes::new(&[]));
            fitted(&content)
        };
        let [short, long] = [fit(4), fit(18)];
        assert!(!short.way.halves_lists && long.way.halves_lists);
        // Nine lines of 1.3 em and their gaps are 37 pt less than the room at 13 pt; all eighteen need less than 7 pt.
        assert!(long.points >= 12.0 && long.is_whole, "{long:?}");
        let mut boxed = Content::new(false);
        boxed.push_boxed(&lines(18), 1.0, [0.0; 2], &ImageSizes::new(&[]));
        assert!(!fitted(&boxed).way.halves_lists, "the style has columns for a side's own lists alone");
    }

    #[test]
    fn text_stands_beside_a_tall_picture_and_below_a_wide_one() {
        let pictured = |size: [f32; 2]| {
            let Some(Piece::Text { mut words, leading }) = pieces::plain("a", 1.0).pop() else { unreachable!() };
            words[0] = Word { widths: [0.0; widths::FONTS], image: size, ..words[0] };
            let picture = Box::new(Piece::Text { words, leading });
            let mut content = Content::new(false);
            content.extend(vec![Piece::Pictured { picture, text: pieces::plain(&"measure ".repeat(20), 1.0) }]);
            fitted(&content)
        };
        let tall = pictured([300.0, 900.0]);
        assert!(tall.way.beside && tall.picture[1] > 0.95 * ROOM[1] && tall.picture[0] < 0.45 * ROOM[0], "{tall:?}");
        let wide = pictured([900.0, 300.0]);
        assert!(!wide.way.beside && wide.picture[0] > 0.6 * ROOM[0], "{wide:?}");
    }

    #[test]
    fn a_formula_that_is_too_wide_is_smaller_than_its_text_and_not_lost_in_it() {
        let formula = InlineKind::Math { display: true, content: vec![Run::Text { text: "x+".repeat(18) }] };
        let block =
            Block { span: Span::new(SourceId(0), 0..1), kind: BlockKind::Paragraph { content: vec![inline(formula)] } };
        let mut content = Content::new(false);
        content.push(&[block], 1.0, &ImageSizes::new(&[]));
        content.extend(pieces::plain("measure", 1.0));
        let fit = fitted(&content);
        assert!(fit.way.narrows && fit.is_whole && fit.formula < 0.9 && fit.points > 10.0, "{fit:?}");
        assert!(fit.formula >= LEAST_FORMULA * 0.9, "{fit:?}");
    }

    #[test]
    fn labels_stand_beside_what_is_said_under_them() {
        let word = |text: &str| match pieces::plain(text, 1.0).pop() {
            Some(Piece::Text { words, .. }) => words,
            _ => unreachable!(),
        };
        let facts = |label: &str, said: &str| {
            let piece = [Piece::Facts(vec![[word(label), word(said)]])];
            measure::worst_height(&piece, 0.0, column(ROOM, 10.0, &AS_IT_IS, Way::default()))
        };
        let short = facts("a", "a");
        assert!((1.3..1.5).contains(&short), "{short}");
        // A label that takes all that labels may leaves less room for the rest.
        let (some, little) = (facts("a", &"measure ".repeat(20)), facts(&"label ".repeat(20), &"measure ".repeat(20)));
        assert!(some > 4.0 && little > some, "{some} {little}");
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
        let mut alone = Content::new(false);
        alone.extend(vec![picture()]);
        assert_eq!(fitted(&alone).points, 14.0);
    }

    #[test]
    fn tables_are_squeezed_only_where_nothing_else_helps() {
        let word = "measureless".repeat(4);
        let Some(Piece::Text { words, .. }) = pieces::plain(&word, 1.0).pop() else { unreachable!() };
        let table = |columns: usize| {
            let mut content = Content::new(false);
            content.extend(vec![Piece::Table(vec![vec![words.clone(); columns]])]);
            fitted(&content)
        };
        assert!(!table(1).squeezes && table(4).squeezes && table(4).is_whole);
    }

    #[test]
    fn drawings_keep_their_lines_and_say_how_small_they_are() {
        let code = |text: &str| Block {
            span: Span { source: SourceId(0), start: 0, end: 0 },
            kind: BlockKind::Code { language: None, content: vec![Run::Text { text: text.to_owned() }] },
        };
        let fitted = |text: &str| {
            let mut content = Content::new(false);
            content.push(&[code(text)], 1.0, &ImageSizes::new(&[]));
            fitted(&content)
        };
        let drawing = |columns: usize| format!("┌{}┐\n└{}┘\n", "─".repeat(columns - 2), "─".repeat(columns - 2));
        let [narrow, wide, wider] = [20, 60, 120].map(|columns| fitted(&drawing(columns)));
        assert!(narrow.drawing == 1.0 && narrow.least_points() >= READABLE);
        assert!(wide.drawing < 1.0 && wide.least_points() >= READABLE && wide.is_whole);
        assert!(wider.is_whole && wider.least_points() < READABLE, "told, for it is not wrapped");
        let other = fitted(&"word ".repeat(40));
        assert!(other.drawing == 1.0 && other.least_points() >= READABLE, "other code is wrapped");
        assert!(widest_drawing(&[code(&drawing(60))]) > 30.0);
        assert!(widest_drawing(&[code("let a = 1;")]) == 0.0);
    }
}
