//! Turns `deckle.lock` into what is remembered of notes and note types, and back into its text.
//!
//! Knows nothing of notes in Markdown, nor where the file lies. The form is one line a record, fields separated by single
//! spaces, sorted by GUID, so that git merges two sides by keeping the lines of both:
//!
//! ```text
//! deckle.lock 1
//! collection <id>
//! type <basic|cloze> <generation> <mod> <style> <names>
//! <guid> <b|c> <mod> <content> <due> <front> <back> <front sketch> <back sketch> <deck> <path> <id> <clozes> <excerpt>
//! <guid> x <b|c> <mod> <content> <front> <back> <sketch> <excerpt>
//! ```

mod damage;
mod field;
mod line;
mod parse;

use std::borrow::Cow;

use crate::ir::{Guid, NoteTypeKey};
use crate::source::Span;

pub use line::{LockedNote, Remembered, Tombstone};
pub(super) use field::{Hash, NONE, encode};

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
        self.gone.get(self.gone.binary_search_by(|note| note.guid().cmp(guid)).ok()?)
    }

    /// Puts a note in, in place of what was remembered under its GUID.
    pub fn remember(&mut self, note: &Remembered) {
        let note = LockedNote::new(note);
        self.dirty = true;
        if let Ok(place) = self.gone.binary_search_by(|gone| gone.guid().cmp(note.guid())) {
            self.gone.remove(place);
        }
        match self.notes.binary_search_by(|other| other.guid().cmp(note.guid())) {
            Ok(place) => drop(std::mem::replace(&mut self.notes[place], note)),
            Err(place) => self.notes.insert(place, note),
        }
    }

    /// Makes a note that is there a gone one. Says whether it was there.
    pub fn bury(&mut self, guid: &Guid) -> bool {
        let Ok(place) = self.notes.binary_search_by(|note| note.guid().cmp(guid)) else { return false };
        let tombstone = self.notes.remove(place).tombstone();
        self.dirty = true;
        match self.gone.binary_search_by(|gone| gone.guid().cmp(guid)) {
            Ok(place) => drop(std::mem::replace(&mut self.gone[place], tombstone)),
            Err(place) => self.gone.insert(place, tombstone),
        }
        true
    }

    /// Takes a gone note out for good. Says whether it was there.
    pub fn forget(&mut self, guid: &Guid) -> bool {
        let place = self.gone.binary_search_by(|gone| gone.guid().cmp(guid));
        place.map(|place| self.gone.remove(place)).is_ok_and(|_| {
            self.dirty = true;
            true
        })
    }

    /// The file's text: UTF-8, lines end in LF. The same memory gives the same bytes.
    pub fn to_text(&self) -> String {
        let size = self.notes.iter().map(|note| note.line().len() + 1).sum::<usize>() + self.gone.len() * 120;
        let mut text = String::with_capacity(size + 256);
        text.push_str(HEADER);
        text.push('\n');
        text.push_str(&format!("collection {}\n", encode(&self.collection)));
        for one in &self.types {
            let LockedType { key, generation, modified, style, names } = one;
            text.push_str(&format!("type {} {generation} {modified} {style} {names}\n", type_word(*key)));
        }
        let (mut notes, mut gone) = (self.notes.iter().peekable(), self.gone.iter().peekable());
        while let Some(line) = next_line(&mut notes, &mut gone) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

/// The first line: what the file is, and the version of its form.
const HEADER: &str = "deckle.lock 1";

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
        (Some(note), Some(gone)) => gone.guid() < note.guid(),
        (None, _) => true,
        (Some(_), None) => false,
    };
    if is_gone_first { gone.next().map(|gone| gone.line().into()) } else { notes.next().map(|note| note.line().into()) }
}
