//! Turns a book's files into text that can be read and compared.

use std::fmt::Write as _;

use deckle::artifact::Artifact;

/// Every chapter with its path; of other files the paths, unless each book has them.
pub(crate) fn text_of(book: &[Artifact]) -> String {
    let mut text = String::new();
    for artifact in book {
        let path = artifact.path.to_str().expect("a path in UTF-8").replace('\\', "/");
        let Some(path) = path.strip_prefix("book/") else { continue };
        if artifact.path.extension().is_some_and(|extension| extension == "md") {
            let chapter = std::str::from_utf8(&artifact.bytes).expect("a chapter in UTF-8");
            let _ = write!(text, "=== {path}\n{}\n\n", chapter.trim_end());
        } else if !["deckle.css", "deckle.js"].contains(&path) {
            let _ = writeln!(text, "=== {path}");
        }
    }
    text
}
