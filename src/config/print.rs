//! Turns the words of print options into options: how decks are put on paper.
//!
//! Knows the options' names and values; neither YAML nor what a page looks like.

use std::fmt;
use std::str::FromStr;

/// Names of the options, in the order of the documentation.
pub const KEYS: &[&str] = &[
    "paper",
    "preset",
    "duplex",
    "back-offset",
    "front-only",
    "key",
    "sheet",
    "sheet-columns",
    "sheet-paper",
    "images",
    "pdf",
];

/// How a deck is printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintOptions {
    /// The paper of the cut-out cards.
    pub paper: Paper,
    /// How cards lie on it.
    pub preset: Preset,
    /// How sheets get their backs.
    pub duplex: Duplex,
    /// By how much backs are moved, to the right and down, in millimetres: what a printer puts them off by, the other way.
    pub back_offset: [f32; 2],
    /// Whether backs are left out.
    pub front_only: bool,
    /// Whether pages with all answers follow the cards.
    pub key: bool,
    /// Whether the deck's cheat sheet is one with others'.
    pub sheet: Sheets,
    /// Columns of the cheat sheet, 2 to 4; as they suit what is in them unless given.
    pub sheet_columns: Option<u8>,
    /// The paper of the cheat sheet.
    pub sheet_paper: Paper,
    /// Where images are; as their size has it unless given.
    pub images: Option<Images>,
    /// Whether a browser is to print the pages into PDFs.
    pub pdf: bool,
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self {
            paper: Paper::A4,
            preset: Preset::PerPage(8),
            duplex: Duplex::Long,
            back_offset: [0.0; 2],
            front_only: false,
            key: false,
            sheet: Sheets::Each,
            sheet_columns: None,
            sheet_paper: Paper::A4,
            images: None,
            pdf: false,
        }
    }
}

/// The options that one place sets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PrintLayer {
    paper: Option<Paper>,
    preset: Option<Preset>,
    duplex: Option<Duplex>,
    back_offset: Option<[f32; 2]>,
    front_only: Option<bool>,
    key: Option<bool>,
    sheet: Option<Sheets>,
    sheet_columns: Option<u8>,
    sheet_paper: Option<Paper>,
    images: Option<Images>,
    pdf: Option<bool>,
}

impl PrintLayer {
    /// Sets the option `key` to what `value` says. Both are as written, without white space around them.
    ///
    /// # Errors
    /// There is no such option, or it does not take the value; the layer stays as it was.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Mistake> {
        match key {
            "paper" => self.paper = Some(value.parse()?),
            "preset" => self.preset = Some(value.parse()?),
            "duplex" => self.duplex = Some(value.parse()?),
            "back-offset" => self.back_offset = Some(offset(value)?),
            "front-only" => self.front_only = Some(truth(value)?),
            "key" => self.key = Some(truth(value)?),
            "sheet" => self.sheet = Some(value.parse()?),
            "sheet-columns" => self.sheet_columns = Some(columns(value)?),
            "sheet-paper" => self.sheet_paper = Some(value.parse()?),
            "images" => self.images = Some(value.parse()?),
            "pdf" => self.pdf = Some(truth(value)?),
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }

    /// The option of this layer that another one of it leaves nothing to say, or little.
    pub fn conflict(&self) -> Option<Conflict> {
        let preset = self.preset?;
        let is_perforated = matches!(preset, Preset::Avery5371 | Preset::Avery5388);
        if is_perforated && self.paper.is_some_and(|paper| paper != Paper::Letter) {
            let message = format!("`{preset}` is on Letter, whatever `paper` says");
            return Some(Conflict { key: "paper", message, help: "write `Letter`, or leave `paper` out" });
        }
        let is_odd = preset == Preset::Avery5388 && self.duplex == Some(Duplex::Fold);
        is_odd.then(|| Conflict {
            key: "duplex",
            message: format!(
                "`{preset}` has three cards below each other: folded, a sheet holds one card, and one stays blank"
            ),
            help: "print both sides (`long`, `short`, `manual`), or fold another preset",
        })
    }
}

