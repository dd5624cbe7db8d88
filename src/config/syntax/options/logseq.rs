//! The options of `logseq`.

use super::{Mistake, Value};

/// Names of the options.
pub const KEYS: &[&str] = &["arrows"];

/// How outlines are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogseqOptions {
    /// Whether `a :-> b` in a block is a note, as its plug-in for Anki has it.
    pub arrows: bool,
}

impl LogseqOptions {
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), Mistake> {
        match key {
            "arrows" => self.arrows = value.truth()?,
            _ => return Err(Mistake::UnknownKey),
        }
        Ok(())
    }
}
