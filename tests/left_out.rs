//! Breaks some notes of a project, and holds that the others are what they would be without them, that the lock remembers
//! all of them, and that mended they are who they were.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

mod package;
mod packed;

use std::fs;
use std::path::Path;

use deckle::api::files::World;
use deckle::api::pipeline::{Compiled, Format, Formats, Request, Wanted, compile, write};
use proptest::prelude::*;

/// Notes that are right, each with a number in its texts; no two have a line in common.
const NOTES: &[&str] = &[
    "## Which port has the number N, and who uses it?\n\nThe port N belongs to nobody in particular.\n",
    "## Gaps of the kind N {.cloze}\n\nThe kind N is ==rare== in ==large seas==.\n",
    "## Depth N {.reversed}\n\nSo deep that N divers cannot see the ground.\n",
    "## Parts N {.list}\n\n1. The bow of N\n2. The stern of N\n",
    "## Short N\n\nN\n",
    "## Called N {#name-N}\n\nIts id is its own, and its number N.\n",
    "## Fish N\n\n```text\nscales of N {{c1::code}}\n```\n",
    "## Hinted N\n\nThe answer of N stands here.\n\n> [!TIP]\n> Think of N.\n",
];

/// What is no note, whatever stands around it; the number makes each another one.
const WRONG: &[&str] = &[
    "## Wrong N {.revesed}\n\nAnswer.\n",
    "## Wrong N {.wide}\n\nAnswer.\n",
    "## Wrong N\n\nNever {{c1::closed.\n",
    "## Wrong N\n\nNothing in {{c1::}} it.\n",
    "## Wrong N\n\n**Crossing {{c1::its** parent}}.\n",
    "## Wrong N\n\n{{c0::number}}\n",
    "## Wrong N {.cloze}\n\nNothing hidden.\n",
    "## Wrong N {.list}\n\nNo list.\n",
    "## Wrong N {.rows}\n\nNo table.\n",
    "## Wrong N {.rows}\n\n| |  |\n|---|---|\n| 1 | 2 |\n",
    "## Wrong N {.rows}\n\n| a | b |\n|---|---|\n| | 2 |\n| 3 | 4 | 5 |\n| 6 | |\n",
    "## Wrong N {.typed}\n\n",
    "## {.typed}\n\nAnswer N.\n",
    "## Wrong N\n\n- a\n  <!-- back -->\n",
    "## Wrong N {.list .cloze}\n\n- a\n",
    "## Wrong N\n\n![N](gone-N.png)\n",
    "## Wrong N\n\n![N](../../gone-N.png)\n",
    "## Wrong N\n\n![N](file:///gone-N.png)\n",
    "## Wrong N\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n",
    "## Wrong N {tag=a}\n\nAnswer.\n",
    "<!-- deckle: what is this -->\n\n## Wrong N\n\nAnswer.\n",
    "## Wrong N {.note}\n\nAnswer.\n\n### Below {.list}\n\n- a\n",
    "## Wrong N\n\n[^N]\n\n[^N]: A text | with\n\n    | a | b |\n    |---|---|\n    | 1 | 2 | 3 |\n",
];

/// A note that was right, wrong in the way of a number.
fn broken(note: &str, way: usize) -> String {
    let (heading, body) = note.split_once('\n').expect("a heading");
    let bare = heading.split(" {").next().unwrap_or(heading);
    match way % 8 {
        0 => format!("{heading} {{.revesed}}\n{body}"),
        1 => format!("{heading}\n{body}\nNever {{{{c1::closed.\n"),
        2 => format!("{heading}\n{body}\n![x](gone.png)\n"),
        3 => format!("{bare} {{.typed}}\n\n"),
        4 => format!("## {{.typed}}\n{body}"),
        5 => format!("<!-- deckle: what -->\n\n{heading}\n{body}"),
        6 => format!("{heading}\n{body}\n- x <!-- back -->\n"),
        _ => format!("{bare}\n\n"),
    }
}

fn numbered(text: &str, number: usize) -> String {
    text.replace('N', &number.to_string())
}

fn pick<'a>(texts: &[&'a str], which: prop::sample::Index) -> &'a str {
    texts[which.index(texts.len())]
}

