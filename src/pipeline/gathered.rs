//! Turns a request into texts with the settings of their folders: which files are read, and which of them yield notes.
//!
//! Knows the cascade down to the folder; front matter is read with the file.

mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::places::{
    common_parent, holding_notes, lock_folder, lock_path, loose_bounds, outermost, refuse_link, relative, with_folders,
};
use super::site_settings::{self, Reading, SiteSettings};
use super::vaults::{Macros, VaultSettings, Vaults};
use super::{Failure, Format, Formats, Progress, Request, Scope, Step, Wanted, outline, vaults};
use crate::Error;
use crate::anki::limits::MAX_MEDIA_SIZE;
use crate::apkg::Packing;
use crate::artifact;
use crate::config::print::{PrintLayer, PrintOptions};
use crate::config::syntax::Syntax;
use crate::config::{self, BookOptions, Packages, Project, Purpose, Settings};
use crate::diagnostic::{self, Code, Cost, Diagnostic};
use crate::files::{self, Bad, Bounds, Folder, Found, Lead, MAX_NOTES, Skip, Skipped, Text, World};
use crate::identity::Lock;
use crate::ir::{DeckName, OutlineEntry};
use crate::print::Override;
use crate::print::Printing;
use crate::site::book;
use crate::source::{Source, SourceId, Sources, Span};
use crate::text::hidden;
use crate::text::path::{below, join, parent, stem};

/// The name of the lock.
pub(super) const LOCK: &str = "deckle.lock";

/// The largest lock that is read and written, in MiB: one of 1,000,000 notes has some 300.
pub(super) const MAX_LOCK: u64 = 512;

/// Finds the project, walks its folders and reads all texts.
pub(super) fn gather(world: &World, request: &Request, progress: &Progress<'_>) -> Result<Gathered, Failure> {
    let start = files::absolute(&request.start)?;
    let mut gatherer = match &request.scope {
        Scope::Notes => Gatherer::of_paths(world, request, &start)?,
        Scope::Book { src, chapters } => Gatherer::of_book(world, &start, src, chapters)?,
    };
    let Plan { lock, is_loose, .. } = &gatherer.gathered.plan;
    if request.lock.is_none() {
        refuse_link(world, &Bounds::new(lock.path.parent()), &lock.path)?;
    }
    world.refuse_larger(&lock.path, MAX_LOCK)?;
    let (remembered, is_loose) = (world.read_text_if_there(&lock.path)?, *is_loose);
    if let Some(remembered) = remembered.as_ref().filter(|_| is_loose) {
        gatherer.plan_remembered(request, &remembered.text)?;
    }
    gatherer.read_notes(progress)?;
    gatherer.add_lock(remembered);
    Ok(gatherer.finish(start, &request.print))
}

/// All texts of a compilation.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What is to be read and put out.
    pub(super) plan: Plan,
    /// `deckle.yaml`; what stands for it where there is none.
    pub(super) project: Project,
    /// Settings first, then notes in reading order.
    pub(super) sources: Sources,
    /// The templates of `templates/print/`: file name → text and place.
    print_templates: BTreeMap<String, Override>,
    /// What is wrong with settings and encodings.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What is to be read and put out. No later step changes it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What the paths of sources are relative to.
    pub(super) root: PathBuf,
    /// The folders that notes and media are read from.
    pub(super) bounds: Bounds,
    /// The largest file that is packed, in bytes.
    pub(super) media_limit: u64,
    /// After how many days a note that is gone is forgotten; `None` for never.
    pub(super) forget_after: Option<u32>,
    /// How notes are dealt out to packages.
    pub(super) packing: Packing,
    /// The folder that paths are shown relative to.
    start: PathBuf,
    /// Whether the `book.toml` in the root is another book's.
    pub(super) has_other_book: bool,
    /// The output folder.
    pub(super) out: PathBuf,
    /// The folder that it must not leave by a link, where only the project says which it is: links come with a project.
    pub(super) out_stays_in: Option<PathBuf>,
    /// The folder of a book's chapters, relative to the root.
    pub(super) base: String,
    /// The note files in reading order.
    pub(super) notes: Vec<NoteFile>,
    /// What vaults around them say of how they are written.
    pub(super) vaults: Vec<VaultSettings>,
    /// Whether they are chapters of an author's own book for mdBook.
    pub(super) is_book: bool,
    /// The author's own table of contents, if there is one.
    pub(super) outline: Vec<OutlineEntry>,
    /// The sources that paths chose; `None` where all are.
    pub(super) selected: Option<BTreeSet<SourceId>>,
    /// Whether there is no project around the notes.
    pub(super) is_loose: bool,
    /// The project's own templates: file name → text.
    pub(super) templates: BTreeMap<String, String>,
    /// The same: file name and place, by name.
    pub(super) template_sources: Vec<(String, SourceId)>,
    /// What is remembered of earlier builds.
    pub(super) lock: LockFile,
    /// How decks are printed.
    pub(super) printing: Printing,
    /// What the study site is like.
    pub(super) book: BookOptions,
    /// What the site is made with; `None` where none can be made, or none is wanted.
    pub(super) site: Option<SiteSettings>,
}

