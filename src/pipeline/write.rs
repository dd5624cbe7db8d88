//! Puts what was made on the disk: the one step that changes it.
//!
//! Knows no format; how files are written whole is up to [`files`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::gathered::{MAX_LOCK, Plan};
use super::memory::{self, Left, Memory};
use super::output::Output;
use super::printed::{self, Printed, Unprinted};
use super::sited;
use super::{
    Compiled, Failure, Identity, KeptPieces, Progress, Request, Step, Wanted, compile_again, published, questions,
};
use crate::Error;
use crate::artifact::{self, Artifact};
use crate::files::{self, Listing, NewFile, Outcome, Reserved, World};
use crate::print;
use crate::site::book;
use crate::source::Recipe;
use crate::text::hidden;
use crate::text::path::fold;

/// Compiles and writes. Of two builds at once the second waits for the first, which `wait` is told with the folder, and
/// goes by the lock that the first one wrote.
///
/// # Errors
/// As for [`compile`](super::compile) and [`write()`].
pub fn build(
    world: &World,
    request: &Request,
    memory: &mut Memory,
    progress: &Progress<'_>,
    wait: &mut dyn FnMut(&Path),
) -> Result<Built, Failure> {
    let mut seeing = world.attentive();
    let built = build_seeing(world, &mut seeing, request, memory, progress, wait);
    let is_remembered = built.as_ref().is_ok_and(|built| built.left.is_some());
    memory.saw(if is_remembered { None } else { seeing.seen() });
    built
}

/// As [`build`]. `seeing` is the world that all that is compiled is seen in.
fn build_seeing(
    world: &World,
    seeing: &mut World,
    request: &Request,
    memory: &Memory,
    progress: &Progress<'_>,
    wait: &mut dyn FnMut(&Path),
) -> Result<Built, Failure> {
    let mut documents = memory.documents();
    let (mut compiled, mut pieces) = compile_again(seeing, request, &mut documents, || memory.pieces(), progress)?;
    if compiled.stop.is_some() {
        return Ok(Built { compiled, outputs: Vec::new(), unprinted: None, left: None });
    }
    let reserved = reserve(&compiled, wait)?;
    if is_outdated(world, &compiled)? {
        *seeing = world.attentive();
        (compiled, pieces) = compile_again(seeing, request, &mut documents, KeptPieces::of_pages, progress)?;
    }
    progress(Step::Write);
    // What somebody else puts among the outputs from here on is newer than this.
    let after = World::at(0).attentive();
    let asked = (!request.wanted.frozen).then(|| questions::file(seeing, &compiled)).flatten();
    // As long as nobody else writes there.
    let is_kept = !request.wanted.frozen && reserved.is_alone();
    let mut fields = std::mem::take(&mut pieces.fields);
    let pack = || if is_kept { memory::pack_fields(&mut fields) } else { Vec::new() };
    // To write is mostly to wait for the disk.
    let (files, fields) = rayon::join(|| put(&compiled, &request.wanted, &reserved), pack);
    let Files { mut outputs, mut hashes, lock } = files?;
    remember(world, &compiled, &request.wanted, lock)?;
    if let Some(asked) = asked {
        asked.put(&compiled.plan.out)?;
    }
    // Last: a browser takes its time, and may fail.
    let printed = printed::print(&compiled, &hashes, request.browser.as_deref(), progress)?;
    let Printed { outputs: pdfs, unprinted } = printed;
    // Before what was removed, which has no hash.
    for (at, (output, hash)) in (hashes.len()..).zip(pdfs) {
        outputs.insert(at, output);
        hashes.push(hash);
    }
    let is_kept = is_kept && unprinted.is_none();
    let kept = [fields, documents.into_left()];
    let left = is_kept.then(|| memory::left([seeing, &after], &compiled, &outputs, &hashes, pieces, kept)).flatten();
    Ok(Built { compiled, outputs, unprinted, left })
}

