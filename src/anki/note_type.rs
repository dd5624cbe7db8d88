//! The two note types as readers get them: fields with what each is for, card templates, and the generation of both.
//!
//! Knows nothing of notes; what ids and times the note types have is up to [`crate::identity`].

use crate::ir::NoteTypeKey;

/// Rises with each change of the tables below, but for texts of templates: Anki takes a note type whose fields or
/// templates were added, removed, renamed or put into another order for another one, updates none of its notes, and
/// merges the two only under another id, which a higher generation gives.
pub const GENERATION: u32 = 1;

/// A field of a note type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, free of what means something in templates (`:`, `#`, `^`, `/`, `{`, `}`, `"`).
    pub name: &'static str,
    /// What it is for.
    pub role: Role,
}

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The question.
    Front,
    /// The text with its deletions, its heading between [`HEADING`].
    Text,
    /// The answer; a cloze note has none.
    Back,
    /// Shown on demand before the answer.
    Hint,
    /// Shown below the answer.
    Extra,
    /// Where the note comes from.
    Source,
    /// The headings above the note.
    Context,
    /// Where the note was written.
    Link,
    /// Filled where a second card asks the other way round.
    Reverse,
    /// What to type, where the answer is typed.
    Typed,
}

/// What stands around the heading in [`Role::Text`].
pub const HEADING: (&str, &str) = ("<div class=\"heading\">", "</div>");

/// A card template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// When its card exists.
    pub needs: Needs,
    /// The question side (Anki's `qfmt`).
    pub front: File,
    /// The answer side (Anki's `afmt`).
    pub back: File,
}

/// Which fields must be filled for a card to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// One of these.
    Any(&'static [Role]),
    /// Each of these.
    All(&'static [Role]),
}

/// A file of `templates/anki/`, built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Its name; a project's own file of that name takes its place.
    pub name: &'static str,
    /// Its content.
    pub text: &'static str,
}

macro_rules! file {
    ($name:literal) => {
        File { name: $name, text: include_str!(concat!("../../templates/anki/", $name)) }
    };
}

/// The style of the cards of both note types.
pub const STYLE: File = file!("style.css");

/// A project's own style that follows [`STYLE`]; there is none built in.
pub const ADDED_STYLE: File = File { name: "extra.css", text: "" };

/// The fields of a note type, in Anki's order; the first is the one it sorts by and finds duplicates by.
///
/// Switches, and Hint, Extra and Source, were there from the start, because a field that is added later costs a
/// [`GENERATION`].
pub fn fields(key: NoteTypeKey) -> &'static [Field] {
    match key {
        NoteTypeKey::Basic => BASIC_FIELDS,
        NoteTypeKey::Cloze => CLOZE_FIELDS,
    }
}

const BASIC_FIELDS: &[Field] = &[
    Field { name: "Front", role: Role::Front },
    Field { name: "Back", role: Role::Back },
    Field { name: "Hint", role: Role::Hint },
    Field { name: "Extra", role: Role::Extra },
    Field { name: "Source", role: Role::Source },
    Field { name: "Context", role: Role::Context },
    Field { name: "Link", role: Role::Link },
    Field { name: "Reverse", role: Role::Reverse },
    Field { name: "Typed", role: Role::Typed },
];

const CLOZE_FIELDS: &[Field] = &[
    Field { name: "Text", role: Role::Text },
    Field { name: "Back", role: Role::Back },
    Field { name: "Hint", role: Role::Hint },
    Field { name: "Extra", role: Role::Extra },
    Field { name: "Source", role: Role::Source },
    Field { name: "Context", role: Role::Context },
    Field { name: "Link", role: Role::Link },
];

/// The names of a note type's fields, in Anki's order.
pub fn field_names(key: NoteTypeKey) -> impl Iterator<Item = &'static str> {
    fields(key).iter().map(|field| field.name)
}