impl Gathered {
    /// What people call the project: its name, else its folder's.
    fn title(&self) -> Option<String> {
        let folder = || self.plan.root.file_name().map(|name| name.to_string_lossy().into_owned());
        self.project.name.clone().or_else(folder)
    }

    /// How decks are printed: the project's options, those of its decks, and `upmost` above both.
    fn printing(&mut self, upmost: &PrintLayer) -> Printing {
        let project = PrintOptions::default().with(&self.project.print);
        let decks = self.project.deck_prints.iter();
        Printing {
            options: project.with(upmost),
            decks: decks.map(|(deck, layer)| (deck.clone(), project.with(layer).with(upmost))).collect(),
            templates: std::mem::take(&mut self.print_templates),
        }
    }
}

impl Plan {
    /// A path of the root's as people reach it from where they started: below there, or up through the project; else the
    /// whole path.
    pub(super) fn shown_path(&self, path: &str) -> String {
        let place = self.root.join(path);
        if let Some(below) = relative(&self.start, &place) {
            return below;
        }
        match self.start.strip_prefix(&self.root) {
            Ok(down) => "../".repeat(down.components().count()) + path,
            Err(_) => place.display().to_string(),
        }
    }

    /// The folder that paths are shown relative to.
    pub(super) fn shown_from(&self) -> &Path {
        &self.start
    }

    /// A place as the paths of sources are, relative to the root: what lies beside it goes through `..`.
    pub(super) fn path_of(&self, place: &Path) -> String {
        let mut above = self.root.ancestors().enumerate();
        let found = above.find_map(|(up, folder)| Some("../".repeat(up) + &relative(folder, place)?));
        found.unwrap_or_else(|| place.display().to_string())
    }

    /// The note file with this text. Notes are numbered in their order.
    pub(super) fn note_file(&self, source: SourceId) -> Option<&NoteFile> {
        let found = self.notes.binary_search_by_key(&source, |file| file.source);
        found.ok().and_then(|index| self.notes.get(index))
    }

    /// Whether paths chose a source, or none chose any.
    pub(super) fn is_selected(&self, source: SourceId) -> bool {
        self.selected.as_ref().is_none_or(|selected| selected.contains(&source))
    }
}

/// Where `deckle.lock` lies.
#[derive(Debug, Default, Clone)]
pub(super) struct LockFile {
    /// The file, whether it is there or not.
    pub(super) path: PathBuf,
    /// Its text, the last of the sources; `None` where it is not there.
    pub(super) source: Option<SourceId>,
    /// Its folder, relative to the root: paths in the lock go from there.
    pub(super) base: String,
    /// What a command has to be told to find it, with a space before; empty where it finds it by itself.
    pub(super) option: String,
    /// What is in it, where that was asked for before its text was among the sources.
    pub(super) early: Option<Lock>,
}

/// A file that may hold notes.
#[derive(Debug)]
pub(super) struct NoteFile {
    /// Its text.
    pub(super) source: SourceId,
    /// Its path relative to the content folder.
    pub(super) chapter: String,
    /// The settings of its folder.
    pub(super) settings: Settings,
    /// Whether it was named by itself.
    pub(super) is_named: bool,
    /// Whether its folder's settings say that no deck is to be in effect.
    pub(super) has_no_deck: bool,
    /// Why its text is not what the file holds.
    pub(super) fault: Option<Diagnostic>,
}

struct Gatherer<'a> {
    world: &'a World,
    gathered: Gathered,
    /// Files and folders named on the command line, relative to the root.
    named: Vec<String>,
    planned: Vec<Planned>,
    /// What folders are called that a hidden file in them names, by path.
    called: BTreeMap<String, String>,
}

/// A note file that was found and not read yet.
struct Planned {
    path: String,
    chapter: String,
    settings: Settings,
    has_no_deck: bool,
}

/// A folder to walk.
struct Start {
    folder: Folder,
    /// The folder that deck names and chapters are relative to.
    base: String,
    /// The deck of a file that is named by itself.
    deck: Option<DeckName>,
}

/// What a folder hands down.
#[derive(Clone, Default)]
struct Inherited {
    settings: Settings,
    /// Whether decks are named after folders.
    follows_folders: bool,
    /// Whether `deck: false` stands above, and no deck's name below it.
    has_no_deck: bool,
}

impl<'a> Gatherer<'a> {
    /// Plans what paths name, or the project around the start.
    fn of_paths(world: &'a World, request: &Request, start: &Path) -> Result<Self, Failure> {
        let paths = request.paths.iter().map(|path| files::absolute(&request.start.join(path)));
        let paths = paths.collect::<Result<Vec<_>, _>>()?;
        if let Some(missing) = request.paths.iter().find(|path| world.is_missing(&request.start.join(path))) {
            return Err(Failure::Usage(format!("there is no file or folder {}", missing.display())));
        }
        let paths = holding_notes(world, request, paths)?;
        let lock_home = request.lock_home(world, start);
        let place = paths.first().or(lock_home.as_ref()).map_or(start, PathBuf::as_path);
        let mut gatherer = match world.find_project(place) {
            Some(root) => Self::in_project(world, request, &root, &paths)?,
            None => Self::without_project(world, request, start, &paths, lock_home)?,
        };
        gatherer.read_templates()?;
        gatherer.read_site_settings(&request.wanted)?;
        Ok(gatherer)
    }

