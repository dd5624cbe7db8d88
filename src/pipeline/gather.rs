//! Turns a request into texts with the settings of their folders: which files are read, and which of them yield notes.
//!
//! Knows the cascade down to the folder; front matter is read with the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Failure, Progress, Request, Step};
use crate::Error;
use crate::config::print::{PrintLayer, PrintOptions};
use crate::config::{self, Project, Settings};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::Printing;
use crate::emit::print::Override;
use crate::files::{self, Folder, Found, Text};
use crate::ir::DeckName;
use crate::source::{Source, SourceId, Sources, Span};

/// Finds the project, walks its folders and reads all texts.
pub(super) fn gather(request: &Request, progress: &Progress<'_>) -> Result<Gathered, Failure> {
    let paths = request.paths.iter().map(|path| files::absolute(&request.start.join(path)));
    let paths = paths.collect::<Result<Vec<_>, _>>()?;
    let start = files::absolute(&request.start)?;
    let mut gatherer = match files::find_project(paths.first().unwrap_or(&start)) {
        Some(root) => Gatherer::in_project(request, root, &paths)?,
        None => Gatherer::without_project(request, &start, &paths)?,
    };
    gatherer.read_templates()?;
    gatherer.read_notes(progress)?;
    Ok(gatherer.gathered)
}

/// All texts of a run.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What the paths of sources are relative to.
    pub(super) root: PathBuf,
    /// The output folder.
    pub(super) out: PathBuf,
    /// `deckle.yaml`; what stands for it where there is none.
    pub(super) project: Project,
    /// Settings first, then notes in reading order.
    pub(super) sources: Sources,
    /// The note files in reading order.
    pub(super) notes: Vec<NoteFile>,
    /// The sources that paths chose; `None` where all are.
    pub(super) selected: Option<BTreeSet<SourceId>>,
    /// The project's own templates: file name → text.
    pub(super) templates: BTreeMap<String, String>,
    /// Those of `templates/print/`: file name → text and place.
    print_templates: BTreeMap<String, Override>,
    /// What is wrong with settings and encodings.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Gathered {
    /// How decks are printed: the project's options, those of its decks, and `upmost` above both.
    pub(super) fn printing(&self, upmost: &PrintLayer) -> Printing {
        let project = PrintOptions::default().with(&self.project.print);
        let decks = self.project.deck_prints.iter();
        Printing {
            options: project.with(upmost),
            decks: decks.map(|(deck, layer)| (deck.clone(), project.with(layer).with(upmost))).collect(),
            templates: self.print_templates.clone(),
        }
    }
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
}

struct Gatherer {
    gathered: Gathered,
    /// Files and folders named on the command line, relative to the root.
    named: Vec<String>,
    planned: Vec<Planned>,
}

/// A note file that was found and not read yet.
struct Planned {
    path: String,
    chapter: String,
    settings: Settings,
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
}

impl Gatherer {
    fn in_project(request: &Request, root: PathBuf, paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut gatherer = Self::new(root);
        let root = gatherer.gathered.root.clone();
        let id = gatherer.read_settings("deckle.yaml")?;
        let Gathered { sources, diagnostics, .. } = &mut gatherer.gathered;
        gatherer.gathered.project = config::read_project(id, sources.get(id), diagnostics);
        let project = &gatherer.gathered.project;
        let out = request.out.as_ref().map_or_else(|| root.join(&project.out), |out| request.start.join(out));
        gatherer.gathered.out = out;
        let content = project.content.clone();
        let inherited = Inherited { settings: Settings::default().with(&project.layer), follows_folders: false };
        for path in paths {
            files::is_folder(path)?;
            let Some(relative) = relative(&root, path) else {
                let (path, root) = (path.display(), root.display());
                return Err(Failure::Usage(format!("{path} lies outside the project in {root}; build it from there")));
            };
            // Naming the whole content chooses nothing, and must not put decks into effect.
            if !is_within(&content, &relative) {
                gatherer.named.push(relative);
            }
        }
        let folder = files::walk(&root, &content, &gatherer.gathered.out)?;
        gatherer.plan_folder(&folder, &content, inherited.clone())?;
        for path in gatherer.named.clone().iter().filter(|path| !is_within(path, &content)) {
            let start = gatherer.named_start(path)?;
            gatherer.plan_folder(&start.folder, &start.base, inherited.clone())?;
        }
        Ok(gatherer)
    }

