//! Compiles a project again after each of many edits, and holds that what is kept from the time before never shows: every
//! byte is as if all had been read anew.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use deckle::api::Artifact;
use deckle::api::diagnostic::render;
use deckle::api::files::{World, bytes_of};
use deckle::api::pipeline::{Compiled, Format, Formats, KeptPieces, Request, Wanted, Workspace, compile, write};
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
    "---\ntags: [own]\ndeck: Elsewhere::Deep\n---\n# Four {#top}\n\n## Picture? {.reversed}\n\n![shown](pic.svg)\n\n<p title=\"x\" onclick=\"y\">raw</p>\n",
    "# Five\n\n## Question?\n\nAnother answer.\n\n## Word? {.typed tags=a}\n\nword\n\n```rust\nfn main() {}\n```\n",
    "# Wrong\n\n## Question? {.revesed}\n\nAnswer ==open.\n\n## Gap {.cloze}\n\n{{c1::never closed\n\n![no](gone.png)\n",
    "# Six\n\n## See? {.list}\n\n- One, as [there][ref] is said[^1]\n- Two\n\n## Shown?\n\n![a](pic.svg)\n\nAnd <img src=\"dot.svg\" onload=\"x\"> in a line.\n",
    "Only prose, with a $\\frac{1}{2$.\n",
    "",
];

/// What `_deck.yaml` may say.
const FOLDERS: &[&str] = &[
    "deck: Part\n",
    "tags: [folder, two]\n",
    "deck: Main::Part\nhtml: trust\n",
    "math: false\n",
    "deck: false\n",
    "dekc: wrong\n",
];

/// What `deckle.yaml` may say behind its id and name.
const PROJECTS: &[&str] = &[
    "deck: Main\n",
    "deck: Main\nsite-url: https://example.org/notes\n",
    "deck: Main\nsite-url: https://example.org/others\n",
    "deck: Other\ntags: [all]\nbook:\n  study: false\n",
    "deck: Main\ntemplates: templates\nprint:\n  preset: 16\n",
    "deck: Main\nhtml: trust\nprint:\n  images: files\n",
    "deck: Main\ntemplates: templates\n",
];

/// What may stand at the end of a file, where lines above mean it.
const ENDS: &[&str] = &[
    "",
    "[ref]: a.md\n\n[^1]: A book.\n",
    "[ref]: z.md#six\n\n[^1]: A book.\n",
    "[ref]: a.md\n\n[^1]: Another *book*.\n",
];

/// Goes before one of [`ENDS`].
const END: &str = "\n<!-- end -->\n\n";

/// What may stand behind a heading.
const KINDS: &[&str] = &["", " {.reversed}", " {.cloze}", " {.list}", " {tags=new}", " {#own}"];

/// Templates of the project's own.
const TEMPLATES: &[(&str, &str)] = &[
    ("templates/print/cards.css", "p { color: red }\n"),
    (
        "templates/print/cards.html.hbs",
        "{{title}}: {{#each pages}}{{#each cells}}{{#if side}}{{{body}}}|{{/if}}{{/each}}{{/each}}\n",
    ),
    ("templates/anki/style.css", ".card { color: blue }\n"),
];

/// Pictures that texts may show.
const PICTURES: &[&str] = &[
    "content/pic.svg",
    "content/dot.svg",
    "content/part/pic.svg",
    "content/part/dot.svg",
    "content/part/deep/pic.svg",
    "content/part/deep/dot.svg",
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
    /// The n-th heading from the end is another kind of note.
    Kind {
        path: usize,
        place: usize,
        kind: usize,
    },
    /// The first heading is another one.
    Title {
        path: usize,
    },
    /// What labels and footnotes above mean.
    End {
        path: usize,
        end: usize,
    },
    Template {
        template: usize,
        is_there: bool,
    },
    /// A picture of so many pixels; of none, it goes.
    Picture {
        path: usize,
        size: u32,
    },
    /// The lock is written, and all else.
    Build,
    Later,
}

