//! Turns a page on the disk into a PDF, by a Chromium, Chrome or Edge that is installed.
//!
//! Knows the browser's command line, and nothing of what pages hold. What a browser says of its success is not believed:
//! Chromium ends with 0 where it could not load a page or write the PDF (`findings/`).

mod installed;
mod interrupt;
mod pdf;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::{TempDir, TempPath};

use super::path::absolute;
use super::temporary::builder;
use super::write::{cannot_write, create};
use crate::Error;

pub use self::interrupt::Interrupts;
pub use self::pdf::{PrintedPage, pdf_mark};

/// The name of the environment variable that names a browser, where no argument does.
const VARIABLE: &str = "DECKLE_BROWSER";

/// A browser that prints.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
}

impl Browser {
    /// The browser of this path or name, else that which [`VARIABLE`] names, else the first that is installed where browsers
    /// usually are; `None` where there is none.
    ///
    /// # Errors
    /// One is named, and is no program.
    pub fn find(named: Option<&Path>) -> Result<Option<Self>, Error> {
        let named = named.map(|path| path.as_os_str().to_owned());
        let named = named.or_else(|| std::env::var_os(VARIABLE).filter(|name| !name.is_empty()));
        let found = match &named {
            Some(name) => installed::named(name),
            None => installed::usual(),
        };
        match (found, named) {
            (Some(program), _) => Ok(Some(Self { program: absolute(&program)? })),
            (None, Some(name)) => Err(Error::new("cannot start the browser", name, "there is no such program")),
            (None, None) => Ok(None),
        }
    }

    /// Prints a page into the PDF file at `target`, with `mark` in it; an older file stays whole until the new one is, and
    /// where that fails. `wait` is called again and again meanwhile.
    ///
    /// # Errors
    /// The browser cannot be started, prints nothing, or takes longer than `patience`; somebody interrupts; the file cannot
    /// be written.
    pub fn print(
        &self,
        page: &Path,
        target: &Path,
        mark: &str,
        patience: Duration,
        interrupts: &Interrupts,
        wait: &dyn Fn(),
    ) -> Result<PrintedPage, Error> {
        let (page, target) = (absolute(page)?, absolute(target)?);
        let failed = |cause| cannot_write(&target, cause);
        let folder = target.parent().unwrap_or(Path::new("."));
        // It lies where it is to stay: what sees no more than a person's own folders (a snap) writes there.
        let pdf = builder().make_in(folder, create).map_err(failed)?.into_temp_path();
        let room = Room::new().map_err(|cause| Error::new("cannot make", "a folder for the browser", cause))?;
        let running = Running::start(&self.program, &arguments(&page, &pdf, &room), &room)
            .map_err(|cause| Error::new("cannot start the browser", &self.program, cause))?;
        let end = running.wait(patience, interrupts, wait);
        let is_whole = pdf::is_whole(&pdf);
        match end {
            End::Itself if is_whole => {
                let printed = pdf::mark(&pdf, mark).map_err(failed)?;
                put(pdf, &target)?;
                Ok(printed)
            }
            End::Itself => Err(self.cannot_print(&target, &room.words())),
            End::Impatience => {
                let cause = format!("nothing within {} s", patience.as_secs());
                Err(self.cannot_print(&target, &joined([cause, room.words()])))
            }
            End::Interrupted => Err(Error::new("cannot print", &target, "it was interrupted")),
            End::Lost(cause) => Err(Error::new("cannot wait for the browser", &self.program, cause)),
        }
    }

    fn cannot_print(&self, target: &Path, words: &str) -> Error {
        let name = self.program.file_name().unwrap_or_default().to_string_lossy();
        let words = if words.is_empty() { "it says nothing" } else { words };
        Error::new("cannot print", target, format!("{name} made no PDF: {words}"))
    }
}

/// As [`TempPath::persist`], with the path in the error.
fn put(pdf: TempPath, target: &Path) -> Result<(), Error> {
    pdf.persist(target).map_err(|error| cannot_write(target, error.error))
}

/// What keeps the browser from a person's own profile, from the network and from asking anybody anything. What is not known
/// to an older or a later one it passes over.
const QUIET: &[&str] = &[
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-breakpad",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,DialMediaRouteProvider",
    "--metrics-recording-only",
    "--no-pings",
    "--no-service-autorun",
    "--deny-permission-prompts",
    "--password-store=basic",
    "--use-mock-keychain",
    // What asks all the same, as a page of an author who is trusted with scripts, finds nobody: neither names nor numbers.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    // Memory that containers give in small portions.
    "--disable-dev-shm-usage",
    // Letters as far apart as on paper, not as on a screen.
    "--font-render-hinting=none",
    // Nothing at the edges, headings as bookmarks, and what each piece of text is.
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
    // Fonts and scripts come to rest first: so many milliseconds of the page's own clock, which goes as fast as they do.
    "--virtual-time-budget=10000",
    // The PDF names it as what it was made by.
    concat!("--user-agent=deckle ", env!("CARGO_PKG_VERSION")),
];

/// Arguments that print a page into a file.
fn arguments(page: &Path, pdf: &Path, room: &Room) -> Vec<OsString> {
    let with = |name: &str, path: &Path| {
        let mut argument = OsString::from(name);
        argument.push(path);
        argument
    };
    let mut arguments: Vec<OsString> = QUIET.iter().map(OsString::from).collect();
    arguments.push(with("--user-data-dir=", &room.profile));
    if room.is_of_root() {
        // For root Chromium has no sandbox, and refuses to start with one.
        arguments.push("--no-sandbox".into());
    }
    arguments.push(with("--print-to-pdf=", pdf));
    arguments.push(file_url(page).into());
    arguments
}

