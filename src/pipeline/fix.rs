//! Turns the edits of diagnostics that are safe into the files that come of them: round by round, until none is left.
//!
//! A round puts texts above the disk and compiles again. What makes anything worse is taken back: by an edit no note is lost
//! that was built, none becomes another one, and nothing more is left out. Knows nothing of what an edit says.

mod judged;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use self::judged::Judged;
use super::answers::MARK;
use super::gathered::Plan;
use super::{Compiled, Failure, Formats, Request, Wanted, Workspace};
use crate::Error;
use crate::diagnostic::{Code, Diagnostic, Edit, Safety};
use crate::files::{self, Lead, NewFile, World};
use crate::source::{Change, LineIndex, Patched, SourceId};

/// So often is compiled at most: a round each, and more where an edit that does harm is sought among those that do none.
const MAX_TRIALS: usize = 100;

/// Applies all edits that are safe, of these codes; of all where there are none. Where the request names paths, nothing else is
/// edited. Files are written unless `is_dry`, all of them or none.
///
/// # Errors
/// As for [`super::compile`]; a file cannot be written, or was changed since it was read.
pub fn fix(world: &World, request: &Request, codes: &BTreeSet<Code>, is_dry: bool) -> Result<Fixed, Failure> {
    let mut fixer = Fixer::new(world, request, codes)?;
    let mut compiled = fixer.compile(Formats::None)?;
    let mut judged = Judged::new(&compiled);
    let mut mends = fixer.mends(&compiled)?;
    while !mends.is_empty() && fixer.trials < MAX_TRIALS {
        let before = fixer.files.clone();
        fixer.apply(&compiled, &mends)?;
        let tried = fixer.compile(Formats::None)?;
        let now = Judged::new(&tried);
        if now.is_no_worse_than(&judged) {
            (compiled, judged) = (tried, now);
            fixer.count(mends);
            mends = fixer.mends(&compiled)?;
            continue;
        }
        fixer.take_back(&compiled, before)?;
        if let [only] = mends.as_slice() {
            fixer.refused.insert(only.key.clone());
            mends = fixer.mends(&compiled)?;
        } else {
            mends.truncate(mends.len() / 2);
        }
    }
    if !is_dry {
        fixer.write(&compiled)?;
    }
    // What only formats find takes too long to be sought in each round.
    let compiled = fixer.compile(request.wanted.formats.clone())?;
    let refused = fixer.left_undone(&compiled.plan);
    let files = fixer.files.into_values().filter(|file| !file.mended.is_empty());
    let files = files.map(|file| {
        let path = compiled.plan.shown_path(file.paths.first().map_or("", String::as_str));
        let changes = file.patched.changes();
        FixedFile { path, changes, has_mark: file.has_mark, text: file.patched.original, mended: file.mended }
    });
    Ok(Fixed { files: files.collect(), refused, compiled })
}

/// Which one of many edits is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path of the file, relative to the root.
    pub path: String,
    /// The code of what is wrong there.
    pub code: Code,
    /// Where that starts, in bytes.
    pub start: u32,
}

/// What came of one edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mended {
    /// It was made.
    Done,
    /// It would have cost a note, or made it another one, and nothing was written.
    Harmful,
    /// The text is another one by now.
    Gone,
}

/// As [`fix`], but for one edit alone. Nothing is written where it would do harm.
///
/// # Errors
/// As for [`fix`].
pub fn fix_one(world: &World, request: &Request, place: &Place) -> Result<Mended, Failure> {
    let codes = BTreeSet::from([place.code]);
    let mut fixer = Fixer { only: Some(place), ..Fixer::new(world, request, &codes)? };
    let compiled = fixer.compile(Formats::None)?;
    let judged = Judged::new(&compiled);
    let mends = fixer.mends(&compiled)?;
    if mends.is_empty() {
        return Ok(Mended::Gone);
    }
    fixer.apply(&compiled, &mends)?;
    let tried = fixer.compile(Formats::None)?;
    if !Judged::new(&tried).is_no_worse_than(&judged) {
        return Ok(Mended::Harmful);
    }
    fixer.write(&tried)?;
    Ok(Mended::Done)
}

/// What came of the edits.
#[derive(Debug)]
pub struct Fixed {
    /// All that deckle makes of the texts as they are now, or would be.
    pub compiled: Compiled,
    /// The files that were edited, by their paths.
    pub files: Vec<FixedFile>,
    /// The edits that were left undone because they would have cost a note, or made it another one.
    pub refused: Vec<LeftUndone>,
}

/// An edit that was left undone.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftUndone {
    /// Its file's path, as messages show it.
    pub path: String,
    /// The one-based line in the file as it was.
    pub line: usize,
    /// What it would have mended.
    pub code: Code,
}

/// A file that was edited.
#[derive(Debug)]
pub struct FixedFile {
    /// Its path, as messages show it.
    pub path: String,
    /// Its text before, without a byte order mark.
    pub text: String,
    /// Whether it has that mark.
    pub has_mark: bool,
    /// What was put in the place of what, in its order.
    pub changes: Vec<Change>,
    /// How many mistakes of each code were mended.
    pub mended: BTreeMap<Code, usize>,
}

