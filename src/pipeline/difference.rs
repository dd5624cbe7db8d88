//! Turns two states of a collection into what readers get who have the one and import the other.
//!
//! A state is what packages hold: those of the last build, others, those that a build would make now, or would have made of a
//! revision in git. What an import does is up to [`anki::import`](crate::anki::import).

mod remembered;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Compiled, Failure, Format, Formats, Progress, Request, Wanted, compile, published};
use crate::anki::container::legacy;
use crate::anki::import::{Import, Met, NoteTypeChange, import};
use crate::anki::package::{self, Package, PackagedNote, PackagedNoteType};
use crate::files::{self, Revision, World};
use crate::text::visible::visible;

/// A state of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The packages in the output folder; where there are none, what the lock says of them.
    LastBuild,
    /// What a build would make now.
    Now,
    /// A package, or all in a folder.
    Packages(PathBuf),
    /// What a build would have made of a revision, with the lock that it has.
    Revision(String),
}

/// What is different. The names of fields are stable; `version` rises where one changes its meaning or goes.
#[derive(Debug, Serialize)]
pub struct Difference {
    version: u32,
    /// What readers have.
    pub old: String,
    /// What they import.
    pub new: String,
    /// How many notes of each kind.
    pub counts: Counts,
    /// The notes that are not as they were: first those that are there, in the order of the new packages.
    pub notes: Vec<NoteDifference>,
    /// Decks that come, go, or change.
    pub decks: Vec<DeckDifference>,
    /// Note types that do.
    pub note_types: Vec<NoteTypeDifference>,
    /// Media that do.
    pub media: Vec<MediaDifference>,
    /// What the old state does not say, so that no change of it is in here: of a last build whose packages are not there the
    /// lock is left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<&'static str>,
}

/// How many notes of each kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Added.
    pub added: usize,
    /// Updated: other fields or tags.
    pub updated: usize,
    /// Updated with the same fields and tags: only their date is later.
    pub dated: usize,
    /// Other fields or tags, that readers do not get, for their date is not later.
    pub held_back: usize,
    /// Of another note type, so that readers get nothing of them.
    pub conflicting: usize,
    /// Gone; they stay with readers.
    pub gone: usize,
    /// As they were.
    pub same: usize,
}

/// What becomes of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteChange {
    /// As in [`Counts::added`].
    Added,
    /// As in [`Counts::updated`].
    Updated,
    /// As in [`Counts::held_back`].
    HeldBack,
    /// As in [`Counts::conflicting`].
    Conflicting,
    /// As in [`Counts::gone`].
    Gone,
}

/// A note that is not as it was.
#[derive(Debug, Serialize)]
pub struct NoteDifference {
    /// What becomes of it.
    pub kind: NoteChange,
    /// Its GUID.
    pub guid: String,
    /// The text of its first field.
    pub text: String,
    /// Its file and one-based line, where it is among the notes that are compiled now.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The name of its note type.
    pub note_type: String,
    /// Its deck's full name.
    pub deck: String,
    /// The ordinals of its cards.
    pub cards: Vec<u16>,
    /// The fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDifference>,
    /// Its tags, old and new, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<[Vec<String>; 2]>,
    /// The ordinals of cards that it gains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards_gained: Vec<u16>,
    /// The ordinals of cards that it loses: readers keep them, empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards_lost: Vec<u16>,
}

/// Where a note is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path of its file.
    pub path: String,
    /// Its one-based line.
    pub line: usize,
}

/// A field that differs, as HTML.
#[derive(Debug, Serialize)]
pub struct FieldDifference {
    /// Its name.
    pub name: String,
    /// What readers have.
    pub old: String,
    /// What the package has.
    pub new: String,
}

/// What becomes of a deck.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeckDifference {
    /// All notes of a deck are in another one; cards that readers have stay where they are.
    Renamed {
        /// Its old name.
        from: String,
        /// Its new name.
        to: String,
        /// How many notes.
        notes: usize,
    },
    /// Some notes of a deck are in another one; cards that readers have stay where they are.
    Moved {
        /// The deck they were in.
        from: String,
        /// The deck they are in.
        to: String,
        /// How many.
        notes: usize,
    },
    /// It is added.
    Added {
        /// Its name.
        name: String,
    },
    /// It has another description.
    Described {
        /// Its name.
        name: String,
        /// What readers have.
        old: String,
        /// What the package has.
        new: String,
    },
}

/// What becomes of a note type.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct NoteTypeDifference {
    /// What.
    pub kind: NoteTypeFate,
    /// Its name.
    pub name: String,
    /// What of it differs: `name`, `style`, `fields`, `templates`, or a template's name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// What becomes of a note type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteTypeFate {
    /// It is added.
    Added,
    /// It is updated.
    Updated,
    /// It differs, and readers do not get it, for its date is not later.
    HeldBack,
    /// It is added beside that of the same id, whose notes conflict.
    Doubled,
    /// It stays with readers, without notes of these packages.
    Gone,
}

