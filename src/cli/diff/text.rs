//! Turns a difference into lines for a terminal.

use std::fmt::Write;

use super::super::output::number;
use super::marked::{Marks, fields, shortened, with_marks};
use super::{alike, remarks, summary, tags};
use crate::pipeline::{DeckDifference, Difference, MediaFate, NoteChange, NoteDifference, NoteTypeFate};
use crate::text::hidden;

const COLOURS: Marks = [["\u{1b}[31m", "\u{1b}[0m"], ["\u{1b}[32m", "\u{1b}[0m"]];
const BRACKETS: Marks = [["[-", "-]"], ["{+", "+}"]];

/// All of it, with long texts cut short unless they are to be `whole`.
pub(super) fn text(difference: &Difference, has_colours: bool, whole: bool) -> String {
    let mut lines = format!("{} → {}: {}\n", difference.old, difference.new, summary(difference));
    lines = hidden::shown_lines(&lines, false).into_owned();
    for deck in &difference.decks {
        line(&mut lines, "  deck ", &deck_line(deck));
    }
    for note_type in &difference.note_types {
        let parts =
            if note_type.parts.is_empty() { String::new() } else { format!(" ({})", note_type.parts.join(", ")) };
        line(&mut lines, "  note type ", &format!("{} {}{parts}", note_type.name, note_type_words(note_type.kind)));
    }
    for medium in &difference.media {
        line(&mut lines, "  media ", &format!("{} {}", medium.name, media_words(medium.kind)));
    }
    let marks = if has_colours { &COLOURS } else { &BRACKETS };
    let (notes, counted) = if whole { (difference.notes.iter().collect(), Vec::new()) } else { alike(difference) };
    for (tags, count) in counted {
        line(&mut lines, "~ ", &format!("{}: tags {}", number(count, "note"), tags_line(&tags)));
    }
    for note in notes {
        push_note(&mut lines, note, marks, whole);
    }
    for remark in remarks(difference) {
        line(&mut lines, "", &remark);
    }
    lines
}

fn line(lines: &mut String, start: &str, text: &str) {
    // Writing into memory fails for no text.
    let _ = writeln!(lines, "{start}{}", hidden::shown(text));
}

/// What becomes of a deck.
pub(super) fn deck_line(deck: &DeckDifference) -> String {
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
pub(super) fn note_type_words(kind: NoteTypeFate) -> &'static str {
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
pub(super) fn media_words(kind: MediaFate) -> &'static str {
    match kind {
        MediaFate::Added => "added",
        MediaFate::Changed => "changed: it is added under another name",
        MediaFate::Gone => "gone; it stays with readers",
    }
}

fn push_note(lines: &mut String, note: &NoteDifference, marks: &Marks, whole: bool) {
    let (sign, why) = match note.kind {
        NoteChange::Added => ("+", ""),
        NoteChange::Updated => ("~", ""),
        NoteChange::HeldBack => ("!", " (held back)"),
        NoteChange::Conflicting => ("!", " (in conflict)"),
        NoteChange::Gone => ("-", ""),
    };
    let place = note.place.as_ref().map(|place| format!("{}:{}", place.path, place.line));
    let text: String = note.text.chars().take(if whole { usize::MAX } else { LONGEST }).collect();
    let cut = if text.len() < note.text.len() { "…" } else { "" };
    line(lines, &format!("{sign} "), &format!("{}  {text}{cut}{why}", place.as_ref().unwrap_or(&note.deck)));
    for field in &note.fields {
        let shown = match fields(&field.old, &field.new) {
            Some(pieces) => {
                let pieces = if whole { pieces } else { shortened(pieces) };
                with_marks(&pieces, marks, |piece| hidden::shown(piece).into_owned())
            }
            None => "its markup alone".to_owned(),
        };
        let _ = writeln!(lines, "    {}: {shown}", hidden::shown(&field.name));
    }
    if let Some([old, new]) = &note.tags {
        line(lines, "    tags: ", &tags_line(&tags(old, new)));
    }
    if let Some(cards) = cards(note) {
        line(lines, "    cards: ", &cards);
    }
}

fn tags_line([missing, more]: &[Vec<&str>; 2]) -> String {
    let missing = missing.iter().map(|tag| format!("-{tag}"));
    missing.chain(more.iter().map(|tag| format!("+{tag}"))).collect::<Vec<_>>().join(" ")
}

/// So many characters of a note's text name it.
const LONGEST: usize = 80;

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