/// The address of a file (RFC 8089); each byte that could mean anything else is escaped.
fn file_url(path: &Path) -> String {
    let mut url = String::from("file://");
    let bytes = path.as_os_str().as_encoded_bytes();
    if !bytes.starts_with(b"/") && !bytes.starts_with(br"\\") {
        url.push('/');
    }
    let bytes = bytes.strip_prefix(br"\\").filter(|_| cfg!(windows)).unwrap_or(bytes);
    for &byte in bytes {
        match byte {
            b'\\' if cfg!(windows) => url.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => url.push(char::from(byte)),
            b':' if cfg!(windows) => url.push(':'),
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

/// A folder of the browser's own: an empty profile, and what it says.
struct Room {
    folder: TempDir,
    profile: PathBuf,
}

impl Room {
    fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("deckle-browser-").tempdir()?;
        let profile = folder.path().join("profile");
        fs::create_dir(&profile)?;
        Ok(Self { folder, profile })
    }

    fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    /// Whether the program runs as root: its files are root's.
    fn is_of_root(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            fs::metadata(&self.profile).is_ok_and(|data| data.uid() == 0)
        }
        #[cfg(not(unix))]
        false
    }

    /// The last that the browser said.
    fn words(&self) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.said()).and_then(|mut file| {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(MOST_SAID)))?;
            file.take(MOST_SAID).read_to_end(&mut bytes)
        });
        read.map_or_else(|_| String::new(), |_| told(&String::from_utf8_lossy(&bytes)))
    }
}

/// So much of what a browser says is looked at, in bytes.
const MOST_SAID: u64 = 64 * 1024;

/// So many lines of it are shown.
const MOST_LINES: usize = 3;

/// The last lines that say what is wrong. Where no bus of a desktop is, Chromium tells of it a dozen times, and prints.
fn told(said: &str) -> String {
    let line = |line: &str| {
        let line = line.trim();
        // `[process:thread:day/time:ERROR:file.cc:line] text`
        let (place, text) = match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some(both) => both,
            None => ("", line),
        };
        let is_noise = text.is_empty() || place.contains("dbus/") || text.contains("bytes written to file");
        (!is_noise).then(|| text.to_owned())
    };
    let mut lines: Vec<String> = said.lines().filter_map(line).collect();
    lines.dedup();
    joined(lines.split_off(lines.len().saturating_sub(MOST_LINES)))
}

fn joined(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// How a browser ended.
enum End {
    /// By itself.
    Itself,
    /// It took too long.
    Impatience,
    /// Somebody wants all to end.
    Interrupted,
    /// Nobody knows.
    Lost(io::Error),
}

/// A browser that runs; none is left behind.
struct Running {
    child: Child,
}

impl Running {
    fn start(program: &Path, arguments: &[OsString], room: &Room) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(room.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(room.said())?);
        // A group of its own, so that those go with it which it starts.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Self { child: command.spawn()? })
    }

    fn wait(mut self, patience: Duration, interrupts: &Interrupts, wait: &dyn Fn()) -> End {
        let (start, mut pause) = (Instant::now(), Duration::from_millis(1));
        loop {
            match self.child.try_wait() {
                Ok(Some(_)) => return End::Itself,
                Ok(None) if interrupts.came() => return End::Interrupted,
                Ok(None) if start.elapsed() > patience => return End::Impatience,
                Ok(None) => {}
                Err(cause) => return End::Lost(cause),
            }
            wait();
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// So long nobody looks whether a browser is done.
const LONGEST_PAUSE: Duration = Duration::from_millis(16);

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // Where it is gone, and all that it started, there is nobody to end.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn who_takes_too_long_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("browser"), "#!/bin/sh\nsleep 300 & echo $! >pid; mv pid \"${0%/*}\"; echo slow >&2; wait\n")
            .unwrap();
        fs::set_permissions(place("browser"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(place("page.pdf"), "older").unwrap();
        let browser = Browser { program: place("browser") };
        let interrupts = Interrupts::heed().unwrap();
        let has_pid = || place("pid").exists();
        // Until it has started the other one, it has time.
        let end = (0..100).find_map(|round| {
            let patience = Duration::from_millis(100 << round);
            let end = browser.print(&place("page.html"), &place("page.pdf"), "0", patience, &interrupts, &|| {});
            has_pid().then_some(end)
        });
        let said = end.unwrap().unwrap_err().to_string();
        assert!(said.contains("page.pdf: browser made no PDF: nothing within ") && said.ends_with("; slow"), "{said}");
        assert_eq!(fs::read_to_string(place("page.pdf")).unwrap(), "older");
        let pid = fs::read_to_string(place("pid")).unwrap();
        let state = Command::new("ps").args(["-o", "stat=", "-p", pid.trim()]).output().unwrap().stdout;
        assert!(state.is_empty() || state.starts_with(b"Z"), "{}", String::from_utf8_lossy(&state));
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort_unstable();
        assert_eq!(names, ["browser", "page.pdf", "pid"]);
    }

    #[test]
    fn the_last_words_are_shown_without_where_they_come_from() {
        let noise = "[1:2:1130/230446.7:ERROR:dbus/bus.cc:405] Failed to connect to the bus\n";
        assert_eq!(told(&noise.repeat(9)), "");
        let said = format!(
            "one\ntwo\n{noise}[1:1:1130/2:FATAL:x.cc:3] three: [4]\n\nfour\nfour\n17 bytes written to file /x\n"
        );
        assert_eq!(told(&said), "two; three: [4]; four");
    }

    #[test]
    fn addresses_are_escaped_byte_by_byte() {
        assert_eq!(file_url(Path::new("/a/b-c_~.html")), "file:///a/b-c_~.html");
        assert_eq!(file_url(Path::new("/ä #?%:\\")), "file:///%C3%A4%20%23%3F%25%3A%5C");
    }
}
