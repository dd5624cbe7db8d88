//! `deckle mdbook`: puts cards into an author's own book.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::Status;
use super::output::{Output, message};
use crate::diagnostic::{self, render::Renderer};
use crate::files::{self, NewFile, World};
use crate::pipeline::{self, Failure};
use crate::text::hidden;

/// Answers mdBook's question, takes a book, or lays the style and the script down.
pub(super) fn run(args: &MdbookArgs, output: &mut Output) -> Result<Status, Failure> {
    match &args.action {
        Some(Action::Supports { renderer }) => {
            Ok(if pipeline::supports(renderer) { Status::Success } else { Status::Mistakes })
        }
        Some(Action::Install { folder }) => install(folder, output),
        None => preprocess(output),
    }
}

/// Arguments of `deckle mdbook`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle mdbook install       write deckle.css and deckle.js beside book.toml

In book.toml, for mdBook to call it:
  [preprocessor.deckle]
  command = \"deckle mdbook\"

  [output.html]
  additional-css = [\"deckle.css\"]
  additional-js = [\"deckle.js\"]

A chapter has cards where a deck is in effect for it: `deck: NAME` in a _deck.yaml beside it.")]
pub(super) struct MdbookArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say by the exit status whether a renderer is supported
    Supports {
        /// mdBook's name of it
        #[arg(value_name = "RENDERER")]
        renderer: String,
    },
    /// Write deckle.css and deckle.js beside book.toml
    Install {
        /// The folder of book.toml
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
}

/// The largest book that is read, in bytes of its JSON: some forty times The Rust Programming Language.
const MAX_BOOK: u64 = 64 << 20;

/// stdout belongs to the book alone, even where there are mistakes.
fn preprocess(output: &mut Output) -> Result<Status, Failure> {
    let mut input = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_BOOK + 1)
        .read_to_end(&mut input)
        .map_err(|cause| crate::Error::new("cannot read", "stdin", cause))?;
    if input.len() as u64 > MAX_BOOK {
        return Err(
            crate::Error::new("cannot read", "stdin", "it holds more than 64 MiB, and no book is that large").into()
        );
    }
    let preprocessed = pipeline::preprocess(World::system()?, &String::from_utf8_lossy(&input))?;
    let mut renderer = Renderer::new(&preprocessed.sources, false);
    message(&preprocessed.diagnostics.iter().map(|diagnostic| renderer.render(diagnostic)).collect::<String>());
    for (key, near) in &preprocessed.unknown_keys {
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        message(&format!(
            "warning: book.toml: mdBook knows no key `{}` of [output.html], and passes over all of that table: cards are without \
             their style{near}\n",
            hidden::shown(key)
        ));
    }
    if diagnostic::has_errors(&preprocessed.diagnostics) {
        return Ok(Status::Mistakes);
    }
    output.result(&preprocessed.book);
    Ok(Status::Success)
}

fn install(folder: &Path, output: &mut Output) -> Result<Status, Failure> {
    let root = files::absolute(&files::working_folder()?.join(folder))?;
    let files = pipeline::site_files().map(|(name, text)| NewFile::new(root.join(name), text.to_owned()).within(&root));
    files::write_all(&files)?;
    for file in &files {
        let shown = folder.join(file.path().file_name().unwrap_or_default());
        let shown = shown.strip_prefix(".").unwrap_or(&shown).display().to_string();
        output.result(&format!("  wrote {}\n", hidden::shown(&shown)));
    }
    output.result("Now name them in book.toml; `deckle mdbook --help` shows how\n");
    Ok(Status::Success)
}
