//! Turns members into a zip, from its start to its end: what stands in a header is known before the header is written.
//!
//! Layout and names: APPNOTE.TXT 6.3.10 of PKWARE. Knows nothing of packages.
//!
//! The `zip` crate, which reads packages, takes no members that are deflated already, and goes back in what it writes: these are
//! deflated on all cores before, and compared with the old file as they come.

use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::media::{Fault, read_blob};
use crate::Error;
use crate::source::{Blob, Deflated, Member, Packing};

/// Writes the members, and the directory behind them.
///
/// A file that is deflated only now is held in memory as it comes out, one at a time.
pub(super) fn write_zip(members: &[Member], sink: &mut impl Write) -> Result<(), Fault> {
    let mut sink = Counted { sink, offset: 0 };
    let mut entries = Vec::with_capacity(members.len());
    for member in members {
        entries.push(write_member(member, &mut sink)?);
    }
    let start = sink.offset;
    for entry in &entries {
        sink.write_all(&entry.central())?;
    }
    Ok(sink.write_all(&end(entries.len() as u64, start, sink.offset - start))?)
}

/// 1980-01-01, and midnight.
const DATE_TIME: u32 = 0x0021_0000;
/// A file of Unix with the permissions `rw-r--r--`.
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// In the upper byte of "made by": Unix.
const UNIX: u16 = 3 << 8;
/// What a reader must know of: nothing, deflated members, zips with offsets beyond 4 GiB.
const STORED: u16 = 10;
const DEFLATED: u16 = 20;
const ZIP64: u16 = 45;

/// Counts what goes through.
struct Counted<'a, W> {
    sink: &'a mut W,
    offset: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.sink.write(bytes)?;
        self.offset += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// What the directory says of a member.
struct Entry<'a> {
    name: &'a str,
    is_deflated: bool,
    crc32: u32,
    packed: u32,
    length: u32,
    offset: u64,
}

fn write_member<'a>(member: &'a Member, sink: &mut Counted<'_, impl Write>) -> Result<Entry<'a>, Fault> {
    let made;
    let (blob, is_deflated, crc32, length) = match &member.packing {
        Packing::Stored(blob) => (blob, false, crc32(blob), length_of(blob)?),
        Packing::Deflated(deflated) => (&deflated.bytes, true, deflated.crc32, deflated.length),
        Packing::Deflate(blob, level) => {
            made = deflate(blob, *level)?;
            (&made.bytes, true, made.crc32, made.length)
        }
    };
    let entry = Entry { name: &member.name, is_deflated, crc32, packed: length_of(blob)?, length, offset: sink.offset };
    sink.write_all(&entry.local())?;
    read_blob(blob, &mut |bytes| sink.write_all(bytes))?;
    Ok(entry)
}

impl Entry<'_> {
    /// What stands before the member: 4.3.7.
    fn local(&self) -> Vec<u8> {
        let mut header = b"PK\x03\x04".to_vec();
        self.push_facts(if self.is_deflated { DEFLATED } else { STORED }, &mut header);
        header.extend(0_u16.to_le_bytes());
        header.extend(self.name.as_bytes());
        header
    }

    /// What stands in the directory: 4.3.12. An offset that does not fit has a field of its own (4.5.3).
    fn central(&self) -> Vec<u8> {
        let offset = u32::try_from(self.offset).ok().filter(|&offset| offset < u32::MAX);
        let version = match (offset, self.is_deflated) {
            (None, _) => ZIP64,
            (Some(_), true) => DEFLATED,
            (Some(_), false) => STORED,
        };
        let mut extra = Vec::new();
        if offset.is_none() {
            extra.extend([1_u16, 8].map(u16::to_le_bytes).concat());
            extra.extend(self.offset.to_le_bytes());
        }
        let mut header = b"PK\x01\x02".to_vec();
        header.extend((UNIX | version).to_le_bytes());
        self.push_facts(version, &mut header);
        header.extend((extra.len() as u16).to_le_bytes());
        // No comment, on the first disk, nothing known of text in it.
        header.extend([0; 6]);
        header.extend(ATTRIBUTES.to_le_bytes());
        header.extend(offset.unwrap_or(u32::MAX).to_le_bytes());
        header.extend(self.name.as_bytes());
        header.extend(extra);
        header
    }

    /// From the version that a reader needs to the length of the name.
    fn push_facts(&self, version: u16, header: &mut Vec<u8>) {
        let method: u16 = if self.is_deflated { 8 } else { 0 };
        header.extend([version, 0, method].map(u16::to_le_bytes).concat());
        header.extend([DATE_TIME, self.crc32, self.packed, self.length].map(u32::to_le_bytes).concat());
        header.extend((self.name.len() as u16).to_le_bytes());
    }
}