/// An option that has no effect, or hardly the one that is meant, beside another one of the same layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The option.
    pub key: &'static str,
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Why an option cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// There is no option of this name; [`KEYS`] are those that are.
    UnknownKey,
    /// The option takes one of these words.
    Word(&'static [&'static str]),
    /// The option takes something else: what.
    Form(&'static str),
}

impl PrintOptions {
    /// These options with what a nearer place sets upon them.
    #[must_use]
    pub fn with(&self, layer: &PrintLayer) -> Self {
        Self {
            paper: layer.paper.unwrap_or(self.paper),
            preset: layer.preset.unwrap_or(self.preset),
            duplex: layer.duplex.unwrap_or(self.duplex),
            back_offset: layer.back_offset.unwrap_or(self.back_offset),
            front_only: layer.front_only.unwrap_or(self.front_only),
            key: layer.key.unwrap_or(self.key),
            sheet: layer.sheet.unwrap_or(self.sheet),
            sheet_columns: layer.sheet_columns.or(self.sheet_columns),
            sheet_paper: layer.sheet_paper.unwrap_or(self.sheet_paper),
            images: layer.images.or(self.images),
            pdf: layer.pdf.unwrap_or(self.pdf),
        }
    }
}

/// An enum whose values have names; parsed from them, and shown as them.
macro_rules! words {
    ($name:ident { $($value:expr => $word:literal),* $(,)? }) => {
        impl $name {
            /// Its values and their names.
            pub const ALL: &[(Self, &str)] = &[$(($value, $word)),*];
            const WORDS: &[&str] = &[$($word),*];
        }

        impl FromStr for $name {
            type Err = Mistake;

            fn from_str(word: &str) -> Result<Self, Mistake> {
                let found = Self::ALL.iter().find(|(_, name)| name.eq_ignore_ascii_case(word));
                found.map(|&(value, _)| value).ok_or(Mistake::Word(Self::WORDS))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = Self::ALL.iter().find(|(value, _)| value == self).map_or("", |&(_, name)| name);
                f.write_str(name)
            }
        }
    };
}

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 in.
    Letter,
    /// 148 × 210 mm.
    A5,
}

words!(Paper { Self::A4 => "A4", Self::Letter => "Letter", Self::A5 => "A5" });

/// How cards lie on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// The whole paper, divided into so many cards: 2, 4, 8, 10, 12 or 16.
    PerPage(u8),
    /// Index cards of 5 × 3 in, to be cut out.
    Index3x5,
    /// Cards of 105 × 74 mm, to be cut out.
    A7,
    /// Avery 5371: ten perforated cards of 3.5 × 2 in on Letter.
    Avery5371,
    /// Avery 5388: three perforated index cards of 5 × 3 in on Letter.
    Avery5388,
}

words!(Preset {
    Self::PerPage(2) => "2",
    Self::PerPage(4) => "4",
    Self::PerPage(8) => "8",
    Self::PerPage(10) => "10",
    Self::PerPage(12) => "12",
    Self::PerPage(16) => "16",
    Self::Index3x5 => "3x5",
    Self::A7 => "A7",
    Self::Avery5371 => "avery-5371",
    Self::Avery5388 => "avery-5388",
});

/// How sheets get their backs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duplex {
    /// The printer turns sheets at their long edge.
    Long,
    /// The printer turns sheets at their short edge.
    Short,
    /// A person turns the stack at its long edge: all fronts come first, then all backs.
    Manual,
    /// Backs are on sheets of their own, in the order of the fronts, to be glued or laid beside them.
    None,
    /// Front and back stand beside each other, to be folded.
    Fold,
}

words!(Duplex {
    Self::Long => "long",
    Self::Short => "short",
    Self::Manual => "manual",
    Self::None => "none",
    Self::Fold => "fold",
});

/// Which cheat sheets there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheets {
    /// The deck has its own.
    Each,
    /// All decks that say so share one.
    One,
}

words!(Sheets { Self::Each => "each", Self::One => "one" });

/// Where images are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Images {
    /// In the HTML file itself.
    Inline,
    /// In files beside it.
    Files,
}

words!(Images { Self::Inline => "inline", Self::Files => "files" });

/// Further than this nobody's printer is off; it is more than half of a small card.
const MOST_OFFSET: f32 = 20.0;

