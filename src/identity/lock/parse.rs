//! Turns the text of a lock into its records, on all cores, and says where it is damaged.
//!
//! Knows nothing of notes. A GUID may stand on two lines: git keeps the lines of both sides of a merge.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::damage::{self, Damage};
use super::line::{Line, LockedNote, Tombstone};
use super::version::{Record, Version};
use super::{Lock, LockedType};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

impl Lock {
    /// Reads a lock, the text of the source `id`. Each line that is damaged gives an error; a build must then stop, and never
    /// take what is left for the lock.
    pub fn parse(id: SourceId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let (head, body) = text.split_at(text.find('\n').map_or(text.len(), |end| end + 1));
        let mut lock = Self { dirty: !text.ends_with('\n'), ..Self::new("") };
        let header = head.trim_end();
        let version = match Version::of(header) {
            Ok(version) => version,
            Err(why) => {
                diagnostics.push(damage::header(Span::new(id, 0..header.len()), header, why));
                return lock;
            }
        };
        lock.version = version;
        let chunks: Vec<Range<usize>> =
            chunks(body).map(|chunk| chunk.start + head.len()..chunk.end + head.len()).collect();
        let read: Vec<Chunk> = chunks.into_par_iter().map(|chunk| Chunk::read(version, text, chunk)).collect();
        let mut damages = Vec::new();
        for chunk in read {
            lock.take(chunk, id, &mut damages);
        }
        damages.sort_by_key(|(range, _)| range.start);
        diagnostics.extend(damage::diagnostics(id, text, damages));
        lock.settle();
        lock
    }

    /// The lock, read before it was known which source it is, as one of the source `id`.
    #[must_use]
    pub fn at_home(mut self, id: SourceId) -> Self {
        self.collection_span = self.collection_span.map(|span| Span { source: id, ..span });
        self
    }

    fn take(&mut self, mut chunk: Chunk, id: SourceId, damages: &mut Vec<(Range<usize>, Damage)>) {
        self.notes.append(&mut chunk.notes);
        self.gone.append(&mut chunk.gone);
        self.types.append(&mut chunk.types);
        self.dirty |= chunk.untidy;
        self.version = self.version.max(chunk.version.unwrap_or(self.version));
        for (range, collection) in chunk.collections {
            let span = Span::new(id, range.clone());
            if self.collection_span.is_some() && self.collection != collection {
                damages.push((range, Damage::line("another collection than above")));
            } else if self.collection_span.replace(span).is_some() {
                self.dirty = true;
            } else {
                self.collection = collection;
            }
        }
        damages.append(&mut chunk.damages);
    }

    /// Puts all in order and lets each GUID and note type stand once.
    fn settle(&mut self) {
        let notes = settle(&mut self.notes, |note| &note.guid().0, |note| (Reverse(note.modified()), note.line()));
        let gone = settle(&mut self.gone, Tombstone::key, |note| (Reverse(note.modified()), note.line()));
        self.dirty |= notes.is_some() || gone.is_some();
        self.doubles = notes.unwrap_or_default();
        let all = self.gone.len();
        self.part_living();
        self.dirty |= self.gone.len() < all;
        let types = self.types.len();
        self.types.sort_unstable_by_key(|one| (one.key, Reverse((one.generation, one.modified)), one.style));
        self.types.dedup_by_key(|one| one.key);
        self.dirty |= self.types.len() < types;
    }
}

/// Sorts records by GUID and keeps one of each: the last change wins, and of two at the same time the line decides, so that
/// both directions of a merge agree. Gives what is not kept; `None` where there was nothing to do.
fn settle<T: Send + Clone>(
    records: &mut Vec<T>,
    guid: fn(&T) -> &str,
    age: fn(&T) -> (Reverse<i64>, &str),
) -> Option<Vec<T>> {
    if records.is_sorted_by(|one, next| guid(one) < guid(next)) {
        return None;
    }
    let mut others = Vec::new();
    records.par_sort_unstable_by(|one, other| (guid(one), age(one)).cmp(&(guid(other), age(other))));
    records.dedup_by(|later, first| {
        let is_other = guid(later) == guid(first);
        others.extend(is_other.then(|| later.clone()));
        is_other
    });
    Some(others)
}

/// About so many bytes are read at once: thousands of lines, so that splitting costs nothing.
const CHUNK: usize = 1 << 20;

/// So many damages of a chunk are told. A file with more is no lock, and each is larger than a line of nothing.
const MOST_DAMAGES: usize = 200;

/// The ranges of chunks of whole lines.
fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let least = rest.floor_char_boundary(CHUNK);
        let length = rest.split_at(least).1.find('\n').map_or(rest.len(), |end| least + end + 1);
        start += length;
        Some(start - length..start)
    })
}

/// The records of some lines.
#[derive(Default)]
struct Chunk {
    notes: Vec<LockedNote>,
    gone: Vec<Tombstone>,
    types: Vec<LockedType>,
    collections: Vec<(Range<usize>, String)>,
    damages: Vec<(Range<usize>, Damage)>,
    /// Of a first line that is none.
    version: Option<Version>,
    /// Whether a line ends otherwise than in LF, or notes and what is gone are out of order.
    untidy: bool,
}

impl Chunk {
    /// The lines are copied, a chunk at a time: what stays as it is will be written from there.
    fn read(version: Version, text: &str, range: Range<usize>) -> Self {
        let mut chunk = Self::default();
        let file: Arc<str> = text.get(range.clone()).unwrap_or_default().into();
        let mut start = 0;
        for line in file.split_inclusive('\n') {
            let text = line.trim_end_matches(['\n', '\r']);
            chunk.untidy |= line.len() > text.len() + 1;
            if let Err(damage) = chunk.line(version, &file, start..start + text.len(), range.start)
                && chunk.damages.len() < MOST_DAMAGES
            {
                chunk.damages.push((damage.place(text, range.start + start), damage));
            }
            start += line.len();
        }
        chunk
    }

    /// Reads the line at `range` of a chunk that stands at `offset` of the file.
    fn line(&mut self, version: Version, file: &Arc<str>, range: Range<usize>, offset: usize) -> Result<(), Damage> {
        let line = || Line::Read { file: Arc::clone(file), start: range.start as u32, end: range.end as u32 };
        match version.read(file.get(range.clone()).unwrap_or_default(), line)? {
            Record::Version(version) => {
                self.version = self.version.max(Some(version));
                self.untidy = true;
            }
            Record::Collection(id) => self.collections.push((offset + range.start..offset + range.end, id)),
            Record::NoteType(note_type) => self.types.push(note_type),
            Record::Note(note) => self.notes.push(note),
            Record::Gone(gone) => self.gone.push(gone),
        }
        Ok(())
    }
}