/// What stands at the end: 4.3.16, and before it 4.3.14 and 4.3.15 where numbers do not fit. The highest ones of the short
/// fields are not to be had: they say that the number stands in the long one (4.4.1.4).
fn end(count: u64, start: u64, length: u64) -> Vec<u8> {
    let mut end = Vec::new();
    if count >= u64::from(u16::MAX) || start.max(length) >= u64::from(u32::MAX) {
        end.extend(b"PK\x06\x06");
        end.extend(44_u64.to_le_bytes());
        end.extend([UNIX | ZIP64, ZIP64].map(u16::to_le_bytes).concat());
        end.extend([0; 8]);
        end.extend([count, count, length, start].map(u64::to_le_bytes).concat());
        end.extend(b"PK\x06\x07\0\0\0\0");
        end.extend((start + length).to_le_bytes());
        end.extend(1_u32.to_le_bytes());
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    end.extend(b"PK\x05\x06\0\0\0\0");
    end.extend([count; 2].map(u16::to_le_bytes).concat());
    end.extend([length, start].map(|number| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()).concat());
    end.extend([0; 2]);
    end
}

fn crc32(blob: &Blob) -> u32 {
    match blob {
        Blob::Memory(bytes) => crc32fast::hash(bytes),
        Blob::File(file) => file.crc32,
    }
}

fn deflate(blob: &Blob, level: u32) -> Result<Deflated, Fault> {
    let length = length_of(blob)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    read_blob(blob, &mut |bytes| encoder.write_all(bytes))?;
    Ok(Deflated { bytes: encoder.finish()?.into(), length, crc32: crc32(blob) })
}

/// A length as members have it here.
fn length_of(blob: &Blob) -> Result<u32, Error> {
    let path = match blob {
        Blob::Memory(_) => Path::new("a file"),
        Blob::File(file) => &file.path,
    };
    let length = u32::try_from(blob.length()).ok().filter(|&length| length < u32::MAX);
    length.ok_or_else(|| Error::new("cannot pack", path, "it has 4 GiB or more"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use zip::ZipArchive;

    use super::super::media::blob_of;
    use super::*;

    /// Name and content of all members.
    fn read(zip: impl Read + Seek) -> Vec<(String, Vec<u8>)> {
        let mut archive = ZipArchive::new(zip).unwrap();
        let count = archive.len();
        let member = |index| {
            let mut member = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            (member.name().unwrap().into_owned(), bytes)
        };
        (0..count).map(member).collect()
    }

    fn member(name: &str, packing: Packing) -> Member {
        Member { name: name.to_owned(), packing }
    }

    #[test]
    fn members_are_read_back_however_they_were_packed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let text = "so it goes ".repeat(50_000).into_bytes();
        std::fs::write(&path, &text).unwrap();
        let file = blob_of(&path);
        let members = [
            member("a", Packing::Stored(file.clone())),
            member("b", Packing::Deflate(file, 2)),
            member("c", Packing::Deflated(deflate(&text.clone().into(), 2).unwrap())),
            member("d", Packing::Stored(Vec::new().into())),
        ];
        let mut zip = Vec::new();
        write_zip(&members, &mut zip).unwrap();
        assert!(zip.len() < text.len() + 10_000);
        let expected = [("a", text.clone()), ("b", text.clone()), ("c", text), ("d", Vec::new())];
        assert_eq!(read(io::Cursor::new(zip)), expected.map(|(name, bytes)| (name.to_owned(), bytes)));
    }

    #[test]
    fn more_members_than_two_bytes_count_are_read_back() {
        let blob = Blob::from(Vec::new());
        for (count, is_long) in [(65_534, false), (65_535, true), (70_000, true)] {
            let members: Vec<Member> =
                (0..count).map(|n: u32| member(&n.to_string(), Packing::Stored(blob.clone()))).collect();
            let mut zip = Vec::new();
            write_zip(&members, &mut zip).unwrap();
            let (_, end) = zip.split_at(zip.len() - 22 - 20);
            assert_eq!(end.starts_with(b"PK\x06\x07"), is_long, "{count} members");
            assert_eq!(ZipArchive::new(io::Cursor::new(zip)).unwrap().len(), count as usize);
        }
    }

    /// Bytes behind many that nobody reads.
    struct Behind {
        before: u64,
        bytes: Vec<u8>,
        at: u64,
    }

    impl Read for Behind {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let start = self.at.saturating_sub(self.before) as usize;
            let mut rest = self.bytes.get(start..).unwrap_or_default();
            let count = rest.read(buffer)?;
            self.at += count as u64;
            Ok(count)
        }
    }

    impl Seek for Behind {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let end = self.before + self.bytes.len() as u64;
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(offset) => end.saturating_add_signed(offset),
                SeekFrom::Current(offset) => self.at.saturating_add_signed(offset),
            };
            Ok(self.at)
        }
    }

    #[test]
    fn members_beyond_four_gibibytes_are_read_back() {
        let before = 5 << 30;
        let mut bytes = Vec::new();
        let mut sink = Counted { sink: &mut bytes, offset: before };
        let last = member("last", Packing::Stored(b"here".to_vec().into()));
        let entry = write_member(&last, &mut sink).unwrap();
        let start = sink.offset;
        sink.write_all(&entry.central()).unwrap();
        let length = sink.offset - start;
        sink.write_all(&end(1, start, length)).unwrap();
        assert_eq!(read(Behind { before, bytes, at: 0 }), [("last".to_owned(), b"here".to_vec())]);
    }

    #[test]
    fn a_member_that_no_header_can_hold_is_named() {
        let file = crate::source::BlobFile { path: "film.mp4".into(), length: 1 << 32, crc32: 0 };
        let members = [member("0", Packing::Stored(Blob::File(file.into())))];
        let fault = write_zip(&members, &mut Vec::new()).unwrap_err();
        assert!(
            matches!(fault, Fault::Source(error) if error.to_string() == "cannot pack film.mp4: it has 4 GiB or more")
        );
    }
}