/// `X Y`: two lengths in millimetres.
fn offset(text: &str) -> Result<[f32; 2], Mistake> {
    let lengths: Vec<Option<f32>> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(|word| word.strip_suffix("mm").unwrap_or(word).parse().ok())
        .map(|length| length.filter(|length: &f32| length.abs() <= MOST_OFFSET))
        .collect();
    match lengths[..] {
        [Some(x), Some(y)] => Ok([x, y]),
        _ => Err(Mistake::Form("two lengths in millimetres, to the right and down, at most 20, such as `0.5 -1`")),
    }
}

fn truth(word: &str) -> Result<bool, Mistake> {
    match word {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Mistake::Word(&["true", "false"])),
    }
}

fn columns(text: &str) -> Result<u8, Mistake> {
    let number = text.parse().ok().filter(|number| (2..=4).contains(number));
    number.ok_or(Mistake::Word(&["2", "3", "4"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_sets_its_option_and_names_are_read_as_they_are_shown() {
        let values = ["A5", "avery-5371", "short", "0.5 -1", "true", "true", "one", "4", "letter", "files", "true"];
        let mut layer = PrintLayer::default();
        for (key, value) in KEYS.iter().zip(values) {
            assert_eq!(layer.set(key, value), Ok(()), "{key}");
        }
        let options = PrintOptions::default().with(&layer);
        let expected = PrintOptions {
            paper: Paper::A5,
            preset: Preset::Avery5371,
            duplex: Duplex::Short,
            back_offset: [0.5, -1.0],
            front_only: true,
            key: true,
            sheet: Sheets::One,
            sheet_columns: Some(4),
            sheet_paper: Paper::Letter,
            images: Some(Images::Files),
            pdf: true,
        };
        assert_eq!(options, expected);
        assert_eq!(options.with(&PrintLayer::default()), expected);
        for &(preset, name) in Preset::ALL {
            assert_eq!((name.parse(), preset.to_string().as_str()), (Ok(preset), name));
        }
    }

    #[test]
    fn options_that_leave_each_other_nothing_to_say_are_found() {
        let conflict = |options: &[(&str, &str)]| {
            let mut layer = PrintLayer::default();
            for (key, value) in options {
                assert_eq!(layer.set(key, value), Ok(()), "{key}");
            }
            layer.conflict().map(|conflict| conflict.key)
        };
        for preset in ["avery-5371", "avery-5388"] {
            assert_eq!(conflict(&[("preset", preset), ("paper", "A5")]), Some("paper"));
            assert_eq!(conflict(&[("preset", preset), ("paper", "letter"), ("duplex", "short")]), None);
            assert_eq!(conflict(&[("preset", preset), ("sheet-paper", "A4")]), None);
        }
        assert_eq!(conflict(&[("preset", "avery-5388"), ("duplex", "fold")]), Some("duplex"));
        assert_eq!(conflict(&[("preset", "avery-5371"), ("duplex", "fold")]), None);
        assert_eq!(conflict(&[("preset", "A7"), ("duplex", "fold"), ("paper", "A5")]), None);
        assert_eq!(conflict(&[("paper", "A5"), ("duplex", "fold")]), None);
    }

    #[test]
    fn what_an_option_does_not_take_is_said() {
        let mut layer = PrintLayer::default();
        assert_eq!(layer.set("papers", "A4"), Err(Mistake::UnknownKey));
        assert_eq!(layer.set("paper", "A3"), Err(Mistake::Word(&["A4", "Letter", "A5"])));
        assert_eq!(layer.set("sheet", "two"), Err(Mistake::Word(&["each", "one"])));
        assert_eq!(layer.set("sheet-columns", "5"), Err(Mistake::Word(&["2", "3", "4"])));
        assert_eq!(layer.set("key", "yes"), Err(Mistake::Word(&["true", "false"])));
        for offset in ["1", "1 2 3", "x 1", "21 0", "NaN 0", ""] {
            assert!(matches!(layer.set("back-offset", offset), Err(Mistake::Form(_))), "{offset}");
        }
        assert_eq!(layer, PrintLayer::default());
        assert_eq!(layer.set("back-offset", "0.5mm, -1mm"), Ok(()));
    }
}
