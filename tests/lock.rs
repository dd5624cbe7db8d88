//! The size of the lock on real notes, and that no order and no division into files loses anybody.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use folder::{Folder, run};
use proptest::prelude::*;

#[test]
fn the_lock_of_real_notes_is_small_and_an_edit_changes_a_line_of_it() {
    let folder = content();
    let before = folder.build(1);
    let lock = folder.read("deckle.lock");
    let longest = |lock: &str, is_gone: bool| {
        let notes = lock.lines().filter(|line| line.split(' ').next().is_some_and(|word| word.len() == 13));
        notes.filter(|line| (line.split(' ').nth(1) == Some("x")) == is_gone).map(str::len).max().unwrap_or_default()
    };
    assert!(longest(&lock, false) <= 600, "{} bytes in a line", longest(&lock, false));
    let path = "content/06-ports.md";
    let text = folder.read(path);
    let edited = text.replacen("ephemeral", "short-lived", 1);
    assert_ne!(text, edited);
    folder.write(path, &edited);
    let after = folder.build(2);
    assert_eq!(before.values().collect::<BTreeSet<_>>(), after.values().collect());
    let lines = |lock: &str| -> BTreeSet<String> { lock.lines().map(str::to_owned).collect() };
    let (old, new) = (lines(&lock), lines(&folder.read("deckle.lock")));
    let changed = [old.difference(&new).count(), new.difference(&old).count()];
    assert!(changed.iter().all(|count| (1..=2).contains(count)), "{changed:?}");
    fs::remove_file(folder.path(path)).unwrap();
    folder.deckle(&["build", "--accept-loss"], 3).unwrap();
    let gone = longest(&folder.read("deckle.lock"), true);
    assert!((1..=120).contains(&gone), "{gone} bytes in a tombstone");
}

#[test]
fn a_file_without_a_project_has_its_lock_beside_it() {
    let folder = Folder::new();
    folder.write("notes/sea.md", "# Sea\n\n## How salty is the water of the sea?\n\n35 g a litre.\n");
    let guid = |day| {
        folder.deckle(&["build", "-f", "json", "notes/sea.md"], day).unwrap();
        let json: serde_json::Value = serde_json::from_str(&folder.read("dist/deckle.json")).unwrap();
        json["notes"][0]["guid"].as_str().unwrap().to_owned()
    };
    let born = guid(1);
    folder.write("notes/sea.md", "# Sea\n\n## How salty is the water of that sea?\n\n35 g a litre.\n");
    assert_eq!(guid(2), born);
    assert!(folder.path("notes/deckle.lock").exists());
}

proptest! {
    // Each case runs the program twice.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_division_into_files_keeps_all(
        order in Just((0..NOTES.len()).collect::<Vec<usize>>()).prop_shuffle(),
        files in prop::collection::vec(0..4_usize, NOTES.len()),
    ) {
        let folder = Folder::new();
        folder.write("deckle.yaml", "id: order\ndeck: Order\n");
        let all: Vec<usize> = (0..NOTES.len()).collect();
        write(&folder, &all, &vec![0; NOTES.len()]);
        let before = folder.build(1);
        write(&folder, &order, &files);
        let after = folder.build(2);
        prop_assert_eq!(before.len(), NOTES.len());
        prop_assert_eq!(before, after);
        let lock = folder.read("deckle.lock");
        prop_assert!(!lock.lines().any(|line| line.split(' ').nth(1) == Some("x")), "{}", lock);
    }
}

/// Fronts that occur twice, short ones, deletions, and texts that resemble each other.
const NOTES: [&str; 10] = [
    "## What is it?\n\nA logical grouping of tasks and services.",
    "## What is it?\n\nOne running copy of a task definition.",
    "## What is it?\n\nOne running copy of a task set.",
    "## Pod\n\nSeveral containers.",
    "## Pad\n\nSeveral sheets.",
    "## Which port does HTTP use?\n\n80",
    "## Which port does HTTPS use?\n\n443",
    "## Placement {.cloze}\n\n==binpack== or ==spread==",
    "## Steps {.list}\n\n1. Filter\n2. Select",
    "## Which launch type needs no instances? {.reversed .typed}\n\nFargate",
];

/// Writes notes in an order, each into the file of its number.
fn write(folder: &Folder, order: &[usize], files: &[usize]) {
    let mut texts: BTreeMap<usize, String> = (0..4).map(|file| (file, format!("# File {file}\n"))).collect();
    for note in order {
        let text = texts.get_mut(&files[*note]).unwrap();
        text.push('\n');
        text.push_str(NOTES[*note]);
        text.push('\n');
    }
    for (file, text) in texts {
        folder.write(&format!("content/{file}.md"), &text);
    }
}

/// The real notes of this repository, without their lock.
fn content() -> Folder {
    let folder = Folder::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["content", "templates", "deckle.yaml"] {
        run(Command::new("cp").arg("-R").arg(root.join(name)).arg("."), folder.root()).unwrap();
    }
    folder
}
