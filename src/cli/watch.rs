//! `deckle watch`: builds again whenever something is saved.

use super::Status;
use super::build::{BuildArgs, Telling, build};
use super::output::{Output, message};
use crate::files::{Interrupts, Watching, World};
use crate::pipeline::{Failure, Sight, watched};

/// Arguments of `deckle watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle watch                 the project around here, into dist/
  deckle watch -f book         only the book, for `mdbook serve` beside it
  deckle watch ports.md        one file, without a project")]
pub(super) struct WatchArgs {
    #[command(flatten)]
    pub(super) args: BuildArgs,
}

/// Builds, and builds again with each change, until somebody interrupts. What fails is said, and may be mended.
pub(super) fn run(args: &BuildArgs, output: &mut Output) -> Result<Status, Failure> {
    let interrupts = Interrupts::heed().map_err(|cause| crate::Error::new("cannot heed", "signals", cause))?;
    let mut watching = Watching::new()?;
    watch_folders(args, &mut watching)?;
    let (mut telling, mut is_told) = (Telling::All, false);
    loop {
        let mut sight = Sight::default();
        let built = build(args, telling, Some(&mut sight), output);
        let status = built.unwrap_or_else(|failure| super::fail(&failure, output));
        if !is_told {
            message("watching for changes; Ctrl-C ends it\n");
            is_told = true;
        }
        // What is right again is told, though nothing may have to be written.
        telling = if status == Status::Success { Telling::Changes } else { Telling::All };
        let mut changed = Vec::new();
        loop {
            let Some(more) = watching.wait(&interrupts) else { return Ok(Status::Success) };
            changed.extend(more);
            // What is said may go into a file here, and must not be a reason to say it again.
            if !sight.is_as_before() {
                break;
            }
        }
        // Settings say where notes are; where they are wrong, or gone for now, the build says so.
        if changed.iter().any(|path| path.file_name().is_some_and(|name| name == "deckle.yaml")) {
            let _ = watch_folders(args, &mut watching);
        }
    }
}

/// Watches all that a build reads. Before it is read: what is saved meanwhile is built next.
fn watch_folders(args: &BuildArgs, watching: &mut Watching) -> Result<(), Failure> {
    let (folders, apart) = watched(&World::system()?, &args.request()?)?;
    // What happens in it counts for nothing: each build would start the next.
    if folders.iter().any(|folder| apart.iter().any(|apart| folder.starts_with(apart))) {
        let message =
            "the output folder holds the notes, and what is written there starts no build: choose another with `-o`";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(watching.watch(&folders, &apart)?)
}
