//! Runs `deckle fmt` as people do: what it shows, what it writes, and what it leaves alone.
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

const PROJECT: &str = "id: mine\ndeck: Sea\nsyntax: qa\n";
const CARDS: &str = "# Sea\n\nQ: How salty is it?\nA: 35 g a litre.\n\nC: It is [deep].\n---\nProse.\n";

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", CARDS)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings"]), @r"
    status 0
    --- stdout
    --- content/sea.md
    +++ content/sea.md
    @@ -1,8 +1,17 @@
    +---
    +syntax: headings
    +---
    +
     # Sea
     
    -Q: How salty is it?
    -A: 35 g a litre.
    -
    -C: It is [deep].
    ----
    +## How salty is it?
    +
    +35 g a litre.
    +
    +## {.cloze}
    +
    +It is ==deep==.
    +
    +<!-- deckle: end -->
    +
     Prose.
    --- stderr
    would write 2 notes in 1 file as headings; `--write` does
    ");
    assert_eq!(fs::read_to_string(folder.path().join("content/sea.md")).unwrap(), CARDS);
}

#[test]
fn files_are_written_with_their_line_ends_and_mark() {
    let crlf = format!("\u{feff}{}", CARDS.replace('\n', "\r\n"));
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", &crlf)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--write"]), @r"
    status 0
    --- stdout
    Wrote 2 notes in 1 file as headings
    ");
    let written = fs::read_to_string(folder.path().join("content/sea.md")).unwrap();
    assert!(written.starts_with('\u{feff}') && written.matches('\n').count() == written.matches("\r\n").count());
    insta::assert_snapshot!(written.replace("\r\n", "\n").trim_start_matches('\u{feff}'), @r"
    ---
    syntax: headings
    ---

    # Sea

    ## How salty is it?

    35 g a litre.

    ## {.cloze}

    It is ==deep==.

    <!-- deckle: end -->

    Prose.
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--write"]), @r"
    status 0
    --- stdout
    Wrote nothing
    ");
}

#[test]
fn a_copy_holds_all_that_is_built() {
    let settings = "id: mine\ndeck: Sea\n";
    let cards = "---\nsyntax: qa\n---\nQ: Which wave?\nA: ![wave](wave.png)\n";
    let other = "## Own way\n\nStays.\n";
    let files = [
        ("deckle.yaml", settings),
        ("content/sea/_deck.yaml", "tags: [wet]\n"),
        ("content/sea/cards.md", cards),
        ("content/sea/wave.png", "no picture"),
        ("content/own.md", other),
    ];
    let folder = project(&files);
    let copy = tempfile::tempdir().unwrap();
    let to = copy.path().join("copy");
    let out = command(folder.path(), &["fmt", "--to", "headings", "-o", to.to_str().unwrap()]).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    for (path, text) in files {
        let is_cards = path.ends_with("cards.md");
        assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), text);
        assert_eq!(fs::read_to_string(to.join(path)).unwrap() == text, !is_cards, "{path}");
    }
    insta::assert_snapshot!(fs::read_to_string(to.join("content/sea/cards.md")).unwrap(), @r"
    ---
    syntax: headings
    ---

    ## Which wave?

    ![wave](wave.png)
    ");
    insta::assert_snapshot!(deckle(&to, &["check"]), @r"
    status 0
    --- stdout
    Checked 2 files with 2 notes: nothing is wrong
    ");
    let again = said(command(folder.path(), &["fmt", "--to", "headings", "-o", "."]).output().unwrap());
    insta::assert_snapshot!(again, @r"
    status 2
    --- stderr
    error: the folder . is not empty
    ");
    let within = said(command(folder.path(), &["fmt", "--to", "headings", "-o", "content/sea/new"]).output().unwrap());
    insta::assert_snapshot!(within, @r"
    status 2
    --- stderr
    error: the folder content/sea/new lies in a folder of notes, which would be read twice
    ");
}

#[test]
fn what_cannot_be_a_heading_is_said_with_its_line() {
    let deep = "###### Deepest\n\nQ: Deeper still?\nA: Yes.\n\n# Top\n\nQ: # Marked\n\nhere\nA: There.\n\nQ: And then[^1]\nA: Gone.[^1]\n\n[^1]: Far.\n";
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", deep)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--write"]), @r"
    status 0
    --- stdout
    Wrote 1 note in 1 file as headings
    --- stderr
    warning: content/sea.md:3: left as it is: the heading above it is one of the sixth level
    warning: content/sea.md:8: left as it is: it holds a heading as high as its own would have to be
    the syntax of what stays as it is stands in the front matter of 1 file
    ");
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("content/sea.md")).unwrap(), @r"
    ---
    syntax: qa, headings
    ---

    ###### Deepest

    Q: Deeper still?
    A: Yes.

    # Top

    Q: # Marked

    here
    A: There.

    ## And then\[^1]

    Gone.[^1]

    [^1]: Far.
    ");
}

