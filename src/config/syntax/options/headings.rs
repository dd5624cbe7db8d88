//! The options of `headings`: what other tools write into notes that are headings.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &["back", "tag-lines"];

/// How notes are written that are headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadingsOptions {
    /// A line that stands for `<!-- back -->`, such as mdanki's `%`.
    pub back: Option<String>,
    /// Whether a line that starts with `[#tag](…)` holds tags, as in mdanki.
    pub tag_lines: bool,
}

impl HeadingsOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "back" => self.back = Some(value.text()?).filter(|back| !back.is_empty()),
            "tag-lines" => self.tag_lines = value.truth()?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
