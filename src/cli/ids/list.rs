//! `deckle ids list`: lists the notes with their GUIDs.

use std::path::PathBuf;

use serde::Serialize;

use super::super::output::Output;
use super::super::{LockArgs, MessageFormat, Status};
use super::{Look, look};
use crate::files::World;
use crate::pipeline::{Failure, Known, known};
use crate::text::hidden;

/// Prints a line a note: GUID, state, place and the start of its text.
pub(super) fn run(args: &ListArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let compiled = match look(world, &args.lock, &args.paths, output)? {
        Look::Right(right) => right.0,
        Look::Wrong(status) => return Ok(status),
    };
    let mut text = String::new();
    for known in known(&compiled).iter().filter(|known| known.is_gone() == args.gone) {
        match args.message_format {
            MessageFormat::Json => output.json(&Entry::new(known)),
            MessageFormat::Human => text.push_str(&line(known)),
        }
    }
    output.result(&text);
    Ok(Status::Success)
}

/// Arguments of `deckle ids list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids list                            all notes of the project around here
  deckle ids list content/ports.md           those of one file
  deckle ids list --gone                     those that are no longer there
  deckle ids list --message-format json      for scripts")]
pub(super) struct ListArgs {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// List the notes that are gone instead
    #[arg(long)]
    gone: bool,
    /// For people, or as JSON lines
    #[arg(long, value_name = "FORM", default_value = "human")]
    message_format: MessageFormat,
    #[command(flatten)]
    lock: LockArgs,
}

/// A note for scripts. The names of fields are stable.
#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    guid: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    excerpt: &'a str,
}

impl<'a> Entry<'a> {
    fn new(known: &'a Known) -> Self {
        let place = known.place.as_ref();
        Self {
            kind: "note",
            guid: &known.guid.0,
            state: known.fate.word(),
            path: place.map(|(path, _)| path.as_str()),
            line: place.and_then(|(_, line)| *line),
            excerpt: &known.excerpt,
        }
    }
}

/// Its file, with its line where that is known.
pub(super) fn place(known: &Known) -> Option<String> {
    let (path, line) = known.place.as_ref()?;
    Some(line.map_or_else(|| path.clone(), |line| format!("{path}:{line}")))
}

fn line(known: &Known) -> String {
    let place = place(known).map(|place| format!("{place}  ")).unwrap_or_default();
    let line = format!("{}  {:6}  {place}{}", known.guid, known.fate.word(), known.excerpt);
    format!("{}\n", hidden::shown(&line))
}
