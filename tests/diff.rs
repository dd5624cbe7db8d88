//! Asks the program what readers get, in each form, between builds, packages and revisions in git. Whether Anki does what is
//! foretold is asked in `tests/anki`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod said;

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use program::{command, project};
use said::said;

const TEA: &str = "---\ndeck: Hot::Tea\ntags: [drink]\n---\n## What is tea?\n\nLeaves in hot water.\n\n\
    ## How long?\n\n4 min\n\n## Is tea {.cloze}\n\nTea is {{c1::hot}} and {{c2::wet}}.\n\n## Who?\n\nAnybody <b>\n";

fn tea() -> TempDir {
    project(&[("deckle.yaml", "id: hot\nname: Hot\ncontent: .\n"), ("tea.md", TEA)])
}

fn run(folder: &TempDir, args: &[&str]) -> String {
    said(command(folder.path(), args).output().unwrap())
}

/// Later than the time of the first build.
fn diff(folder: &TempDir, args: &[&str]) -> String {
    let mut command = command(folder.path(), &[&["diff"], args].concat());
    said(command.env("SOURCE_DATE_EPOCH", "1750000100").output().unwrap())
}

fn edit(folder: &TempDir, pairs: &[(&str, &str)]) {
    let path = folder.path().join("tea.md");
    let mut text = fs::read_to_string(&path).unwrap();
    for (old, new) in pairs {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    fs::write(path, text).unwrap();
}

/// What git answers.
fn git(folder: &TempDir, args: &[&str]) -> String {
    let who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(who).args(args).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

const EDITS: &[(&str, &str)] = &[
    ("Leaves in hot water.", "Leaves in boiling *water*."),
    ("## How long?\n\n4 min\n\n", ""),
    (" and {{c2::wet}}.", " {{c3::*and*}} wet."),
    ("## Who?", "## New [x](y) `@me` <i>?\n\nYes.\n\n## Who?"),
];

#[test]
fn what_changed_since_the_last_build_is_shown_word_by_word() {
    let folder = tea();
    insta::assert_snapshot!(diff(&folder, &[]), @r"
    status 2
    --- stderr
    error: there are no packages of a last build: name a package or a revision in git to compare with, such as `deckle diff HEAD`
    ");
    run(&folder, &["build", "-q"]);
    insta::assert_snapshot!(diff(&folder, &[]), @r"
    status 0
    --- stdout
    last build → now: nothing is different; 4 notes
    ");
    let lock = fs::read(folder.path().join("deckle.lock")).unwrap();
    edit(&folder, EDITS);
    insta::assert_snapshot!(diff(&folder, &[]), @r#"
    status 1
    --- stdout
    last build → now: 1 note added, 2 updated, 1 gone; 1 as before
    ~ tea.md:5  What is tea?
        Back: Leaves in [-hot-] {+boiling+} water.
    ~ tea.md:9  Is tea Tea is {{c1::hot}} {{c3::and}} wet.
        Text: Is tea Tea is {{c1::hot}} [-and {{c2::wet}}.-] {+{{c3::and}} wet.+}
        cards: gains 3, loses 2
    + tea.md:13  New x @me ?
    - Hot::Tea  How long?
    1 note is gone, and readers keep what they have of it
    cards that a note lost stay with readers, empty, until they use Anki's "Empty Cards"
    "#);
    insta::assert_snapshot!(diff(&folder, &["--format", "markdown"]), @r#"
    status 1
    --- stdout
    ### Notes: last build → now

    1 note added, 2 updated, 1 gone; 1 as before

    - **updated** What is tea? (tea.md:5)
      - Back: Leaves in <del>hot</del> <ins>boiling</ins> water.
    - **updated** Is tea Tea is \{\{c1::hot\}\} \{\{c3::and\}\} wet. (tea.md:9)
      - Text: Is tea Tea is \{\{c1::hot\}\} <del>and \{\{c2::wet\}\}.</del> <ins>\{\{c3::and\}\} wet.</ins>
      - cards: gains 3, loses 2
    - **added** New x &#64;me ? (tea.md:13)
    - **gone** How long? (Hot::Tea)

    > 1 note is gone, and readers keep what they have of it

    > cards that a note lost stay with readers, empty, until they use Anki's "Empty Cards"
    "#);
    let page = diff(&folder, &["--format", "html"]);
    assert!(page.contains("<dd>Leaves in <del>hot</del> <ins>boiling</ins> water.</dd>"), "{page}");
    assert!(page.contains("<h2>New x @me ?</h2>"), "{page}");
    assert_eq!(lock, fs::read(folder.path().join("deckle.lock")).unwrap(), "nothing is written");
}

/// Packages are in no repository; the lock is.
#[test]
fn where_only_the_lock_is_left_it_says_what_it_can() {
    let folder = tea();
    let more = "---\ndeck: Cold\n---\n## Ice? {.reversed}\n\nWater.\n\n## A {.list}\n\n1. x\n2. y\n\n## B\n\n\
        {{c1,3::a {{c2::b}}}}\n\n## C {.cloze}\n\n==one== and ==two==\n\n## Gone {.cloze}\n\n==it==\n\n\
        ## D {.rows}\n\n| a | b |\n|---|---|\n| r | s |\n";
    fs::write(folder.path().join("cold.md"), more).unwrap();
    run(&folder, &["build", "-q"]);
    fs::rename(folder.path().join("dist"), folder.path().join("kept")).unwrap();
    insta::assert_snapshot!(diff(&folder, &[]), @r"
    status 0
    --- stdout
    deckle.lock → now: nothing is different; 10 notes
    there are no packages of the last build: deckle.lock says which notes, deletions, note types and top-level decks it had, and not their texts, tags and media
    ");
    edit(&folder, EDITS);
    edit(&folder, &[("deck: Hot::Tea\ntags: [drink]", "deck: Warm::Tea\ntags: [x]")]);
    let more = more.replace("## Gone {.cloze}\n\n==it==\n\n", "").replace("==one== and", "==one==, ==more== and");
    fs::write(folder.path().join("cold.md"), more.replace("deck: Cold", "deck: Cold::Deep")).unwrap();
    fs::create_dir_all(folder.path().join("templates/anki")).unwrap();
    fs::write(folder.path().join("templates/anki/extra.css"), "p { color: red }").unwrap();
    fs::write(folder.path().join("deckle.yaml"), "id: hot\nname: Hot\ncontent: .\ntemplates: templates\n").unwrap();
    insta::assert_snapshot!(diff(&folder, &[]), @r#"
    status 1
    --- stdout
    deckle.lock → now: 1 note added, 4 updated, 2 gone; 4 as before
      deck Hot → Warm: 3 notes; cards that readers have stay in Hot
      note type Basic (Hot) updated
      note type Cloze (Hot) updated
    ~ cold.md:17  C {{c1::one}}, {{c3::more}} and {{c2::two}}
        cards: gains 3
    ~ tea.md:5  What is tea?
    ~ tea.md:9  Is tea Tea is {{c1::hot}} {{c3::and}} wet.
        cards: gains 3, loses 2
    + tea.md:13  New x @me ?
    ~ tea.md:17  Who?
    - Hot  How long?
    - Cold  Gone
    there are no packages of the last build: deckle.lock says which notes, deletions, note types and top-level decks it had, and not their texts, tags and media
    2 notes are gone, and readers keep what they have of them
    cards that a note lost stay with readers, empty, until they use Anki's "Empty Cards"
    "#);
    let json = diff(&folder, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(json.split_once("stdout\n").unwrap().1).unwrap();
    assert_eq!(json["old"], "deckle.lock");
    let unknown = "fields tags subdecks descriptions media cards_of_basic_notes parts_of_note_types";
    assert_eq!(json["unknown"], serde_json::json!(unknown.split(' ').collect::<Vec<_>>()));
    let notes = json["notes"].as_array().unwrap();
    assert!(notes.iter().all(|note| note.get("fields").is_none() && note.get("tags").is_none()), "{json}");
    // As far as it says anything, the packages say the same. What is gone has nothing but a number to be compared by.
    let packages = diff(&folder, &["kept", "--format", "json"]);
    let packages: serde_json::Value = serde_json::from_str(packages.split_once("stdout\n").unwrap().1).unwrap();
    assert_eq!(packages["counts"], json["counts"]);
    let known = |difference: &serde_json::Value| {
        let keys = ["guid", "kind", "path", "line", "note_type", "cards_gained", "cards_lost"];
        let notes = difference["notes"].as_array().unwrap().iter();
        let mut notes: Vec<_> = notes.map(|note| keys.map(|key| note[key].to_string())).collect();
        notes.sort();
        notes
    };
    assert_eq!(known(&packages), known(&json));
}

#[test]
fn many_that_differ_alike_are_one_line() {
    let folder = tea();
    run(&folder, &["build", "-q"]);
    edit(&folder, &[("deck: Hot::Tea", "deck: Hot::Infusions"), ("tags: [drink]", "tags: [hot]")]);
    insta::assert_snapshot!(diff(&folder, &[]), @r"
    status 1
    --- stdout
    last build → now: 4 notes updated; 0 as before
      deck Hot::Tea → Hot::Infusions: 4 notes; cards that readers have stay in Hot::Tea
    ~ 4 notes: tags -drink +hot
    ");
    let all = diff(&folder, &["-v"]);
    assert_eq!(all.matches("tags: -drink +hot").count(), 4, "{all}");
}

#[test]
fn packages_and_folders_of_them_are_compared() {
    let folder = tea();
    run(&folder, &["build", "-q", "-o", "one"]);
    edit(&folder, &[("4 min", "5 min")]);
    let later =
        |args: &[&str]| said(command(folder.path(), args).env("SOURCE_DATE_EPOCH", "1750000100").output().unwrap());
    later(&["build", "-q", "-o", "two"]);
    let said = diff(&folder, &["one/hot.apkg", "two/hot.apkg"]);
    insta::assert_snapshot!(said, @r"
    status 1
    --- stdout
    one/hot.apkg → two/hot.apkg: 1 note updated; 3 as before
    ~ Hot::Tea  How long?
        Back: [-4-] {+5+} min
    ");
    assert_eq!(diff(&folder, &["one", "two"]).replace("one → two", "one/hot.apkg → two/hot.apkg"), said);
    // The other way round readers have what is newer.
    insta::assert_snapshot!(diff(&folder, &["two", "one"]), @r#"
    status 1
    --- stdout
    two → one: 1 note held back; 3 as before
    ! Hot::Tea  How long? (held back)
        Back: [-5-] {+4+} min
    1 note is with another text and no later date: readers keep theirs, unless they import with "Update notes: Always"
    "#);
    fs::create_dir(folder.path().join("none")).unwrap();
    for (args, words) in [
        (["none", "two"], "there are no packages in none"),
        (["no.apkg", "two"], "cannot read no.apkg"),
        (["tea.md", "two"], "cannot take the revision tea.md"),
    ] {
        assert!(diff(&folder, &args).contains(words), "{args:?}");
    }
}

#[test]
fn a_revision_is_what_git_holds() {
    let folder = tea();
    let git = |args: &[&str]| git(&folder, args);
    git(&["init", "-q"]);
    assert!(diff(&folder, &["HEAD"]).contains("cannot take the revision HEAD: git knows none of this name"));
    run(&folder, &["build", "-q"]);
    git(&["add", "deckle.yaml", "deckle.lock", "tea.md"]);
    git(&["commit", "-qm", "one"]);
    insta::assert_snapshot!(diff(&folder, &["HEAD"]), @r"
    status 0
    --- stdout
    HEAD → now: nothing is different; 4 notes
    ");
    edit(&folder, EDITS);
    insta::assert_snapshot!(diff(&folder, &["HEAD"]), @r#"
    status 1
    --- stdout
    HEAD → now: 1 note added, 2 updated, 1 gone; 1 as before
    ~ tea.md:5  What is tea?
        Back: Leaves in [-hot-] {+boiling+} water.
    ~ tea.md:9  Is tea Tea is {{c1::hot}} {{c3::and}} wet.
        Text: Is tea Tea is {{c1::hot}} [-and {{c2::wet}}.-] {+{{c3::and}} wet.+}
        cards: gains 3, loses 2
    + tea.md:13  New x @me ?
    - tea.md:9  How long?
    1 note is gone, and readers keep what they have of it
    cards that a note lost stay with readers, empty, until they use Anki's "Empty Cards"
    "#);
    run(&folder, &["build", "-q"]);
    git(&["commit", "-qam", "two"]);
    let between = diff(&folder, &["HEAD~1", "HEAD"]);
    assert!(
        between.starts_with("status 1\n--- stdout\nHEAD~1 → HEAD: 1 note added, 2 updated, 1 gone; 1 as before\n"),
        "{between}"
    );
    fs::write(folder.path().join("tea.md"), "---\ndeck: [\n---\n## x\n\ny\n").unwrap();
    assert!(diff(&folder, &["HEAD~1", "HEAD"]).contains("1 note added"), "what is there now does not count");
}

#[test]
fn a_repository_leads_nowhere_else() {
    let folder = tea();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "---\ndeck: S\n---\n## Secret?\n\nYes.\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), folder.path().join("linked")).unwrap();
    let git = |args: &[&str]| git(&folder, args);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "--one"]);
    let said = diff(&folder, &["HEAD", "HEAD"]);
    assert!(said.contains("nothing is different; 4 notes") && !said.contains("Secret"), "{said}");
    // What looks like an option is a name.
    assert!(diff(&folder, &["--", "--output=x", "HEAD"]).contains("cannot take the revision --output=x"));
    assert!(!folder.path().join("x").exists());
}

/// A partial clone's objects are fetched when they are asked for, by programs that its settings name.
#[test]
fn a_repository_starts_no_program() {
    let folder = tea();
    let git = |args: &[&str]| git(&folder, args);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let object = git(&["rev-parse", "HEAD:tea.md"]);
    let (start, end) = object.split_at(2);
    fs::remove_file(folder.path().join(".git/objects").join(start).join(end)).unwrap();
    for (key, value) in [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("core.sshCommand", "touch started; false"),
        ("remote.origin.uploadpack", "touch started; false"),
    ] {
        git(&["config", key, value]);
    }
    for address in ["ext::sh -c touch% started", "ssh://host/x", ".", "file://."] {
        git(&["config", "remote.origin.url", address]);
        let said = diff(&folder, &["HEAD"]);
        assert!(said.contains("cannot take the revision HEAD: an object of it is missing"), "{said}");
        assert!(!folder.path().join("started").exists(), "{address}");
    }
}
