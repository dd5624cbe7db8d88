//! Turns recipes into bytes, piece by piece.
//!
//! Knows nothing of where they go.

use std::io::Write;

use super::kept::copy;
use super::media::{Fault, read_blob};
use super::zip::write_zip;
use crate::Error;
use crate::source::{Piece, Recipe};
use crate::text::data;

/// All bytes of a recipe at once.
///
/// # Errors
/// A file that it takes bytes from cannot be read, or has other bytes by now.
pub fn bytes_of(recipe: &Recipe) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    carry_out(recipe, &mut bytes).map_err(|fault| match fault {
        Fault::Source(error) => error,
        Fault::Sink(cause) => Error::new("cannot keep", "the bytes of a file", cause),
    })?;
    Ok(bytes)
}

/// Writes the bytes of a recipe. One file at most is open at a time.
pub(super) fn carry_out(recipe: &Recipe, sink: &mut impl Write) -> Result<(), Fault> {
    match recipe {
        Recipe::Blob(blob) => read_blob(blob, &mut |bytes| sink.write_all(bytes)),
        Recipe::Pieces(pieces) => pieces.iter().try_for_each(|piece| write_piece(piece, sink)),
        Recipe::Zip(members) => write_zip(members, sink),
        Recipe::There(there) => copy(there, sink),
    }
}

fn write_piece(piece: &Piece, sink: &mut impl Write) -> Result<(), Fault> {
    match piece {
        Piece::Plain(blob) => read_blob(blob, &mut |bytes| sink.write_all(bytes)),
        Piece::Base64(blob) => {
            let mut text = Vec::new();
            read_blob(blob, &mut |bytes| {
                text.clear();
                data::encode(bytes, &mut text);
                sink.write_all(&text)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::media::blob_of;
    use super::*;
    use crate::source::Blob;

    #[test]
    fn base64_is_the_same_from_memory_and_from_a_file_of_any_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for length in [0, 1, 2, 3, 196_606, 196_607, 196_608, 196_609, 393_217] {
            let bytes: Vec<u8> =
                (0..length).map(|index: u32| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            let file = blob_of(&path);
            assert!(matches!(file, Blob::File(_)) || length == 0, "nothing has to stay in memory");
            let recipe =
                |blob| Recipe::Pieces(vec![Piece::Plain(String::from("<").into()), Piece::Base64(blob)].into());
            let (in_file, in_memory) = (recipe(file), recipe(bytes.clone().into()));
            let text = bytes_of(&in_file).unwrap();
            assert_eq!(text, bytes_of(&in_memory).unwrap());
            assert_eq!(Some(text.len() as u64), in_file.length());
            let address = data::address("x/y", &bytes);
            assert_eq!(text[1..], address.as_bytes()["data:x/y;base64,".len()..]);
        }
    }

    #[test]
    fn a_file_that_was_changed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.png");
        std::fs::write(&path, "before").unwrap();
        let recipe = Recipe::from(blob_of(&path));
        assert_eq!(bytes_of(&recipe).unwrap(), b"before");
        for other in ["after!", "short", "longer than it was", ""] {
            std::fs::write(&path, other).unwrap();
            let said = bytes_of(&recipe).unwrap_err().to_string();
            assert!(said.starts_with("cannot use ") && said.contains("picture.png: it was changed"), "{said}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(bytes_of(&recipe).unwrap_err().to_string().starts_with("cannot read "));
    }
}
