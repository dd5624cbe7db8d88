//! Turns templates and style into the collection's two note types.
//!
//! Knows nothing of Anki's file format, nor where templates that take the place of the built-in ones lie.

use std::collections::BTreeMap;

use super::hash;
use crate::ir::{Field, NoteType, NoteTypeKey, Template};

/// Rises when fields or templates are added, removed or put into another order: Anki then takes the note type for another
/// one, and it needs another id to be merged.
const GENERATION: &str = "1";

/// Both note types of a collection.
///
/// `templates` maps names of files in `templates/anki/` (such as `basic-front.html`, `style.css`) to texts that take the
/// place of the built-in ones. `modified` is 0 until [`super::assign`] has run.
pub fn note_types(collection_id: &str, name: &str, templates: &BTreeMap<String, String>) -> Vec<NoteType> {
    NoteTypeKey::ALL.into_iter().map(|key| note_type(key, collection_id, name, templates)).collect()
}

fn note_type(key: NoteTypeKey, collection_id: &str, name: &str, templates: &BTreeMap<String, String>) -> NoteType {
    let id = |parts: &[&str]| hash::id(&[&[collection_id, key.as_str()], parts].concat());
    let text = |file: &File| templates.get(file.name).map_or(file.text, String::as_str).to_owned();
    let fields = key.fields().iter().map(|&field| Field { id: id(&["field", field]), name: field.to_owned() });
    let templates = key.templates().iter().zip(files(key)).map(|(&template, (front, back))| Template {
        id: id(&["template", template]),
        name: template.to_owned(),
        front: text(front),
        back: text(back),
    });
    NoteType {
        key,
        id: id(&[GENERATION]),
        name: format!("{} ({name})", key.as_str()),
        modified: 0,
        fields: fields.collect(),
        templates: templates.collect(),
        css: text(&STYLE),
    }
}

/// A file of `templates/anki/`, built in.
struct File {
    name: &'static str,
    text: &'static str,
}

macro_rules! file {
    ($name:literal) => {
        File { name: $name, text: include_str!(concat!("../../templates/anki/", $name)) }
    };
}

const STYLE: File = file!("style.css");

/// Front and back of each template, in the order of [`NoteTypeKey::templates`].
fn files(key: NoteTypeKey) -> &'static [(File, File)] {
    const BASIC: &[(File, File)] = &[
        (file!("basic-front.html"), file!("basic-back.html")),
        (file!("basic-reversed-front.html"), file!("basic-reversed-back.html")),
    ];
    const CLOZE: &[(File, File)] = &[(file!("cloze-front.html"), file!("cloze-back.html"))];
    match key {
        NoteTypeKey::Basic => BASIC,
        NoteTypeKey::Cloze => CLOZE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_the_collection_and_not_on_its_name_or_templates() {
        let style = BTreeMap::from([("style.css".to_owned(), "p {}".to_owned())]);
        let plain = note_types("aws", "AWS", &BTreeMap::new());
        let restyled = note_types("aws", "Cloud", &style);
        let foreign = note_types("gcp", "AWS", &BTreeMap::new());
        for ((plain, restyled), foreign) in plain.iter().zip(&restyled).zip(&foreign) {
            assert_eq!((plain.id, &plain.fields), (restyled.id, &restyled.fields));
            assert_ne!(plain.id, foreign.id);
            assert_eq!(restyled.css, "p {}");
            assert_ne!(plain.css, restyled.css);
            assert_eq!(plain.templates.len(), plain.key.templates().len());
        }
        assert_eq!(restyled[0].name, "Basic (Cloud)");
    }

    #[test]
    fn all_ids_differ() {
        let types = note_types("aws", "AWS", &BTreeMap::new());
        let mut ids: Vec<i64> = types
            .iter()
            .flat_map(|one| {
                let fields = one.fields.iter().map(|field| field.id);
                fields.chain(one.templates.iter().map(|template| template.id)).chain([one.id])
            })
            .collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!((ids.len(), all), (21, 21));
    }
}