    /// Plans the chapters of a book, with the settings of the files that they stand for; one that is no file of the book's
    /// folder has none. Templates belong to packages, and decks of the settings may be in files of no book.
    fn of_book(world: &'a World, book: &Path, src: &str, chapters: &[String]) -> Result<Self, Failure> {
        let project = world.find_project(book);
        let root = project.clone().unwrap_or_else(|| book.to_owned());
        let mut gatherer = Self::new(world, root.clone());
        gatherer.gathered.plan.lock = LockFile { path: root.join(LOCK), ..LockFile::default() };
        let mut settings = Settings::default();
        if project.is_some() {
            gatherer.read_project()?;
            let project = &mut gatherer.gathered.project;
            gatherer.gathered.plan.out = root.join(&project.out);
            settings = settings.with(&project.layer);
            project.deck_places.clear();
        }
        let src = files::absolute(&book.join(src))?;
        let Some(base) = relative(&root, &src) else {
            return Err(Failure::Usage(format!("{} lies outside of {}", src.display(), root.display())));
        };
        let folder = gatherer.walk(&base)?;
        gatherer.plan_folder(&folder, &base, Inherited { settings, ..Inherited::default() })?;
        gatherer.take_chapters(&base, chapters);
        gatherer.gathered.plan.base = base;
        gatherer.gathered.plan.is_book = true;
        Ok(gatherer)
    }

    fn in_project(world: &'a World, request: &Request, root: &Path, paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut gatherer = Self::new(world, root.to_owned());
        let id = gatherer.read_project()?;
        let project = &gatherer.gathered.project;
        let plan = &mut gatherer.gathered.plan;
        if let Some(out) = &request.out {
            plan.out = request.start.join(out);
        } else {
            plan.out = files::absolute(&root.join(&project.out))?;
            plan.out_stays_in = plan.out.starts_with(root).then(|| root.to_owned());
        }
        let is_near = world.find_project(&files::absolute(&request.start)?).as_deref() == Some(root);
        let (path, option) = lock_path(request, root, is_near);
        gatherer.gathered.plan.lock = LockFile { path, option, ..LockFile::default() };
        let (content, place) = (project.content.clone(), project.content_place.unwrap_or(Span::new(id, 0..0)));
        let inherited = Inherited { settings: request.settings().with(&project.layer), ..Inherited::default() };
        for path in paths {
            world.is_folder(path)?;
            let Some(relative) = relative(root, path) else {
                let (path, root) = (path.display(), root.display());
                return Err(Failure::Usage(format!("{path} lies outside the project in {root}; build it from there")));
            };
            // Naming the whole content chooses nothing.
            if below(&content, &relative).is_none() {
                gatherer.named.push(relative);
            }
        }
        gatherer.report_misnamed("", "deckle.yml", "deckle.yaml")?;
        if gatherer.has_folder(&content, place) {
            let folder = gatherer.walk_notes(&content)?;
            gatherer.report_notes_among_outputs(&content)?;
            gatherer.plan_folder(&folder, &content, inherited.clone())?;
            gatherer.take_outline(&content, "")?;
        }
        for path in gatherer.named.clone().iter().filter(|path| below(path, &content).is_none()) {
            let start = gatherer.named_start(path)?;
            gatherer.plan_folder(&start.folder, &start.base, inherited.clone())?;
        }
        Ok(gatherer)
    }

    fn without_project(
        world: &'a World,
        request: &Request,
        start: &Path,
        paths: &[PathBuf],
        lock_home: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        if let Some(file) = world.find_misnamed_project(paths.first().map_or(start, PathBuf::as_path)) {
            return Err(Failure::Usage(format!("{} is not read; name it deckle.yaml", file.display())));
        }
        let paths = &outermost(paths);
        let home = if paths.is_empty() { lock_home } else { Some(lock_folder(world, paths)?) };
        let Some(home) = home else {
            let start = start.display();
            let message = format!("no deckle.yaml in {start} or above; name files or folders, or run `deckle init`");
            return Err(Failure::Usage(message));
        };
        let mut gatherer = Self::new(world, if paths.is_empty() { home.clone() } else { common_parent(paths) });
        let out = request.out.as_deref().unwrap_or(Path::new("dist"));
        let plan = &mut gatherer.gathered.plan;
        plan.bounds = loose_bounds(world, paths, &home)?;
        plan.out = request.start.join(out);
        let root = plan.root.clone();
        let base = relative(&root, &home).unwrap_or_default();
        let (path, option) = lock_path(request, &home, home == start);
        plan.lock = LockFile { path, base, option, ..LockFile::default() };
        plan.is_loose = true;
        for path in paths.iter().filter_map(|path| relative(&root, path)) {
            let start = gatherer.named_start(&path)?;
            let settings = Settings { deck: start.deck, ..request.settings() };
            let inherited = Inherited { follows_folders: settings.deck.is_none(), settings, has_no_deck: false };
            gatherer.plan_folder(&start.folder, &start.base, inherited)?;
            if paths.len() == 1 {
                gatherer.take_outline(&path, below(&path, &start.base).unwrap_or_default())?;
            }
        }
        Ok(gatherer)
    }

