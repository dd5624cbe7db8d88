//! `deckle completions`: prints what makes a shell complete deckle's arguments.

use clap::CommandFactory;
use clap_complete::Shell;

use super::output::Output;
use super::{Cli, Status};
use crate::pipeline::Failure;

/// Prints the script.
#[expect(clippy::unnecessary_wraps, reason = "every command has this signature")]
pub(super) fn run(args: &CompletionsArgs, output: &mut Output) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "deckle", &mut script);
    output.result(&String::from_utf8_lossy(&script));
    Ok(Status::Success)
}

/// Arguments of `deckle completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle completions bash > ~/.local/share/bash-completion/completions/deckle
  deckle completions fish > ~/.config/fish/completions/deckle.fish
  deckle completions zsh > ~/.zfunc/_deckle")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}
