//! Turns `deckle.lock` into what is remembered of notes and note types, and back into its text.
//!
//! Knows nothing of notes in Markdown, nor where the file lies. The form is one line a record, fields separated by single
//! spaces, sorted by GUID, so that git merges two sides by keeping the lines of both:
//!
//! ```text
//! deckle.lock <version>
//! collection <id>
//! type <basic|cloze> <generation> <mod> <style> <names>
//! <guid> <b|c> <mod> <content> <due> <front> <back> <front sketch> <back sketch> <deck> <path> <id> <clozes> <excerpt>
//! <guid> x <b|c> <mod> <content> <front> <back> <sketch> <excerpt> <day>
//! ```
//!
//! A line takes 600 bytes at most, and 120 where the note is gone; deck, path and id count as 100, for they are the author's.

mod damage;
mod line;
mod parse;
mod version;

use std::borrow::Cow;
use std::fmt::Write;

use rayon::prelude::*;

use self::version::Version;
use super::field::{Hash, encode};
use crate::ir::{Guid, NoteTypeKey};
use crate::source::Span;

pub(super) use line::{Core, Day};
pub use line::{LockedNote, Remembered, Tombstone};

/// What is remembered between builds.
#[derive(Debug, Clone)]
pub struct Lock {
    /// The collection's id.
    pub collection: String,
    /// Where the file says so; `None` where it does not.
    pub collection_span: Option<Span>,
    /// The note types, by key; none twice.
    pub types: Vec<LockedType>,
    /// The notes that are there, sorted by GUID.
    pub(super) notes: Vec<LockedNote>,
    /// The notes that are gone, sorted by GUID.
    pub(super) gone: Vec<Tombstone>,
    /// Lines of notes whose GUID another line of [`Self::notes`] has: git keeps the lines of both sides of a merge.
    pub(super) doubles: Vec<LockedNote>,
    /// The day of this build, on which notes go; `None` where that is not known.
    pub(super) day: Option<Day>,
    /// The lowest version that knows all lines: that of the file, as long as none was made anew.
    version: Version,
    /// Whether records differ from those that were read, or stood there twice or out of order.
    pub(super) dirty: bool,
}

/// What is remembered of a note type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedType {
    /// Which one.
    pub key: NoteTypeKey,
    /// Part of its id; rises when fields or templates are added, removed, renamed or put into another order.
    pub generation: u32,
    /// Unix seconds of the last change of templates or style.
    pub modified: i64,
    /// Hash of templates and style.
    pub(super) style: Hash,
    /// Hash of the names of fields and templates.
    pub(super) names: Hash,
}

impl Lock {
    /// A lock that remembers nothing.
    pub fn new(collection: &str) -> Self {
        Self {
            collection: collection.to_owned(),
            collection_span: None,
            types: Vec::new(),
            notes: Vec::new(),
            gone: Vec::new(),
            doubles: Vec::new(),
            day: None,
            version: Version::LATEST,
            dirty: true,
        }
    }

    /// The notes that are there, sorted by GUID.
    pub fn notes(&self) -> &[LockedNote] {
        &self.notes
    }

    /// The notes that are gone, sorted by GUID.
    pub fn gone(&self) -> &[Tombstone] {
        &self.gone
    }

    /// Whether it has to be written: it remembers something else than what was read, or there was nothing.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// The note with a GUID, if it is there.
    pub fn note(&self, guid: &Guid) -> Option<&LockedNote> {
        self.notes.get(self.notes.binary_search_by(|note| note.guid().cmp(guid)).ok()?)
    }

    /// The note with a GUID, if it is gone.
    pub fn tombstone(&self, guid: &Guid) -> Option<&Tombstone> {
        self.gone.get(self.grave_of(guid).ok()?)
    }