    fn new(world: &'a World, root: PathBuf) -> Self {
        let bounds = Bounds::new([root.as_path()]);
        let plan = Plan { root, bounds, media_limit: MAX_MEDIA_SIZE, ..Plan::default() };
        let gathered = Gathered { plan, ..Gathered::default() };
        Self { world, gathered, named: Vec::new(), planned: Vec::new(), called: BTreeMap::new() }
    }

    fn read_project(&mut self) -> Result<SourceId, Error> {
        let id = self.read_settings("deckle.yaml")?;
        let Gathered { sources, diagnostics, project, plan, .. } = &mut self.gathered;
        *project = config::read_project(id, sources.get(id), diagnostics);
        plan.book = project.book.clone();
        plan.media_limit = project.media_limit.unwrap_or(MAX_MEDIA_SIZE);
        plan.forget_after = project.forget_after;
        for (folder, place) in std::mem::take(&mut project.media_roots) {
            self.add_media_root(&folder, place);
        }
        Ok(id)
    }

    fn add_media_root(&mut self, folder: &str, place: Span) {
        let path = self.gathered.plan.root.join(folder);
        if !self.has_folder(folder, place) {
            return;
        }
        let Gathered { plan, diagnostics, .. } = &mut self.gathered;
        if plan.bounds.lie_in(&path) {
            let message = format!("`{folder}` holds what is read anyway, and all that lies around it");
            let help = "name the folder that the images and sounds are in";
            diagnostics.push(Diagnostic::new(Code::BadValue, place, message).costing(Cost::Build).help(help));
        } else {
            plan.bounds.add(&path);
        }
    }

    fn walk(&self, start: &str) -> Result<Folder, Error> {
        let Plan { root, bounds, out, .. } = &self.gathered.plan;
        self.world.walk(bounds, root, start, [out, Path::new(artifact::LIST)])
    }

    /// Notes are never among outputs: of what a build makes, the next one would make notes.
    fn walk_notes(&self, start: &str) -> Result<Folder, Failure> {
        let Plan { root, out, .. } = &self.gathered.plan;
        let notes = root.join(start);
        let is_out = self.world.really_in(&notes, out) && self.world.really_in(out, &notes);
        let mut folders = Format::ALL.iter().filter_map(|format| format.folder());
        if is_out || folders.any(|folder| self.world.really_in(&notes, &out.join(folder))) {
            let (notes, out) = (notes.display(), out.display());
            let message =
                format!("the notes in {notes} lie among the outputs, in {out}; write elsewhere with `-o DIR`");
            return Err(Failure::Usage(message));
        }
        Ok(self.walk(start)?)
    }

    /// Says that the folder to write into, which lies among the notes, holds some that no build made.
    fn report_notes_among_outputs(&mut self, content: &str) -> Result<(), Error> {
        let Plan { root, bounds, out, .. } = &self.gathered.plan;
        let Some(path) = relative(root, out).filter(|_| self.world.really_in(out, &root.join(content))) else {
            return Ok(());
        };
        let book = out.join(Format::Book.folder().unwrap_or_default());
        let found = self.world.walk(bounds, root, &path, [&book, Path::new(artifact::LIST)])?;
        if !found.entries.is_empty() {
            let id = self.gathered.sources.push(Source { path, text: String::new() });
            let message = "outputs are written here, so the notes in it are not read";
            let diagnostic = Diagnostic::new(Code::SkippedFile, Span::new(id, 0..0), message);
            self.gathered
                .diagnostics
                .push(diagnostic.help("write elsewhere with `-o DIR`, or move the notes out of it"));
        }
        Ok(())
    }

    /// A named file stands in a folder that holds nothing else, not even settings.
    fn named_start(&self, path: &str) -> Result<Start, Failure> {
        let base = parent(path).to_owned();
        let Plan { root, bounds, .. } = &self.gathered.plan;
        let place = root.join(path);
        if self.world.is_folder(&place)? {
            return Ok(Start { folder: self.walk_notes(path)?, base, deck: None });
        }
        let mut folder = Folder { path: base.clone(), ..Folder::default() };
        match self.world.follow(bounds, &place).map_err(|cause| Error::new("cannot read", &place, cause))? {
            Lead::File(_) => folder.entries.push(Found::File(path.to_owned())),
            lead @ (Lead::Folder | Lead::Special | Lead::Outside | Lead::Nothing) => {
                folder.skipped.push(Skipped { path: path.to_owned(), why: Skip::Lead(lead) });
            }
        }
        Ok(Start { folder, base, deck: DeckName::new(&hidden::without(stem(path))) })
    }

