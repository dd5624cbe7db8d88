//! Builds a project again and again with what builds keep in `dist/.deckle-cache`, and a twin of it without, and holds that
//! nobody sees a difference: whatever is edited, and whatever becomes of that file.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by a panic")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use proptest::prelude::*;
use tempfile::TempDir;

use program::command;

const CACHE: &str = "dist/.deckle-cache";

/// What note files, settings and pictures may hold.
const TEXTS: &[(&str, &str)] = &[
    ("content/a.md", "# A\n\n## Question?\n\nAnswer, with `code`.\n\n## Second?\n\n![x](p.svg)\n"),
    ("content/a.md", "# A\n\n## Question?\n\nAnother one, as long\n\n## Second?\n\n![x](p.svg)\n"),
    ("content/a.md", "# A\n\n## Question?\n\nAnother one, so long\n\n## Second?\n\n![x](p.svg)\n"),
    ("content/a.md", "# A\n\n## Question? {.revesed}\n\nWrong.\n"),
    (
        "content/b/c.md",
        "# C\n\nTerm\n: Meaning, as [there](../a.md#question) is said.\n\n## Gap {.cloze}\n\nIt ==is==.\n",
    ),
    (
        "content/b/c.md",
        "# C\n\nTerm\n: Meaning, as [there](../A.md#question) is said.\n\n## Gap {.cloze}\n\nIt ==was==.\n",
    ),
    ("content/b/_deck.yaml", "deck: Main::B\n"),
    ("content/b/_deck.yaml", "deck: Other\n"),
    ("content/b/_deck.yaml", "dekc: wrong\n"),
    ("content/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n"),
    ("content/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"7\" height=\"7\"/>\n"),
    ("content/q.svg", "<svg/>\n"),
    ("deckle.yaml", "id: kept\nname: Kept\ndeck: Main\n"),
    ("deckle.yaml", "id: kept\nname: Kept\ndeck: Main\nprint:\n  preset: 16\n"),
    ("deckle.yaml", "id: kept\nname: Kept\ndeck: Main\ntemplates: templates\n"),
    ("deckle.yaml", "id: kept\nname: Kept\ndeck: Main\nout: other\n"),
    ("templates/print/cards.css", "p { color: red }\n"),
    ("templates/print/cards.css", "p { color: tan }\n"),
    ("templates/anki/style.css", ".card { color: blue }\n"),
    (".gitignore", "deckle.lock\n"),
    ("content/deckle.yml", "id: wrong\n"),
];

/// How the program may be called.
const CALLS: &[&[&str]] = &[
    &["build"],
    &["build"],
    &["build", "-v"],
    &["build", "--message-format", "json"],
    &["build", "-f", "apkg"],
    &["build", "-f", "print,json"],
    &["build", "--print", "preset=10"],
    &["build", "content/a.md"],
    &["build", "--deny-warnings"],
    &["build", "--frozen"],
    &["build", "--accept-loss"],
    &["check"],
];

#[derive(Debug, Clone)]
enum Edit {
    /// A file gets a text of [`TEXTS`].
    Put(usize),
    /// The same, with the time of change that it had.
    Unseen(usize),
    Remove(usize),
    /// The n-th file of the outputs goes.
    Lose(usize),
    /// It holds something else, of the same length.
    Spoil(usize),
    /// It gets the time of change of now.
    Touch(usize),
    /// A file among the outputs that nobody made.
    Foreign,
    /// The lock as it was before the last build.
    Back,
    /// A byte of the cache is another one.
    Damage(usize),
    /// It ends early.
    Cut(usize),
    /// It is the one that was there before the last build.
    Old,
    /// It is a folder.
    Folder,
    None,
}

