//! Anki packages in the legacy-1 container.

use super::Emitted;
use crate::Error;
use crate::ir::Collection;

/// One package a top-level deck.
pub fn emit(_collection: &Collection) -> Result<Emitted, Error> {
    Ok(Emitted::default())
}
