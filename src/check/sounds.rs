//! Turns a project's own templates for answers into diagnostics where Anki would play the question's sounds again.
//!
//! Of cloze notes nothing is said: their answer has to show the text, and plays what is in it.

use std::collections::BTreeSet;

use super::templates::shown_fields;
use crate::anki::note_type::{self, Role};
use crate::anki::template::FRONT_SIDE;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, Leaf, MediaRef, Note, NoteBody, NoteTypeKey, for_each_leaf};
use crate::source::{SourceId, Span};
use crate::text::extension::MediaKind;

/// A project's own template: its file's name, its place and its text.
pub type Own<'a> = (&'a str, SourceId, &'a str);

/// The fields that an answer of the project's own repeats, as far as notes have sounds in them.
pub fn check_sounds(own: &[Own<'_>], notes: &[Note]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (ordinal, template) in note_type::templates(NoteTypeKey::Basic).iter().enumerate() {
        let find = |name: &str| own.iter().find(|(file, ..)| *file == name);
        let Some(&(_, id, back)) = find(template.back.name) else { continue };
        let front = find(template.front.name).map_or(template.front.text, |&(_, _, text)| text);
        let asked: BTreeSet<&str> = shown_fields(front).into_iter().map(|(_, name)| name).collect();
        let repeated: Vec<_> = shown_fields(back).into_iter().filter(|(_, name)| asked.contains(name)).collect();
        if repeated.is_empty() {
            continue;
        }
        let sounding = sounding_fields(notes, ordinal > 0);
        diagnostics.extend(repeated.into_iter().filter(|(_, name)| sounding.contains(name)).map(|(range, name)| {
            let message = format!("the sounds of `{name}` play again with the answer");
            Diagnostic::new(Code::RepeatedSound, Span::new(id, range), message)
                .help(format!("write `{{{{{FRONT_SIDE}}}}}` for the question: its sounds do not play again"))
        }));
    }
    diagnostics
}

/// The fields in which a note has a sound or a film.
fn sounding_fields(notes: &[Note], of_reversed: bool) -> BTreeSet<&'static str> {
    let mut roles = Vec::new();
    for note in notes {
        let NoteBody::Basic { front, back, reversed, .. } = &note.body else { continue };
        if of_reversed && !reversed {
            continue;
        }
        let fields = [(Role::Front, front), (Role::Back, back), (Role::Hint, &note.hint), (Role::Extra, &note.extra)];
        for (role, blocks) in fields {
            if !roles.contains(&role) && plays(blocks) {
                roles.push(role);
            }
        }
    }
    let fields = note_type::fields(NoteTypeKey::Basic).iter();
    fields.filter(|field| roles.contains(&field.role)).map(|field| field.name).collect()
}

fn plays(blocks: &[Block]) -> bool {
    let mut found = false;
    for_each_leaf(blocks, &mut |leaf| {
        if let Leaf::Media(MediaRef::Local { path }, _) = leaf {
            found |= matches!(MediaKind::of(path), Some(MediaKind::Sound | MediaKind::Video));
        }
    });
    found
}
