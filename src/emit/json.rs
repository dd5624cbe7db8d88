//! Turns the collection into `deckle.json`, and its types into the JSON Schema of that file.
//!
//! Knows nothing of what other outputs make of it.

use std::path::PathBuf;

use super::{Artifact, Emitted};
use crate::Error;
use crate::ir::Collection;

/// `deckle.json`: the collection as it stands, in UTF-8, indented by two spaces, so that differences read well.
pub fn emit(collection: &Collection) -> Result<Emitted, Error> {
    artifact("deckle.json", collection)
}

/// `deckle.schema.json`: the JSON Schema (2020-12) of `deckle.json`.
pub fn emit_schema() -> Result<Emitted, Error> {
    artifact("deckle.schema.json", &schemars::schema_for!(Collection))
}

fn artifact(name: &str, value: &impl serde::Serialize) -> Result<Emitted, Error> {
    let path = PathBuf::from(name);
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|cause| Error::new("cannot make", &path, cause))?;
    bytes.push(b'\n');
    Ok(Emitted { artifacts: vec![Artifact { path, bytes }], diagnostics: Vec::new() })
}