    /// Reports a folder of the settings that is not there. `place` is where they name it, empty where they do not.
    fn has_folder(&mut self, folder: &str, place: Span) -> bool {
        if self.world.is_folder(&self.gathered.plan.root.join(folder)).unwrap_or(false) {
            return true;
        }
        // Of settings that could not be read to their end nobody knows which folder they name.
        let is_broken = |found: &Diagnostic| found.code == Code::BadYaml && found.span.source == place.source;
        if self.gathered.diagnostics.iter().any(is_broken) {
            return false;
        }
        let help = if place.range().is_empty() {
            "put the notes into it, or name their folder by a line `content: FOLDER`"
        } else {
            "write a path relative to `deckle.yaml`, or make the folder"
        };
        let diagnostic = Diagnostic::new(Code::BadValue, place, format!("there is no folder `{folder}`"));
        self.gathered.diagnostics.push(diagnostic.costing(Cost::Build).help(help));
        false
    }

    /// Reports a file of settings that is there under a name that is not read.
    fn report_misnamed(&mut self, folder: &str, name: &str, right: &str) -> Result<(), Error> {
        let path = join(folder, name);
        let place = self.gathered.plan.root.join(&path);
        if matches!(self.world.follow(&self.gathered.plan.bounds, &place), Ok(Lead::File(_))) {
            let id = self.read_settings(&path)?;
            let message = format!("`{name}` is not read");
            let diagnostic = Diagnostic::new(Code::MisnamedSettings, Span::new(id, 0..0), message);
            self.gathered.diagnostics.push(diagnostic.help(format!("name the file `{right}`")));
        }
        Ok(())
    }

    /// What is not read has no text: an empty one stands for it.
    fn report_skipped(&mut self, skipped: &Skipped) {
        let source = Source { path: skipped.path.clone(), text: String::new() };
        let id = self.gathered.sources.push(source);
        let (message, help) = match skipped.why {
            Skip::Lead(Lead::Outside) => (
                "this leads out of the project and is not read",
                "put the notes themselves there; a name that starts with a dot is passed over without a word",
            ),
            Skip::Lead(Lead::Special) => {
                ("this is a pipe, a device or a socket and is not read", "put a file there, or take it away")
            }
            Skip::Lead(Lead::File(_) | Lead::Folder | Lead::Nothing) => {
                ("this link leads nowhere", "mend it, or take it away")
            }
            Skip::Name => ("this name is not UTF-8 and is not read", "rename it; a `\u{fffd}` stands for what is not"),
            Skip::Depth => ("this lies in too many folders and is not read", "move it up: 100 are walked"),
        };
        self.gathered.diagnostics.push(Diagnostic::new(Code::SkippedFile, Span::new(id, 0..0), message).help(help));
    }

    fn plan_folder(&mut self, folder: &Folder, base: &str, mut here: Inherited) -> Result<(), Error> {
        folder.skipped.iter().for_each(|skipped| self.report_skipped(skipped));
        for name in &folder.misnamed {
            self.report_misnamed(&folder.path, name, "_deck.yaml")?;
        }
        if folder.has_settings {
            self.apply_folder_settings(folder, base, &mut here)?;
        }
        if let Some(called) = folder.called.as_ref().filter(|_| here.settings.syntaxes.has(Syntax::Slides)) {
            self.called.insert(folder.path.clone(), called.clone());
        }
        if here.follows_folders {
            here.settings.deck = self.folder_deck(&folder.path, base);
        }
        for entry in &folder.entries {
            match entry {
                Found::Folder(inner) => self.plan_folder(inner, base, here.clone())?,
                Found::File(path) => self.plan_file(path, base, &here),
            }
        }
        Ok(())
    }

    fn apply_folder_settings(&mut self, folder: &Folder, base: &str, here: &mut Inherited) -> Result<(), Error> {
        let id = self.read_settings(&join(&folder.path, "_deck.yaml"))?;
        let Gathered { project, sources, diagnostics, plan, .. } = &mut self.gathered;
        let layer = config::read_folder(id, sources.get(id), diagnostics);
        let path = below(&folder.path, base).unwrap_or(&folder.path);
        plan.book.folders.extend(layer.title.clone().map(|title| (path.to_owned(), title)));
        here.settings = here.settings.with(&layer);
        project.folder_decks.extend(layer.deck.clone().zip(layer.deck_place));
        here.has_no_deck = layer.no_deck || (here.has_no_deck && layer.deck.is_none());
        if layer.deck.is_some() || here.has_no_deck {
            here.follows_folders = false;
        } else if here.settings.deck.is_none() {
            here.follows_folders = true;
        }
        Ok(())
    }

    fn plan_file(&mut self, path: &str, base: &str, here: &Inherited) {
        let chapter = below(path, base).unwrap_or(path).to_owned();
        self.planned.push(Planned {
            path: path.to_owned(),
            chapter,
            settings: here.settings.clone(),
            has_no_deck: here.has_no_deck,
        });
    }

