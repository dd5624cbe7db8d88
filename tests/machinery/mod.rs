//! What other tools write into notes for themselves, and is on no card: a list of patterns, looked for in the text of fields
//! outside of code and formulas.

use serde_json::Value;

/// Every piece of text of a collection's notes that holds machinery.
pub(crate) fn in_notes(collection: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for note in collection.get("notes").and_then(Value::as_array).into_iter().flatten() {
        for field in ["body", "hint", "extra", "source"] {
            note.get(field).into_iter().for_each(|field| texts(field, &mut found));
        }
    }
    found.retain(|text| is_machinery(text));
    found
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
            if !matches!(kind, "code" | "math") {
                let text = map.get("text").and_then(Value::as_str).filter(|_| matches!(kind, "text" | "html"));
                found.extend(text.map(str::to_owned));
                map.values().for_each(|value| texts(value, found));
            }
        }
        Value::Array(array) => array.iter().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What stands in such a text, wherever that is.
const ANYWHERE: [&str; 14] = [
    "<!--SR:",
    "[!sr|card-metadata]",
    "<!--ID:",
    "TARGET DECK",
    "FILE TAGS",
    "FROZEN - ",
    "(cards-deck:",
    "<AnkiTags",
    "card-last-",
    "card-repeats::",
    ":LOGBOOK:",
    "{:height ",
    "%%",
    "[[card]]",
];

/// What stands at its beginning.
const AT_START: [&str; 6] = ["sr-due:", "sr-interval:", "sr-ease:", "id:: ", "collapsed:: ", "logseq."];

fn is_machinery(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let has_id =
        || text.match_indices("ID: ").any(|(at, id)| text.get(at + id.len()..).is_some_and(|rest| digits(rest) == 13));
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let ends_in_block_id = || {
        let (before, id) = text.rsplit_once('^').unwrap_or_default();
        before.ends_with(' ') && !id.is_empty() && id.chars().all(is_word)
    };
    let is_card = |word: &str| word.eq_ignore_ascii_case("#card") || word.eq_ignore_ascii_case("#[[card]]");
    ANYWHERE.iter().any(|pattern| text.to_ascii_lowercase().contains(&pattern.to_ascii_lowercase()))
        || AT_START.iter().any(|pattern| text.trim_start().starts_with(pattern))
        || text.trim() == "DELETE"
        || has_id()
        || ends_in_block_id()
        || text.split_whitespace().any(is_card)
}

/// Panics where the patterns find too much or too little.
pub(crate) fn check_patterns() {
    for text in ["a <!--SR:!2025-->", "b ^id-1", "ID: 1700000000001", "x #Card", "id:: 6512", "%% x %%", " DELETE "] {
        assert!(is_machinery(text), "{text}");
    }
    for text in ["2^3", "a^", "ID: 17", "#cards", "an id:: of", "IDs", "50 % of 3 %"] {
        assert!(!is_machinery(text), "{text}");
    }
}
