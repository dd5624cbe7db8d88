//! Packs a database and media into the zip that Anki opens.
//!
//! Knows nothing of what the database holds.

use std::io;

use rayon::prelude::*;

use super::deflate::{LEVEL, deflate, deflate_given};
use super::{DATABASE, MEDIA};
use crate::ir::Media;
use crate::source::{Blob, Member, Packing, Recipe};
use crate::text::extension::shrinks;

/// The package. `database` puts the pages of its database, but for the first, which it gives back; `media` are numbered in
/// their order, and those that are files are read when the package is written.
///
/// # Errors
/// The database has 4 GiB or more, or what `database` says.
pub fn zip(
    database: impl FnOnce(&mut dyn FnMut(&[u8])) -> io::Result<Vec<u8>> + Send,
    media: &[&Media],
) -> io::Result<Recipe> {
    let mut members = vec![
        Member { name: DATABASE.to_owned(), packing: Packing::Deflated(deflate_given(database)?) },
        Member { name: MEDIA.to_owned(), packing: Packing::Deflated(deflate(map(media).as_bytes())?) },
    ];
    let packed = media.par_iter().map(|medium| packing(medium)).collect::<io::Result<Vec<Packing>>>()?;
    members.extend((0..).zip(packed).map(|(number, packing): (usize, _)| Member { name: number.to_string(), packing }));
    Ok(Recipe::Zip(members.into()))
}

/// A package without the bytes of its media.
pub fn without_media(package: &Recipe) -> Recipe {
    let Recipe::Zip(members) = package else { return package.clone() };
    let is_kept = |member: &&Member| member.name == DATABASE || member.name == MEDIA;
    Recipe::Zip(members.iter().filter(is_kept).cloned().collect::<Vec<_>>().into())
}

/// `{"0":"name",…}`, by number and not in the order of the digits.
fn map(media: &[&Media]) -> String {
    let entry = |(number, medium): (usize, &&Media)| {
        let name = serde_json::Value::from(medium.name.as_str());
        format!("\"{number}\":{name}")
    };
    let entries: Vec<String> = media.iter().enumerate().map(entry).collect();
    format!("{{{}}}", entries.join(","))
}

fn packing(medium: &Media) -> io::Result<Packing> {
    Ok(match (shrinks(&medium.name), &medium.blob) {
        (false, blob) => Packing::Stored(blob.clone()),
        (true, Blob::Memory(bytes)) => Packing::Deflated(deflate(bytes)?),
        (true, file @ Blob::File(_)) => Packing::Deflate(file.clone(), LEVEL),
    })
}
