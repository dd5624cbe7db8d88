//! Holds the house in order: which room may import which, where outside worlds are touched, and that codes, cases,
//! snapshots and explanations belong together.

#![expect(clippy::expect_used, clippy::panic, clippy::string_slice, reason = "a test fails by a panic")]

mod modules;
mod project;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use deckle::api::diagnostic::{Code, Diagnostic};
use modules::{Circle, circles};
use project::{File, compile};

/// Room → the rooms it may import, beside itself; `room::file` is that file of a room and no other. The files of [`FACTS`]
/// are such: what Anki is concerns rooms that packages are made of.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["run"]),
    (
        "lib",
        &[
            "error",
            "anki",
            "apkg",
            "artifact",
            "config",
            "diagnostic",
            "files",
            "identity",
            "ir",
            "markdown",
            "pipeline",
            "print",
            "source",
        ],
    ),
    ("cli", &["serve", "pipeline", "files", "identity", "config", "diagnostic", "text", "error"]),
    ("serve", &["pipeline", "source", "text", "error"]),
    (
        "pipeline",
        &[
            "files",
            "config",
            "source",
            "diagnostic",
            "ir",
            "markdown",
            "check",
            "math",
            "identity",
            "anki",
            "html",
            "apkg",
            "print",
            "site",
            "json",
            "artifact",
            "text",
            "error",
        ],
    ),
    ("files", &["source", "text", "error"]),
    ("config", &["source", "diagnostic", "ir", "text"]),
    ("source", &[]),
    ("diagnostic", &["source", "text"]),
    ("ir", &["source"]),
    ("markdown", &["anki::cloze", "anki::limits", "anki::mathjax", "ir", "diagnostic", "source", "config", "text"]),
    (
        "check",
        &[
            "anki::mathjax",
            "anki::note_type",
            "anki::template",
            "ir",
            "math",
            "diagnostic",
            "source",
            "markdown",
            "text",
        ],
    ),
    ("math", &["text::pairs"]),
    ("identity", &["anki", "apkg", "ir", "source", "diagnostic", "text"]),
    ("anki", &["ir", "source", "text", "error"]),
    ("html", &["anki", "ir", "math", "text"]),
    ("apkg", &["anki", "html", "site", "ir", "artifact", "text", "error"]),
    ("print", &["html", "config", "ir", "math", "source", "diagnostic", "artifact", "text", "error"]),
    ("site", &["html", "config", "ir", "source", "artifact", "text"]),
    ("json", &["ir", "source", "artifact", "text", "error"]),
    ("artifact", &["source", "diagnostic"]),
    ("text", &[]),
    ("error", &[]),
];

/// Files that import nothing but each other, so that every room may ask them.
const FACTS: &[&str] = &["anki/cloze.rs", "anki/limits.rs", "anki/template.rs"];

/// What only some rooms may mention, and why.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("std::fs", &["files"], "the disk"),
    ("std::env", &["files"], "the environment"),
    ("terminal_size", &["files"], "the terminal"),
    ("tempfile", &["files"], "the disk"),
    ("SystemTime", &["files"], "the clock"),
    ("Instant", &["files"], "the clock"),
    // In print a word that no author can guess stands for an image while a page is made, and is in none.
    ("RandomState", &["files", "print"], "chance"),
    ("pulldown_cmark", &["markdown"], "the Markdown parser"),
    ("serde_saphyr", &["config"], "the YAML parser"),
    ("math_core", &["math"], "the typesetter of formulas"),
    ("rusqlite", &["anki"], "the database"),
    ("annotate_snippets", &["diagnostic"], "the renderer of diagnostics"),
    ("mdbook_", &["files"], "mdBook, which reads and writes files itself"),
    ("tracing", &["files"], "what mdBook logs"),
    ("hyper", &["serve"], "HTTP"),
    ("tokio", &["serve"], "what is asynchronous"),
    ("TcpListener", &["files", "serve"], "the network: what is bound is handed on"),
    ("TcpStream", &[], "the network"),
];

/// Ways to look at the disk.
const LOOKS: &[&str] = &[
    "fs::metadata",
    "fs::symlink_metadata",
    "fs::read_dir",
    "fs::canonicalize",
    "fs::read_link",
    "fs::exists",
    "fs::read",
    "fs::read_to_string",
    "File::open",
    "File::options",
    "OpenOptions::new",
    "open::open",
    "path.is_dir",
    "path.is_file",
    ".exists()",
    ".try_exists()",
    ".canonicalize()",
    ".read_dir()",
    ".read_link()",
    ".symlink_metadata()",
    ".metadata()",
    "files::is_there",
    "files::is_still_there",
    "files::is_other_file",
    "files::beginning",
    "files::stays_in",
];

