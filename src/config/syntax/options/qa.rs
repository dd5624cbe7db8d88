//! The options of `qa`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &["tags", "flat"];

/// How cards between `Q:` and `A:` are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QaOptions {
    /// Other words for `Q`, `A` and `C`, in this order; those that are not given stay.
    pub tags: Vec<String>,
    /// Whether decks are named without the folders that they are in.
    pub flat: bool,
}

impl QaOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "tags" => self.tags = value.words()?,
            "flat" => self.flat = value.truth()?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
