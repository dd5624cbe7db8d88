//! `deckle ids recover`: makes a lock from older packages, or adds to it what it lacks.

use std::path::PathBuf;

use super::super::output::{Output, number};
use super::super::{LockArgs, Status};
use super::{Look, look};
use crate::files::World;
use crate::identity::Recovered;
use crate::pipeline::{self, Failure};

/// Writes the lock.
pub(super) fn run(args: &RecoverArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, request) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let has_lock = compiled.identity.as_ref().is_some_and(|identity| identity.source.is_some());
    let recovered = pipeline::recover(world, &mut compiled, &request, &args.packages)?;
    output.result(&if has_lock { added(&recovered) } else { made(&recovered) });
    if recovered.foreign > 0 {
        output.warning(&format!(
            "{} in the packages belong to no note type of this project",
            number(recovered.foreign, "note")
        ));
    }
    Ok(Status::Success)
}

fn made(recovered: &Recovered) -> String {
    let notes = number(recovered.notes, "note");
    format!(
        "Recovered {notes}, {} of them written now as then\n\
         `deckle build` finds the others again where they resemble what they were\n",
        recovered.unchanged
    )
}

/// What came of it where there was a lock.
fn added(Recovered { notes, added, later, .. }: &Recovered) -> String {
    let notes = number(*notes, "note");
    if *added + *later == 0 {
        return format!("deckle.lock knows all {notes} in the packages, and nothing of theirs is later\n");
    }
    let added = (*added > 0).then(|| format!("{added} were not in deckle.lock, and are now"));
    let later = (*later > 0).then(|| format!("{later} went back in deckle.lock, and the next build dates them anew"));
    let all: Vec<String> = [added, later].into_iter().flatten().collect();
    format!("Of {notes} in the packages, {}\n", all.join("; "))
}

/// Arguments of `deckle ids recover`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids recover old/aws.apkg               the lock is lost, a package is not
  deckle ids recover old/aws.apkg old/k8s.apkg  all packages of the project at once
  deckle ids recover published.apkg             deckle.lock is there, and went back behind what readers have")]
pub(super) struct RecoverArgs {
    /// Packages that were built from these notes
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
}
