//! Every Markdown file under `tests/cases` is a test: a project, and snapshots of what deckle makes of it.
//!
//! The file's name says what it shows. It holds `note.md`; a line `=== path` starts another file of the project. The
//! snapshots are `tests/snapshots/<folder>__<case>.<stage>.snap`, a stage each: `diagnostics`, if there are any, `ir`,
//! `package`, `book`, `print` and `sheet`, unless an error stops the build. `INSTA_UPDATE=always cargo test --test cases` writes them anew.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod book;
mod case;
mod machinery;
mod outline;
mod package;
mod packed;
mod printed;
mod project;

use std::path::Path;

use case::files_of_case;
use deckle::api::Artifact;
use deckle::api::diagnostic::{Diagnostic, Edit, render};
use deckle::api::files::{World, bytes_of};
use deckle::api::pipeline::{Compiled, Kept, Request, Side, Workspace, card};
use deckle::api::source::SourceId;
use project::{File, compile};
use serde_json::Value;

#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn case(path: &Path, text: String) -> datatest_stable::Result<()> {
    let compiled = compile(&files_of_case(&text));
    let name = path.strip_prefix("tests/cases")?.with_extension("");
    let name = name.to_str().ok_or("a name in UTF-8")?.replace(['/', '\\'], "__");
    for diagnostic in &compiled.diagnostics {
        let message = &diagnostic.message;
        if message.starts_with(char::is_uppercase) || message.ends_with(['.', '!']) {
            return Err(format!("a message is a phrase, not a sentence: {message}").into());
        }
    }
    stage(&name, "diagnostics", &compiled.rendered)?;
    stage(&name, "ir", &outline::outline(&compiled.collection))?;
    stage(&name, "package", &package::text_of(&compiled.packages))?;
    stage(&name, "book", &book::text_of(&compiled.book, name.starts_with("book__")))?;
    keep_book(&name, &compiled.book)?;
    stage(&name, "print", &printed::text_of(&compiled.pages))?;
    stage(&name, "sheet", &printed::sheets_of(&compiled.pages))?;
    keep_cards(&name, &compiled)?;
    keep(&name, &compiled.packages)
}

/// Lays down how cards are shown, by GUID and ordinal, where `tests/run` compares it with what Anki shows.
fn keep_cards(case: &str, compiled: &project::Compiled) -> datatest_stable::Result<()> {
    if compiled.packages.is_empty() {
        return Ok(());
    }
    let mut cards = serde_json::Map::new();
    for (place, note) in compiled.collection.notes.iter().enumerate() {
        for ordinal in note.cards().iter().map(|card| card.ordinal) {
            let side = |side| card(&compiled.collection, place, ordinal, side, false, "/media/");
            let sides = [side(Side::Question), side(Side::Answer)];
            cards.insert(format!("{}/{ordinal}", note.guid), serde_json::to_value(sides)?);
        }
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(format!("{case}.cards.json")), serde_json::to_string(&cards)?)?)
}

/// Lays packages down where `tests/run` shows them to Anki.
fn keep(case: &str, packages: &[Artifact]) -> datatest_stable::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    std::fs::create_dir_all(&folder)?;
    for package in packages {
        let name = package.path.to_str().ok_or("a name in UTF-8")?;
        std::fs::write(folder.join(format!("{case}__{name}")), bytes_of(&package.recipe)?)?;
    }
    Ok(())
}

/// Lays a book down where `tests/run` makes one site of all of them.
fn keep_book(case: &str, book: &[Artifact]) -> datatest_stable::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("books").join(case);
    for artifact in book {
        let path = folder.join(&artifact.path);
        std::fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        std::fs::write(path, bytes_of(&artifact.recipe)?)?;
    }
    Ok(())
}

/// Every edit that a diagnostic offers mends what it was offered for.
#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn edits_mend(_: &Path, text: String) -> datatest_stable::Result<()> {
    let files = files_of_case(&text);
    let compiled = compile(&files);
    for diagnostic in &compiled.diagnostics {
        let Some(edit) = &diagnostic.edit else { continue };
        let source = compiled.sources.get(edit.span.source);
        let above = ["deckle.yaml", "deckle.lock"].contains(&source.path.as_str());
        let name = source.path.strip_prefix("content/").map(str::to_owned);
        let name = &name.unwrap_or_else(|| format!("{}{}", if above { "" } else { "../" }, source.path));
        let mut mended = source.text.clone();
        let mut pieces: Vec<_> = edit.pieces().collect();
        pieces.sort_unstable();
        for (span, replacement) in pieces.into_iter().rev() {
            mended.replace_range(span.range(), replacement);
        }
        let files: Vec<File> =
            files.iter().map(|file| if file.path == *name { File::new(name, &mended) } else { file.clone() }).collect();
        let same = |found: &&Diagnostic| {
            found.code == diagnostic.code
                && found.span.source == diagnostic.span.source
                && found.span.start == diagnostic.span.start
                && found.message == diagnostic.message
        };
        if let Some(left) = compile(&files).diagnostics.iter().find(same) {
            return Err(format!("the edit `{}` does not mend: {}", edit.replacement, left.message).into());
        }
    }
    Ok(())
}