    /// The path from `base` to a folder, joined by `::`; the collection's name for `base` itself.
    fn folder_deck(&self, folder: &str, base: &str) -> Option<DeckName> {
        let path = below(folder, base).unwrap_or(folder);
        if path.is_empty() {
            return self.gathered.title().and_then(|name| DeckName::new(&hidden::without(&name)));
        }
        let start = folder.len() - path.len();
        let ends = path.match_indices('/').map(|(at, _)| start + at).chain([folder.len()]);
        let mut from = start;
        let parts = ends.filter_map(|end| {
            let part = folder.get(std::mem::replace(&mut from, end + 1)..end)?;
            Some(self.called.get(folder.get(..end)?).map_or(part, String::as_str))
        });
        DeckName::new(&hidden::without(&parts.collect::<Vec<_>>().join("::")))
    }

    fn read_settings(&mut self, path: &str) -> Result<SourceId, Error> {
        let Plan { root, bounds, .. } = &self.gathered.plan;
        let place = root.join(path);
        refuse_link(self.world, bounds, &place)?;
        let text = self.world.read_settings(&place)?;
        Ok(self.add(path.to_owned(), text))
    }

    fn read_templates(&mut self) -> Result<(), Error> {
        let Project { templates: Some(templates), templates_place: Some(place), .. } = &self.gathered.project else {
            return Ok(());
        };
        let (templates, place) = (templates.clone(), *place);
        if !self.has_folder(&templates, place) {
            return Ok(());
        }
        for (name, id) in self.read_template_folder(&join(&templates, "anki"), &["html", "htm", "css"])? {
            let text = self.gathered.sources.get(id).text.clone();
            self.gathered.plan.template_sources.push((name.clone(), id));
            self.gathered.plan.templates.insert(name, text);
        }
        for (name, id) in self.read_template_folder(&join(&templates, "print"), &["hbs", "css", "js"])? {
            let text = self.gathered.sources.get(id).text.clone();
            let span = Span::new(id, 0..text.len());
            self.gathered.print_templates.insert(name, Override { text, span });
        }
        for (name, id) in self.read_template_folder(&join(&templates, "book"), &["css", "js", "hbs", "html"])? {
            let Gathered { plan, sources, diagnostics, .. } = &mut self.gathered;
            let text = sources.get(id).text.clone();
            diagnostics.extend(unknown_book_file(&name, id, &text));
            plan.book.files.insert(name, text);
        }
        Ok(())
    }

    /// The texts of a folder whose names end so, by name.
    fn read_template_folder(&mut self, folder: &str, extensions: &[&str]) -> Result<Vec<(String, SourceId)>, Error> {
        let names = self.world.list_names(&self.gathered.plan.root.join(folder))?;
        let names = names.into_iter().filter(|name| is_template(name, extensions));
        names.map(|name| Ok((name.clone(), self.read_settings(&join(folder, &name))?))).collect()
    }

    /// Reads what the site is made with, where one may be.
    fn read_site_settings(&mut self, wanted: &Wanted) -> Result<(), Error> {
        self.find_site_settings(wanted)?;
        let Plan { site, book, .. } = &mut self.gathered.plan;
        book.frame = site.as_ref().map_or(0, SiteSettings::hash);
        Ok(())
    }

    /// Whoever asks for a site alone gets no build without it.
    fn find_site_settings(&mut self, wanted: &Wanted) -> Result<(), Error> {
        let cost = match &wanted.formats {
            Formats::These(formats) if formats.contains(&Format::Site) => Cost::Build,
            // Who makes a site of the book without deckle goes by the same settings.
            Formats::These(formats) if formats.contains(&Format::Book) => Cost::Nothing,
            Formats::None | Formats::These(_) => return Ok(()),
            Formats::Checked | Formats::Usual => Cost::Nothing,
        };
        let Plan { root, bounds, is_loose, .. } = &self.gathered.plan;
        let place = root.join(site_settings::FILE);
        if *is_loose || !self.world.is_file(&place) {
            self.gathered.plan.site = self.usual_site(cost);
            return Ok(());
        }
        refuse_link(self.world, bounds, &place)?;
        let text = self.world.read_settings(&place)?;
        let (id, fault) = self.push(site_settings::FILE.to_owned(), text);
        if let Some(fault) = fault {
            self.gathered.diagnostics.push(fault.costing(cost));
            return Ok(());
        }
        let Plan { root, bounds, .. } = &self.gathered.plan;
        let project = site_settings::Project { root, bounds, out: &self.gathered.project.out };
        match SiteSettings::read(self.world, &project, (id, &self.gathered.sources.get(id).text), cost)? {
            Reading::Settings(site, said) => {
                self.gathered.plan.site = Some(*site);
                self.gathered.diagnostics.extend(said);
            }
            Reading::OfAnother => {
                self.gathered.plan.site = self.usual_site(cost);
                self.gathered.plan.has_other_book = true;
            }
            Reading::Mistake(mistake) => self.gathered.diagnostics.push(mistake),
        }
        Ok(())
    }

