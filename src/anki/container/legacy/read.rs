//! Finds the database that Anki would take in a package.
//!
//! Knows nothing of what the database holds.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::super::Refusal;
use super::super::archive::Archive;
use super::{DATABASE, DATABASE_OF_2, MEDIA, META};

/// The largest database that is unpacked, in bytes: five times that of 100,000 notes of deckle's.
const MAX_DATABASE: u64 = 192 << 20;

/// The longest list of media that is read, in bytes: that of 250,000 with names of 50.
const MAX_MEDIA: u64 = 16 << 20;

/// The longest record of the container's version that is read, in bytes; Anki's has two.
const MAX_META: u64 = 1 << 10;

/// Gives the database, and how many bytes it has, to `take`, which reads all of it.
///
/// # Errors
/// It is no package, one in a container that is not read, one whose database is too large or damaged, or what `take` says.
pub fn with_database<T>(
    package: impl Read + Seek,
    take: impl FnOnce(&mut dyn Read, usize) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut archive = Archive::open(package)?;
    let name = match version(&mut archive)? {
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
        None if archive.has(DATABASE_OF_2)? => DATABASE_OF_2,
        None => DATABASE,
    };
    let Some(mut database) = archive.member(name, MAX_DATABASE)? else {
        return Err(format!("it is no Anki package: there is no {name} in it").into());
    };
    let size = database.size();
    let taken = take(&mut database, size)?;
    database.check()?;
    Ok(taken)
}

/// What a package states as the checksum of its database; nothing is unpacked.
///
/// # Errors
/// It is no package, or a damaged one.
pub fn checksum(package: impl Read + Seek) -> Result<u32, Refusal> {
    let archive = Archive::open(package)?;
    let checksum = match archive.checksum(DATABASE_OF_2)? {
        Some(checksum) => Some(checksum),
        None => archive.checksum(DATABASE)?,
    };
    checksum.ok_or_else(|| format!("it is no Anki package: there is no {DATABASE} in it").into())
}

/// The names of the media, each with what the package states as the checksum of its bytes; `None` where it holds none.
///
/// # Errors
/// It is no package, its list is too large, or no JSON that maps numbers to names.
pub fn media(package: impl Read + Seek) -> Result<BTreeMap<String, Option<u32>>, Refusal> {
    let mut archive = Archive::open(package)?;
    let Some(mut member) = archive.member(MEDIA, MAX_MEDIA)? else { return Ok(BTreeMap::new()) };
    let mut list = Vec::new();
    member.read_to_end(&mut list)?;
    member.check()?;
    let names: BTreeMap<String, String> =
        serde_json::from_slice(&list).map_err(|cause| format!("its list of media cannot be read: {cause}"))?;
    let checksums = archive.checksums()?;
    let medium = |(number, name): (String, String)| (name, checksums.get(number.as_bytes()).copied());
    Ok(names.into_iter().map(medium).collect())
}

/// The version of the container; `None` where it does not say.
fn version(archive: &mut Archive<impl Read + Seek>) -> Result<Option<u8>, Refusal> {
    let Some(mut member) = archive.member(META, MAX_META)? else { return Ok(None) };
    let mut meta = Vec::new();
    member.read_to_end(&mut meta)?;
    member.check()?;
    match meta.as_slice() {
        [0x08, version, ..] => Ok(Some(*version)),
        _ => Err("the version in it cannot be read".into()),
    }
}
