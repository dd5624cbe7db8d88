//! Turns templates and style into the collection's two note types, and keeps their ids and times between builds.
//!
//! Knows nothing of Anki's file format, nor where templates that take the place of the built-in ones lie.

use std::collections::BTreeMap;

use super::field::Hash;
use super::hash;
use super::lock::{Lock, LockedType};
use crate::anki::note_type::{self, ADDED_STYLE, File, GENERATION, STYLE};
use crate::anki::package::PackagedNoteType;
use crate::ir::{Field, NoteType, NoteTypeKey, Template};

/// Both note types of a collection.
///
/// `templates` maps names of files in `templates/anki/` (such as `basic-front.html`, `style.css`) to texts that take the
/// place of the built-in ones. `modified` is 0 until [`super::assign`] has run.
pub fn note_types(collection_id: &str, name: &str, templates: &BTreeMap<String, String>) -> Vec<NoteType> {
    NoteTypeKey::ALL.into_iter().map(|key| note_type(key, collection_id, name, templates)).collect()
}

/// Gives note types the ids and times that `old` remembers, and gives what to remember next.
///
/// The generation, and with it the id, rises when fields or templates are added, removed, renamed or put into another
/// order: Anki then takes the note type for another one, and needs another id to merge the two.
pub(super) fn assign(
    collection_id: &str,
    note_types: &mut [NoteType],
    old: &[LockedType],
    now: i64,
) -> Vec<LockedType> {
    let remember = |note_type: &mut NoteType| {
        let (style, names) = (style_hash(note_type), names_hash(note_type));
        let old = old.iter().find(|old| old.key == note_type.key);
        let generation = match old {
            Some(old) if old.names == names => old.generation,
            // The project's own count is ahead where it was raised by names alone.
            Some(old) => GENERATION.max(old.generation.saturating_add(1)),
            None => GENERATION,
        };
        let modified = match old {
            Some(old) if old.style == style && old.names == names => old.modified,
            Some(old) => now.max(old.modified.saturating_add(1)),
            None => now,
        };
        note_type.id = id(collection_id, note_type.key, generation);
        note_type.modified = modified;
        LockedType { key: note_type.key, generation, modified, style, names }
    };
    note_types.iter_mut().map(remember).collect()
}

/// What is to be remembered of a note type that an older package carries.
pub(super) fn packaged(key: NoteTypeKey, generation: u32, note_type: &PackagedNoteType) -> LockedType {
    let PackagedNoteType { modified, fields, templates, css, .. } = note_type;
    let sides = templates.iter().flat_map(|template| [template.front.as_str(), template.back.as_str()]);
    let names = templates.iter().map(|template| template.name.as_str());
    LockedType {
        key,
        generation,
        modified: (*modified).max(1),
        style: Hash::of_parts(sides.chain([css.as_str()])),
        names: Hash::of_parts(fields.iter().map(|field| field.name.as_str()).chain([""]).chain(names)),
    }
}

fn style_hash(note_type: &NoteType) -> Hash {
    let sides = note_type.templates.iter().flat_map(|template| [template.front.as_str(), template.back.as_str()]);
    Hash::of_parts(sides.chain([note_type.css.as_str()]))
}

fn names_hash(note_type: &NoteType) -> Hash {
    let fields = note_type.fields.iter().map(|field| field.name.as_str());
    let templates = note_type.templates.iter().map(|template| template.name.as_str());
    Hash::of_parts(fields.chain([""]).chain(templates))
}

/// The id of a note type in Anki.
pub(super) fn id(collection_id: &str, key: NoteTypeKey, generation: u32) -> i64 {
    hash::id(&[collection_id, key.as_str(), &generation.to_string()])
}

/// The id in Anki of a note type that a lock remembers; `None` where it remembers none.
pub fn note_type_id(lock: &Lock, key: NoteTypeKey) -> Option<i64> {
    let known = lock.types.iter().find(|one| one.key == key)?;
    Some(id(&lock.collection, key, known.generation))
}

fn note_type(key: NoteTypeKey, collection_id: &str, name: &str, templates: &BTreeMap<String, String>) -> NoteType {
    let id = |parts: &[&str]| hash::id(&[&[collection_id, key.as_str()], parts].concat());
    let text = |file: &File| templates.get(file.name).map_or(file.text, String::as_str).to_owned();
    let fields = note_type::field_names(key).map(|name| Field { id: id(&["field", name]), name: name.to_owned() });
    let templates = note_type::templates(key).iter().map(|template| Template {
        id: id(&["template", template.name]),
        name: template.name.to_owned(),
        front: text(&template.front),
        back: text(&template.back),
    });
    NoteType {
        key,
        id: self::id(collection_id, key, GENERATION),
        name: format!("{} ({name})", key.as_str()),
        modified: 0,
        fields: fields.collect(),
        templates: templates.collect(),
        css: [text(&STYLE), text(&ADDED_STYLE)].concat(),
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
            assert_eq!(plain.templates.len(), note_type::templates(plain.key).len());
        }
        assert_eq!(restyled[0].name, "Basic (Cloud)");
    }

    #[test]
    fn an_added_style_follows_the_built_in_one() {
        let added = BTreeMap::from([("extra.css".to_owned(), ":root { --deckle-accent: red }".to_owned())]);
        for note_type in note_types("aws", "AWS", &added) {
            assert!(note_type.css.starts_with(STYLE.text) && note_type.css.ends_with(":root { --deckle-accent: red }"));
        }
        assert_eq!(note_types("aws", "AWS", &BTreeMap::new())[0].css, STYLE.text);
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
