//! Turns a book's files into text that can be read and compared.

use std::fmt::Write as _;

use deckle::api::Artifact;
use deckle::api::files;

/// Every chapter with its path; of other files the paths, unless each book has them.
///
/// Start pages repeat what chapters hold: they are shown where `shows_start_pages`, and else left out, so that a change of
/// them is seen in the cases of the book and not in all of them.
pub(crate) fn text_of(book: &[Artifact], shows_start_pages: bool) -> String {
    let mut text = String::new();
    for artifact in book {
        let path = artifact.path.to_str().expect("a path in UTF-8").replace('\\', "/");
        let Some(path) = path.strip_prefix("book/").filter(|path| shows_start_pages || !is_of_start(path)) else {
            continue;
        };
        if artifact.path.extension().is_some_and(|extension| extension == "md") {
            let bytes = files::bytes_of(&artifact.recipe).expect("its bytes");
            let chapter = String::from_utf8(bytes).expect("a chapter in UTF-8");
            let _ = write!(text, "=== {path}\n{}\n\n", chapter.trim_end());
        } else if !["deckle.css", "deckle.js", "search.js", "search-index.js"].contains(&path) {
            let _ = writeln!(text, "=== {path}");
        }
    }
    text
}

/// Whether a file is a start page, the summary, or what start pages give to download.
fn is_of_start(path: &str) -> bool {
    matches!(path, "index.md" | "SUMMARY.md")
        || path.starts_with("decks/")
        || path.rsplit_once('.').is_some_and(|(_, extension)| extension == "apkg")
}
