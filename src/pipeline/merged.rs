//! Turns the documents of all files into one collection, with decks and media, and says what only the whole shows.
//!
//! Knows nothing of Markdown or formats; identity comes later.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::commands;
use super::deck_case;
use super::gathered::Plan;
use super::outline;
use super::read::{Read, Tally};
use super::sought;
use crate::Error;
use crate::anki::media_name::{media_name, part_names};
use crate::check::{self, Folders, Refusal, Sought};
use crate::config::{LinkPattern, Piece, Project};
use crate::diagnostic::{self, Diagnostic};
use crate::files::{Lead, Medium, Spellings, World};
use crate::identity::Lock;
use crate::ir::{
    self, Chapter, ChapterPart, Collection, Deck, DeckName, LeftOut, Media, Note, PlaceLink, PlacePiece, SourceFile,
};
use crate::markdown::{self, Document, Layout, LinkUse, MediaUse};
use crate::print::ImageHead;
use crate::source::{Blob, Source, SourceId, Sources};
use crate::text::address::percent_encode;
use crate::text::extension::{MediaKind, media_type};
use crate::text::file_content::{MOST_LOOKED_AT, Oddity, oddity};
use crate::text::path::parent;
use crate::text::svg::{self, Drawing, Lost};

/// Puts the documents together, loads the media that they use, and looks for what only all of them show.
///
/// # Errors
/// A folder, or a media file that is there, cannot be read.
pub(super) fn merge(world: &World, read: Read) -> Result<Merged, Error> {
    let Read { mut plan, mut project, sources, mut documents, lock, tally, mut diagnostics } = read;
    let Loaded { media, respelt, sought, refused, cleaned, odd } = load_media(world, &plan, &sources, &documents)?;
    leave_out_without_media(&plan, &sources, &mut documents, &media);
    commands::run(world, &plan, &sources, &mut documents)?;
    let respelt_decks = deck_case::unify(&mut documents, &mut project, &mut plan.printing, &sources);
    diagnostics.extend(respelt_decks);
    let mut notes = Vec::with_capacity(documents.iter().map(|document| document.notes.len()).sum());
    let (mut chapters, mut uses, mut links) = (Vec::with_capacity(documents.len()), Vec::new(), Vec::new());
    let (mut layouts, mut left_out) = (BTreeMap::new(), LeftOut::default());
    let mut deck_places = std::mem::take(&mut project.deck_places);
    for (file, document) in plan.notes.iter().zip(documents) {
        let offset = notes.len();
        notes.extend(document.notes);
        chapters.extend(document.chapter.map(|chapter| shift(chapter, offset)));
        uses.extend(document.media);
        links.extend(document.links);
        deck_places.extend(document.deck_places);
        layouts.insert(file.source, document.layout);
        left_out.notes.extend(document.left_out);
        left_out.bare.extend(document.bare);
        left_out.files.extend(document.is_left_out.then_some(file.source));
        diagnostics.extend(document.diagnostics);
    }
    let remembered = lock.as_ref().map(|lock| lock.collection.as_str()).filter(|id| !id.is_empty());
    let place_link = project.link.take().map(|pattern| place_link(pattern, &plan.root, &project.content));
    let mut collection = collect(project, remembered, notes, chapters, media);
    collection.place_link = place_link;
    collection.outline = std::mem::take(&mut plan.outline);
    outline::name_chapters(&mut collection);
    let without_lock = sources.iter().filter(|(id, _)| Some(*id) != plan.lock.source);
    collection.sources = without_lock.map(|(_, source)| SourceFile { path: source.path.clone() }).collect();
    let mut merged = Merged { plan, sources, collection, left_out, uses, links, layouts, lock, tally, diagnostics };
    let folders = Folders { respelt, sought, refused, cleaned, odd, ..list(world, &merged)? };
    let texts = merged.sources.iter().filter(|(id, _)| Some(*id) != merged.plan.lock.source);
    let texts: Vec<&str> = texts.map(|(_, source)| source.text.as_str()).collect();
    let Merged { sources, collection, left_out, uses, .. } = &merged;
    let mistakes = check::check_collection(collection, sources, left_out, uses, &folders);
    let unused = check::unused_media(collection, uses, &folders, &texts);
    merged.diagnostics.extend(mistakes);
    for path in unused {
        // What is not read has no text: an empty one stands for it.
        let id = merged.sources.push(Source { path: path.clone(), text: String::new() });
        merged.diagnostics.push(check::unused_medium(&path, id));
    }
    let own = merged.plan.template_sources.iter();
    let own: Vec<check::Own<'_>> =
        own.map(|(name, id)| (name.as_str(), *id, merged.sources.get(*id).text.as_str())).collect();
    let sounds = check::check_sounds(&own, &merged.collection.notes);
    merged.diagnostics.extend(sounds);
    if !diagnostic::has_errors(&merged.diagnostics) {
        let Merged { collection, left_out, diagnostics, .. } = &mut merged;
        let notes = collection.notes.iter().chain(&left_out.notes);
        let unused = check::check_decks(notes, &deck_places);
        // Nobody knows which decks are used in files that cannot be read.
        diagnostics.extend(unused.into_iter().filter(|_| left_out.files.is_empty()));
    }
    Ok(merged)
}

