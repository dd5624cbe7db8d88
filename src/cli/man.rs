//! `deckle man`: prints the manual page.

use clap::CommandFactory;

use super::output::Output;
use super::{Cli, Status};
use crate::Error;
use crate::pipeline::Failure;

/// Prints one page: the program's, then each command's, those of `deckle ids` among them.
pub(super) fn run(_args: &ManArgs, output: &mut Output) -> Result<Status, Failure> {
    let mut page = Vec::new();
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let failed = |cause| Failure::Error(Error::new("cannot print", "the manual page", cause));
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(failed)?;
    for inner in command.get_subcommands() {
        clap_mangen::Man::new(inner.clone()).render(&mut page).map_err(failed)?;
        for innermost in inner.get_subcommands() {
            clap_mangen::Man::new(innermost.clone()).render(&mut page).map_err(failed)?;
        }
    }
    output.result(&String::from_utf8_lossy(&page));
    Ok(Status::Success)
}

/// Arguments of `deckle man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle man | man -l -                                read it
  deckle man > ~/.local/share/man/man1/deckle.1        install it")]
pub(super) struct ManArgs {}