/// The files that may look at the disk, and why that hides nothing from the next build: it goes by what `files/look.rs` took
/// down.
const LOOKERS: &[(&str, &str)] = &[
    ("files/look.rs", "it takes down what it sees"),
    ("files/open.rs", "it opens what others take down"),
    ("files/seen.rs", "it compares with what was taken down"),
    ("files/bounds.rs", "where bounds are is taken down when something is sought in them"),
    ("files/mdbook.rs", "it looks into a folder of its own"),
    ("files/media.rs", "what is read again is known by its checksum"),
    ("files/browser.rs", "it looks at what a browser leaves"),
    ("files/browser/installed.rs", "which browser there is changes no page"),
    ("files/browser/pdf.rs", "it looks at outputs, which are taken down"),
    ("files/inside.rs", "it looks where files are to be written"),
    ("files/kept.rs", "it looks at outputs, which are taken down"),
    ("files/listing.rs", "it takes outputs away"),
    ("files/reserve.rs", "it keeps others from writing"),
    ("files/sealed.rs", "what is kept is no part of what a build says"),
    ("files/surroundings.rs", "of another program nothing is taken"),
    ("files/watching.rs", "it watches where folders are, and reads nothing in them"),
    ("files/write.rs", "it looks at outputs, which are taken down"),
    ("pipeline/print_test.rs", "it looks where it is to write"),
    ("pipeline/printed.rs", "it looks at outputs, which are taken down"),
    ("pipeline/write.rs", "it looks at outputs, which are taken down"),
];

/// Imports that go in circles and have yet to be straightened; nothing is added here.
const CIRCLES: &[&str] = &[];