    /// What a site is made with where no `book.toml` says it.
    fn usual_site(&self, cost: Cost) -> Option<SiteSettings> {
        let Plan { root, book, .. } = &self.gathered.plan;
        let folder = root.file_name().map(|name| name.to_string_lossy());
        let title = book.title.as_deref().or(self.gathered.project.name.as_deref()).or(folder.as_deref());
        SiteSettings::usual(title.unwrap_or_default(), cost)
    }

    fn read_notes(&mut self, progress: &Progress<'_>) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        self.planned.retain(|planned| seen.insert(planned.path.clone()));
        let planned = std::mem::take(&mut self.planned);
        progress(Step::Files(planned.len()));
        let paths: Vec<PathBuf> = planned.iter().map(|note| self.gathered.plan.root.join(&note.path)).collect();
        let texts = self.world.read_texts(&paths, &|| progress(Step::File))?;
        let named: BTreeSet<String> = std::mem::take(&mut self.named).into_iter().collect();
        let mut selected = BTreeSet::new();
        let Plan { root, bounds, .. } = &self.gathered.plan;
        let files = planned.iter().map(|planned| planned.path.as_str());
        let templates = vaults::template_folders(self.world, bounds, root, files);
        let mut vaults = Vaults::new(self.world, bounds, root);
        let around: Vec<_> = planned.iter().map(|planned| vaults.around(parent(&planned.path))).collect();
        let mut macros = Macros::new(self.world, bounds, root);
        let macros: Vec<_> = planned.iter().map(|planned| macros.around(parent(&planned.path))).collect();
        self.gathered.plan.vaults = vaults.read;
        let around = around.into_iter().zip(macros);
        let planned = planned.into_iter().zip(around).zip(texts);
        for ((Planned { path, chapter, mut settings, has_no_deck }, (vault, macros)), text) in planned {
            let is_selected = with_folders(&path).any(|folder| named.contains(folder));
            let is_named = named.contains(&path);
            if !is_named && templates.iter().any(|folder| below(&path, folder).is_some()) {
                settings.purpose = Purpose::Templates;
            }
            settings.vault = vault;
            if let Some(macros) = macros {
                settings.options.add_below(&macros);
            }
            let (source, fault) = self.push(path, text);
            if is_selected {
                selected.insert(source);
            }
            self.gathered.plan.notes.push(NoteFile { source, chapter, settings, is_named, has_no_deck, fault });
        }
        self.gathered.plan.selected = (!named.is_empty()).then_some(selected);
        Ok(())
    }

    /// Reads the author's own table of contents in a folder, which is no note then, and plans the files in its order. `prefix`
    /// stands before the paths of the folder's chapters.
    fn take_outline(&mut self, folder: &str, prefix: &str) -> Result<(), Error> {
        let path = join(folder, outline::FILE);
        let Some(at) = self.planned.iter().position(|planned| planned.path == path) else { return Ok(()) };
        let place = self.gathered.plan.root.join(&path);
        let Some(Text { text, bad: None }) = self.world.read_texts(&[place], &|| {})?.pop() else { return Ok(()) };
        let chapters: Vec<&str> = self.planned.iter().filter_map(|planned| below(&planned.chapter, prefix)).collect();
        let Plan { root, bounds, .. } = &self.gathered.plan;
        let follow = |path: &str| self.world.follow(bounds, &root.join(join(folder, path)));
        let lead = |path: &str| follow(path).unwrap_or(Lead::Nothing);
        let id = self.gathered.sources.next_id();
        let Some(found) = outline::read(id, &text, &chapters, lead) else { return Ok(()) };
        self.planned.remove(at);
        let place = |planned: &Planned| found.places.get(below(&planned.chapter, prefix)?).copied();
        self.planned.sort_by_key(|planned| place(planned).unwrap_or(outline::UNNAMED));
        self.gathered.sources.push(Source { path, text });
        self.gathered.diagnostics.extend(found.diagnostics);
        self.gathered.plan.outline = found.entries;
        self.gathered.plan.is_book = true;
        for entry in &mut self.gathered.plan.outline {
            if let OutlineEntry::Chapter { path: Some(path), .. } = entry {
                *path = join(prefix, path);
            }
        }
        Ok(())
    }

    /// Of what is planned, the chapters, in their own order.
    fn take_chapters(&mut self, base: &str, chapters: &[String]) {
        let planned = std::mem::take(&mut self.planned).into_iter();
        let mut planned: BTreeMap<String, Settings> =
            planned.map(|planned| (planned.chapter, planned.settings)).collect();
        self.planned.extend(chapters.iter().map(|chapter| {
            let settings = planned.remove(chapter).unwrap_or_default();
            Planned { path: join(base, chapter), chapter: chapter.clone(), settings, has_no_deck: false }
        }));
    }

