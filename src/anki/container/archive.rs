//! Turns a zip of anybody's into its members, unpacked as they are read.
//!
//! Trusts nothing that the zip states: a number that is wrong is an error, and none says how much memory is taken. Members
//! are found by name and read one at a time, so that neither their number nor paths in their names mean anything. The
//! form is that of PKWARE's APPNOTE 6.3.10. Knows nothing of what is packed.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::bufread::DeflateDecoder;

use super::Refusal;

/// The largest table of contents that is read, in bytes: that of 250,000 media under names of 20.
const MAX_CONTENTS: u64 = 16 << 20;

/// A zip whose table of contents was read.
pub struct Archive<R> {
    reader: R,
    /// The headers of the members, one behind the other.
    contents: Vec<u8>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// It is no zip, one that was cut short, or one whose table of contents is too large.
    pub fn open(mut reader: R) -> Result<Self, Refusal> {
        let (start, size) = find_contents(&mut reader)?;
        if size > MAX_CONTENTS {
            return Err(format!("its table of contents takes more than {} MiB", MAX_CONTENTS >> 20).into());
        }
        seek(&mut reader, start)?;
        let mut contents = Vec::new();
        (&mut reader).take(size).read_to_end(&mut contents)?;
        if contents.len() as u64 == size { Ok(Self { reader, contents }) } else { Err(DAMAGED.into()) }
    }

    /// Whether there is a member of this name.
    pub fn has(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.find(name)?.is_some())
    }

    /// What the zip states as the checksum of a member; `None` where there is none of this name.
    pub fn checksum(&self, name: &str) -> Result<Option<u32>, Refusal> {
        Ok(self.find(name)?.map(|header| header.crc32))
    }

    /// What the zip states as the checksum of each member, by name.
    ///
    /// # Errors
    /// Its table of contents is damaged.
    pub fn checksums(&self) -> Result<HashMap<&[u8], u32>, Refusal> {
        self.headers().map(|found| found.map(|(header, name)| (name, header.crc32))).collect()
    }

    /// Begins to unpack a member of at most so many bytes; `None` where there is none of this name.
    ///
    /// # Errors
    /// It is larger, there are two, or it is packed in a way that is not read.
    pub fn member(&mut self, name: &str, most: u64) -> Result<Option<Unpacked<&mut R>>, Refusal> {
        let Some(header) = self.find(name)? else { return Ok(None) };
        if header.is_encrypted {
            return Err(format!("{name} in it is encrypted").into());
        }
        if header.size > most {
            return Err(format!("{name} in it is {} bytes long, and at most {most} are unpacked", header.size).into());
        }
        seek(&mut self.reader, header.place)?;
        let mut local = [0; LOCAL_HEADER];
        self.reader.read_exact(&mut local).map_err(|_| DAMAGED)?;
        let local = Numbers(&local);
        if local.u32(0)? != LOCAL_MARK {
            return Err(format!("{name} is not where the zip says").into());
        }
        self.reader.seek_relative(i64::from(local.u16(26)?) + i64::from(local.u16(28)?))?;
        let packed = BufReader::new((&mut self.reader).take(header.packed_size));
        let packing = match header.method {
            0 => Packing::Stored(packed),
            8 => Packing::Deflated(DeflateDecoder::new(packed)),
            method => return Err(format!("{name} in it is packed in a way that is not read (method {method})").into()),
        };
        Ok(Some(Unpacked {
            packing,
            size: header.size,
            left: header.size,
            crc32: header.crc32,
            read: crc32fast::Hasher::new(),
        }))
    }

    fn find(&self, name: &str) -> Result<Option<Header>, Refusal> {
        let mut found = None;
        for header in self.headers() {
            let (header, other) = header?;
            if other == name.as_bytes() && found.replace(header).is_some() {
                return Err(format!("there are two {name} in it").into());
            }
        }
        Ok(found)
    }

    /// The members with their names; an error is the last one.
    fn headers(&self) -> impl Iterator<Item = Result<(Header, &[u8]), Refusal>> {
        let mut rest = self.contents.as_slice();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let behind = |(header, name, length)| Ok(((header, name), rest.get(length..).ok_or(DAMAGED)?));
            let read = Header::read(rest).and_then(behind);
            rest = read.as_ref().map_or(&[], |(_, behind)| behind);
            Some(read.map(|(found, _)| found))
        })
    }
}

