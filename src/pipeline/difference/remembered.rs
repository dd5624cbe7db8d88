//! Turns the lock of the last build and the packages of now into the packages that the lock speaks of, as far as it says what
//! was in them: what it does not say is as it is now.
//!
//! Knows no rules of imports.

use std::collections::{BTreeSet, HashMap};

use super::{DeckDifference, Difference, Side, top_of};
use crate::anki::package::{Package, PackagedDeck, PackagedNote, PackagedNoteType};
use crate::html;
use crate::identity::lock::{LockedNote, LockedType};
use crate::identity::{Lock, note_type_id};
use crate::ir::{DeckName, NoteType};
use crate::pipeline::Compiled;

/// What no lock says, as JSON names it.
const UNKNOWN: [&str; 7] =
    ["fields", "tags", "subdecks", "descriptions", "media", "cards_of_basic_notes", "parts_of_note_types"];

/// The state of the last build as the lock has it; `None` where there is no lock. `new` is what a build makes now.
pub(super) fn side(compiled: &Compiled, new: &Side) -> Option<Side> {
    let identity = compiled.identity.as_ref()?;
    let id = identity.source?;
    let old = Lock::parse(id, &compiled.sources.get(id).text, &mut Vec::new());
    let tops = old.notes().iter().map(|note| DeckName::folded(&note.deck())).collect();
    let then = Then { old, tops, now: &identity.lock, note_types: &compiled.collection.note_types, new };
    let package = Package { note_types: then.note_types(), decks: then.decks(), notes: then.notes() };
    Some(Side {
        name: "deckle.lock".to_owned(),
        packages: vec![package],
        media: new.media.clone(),
        is_remembered: true,
        ..Side::default()
    })
}

struct Then<'a> {
    old: Lock,
    /// The top-level decks of its notes, folded.
    tops: BTreeSet<String>,
    now: &'a Lock,
    note_types: &'a [NoteType],
    new: &'a Side,
}

impl Then<'_> {
    fn notes(&self) -> Vec<PackagedNote> {
        let new = self.new.packages.iter().flat_map(|package| &package.notes);
        let new: HashMap<&str, &PackagedNote> = new.map(|note| (note.guid.as_str(), note)).collect();
        self.old.notes().iter().map(|note| self.note(note, new.get(note.guid().0.as_str()).copied())).collect()
    }

    fn note(&self, old: &LockedNote, new: Option<&PackagedNote>) -> PackagedNote {
        let mut note = new.cloned().unwrap_or_else(|| PackagedNote::of(&old.guid().0));
        note.note_type = note_type_id(&self.old, old.note_type()).unwrap_or_default();
        note.modified = old.modified();
        if let Some(ordinals) = old.cloze_ordinals() {
            note.cards = ordinals;
        }
        let is_same = self.now.note(old.guid()).is_some_and(|now| now.says_the_same(old));
        if new.is_none() || !is_same {
            let mut excerpt = String::new();
            html::escape(&old.excerpt(), &mut excerpt);
            note.fields = vec![excerpt];
        }
        if top(&note.deck) != DeckName::folded(&old.deck()) {
            note.deck = old.deck().into_owned();
        }
        note
    }

    /// The note types of the last build. Which of style and names a lock has a hash of differs, it says; no text of them.
    fn note_types(&self) -> Vec<PackagedNoteType> {
        let of = |old: &LockedType| {
            let id = note_type_id(&self.old, old.key)?;
            let packages = self.new.packages.iter();
            let new = packages.flat_map(|package| &package.note_types).find(|one| one.id == id);
            let name = self.note_types.iter().find(|one| one.key == old.key).map(|one| one.name.clone());
            let mut note_type = new.cloned().unwrap_or_else(|| PackagedNoteType::of(id, name.unwrap_or_default()));
            note_type.modified = old.modified;
            if !self.now.types.iter().any(|now| now.key == old.key && now.looks_the_same(old)) {
                note_type.css.push(' ');
            }
            Some(note_type)
        };
        self.old.types.iter().filter_map(of).collect()
    }

    /// Those of now that lie in a top-level deck of then.
    fn decks(&self) -> Vec<PackagedDeck> {
        let new = self.new.packages.iter().flat_map(|package| &package.decks);
        new.filter(|deck| self.tops.contains(&top(&deck.name))).cloned().collect()
    }
}

/// The top-level deck of a deck, folded.
fn top(deck: &str) -> String {
    DeckName::folded(top_of(deck))
}

/// Takes out of a difference what no lock says.
pub(super) fn forget_unknown(difference: &mut Difference) {
    for note in &mut difference.notes {
        note.fields.clear();
        note.tags = None;
    }
    difference.note_types.iter_mut().for_each(|one| one.parts.clear());
    // Which decks there were below them is not known.
    difference.decks.retain(|deck| !matches!(deck, DeckDifference::Added { name } if name != top_of(name)));
    difference.unknown = UNKNOWN.to_vec();
}