#[test]
fn what_is_not_tidy_is_named_shown_and_written() {
    let untidy = "# Sea\n## Waves? {.reversed #waves}\n* _high_  \n* low\n\n\n## Salt?\n35 g";
    let folder = project(&[("deckle.yaml", "id: mine\ndeck: Sea\n"), ("content/sea.md", untidy)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--check"]), @r"
    status 1
    --- stdout
    content/sea.md
    --- stderr
    would tidy 1 file; `--write` does
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["fmt"]), @r"
    status 0
    --- stdout
    --- content/sea.md
    +++ content/sea.md
    @@ -1,8 +1,10 @@
     # Sea
    -## Waves? {.reversed #waves}
    -* _high_  
    -* low
    +
    +## Waves? {#waves .reversed}
    +
    +- *high*  
    +- low
     
    -
     ## Salt?
    -35 g
    \ No newline at end of file
    +
    +35 g
    --- stderr
    would tidy 1 file; `--write` does
    ");
    assert_eq!(fs::read_to_string(folder.path().join("content/sea.md")).unwrap(), untidy);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--write"]), @r"
    status 0
    --- stdout
    Tidied 1 file
    ");
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--check"]), @r"
    status 0
    --- stderr
    would tidy nothing
    ");
}

/// A note that shows the text of its own file, or of another one, would say something else.
#[test]
fn what_cannot_be_tidied_is_said_with_the_reason() {
    let own = "## Code?\n\n```text\n{{#rustdoc_include own.md}}\n```\n\n* a\n";
    let folder = project(&[("own.md", own)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--check", "own.md"]), @r#"
    status 0
    --- stderr
    warning: own.md: left as it is: the note in line 1 would say something else
    would tidy nothing
    "#);
    let shows = "## Code?\n\n```text\n{{#rustdoc_include shown.md}}\n```\n";
    let folder = project(&[
        ("deckle.yaml", "id: mine\ndeck: Sea\n"),
        ("content/shows.md", shows),
        ("content/shown.md", "## Waves?\n\n* high\n"),
    ]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--write"]), @r#"
    status 0
    --- stdout
    Tidied nothing
    --- stderr
    warning: content/shown.md: left as it is: notes of content/shows.md would become others
    warning: content/shows.md: left as it is: the note in line 1 would say something else
    "#);
}

#[test]
fn without_a_project_a_copy_is_of_the_files_that_are_named() {
    let folder =
        project(&[("a.md", "Q: What ![w](w.png)?\nA: b\n"), ("w.png", "no picture"), ("c.md", "Q: no\nA: no\n")]);
    let args = ["fmt", "--to", "headings", "--syntax", "qa", "a.md", "-o", "out"];
    insta::assert_snapshot!(deckle(folder.path(), &args), @r#"
    status 0
    --- stdout
    Wrote 1 note in 1 file as headings, in out
    "#);
    let mut names: Vec<String> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a.md", "w.png"]);
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("out/a.md")).unwrap(), @r#"
    ## What ![w](w.png)?
    
    b
    "#);
    assert!(fs::read_to_string(folder.path().join("a.md")).unwrap().starts_with("Q:"));
    insta::assert_snapshot!(deckle(&folder.path().join("out"), &["check", "a.md"]), @r#"
    status 0
    --- stdout
    Checked 1 file with 1 note: nothing is wrong
    "#);
}

#[test]
fn programs_read_what_was_written_as_json() {
    let deep = "###### Deepest\n\nQ: Deeper still?\nA: Yes.\n\n# Top\n\nQ: And then?\nA: Gone.\n";
    let folder = project(&[("deckle.yaml", PROJECT), ("content/sea.md", deep)]);
    let args = ["fmt", "--to", "headings", "--write", "--message-format", "json"];
    insta::assert_snapshot!(deckle(folder.path(), &args), @r###"
    status 0
    --- stdout
    {"kind":"reformatted","path":"content/sea.md","written":true,"notes":1,"edits":[{"replacement":"---\nsyntax: qa, headings\n---\n\n","line":1,"column":1,"end_line":1,"end_column":1,"start":0,"end":0},{"replacement":"## And then?\n\n","line":8,"column":1,"end_line":9,"end_column":4,"start":49,"end":65}],"left":[{"line":3,"why":"the heading above it is one of the sixth level"}]}
    {"kind":"reformat","unread":[],"media_outside":0,"moved":0,"needs_syntax":false}
    "###);
    let own = "## Code?\n\n```text\n{{#rustdoc_include own.md}}\n```\n\n* a\n";
    let folder = project(&[("own.md", own)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--message-format", "json", "own.md"]), @r#"
    status 0
    --- stdout
    {"kind":"reformatted","path":"own.md","written":false,"notes":0,"edits":[],"left":[],"refused":"the note in line 1 would say something else"}
    {"kind":"reformat","unread":[],"media_outside":0,"moved":0,"needs_syntax":false}
    "#);
}

/// Settings that are no YAML become comments, or go into the text where their way stays in effect.
#[test]
fn what_stands_where_front_matter_does_stays() {
    for (syntax, text, expected) in [
        ("qa", "+++\ndeck = \"x\"\n+++\nQ: a\nA: b\n", "---\nsyntax: headings\n# deck = \"x\"\n---\n\n## a\n\nb\n"),
        (
            "qa",
            "{\n\"tags\": [\"x\"]\n}\nQ: a\nA: b\n",
            "---\nsyntax: headings\n# {\n# \"tags\": [\"x\"]\n# }\n---\n\n## a\n\nb\n",
        ),
        (
            "qa",
            "---\ntags [a]\nother: x: y\n---\nQ: a\nA: b\n",
            "---\nsyntax: headings\n---\n\n---\ntags [a]\nother: x: y\n---\n\n### a\n\nb\n",
        ),
        (
            "logseq",
            "---\ntags:: x\ndeck:: Q\n---\n\n- a #card\n\t- b\n",
            "---\ntitle: sea\nsyntax: headings\n# tags:: x\n# deck:: Q\n---\n\n## a {tags=x deck=Q}\n\n- b\n",
        ),
        (
            "logseq",
            "---\ntags:: x\n---\n\n- a #card\n\t- b\n- c #card\n  # d\n\t- e\n",
            "---\nsyntax: logseq, headings\n---\n\ntags:: x\n---\n\n## a\n\n- b\n\n<!-- deckle: end -->\n\n- c #card\n  # d\n\t- e\n",
        ),
        (
            "logseq",
            "title:: The page\n\n- [[card]] a\n\t- [[card]] b\n\t\t- c\n",
            "---\ntitle: The page\nsyntax: headings\n---\n\n<!-- title:: The page -->\n\n## a\n\n- b\n  - c\n\n## b\n\n- c\n",
        ),
    ] {
        let settings = format!("id: mine\ndeck: Sea\nsyntax: {syntax}\n");
        let folder = project(&[("deckle.yaml", settings.as_str()), ("content/sea.md", text)]);
        let done = deckle(folder.path(), &["fmt", "--to", "headings", "--write"]);
        let written = fs::read_to_string(folder.path().join("content/sea.md")).unwrap();
        assert_eq!(written, expected, "{done}");
    }
}

#[test]
fn questions_of_one_letter_are_written() {
    let folder = project(&[("a.md", "#flashcards\n\nx::y\n\nWhat?\n?\nz\n")]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--syntax", "auto", "a.md"]), @r"
    status 0
    --- stdout
    --- a.md
    +++ a.md
    @@ -1,7 +1,14 @@
    -#flashcards
    -
    -x::y
    -
    -What?
    -?
    +---
    +deck: flashcards
    +syntax: headings
    +---
    +
    +<!-- #flashcards -->
    +
    +## x
    +
    +y
    +
    +## What?
    +
     z
    --- stderr
    would write 2 notes in 1 file as headings; `--write` does
    ");
}

#[test]
fn what_puts_a_deck_into_effect_in_front_matter_becomes_no_tag() {
    let folder = project(&[("a.md", "---\ntags: [flashcards, leaf]\n---\nOolong::partly\n\nWhite::hardly\n")]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--syntax", "auto", "a.md"]), @r"
    status 0
    --- stdout
    --- a.md
    +++ a.md
    @@ -1,6 +1,12 @@
     ---
    -tags: [flashcards, leaf]
    +tags: [leaf]
    +deck: flashcards
     ---
    -Oolong::partly
    -
    -White::hardly
    +
    +## Oolong
    +
    +partly
    +
    +## White
    +
    +hardly
    --- stderr
    would write 2 notes in 1 file as headings; `--write` does
    ");
}

#[test]
fn outlines_are_written_tree_by_tree() {
    let outline = "- q #card\n\t- a\n- lonely #card\n- out #card\n\t- in #card\n\t\t- b\n- top\n\t- c #card\n\t\t- d\n- {{cloze x}} y #card\n";
    let folder = project(&[("a.md", outline)]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings", "--syntax", "auto", "a.md"]), @r"
    status 0
    --- stdout
    --- a.md
    +++ a.md
    @@ -1,10 +1,33 @@
    -- q #card
    -	- a
    -- lonely #card
    -- out #card
    -	- in #card
    -		- b
    -- top
    -	- c #card
    -		- d
    -- {{cloze x}} y #card
    +---
    +title: a
    +syntax: headings
    +---
    +
    +## q
    +
    +- a
    +
    +<!-- deckle: end -->
    +
    +- lonely #card
    +
    +## out
    +
    +- in
    +  - b
    +
    +## in
    +
    +- b
    +
    +<!-- deckle: end -->
    +
    +- top
    +
    +## c
    +
    +- d
    +
    +##
    +
    +{{c1::x}} y
    --- stderr
    warning: 2 notes no longer name the blocks or cards above, which are no headings
    would write 5 notes in 1 file as headings; `--write` does
    ");
}

#[test]
fn files_that_cannot_be_read_and_notes_that_are_not_seen_are_said() {
    let folder = project(&[("deckle.yaml", "id: mine\ndeck: Sea\n"), ("content/sea.md", "Q: Salty?\nA: Yes.\n")]);
    insta::assert_snapshot!(deckle(folder.path(), &["fmt", "--to", "headings"]), @r"
    status 0
    --- stderr
    no notes are seen; `--syntax qa`, say, tells how they are written, and `--syntax auto` looks
    would write nothing
    ");
    for bytes in [&b"## H\xe4?\n\nJa.\n"[..], b"\xff\xfe#\0 \0x\0", b"## A?\n\nB.\0\xff"] {
        fs::write(folder.path().join("content/bad.md"), bytes).unwrap();
        for form in [&["fmt"][..], &["fmt", "--check"], &["fmt", "--to", "headings", "--write"]] {
            let said = deckle(folder.path(), form);
            let words = "content/bad.md: left as it is: it cannot be read; `deckle check` says why";
            assert!(said.starts_with("status 1") && said.contains(words), "{form:?}: {said}");
        }
        assert_eq!(fs::read(folder.path().join("content/bad.md")).unwrap(), bytes);
    }
}