struct Fixer<'a> {
    /// What is on the disk.
    disk: &'a World,
    request: Request,
    /// Those that paths name, absolute; empty where all may be edited.
    chosen: Vec<PathBuf>,
    codes: &'a BTreeSet<Code>,
    /// The only one to mend, where not all are.
    only: Option<&'a Place>,
    workspace: Workspace,
    /// Where a file really is → what becomes of it.
    files: BTreeMap<PathBuf, File>,
    /// Edits that do harm.
    refused: BTreeSet<Key>,
    trials: usize,
}

/// A file that may be edited.
#[derive(Debug, Clone)]
struct File {
    /// The paths that lead to it, relative to the root.
    paths: Vec<String>,
    /// Whether it starts with the byte order mark of UTF-8.
    has_mark: bool,
    patched: Patched,
    mended: BTreeMap<Code, usize>,
}

/// A safe edit of a diagnostic.
#[derive(Debug)]
struct Mend {
    key: Key,
    /// In the file's text as it is, ascending.
    changes: Vec<Change>,
}

/// What tells an edit from others, whatever is edited around it: the file, the code, and where it starts in the file as it was.
type Key = (PathBuf, Code, usize);

impl<'a> Fixer<'a> {
    fn new(world: &'a World, request: &Request, codes: &'a BTreeSet<Code>) -> Result<Self, Error> {
        let chosen = request.paths.iter().map(|path| files::absolute(&request.start.join(path)));
        Ok(Self {
            disk: world,
            chosen: chosen.collect::<Result<_, _>>()?,
            request: request.clone(),
            codes,
            only: None,
            workspace: Workspace { world: world.clone(), ..Workspace::default() },
            files: BTreeMap::new(),
            refused: BTreeSet::new(),
            trials: 0,
        })
    }

    fn compile(&mut self, formats: Formats) -> Result<Compiled, Failure> {
        self.trials += 1;
        self.request.wanted = Wanted { formats, ..self.request.wanted.clone() };
        self.workspace.compile(&self.request, &|_| {})
    }

    /// The edits of one round: of those that overlap the first, which may leave nothing to do for the others.
    fn mends(&mut self, compiled: &Compiled) -> Result<Vec<Mend>, Error> {
        let (mut mends, mut taken): (_, BTreeMap<PathBuf, BTreeMap<usize, usize>>) = (Vec::new(), BTreeMap::new());
        let mut opened: BTreeMap<SourceId, Option<PathBuf>> = BTreeMap::new();
        for found in &compiled.diagnostics {
            let path = &compiled.sources.get(found.span.source).path;
            let is_meant = |only: &Place| only.path == *path && only.start == found.span.start;
            let is_wanted = self.is_wanted(found) && self.only.is_none_or(is_meant);
            let Some(edit) = found.edit.as_ref().filter(|_| is_wanted) else { continue };
            let real = match opened.entry(edit.span.source) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.open(compiled, edit.span.source)?),
            };
            let Some(file) = real.as_ref().and_then(|real| self.files.get(real)) else { continue };
            let text = compiled.sources.get(edit.span.source).text.as_str();
            let Some((real, changes)) = real.clone().zip(changes(edit, text, file.patched.line_end())) else {
                continue;
            };
            let key = (real, found.code, changes.first().map_or(0, |first| file.patched.origin(first.range.start)));
            let taken = taken.entry(key.0.clone()).or_default();
            if !self.refused.contains(&key) && changes.iter().all(|change| is_free(taken, &change.range)) {
                taken.extend(changes.iter().map(|change| (change.range.start, change.range.end)));
                mends.push(Mend { key, changes });
            }
        }
        Ok(mends)
    }

    fn left_undone(&self, plan: &Plan) -> Vec<LeftUndone> {
        let lines: BTreeMap<&Path, LineIndex> =
            self.files.iter().map(|(real, file)| (real.as_path(), LineIndex::new(&file.patched.original))).collect();
        let refused = self.refused.iter().filter_map(|(real, code, at)| {
            let path = self.files.get(real)?.paths.first()?;
            let line = lines.get(real.as_path())?.line(*at);
            Some(LeftUndone { path: plan.shown_path(path), line, code: *code })
        });
        refused.collect()
    }

    fn is_wanted(&self, found: &Diagnostic) -> bool {
        let is_safe = found.edit.as_ref().is_some_and(|edit| edit.safety == Safety::Safe);
        is_safe && (self.codes.is_empty() || self.codes.contains(&found.code))
    }

    /// Where the file of a source really is, which is read for the first time; `None` where it is not to be edited.
    fn open(&mut self, compiled: &Compiled, source: SourceId) -> Result<Option<PathBuf>, Error> {
        let Compiled { plan, sources, .. } = compiled;
        let (path, text) = (sources.get(source).path.as_str(), sources.get(source).text.as_str());
        let place = files::absolute(&plan.root.join(path))?;
        let is_chosen = self.chosen.is_empty() || self.chosen.iter().any(|chosen| place.starts_with(chosen));
        if !is_chosen || plan.lock.source == Some(source) {
            return Ok(None);
        }
        let Ok(Lead::File(real)) = self.disk.follow(&plan.bounds, &place) else { return Ok(None) };
        let file = match self.files.entry(real.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(File::read(self.disk, &real)?),
        };
        if !file.paths.iter().any(|known| known == path) {
            file.paths.push(path.to_owned());
            file.show(plan, &mut self.workspace.world)?;
        }
        if is_same(&file.patched.text, text) {
            return Ok(Some(real));
        }
        // By another path that leads to the file it was read before it was edited.
        if is_same(&file.patched.original, text) {
            return Ok(None);
        }
        Err(Error::new("cannot mend", real, "it was changed while it was read; run this again"))
    }

    /// Puts the edits into their files, and those above the disk.
    fn apply(&mut self, compiled: &Compiled, mends: &[Mend]) -> Result<(), Error> {
        let mut changes: BTreeMap<&Path, Vec<&Change>> = BTreeMap::new();
        for mend in mends {
            changes.entry(&mend.key.0).or_default().extend(&mend.changes);
        }
        for (real, mut changes) in changes {
            let Some(file) = self.files.get_mut(real) else { continue };
            changes.sort_by_key(|change| (change.range.start, change.range.end));
            file.patched.apply(&changes.into_iter().cloned().collect::<Vec<_>>());
            file.show(&compiled.plan, &mut self.workspace.world)?;
        }
        Ok(())
    }

    fn take_back(&mut self, compiled: &Compiled, before: BTreeMap<PathBuf, File>) -> Result<(), Error> {
        self.files = before;
        self.files.values().try_for_each(|file| file.show(&compiled.plan, &mut self.workspace.world))
    }

    fn count(&mut self, mends: Vec<Mend>) {
        for Mend { key: (real, code, _), .. } in mends {
            if let Some(file) = self.files.get_mut(&real) {
                *file.mended.entry(code).or_default() += 1;
            }
        }
    }

    /// Writes what was edited. Neither another run of deckle nor an editor may have changed a file since it was read.
    fn write(&self, compiled: &Compiled) -> Result<(), Error> {
        let edited = self.files.iter().filter(|(_, file)| file.patched.text != file.patched.original);
        let files = edited.map(|(real, file)| {
            let [old, new] = [&file.patched.original, &file.patched.text].map(|text| file.with_mark(text));
            NewFile::edited(real.clone(), old, new)
        });
        let files: Vec<NewFile> = files.collect();
        if !files.is_empty() {
            let folder = compiled.plan.lock.path.parent();
            let _reserved = files::reserve(&folder.into_iter().collect::<Vec<_>>(), &mut |_| {})?;
            files::write_all(&files)?;
        }
        Ok(())
    }
}

