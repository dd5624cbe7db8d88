//! Turns a build into what the next one need not do again, in a file of the output folder, and back.
//!
//! Where nothing changed that the last build saw, and what it made lies there as it left it, the next one would say and
//! make the same: it says so. Else it takes the fields of notes from there, and pages that lie there still and would be made
//! the same. Without the file nothing is lost but time. Knows nothing of what is said.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::kept::SavedDocuments;
use super::output::Output;
use super::{Compiled, Failure, KeptPieces, Request};
use crate::Error;
use crate::apkg::Packed;
use crate::artifact::{self, KeptPage, Key, Made};
use crate::config;
use crate::files::{self, Again, KeptFile, Outcome, World};
use crate::source::{Recipe, Source, Sources};
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
    /// What a build saw of the disk that left nothing.
    seen: Option<Vec<u8>>,
}

/// What a build saw that is not remembered, as one that fails.
#[derive(Debug, Default)]
pub struct Sight(Option<Vec<u8>>);

impl Sight {
    /// Whether it would see the same of the disk now: it would fail once more, and say the same.
    pub fn is_as_before(&self) -> bool {
        self.0.as_ref().is_some_and(|seen| files::see_again(seen) != Again::Other)
    }
}

/// What a build would say and make once more.
#[derive(Debug)]
pub struct Recalled {
    /// What was to be kept of what it said.
    pub said: Vec<u8>,
    /// The files, none of which had to be written.
    pub outputs: Vec<Output>,
}

/// What a build leaves to the next one.
#[derive(Debug)]
pub(super) struct Left {
    /// What it saw of the disk.
    seen: Vec<u8>,
    /// What lies in the output folder since.
    made: Vec<u8>,
    outputs: Vec<u8>,
    pages: Vec<u8>,
    /// What [`pack_fields`] gives.
    fields: Vec<u8>,
    /// What [`SavedDocuments::into_left`] gives.
    documents: Vec<u8>,
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
        Ok(Self { out, key, last, seen: None })
    }

    /// What the last build said and made, where this one would say and make the same.
    pub fn recall(&self) -> Option<Recalled> {
        let (out, (key, [seen, made, outputs, said, pages, fields, documents])) = (self.out.as_ref()?, self.parts()?);
        if key != self.key {
            return None;
        }
        let again = files::see_again(seen);
        let now_seen = renewed(&again, seen)?;
        let again = files::see_again(made);
        let now_made = renewed(&again, made)?;
        if [now_seen, now_made] != [seen, made] {
            self.leave(out, [now_seen, now_made, outputs, said, pages, fields, documents]);
        }
        let unpack = |from: &mut Unpack<'_>| {
            let (path, size) = (PathBuf::from(from.text()?), from.number()?);
            Some(Output::new(out, path, Outcome::Unchanged, size))
        };
        Some(Recalled { said: said.to_vec(), outputs: Unpack::new(outputs).many(unpack)? })
    }

    /// Takes down what a build saw that is not remembered.
    pub(super) fn saw(&mut self, seen: Option<Vec<u8>>) {
        self.seen = seen;
    }

    /// What the build saw that this memory was given to, where that is not remembered.
    pub fn sight(&mut self) -> Sight {
        Sight(self.seen.take())
    }

    /// What formats made the last time.
    pub(super) fn pieces(&self) -> KeptPieces {
        let pieces = self.parts().and_then(|(_, [.., pages, fields, _])| unpack_pieces(pages, fields));
        pieces.unwrap_or_else(KeptPieces::of_pages)
    }

    /// The documents that were read the last time.
    pub(super) fn documents(&self) -> SavedDocuments<'_> {
        self.parts().map_or_else(SavedDocuments::default, |(_, [.., documents])| SavedDocuments::new(documents))
    }

    /// Leaves to the next build what this one did, and what is to be kept of what was said of it.
    pub(super) fn keep(&self, out: &Path, left: &Left, said: &[u8]) {
        let Left { seen, made, outputs, pages, fields, documents } = left;
        // Where there is no room for all, documents are what is made anew in the least time.
        let all: usize = [seen, made, outputs, pages, fields, documents].map(Vec::len).iter().sum();
        let has_room = ((all + said.len() + ROOM_OF_REST) as u64) <= files::MOST_SEALED;
        let documents = if has_room { documents.as_slice() } else { &[] };
        self.leave(out, [seen, made, outputs, said, pages, fields, documents]);
    }

    fn parts(&self) -> Option<(u128, [&[u8]; 7])> {
        let mut from = Unpack::new(self.last.as_ref()?.bytes());
        let key = from.hash()?;
        let mut next = || from.bytes();
        Some((key, [next()?, next()?, next()?, next()?, next()?, next()?, next()?]))
    }

    fn leave(&self, out: &Path, parts: [&[u8]; 7]) {
        let mut parcel = Parcel::with_room(ROOM_OF_REST + parts.map(<[u8]>::len).iter().sum::<usize>());
        parcel.hash(self.key);
        for part in parts {
            parcel.bytes(part);
        }
        files::seal(&out.join(files::CACHE), out, parcel.into_bytes());
    }
}

/// More than the key and the lengths take of what is left, in bytes.
const ROOM_OF_REST: usize = 128;

/// What to remember in the place of what was `seen`; `None` where that is another now.
fn renewed<'a>(again: &'a Again, seen: &'a [u8]) -> Option<&'a [u8]> {
    match again {
        Again::Same => Some(seen),
        Again::Renewed(now) => Some(now),
        Again::Other => None,
    }
}