/// What becomes of a media file.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct MediaDifference {
    /// What.
    pub kind: MediaFate,
    /// Its name.
    pub name: String,
}

/// What becomes of a media file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaFate {
    /// It is added.
    Added,
    /// It has other bytes: it is added under another name, and notes of the package name that.
    Changed,
    /// It stays with readers.
    Gone,
}

impl Difference {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        let Counts { added, updated, dated, held_back, conflicting, gone, same: _ } = self.counts;
        [added, updated, dated, held_back, conflicting, gone] == [0; 6]
            && self.decks.is_empty()
            && self.note_types.is_empty()
            && self.media.is_empty()
    }
}

/// What comes of comparing two states.
#[derive(Debug)]
pub enum Compared {
    /// What is different.
    Difference(Box<Difference>),
    /// The notes of a state have mistakes, so that no package would be made; which state.
    Mistakes(Box<Compiled>, String),
}

/// Says what is different for who has the `old` state and imports the `new` one. `request` is that of a build.
///
/// # Errors
/// A state is not there: no package, no revision, no project, or one that cannot be read.
pub fn difference(
    world: &World,
    request: &Request,
    [old, new]: [&State; 2],
    progress: &Progress<'_>,
) -> Result<Compared, Failure> {
    let mut new = match side(world, request, new, None, progress)? {
        Taken::Side(side) => side,
        Taken::Mistakes(compiled, name) => return Ok(Compared::Mistakes(compiled, name)),
    };
    match side(world, request, old, Some(&mut new), progress)? {
        Taken::Side(old) => Ok(Compared::Difference(Box::new(compare(&old, &new)))),
        Taken::Mistakes(compiled, name) => Ok(Compared::Mistakes(compiled, name)),
    }
}

/// The packages of a state.
#[derive(Debug, Default)]
struct Side {
    name: String,
    packages: Vec<Package>,
    media: BTreeMap<String, Option<u32>>,
    /// Where notes are, by GUID.
    places: HashMap<String, Place>,
    /// The packages of the last build, where it was looked for them.
    last: Option<Vec<PathBuf>>,
    /// What the lock says of that build, where they are not there.
    remembered: Option<Box<Side>>,
    /// Whether it is what a lock says.
    is_remembered: bool,
}

enum Taken {
    Side(Side),
    Mistakes(Box<Compiled>, String),
}

/// Takes the packages of a state; what is known of the `other` one is not looked for again.
fn side(
    world: &World,
    request: &Request,
    state: &State,
    mut other: Option<&mut Side>,
    progress: &Progress<'_>,
) -> Result<Taken, Failure> {
    match state {
        State::LastBuild => {
            if let Some(remembered) = other.as_mut().and_then(|other| other.remembered.take()) {
                return Ok(Taken::Side(*remembered));
            }
            let known = other.and_then(|other| other.last.clone());
            let packages = known.map_or_else(|| last_packages(&compiled(world, request, Vec::new(), progress)?), Ok)?;
            last_build(world, &packages).map(Taken::Side)
        }
        State::Now => built(world, request, "now".to_owned(), progress),
        State::Packages(path) => {
            let mut side = Side { name: path.display().to_string(), ..Side::default() };
            let place = request.start.join(path);
            if world.is_folder(&place).unwrap_or_default() {
                let packages = published::packages(world, &place);
                if packages.is_empty() {
                    return Err(Failure::Usage(format!("there are no packages in {}", path.display())));
                }
                packages.iter().try_for_each(|name| side.read(world, &place.join(name)))?;
            } else {
                side.read(world, &place)?;
            }
            Ok(Taken::Side(side))
        }
        State::Revision(name) => {
            let root = world.find_project(&files::absolute(&request.start)?);
            let revision = Revision::take(&root.unwrap_or_else(|| request.start.clone()), name)?;
            let then = Request { start: revision.path(), out: None, ..request.clone() };
            built(&World::at(revision.time), &then, name.clone(), progress)
        }
    }
}

fn compiled(
    world: &World,
    request: &Request,
    formats: Vec<Format>,
    progress: &Progress<'_>,
) -> Result<Compiled, Failure> {
    let wanted = Wanted { formats: Formats::These(formats), accept_loss: true, ..Wanted::default() };
    compile(world, &Request { wanted, ..request.clone() }, progress)
}

