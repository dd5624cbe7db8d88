//! Turns a revision of a git repository into its files in a temporary folder, by the `git` that is installed.
//!
//! Objects are read as they are stored: no hook, filter or driver runs, nothing is fetched, and nothing of the repository is
//! written. Knows nothing of what files hold.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::Error;

/// The files of a revision. They are gone when it is.
#[derive(Debug)]
pub struct Revision {
    folder: TempDir,
    /// The folder that was asked about, in its repository.
    inside: PathBuf,
    /// Unix seconds of its commit.
    pub time: i64,
}

impl Revision {
    /// Takes the files of a revision, by any name that git knows, of the repository that a folder is in.
    ///
    /// # Errors
    /// There is no git, no repository, no such revision, or no room.
    pub fn take(folder: &Path, name: &str) -> Result<Self, Error> {
        let commit = format!("{name}^{{commit}}");
        let commit = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit], name)?;
        let inside = PathBuf::from(ask(folder, &["rev-parse", "--show-prefix"], name)?);
        let time = ask(folder, &["show", "--no-patch", "--no-show-signature", "--format=%ct", &commit], name)?;
        let tree =
            output(folder, &["ls-tree", "-r", "-z", "--full-tree", &commit]).map_err(|cause| failed(name, cause))?;
        let taken = tempfile::Builder::new().prefix("deckle-revision-").tempdir().and_then(|taken| {
            write_all(folder, &tree, taken.path())?;
            Ok(taken)
        });
        let folder = taken.map_err(|cause| failed(name, cause))?;
        Ok(Self { folder, inside, time: time.parse().unwrap_or_default() })
    }

    /// Where the folder that was asked about is now.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(&self.inside)
    }
}

fn failed(name: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new("cannot take the revision", name, cause.into())
}

/// A line that git answers.
fn ask(folder: &Path, arguments: &[&str], name: &str) -> Result<String, Error> {
    let bytes = output(folder, arguments).map_err(|cause| failed(name, cause))?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
}

fn output(folder: &Path, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let output = git(folder, arguments).stderr(Stdio::piped()).output().map_err(no_git)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.lines().next().map_or("", |line| line.trim_start_matches("fatal: "));
    Err(io::Error::other(if words.is_empty() { "git knows none of this name" } else { words }.to_owned()))
}

fn no_git(cause: io::Error) -> io::Error {
    if cause.kind() == io::ErrorKind::NotFound { io::Error::other("git is not installed") } else { cause }
}

fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("--no-pager").arg("-C").arg(folder).args(arguments).stdin(Stdio::null());
    // An object that is missing in a partial clone would be fetched, by programs that the repository's settings name. Git
    // knows the first since 2.44; the second forbids each protocol, whatever settings allow.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
    command
}

/// Writes the files that git lists: `mode type object`, a tab and the path, ended by NUL (git-ls-tree, `-z`). Links come last,
/// so that nothing is written through one; modules of other repositories are left out.
fn write_all(folder: &Path, tree: &[u8], target: &Path) -> io::Result<()> {
    let mut objects = Objects::open(folder)?;
    let mut links = Vec::new();
    for entry in tree.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let entry = std::str::from_utf8(entry).map_err(|_| io::Error::other("a path in it is no UTF-8"))?;
        let (about, path) = entry.split_once('\t').ok_or(io::ErrorKind::InvalidData)?;
        let mut about = about.split(' ');
        let (mode, kind, object) = (about.next(), about.next(), about.next().unwrap_or_default());
        if kind != Some("blob") {
            continue;
        }
        let path = Path::new(path);
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(io::Error::other("a path in it leads out of it"));
        }
        let path = target.join(path);
        let bytes = objects.bytes(object)?;
        if mode == Some("120000") {
            links.push((path, bytes));
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::File::create_new(&path)?.write_all(&bytes)?;
    }
    links.into_iter().try_for_each(|(path, to)| link(&path, &to))
}

#[cfg(unix)]
fn link(path: &Path, to: &[u8]) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(to), path)
}

/// As git does where links need a privilege: a file that says where it would lead.
#[cfg(not(unix))]
fn link(path: &Path, to: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, to)
}

/// A git that gives objects (git-cat-file, `--batch`).
struct Objects {
    git: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Objects {
    fn open(folder: &Path) -> io::Result<Self> {
        let mut command = git(folder, &["cat-file", "--batch"]);
        let mut git = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(no_git)?;
        let (to, from) = (git.stdin.take(), git.stdout.take());
        let (Some(to), Some(from)) = (to, from) else { return Err(io::ErrorKind::BrokenPipe.into()) };
        Ok(Self { git, to, from: BufReader::new(from) })
    }

    fn bytes(&mut self, object: &str) -> io::Result<Vec<u8>> {
        writeln!(self.to, "{object}")?;
        self.to.flush()?;
        let mut head = String::new();
        self.from.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| io::Error::other("an object of it is missing"))?;
        let mut bytes = Vec::new();
        (&mut self.from).take(size).read_to_end(&mut bytes)?;
        let mut end = [0];
        self.from.read_exact(&mut end)?;
        Ok(bytes)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}
