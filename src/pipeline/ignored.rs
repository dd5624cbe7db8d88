//! Turns the ignore files around a lock into a warning, where git would pass it over.
//!
//! Reads them by itself: to ask git means to run what the settings of a stranger's repository name. Knows nothing of what
//! their lines mean, nor of the ignore files of a machine.

use std::path::{Path, PathBuf};

use super::gathered::Plan;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::World;
use crate::source::Span;
use crate::text::gitignore::{self, Ignored};
use crate::text::hidden;

/// So many folders above the lock are looked at.
const MOST_FOLDERS: usize = 64;

/// The largest list of what is committed that is read, in MiB; that of 100,000 files has some 10.
const MAX_INDEX: u64 = 64;

/// Says which line it is that git passes the lock over for, unless it is committed all the same. `place` is where to say it.
pub(super) fn warn(world: &World, plan: &Plan, place: Span) -> Option<Diagnostic> {
    let lock = &plan.lock.path;
    let folders: Vec<&Path> = lock.ancestors().skip(1).take(MOST_FOLDERS).collect();
    let top = folders.iter().position(|folder| !world.is_missing(&folder.join(".git")));
    // Where there is no repository yet, only what lies beside the lock will count.
    let folders = folders.get(..=top.unwrap_or_default())?;
    let top_folder = top.and_then(|_| folders.last()).copied();
    let path = slashed(lock.strip_prefix(folders.last()?).ok()?)?;
    let beside = folders.iter().map(|folder| (*folder, folder.join(".gitignore")));
    let own = top_folder.map(|top| (top, top.join(".git/info/exclude")));
    let mut files: Vec<(String, PathBuf, String)> = Vec::new();
    for (folder, file) in beside.chain(own) {
        let base = slashed(folder.strip_prefix(folders.last()?).ok()?)?;
        if !world.is_missing(&file)
            && let Ok(text) = world.read_settings(&file)
        {
            files.push((base, file, text.text));
        }
    }
    let texts: Vec<(&str, &str)> = files.iter().map(|(base, _, text)| (base.as_str(), text.as_str())).collect();
    let Ignored { file, line, text } = gitignore::ignored(&texts, &path)?;
    if top_folder.is_some_and(|top| is_committed(world, top, &path)) {
        return None;
    }
    let (_, file, _) = files.get(file)?;
    let (file, name) = (plan.path_of(file), lock.file_name()?.display());
    let message = format!("git passes {name} over: line {line} of {file} is `{}`", hidden::shown(text));
    Some(Diagnostic::new(Code::LostLock, place, message).caret("no clone has it").help(format!(
        "write `!{name}` below that line, and commit {name}: without it notes whose question was edited are other ones for \
         readers, with each clone"
    )))
}

fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(std::ffi::OsStr::to_str).collect();
    Some(parts?.join("/"))
}

/// Whether the list of what git tracks names a file: what it tracks it does not pass over. The list's form is that of
/// gitformat-index(5); version 4 shortens paths, and is given the benefit of the doubt.
fn is_committed(world: &World, top: &Path, path: &str) -> bool {
    let git = top.join(".git");
    // Of a second work tree it is a file that names the folder.
    let elsewhere = world.is_file(&git).then(|| world.read_settings(&git).ok()).flatten();
    let folder =
        elsewhere.and_then(|file| Some(top.join(file.text.strip_prefix("gitdir: ")?.trim_end()))).unwrap_or(git);
    let index = folder.join("index");
    if world.is_missing(&index) || world.refuse_larger(&index, MAX_INDEX).is_err() {
        return false;
    }
    let bytes = world.read_bytes(&index).unwrap_or_default();
    bytes.get(4..8) == Some(&[0, 0, 0, 4]) || is_listed(&bytes, path)
}

/// Whether an entry of the list is of this path. Before the path stand flags, in two bytes, whose low twelve bits are its
/// length, or all set where it is longer; those of an extended entry have two bytes more behind them.
fn is_listed(index: &[u8], path: &str) -> bool {
    let entry = [path.as_bytes(), b"\0"].concat();
    let length = path.len().min(usize::from(LENGTH)) as u16;
    let flags = |at: usize, back: usize| {
        let bytes = index.get(at.checked_sub(back)?..)?.first_chunk()?;
        Some(u16::from_be_bytes(*bytes)).filter(|flags| flags & LENGTH == length)
    };
    let is_entry = |at: usize| {
        flags(at, 2).is_some_and(|flags| flags & EXTENDED == 0)
            || flags(at, 4).is_some_and(|flags| flags & EXTENDED != 0)
    };
    index.windows(entry.len()).enumerate().any(|(at, window)| window == entry && is_entry(at))
}

/// The bits of an entry's flags that say how long its path is.
const LENGTH: u16 = 0xfff;

/// The bit that says that more flags follow.
const EXTENDED: u16 = 0x4000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_paths_are_listed() {
        let entry = |flags: &[u8], path: &str| [&[7; 20], flags, path.as_bytes(), b"\0\0"].concat();
        assert!(is_listed(&entry(&[0, 11], "deckle.lock"), "deckle.lock"));
        assert!(is_listed(&entry(&[0x30, 11], "deckle.lock"), "deckle.lock"), "a stage says nothing");
        assert!(is_listed(&entry(&[0x40, 11, 0x20, 0], "deckle.lock"), "deckle.lock"));
        assert!(!is_listed(&entry(&[0, 14], "ex/deckle.lock"), "deckle.lock"));
        assert!(!is_listed(&entry(&[0x40, 14, 0x20, 0], "ex/deckle.lock"), "deckle.lock"));
        assert!(!is_listed(b"deckle.lock\0", "deckle.lock"));
        let long = format!("{}deckle.lock", "a/".repeat(3_000));
        assert!(is_listed(&entry(&[0x0f, 0xff], &long), &long));
    }
}
