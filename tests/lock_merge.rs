//! Two people edit on two branches, both build, and git merges: the lock with both sides' lines is right.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod folder;

use std::fs;
use std::process::Command;

use folder::{Folder, Guids, run};

/// File, front and back. Each stands in a file of its own, so that git has nothing to ask about the notes themselves.
const NOTES: [(&str, &str, &str); 6] = [
    ("a.md", "Which port does HTTP use by default?", "80"),
    ("b.md", "Which port does HTTPS use by default?", "443"),
    ("c.md", "Which role pulls images from a private registry?", "The task execution role"),
    ("d.md", "Which role signs the requests of a container?", "The task role"),
    ("e.md", "What does a cluster group, logically speaking?", "Tasks and services"),
    ("f.md", "Which file does the agent read when it starts?", "`/etc/ecs/ecs.config`"),
];

/// [`NOTES`] as the JSON has them.
const TEXTS: [&str; 6] = [
    "Which port does HTTP use by default?  80",
    "Which port does HTTPS use by default?  443",
    "Which role pulls images from a private registry?  The task execution role",
    "Which role signs the requests of a container?  The task role",
    "What does a cluster group, logically speaking?  Tasks and services",
    "Which file does the agent read when it starts?  /etc/ecs/ecs.config",
];

#[test]
fn merged_branches_lose_nobody() {
    let Some(repository) = Repository::new() else { return };
    let before = repository.build_and_commit(1);
    assert!(before.keys().eq(TEXTS.iter().copied().collect::<std::collections::BTreeSet<_>>()), "{before:?}");
    let (theirs, ours) = repository.diverge();
    repository.git(&["merge", "--no-edit", "theirs"]).unwrap();
    let merged = repository.folder.build(4);
    let theirs_alone = "Which task is theirs?  One that they wrote";
    let ours_alone = "Which task is ours?  One that we wrote";
    assert_eq!(merged[theirs_alone], theirs[theirs_alone]);
    assert_eq!(merged[ours_alone], ours[ours_alone]);
    assert_eq!(merged["On which port does HTTP listen by default?  80"], before[TEXTS[0]]);
    assert_eq!(merged["On which port does HTTPS listen by default?  443"], before[TEXTS[1]]);
    assert!([TEXTS[4], TEXTS[5]].iter().all(|text| merged[*text] == before[*text]), "{merged:?}");
    assert_eq!(merged.len(), 6, "{merged:?}");
    let lock = repository.folder.read("deckle.lock");
    repository.folder.deckle(&["build", "--frozen"], 5).unwrap();
    assert_eq!(repository.folder.read("deckle.lock"), lock);
    // What each side took out is remembered, and comes back with its GUID.
    repository.write(NOTES[2]);
    repository.write(NOTES[3]);
    let back = repository.folder.build(6);
    assert!([TEXTS[2], TEXTS[3]].iter().all(|text| back[*text] == before[*text]), "{back:?}");
}

#[test]
fn the_order_of_lines_that_git_chose_does_not_count() {
    let Some(repository) = Repository::new() else { return };
    repository.build_and_commit(1);
    repository.edit_one_note_twice();
    repository.git(&["merge", "--no-edit", "--strategy-option", "theirs", "theirs"]).unwrap();
    let union = repository.folder.read("deckle.lock");
    let is_note = |line: &&str| line.split(' ').next().is_some_and(|word| word.len() == 13);
    let head: Vec<&str> = union.lines().filter(|line| !is_note(line)).collect();
    let notes: Vec<&str> = union.lines().filter(is_note).collect();
    assert!(notes.len() > NOTES.len(), "both sides' lines of the note:\n{union}");
    repository.folder.build(4);
    let merged = repository.folder.read("deckle.lock");
    let reversed: Vec<&str> = head.into_iter().chain(notes.into_iter().rev()).collect();
    repository.folder.write("deckle.lock", &(reversed.join("\n") + "\n"));
    repository.folder.build(4);
    assert_eq!(repository.folder.read("deckle.lock"), merged);
}

#[test]
fn a_note_edited_on_both_sides_is_one_note() {
    let Some(repository) = Repository::new() else { return };
    let before = repository.build_and_commit(1);
    repository.edit_one_note_twice();
    repository.git(&["merge", "--no-edit", "--strategy-option", "theirs", "theirs"]).unwrap();
    let merged = repository.folder.build(4);
    assert_eq!(merged["Which port does HTTP use, by default?  80, they say"], before[TEXTS[0]]);
    assert_eq!(merged.len(), NOTES.len());
    repository.folder.deckle(&["build", "--frozen"], 5).unwrap();
}

