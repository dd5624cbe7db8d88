//! Asks the program what there is, as a table and as JSON.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod said;

use std::fmt::Write;

use serde_json::Value;
use tempfile::TempDir;

use program::{command, project};
use said::said;

const TEA: &str = "---\ndeck: Hot::Tea\n---\nCha\n: tea\n\n## What is tea? {.reversed}\n\nLeaves in *hot* **w**ater.\n\n\
    ## How long? {.typed}\n\n4 min\n\n## Cups {.rows}\n\n| a | b |\n|---|---|\n| 1 | x |\n| 2 | y |\n\n\
    ## Steps {.list}\n\n- boil\n- pour\n";
const MILK: &str = "---\ndeck: Hot::牛乳\n---\n## Is milk {.cloze}\n\nIt is {{c1::white}} and {{c2::wet}}.\n\n\
    ## Show\n\n![a cow](cow.svg) ![the same](cow.svg)\n\n## No deletion {.cloze}\n\nNone.\n";
const COW: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";

fn hot() -> TempDir {
    project(&[("deckle.yaml", "id: hot\ncontent: .\n"), ("tea.md", TEA), ("milk.md", MILK), ("cow.svg", COW)])
}

fn list(folder: &TempDir, args: &[&str]) -> String {
    said(command(folder.path(), &[&["list"], args].concat()).output().unwrap())
}

#[test]
fn decks_and_files_are_counted() {
    let folder = hot();
    insta::assert_snapshot!(list(&folder, &[]), @r"
    status 0
    --- stdout
    DECK       NOTES  CARDS  WORDS  MEDIA  SIZE
    Hot::Tea       6      8     26      0
    Hot::牛乳      2      3     12      1  62 B
    all            8     11     38      1  62 B
    --- stderr
    warning: 1 note left out because of mistakes; `deckle check` shows them
    ");
    insta::assert_snapshot!(list(&folder, &["--long", "--decks", "--files"]), @r"
    status 0
    --- stdout
    DECK       NOTES  CARDS  BASIC  REVERSED  TYPED  DEFINITION  ROW  CLOZE  LIST  WORDS  MEDIA  SIZE
    Hot::Tea       6      8      1         1      1           1    2      0     2     26      0
    Hot::牛乳      2      3      1         0      0           0    0      2     0     12      1  62 B
    all            8     11      2         1      1           1    2      2     2     38      1  62 B

    FILE     NOTES  CARDS  BASIC  REVERSED  TYPED  DEFINITION  ROW  CLOZE  LIST  WORDS  MEDIA  SIZE
    milk.md      2      3      1         0      0           0    0      2     0     12      1  62 B
    tea.md       6      8      1         1      1           1    2      0     2     26      0
    all          8     11      2         1      1           1    2      2     2     38      1  62 B
    --- stderr
    warning: 1 note left out because of mistakes; `deckle check` shows them
    ");
    insta::assert_snapshot!(list(&folder, &["--files", "tea.md"]), @r"
    status 0
    --- stdout
    FILE    NOTES  CARDS  WORDS
    tea.md      6      8     26
    ");
    assert!(!folder.path().join("dist").exists() && !folder.path().join("deckle.lock").exists(), "nothing is written");
}

#[test]
fn scripts_get_one_object() {
    let folder = hot();
    let output = command(folder.path(), &["list", "--json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(listed["version"], 1);
    assert_eq!(listed["decks"][1]["name"], "Hot::牛乳");
    assert_eq!((&listed["all"]["notes"], &listed["all"]["cards"]), (&Value::from(8), &Value::from(11)));
    let kinds = r#"{"basic":2,"cloze":2,"definition":1,"list":2,"reversed":1,"row":2,"typed":1}"#;
    assert_eq!(listed["all"]["cards_by_kind"].to_string(), kinds);
    let media = (&listed["files"][0]["media_files"], &listed["files"][0]["media_bytes"]);
    assert_eq!(media, (&Value::from(1), &Value::from(COW.len())), "once, though it is shown twice");
    assert_eq!((&listed["left_out_notes"], &listed["due"]), (&Value::from(1), &Value::Array(Vec::new())));
}

#[test]
fn what_is_due_to_be_split_is_named() {
    let mut many = "---\ndeck: Many\n---\n".to_owned();
    for number in 0..201 {
        write!(many, "## {number}?\n\nYes.\n\n").unwrap();
    }
    write!(many, "## *Too* long?\n\n{}\n", "word ".repeat(900)).unwrap();
    let folder = project(&[("deckle.yaml", "id: many\ncontent: .\n"), ("many.md", &many)]);
    insta::assert_snapshot!(list(&folder, &[]), @r"
    status 0
    --- stdout
    DECK  NOTES  CARDS  WORDS
    Many    202    202   1304

    Due to be split:
      many.md: 202 cards are more than a page of the site has
      many.md:808: too much for a printed card: Too long?
    ");
    let output = command(folder.path(), &["list", "--json"]).output().unwrap();
    let due = serde_json::from_slice::<Value>(&output.stdout).unwrap()["due"].to_string();
    assert_eq!(
        due,
        r#"[{"cards":202,"kind":"file","path":"many.md"},{"kind":"note","line":808,"path":"many.md","text":"Too long?"}]"#
    );
}

#[test]
fn where_nothing_can_be_listed_it_is_said_why() {
    let folder = project(&[("deckle.yaml", "id: x\ncontent: .\nnonsense: 1\n"), ("a.txt", "")]);
    insta::assert_snapshot!(list(&folder, &[]), @r"
    status 1
    --- stderr
    error[unknown-key]: unknown key `nonsense`
     --> deckle.yaml:3:1
      |
    3 | nonsense: 1
      | ^^^^^^^^
      |
      = help: the keys here are `id`, `name`, `content`, `out`, `site-url`, `link`, `templates`, `media-roots`, `media-limit`, `forget-after`, `packages`, `decks`, `deck`, `tags`, `math`, `html`, `syntax`, `syntax-options`, `draft`, `exclude-tags`, `only-marked`, `tags-from-text`, `breaks`, `bold-cloze`, `embeds`, `print`, `book`

    error: 1 error; what there is shows when they are mended
    `deckle explain unknown-key` says more
    ");
    let folder = project(&[("a.md", "# No deck\n")]);
    insta::assert_snapshot!(list(&folder, &["a.md"]), @r"
    status 0
    --- stdout
    DECK  NOTES  CARDS  WORDS
    ");
}
