//! Turns a difference into an HTML page that needs nothing beside itself.

use super::marked::{ELEMENTS, fields, tags_with, with_marks};
use super::{remarks, summary, tags, words};
use crate::pipeline::{Difference, NoteDifference};
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
    let items: Vec<String> = words::changes(difference).map(|item| format!("<li>{}</li>", escaped(&item))).collect();
    let list = if items.is_empty() { String::new() } else { format!("<ul>\n{}\n</ul>\n", items.join("\n")) };
    let notes: String = difference.notes.iter().map(note).collect();
    let remark = |remark: &String| format!("<p><small>{}</small></p>\n", escaped(remark));
    let remarks = remarks(difference).iter().map(remark).collect::<Vec<_>>().concat();
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
    let (kind, place) = (words::note_word(note.kind), words::place(note));
    let mut rows = String::new();
    for field in &note.fields {
        let shown = fields(&field.old, &field.new)
            .map_or_else(|| words::MARKUP.to_owned(), |pieces| with_marks(&pieces, &ELEMENTS, escaped));
        rows.push_str(&row(&field.name, &shown));
    }
    if let Some([old, new]) = &note.tags {
        rows.push_str(&row("tags", &tags_with(&tags(old, new), &ELEMENTS, escaped)));
    }
    if let Some(cards) = words::cards(note) {
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