/// Every span of the IR and of the diagnostics lies in its text, on the borders of characters.
#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn spans_fit(_: &Path, text: String) -> datatest_stable::Result<()> {
    let compiled = compile(&files_of_case(&text));
    let mut spans: Vec<(u32, usize, usize)> = Vec::new();
    let mut values = vec![serde_json::to_value(&compiled.collection)?];
    while let Some(value) = values.pop() {
        match value {
            Value::Object(map) => {
                spans.extend(
                    map.get("span")
                        .map(|span| serde_json::from_value::<(u32, usize, usize)>(span.clone()))
                        .transpose()?,
                );
                values.extend(map.into_iter().map(|(_, value)| value));
            }
            Value::Array(array) => values.extend(array),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for diagnostic in &compiled.diagnostics {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        let all =
            labels.chain(diagnostic.edit.iter().flat_map(Edit::pieces).map(|(span, _)| span)).chain([diagnostic.span]);
        spans.extend(all.map(|span| (span.source.0, span.range().start, span.range().end)));
    }
    for (source, start, end) in spans {
        let source = compiled.sources.get(SourceId(source));
        if source.text.get(start..end).is_none() {
            return Err(format!("{}: no text at {start}..{end}", source.path).into());
        }
    }
    Ok(())
}

/// Nothing that other tools write for themselves is on a card, in cases of their syntaxes.
#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn no_machinery(path: &Path, text: String) -> datatest_stable::Result<()> {
    let folder =
        path.strip_prefix("tests/cases")?.components().next().map(|folder| folder.as_os_str().to_string_lossy());
    if !folder.is_some_and(|folder| SYNTAXES.contains(&folder.as_ref())) {
        return Ok(());
    }
    machinery::check_patterns();
    let collection = serde_json::to_value(compile(&files_of_case(&text)).collection)?;
    let found = machinery::in_notes(&collection);
    if found.is_empty() { Ok(()) } else { Err(format!("on a card: {found:?}").into()) }
}

/// The folders of cases that are written as other tools have it.
const SYNTAXES: [&str; 7] = ["embeds", "logseq", "obsidian", "qa", "slides", "start_end", "vaults"];

/// What is kept of a case is as if it had been read anew, behind a file that gives all of its files other numbers.
#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn kept_is_as_new(_: &Path, text: String) -> datatest_stable::Result<()> {
    let folder = tempfile::tempdir()?;
    project::write(folder.path(), &files_of_case(&text));
    let request = Request { start: folder.path().to_owned(), ..Request::default() };
    let mut workspace = Workspace { world: World::at(project::NOW), ..Workspace::default() };
    let compile = |workspace: &mut Workspace| workspace.compile(&request, &|_| {}).expect("the project can be read");
    compile(&mut workspace);
    workspace.world.overlay(&folder.path().join("content/00-first.md"), "# First\n")?;
    let kept = said(&compile(&mut workspace))?;
    assert!(workspace.kept.read <= 1, "the case's own files are kept");
    workspace.kept = Kept::default();
    let anew = said(&compile(&mut workspace))?;
    if kept == anew { Ok(()) } else { Err(format!("kept:\n{kept}\nanew:\n{anew}").into()) }
}

/// What is found wrong, and the collection with its places.
fn said(compiled: &Compiled) -> serde_json::Result<String> {
    let mut painter = render::Renderer::new(&compiled.sources, false);
    let rendered = compiled.diagnostics.iter().map(|found| painter.render(found));
    Ok(rendered.collect::<String>() + &serde_json::to_string_pretty(&compiled.collection)?)
}

fn stage(case: &str, stage: &str, text: &str) -> datatest_stable::Result<()> {
    let name = format!("{case}.{stage}");
    if text.is_empty() {
        let orphan = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.snap"));
        return if orphan.exists() { Err(format!("{name}.snap has no output any more").into()) } else { Ok(()) };
    }
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
    Ok(())
}

datatest_stable::harness! {
    { test = case, root = "tests/cases", pattern = r"\.md$" },
    { test = edits_mend, root = "tests/cases", pattern = r"\.md$" },
    { test = kept_is_as_new, root = "tests/cases", pattern = r"\.md$" },
    { test = no_machinery, root = "tests/cases", pattern = r"\.md$" },
    { test = spans_fit, root = "tests/cases", pattern = r"\.md$" },
}