impl File {
    fn read(disk: &World, real: &Path) -> Result<Self, Error> {
        let bytes = disk.read_bytes(real)?;
        // What is not UTF-8 was not read as it is, and has no edits.
        let text = String::from_utf8(bytes).unwrap_or_default();
        let (has_mark, text) = match text.strip_prefix(MARK) {
            Some(rest) => (true, rest.to_owned()),
            None => (false, text),
        };
        Ok(Self { paths: Vec::new(), has_mark, patched: Patched::new(text), mended: BTreeMap::new() })
    }

    /// Puts the text above the disk, by all paths that lead to the file. Reading takes one mark off, be it the text's own.
    fn show(&self, plan: &Plan, world: &mut World) -> Result<(), Error> {
        let marked = format!("{MARK}{}", self.patched.text);
        self.paths.iter().try_for_each(|path| world.overlay(&plan.root.join(path), marked.as_str()))
    }

    fn with_mark(&self, text: &str) -> String {
        format!("{}{text}", if self.has_mark { MARK } else { "" })
    }
}

/// The edit as changes of its file's text, ascending; `None` where it would change nothing, or another file.
fn changes(edit: &Edit, text: &str, line_end: &str) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    for (span, replacement) in edit.pieces() {
        let old = text.get(span.range()).filter(|_| span.source == edit.span.source)?;
        if old != replacement {
            changes.push(Change { range: span.range(), text: replacement.replace('\n', line_end) });
        }
    }
    changes.sort_by_key(|change| (change.range.start, change.range.end));
    let is_apart = changes.is_sorted_by(|one, next| one.range.end <= next.range.start && one.range != next.range);
    (is_apart && !changes.is_empty()).then_some(changes)
}

/// Whether a text is what was read of a file: there line feeds stand for carriage returns alone.
fn is_same(text: &str, read: &str) -> bool {
    let pairs = text.bytes().zip(read.bytes());
    text.len() == read.len() && pairs.into_iter().all(|(a, b)| a == b || (a, b) == (b'\r', b'\n'))
}

/// Whether none of the ranges from start to end has a byte of this one, or starts where it does.
fn is_free(taken: &BTreeMap<usize, usize>, range: &Range<usize>) -> bool {
    let before = taken.range(..range.start).next_back().is_none_or(|(_, end)| *end <= range.start);
    before && taken.range(range.start..range.end.max(range.start + 1)).next().is_none()
}