/// What a build makes.
fn built(world: &World, request: &Request, name: String, progress: &Progress<'_>) -> Result<Taken, Failure> {
    let compiled = compiled(world, request, vec![Format::Apkg], progress)?;
    if compiled.stop.is_some() {
        return Ok(Taken::Mistakes(Box::new(compiled), name));
    }
    let mut side = Side { name, last: Some(last_packages(&compiled)?), ..Side::default() };
    for artifact in &compiled.artifacts {
        let bytes = files::bytes_of(&legacy::without_media(&artifact.recipe))?;
        let package = || Cursor::new(bytes.as_slice());
        side.packages.push(package::read(&artifact.path, package())?);
        side.media.extend(package::media(&artifact.path, package())?);
    }
    let places = compiled.collection.notes.iter().map(|note| {
        let path = compiled.sources.shown_path(note.span.source).to_owned();
        (note.guid.0.clone(), Place { path, line: note.line })
    });
    side.places = places.collect();
    if side.last.as_ref().is_some_and(Vec::is_empty) {
        side.remembered = remembered::side(&compiled, &side).map(Box::new);
    }
    Ok(Taken::Side(side))
}

/// The packages of this collection in the output folder.
fn last_packages(compiled: &Compiled) -> Result<Vec<PathBuf>, Failure> {
    let shelf = compiled.identity.as_ref().and_then(|identity| identity.shelf.as_ref());
    let ours = shelf.iter().flat_map(|shelf| shelf.ours());
    Ok(ours.map(|name| files::absolute(&compiled.plan.out.join(name))).collect::<Result<_, _>>()?)
}

