//! The options of `slides`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &["pause"];

/// How slides are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlidesOptions {
    /// What stands in a paragraph between front and back.
    pub pause: String,
}

impl Default for SlidesOptions {
    fn default() -> Self {
        Self { pause: ". . .".to_owned() }
    }
}

impl SlidesOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "pause" => self.pause = value.word()?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
