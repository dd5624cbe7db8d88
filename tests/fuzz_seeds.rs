//! Gives the functions that fuzzers call (`fuzz/`) what is known already: all cases, what fuzzers found (`tests/fuzzed/`, a
//! folder a function), and some chance.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

mod fuzzed;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

/// The files of a folder and all below it.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// The files in each case, and each paragraph of them: texts of all lengths, which say how a text is read.
fn cases() -> Vec<String> {
    let texts = files("cases").into_iter().map(|path| fs::read_to_string(path).expect("a text"));
    let files = |text: String| text.split("\n=== ").map(str::to_owned).collect::<Vec<_>>();
    texts.flat_map(files).collect()
}

/// What fuzzers found for a function.
fn found(function: &str) -> Vec<Vec<u8>> {
    files(&format!("fuzzed/{function}")).into_iter().map(|path| fs::read(path).expect("a file")).collect()
}

fn found_texts(function: &str) -> Vec<String> {
    found(function).into_iter().map(|bytes| String::from_utf8(bytes).expect("UTF-8")).collect()
}

/// A text, and the same with lines behind it, so that it is read in each way.
fn all_ways(text: &str, mut f: impl FnMut(&str)) {
    (0..4).for_each(|more| f(&format!("{text}{}", "\n".repeat(more))));
}

#[test]
fn sources_are_read() {
    for text in cases().iter().chain(&found_texts("source")) {
        all_ways(text, fuzzed::source);
    }
}

#[test]
fn outputs_are_made() {
    for text in cases() {
        fuzzed::outputs(&text);
    }
    for text in found_texts("outputs") {
        all_ways(&text, fuzzed::outputs);
    }
}

#[test]
fn the_cards_are_those_that_were_meant() {
    for text in cases().iter().chain(&found_texts("clozes")) {
        all_ways(text, fuzzed::clozes);
    }
}

#[test]
fn settings_are_read() {
    for text in cases().iter().chain(&found_texts("settings")) {
        fuzzed::settings(text.trim_start_matches("---\n"));
    }
}

#[test]
fn locks_survive() {
    for text in cases().iter().chain(&found_texts("lock")) {
        fuzzed::lock(text);
    }
}

#[test]
fn packages_are_read_or_refused() {
    for bytes in found("packages") {
        fuzzed::packages(&bytes);
    }
    for text in cases().iter().step_by(20) {
        let Some(database) = fuzzed::database(text) else { continue };
        fuzzed::packages(&[&[1], database.as_slice()].concat());
        fuzzed::packages(&[&[0], fuzzed::stored("collection.anki2", &database).as_slice()].concat());
    }
}

#[test]
fn names_of_media_are_told_apart() {
    for text in found_texts("media_names") {
        fuzzed::media_names(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_names_of_media_are_told_apart(
        text in r"([0-3]([aA.]|ß|SS|ss|ü|Ü|u\u{308}|ı|I|İ|ﬀ|con|[-_%./ ]|\PC){0,8}\n){1,8}",
    ) {
        fuzzed::media_names(&text);
    }

    #[test]
    fn any_text_has_the_cards_that_were_meant(
        text in r"([{}:`$=*_\\!<>|#\[\]()1,c \n-]|\{\{c1::|\{\{c2,3::|\}\}|::|==|`|\$\$?|<b>|<!-- | -->|&#58;|&lbrace;|!\[|\]\(|\[\^1\]|~~|\PC){0,40}",
    ) {
        fuzzed::clozes(&text);
    }
}
