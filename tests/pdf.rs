//! How PDFs are made: when a browser is started and with what, what it leaves, and what becomes of its failures. The browser
//! is a script; `tests/print` asks a real one.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use program::{command, project};
use tempfile::TempDir;

/// Finds its arguments, and takes down that it was started.
const START: &str = r#"#!/bin/sh
for argument; do
    case "$argument" in
    --print-to-pdf=*) pdf="${argument#*=}" ;;
    --user-data-dir=*) profile="${argument#*=}" ;;
    esac
done
printf '%s\n' "$@" "$(ls -A "$profile" | wc -l) files in the profile" "." >>"$LOG"
"#;

/// A PDF, as far as anybody looks.
const PRINT: &str = r#"printf '%%PDF-1.4\n%s\ntrailer\n<<>>\nstartxref\n9\n%%%%EOF\n' "$$" >"$pdf""#;

/// A project of one deck with a browser.
struct Printer {
    folder: TempDir,
}

impl Printer {
    fn new(browser: &str) -> Self {
        let settings = "id: printed\nname: Printed\ncontent: content\n";
        let printer = Self { folder: project(&[("deckle.yaml", settings), ("tmp/x", "")]) };
        printer.note("No.");
        printer.browser(browser);
        printer
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn note(&self, back: &str) {
        fs::create_dir_all(self.path("content")).unwrap();
        fs::write(self.path("content/a.md"), format!("---\ndeck: A\n---\n## Is it?\n\n{back}\n")).unwrap();
    }

    /// What the browser does.
    fn browser(&self, does: &str) {
        fs::write(self.path("browser"), format!("{START}{does}\n")).unwrap();
        fs::set_permissions(self.path("browser"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command(self.folder.path(), &[&["build"], args].concat());
        command.env("DECKLE_BROWSER", self.path("browser")).env("LOG", self.path("log"));
        command.env("TMPDIR", self.path("tmp"));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// What was said, of a build that ends with this status.
    fn build(&self, args: &[&str], status: i32) -> String {
        let output = self.run(args);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        said
    }

    /// How often the browser was started since one last asked.
    fn starts(&self) -> usize {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let _ = fs::remove_file(self.path("log"));
        log.lines().filter(|line| *line == ".").count()
    }

    fn pdf(&self, kind: &str) -> Option<String> {
        fs::read_to_string(self.path(&format!("dist/print/a-{kind}.pdf"))).ok()
    }

    /// What lies in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        let names = fs::read_dir(self.path(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }
}

const PAGES: [&str; 4] = ["a-cards.html", "a-cards.pdf", "a-sheet.html", "a-sheet.pdf"];

#[test]
fn pages_are_printed_again_where_they_changed_or_have_no_pdf() {
    let printer = Printer::new(PRINT);
    let said = printer.build(&["-f", "pdf"], 0);
    assert!(
        said.contains("wrote dist/print/a-cards.pdf (") && said.contains("wrote dist/print/a-sheet.pdf ("),
        "{said}"
    );
    assert_eq!((printer.names("dist/print"), printer.starts()), (PAGES.map(String::from).to_vec(), 2));
    // All is remembered; then only what is printed.
    assert!(printer.build(&["-f", "pdf"], 0).contains("unchanged dist/print/a-cards.pdf ("));
    fs::remove_file(printer.path("dist/.deckle-cache")).unwrap();
    assert!(printer.build(&["-f", "pdf"], 0).contains("unchanged dist/print/a-cards.pdf ("));
    assert_eq!(printer.starts(), 0);
    fs::remove_file(printer.path("dist/print/a-sheet.pdf")).unwrap();
    let said = printer.build(&["-f", "pdf"], 0);
    assert!(
        said.contains("unchanged dist/print/a-cards.pdf") && said.contains("wrote dist/print/a-sheet.pdf"),
        "{said}"
    );
    assert_eq!(printer.starts(), 1);
    printer.note("Yes.");
    let before = printer.pdf("cards");
    printer.build(&["-f", "pdf"], 0);
    assert_eq!(printer.starts(), 2);
    assert_ne!(printer.pdf("cards"), before);
}

#[test]
fn settings_may_want_them_and_the_command_line_not() {
    let printer = Printer::new(PRINT);
    fs::write(printer.path("deckle.yaml"), "id: printed\ncontent: content\nprint: {pdf: true}\n").unwrap();
    printer.build(&["--print", "pdf=false"], 0);
    assert_eq!(printer.starts(), 0);
    printer.build(&["-q"], 0);
    assert_eq!((printer.starts(), printer.pdf("sheet").is_some()), (2, true));
}

#[test]
fn files_are_listed_for_programs() {
    let printer = Printer::new(PRINT);
    let said = printer.build(&["-f", "pdf", "--message-format", "json"], 0);
    let line = said.lines().find(|line| line.contains("a-cards.pdf")).unwrap();
    let length = printer.pdf("cards").unwrap().len();
    assert!(line.contains("\"kind\":\"file\"") && line.contains(&format!("\"bytes\":{length}")), "{line}");
}

#[test]
fn a_browser_gets_an_empty_profile_that_goes_with_it_and_asks_no_network() {
    let printer = Printer::new(PRINT);
    printer.build(&["-f", "pdf"], 0);
    let log = fs::read_to_string(printer.path("log")).unwrap();
    let folder = printer.path("tmp");
    let profile = format!("--user-data-dir={}/deckle-browser-", folder.display());
    for wanted in
        ["--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND", "--generate-pdf-document-outline", &profile]
    {
        assert_eq!(log.lines().filter(|line| line.starts_with(wanted)).count(), 2, "{wanted}: {log}");
    }
    assert_eq!(log.lines().filter(|line| *line == "0 files in the profile").count(), 2, "{log}");
    let mut profiles: Vec<&str> = log.lines().filter(|line| line.starts_with(&profile)).collect();
    profiles.dedup();
    assert_eq!(profiles.len(), 2, "each its own: {log}");
    assert_eq!(printer.names("tmp"), ["x"], "none is left");
    // For root alone there is no sandbox.
    let is_root =
        fs::metadata(printer.path("tmp")).map(|data| std::os::unix::fs::MetadataExt::uid(&data)).unwrap() == 0;
    assert_eq!(log.contains("--no-sandbox"), is_root);
}

#[test]
fn addresses_of_pages_are_escaped() {
    let printer = Printer::new(PRINT);
    let folder = printer.path("a b#c%20ü?");
    fs::create_dir(&folder).unwrap();
    printer.build(&["-f", "pdf", "-o", folder.to_str().unwrap()], 0);
    let log = fs::read_to_string(printer.path("log")).unwrap();
    assert!(log.contains("/a%20b%23c%2520%C3%BC%3F/print/a-cards.html\n"), "{log}");
    assert!(folder.join("print/a-cards.pdf").exists());
}

#[test]
fn a_browser_that_fails_leaves_the_older_pdf_and_is_quoted() {
    let printer = Printer::new(PRINT);
    printer.build(&["-f", "pdf"], 0);
    let (before, _) = (printer.pdf("cards"), printer.starts());
    assert!(before.is_some());
    printer.note("Yes.");
    let said_so = "echo '[1:2:1130/23:ERROR:dbus/bus.cc:405] no bus' >&2; echo '[1:2:1130/23:ERROR:x.cc:7] No usable sandbox!' >&2";
    for (fails, quoted) in [
        (said_so.to_owned() + "; exit 1", "browser made no PDF: No usable sandbox!"),
        (said_so.to_owned() + "; exit 0", "browser made no PDF: No usable sandbox!"),
        // The disk was full.
        (r#"printf '%%PDF-1.4\nhalf' >"$pdf""#.to_owned(), "browser made no PDF: it says nothing"),
        (r#"printf '<html>%%%%EOF' >"$pdf""#.to_owned(), "browser made no PDF: it says nothing"),
        ("kill -9 $$".to_owned(), "browser made no PDF: it says nothing"),
    ] {
        printer.browser(&fails);
        let said = printer.build(&["-f", "pdf"], 3);
        let line = format!("error: cannot print dist/print/a-cards.pdf: {quoted}\n");
        assert!(said.contains(&line) && !said.contains("no bus"), "{fails}: {said}");
        assert!(said.contains("Built 1 deck"), "the rest is there: {said}");
        assert_eq!(printer.pdf("cards"), before, "{fails}");
        assert_eq!((printer.names("dist/print"), printer.starts()), (PAGES.map(String::from).to_vec(), 2));
    }
    // Nothing of it is remembered.
    printer.browser(PRINT);
    assert!(printer.build(&["-f", "pdf"], 0).contains("wrote dist/print/a-cards.pdf"));
    assert_ne!(printer.pdf("cards"), before);
}

#[test]
fn where_the_first_pages_fail_the_rest_is_not_tried() {
    let printer = Printer::new("exit 1");
    for deck in 'b'..='m' {
        fs::write(printer.path(&format!("content/{deck}.md")), format!("---\ndeck: {deck}\n---\n## Is it?\n\nNo.\n"))
            .unwrap();
    }
    let output = printer.command(&["-f", "pdf"]).env("RAYON_NUM_THREADS", "2").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(printer.starts() <= 4 && said.contains(" pages more not tried"), "{said}");
}

#[test]
fn a_browser_that_is_none_is_named_and_the_rest_is_built() {
    let printer = Printer::new(PRINT);
    let said = printer.build(&["-f", "pdf", "--browser", "none/at/all"], 3);
    assert!(said.contains("error: cannot start the browser none/at/all: there is no such program"), "{said}");
    assert!(printer.path("dist/print/a-cards.html").exists());
    fs::write(printer.path("plain"), "").unwrap();
    assert!(printer.build(&["-f", "pdf", "--browser", "./plain"], 3).contains("there is no such program"));
    // A path is one from where the user is; an argument counts more than the environment.
    let mut command = printer.command(&["-f", "pdf", "--browser", "./browser"]);
    assert!(command.env("DECKLE_BROWSER", "none").output().unwrap().status.success());
}

#[test]
fn without_a_browser_there_is_a_remedy() {
    if ["/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"]
        .iter()
        .any(|path| Path::new(path).exists())
        || cfg!(target_os = "macos")
    {
        return;
    }
    let printer = Printer::new(PRINT);
    // Who may write where one is must not choose what is run.
    for name in ["chromium", "google-chrome"] {
        fs::copy(printer.path("browser"), printer.path(name)).unwrap();
    }
    for path in ["", ".", "content:./"] {
        let output = printer.command(&["-f", "pdf"]).env_remove("DECKLE_BROWSER").env("PATH", path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), printer.starts()), (Some(3), 0), "{said}");
        assert!(said.contains("error: cannot print PDFs: no Chromium, Chrome or Edge was found\n"), "{said}");
        assert!(said.contains("`--browser PATH`") && said.contains("dist/print/a-cards.html"), "{said}");
    }
}

#[test]
fn pdfs_of_older_pages_go_and_others_stay() {
    let printer = Printer::new(PRINT);
    printer.build(&["-f", "pdf"], 0);
    let said = printer.build(&[], 0);
    assert!(!said.contains("removed") && printer.pdf("cards").is_some(), "{said}");
    // A PDF of the page before, for the browser failed.
    printer.note("Yes.");
    printer.browser("exit 1");
    printer.build(&["-f", "pdf"], 3);
    assert!(printer.pdf("cards").is_some());
    let said = printer.build(&[], 0);
    assert!(said.contains("removed dist/print/a-cards.pdf\n"), "{said}");
    assert_eq!(printer.names("dist/print"), ["a-cards.html", "a-sheet.html"]);
    printer.browser(PRINT);
    printer.build(&["-f", "pdf"], 0);
    printer.note("Both.");
    assert!(printer.build(&[], 0).contains("removed dist/print/a-cards.pdf\n"));
    // With its deck, too.
    printer.build(&["-f", "pdf"], 0);
    fs::write(printer.path("content/a.md"), "---\ndeck: B\n---\n## Is it?\n\nNo.\n").unwrap();
    printer.build(&["-f", "pdf"], 0);
    assert_eq!(printer.names("dist/print"), PAGES.map(|name| name.replace("a-", "b-")));
}

#[test]
fn no_pdf_of_somebody_else_is_written_over() {
    let printer = Printer::new(PRINT);
    fs::create_dir_all(printer.path("dist/print")).unwrap();
    fs::write(printer.path("dist/print/a-cards.pdf"), "%PDF-1.4\ntheirs\nstartxref\n9\n%%EOF\n").unwrap();
    let said = printer.build(&["-f", "pdf"], 3);
    assert!(said.contains("cannot write dist/print/a-cards.pdf: deckle did not make it"), "{said}");
    assert_eq!((printer.names("dist/print"), printer.starts()), (vec!["a-cards.pdf".to_owned()], 0));
    // Nobody asks for it: it stays as it is.
    printer.build(&[], 0);
    assert!(printer.pdf("cards").unwrap().contains("theirs"));
}

#[test]
fn a_link_in_the_place_of_a_pdf_is_replaced_and_not_followed() {
    let printer = Printer::new(PRINT);
    printer.build(&["-f", "pdf"], 0);
    fs::write(printer.path("theirs"), "theirs").unwrap();
    fs::remove_file(printer.path("dist/print/a-cards.pdf")).unwrap();
    std::os::unix::fs::symlink(printer.path("theirs"), printer.path("dist/print/a-cards.pdf")).unwrap();
    printer.build(&["-f", "pdf"], 0);
    assert_eq!(fs::read_to_string(printer.path("theirs")).unwrap(), "theirs");
    assert!(printer.pdf("cards").unwrap().starts_with("%PDF-"));
}

#[test]
fn an_interrupt_leaves_no_browser_and_nothing_half_behind() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let printer = Printer::new(r#"printf '%%PDF' >"$pdf"; sleep 300 & echo "$$ $!" >>"$LOG.pids"; wait"#);
        let mut child = printer.command(&["-f", "pdf"]).spawn().unwrap();
        let pids = wait_for(|| {
            let pids = fs::read_to_string(printer.path("log.pids")).unwrap_or_default();
            let pids: Vec<String> = pids.split_whitespace().map(str::to_owned).collect();
            (pids.len() >= 2).then_some(pids)
        });
        let kill = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        for pid in pids {
            wait_for(|| (!runs(&pid)).then_some(()));
        }
        assert_eq!(printer.names("dist/print"), ["a-cards.html", "a-sheet.html"]);
        assert_eq!(printer.names("tmp"), ["x"]);
    }
}

/// Whether a process is there, and no zombie that nobody has asked for yet.
fn runs(pid: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let state = String::from_utf8(output.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

fn wait_for<T>(mut there: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "in vain");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A folder outside of any project, and what the program says there.
fn print_test(folder: &Path, args: &[&str]) -> (String, Option<i32>) {
    let output =
        command(folder, &[&["print-test"], args].concat()).env("DECKLE_BROWSER", "none/at/all").output().unwrap();
    (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.code())
}

#[test]
fn a_sheet_to_test_printers_is_as_the_project_prints() {
    let folder =
        project(&[("deckle.yaml", "id: x\nprint: {paper: a5, preset: 4, back-offset: 1 -2}\n"), ("sub/x", "")]);
    let (said, status) = print_test(&folder.path().join("sub"), &[]);
    assert_eq!((said.starts_with("  wrote print-test.html ("), status), (true, Some(0)), "{said}");
    let page = fs::read_to_string(folder.path().join("sub/print-test.html")).unwrap();
    assert!(page.contains("size: 210mm 148mm") && page.contains("<code>1 -2</code>"), "{page}");
    let (_, status) =
        print_test(folder.path(), &["--paper", "letter", "--print", "preset=8", "-o", "sub/print-test.html"]);
    let page = fs::read_to_string(folder.path().join("sub/print-test.html")).unwrap();
    assert!(status == Some(0) && page.contains("size: 215.9mm 279.4mm"), "{page}");
    let (said, _) = print_test(folder.path(), &["--paper", "letter", "--print", "preset=8", "-o", "sub"]);
    assert!(said.contains("sub/print-test.html ("), "a folder: {said}");
    assert_eq!(print_test(folder.path(), &["--paper", "a3"]).1, Some(2));
}

#[test]
fn a_sheet_to_test_printers_takes_nobodys_place() {
    let folder = project(&[("print-test.html", "theirs"), ("x.pdf", "theirs")]);
    let (said, status) = print_test(folder.path(), &["--pdf"]);
    assert_eq!(status, Some(3));
    assert!(said.contains("cannot write print-test.html: deckle did not make it"), "{said}");
    let (said, status) = print_test(folder.path(), &["--pdf", "-o", "x.html"]);
    assert_eq!(status, Some(3));
    assert!(said.contains("wrote x.html (") && said.contains("cannot write x.pdf: deckle did not make it"), "{said}");
    for theirs in ["print-test.html", "x.pdf"] {
        assert_eq!(fs::read_to_string(folder.path().join(theirs)).unwrap(), "theirs");
    }
    let (said, _) = print_test(folder.path(), &["--pdf", "-o", "y.html"]);
    assert!(said.contains("cannot start the browser none/at/all: there is no such program"), "{said}");
}

#[test]
fn a_sheet_to_test_printers_is_printed() {
    let printer = Printer::new(PRINT);
    for _ in 0..2 {
        let mut command = command(printer.folder.path(), &["print-test", "--pdf"]);
        command.env("DECKLE_BROWSER", printer.path("browser")).env("LOG", printer.path("log"));
        let output = command.output().unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8(output.stdout).unwrap().contains("wrote print-test.pdf ("));
    }
    assert_eq!(printer.starts(), 2);
}
