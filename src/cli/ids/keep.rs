//! `deckle ids keep`: gives a note the GUID of a gone one.

use super::super::output::Output;
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::World;
use crate::pipeline::{self, Failure, find};

/// Changes the lock.
pub(super) fn run(args: &KeepArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let old = find(&compiled, &request, &args.old)?;
    let new = find(&compiled, &request, &args.new)?;
    report_changes(&compiled, output);
    pipeline::keep(&mut compiled, &old, &new)?;
    output.result(&format!("{new} is {old} again; build and import\n"));
    Ok(Status::Success)
}

/// Arguments of `deckle ids keep`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids keep cbifpuppm5ip3 zm2qk7rwo4xta            the note that is new is the gone one
  deckle ids keep cbifpuppm5ip3 content/ports.md:12      the same, by the new one's place")]
pub(super) struct KeepArgs {
    /// The GUID of the gone note
    #[arg(value_name = "OLD")]
    old: String,
    /// The note that it is now: its GUID, or its file and a line of it
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    lock: LockArgs,
}
