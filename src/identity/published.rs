//! Turns packages of earlier builds into what readers have of the collection, and holds this build against it: whom a lost
//! lock would make others, and what would not reach readers because it is dated before what they have.
//!
//! Knows nothing of containers, nor where packages lie and what is done about it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::field::Hash;
use super::lock::{Lock, LockedType};
use super::recover::{self, Contents};
use crate::anki::note_type;
use crate::anki::package::{Package, PackagedNote};
use crate::apkg;
use crate::ir::{Collection, Guid, Note, NoteTypeKey, side_texts};
use crate::source::Span;

/// What packages hold of the collection's notes.
#[derive(Debug, Default)]
pub struct Published {
    /// The ids that the collection's note types may have had.
    keys: HashMap<i64, (NoteTypeKey, u32)>,
    /// Of each note the latest edition.
    editions: BTreeMap<Guid, Edition>,
    /// The newest of each note type.
    note_types: BTreeMap<NoteTypeKey, LockedType>,
    /// What the notes of other collections hold that have the form of ours.
    strangers: BTreeSet<Hash>,
    /// The ids of their note types.
    strange_types: BTreeSet<i64>,
}

/// Both sides of notes of the collection `id` that a package holds, as plain text, with the time of their edition; of each the
/// first `most` characters. Only of those that are `wanted`.
pub fn packed_texts(package: &Package, id: &str, most: usize, wanted: &dyn Fn(&str) -> bool) -> Vec<PackedTexts> {
    let keys = recover::known_ids(id);
    let notes = package.notes.iter().filter(|note| wanted(&note.guid));
    let texts = notes.filter_map(|note| {
        let (front, back) = recover::sides_text(note, keys.get(&note.note_type)?.0);
        let sides = [front, back].map(|side| side.chars().take(most).collect());
        Some(PackedTexts { guid: note.guid.clone(), modified: recover::believed(note.modified), sides })
    });
    texts.collect()
}

/// What a package says of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedTexts {
    /// Its GUID.
    pub guid: String,
    /// Unix seconds of the edition; 1 where they are not believed.
    pub modified: i64,
    /// Its front and back.
    pub sides: [String; 2],
}

/// A note as a package has it.
#[derive(Debug)]
struct Edition {
    /// Unix seconds; 1 where they are not believed.
    modified: i64,
    /// Of all that its author wrote.
    contents: Hash,
    /// Of its front's text.
    front: Hash,
    /// How it begins.
    excerpt: String,
}

impl Published {
    /// Nothing yet.
    pub fn new(collection_id: &str) -> Self {
        Self { keys: recover::known_ids(collection_id), ..Self::default() }
    }

    /// Takes what a package holds; gives how many of its notes are of this collection.
    pub fn take(&mut self, package: &Package) -> usize {
        let mut ours = 0;
        for note in &package.notes {
            if !super::is_guid(&note.guid) {
                continue;
            }
            let Some(&(key, _)) = self.keys.get(&note.note_type) else {
                self.take_stranger(note);
                continue;
            };
            ours += 1;
            let guid = Guid(note.guid.clone());
            if self.editions.get(&guid).is_none_or(|known| known.modified < recover::believed(note.modified)) {
                self.editions.insert(guid, Edition::of(note, key));
            }
        }
        if ours > 0 {
            for locked in recover::locked_types(std::slice::from_ref(package), &self.keys) {
                let age = |locked: &LockedType| (locked.generation, locked.modified);
                if self.note_types.get(&locked.key).is_none_or(|other| age(other) < age(&locked)) {
                    self.note_types.insert(locked.key, locked);
                }
            }
        }
        ours
    }

    /// A note of another collection, or of this one under another id: how many fields it has tells of which note type.
    fn take_stranger(&mut self, note: &PackagedNote) {
        let key = NoteTypeKey::ALL.into_iter().find(|&key| note_type::fields(key).len() == note.fields.len());
        if let Some(key) = key {
            self.strangers.insert(contents_hash(&Contents::packed(note, key)));
            self.strange_types.insert(note.note_type);
        }
    }

    /// Whether no package holds anything that could be this collection's.
    pub fn is_empty(&self) -> bool {
        self.editions.is_empty() && self.strangers.is_empty()
    }

