//! Ties what fields hold to the version of rendering: the sample under `tests/rendered`, in which each kind of content
//! occurs, becomes the fields that are recorded there for the version that is in effect.
//!
//! The version is a part of every note's digest. While it stays, readers whose notes did not change keep the old HTML.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

#[expect(dead_code, reason = "other tests look at the rest")]
mod packed;
#[expect(dead_code, reason = "other tests look at the rest")]
mod project;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use deckle::api::apkg::Packing;
use deckle::api::config::BookOptions;
use deckle::api::files::bytes_of;
use deckle::api::ir::{Collection, RENDER_VERSION};
use deckle::api::pipeline::{Format, Options, emit};
use deckle::api::print::Printing;
use project::{Compiled, File, compile};
use serde_json::Value;

const SETTINGS: &str = "id: sample\nname: Sample\ndeck: Sample\nsite-url: https://example.org/notes\n";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"/>";

#[test]
fn another_html_takes_another_version() {
    let recorded = folder().join(format!("version-{RENDER_VERSION}.txt"));
    let fields = fields(&sample());
    let known = fs::read_to_string(&recorded).unwrap_or_default();
    let differs = known.lines().zip(fields.lines()).find(|(known, now)| known != now);
    if known != fields {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rendered-{RENDER_VERSION}.txt"));
        fs::write(&made, &fields).expect("the fields are written");
        panic!(
            "fields are not those of version {RENDER_VERSION}; the first difference: {differs:#?}\n\
            If readers shall have the new HTML, raise `RENDER_VERSION` in src/ir/digest.rs, which touches every note of \
            every reader once, and record {} as tests/rendered/version-{}.txt in the place of the old one. Only where the \
            sample itself became another one is the old record to be replaced.",
            made.display(),
            RENDER_VERSION + 1
        );
    }
}

#[test]
fn every_kind_of_content_is_in_the_sample() {
    let schema = serde_json::to_value(schemars::schema_for!(Collection)).expect("a schema");
    let mut kinds = BTreeSet::new();
    for name in ["Block", "Inline", "Run", "NoteKind", "AlertKind", "Alignment", "MediaRef"] {
        let definition = schema.pointer(&format!("/$defs/{name}")).unwrap_or_else(|| panic!("no {name} in the schema"));
        constants(definition, &mut kinds);
    }
    assert!(kinds.len() > 30, "{kinds:?}");
    let notes = serde_json::to_value(&sample().collection.notes).expect("JSON");
    let mut words = BTreeSet::new();
    strings(&notes, &mut words);
    let missing: Vec<&String> = kinds.difference(&words).collect();
    assert!(missing.is_empty(), "not in the sample: {missing:?}");
}

#[test]
fn json_is_as_its_schema_says() {
    let collection = sample().collection;
    let made = |format| {
        let (packing, printing, book) = (Packing::default(), Printing::default(), BookOptions::default());
        let options = Options { packing: &packing, printing: &printing, book: &book };
        let emitted = emit(format, &collection, options, &[], None);
        let bytes = bytes_of(&emitted.expect("JSON").artifacts.remove(0).recipe).expect("its bytes");
        serde_json::from_slice::<Value>(&bytes).expect("JSON")
    };
    let (schema, json) = (made(Format::JsonSchema), made(Format::Json));
    assert_eq!(misfits(&schema, &schema, &json, ""), Vec::<String>::new());
    // Both would be taken if nothing were looked at.
    let broken = |at: &str| {
        let mut json = json.clone();
        *json.pointer_mut(at).expect("it is there") = Value::Bool(true);
        misfits(&schema, &schema, &json, "")
    };
    assert!(broken("/notes/0/span").concat().starts_with("/notes/0/span"));
    assert!(broken("/chapters/0/parts/0/block/type").concat().starts_with("/chapters/0/parts/0"));
}

fn sample() -> Compiled {
    let text = |name: &str| fs::read_to_string(folder().join(name)).expect("a file of the sample");
    let compiled = compile(&[
        File::new("deckle.yaml", SETTINGS),
        File::new("sample.md", &text("sample.md")),
        File::new("trusted.md", &text("trusted.md")),
        File::new("img/a.svg", SVG),
        File::new("s.mp3", "sound"),
        File::new("v.mp4", "film"),
    ]);
    assert!(!compiled.packages.is_empty(), "{}", compiled.rendered);
    compiled
}

