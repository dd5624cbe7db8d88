//! Finds the database that Anki would take in a package.
//!
//! Trusts no size that the zip states.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{DATABASE, DATABASE_OF_2, META};

/// The largest database that is unpacked: a hundred times that of 100,000 notes, and still not all of a machine.
const MAX_DATABASE: u64 = 4 << 30;

/// Why a package is refused, beside what zip and SQLite say.
pub type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// The bytes of the database.
pub fn database(package: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(package)).map_err(|_| "it is no Anki package: not a zip")?;
    let member = match version(&mut archive)? {
        Some(1) => DATABASE,
        Some(2) => DATABASE_OF_2,
        Some(3) => {
            return Err(
                "it is in the form of newer Ankis (zstd); export it again with \"Support older Anki versions\" \
                        ticked"
                    .into(),
            );
        }
        Some(version) => return Err(format!("it is of version {version}, which deckle does not know").into()),
        None if archive.index_for_name(DATABASE_OF_2).is_some() => DATABASE_OF_2,
        None => DATABASE,
    };
    let missing = || format!("it is no Anki package: there is no {member} in it").into();
    member_of(&mut archive, member)?.ok_or_else(missing)
}

/// The version of the container; `None` where it does not say.
fn version(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Option<u8>, Refusal> {
    let Some(meta) = member_of(archive, META)? else { return Ok(None) };
    match meta.as_slice() {
        [0x08, version, ..] => Ok(Some(*version)),
        _ => Err("the version in it cannot be read".into()),
    }
}

fn member_of(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let member = match archive.by_name(name) {
        Ok(member) => member,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(cause) => return Err(cause.into()),
    };
    let mut bytes = Vec::new();
    member.take(MAX_DATABASE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_DATABASE { Err("its database is larger than 4 GiB".into()) } else { Ok(Some(bytes)) }
}
