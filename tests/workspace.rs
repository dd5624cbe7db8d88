//! Compiles a project again after each of many edits, and holds that what is kept from the time before never shows: every
//! byte is as if all had been read anew.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use deckle::api::Artifact;
use deckle::api::diagnostic::render;
use deckle::api::files::{World, bytes_of};
use deckle::api::pipeline::{Compiled, Format, Formats, Request, Wanted, Workspace, compile, write};
use proptest::prelude::*;
use tempfile::TempDir;

/// Where files may lie, relative to the project: in reading order, with room before, between and behind.
const PATHS: &[&str] = &[
    "content/README.md",
    "content/a.md",
    "content/part/index.md",
    "content/part/b.md",
    "content/part/deep/c.md",
    "content/z.md",
];

/// What may stand in them: each kind of note and of mistake, and two texts that mean other notes in other folders.
const TEXTS: &[&str] = &[
    "# One\n\n## Question?\n\nAnswer with **words**, `code` and $x^2$.\n\n> [!TIP]\n> Think.\n\n> [!NOTE]\n> More[^1].\n\n[^1]: A book.\n",
    "# Two\n\n## Gaps {.cloze}\n\nHere ==is== and {{c3::was::hint}} in `a {{c4::b}} c`.\n\n## Parts {.list}\n\n1. One\n2. Two\n   - deep\n",
    "# Three\n\nTerm\n: Meaning, with a [link](a.md#one).\n\n## Table {.rows}\n\n| A | B |\n|:--|--:|\n| 1 | two |\n| 3 | **four** |\n",
    "---\ntags: [own]\ndeck: Elsewhere::Deep\n---\n# Four {#top}\n\n## Picture? {.reversed}\n\n![shown](pic.svg)\n\n<p title=\"x\">raw</p>\n",
    "# Five\n\n## Question?\n\nAnother answer.\n\n## Word? {.typed tags=a}\n\nword\n\n```rust\nfn main() {}\n```\n",
    "# Wrong\n\n## Question? {.revesed}\n\nAnswer ==open.\n\n## Gap {.cloze}\n\n{{c1::never closed\n\n![no](gone.png)\n",
    "Only prose, with a $\\frac{1}{2$.\n",
    "",
];

/// What `_deck.yaml` may say.
const FOLDERS: &[&str] = &["deck: Part\n", "tags: [folder, two]\n", "deck: false\n", "math: false\n", "dekc: wrong\n"];

/// What `deckle.yaml` may say behind its id and name.
const PROJECTS: &[&str] = &[
    "deck: Main\n",
    "deck: Main\nsite-url: https://example.org/notes\n",
    "deck: Other\ntags: [all]\nbook:\n  study: false\n",
];

#[derive(Debug, Clone)]
enum Edit {
    /// A note file gets this text, on the disk or in an editor that has not saved it.
    Text {
        path: usize,
        text: usize,
        is_saved: bool,
    },
    /// One line more, of which no other file has the like.
    Line {
        path: usize,
        is_saved: bool,
    },
    /// A file goes, or its unsaved text.
    Remove {
        path: usize,
        is_saved: bool,
    },
    Rename {
        from: usize,
        to: usize,
    },
    Folder {
        text: usize,
        is_saved: bool,
    },
    Project {
        text: usize,
    },
    Picture {
        is_there: bool,
    },
    /// The lock is written, and all else.
    Build,
    Later,
}

