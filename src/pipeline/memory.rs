//! Turns a build into what the next one need not do again, in a file of the output folder, and back.
//!
//! Where nothing changed that the last build saw, and what it made lies there as it left it, the next one would say and
//! make the same: it says so. Without the file nothing is lost but time. Knows nothing of what is said.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::write::{self, Built, Output};
use super::{Failure, Request};
use crate::config;
use crate::files::{self, Again, Outcome, World};
use crate::source::{Source, Sources};
use crate::text::parcel::{Parcel, Unpack};

/// What is remembered of the last build in an output folder.
#[derive(Debug)]
pub struct Memory {
    /// The output folder; `None` where none is known.
    out: Option<PathBuf>,
    /// All that a build depends on beside the disk.
    key: u128,
    /// What it left.
    last: Option<files::Unsealed>,
}

/// What a build would say and make once more.
#[derive(Debug)]
pub struct Recalled {
    /// What was to be kept of what it said.
    pub said: Vec<u8>,
    /// The files, none of which had to be written.
    pub outputs: Vec<Output>,
}

impl Memory {
    /// Looks for what the last build left. `said` is all that changes what is said of a build, beside its request.
    ///
    /// # Errors
    /// There is no working folder.
    pub fn new(world: &World, request: &Request, said: &str) -> Result<Self, Failure> {
        let out = out(world, request)?;
        let epoch = world.source_date_epoch.then_some(world.now);
        let key = xxh3_128(format!("{request:?} {epoch:?} {said}").as_bytes());
        let last = out.as_ref().and_then(|out| files::unseal(&out.join(files::CACHE)));
        Ok(Self { out, key, last })
    }

    /// What the last build said and made, where this one would say and make the same.
    pub fn recall(&self) -> Option<Recalled> {
        let out = self.out.as_ref()?;
        let mut from = Unpack::new(self.last.as_ref()?.bytes());
        if from.hash()? != self.key {
            return None;
        }
        let [seen, made, outputs, said] = [from.bytes()?, from.bytes()?, from.bytes()?, from.bytes()?];
        let again = [files::see_again(seen), files::see_again(made)];
        let now = [renewed(&again[0], seen)?, renewed(&again[1], made)?];
        if now != [seen, made] {
            self.leave(out, [now[0], now[1], outputs, said]);
        }
        let unpack = |from: &mut Unpack<'_>| {
            let (path, size) = (PathBuf::from(from.text()?), from.number()?);
            Some(write::output(out, path, Outcome::Unchanged, size))
        };
        Some(Recalled { said: said.to_vec(), outputs: Unpack::new(outputs).many(unpack)? })
    }

    /// Remembers a build that put files in their places, and what is to be kept of what was said of it.
    pub fn keep(&self, built: &Built, said: &[u8]) {
        let out = &built.compiled.plan.out;
        if let Some(((seen, made), outputs)) = built.seen.as_ref().zip(pack(&built.outputs)) {
            self.leave(out, [seen, made, &outputs, said]);
        }
    }

    fn leave(&self, out: &Path, parts: [&[u8]; 4]) {
        let mut parcel = Parcel::default();
        parcel.hash(self.key);
        for part in parts {
            parcel.bytes(part);
        }
        files::seal(&out.join(files::CACHE), out, &parcel.into_bytes());
    }
}

/// What to remember in the place of what was `seen`; `None` where that is another now.
fn renewed<'a>(again: &'a Again, seen: &'a [u8]) -> Option<&'a [u8]> {
    match again {
        Again::Same => Some(seen),
        Again::Renewed(now) => Some(now),
        Again::Other => None,
    }
}

/// `None` where a path is not UTF-8.
fn pack(outputs: &[Output]) -> Option<Vec<u8>> {
    let there: Vec<&Output> = outputs.iter().filter(|output| output.outcome != Outcome::Removed).collect();
    let mut parcel = Parcel::default();
    parcel.count(there.len());
    for output in there {
        parcel.text(output.path.to_str()?);
        parcel.number(output.size);
    }
    Some(parcel.into_bytes())
}

/// The folder that a request will write into, as far as that shows before notes are looked for.
fn out(world: &World, request: &Request) -> Result<Option<PathBuf>, Failure> {
    if let Some(out) = &request.out {
        return Ok(Some(request.start.join(out)));
    }
    let place = request.paths.first().map_or_else(|| request.start.clone(), |path| request.start.join(path));
    let Some(root) = world.find_project(&files::absolute(&place)?) else {
        return Ok(Some(request.start.join("dist")));
    };
    let Ok(text) = world.read_settings(&root.join("deckle.yaml")) else { return Ok(None) };
    let mut sources = Sources::default();
    let id = sources.push(Source { path: String::new(), text: text.text });
    let project = config::read_project(id, sources.get(id), &mut Vec::new());
    Ok(Some(files::absolute(&root.join(project.out))?))
}
