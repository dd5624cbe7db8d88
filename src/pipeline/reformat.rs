//! Turns the files of notes into files that say the same in another form, and holds that they do.
//!
//! How a file is written is up to [`markdown`]; here the new texts are put above the disk and compiled, and a file whose notes
//! would be others is left as it is. Files are written at the end, all or none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::answers::MARK;
use super::{Compiled, Failure, Formats, Request, Wanted, Workspace};
use crate::Error;
use crate::config::Settings;
use crate::config::syntax::Syntaxes;
use crate::files::{self, Lead, NewFile, World};
use crate::identity;
use crate::ir::{DeckName, Guid, MediaIndex, Shared, digest};
use crate::markdown::{self, Left};
use crate::source::{Blob, Change, Patched, SourceId};

/// Writes the files that the request chooses in another form; where they go is up to `target`.
///
/// # Errors
/// As for [`super::compile`]; the notes have errors, a file cannot be written, or was changed since it was read.
pub fn reformat(world: &World, request: &Request, goal: Goal, target: &Target) -> Result<Reformatted, Failure> {
    let mut reformatter = Reformatter::new(world, request, goal);
    let before = reformatter.compile(request.syntaxes.as_ref())?;
    if before.identity.is_none() {
        let message = "the notes have errors; `deckle check` shows them";
        return Err(Failure::Usage(message.to_owned()));
    }
    if let Target::Folder(folder) = target {
        refuse_folder(world, &before, request, folder)?;
    }
    reformatter.open(&before)?;
    reformatter.settle(&before)?;
    let others = match target {
        Target::Nowhere => 0,
        Target::Place => reformatter.write(&before)?,
        Target::Folder(folder) => reformatter.copy(&before, &request.start.join(folder))?,
    };
    let is_said = |file: &File| !file.left.is_empty() || file.refused.is_some();
    let files = reformatter.files.into_values().filter(|file| !file.patched.changes().is_empty() || is_said(file));
    let files = files.map(|file| ReformattedFile {
        path: before.plan.shown_path(&file.path),
        changes: file.patched.changes(),
        text: file.patched.original,
        has_mark: file.has_mark,
        notes: file.notes,
        left: file.left,
        refused: file.refused,
    });
    let needs_option = request.syntaxes.is_some() && !reformatter.is_told;
    let plan = &before.plan;
    let unread = plan.notes.iter().filter(|file| plan.is_selected(file.source) && file.fault.is_some());
    let unread = unread.map(|file| before.sources.shown_path(file.source).to_owned()).collect();
    let seen = before.collection.notes.len();
    Ok(Reformatted { files: files.collect(), unread, seen, others, moved: reformatter.moved, needs_option })
}

/// What files are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Written in our own way.
    Headings,
    /// Tidy, where they are written in our own way.
    Tidy,
}

/// Where new texts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: they are shown.
    Nowhere,
    /// Into the files.
    Place,
    /// Into a folder that is empty or not there, relative to the request's start, with all else that a build reads.
    Folder(PathBuf),
}

/// What came of it.
#[derive(Debug)]
pub struct Reformatted {
    /// The files that are written in another form, or hold notes that are not.
    pub files: Vec<ReformattedFile>,
    /// The paths of files that cannot be read.
    pub unread: Vec<String>,
    /// How many notes there are in all that was read.
    pub seen: usize,
    /// How many media lie outside of the project and were not copied.
    pub others: usize,
    /// How many notes no longer say of cards, or of the page and the blocks of an outline, that they stand below them.
    pub moved: usize,
    /// Whether the notes are the same only where the request's syntaxes are named again.
    pub needs_option: bool,
}

