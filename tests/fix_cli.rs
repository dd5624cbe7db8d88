//! Runs `deckle check --fix` as people do: what it says, what it writes, and what it leaves alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod said;

use std::fs;
use std::path::Path;

use program::{command, project};
use said::said;

fn deckle(folder: &Path, args: &[&str]) -> String {
    said(command(folder, args).output().unwrap())
}

const PROJECT: &str = "id: mine\ndeck: Sea\n";
const TWO: &str = "---\ntags: [salt water]\n---\n## How salty is it? {.revesed}\n\n35 g a litre.\n\n## And how deep? {.dep}\n\nVery.\n";

#[test]
fn what_is_mended_and_what_is_left_is_said() {
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", TWO)]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix"]), @r"
    status 0
    --- stdout
      mended content/sea.md (1 bad-tag, 1 misspelt-attribute)
    Mended 2 mistakes in 1 file
    Checked 1 file with 1 note: 1 warning, 1 note left out
    --- stderr
    warning[unknown-class]: the class `.dep` means nothing to deckle
     --> content/sea.md:8:19
      |
    8 | ## And how deep? {.dep}
      |                   ^^^^
      |
      = help: the classes are `.reversed`, `.typed`, `.cloze`, `.list`, `.rows`, `.terms`, `.note`, `.prose` and `.basic`
      = note: this note is left out
    ");
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("content/sea.md")).unwrap(), @r"
    ---
    tags: [salt-water]
    ---
    ## How salty is it? {.reversed}

    35 g a litre.

    ## And how deep? {.dep}

    Very.
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "-q"]), @r"
    status 0
    ");
    let said = deckle(folder.path(), &["check", "--fix", "--deny-warnings"]);
    assert!(said.starts_with("status 1"), "{said}");
    assert!(!folder.path().join("deckle.lock").exists(), "a check writes no lock");
}

#[test]
fn a_dry_run_shows_a_diff_and_writes_nothing() {
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", TWO)]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "--dry-run"]), @r"
    status 1
    --- stdout
    --- content/sea.md
    +++ content/sea.md
    @@ -1,7 +1,7 @@
     ---
    -tags: [salt water]
    +tags: [salt-water]
     ---
    -## How salty is it? {.revesed}
    +## How salty is it? {.reversed}
     
     35 g a litre.
     
    --- stderr
    would mend 2 mistakes in 1 file
    ");
    assert_eq!(fs::read_to_string(folder.path().join("content/sea.md")).unwrap(), TWO);
    deckle(folder.path(), &["check", "--fix"]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "--dry-run"]), @r"
    status 0
    --- stderr
    would mend nothing
    ");
    assert!(deckle(folder.path(), &["check", "--dry-run"]).starts_with("status 2"));
}

#[test]
fn scripts_are_told_as_json() {
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", TWO)]);
    let json = ["check", "--fix", "--message-format", "json"];
    insta::assert_snapshot!(deckle(folder.path(), &[&json[..], &["--dry-run"]].concat()), @r#"
    status 1
    --- stdout
    {"kind":"mended","path":"content/sea.md","written":false,"codes":{"bad-tag":1,"misspelt-attribute":1},"edits":[{"replacement":"-","line":2,"column":12,"end_line":2,"end_column":13,"start":15,"end":16},{"replacement":"r","line":4,"column":27,"end_line":4,"end_column":27,"start":53,"end":53}]}
    {"code":"bad-tag","severity":"warning","cost":"nothing","message":"tag `salt water` has white space in it","path":"content/sea.md","line":2,"column":8,"end_line":2,"end_column":18,"start":11,"end":21,"label":"","labels":[],"help":"Anki splits tags at white space; write `salt-water`, or two tags","edit":{"replacement":"salt-water","path":"content/sea.md","line":2,"column":8,"end_line":2,"end_column":18,"start":11,"end":21,"safety":"safe"}}
    {"code":"misspelt-attribute","severity":"warning","cost":"note","message":"`.revesed` is no attribute","path":"content/sea.md","line":4,"column":22,"end_line":4,"end_column":30,"start":48,"end":56,"label":"did you mean `.reversed`?","labels":[],"help":"write `.reversed`","edit":{"replacement":".reversed","path":"content/sea.md","line":4,"column":22,"end_line":4,"end_column":30,"start":48,"end":56,"safety":"safe"}}
    {"code":"unknown-class","severity":"warning","cost":"note","message":"the class `.dep` means nothing to deckle","path":"content/sea.md","line":8,"column":19,"end_line":8,"end_column":23,"start":92,"end":96,"label":"","labels":[],"help":"the classes are `.reversed`, `.typed`, `.cloze`, `.list`, `.rows`, `.terms`, `.note`, `.prose` and `.basic`","edit":null}
    "#);
    insta::assert_snapshot!(deckle(folder.path(), &json), @r#"
    status 0
    --- stdout
    {"kind":"mended","path":"content/sea.md","written":true,"codes":{"bad-tag":1,"misspelt-attribute":1},"edits":[{"replacement":"-","line":2,"column":12,"end_line":2,"end_column":13,"start":15,"end":16},{"replacement":"r","line":4,"column":27,"end_line":4,"end_column":27,"start":53,"end":53}]}
    {"code":"unknown-class","severity":"warning","cost":"note","message":"the class `.dep` means nothing to deckle","path":"content/sea.md","line":8,"column":19,"end_line":8,"end_column":23,"start":93,"end":97,"label":"","labels":[],"help":"the classes are `.reversed`, `.typed`, `.cloze`, `.list`, `.rows`, `.terms`, `.note`, `.prose` and `.basic`","edit":null}
    "#);
}

#[test]
fn codes_and_paths_say_what_is_mended() {
    let other = TWO.replace("How salty", "How wet").replace("how deep", "how far");
    let files =
        [("deckle.yaml", "id: mine\ndeck: Sea\nmath: no\n"), ("content/sea.md", TWO), ("content/in/b.md", &other)];
    let folder = project(&files);
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    deckle(&folder.path().join("content/in"), &["check", "--fix", "."]);
    assert!(read("content/in/b.md").contains("salt-water") && read("content/in/b.md").contains(".reversed"));
    assert_eq!((read("content/sea.md").as_str(), read("deckle.yaml").contains("no")), (TWO, true));
    deckle(folder.path(), &["check", "--fix", "bad-tag", "content/sea.md"]);
    assert_eq!(read("content/sea.md"), TWO.replace("salt water", "salt-water"));
    // From below, all of the project around.
    deckle(&folder.path().join("content/in"), &["check", "--fix", "misspelt-attribute", "bad-value"]);
    assert!(read("content/sea.md").contains(".reversed") && read("deckle.yaml").contains("math: false"));
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "bad-tga"]), @r"
    status 2
    --- stderr
    error: there is no file, folder or diagnostic `bad-tga`; did you mean `bad-tag`?
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "nothing.md"]), @r"
    status 2
    --- stderr
    error: there is no file, folder or diagnostic `nothing.md`; `deckle explain` lists the diagnostics
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["check", "bad-tag"]), @r"
    status 2
    --- stderr
    error: there is no file or folder bad-tag
    ");
}