    /// Puts a note in, in place of what was remembered under its GUID.
    #[expect(clippy::indexing_slicing, reason = "the search found the place")]
    pub fn remember(&mut self, note: &Remembered) {
        let note = LockedNote::new(note);
        self.touch();
        if let Ok(place) = self.grave_of(note.guid()) {
            self.gone.remove(place);
        }
        match self.notes.binary_search_by(|other| other.guid().cmp(note.guid())) {
            Ok(place) => drop(std::mem::replace(&mut self.notes[place], note)),
            Err(place) => self.notes.insert(place, note),
        }
    }

    /// Makes a note that is there a gone one. Says whether it was there.
    #[expect(clippy::indexing_slicing, reason = "the search found the place")]
    pub fn bury(&mut self, guid: &Guid) -> bool {
        let Ok(place) = self.notes.binary_search_by(|note| note.guid().cmp(guid)) else { return false };
        let tombstone = self.notes.remove(place).tombstone(self.day);
        self.touch();
        match self.grave_of(guid) {
            Ok(place) => drop(std::mem::replace(&mut self.gone[place], tombstone)),
            Err(place) => self.gone.insert(place, tombstone),
        }
        true
    }

    /// Takes a gone note out for good. Says whether it was there.
    pub fn forget(&mut self, guid: &Guid) -> bool {
        let place = self.grave_of(guid);
        place.map(|place| self.gone.remove(place)).is_ok_and(|_| {
            self.dirty = true;
            true
        })
    }

    /// Takes out for good what has been gone for more than so many days, but for those that somebody is `asked` about; gives how
    /// many that are. Of what went at an unknown time it is not more than since this build.
    ///
    /// Only of a lock that is to be written: that time goes by is nothing that changed in a project.
    pub fn forget_older(&mut self, days: u32, asked: &dyn Fn(&Guid) -> bool) -> usize {
        let Some(Day(today)) = self.day.filter(|_| self.dirty) else { return 0 };
        let all = self.gone.len();
        self.gone
            .retain(|gone| gone.since().is_none_or(|Day(day)| today.saturating_sub(day) <= days) || asked(gone.guid()));
        for gone in self.gone.iter_mut().filter(|gone| gone.since().is_none()) {
            *gone = gone.dated(Day(today));
            self.version = Version::LATEST;
        }
        all - self.gone.len()
    }

    /// Where the gone note with a GUID stands, or would.
    fn grave_of(&self, guid: &Guid) -> Result<usize, usize> {
        self.gone.binary_search_by(|gone| gone.key().cmp(&guid.0))
    }

    /// Nothing that is there is gone.
    fn part_living(&mut self) {
        let mut living = self.notes.iter().map(|note| note.guid().0.as_str()).peekable();
        self.gone.retain(|gone| {
            while living.next_if(|note| *note < gone.key()).is_some() {}
            living.peek() != Some(&gone.key())
        });
    }

    /// A line is made anew.
    fn touch(&mut self) {
        self.dirty = true;
        self.version = Version::LATEST;
    }

    /// The index of a GUID among the notes that are there, or behind them among those that are gone.
    pub(super) fn index_of(&self, guid: &Guid) -> Option<usize> {
        let there = self.notes.binary_search_by(|note| note.guid().cmp(guid));
        let gone = || self.grave_of(guid).map(|place| self.notes.len() + place);
        there.or_else(|_| gone()).ok()
    }

    /// What is remembered of the note at such an index.
    pub(super) fn core(&self, index: usize) -> Option<&Core> {
        match self.notes.get(index) {
            Some(note) => Some(note.core()),
            None => self.gone.get(index - self.notes.len()).map(Tombstone::core),
        }
    }

    /// The latest modification time.
    pub(super) fn newest(&self) -> Option<i64> {
        let types = self.types.iter().map(|one| one.modified);
        self.notes.iter().map(LockedNote::modified).chain(types).max()
    }

