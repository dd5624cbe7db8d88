//! The options of `qa`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &["tags", "flat", "macros"];

/// How cards between `Q:` and `A:` are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QaOptions {
    /// Other words for `Q`, `A` and `C`, in this order; those that are not given stay. A colon follows a word that ends in a letter
    /// or digit.
    pub tags: Vec<String>,
    /// Whether decks are named without the folders that they are in: as the file says, or as it is called.
    pub flat: bool,
    /// Commands of an author's own in formulas, without a backslash, and what they stand for.
    pub macros: Vec<(String, String)>,
}

impl QaOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "tags" => self.tags = value.words()?,
            "flat" => self.flat = value.truth()?,
            "macros" => {
                let entries = value.entries()?.iter();
                let one = |(name, body): &(String, Value)| {
                    let name = name.trim().trim_start_matches('\\').to_owned();
                    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
                    if is_name {
                        Ok((name, body.text()?))
                    } else {
                        Err(Mistake::Form("names of letters with TeX for each"))
                    }
                };
                self.macros = entries.map(one).collect::<Result<_, _>>()?;
            }
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