#[test]
fn a_file_without_a_project_is_mended() {
    let folder = project(&[("sea.md", TWO)]);
    let said = deckle(folder.path(), &["check", "--fix", "sea.md"]);
    assert!(said.contains("  mended sea.md (1 bad-tag, 1 misspelt-attribute)\n"), "{said}");
    assert!(fs::read_to_string(folder.path().join("sea.md")).unwrap().contains("salt-water"));
}

#[cfg(unix)]
#[test]
fn links_lead_to_the_file_that_is_mended_only_inside_the_project() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder =
        project(&[("p/deckle.yaml", PROJECT), ("p/notes/sea.md", TWO), ("p/content/a.md", ""), ("out.md", TWO)]);
    let place = |path: &str| folder.path().join(path);
    fs::set_permissions(place("p/notes/sea.md"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../notes/sea.md", place("p/content/sea.md")).unwrap();
    symlink("../notes/sea.md", place("p/content/again.md")).unwrap();
    symlink("../../out.md", place("p/content/out.md")).unwrap();
    let said = deckle(&place("p"), &["check", "--fix"]);
    assert!(said.contains("Mended 2 mistakes in 1 file"), "{said}");
    assert!(fs::read_to_string(place("p/notes/sea.md")).unwrap().contains("salt-water"));
    assert_eq!(fs::metadata(place("p/notes/sea.md")).unwrap().permissions().mode() & 0o777, 0o640);
    for link in ["sea", "again"] {
        assert!(fs::symlink_metadata(place(&format!("p/content/{link}.md"))).unwrap().is_symlink());
    }
    assert_eq!(fs::read_to_string(place("out.md")).unwrap(), TWO);
    // To rename another file over it would not be forbidden.
    fs::write(place("p/content/a.md"), TWO).unwrap();
    fs::set_permissions(place("p/content/a.md"), fs::Permissions::from_mode(0o444)).unwrap();
    let said = deckle(&place("p"), &["check", "--fix"]);
    assert!(said.starts_with("status 3") && said.contains("it is read-only"), "{said}");
    assert_eq!(fs::read_to_string(place("p/content/a.md")).unwrap(), TWO);
}

/// Marks, line ends and the end of the last line stay as they are.
#[test]
fn bytes_that_are_right_stay() {
    for (line, mark) in [("\r\n", "\u{feff}"), ("\r", ""), ("\n", "\u{feff}"), ("\r\n", "")] {
        let text = |tag: &str, class: &str, back: &str| {
            let lines =
                ["---", &format!("tags: [{tag}]"), "---", &format!("## A {{{class}}}"), "", &format!("B{back}C")];
            format!("{mark}{}", lines.join("\n")).replace('\n', line)
        };
        let folder =
            project(&[("deckle.yaml", PROJECT), ("content/a.md", &text("a b", ".revesed", " <!-- back --> "))]);
        deckle(folder.path(), &["check", "--fix"]);
        let mended = fs::read_to_string(folder.path().join("content/a.md")).unwrap();
        assert_eq!(mended, text("a-b", ".reversed", "\n\n<!-- back -->\n\n"), "{line:?} {mark:?}");
    }
}

/// An edit that would take a built note its GUID is left undone, and said.
#[test]
fn who_a_note_is_goes_before_what_is_mended() {
    let note = "---\nmath: no\n---\n## Is $x$ odd?\n\nYes, it is.\n\n## Other {.revesed}\n\nText\n";
    let folder = project(&[("deckle.yaml", PROJECT), ("content/a.md", note)]);
    insta::assert_snapshot!(deckle(folder.path(), &["check", "--fix", "-q"]), @r"
    status 0
    --- stderr
    warning: content/a.md:2: the edit of bad-value is left undone: a note that is built would be lost, or become another one
    ");
    let mended = fs::read_to_string(folder.path().join("content/a.md")).unwrap();
    assert_eq!(mended, note.replace("revesed", "reversed"));
    for options in
        [&["check", "--fix", "--message-format=json"][..], &["check", "--fix", "--dry-run", "--message-format=json"]]
    {
        let said = deckle(folder.path(), options);
        let undone = r#"{"kind":"left-undone","path":"content/a.md","line":2,"mends":"bad-value"}"#;
        assert_eq!(said.matches(undone).count(), 1, "{said}");
    }
}
