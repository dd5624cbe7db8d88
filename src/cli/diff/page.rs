//! Turns a difference into an HTML page that needs nothing beside itself.

use super::marked::{ELEMENTS, fields, with_marks};
use super::text::{cards, deck_line, media_words, note_type_words};
use super::{remarks, summary, tags};
use crate::pipeline::{Difference, NoteChange, NoteDifference};
use crate::text::hidden;

const STYLE: &str = "\
:root{color-scheme:light dark;--gone:#b3261e;--come:#1b6e3a;--line:#8884}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.4rem}ul{padding-left:1.2rem}article{border-top:1px solid var(--line);padding:.6rem 0}\
h2{font-size:1rem;margin:0}small{opacity:.75}dl{margin:.3rem 0 0;display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem}\
dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}del{color:var(--gone)}ins{color:var(--come);text-decoration:none;font-weight:600}\
@media(prefers-color-scheme:dark){:root{--gone:#ff9d94;--come:#8fd7a4}}";

/// All of it.
pub(super) fn page(difference: &Difference) -> String {
    let title = escaped(&format!("{} → {}", difference.old, difference.new));
    let decks = difference.decks.iter().map(|deck| format!("deck {}", deck_line(deck)));
    let types = difference.note_types.iter().map(|one| {
        let parts = if one.parts.is_empty() { String::new() } else { format!(" ({})", one.parts.join(", ")) };
        format!("note type {} {}{parts}", one.name, note_type_words(one.kind))
    });
    let media = difference.media.iter().map(|one| format!("media {} {}", one.name, media_words(one.kind)));
    let items: Vec<String> =
        decks.chain(types).chain(media).map(|item| format!("<li>{}</li>", escaped(&item))).collect();
    let list = if items.is_empty() { String::new() } else { format!("<ul>\n{}\n</ul>\n", items.join("\n")) };
    let notes: String = difference.notes.iter().map(note).collect();
    let remarks: Vec<String> = remarks(difference)
        .iter()
        .map(|remark| {
            format!(
                "<p><small>{}</small></p>
",
                escaped(remark)
            )
        })
        .collect();
    let remarks = remarks.concat();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n{list}{notes}{remarks}\
        </main>\n</body>\n</html>\n",
        escaped(&summary(difference))
    )
}

fn note(note: &NoteDifference) -> String {
    let kind = match note.kind {
        NoteChange::Added => "added",
        NoteChange::Updated => "updated",
        NoteChange::HeldBack => "held back",
        NoteChange::Conflicting => "in conflict",
        NoteChange::Gone => "gone",
    };
    let place = note.place.as_ref().map_or_else(|| note.deck.clone(), |place| format!("{}:{}", place.path, place.line));
    let mut rows = String::new();
    for field in &note.fields {
        let shown = fields(&field.old, &field.new)
            .map_or_else(|| "its markup alone".to_owned(), |pieces| with_marks(&pieces, &ELEMENTS, escaped));
        rows.push_str(&row(&field.name, &shown));
    }
    if let Some([old, new]) = &note.tags {
        let [missing, more] = tags(old, new);
        let missing = missing.iter().map(|tag| format!("<del>{}</del>", escaped(tag)));
        let more = more.iter().map(|tag| format!("<ins>{}</ins>", escaped(tag)));
        rows.push_str(&row("tags", &missing.chain(more).collect::<Vec<_>>().join(" ")));
    }
    if let Some(cards) = cards(note) {
        rows.push_str(&row("cards", &cards));
    }
    let rows = if rows.is_empty() { rows } else { format!("<dl>\n{rows}</dl>\n") };
    format!(
        "<article>\n<h2>{}</h2>\n<small>{kind} · {}</small>\n{rows}</article>\n",
        escaped(&note.text),
        escaped(&place)
    )
}

fn row(name: &str, html: &str) -> String {
    format!("<dt>{}</dt><dd>{html}</dd>\n", escaped(name))
}

fn escaped(text: &str) -> String {
    hidden::shown(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