    fn without_project(request: &Request, start: &Path, paths: &[PathBuf]) -> Result<Self, Failure> {
        if paths.is_empty() {
            let start = start.display();
            let message = format!("no deckle.yaml in {start} or above; name files or folders, or run `deckle init`");
            return Err(Failure::Usage(message));
        }
        let mut gatherer = Self::new(common_parent(paths));
        let out = request.out.as_deref().unwrap_or(Path::new("dist"));
        gatherer.gathered.out = request.start.join(out);
        let root = gatherer.gathered.root.clone();
        for path in paths.iter().filter_map(|path| relative(&root, path)) {
            let start = gatherer.named_start(&path)?;
            let settings = Settings { deck: start.deck, ..Settings::default() };
            let inherited = Inherited { follows_folders: settings.deck.is_none(), settings };
            gatherer.plan_folder(&start.folder, &start.base, inherited)?;
        }
        Ok(gatherer)
    }

    fn new(root: PathBuf) -> Self {
        let gathered = Gathered { root, ..Gathered::default() };
        Self { gathered, named: Vec::new(), planned: Vec::new() }
    }

    /// A named file stands in a folder that holds nothing else, not even settings.
    fn named_start(&self, path: &str) -> Result<Start, Error> {
        let base = path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let root = &self.gathered.root;
        if files::is_folder(&root.join(path))? {
            let folder = files::walk(root, path, &self.gathered.out)?;
            return Ok(Start { folder, base, deck: None });
        }
        let entries = vec![Found::File(path.to_owned())];
        Ok(Start {
            folder: Folder { path: base.clone(), entries, ..Folder::default() },
            base,
            deck: DeckName::new(stem(path)),
        })
    }

    fn plan_folder(&mut self, folder: &Folder, base: &str, mut here: Inherited) -> Result<(), Error> {
        if folder.has_settings {
            self.apply_folder_settings(folder, &mut here)?;
        }
        if here.follows_folders {
            here.settings.deck = self.folder_deck(&folder.path, base);
        }
        for entry in &folder.entries {
            match entry {
                Found::Folder(inner) => self.plan_folder(inner, base, here.clone())?,
                Found::File(path) => self.plan_file(path, folder, base, &here),
            }
        }
        Ok(())
    }

    fn apply_folder_settings(&mut self, folder: &Folder, here: &mut Inherited) -> Result<(), Error> {
        let id = self.read_settings(&join(&folder.path, "_deck.yaml"))?;
        let Gathered { sources, diagnostics, .. } = &mut self.gathered;
        let layer = config::read_folder(id, sources.get(id), diagnostics);
        here.settings = here.settings.with(&layer);
        if layer.deck.is_some() {
            here.follows_folders = false;
        } else if here.settings.deck.is_none() {
            here.follows_folders = true;
        }
        Ok(())
    }

    /// A file that is named, or whose folder is, yields notes even where no deck is in effect for it.
    fn plan_file(&mut self, path: &str, folder: &Folder, base: &str, here: &Inherited) {
        let mut settings = here.settings.clone();
        if self.named.iter().any(|named| named == path) {
            settings.deck = settings.deck.or_else(|| DeckName::new(stem(path)));
        } else if self.named.iter().any(|named| is_within(path, named)) {
            settings.deck = settings.deck.or_else(|| self.folder_deck(&folder.path, base));
        }
        let chapter = strip(path, base).to_owned();
        self.planned.push(Planned { path: path.to_owned(), chapter, settings });
    }