    /// The notes that `lock` does not know; all where there is none.
    pub fn unknown(&self, lock: Option<&Lock>) -> Vec<Guid> {
        let is_unknown = |guid: &&Guid| lock.is_none_or(|lock| lock.index_of(guid).is_none());
        self.editions.keys().filter(is_unknown).cloned().collect()
    }

    /// What becomes of notes that the lock did not know: `unknown` is what [`Self::unknown`] said of the lock before, `lock` is
    /// what is to be remembered now, and `is_new` says which of its notes were not in the one before.
    pub fn lost(&self, unknown: &[Guid], collection: &Collection, lock: &Lock, is_new: &dyn Fn(&Guid) -> bool) -> Lost {
        let absent: Vec<&Guid> = unknown.iter().filter(|guid| lock.note(guid).is_none()).collect();
        let mut lost = Lost { kept: unknown.len() - absent.len(), ..Lost::default() };
        if absent.is_empty() && self.strangers.is_empty() {
            return lost;
        }
        let editions = || absent.iter().filter_map(|guid| Some((*guid, self.editions.get(*guid)?)));
        let by_contents: HashMap<Hash, &Guid> = editions().map(|(guid, edition)| (edition.contents, guid)).collect();
        let by_front: HashMap<Hash, &Guid> = editions().map(|(guid, edition)| (edition.front, guid)).collect();
        let mut found: BTreeSet<&Guid> = BTreeSet::new();
        // What somebody gave another GUID is no loss.
        let is_born = |(note, _): &&(&Note, Vec<String>)| is_new(&note.guid) && !self.editions.contains_key(&note.guid);
        let written: Vec<(&Note, Vec<String>)> = collection.notes.iter().zip(apkg::fields(collection)).collect();
        for (note, fields) in written.iter().filter(is_born) {
            let contents = contents_hash(&Contents::written(note, fields));
            let front = || Hash::of(side_texts(note).front.as_bytes());
            let old = by_contents.get(&contents).or_else(|| by_front.get(&front()));
            found.extend(old);
            lost.strange += usize::from(self.strangers.contains(&contents));
        }
        lost.changed = found.len();
        lost.absent = absent.len() - found.len();
        lost
    }