fn last_build(world: &World, packages: &[PathBuf]) -> Result<Side, Failure> {
    if packages.is_empty() {
        let message = "there are no packages of a last build: name a package or a revision in git to compare with, such as \
            `deckle diff HEAD`";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut side = Side { name: "last build".to_owned(), ..Side::default() };
    packages.iter().try_for_each(|path| side.read(world, path))?;
    Ok(side)
}

impl Side {
    fn read(&mut self, world: &World, path: &Path) -> Result<(), Failure> {
        self.packages.push(package::read(path, world.open_file(path)?)?);
        self.media.extend(package::media(path, world.open_file(path)?)?);
        Ok(())
    }

    /// The name of a note's type, and those of its fields.
    fn note_type(&self, note: &PackagedNote) -> Option<&PackagedNoteType> {
        self.packages.iter().flat_map(|package| &package.note_types).find(|one| one.id == note.note_type)
    }
}

fn compare(old: &Side, new: &Side) -> Difference {
    let import = import(&old.packages, &new.packages);
    let mut difference = Difference {
        version: 1,
        old: old.name.clone(),
        new: new.name.clone(),
        counts: Counts::default(),
        notes: Vec::new(),
        decks: decks(&import, new, if old.is_remembered { top_of } else { |deck| deck }),
        note_types: import.note_types.iter().map(note_type).collect(),
        media: media(&old.media, &new.media),
        unknown: Vec::new(),
    };
    difference.take_notes(&import, old, new);
    if old.is_remembered {
        remembered::forget_unknown(&mut difference);
    }
    difference
}

impl Difference {
    fn take_notes(&mut self, import: &Import<'_>, old: &Side, new: &Side) {
        let counts = &mut self.counts;
        (counts.added, counts.conflicting, counts.gone) =
            (import.added.len(), import.conflicting.len(), import.gone.len());
        let mut notes: HashMap<&str, NoteDifference> = HashMap::new();
        for note in &import.added {
            notes.insert(&note.guid, difference_of(NoteChange::Added, note, new));
        }
        let (updated, dated): (Vec<_>, Vec<_>) = import.updated.iter().partition(|met| met.says_other());
        let (held_back, same): (Vec<_>, Vec<_>) = import.skipped.iter().partition(|met| met.says_other());
        (counts.updated, counts.dated) = (updated.len(), dated.len());
        (counts.held_back, counts.same) = (held_back.len(), same.len());
        let kinds = [
            (NoteChange::Updated, updated),
            (NoteChange::HeldBack, held_back),
            (NoteChange::Conflicting, import.conflicting.iter().collect()),
        ];
        for (kind, met) in kinds {
            notes.extend(met.into_iter().map(|met| (met.new.guid.as_str(), met_difference(kind, *met, new))));
        }
        let order = new.packages.iter().flat_map(|package| &package.notes);
        self.notes = order.filter_map(|note| notes.remove(note.guid.as_str())).collect();
        self.notes.extend(import.gone.iter().map(|note| difference_of(NoteChange::Gone, note, old)));
    }
}

fn difference_of(kind: NoteChange, note: &PackagedNote, side: &Side) -> NoteDifference {
    let text = note.fields.iter().map(|field| visible(field)).find(|text| !text.is_empty()).unwrap_or_default();
    NoteDifference {
        kind,
        guid: note.guid.clone(),
        text,
        place: side.places.get(&note.guid).cloned(),
        note_type: side.note_type(note).map(|one| one.name.clone()).unwrap_or_default(),
        deck: note.deck.clone(),
        cards: note.cards.clone(),
        fields: Vec::new(),
        tags: None,
        cards_gained: Vec::new(),
        cards_lost: Vec::new(),
    }
}

fn met_difference(kind: NoteChange, met: Met<'_>, side: &Side) -> NoteDifference {
    let note_type = side.note_type(met.new);
    let field = |place: usize| {
        let name = note_type.and_then(|one| one.fields.get(place)).map(|field| field.name.clone());
        let text = |note: &PackagedNote| note.fields.get(place).cloned().unwrap_or_default();
        FieldDifference {
            name: name.unwrap_or_else(|| (place + 1).to_string()),
            old: text(met.old),
            new: text(met.new),
        }
    };
    NoteDifference {
        fields: met.fields().into_iter().map(field).collect(),
        tags: met.has_other_tags().then(|| [met.old.tags.clone(), met.new.tags.clone()]),
        cards_gained: met.gained().collect(),
        cards_lost: met.lost().collect(),
        ..difference_of(kind, met.new, side)
    }
}

/// The top-level deck of a deck.
fn top_of(deck: &str) -> &str {
    deck.split("::").next().unwrap_or_default()
}

/// `known` gives that part of a deck's name which is known of the old state.
fn decks(import: &Import<'_>, new: &Side, known: fn(&str) -> &str) -> Vec<DeckDifference> {
    let mut moves: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for met in
        [&import.updated, &import.skipped, &import.conflicting].into_iter().flatten().filter(|met| met.has_moved())
    {
        *moves.entry((&met.old.deck, known(&met.new.deck))).or_default() += 1;
    }
    let held: BTreeSet<&str> =
        new.packages.iter().flat_map(|package| &package.notes).map(|note| known(&note.deck)).collect();
    let mut targets: BTreeMap<&str, usize> = BTreeMap::new();
    for (from, _) in moves.keys() {
        *targets.entry(from).or_default() += 1;
    }
    let is_whole = |from: &str| !held.contains(from) && targets.get(from) == Some(&1);
    let mut decks: Vec<DeckDifference> = moves
        .iter()
        .map(|(&(from, to), &notes)| {
            let is_renamed = is_whole(from);
            let (from, to) = (from.to_owned(), to.to_owned());
            if is_renamed {
                DeckDifference::Renamed { from, to, notes }
            } else {
                DeckDifference::Moved { from, to, notes }
            }
        })
        .collect();
    let is_said = |name: &&&str| !moves.keys().any(|(_, to)| to == *name);
    decks
        .extend(import.new_decks.iter().filter(is_said).map(|name| DeckDifference::Added { name: (*name).to_owned() }));
    decks.extend(import.descriptions.iter().map(|&[name, old, new]| DeckDifference::Described {
        name: name.to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
    }));
    decks
}

fn note_type(change: &NoteTypeChange<'_>) -> NoteTypeDifference {
    let (kind, name, parts) = match change {
        NoteTypeChange::Added(new) => (NoteTypeFate::Added, &new.name, Vec::new()),
        NoteTypeChange::Updated(old, new) => (NoteTypeFate::Updated, &new.name, parts(old, new)),
        NoteTypeChange::Skipped(old, new) => (NoteTypeFate::HeldBack, &new.name, parts(old, new)),
        NoteTypeChange::Doubled(old, new) => (NoteTypeFate::Doubled, &new.name, parts(old, new)),
        NoteTypeChange::Gone(old) => (NoteTypeFate::Gone, &old.name, Vec::new()),
    };
    NoteTypeDifference { kind, name: name.clone(), parts }
}

/// What of a note type differs.
fn parts(old: &PackagedNoteType, new: &PackagedNoteType) -> Vec<String> {
    let are = [("name", old.name != new.name), ("fields", old.fields != new.fields), ("style", old.css != new.css)];
    let mut parts: Vec<String> =
        are.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part.to_owned()).collect();
    if old.templates.len() != new.templates.len() {
        parts.push("templates".to_owned());
    }
    let templates = old.templates.iter().zip(&new.templates).filter(|(old, new)| old != new);
    parts.extend(templates.map(|(_, new)| new.name.clone()));
    parts
}

fn media(old: &BTreeMap<String, Option<u32>>, new: &BTreeMap<String, Option<u32>>) -> Vec<MediaDifference> {
    let fate = |name: &String| match (old.get(name), new.get(name)) {
        (None, _) => Some(MediaFate::Added),
        (Some(_), None) => Some(MediaFate::Gone),
        (Some(Some(old)), Some(Some(new))) if old != new => Some(MediaFate::Changed),
        (Some(_), Some(_)) => None,
    };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let difference = |name: &String| Some(MediaDifference { kind: fate(name)?, name: name.clone() });
    names.into_iter().filter_map(difference).collect()
}