#[test]
fn imports_go_one_way() {
    let mut wrong = Vec::new();
    for source in sources() {
        let (_, allowed) = ARROWS.iter().find(|(room, _)| *room == source.room).expect("a room of the table");
        for imported in imported_files(&source.code) {
            let room = imported.split("::").next().unwrap_or_default();
            if room != source.room && !allowed.contains(&room) && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{}: {} may not import {imported}", source.path.display(), source.room));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn facts_import_nothing() {
    let is_fact = |source: &&SourceFile| FACTS.iter().any(|fact| source.path == Path::new(fact));
    let facts: Vec<SourceFile> = sources().into_iter().filter(|source| is_fact(&source)).collect();
    assert_eq!(facts.len(), FACTS.len());
    for SourceFile { path, code, .. } in facts {
        assert!(!code.contains("crate::"), "{}: facts depend on nothing", path.display());
    }
}

#[test]
fn no_room_reaches_another_by_way_of_the_root() {
    for source in sources() {
        let depth = source.path.components().count();
        let climb = "super::".repeat(depth);
        assert!(!source.code.contains(&climb), "{}: write `crate::` for another room", source.path.display());
    }
}

/// What a circle is, says [`circles`]: rooms never import each other in one, nor do files within a room.
#[test]
fn no_imports_go_in_circles() {
    let sources = sources();
    let files = sources.iter().map(|source| (source.path.to_str().expect("a name in UTF-8"), source.code.as_str()));
    let found = circles(files);
    let is_forgiven = |circle: &&Circle| CIRCLES.contains(&circle.members.as_str());
    let wrong: Vec<String> = found
        .iter()
        .filter(|circle| !is_forgiven(circle))
        .map(|circle| format!("{}\n{}", circle.members, circle.imports))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(found.iter().filter(is_forgiven).count(), CIRCLES.len(), "a circle of the list is gone: strike it off");
}

#[test]
fn the_scan_sees_circles() {
    let members = |files: &[(&str, &str)]| -> Vec<String> {
        circles(files.iter().copied()).into_iter().map(|circle| circle.members).collect()
    };
    let (a, b, roof) = ("a.rs", "a/b.rs", ("a.rs", "mod b;\npub use b::{self, c as d};\nuse crate::z;"));
    assert_eq!(members(&[(a, "use crate::z::f;"), ("z.rs", "fn f() { crate::a::g::<u8>() }")]), [": a, z"]);
    assert!(
        members(&[(a, "use crate::z;\nmod b;\nuse self::b::c;"), (b, "use super::{self, c};"), ("z.rs", "")])
            .is_empty()
    );
    // Each counts with what lies below it, and what is handed on with where it comes from.
    assert_eq!(
        members(&[roof, (b, ""), ("a/c.rs", ""), ("z.rs", "use crate::{y, a::{b}};"), ("y.rs", "")]),
        [": a, z"]
    );
    let below = |code| [("a.rs", "pub(super) use b::{X as Y, Z};"), (b, "use super::c;"), ("a/c.rs", code)];
    assert_eq!(members(&below("use super::{Other, Y};")), ["a: b, c"]);
    assert_eq!(members(&below("fn f(z: super::Z) {}")), ["a: b, c"]);
    assert!(members(&below("use super::Other;\nuse std::b;\nlet b = Vec::new();")).is_empty());
    let three = [("a.rs", "use crate::y;"), ("y.rs", "use crate::z::{self as x};"), ("z.rs", "use crate::a;")];
    assert_eq!(members(&[three[0], three[1], three[2], ("x.rs", "use crate::a;")]), [": a, y, z"]);
}

#[test]
fn each_outside_world_has_one_room() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (word, rooms, what) in RESERVED {
            if !rooms.contains(&source.room.as_str()) && mentions(&source.code, word) {
                let rooms = rooms.join(" and ");
                wrong.push(format!("{}: `{word}`: {what} belongs to {rooms}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_that_is_known_of_the_disk_is_taken_down() {
    let mut wrong = Vec::new();
    let mut lookers = BTreeSet::new();
    for SourceFile { path, code, .. } in sources() {
        let known = LOOKERS.iter().find(|(looker, _)| path == Path::new(looker));
        let Some(look) = LOOKS.iter().find(|look| looks(&code, look)) else { continue };
        match known {
            Some((looker, _)) => drop(lookers.insert(*looker)),
            None => wrong.push(format!("{}: `{look}` is not taken down: ask a `World`", path.display())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(lookers.len(), LOOKERS.len(), "one of them looks no longer: strike it off");
}

#[test]
fn the_scan_sees_looks() {
    let sees = |code| LOOKS.iter().any(|look| looks(code, look));
    for code in ["std::fs::read(path)", "fs::metadata(&path)?", "path.exists()", "file.path.is_dir()", "x().metadata()"]
    {
        assert!(sees(code), "{code}");
    }
    for code in ["fs::read_all()", "data.is_dir()", "self.data(path)", "File::create(path)", "x.exists(y)"] {
        assert!(!sees(code), "{code}");
    }
}

/// Whether code looks at the disk in this way.
fn looks(code: &str, look: &str) -> bool {
    if look.starts_with('.') { code.contains(look) } else { mentions(code, look) }
}

#[test]
fn the_scan_sees_imports() {
    let code = code_of(
        "use crate::{\n    Error,\n    ir::{Note, Deck},\n    files,\n};\nlet x = crate::math::f();\n// crate::cli\n",
    );
    let files: Vec<String> = imported_files(&code).into_iter().collect();
    assert_eq!(files, ["error", "files", "ir", "math::f"]);
    let files: Vec<String> = imported_files("use crate::a::b::{c, d};\nuse crate::{e::f, g};").into_iter().collect();
    assert_eq!(files, ["a::b", "e::f", "g"]);
    assert!(mentions("use std::fs;", "std::fs") && !mentions("std::fsx", "std::fs"));
    assert!(!code_of("a\n#[cfg(test)]\nmod tests {\n    use crate::cli;\n}").contains("cli"));
    assert!(code_of("#[cfg(test)]\nmod tests;\nuse crate::cli;").contains("cli"));
}

#[test]
fn every_code_has_a_case_that_shows_it() {
    let shows = |code: &&Code| {
        let snapshot = root().join(format!("tests/snapshots/diagnostics__{}.diagnostics.snap", code.name()));
        fs::read_to_string(snapshot).is_ok_and(|text| text.contains(&format!("[{}]", code.name())))
    };
    let hidden: Vec<&str> = Code::ALL.iter().filter(|code| !shows(code)).map(|code| code.name()).collect();
    assert!(hidden.is_empty(), "codes that their cases under tests/cases/diagnostics do not show: {hidden:?}");
}

#[test]
fn every_explanation_belongs_to_a_code() {
    let names: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{}.md", code.name())).collect();
    let files: BTreeSet<String> = names_in("src/diagnostic/explain").into_iter().collect();
    assert_eq!(files, names);
}

#[test]
fn explanations_are_short_and_complete() {
    for code in Code::ALL {
        let text = code.explanation();
        assert!(text.starts_with("# ") && !code.title().ends_with('.'), "{}: a title", code.name());
        assert!(text.lines().count() <= 30, "{}: fits on a screen", code.name());
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{}: short lines", code.name());
    }
}

#[test]
fn wrong_examples_give_their_code_and_nothing_else() {
    let mut failures = Vec::new();
    for code in Code::ALL {
        let files = example(code.explanation(), "## Wrong");
        let compiled = compile(&files);
        let is_at_home = |found: &Diagnostic| {
            let path = &compiled.sources.get(found.span.source).path;
            files.iter().any(|file| path.ends_with(file.path.trim_start_matches("../")))
        };
        let fits = |found: &Diagnostic| found.code == *code && is_at_home(found);
        if compiled.diagnostics.is_empty() || !compiled.diagnostics.iter().all(fits) {
            failures.push(format!("{}:\n{}", code.name(), compiled.rendered));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn right_examples_build_without_a_word() {
    let mut failures = Vec::new();
    for code in Code::ALL {
        let compiled = compile(&example(code.explanation(), "## Right"));
        let builds = !compiled.collection.notes.is_empty()
            && !compiled.packages.is_empty()
            && !compiled.pages.is_empty()
            && !compiled.book.is_empty();
        if !compiled.rendered.is_empty() || !builds {
            let notes = compiled.collection.notes.len();
            failures.push(format!("{}: {notes} notes\n{}", code.name(), compiled.rendered));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_snapshot_belongs_to_a_case() {
    let mut cases = BTreeSet::new();
    for folder in names_in("tests/cases") {
        for case in names_in(&format!("tests/cases/{folder}")) {
            cases.insert(format!("{folder}__{}", case.strip_suffix(".md").expect("a Markdown file")));
        }
    }
    for snapshot in names_in("tests/snapshots") {
        let (case, stage) = snapshot.split_once('.').expect("a stage");
        assert!(cases.contains(case), "{snapshot} has no case: delete it");
        let stages = ["diagnostics.snap", "ir.snap", "package.snap", "print.snap", "sheet.snap", "book.snap"];
        assert!(stages.contains(&stage), "{snapshot} is of no stage: accept or delete it");
    }
}

/// A file under `src` that is no `tests.rs`, without comments and tests.
struct SourceFile {
    /// Relative to `src`.
    path: PathBuf,
    room: String,
    code: String,
}

fn sources() -> Vec<SourceFile> {
    let (mut sources, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join("src").join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let first = path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
                let room = first.trim_end_matches(".rs").to_owned();
                let code = code_of(&fs::read_to_string(entry.path()).expect("a source"));
                sources.push(SourceFile { path, room, code });
            }
        }
    }
    assert!(sources.len() > 20, "the sources are found");
    sources
}

/// A source's code: comments of whole lines are left out, and the module of tests at its end.
fn code_of(text: &str) -> String {
    let code = text.split_once("#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<&str>>().join("\n")
}

/// The first two names behind `crate::`, or `deckle::` in `main.rs`, the second only where the first is followed by one;
/// `Error` stands for its module.
fn imported_files(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for path in ["crate::", "deckle::"] {
        for (at, _) in code.match_indices(path) {
            let rest = &code[at + path.len()..];
            match rest.strip_prefix('{') {
                Some(group) => rooms.extend(group_heads(group)),
                None => rooms.extend(head(rest)),
            }
        }
    }
    rooms
}

/// The first names of the paths in a group, whose opening brace is taken.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut at_start) = (1, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => at_start = true,
            c if !c.is_whitespace() && at_start => {
                heads.extend(head(&group[at..]));
                at_start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn head(path: &str) -> Option<String> {
    let name = |path: &str| -> String { path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let room = name(path);
    let inner = path[room.len()..].strip_prefix("::").map(name).filter(|inner| !inner.is_empty());
    match inner {
        _ if room.is_empty() => None,
        _ if room == "Error" => Some("error".to_owned()),
        Some(inner) => Some(format!("{room}::{inner}")),
        None => Some(room),
    }
}

/// Whether a word stands in code with nothing of a name on either side.
fn mentions(code: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(is_name) && !code[at + word.len()..].starts_with(is_name))
}

/// The files of an explanation's example: its fences, named by the second word of their info strings.
fn example(explanation: &str, section: &str) -> Vec<File> {
    let (mut files, mut in_section) = (Vec::new(), false);
    let mut open: Option<(String, String)> = None;
    for line in explanation.lines() {
        open = match (open, line.strip_prefix("````")) {
            (Some((name, body)), Some(_)) => {
                if in_section {
                    files.push(File::new(&name, &body));
                }
                None
            }
            (Some((name, body)), None) => Some((name, body + line + "\n")),
            (None, Some(info)) => {
                Some((info.split_once(' ').map_or("note.md", |(_, name)| name).to_owned(), String::new()))
            }
            (None, None) => {
                in_section = if line.starts_with("## ") { line == section } else { in_section };
                None
            }
        };
    }
    assert!(!files.is_empty(), "an example under {section}");
    files
}

fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