    /// Which of these may be the id of the collection whose packages are there in place of this one's.
    pub fn id_among<'a>(&self, mut candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let is_it = |id: &&str| recover::known_ids(id).keys().any(|id| self.strange_types.contains(id));
        candidates.find(is_it)
    }

    /// Dates notes and note types that readers have in a later edition behind that, so that an import brings them this one:
    /// a change that was published was taken back, and the lock with it. All of them go into `lock`.
    pub fn overtake(&self, collection: &mut Collection, lock: &mut Lock, now: i64) -> Overtaken {
        let later = |note: &Note| {
            let edition = self.editions.get(&note.guid)?;
            (note.modified < edition.modified).then_some(edition)
        };
        let places = collection.notes.iter().enumerate();
        let later: Vec<(usize, &Edition)> = places.filter_map(|(at, note)| Some((at, later(note)?))).collect();
        let fields = apkg::fields_of(collection, later.iter().map(|(at, _)| *at));
        let mut overtaken = Overtaken::default();
        for ((index, edition), fields) in later.into_iter().zip(fields) {
            let Some(note) = collection.notes.get_mut(index) else { continue };
            if contents_hash(&Contents::written(note, &fields)) == edition.contents {
                continue;
            }
            note.modified = now.max(edition.modified.saturating_add(1));
            if let Some(mut line) = lock.note(&note.guid).map(super::lock::LockedNote::remembered) {
                line.modified = note.modified;
                lock.remember(&line);
            }
            let (guid, was, modified) = (note.guid.clone(), edition.excerpt.clone(), edition.modified);
            overtaken.notes.push(TakenBack { span: note.span, guid, was, modified });
        }
        overtaken.note_types = self.overtake_types(collection, lock, now);
        overtaken
    }

    /// Gives notes that the lock did not know, and that are what readers have, the time that they have them of: an import then leaves
    /// what readers changed in them alone. `unknown` is what [`Self::unknown`] said of the lock before. Gives how many those are.
    pub fn redate(&self, unknown: &[Guid], collection: &mut Collection, lock: &mut Lock, now: i64) -> usize {
        let known: BTreeMap<&Guid, &Edition> =
            unknown.iter().filter_map(|guid| self.editions.get_key_value(guid)).collect();
        let is_earlier = |(_, note): &(usize, &Note)| {
            known.get(&note.guid).is_some_and(|edition| (2..note.modified).contains(&edition.modified))
        };
        let places: Vec<usize> =
            collection.notes.iter().enumerate().filter(is_earlier).map(|(place, _)| place).collect();
        let fields = apkg::fields_of(collection, places.iter().copied());
        let mut redated = 0;
        for (place, fields) in places.into_iter().zip(fields) {
            let Some(note) = collection.notes.get_mut(place) else { continue };
            let Some(edition) = known.get(&note.guid) else { continue };
            if contents_hash(&Contents::written(note, &fields)) != edition.contents {
                continue;
            }
            note.modified = edition.modified;
            if let Some(mut line) = lock.note(&note.guid).map(super::lock::LockedNote::remembered) {
                line.modified = note.modified;
                lock.remember(&line);
                redated += 1;
            }
        }
        if redated > 0 {
            self.redate_types(collection, lock, now);
        }
        redated
    }

    /// The same for note types that are dated by this build, and are what readers have.
    fn redate_types(&self, collection: &mut Collection, lock: &mut Lock, now: i64) {
        for locked in lock.types.iter_mut().filter(|locked| locked.modified == now) {
            let same = self.note_types.get(&locked.key).filter(|published| {
                (published.generation, published.style) == (locked.generation, locked.style) && published.modified < now
            });
            let Some(same) = same else { continue };
            locked.modified = same.modified;
            let is_it = |note_type: &&mut crate::ir::NoteType| note_type.key == locked.key;
            collection.note_types.iter_mut().filter(is_it).for_each(|note_type| note_type.modified = locked.modified);
        }
    }

    fn overtake_types(&self, collection: &mut Collection, lock: &mut Lock, now: i64) -> Vec<NoteTypeKey> {
        let mut overtaken = Vec::new();
        for locked in &mut lock.types {
            let Some(published) = self.note_types.get(&locked.key) else { continue };
            let is_later = locked.generation == published.generation && locked.modified < published.modified;
            if !is_later || locked.style == published.style {
                continue;
            }
            locked.modified = now.max(published.modified.saturating_add(1));
            let is_it = |note_type: &&mut crate::ir::NoteType| note_type.key == locked.key;
            collection.note_types.iter_mut().filter(is_it).for_each(|note_type| note_type.modified = locked.modified);
            overtaken.push(locked.key);
        }
        lock.dirty |= !overtaken.is_empty();
        overtaken
    }
}

impl Edition {
    fn of(note: &PackagedNote, key: NoteTypeKey) -> Self {
        let (front, _) = recover::sides_text(note, key);
        let contents = contents_hash(&Contents::packed(note, key));
        let excerpt = front.chars().take(EXCERPT).collect::<String>();
        Self { modified: recover::believed(note.modified), contents, front: Hash::of(front.as_bytes()), excerpt }
    }
}

/// So many characters of a note are shown, as of one in the lock.
const EXCERPT: usize = 40;

fn contents_hash(contents: &Contents<'_>) -> Hash {
    let Contents { note_type, tags, fields } = contents;
    let parts = [note_type.as_str()].into_iter().chain(tags.iter().copied()).chain([""]);
    Hash::of_parts(parts.chain(fields.iter().copied()))
}

/// What becomes of notes that packages hold and the lock does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lost {
    /// Have the same GUID again.
    pub kept: usize,
    /// Are there, and would be others.
    pub changed: usize,
    /// Are not found by their text.
    pub absent: usize,
    /// Notes of this build that are those of packages of another collection.
    pub strange: usize,
}

/// What was dated behind what readers have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overtaken {
    /// The notes, in source order.
    pub notes: Vec<TakenBack>,
    /// The note types.
    pub note_types: Vec<NoteTypeKey>,
}

impl Overtaken {
    /// Whether there is nothing of the kind.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.note_types.is_empty()
    }
}

/// A note of which readers have an edition that is later than the lock's, and another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// Where it stands.
    pub span: Span,
    /// Its GUID.
    pub guid: Guid,
    /// How the edition begins that readers have.
    pub was: String,
    /// Unix seconds of that edition.
    pub modified: i64,
}