/// A member as it is unpacked: never more bytes than it was said to have.
pub struct Unpacked<R> {
    packing: Packing<R>,
    size: u64,
    left: u64,
    /// The checksum that the zip states, and that of what was read so far.
    crc32: u32,
    read: crc32fast::Hasher,
}

impl<R: Read> Unpacked<R> {
    /// How many bytes it is said to have.
    pub fn size(&self) -> usize {
        self.size as usize
    }

    /// Holds, once all was read, that it is what the zip says.
    ///
    /// # Errors
    /// It has another checksum.
    pub fn check(self) -> Result<(), Refusal> {
        if self.read.finalize() == self.crc32 { Ok(()) } else { Err(DAMAGED.into()) }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let buffer = buffer.get_mut(..room).unwrap_or_default();
        let read = self.packing.read(buffer).map_err(damage)?;
        if read == 0 && room > 0 {
            return Err(io::Error::other(DAMAGED));
        }
        self.left -= read as u64;
        self.read.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// What the disk says, it says; all else is the zip's.
fn damage(cause: io::Error) -> io::Error {
    if cause.raw_os_error().is_some() { cause } else { io::Error::other(DAMAGED) }
}

enum Packing<R> {
    Stored(BufReader<Take<R>>),
    Deflated(DeflateDecoder<BufReader<Take<R>>>),
}

impl<R: Read> Read for Packing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(packed) => packed.read(buffer),
            Self::Deflated(packed) => packed.read(buffer),
        }
    }
}

const DAMAGED: &str = "it is damaged: the zip is not what it says";

const LOCAL_MARK: u32 = 0x0403_4b50;
const LOCAL_HEADER: usize = 30;
const HEADER_MARK: u32 = 0x0201_4b50;
const HEADER: usize = 46;
const END_MARK: u32 = 0x0605_4b50;
const END: usize = 22;
const END_64_MARK: u32 = 0x0606_4b50;
const END_64: usize = 56;
const LOCATOR_MARK: u32 = 0x0706_4b50;
const LOCATOR: usize = 20;

/// Where the table of contents begins, and how many bytes it takes.
fn find_contents(reader: &mut (impl Read + Seek)) -> Result<(u64, u64), Refusal> {
    let length = reader.seek(SeekFrom::End(0))?;
    // A comment of 64 KiB may follow the end record.
    let start = length.saturating_sub((LOCATOR + END) as u64 + u64::from(u16::MAX));
    reader.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    reader.take(length - start).read_to_end(&mut tail)?;
    let mark = END_MARK.to_le_bytes();
    let places = (0..(tail.len() + 1).saturating_sub(END)).rev();
    let is_end = |&place: &usize| {
        let end = Numbers(tail.get(place..).unwrap_or_default());
        end.0.starts_with(&mark) && end.u16(20).is_ok_and(|comment| place + END + usize::from(comment) <= tail.len())
    };
    let place = places.into_iter().find(is_end).ok_or("it is no Anki package: not a zip")?;
    let end = Numbers(tail.get(place..).unwrap_or_default());
    let locator = place.checked_sub(LOCATOR).and_then(|place| tail.get(place..)).map(Numbers);
    match locator {
        Some(locator) if locator.u32(0)? == LOCATOR_MARK => find_contents_64(reader, locator.u64(8)?),
        Some(_) | None => Ok((u64::from(end.u32(16)?), u64::from(end.u32(12)?))),
    }
}

fn find_contents_64(reader: &mut (impl Read + Seek), place: u64) -> Result<(u64, u64), Refusal> {
    seek(reader, place)?;
    let mut end = [0; END_64];
    reader.read_exact(&mut end).map_err(|_| DAMAGED)?;
    let end = Numbers(&end);
    if end.u32(0)? == END_64_MARK { Ok((end.u64(48)?, end.u64(40)?)) } else { Err(DAMAGED.into()) }
}