/// Which of the fields has a role; `None` where the note type has no such field.
pub fn place_of(key: NoteTypeKey, role: Role) -> Option<usize> {
    fields(key).iter().position(|field| field.role == role)
}

/// The card templates of a note type, in Anki's order.
pub fn templates(key: NoteTypeKey) -> &'static [Template] {
    match key {
        NoteTypeKey::Basic => BASIC_TEMPLATES,
        NoteTypeKey::Cloze => CLOZE_TEMPLATES,
    }
}

const BASIC_TEMPLATES: &[Template] = &[
    Template {
        name: "Card 1",
        needs: Needs::Any(&[Role::Front]),
        front: file!("basic-front.html"),
        back: file!("basic-back.html"),
    },
    Template {
        name: "Card 2",
        needs: Needs::All(&[Role::Back, Role::Reverse]),
        front: file!("basic-reversed-front.html"),
        back: file!("basic-reversed-back.html"),
    },
];

const CLOZE_TEMPLATES: &[Template] = &[Template {
    name: "Cloze",
    needs: Needs::Any(&[Role::Text]),
    front: file!("cloze-front.html"),
    back: file!("cloze-back.html"),
}];

#[cfg(test)]
mod tests {
    use super::*;

    /// What readers have, by generation. Lines are added at the end and never change: a note type that is not what its
    /// generation says is another one to Anki, and the readers' notes stay behind.
    const RELEASED: &[(u32, NoteTypeKey, &str, &str)] = &[
        (1, NoteTypeKey::Basic, "Front Back Hint Extra Source Context Link Reverse Typed", "Card 1, Card 2"),
        (1, NoteTypeKey::Cloze, "Text Back Hint Extra Source Context Link", "Cloze"),
    ];

    #[test]
    fn another_list_of_fields_or_templates_takes_another_generation() {
        for key in NoteTypeKey::ALL {
            let fields = field_names(key).collect::<Vec<_>>().join(" ");
            let templates = templates(key).iter().map(|template| template.name).collect::<Vec<_>>().join(", ");
            let now = (GENERATION, key, fields.as_str(), templates.as_str());
            let released = RELEASED.iter().find(|released| (released.0, released.1) == (GENERATION, key));
            assert_eq!(
                Some(&now),
                released,
                "the fields or templates of {key:?} are not those of generation {GENERATION}, which readers have: \
                raise GENERATION, and add lines for the new one to RELEASED"
            );
        }
        let generations: Vec<(u32, NoteTypeKey)> = RELEASED.iter().map(|released| (released.0, released.1)).collect();
        let all = (1..=GENERATION).flat_map(|generation| NoteTypeKey::ALL.map(|key| (generation, key)));
        assert_eq!(generations, all.collect::<Vec<_>>());
    }

    /// Of the released lines up to each generation, so that none of them changes unseen.
    #[test]
    fn what_was_released_stays() {
        const SEALS: &[u64] = &[11_711_909_354_956_327_311];
        for (generation, seal) in (1..).zip(SEALS) {
            let released: Vec<_> = RELEASED.iter().filter(|released| released.0 <= generation).collect();
            let found = xxhash_rust::xxh3::xxh3_64(format!("{released:?}").as_bytes());
            assert_eq!(found, *seal, "a line of generation {generation} or before changed");
        }
        assert_eq!(SEALS.len(), GENERATION as usize, "a new generation has a seal of its own");
    }

    #[test]
    fn each_role_has_one_field_and_each_field_a_name_that_templates_take() {
        for key in NoteTypeKey::ALL {
            for (place, field) in fields(key).iter().enumerate() {
                assert_eq!(place_of(key, field.role), Some(place));
                assert!(field.name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", field.name);
            }
            for Template { needs: Needs::Any(roles) | Needs::All(roles), .. } in templates(key) {
                assert!(roles.iter().all(|role| place_of(key, *role).is_some()));
            }
        }
    }
}