    /// The path from `base` to a folder, joined by `::`; the collection's name for `base` itself.
    fn folder_deck(&self, folder: &str, base: &str) -> Option<DeckName> {
        let path = strip(folder, base);
        if path.is_empty() {
            let root = self.gathered.root.file_name().map(|name| name.to_string_lossy().into_owned());
            return self.gathered.project.name.clone().or(root).and_then(|name| DeckName::new(&name));
        }
        DeckName::new(&path.replace('/', "::"))
    }

    fn read_settings(&mut self, path: &str) -> Result<SourceId, Error> {
        let text = files::read_text(&self.gathered.root.join(path))?;
        Ok(self.add(path.to_owned(), text))
    }

    fn read_templates(&mut self) -> Result<(), Error> {
        let Some(templates) = self.gathered.project.templates.clone() else { return Ok(()) };
        files::is_folder(&self.gathered.root.join(&templates))?;
        for (name, id) in self.read_folder(&join(&templates, "anki"))? {
            let text = self.gathered.sources.get(id).text.clone();
            self.gathered.templates.insert(name, text);
        }
        for (name, id) in self.read_folder(&join(&templates, "print"))? {
            let text = self.gathered.sources.get(id).text.clone();
            let span = Span::new(id, 0..text.len());
            self.gathered.print_templates.insert(name, Override { text, span });
        }
        Ok(())
    }

    /// The texts of a folder, by name.
    fn read_folder(&mut self, folder: &str) -> Result<Vec<(String, SourceId)>, Error> {
        let names = files::list_names(&self.gathered.root.join(folder))?;
        names.into_iter().map(|name| Ok((name.clone(), self.read_settings(&join(folder, &name))?))).collect()
    }

    fn read_notes(&mut self, progress: &Progress<'_>) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        self.planned.retain(|planned| seen.insert(planned.path.clone()));
        let planned = std::mem::take(&mut self.planned);
        progress(Step::Files(planned.len()));
        let paths: Vec<PathBuf> = planned.iter().map(|note| self.gathered.root.join(&note.path)).collect();
        let texts = files::read_texts(&paths, &|| progress(Step::File))?;
        let mut selected = BTreeSet::new();
        for (Planned { path, chapter, settings }, text) in planned.into_iter().zip(texts) {
            let is_selected = self.named.iter().any(|named| is_within(&path, named));
            let source = self.add(path, text);
            if is_selected {
                selected.insert(source);
            }
            self.gathered.notes.push(NoteFile { source, chapter, settings });
        }
        self.gathered.selected = (!self.named.is_empty()).then_some(selected);
        Ok(())
    }

    fn add(&mut self, path: String, text: Text) -> SourceId {
        let id = self.gathered.sources.push(Source { path, text: text.text });
        if let Some((range, what)) = text.bad {
            let diagnostic = Diagnostic::new(Code::BadEncoding, Span::new(id, range), what);
            self.gathered.diagnostics.push(diagnostic.help("save the file as UTF-8"));
        }
        id
    }
}

/// The folder that holds all parents of the paths.
fn common_parent(paths: &[PathBuf]) -> PathBuf {
    let mut parents = paths.iter().map(|path| path.parent().unwrap_or(path));
    let first = parents.next().unwrap_or(Path::new("/")).to_owned();
    parents.fold(first, |common, parent| {
        common.ancestors().find(|ancestor| parent.starts_with(ancestor)).unwrap_or(Path::new("/")).to_owned()
    })
}

/// `path` relative to `root`, parts joined by `/`; `""` is the root itself.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/"))
}

/// Whether `path` is `folder` or lies below it.
fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn strip<'a>(path: &'a str, base: &str) -> &'a str {
    path.strip_prefix(base).map_or(path, |rest| rest.trim_start_matches('/'))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