    /// Takes over a build: the lines of notes that are new or not what they were, in any order, and for each note of
    /// before, the gone ones last where anybody looked at them, whether it is there. Says whether anything is remembered otherwise, and gives, sorted by
    /// GUID, what was remembered of the notes whose content changed.
    pub(super) fn renew(&mut self, is_there: &[bool], mut lines: Vec<LockedNote>) -> (bool, Vec<LockedNote>) {
        let mut edited = Vec::new();
        let (notes, gone) = is_there.split_at(self.notes.len().min(is_there.len()));
        if lines.is_empty() && notes.iter().all(|&there| there) && !gone.contains(&true) {
            return (false, edited);
        }
        self.touch();
        if gone.contains(&true) {
            let mut is_back = gone.iter();
            self.gone.retain(|_| is_back.next() != Some(&true));
        }
        lines.par_sort_unstable_by(|one, other| one.guid().cmp(other.guid()));
        let mut lines = lines.into_iter().peekable();
        let mut renewed = Vec::with_capacity(self.notes.len() + lines.len());
        for (note, &is_there) in std::mem::take(&mut self.notes).into_iter().zip(notes) {
            while let Some(line) = lines.next_if(|line| line.guid() < note.guid()) {
                renewed.push(line);
            }
            match lines.next_if(|line| line.guid() == note.guid()) {
                Some(line) => {
                    if line.core().content != note.core().content {
                        edited.push(note);
                    }
                    renewed.push(line);
                }
                None if is_there => renewed.push(note),
                None => self.gone.push(note.tombstone(self.day)),
            }
        }
        renewed.extend(lines);
        self.notes = renewed;
        self.gone.sort_by(|one, other| one.key().cmp(other.key()));
        self.part_living();
        (true, edited)
    }

    /// Takes over the collection's id and note types. Says whether anything is remembered otherwise.
    pub(super) fn renew_head(&mut self, collection: &str, types: Vec<LockedType>) -> bool {
        if self.collection == collection && self.types == types {
            return false;
        }
        self.dirty = true;
        self.types = types;
        collection.clone_into(&mut self.collection);
        true
    }

    /// The file's text: UTF-8, lines end in LF. The same memory gives the same bytes.
    pub fn to_text(&self) -> String {
        let size = self.notes.iter().map(|note| note.line().len() + 1).sum::<usize>() + self.gone.len() * 120;
        let mut text = String::with_capacity(size + 256);
        text.push_str(&self.version.header());
        text.push('\n');
        let _ = writeln!(text, "collection {}", encode(&self.collection));
        for one in &self.types {
            let LockedType { key, generation, modified, style, names } = one;
            let _ = writeln!(text, "type {} {generation} {modified} {style} {names}", type_word(*key));
        }
        let (mut notes, mut gone) = (self.notes.iter().peekable(), self.gone.iter().peekable());
        while let Some(line) = next_line(&mut notes, &mut gone) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

impl LockedType {
    /// Whether templates, style and names are those of another one.
    pub fn looks_the_same(&self, other: &Self) -> bool {
        (self.style, self.names) == (other.style, other.names)
    }
}

/// What the first line begins with; the version of the file's form follows.
const NAME: &str = "deckle.lock";

fn type_word(key: NoteTypeKey) -> &'static str {
    match key {
        NoteTypeKey::Basic => "basic",
        NoteTypeKey::Cloze => "cloze",
    }
}

/// The line with the lowest GUID of those that are left.
fn next_line<'a>(
    notes: &mut std::iter::Peekable<std::slice::Iter<'a, LockedNote>>,
    gone: &mut std::iter::Peekable<std::slice::Iter<'a, Tombstone>>,
) -> Option<Cow<'a, str>> {
    let is_gone_first = match (notes.peek(), gone.peek()) {
        (Some(note), Some(gone)) => gone.key() < note.guid().0.as_str(),
        (None, _) => true,
        (Some(_), None) => false,
    };
    if is_gone_first { gone.next().map(|gone| gone.line().into()) } else { notes.next().map(|note| note.line().into()) }
}

#[cfg(test)]
mod tests;
