//! Turns a folder that is to become a project into what is in it already: the folder of its notes, and their collection.
//!
//! Knows names alone, but for the lock: no note is opened.

use std::path::Path;

use super::Failure;
use super::gathered::{LOCK, MAX_LOCK};
use crate::artifact;
use crate::files::{Bounds, Folder, Found, World};
use crate::identity::Lock;
use crate::source::SourceId;
use crate::text::path::stem;

/// Notes that somebody has already.
#[derive(Debug)]
pub struct NotesThere {
    /// The folder that they are in, as `content` names it.
    pub content: &'static str,
    /// How many files there are.
    pub count: usize,
}

/// The notes in a folder: those of a book, else all below it. Where there is a `content`, that is the folder of the notes.
/// A folder that cannot be read holds none: the first build says so.
pub fn notes_there(world: &World, root: &Path) -> Option<NotesThere> {
    if !world.is_missing(&root.join("content")) {
        return None;
    }
    let book = world.is_file(&root.join("book.toml")).then_some(("src", "src"));
    book.into_iter().chain([(".", "")]).find_map(|(content, start)| {
        let made = [&root.join("dist"), Path::new(artifact::LIST)];
        let folder = world.walk(&Bounds::new([root]), root, start, made).ok()?;
        holds_notes(&folder).then(|| NotesThere { content, count: count(&folder) })
    })
}

/// The id of the collection that a lock remembers: it came with the notes, before there was a project.
///
/// # Errors
/// The lock cannot be read.
pub fn remembered_id(world: &World, root: &Path) -> Result<Option<String>, Failure> {
    let path = root.join(LOCK);
    if !world.is_file(&path) {
        return Ok(None);
    }
    world.refuse_larger(&path, MAX_LOCK)?;
    // What is damaged in it the first build will say.
    let lock = Lock::parse(SourceId(0), &world.read_text(&path)?.text, &mut Vec::new());
    Ok(Some(lock.collection).filter(|id| !id.is_empty()))
}

/// What forges and programmers put at the top of a repository, and is about it.
const ABOUT: [&str; 6] = ["readme", "license", "changelog", "contributing", "security", "code_of_conduct"];

/// Whether there is more than what tells of a repository.
fn holds_notes(folder: &Folder) -> bool {
    folder.entries.iter().any(|entry| match entry {
        Found::File(path) => !ABOUT.iter().any(|name| stem(path).eq_ignore_ascii_case(name)),
        Found::Folder(inner) => count(inner) > 0,
    })
}

fn count(folder: &Folder) -> usize {
    let count = |entry: &Found| match entry {
        Found::File(_) => 1,
        Found::Folder(inner) => count(inner),
    };
    folder.entries.iter().map(count).sum()
}
