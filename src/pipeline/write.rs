//! Puts what was made on the disk: the one step that changes it.
//!
//! Knows no format; how files are written whole is up to [`files`].

use std::path::PathBuf;

use super::{Compiled, Failure, Format, Identity, Wanted};
use crate::Error;
use crate::artifact::{self, Artifact};
use crate::files::{self, Listing, NewFile, Outcome};
use crate::site::book;

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
    let mut files: Vec<NewFile<'_>> = artifacts
        .iter()
        .map(|artifact| NewFile { path: plan.out.join(&artifact.path), bytes: &artifact.bytes })
        .collect();
    let listing = compare(compiled)?;
    // Behind the packages: should one of them fail, the next build finds the lock that belongs to those that are there.
    files.extend(lock.as_ref().map(|(path, text)| NewFile { path: path.clone(), bytes: text.as_bytes() }));
    let outcomes = files::write_all(&files)?;
    files::remove_all(&plan.out, &listing.stale)?;
    // Last: what could not be removed is on the older list still.
    if !listing.text.is_empty() || !listing.stale.is_empty() {
        files::write_all(&[NewFile { path: plan.out.join(artifact::LIST), bytes: listing.text.as_bytes() }])?;
    }
    let outputs = files.into_iter().zip(outcomes);
    let book = plan.out.join(book::FOLDER);
    let outputs = outputs.map(|(file, outcome)| {
        let folder = file.path.starts_with(&book).then(|| book.clone());
        Output { size: file.bytes.len(), path: file.path, outcome, folder }
    });
    Ok(outputs.collect())
}

/// A file of the build.
#[derive(Debug)]
pub struct Output {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: usize,
    /// Whether it had to be written.
    pub outcome: Outcome,
    /// The folder that speaks for it, where it is one of many that belong together.
    pub folder: Option<PathBuf>,
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
    files::compare(&plan.out, &list, made.map(Artifact::slashed).collect(), &anew)
}