/// The fields that hold something, of each note.
fn fields(compiled: &Compiled) -> String {
    let [package] = compiled.packages.as_slice() else { panic!("one package") };
    let mut text = String::new();
    for note in packed::read(&bytes_of(&package.recipe).expect("its bytes")).notes {
        let _ = writeln!(text, "\n== {} ==", note.note_type);
        for (name, html) in note.fields.iter().filter(|(_, html)| !html.is_empty()) {
            let _ = writeln!(text, "{name}: {html}");
        }
    }
    text
}

/// The words of `"const"` and `"enum"` in a schema.
fn constants(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keys) => {
            for (key, value) in keys {
                if key == "const" || key == "enum" { strings(value, words) } else { constants(value, words) }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| constants(value, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// All words but those of texts.
fn strings(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(keys) => {
            keys.iter().filter(|(key, _)| *key != "text").for_each(|(_, value)| strings(value, words));
        }
        Value::Array(values) => values.iter().for_each(|value| strings(value, words)),
        Value::String(word) => drop(words.insert(word.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rendered")
}

/// Where a value is not what a schema says. Knows the words of JSON Schema that ours has.
fn misfits(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Value::Object(words) = schema else { return Vec::new() };
    let mut found = Vec::new();
    let mut hold = |holds: bool, word: &str| found.extend((!holds).then(|| format!("{at}: {word}")));
    let keys: Vec<(&str, &Value)> =
        value.as_object().into_iter().flatten().map(|(key, value)| (&**key, value)).collect();
    let elements = value.as_array().map_or(&[][..], Vec::as_slice);
    let mut inner: Vec<(&Value, &Value, String)> = Vec::new();
    for (word, says) in words {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let path = says.as_str().expect("a path").trim_start_matches('#');
                inner.push((root.pointer(path).expect("a definition"), value, at.to_owned()));
            }
            "type" => hold(is_of_type(says, value), word),
            "const" => hold(says == value, word),
            "minimum" => hold(value.as_u64().is_none_or(|value| value >= says.as_u64().expect("a number")), word),
            "maximum" => hold(value.as_u64().is_none_or(|value| value <= says.as_u64().expect("a number")), word),
            "minItems" => hold(elements.len() as u64 >= says.as_u64().expect("a number"), word),
            "maxItems" => hold(elements.len() as u64 <= says.as_u64().expect("a number"), word),
            "required" => {
                for name in says.as_array().expect("names").iter().filter_map(Value::as_str) {
                    hold(value.get(name).is_some(), &format!("{name} is required"));
                }
            }
            "properties" => inner
                .extend(keys.iter().filter_map(|(key, value)| Some((says.get(key)?, *value, format!("{at}/{key}"))))),
            "additionalProperties" => {
                let named = words.get("properties");
                let others = keys.iter().filter(|(key, _)| named.is_none_or(|named| named.get(key).is_none()));
                inner.extend(others.map(|(key, value)| (says, *value, format!("{at}/{key}"))));
            }
            "items" => inner.extend(elements.iter().enumerate().map(|(n, value)| (says, value, format!("{at}/{n}")))),
            "prefixItems" => {
                let pairs = says.as_array().expect("schemas").iter().zip(elements).enumerate();
                inner.extend(pairs.map(|(n, (says, value))| (says, value, format!("{at}/{n}"))));
            }
            "oneOf" | "anyOf" => {
                let choices = says.as_array().expect("schemas").iter();
                let fitting = choices.filter(|choice| misfits(root, choice, value, at).is_empty()).count();
                hold(fitting == 1 || (word == "anyOf" && fitting > 1), word);
            }
            other => panic!("the word {other} is to be taught here"),
        }
    }
    found.extend(inner.into_iter().flat_map(|(schema, value, at)| misfits(root, schema, value, &at)));
    found
}

fn is_of_type(says: &Value, value: &Value) -> bool {
    match says.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some(other) => panic!("the type {other} is to be taught here"),
        None => says.as_array().expect("types").iter().any(|says| is_of_type(says, value)),
    }
}