/// All files as one.
pub(super) struct Merged {
    pub(super) plan: Plan,
    /// The texts.
    pub(super) sources: Sources,
    /// The notes, without identity.
    pub(super) collection: Collection,
    /// What is not in it because of mistakes.
    pub(super) left_out: LeftOut,
    /// Every use of local media.
    pub(super) uses: Vec<MediaUse>,
    /// Every link to a path.
    pub(super) links: Vec<LinkUse>,
    /// Where in each file stands what is neither prose nor note.
    pub(super) layouts: BTreeMap<SourceId, Layout>,
    /// What is remembered of earlier builds; `None` where there is no file.
    pub(super) lock: Option<Lock>,
    pub(super) tally: Tally,
    /// What was found wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Lists the folders of notes and those that media uses point into; none that is out of bounds.
fn list(world: &World, merged: &Merged) -> Result<Folders, Error> {
    let note_sources: BTreeSet<SourceId> = merged.collection.notes.iter().map(|note| note.span.source).collect();
    let note_folders: BTreeSet<&str> = note_sources.iter().map(|&id| parent(&merged.sources.get(id).path)).collect();
    let mut folders = Folders::default();
    for &folder in
        note_folders.iter().chain(&merged.uses.iter().map(|media| parent(&media.path)).collect::<BTreeSet<_>>())
    {
        let place = merged.plan.root.join(folder);
        if !folders.files.contains_key(folder)
            && !matches!(world.follow(&merged.plan.bounds, &place), Ok(Lead::Outside))
        {
            folders.files.insert(folder.to_owned(), world.list_names(&place)?);
        }
    }
    folders.with_notes = note_folders.into_iter().map(str::to_owned).collect();
    Ok(folders)
}

/// Takes out what does not come from the chosen sources.
pub(super) fn retain(collection: &mut Collection, uses: &[MediaUse], selected: &BTreeSet<SourceId>) {
    let mut kept = 0;
    let places: Vec<Option<usize>> = collection
        .notes
        .iter()
        .map(|note| {
            selected.contains(&note.span.source).then(|| {
                kept += 1;
                kept - 1
            })
        })
        .collect();
    collection.notes.retain(|note| selected.contains(&note.span.source));
    for chapter in &mut collection.chapters {
        chapter.parts.retain_mut(|part| match part {
            ChapterPart::Prose { block } => selected.contains(&block.span.source),
            ChapterPart::Note { note } => take_place(note, &places),
            ChapterPart::Table(table) => {
                table.rows.retain_mut(|row| take_place(&mut row.note, &places));
                !table.rows.is_empty()
            }
        });
    }
    collection.chapters.retain(|chapter| !chapter.parts.is_empty());
    let kept_uses = uses.iter().filter(|place| selected.contains(&place.span.source));
    let paths: BTreeSet<&str> = kept_uses.map(|place| place.path.as_str()).collect();
    collection.media.retain(|media| paths.contains(media.path.as_str()));
    let decks = with_parents(collection.notes.iter().map(|note| &note.deck));
    collection.decks.retain(|deck| decks.contains(&deck.name));
}

/// Gives a note its new index; false where it has none.
fn take_place(note: &mut usize, places: &[Option<usize>]) -> bool {
    let place = places.get(*note).copied().flatten();
    *note = place.unwrap_or(*note);
    place.is_some()
}

fn shift(mut chapter: Chapter, offset: usize) -> Chapter {
    chapter.parts.iter_mut().flat_map(ChapterPart::notes_mut).for_each(|note| *note += offset);
    chapter
}

/// Without an id or a name of its own a collection goes by what it was in the lock, and before by its first deck.
fn collect(
    project: Project,
    remembered: Option<&str>,
    notes: Vec<Note>,
    chapters: Vec<Chapter>,
    media: Vec<Media>,
) -> Collection {
    let decks = decks(&notes, project.decks);
    let top = notes.first().map(|note| note.deck.top()).or_else(|| decks.first().map(|deck| deck.name.top()));
    let remembered = remembered.filter(|_| project.id.is_none());
    let top = remembered.or(top).unwrap_or_default().to_owned();
    Collection {
        version: ir::VERSION,
        id: project.id.unwrap_or_else(|| top.clone()),
        name: project.name.unwrap_or(top),
        site_url: project.site_url,
        place_link: None,
        outline: Vec::new(),
        sources: Vec::new(),
        decks,
        note_types: Vec::new(),
        notes,
        media,
        chapters,
    }
}

/// The pattern for the paths of a project in this folder.
fn place_link(pattern: LinkPattern, root: &Path, content: &str) -> PlaceLink {
    let path = |from: &str| PlacePiece::Path { from: from.to_owned() };
    let mut pieces = Vec::new();
    for piece in pattern.pieces {
        match piece {
            Piece::Text(text) => pieces.push(PlacePiece::Text { text }),
            Piece::Path => pieces.push(path("")),
            Piece::Chapter => pieces.push(path(content)),
            Piece::File => {
                let root = root.display().to_string().replace('\\', "/");
                let root = percent_encode(root.trim_matches('/'));
                pieces.extend((!root.is_empty()).then(|| PlacePiece::Text { text: root + "/" }));
                pieces.push(path(""));
            }
            Piece::Line => pieces.push(PlacePiece::Line),
        }
    }
    PlaceLink { pattern: pattern.written, pieces }
}

/// Every deck with notes or a description, and their parents, by name.
fn decks(notes: &[Note], descriptions: Vec<(DeckName, String)>) -> Vec<Deck> {
    let names = with_parents(notes.iter().map(|note| &note.deck).chain(descriptions.iter().map(|(name, _)| name)));
    let mut descriptions: BTreeMap<DeckName, String> = descriptions.into_iter().collect();
    names.into_iter().map(|name| Deck { description: descriptions.remove(&name), name }).collect()
}

fn with_parents<'a>(names: impl Iterator<Item = &'a DeckName>) -> BTreeSet<DeckName> {
    let distinct: BTreeSet<&DeckName> = names.collect();
    distinct.iter().flat_map(|name| name.parents().chain(std::iter::once((*name).clone()))).collect()
}