/// Goes to a place that the zip names, which may be none.
fn seek(reader: &mut impl Seek, place: u64) -> Result<(), Refusal> {
    reader.seek(SeekFrom::Start(place)).map(|_| ()).map_err(|_| DAMAGED.into())
}

/// What the table of contents says of a member.
struct Header {
    is_encrypted: bool,
    method: u16,
    crc32: u32,
    packed_size: u64,
    size: u64,
    /// Where its local header stands.
    place: u64,
}

impl Header {
    /// The header at the start of `bytes`, the member's name, and how many bytes the header takes.
    fn read(bytes: &[u8]) -> Result<(Self, &[u8], usize), Refusal> {
        let numbers = Numbers(bytes);
        if numbers.u32(0)? != HEADER_MARK {
            return Err(DAMAGED.into());
        }
        let [name, extra, comment] = [numbers.u16(28)?, numbers.u16(30)?, numbers.u16(32)?].map(usize::from);
        let mut header = Self {
            is_encrypted: numbers.u16(8)? & 1 == 1,
            method: numbers.u16(10)?,
            crc32: numbers.u32(16)?,
            packed_size: numbers.u32(20)?.into(),
            size: numbers.u32(24)?.into(),
            place: numbers.u32(42)?.into(),
        };
        header.take_large(bytes.get(HEADER + name..HEADER + name + extra).ok_or(DAMAGED)?)?;
        Ok((header, bytes.get(HEADER..HEADER + name).ok_or(DAMAGED)?, HEADER + name + extra + comment))
    }

