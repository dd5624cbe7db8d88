//! Turns an older package of the collection into what a lock would remember of it.
//!
//! A package holds HTML, not Markdown, so texts are compared by resemblance where they differ in what HTML lost. Knows
//! nothing of containers and databases.

mod text;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::field::Hash;
use super::lock::{Lock, LockedNote, LockedType, Remembered};
use super::sketch::Sketch;
use super::{hash, note_types};
use crate::anki::note_type::{self, Role};
use crate::anki::package::{Package, PackagedNote};
use crate::apkg;
use crate::ir::{Collection, Guid, Note, NoteTypeKey, Tag};

/// How many generations of a note type are looked for: it rises with each change of the fields, years apart.
const GENERATIONS: u32 = 64;

/// A lock that remembers the notes and note types in `packages`, and what `before` does: of what both know, the later counts.
///
/// `collection` holds the notes as they are written now, and `lock` is what would be remembered of those: where an older
/// package holds the same note, nothing is left to resemblance.
pub fn recover(collection: &Collection, packages: &[Package], lock: &Lock, before: Option<Lock>) -> (Lock, Recovered) {
    let keys = known_ids(&collection.id);
    let fields = apkg::fields(collection);
    let written = collection.notes.iter().zip(&fields);
    let current: HashMap<Contents<'_>, &LockedNote> =
        written.filter_map(|(note, fields)| Some((Contents::written(note, fields), lock.note(&note.guid)?))).collect();
    // One note may be in several packages.
    let mut notes: BTreeMap<Guid, (Remembered, bool)> = BTreeMap::new();
    let mut foreign: BTreeSet<(i64, &str)> = BTreeSet::new();
    for note in packages.iter().flat_map(|package| &package.notes) {
        let Some(&(key, _)) = keys.get(&note.note_type).filter(|_| hash::is_guid(&note.guid)) else {
            foreign.insert((note.note_type, &note.guid));
            continue;
        };
        let same = current.get(&Contents::packed(note, key)).map(|same| same.remembered());
        let is_unchanged = same.is_some();
        let guid = Guid(note.guid.clone());
        let rest = same.unwrap_or_else(|| remembered(note, key));
        let remembered = Remembered { guid: guid.clone(), modified: believed(note.modified), due: note.due, ..rest };
        if notes.get(&guid).is_none_or(|(other, _)| other.modified <= remembered.modified) {
            notes.insert(guid, (remembered, is_unchanged));
        }
    }
    let unchanged = notes.values().filter(|(_, is_unchanged)| *is_unchanged).count();
    let mut recovered = Recovered { notes: notes.len(), unchanged, foreign: foreign.len(), ..Recovered::default() };
    let mut lock = before.unwrap_or_else(|| Lock::new(&collection.id));
    recover_types(&mut lock, locked_types(packages, &keys));
    // In the lock's order, so that none has to make room for another.
    for (note, is_unchanged) in notes.into_values() {
        match lock.note(&note.guid).map(LockedNote::remembered) {
            None if lock.tombstone(&note.guid).is_some() => {}
            None => {
                recovered.added += 1;
                lock.remember(&note);
            }
            Some(old) if old.modified < note.modified => {
                recovered.later += 1;
                // What is written now is another text than that: the next build takes it for edited.
                let overtaken = Remembered { modified: note.modified, content: None, ..old };
                lock.remember(if is_unchanged { &note } else { &overtaken });
            }
            Some(_) => {}
        }
    }
    (lock, recovered)
}

/// Puts note types in that the lock lacks, or knows in an older form than readers have.
fn recover_types(lock: &mut Lock, packaged: Vec<LockedType>) {
    let age = |locked: &LockedType| (locked.generation, locked.modified);
    for published in packaged {
        match lock.types.iter_mut().find(|locked| locked.key == published.key) {
            Some(locked) if age(locked) < age(&published) => *locked = published,
            Some(_) => continue,
            None => lock.types.push(published),
        }
        lock.dirty = true;
    }
    lock.types.sort_unstable_by_key(|locked| locked.key);
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
    /// Were not in the lock.
    pub added: usize,
    /// Were in it, as they were before.
    pub later: usize,
}

/// What of a packed note the author wrote.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Contents<'a> {
    pub(super) note_type: NoteTypeKey,
    pub(super) tags: Vec<&'a str>,
    /// Without Context and Link, which say where it stands.
    pub(super) fields: Vec<&'a str>,
}

