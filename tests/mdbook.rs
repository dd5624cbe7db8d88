//! Hands books to the preprocessor as mdBook does, and compares what it gives back.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A chapter in which everything that stands around notes has to stay.
const PORTS: &str = r#"---
deck: Mine::Ports
tags: [x]
---
Ports
=====

Prose with "quotes" -- a [label][l] and a note[^p].

Term
: Meaning of it.

## Section {.prose}

```rust
fn main() {}
```

### What is {{#include plain.txt}}?

An answer[^n] with ![pic](../img/a%20b.svg) and [other](../plain.md#plain).

[l]: https://example.org

[^n]: Only the note's.

### Gap {.cloze}

It is ==here==.

[^p]: The prose's,
    in two lines.

Underlined
----------

#### Leaf

```text
a

b
```
"#;

/// What becomes of it.
const PORTS_WITH_CARDS: &str = r#"Ports
=====

Prose with "quotes" -- a [label][l] and a note[^p].

<div class="deckle-study" data-collection="Mine"></div>

<details class="card" id="c-dvf2gl4w3n6en" data-kind="basic" data-deck="Mine::Ports" data-tags="x" data-ord="0"><summary>Term</summary><div id="a-dvf2gl4w3n6en" class="answer">Meaning of it.</div></details>

## Section {.prose}

```rust
fn main() {}
```

<details class="card" id="c-ut7vav5qgaamf" data-kind="basic" data-deck="Mine::Ports" data-tags="x" data-ord="0"><summary>What is &#123;&#123;#include plain.txt}}?</summary><div id="a-ut7vav5qgaamf" class="answer">An answer<sup class="footnote">1</sup> with <img src="../img/a%20b.svg" alt="pic"> and <a href="../plain.md#plain">other</a>.<div class="source">Only the note's.</div></div></details>

<details class="card" id="c-6tywz5oxfwvxu" data-kind="cloze" data-deck="Mine::Ports" data-tags="x" data-ords="0"><summary><div class="heading">Gap</div><div class="text">It is <span class="cloze" data-n="1">[…]</span>.</div></summary><div id="a-6tywz5oxfwvxu" class="answer"><div class="text">It is <span class="cloze" data-n="1">here</span>.</div></div></details>

[l]: https://example.org

[^p]: The prose's,
    in two lines.

Underlined
----------

<details class="card" id="c-4x43dhny5h6kk" data-kind="basic" data-deck="Mine::Ports" data-tags="x" data-ord="0"><summary>Leaf</summary><div id="a-4x43dhny5h6kk" class="answer"><pre><code>a&#10;&#10;b</code></pre></div></details>
"#;

#[test]
fn notes_become_cards_and_all_else_stays() {
    let folder = book(&[("src/cards/ports.md", PORTS), ("src/img/a b.svg", "<svg/>")]);
    let plain = "---\ntitle: no deck\n---\n# Plain\n\n## Question?\n\n{{#include plain.txt}} \"x\"\n";
    let made = preprocess(folder.path(), &[("plain.md", plain), ("cards/ports.md", PORTS)]);
    let contents = contents(&made);
    assert_eq!(contents[0], plain);
    assert_eq!(contents[1].trim_end(), PORTS_WITH_CARDS.trim_end());
}

#[test]
fn cards_of_another_syntax_take_the_place_of_their_lines() {
    let text = "---\ndeck: D\nsyntax: qa\n---\n# Title\n\nProse[^p] and a [label].\n\nQ: One\nA: 1[^n]\n\n[^n]: Of the card.\n---\n\
                More, and a Q: in it.\n\n[label]: x.md\n\nC: A [gap].\n\n## Next\n\nEnd.\n\n[^p]: Of the prose.\n";
    let folder = book(&[("src/x.md", text)]);
    let made = contents(&preprocess(folder.path(), &[("x.md", text)])).remove(0);
    let lines = made.lines().filter(|line| !line.is_empty() && !line.contains("deckle-study"));
    let lines: Vec<&str> = lines.map(|line| if line.starts_with("<details") { "CARD" } else { line }).collect();
    let expected = "# Title|Prose[^p] and a [label].|CARD|More, and a Q: in it.|CARD|[label]: x.md|## Next|End.|[^p]: Of the prose.";
    assert_eq!(lines.join("|"), expected);
}

#[test]
fn a_folder_puts_a_deck_into_effect() {
    let note = "## Q?\n\nA.\n";
    let folder = book(&[("src/a/_deck.yaml", "deck: D\ntags: t\n"), ("src/a/x.md", note), ("src/b.md", note)]);
    let contents = contents(&preprocess(folder.path(), &[("a/x.md", note), ("b.md", note)]));
    assert!(contents[0].contains("data-deck=\"D\" data-tags=\"t\""), "{}", contents[0]);
    assert_eq!(contents[1], note);
}

#[test]
fn a_chapter_without_prose_and_notes_keeps_its_text() {
    let text = "---\ndeck: Mine\n---\n<!-- to come -->\n\n[l]: https://example.org\n";
    let folder = book(&[("src/empty.md", text)]);
    let out = preprocess(folder.path(), &[("empty.md", text)]);
    assert_eq!(contents(&out), ["<!-- to come -->\n\n[l]: https://example.org\n"]);
}

/// Another preprocessor may have split it.
#[test]
fn of_two_chapters_with_one_path_each_keeps_its_text() {
    let folder = book(&[("src/_deck.yaml", "deck: X\n"), ("src/x.md", "# Both\n")]);
    let made =
        contents(&preprocess(folder.path(), &[("x.md", "# One\n\n## Q?\n\nA.\n"), ("x.md", "# Two\n\n## R?\n\nB.\n")]));
    assert!(made[0].starts_with("# One\n") && made[0].contains("<summary>Q?</summary>"), "{}", made[0]);
    assert_eq!(made[1], "# Two\n\n## R?\n\nB.\n");
}

/// Another preprocessor may have made it, or changed it.
#[test]
fn a_chapter_is_what_mdbook_hands_over() {
    let folder = book(&[("src/a/_deck.yaml", "deck: D\n"), ("src/a/x.md", "## On the disk?\n\nA.\n")]);
    let contents = contents(&preprocess(
        folder.path(),
        &[("a/x.md", "## Handed over?\n\nA.\n"), ("a/made.md", "## Made?\n\nA.\n")],
    ));
    assert!(contents[0].contains("Handed over?</summary>"), "{}", contents[0]);
    assert!(contents[1].contains("data-deck=\"D\"") && contents[1].contains("Made?</summary>"), "{}", contents[1]);
}

#[test]
fn cards_are_those_of_the_packages() {
    let note = "---\ndeck: D\n---\n## Q?\n\nA.\n";
    let folder = book(&[("src/x.md", note), ("deckle.yaml", "id: mine\ncontent: src\n")]);
    let built = Command::new(env!("CARGO_BIN_EXE_deckle")).current_dir(&folder).args(["build", "-f", "book"]).output();
    assert!(built.unwrap().status.success());
    let chapter = fs::read_to_string(folder.path().join("dist/book/x.md")).unwrap();
    let card = chapter.lines().find(|line| line.starts_with("<details")).unwrap();
    let lock = fs::read(folder.path().join("deckle.lock")).unwrap();
    let contents = contents(&preprocess(folder.path(), &[("x.md", note)]));
    assert!(contents[0].contains(card), "{}\n{card}", contents[0]);
    assert!(fs::read(folder.path().join("deckle.lock")).unwrap() == lock);
}

/// What is written while mdBook watches has it make the book again, and again.
#[test]
fn nothing_is_written() {
    let note = "---\ndeck: D\n---\n## Q?\n\nA.\n";
    let folder = book(&[("src/x.md", note), ("deckle.yaml", "id: mine\ncontent: src\n")]);
    let names = || {
        let folders = [folder.path().to_owned(), folder.path().join("src")];
        let names = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names.into_iter().map(|path| (fs::metadata(&path).unwrap().modified().unwrap(), path)).collect::<Vec<_>>()
    };
    let before = names();
    preprocess(folder.path(), &[("x.md", note)]);
    assert_eq!(names(), before);
}

#[test]
fn drafts_parts_and_unknown_fields_are_handed_on() {
    let folder = book(&[]);
    let items = json!([
        {"PartTitle": "Part"},
        "Separator",
        {"Chapter": {"name": "Draft", "content": "", "number": [1], "sub_items": [
            {"Chapter": {"name": "x", "content": "# X\n", "sub_items": [], "path": null, "source_path": null, "new": 1}}
        ], "path": null, "source_path": null, "parent_names": []}}
    ]);
    let book = json!({"items": items, "more": true});
    let output = run(folder.path(), &[], &input(folder.path(), "0.5.4", &book));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), book);
}

