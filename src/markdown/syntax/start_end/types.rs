//! Knows Anki's note types by name: their fields, and what becomes of each field.
//!
//! The file does not say which note types there are; the vault's settings may, and then there are no others.

use crate::config::syntax::StartEndOptions;

/// A note type, as far as its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// Its text has deletions.
    pub(super) is_cloze: bool,
    /// What its cards are.
    pub(super) cards: Cards,
}

/// The cards of a note type that asks and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cards {
    /// One.
    Plain,
    /// A second one asks the other way round.
    Reversed,
    /// There is a second one where the field [`REVERSES`] holds something.
    MayReverse,
    /// One, whose answer is typed.
    Typed,
}

/// The field of `Basic (optional reversed card)` that asks for a second card.
pub(super) const REVERSES: &str = "Add Reverse";

/// The types that each collection of Anki has, with their fields.
const BUILT_IN: [(&str, &[&str]); 5] = [
    ("Basic", &["Front", "Back"]),
    ("Basic (and reversed card)", &["Front", "Back"]),
    ("Basic (optional reversed card)", &["Front", "Back", REVERSES]),
    ("Basic (type in the answer)", &["Front", "Back"]),
    ("Cloze", &["Text", "Back Extra", "Extra"]),
];

/// Why a text names no note type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misnamed {
    /// The settings of the vault know others.
    NotThere(Option<String>),
    /// It reads like text.
    Text,
}

/// The fields of a note type in Anki's order; `None` where nothing says them.
pub(super) fn fields(name: &str, options: &StartEndOptions) -> Result<Option<Vec<String>>, Misnamed> {
    if let Some((_, fields)) = options.fields.iter().find(|(known, _)| known == name) {
        return Ok(Some(fields.clone()));
    }
    let near = |known: &str| known.eq_ignore_ascii_case(name).then(|| known.to_owned());
    if !options.fields.is_empty() {
        return Err(Misnamed::NotThere(options.fields.iter().find_map(|(known, _)| near(known))));
    }
    if let Some((_, fields)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return Ok(Some(fields.iter().map(|field| (*field).to_owned()).collect()));
    }
    match BUILT_IN.iter().find_map(|(known, _)| near(known)) {
        Some(meant) => Err(Misnamed::NotThere(Some(meant))),
        None if may_name(name) => Ok(None),
        None => Err(Misnamed::Text),
    }
}

/// Whether a text is the name of a note type for sure.
pub(super) fn is_known(name: &str, options: &StartEndOptions) -> bool {
    let name = name.trim();
    if options.fields.is_empty() {
        return BUILT_IN.iter().any(|(known, _)| *known == name);
    }
    options.fields.iter().any(|(known, _)| known == name)
}

/// Whether a text is the name of a note type for sure, but for capitals.
pub(super) fn is_nearly_known(name: &str, options: &StartEndOptions) -> bool {
    let known = options.fields.iter().map(|(known, _)| known.as_str());
    known.chain(BUILT_IN.iter().map(|(known, _)| *known)).any(|known| known.eq_ignore_ascii_case(name.trim()))
}

/// So long the name of a note type may be, in characters.
const LONGEST_NAME: usize = 80;

/// Whether a line may be the name of a note type that nobody told of: it is short, and no sentence, element or field.
fn may_name(name: &str) -> bool {
    let is_marked = name.starts_with(['-', '*', '+', '#', '>', '|', '!', '[', '$', '`', '<', '=', '%', '~']);
    let ends_as_text = name.ends_with(['?', '.', ':', '!', ',', ';', '…', '？', '。', '：', '！', '，', '؟']);
    !is_marked && !ends_as_text && !name.contains(": ") && !name.contains("::") && name.chars().count() <= LONGEST_NAME
}

/// What a note type's name says of it, as the plug-in and Anki's own names have it.
pub(super) fn kind(name: &str) -> Kind {
    let cards = if name.contains("and reversed") {
        Cards::Reversed
    } else if name.contains("optional reversed") {
        Cards::MayReverse
    } else if name.contains("type in the answer") {
        Cards::Typed
    } else {
        Cards::Plain
    };
    Kind { is_cloze: name.contains("Cloze"), cards }
}

