//! Turns a collection into an outline that people can read: one node a line, with its place in the source.
#![expect(clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::fmt::Write;

use deckle::api::ir::Collection;
use serde_json::{Map, Value};

/// The collection without what belongs to packages: GUIDs, times, positions and note types.
pub(crate) fn outline(collection: &Collection) -> String {
    let mut out = String::new();
    let value = serde_json::to_value(collection).expect("a collection is plain data");
    for deck in array(&value["decks"]) {
        node(&mut out, 0, "deck", deck);
    }
    for media in array(&value["media"]) {
        node(&mut out, 0, "media", media);
    }
    for chapter in array(&value["chapters"]) {
        writeln!(out, "chapter {} {}", text(&chapter["path"]), chapter["title"]).expect("a string takes all");
        for part in array(&chapter["parts"]) {
            match text(&part["type"]) {
                "note" => note(&mut out, &value, part),
                "table" => table(&mut out, &value, part),
                _ => node(&mut out, 1, "prose", &part["block"]),
            }
        }
    }
    out
}

/// The table's own line and header, and then the notes of its rows.
fn table(out: &mut String, collection: &Value, table: &Value) {
    let Value::Object(mut table) = table.clone() else { return };
    let rows = table.remove("rows").unwrap_or_default();
    node(out, 1, "table", &Value::Object(table));
    for row in array(&rows) {
        note(out, collection, row);
    }
}

/// A note. `place` has its number; of a row, also the columns of its answer.
fn note(out: &mut String, collection: &Value, place: &Value) {
    let number = place["note"].as_u64().unwrap_or_default() as usize;
    let Value::Object(mut note) = collection["notes"][number].clone() else { return };
    note.extend(place.get("columns").map(|columns| ("columns".to_owned(), columns.clone())));
    if let Some(Value::Object(body)) = note.remove("body") {
        note.extend(body);
    }
    let source = note["span"][0].as_u64().unwrap_or_default() as usize;
    let path = text(&collection["sources"][source]["path"]).to_owned();
    let label = format!("note {number} {} {path}:{}", text(&note["kind"]), note["line"]);
    for key in ["guid", "modified", "due", "kind", "note_type", "line"] {
        note.remove(key);
    }
    node(out, 1, &label, &Value::Object(note));
}

/// Keys in the order in which their content stands in a source; others follow by name.
const ORDER: [&str; 16] = [
    "front",
    "back",
    "heading",
    "label",
    "term",
    "header",
    "rows",
    "title",
    "text",
    "content",
    "blocks",
    "items",
    "definitions",
    "hint",
    "extra",
    "source",
];

fn node(out: &mut String, depth: usize, label: &str, value: &Value) {
    match value {
        Value::Object(map) => object(out, depth, label, map),
        Value::Array(values) => {
            indent(out, depth);
            writeln!(out, "{label}").expect("a string takes all");
            for value in values {
                node(out, depth + 1, singular(label), value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            indent(out, depth);
            writeln!(out, "{label} {value}").expect("a string takes all");
        }
    }
}

fn object(out: &mut String, depth: usize, label: &str, map: &Map<String, Value>) {
    indent(out, depth);
    out.push_str(map.get("type").map_or(label, text));
    if let Some(span) = map.get("span") {
        write!(out, " @{}..{}", span[1], span[2]).expect("a string takes all");
    }
    let mut keys: Vec<&String> = map.keys().filter(|key| *key != "type" && *key != "span").collect();
    keys.sort_by_key(|key| (ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len()), *key));
    let (inline, nested): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| is_inline(key, &map[*key]));
    for key in inline {
        attribute(out, key, &map[key]);
    }
    out.push('\n');
    match nested.as_slice() {
        [only] if ["content", "blocks"].contains(&only.as_str()) => children(out, depth + 1, only, &map[*only]),
        _ => {
            for key in nested {
                indent(out, depth + 1);
                writeln!(out, "{key}:").expect("a string takes all");
                children(out, depth + 2, key, &map[key]);
            }
        }
    }
}

fn children(out: &mut String, depth: usize, key: &str, value: &Value) {
    match value.as_array() {
        Some(values) => values.iter().for_each(|value| node(out, depth, singular(key), value)),
        None => node(out, depth, singular(key), value),
    }
}

/// Whether a value stands on its node's own line.
fn is_inline(key: &str, value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| !value.is_object() && !value.is_array()),
        Value::Object(_) => ["cloze", "media", "html"].contains(&key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn attribute(out: &mut String, key: &str, value: &Value) {
    let written = match (key, value) {
        (_, Value::Bool(false)) => Ok(()),
        (_, Value::Array(values)) if values.is_empty() => Ok(()),
        (_, Value::Bool(true)) => write!(out, " {key}"),
        ("text", value) => write!(out, " {value}"),
        ("cloze", cloze) => {
            let numbers: Vec<String> = array(&cloze["numbers"]).iter().map(Value::to_string).collect();
            let hint = cloze.get("hint").map_or_else(String::new, |hint| format!(" hint={hint}"));
            write!(out, " c{} @{}..{}{hint}", numbers.join(","), cloze["span"][1], cloze["span"][2])
        }
        ("media", media) if media.is_object() => {
            write!(out, " {}={}", text(&media["at"]), media.get("path").unwrap_or(&media["url"]))
        }
        (_, value) => write!(out, " {key}={value}"),
    };
    written.expect("a string takes all");
}

/// What one of several is called.
fn singular(key: &str) -> &str {
    match key {
        "items" => "item",
        "header" | "row" => "cell",
        "rows" => "row",
        "definitions" => "definition",
        "source" => "footnote",
        other => other,
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