#[test]
fn mistakes_are_told_on_stderr() {
    let note = "---\ndeck: D\n---\n## Q? {.revesed}\n\nA.\n";
    let folder = book(&[("src/x.md", note)]);
    let told = || {
        let output = run(folder.path(), &[], &input(folder.path(), "0.5.4", &items(&[("x.md", note)])));
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, book, said) = told();
    assert!(said.contains("warning[misspelt-attribute]") && said.contains("src/x.md:4:"), "{said}");
    assert!(code == Some(0) && book.contains("## Q?") && !book.contains("details"), "{book}");
    fs::write(folder.path().join("deckle.yaml"), "nmae: x\n").unwrap();
    let (code, book, said) = told();
    assert!(said.contains("error[unknown-key]"), "{said}");
    assert_eq!((code, book.as_str()), (Some(1), ""));
}

#[test]
fn links_to_headings_that_became_cards_lead_to_the_cards() {
    let one = "---\ndeck: D\n---\n## One?\n\n[a](deep/two.md#two) [b](#one) [c](deep/two.md#prose) [d](plain.md#x) [e](gone.md)\n";
    let two = "---\ndeck: D\n---\n# Prose\n\n## Two?\n\n[up](../one.md#one)\n";
    let folder = book(&[("src/one.md", one), ("src/deep/two.md", two), ("src/plain.md", "# X\n")]);
    let chapters = [("one.md", one), ("deep/two.md", two), ("plain.md", "# X\n")];
    let texts = contents(&preprocess(folder.path(), &chapters));
    let guid = |text: &str| text.split("id=\"c-").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let (first, second) = (guid(&texts[0]), guid(&texts[1]));
    for address in [
        format!("deep/two.md#c-{second}"),
        format!("#c-{first}"),
        "deep/two.md#prose".to_owned(),
        "plain.md#x".to_owned(),
    ] {
        assert!(texts[0].contains(&format!("<a href=\"{address}\">")), "{address} in {}", texts[0]);
    }
    assert!(texts[1].contains(&format!("<a href=\"../one.md#c-{first}\">up</a>")), "{}", texts[1]);
    let output = run(folder.path(), &[], &input(folder.path(), "0.5.4", &items(&chapters)));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.matches("warning[dead-link]").count() == 1 && said.contains("there is no `gone.md`"), "{said}");
}

