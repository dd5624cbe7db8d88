//! Turns a file's text into the same text with ids in it.
//!
//! A syntax says where an id of its notes goes; whether it is read as one there is seen here. Inserts bytes and changes none,
//! line ends included. Knows neither files nor what an id means.

use std::collections::BTreeMap;

use super::syntax::{self, Insertion, Unstamped};
use super::{Document, File, read};
use crate::config::syntax::Syntax;
use crate::ir::{Note, normalised_front};
use crate::source::{Source, Span};

/// The text with ids, and for each note whether it was given its own. The text is `None` where it stays as it is: it is changed
/// only if the same notes are in it afterwards, each with its id. `notes` are those of the file, each with the id for it.
pub fn stamp(file: File<'_>, notes: &[(&Note, String)]) -> (Option<String>, Vec<Result<(), Unstamped>>) {
    let text = &file.source.text;
    let Document { notes: written, syntaxes, .. } = read(file.id, file.source, file.chapter, file.settings);
    // What is left out for what is wrong outside of the file is read, and has no GUID to be stamped with.
    let stamps: BTreeMap<Span, (usize, &str)> =
        notes.iter().enumerate().map(|(index, (note, id))| (note.span, (index, id.as_str()))).collect();
    let place = |(note, syntax): (&Note, &Syntax)| match stamps.get(&note.span) {
        Some((_, id)) => syntax::stamp(*syntax, text, note, id),
        None => Err(Unstamped::Place),
    };
    let mut places: Vec<Result<Insertion, Unstamped>> = written.iter().zip(&syntaxes).map(place).collect();
    // Once more without those that were not read as ids; should that be wrong too, the file is left alone.
    for _ in 0..2 {
        if places.iter().all(Result::is_err) {
            break;
        }
        let stamped = insert(text, places.iter().flatten());
        let ids = written.iter().zip(&places).map(|(note, place)| match place {
            Ok(_) => stamps.get(&note.span).map(|(_, id)| *id),
            Err(_) => note.id.as_deref(),
        });
        let right = read_back(file, stamped.clone(), &written, &ids.collect::<Vec<_>>());
        if right.iter().all(|right| *right) {
            return (Some(stamped), outcomes(&written, &places, &stamps));
        }
        for (place, _) in places.iter_mut().zip(right).filter(|(place, right)| place.is_ok() && !right) {
            *place = Err(Unstamped::Place);
        }
    }
    let outcomes = outcomes(&written, &places, &stamps).into_iter().map(|outcome| outcome.and(Err(Unstamped::Place)));
    (None, outcomes.collect())
}

/// What became of each note that was to be stamped, in their order.
fn outcomes(
    written: &[Note],
    places: &[Result<Insertion, Unstamped>],
    stamps: &BTreeMap<Span, (usize, &str)>,
) -> Vec<Result<(), Unstamped>> {
    let mut outcomes = vec![Err(Unstamped::Place); stamps.len()];
    for (note, place) in written.iter().zip(places) {
        let slot = stamps.get(&note.span).and_then(|(index, _)| outcomes.get_mut(*index));
        if let Some(slot) = slot {
            *slot = place.as_ref().map(drop).map_err(|why| *why);
        }
    }
    outcomes
}

fn insert<'a>(text: &str, insertions: impl Iterator<Item = &'a Insertion>) -> String {
    let mut insertions: Vec<&Insertion> = insertions.collect();
    insertions.sort_unstable();
    let mut stamped = String::with_capacity(text.len() + insertions.len() * 24);
    let mut copied = 0;
    for (at, piece) in insertions {
        stamped.push_str(text.get(copied..*at).unwrap_or_default());
        stamped.push_str(piece);
        copied = *at;
    }
    stamped.push_str(text.get(copied..).unwrap_or_default());
    stamped
}

/// Reads a stamped text, and says of each note whether it is there as it was, with its id if it has one.
fn read_back(file: File<'_>, text: String, written: &[Note], ids: &[Option<&str>]) -> Vec<bool> {
    let source = Source { path: file.source.path.clone(), text };
    let read = read(file.id, &source, file.chapter, file.settings).notes;
    if read.len() != written.len() {
        return vec![false; written.len()];
    }
    let is_right = |((note, id), read): ((&Note, Option<&str>), &Note)| {
        read.id.as_deref() == id && read.kind == note.kind && normalised_front(read) == normalised_front(note)
    };
    written.iter().zip(ids.iter().copied()).zip(&read).map(is_right).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::syntax::Syntaxes;
    use crate::ir::DeckName;
    use crate::source::SourceId;

    /// The text with `{#x0}`, `{#x1}`, … in it, and what became of each note.
    fn stamped(text: &str, syntaxes: &[Syntax]) -> (Option<String>, Vec<Result<(), Unstamped>>) {
        let syntaxes = Syntaxes::new(syntaxes.iter().copied()).unwrap();
        let settings = &Settings { deck: DeckName::new("x"), syntaxes, ..Settings::default() };
        let source = &Source { path: "a.md".into(), text: text.into() };
        let file = File { id: SourceId(0), source, chapter: "a.md", settings };
        let notes = read(file.id, source, file.chapter, settings).notes;
        let notes: Vec<(&Note, String)> =
            notes.iter().enumerate().map(|(index, note)| (note, format!("x{index}"))).collect();
        stamp(file, &notes)
    }

    #[test]
    fn each_note_gets_its_own_id_or_none() {
        let (text, outcomes) = stamped("## a {#b}\nc\n## d\ne\n", &[Syntax::Headings]);
        assert_eq!(text.as_deref(), Some("## a {#b}\nc\n## d {#x1}\ne\n"));
        assert_eq!(outcomes, [Err(Unstamped::HasId), Ok(())]);
    }

    #[test]
    fn underlined_headings_get_theirs_at_the_end_of_their_text() {
        let (text, outcomes) = stamped("## a\nb\n\nTwo\nlines\n---\nc\n", &[Syntax::Headings]);
        assert_eq!(text.as_deref(), Some("## a {#x0}\nb\n\nTwo\nlines {#x1}\n---\nc\n"));
        assert_eq!(outcomes, [Ok(()), Ok(())]);
    }

    #[test]
    fn cards_have_no_place_for_an_id() {
        let text = "Q: a\nA: b\n---\nC: [c]\n";
        assert_eq!(stamped(text, &[Syntax::Qa]), (None, vec![Err(Unstamped::Syntax); 2]));
        let (text, outcomes) = stamped("## a\nb\n\nQ: c\nA: d\n", &[Syntax::Qa, Syntax::Headings]);
        assert_eq!(text.as_deref(), Some("## a {#x0}\nb\n\nQ: c\nA: d\n"));
        assert_eq!(outcomes, [Ok(()), Err(Unstamped::Syntax)]);
    }
}
