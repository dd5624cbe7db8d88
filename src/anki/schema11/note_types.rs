//! The note types in `col.models`, written and read: JSON that maps their ids to them. Anki's files call them models.
//!
//! Knows nothing of notes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::anki::note_type::{self, Needs};
use crate::anki::shown_name::shown_name;
use crate::ir::{Field, NoteType, NoteTypeKey, Template};

/// A note type.
pub fn note_type(note_type: &NoteType) -> Value {
    let kind = match note_type.key {
        NoteTypeKey::Basic => 0,
        NoteTypeKey::Cloze => 1,
    };
    json!({
        "id": note_type.id, "name": shown_name(&note_type.name), "type": kind, "mod": note_type.modified, "usn": -1, "sortf": 0,
        "did": null, "css": note_type.css, "tags": [], "vers": [], "req": requirements(note_type.key),
        "latexPre": LATEX_PREAMBLE, "latexPost": "\\end{document}", "latexsvg": false,
        "flds": note_type.fields.iter().enumerate().map(|(place, one)| field(place, one)).collect::<Value>(),
        "tmpls": note_type.templates.iter().enumerate().map(|(place, one)| template(place, one)).collect::<Value>(),
    })
}

/// The note types, by id.
pub fn read(models: &str) -> serde_json::Result<Vec<PackagedNoteType>> {
    let models: BTreeMap<i64, Model> = serde_json::from_str(models)?;
    let note_type = |(id, model): (i64, Model)| PackagedNoteType {
        id,
        name: model.name,
        modified: model.modified,
        fields: model.fields,
        templates: model.templates,
        css: model.css,
    };
    Ok(models.into_iter().map(note_type).collect())
}

/// A note type of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedNoteType {
    /// By this Anki recognises it.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// Its fields, in their order.
    pub fields: Vec<PackagedField>,
    /// Its card templates, in their order.
    pub templates: Vec<PackagedTemplate>,
    /// The style of its cards.
    pub css: String,
}

impl PackagedNoteType {
    /// A note type of which no more is known.
    pub fn of(id: i64, name: String) -> Self {
        Self { id, name, modified: 0, fields: Vec::new(), templates: Vec::new(), css: String::new() }
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PackagedField {
    /// Its name.
    pub name: String,
    /// By this Anki recognises it, where both have one.
    #[serde(default)]
    pub id: Option<i64>,
}

/// A card template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PackagedTemplate {
    /// Its name.
    pub name: String,
    /// The question side.
    #[serde(rename = "qfmt")]
    pub front: String,
    /// The answer side.
    #[serde(rename = "afmt", default)]
    pub back: String,
    /// By this Anki recognises it, where both have one.
    #[serde(default)]
    pub id: Option<i64>,
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

/// What of a note type's JSON is read.
#[derive(Deserialize)]
struct Model {
    name: String,
    #[serde(rename = "mod")]
    modified: i64,
    #[serde(rename = "flds")]
    fields: Vec<PackagedField>,
    #[serde(rename = "tmpls")]
    templates: Vec<PackagedTemplate>,
    css: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let written = NoteType {
            key: NoteTypeKey::Basic,
            id: 7,
            name: "Basic (x)".into(),
            modified: 5,
            fields: vec![Field { id: 1, name: "Front".into() }, Field { id: 2, name: "Back".into() }],
            templates: vec![Template { id: 3, name: "Card 1".into(), front: "q".into(), back: "a".into() }],
            css: "p".into(),
        };
        let read = read(&json!({ "7": note_type(&written) }).to_string()).unwrap_or_default();
        let expected = PackagedNoteType {
            id: 7,
            name: "Basic (x)".into(),
            modified: 5,
            fields: vec![
                PackagedField { id: Some(1), name: "Front".into() },
                PackagedField { id: Some(2), name: "Back".into() },
            ],
            templates: vec![PackagedTemplate {
                name: "Card 1".into(),
                front: "q".into(),
                back: "a".into(),
                id: Some(3),
            }],
            css: "p".into(),
        };
        assert_eq!(read, [expected]);
    }
}
