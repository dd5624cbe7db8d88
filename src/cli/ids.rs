//! `deckle ids`: says who is who across edits, and takes answers where deckle could not know.

mod forget;
mod keep;
mod list;
mod recover;
mod review;
mod show;
mod split;
mod stamp;

use std::path::PathBuf;

use clap::Subcommand;

use super::output::Output;
use super::{LockArgs, Status, messages, report};
use crate::files::World;
use crate::pipeline::{self, Compiled, Failure, Request};

/// Runs one of the commands.
pub(super) fn run(args: &IdsArgs, output: &mut Output) -> Result<Status, Failure> {
    let world = World::system()?;
    match &args.command {
        Command::List(args) => list::run(args, &world, output),
        Command::Show(args) => show::run(args, &world, output),
        Command::Keep(args) => keep::run(args, &world, output),
        Command::Split(args) => split::run(args, &world, output),
        Command::Forget(args) => forget::run(args, &world, output),
        Command::Recover(args) => recover::run(args, &world, output),
        Command::Review(args) => review::run(args, &world, output),
        Command::Stamp(args) => stamp::run(args, &world, output),
    }
}

/// Arguments of `deckle ids`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids list                                 every note, and who it is
  deckle ids review                               answer what builds asked
  deckle ids keep cbifpuppm5ip3 zm2qk7rwo4xta     the new note is the old one
  deckle ids split content/ports.md:12            the edited note is another one")]
pub(super) struct IdsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the notes with their GUIDs
    List(list::ListArgs),
    /// Show all that is known of a note
    Show(show::ShowArgs),
    /// Give a note the GUID of a gone one
    Keep(keep::KeepArgs),
    /// Give a note a GUID of its own
    Split(split::SplitArgs),
    /// Take gone notes out of the lock
    Forget(forget::ForgetArgs),
    /// Make a lock from older packages, or add to it what it lacks
    Recover(recover::RecoverArgs),
    /// Answer what builds could not know, note by note
    Review(review::ReviewArgs),
    /// Write GUIDs into the notes' files, as ids
    Stamp(stamp::StampArgs),
}

/// A look at the notes: them, or the status where they have errors, which are shown.
enum Look {
    Right(Box<(Compiled, Request)>),
    Wrong(Status),
}

fn look(world: &World, lock: &LockArgs, paths: &[PathBuf], output: &mut Output) -> Result<Look, Failure> {
    let request = Request { follows_lock: true, ..lock.request(paths)? };
    let compiled = pipeline::compile(world, &request, &|_| {})?;
    if compiled.identity.is_some() {
        return Ok(Look::Right(Box::new((compiled, request))));
    }
    output.diagnostics(&compiled, &messages(), "; who is who shows when they are mended");
    Ok(Look::Wrong(Status::Mistakes))
}

/// Shows what changed since the last build, because it goes into the lock together with the answer.
fn report_changes(compiled: &Compiled, output: &mut Output) {
    if compiled.identity.as_ref().is_some_and(|identity| identity.changed && identity.source.is_some()) {
        report::show(compiled, &messages(), output);
    }
}
