//! Turns a test's text into a project on disk, and a project into all that deckle makes of it.

use std::fs;
use std::path::Path;

use deckle::api::Artifact;
use deckle::api::diagnostic::{Diagnostic, render};
use deckle::api::files::World;
use deckle::api::ir::Collection;
use deckle::api::pipeline::{self, Format, Formats, Request, Wanted};
use deckle::api::source::Sources;

/// A file of a project.
#[derive(Clone)]
pub(crate) struct File {
    /// Relative to the folder of the notes; `deckle.yaml` and `deckle.lock` lie above it.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether it is a link to the path that its bytes are.
    pub(crate) is_link: bool,
}

impl File {
    /// Takes a name with options behind it: `latin-1`, `utf-16`, `crlf` and `bom` say how the text is written down, `cr` that
    /// carriage returns end its lines, `escaped` that `\u{1b}` in it is a character, `large` that it goes on for more than
    /// 8 MiB, `link` that it is a path and the file a link to it.
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let mut path = name.trim();
        let (mut text, mut latin, mut wide, mut bom, mut is_link) = (text.to_owned(), false, false, false, false);
        while let Some((rest, option)) = path.rsplit_once(' ') {
            match option {
                "latin-1" => latin = true,
                "utf-16" => wide = true,
                "crlf" => text = text.replace('\n', "\r\n"),
                "cr" => text = text.replace('\n', "\r"),
                "escaped" => text = unescaped(&text),
                "large" => text = text.repeat(8 * 1024 * 1024 / text.len() + 1),
                "bom" => bom = true,
                "link" => (is_link, text) = (true, text.trim().to_owned()),
                _ => break,
            }
            path = rest.trim_end();
        }
        let mut bytes = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        if wide {
            bytes = if bom { vec![0xFF, 0xFE] } else { Vec::new() };
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if latin {
            bytes.extend(text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin-1")));
        } else {
            bytes.extend_from_slice(text.as_bytes());
        }
        Self { path: path.to_owned(), bytes, is_link }
    }
}

/// With the characters that `\u{1b}` and the like stand for.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split("\\u{");
    let mut unescaped = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_once('}').expect("a `}`");
        let number = u32::from_str_radix(digits, 16).expect("digits");
        unescaped.push(char::from_u32(number).expect("a character"));
        unescaped.push_str(rest);
    }
    unescaped
}

/// Unix seconds of every build.
pub(crate) const NOW: i64 = 1_750_000_000;

/// What deckle makes of a project.
pub(crate) struct Compiled {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The diagnostics as people see them, without colours.
    pub(crate) rendered: String,
    pub(crate) collection: Collection,
    pub(crate) sources: Sources,
    /// Empty where a diagnostic stops the build.
    pub(crate) packages: Vec<Artifact>,
    /// The study site; as above.
    pub(crate) book: Vec<Artifact>,
    /// Pages to print; empty where a diagnostic stops the build.
    pub(crate) pages: Vec<Artifact>,
}

/// Compiles files as a project of their own. Without a `deckle.yaml` among them, the deck `Cases` is in effect.
pub(crate) fn compile(files: &[File]) -> Compiled {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), files);
    run(folder.path())
}

/// Writes the files of a project.
pub(crate) fn write(root: &Path, files: &[File]) {
    let content = root.join("content");
    fs::create_dir_all(&content).expect("a folder for notes");
    if files.iter().all(|file| file.path != "deckle.yaml") {
        fs::write(root.join("deckle.yaml"), "id: cases\nname: Cases\ndeck: Cases\n").expect("deckle.yaml is written");
    }
    for file in files {
        let is_above = ["deckle.yaml", "deckle.lock"].contains(&file.path.as_str());
        let path = if is_above { root.join(&file.path) } else { content.join(&file.path) };
        let path = match path.to_str().and_then(|path| path.split_once("content/../")) {
            Some((root, path)) => Path::new(root).join(path),
            None => path,
        };
        fs::create_dir_all(path.parent().expect("a folder")).expect("the file's folder is made");
        if file.is_link {
            link(std::str::from_utf8(&file.bytes).expect("a path in UTF-8"), &path);
        } else {
            fs::write(&path, &file.bytes).expect("the file is written");
        }
    }
}

fn link(target: &str, path: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, path).expect("the link is made");
    #[cfg(windows)]
    std::os::windows::fs::symlink_dir(target, path).expect("the link is made");
}

/// The one place that knows how the library is called.
fn run(root: &Path) -> Compiled {
    // Packages alone are to be downloaded from the book.
    let formats = Formats::These(vec![Format::Apkg, Format::Book, Format::Print]);
    let wanted = Wanted { formats, accept_loss: true, ..Wanted::default() };
    let request = Request { start: root.to_owned(), wanted, ..Request::default() };
    let pipeline::Compiled { sources, collection, diagnostics, artifacts, .. } =
        pipeline::compile(&World::at(NOW), &request, &|_| {}).expect("the project can be read");
    let (pages, rest): (Vec<_>, Vec<_>) = artifacts.into_iter().partition(|made| made.path.starts_with("print"));
    let (book, packages) = rest.into_iter().partition(|made| made.path.starts_with("book"));
    let mut painter = render::Renderer::new(&sources, false);
    let rendered = diagnostics.iter().map(|diagnostic| painter.render(diagnostic)).collect();
    Compiled { diagnostics, rendered, collection, sources, packages, book, pages }
}