/// What came of the files that are used.
#[derive(Default)]
struct Loaded {
    /// Those that are there, by path.
    media: Vec<Media>,
    respelt: BTreeSet<String>,
    sought: BTreeMap<String, Sought>,
    refused: BTreeMap<String, Refusal>,
    cleaned: BTreeMap<String, Lost>,
    odd: BTreeMap<String, Oddity>,
}

/// Reads every file that is used, once. What is missing or refused is reported by the check.
fn load_media(world: &World, plan: &Plan, sources: &Sources, documents: &[Document]) -> Result<Loaded, Error> {
    let uses = || documents.iter().flat_map(|document| &document.media);
    let paths: BTreeSet<&str> = uses().map(|media| media.path.as_str()).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let read = |path: &&str| load(world, plan, [path, path], &plan.root.join(path));
    let mut found: Vec<Fetched> = paths.par_iter().map(read).collect::<Result<_, Error>>()?;
    let mut loaded = Loaded::default();
    let mut spellings = Spellings::new(world, &plan.bounds);
    for (path, fetched) in paths.iter().zip(&mut found).filter(|(_, fetched)| matches!(fetched, Fetched::Missing)) {
        if let Some(place) = spellings.find(&plan.root, path) {
            *fetched = load(world, plan, [path, path], &place)?;
            loaded.respelt.insert((*path).to_owned());
        } else if let Some(place) = spellings.find_by_case(&plan.root, path) {
            *fetched = load(world, plan, [path, path], &place)?;
        }
    }
    if found.iter().any(Fetched::is_lost) {
        let first = first_uses(uses());
        load_others(world, plan, &first, &paths, &mut found, &mut loaded)?;
        load_lost(world, plan, (&first, sources), &paths, &mut found, &mut loaded)?;
    }
    for (path, fetched) in paths.into_iter().zip(found) {
        match fetched {
            Fetched::Read(media, odd) => {
                loaded.media.push(media);
                loaded.odd.extend(odd.map(|odd| (path.to_owned(), odd)));
            }
            Fetched::Cleaned(media, lost) => {
                loaded.media.push(media);
                loaded.cleaned.insert(path.to_owned(), lost);
            }
            Fetched::Refused(refusal) => drop(loaded.refused.insert(path.to_owned(), refusal)),
            Fetched::Missing => drop(loaded.respelt.remove(path)),
        }
    }
    part_names(&mut loaded.media);
    Ok(loaded)
}

