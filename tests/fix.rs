//! Mends projects by `fix`, and holds that nothing that can be mended safely is left, that all other notes are what they were,
//! that nothing costs more, and that notes stay who they are.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod case;
#[expect(dead_code, reason = "what is made of a project is looked at elsewhere")]
mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use case::files_of_case;
use deckle::api::diagnostic::{Code, Diagnostic, Mends, Safety, Severity, diff};
use deckle::api::files::World;
use deckle::api::pipeline::{self, Compiled, Formats, Request, Wanted, compile, fix};
use project::{File, NOW};
use proptest::prelude::*;

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
    let is_safe = |found: &&Diagnostic| found.edit.as_ref().is_some_and(|edit| edit.safety == Safety::Safe);
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

/// The notes of the project as it was that no edit touched: neither itself, nor what its file says of all its notes.
fn apart(before: &Compiled, fixed: &pipeline::Fixed) -> Vec<String> {
    if fixed.files.iter().any(|file| file.path.ends_with("yaml")) {
        return Vec::new();
    }
    let mut notes = Vec::new();
    for (id, source) in before.sources.iter() {
        let file = fixed.files.iter().find(|file| file.path == source.path);
        let changes = file.iter().flat_map(|file| &file.changes).map(|change| change.range.clone());
        let changes: Vec<Range<usize>> = changes.collect();
        let text = &source.text;
        let body = text.strip_prefix("---").and_then(|rest| rest.find("\n---")).unwrap_or_default();
        let all = before.collection.notes.iter().chain(&before.left_out.notes);
        let starts: BTreeSet<usize> =
            all.filter(|note| note.span.source == id).map(|note| note.span.range().start).collect();
        // Front matter, footnotes and labels, comments, and headings that are no notes speak of what stands below them.
        let is_shared = |change: &Range<usize>| {
            let start = text.get(..change.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
            let line = text.get(start..).unwrap_or_default();
            let is_heading = line.starts_with('#') && !starts.contains(&start);
            change.start <= body || is_heading || line.trim_start().starts_with('[') || line.starts_with("<!--")
        };
        if changes.iter().any(is_shared) || text.trim_start().len() < text.len() {
            continue;
        }
        let of_file: Vec<_> = before.collection.notes.iter().filter(|note| note.span.source == id).collect();
        // A comment above a heading may speak of it.
        let start = |at: usize| {
            let above = text.get(..at).unwrap_or_default().trim_end();
            above.rfind("\n\n").map_or(0, |end| end + 1)
        };
        for (index, note) in of_file.iter().enumerate() {
            let end = of_file.get(index + 1).map_or(text.len(), |next| next.span.range().start);
            let region = start(note.span.range().start)..end;
            if changes.iter().all(|change| change.end < region.start || region.end < change.start) {
                notes.push(note.guid.to_string());
            }
        }
    }
    notes
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
    assert!(safe(&after).len() <= fixed.refused.len(), "left: {:?}", safe(&after));
    let (then, now) = (notes(&before), notes(&after));
    let edited: BTreeSet<&str> = fixed.files.iter().map(|file| file.path.as_str()).collect();
    if before.identity.is_some() && after.identity.is_some() {
        let lost: Vec<&String> = then.keys().filter(|guid| !now.contains_key(*guid)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        for guid in apart(&before, &fixed) {
            assert_eq!(now.get(&guid), then.get(&guid), "{guid} was not edited");
        }
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

/// Every case below a folder with its path.
fn cases(folder: &str) -> Vec<(PathBuf, Vec<File>)> {
    let (mut folders, mut cases) = (vec![PathBuf::from(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the cases") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let files = files_of_case(&fs::read_to_string(&path).expect("a case"));
                cases.push((path, files));
            }
        }
    }
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    cases
}

/// Every case is mended as far as it can be.
#[test]
fn all_cases_can_be_mended() {
    let cases = cases("tests/cases").into_iter().chain(cases("tests/fixes"));
    let mended = cases.map(|(path, files)| {
        println!("{}", path.display());
        mend(&files)
    });
    assert!(mended.sum::<usize>() > 80);
}

/// What is mended, as a diff. `INSTA_UPDATE=always cargo test --test fix` writes the snapshots anew.
#[test]
fn what_is_mended_is_as_before() {
    for (path, files) in cases("tests/fixes") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        project::write(folder.path(), &files);
        let fixed = fix(&World::at(NOW), &request(folder.path()), &BTreeSet::new(), true).expect("it can be mended");
        let diffs = fixed.files.iter().map(|file| diff::unified(&file.path, &file.text, file.has_mark, &file.changes));
        let left = fixed.compiled.diagnostics.iter();
        let left = left.map(|found| format!("left: {}: {}\n", found.code.name(), found.message));
        let text = diffs.chain(left).collect::<String>().replace('\r', "\\r");
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

/// What the table of the codes says of their edits is what the cases show.
#[test]
fn the_table_of_codes_is_right() {
    let mut seen: BTreeMap<Code, Mends> = Code::ALL.iter().map(|code| (*code, Mends::Never)).collect();
    for (_, files) in cases("tests/cases").into_iter().chain(cases("tests/fixes")) {
        for found in project::compile(&files).diagnostics {
            let mends = match found.edit.map(|edit| edit.safety) {
                Some(Safety::Safe) => Mends::Fixed,
                Some(Safety::Unsafe) => Mends::Shown,
                None => Mends::Never,
            };
            let most = seen.entry(found.code).or_insert(Mends::Never);
            *most = mends.max(*most);
        }
    }
    let wrong: Vec<String> = seen
        .into_iter()
        .filter(|(code, mends)| code.mends() != *mends)
        .map(|(code, mends)| format!("{}: the table says {:?}, cases show {mends:?}", code.name(), code.mends()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Notes that are right; each has a number in its texts.
const RIGHT: &[&str] = &[
    "## What is the number N?\n\nIt is N, and nothing else.\n\n",
    "## Gaps of N {.cloze}\n\nThe kind N is ==rare==.\n\n",
    "## Depth N {.reversed #id-N}\n\n- N fathoms\n\n",
    "## Price N\n\n$x_N$ costs \\$N.\n\n",
    "## Same\n\nThe answer N.\n\n",
    "Prose about N.\n\n",
];

/// What has a mistake, most of them such as can be mended.
const WRONG: &[&str] = &[
    "## Wrong N {.revesed}\n\nAnswer N.\n\n",
    "## Wrong N {.cloz .lst}\n\n- ==N==\n\n",
    "## Wrong N {.cloz}\n\nNothing hidden in N.\n\n",
    "## Wrong N {#id-1}\n\nA copy, N.\n\n",
    "## Wrong N {list} {#id-1}\n\nA copy, N.\n\n",
    "## Wrong N {dekc=A::::B tags=\"a b\"}\n\nAnswer N.\n\n",
    "## Same {.typd}\n\nThe answer N.\n\n",
    "## Hidden\u{202e} N\n\nAn\u{7}swer N.\n\n\u{feff}## More N\n\nText\n\n",
    "## Back N\n\nWhat? <!-- back --> N\n\n",
    "## Table N {.rows}\n\n| a | b |\n|---|---|\n| `N|x` | c |\n| N | `d|e|f` |\n\n",
    "## Both N\n\n| a | b |\n|---|---|\n| `N|x` | <!-- back --> |\n\n",
    "<!-- deckle: .revesed #id-1 -->\n\n## Above N\n\nN\n\n",
    "## Open N {{c1::gap\n\nN\n\n",
    "Term N {.revesed}\n: What it means, N\n\n",
];

/// What stands at a file's top.
const TOPS: &[&str] = &[
    "",
    "---\ntags: [a b, c]\n---\n",
    "---\ndekc: X\ntitle: A: b\n---\n",
    "---\nmath: no\ntags: #a #b\n---\n",
    "---\ntags:\n\t- a\n---\n",
    "\n\n---\ndeck: X::::Y\n---\n",
    "---\ntitle: A\ntitle: A\nhtml: trsut\n---\n",
    "---\nmath: [\n---\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is wrong, and however often: what holds for the cases holds.
    #[test]
    fn what_is_right_stays_and_what_is_wrong_is_mended(
        files in prop::collection::vec(
            (0..TOPS.len(), prop::collection::vec((any::<bool>(), 0..WRONG.len()), 0..8), any::<bool>(), any::<bool>()),
            1..4,
        ),
    ) {
        let mut number = 0;
        let mut all = Vec::new();
        for (index, (top, pieces, is_crlf, has_mark)) in files.into_iter().enumerate() {
            let mut text = TOPS.get(top).copied().unwrap_or_default().to_owned();
            for (is_right, piece) in pieces {
                number += 1;
                let kind = if is_right { RIGHT } else { WRONG };
                text += &kind.get(piece % kind.len()).copied().unwrap_or_default().replace('N', &number.to_string());
            }
            let options = [(is_crlf, " crlf"), (has_mark, " bom")];
            let options: String = options.into_iter().filter(|(is_given, _)| *is_given).map(|(_, option)| option).collect();
            all.push(File::new(&format!("{index}.md{options}"), &text));
        }
        mend(&all);
    }
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