/// A file in another form.
#[derive(Debug)]
pub struct ReformattedFile {
    /// Its path, as messages show it.
    pub path: String,
    /// Its text before, without a byte order mark.
    pub text: String,
    /// Whether it has that mark.
    pub has_mark: bool,
    /// What was put in the place of what, in its order.
    pub changes: Vec<Change>,
    /// How many notes were written anew.
    pub notes: usize,
    /// Those that stay as they are.
    pub left: Vec<Left>,
    /// Why the file is left as it is, where its notes would be others.
    pub refused: Option<Otherwise>,
}

/// What would be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// How many notes there are.
    Count {
        /// How many there are now.
        then: usize,
        /// How many there would be.
        now: usize,
    },
    /// What the note in this line says.
    Says(usize),
    /// Which deck the note in this line is in.
    Deck(usize),
    /// Which note that in this line is to Anki.
    Guid(usize),
    /// The notes of another file, which this is the path of.
    Elsewhere(String),
}

struct Reformatter<'a> {
    /// What is on the disk.
    disk: &'a World,
    request: Request,
    goal: Goal,
    /// Whether files say themselves how they are written, where only the request did.
    is_told: bool,
    workspace: Workspace,
    /// How many notes stand below less than before.
    moved: usize,
    /// The note files that are chosen, by their sources.
    files: BTreeMap<SourceId, File>,
}

struct File {
    /// Relative to the root.
    path: String,
    real: PathBuf,
    has_mark: bool,
    patched: Patched,
    notes: usize,
    left: Vec<Left>,
    refused: Option<Otherwise>,
}

/// Who the notes of a file are, in source order.
type Stand = Vec<Standing>;

/// Who a note is.
struct Standing {
    guid: Guid,
    /// A hash of what it says.
    says: u64,
    deck: DeckName,
    /// What it stands below.
    context: Shared<String>,
}

/// What stands above a note may go where it is no heading; for the rest see [`markdown::rewrite`].
impl PartialEq for Standing {
    fn eq(&self, other: &Self) -> bool {
        self.guid == other.guid && self.says_same(other)
    }
}

impl Standing {
    fn says_same(&self, other: &Self) -> bool {
        self.says == other.says && self.deck == other.deck
    }
}

impl<'a> Reformatter<'a> {
    fn new(world: &'a World, request: &Request, goal: Goal) -> Self {
        let wanted = Wanted { formats: Formats::None, ..request.wanted.clone() };
        Self {
            disk: world,
            goal,
            is_told: goal == Goal::Headings && request.syntaxes.is_some(),
            request: Request { wanted, ..request.clone() },
            workspace: Workspace { world: world.clone(), ..Workspace::default() },
            moved: 0,
            files: BTreeMap::new(),
        }
    }

    /// Compiles what is there now, with these syntaxes where no settings name some.
    fn compile(&mut self, syntaxes: Option<&Syntaxes>) -> Result<Compiled, Failure> {
        let request = Request { syntaxes: syntaxes.cloned(), ..self.request.clone() };
        self.workspace.compile(&request, &|_| {})
    }

    /// Reads the chosen files, each once however many paths lead to it.
    fn open(&mut self, before: &Compiled) -> Result<(), Failure> {
        let plan = &before.plan;
        let mut known = BTreeSet::new();
        for file in plan.notes.iter().filter(|file| plan.is_selected(file.source) && file.fault.is_none()) {
            let source = before.sources.get(file.source);
            let place = files::absolute(&plan.root.join(&source.path))?;
            let Ok(Lead::File(real)) = self.disk.follow(&plan.bounds, &place) else { continue };
            if !known.insert(real.clone()) {
                continue;
            }
            let Some((has_mark, text)) = read(self.disk, &real)? else { continue };
            if !is_same(&text, &source.text) {
                let cause = "it was changed while it was read; run this again";
                return Err(Error::new("cannot write anew", real, cause).into());
            }
            let (path, patched) = (source.path.clone(), Patched::new(text));
            let opened = File { path, real, has_mark, patched, notes: 0, left: Vec::new(), refused: None };
            self.files.insert(file.source, opened);
        }
        Ok(())
    }

