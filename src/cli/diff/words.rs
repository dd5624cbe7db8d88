//! Turns what differs into words, which all forms have in common. Knows no form: nothing is escaped.

use super::super::output::number;
use crate::pipeline::{DeckDifference, Difference, MediaFate, NoteChange, NoteDifference, NoteTypeFate};

/// What is said of a field of which what can be read is the same.
pub(super) const MARKUP: &str = "its markup alone";

/// What becomes of decks, note types and media, each in a phrase.
pub(super) fn changes(difference: &Difference) -> impl Iterator<Item = String> {
    let decks = difference.decks.iter().map(|deck| format!("deck {}", deck_line(deck)));
    let types = difference.note_types.iter().map(|one| {
        let parts = if one.parts.is_empty() { String::new() } else { format!(" ({})", one.parts.join(", ")) };
        format!("note type {} {}{parts}", one.name, note_type_words(one.kind))
    });
    let media = difference.media.iter().map(|one| format!("media {} {}", one.name, media_words(one.kind)));
    decks.chain(types).chain(media)
}

/// What becomes of a note.
pub(super) fn note_word(kind: NoteChange) -> &'static str {
    match kind {
        NoteChange::Added => "added",
        NoteChange::Updated => "updated",
        NoteChange::HeldBack => "held back",
        NoteChange::Conflicting => "in conflict",
        NoteChange::Gone => "gone",
    }
}

/// Where a note is: its file and line, else its deck.
pub(super) fn place(note: &NoteDifference) -> String {
    note.place.as_ref().map_or_else(|| note.deck.clone(), |place| format!("{}:{}", place.path, place.line))
}

/// `gains 2, loses 3`: cards by their number, which is one more than the ordinal.
pub(super) fn cards(note: &NoteDifference) -> Option<String> {
    let list = |verb: &str, ordinals: &[u16]| {
        let numbers: Vec<String> = ordinals.iter().map(|ordinal| (u32::from(*ordinal) + 1).to_string()).collect();
        (!numbers.is_empty()).then(|| format!("{verb} {}", numbers.join(" and ")))
    };
    let parts = [list("gains", &note.cards_gained), list("loses", &note.cards_lost)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What becomes of a deck.
fn deck_line(deck: &DeckDifference) -> String {
    match deck {
        DeckDifference::Renamed { from, to, notes } => {
            format!("{from} → {to}: {}; cards that readers have stay in {from}", number(*notes, "note"))
        }
        DeckDifference::Moved { from, to, notes } => {
            let notes = number(*notes, "note");
            format!("{from}: {notes} moved to {to}; cards that readers have stay in {from}")
        }
        DeckDifference::Added { name } => format!("{name} added"),
        DeckDifference::Described { name, .. } => format!("{name} described anew"),
    }
}

/// What becomes of a note type.
fn note_type_words(kind: NoteTypeFate) -> &'static str {
    match kind {
        NoteTypeFate::Added => "added",
        NoteTypeFate::Updated => "updated",
        NoteTypeFate::HeldBack => "differs, and has no later date: readers keep theirs",
        NoteTypeFate::Doubled => {
            "has other fields or templates: it is added beside the readers', whose notes are in conflict"
        }
        NoteTypeFate::Gone => "has no notes any longer",
    }
}

/// What becomes of a media file.
fn media_words(kind: MediaFate) -> &'static str {
    match kind {
        MediaFate::Added => "added",
        MediaFate::Changed => "changed: it is added under another name",
        MediaFate::Gone => "gone; it stays with readers",
    }
}
