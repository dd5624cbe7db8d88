//! `deckle ids stamp`: writes GUIDs into the notes' files, as ids.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::output::{Output, message, number};
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::World;
use crate::pipeline::{self, Failure, Stamped, Unstamped};
use crate::text::hidden;

/// Writes the files and the lock.
pub(super) fn run(args: &StampArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let mut compiled = match look(world, &args.lock, &args.paths, output)? {
        Look::Right(right) => right.0,
        Look::Wrong(status) => return Ok(status),
    };
    report_changes(&compiled, output);
    let stamped = pipeline::stamp(world, &mut compiled)?;
    message(&refused(&stamped));
    let count = |outcome| stamped.iter().filter(|note| note.outcome == outcome).count();
    let had = match count(Err(Unstamped::HasId)) {
        0 => String::new(),
        count => format!("; {} had an id", number(count, "note")),
    };
    output.result(&format!("Wrote {}{had}\n", number(count(Ok(())), "id")));
    Ok(Status::Success)
}

/// Arguments of `deckle ids stamp`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids stamp                       every heading and term that is a note
  deckle ids stamp content/ports.md      those of one file")]
pub(super) struct StampArgs {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
}

/// What is said of the notes that got no id and had none: a line a file and reason.
fn refused(stamped: &[Stamped]) -> String {
    let mut lines: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for note in stamped {
        let why = match note.outcome {
            Ok(()) | Err(Unstamped::HasId) => continue,
            Err(Unstamped::Row) => "a row has no place for an id",
            Err(Unstamped::Syntax) => "its syntax has no place for an id",
            Err(Unstamped::Place) => "there is no place for an id that would be read as one",
        };
        lines.entry((&note.path, why)).or_default().push(note.line.to_string());
    }
    let line = |((path, why), numbers): ((&str, &str), Vec<String>)| match numbers.as_slice() {
        [only] => format!("{}:{only}: {why}\n", hidden::shown(path)),
        many => format!("{}: {why} (lines {})\n", hidden::shown(path), many.join(", ")),
    };
    lines.into_iter().map(line).collect()
}
