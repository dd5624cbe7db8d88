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

use deckle::api::ir::{Collection, RENDER_VERSION};
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
    for note in packed::read(&deckle::api::files::bytes_of(&package.recipe).expect("its bytes")).notes {
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
