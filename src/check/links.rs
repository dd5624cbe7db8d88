//! Says of links to what is not there that they are dead.
//!
//! Does not know how a path is followed.

use super::path_from;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::text::extension::is_markdown;
use crate::text::path::file_name;

/// A link to something that is not there.
#[derive(Debug)]
pub struct DeadLink {
    /// Where the first one in its file stands.
    pub span: Span,
    /// What is not there.
    pub gone: Gone,
    /// What may be meant: as [`Gone`] has it.
    pub near: Option<String>,
    /// Whether that is where the notes of what is not there are now.
    pub is_moved: bool,
    /// How many more links in the file lead there.
    pub others: usize,
    /// Whether the first one is written `[[…]]`.
    pub is_wiki: bool,
}

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gone {
    /// A file, by its path relative to the project's root.
    File(String),
    /// A place in a file that is there: the file's path, and the fragment as written. `near` is a fragment.
    Place(String, String),
    /// What the project cannot know of: the path leads out of it.
    Outside(String),
    /// An address: there is none.
    Address,
}

/// What is said of a link in a file.
pub fn dead_link(link: &DeadLink, file: &str) -> Diagnostic {
    let DeadLink { span, gone, near, is_moved, others, is_wiki } = link;
    if let (Gone::File(path), None, true) = (gone, near, is_wiki) {
        return unwritten(*span, &path_from(file, path), *others);
    }
    let (message, caret) = match gone {
        Gone::File(path) => (format!("there is no `{}`", path_from(file, path)), "no such file"),
        Gone::Place(path, fragment) if path == file => {
            (format!("this file has no heading or id `{fragment}`"), "no such place")
        }
        Gone::Place(path, fragment) => {
            (format!("`{}` has no heading or id `{fragment}`", path_from(file, path)), "no such place")
        }
        Gone::Outside(path) => (format!("`{}` leads out of the project", path_from(file, path)), "not a file of ours"),
        Gone::Address => ("this link has no address".to_owned(), "nothing here"),
    };
    let more = match others {
        0 => String::new(),
        1 => ", and one more link in this file leads there".to_owned(),
        others => format!(", and {others} more links in this file lead there"),
    };
    let help = match (gone, near) {
        (Gone::File(_), Some(near)) if *is_moved => {
            format!("its notes are in `{}` since the last build", path_from(file, near))
        }
        (Gone::File(_), Some(near)) => format!("did you mean `{}`?", path_from(file, near)),
        (Gone::File(path), None) if file_name(path).starts_with("www.") => {
            format!("did you mean `https://{}`?", path_from(file, path))
        }
        (Gone::File(_), None) => "the path is relative to this file; mend it, or take the link away".to_owned(),
        (Gone::Place(..), Some(near)) => format!("did you mean `#{near}`?"),
        (Gone::Place(..), None) => {
            "write the heading's text in lower case, with `-` for spaces and without punctuation".to_owned()
        }
        (Gone::Outside(_), _) => "write the whole address, `https://…`, so that cards can follow it".to_owned(),
        (Gone::Address, _) => "write where it leads, or take the link away".to_owned(),
    };
    Diagnostic::new(Code::DeadLink, *span, message + &more).caret(caret).help(help)
}

/// What is said of a wiki's link to what is not there yet: the same of each, so that many are summed up. Vaults are full of them.
fn unwritten(span: Span, path: &str, others: usize) -> Diagnostic {
    let what = if is_markdown(path) { "note" } else { "file" };
    let more = match others {
        0 => String::new(),
        1 => ", by one more link in this file too".to_owned(),
        others => format!(", by {others} more links in this file too"),
    };
    Diagnostic::new(Code::DeadLink, span, format!("no {what} of this name is in the project"))
        .caret(format!("`{path}` is meant{more}"))
        .help("as long as there is none, the link is its text")
}