#[test]
fn two_notes_born_with_one_guid_are_told_apart() {
    let Some(repository) = Repository::new() else { return };
    repository.build_and_commit(1);
    let front = "What is a task?";
    repository.git(&["switch", "--quiet", "--create", "theirs"]).unwrap();
    repository.write(("theirs.md", front, "A running copy"));
    let theirs = repository.build_and_commit(2);
    repository.git(&["switch", "--quiet", "main"]).unwrap();
    repository.write(("ours.md", front, "What a service keeps running"));
    let ours = repository.build_and_commit(3);
    let [elder, younger] = [format!("{front}  A running copy"), format!("{front}  What a service keeps running")];
    assert_eq!(theirs[&elder], ours[&younger], "the same birth");
    let born = &theirs[&elder];
    repository.git(&["merge", "--no-edit", "theirs"]).unwrap();
    let union = repository.folder.read("deckle.lock");
    assert_eq!(union.lines().filter(|line| line.starts_with(born.as_str())).count(), 2, "{union}");
    // Once with an answer before the build, once after it: the elder is the same note all the same.
    let line = |lock: &str, guid: &str| {
        lock.lines().find(|line| line.starts_with(guid)).map(|line| line.replacen("content/", "", 1)).unwrap()
    };
    let said = repository.folder.deckle(&["build"], 4).unwrap();
    let merged = repository.folder.build(4);
    assert_eq!(&merged[&elder], born);
    assert!(merged[&younger] != *born && merged.len() == NOTES.len() + 2, "{merged:?}");
    let new = &merged[&younger];
    let asked = format!(
        "content/ours.md:6: new, for content/theirs.md:6 asks the same, got the same GUID on another branch ({born}) and is \
         the elder; if readers are to keep this one: `deckle ids split {born} && deckle ids keep {born} {new}`"
    );
    assert!(said.contains(&asked), "{said}");
    let lock = repository.folder.read("deckle.lock");
    assert!(line(&lock, born).contains("theirs.md") && line(&lock, new).contains("ours.md"), "{lock}");
    assert!(!repository.folder.deckle(&["build"], 5).unwrap().contains("another branch"), "it is said once");
    // A GUID of its own leaves the elder alone.
    repository.folder.deckle(&["ids", "split", "content/ours.md:6"], 5).unwrap();
    let split = repository.folder.read("deckle.lock");
    assert_eq!(line(&split, born), line(&lock, born));
    assert_ne!(repository.folder.build(6)[&younger], *new);
    // Or the other way round.
    repository.folder.write("deckle.lock", &lock);
    repository.folder.deckle(&["ids", "split", born], 7).unwrap();
    repository.folder.deckle(&["ids", "keep", born, new], 7).unwrap();
    let swapped = repository.folder.build(8);
    assert!(swapped[&younger] == *born && swapped[&elder] != *born, "{swapped:?}");
}

#[test]
fn a_note_with_a_line_of_its_own_is_nobodys_double() {
    let Some(repository) = Repository::new() else { return };
    let (_, front, back) = NOTES[1];
    repository.write(("a.md", front, "One port"));
    let before = repository.build_and_commit(1);
    repository.git(&["switch", "--quiet", "--create", "theirs"]).unwrap();
    // In two steps, after which nothing of it is like what we write.
    let long = "Browsers knock at that number wherever a page is asked for over a channel that nobody reads along";
    repository.write(("a.md", front, long));
    repository.build_and_commit(2);
    repository.write(("a.md", "What do locked pages listen on?", long));
    repository.build_and_commit(3);
    repository.git(&["switch", "--quiet", "main"]).unwrap();
    repository.write(("a.md", front, back));
    repository.build_and_commit(2);
    repository.git(&["merge", "--no-edit", "--strategy-option", "theirs", "theirs"]).unwrap();
    let said = repository.folder.deckle(&["build"], 4).unwrap();
    assert!(!said.contains("another branch"), "{said}");
    let merged = repository.folder.build(4);
    assert_eq!(merged[TEXTS[1]], before[TEXTS[1]]);
    assert_eq!(merged[&format!("What do locked pages listen on?  {long}")], before[&format!("{front}  One port")]);
}

#[test]
fn an_answer_right_after_a_merge_leaves_the_elder_alone() {
    let Some(repository) = Repository::new() else { return };
    repository.build_and_commit(1);
    repository.git(&["switch", "--quiet", "--create", "theirs"]).unwrap();
    repository.write(("theirs.md", "What is a task?", "A running copy"));
    let theirs = repository.build_and_commit(3);
    repository.git(&["switch", "--quiet", "main"]).unwrap();
    repository.write(("ours.md", "What is a task?", "A running copy"));
    repository.build_and_commit(2);
    repository.git(&["merge", "--no-edit", "theirs"]).unwrap();
    // Texts alike to the letter: the file tells which is the elder.
    let born = theirs["What is a task?  A running copy"].clone();
    repository.folder.deckle(&["ids", "split", "content/theirs.md:6"], 4).unwrap();
    repository.folder.build(4);
    let lock = repository.folder.read("deckle.lock");
    let elder = lock.lines().find(|line| line.starts_with(born.as_str())).unwrap();
    assert!(elder.contains(" content/ours.md "), "{elder}");
    assert_eq!(lock.lines().filter(|line| line.contains("What+is+a+task")).count(), 3, "{lock}");
}

