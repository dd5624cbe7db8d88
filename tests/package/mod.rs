//! Turns packages into text: what Anki would find in them, note by note.

use std::fmt::Write;

use deckle::api::Artifact;
use deckle::api::files;

use crate::packed::{self, PackedNote};

/// Decks, media, notes and cards of each package.
pub(crate) fn text_of(packages: &[Artifact]) -> String {
    packages.iter().map(package).collect::<Vec<String>>().join("\n")
}

fn package(artifact: &Artifact) -> String {
    let packed = packed::read(&files::bytes_of(&artifact.recipe).expect("its bytes"));
    let mut out = format!("package {}\n", artifact.path.display());
    for (name, description) in &packed.decks {
        writeln!(out, "deck {name} {description}").expect("a string takes all");
    }
    for (member, name, bytes) in &packed.media {
        writeln!(out, "media {member} {name} {} bytes", bytes.len()).expect("a string takes all");
    }
    packed.notes.iter().for_each(|note| write_note(&mut out, note));
    out
}

fn write_note(out: &mut String, note: &PackedNote) {
    assert!(note.modified > 0, "Anki never updates a note that has no time");
    writeln!(out, "\nnote {} {:?} tags={:?}", note.guid, note.note_type, note.tags).expect("a string");
    for (name, field) in note.fields.iter().filter(|(_, field)| !field.is_empty()) {
        if field.contains('\n') {
            writeln!(out, "  {name}:\n    {}", field.replace('\n', "\n    ")).expect("a string takes all");
        } else {
            writeln!(out, "  {name}: {field}").expect("a string takes all");
        }
    }
    for card in &note.cards {
        writeln!(out, "  card {} due {} in {}", card.ordinal, card.due, card.deck).expect("a string");
    }
}