/// The name of the field that a line starts with, where nothing says which fields there are.
pub(super) fn field_name(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(':')?;
    let words = name.split(' ');
    let is_name = name.starts_with(char::is_alphabetic)
        && !name.starts_with(char::is_lowercase)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '/' | '(' | ')' | '.'))
        && words.clone().count() <= 3
        && words.into_iter().all(|word| !word.is_empty())
        && name.chars().count() <= LONGEST_FIELD;
    (is_name && !rest.starts_with([':', '/'])).then_some(name)
}

/// So long the name of a field may be, in characters.
const LONGEST_FIELD: usize = 40;

/// What a field is on the cards of a note type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It asks, or holds the text.
    Front,
    /// It answers.
    Back,
    /// It stands below the answer; `true` says that its name stands above it.
    Extra(bool),
    /// It only says whether there is a second card.
    Switch,
}

/// The roles of fields, in their order.
pub(super) fn roles(kind: Kind, fields: &[String]) -> Vec<Role> {
    let named = |name: &str| fields.iter().position(|field| field == name);
    if kind.is_cloze {
        let is_extra = |field: &str| matches!(field, "Back Extra" | "Extra");
        let role = |(index, field): (usize, &String)| match index {
            0 => Role::Front,
            _ => Role::Extra(!is_extra(field)),
        };
        return fields.iter().enumerate().map(role).collect();
    }
    let (front, back) = match (named("Front"), named("Back")) {
        (Some(front), Some(back)) => (front, back),
        (_, Some(back)) if back > 0 => (0, back),
        _ => (0, 1),
    };
    let role = |(index, field): (usize, &String)| {
        if index == front {
            Role::Front
        } else if index == back {
            Role::Back
        } else if kind.cards == Cards::MayReverse && field == REVERSES {
            Role::Switch
        } else {
            Role::Extra(true)
        }
    };
    fields.iter().enumerate().map(role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_word() -> StartEndOptions {
        let fields = vec![("Word".to_owned(), vec!["Front".to_owned(), "Sound".to_owned(), "Back".to_owned()])];
        StartEndOptions { fields, ..StartEndOptions::default() }
    }

    #[test]
    fn settings_know_all_types_and_without_them_any_name_is_one() {
        let none = StartEndOptions::default();
        assert_eq!(fields("Basic", &none), Ok(Some(vec!["Front".into(), "Back".into()])));
        assert_eq!(fields("basic", &none), Err(Misnamed::NotThere(Some("Basic".into()))));
        assert_eq!(fields("My type", &none), Ok(None));
        for text in ["Which leaf?", "- a", "Front: a", "# b", "It ends.", "a::b"] {
            assert_eq!(fields(text, &none), Err(Misnamed::Text), "{text}");
        }
        assert_eq!(fields("Basic", &with_word()), Err(Misnamed::NotThere(None)));
        assert_eq!(fields("word", &with_word()), Err(Misnamed::NotThere(Some("Word".into()))));
        assert!(fields("Word", &with_word()).is_ok() && is_known("Word ", &with_word()) && is_known("Cloze", &none));
    }

    #[test]
    fn fields_have_roles_by_name_and_by_order() {
        use Role::{Back, Extra, Front, Switch};
        let roles = |name: &str, fields: &[&str]| {
            roles(kind(name), &fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(roles("Word", &["Front", "Sound", "Back"]), [Front, Extra(true), Back]);
        assert_eq!(roles("Word", &["Word", "Meaning", "Back"]), [Front, Extra(true), Back]);
        assert_eq!(roles("Word", &["Word", "Meaning", "Example"]), [Front, Back, Extra(true)]);
        assert_eq!(roles("Cloze", &["Text", "Back Extra", "Source"]), [Front, Extra(false), Extra(true)]);
        assert_eq!(roles("Basic (optional reversed card)", &["Front", "Back", REVERSES]), [Front, Back, Switch]);
        let cards = ["Basic (and reversed card)", "Basic (type in the answer)", "Mine"].map(|name| kind(name).cards);
        assert_eq!(cards, [Cards::Reversed, Cards::Typed, Cards::Plain]);
    }

    #[test]
    fn lines_of_fields_start_with_a_name() {
        assert_eq!(field_name("Back: b"), Some("Back"));
        assert_eq!(field_name("Add Reverse:"), Some("Add Reverse"));
        assert_eq!(field_name("答え：x"), None);
        assert_eq!(field_name("答え: x"), Some("答え"));
        for line in ["back: b", "http://x", "A sentence that goes on: b", "std::vec", "- Back: b", "Back", "T  x: b"] {
            assert_eq!(field_name(line), None, "{line}");
        }
    }
}