    /// Writes the files anew until what is built of them is what was built before. Notes that would become others are given
    /// their GUIDs as ids; a file where that does not help stays as it is.
    fn settle(&mut self, before: &Compiled) -> Result<(), Failure> {
        let was = stands(before);
        let mut ids: BTreeMap<SourceId, BTreeMap<u32, String>> = BTreeMap::new();
        let all: Vec<SourceId> = self.files.keys().copied().collect();
        let mut todo = all.clone();
        while !todo.is_empty() {
            for id in &todo {
                self.rewrite(before, *id, ids.get(id))?;
            }
            let syntaxes = self.request.syntaxes.clone().filter(|_| !self.is_told);
            let now = stands(&self.compile(syntaxes.as_ref())?);
            todo.clear();
            let mut is_elsewhere = false;
            for (id, file) in &mut self.files {
                let (old, new) = (was.get(&file.path), now.get(&file.path));
                if old == new {
                    continue;
                }
                let given = missing_ids(before, *id, old, new).filter(|_| !ids.contains_key(id));
                file.refused = if given.is_none() { Some(refusal(before, *id, old, new)) } else { None };
                is_elsewhere |= given.is_none() && file.patched.changes().is_empty();
                ids.entry(*id).or_insert(given.unwrap_or_default());
                todo.push(*id);
            }
            // Notes show what stands in other files, or their files are not chosen.
            let other = was.iter().find(|(path, stand)| now.get(*path) != Some(*stand) && !self.has(path));
            is_elsewhere |= other.is_some();
            self.moved = moved(&was, &now);
            if is_elsewhere && self.is_told {
                // Text that no syntax claims is read otherwise without the request's: it stays in effect.
                self.is_told = false;
                self.files.values_mut().for_each(|file| file.refused = None);
                ids.clear();
                todo.clone_from(&all);
            } else if is_elsewhere {
                let other = other.map(|(path, _)| path).or_else(|| self.first_refused()).cloned().unwrap_or_default();
                let elsewhere = Otherwise::Elsewhere(before.plan.shown_path(&other));
                self.moved = 0;
                self.files
                    .values_mut()
                    .for_each(|file| file.refused = Some(file.refused.take().unwrap_or(elsewhere.clone())));
                return all.iter().try_for_each(|id| self.rewrite(before, *id, None)).map_err(Failure::from);
            }
        }
        Ok(())
    }

    /// Writes one file anew, and puts it above the disk.
    fn rewrite(&mut self, before: &Compiled, id: SourceId, ids: Option<&BTreeMap<u32, String>>) -> Result<(), Error> {
        let (Some(planned), Some(file)) = (before.plan.note_file(id), self.files.get_mut(&id)) else { return Ok(()) };
        let place = before.plan.root.join(&file.path);
        file.patched = Patched::new(std::mem::take(&mut file.patched.original));
        if file.refused.is_some() {
            (file.notes, file.left) = (0, Vec::new());
            self.workspace.world.uncover(&place)?;
            return Ok(());
        }
        let (source, none) = (before.sources.get(id), BTreeMap::new());
        let read = markdown::File { id, source, chapter: &planned.chapter, settings: &planned.settings };
        let is_asked = self.is_told && self.request.syntaxes.as_ref() == Some(&planned.settings.syntaxes);
        let told = is_asked.then(|| Settings { syntaxes: Syntaxes::default(), ..planned.settings.clone() });
        let later = told.as_ref().unwrap_or(&planned.settings);
        let mut changes = match self.goal {
            Goal::Tidy => markdown::tidy(read),
            Goal::Headings => {
                let Some(rewritten) = markdown::rewrite(read, ids.unwrap_or(&none), later) else {
                    self.workspace.world.uncover(&place)?;
                    return Ok(());
                };
                (file.notes, file.left) = (rewritten.notes, rewritten.left);
                rewritten.changes
            }
        };
        if file.patched.line_end() == "\r" {
            for change in &mut changes {
                change.text = change.text.replace('\n', "\r");
            }
        }
        if !changes.is_empty() {
            file.patched.apply(&changes);
            // Reading takes one mark off, be it the text's own.
            self.workspace.world.overlay(&place, format!("{MARK}{}", file.patched.text))?;
        }
        Ok(())
    }

