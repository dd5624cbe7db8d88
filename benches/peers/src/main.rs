//! Writes a package of basic notes with genanki-rs, to be timed beside `deckle build` on the same notes.
//!
//! `deckle-peers notes COUNT FILE.md` writes the notes as Markdown, `deckle-peers genanki-rs COUNT FILE.apkg` the package.

use std::error::Error;
use std::fmt::Write;

use genanki_rs::{Deck, Note, basic_model};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [mode, count, path] = args.as_slice() else { return Err("usage: deckle-peers notes|genanki-rs COUNT FILE".into()) };
    let count: usize = count.parse()?;
    match mode.as_str() {
        "notes" => write_notes(count, path),
        "genanki-rs" => write_package(count, path),
        other => Err(format!("`{other}` is neither `notes` nor `genanki-rs`").into()),
    }
}

fn front(number: usize) -> String {
    format!("What is word {number}?")
}

fn back(number: usize) -> String {
    format!("It is the answer {number}, in a sentence of some length.")
}

fn write_notes(count: usize, path: &str) -> Result<(), Box<dyn Error>> {
    let mut text = String::from("---\ndeck: Peers\n---\n");
    for number in 0..count {
        write!(text, "## {}\n\n{}\n\n", front(number), back(number))?;
    }
    Ok(std::fs::write(path, text)?)
}

fn write_package(count: usize, path: &str) -> Result<(), Box<dyn Error>> {
    let mut deck = Deck::new(1_700_000_000_001, "Peers", "");
    for number in 0..count {
        deck.add_note(Note::new(basic_model(), vec![&front(number), &back(number)])?);
    }
    Ok(deck.write_to_file(path)?)
}
