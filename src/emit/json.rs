//! The IR as JSON, and its schema.

use super::Emitted;
use crate::Error;
use crate::ir::Collection;

/// `deckle.json`.
pub fn emit(_collection: &Collection) -> Result<Emitted, Error> {
    Ok(Emitted::default())
}

/// The JSON Schema of `deckle.json`.
pub fn emit_schema() -> Emitted {
    Emitted::default()
}
