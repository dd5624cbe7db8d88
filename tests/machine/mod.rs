//! A folder with a project in which deckle runs, and what lies there after a build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use unicode_normalization::UnicodeNormalization;

use tempfile::TempDir;

use crate::packed::{self, PackedNote};

/// Unix seconds of the day 0. Builds are dated from there on, so that no test waits for a second to pass.
pub(crate) const START: i64 = 1_750_000_000;
pub(crate) const DAY: i64 = 86_400;

/// A project of its own.
pub(crate) struct Machine {
    folder: TempDir,
}

/// What a run of deckle said.
pub(crate) struct Said {
    pub(crate) is_success: bool,
    /// stdout, then stderr.
    pub(crate) text: String,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Another machine with all that is committed: everything but the packages.
    pub(crate) fn checkout(&self) -> Self {
        let other = Self::new();
        copy(self.root(), other.root());
        if other.path_of("../dist").exists() {
            fs::remove_dir_all(other.path_of("../dist")).expect("the packages go");
        }
        other
    }

    /// Takes notes and lock from another machine; packages stay.
    pub(crate) fn take_over(&self, other: &Self) {
        fs::remove_dir_all(self.path_of("")).expect("the notes go");
        copy(&other.path_of(""), &self.path_of(""));
        fs::copy(other.path_of("deckle.lock"), self.path_of("deckle.lock")).expect("a lock");
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Where a path of a history lies: most are relative to the folder of the notes.
    pub(crate) fn path_of(&self, path: &str) -> PathBuf {
        let is_above = ["deckle.yaml", "deckle.lock", "templates"]
            .iter()
            .any(|above| path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        match path.strip_prefix("../") {
            Some(path) => self.root().join(path),
            None if is_above => self.root().join(path),
            None => self.root().join("content").join(path),
        }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path_of(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the file's folder is made");
        fs::write(path, text).expect("the file is written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path_of(path)).expect("a file of the history")
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let (from, to) = (self.path_of(from), self.path_of(to));
        fs::create_dir_all(to.parent().expect("a folder")).expect("the folder is made");
        fs::rename(from, to).expect("the file is moved");
    }

    /// Runs deckle at a time in Unix seconds.
    pub(crate) fn deckle(&self, args: &[&str], time: i64) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
        command.args(args).current_dir(self.root()).env("SOURCE_DATE_EPOCH", time.to_string()).env_remove("NO_COLOR");
        // Identity shows in packages; pages are tested elsewhere.
        if args.first() == Some(&"build") {
            command.args(["-f", "apkg"]);
        }
        let output = command.output().expect("deckle runs");
        let text = [output.stdout, output.stderr].concat();
        Said { is_success: output.status.success(), text: String::from_utf8(text).expect("UTF-8") }
    }

    /// The lock and the packages as they lie there; empty where there are none.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let lock = fs::read_to_string(self.path_of("deckle.lock")).unwrap_or_default();
        let packages = fs::read_dir(self.path_of("../dist")).into_iter().flatten().map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a name in UTF-8");
            (name, fs::read(entry.path()).expect("a package"))
        });
        Snapshot {
            lock,
            packages: packages
                .filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "apkg"))
                .collect(),
        }
    }
}

/// What a build leaves behind.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) lock: String,
    /// Name → bytes.
    pub(crate) packages: BTreeMap<String, Vec<u8>>,
}

impl Snapshot {
    /// The notes of all packages by GUID.
    pub(crate) fn notes(&self) -> Result<BTreeMap<String, Seen>, String> {
        let mut notes = BTreeMap::new();
        for (package, bytes) in &self.packages {
            let packed = packed::read(bytes);
            if packed.decks.is_empty() {
                return Err(format!("{package} has no deck"));
            }
            for note in packed.notes {
                let media =
                    packed.media.iter().filter(|(_, name, _)| note.fields.iter().any(|(_, f)| f.contains(name)));
                let media = media.map(|(_, name, bytes)| (name.clone(), bytes.clone())).collect();
                let seen = Seen { package: package.clone(), content: content(&note), media, note };
                if let Some(twin) = notes.insert(seen.note.guid.clone(), seen) {
                    return Err(format!("two notes have the GUID {}", twin.note.guid));
                }
            }
        }
        Ok(notes)
    }
}

/// A note of a build.
pub(crate) struct Seen {
    pub(crate) note: PackedNote,
    pub(crate) package: String,
    /// What its modification time stands for: note type, tags, fields but for breadcrumb and link.
    pub(crate) content: Vec<String>,
    /// Name and bytes of the files that it shows.
    pub(crate) media: Vec<(String, Vec<u8>)>,
}

impl Seen {
    /// The first field as a reader sees it.
    pub(crate) fn front(&self) -> String {
        self.note.fields.first().map(|(_, field)| plain(field)).unwrap_or_default()
    }

    /// All fields as a reader sees them, and the tags.
    pub(crate) fn text(&self) -> String {
        let fields = self.note.fields.iter().map(|(_, field)| plain(field)).filter(|field| !field.is_empty());
        let tags = self.note.tags.split_whitespace().map(|tag| format!("#{tag}"));
        fields.chain(tags).collect::<Vec<_>>().join(" / ")
    }

    /// The position of its new cards.
    pub(crate) fn due(&self) -> i64 {
        self.note.cards.first().map_or(0, |card| card.due)
    }

    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.content == other.content && self.media == other.media
    }
}

fn content(note: &PackedNote) -> Vec<String> {
    let fields = note.fields.iter().filter(|(name, _)| name != "Context" && name != "Link");
    // As Anki keeps it: what is one character for Unicode is one.
    [&note.note_type, &note.tags]
        .into_iter()
        .chain(fields.map(|(_, field)| field))
        .map(|text| text.nfc().collect())
        .collect()
}

/// Tags away, the commonest entities resolved, white space collapsed.
fn plain(html: &str) -> String {
    let (mut text, mut is_tag) = (String::new(), false);
    for c in html.chars() {
        match c {
            '<' => {
                is_tag = true;
                text.push(' ');
            }
            '>' => is_tag = false,
            _ if is_tag => {}
            _ => text.push(c),
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).expect("a file is copied");
        }
    }
}
