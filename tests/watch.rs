//! Runs the program as somebody leaves it running, saves files as editors do, and looks at what it says and writes.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use program::{command, project};

/// Longer than any build here takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program, and the lines of its stdout and stderr as they come.
struct Running {
    child: Child,
    lines: Receiver<String>,
    folder: TempDir,
}

impl Running {
    fn start(files: &[(&str, &str)], args: &[&str]) -> Self {
        Self::start_in(files, |folder| command(folder, args))
    }

    fn start_in(files: &[(&str, &str)], command: impl Fn(&Path) -> Command) -> Self {
        let folder = project(files);
        let mut command = command(folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let tell = tell.clone();
            thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
            });
        }
        Self { child, lines, folder }
    }

    /// The next line that holds these words.
    fn line(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line has `{words}`"));
            if line.contains(words) {
                return line;
            }
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// As editors save: another file takes the place of the old one.
    fn save(&self, name: &str, text: &str) {
        let new = self.path(".saving~");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    fn interrupt(mut self) -> Option<i32> {
        use std::os::unix::process::ExitStatusExt;
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        self.child.wait().unwrap().signal()
    }
}

const SETTINGS: &str = "id: watched\ncontent: .\n";

fn note(deck: &str, answer: &str) -> String {
    format!("---\ndeck: {deck}\n---\n## How hot?\n\n{answer}\n")
}

#[test]
fn what_is_saved_is_built_until_somebody_interrupts() {
    let tea = note("Tea", "90 °C");
    let running = Running::start(&[("deckle.yaml", SETTINGS), ("tea.md", &tea)], &["watch", "-f", "apkg,json"]);
    running.line("watching for changes; Ctrl-C ends it");
    running.save("tea.md", &note("Tea", "95 °C"));
    // What the first build says comes on another stream than that it watches, and maybe later.
    let line = running.line(" other files");
    assert!(
        line.starts_with("Built 1 deck, 1 note, 1 card, ")
            && line.contains(" from 1 file in ")
            && line.ends_with(" s: dist/tea.apkg and 2 other files"),
        "{line}"
    );
    assert!(fs::read_to_string(running.path("dist/deckle.json")).unwrap().contains("95 °C"));
    // Twice by renaming: a file that is watched by itself would be lost by now.
    running.save("tea.md", &note("Tea", "97 °C"));
    running.line("Built 1 deck, 1 note, 1 card");
    fs::create_dir_all(running.path("more/deep")).unwrap();
    fs::write(running.path("more/deep/milk.md"), note("Milk", "60 °C")).unwrap();
    running.line("Built 2 decks, 2 notes, 2 cards");
    fs::remove_dir_all(running.path("more")).unwrap();
    running.line("Built 1 deck, 1 note, 1 card");
    running.save("deckle.yaml", "id: [\n");
    running.line("error: 1 error; nothing was written");
    // It is not read before the settings are right again.
    running.save("tea.md", &note("Tea", "99 °C"));
    running.save("deckle.yaml", SETTINGS);
    running.line("Built 1 deck, 1 note, 1 card");
    assert!(fs::read_to_string(running.path("dist/deckle.json")).unwrap().contains("99 °C"));
    let json = fs::read(running.path("dist/deckle.json")).unwrap();
    let package = fs::read(running.path("dist/tea.apkg")).unwrap();
    let folder = running.folder.path().to_owned();
    let again = command(&folder, &["build", "-f", "apkg,json", "-o", "again"]).output().unwrap();
    assert!(again.status.success());
    assert_eq!(fs::read(folder.join("again/deckle.json")).unwrap(), json);
    assert_eq!(fs::read(folder.join("again/tea.apkg")).unwrap(), package, "the bytes of a build without watching");
    assert_eq!(running.interrupt(), Some(2));
}

#[test]
fn what_deckle_writes_and_reads_starts_nothing() {
    let tea = note("Tea", "90 °C");
    let running = Running::start(&[("deckle.yaml", SETTINGS), ("tea.md", &tea)], &["build", "--watch"]);
    running.line("watching for changes");
    // What the first build says comes on another stream, and maybe later.
    while running.lines.recv_timeout(Duration::from_millis(500)).is_ok() {}
    let touch = |path: &Path| fs::write(path, "x").unwrap();
    touch(&running.path("dist/else.txt"));
    fs::create_dir(running.path(".git")).unwrap();
    touch(&running.path(".git/index"));
    fs::read(running.path("tea.md")).unwrap();
    assert_eq!(running.lines.recv_timeout(Duration::from_secs(2)).ok(), None);
    assert_eq!(running.interrupt(), Some(2));
}

/// What is said of a build that fails is said each time, and here into a file that lies among the notes.
#[test]
fn a_log_among_the_notes_starts_nothing() {
    let broken = "---\ndeck: [\n---\n## How hot?\n\n90 °C\n";
    let unknown = "---\ndeck: Tea\n---\n## How {.nosuch}\n\n90 °C\n";
    // What is saved then, and whether that is read.
    for (settings, text, said, saved) in [
        (SETTINGS, broken, "warning[bad-yaml]", [("tea.md", true), ("more.md", true)]),
        ("id: [\n", broken, "error[bad-yaml]", [("tea.md", false), ("deckle.yaml", true)]),
        (SETTINGS, unknown, "warning[unknown-class]", [("tea.md", true), ("more.md", true)]),
    ] {
        let folder = project(&[("deckle.yaml", settings), ("tea.md", text), ("else.log", "")]);
        let log = folder.path().join("watch.log");
        let (out, err) = (fs::File::create(&log).unwrap(), fs::File::options().append(true).open(&log).unwrap());
        let mut command = command(folder.path(), &["watch", "-f", "json", "--deny-warnings", "--frozen"]);
        let mut child = command.stdout(out).stderr(err).spawn().unwrap();
        let log = || fs::read_to_string(&log).unwrap();
        let mut builds = 0;
        let mut wait = |more: usize| {
            builds += more;
            let is_there = (0..600).any(|_| {
                thread::sleep(Duration::from_millis(100));
                log().matches("nothing was written").count() >= builds
            });
            assert!(is_there && log().contains(said), "{}", log());
            thread::sleep(Duration::from_millis(500));
            assert_eq!(log().matches("nothing was written").count(), builds, "{}", log());
        };
        wait(1);
        for (name, is_read) in saved {
            fs::write(folder.path().join("else.log"), name).unwrap();
            wait(0);
            let more = if name == "deckle.yaml" { "id: [ #\n".to_owned() } else { format!("{text}\nmore\n") };
            fs::write(folder.path().join(name), more).unwrap();
            wait(usize::from(is_read));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// A link to `/` would have all of the disk watched, or end with what nobody may look into.
#[test]
fn no_link_leads_the_watch_away() {
    let outside = tempfile::tempdir().unwrap();
    let linked = outside.path().join("project");
    let running = Running::start_in(&[("deckle.yaml", SETTINGS), ("tea.md", &note("Tea", "90 °C"))], |folder| {
        std::os::unix::fs::symlink("/", folder.join("all")).unwrap();
        std::os::unix::fs::symlink(folder, &linked).unwrap();
        command(folder, &["watch", "-f", "json", linked.to_str().unwrap()])
    });
    running.line("watching for changes");
    running.save("tea.md", &note("Tea", "95 °C"));
    running.line("deckle.json and 1 other file");
    while let Ok(line) = running.lines.recv_timeout(Duration::from_secs(1)) {
        assert!(!line.contains("Built"), "its own files start nothing");
    }
    assert_eq!(running.interrupt(), Some(2));
}

#[test]
fn where_nothing_can_be_built_nothing_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["watch"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("no deckle.yaml"), "{said}");
}

#[test]
fn notes_in_the_output_folder_are_not_watched() {
    let folder = project(&[("deckle.yaml", "id: watched\ncontent: notes\n"), ("notes/tea.md", &note("Tea", "90 °C"))]);
    let output = command(folder.path(), &["watch", "-f", "json", "-o", "."]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the output folder holds the notes"), "{said}");
}
