//! Turns characters into words with their widths, and those into lines' worth: what a piece of content is made of once it
//! is measured.
//!
//! Knows neither content nor how wide a line is.

use super::widths::{self, FONTS, Widths};
use crate::ir::Cloze;
use crate::print::metrics::{self, LEADING};

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
    /// Code that keeps its lines, and is smaller where they are too long.
    Drawing {
        /// Width of the longest line, in em.
        width: f32,
        /// Height of all of them, in em.
        height: f32,
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
                [word] if word.image[0] > 0.0 && word.hold == Hold::Shape => Some(word),
                _ => None,
            },
            Self::Group { .. }
            | Self::Code { .. }
            | Self::Drawing { .. }
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
    /// Whether it stays on one line even where that is too short for it: a formula, or a number in a table.
    pub(super) is_solid: bool,
    /// The width and height of the image that stands for the word, in CSS pixels; 0 where none does.
    pub(super) image: [f32; 2],
    /// The part of its line's width that the image takes; 0 where it takes what it is wide.
    pub(super) share: f32,
    /// What stays of the image where there is no room for it.
    pub(super) hold: Hold,
}

/// What stays of an image where there is no room for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Hold {
    /// Its shape: less wide, it is less high.
    #[default]
    Shape,
    /// Its height, as both were asked for: it is no higher than any image, but not less high for being less wide.
    Height,
    /// Width and height: it is cut off.
    Both,
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
        let (height, hold) = (self.height.max(other.height), self.hold.max(other.hold));
        Self { widths, height, image, hold, ..self }
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

/// A blank's least width, what it has beside its hint, and the height of a line with one, in em.
const BLANK: f32 = metrics::BLANK_SIZE * metrics::BLANK_WIDTH + 0.02;
const BLANK_SIDES: f32 = metrics::BLANK_SIZE * (2.0 * metrics::BLANK_SIDES + 2.0 * metrics::WHICH_SIZE * 0.6 + 0.2);
const BLANK_LINE: f32 = LEADING + 0.02;

/// How letters are set.
#[derive(Clone, Copy)]
pub(super) struct Font {
    /// Its size, in em.
    pub(super) size: f32,
    bold: bool,
    is_code: bool,
}

impl Font {
    pub(super) const TEXT: Self = Self { size: 1.0, bold: false, is_code: false };

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn code(self) -> Self {
        Self { size: self.size * metrics::LINE_CODE_SIZE, is_code: true, ..self }
    }

    /// That of blocks of code.
    pub(super) fn block_code(self) -> Self {
        Self { size: self.size * metrics::CODE_SIZE, bold: false, is_code: true }
    }

    pub(super) fn scaled(self, by: f32) -> Self {
        Self { size: self.size * by, ..self }
    }

    pub(super) fn advance(self, character: char) -> Widths {
        let widths =
            if self.is_code { [widths::code_advance(character); FONTS] } else { widths::advance(character, self.bold) };
        widths.map(|width| width * self.size)
    }
}

/// What words take that no room holds, in em. A page of A4 is 168 em wide or high at 5 pt, which are 202 lines of the smallest
/// code. None holds more than its width and a space; the end of one counts as a whole one, so twice as much is safe.
const MOST_TAKEN: f32 = 2.0 * (LONGEST_LINE + 1.0) * 220.0;
const LONGEST_LINE: f32 = 170.0;

/// Words on their way into lines. Behind those that fill any room only the largest are kept: 8 MB of text are 4 million words.
#[derive(Default)]
pub(super) struct Line {
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
    pub(super) fn finish(self, font: Font) -> Piece {
        Piece::Text { words: self.into_words(), leading: LEADING * font.size }
    }

    pub(super) fn into_words(self) -> Vec<Word> {
        let mut words = self.words;
        words.extend(self.beyond.into_iter().flatten());
        words
    }

    pub(super) fn text(&mut self, text: &str, font: Font) {
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

    /// Text that stays on one line, whatever the room.
    pub(super) fn whole(&mut self, text: &str, font: Font) {
        text.chars().for_each(|character| self.glue(font.advance(character)));
        if let Some(word) = self.words.last_mut() {
            word.is_solid = true;
        }
    }

    /// A character of a word. A line may break behind a hyphen or dash that stands in one (UAX 14: HY, BA), before a letter.
    fn narrow(&mut self, character: char, font: Font) {
        if !self.is_open {
            self.last = ['\0'; 2];
        }
        let [before, hyphen] = self.last;
        let may_break = !font.is_code
            && matches!(hyphen, '-' | '‐' | '–' | '—')
            && before.is_alphanumeric()
            && character.is_alphabetic();
        self.is_open &= !may_break;
        self.glue(font.advance(character));
        self.last = [hyphen, character];
    }

    /// Code keeps its white space and its line ends.
    pub(super) fn code(&mut self, text: &str, font: Font) {
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
    pub(super) fn glue(&mut self, widths: Widths) {
        match self.words.last_mut() {
            Some(word) if self.is_open => {
                self.holds_on = false;
                word.widths.iter_mut().zip(widths).for_each(|(width, more)| *width += more);
            }
            Some(_) | None => {
                let (before, space) = (self.after, self.gap);
                self.push(Word {
                    widths,
                    before,
                    space,
                    height: 0.0,
                    is_solid: false,
                    image: [0.0; 2],
                    share: 0.0,
                    hold: Hold::Shape,
                });
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

    pub(super) fn space(&mut self) {
        self.is_open = false;
        self.holds_on = false;
        if self.after != Before::LineEnd && !self.words.is_empty() {
            self.after = Before::Space;
        }
    }

    pub(super) fn end_line(&mut self) {
        self.is_open = false;
        self.after = Before::LineEnd;
    }

    /// Ends the line by itself: one with nothing in it is a line too.
    pub(super) fn break_line(&mut self) {
        if self.words.is_empty() || self.after == Before::LineEnd {
            self.glue([0.0; FONTS]);
        }
        self.end_line();
    }

    /// Makes the last word's line as high as this, in em.
    pub(super) fn raise(&mut self, height: f32) {
        if let Some(word) = self.words.last_mut() {
            word.height = word.height.max(height);
        }
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A word of a known width.
    fn word(&mut self, width: f32, height: f32) {
        self.glue([width; FONTS]);
        self.raise(height);
    }

    pub(super) fn formula(&mut self, width: f32, height: f32) {
        self.word(width, height);
        if let Some(word) = self.words.last_mut() {
            word.is_solid = true;
        }
    }

    pub(super) fn blank(&mut self, cloze: &Cloze, font: Font) {
        let hint = cloze.hint.iter().flat_map(|hint| hint.chars());
        let hint: f32 = hint.map(|c| font.scaled(metrics::BLANK_SIZE).advance(c).into_iter().fold(0.0, f32::max)).sum();
        self.word((hint + BLANK_SIDES).max(BLANK), BLANK_LINE * font.size);
    }

    /// Lines may break on both sides of an image.
    pub(super) fn image(&mut self, image: [f32; 2], share: f32, hold: Hold) {
        self.is_open = false;
        self.glue([0.0; FONTS]);
        self.is_open = false;
        if let Some(word) = self.words.last_mut() {
            (word.image, word.share, word.hold) = (image, share, hold);
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
