//! Puts what was made on the disk: the one step that changes it.
//!
//! Knows no format; how files are written whole is up to [`files`].

use std::path::{Path, PathBuf};

use super::{Compiled, Failure, Format, Identity, Wanted};
use crate::Error;
use crate::artifact::{self, Artifact};
use crate::files::{self, Listing, NewFile, Outcome};
use crate::print;
use crate::site::book;
use crate::source::Recipe;

/// Writes the artifacts that changed, and then the lock; nothing where something forbids it.
///
/// # Errors
/// A file cannot be written.
pub fn write(compiled: &Compiled, wanted: &Wanted) -> Result<Vec<Output>, Failure> {
    if compiled.stop.is_some() {
        return Ok(Vec::new());
    }
    let Compiled { artifacts, plan, .. } = compiled;
    let lock = compiled.identity.as_ref().filter(|_| !wanted.frozen).and_then(Identity::to_write);
    let mut files: Vec<NewFile> = artifacts.iter().map(|artifact| new_file(&plan.out, artifact)).collect();
    let listing = compare(compiled)?;
    // Behind the packages: should one of them fail, the next build finds the lock that belongs to those that are there.
    files.extend(lock.map(|(path, text)| NewFile::lasting(path, text)));
    // First: what is written and not on a list would never be removed, should the build end here.
    if let Some(text) = listing.meanwhile {
        files::write_all(&[NewFile::new(plan.out.join(artifact::LIST), text)])?;
    }
    let outcomes = files::write_all(&files)?;
    files::remove_all(&plan.out, &listing.stale)?;
    // Last: what could not be removed is on the older list still.
    if !listing.text.is_empty() || !listing.stale.is_empty() {
        files::write_all(&[NewFile::new(plan.out.join(artifact::LIST), listing.text)])?;
    }
    let outputs = files.into_iter().zip(outcomes);
    let folders = [plan.out.join(book::FOLDER), plan.out.join(print::FOLDER).join(print::IMAGES)];
    let outputs = outputs.map(|(file, (outcome, size))| {
        let folder = folders.iter().find(|folder| file.path().starts_with(folder)).cloned();
        Output { size, path: file.path().to_owned(), outcome, folder }
    });
    Ok(outputs.collect())
}

/// A file of the build.
#[derive(Debug)]
pub struct Output {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it had to be written.
    pub outcome: Outcome,
    /// The folder that speaks for it, where it is one of many that belong together.
    pub folder: Option<PathBuf>,
}

/// Packages have to last as the lock does, which says what is in them; the rest can be made again.
fn new_file(out: &Path, artifact: &Artifact) -> NewFile {
    let path = out.join(&artifact.path);
    match artifact.recipe {
        Recipe::Zip(_) => NewFile::lasting(path, artifact.recipe.clone()),
        Recipe::Blob(_) | Recipe::Pieces(_) => NewFile::new(path, artifact.recipe.clone()),
    }
}

/// What is stale in the folders that are made anew. A site is made whole or not at all; of pages to print, a build of
/// some files says nothing of what the others made.
fn compare(compiled: &Compiled) -> Result<Listing, Error> {
    let Compiled { artifacts, plan, .. } = compiled;
    let folders = compiled.formats.iter().filter_map(|format| Some((format, format.folder()?)));
    let anew = folders.clone().filter(|(format, _)| compiled.is_whole() || **format == Format::Book);
    let anew: Vec<&str> = anew.map(|(_, folder)| folder).collect();
    let made = artifacts.iter().filter(|made| folders.clone().any(|(_, folder)| made.path.starts_with(folder)));
    let list = plan.out.join(artifact::LIST);
    files::compare(&plan.out, &list, &made.map(Artifact::slashed).collect(), &anew)
}
