//! Runs the program as people do, and compares stdout, stderr and status to the letter.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const NOTE: &str = "---\ndeck: Sea\n---\n# Sea\n\n## How salty is it?\n\n35 g a litre.\n";

#[test]
fn a_new_project_builds() {
    let folder = tempfile::tempdir().unwrap();
    let said = deckle(folder.path(), &["init", "notes"]);
    insta::assert_snapshot!(said, @r"
    status 0
    --- stdout
      wrote notes/deckle.yaml
      wrote notes/content/first-steps.md
      wrote notes/.gitignore
    Now `cd notes && deckle build`, and open dist/first-steps.apkg with Anki
    ");
    let notes = folder.path().join("notes");
    let said = deckle(&notes, &["build"]);
    insta::assert_snapshot!(said, @r"
    status 0
    --- stdout
    Built 1 deck, 9 notes, 10 cards, 0 media files from 1 file in T s
      2 headings not notes
      wrote dist/first-steps.apkg (N)
      wrote dist/print/first-steps-cards.html (N)
      wrote dist/print/first-steps-sheet.html (N)
    ");
    insta::assert_snapshot!(deckle(&notes, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 9 notes, 10 cards, 0 media files from 1 file in T s
      2 headings not notes
      unchanged dist/first-steps.apkg (N)
      unchanged dist/print/first-steps-cards.html (N)
      unchanged dist/print/first-steps-sheet.html (N)
    ");
    insta::assert_snapshot!(deckle(&notes, &["check"]), @r"
    status 0
    --- stdout
    Checked 1 file with 9 notes: nothing is wrong
    ");
}

#[test]
fn init_keeps_what_is_there() {
    let folder = project(&[("deckle.yaml", "id: mine\n")]);
    insta::assert_snapshot!(deckle(folder.path(), &["init"]), @r"
    status 0
    --- stdout
      kept deckle.yaml, which was there
      wrote content/first-steps.md
      wrote .gitignore
    Now `deckle build`, and open dist/first-steps.apkg with Anki
    ");
    assert_eq!(fs::read_to_string(folder.path().join("deckle.yaml")).unwrap(), "id: mine\n");
}

#[test]
fn two_new_projects_have_different_ids() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| {
        deckle(folder.path(), &["init", name]);
        let text = fs::read_to_string(folder.path().join(name).join("deckle.yaml")).unwrap();
        text.lines().find(|line| line.starts_with("id: ")).unwrap().to_owned()
    });
    assert_ne!(a, b);
    assert_eq!(a.len(), "id: ".len() + 10);
}

#[test]
fn errors_stop_a_build_and_nothing_is_written() {
    let folder = project(&[("deckle.yaml", "nmae: x\nid: y\n"), ("content/sea.md", &NOTE.replace("deck", "dekc"))]);
    insta::assert_snapshot!(deckle(folder.path(), &["build"]), @r"
    status 1
    --- stderr
    error[unknown-key]: unknown key `nmae`
     --> deckle.yaml:1:1
      |
    1 | nmae: x
      | ^^^^
      |
    help: did you mean `name`?
      |
    1 - nmae: x
    1 + name: x
      |

    error[unknown-key]: unknown key `dekc`
     --> content/sea.md:2:1
      |
    2 | dekc: Sea
      | ^^^^
      |
    help: did you mean `deck`?
      |
    2 - dekc: Sea
    2 + deck: Sea
      |

    error: 2 errors; nothing was written
    `deckle explain unknown-key` says more
    ");
    assert!(!folder.path().join("dist").exists());
}

#[test]
fn diagnostics_are_told_as_json_lines_on_stdout() {
    let folder = project(&[("sea.md", &NOTE.replace("deck", "dekc"))]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--message-format", "json", "sea.md"]), @r#"
    status 1
    --- stdout
    {"code":"unknown-key","severity":"error","message":"unknown key `dekc`","path":"sea.md","line":2,"column":1,"end_line":2,"end_column":5,"start":4,"end":8,"label":"","labels":[],"help":"did you mean `deck`?","edit":{"replacement":"deck","path":"sea.md","line":2,"column":1,"end_line":2,"end_column":5,"start":4,"end":8}}
    "#);
}

#[test]
fn warnings_stop_a_build_only_where_they_are_denied() {
    let folder = project(&[("sea.md", &NOTE.replace("it?", "it? {.salty}"))]);
    let said = deckle(folder.path(), &["build", "-q", "sea.md"]);
    assert!(said.starts_with("status 0"), "{said}");
    assert!(folder.path().join("dist/sea.apkg").exists());
    let said = deckle(folder.path(), &["build", "--deny-warnings", "-o", "out", "sea.md"]);
    assert!(said.starts_with("status 1"), "{said}");
    assert!(
        said.contains("warning[unknown-class]") && said.contains("error: 1 warning; nothing was written"),
        "{said}"
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_file_without_a_project_goes_by_its_stem_and_a_folder_by_its_path() {
    let note = "# Sea\n\n## How salty is it?\n\n35 g a litre.\n";
    let folder = project(&[("wet/sea.md", note), ("wet/deep/trench.md", note)]);
    let decks = |args: &[&str]| {
        deckle(folder.path(), &[&["build", "-f", "json"], args].concat());
        let json = fs::read_to_string(folder.path().join("dist/deckle.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let notes = json["notes"].as_array().unwrap().iter();
        notes.map(|note| note["deck"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(decks(&["wet/sea.md"]), ["sea"]);
    assert_eq!(decks(&["wet"]), ["wet::deep", "wet"]);
}

#[test]
fn print_options_of_the_command_line_go_above_the_projects() {
    let folder = project(&[
        ("deckle.yaml", "print: {preset: 4, key: true}\ndecks: {Sea: {print: {preset: 10}}}\n"),
        ("content/sea.md", NOTE),
    ]);
    let page = |args: &[&str]| {
        let said = deckle(folder.path(), &[&["build", "-f", "print"], args].concat());
        assert!(said.starts_with("status 0") && !said.contains("apkg"), "{said}");
        fs::read_to_string(folder.path().join("dist/print/sea-cards.html")).unwrap()
    };
    let own = page(&[]);
    assert!(own.contains("--card-width: 105mm; --card-height: 59.4mm") && own.contains("class=\"key\""), "{own}");
    let above = page(&["--print", "preset=A7,duplex=short", "--print", "back-offset=0.5 -1"]);
    assert!(above.contains("--card-height: 74mm") && above.contains("left:0.5mm;top:-0.5mm"), "{above}");
    for (option, reason) in [("presets=4", "the options are paper, preset"), ("duplex=tall", "is one of long, short")] {
        let said = deckle(folder.path(), &["build", "--print", option]);
        assert!(said.starts_with("status 2") && said.contains(reason), "{said}");
    }
}

#[test]
fn only_files_with_a_deck_in_effect_yield_notes() {
    let plain = "# Sea\n\n## How salty is it?\n\n35 g a litre.\n";
    let folder = project(&[
        ("deckle.yaml", "id: x\n"),
        ("content/plain/a.md", plain),
        ("content/named/_deck.yaml", "deck: Own::Name\n"),
        ("content/named/a.md", plain),
        ("content/by/path/_deck.yaml", "tags: wet\n"),
        ("content/by/path/a.md", plain),
        ("content/by/path/down/a.md", plain),
        ("content/front.md", NOTE),
    ]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "-v"]), @r"
    status 0
    --- stdout
    Checked 5 files with 4 notes: nothing is wrong
    --- stderr
    content/by/path/a.md: 1 note
    content/by/path/down/a.md: 1 note
    content/front.md: 1 note
    content/named/a.md: 1 note
    content/plain/a.md: 0 notes
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["check", "-v", "content/plain"]), @r"
    status 0
    --- stdout
    Checked 1 file with 1 note: nothing is wrong
    --- stderr
    content/plain/a.md: 1 note
    ");
}

#[test]
fn requests_that_make_no_sense_end_with_2() {
    let folder = project(&[("in/deckle.yaml", "id: x\n"), ("in/content/a.md", NOTE), ("out.md", NOTE)]);
    let said = deckle(&folder.path().join("in"), &["check", "content/a.md", "../out.md"]);
    assert!(said.starts_with("status 2") && said.contains("lies outside the project"), "{said}");
    let said = deckle(folder.path(), &["build"]);
    assert!(said.starts_with("status 2") && said.contains("no deckle.yaml in"), "{said}");
    let said = deckle(folder.path(), &["explain", "bad-yml"]);
    insta::assert_snapshot!(said, @r"
    status 2
    --- stderr
    error: there is no diagnostic `bad-yml`; did you mean `bad-yaml`?
    ");
    assert!(deckle(folder.path(), &["biuld"]).starts_with("status 2"));
}

#[test]
fn the_machines_failures_end_with_3() {
    let folder = project(&[("sea.md", NOTE), ("file", "x")]);
    insta::assert_snapshot!(deckle(folder.path(), &["build", "-o", "file", "sea.md"]), @r"
    status 3
    --- stderr
    error: cannot make the folder file: file exists
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["build", "nope.md"]), @r"
    status 3
    --- stderr
    error: cannot read nope.md: no such file or directory
    ");
    let folder = project(&[("deckle.yaml", "id: x\n"), ("content/a.md", NOTE)]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "content/nope.md"]), @r"
    status 3
    --- stderr
    error: cannot read content/nope.md: no such file or directory
    ");
}

#[test]
fn every_code_is_listed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    for code in deckle::diagnostic::Code::ALL {
        let said = deckle(folder.path(), &["explain", &format!("error[{}]", code.name())]);
        assert_eq!(said.trim_end(), format!("status 0\n--- stdout\n{}", code.explanation().trim_end()));
        assert!(deckle(folder.path(), &["explain"]).contains(&format!("\n{} ", code.name())));
    }
}

#[test]
fn every_command_has_examples_completions_and_a_manual() {
    let folder = tempfile::tempdir().unwrap();
    let manual = deckle(folder.path(), &["man"]);
    for command in ["build", "check", "init", "explain", "completions", "man"] {
        assert!(deckle(folder.path(), &[command, "--help"]).contains("\nExamples:\n  deckle "), "{command}");
        assert!(manual.contains(&format!(".TH deckle-{command} 1")), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = deckle(folder.path(), &["completions", shell]);
        assert!(script.starts_with("status 0") && script.contains("deny-warnings"), "{shell}");
    }
}

#[test]
fn the_schema_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let said = deckle(folder.path(), &["build", "-f", "json-schema"]);
    let json = said.strip_prefix("status 0\n--- stdout\n").unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(json).unwrap()["properties"]["notes"].is_object());
}

#[test]
fn a_reader_that_hangs_up_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
    command.args(args).current_dir(folder).env("SOURCE_DATE_EPOCH", "1750000000").env_remove("NO_COLOR");
    command
}

/// Status, stdout and stderr; times and sizes are taken out.
fn deckle(folder: &Path, args: &[&str]) -> String {
    let output = command(folder, args).output().unwrap();
    let mut said = format!("status {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !bytes.is_empty() {
            said = format!("{said}--- {name}\n{}", String::from_utf8(bytes).unwrap());
        }
    }
    said.lines().map(without_figures).collect::<Vec<_>>().join("\n") + "\n"
}

fn without_figures(line: &str) -> String {
    if let (true, Some((before, _))) = (line.starts_with("Built "), line.rsplit_once(" in ")) {
        return format!("{before} in T s");
    }
    match line.rsplit_once(" (") {
        Some((before, size)) if line.starts_with("  ") && size.ends_with("B)") => format!("{before} (N)"),
        Some(_) | None => line.to_owned(),
    }
}
