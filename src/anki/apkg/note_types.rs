//! Turns note types into the JSON of `col.models`.
//!
//! Knows nothing of notes.

use serde_json::{Value, json};

use crate::anki::note_type::{self, Needs};
use crate::ir::{Field, NoteType, NoteTypeKey, Template};

/// A note type, which Anki's files call a model.
pub(super) fn note_type(note_type: &NoteType) -> Value {
    let kind = match note_type.key {
        NoteTypeKey::Basic => 0,
        NoteTypeKey::Cloze => 1,
    };
    json!({
        "id": note_type.id, "name": note_type.name, "type": kind, "mod": note_type.modified, "usn": -1, "sortf": 0,
        "did": null, "css": note_type.css, "tags": [], "vers": [], "req": requirements(note_type.key),
        "latexPre": LATEX_PREAMBLE, "latexPost": "\\end{document}", "latexsvg": false,
        "flds": note_type.fields.iter().enumerate().map(|(place, one)| field(place, one)).collect::<Value>(),
        "tmpls": note_type.templates.iter().enumerate().map(|(place, one)| template(place, one)).collect::<Value>(),
    })
}

/// Only for notes that a reader writes with `[latex]`: our own math is MathJax's.
const LATEX_PREAMBLE: &str =
    "\\documentclass[12pt]{article}\n\\usepackage{amsmath,amssymb}\n\\pagestyle{empty}\n\\begin{document}\n";

/// Which fields must be filled for a card to exist. Anki before 2.1.28 relies on it; later ones read the templates.
fn requirements(key: NoteTypeKey) -> Value {
    let requirement = |(place, template): (usize, &note_type::Template)| {
        let (how, roles) = match template.needs {
            Needs::Any(roles) => ("any", roles),
            Needs::All(roles) => ("all", roles),
        };
        let fields: Vec<usize> = roles.iter().filter_map(|&role| note_type::place_of(key, role)).collect();
        json!([place, how, fields])
    };
    note_type::templates(key).iter().enumerate().map(requirement).collect()
}

fn field(place: usize, field: &Field) -> Value {
    json!({
        "id": field.id, "name": field.name, "ord": place, "sticky": false, "rtl": false, "font": "Arial", "size": 20,
        "media": []
    })
}

fn template(place: usize, template: &Template) -> Value {
    json!({
        "id": template.id, "name": template.name, "ord": place, "qfmt": template.front, "afmt": template.back,
        "bqfmt": "", "bafmt": "", "did": null
    })
}
