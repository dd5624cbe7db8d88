//! `deckle ids show`: shows all that is known of a note.

use super::super::output::Output;
use super::super::{LockArgs, Status};
use super::list::place;
use super::{Look, look};
use crate::files::World;
use crate::pipeline::{Failure, Known, find, known};
use crate::text::hidden;

/// Prints a line a fact.
pub(super) fn run(args: &ShowArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let guid = find(&compiled, &request, &args.note)?;
    let all = known(&compiled);
    let missing = || Failure::Usage(format!("the lock knows no note {guid}; `deckle ids list` shows all"));
    output.result(&facts(all.iter().find(|known| known.guid == guid).ok_or_else(missing)?));
    Ok(Status::Success)
}

/// Arguments of `deckle ids show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids show cbifpuppm5ip3            by GUID
  deckle ids show content/ports.md:12      by place: the note that stands on this line")]
pub(super) struct ShowArgs {
    /// The note: its GUID, or its file and a line of it
    #[arg(value_name = "GUID|PLACE")]
    note: String,
    #[command(flatten)]
    lock: LockArgs,
}

fn facts(known: &Known) -> String {
    let facts = [
        ("guid", Some(known.guid.to_string())),
        ("text", Some(known.excerpt.clone())),
        ("state", Some(known.fate.word().to_owned())),
        ("place", place(known)),
        ("deck", known.deck.clone()),
        ("note type", Some(known.note_type.as_str().to_owned())),
        ("id", known.id.clone()),
        ("position", known.due.map(|due| due.to_string())),
        ("changed", Some(format!("{} (Unix seconds)", known.modified))),
    ];
    let lines = facts.into_iter().filter_map(|(name, fact)| Some(format!("{name:9}  {}\n", hidden::shown(&fact?))));
    lines.collect()
}
