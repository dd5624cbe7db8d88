//! `deckle ids recover`: makes a lock from older packages.

use std::path::PathBuf;

use super::super::output::{Output, number};
use super::super::{LockArgs, Status};
use super::{Look, look};
use crate::files::World;
use crate::pipeline::{self, Failure};

/// Writes the lock.
pub(super) fn run(args: &RecoverArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let recovered = pipeline::recover(world, &mut compiled, &request, &args.packages)?;
    let notes = number(recovered.notes, "note");
    output.result(&format!("Recovered {notes}, {} of them written now as then\n", recovered.unchanged));
    if recovered.foreign > 0 {
        output.warning(&format!(
            "{} in the packages belong to no note type of this project",
            number(recovered.foreign, "note")
        ));
    }
    output.result("`deckle build` finds the others again where they resemble what they were\n");
    Ok(Status::Success)
}

/// Arguments of `deckle ids recover`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids recover old/aws.apkg               the lock is lost, a package is not
  deckle ids recover old/aws.apkg old/k8s.apkg  all packages of the project at once")]
pub(super) struct RecoverArgs {
    /// Packages that were built from these notes
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
}
