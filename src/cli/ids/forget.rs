//! `deckle ids forget`: takes gone notes out of the lock.

use super::super::output::{Output, number};
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::World;
use crate::pipeline::{self, Failure, find};

/// Changes the lock.
pub(super) fn run(args: &ForgetArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let guids = args.guids.iter().map(|guid| find(&compiled, &request, guid)).collect::<Result<Vec<_>, _>>()?;
    report_changes(&compiled, output);
    pipeline::forget(&mut compiled, &guids)?;
    output.result(&format!("Forgot {}\n", number(guids.len(), "note")));
    Ok(Status::Success)
}

/// Arguments of `deckle ids forget`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids forget cbifpuppm5ip3      should it come back, it is a new note")]
pub(super) struct ForgetArgs {
    /// The GUIDs of gone notes
    #[arg(value_name = "GUID", required = true)]
    guids: Vec<String>,
    #[command(flatten)]
    lock: LockArgs,
}
