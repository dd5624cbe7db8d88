//! A project on disk in which deckle runs; who its notes are is read from the JSON.
#![expect(clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Text of front and back → GUID.
pub(crate) type Guids = BTreeMap<String, String>;

pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Builds on a day; a later one is the later build.
    pub(crate) fn build(&self, day: i64) -> Guids {
        self.deckle(&["build", "-f", "json"], day).unwrap();
        let json: Value = serde_json::from_str(&self.read("dist/deckle.json")).unwrap();
        let note = |note: &Value| (text_of(&note["body"]), note["guid"].as_str().unwrap().to_owned());
        json["notes"].as_array().unwrap().iter().map(note).collect()
    }

    pub(crate) fn deckle(&self, args: &[&str], day: i64) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
        command.env("SOURCE_DATE_EPOCH", (1_750_000_000 + day * 86_400).to_string()).env_remove("NO_COLOR");
        run(command.args(args), self.folder.path())
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }
}

/// What a program says on stdout and stderr; an error where its status is not 0.
pub(crate) fn run(command: &mut Command, folder: &Path) -> Result<String, String> {
    let output = command.current_dir(folder).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// All pieces of text of a body, in its order: `"front"` stands before `"back"`, and a heading before its text.
fn text_of(body: &Value) -> String {
    let sides = ["heading", "front", "text", "back"].map(|side| {
        let (mut text, mut values) = (String::new(), vec![&body[side]]);
        while let Some(value) = values.pop() {
            match value {
                Value::Array(parts) => values.extend(parts.iter().rev()),
                Value::Object(node) => {
                    text.push_str(node.get("text").and_then(Value::as_str).unwrap_or_default());
                    values.extend(node.values().filter(|value| value.is_array() || value.is_object()));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        text
    });
    sides.join(" ").trim().to_owned()
}