    /// The path of the first file that is to stay as it is.
    fn first_refused(&self) -> Option<&String> {
        self.files.values().find(|file| file.refused.is_some()).map(|file| &file.path)
    }

    fn has(&self, path: &str) -> bool {
        self.files.values().any(|file| file.path == path)
    }

    fn changed(&self) -> impl Iterator<Item = &File> {
        self.files.values().filter(|file| file.patched.text != file.patched.original)
    }

    /// Writes what was changed. Neither another run of deckle nor an editor may have changed a file since it was read.
    fn write(&self, before: &Compiled) -> Result<usize, Error> {
        let files: Vec<NewFile> = self
            .changed()
            .map(|file| {
                let [old, new] = [&file.patched.original, &file.patched.text].map(|text| file.with_mark(text));
                NewFile::edited(file.real.clone(), old, new)
            })
            .collect();
        if !files.is_empty() {
            let folder = before.plan.lock.path.parent();
            let _reserved = files::reserve(&folder.into_iter().collect::<Vec<_>>(), &mut |_| {})?;
            files::write_all(&files)?;
        }
        Ok(0)
    }

    /// Writes all that a build reads into a folder: settings, notes, templates, the lock, and the media of notes and prose;
    /// how many of them lie elsewhere.
    fn copy(&self, before: &Compiled, folder: &Path) -> Result<usize, Error> {
        let (plan, mut new, mut others) = (&before.plan, Vec::new(), 0);
        for (id, source) in before.sources.iter().filter(|(_, source)| is_inside(&source.path)) {
            let to = folder.join(&source.path);
            match self.files.get(&id) {
                Some(file) => new.push(NewFile::lasting(to, file.with_mark(&file.patched.text))),
                None => new.push(NewFile::lasting(to, self.disk.read_bytes(&plan.root.join(&source.path))?)),
            }
        }
        for media in &before.collection.media {
            let path = media.file.as_ref().unwrap_or(&media.path);
            if !is_inside(path) {
                others += 1;
                continue;
            }
            let to = folder.join(path);
            new.push(match &media.blob {
                Blob::File(_) => NewFile::lasting(to, media.blob.clone()),
                Blob::Memory(_) => NewFile::lasting(to, self.disk.read_bytes(&plan.root.join(path))?),
            });
        }
        files::write_all(&new)?;
        Ok(others)
    }
}

impl File {
    fn with_mark(&self, text: &str) -> String {
        format!("{}{text}", if self.has_mark { MARK } else { "" })
    }
}

/// Nothing that is there is written over, and no copy is taken for notes of the project.
fn refuse_folder(world: &World, before: &Compiled, request: &Request, folder: &Path) -> Result<(), Failure> {
    let place = files::absolute(&request.start.join(folder))?;
    if !world.is_missing(&place) && !world.list_names(&place)?.is_empty() {
        return Err(Failure::Usage(format!("the folder {} is not empty", folder.display())));
    }
    let plan = &before.plan;
    let is_read = |file: &super::gathered::NoteFile| {
        let note = plan.root.join(&before.sources.get(file.source).path);
        note.parent().is_some_and(|parent| place.starts_with(parent))
    };
    // Without a project, what is read is named: folders with all that is in them.
    let named = request.paths.iter().map(|path| files::absolute(&request.start.join(path)));
    let named = named.collect::<Result<Vec<_>, _>>()?;
    let is_within =
        if plan.is_loose { named.iter().any(|named| place.starts_with(named)) } else { plan.notes.iter().any(is_read) };
    if is_within {
        let message = format!("the folder {} lies in a folder of notes, which would be read twice", folder.display());
        return Err(Failure::Usage(message));
    }
    Ok(())
}