fn edit() -> impl Strategy<Value = Edit> {
    let (path, text) = (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        4 => (path.clone(), text, any::<bool>()).prop_map(|(path, text, is_saved)| Edit::Text { path, text, is_saved }),
        3 => (path.clone(), any::<bool>()).prop_map(|(path, is_saved)| Edit::Line { path, is_saved }),
        2 => (path.clone(), any::<bool>()).prop_map(|(path, is_saved)| Edit::Remove { path, is_saved }),
        2 => (path.clone(), path).prop_map(|(from, to)| Edit::Rename { from, to }),
        2 => (0..FOLDERS.len(), any::<bool>()).prop_map(|(text, is_saved)| Edit::Folder { text, is_saved }),
        1 => (0..PROJECTS.len()).prop_map(|text| Edit::Project { text }),
        1 => any::<bool>().prop_map(|is_there| Edit::Picture { is_there }),
        2 => Just(Edit::Build),
        1 => Just(Edit::Later),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_never_shows(edits in prop::collection::vec(edit(), 1..12)) {
        let mut project = Project::new();
        project.put("content/a.md", TEXTS[0], true);
        project.put("content/part/b.md", TEXTS[1], true);
        project.assert_as_new("at the start");
        for edit in &edits {
            project.take(edit);
            project.assert_as_new(&format!("after {edit:?}"));
        }
    }
}

#[test]
fn one_edit_reads_one_document() {
    let mut project = Project::new();
    for number in 1..=20 {
        let text = format!("# Chapter {number}\n\n## Question {number}?\n\nAnswer.\n");
        project.put(&format!("content/{number}.md"), &text, true);
    }
    let counts = |project: &mut Project| {
        project.assert_as_new("");
        (project.workspace.kept.read, project.workspace.kept.reused)
    };
    assert_eq!(counts(&mut project), (20, 0));
    assert_eq!(counts(&mut project), (0, 20));
    project.put("content/7.md", "# Chapter\n\n## Another question?\n\nAnswer.\n", true);
    assert_eq!(counts(&mut project), (1, 19));
    project.put("content/7.md", "## Not saved?\n\nYes.\n", false);
    assert_eq!(counts(&mut project), (1, 19));
    // All others have another number now.
    project.put("content/0.md", "## The first?\n\nYes.\n", true);
    assert_eq!(counts(&mut project), (1, 20));
    fs::remove_file(project.root().join("content/1.md")).expect("it is there");
    assert_eq!(counts(&mut project), (0, 20));
    fs::rename(project.root().join("content/2.md"), project.root().join("content/99.md")).expect("it is there");
    assert_eq!(counts(&mut project), (1, 19));
    project.put("content/sub/x.md", "## Below?\n\nYes.\n", true);
    project.put("content/sub/_deck.yaml", "tags: one\n", true);
    assert_eq!(counts(&mut project), (1, 20));
    project.put("content/sub/_deck.yaml", "tags: two\n", false);
    assert_eq!(counts(&mut project), (1, 20));
    project.put("deckle.yaml", "id: kept\nname: Kept\ndeck: Other\n", true);
    assert_eq!(counts(&mut project), (21, 0));
}

/// An editor's project need not be on the disk at all.
#[test]
fn unsaved_texts_stand_for_files() {
    let mut project = Project::new();
    project.put("content/new/_deck.yaml", "deck: Unsaved\n", false);
    project.put("content/new/a.md", "## Shown?\n\n![x](pic.svg)\n", false);
    project.put("content/new/pic.svg", "<svg/>", false);
    let compiled = project.assert_as_new("");
    let note = compiled.collection.notes.first().expect("a note");
    assert_eq!((note.deck.as_str(), compiled.diagnostics.len()), ("Unsaved", 0));
    assert_eq!(compiled.collection.media.len(), 1);
    // Above the disk's text.
    project.put("content/new/a.md", "## Saved?\n\nYes.\n", true);
    assert_eq!(project.assert_as_new("").collection.media.len(), 1);
    project.workspace.world.uncover(&project.root().join("content/new/a.md")).expect("a path");
    assert_eq!(project.assert_as_new("").collection.media.len(), 0);
}

/// A project, and a workspace that compiles it again and again.
struct Project {
    folder: TempDir,
    workspace: Workspace,
    lines: usize,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let world = World::at(1_750_000_000);
        let project = Self { folder, workspace: Workspace { world, ..Workspace::default() }, lines: 0 };
        fs::create_dir_all(project.root().join("content")).expect("a folder for notes");
        fs::write(project.root().join("deckle.yaml"), "id: kept\nname: Kept\ndeck: Main\n").expect("it is written");
        project
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn put(&mut self, path: &str, text: &str, is_saved: bool) {
        let path = self.root().join(path);
        if is_saved {
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
            fs::write(path, text).expect("the file is written");
        } else {
            self.workspace.world.overlay(&path, text).expect("a path");
        }
    }

    fn take(&mut self, edit: &Edit) {
        match *edit {
            Edit::Text { path, text, is_saved } => self.put(PATHS[path], TEXTS[text], is_saved),
            Edit::Line { path, is_saved } => {
                self.lines += 1;
                let old = fs::read_to_string(self.root().join(PATHS[path])).unwrap_or_default();
                let text = format!("{old}\n## Line {}?\n\nYes, ==line== it is.\n", self.lines);
                self.put(PATHS[path], &text, is_saved);
            }
            Edit::Remove { path, is_saved: true } => drop(fs::remove_file(self.root().join(PATHS[path]))),
            Edit::Remove { path, is_saved: false } => {
                self.workspace.world.uncover(&self.folder.path().join(PATHS[path])).expect("a path");
            }
            Edit::Rename { from, to } => {
                let to = self.root().join(PATHS[to]);
                fs::create_dir_all(to.parent().expect("a folder")).expect("the folder is made");
                drop(fs::rename(self.root().join(PATHS[from]), to));
            }
            Edit::Folder { text, is_saved } => self.put("content/part/_deck.yaml", FOLDERS[text], is_saved),
            Edit::Project { text } => {
                self.put("deckle.yaml", &format!("id: kept\nname: Kept\n{}", PROJECTS[text]), true);
            }
            Edit::Picture { is_there: true } => self.put("content/part/pic.svg", "<svg/>", true),
            Edit::Picture { is_there: false } => drop(fs::remove_file(self.root().join("content/part/pic.svg"))),
            Edit::Build => {
                let request = self.request();
                let compiled = self.workspace.compile(&request, &|_| {}).expect("the project can be read");
                write(&compiled, &request.wanted).expect("it can be written");
            }
            Edit::Later => self.workspace.world.now += 86_400,
        }
    }

    fn request(&self) -> Request {
        let formats = vec![Format::Apkg, Format::Print, Format::Book, Format::Json];
        let wanted = Wanted { formats: Formats::These(formats), accept_loss: true, ..Wanted::default() };
        Request { start: self.root().to_owned(), wanted, ..Request::default() }
    }

    /// Compiles with what is kept, and without.
    fn assert_as_new(&mut self, when: &str) -> Compiled {
        let request = self.request();
        let warm = self.workspace.compile(&request, &|_| {}).expect("the project can be read");
        let cold = compile(&self.workspace.world, &request, &|_| {}).expect("the project can be read");
        assert_eq!(said(&warm), said(&cold), "{when}");
        let (warm_files, cold_files) = (files(&warm), files(&cold));
        assert_eq!(warm_files.keys().collect::<Vec<_>>(), cold_files.keys().collect::<Vec<_>>(), "{when}");
        for (path, bytes) in warm_files {
            assert!(bytes == cold_files[path], "{when}: {} is another one", path.display());
        }
        warm
    }
}

/// All that people are told, the collection with its places, and the lock.
fn said(compiled: &Compiled) -> String {
    let mut painter = render::Renderer::new(&compiled.sources, false);
    let rendered = compiled.diagnostics.iter().map(|found| painter.render(found));
    let collection = serde_json::to_string(&compiled.collection).expect("the IR serialises");
    let identity = compiled.identity.as_ref();
    let lock = identity.map(|identity| (identity.changed, &identity.report, identity.lock.to_text()));
    let (stop, tally) = (&compiled.stop, &compiled.tally);
    format!("{}{collection}\n{lock:#?}\n{stop:?}\n{tally:?}", rendered.collect::<String>())
}

fn files(compiled: &Compiled) -> BTreeMap<&PathBuf, Vec<u8>> {
    let bytes = |artifact: &Artifact| bytes_of(&artifact.recipe).expect("its media are there");
    compiled.artifacts.iter().map(|artifact| (&artifact.path, bytes(artifact))).collect()
}
