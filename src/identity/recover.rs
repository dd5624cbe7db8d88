//! Turns an older package of the collection into what a lock would remember of it.
//!
//! A package holds HTML, not Markdown, so texts are compared by resemblance where they differ in what HTML lost. Knows
//! nothing of containers and databases.

mod text;

use std::collections::{BTreeMap, HashMap};

use super::hash;
use super::lock::{Hash, Lock, Remembered};
use super::sketch::Sketch;
use crate::ir::{Guid, NoteTypeKey};
use crate::package::{Package, PackagedNote};

/// How many generations of a note type are looked for: it rises with each change of the fields, years apart.
const GENERATIONS: u32 = 64;

/// What a lock would remember of the notes in `packages`.
///
/// `current` is what `lock` would remember of the notes as they are written now, each with the note that is packed of it:
/// where an older package holds the same note, nothing is left to resemblance.
pub fn recover(collection_id: &str, packages: &[Package], current: &[(PackagedNote, Remembered)]) -> (Lock, Recovered) {
    let keys = note_types(collection_id);
    let current: HashMap<Contents<'_>, &Remembered> = current
        .iter()
        .filter_map(|(note, remembered)| Some((Contents::of(note, *keys.get(&note.note_type)?), remembered)))
        .collect();
    let mut recovered = Recovered::default();
    let mut notes: BTreeMap<Guid, Remembered> = BTreeMap::new();
    for note in packages.iter().flat_map(|package| &package.notes) {
        match keys.get(&note.note_type).filter(|_| hash::is_guid(&note.guid)) {
            Some(&key) => {
                let same = current.get(&Contents::of(note, key)).map(|same| (*same).clone());
                recovered.unchanged += usize::from(same.is_some());
                let remembered = Remembered {
                    guid: Guid(note.guid.clone()),
                    modified: note.modified.max(1),
                    due: note.due,
                    ..same.unwrap_or_else(|| remembered(note, key))
                };
                notes.insert(remembered.guid.clone(), remembered);
            }
            None => recovered.foreign += 1,
        }
    }
    recovered.notes = notes.len();
    let mut lock = Lock::new(collection_id);
    // In the lock's order, so that none has to make room for another.
    notes.values().for_each(|note| lock.remember(note));
    (lock, recovered)
}

/// What came of a recovery, in notes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Are in the lock.
    pub notes: usize,
    /// Of these, are written now as they were then.
    pub unchanged: usize,
    /// Belong to another collection or come from another program.
    pub foreign: usize,
}

/// What of a packed note the author wrote.
#[derive(PartialEq, Eq, Hash)]
struct Contents<'a> {
    note_type: NoteTypeKey,
    tags: &'a [String],
    /// Without Context and Link, which say where it stands.
    fields: Vec<&'a str>,
}

impl<'a> Contents<'a> {
    fn of(note: &'a PackagedNote, key: NoteTypeKey) -> Self {
        let named = key.fields().iter().zip(&note.fields);
        let fields = named.filter(|(name, _)| !matches!(**name, "Context" | "Link")).map(|(_, field)| field.as_str());
        Self { note_type: key, tags: &note.tags, fields: fields.collect() }
    }
}

/// The ids that the collection's note types may have had.
fn note_types(collection_id: &str) -> HashMap<i64, NoteTypeKey> {
    let generations = (1..=GENERATIONS).map(|generation| generation.to_string());
    let ids = generations.flat_map(|generation| {
        NoteTypeKey::ALL.map(|key| (hash::id(&[collection_id, key.as_str(), &generation]), key))
    });
    ids.collect()
}

/// What can be said of a note that is written otherwise now, or not at all.
fn remembered(note: &PackagedNote, key: NoteTypeKey) -> Remembered {
    let field = |name: &str| {
        let place = key.fields().iter().position(|field| *field == name);
        place.and_then(|place| note.fields.get(place)).map(String::as_str).unwrap_or_default()
    };
    let (front, back) = match key {
        NoteTypeKey::Basic => (field("Front"), field("Back")),
        NoteTypeKey::Cloze => sides(field("Text")),
    };
    let (front, back) = (text::plain(front), text::plain(back));
    Remembered {
        guid: Guid::default(),
        note_type: key,
        modified: 0,
        content: None,
        due: 0,
        front: Hash::of(front.as_bytes()).0,
        back: Hash::of(back.as_bytes()).0,
        front_sketch: Sketch::of_front(&front),
        back_sketch: Sketch::of_back(&back),
        deck: note.deck.split("::").next().unwrap_or_default().to_owned(),
        path: path(&text::plain(field("Link"))),
        id: None,
        clozes: String::new(),
        excerpt: front,
    }
}

/// The heading and the text of a cloze note; a text without a heading is its front.
fn sides(field: &str) -> (&str, &str) {
    let headed = field.strip_prefix("<div class=\"heading\">").and_then(|rest| rest.split_once("</div>"));
    headed.unwrap_or((field, ""))
}

/// The field Link shows the file and the line.
fn path(link: &str) -> String {
    link.rsplit_once(':').map_or(link, |(path, _)| path).to_owned()
}