/// A file's text without its byte order mark, and whether it has one; `None` where it is not UTF-8.
fn read(disk: &World, real: &Path) -> Result<Option<(bool, String)>, Error> {
    let text = String::from_utf8(disk.read_bytes(real)?).ok();
    Ok(text.map(|text| match text.strip_prefix(MARK) {
        Some(rest) => (true, rest.to_owned()),
        None => (false, text),
    }))
}

/// Whether a text is what was read of a file: there line feeds stand for carriage returns alone.
fn is_same(text: &str, read: &str) -> bool {
    let mut pairs = text.bytes().zip(read.bytes());
    text.len() == read.len() && pairs.all(|(a, b)| a == b || (a, b) == (b'\r', b'\n'))
}

fn is_inside(path: &str) -> bool {
    !path.starts_with("../") && !Path::new(path).is_absolute()
}

/// Who the notes of each file are, by its path: sources are numbered anew each time.
fn stands(compiled: &Compiled) -> BTreeMap<String, Stand> {
    let collection = &compiled.collection;
    let media: MediaIndex<'_> = collection.media.iter().map(|media| (media.path.as_str(), media)).collect();
    let (mut stands, mut buffer): (BTreeMap<String, Stand>, _) = (BTreeMap::new(), Vec::new());
    for note in &collection.notes {
        let says = digest(note, &media, collection.link_addresses(), &mut buffer);
        let path = &compiled.sources.get(note.span.source).path;
        let (guid, deck, context) = (note.guid.clone(), note.deck.clone(), note.context.clone());
        let stand = Standing { guid, says, deck, context };
        match stands.get_mut(path) {
            Some(of_file) => of_file.push(stand),
            None => {
                stands.insert(path.clone(), vec![stand]);
            }
        }
    }
    stands
}

/// Ids for the notes of a file that say the same and have become others; `None` where other things differ as well.
fn missing_ids(
    before: &Compiled,
    id: SourceId,
    old: Option<&Stand>,
    new: Option<&Stand>,
) -> Option<BTreeMap<u32, String>> {
    let (old, new) = (old?, new?);
    let says_same = old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.says_same(new));
    let notes = before.collection.notes.iter().filter(|note| note.span.source == id);
    let others = notes.zip(old.iter().zip(new)).filter(|(_, (old, new))| old.guid != new.guid);
    let ids = others.map(|(note, (old, _))| (note.span.start, identity::stamp_of(&old.guid)));
    says_same.then(|| ids.collect())
}

/// What of a file's notes would be otherwise.
fn refusal(before: &Compiled, id: SourceId, old: Option<&Stand>, new: Option<&Stand>) -> Otherwise {
    let [then, now] = [old, new].map(|stand| stand.map_or(&[][..], Vec::as_slice));
    let notes = before.collection.notes.iter().filter(|note| note.span.source == id);
    let other = notes.zip(then.iter().zip(now)).find(|(_, (old, new))| old != new);
    match other {
        Some((note, (old, new))) if then.len() == now.len() => match (old.says == new.says, old.deck == new.deck) {
            (false, _) => Otherwise::Says(note.line),
            (true, false) => Otherwise::Deck(note.line),
            (true, true) => Otherwise::Guid(note.line),
        },
        Some(_) | None => Otherwise::Count { then: then.len(), now: now.len() },
    }
}

/// How many notes stand below other things.
fn moved(was: &BTreeMap<String, Stand>, now: &BTreeMap<String, Stand>) -> usize {
    let pairs = was.iter().flat_map(|(path, old)| old.iter().zip(now.get(path).into_iter().flatten()));
    pairs.filter(|(old, new)| old.context != new.context).count()
}
