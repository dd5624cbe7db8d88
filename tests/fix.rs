//! Mends projects by `fix`, and holds that nothing that can be mended safely is left, that all other notes are what they were,
//! that nothing costs more, and that notes stay who they are.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod case;
#[expect(dead_code, reason = "what is made of a project is looked at elsewhere")]
mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use case::files_of_case;
use deckle::api::diagnostic::{Code, Safety, Severity};
use deckle::api::files::World;
use deckle::api::pipeline::{self, Compiled, Formats, Request, Wanted, compile, fix};
use project::{File, NOW};

fn request(root: &Path) -> Request {
    let wanted = Wanted { formats: Formats::Checked, accept_loss: true, ..Wanted::default() };
    Request { start: root.to_owned(), wanted, ..Request::default() }
}

fn look(root: &Path) -> Compiled {
    compile(&World::at(NOW), &request(root), &|_| {}).expect("the project can be read")
}

/// Every file below a folder with its bytes.
fn bytes_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            let kind = fs::symlink_metadata(&path).expect("it is there").file_type();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

/// GUID of each built note → its fields and tags without places.
fn notes(compiled: &Compiled) -> BTreeMap<String, String> {
    let outline = |value: &serde_json::Value| {
        let mut text = String::new();
        outline(value, &mut text);
        text
    };
    let value = |note| serde_json::to_value(note).expect("a note serialises");
    compiled.collection.notes.iter().map(|note| (note.guid.to_string(), outline(&value(note)))).collect()
}

/// A note's JSON without what stands for its place in the source, its time and its position.
fn outline(value: &serde_json::Value, text: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                if !["span", "line", "due", "modified", "guid", "id", "path"].contains(&key.as_str()) {
                    text.push_str(key);
                    outline(value, text);
                }
            }
        }
        serde_json::Value::Array(array) => {
            text.push('[');
            for value in array {
                outline(value, text);
            }
            text.push(']');
        }
        leaf @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_)) => text.push_str(&leaf.to_string()),
    }
}

/// How many edits are safe, but for those that `fix` left undone.
fn safe(compiled: &Compiled) -> Vec<String> {
    let is_safe = |found: &&deckle::api::diagnostic::Diagnostic| {
        found.edit.as_ref().is_some_and(|edit| edit.safety == Safety::Safe)
    };
    compiled
        .diagnostics
        .iter()
        .filter(is_safe)
        .map(|found| format!("{}: {}", found.code.name(), found.message))
        .collect()
}

fn errors(compiled: &Compiled) -> usize {
    compiled.diagnostics.iter().filter(|found| found.severity() == Severity::Error).count()
}

/// Mends a project that is built before, and holds what has to hold; how many mistakes were mended.
fn mend(files: &[File]) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    project::write(root, files);
    let before = look(root);
    if before.stop.is_none() {
        pipeline::write(&before, &request(root).wanted).expect("the lock is written");
    }
    let (before, world, none) = (look(root), World::at(NOW), BTreeSet::new());
    let on_disk = bytes_below(root);
    let dry = fix(&world, &request(root), &none, true).expect("it can be mended");
    assert_eq!(bytes_below(root), on_disk, "a dry run writes nothing");
    let fixed = fix(&world, &request(root), &none, false).expect("it can be mended");
    let changes = |fixed: &pipeline::Fixed| {
        let files = fixed.files.iter();
        files.map(|file| (file.path.clone(), file.changes.clone(), file.mended.clone())).collect::<Vec<_>>()
    };
    assert_eq!(changes(&fixed), changes(&dry), "a dry run says what is done");
    let after = look(root);
    assert!(errors(&after) <= errors(&before));
    assert!(safe(&after).len() <= fixed.refused, "left: {:?}", safe(&after));
    let (then, now) = (notes(&before), notes(&after));
    let edited: BTreeSet<&str> = fixed.files.iter().map(|file| file.path.as_str()).collect();
    if before.identity.is_some() && after.identity.is_some() {
        let lost: Vec<&String> = then.keys().filter(|guid| !now.contains_key(*guid)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let differing = then.iter().filter(|(guid, note)| now.get(*guid) != Some(note)).count();
        let mended: usize = fixed.files.iter().flat_map(|file| file.mended.values()).sum();
        let of_settings = edited.iter().any(|path| path.ends_with("yaml"));
        assert!(of_settings || differing <= mended, "{differing} notes changed by {mended} edits");
    }
    let again = fix(&world, &request(root), &none, false).expect("it can be mended");
    assert!(again.files.is_empty(), "twice is once: {:?}", changes(&again));
    let untouched = |(path, bytes): (&String, &Vec<u8>)| {
        let is_touched = edited.contains(path.as_str());
        assert!(is_touched || bytes_below(root).get(path) == Some(bytes), "{path} was touched");
    };
    on_disk.iter().for_each(untouched);
    fixed.files.iter().flat_map(|file| file.mended.values()).sum()
}

/// Every case is mended as far as it can be.
#[test]
fn all_cases_can_be_mended() {
    let (mut folders, mut mended) = (vec![Path::new("tests/cases").to_owned()], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the cases") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                println!("{}", path.display());
                mended += mend(&files_of_case(&fs::read_to_string(&path).expect("a case")));
            }
        }
    }
    assert!(mended > 20, "{mended}");
}

#[test]
fn codes_restrict_what_is_mended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "---\ntags: [a b]\n---\n## One {.revesed}\n\nTwo\n";
    project::write(folder.path(), &[File::new("note.md", text)]);
    let codes = BTreeSet::from([Code::BadTag]);
    fix(&World::at(NOW), &request(folder.path()), &codes, false).expect("it can be mended");
    let mended = fs::read_to_string(folder.path().join("content/note.md")).expect("the note");
    assert_eq!(mended, text.replace("a b", "a-b"));
}
