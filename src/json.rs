//! Turns the collection into `deckle.json`, and its types into the JSON Schema of that file.
//!
//! Knows nothing of what other outputs make of it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::Error;
use crate::artifact::{Artifact, Emitted};
use crate::ir::Collection;
use crate::text::hidden;

/// `deckle.json`: the collection as it stands, in UTF-8, with a line for each deck, note and chapter, so that two builds
/// can be compared line by line.
pub fn emit(collection: &Collection) -> Result<Emitted, Error> {
    artifact("deckle.json", collection, Lines::default())
}

/// `deckle.schema.json`: the JSON Schema (2020-12) of `deckle.json`.
pub fn emit_schema() -> Result<Emitted, Error> {
    // Of what is written: what may be left out is not required, and a span is three numbers.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    artifact("deckle.schema.json", &generator.into_root_schema_for::<Collection>(), PrettyFormatter::new())
}

fn artifact(name: &str, value: &impl Serialize, formatter: impl Formatter) -> Result<Emitted, Error> {
    let path = PathBuf::from(name);
    let mut bytes = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .map_err(|cause| Error::new("cannot make", &path, cause))?;
    bytes.push(b'\n');
    // What a file's name may hold is written as its number, and is the same.
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => match hidden::shown_json(&text) {
            Cow::Borrowed(_) => text.into_bytes(),
            Cow::Owned(text) => text.into_bytes(),
        },
        Err(error) => error.into_bytes(),
    };
    Ok(Emitted { artifacts: vec![Artifact { path, recipe: bytes.into() }], diagnostics: Vec::new() })
}

/// Breaks lines before the keys of the outermost object and before the elements of the arrays in it, and nowhere else.
#[derive(Default)]
struct Lines {
    /// How many objects and arrays are open.
    depth: usize,
}

/// Where the outermost object's keys are.
const KEYS: usize = 1;
/// Where the elements of its arrays are.
const ELEMENTS: usize = 2;

impl Formatter for Lines {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(separator(first, self.depth == KEYS))
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let close: &[u8] = if self.depth == KEYS { b"\n}" } else { b"}" };
        self.depth -= 1;
        writer.write_all(close)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(separator(first, self.depth == ELEMENTS))
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"]")
    }
}

fn separator(first: bool, breaks_line: bool) -> &'static [u8] {
    match (first, breaks_line) {
        (true, true) => b"\n",
        (true, false) => b"",
        (false, true) => b",\n",
        (false, false) => b",",
    }
}