/// What came of a build.
#[derive(Debug)]
pub struct Built {
    /// What was compiled.
    pub compiled: Compiled,
    /// The files.
    pub outputs: Vec<Output>,
    /// Why pages have no PDF that should have one.
    pub unprinted: Option<Unprinted>,
    /// What to remember; `None` where nothing may be.
    pub(super) left: Option<Left>,
}

impl Built {
    /// Remembers the build, and what is to be kept of what was said of it.
    pub fn remember(&self, memory: &Memory, said: &[u8]) {
        if let Some(left) = &self.left {
            memory.keep(&self.compiled.plan.out, left, said);
        }
    }
}

/// Writes the artifacts that changed, and then the lock; nothing where something forbids it.
///
/// # Errors
/// A file cannot be written, or would take the place of one that is not deckle's.
pub fn write(compiled: &Compiled, wanted: &Wanted) -> Result<Vec<Output>, Failure> {
    if compiled.stop.is_some() {
        return Ok(Vec::new());
    }
    put(compiled, wanted, &reserve(compiled, &mut |_| {})?).map(|files| files.outputs)
}

/// Remembers which packages lie there now, and for which lock: the one of this hash, if it is another one than before.
fn remember(world: &World, compiled: &Compiled, wanted: &Wanted, lock: Option<u64>) -> Result<(), Error> {
    let shelf = compiled.identity.as_ref().and_then(|identity| identity.shelf.as_ref());
    let Some(shelf) = shelf.filter(|_| !wanted.frozen) else { return Ok(()) };
    let made = compiled.artifacts.iter().map(Artifact::slashed).collect();
    published::remember(world, &compiled.plan, shelf, lock, &made)
}

/// Keeps other builds away from the output folder and from the lock.
fn reserve(compiled: &Compiled, wait: &mut dyn FnMut(&Path)) -> Result<Reserved, Error> {
    let Plan { out, out_stays_in, .. } = &compiled.plan;
    if out_stays_in.as_ref().is_some_and(|root| !files::stays_in(root, out)) {
        return Err(Error::new(
            "cannot write",
            out,
            "it is a link that leads out of the project; name the folder with `-o DIR`",
        ));
    }
    let folders = [Some(compiled.plan.out.as_path()), compiled.plan.lock.path.parent()];
    files::reserve(&folders.into_iter().flatten().collect::<Vec<_>>(), wait)
}

/// Whether the lock is another one than that which the compilation went by, or a page that was not to be made again.
fn is_outdated(world: &World, compiled: &Compiled) -> Result<bool, Error> {
    let is_gone = |artifact: &Artifact| match &artifact.recipe {
        Recipe::There(there) => !files::is_still_there(there),
        Recipe::Blob(_) | Recipe::Pieces(_) | Recipe::Zip(_) => false,
    };
    if compiled.artifacts.iter().any(is_gone) {
        return Ok(true);
    }
    let then = compiled.plan.lock.source.map(|id| compiled.sources.get(id).text.as_str());
    if then.is_some_and(|then| world.holds(&compiled.plan.lock.path, then)) {
        return Ok(false);
    }
    // The same text may stand there otherwise, as with other line ends.
    let now = world.read_text_if_there(&compiled.plan.lock.path)?;
    Ok(now.as_ref().map(|now| now.text.as_str()) != then)
}

/// What was put in its place.
#[derive(Default)]
struct Files {
    outputs: Vec<Output>,
    /// The hashes of those that are there, in their order.
    hashes: Vec<u128>,
    /// The hash of the lock's text where that is another one.
    lock: Option<u64>,
}