impl<'a> Contents<'a> {
    /// Of a note in a package.
    pub(super) fn packed(note: &'a PackagedNote, key: NoteTypeKey) -> Self {
        Self { note_type: key, tags: note.tags.iter().map(String::as_str).collect(), fields: own(key, &note.fields) }
    }

    /// Of a note as it is written now.
    pub(super) fn written(note: &'a Note, fields: &'a [String]) -> Self {
        let key = note.note_type();
        Self { note_type: key, tags: note.tags.iter().map(Tag::as_str).collect(), fields: own(key, fields) }
    }
}

fn own(key: NoteTypeKey, fields: &[String]) -> Vec<&str> {
    let known = note_type::fields(key).iter().zip(fields);
    known
        .filter(|(known, _)| !matches!(known.role, Role::Context | Role::Link))
        .map(|(_, field)| field.as_str())
        .collect()
}

/// The time of an edition, in Unix seconds; the earliest where it cannot be true, so that it counts less than any other: a
/// package can be anybody's, and a time in a lock is never gone behind.
pub(super) fn believed(modified: i64) -> i64 {
    if (1..LATEST).contains(&modified) { modified } else { 1 }
}

/// No time from here on is believed, in Unix seconds: the year 2100.
const LATEST: i64 = 4_102_444_800;

/// The ids that the collection's note types may have had, with the generations that gave them.
pub(super) fn known_ids(collection_id: &str) -> HashMap<i64, (NoteTypeKey, u32)> {
    let of_generation =
        |generation| NoteTypeKey::ALL.map(|key| (note_types::id(collection_id, key, generation), (key, generation)));
    (1..=GENERATIONS).flat_map(of_generation).collect()
}

/// The newest of each note type.
pub(super) fn locked_types(packages: &[Package], keys: &HashMap<i64, (NoteTypeKey, u32)>) -> Vec<LockedType> {
    let mut newest: BTreeMap<NoteTypeKey, LockedType> = BTreeMap::new();
    for note_type in packages.iter().flat_map(|package| &package.note_types) {
        let Some(&(key, generation)) = keys.get(&note_type.id) else { continue };
        let found = note_types::packaged(key, generation, note_type);
        let locked = LockedType { modified: believed(found.modified), ..found };
        let age = |locked: &LockedType| (locked.generation, locked.modified);
        if newest.get(&key).is_none_or(|other| age(other) < age(&locked)) {
            newest.insert(key, locked);
        }
    }
    newest.into_values().collect()
}

/// What can be said of a note that is written otherwise now, or not at all.
fn remembered(note: &PackagedNote, key: NoteTypeKey) -> Remembered {
    let (front, back) = sides_text(note, key);
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
        path: path(&text::plain(field(note, key, Role::Link))),
        id: None,
        clozes: String::new(),
        excerpt: front,
    }
}

/// The texts of a packed note's sides.
pub(super) fn sides_text(note: &PackagedNote, key: NoteTypeKey) -> (String, String) {
    let (front, back) = match key {
        NoteTypeKey::Basic => (field(note, key, Role::Front), field(note, key, Role::Back)),
        NoteTypeKey::Cloze => sides(field(note, key, Role::Text)),
    };
    (text::plain(front), text::plain(back))
}

fn field(note: &PackagedNote, key: NoteTypeKey, role: Role) -> &str {
    let place = note_type::place_of(key, role);
    place.and_then(|place| note.fields.get(place)).map(String::as_str).unwrap_or_default()
}

/// The heading and the text of a cloze note; a text without a heading is its front.
fn sides(field: &str) -> (&str, &str) {
    let (start, end) = note_type::HEADING;
    let headed = field.strip_prefix(start).and_then(|rest| rest.split_once(end));
    headed.unwrap_or((field, ""))
}

/// The field Link shows the file and the heading above; before, the file and the line.
fn path(link: &str) -> String {
    let file = link.split_once(" › ").map_or(link, |(file, _)| file);
    let is_line = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    file.rsplit_once(':').filter(|(_, line)| is_line(line)).map_or(file, |(path, _)| path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_files() {
        for (link, file) in [
            ("content/a.md › Ports › Bridge", "content/a.md"),
            ("content/a.md:12", "content/a.md"),
            ("content/a: b.md", "content/a: b.md"),
            ("content/a: b.md:7", "content/a: b.md"),
            ("a.md › at 10:30", "a.md"),
            ("", ""),
        ] {
            assert_eq!(path(link), file, "{link}");
        }
    }
}
