//! `deckle man`: prints the manual page.

use clap::{Command, CommandFactory};

use super::output::Output;
use super::{Cli, Status};
use crate::Error;
use crate::pipeline::Failure;

/// Prints one page: the program's or a command's.
pub(super) fn run(args: &ManArgs, output: &mut Output) -> Result<Status, Failure> {
    let mut page = Vec::new();
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut wanted = &command;
    for name in &args.command {
        wanted = wanted.find_subcommand(name).ok_or_else(|| unknown(name, wanted))?;
    }
    let failed = |cause| Failure::Error(Error::new("cannot print", "the manual page", cause));
    clap_mangen::Man::new(wanted.clone()).render(&mut page).map_err(failed)?;
    output.result(&String::from_utf8_lossy(&page));
    Ok(Status::Success)
}

/// Arguments of `deckle man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle man | man -l -                                       read it
  deckle man build | man -l -                                 read a command's
  deckle man ids keep | man -l -                              and one of its own commands'
  deckle man > ~/.local/share/man/man1/deckle.1               install it
  deckle man build > ~/.local/share/man/man1/deckle-build.1   and a command's")]
pub(super) struct ManArgs {
    /// The command whose page is wanted; without it the program's
    command: Vec<String>,
}

fn unknown(name: &str, command: &Command) -> Failure {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    Failure::Usage(format!("there is no command `{name}`; the commands are {}", names.join(", ")))
}