fn put(compiled: &Compiled, wanted: &Wanted, reserved: &Reserved) -> Result<Files, Failure> {
    if compiled.stop.is_some() {
        return Ok(Files::default());
    }
    let Compiled { artifacts, plan, .. } = compiled;
    let lock = compiled.identity.as_ref().filter(|_| !wanted.frozen).and_then(Identity::to_write);
    if let Some((path, _)) = lock.as_ref().filter(|(_, text)| text.len() as u64 > MAX_LOCK << 20) {
        let cause =
            format!("it would be larger than {MAX_LOCK} MiB, and not be read again; make two projects of the notes");
        return Err(Error::new("cannot write", path, cause).into());
    }
    let hash = lock.as_ref().map(|(_, text)| published::hash_of(text));
    let mut files: Vec<NewFile> = artifacts.iter().map(|artifact| new_file(&plan.out, artifact)).collect();
    let mut listing = compare(compiled)?;
    if is_begun_anew(compiled, wanted) {
        forget_old_id(compiled, &mut listing);
    }
    refuse_other_project(compiled, &listing.known)?;
    refuse_foreign(compiled, wanted, &listing.known)?;
    let listed: Vec<PathBuf> = listing.known.iter().map(|path| plan.out.join(path)).collect();
    files::tidy(reserved, &plan.out, files.iter().map(NewFile::path).chain(listed.iter().map(PathBuf::as_path)));
    if let Some(folder) = plan.lock.path.parent().filter(|_| !wanted.frozen) {
        files::tidy(reserved, folder, [plan.lock.path.as_path()]);
    }
    // Behind the packages: should one of them fail, the next build finds the lock that belongs to those that are there.
    files.extend(lock.map(|(path, text)| NewFile::lasting(path, text)));
    // First: what is written and not on a list would never be removed, should the build end here.
    if let Some(text) = listing.meanwhile {
        files::write_all(&[new_list(&plan.out, text)])?;
    }
    let outcomes = files::put_all(&files)?;
    let stale: Vec<PathBuf> = listing.stale.iter().filter(|path| files::is_there(path)).cloned().collect();
    files::remove_all(&plan.out, &listing.stale)?;
    // Last: what could not be removed is on the older list still.
    if !listing.text.is_empty() || !listing.stale.is_empty() {
        files::write_all(&[new_list(&plan.out, listing.text)])?;
    }
    let hashes = outcomes.iter().map(|put| put.hash).collect();
    let removed = stale.into_iter().map(|path| (path, (Outcome::Removed, 0)));
    let outcomes = outcomes.into_iter().map(|put| (put.outcome, put.size));
    let outputs = files.into_iter().map(|file| file.path().to_owned()).zip(outcomes).chain(removed);
    let outputs = outputs.map(|(path, (outcome, size))| Output::new(&plan.out, path, outcome, size)).collect();
    Ok(Files { outputs, hashes, lock: hash })
}

/// Packages have to last as the lock does, which says what is in them; the rest can be made again.
fn new_file(out: &Path, artifact: &Artifact) -> NewFile {
    let path = out.join(&artifact.path);
    let file = match artifact.recipe {
        Recipe::Zip(_) => NewFile::lasting(path, artifact.recipe.clone()),
        Recipe::Blob(_) | Recipe::Pieces(_) | Recipe::There(_) => NewFile::new(path, artifact.recipe.clone()),
    };
    file.within(out)
}

fn new_list(out: &Path, text: String) -> NewFile {
    NewFile::new(out.join(artifact::LIST), text).within(out)
}

/// Starts the line of a project that has pages here: nobody else's may lie among them.
const PROJECT: &str = "project ";
/// Starts the line of a project that has packages and data alone.
const PACKAGES: &str = "packages of ";

/// What the files of a build are made of, as a line of the list.
fn made_of(compiled: &Compiled) -> String {
    if compiled.plan.is_loose {
        return format!("{}files", artifact::MADE_OF);
    }
    let has_pages = compiled.formats.iter().any(|format| format.folder().is_some());
    let what = if has_pages { PROJECT } else { PACKAGES };
    let id: String = compiled.collection.id.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{}{what}{id}", artifact::MADE_OF)
}