#[test]
fn a_lock_that_git_passes_over_is_said_unless_it_is_committed() {
    let Some(repository) = Repository::new() else { return };
    let ignore = |path: &str, lines: &str| repository.folder.write(path, lines);
    let warns = || repository.folder.deckle(&["check"], 2).unwrap().contains("git passes deckle.lock over");
    ignore(".gitignore", "/dist/\n*.lock\n");
    assert!(repository.folder.deckle(&["build"], 1).unwrap().contains("line 2 of .gitignore is `*.lock`"));
    repository.git(&["add", "--force", "deckle.lock"]).unwrap();
    assert!(!warns(), "git passes over nothing that it tracks");
    repository.git(&["rm", "--quiet", "--cached", "deckle.lock"]).unwrap();
    assert!(warns());
    ignore(".gitignore", "/dist/\n*.lock\n!deckle.lock\n");
    assert!(!warns());
    ignore(".gitignore", "/dist/\n");
    ignore(".git/info/exclude", "deckle.lock\n");
    assert!(warns());
    // As git itself says.
    assert!(repository.git(&["check-ignore", "deckle.lock"]).is_ok());
    fs::remove_file(repository.folder.path(".git/info/exclude")).unwrap();
    assert!(!warns() && repository.git(&["check-ignore", "deckle.lock"]).is_err());
}

#[test]
fn conflict_markers_are_an_error_that_names_the_line() {
    let Some(repository) = Repository::new() else { return };
    fs::remove_file(repository.folder.path(".gitattributes")).unwrap();
    repository.build_and_commit(1);
    repository.edit_one_note_twice();
    let said = repository.git(&["merge", "--no-edit", "theirs"]).unwrap_err();
    assert!(said.contains("Merge conflict in deckle.lock"), "{said}");
    repository.write(NOTES[0]);
    let lock = repository.folder.read("deckle.lock");
    let line = lock.lines().position(|line| line.starts_with("<<<<<<<")).unwrap() + 1;
    let said = repository.folder.deckle(&["build"], 4).unwrap_err();
    assert!(said.contains("error[bad-lock]") && said.contains(&format!("deckle.lock:{line}:1")), "{said}");
    assert_eq!(repository.folder.read("deckle.lock"), lock, "a damaged lock stays as it is");
}

/// A project made by `deckle init`, under git, with the [`NOTES`].
struct Repository {
    folder: Folder,
}

impl Repository {
    /// `None` where there is no git, which is said.
    #[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
    fn new() -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: git is not installed");
            return None;
        }
        let repository = Self { folder: Folder::new() };
        repository.folder.deckle(&["init"], 0).unwrap();
        let attributes = repository.folder.read(".gitattributes");
        assert!(attributes.lines().any(|line| line.starts_with("deckle.lock merge=union")), "{attributes}");
        // The id that `init` chose would sort the notes' lines in another way each time.
        repository.folder.write("deckle.yaml", "id: merge\nname: Merge\n");
        fs::remove_dir_all(repository.folder.path("content")).unwrap();
        for note in NOTES {
            repository.write(note);
        }
        repository.git(&["init", "--quiet", "--initial-branch", "main"]).unwrap();
        Some(repository)
    }

    /// Each side edits, adds and deletes a note and builds; ours is checked out at the end. Gives theirs and ours.
    fn diverge(&self) -> (Guids, Guids) {
        self.git(&["switch", "--quiet", "--create", "theirs"]).unwrap();
        self.write(("a.md", "On which port does HTTP listen by default?", "80"));
        self.write(("theirs.md", "Which task is theirs?", "One that they wrote"));
        fs::remove_file(self.folder.path("content/c.md")).unwrap();
        let theirs = self.build_and_commit(2);
        self.git(&["switch", "--quiet", "main"]).unwrap();
        self.write(("b.md", "On which port does HTTPS listen by default?", "443"));
        self.write(("ours.md", "Which task is ours?", "One that we wrote"));
        fs::remove_file(self.folder.path("content/d.md")).unwrap();
        (theirs, self.build_and_commit(3))
    }

    /// Each side edits the first note in its own way and builds; ours is checked out at the end.
    fn edit_one_note_twice(&self) {
        self.git(&["switch", "--quiet", "--create", "theirs"]).unwrap();
        self.write(("a.md", "Which port does HTTP use, by default?", "80, they say"));
        self.build_and_commit(2);
        self.git(&["switch", "--quiet", "main"]).unwrap();
        self.write(("a.md", "Which port does HTTP use by its default?", "80, we say"));
        self.build_and_commit(3);
    }

    fn write(&self, (file, front, back): (&str, &str, &str)) {
        let text = format!("---\ndeck: Merge\n---\n# Chapter\n\n## {front}\n\n{back}\n");
        self.folder.write(&format!("content/{file}"), &text);
    }

    fn build_and_commit(&self, day: i64) -> Guids {
        let guids = self.folder.build(day);
        self.git(&["add", "--all"]).unwrap();
        self.git(&["commit", "--quiet", "--message", "Edit"]).unwrap();
        guids
    }

    fn git(&self, args: &[&str]) -> Result<String, String> {
        let mut command = Command::new("git");
        // Nothing of the machine's own settings counts.
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "deckle").env(format!("GIT_{who}_EMAIL"), "deckle@example.com");
        }
        run(command.args(args), self.folder.root())
    }
}
