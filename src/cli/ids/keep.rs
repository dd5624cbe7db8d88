//! `deckle ids keep`: gives a note the GUID of a gone one.

use super::super::output::Output;
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::pipeline::{self, Failure, find};

/// Changes the lock.
pub(super) fn run(args: &KeepArgs, output: &mut Output) -> Result<Status, Failure> {
    let (mut checked, request) = match look(&args.lock, &[], output)? {
        Look::Right(checked, request) => (checked, request),
        Look::Wrong(status) => return Ok(status),
    };
    let old = find(&checked, &request, &args.old)?;
    let new = find(&checked, &request, &args.new)?;
    report_changes(&checked, output);
    pipeline::keep(&mut checked, &old, &new)?;
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