/// The project that a line of the list names, where it is another than this one, and whether it has pages.
fn other_project<'a>(compiled: &Compiled, line: &'a str) -> Option<(&'a str, bool)> {
    let made_of = line.strip_prefix(artifact::MADE_OF)?;
    let pages = made_of.strip_prefix(PROJECT).map(|id| (id, true));
    let (id, has_pages) = pages.or_else(|| Some((made_of.strip_prefix(PACKAGES)?, false)))?;
    let own = compiled.collection.id.chars().map(|c| if c.is_control() { ' ' } else { c });
    // A project has its id from its first notes on: what was made before them is nobody's.
    (!id.is_empty() && (compiled.plan.is_loose || !id.chars().eq(own))).then_some((id, has_pages))
}

/// Whether the lock is lost and somebody said that the build may go on without.
fn is_begun_anew(compiled: &Compiled, wanted: &Wanted) -> bool {
    wanted.accept_loss && compiled.identity.as_ref().is_some_and(|identity| identity.lost.is_some())
}

/// What was made of these notes under another id is no other project's.
fn forget_old_id(compiled: &Compiled, listing: &mut Listing) {
    let shelf = compiled.identity.as_ref().and_then(|identity| identity.shelf.as_ref());
    let is_old = |id: &str| shelf.is_some_and(|shelf| shelf.knows_id(id));
    let stays = |line: &str| other_project(compiled, line).is_none_or(|(id, _)| !is_old(id));
    let without = |text: &str| text.split_inclusive('\n').filter(|line| stays(line.trim_end_matches('\n'))).collect();
    listing.known.retain(|line| stays(line));
    listing.text = without(&listing.text);
    listing.meanwhile = listing.meanwhile.as_deref().map(without);
}

/// The pages of two projects in one folder would take each other away. Files without a project have no more than a book in
/// common with one.
fn refuse_other_project(compiled: &Compiled, known: &BTreeSet<String>) -> Result<(), Error> {
    let mut made = compiled.formats.iter();
    let has_pages =
        made.any(|format| if compiled.plan.is_loose { format.is_of_all_files() } else { format.folder().is_some() });
    let mut others = known.iter().filter_map(|line| other_project(compiled, line));
    match others.find(|(_, others)| has_pages && *others) {
        Some((other, _)) => {
            let cause = format!("it holds what is made of the project `{other}`; write elsewhere with `-o DIR`");
            Err(Error::new("cannot write", &compiled.plan.out, cause))
        }
        None => Ok(()),
    }
}

/// Nothing takes the place of a file that was read or that somebody else made, nor are pages put among those of a book that
/// somebody else made. `known` is what the list of earlier builds names.
fn refuse_foreign(compiled: &Compiled, wanted: &Wanted, known: &BTreeSet<String>) -> Result<(), Error> {
    let Compiled { artifacts, plan, sources, collection, .. } = compiled;
    let out = files::absolute(&plan.out)?;
    let sources = sources.iter().map(|(_, source)| source.path.as_str());
    let inputs = sources.chain(collection.media.iter().map(|media| media.path.as_str()));
    let inputs: BTreeSet<PathBuf> =
        inputs.map(|path| files::absolute(&plan.root.join(path))).collect::<Result<_, _>>()?;
    if let Some(made) = artifacts.iter().find(|made| inputs.contains(&out.join(&made.path))) {
        let cause = "it is read for this build; write elsewhere with `-o DIR`";
        return Err(Error::new("cannot write", out.join(&made.path), cause));
    }
    if let Some(strange) = printed::foreign(compiled, known) {
        let cause = "deckle did not make it; move it away, or write elsewhere with `-o DIR`";
        return Err(Error::new("cannot write", strange, cause));
    }
    let folder = out.join(book::FOLDER);
    let is_ours = known.iter().any(|path| path.starts_with(book::FOLDER)) || files::is_there(&folder.join(book::MARK));
    // A list without a word of what it is made of is an older one, and names no packages; outputs may be kept without a list.
    if known.iter().any(|line| line.starts_with(artifact::MADE_OF)) || (known.is_empty() && !is_ours) {
        refuse_others(compiled, wanted, &out, known)?;
    }
    if is_ours || !files::is_there(&folder) {
        return Ok(());
    }
    let pages = artifacts.iter().filter(|made| made.path.starts_with(book::FOLDER));
    match pages.map(|made| out.join(&made.path)).find(|path| files::is_there(path)) {
        Some(path) => {
            let cause = "deckle did not make it; move its folder away, or write elsewhere with `-o DIR`";
            Err(Error::new("cannot write", path, cause))
        }
        None => Ok(()),
    }
}

