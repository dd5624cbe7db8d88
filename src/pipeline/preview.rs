//! Turns a card of a note into a document that shows it as Anki's reviewer does.
//!
//! Only the fields of that note are made. Formulas are MathML, which a browser sets by itself. Knows nothing of who asks.

mod finished;

use self::finished::finished;
use crate::anki::deck_name::changed_deck_name;
use crate::anki::note_type;
use crate::anki::rendering::{self, Ingredients, Rendered};
use crate::anki::shown_name::shown_name;
use crate::apkg;
use crate::html::{escape, math_face};
use crate::ir::{Collection, Note, NoteType, NoteTypeKey, Template};

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is asked.
    Question,
    /// The question and its answer.
    Answer,
}

/// What Anki's reviewer has of its own, beside a note type's style.
const STYLE: &str = include_str!("../../templates/serve/card.css");

/// Plays sounds, and tells the page around the card how high it is, and which link or key was pressed.
const SCRIPT: &str = include_str!("../../templates/serve/card.js");

/// A side of the card of this ordinal as a document; `None` where there is no such note or card. `note` is its place among
/// the notes of the collection, and `media` the address of the folder that media are in.
pub fn card(
    collection: &Collection,
    note: usize,
    ordinal: u16,
    side: Side,
    is_night: bool,
    media: &str,
) -> Option<String> {
    let place = note;
    let note = collection.notes.get(place)?;
    note.cards().iter().find(|card| card.ordinal == ordinal)?;
    let note_type = collection.note_types.iter().find(|one| one.key == note.note_type())?;
    let template = note_type.templates.get(match note_type.key {
        NoteTypeKey::Basic => usize::from(ordinal),
        NoteTypeKey::Cloze => 0,
    })?;
    let fields = apkg::fields_of(collection, std::iter::once(place)).pop()?;
    let ingredients = Ingredients {
        fields: fields_by_name(fields, note, note_type, template),
        ordinal,
        is_cloze: note_type.key == NoteTypeKey::Cloze,
    };
    let sides = rendering::render(&template.front, &template.back, &ingredients);
    let (html, has_math) = finished(&sides, &ingredients, side);
    Some(document(&html, &note_type.css, ordinal, is_night, has_math, media))
}

/// The name of a card: its template's, and the number of its deletions.
pub fn card_name(note: &Note, ordinal: u16) -> String {
    let key = note.note_type();
    let name = |place: usize| note_type::templates(key).get(place).map_or("", |template| template.name);
    match key {
        NoteTypeKey::Basic => name(usize::from(ordinal)).to_owned(),
        NoteTypeKey::Cloze => format!("{} {}", name(0), u32::from(ordinal) + 1),
    }
}

/// The fields, and what Anki fills in beside them.
fn fields_by_name<'a>(
    fields: Vec<String>,
    note: &Note,
    note_type: &NoteType,
    template: &Template,
) -> Vec<(&'a str, String)> {
    let deck = changed_deck_name(note.deck.as_str()).unwrap_or_else(|| note.deck.as_str().to_owned());
    let subdeck = deck.rsplit("::").next().unwrap_or_default().to_owned();
    let mut tags: Vec<String> = note.tags.iter().map(|tag| shown_name(tag.as_str()).into_owned()).collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    let special = [
        ("Tags", tags.join(" ")),
        ("Type", shown_name(&note_type.name).into_owned()),
        ("Deck", deck),
        ("Subdeck", subdeck),
        ("Card", template.name.clone()),
        ("CardFlag", "flag0".to_owned()),
    ];
    note_type::field_names(note_type.key).zip(fields).chain(special).collect()
}

/// The page of Anki's reviewer around a side.
fn document(html: &str, css: &str, ordinal: u16, is_night: bool, has_math: bool, media: &str) -> String {
    let (root, night) = if is_night { (" class=\"night-mode\"", " nightMode night_mode") } else { ("", "") };
    // A style ends at the first `</style`, wherever that stands.
    let css = css.replace("</", "<\\/");
    let number = u32::from(ordinal) + 1;
    let face = math_face(has_math);
    format!(
        "<!doctype html>\n<html lang=\"\"{root}>\n<head>\n<meta charset=\"utf-8\">\n<title>Card {number}</title>\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<base href=\"{media}\">\n\
        <style>{face}{STYLE}</style>\n<script>{SCRIPT}</script>\n</head>\n<body class=\"card card{number}{night}\">\n\
        <div id=\"qa\"><style>{css}</style>{html}</div>\n</body>\n</html>\n"
    )
}
