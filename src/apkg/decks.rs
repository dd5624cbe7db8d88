//! Turns the decks of a package into the JSON of `col.decks`.
//!
//! Knows nothing of cards but which deck their notes name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Contents, FieldRenderer};
use crate::anki::deck_name::changed_deck_name;
use crate::anki::schema11::decks::deck;
use crate::ir::{Deck, DeckName};

/// The deck that every Anki has from the start.
pub(super) const DEFAULT_DECK: i64 = 1;

/// The decks that have cards here and those above them, and Anki's own first one, which no collection lacks.
pub(super) fn decks(package: &Contents<'_>, renderer: &FieldRenderer<'_>, modified: i64) -> Value {
    let descriptions: BTreeMap<&DeckName, &str> = renderer.collection.decks.iter().filter_map(described).collect();
    let mut names: BTreeSet<DeckName> = BTreeSet::new();
    for numbered in &package.notes {
        if !names.contains(&numbered.note.deck) {
            names.extend(numbered.note.deck.parents());
            names.insert(numbered.note.deck.clone());
        }
    }
    let mut decks = BTreeMap::from([(DEFAULT_DECK, deck(DEFAULT_DECK, "Default", "", modified))]);
    for name in &names {
        let id = deck_id(name);
        let description = descriptions.get(name).copied().unwrap_or_default();
        let name = changed_deck_name(name.as_str()).unwrap_or_else(|| name.as_str().to_owned());
        decks.insert(id, deck(id, &name, description, modified));
    }
    decks.into_iter().map(|(id, deck)| (id.to_string(), deck)).collect()
}

fn described(deck: &Deck) -> Option<(&DeckName, &str)> {
    Some((&deck.name, deck.description.as_deref()?))
}

/// A number for a deck: importers go by its name. Below 2^53, since readers of JSON use floats, and 1 only for Anki's own.
///
/// Case does not count, as in Anki, which would add `_` to the second name of two that differ by case only.
pub(super) fn deck_id(name: &DeckName) -> i64 {
    let folded = name.as_str().to_lowercase();
    if folded == "default" {
        return DEFAULT_DECK;
    }
    let digest = Sha256::digest(folded.as_bytes());
    let bits = digest.iter().take(6).fold(0, |bits: i64, &byte| bits << 8 | i64::from(byte));
    bits + (1 << 32)
}
