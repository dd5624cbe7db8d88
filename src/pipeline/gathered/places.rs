//! Turns what a request names into places: where the lock lies, what paths are relative to, from where files may be read.
//!
//! Knows nothing of what the files hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::LOCK;
use crate::Error;
use crate::files::{Bounds, Lead, World};
use crate::pipeline::{Failure, Request};
use crate::text::extension::MediaKind;

/// The lock that is asked for, else the one in its folder, and how a command is told of it. `is_near` says whether
/// commands find that folder from where they are started.
pub(super) fn lock_path(request: &Request, folder: &Path, is_near: bool) -> (PathBuf, String) {
    let path = folder.join(LOCK);
    match &request.lock {
        Some(lock) => (request.start.join(lock), format!(" --lock {}", lock.display())),
        None if is_near => (path, String::new()),
        None => {
            let option = format!(" --lock {}", path.strip_prefix(&request.start).unwrap_or(&path).display());
            (path, option)
        }
    }
}

/// The paths of a request but for files that hold no notes.
///
/// # Errors
/// All are such files: says what the first one is, and what to name instead.
pub(super) fn holding_notes(world: &World, request: &Request, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
    let faults: Vec<Option<&str>> = paths.iter().map(|path| no_notes(path).filter(|_| world.is_file(path))).collect();
    match faults.first() {
        Some(Some(fault)) if faults.iter().all(Option::is_some) => {
            let shown = request.paths.first().map(|path| path.display().to_string()).unwrap_or_default();
            Err(Failure::Usage(format!("{shown} {fault}")))
        }
        Some(_) | None => {
            let kept = paths.into_iter().zip(faults).filter(|(_, fault)| fault.is_none());
            Ok(kept.map(|(path, _)| path).collect())
        }
    }
}

/// Why a file holds no notes, as far as its name says so: what follows its path in a sentence.
fn no_notes(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match (name, MediaKind::of(name), extension.as_deref()) {
        ("deckle.yaml" | "_deck.yaml", ..) => {
            Some("holds settings and no notes; name its folder, or files of notes, or nothing for the whole project")
        }
        (LOCK, ..) => Some("remembers who each note is and holds none; name files or folders of notes"),
        (_, Some(MediaKind::Image), _) => Some("is a picture and holds no notes; name the file of notes that shows it"),
        (_, Some(MediaKind::Sound | MediaKind::Video), _) => {
            Some("is a recording and holds no notes; name the file of notes that plays it")
        }
        (_, None, Some("apkg" | "colpkg")) => Some("is a package of Anki; name the files of notes that it is made of"),
        (_, None, Some("pdf" | "docx" | "odt" | "pptx" | "xlsx" | "epub" | "zip")) => {
            Some("is no text; notes are Markdown, in files that end in `.md`")
        }
        (_, None, _) => None,
    }
}

/// Settings and the lock cannot be left out: a link that leads elsewhere ends the build.
pub(super) fn refuse_link(world: &World, bounds: &Bounds, path: &Path) -> Result<(), Error> {
    match world.follow(bounds, path) {
        Ok(Lead::Outside) => Err(Error::new("cannot read", path, "it is a link that leads out of the project")),
        // What is wrong otherwise shows when it is read.
        Ok(Lead::File(_) | Lead::Folder | Lead::Special | Lead::Nothing) | Err(_) => Ok(()),
    }
}

/// Without a project, notes and media lie below a folder that is named, or in the vault of a file that is; where there is no
/// vault, in its folder.
pub(super) fn loose_bounds(world: &World, paths: &[PathBuf], home: &Path) -> Result<Bounds, Error> {
    let mut bounds = Bounds::new(paths.is_empty().then_some(home));
    for path in paths {
        let folder = path.parent().unwrap_or(path);
        if world.is_folder(path)? {
            bounds.add(path);
        } else {
            bounds.add(&world.find_vault(folder).unwrap_or_else(|| folder.to_owned()));
        }
    }
    Ok(bounds)
}

/// Where the lock lies without a project: in the folder that was named, else beside the files.
pub(super) fn lock_folder(world: &World, paths: &[PathBuf]) -> Result<PathBuf, Error> {
    match paths {
        [only] if world.is_folder(only)? => Ok(only.clone()),
        _ => Ok(common_parent(paths)),
    }
}

/// Paths without those that are there already: named twice, or in a folder that is named.
pub(super) fn outermost(paths: &[PathBuf]) -> Vec<PathBuf> {
    let named: BTreeSet<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let mut seen = BTreeSet::new();
    let is_outermost = |path: &&PathBuf| !path.ancestors().skip(1).any(|above| named.contains(above));
    paths.iter().filter(is_outermost).filter(|path| seen.insert(*path)).cloned().collect()
}

/// The folder that holds all parents of the paths.
pub(super) fn common_parent(paths: &[PathBuf]) -> PathBuf {
    let mut parents = paths.iter().map(|path| path.parent().unwrap_or(path));
    let first = parents.next().unwrap_or(Path::new("/")).to_owned();
    parents.fold(first, |common, parent| {
        common.ancestors().find(|ancestor| parent.starts_with(ancestor)).unwrap_or(Path::new("/")).to_owned()
    })
}

/// `path` relative to `root`, parts joined by `/`; `""` is the root itself.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/"))
}

/// A path, and the folders that it lies in up to the root.
pub(super) fn with_folders(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.rmatch_indices('/').filter_map(|(at, _)| path.get(..at));
    std::iter::once(path).chain(folders).chain(std::iter::once(""))
}