fn edit() -> impl Strategy<Value = Edit> {
    let (text, place) = (0..TEXTS.len(), any::<prop::sample::Index>());
    let place = place.prop_map(|index| index.index(10_000));
    prop_oneof![
        6 => text.clone().prop_map(Edit::Put),
        3 => text.clone().prop_map(Edit::Unseen),
        2 => text.prop_map(Edit::Remove),
        1 => place.clone().prop_map(Edit::Lose),
        2 => place.clone().prop_map(Edit::Spoil),
        1 => place.clone().prop_map(Edit::Touch),
        1 => Just(Edit::Foreign),
        1 => Just(Edit::Back),
        2 => place.clone().prop_map(Edit::Damage),
        1 => place.prop_map(Edit::Cut),
        2 => Just(Edit::Old),
        1 => Just(Edit::Folder),
        6 => Just(Edit::None),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cache_never_shows(edits in prop::collection::vec((edit(), 0..CALLS.len(), 1..4_usize), 6..14)) {
        let mut twins = [Project::new(true), Project::new(false)];
        for (edit, call, times) in edits {
            for twin in &mut twins {
                twin.take(&edit);
            }
            for time in 0..times {
                let [with, without] = twins.each_mut().map(|twin| twin.run(CALLS[call]));
                prop_assert_eq!(&with.said, &without.said, "after {:?}, {:?}, time {}", &edit, CALLS[call], time);
                prop_assert_eq!(&with.files, &without.files, "after {:?}, {:?}, time {}", &edit, CALLS[call], time);
            }
        }
    }
}

#[test]
fn nothing_is_done_again_where_nothing_changed() {
    let mut project = Project::new(true);
    let mut stamps = Vec::new();
    let mut build = || {
        let said = project.run(&["build"]).said;
        let path = project.path(CACHE);
        let kept = fs::read(&path).expect("a cache");
        stamps.push(kept);
        said
    };
    let (first, second, third) = (build(), build(), build());
    assert!(first.contains("wrote deckle.lock") && second.contains("unchanged") && !second.contains("wrote"));
    assert_eq!(second, third);
    // What took nothing from it would have looked at another time.
    std::thread::sleep(std::time::Duration::from_millis(200));
    let before = (build(), build());
    assert_eq!(before, (second.clone(), second));
    assert_eq!(stamps[3], stamps[4]);
}

#[test]
fn whatever_lies_in_its_place_a_build_is_the_same() {
    let mut twin = Project::new(false);
    let (first, again) = (twin.run(&["build"]), twin.run(&["build"]));
    let elsewhere = Project::new(true).path("beside");
    put(&elsewhere, b"theirs");
    let mark = b"deckle keeps what it made here. It may be deleted at any time.\n";
    let forged = [&mark[..], &[0; 16], &[0xFF; 5000]].concat();
    let things: [(&str, Lay<'_>); 7] = [
        ("nothing", &|_| {}),
        ("empty", &|path| put(path, b"")),
        ("forged", &|path| put(path, &forged)),
        ("its beginning", &|path| put(path, &mark[..20])),
        ("huge", &|path| fs::File::create(path).and_then(|file| file.set_len(1 << 40)).unwrap()),
        ("a folder", &|path| fs::create_dir(path).unwrap()),
        #[cfg(unix)]
        ("a link", &|path| std::os::unix::fs::symlink(&elsewhere, path).unwrap()),
    ];
    for (what, lay) in things {
        let mut project = Project::new(true);
        fs::create_dir(project.path("dist")).unwrap();
        lay(&project.path(CACHE));
        for seen in [&first, &again, &again] {
            let now = project.run(&["build"]);
            assert_eq!((&now.said, &now.files), (&seen.said, &seen.files), "{what}");
        }
    }
    assert_eq!(fs::read(&elsewhere).unwrap(), b"theirs");
}

#[test]
fn nothing_is_kept_where_nothing_may_be_written() {
    let mut project = Project::new(true);
    project.run(&["build"]);
    fs::remove_file(project.path(CACHE)).unwrap();
    for call in [&["build", "--frozen"][..], &["check"], &["ids", "list"]] {
        assert!(project.run(call).said.starts_with("Some(0)"), "{call:?}");
        assert!(!project.path(CACHE).exists(), "{call:?}");
    }
}

/// Two builds that want other things take turns, and neither takes the other's pages for its own.
#[test]
fn builds_at_once_leave_what_one_leaves() {
    let (mut project, mut twin) = (Project::new(true), Project::new(false));
    let calls = [&["build"][..], &["build", "--print", "preset=10"], &["build", "-f", "apkg,print"], &["build"]];
    for round in 0..6 {
        let text = format!("# D\n\n## Round?\n\nIt is {round}.\n");
        for folder in [&project, &twin] {
            put(&folder.path("content/d.md"), text.as_bytes());
        }
        let builds: Vec<_> = calls
            .iter()
            .map(|call| {
                command(project.folder.path(), call).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for mut build in builds {
            assert!(build.wait().unwrap().success());
        }
        // Whatever the others left, one more is as if it were alone.
        let with = project.run(&["build"]);
        twin.run(&["build"]);
        let without = twin.run(&["build"]);
        assert_eq!(with.files, without.files, "round {round}");
    }
}

#[test]
fn a_sheet_is_not_another_one_because_another_deck_came() {
    let mut project = Project::new(true);
    project.run(&["build"]);
    let sheet = |project: &Project| fs::read_to_string(project.path("dist/print/main-sheet.html")).expect("a sheet");
    let before = sheet(&project);
    put(&project.path("content/e.md"), b"---\ndeck: Extra\n---\n# E\n\n## Other?\n\nYes.\n");
    project.run(&["build"]);
    assert!(project.path("dist/print/extra-sheet.html").exists());
    assert_eq!(sheet(&project), before);
}

/// Puts something in a place.
type Lay<'a> = &'a dyn Fn(&Path);

/// A project with a cache, or one that loses it before each build.
struct Project {
    folder: TempDir,
    has_cache: bool,
    /// The lock and the cache before the last build.
    before: [Option<Vec<u8>>; 2],
}

/// What can be seen of a build.
struct Seen {
    said: String,
    /// Path → what the file holds.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Project {
    fn new(has_cache: bool) -> Self {
        let files: Vec<_> = [0, 4, 6, 9, 12, 16].iter().map(|&text| TEXTS[text]).collect();
        Self { folder: program::project(&files), has_cache, before: [None, None] }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The outputs, by path.
    fn outputs(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        for folder in ["dist", "other"] {
            collect(&self.path(folder), &mut files);
        }
        files
    }

    fn take(&mut self, edit: &Edit) {
        let cache = self.path(CACHE);
        let place = |place: usize| self.outputs().into_iter().nth(place % self.outputs().len().max(1));
        match *edit {
            Edit::Put(text) => put(&self.path(TEXTS[text].0), TEXTS[text].1.as_bytes()),
            Edit::Unseen(text) => {
                let path = self.path(TEXTS[text].0);
                let time = fs::metadata(&path).and_then(|data| data.modified());
                put(&path, TEXTS[text].1.as_bytes());
                if let Ok(time) = time {
                    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
                }
            }
            Edit::Remove(text) => drop(fs::remove_file(self.path(TEXTS[text].0))),
            Edit::Lose(at) => {
                if let Some((path, _)) = place(at) {
                    fs::remove_file(path).unwrap();
                }
            }
            Edit::Spoil(at) => {
                if let Some((path, mut bytes)) = place(at) {
                    for byte in &mut bytes {
                        *byte ^= 1;
                    }
                    put(&path, &bytes);
                }
            }
            Edit::Touch(at) => {
                if let Some((path, bytes)) = place(at) {
                    put(&path, &bytes);
                }
            }
            Edit::Foreign => put(&self.path("dist/print/foreign.html"), b"mine"),
            Edit::Back => {
                if let Some(lock) = &self.before[0] {
                    put(&self.path("deckle.lock"), lock);
                }
            }
            Edit::Damage(at) => {
                if let Ok(mut bytes) = fs::read(&cache) {
                    let length = bytes.len();
                    bytes[at % length] ^= 0x10;
                    put(&cache, &bytes);
                }
            }
            Edit::Cut(at) => {
                if let Ok(bytes) = fs::read(&cache) {
                    put(&cache, &bytes[..at % bytes.len()]);
                }
            }
            Edit::Old => {
                if let Some(old) = &self.before[1] {
                    put(&cache, old);
                }
            }
            Edit::Folder => {
                let _ = fs::remove_file(&cache);
                fs::create_dir_all(cache).unwrap();
            }
            Edit::None => {}
        }
    }

    fn run(&mut self, call: &[&str]) -> Seen {
        if !self.has_cache {
            for folder in ["dist", "other"] {
                let _ = fs::remove_file(self.path(folder).join(".deckle-cache"));
            }
        }
        self.before = ["deckle.lock", CACHE].map(|path| fs::read(self.path(path)).ok());
        let output = command(self.folder.path(), call).output().expect("it runs");
        let [out, err] = [&output.stdout, &output.stderr].map(|bytes| timeless(&String::from_utf8_lossy(bytes)));
        let mut files = self.outputs();
        collect(&self.path("deckle.lock"), &mut files);
        let files =
            files.into_iter().map(|(path, bytes)| (path.strip_prefix(self.folder.path()).unwrap().into(), bytes));
        let said = format!("{:?}\n{out}\n{err}", output.status.code());
        let said = said.replace(&*self.folder.path().to_string_lossy(), "/project");
        Seen { said, files: files.collect() }
    }
}

fn put(path: &Path, bytes: &[u8]) {
    if !path.is_dir() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// All files at a path, but for the cache.
fn collect(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), files);
        }
    } else if !path.ends_with(".deckle-cache")
        && let Ok(bytes) = fs::read(path)
    {
        files.insert(path.to_owned(), bytes);
    }
}

/// Without how long it took.
fn timeless(said: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((before, time)) if time.ends_with(" s") => format!("{before}\n"),
        _ => format!("{line}\n"),
    };
    said.lines().map(line).collect()
}