/// Packages and pages take the place of none that somebody else made. Of books more is known than their names.
fn refuse_others(compiled: &Compiled, wanted: &Wanted, out: &Path, known: &BTreeSet<String>) -> Result<(), Error> {
    let is_shared = !compiled.plan.is_loose && known.iter().any(|line| other_project(compiled, line).is_some());
    // Where the file system knows no case, what was made under a name of another case is the same file.
    let known: BTreeSet<String> = known.iter().map(|path| fold(path)).collect();
    for made in compiled.artifacts.iter().filter(|made| !made.path.starts_with(book::FOLDER)) {
        let place = out.join(&made.path);
        let is_listed = known.contains(&fold(&made.slashed()));
        let cause = if !is_listed && !is_recognised(compiled, wanted, made, &place) {
            "deckle did not make it; move it away, or write elsewhere with `-o DIR`"
        } else if is_listed && is_shared && is_of_another(compiled, made, &place) {
            "another project made it; write elsewhere with `-o DIR`"
        } else {
            continue;
        };
        if files::is_other_file(&place, &made.recipe)? {
            return Err(Error::new("cannot write", place, cause));
        }
    }
    Ok(())
}

/// So much of a file is looked at, in bytes, to know whether deckle made it.
const BEGINNING: u64 = 4096;

/// Whether what lies at an artifact's place is of deckle's form, for lists can be lost: a package with notes of this
/// collection, a page with our policy, a site with our script, data that begins as ours.
fn is_recognised(compiled: &Compiled, wanted: &Wanted, made: &Artifact, place: &Path) -> bool {
    let name = made.slashed();
    if is_package(made) {
        let shelf = compiled.identity.as_ref().and_then(|identity| identity.shelf.as_ref());
        return shelf
            .is_some_and(|shelf| shelf.is_ours(&name) || is_begun_anew(compiled, wanted) && shelf.is_strange(&name));
    }
    if made.path.starts_with(sited::FOLDER) {
        // mdBook may have made the site before, of the same book.
        return files::is_there(&compiled.plan.out.join(sited::FOLDER).join(book::MARK));
    }
    let is_page = made.path.starts_with(print::FOLDER);
    // Of pictures and of pages that a project designs itself nothing is sure.
    if is_page
        && (made.path.extension().is_none_or(|end| end != "html") || !compiled.plan.printing.templates.is_empty())
    {
        return true;
    }
    let text = files::beginning(place, BEGINNING);
    if is_page { text.contains(POLICY) } else { text.starts_with('{') }
}

/// What all our pages to print allow themselves at most.
const POLICY: &str = "Content-Security-Policy\" content=\"default-src 'none'";

/// Whether a listed file was made of another project, which shares the folder.
fn is_of_another(compiled: &Compiled, made: &Artifact, place: &Path) -> bool {
    if is_package(made) {
        let shelf = compiled.identity.as_ref().and_then(|identity| identity.shelf.as_ref());
        return shelf.is_some_and(|shelf| shelf.is_others(&made.slashed()));
    }
    let id = format!("\n\"id\":{},", serde_json::Value::from(compiled.collection.id.as_str()));
    let text = files::beginning(place, BEGINNING);
    text.starts_with("{\n\"version\"") && !text.contains(&*hidden::shown_json(&id))
}

fn is_package(made: &Artifact) -> bool {
    made.path.extension().is_some_and(|end| end == "apkg")
}

