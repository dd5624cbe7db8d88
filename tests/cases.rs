//! Every Markdown file under `tests/cases` is a test: a project, and snapshots of what deckle makes of it.
//!
//! The file's name says what it shows. It holds `note.md`; a line `=== path` starts another file of the project. The
//! snapshots are `tests/snapshots/<folder>__<case>.<stage>.snap`, a stage each: `diagnostics`, if there are any, `ir`, and
//! `package`, unless an error stops the build. `INSTA_UPDATE=always cargo test --test cases` writes them anew.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod outline;
mod package;
mod project;

use std::path::Path;

use project::{File, compile};

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
    stage(&name, "package", &package::text_of(&compiled.packages))
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

/// The files of a case: `note.md` up to the first line `=== path`, then that file, and so on.
fn files_of_case(text: &str) -> Vec<File> {
    let (mut files, mut name, mut body) = (Vec::new(), "note.md", String::new());
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("=== ") {
            if !(files.is_empty() && body.is_empty()) {
                files.push(File::new(name, &body));
            }
            (name, body) = (next, String::new());
        } else {
            body.push_str(line);
        }
    }
    files.push(File::new(name, &body));
    files
}

datatest_stable::harness! {
    { test = case, root = "tests/cases", pattern = r"\.md$" },
}