    /// Takes over numbers of 64 bits: those stand in a record of their own, in this order, that have no room in 32.
    fn take_large(&mut self, mut extra: &[u8]) -> Result<(), Refusal> {
        while extra.len() >= 4 {
            let (kind, length) = (Numbers(extra).u16(0)?, usize::from(Numbers(extra).u16(2)?));
            let record = Numbers(extra.get(4..4 + length).ok_or(DAMAGED)?);
            if kind == 1 {
                let mut place = 0;
                for number in [&mut self.size, &mut self.packed_size, &mut self.place] {
                    if *number == u64::from(u32::MAX) {
                        *number = record.u64(place)?;
                        place += 8;
                    }
                }
            }
            extra = extra.get(4 + length..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Numbers at places of a record, the lowest byte first.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn u16(&self, place: usize) -> Result<u16, Refusal> {
        self.bytes(place).map(u16::from_le_bytes)
    }

    fn u32(&self, place: usize) -> Result<u32, Refusal> {
        self.bytes(place).map(u32::from_le_bytes)
    }

    fn u64(&self, place: usize) -> Result<u64, Refusal> {
        self.bytes(place).map(u64::from_le_bytes)
    }

    fn bytes<const N: usize>(&self, place: usize) -> Result<[u8; N], Refusal> {
        let bytes = self.0.get(place..).and_then(<[u8]>::first_chunk);
        bytes.copied().ok_or_else(|| DAMAGED.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    /// A zip of two members, as others write it.
    fn zip(is_deflated: bool, is_large: bool, one: &[u8], two: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let method = if is_deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default().compression_method(method).large_file(is_large);
        for (name, bytes) in [("one", one), ("two", two)] {
            writer.start_file(name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn unpacked(zip: &[u8], name: &str) -> Result<Option<Vec<u8>>, String> {
        let unpack = || {
            let mut archive = Archive::open(Cursor::new(zip))?;
            let Some(mut member) = archive.member(name, 1_000_000)? else { return Ok(None) };
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes)?;
            member.check()?;
            Ok(Some(bytes))
        };
        unpack().map_err(|refusal: Refusal| refusal.to_string())
    }

    proptest! {
        #[test]
        fn what_others_pack_is_unpacked(
            is_deflated: bool, is_large: bool, one: Vec<u8>, two: Vec<u8>, comment in "[a-z]{0,40}",
        ) {
            let mut bytes = zip(is_deflated, is_large, &one, &two);
            let length = bytes.len();
            bytes[length - 2] = comment.len() as u8;
            bytes.extend(comment.bytes());
            prop_assert_eq!(unpacked(&bytes, "one"), Ok(Some(one)));
            prop_assert_eq!(unpacked(&bytes, "two"), Ok(Some(two)));
            prop_assert_eq!(unpacked(&bytes, "tw"), Ok(None));
        }

        #[test]
        fn damage_is_an_error_or_changes_nothing(
            is_deflated: bool, one in prop::collection::vec(any::<u8>(), 0..50), place: u16, bit in 0..8,
        ) {
            let mut bytes = zip(is_deflated, false, &one, b"two");
            let place = usize::from(place) % bytes.len();
            bytes[place] ^= 1_u8 << bit;
            if let Ok(Some(read)) = unpacked(&bytes, "one") {
                prop_assert_eq!(read, one);
            }
            let _ = unpacked(&bytes[..place], "one");
        }
    }

    /// Puts a number at a place of the first header in the table of contents.
    fn with(place: usize, number: &[u8]) -> Vec<u8> {
        let mut bytes = zip(true, false, &[7; 1000], b"two");
        let header = bytes.windows(4).position(|mark| mark == HEADER_MARK.to_le_bytes()).unwrap();
        bytes[header + place..header + place + number.len()].copy_from_slice(number);
        bytes
    }

    #[test]
    fn what_a_zip_says_is_not_trusted() {
        const DAMAGED: &str = "it is damaged";
        for (bytes, said) in [
            (with(8, &[1]), "one in it is encrypted"),
            (with(10, &[12]), "one in it is packed in a way that is not read (method 12)"),
            (with(24, &[0xff; 4]), "one in it is 4294967295 bytes long, and at most 1000000 are unpacked"),
            (with(24, &[1, 2, 0, 0]), DAMAGED),
            (with(24, &[0; 4]), DAMAGED),
            (with(24, &[0xff, 0xff, 0, 0]), DAMAGED),
            (with(20, &[1, 0, 0, 0]), DAMAGED),
            (with(16, &[0; 4]), DAMAGED),
            (with(42, &[9]), "one is not where the zip says"),
            (with(42, &[0xff, 0xff, 0xff, 0x7f]), DAMAGED),
            (with(28, &[0xff; 2]), DAMAGED),
            (with(30, &[0xff; 2]), DAMAGED),
            (zip(true, false, b"", b"")[..60].to_vec(), "not a zip"),
        ] {
            let found = unpacked(&bytes, "one").unwrap_err();
            assert!(found.contains(said), "{said}: {found}");
        }
        let mut twice = zip(false, false, b"1", b"2");
        for place in 0..twice.len() - 3 {
            if twice[place..].starts_with(b"two") {
                twice[place..place + 3].copy_from_slice(b"one");
            }
        }
        assert_eq!(unpacked(&twice, "one"), Err("there are two one in it".to_owned()));
    }

    #[test]
    fn a_table_of_contents_without_end_is_not_read() {
        let bytes = zip(false, false, b"1", b"2");
        let end = bytes.len() - END;
        let large = |size: u64, place: u64| {
            let mut large = bytes[..end].to_vec();
            let at = large.len() as u64;
            large.extend(
                [
                    END_64_MARK.to_le_bytes().as_slice(),
                    &[0; 20],
                    &[0xff; 16],
                    &size.to_le_bytes(),
                    &place.to_le_bytes(),
                ]
                .concat(),
            );
            large.extend([LOCATOR_MARK.to_le_bytes().as_slice(), &[0; 4], &at.to_le_bytes(), &[0; 4]].concat());
            large.extend(&bytes[end..]);
            unpacked(&large, "one").unwrap_err()
        };
        assert!(large(u64::MAX, 0).contains("its table of contents takes more than 16 MiB"));
        for place in [0, 1 << 40, u64::MAX] {
            assert!(large(MAX_CONTENTS, place).contains("it is damaged"), "{place}");
        }
    }
}
