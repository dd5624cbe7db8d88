//! `deckle init`: makes a small project that builds.

use std::path::{Path, PathBuf};

use super::Status;
use super::output::{Output, number};
use crate::files::{self, World};
use crate::pipeline::{Failure, NotesThere, book_toml, notes_there, remembered_id};
use crate::text::hidden;
use crate::text::shell::quoted;

/// Writes the files that are not there yet. A project that is there gets no notes beside its own.
pub(super) fn run(args: &InitArgs, output: &mut Output) -> Result<Status, Failure> {
    let root = files::absolute(&files::working_folder()?.join(&args.folder))?;
    let name = root.file_name().map_or_else(|| "Notes".to_owned(), |name| name.to_string_lossy().into_owned());
    let world = World::system()?;
    let is_new_project = world.is_missing(&root.join("deckle.yaml"));
    let found = if is_new_project { notes_there(&world, &root) } else { None };
    let remembered = if is_new_project { remembered_id(&world, &root)? } else { None };
    // What a lock remembers would be gone, were these the notes.
    let has_sample = is_new_project && found.is_none() && remembered.is_none();
    let id = remembered.as_deref().map_or_else(files::random_id, |id| serde_json::Value::from(id).to_string());
    let files = [
        ("deckle.yaml", project(&name, &id, found.as_ref().map(|found| found.content))),
        (SAMPLE, FIRST_STEPS.to_owned()),
        ("book.toml", book_toml(&name)),
        (".gitignore", IGNORED.to_owned()),
        (ATTRIBUTES, format!("{MERGE}\n")),
    ];
    for (path, text) in files.into_iter().filter(|(path, _)| has_sample || *path != SAMPLE) {
        let is_new = files::create_new(&root.join(path), &text)?;
        let shown = Path::new(&args.folder).join(path);
        let shown = shown.strip_prefix(".").unwrap_or(&shown).display().to_string();
        let shown = hidden::shown(&shown);
        output.result(&if is_new {
            format!("  wrote {shown}\n")
        } else if path == ATTRIBUTES && !world.read_text(&root.join(path))?.text.contains("deckle.lock") {
            format!("  kept {shown}, which was there; add the line `{MERGE}`\n")
        } else {
            format!("  kept {shown}, which was there\n")
        });
    }
    if let Some(NotesThere { content, count }) = &found {
        let files = number(*count, "Markdown file");
        output.result(&format!("  {files} found: deckle.yaml says `content: {content}`, and no sample is made\n"));
    }
    if let Some(id) = &remembered {
        let id = hidden::shown(id);
        output.result(&format!(
            "  deckle.lock is there: deckle.yaml takes its collection id, `{id}`, so that all notes stay who they are\n"
        ));
    }
    let enter = if args.folder == Path::new(".") {
        String::new()
    } else {
        // A folder that begins with a dash is an option for `cd`.
        let dot = if args.folder.to_string_lossy().starts_with('-') { "./" } else { "" };
        format!("cd {dot}{} && ", quoted(&args.folder.display().to_string()))
    };
    let open = if has_sample { ", and open dist/first-steps.apkg with Anki" } else { "" };
    output.result(&format!("Now `{}deckle build`{open}\n", hidden::shown(&enter)));
    Ok(Status::Success)
}

/// mdBook's `watch` and `serve` read this file as well, and see no change in what it ignores. A second line shows them the
/// book; for git a folder that is ignored stays ignored whole.
const IGNORED: &str = "/dist/\n!/dist/book\n";

/// Notes to begin with.
const SAMPLE: &str = "content/first-steps.md";

/// What git reads about the files beside it.
const ATTRIBUTES: &str = ".gitattributes";

/// Of a lock that two branches changed, the lines of both are right; its line ends are the same everywhere.
const MERGE: &str = "deckle.lock merge=union text eol=lf";

/// Arguments of `deckle init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle init notes     a new folder notes
  deckle init           the folder you are in; files that are there stay as they are")]
pub(super) struct InitArgs {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
}

/// Settings for notes in `content`, or for the sample.
fn project(name: &str, id: &str, content: Option<&str>) -> String {
    // A JSON string is a YAML string, whatever the folder is called.
    let parts: Vec<&str> = name.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
    let deck = serde_json::Value::from(if parts.is_empty() { "Notes".to_owned() } else { parts.join("::") });
    let name = serde_json::Value::from(name);
    let decks = if content.is_none() { "\ndecks:\n  First steps: How notes are written.\n" } else { "" };
    format!(
        "\
# Tells your notes from other people's in Anki. Keep it, and commit it.
id: {id}
name: {name}

# The folder of the notes, and the folder of the packages.
content: {content}
out: dist

# The deck of all files that name none. A line `deck: NAME` at a file's top names another one, `deck: false` none.
deck: {deck}
{decks}",
        content = content.unwrap_or("content"),
    )
}

const FIRST_STEPS: &str = r#"---
deck: First steps
tags: [deckle]
---
# First steps

A heading with text below it is a note: the heading asks, the text answers. This paragraph stands before the first
note, so it is read by people and not learnt.

Deck
: A named set of cards. `::` in its name makes a deck in a deck.

Note
: What you write; Anki makes one card of it, or several.

## What becomes of a heading with text below it?

A **question** and its answer.

> [!TIP]
> You are looking at one.

> [!NOTE]
> An alert `[!TIP]` is a hint, `[!NOTE]` is shown below the answer.

## How is code written?

In a fence, with its language:

```rust
fn main() {
    println!("Hello, Anki!");
}
```

## Gaps to fill {.cloze}

`deckle` ==`check`== reports what is wrong, and `deckle` ==`build`== writes the packages.

## Endings of a heading {.rows}

| Ending | What it does |
|---|---|
| `{.reversed}` | asks the other way round, too |
| `{.typed}` | asks to type the answer |
| `{.cloze}` | hides what stands between `==` |
| `{.rows}` | makes a note of each row |
"#;