#[test]
fn keys_that_cost_the_style_are_told() {
    let folder = book(&[]);
    let told = |version: &str, html: Value| {
        let context = json!({"root": folder.path(), "config": {"book": {"src": "src"}, "output": {"html": html}}, "renderer": "html", "mdbook_version": version});
        let output = run(folder.path(), &[], &json!([context, items(&[])]).to_string());
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let known =
        json!({"additional-css": ["deckle.css"], "playpen": {}, "print": {"enable": true}, "redirect": {"a": "b"}});
    assert_eq!(told("0.5.4", known), "");
    let said = told("0.5.4", json!({"addtional-css": [], "git-repo": 1, "search": {"use-bolean-and": true}}));
    for words in ["`addtional-css` of", "did you mean `additional-css`?", "`git-repo` of", "`search.use-bolean-and` of"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(told("0.6.0", json!({"new-key": 1})), "", "nobody knows which keys another version has");
}

#[test]
fn older_books_and_people_are_told_what_is_needed() {
    let folder = book(&[]);
    let old = input(folder.path(), "0.4.52", &json!({"sections": [], "__non_exhaustive": null}));
    for (input, words) in [
        (old.as_str(), "this is mdBook 0.4.52, and `deckle mdbook` needs 0.5 or later"),
        ("", "stdin is not what mdBook hands to a preprocessor"),
        ("[1, 2, 3]", "stdin holds no context and book"),
        ("{}", "stdin holds no context and book"),
    ] {
        let output = run(folder.path(), &[], input);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{said}");
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()));
    }
}

#[test]
fn only_pages_of_html_can_show_cards() {
    let folder = book(&[]);
    assert!(run(folder.path(), &["supports", "html"], "").status.success());
    assert!(!run(folder.path(), &["supports", "latex"], "").status.success());
}

#[test]
fn style_and_script_are_laid_down() {
    let folder = book(&[]);
    assert!(run(folder.path(), &["install"], "").status.success());
    assert!(folder.path().join("deckle.css").is_file() && folder.path().join("deckle.js").is_file());
}

fn book(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("src")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn items(chapters: &[(&str, &str)]) -> Value {
    let chapter = |(path, content): &(&str, &str)| {
        json!({"Chapter": {"name": path, "content": content, "number": null, "sub_items": [], "path": path,
            "source_path": path, "parent_names": []}})
    };
    json!({"items": chapters.iter().map(chapter).collect::<Vec<_>>()})
}

fn input(root: &Path, version: &str, book: &Value) -> String {
    let context =
        json!({"root": root, "config": {"book": {"src": "src"}}, "renderer": "html", "mdbook_version": version});
    json!([context, book]).to_string()
}

fn preprocess(root: &Path, chapters: &[(&str, &str)]) -> Value {
    let output = run(root, &[], &input(root, "0.5.4", &items(chapters)));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn contents(book: &Value) -> Vec<String> {
    let items = book["items"].as_array().unwrap().iter();
    items.map(|item| item["Chapter"]["content"].as_str().unwrap().to_owned()).collect()
}

fn run(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
    command.current_dir(folder).arg("mdbook").args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input may have gone by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}