/// Edits after which there is something to build: of sound texts, and of all that formats see beside texts.
fn sound_edit() -> impl Strategy<Value = Edit> {
    let (path, text) = (0..PATHS.len(), prop::sample::select(vec![0, 1, 2, 3, 4, 6]));
    let places = (path.clone(), 0..4_usize, 0..KINDS.len());
    prop_oneof![
        3 => (path.clone(), text).prop_map(|(path, text)| Edit::Text { path, text, is_saved: true }),
        2 => path.clone().prop_map(|path| Edit::Line { path, is_saved: true }),
        2 => (path.clone(), path.clone()).prop_map(|(from, to)| Edit::Rename { from, to }),
        2 => (0..FOLDERS.len() - 2).prop_map(|text| Edit::Folder { text, is_saved: true }),
        3 => (0..PROJECTS.len()).prop_map(|text| Edit::Project { text }),
        3 => places.prop_map(|(path, place, kind)| Edit::Kind { path, place, kind }),
        3 => path.clone().prop_map(|path| Edit::Title { path }),
        3 => (path, 1..ENDS.len()).prop_map(|(path, end)| Edit::End { path, end }),
        3 => (0..TEMPLATES.len(), any::<bool>()).prop_map(|(template, is_there)| Edit::Template { template, is_there }),
        4 => (0..PICTURES.len(), prop::sample::select(vec![9, 90, 900])).prop_map(|(path, size)| Edit::Picture { path, size }),
        2 => Just(Edit::Build),
        1 => Just(Edit::Later),
    ]
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
        1 => (0..PICTURES.len(), 0..2_u32).prop_map(|(path, size)| Edit::Picture { path, size }),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_formats_keep_never_shows(edits in prop::collection::vec(sound_edit(), 10..20)) {
        let mut project = Project::new();
        for (path, text) in [(0, 0), (1, 6), (3, 6), (4, 3)] {
            project.put(PATHS[path], &format!("{}{END}{}", TEXTS[text], ENDS[1]), true);
        }
        project.put("templates/print/fit.js", "", true);
        for path in 0..PICTURES.len() {
            project.take(&Edit::Picture { path, size: 90 });
        }
        assert_eq!(project.assert_as_new("at the start").stop, None);
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

/// How many of 200 notes get their fields and their sides anew when what these are made of changes, or anything else.
#[test]
fn one_edit_makes_one_note_anew() {
    let mut project = Project::of_200_notes();
    assert_eq!(project.anew("nothing"), (0, 0));
    let mut edit = |what: &str, path: &str, text: &str| {
        project.put(path, text, true);
        project.anew(what)
    };
    let long = twenty_notes(3).replace("Answer 7.", "Another answer,\nof several\nlines.");
    assert_eq!(edit("an answer", "content/3.md", &long), (1, 1));
    let more = long.replace("## Question 9", "## New?\n\nYes.\n\n## Question 9");
    assert_eq!(edit("a note more", "content/3.md", &more), (1, 1));
    assert_eq!(edit("a file more", "content/00.md", "## First?\n\nYes.\n"), (1, 1));
    let reversed = twenty_notes(4).replace(" 5 of 4?", " 5 of 4? {.reversed}");
    assert_eq!(edit("another kind", "content/4.md", &reversed), (1, 1));
    assert_eq!(edit("a heading", "content/5.md", &twenty_notes(5).replace("Chapter", "Part")), (20, 20));
    let cited = twenty_notes(6).replace("Answer 7.", "Answer[^1].") + "[^1]: A book.\n";
    assert_eq!(edit("a footnote", "content/6.md", &cited), (1, 1));
    assert_eq!(edit("its text", "content/6.md", &cited.replace("A book", "Another book")), (1, 1));
    fs::rename(project.root().join("content/7.md"), project.root().join("content/x.md")).expect("it is there");
    assert_eq!(project.anew("another name"), (0, 0));
}

/// The same for what formats see beside texts.
#[test]
fn settings_and_media_make_anew_what_they_concern() {
    let mut project = Project::of_200_notes();
    let mut edit = |what: &str, path: &str, text: &str| {
        project.put(path, text, true);
        project.anew(what)
    };
    let settings = "id: kept\nname: Kept\ndeck: Main\n";
    // Links are made each time; they are in no key.
    let site = format!("{settings}site-url: https://example.org\n");
    assert_eq!(edit("an address", "deckle.yaml", &site), (0, 0));
    assert_eq!(edit("another preset", "deckle.yaml", &format!("{settings}print:\n  preset: 16\n")), (0, 200));
    assert_eq!(edit("the old one", "deckle.yaml", settings), (0, 200));
    assert_eq!(edit("a key", "deckle.yaml", &format!("{settings}print:\n  key: true\n")), (0, 0));
    assert_eq!(edit("trust", "deckle.yaml", &format!("{settings}html: trust\n")), (200, 200));
    edit("a style", "templates/print/cards.css", "p { color: red }\n");
    let own = format!("{settings}html: trust\ntemplates: templates\n");
    assert_eq!(edit("templates", "deckle.yaml", &own), (0, 0));
    edit("a picture", "content/b.svg", &picture(90));
    let shown = twenty_notes(6).replace("Answer 2.", "![x](b.svg)").replace("Answer 3.", "<img src=\"b.svg\">");
    assert_eq!(edit("its uses", "content/6.md", &shown), (2, 2));
    assert_eq!(edit("its size", "content/b.svg", &picture(900)), (2, 2));
    edit("another picture", "content/a.svg", &picture(90));
    // The page has it before the other one.
    let shown = twenty_notes(8).replace("Answer 2.", "![x](a.svg)");
    assert_eq!(edit("its use", "content/8.md", &shown), (1, 3));
    let files = format!("{own}print:\n  images: files\n");
    assert_eq!(edit("images in files", "deckle.yaml", &files), (0, 3));
}

fn twenty_notes(file: usize) -> String {
    let note = |note: usize| format!("## Question {note} of {file}?\n\nAnswer {note}.\n\n");
    format!("# Chapter {file}\n\n{}", (0..20).map(note).collect::<String>())
}

/// An editor's project need not be on the disk at all.
#[test]
fn unsaved_texts_stand_for_files() {
    let mut project = Project::new();
    project.put("content/new/_deck.yaml", "deck: Unsaved\n", false);
    project.put("content/new/a.md", "## Shown?\n\n![x](pic.svg)\n", false);
    project.put("content/new/pic.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", false);
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

    /// In ten files, compiled once.
    fn of_200_notes() -> Self {
        let mut project = Self::new();
        for file in 0..10 {
            project.put(&format!("content/{file}.md"), &twenty_notes(file), true);
        }
        assert_eq!(project.anew("all"), (200, 200));
        project
    }

    /// How many notes get their fields and their sides anew, and that all others are kept.
    fn anew(&mut self, what: &str) -> (usize, usize) {
        let compiled = self.assert_as_new(what);
        assert_eq!((compiled.stop, compiled.formats.len()), (None, 4), "{what}");
        let KeptPieces { fields, sides, .. } = &self.workspace.kept.pieces;
        let notes = compiled.collection.notes.len();
        assert_eq!((fields.anew + fields.reused, sides.anew + sides.reused), (notes, notes), "{what}");
        (fields.anew, sides.anew)
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
            Edit::Kind { path, place, kind } => self.change(PATHS[path], |text| with_kind(text, place, KINDS[kind])),
            Edit::Title { path } => {
                self.lines += 1;
                let title = format!("# Title {}\n", self.lines);
                self.change(PATHS[path], |text| with_title(text, &title));
            }
            Edit::End { path, end } => {
                self.change(PATHS[path], |text| {
                    let text = text.split_once(END).map_or(text, |(text, _)| text);
                    format!("{text}{END}{}", ENDS[end])
                });
            }
            Edit::Template { template, is_there: true } => self.put(TEMPLATES[template].0, TEMPLATES[template].1, true),
            Edit::Template { template, is_there: false } => {
                drop(fs::remove_file(self.root().join(TEMPLATES[template].0)));
            }
            Edit::Picture { path, size: 0 } => drop(fs::remove_file(self.root().join(PICTURES[path]))),
            Edit::Picture { path, size } => self.put(PICTURES[path], &picture(size), true),
            Edit::Build => {
                let request = self.request();
                let compiled = self.workspace.compile(&request, &|_| {}).expect("the project can be read");
                write(&compiled, &request.wanted).expect("it can be written");
            }
            Edit::Later => self.workspace.world.now += 86_400,
        }
    }

    /// Changes a text that is there.
    fn change(&mut self, path: &str, change: impl FnOnce(&str) -> String) {
        if let Ok(text) = fs::read_to_string(self.root().join(path)) {
            self.put(path, &change(&text), true);
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

/// The text with `kind` behind the heading that is so many headings of its level from the last.
fn with_kind(text: &str, place: usize, kind: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let headings: Vec<usize> = (0..lines.len()).rev().filter(|line| lines[*line].starts_with("## ")).collect();
    let Some(changed) = headings.get(place) else { return text.to_owned() };
    let line = |(line, text): (usize, &&str)| match text.split('{').next() {
        Some(heading) if line == *changed => format!("{}{kind}\n", heading.trim_end()),
        _ => (*text).to_owned(),
    };
    lines.iter().enumerate().map(line).collect()
}

/// The text with another first heading.
fn with_title(text: &str, title: &str) -> String {
    let mut is_done = false;
    let line = |line| {
        let is_title = !is_done && str::starts_with(line, "# ");
        is_done |= is_title;
        if is_title { title } else { line }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// A drawing so many pixels wide and high.
fn picture(size: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\"/>")
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