/// Lines with nothing in them, so that what stands below keeps its line.
fn blank(text: &str) -> String {
    "\n".repeat(text.matches('\n').count())
}

/// Unix seconds of every build.
const NOW: i64 = 1_750_000_000;

fn put(root: &Path, name: &str, text: &str) {
    let content = root.join("content");
    fs::create_dir_all(&content).expect("a folder for notes");
    fs::write(root.join("deckle.yaml"), "id: cases\nname: Cases\ndeck: Cases\n").expect("settings");
    fs::write(content.join(name), text).expect("a file");
}

fn compiled(root: &Path, frozen: bool) -> Compiled {
    let wanted = Wanted { formats: Formats::These(vec![Format::Apkg]), frozen, ..Wanted::default() };
    let request = Request { start: root.to_owned(), wanted, ..Request::default() };
    let compiled = compile(&World::at(NOW), &request, &|_| {}).expect("the project can be read");
    write(&compiled, &request.wanted).expect("it can be written");
    compiled
}

fn package_of(compiled: &Compiled) -> String {
    assert_eq!(compiled.stop, None);
    package::text_of(&compiled.artifacts)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// What is wrong costs nothing but itself: all else is as if blank lines stood there.
    #[test]
    fn others_are_what_they_are_without_it(
        pieces in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 1..14),
    ) {
        let (mut with, mut without) = ("# Sea\n\n".to_owned(), "# Sea\n\n".to_owned());
        let mut wrong = 0;
        for (number, (is_wrong, which)) in pieces.iter().enumerate() {
            let piece = numbered(pick(if *is_wrong { WRONG } else { NOTES }, *which), number) + "\n";
            without += &if *is_wrong { blank(&piece) } else { piece.clone() };
            with += &piece;
            wrong += usize::from(*is_wrong);
        }
        let [(said, with), (nothing, without)] = [&with, &without].map(|text| {
            let folder = tempfile::tempdir().expect("a folder");
            put(folder.path(), "note.md", text);
            let compiled = compiled(folder.path(), false);
            (compiled.diagnostics.len(), package_of(&compiled))
        });
        prop_assert!(said >= wrong && nothing == 0);
        prop_assert_eq!(with, without);
    }

    /// The lock stays as it is, byte for byte, while notes are left out of any file; mended, the package is what it was.
    #[test]
    fn what_is_left_out_is_remembered(
        files in proptest::collection::vec(proptest::collection::vec(any::<prop::sample::Index>(), 1..9), 1..4),
        faults in proptest::collection::vec((any::<prop::sample::Index>(), 0..10_usize), 1..12),
        unread in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut number = 0;
        let notes: Vec<Vec<String>> = files.iter().map(|file| {
            file.iter().map(|which| { number += 1; numbered(pick(NOTES, *which), number) }).collect()
        }).collect();
        let put = |notes: &[Vec<String>]| {
            for (index, notes) in notes.iter().enumerate() {
                put(folder.path(), &format!("{index}.md"), &format!("# File {index}\n\n{}", notes.join("\n")));
            }
        };
        let lock = || fs::read_to_string(folder.path().join("deckle.lock")).expect("a lock");
        put(&notes);
        let (right, remembered) = (package_of(&compiled(folder.path(), false)), lock());
        let mut wrong = notes.clone();
        for (which, way) in &faults {
            let file = which.index(wrong.len());
            let note = which.index(wrong[file].len());
            wrong[file][note] = broken(&notes[file][note], *way);
        }
        put(&wrong);
        if let Some(file) = unread {
            let path = folder.path().join(format!("content/{}.md", file.index(wrong.len())));
            fs::write(&path, format!("---\ntags: [\n---\n{}", fs::read_to_string(&path).expect("it"))).expect("it");
        }
        let lacking = compiled(folder.path(), true);
        prop_assert_eq!(&lacking.stop, &None, "{:?}", wrong);
        prop_assert_eq!(lock(), remembered.clone());
        package_of(&compiled(folder.path(), false));
        prop_assert_eq!(lock(), remembered.clone());
        put(&notes);
        prop_assert_eq!(package_of(&compiled(folder.path(), true)), right);
        prop_assert_eq!(lock(), remembered);
    }
}
