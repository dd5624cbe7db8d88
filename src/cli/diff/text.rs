//! Turns a difference into lines for a terminal.

use std::fmt::Write;

use super::super::output::number;
use super::marked::{Marks, fields, shortened, tags_with, with_marks};
use super::{alike, remarks, summary, tags, words};
use crate::pipeline::{Difference, NoteChange, NoteDifference};
use crate::text::hidden;

const COLOURS: Marks = [["\u{1b}[31m", "\u{1b}[0m"], ["\u{1b}[32m", "\u{1b}[0m"]];
const BRACKETS: Marks = [["[-", "-]"], ["{+", "+}"]];

/// Marks of tags, which hold no spaces.
const SIGNS: Marks = [["-", ""], ["+", ""]];

/// All of it, with long texts cut short unless they are to be `whole`.
pub(super) fn text(difference: &Difference, has_colours: bool, whole: bool) -> String {
    let mut lines = format!("{} → {}: {}\n", difference.old, difference.new, summary(difference));
    lines = hidden::shown_lines(&lines, false).into_owned();
    for change in words::changes(difference) {
        line(&mut lines, "  ", &change);
    }
    let marks = if has_colours { &COLOURS } else { &BRACKETS };
    let (notes, counted) = if whole { (difference.notes.iter().collect(), Vec::new()) } else { alike(difference) };
    for (tags, count) in counted {
        line(&mut lines, "~ ", &format!("{}: tags {}", number(count, "note"), tags_with(&tags, &SIGNS, str::to_owned)));
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

fn push_note(lines: &mut String, note: &NoteDifference, marks: &Marks, whole: bool) {
    let (sign, why) = match note.kind {
        NoteChange::Added => ("+", ""),
        NoteChange::Updated => ("~", ""),
        NoteChange::HeldBack => ("!", " (held back)"),
        NoteChange::Conflicting => ("!", " (in conflict)"),
        NoteChange::Gone => ("-", ""),
    };
    let place = words::place(note);
    let text: String = note.text.chars().take(if whole { usize::MAX } else { LONGEST }).collect();
    let cut = if text.len() < note.text.len() { "…" } else { "" };
    line(lines, &format!("{sign} "), &format!("{place}  {text}{cut}{why}"));
    for field in &note.fields {
        let shown = match fields(&field.old, &field.new) {
            Some(pieces) => {
                let pieces = if whole { pieces } else { shortened(pieces) };
                with_marks(&pieces, marks, |piece| hidden::shown(piece).into_owned())
            }
            None => words::MARKUP.to_owned(),
        };
        let _ = writeln!(lines, "    {}: {shown}", hidden::shown(&field.name));
    }
    if let Some([old, new]) = &note.tags {
        line(lines, "    tags: ", &tags_with(&tags(old, new), &SIGNS, str::to_owned));
    }
    if let Some(cards) = words::cards(note) {
        line(lines, "    cards: ", &cards);
    }
}

/// So many characters of a note's text name it.
const LONGEST: usize = 80;