/// What is stale in the folders that are made anew. A site is made whole or not at all; of pages to print, a build of
/// some files says nothing of what the others made. Of packages only those of the other form are.
fn compare(compiled: &Compiled) -> Result<Listing, Error> {
    let Compiled { artifacts, plan, .. } = compiled;
    let folders = compiled.formats.iter().filter_map(|format| Some((format, format.folder()?)));
    let anew = folders.clone().filter(|(format, _)| compiled.is_whole() || format.is_of_all_files());
    let anew: Vec<&str> = anew.map(|(_, folder)| folder).collect();
    let made = artifacts.iter().map(Artifact::slashed).chain(printed::spoken_of(compiled)?).chain([made_of(compiled)]);
    let list = plan.out.join(artifact::LIST);
    files::compare(&plan.out, &list, &made.collect(), &anew, &compiled.packages_of_other_form())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Which artifacts are made anew by a build.
    fn made(world: &World, request: &Request) -> Vec<String> {
        made_from(world, request).0
    }

    /// The same, and of how many files it reads more than their text.
    fn made_from(world: &World, request: &Request) -> (Vec<String>, usize) {
        let mut memory = Memory::new(world, request, "").unwrap();
        let read = AtomicUsize::new(0);
        let progress = |step| {
            read.fetch_add(usize::from(matches!(step, Step::File)), Ordering::Relaxed);
        };
        let built = build(world, request, &mut memory, &progress, &mut |_| {}).unwrap();
        built.remember(&memory, b"");
        let artifacts = built.compiled.artifacts.iter();
        let anew = artifacts.filter(|artifact| !matches!(artifact.recipe, Recipe::There(_)));
        // The book has what is printed to download.
        let of_deck =
            |path: &String| path.starts_with("print/") || ["book/Tea.md", "book/Milk.md"].contains(&path.as_str());
        (anew.map(Artifact::slashed).filter(of_deck).collect(), read.into_inner() - built.compiled.tally.files.len())
    }

    #[test]
    fn pages_whose_notes_did_not_change_are_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("deckle.yaml", "id: kept\ncontent: .\n");
        for deck in ["Tea", "Milk"] {
            put(&format!("{deck}.md"), &format!("---\ndeck: {deck}\n---\n## Is {deck} hot?\n\nYes.\n"));
        }
        let world = World::at(1_700_000_000);
        let wanted = Wanted { formats: crate::pipeline::Formats::Usual, ..Wanted::default() };
        let request = Request { start: folder.path().to_owned(), wanted, ..Request::default() };
        assert_eq!(made(&world, &request).len(), 6, "cards, sheet and chapter of two decks");
        assert_eq!(made(&world, &request), [""; 0], "nothing changed");
        put("Tea.md", "---\ndeck: Tea\n---\n## Is Tea hot?\n\nNo.\n");
        let edited = made(&world, &request);
        assert_eq!(edited, ["print/tea-cards.html", "print/tea-sheet.html", "book/Tea.md"]);
    }

    #[test]
    fn files_that_did_not_change_are_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("deckle.yaml", "id: saved\ncontent: .\n");
        for deck in ["Tea", "Milk"] {
            put(&format!("{deck}.md"), &format!("---\ndeck: {deck}\n---\n## Is {deck} hot?\n\nYes.\n"));
        }
        let world = World::at(1_700_000_000);
        let wanted = Wanted { formats: crate::pipeline::Formats::Usual, ..Wanted::default() };
        let request = Request { start: folder.path().to_owned(), wanted, ..Request::default() };
        let read = || made_from(&world, &request).1;
        assert_eq!((read(), read()), (2, 0));
        put("Tea.md", "---\ndeck: Tea\n---\n## Is Tea hot?\n\nNo.\n");
        assert_eq!(read(), 1);
        // It stands before the others, so that each has another number.
        put("Apple.md", "---\ndeck: Tea\n---\n## Is an apple hot?\n\nNo.\n");
        assert_eq!((read(), read()), (1, 0));
        put("deckle.yaml", "id: saved\ncontent: .\nhtml: trust\n");
        assert_eq!(read(), 3, "settings are part of what is read");
        put("Tea.md", "---\ndeck: Tea\n---\n## Is Tea hot? {.nosuch}\n\nNo.\n");
        assert_eq!((read(), read()), (1, 1), "mistakes are said each time");
    }
}
