//! Runs the program as people do, and compares stdout, stderr and status to the letter.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod said;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use program::{command, project};
use said::said;

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
      wrote notes/book.toml
      wrote notes/.gitignore
      wrote notes/.gitattributes
    Now `cd notes && deckle build`, and open dist/first-steps.apkg with Anki
    ");
    let notes = folder.path().join("notes");
    let said = deckle(&notes, &["build"]);
    insta::assert_snapshot!(said, @r"
    status 0
    --- stdout
    Built 1 deck, 9 notes, 10 cards, 0 media files from 1 file in T s
      wrote dist/first-steps.apkg (N)
      wrote dist/print/first-steps-cards.html (N)
      wrote dist/print/first-steps-sheet.html (N)
      wrote dist/book (N)
      wrote dist/site (N)
      wrote deckle.lock (N)
    ");
    insta::assert_snapshot!(deckle(&notes, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 9 notes, 10 cards, 0 media files from 1 file in T s
      unchanged dist/first-steps.apkg (N)
      unchanged dist/print/first-steps-cards.html (N)
      unchanged dist/print/first-steps-sheet.html (N)
      unchanged dist/book (N)
      unchanged dist/site (N)
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
      wrote book.toml
      wrote .gitignore
      wrote .gitattributes
    Now `deckle build`
    ");
    assert_eq!(fs::read_to_string(folder.path().join("deckle.yaml")).unwrap(), "id: mine\n");
    assert!(deckle(folder.path(), &["init"]).contains("  kept .gitattributes, which was there\n"));
    fs::write(folder.path().join(".gitattributes"), "*.png binary\n").unwrap();
    let said = deckle(folder.path(), &["init"]);
    assert!(said.contains("which was there; add the line `deckle.lock merge=union text eol=lf`\n"), "{said}");
}

#[test]
fn json_says_whether_anything_was_written() {
    let folder = project(&[("deckle.yaml", "id: x\ndeck: D\n"), ("content/a.md", "## Q?\n\nA $ x $.\n")]);
    let said = deckle(folder.path(), &["build", "--message-format", "json", "--deny-warnings"]);
    assert!(said.contains(r#""warnings":1,"written":false"#), "{said}");
    let said = deckle(folder.path(), &["build", "--message-format", "json"]);
    assert!(said.contains(r#""warnings":1,"written":true"#), "{said}");
}

#[test]
fn notes_in_the_folder_to_write_into_are_said_to_be_unread() {
    let folder = project(&[("deckle.yaml", "id: x\ndeck: D\n"), ("content/a.md", NOTE), ("content/sub/b.md", NOTE)]);
    for _ in 0..2 {
        let said = deckle(folder.path(), &["build", "-o", "content/sub"]);
        assert!(said.contains("warning[skipped-file]: outputs are written here"), "{said}");
        assert!(said.contains("--> content/sub:1:1") && said.contains("from 1 file"), "{said}");
    }
    let said = deckle(folder.path(), &["build", "-o", "content/new"]);
    assert!(!said.contains("skipped-file"), "{said}");
    let said = deckle(folder.path(), &["build", "-o", "content/new"]);
    assert!(!said.contains("skipped-file"), "what a build made is no note: {said}");
}

#[test]
fn files_that_are_left_out_are_named_where_all_is() {
    let draft = NOTE.replace("deck: Sea", "deck: Sea\ndraft: true");
    let folder = project(&[("deckle.yaml", "id: x\n"), ("content/a.md", NOTE), ("content/b.md", &draft)]);
    for command in ["check", "build"] {
        let said = deckle(folder.path(), &[command, "-v"]);
        assert!(said.contains("  1 file left out: content/b.md\n"), "{said}");
        let said = deckle(folder.path(), &[command]);
        assert!(said.contains("1 file left out") && !said.contains("b.md"), "{said}");
    }
}

/// Notes that lie in no `content` are those that somebody wants cards of.
#[test]
fn init_beside_a_lock_takes_its_collection_id() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    write("deckle.yaml", "id: the \"old\" one\n");
    write("notes.md", "---\ndeck: Sea\n---\n## How salty?\n\n35 g.\n");
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::rename(folder.path().join("notes.md"), folder.path().join("content/notes.md")).unwrap();
    assert!(deckle(folder.path(), &["build"]).starts_with("status 0"));
    fs::remove_file(folder.path().join("deckle.yaml")).unwrap();
    let said = deckle(folder.path(), &["init"]);
    let line = "  deckle.lock is there: deckle.yaml takes its collection id, `the \"old\" one`, so that all notes stay who they are\n";
    assert!(said.contains(line), "{said}");
    let built = deckle(folder.path(), &["build", "--frozen"]);
    assert!(built.starts_with("status 0"), "{built}");
    // A lock without notes gets no sample beside it: its notes would be gone.
    fs::remove_file(folder.path().join("deckle.yaml")).unwrap();
    fs::remove_dir_all(folder.path().join("content")).unwrap();
    deckle(folder.path(), &["init"]);
    assert!(!folder.path().join("content").exists());
}

#[test]
fn init_takes_the_notes_that_are_there() {
    let settings = |folder: &TempDir| fs::read_to_string(folder.path().join("deckle.yaml")).unwrap();
    let vault = project(&[
        ("README.md", "# All\n"),
        ("CS/Ports.md", "# A port\n\nIs a number.\n"),
        ("Sea.md", NOTE),
        (".obsidian/a.md", NOTE),
    ]);
    insta::assert_snapshot!(deckle(vault.path(), &["init"]), @r"
    status 0
    --- stdout
      wrote deckle.yaml
      wrote book.toml
      wrote .gitignore
      wrote .gitattributes
      3 Markdown files found: deckle.yaml says `content: .`, and no sample is made
    Now `deckle build`
    ");
    assert!(settings(&vault).contains("\ncontent: .\n") && !vault.path().join("content").exists());
    insta::assert_snapshot!(deckle(vault.path(), &["check"]), @r"
    status 0
    --- stdout
    Checked 3 files with 1 note: nothing is wrong
    ");
    assert!(deckle(vault.path(), &["build"]).contains(" from 3 files in T s"));
    assert!(deckle(vault.path(), &["build"]).contains(" from 3 files in T s"), "what was built is no note");

    let book = project(&[("book.toml", "[book]\ntitle = \"B\"\n"), ("src/a.md", NOTE), ("notes.md", NOTE)]);
    assert!(deckle(book.path(), &["init"]).contains("  1 Markdown file found: deckle.yaml says `content: src`, and"));
    assert!(deckle(book.path(), &["check"]).contains("Checked 1 file with 1 note: nothing is wrong\n"));

    for files in [
        &[("README.md", NOTE), ("Changelog.md", NOTE)] as &[_],
        &[("content/a.md", NOTE), ("b.md", NOTE)],
        &[("book.toml", "[book]\n"), ("src/main.rs", "")],
        &[("node_modules/a/b.md", NOTE), (".hidden/c.md", NOTE)],
    ] {
        let folder = project(files);
        let said = deckle(folder.path(), &["init"]);
        assert!(!said.contains(" found") && said.contains("  wrote content/first-steps.md\n"), "{said}");
        assert!(settings(&folder).contains("\ncontent: content\n"));
    }
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
    let folder =
        project(&[("deckle.yaml", "nmae: x\nid: y\ndeck: Sea\n"), ("content/sea.md", &NOTE.replace("deck", "dekc"))]);
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

    warning[unknown-key]: unknown key `dekc`
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

    error: 1 error and 1 warning; nothing was written
    `deckle explain unknown-key` says more
    ");
    assert!(!folder.path().join("dist").exists());
}

#[test]
fn diagnostics_are_told_as_json_lines_on_stdout() {
    let folder = project(&[("sea.md", &NOTE.replace("deck", "dekc"))]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--message-format", "json", "sea.md"]), @r#"
    status 0
    --- stdout
    {"code":"unknown-key","severity":"warning","cost":"nothing","message":"unknown key `dekc`","path":"sea.md","line":2,"column":1,"end_line":2,"end_column":5,"start":4,"end":8,"label":"","labels":[],"help":"did you mean `deck`?","edit":{"replacement":"deck","path":"sea.md","line":2,"column":1,"end_line":2,"end_column":5,"start":4,"end":8,"safety":"safe"}}
    "#);
}

#[test]
fn warnings_stop_a_build_only_where_they_are_denied() {
    let folder = project(&[("sea.md", &format!("{NOTE}\n## How salty? {{.salty}}\n\nVery.\n"))]);
    let said = deckle(folder.path(), &["build", "-q", "sea.md"]);
    assert!(said.starts_with("status 0"), "{said}");
    assert!(folder.path().join("dist/sea.apkg").exists());
    let said = deckle(folder.path(), &["build", "--deny-warnings", "-o", "out", "sea.md"]);
    assert!(said.starts_with("status 1"), "{said}");
    assert!(
        said.contains("warning[unknown-class]")
            && said.contains(
                "error: 1 warning, which `--deny-warnings` takes for errors; 1 note would be left out; nothing"
            ),
        "{said}"
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_code_to_look_up_is_one_that_stopped_the_build() {
    let note = NOTE.replace("35", "{{c1::35");
    let folder = project(&[("deckle.yaml", "id: x\nnmae: y\n"), ("content/sea.md", &note)]);
    let said = deckle(folder.path(), &["check", "-q"]);
    assert!(said.contains("error[unknown-key]") && !said.contains("unclosed-cloze"), "{said}");
    let said = deckle(folder.path(), &["check"]);
    let end = "\nerror: 1 error and 1 warning; 1 note would be left out\n`deckle explain unknown-key` says more\n";
    assert!(said.ends_with(end), "{said}");
    fs::write(folder.path().join("deckle.yaml"), "id: x\n").unwrap();
    let said = deckle(folder.path(), &["check", "--deny-warnings"]);
    assert!(said.ends_with("`deckle explain unclosed-cloze` says more\n"), "{said}");
}

#[test]
fn files_without_notes_say_what_would_be_one() {
    let folder =
        project(&[("top.md", "# Sea\n\n35 g a litre.\n"), ("deckle.yaml", "id: x\n"), ("content/a.md", "## Sea\n")]);
    let said = deckle(folder.path(), &["build"]);
    assert!(
        said.contains("warning: no notes in 1 file; `deck: NAME` at a file's top makes its headings notes"),
        "{said}"
    );
    let folder = project(&[("top.md", "# Sea\n\n35 g a litre.\n")]);
    let said = deckle(folder.path(), &["build", "top.md"]);
    assert!(
        said.contains("warning: no notes in 1 file; a heading of level 2 to 6 with text below it is one"),
        "{said}"
    );
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
fn tables_of_rows_go_with_their_file() {
    let table = |name: &str| {
        format!("# {name}\n\n## Fish {{.rows}}\n\n| A | B |\n|---|--:|\n| {name} | 1 |\n| c{name} | 3 |\n")
    };
    let folder = project(&[
        ("deckle.yaml", "id: sea\ndeck: Sea\n"),
        ("content/a.md", &table("a")),
        ("content/b.md", &table("b")),
    ]);
    let chapters = |args: &[&str]| {
        let said = deckle(folder.path(), &[&["build", "-f", "json"], args].concat());
        assert!(said.starts_with("status 0"), "{said}");
        let json = fs::read_to_string(folder.path().join("dist/deckle.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let part = |part: &serde_json::Value| {
            let rows: Vec<String> = part["rows"].as_array()?.iter().map(ToString::to_string).collect();
            Some(format!("{} {}", part["alignments"], rows.join(" ")))
        };
        let chapters = json["chapters"].as_array().unwrap().iter();
        let tables = |chapter: &serde_json::Value| -> Vec<String> {
            chapter["parts"].as_array().unwrap().iter().filter_map(part).collect()
        };
        chapters.map(|chapter| format!("{} {}", chapter["path"], tables(chapter).join(", "))).collect::<Vec<_>>()
    };
    let rows = |first: usize| {
        let row = |note| format!("{{\"columns\":[1],\"note\":{note}}}");
        format!("[\"none\",\"right\"] {} {}", row(first), row(first + 1))
    };
    assert_eq!(chapters(&[]), [format!("\"a.md\" {}", rows(0)), format!("\"b.md\" {}", rows(2))]);
    assert_eq!(chapters(&["content/b.md"]), [format!("\"b.md\" {}", rows(0))]);
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
fn a_style_is_added_to_every_printed_page() {
    let folder = project(&[
        ("deckle.yaml", "id: x\ndeck: Sea\ntemplates: look\n"),
        ("look/print/print.css", "p { color: tan }\n"),
        ("content/sea.md", NOTE),
    ]);
    let build = || {
        let said = deckle(folder.path(), &["build", "-f", "print"]);
        assert!(said.starts_with("status 0"), "{said}");
        ["cards", "sheet"]
            .map(|kind| fs::read_to_string(folder.path().join(format!("dist/print/sea-{kind}.html"))).unwrap())
    };
    for page in build() {
        let own = page.find("p { color: tan }").unwrap();
        assert!(page.find("box-sizing: border-box").unwrap() < own && own < page.find("</style>").unwrap(), "{page}");
    }
    // Pages that are kept are made anew.
    fs::write(folder.path().join("look/print/print.css"), "p { color: red }\n").unwrap();
    assert!(build().iter().all(|page| page.contains("color: red") && !page.contains("color: tan")));
}

#[test]
fn of_settings_that_are_broken_only_that_is_told() {
    let folder = project(&[("deckle.yaml", "id: x\nname: \"e\ncontent: .\n"), ("a.md", NOTE)]);
    let said = deckle(folder.path(), &["check"]);
    assert!(said.contains("error[bad-yaml]") && !said.contains("no folder"), "{said}");
}

#[test]
fn files_whose_html_is_trusted_are_named() {
    let trusting = "---\ndeck: Sea\nhtml: trust\n---\n# Sea\n\n## How salty?\n\n<b>Very</b>.\n";
    let hidden = trusting.replace("html: trust", "\"ht\\x6dl\": \"tr\\u0075st\"");
    let folder = project(&[
        ("deckle.yaml", "id: x\n"),
        ("content/a.md", trusting),
        ("content/b.md", &hidden),
        ("content/c.md", NOTE),
    ]);
    let said = deckle(folder.path(), &["check"]);
    assert!(said.contains("  2 files with `html: trust`: content/a.md, content/b.md\n"), "{said}");
    let said = deckle(folder.path(), &["build"]);
    assert!(said.contains("  2 files with `html: trust`: content/a.md, content/b.md\n"), "{said}");
    let said = deckle(folder.path(), &["build", "--message-format", "json"]);
    assert!(said.contains("\"files_with_trusted_html\":2"), "{said}");
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
      1 file in no deck: content/plain/a.md
    --- stderr
    content/by/path/a.md: 1 note
    content/by/path/down/a.md: 1 note
    content/front.md: 1 note
    content/named/a.md: 1 note
    content/plain/a.md: 0 notes
    content/by/path/a.md:1: not a note: Sea
    content/by/path/down/a.md:1: not a note: Sea
    content/front.md:4: not a note: Sea
    content/named/a.md:1: not a note: Sea
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["check", "-v", "content/plain"]), @r"
    status 0
    --- stdout
    Checked 1 file with 0 notes: nothing is wrong
    --- stderr
    content/plain/a.md: 0 notes
    ");
}

#[test]
fn requests_that_make_no_sense_end_with_2() {
    let folder = project(&[("in/deckle.yaml", "id: x\n"), ("in/content/a.md", NOTE), ("out.md", NOTE)]);
    let said = deckle(&folder.path().join("in"), &["check", "content/a.md", "../out.md"]);
    assert!(said.starts_with("status 2") && said.contains("lies outside the project"), "{said}");
    let said = deckle(folder.path(), &["build"]);
    assert!(said.starts_with("status 2") && said.contains("no deckle.yaml in"), "{said}");
    insta::assert_snapshot!(deckle(folder.path(), &["build", "out.md", "nope.md"]), @r"
    status 2
    --- stderr
    error: there is no file or folder nope.md
    ");
    let said = deckle(&folder.path().join("in"), &["check", "content/nope.md"]);
    assert!(said.starts_with("status 2") && said.contains("no file or folder content/nope.md"), "{said}");
    let said = deckle(folder.path(), &["man", "biuld"]);
    assert!(said.starts_with("status 2") && said.contains("the commands are build, watch, serve, check, "), "{said}");
    let said = deckle(folder.path(), &["explain", "bad-yml"]);
    insta::assert_snapshot!(said, @r"
    status 2
    --- stderr
    error: there is no diagnostic `bad-yml`; did you mean `bad-yaml`?
    ");
    assert!(deckle(folder.path(), &["biuld"]).starts_with("status 2"));
}

/// Whoever has the shell complete a path may name any file.
#[test]
fn files_that_hold_no_notes_say_what_they_are() {
    let others = [
        ("in/deckle.yaml", "settings"),
        ("in/content/a.MP3", "a recording"),
        ("in/content/a.apkg", "a package of Anki"),
        ("in/deckle.lock", "who each note is"),
        ("a.pdf", "no text"),
        ("a.svg", "a picture"),
    ];
    let files = others.map(|(path, _)| (path, if path.ends_with("yaml") { "id: x\n" } else { "x" }));
    let notes = [("in/content/a.md", NOTE), ("in/content/a.txt", NOTE), ("out.md", NOTE), ("b.png/b.md", NOTE)];
    let folder = project(&[&files[..], &notes].concat());
    for (path, kind) in others {
        for command in ["build", "check"] {
            let said = deckle(folder.path(), &[command, path]);
            assert!(said.starts_with("status 2") && said.contains(path) && said.contains(kind), "{said}");
        }
    }
    insta::assert_snapshot!(deckle(folder.path(), &["check", "a.svg", "a.pdf"]), @r"
    status 2
    --- stderr
    error: a.svg is a picture and holds no notes; name the file of notes that shows it
    ");
    // Among files of notes they are passed over, and a folder may be called anything.
    let said = deckle(folder.path(), &["check", "a.svg", "out.md"]);
    assert!(said.starts_with("status 0") && said.contains("Checked 1 file with 1 note"), "{said}");
    let said = deckle(folder.path(), &["check", "b.png"]);
    assert!(said.starts_with("status 0") && said.contains("Checked 1 file with 1 note"), "{said}");
    fs::remove_file(folder.path().join("in/deckle.lock")).unwrap();
    for command in ["build", "check"] {
        let said = deckle(&folder.path().join("in"), &[command, "content/a.txt"]);
        let word = "warning: no notes in 0 files; notes are in files that end in `.md` or `.markdown`";
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn the_machines_failures_end_with_3() {
    let folder = project(&[("sea.md", NOTE), ("file", "x")]);
    insta::assert_snapshot!(deckle(folder.path(), &["build", "-o", "file", "sea.md"]), @r"
    status 3
    --- stderr
    error: cannot make the folder file: file exists
    ");
}

#[test]
fn every_code_is_listed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    for code in deckle::api::diagnostic::Code::ALL {
        let said = deckle(folder.path(), &["explain", &format!("error[{}]", code.name())]);
        let (explanation, price) = (code.explanation().trim_end(), code.price());
        let remedy = code.remedy();
        let costs = format!("## What it costs\n\n{price}\n\n## What mends it\n\n{remedy}");
        let expected = format!("status 0\n--- stdout\n{explanation}\n\n{costs}");
        assert_eq!(said.trim_end(), expected);
        assert!(deckle(folder.path(), &["explain"]).contains(&format!("\n{} ", code.name())));
    }
}

#[test]
fn every_command_has_examples_completions_and_a_manual() {
    let folder = tempfile::tempdir().unwrap();
    assert!(deckle(folder.path(), &["man"]).contains(".TH deckle 1"));
    for command in ["build", "check", "ids", "init", "explain", "mdbook", "completions", "man"] {
        assert!(deckle(folder.path(), &[command, "--help"]).contains("\nExamples:\n  deckle "), "{command}");
        let manual = deckle(folder.path(), &["man", command]);
        assert!(manual.contains(&format!(".TH deckle-{command} 1")), "{command}");
        assert_eq!(manual.matches(".TH ").count(), 1, "{command}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = deckle(folder.path(), &["completions", shell]);
        assert!(script.starts_with("status 0") && script.contains("deny-warnings"), "{shell}");
    }
    for shell in ["bash", "zsh"] {
        assert!(deckle(folder.path(), &["completions", shell]).contains("unclosed-cloze"), "{shell}");
    }
}

#[test]
fn paths_are_shown_from_where_the_program_is_started() {
    let wrong = NOTE.replace("deck", "dekc");
    let folder =
        project(&[("deckle.yaml", "id: x\ndeck: X\n"), ("content/plain/sub/c.md", &wrong), ("away/x.txt", "")]);
    let place = |start: &str, path: &str| {
        let said = deckle(&folder.path().join(start), &["check", path]);
        let json = deckle(&folder.path().join(start), &["check", path, "--message-format", "json"]);
        let shown = said.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap().to_owned();
        let path = shown.strip_suffix(":2:1").unwrap();
        assert!(json.contains(&format!(r#""path":{}"#, serde_json::Value::from(path))), "{json}");
        path.to_owned()
    };
    assert_eq!(place("", "content/plain/sub/c.md"), "content/plain/sub/c.md");
    assert_eq!(place("content/plain", "sub/c.md"), "sub/c.md");
    assert_eq!(place("content/plain/sub", "../../plain"), "c.md");
    assert_eq!(place("away", "../content"), "../content/plain/sub/c.md");
    let loose = project(&[("plain/sub/c.md", &wrong), ("plain/d.md", NOTE), ("away/x.txt", "")]);
    let shown = |start: &str, args: &[&str]| {
        let said = deckle(&loose.path().join(start), &[&["check"], args].concat());
        said.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap().to_owned()
    };
    assert_eq!(shown("", &["plain/sub/c.md"]), "plain/sub/c.md:2:1");
    assert_eq!(shown("", &["plain/d.md", "plain/sub"]), "plain/sub/c.md:2:1");
    let whole = loose.path().join("plain/sub/c.md");
    let whole = whole.to_str().unwrap();
    assert_eq!(shown("", &[whole]), "plain/sub/c.md:2:1");
    assert_eq!(shown("away", &[whole]), format!("{whole}:2:1"));
}

#[test]
fn the_working_folder_changes_no_byte_of_a_package() {
    let folder = project(&[("deckle.yaml", "id: x\nsite-url: https://e.org\n"), ("content/sub/a.md", NOTE)]);
    let build = |start: &str, out: &str| {
        let out = folder.path().join(out);
        deckle(&folder.path().join(start), &["build", "-f", "apkg,json", "-o", out.to_str().unwrap()]);
        ["Sea.apkg", "sea.apkg", "deckle.json"].map(|name| fs::read(out.join(name)).ok())
    };
    let above = build("", "one");
    assert!(above.iter().flatten().count() == 2);
    assert_eq!(above, build("content/sub", "two"));
}

#[test]
fn paths_leave_the_study_site_whole() {
    let folder = project(&[("deckle.yaml", "id: x\n"), ("content/sea.md", NOTE), ("content/sky.md", NOTE)]);
    let shows_sky = || {
        let summary = fs::read_to_string(folder.path().join("dist/book/SUMMARY.md")).unwrap();
        assert!(summary.contains("sea.md"));
        summary.contains("sky.md")
    };
    deckle(folder.path(), &["build"]);
    assert!(deckle(folder.path(), &["build", "content/sea.md"]).contains("study site not made anew"));
    assert!(shows_sky());
    deckle(folder.path(), &["build", "-f", "book", "content/sea.md"]);
    assert!(!shows_sky());
    deckle(folder.path(), &["build"]);
    assert!(shows_sky());
}

#[test]
fn in_a_project_paths_only_select() {
    let plain = "# Diary\n\n## What a day\n\n## Another\n";
    let folder = project(&[
        ("deckle.yaml", "id: x\n"),
        ("content/sea.md", NOTE),
        ("content/diary/x.md", plain),
        ("content/diary/y.md", plain),
        ("loose.md", plain),
    ]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "content/diary/x.md"]), @r"
    status 0
    --- stdout
    Checked 1 file with 0 notes: nothing is wrong
    --- stderr
    warning: no deck is in effect for content/diary/x.md, so no notes are read; `deck: NAME` at a file's top makes its headings notes
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["build", "loose.md"]), @r"
    status 0
    --- stdout
    Built 0 decks, 0 notes, 0 cards, 0 media files from 1 file in T s
      study site not made anew
      wrote deckle.lock (N)
    --- stderr
    warning: no deck is in effect for loose.md, so no notes are read; `deck: NAME` at a file's top makes its headings notes
    ");
    assert!(!folder.path().join("dist/loose.apkg").exists());
    let said = deckle(folder.path(), &["check", "content/sea.md", "content/diary/x.md", "content/diary/y.md"]);
    assert!(said.contains("for content/diary/x.md and 1 other file, so"), "{said}");
    assert!(!deckle(folder.path(), &["check", "content/sea.md", "content/diary"]).contains("no deck"));
}

#[test]
fn headings_that_are_no_notes_are_listed_on_request() {
    let second = "---\ndeck: B\n---\n# Rows *of*\n\n## Types {.rows}\n\n| A | B |\n|---|---|\n| x | y |\n";
    let folder = project(&[("a.md", NOTE), ("b.md", second)]);
    let said = deckle(folder.path(), &["build", "-f", "apkg,print", "-v", "a.md", "b.md"]);
    insta::assert_snapshot!(said, @r"
    status 0
    --- stdout
    Built 2 decks, 2 notes, 2 cards, 0 media files from 2 files in T s
      2 headings not notes
      wrote dist/b.apkg (N)
      wrote dist/sea.apkg (N)
      wrote dist/print/b-cards.html (N)
      wrote dist/print/b-sheet.html (N)
      wrote dist/print/sea-cards.html (N)
      wrote dist/print/sea-sheet.html (N)
      wrote deckle.lock (N)
    --- stderr
    a.md: 1 note
    b.md: 1 note
    a.md:4: not a note: Sea
    b.md:4: not a note: Rows of
    ");
}

#[test]
fn decks_share_a_sheet_where_they_say_so() {
    let deck =
        |deck: &str, title: &str| format!("---\ndeck: {deck}\n---\n# {title}\n\n## What is {deck}?\n\nA deck.\n");
    let settings = |print: &str| format!("id: abcdefghij\nname: Sea\ncontent: notes\nprint: {{sheet: one}}\n{print}");
    let folder = project(&[
        ("deckle.yaml", &settings("")),
        ("notes/a.md", &deck("Sea", "Fish")),
        ("notes/b.md", &deck("Land", "Land")),
    ]);
    let sheets = || {
        let names = fs::read_dir(folder.path().join("dist/print")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name.contains("-sheet"));
        names.sort_unstable();
        names
    };
    deckle(folder.path(), &["build", "-f", "print"]);
    assert_eq!(sheets(), ["sea-sheet.html"]);
    let sheet = fs::read_to_string(folder.path().join("dist/print/sea-sheet.html")).unwrap();
    assert!(sheet.contains("<h1>Sea</h1>") && sheet.contains("What is Sea?") && sheet.contains("What is Land?"));
    // A chapter that is called as its deck does not stand below its own name.
    let headings: Vec<&str> = sheet.lines().filter(|line| line.starts_with("<h2")).collect();
    let expected =
        ["<h2 dir=\"auto\">Land</h2>", "<h2 class=\"deck\" dir=\"auto\">Sea</h2>", "<h2 dir=\"auto\">Fish</h2>"];
    assert_eq!(headings, expected);
    // The deck that has the collection's name keeps its own file.
    fs::write(folder.path().join("deckle.yaml"), settings("decks: {Sea: {print: {sheet: each}}}\n")).unwrap();
    let said = deckle(folder.path(), &["build", "-f", "print"]);
    assert_eq!(sheets(), ["sea-all-sheet.html", "sea-sheet.html"], "{said}");
    assert!(!fs::read_to_string(folder.path().join("dist/print/sea-sheet.html")).unwrap().contains("Land"));
}

#[test]
fn a_build_tells_its_outcome_as_json() {
    let folder = project(&[("sea.md", NOTE)]);
    let said = deckle(folder.path(), &["build", "-f", "apkg,print", "--message-format", "json", "sea.md"]);
    let mut lines = said.lines().skip(2).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let file = lines.next().unwrap();
    assert_eq!((&file["kind"], &file["path"]), (&"file".into(), &"dist/sea.apkg".into()));
    assert_eq!(file["written"], true);
    assert_eq!(file["bytes"], fs::metadata(folder.path().join("dist/sea.apkg")).unwrap().len());
    let others: Vec<_> = lines.by_ref().take(3).map(|line| line["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(others, ["dist/print/sea-cards.html", "dist/print/sea-sheet.html", "deckle.lock"]);
    let summary = lines.next().unwrap();
    assert_eq!(
        summary.to_string(),
        r#"{"cards":1,"decks":1,"errors":0,"files":1,"files_in_no_deck":0,"files_left_out":0,"files_with_trusted_html":0,"kind":"summary","left_out":0,"media":0,"notes":1,"prose_headings":1,"warnings":0,"written":true}"#
    );
    assert_eq!(lines.next(), None);
    fs::write(folder.path().join("sea.md"), NOTE.replace("it?", "it? {.typde}")).unwrap();
    let said = deckle(folder.path(), &["build", "--message-format", "json", "sea.md"]);
    assert!(said.starts_with("status 0") && said.contains(r#""cost":"note""#), "{said}");
    assert!(said.contains(r#""left_out":1,"media":0,"notes":0"#), "{said}");
    let said = deckle(folder.path(), &["build", "--deny-warnings", "--message-format", "json", "sea.md"]);
    assert!(
        said.starts_with("status 1") && said.contains(r#""warnings":1"#) && !said.contains(r#""kind":"file""#),
        "{said}"
    );
}

#[test]
fn a_mistake_made_a_thousand_times_is_shown_a_hundred_times() {
    let tags = (0..150).map(|number| format!("  - two {number}\n")).collect::<Vec<_>>().concat();
    let folder = project(&[("sea.md", &NOTE.replace("---\n#", &format!("tags:\n{tags}---\n#")))]);
    let said = deckle(folder.path(), &["check", "sea.md"]);
    assert_eq!(said.matches("warning[bad-tag]").count(), 100);
    assert!(said.contains("\n… 50 more of `bad-tag`; `-v` shows all\n"), "{said}");
    let json = deckle(folder.path(), &["check", "--message-format", "json", "sea.md"]);
    assert_eq!(json.matches("bad-tag").count(), 150);
}

#[test]
fn what_is_said_of_many_notes_is_summed_up() {
    let note = |number: usize| format!("## Q{number} {{.x}}\n\nA\n\n");
    let notes = |count: usize| (0..count).map(note).collect::<Vec<_>>().concat();
    let files = |count| [("a.md", NOTE.to_owned() + &notes(count)), ("b.md", NOTE.to_owned() + &notes(2))];
    let project_of = |count| {
        let files = files(count);
        project(&files.each_ref().map(|(name, text)| (*name, text.as_str())))
    };
    let folder = project_of(4);
    let said = deckle(folder.path(), &["check", "a.md", "b.md"]);
    assert_eq!(said.matches("warning[unknown-class]").count(), 3);
    let more = "\n… 3 more of `unknown-class`, the class `.x` means nothing to deckle, in 2 files; `-v` shows all\n";
    assert!(said.contains(more), "{said}");
    assert!(said.contains("7 warnings, 6 notes left out"), "{said}");
    let said = deckle(folder.path(), &["check", "-v", "a.md", "b.md"]);
    assert_eq!((said.matches("warning[unknown-class]").count(), said.contains("more of")), (6, false));
    let json = deckle(folder.path(), &["check", "--message-format", "json", "a.md", "b.md"]);
    assert_eq!(json.matches("unknown-class").count(), 6);
    let few = deckle(project_of(3).path(), &["check", "a.md", "b.md"]);
    assert_eq!((few.matches("warning[unknown-class]").count(), few.contains("more of")), (5, false));
}

#[test]
fn a_misnamed_project_is_told() {
    let folder = project(&[("deckle.yml", "id: x\n"), ("content/a.md", NOTE)]);
    for args in [&["build"][..], &["check", "content/a.md"]] {
        let said = deckle(folder.path(), args);
        assert!(said.starts_with("status 2") && said.contains("deckle.yml is not read; name it deckle.yaml"), "{said}");
    }
    let folder = project(&[("deckle.yml", "id: x\n"), ("deckle.yaml", "id: y\n"), ("content/a.md", NOTE)]);
    let said = deckle(folder.path(), &["check"]);
    assert!(said.contains("warning[misnamed-settings]") && said.contains("--> deckle.yml:1:1"), "{said}");
}

#[test]
fn folders_of_the_settings_that_are_not_there_are_told() {
    let folder = project(&[("deckle.yaml", "id: x\n"), ("a.md", NOTE)]);
    insta::assert_snapshot!(deckle(folder.path(), &["build"]), @r"
    status 1
    --- stderr
    error[bad-value]: there is no folder `content`
     --> deckle.yaml:1:1
      |
    1 | id: x
      | ^
      |
      = help: put the notes into it, or name their folder by a line `content: FOLDER`

    error: 1 error; nothing was written
    `deckle explain bad-value` says more
    ");
}

#[test]
fn the_built_in_templates_are_as_good_as_ones_own() {
    let folder = project(&[("deckle.yaml", "id: x\ntemplates: looks\n"), ("content/a.md", NOTE)]);
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for kind in ["anki", "book", "print"] {
        let theirs = folder.path().join("looks").join(kind);
        fs::create_dir_all(&theirs).unwrap();
        for entry in fs::read_dir(ours.join(kind)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                fs::copy(entry.path(), theirs.join(entry.file_name())).unwrap();
            }
        }
    }
    fs::write(folder.path().join("looks/anki/.DS_Store"), [0, 255]).unwrap();
    fs::write(folder.path().join("looks/anki/_font.woff2"), [0, 255]).unwrap();
    insta::assert_snapshot!(deckle(folder.path(), &["check"]), @r"
    status 0
    --- stdout
    Checked 1 file with 1 note: nothing is wrong
    ");
}

#[test]
fn a_check_finds_what_a_build_would() {
    let long = format!("{NOTE}\n## How deep is it?\n\n{}\n", "Very deep. ".repeat(200));
    let broken = "{{#each pages}}{{colour}}{{/each}}";
    let own = ("looks/print/cards.html.hbs", broken);
    let settings = "id: mine\ntemplates: looks\n";
    for (files, expected) in [
        (
            vec![("deckle.yaml", "id: mine\n"), ("content/a.md", &long)],
            "status 0\n--- stdout\n{\"code\":\"print-overflow\"",
        ),
        (
            vec![("deckle.yaml", settings), ("content/a.md", NOTE), own],
            "status 1\n--- stdout\n{\"code\":\"bad-template\"",
        ),
    ] {
        let folder = project(&files);
        let of = |command| deckle(folder.path(), &[command, "--message-format", "json"]);
        let (checked, built) = (of("check"), of("build"));
        let diagnostics = |said: &str| {
            let lines = said.lines().filter(|line| line.starts_with("{\"code\":"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert!(checked.starts_with(expected), "{checked}");
        assert_eq!(diagnostics(&checked), diagnostics(&built));
    }
}

#[test]
fn pages_that_no_build_makes_any_more_are_removed() {
    let (sea, land) = (NOTE, NOTE.replace("Sea", "Land"));
    let folder = project(&[("deckle.yaml", "id: mine\n"), ("content/a.md", sea), ("content/b.md", &land)]);
    let build = |args: &[&str]| {
        let said = deckle(folder.path(), &[&["build"], args].concat());
        assert!(said.starts_with("status 0"), "{said}");
    };
    let pages = || {
        let entries = fs::read_dir(folder.path().join("dist/print")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    build(&[]);
    fs::write(folder.path().join("dist/print/land-cards-2.html"), "not ours").unwrap();
    fs::write(folder.path().join("content/b.md"), land.replace("Land", "Moon")).unwrap();
    // A build of some files says nothing of the others, and one of another format nothing of pages.
    build(&["content/a.md"]);
    build(&["-f", "apkg"]);
    let old = ["land-cards-2.html", "land-cards.html", "land-sheet.html", "sea-cards.html", "sea-sheet.html"];
    assert_eq!(pages(), old);
    build(&["-f", "print"]);
    assert_eq!(
        pages(),
        ["land-cards-2.html", "moon-cards.html", "moon-sheet.html", "sea-cards.html", "sea-sheet.html"]
    );
    assert!(folder.path().join("dist/land.apkg").exists(), "packages stay");
    assert!(folder.path().join("dist/book/print/land-cards.html").exists(), "the book was not made anew");
    build(&[]);
    assert!(!folder.path().join("dist/book/print/land-cards.html").exists());
    // A path that names the whole project leaves nothing out, and where nothing is made all is stale.
    fs::remove_file(folder.path().join("content/b.md")).unwrap();
    build(&["."]);
    assert_eq!(pages(), ["land-cards-2.html", "sea-cards.html", "sea-sheet.html"]);
    fs::remove_file(folder.path().join("content/a.md")).unwrap();
    build(&[]);
    assert_eq!(pages(), ["land-cards-2.html"]);
    assert!(!folder.path().join("dist/book").exists());
}

#[test]
fn packages_of_the_other_form_are_removed() {
    let (sea, land) = (NOTE, NOTE.replace("Sea", "Land"));
    let folder = project(&[("deckle.yaml", "id: mine\n"), ("content/a.md", sea), ("content/b.md", &land)]);
    let settings = |more: &str| fs::write(folder.path().join("deckle.yaml"), format!("id: mine\n{more}")).unwrap();
    let build = |args: &[&str]| {
        let said = deckle(folder.path(), &[&["build"], args].concat());
        assert!(said.starts_with("status 0"), "{said}");
        said
    };
    let packages = || {
        let entries = fs::read_dir(folder.path().join("dist")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.contains(".apkg")).collect();
        names.sort();
        names
    };
    build(&[]);
    let lock = fs::read_to_string(folder.path().join("deckle.lock")).unwrap();
    fs::copy(folder.path().join("dist/sea.apkg"), folder.path().join("dist/mine.apkg")).unwrap();
    settings("name: Sea & Land\npackages: one\n");
    // A build of some files says nothing of the others, and one of another format nothing of packages.
    build(&["-f", "print"]);
    build(&["content/a.md", "-f", "apkg"]);
    assert_eq!(packages(), ["land.apkg", "mine.apkg", "sea-land.apkg", "sea.apkg"]);
    let said = build(&["-f", "apkg"]);
    assert!(said.contains("removed dist/land.apkg\n") && said.contains("removed dist/sea.apkg\n"), "{said}");
    // What no list names was put there by somebody.
    assert!(
        said.contains("warning: dist/mine.apkg is of an earlier build") && !said.contains("warning: dist/sea"),
        "{said}"
    );
    assert_eq!(packages(), ["mine.apkg", "sea-land.apkg"]);
    fs::remove_file(folder.path().join("dist/mine.apkg")).unwrap();
    // Another title is another name.
    settings("name: Both\npackages: one\n");
    build(&[]);
    assert_eq!(packages(), ["both.apkg"]);
    assert!(folder.path().join("dist/site/both.apkg").exists());
    settings("name: Both\n");
    build(&[]);
    assert_eq!(packages(), ["land.apkg", "sea.apkg"]);
    assert!(!folder.path().join("dist/site/both.apkg").exists());
    let renamed = lock.replace("Basic (Sea)", "Basic (Both)");
    let notes = |text: &str| text.lines().filter(|line| line.contains(".md")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(notes(&fs::read_to_string(folder.path().join("deckle.lock")).unwrap()), notes(&renamed));
    // Without a name it is called after the project's folder.
    settings("packages: one\n");
    build(&[]);
    let [only] = &packages()[..] else { panic!("one package") };
    let own = folder.path().file_name().unwrap().to_str().unwrap().to_lowercase();
    assert!(own.contains(only.strip_suffix(".apkg").unwrap()), "{only} of {own}");
}

#[test]
fn a_folder_with_a_space_is_quoted_for_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    assert!(deckle(folder.path(), &["init", "my notes"]).contains("\nNow `cd 'my notes' && deckle build`, and"));
}

#[test]
fn the_schema_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let said = deckle(folder.path(), &["build", "-f", "json-schema"]);
    let json = said.strip_prefix("status 0\n--- stdout\n").unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(json).unwrap()["properties"]["notes"].is_object());
}

/// The system's limits are 1024 files on Linux and 256 on macOS.
#[cfg(unix)]
#[test]
fn many_files_need_few_handles() {
    let folder = project(&[("deckle.yaml", "deck: Sea\n")]);
    fs::create_dir_all(folder.path().join("content/img")).unwrap();
    for number in 0..200 {
        let image = if number < 40 { format!("\n\n![](img/{number}.png)") } else { String::new() };
        let note = format!("# Sea {number}\n\n## How salty is sea {number}?\n\n{number} g a litre.{image}\n");
        fs::write(folder.path().join(format!("content/{number}.md")), note).unwrap();
        if number < 40 {
            let bytes = [format!("{number}").as_bytes(), &vec![0; 20_000]].concat();
            fs::write(folder.path().join(format!("content/img/{number}.png")), bytes).unwrap();
        }
    }
    insta::assert_snapshot!(deckle_with(32, folder.path(), &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 200 notes, 200 cards, 40 media files from 200 files in T s
      200 headings not notes
      wrote dist/sea.apkg (N)
      wrote dist/print/sea-cards.html (N)
      wrote dist/print/sea-sheet.html (N)
      wrote dist/book (N)
      wrote dist/site (N)
      wrote deckle.lock (N)
    ");
    insta::assert_snapshot!(deckle_with(32, folder.path(), &["build", "--print", "images=files"]), @r"
    status 0
    --- stdout
    Built 1 deck, 200 notes, 200 cards, 40 media files from 200 files in T s
      200 headings not notes
      unchanged dist/sea.apkg (N)
      wrote dist/print/media (N)
      wrote dist/print/sea-cards.html (N)
      wrote dist/print/sea-sheet.html (N)
      wrote dist/book (N)
      wrote dist/site (N)
    ");
    let said = deckle_with(4, folder.path(), &["build", "-o", "other"]);
    assert!(
        said.starts_with("status 3\n--- stderr\nerror: cannot ") && said.contains(": too many open files\n"),
        "{said}"
    );
    assert!(said.contains("let a process open more: `ulimit -n 1024`\n"), "{said}");
    assert!(!folder.path().join("other/sea.apkg").exists());
}

#[test]
fn large_images_lie_beside_the_printed_pages() {
    let folder = project(&[("sea.md", &format!("{NOTE}\n![](sea.png)\n"))]);
    fs::File::create(folder.path().join("sea.png")).unwrap().set_len(30_000_001).unwrap();
    insta::assert_snapshot!(deckle(folder.path(), &["build", "sea.md", "-f", "print,book"]), @r"
    status 0
    --- stdout
    Built 1 deck, 1 note, 1 card, 1 media file from 1 file in T s
      1 heading not a note
      wrote dist/print/media (N)
      wrote dist/print/sea-cards.html (N)
      wrote dist/print/sea-sheet.html (N)
      wrote dist/book (N)
      wrote deckle.lock (N)
    --- stderr
    the images of the printed pages (30.0 MB) lie beside them in print/media; `print: {images: inline}` puts them in
    ");
    let said = deckle(folder.path(), &["build", "sea.md", "-f", "print", "--message-format", "json"]);
    assert!(said.contains("{\"kind\":\"images-beside\",\"bytes\":30000001}\n"), "{said}");
}

#[test]
fn a_reader_that_hangs_up_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// Nothing that a text or a name holds ends a line, colours it or turns it around.
#[cfg(unix)]
#[test]
fn names_forge_no_lines_and_no_colours() {
    const SLY: &str = "\nerror: forged\u{1b}[31m\u{202e}\u{9b}32m\r\u{85}\u{2028}\u{7}";
    let heading = SLY.replace(['\n', '\r'], "");
    let key = r"\nerror: forged\e[31m\u202e\r";
    let text = format!(
        "---\ndeck: \"Sea{key}\"\ntags: [\"a{key}\"]\ndeckle: {{\"x{key}\": 1}}\n---\n# Top{heading}\n\n## Front{heading}\n\nA{heading}\n\n\
         <script{heading}>\n\n![]({heading}.png)\n"
    );
    let name = format!("content/a{SLY}.md");
    let (apart, trusted) = (format!("content/b{SLY}.md"), format!("content/c{SLY}.md"));
    let fine = format!("---\ndeck: Sea\n---\n# Top{heading}\n\n## Front{heading}\n\nA.\n");
    for text in [text.as_str(), fine.as_str()] {
        let files = [("deckle.yaml", "id: sea\n"), (&name, text), (&apart, "## Apart\n\nA.\n")];
        let folder = project(&[&files[..], &[(&trusted, "---\ndeck: Sea\nhtml: trust\n---\n## C\n\nC.\n")]].concat());
        for args in [
            &["build", "-v", "-f", "apkg"][..],
            &["build", "-f", "apkg"],
            &["check", "-v"],
            &["check", "--message-format", "json"],
            &["build", "--message-format", "json"],
            &["ids", "list"],
            &["ids", "list", "--message-format", "json"],
            &["ids", "show", &format!("{name}:7")],
            &["check", &format!("none{SLY}")],
            &["init", &format!("new{SLY}")],
            &["explain", SLY],
            &["build", "--color", "always", &name],
        ] {
            let run = command(folder.path(), args).output().unwrap();
            let said = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
            let coloured = args.contains(&"always");
            let sly =
                |c: char| c.is_control() && c != '\n' && !(coloured && c == '\u{1b}') || "\u{202e}\u{2028}".contains(c);
            assert!(!said.contains(sly) && !said.contains("\u{1b}[31m"), "{args:?}: {said:?}");
            assert!(!said.lines().any(|line| line.starts_with("error: forged")), "{args:?}: {said}");
            assert!(!said.is_empty(), "{args:?}");
        }
    }
}

/// With a limit to the files that may be open at a time.
#[cfg(unix)]
fn deckle_with(handles: u32, folder: &Path, args: &[&str]) -> String {
    let limited = format!("ulimit -n {handles}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_deckle")]).args(args).current_dir(folder);
    said(command.env("SOURCE_DATE_EPOCH", "1750000000").env_remove("NO_COLOR").output().unwrap())
}

fn deckle(folder: &Path, args: &[&str]) -> String {
    said(command(folder, args).output().unwrap())
}

#[test]
fn the_five_minutes_of_the_readme_are_as_written() {
    let readme = include_str!("../README.md");
    let section = readme.split("### Five minutes\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let block = |kind: &str| {
        let lines = section.split(&format!("   ```{kind}\n")).nth(1).unwrap().split("   ```").next().unwrap().lines();
        lines.flat_map(|line| [line.strip_prefix("   ").unwrap_or(line), "\n"]).collect::<String>()
    };
    let folder = project(&[]);
    assert!(deckle(folder.path(), &["init", "notes"]).starts_with("status 0"));
    let root = folder.path().join("notes");
    let file = root.join("content/first-steps.md");
    let written = block("markdown");
    fs::write(&file, format!("{}\n{written}", fs::read_to_string(&file).unwrap())).unwrap();
    let said = deckle(&root, &["build"]);
    assert!(said.starts_with("status 0") && said.contains("dist/first-steps.apkg"), "{said}");
    let answer = written.lines().last().unwrap();
    let changed = section.split("Write `").nth(1).unwrap().split('`').next().unwrap();
    fs::write(&file, fs::read_to_string(&file).unwrap().replace(answer, changed)).unwrap();
    let said = deckle(&root, &["diff"]);
    let shown = block("text");
    assert_eq!(
        said.trim_end(),
        format!("status 1\n--- stdout\n{}", shown.trim_end().strip_prefix("$ deckle diff\n").unwrap())
    );
    assert!(deckle(&root, &["build"]).starts_with("status 0"));
    assert!(deckle(&root, &["diff"]).contains("nothing is different"));
}