/// What a build leaves that saw the one world, and looks at its outputs with the other, which is older than they; `None` where
/// it may not be remembered. `hashes` are those of the outputs that are there, `kept` what [`pack_fields`] and [`SavedDocuments::into_left`] gave.
pub(super) fn left(
    [world, after]: [&World; 2],
    compiled: &Compiled,
    outputs: &[Output],
    hashes: &[u128],
    pieces: KeptPieces,
    [fields, documents]: [Vec<u8>; 2],
) -> Option<Left> {
    for (output, hash) in outputs.iter().zip(hashes) {
        after.has_written(&output.path, *hash);
    }
    // Where there is none, there is to be none the next time.
    let _ = after.read_bytes(&compiled.plan.out.join(artifact::LIST));
    let there = outputs.iter().zip(hashes).map(|(output, hash)| (output.path.as_path(), *hash));
    // Of the files of one recipe the first: it is there when the others become links to it.
    let made: HashMap<usize, (&Path, u128)> =
        compiled.artifacts.iter().map(|artifact| artifact.recipe.address()).zip(there).rev().collect();
    let pages = pack_pages(pieces, &made, world.since()?);
    Some(Left { seen: world.seen()?, made: after.seen()?, outputs: pack_outputs(outputs)?, pages, fields, documents })
}

/// `None` where a path is not UTF-8.
fn pack_outputs(outputs: &[Output]) -> Option<Vec<u8>> {
    let there: Vec<&Output> = outputs.iter().filter(|output| output.outcome != Outcome::Removed).collect();
    let mut parcel = Parcel::default();
    parcel.count(there.len());
    for output in there {
        parcel.text(output.path.to_str()?);
        parcel.number(output.size);
    }
    Some(parcel.into_bytes())
}

/// `made` are the files that artifacts were written to, by the address of their recipe. None of the others was looked at
/// before `since`, in nanoseconds of the Unix epoch.
fn pack_pages(mut pieces: KeptPieces, made: &HashMap<usize, (&Path, u128)>, since: u64) -> Vec<u8> {
    let mut parcel = Parcel::default();
    for pages in pieces.pages.iter_mut().flat_map(|pages| [&mut pages.print, &mut pages.book, &mut pages.site]) {
        let there = |(key, page)| place(page, made).map(|(path, hash)| (key, page, path, hash));
        let kept: Vec<(Key, &KeptPage, String, u128)> = pages.kept().into_iter().filter_map(there).collect();
        parcel.count(kept.len());
        for (Key(key), KeptPage { recipe: _, has_math, links }, path, hash) in kept {
            parcel.hash(key);
            files::pack_kept(&path, hash, since, &mut parcel);
            parcel.number(u64::from(*has_math));
            parcel.count(links.len());
            for (url, target) in links {
                parcel.text(url);
                parcel.text(target);
            }
        }
    }
    parcel.into_bytes()
}

/// The fields of notes, as [`Left`] has them.
pub(super) fn pack_fields(fields: &mut Made<Packed>) -> Vec<u8> {
    let kept = fields.kept();
    let room: usize = kept.iter().map(|(_, packed)| size_of::<Key>() + packed.room()).sum();
    let mut parcel = Parcel::with_room(room + size_of::<Key>());
    parcel.count(kept.len());
    for (Key(key), packed) in kept {
        parcel.hash(key);
        packed.pack(&mut parcel);
    }
    parcel.into_bytes()
}

/// The file of a page.
fn place(page: &KeptPage, made: &HashMap<usize, (&Path, u128)>) -> Option<(String, u128)> {
    if let Some((path, hash)) = made.get(&page.recipe.address()) {
        return Some(((*path).to_str()?.to_owned(), *hash));
    }
    // Of a format that was not made this time.
    let Recipe::There(there) = &page.recipe else { return None };
    Some((there.path.to_str()?.to_owned(), there.hash))
}

/// Pages that lie there no longer as they were are none.
fn unpack_pieces(pages: &[u8], fields: &[u8]) -> Option<KeptPieces> {
    let (mut from, mut fields) = (Unpack::new(pages), Unpack::new(fields));
    let kept = KeptPieces::of_pages();
    for pages in kept.pages.iter().flat_map(|pages| [&pages.print, &pages.book, &pages.site]) {
        pages.put(from.many(unpack_page)?.into_iter().flatten());
    }
    kept.fields.put(fields.many(|from| Some((Key(from.hash()?), Packed::unpack(from)?)))?);
    (from.is_empty() && fields.is_empty()).then_some(kept)
}

fn unpack_page(from: &mut Unpack<'_>) -> Option<Vec<(Key, KeptPage)>> {
    let (key, file) = (Key(from.hash()?), files::unpack_kept(from)?);
    let has_math = from.number()? == 1;
    let links = from.many(|from| Some((from.text()?.to_owned(), from.text()?.to_owned())))?;
    Some(match file {
        KeptFile::There(there) => vec![(key, KeptPage { recipe: Recipe::There(there.into()), has_math, links })],
        KeptFile::Gone => Vec::new(),
    })
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
    let Ok(project) = project(world, &root) else { return Ok(None) };
    Ok(Some(files::absolute(&root.join(project.out))?))
}

/// The settings of a project; what is wrong with them is said elsewhere.
///
/// # Errors
/// They cannot be read.
pub(super) fn project(world: &World, root: &Path) -> Result<config::Project, Error> {
    let text = world.read_settings(&root.join("deckle.yaml"))?;
    let mut sources = Sources::default();
    let id = sources.push(Source { path: String::new(), text: text.text });
    Ok(config::read_project(id, sources.get(id), &mut Vec::new()))
}
