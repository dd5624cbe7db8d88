//! Turns rows of HTML into a package with genanki-rs: `deckle-peers ROWS.tsv OUT.apkg`. A row is front and back, and then
//! maybe a kind (`basic`, `reversed`, `cloze`) and tags with blanks between them.

use std::error::Error;

use genanki_rs::{Deck, Note, basic_and_reversed_card_model, basic_model, cloze_model};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [rows, package] = args.as_slice() else { return Err("usage: deckle-peers ROWS.tsv OUT.apkg".into()) };
    let mut deck = Deck::new(1_700_000_000_001, "Bench", "");
    for row in std::fs::read_to_string(rows)?.lines() {
        deck.add_note(note(row)?);
    }
    Ok(deck.write_to_file(package)?)
}

fn note(row: &str) -> Result<Note, Box<dyn Error>> {
    let columns: Vec<&str> = row.split('\t').collect();
    let (front, back, kind, tags) = match columns.as_slice() {
        [front, back] => (front, back, "basic", ""),
        [front, back, kind, tags] => (front, back, *kind, *tags),
        _ => return Err(format!("neither two columns nor four: {row}").into()),
    };
    let (model, fields) = match kind {
        "basic" => (basic_model(), vec![*front, back]),
        "reversed" => (basic_and_reversed_card_model(), vec![*front, back]),
        "cloze" => (cloze_model(), vec![*front]),
        other => return Err(format!("no kind of note: {other}").into()),
    };
    Ok(Note::new(model, fields)?.tags(tags.split_whitespace()))
}
