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
use crate::source::{Blob, Piece, Recipe};
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
    let mut pieces = Pieces::default();
    value
        .serialize(&mut Serializer::with_formatter(&mut pieces, formatter))
        .map_err(|cause| Error::new("cannot make", &path, cause))?;
    let recipe = pieces.finish();
    Ok(Emitted { artifacts: vec![Artifact { path, recipe, pdf: false }], diagnostics: Vec::new() })
}

/// So many bytes are in a piece: a file that grows as one is copied each time that it has no room, and is there twice then.
const PIECE: usize = 1 << 20;

/// Takes a text and keeps it in pieces.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    open: Vec<u8>,
}

impl Pieces {
    /// The file, with a line end behind it.
    fn finish(mut self) -> Recipe {
        self.open.push(b'\n');
        self.close();
        Recipe::Pieces(self.done.into())
    }

    fn close(&mut self) {
        // What a file's name may hold is written as its number, and is the same.
        let bytes = match std::str::from_utf8(&self.open).map(hidden::shown_json) {
            Ok(Cow::Owned(text)) => Blob::from(text.into_bytes()),
            Ok(Cow::Borrowed(_)) | Err(_) => Blob::from(self.open.clone()),
        };
        self.done.push(Piece::Plain(bytes));
        self.open.clear();
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A character is not parted, whatever comes in one go.
        let is_start = bytes.first().is_some_and(|first| first & 0xc0 != 0x80);
        if is_start && self.open.len() + bytes.len() > PIECE {
            self.close();
        }
        self.open.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn in_pieces_it_is_the_same_text() {
        let value = vec!["ä\u{200e}\u{1f600}\"x"; 100_000];
        let made = artifact("x.json", &value, PrettyFormatter::new()).unwrap();
        let Recipe::Pieces(pieces) = &made.artifacts[0].recipe else { panic!() };
        assert!(pieces.len() > 1);
        let expected = serde_json::to_string_pretty(&value).unwrap().replace('\u{200e}', "\\u200e") + "\n";
        assert!(files::bytes_of(&made.artifacts[0].recipe).unwrap() == expected.as_bytes());
    }
}