/// Path of each medium → the first place that names it.
fn first_uses<'a>(uses: impl Iterator<Item = &'a MediaUse>) -> BTreeMap<&'a str, &'a MediaUse> {
    let mut first = BTreeMap::new();
    for media in uses {
        first.entry(media.path.as_str()).or_insert(media);
    }
    first
}

/// Reads what lies at the other paths that addresses may mean, where there is nothing at the likeliest.
fn load_others(
    world: &World,
    plan: &Plan,
    first: &BTreeMap<&str, &MediaUse>,
    paths: &[&str],
    found: &mut [Fetched],
    loaded: &mut Loaded,
) -> Result<(), Error> {
    for (path, fetched) in paths.iter().zip(found).filter(|(_, fetched)| matches!(fetched, Fetched::Missing)) {
        for other in first.get(path).into_iter().flat_map(|media| &media.others) {
            let medium = load(world, plan, [path, other], &plan.root.join(other))?;
            if matches!(medium, Fetched::Read(..) | Fetched::Cleaned(..)) {
                let seen = Sought { file: other.clone(), other: None, is_usual: true };
                loaded.sought.insert((*path).to_owned(), seen);
                *fetched = medium;
                break;
            }
        }
    }
    Ok(())
}

/// Reads what is found elsewhere for paths that lead to nothing or out of the project.
fn load_lost(
    world: &World,
    plan: &Plan,
    (first, sources): (&BTreeMap<&str, &MediaUse>, &Sources),
    paths: &[&str],
    found: &mut [Fetched],
    loaded: &mut Loaded,
) -> Result<(), Error> {
    let lost = paths.iter().zip(&*found).filter(|(_, fetched)| fetched.is_lost());
    let lost = lost.filter_map(|(path, _)| first.get(path)).map(|&media| {
        let folder = parent(&sources.get(media.span.source).path);
        (media, folder)
    });
    let mut sought = sought::seek(world, plan, lost);
    for (path, fetched) in paths.iter().zip(found) {
        let Some((seen, place)) = sought.remove(*path) else { continue };
        *fetched = load(world, plan, [path, &seen.file], &place)?;
        if matches!(fetched, Fetched::Read(..) | Fetched::Cleaned(..)) {
            loaded.sought.insert((*path).to_owned(), seen);
        }
    }
    Ok(())
}

/// A note with an image or a sound that is not there is none.
fn leave_out_without_media(plan: &Plan, sources: &Sources, documents: &mut [Document], media: &[Media]) {
    let is_there = |path: &str| media.binary_search_by(|one| one.path.as_str().cmp(path)).is_ok();
    for (file, document) in plan.notes.iter().zip(documents) {
        if document.media.iter().all(|used| is_there(&used.path)) {
            continue;
        }
        let source = sources.get(file.source);
        let read = markdown::File { id: file.source, source, chapter: &file.chapter, settings: &file.settings };
        markdown::leave_out(read, document, |note| {
            let mut lacks_some = false;
            note.for_each_media(&mut |path| lacks_some |= !is_there(path));
            lacks_some
        });
    }
}

