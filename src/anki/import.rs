//! Turns packages that a reader has imported and later ones into what Anki does when they import the later ones.
//!
//! The rules are those of Anki 25.02 to 26.09 with the settings that its import dialogue starts with: notes and note types are
//! updated if newer, note types are not merged (`rslib/src/import_export/package/apkg/import`). What a reader changed in Anki
//! is not known here. Knows no database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::package::{Package, PackagedNote, PackagedNoteType};
use crate::ir::DeckName;

/// What an import does. Of several packages each counts as imported, one behind the other.
#[derive(Debug, Default)]
pub struct Import<'a> {
    /// Notes that are added.
    pub added: Vec<&'a PackagedNote>,
    /// Notes whose text and tags are taken from the package, because it is newer; also where they are the same.
    pub updated: Vec<Met<'a>>,
    /// Notes that are passed over, because the package is not newer; also where they are the same.
    pub skipped: Vec<Met<'a>>,
    /// Notes that are of another note type than the reader's, so that nothing of them is updated.
    pub conflicting: Vec<Met<'a>>,
    /// Notes that stay with the reader, though the package holds them no longer.
    pub gone: Vec<&'a PackagedNote>,
    /// What becomes of note types.
    pub note_types: Vec<NoteTypeChange<'a>>,
    /// Decks that are added, by name.
    pub new_decks: BTreeSet<&'a str>,
    /// Decks whose description changes: name, old and new one.
    pub descriptions: Vec<[&'a str; 3]>,
}

/// A note that a reader has already.
#[derive(Debug, Clone, Copy)]
pub struct Met<'a> {
    /// As they have it.
    pub old: &'a PackagedNote,
    /// As the package has it.
    pub new: &'a PackagedNote,
}

impl<'a> Met<'a> {
    /// Ordinals of cards that it gains: they are added even where the note is passed over, but not where it conflicts.
    pub fn gained(&self) -> impl Iterator<Item = u16> + 'a {
        without(&self.new.cards, &self.old.cards)
    }

    /// Ordinals of cards that it has no more. They stay with the reader, empty, until they ask Anki to take empty cards away.
    pub fn lost(&self) -> impl Iterator<Item = u16> + 'a {
        without(&self.old.cards, &self.new.cards)
    }

    /// Places of the fields that differ.
    pub fn fields(&self) -> Vec<usize> {
        let (old, new) = (&self.old.fields, &self.new.fields);
        (0..old.len().max(new.len())).filter(|place| old.get(*place) != new.get(*place)).collect()
    }

    /// Whether its tags differ. Their order says nothing, and neither does case.
    pub fn has_other_tags(&self) -> bool {
        let set = |note: &PackagedNote| note.tags.iter().map(|tag| DeckName::folded(tag)).collect::<BTreeSet<_>>();
        set(self.old) != set(self.new)
    }

    /// Whether it is in another deck. Cards that the reader has stay where they are.
    pub fn has_moved(&self) -> bool {
        DeckName::folded(&self.old.deck) != DeckName::folded(&self.new.deck)
    }

    /// Whether its text or its tags differ.
    pub fn says_other(&self) -> bool {
        self.old.fields != self.new.fields || self.has_other_tags()
    }
}

fn without<'a>(cards: &'a [u16], others: &'a [u16]) -> impl Iterator<Item = u16> + 'a {
    cards.iter().copied().filter(|ordinal| others.binary_search(ordinal).is_err())
}

