//! `deckle ids split`: gives a note a GUID of its own.

use super::super::output::Output;
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::World;
use crate::pipeline::{self, Failure, find};

/// Changes the lock.
pub(super) fn run(args: &SplitArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let old = find(&compiled, &request, &args.note)?;
    report_changes(&compiled, output);
    let new = pipeline::split(&mut compiled, &old)?;
    output.result(&format!("{old} is gone, and its note is {new} now; build and import\n"));
    Ok(Status::Success)
}

/// Arguments of `deckle ids split`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids split cbifpuppm5ip3            this was edited into another note
  deckle ids split content/ports.md:12      the same, by its place")]
pub(super) struct SplitArgs {
    /// The note: its GUID, or its file and a line of it
    #[arg(value_name = "GUID|PLACE")]
    note: String,
    #[command(flatten)]
    lock: LockArgs,
}