/// What came of a file that is used.
enum Fetched {
    /// What is odd about it, too.
    Read(Media, Option<Oddity>),
    /// As read, without what is said of it.
    Cleaned(Media, Lost),
    Missing,
    Refused(Refusal),
}

impl Fetched {
    /// Whether there is no such file, or none that may be read.
    fn is_lost(&self) -> bool {
        matches!(self, Self::Missing | Self::Refused(Refusal::Outside))
    }
}

/// What is smaller stays in memory: to open a file again takes as long as to read so much of it.
const SMALL: u64 = 16 * 1024;

/// Drawings stay in memory whatever their size: they are text, and packed smaller. `place` is where the disk has the file
/// at the path, or the one that was found for it.
fn load(world: &World, plan: &Plan, [path, file]: [&str; 2], place: &Path) -> Result<Fetched, Error> {
    let is_drawing = [path, file].iter().any(|name| media_type(name) == "image/svg+xml");
    let kept = if is_drawing { u64::MAX } else { SMALL };
    let (mut hash, mut head) = (Sha256::new(), ImageHead::new(path));
    // What starts like a drawing may be shown as one, whatever its name says.
    let (mut is_markup, mut start) = (None, Vec::new());
    let medium = world.read_media(&plan.bounds, place, [kept, plan.media_limit], &mut |bytes| {
        hash.update(bytes);
        head.push(bytes);
        if is_markup.is_none() {
            is_markup = Some(svg::may_be(bytes));
            start.extend(bytes.iter().take(MOST_LOOKED_AT));
        }
    })?;
    let odd = |blob: &Blob| oddity(file, blob.length(), &start);
    Ok(match medium {
        Medium::Read(_) if MediaKind::of(file).is_none() => Fetched::Refused(Refusal::NoMedium),
        Medium::Read(blob) if is_drawing || is_markup == Some(true) => {
            let odd = odd(&blob);
            let as_it_is = |blob| Fetched::Read(named_media([path, file], &hash.finalize(), head.size(), blob), odd);
            drawing([path, file], blob, as_it_is)
        }
        Medium::Read(blob) => {
            let odd = odd(&blob);
            Fetched::Read(named_media([path, file], &hash.finalize(), head.size(), blob), odd)
        }
        Medium::Missing => Fetched::Missing,
        Medium::Outside => Fetched::Refused(Refusal::Outside),
        Medium::Special => Fetched::Refused(Refusal::Special),
        Medium::TooLarge => Fetched::Refused(Refusal::TooLarge(plan.media_limit)),
    })
}

/// What becomes of a drawing: one that does nothing keeps its bytes.
fn drawing(names: [&str; 2], blob: Blob, as_it_is: impl FnOnce(Blob) -> Fetched) -> Fetched {
    let Blob::Memory(bytes) = &blob else { return Fetched::Refused(Refusal::NoMedium) };
    match svg::clean(bytes) {
        Drawing::Harmless => as_it_is(blob),
        Drawing::Unreadable => Fetched::Refused(Refusal::NoMedium),
        Drawing::Cleaned(bytes, lost) => {
            let mut head = ImageHead::new(names[0]);
            head.push(&bytes);
            Fetched::Cleaned(named_media(names, &Sha256::digest(&bytes), head.size(), bytes.into()), lost)
        }
    }
}

fn named_media([path, file]: [&str; 2], digest: &[u8], size: Option<[f32; 2]>, blob: Blob) -> Media {
    let sha256 = digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        hex.extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)));
        hex
    });
    let name = media_name(file, sha256.get(..8).unwrap_or_default());
    let file = (file != path).then(|| file.to_owned());
    Media { path: path.to_owned(), file, name, sha256, size, blob }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decks_have_their_parents_and_descriptions() {
        let name = |text| DeckName::new(text).unwrap();
        let decks = decks(&[], vec![(name("A::B::C"), "x".into()), (name("A"), "y".into())]);
        let shown: Vec<_> = decks.iter().map(|deck| (deck.name.as_str(), deck.description.as_deref())).collect();
        assert_eq!(shown, [("A", Some("y")), ("A::B", None), ("A::B::C", Some("x"))]);
    }
}