    /// Without a project, files that the lock knows are read although nobody named them: who is who shows only when all
    /// notes of the lock are looked at.
    fn plan_remembered(&mut self, request: &Request, text: &str) -> Result<(), Failure> {
        let planned: BTreeSet<String> = self.planned.iter().map(|planned| planned.path.clone()).collect();
        let Plan { root, bounds, lock: file, .. } = &self.gathered.plan;
        let base = file.base.as_str();
        // A damaged one is read again when its text is among the sources, and what is wrong with it can be shown there.
        let mut damages = Vec::new();
        let lock = Lock::parse(SourceId(0), text, &mut damages);
        let known: BTreeSet<String> = lock.notes().iter().map(|note| join(base, &note.path())).collect();
        // A lock can be edited: what it names is read only where notes are read.
        let is_file = |path: &String| matches!(self.world.follow(bounds, &root.join(path)), Ok(Lead::File(_)));
        let others: Vec<String> = known.into_iter().filter(|path| !planned.contains(path) && is_file(path)).collect();
        self.gathered.plan.lock.early = damages.is_empty().then_some(lock);
        if others.is_empty() {
            return Ok(());
        }
        self.named = planned.into_iter().collect();
        for path in others {
            let start = self.named_start(&path)?;
            let settings = Settings { deck: start.deck, ..request.settings() };
            self.plan_folder(&start.folder, &start.base, Inherited { settings, ..Inherited::default() })?;
        }
        Ok(())
    }

    /// Behind the notes, so that their spans are the same with a lock and without.
    fn add_lock(&mut self, text: Option<Text>) {
        let Some(text) = text else { return };
        let Plan { root, lock, .. } = &self.gathered.plan;
        let path = &lock.path;
        let shown = relative(root, path).unwrap_or_else(|| path.display().to_string());
        self.gathered.plan.lock.source = Some(self.add(shown, text));
    }

    fn finish(mut self, start: PathBuf, upmost: &PrintLayer) -> Gathered {
        self.gathered.plan.printing = self.gathered.printing(upmost);
        let is_one = self.gathered.project.packages == Packages::One;
        self.gathered.plan.packing = Packing { is_one, title: self.gathered.title().unwrap_or_default() };
        let Gathered { plan, sources, .. } = &mut self.gathered;
        plan.start = start;
        sources.show_paths(|path| plan.shown_path(path));
        let shown: Vec<String> = plan.vaults.iter().map(|vault| plan.shown_path(&vault.path)).collect();
        plan.vaults.iter_mut().zip(shown).for_each(|(vault, path)| vault.path = path);
        self.gathered
    }

    /// Adds a text that all notes depend on.
    fn add(&mut self, path: String, text: Text) -> SourceId {
        let (id, fault) = self.push(path, text);
        self.gathered.diagnostics.extend(fault.map(|fault| fault.costing(Cost::Build)));
        id
    }

    /// Adds a text, and says why it cannot be read.
    fn push(&mut self, path: String, text: Text) -> (SourceId, Option<Diagnostic>) {
        let id = self.gathered.sources.push(Source { path, text: text.text });
        (id, text.bad.map(|bad| unreadable(id, bad)))
    }
}

impl Request {
    /// The settings below those of any file.
    fn settings(&self) -> Settings {
        Settings { syntaxes: self.syntaxes.clone().unwrap_or_default(), ..Settings::default() }
    }

    /// The folder of the lock, where that says what to read.
    fn lock_home(&self, world: &World, start: &Path) -> Option<PathBuf> {
        let lock = self.lock.as_ref().map_or_else(|| start.join(LOCK), |lock| start.join(lock));
        // A lock of another name may lie anywhere: the paths in it go from the notes' folder.
        let is_at_home = self.follows_lock && lock.ends_with(LOCK) && world.is_file(&lock);
        lock.parent().filter(|_| is_at_home).map(Path::to_owned)
    }
}

/// Says why a file is not read.
fn unreadable(id: SourceId, bad: Bad) -> Diagnostic {
    match bad {
        Bad::Encoding(range, what) => {
            Diagnostic::new(Code::BadEncoding, Span::new(id, range), what).help("save the file as UTF-8")
        }
        Bad::Large(size) => {
            let message = format!("this file has {size} bytes, and one of notes has {MAX_NOTES} (8 MiB) at most");
            Diagnostic::new(Code::LargeFile, Span::new(id, 0..0), message).help("make several files of it")
        }
    }
}

/// A file of `templates/book/` that is none of the study site's.
fn unknown_book_file(name: &str, id: SourceId, text: &str) -> Option<Diagnostic> {
    if book::FILES.contains(&name) || book::FIXED.contains(&name) {
        return None;
    }
    let line = text.lines().next().unwrap_or_default().len();
    let message = format!("there is no file `{name}` of the study site to take the place of");
    let help = match diagnostic::suggest(name, book::FILES.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", book::FILES.join("`, `")),
    };
    Some(Diagnostic::new(Code::BadTemplate, Span::new(id, 0..line), message).help(help))
}

/// Whether a file among the templates is ours to read: an editor's or the system's own files, and fonts, are not.
fn is_template(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    !name.starts_with('.') && extension.is_some_and(|extension| extensions.contains(&extension.as_str()))
}