/// What becomes of a note type.
#[derive(Debug, Clone, Copy)]
pub enum NoteTypeChange<'a> {
    /// It is added.
    Added(&'a PackagedNoteType),
    /// Its name, style or templates are taken from the package, because it is newer.
    Updated(&'a PackagedNoteType, &'a PackagedNoteType),
    /// Its name, style or templates differ, and stay as the reader has them, because the package is not newer.
    Skipped(&'a PackagedNoteType, &'a PackagedNoteType),
    /// Its fields or templates are others: it is added beside the reader's, whose notes conflict.
    Doubled(&'a PackagedNoteType, &'a PackagedNoteType),
    /// No package has it any longer; it stays with the reader.
    Gone(&'a PackagedNoteType),
}

/// What an import of the `new` packages does for who has imported the `old` ones.
pub fn import<'a>(old: &'a [Package], new: &'a [Package]) -> Import<'a> {
    let mut import = Import::default();
    let doubled = import.take_note_types(old, new);
    let mut known: HashMap<&str, &PackagedNote> = HashMap::new();
    for note in old.iter().flat_map(|package| &package.notes) {
        // What was imported first is updated by what is newer.
        let first = known.entry(&note.guid).or_insert(note);
        if note.modified > first.modified && note.note_type == first.note_type {
            *first = note;
        }
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for note in new.iter().flat_map(|package| &package.notes) {
        if !seen.insert(&note.guid) {
            continue;
        }
        let Some(old) = known.get(note.guid.as_str()) else {
            import.added.push(note);
            continue;
        };
        let met = Met { old, new: note };
        let list = if old.note_type != note.note_type || doubled.contains(&note.note_type) {
            &mut import.conflicting
        } else if note.modified > old.modified {
            &mut import.updated
        } else {
            &mut import.skipped
        };
        list.push(met);
    }
    let gone = old.iter().flat_map(|package| &package.notes).filter(|note| !seen.contains(note.guid.as_str()));
    let mut once = BTreeSet::new();
    import.gone = gone.filter(|note| once.insert(note.guid.as_str())).collect();
    import.take_decks(old, new);
    import
}

impl<'a> Import<'a> {
    /// Compares the note types that notes of the packages have; gives the ids of those that are added beside the reader's.
    fn take_note_types(&mut self, old: &'a [Package], new: &'a [Package]) -> BTreeSet<i64> {
        let (old, new) = (used(old), used(new));
        let mut doubled = BTreeSet::new();
        for (id, note_type) in &new {
            let Some(known) = old.get(id) else {
                self.note_types.push(NoteTypeChange::Added(note_type));
                continue;
            };
            if !is_alike(known, note_type) {
                doubled.insert(*id);
                self.note_types.push(NoteTypeChange::Doubled(known, note_type));
            } else if differs(known, note_type) {
                let is_newer = note_type.modified > known.modified;
                let change = if is_newer { NoteTypeChange::Updated } else { NoteTypeChange::Skipped };
                self.note_types.push(change(known, note_type));
            }
        }
        self.note_types
            .extend(old.iter().filter(|(id, _)| !new.contains_key(id)).map(|(_, known)| NoteTypeChange::Gone(known)));
        doubled
    }

    fn take_decks(&mut self, old: &'a [Package], new: &'a [Package]) {
        // Those without notes, in them or below, are not imported.
        let decks = |packages: &'a [Package]| {
            packages.iter().flat_map(|package| {
                let held = held(package);
                package.decks.iter().filter(move |deck| held.contains(&DeckName::folded(&deck.name)))
            })
        };
        let known: BTreeMap<String, &str> =
            decks(old).map(|deck| (DeckName::folded(&deck.name), deck.description.as_str())).collect();
        for deck in decks(new) {
            match known.get(&DeckName::folded(&deck.name)) {
                None => {
                    self.new_decks.insert(&deck.name);
                }
                // An empty one takes nothing away.
                Some(old) if *old != deck.description && !deck.description.is_empty() => {
                    self.descriptions.push([&deck.name, old, &deck.description]);
                }
                Some(_) => {}
            }
        }
    }
}

/// The decks that notes are in, and those above them.
fn held(package: &Package) -> BTreeSet<String> {
    let names: BTreeSet<&str> = package.notes.iter().map(|note| note.deck.as_str()).collect();
    let with_parents = |name: &str| {
        let ends = name.match_indices("::").map(|(end, _)| end).chain([name.len()]);
        ends.filter_map(|end| name.get(..end)).map(DeckName::folded).collect::<Vec<_>>()
    };
    names.into_iter().flat_map(with_parents).collect()
}

/// The note types that notes have, by id, each as the newest package has it.
fn used(packages: &[Package]) -> BTreeMap<i64, &PackagedNoteType> {
    let mut types: BTreeMap<i64, &PackagedNoteType> = BTreeMap::new();
    for package in packages {
        let of_notes: BTreeSet<i64> = package.notes.iter().map(|note| note.note_type).collect();
        for note_type in package.note_types.iter().filter(|note_type| of_notes.contains(&note_type.id)) {
            let known = types.entry(note_type.id).or_insert(note_type);
            if note_type.modified > known.modified {
                *known = note_type;
            }
        }
    }
    types
}

/// Whether Anki takes one note type for the other: as many fields and templates, and each is the same by its id, or by its
/// name where one has none.
fn is_alike(old: &PackagedNoteType, new: &PackagedNoteType) -> bool {
    let is_same = |ids: [Option<i64>; 2], names: [&String; 2]| match ids {
        [Some(old), Some(new)] => old == new,
        [Some(_) | None, _] => names[0] == names[1],
    };
    let mut fields = old.fields.iter().zip(&new.fields);
    let mut templates = old.templates.iter().zip(&new.templates);
    [old.fields.len(), old.templates.len()] == [new.fields.len(), new.templates.len()]
        && fields.all(|(old, new)| is_same([old.id, new.id], [&old.name, &new.name]))
        && templates.all(|(old, new)| is_same([old.id, new.id], [&old.name, &new.name]))
}

/// Whether anything of a note type differs that a reader sees.
fn differs(old: &PackagedNoteType, new: &PackagedNoteType) -> bool {
    old.name != new.name || old.css != new.css || old.templates != new.templates || old.fields != new.fields
}
