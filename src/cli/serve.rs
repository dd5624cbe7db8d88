//! `deckle serve`: shows the project in a browser, and what is saved at once.

use std::path::PathBuf;

use super::output::{Output, message, number};
use super::{LockArgs, Status};
use crate::Error;
use crate::files::{self, Interrupts, Watching};
use crate::pipeline::{Change, Failure, Live, Showing};
use crate::serve::Server;

/// Arguments of `deckle serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle serve                 the project around here, on a free port
  deckle serve --open          and shows it
  deckle serve ports.md        one file, without a project")]
pub(super) struct ServeArgs {
    /// Files and folders. In a project they choose what is shown, elsewhere what is read
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
    /// The port to listen on [default: one that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
}

/// Shows what is on the disk, until somebody interrupts. Writes nothing but what is asked for in the browser.
pub(super) fn run(args: &ServeArgs, output: &mut Output) -> Result<Status, Failure> {
    let interrupts = Interrupts::heed().map_err(|cause| Error::new("cannot heed", "signals", cause))?;
    let mut live = Live::new(args.lock.request(&args.paths)?);
    let mut watching = Watching::new()?;
    // Before it is read: what is saved meanwhile comes next. A project whose settings are wrong is watched where it lies.
    let (folders, apart) = live.watched()?;
    watching.watch(&folders, &apart)?;
    let doors = [files::listen(args.port)?, files::listen(None)?];
    let port = doors[0].local_addr().map_err(|cause| Error::new("cannot listen on", "a port", cause))?.port();
    live.refresh();
    let showing = live.showing();
    let server = Server::start(live, doors, [files::secret()?, files::secret()?])?;
    let address = format!("http://127.0.0.1:{port}/");
    output.result(&format!("{address}\n"));
    message(&format!("{}; Ctrl-C ends it\n", counted(&showing)));
    if args.open
        && let Err(error) = files::show(&address)
    {
        output.error(&super::describe(&error));
    }
    while let Some(changed) = watching.wait(&interrupts) {
        let (showing, change) = server.refresh();
        // A log in the project would be told of itself.
        if change.is_seen {
            message(&format!("{}\n", told(&showing, &change)));
        }
        if changed.is_empty() || changed.iter().any(|path| path.file_name().is_some_and(|name| name == "deckle.yaml")) {
            // Settings say where notes are; where they are wrong, or gone for now, the page says so.
            if let Ok((folders, apart)) = server.watched()
                && let Err(error) = watching.watch(&folders, &apart)
            {
                output.error(&super::describe(&error));
            }
        }
    }
    Ok(Status::Success)
}

/// What there is.
fn counted(showing: &Showing) -> String {
    let counts = showing.counts;
    let mut words = format!("{}, {}", number(counts.notes, "note"), number(counts.cards, "card"));
    for (count, word) in [(counts.errors, "error"), (counts.warnings, "warning")] {
        if count > 0 {
            words = format!("{words}, {}", number(count, word));
        }
    }
    match &showing.stop {
        Some(stop) => format!("{words}; {stop}"),
        None => words,
    }
}

/// What became other, in a line.
fn told(showing: &Showing, change: &Change) -> String {
    let edited = change.focus.as_ref().and_then(|id| change.changed.iter().find(|note| note.id == *id));
    match edited {
        Some(note) => format!("{}:{}: {} ({})", note.file, note.line, note.title, counted(showing)),
        None => counted(showing),
    }
}
