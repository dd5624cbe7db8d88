//! Turns the command line into calls of the pipeline, and their outcome into text and an exit status.
//!
//! Knows no format and no Markdown. Results go to stdout, messages to stderr.

mod build;
mod check;
mod completions;
mod diff;
mod explain;
mod fmt;
mod ids;
mod init;
mod list;
mod man;
mod mdbook;
mod output;
mod print_test;
mod progress;
mod report;
mod said;
mod serve;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::Error;
use crate::config::syntax::{self, AUTO, Syntax, Syntaxes};
use crate::diagnostic::suggest;
use crate::files;
use crate::pipeline::{Failure, Request};
use output::{Output, message};

/// Runs the program with the arguments it was started with.
///
/// Its status is 0 where all went well (warnings allowed), 1 where the notes have errors, 2 where the command line makes
/// no sense, 3 where a file or another machine's part failed.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let mut output = Output::new(cli.common.color);
    // Where it cannot start them when it needs them first, rayon ends the program.
    if let Err(cause) = rayon::ThreadPoolBuilder::new().build_global() {
        output.error(&format!("cannot start as many threads as there are processors: {cause}"));
        message("`RAYON_NUM_THREADS=1` in the environment makes do with one\n");
        return Status::Machine.into();
    }
    let status = match cli.command {
        Command::Build(build) if build.watch => watch::run(&build.args, &mut output),
        Command::Build(build) => build::run(&build.args, &mut output),
        Command::Watch(watch) => watch::run(&watch.args, &mut output),
        Command::Serve(args) => serve::run(&args, &mut output),
        Command::Check(args) => check::run(&args, &mut output),
        Command::Fmt(args) => fmt::run(&args, &mut output),
        Command::Ids(args) => ids::run(&args, &mut output),
        Command::Diff(args) => diff::run(&args, &mut output),
        Command::List(args) => list::run(&args, &mut output),
        Command::Init(args) => init::run(&args, &mut output),
        Command::Explain(args) => explain::run(&args, &mut output),
        Command::Completions(args) => completions::run(&args, &mut output),
        Command::Mdbook(args) => mdbook::run(&args, &mut output),
        Command::PrintTest(args) => print_test::run(&args, &mut output),
        Command::Man(args) => man::run(&args, &mut output),
    };
    match (status, output.failure()) {
        (Err(failure), _) => fail(&failure, &mut output).into(),
        (Ok(_), Some(error)) => fail(&error.into(), &mut output).into(),
        (Ok(status), None) => status.into(),
    }
}

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// All went well.
    Success,
    /// The notes have errors.
    Mistakes,
    /// The command line makes no sense.
    Usage,
    /// A file or another machine's part failed.
    Machine,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Success => 0,
            Status::Mistakes => 1,
            Status::Usage => 2,
            Status::Machine => 3,
        })
    }
}

/// Compiles Markdown notes into Anki packages.
#[derive(Debug, Parser)]
#[command(name = "deckle", version, styles = STYLES, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compile notes into Anki packages
    Build(build::BuildCommand),
    /// Build again whenever something is saved
    Watch(watch::WatchArgs),
    /// Show cards, pages and site in a browser, and what is saved at once
    Serve(serve::ServeArgs),
    /// Report what is wrong with the notes; write nothing
    Check(check::CheckArgs),
    /// Write notes in another form
    Fmt(fmt::FmtArgs),
    /// Say who is who across edits, and answer where deckle cannot know
    Ids(ids::IdsArgs),
    /// Say what readers get who have one state of the notes and import another
    Diff(diff::DiffArgs),
    /// Say what there is: decks and files, with their notes, cards, words and media
    List(list::ListArgs),
    /// Make a small project that builds
    Init(init::InitArgs),
    /// Say what a diagnostic means, with an example
    Explain(explain::ExplainArgs),
    /// Make a sheet that shows what a printer does to cards
    PrintTest(print_test::PrintTestArgs),
    /// Put cards into a book of your own: a preprocessor that mdBook calls
    Mdbook(mdbook::MdbookArgs),
    /// Print a shell's completions
    Completions(completions::CompletionsArgs),
    /// Print the manual page, in roff
    Man(man::ManArgs),
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What commands take that read notes.
#[derive(Debug, Args)]
struct ReadArgs {
    /// Files and folders. In a project they choose what is put out, elsewhere what is read
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,
    /// How to show what is wrong: for people on stderr, or as JSON lines on stdout
    #[arg(long, value_name = "FORM", default_value = "human")]
    message_format: MessageFormat,
    /// Show errors only
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Show each file that was read, and all warnings where many say the same
    #[arg(short, long)]
    verbose: bool,
}

/// What commands take that need to know who is who.
#[derive(Debug, Default, Args)]
struct LockArgs {
    /// The lock [default: deckle.lock beside deckle.yaml, or in the folder that is named]
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// How notes are written in files for which no settings say so, such as `qa`, `headings,qa`, or `auto` for what each file
    /// is seen to be written in [default: headings]
    #[arg(long, value_name = "LIST", value_parser = syntaxes)]
    syntax: Option<Syntaxes>,
}

impl ReadArgs {
    fn request(&self) -> Result<Request, Error> {
        self.lock.request(&self.paths)
    }
}

impl LockArgs {
    fn request(&self, paths: &[PathBuf]) -> Result<Request, Error> {
        let start = files::working_folder()?;
        let (lock, syntaxes) = (self.lock.clone(), self.syntax.clone());
        Ok(Request { start, paths: paths.to_vec(), lock, syntaxes, ..Request::default() })
    }
}

/// Errors only, for people.
fn messages() -> ReadArgs {
    ReadArgs {
        paths: Vec::new(),
        lock: LockArgs::default(),
        deny_warnings: false,
        message_format: MessageFormat::Human,
        quiet: false,
        verbose: false,
    }
}

/// A list of syntaxes.
fn syntaxes(text: &str) -> Result<Syntaxes, String> {
    if text.trim() == AUTO {
        return Ok(Syntaxes::auto());
    }
    let names = Syntax::ALL.map(Syntax::name);
    let syntax = |word| {
        Syntax::named(word).ok_or_else(|| match suggest(word, names) {
            _ if word == AUTO => format!("`{AUTO}` stands alone"),
            Some(near) => format!("there is no syntax `{word}`; did you mean `{near}`?"),
            None => format!("there is no syntax `{word}`; there are {} and {AUTO}", names.join(", ")),
        })
    };
    let syntaxes = syntax::words(text).map(syntax).collect::<Result<Vec<_>, _>>()?;
    Syntaxes::new(syntaxes).ok_or_else(|| format!("name at least one of {}", names.join(", ")))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// Text with the source and a caret
    Human,
    /// One object a line
    Json,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  deckle init notes          make a project in the folder notes
  deckle build               compile the project around here into dist/
  deckle build ports.md      compile one file, without a project
  deckle check               report what is wrong, write nothing
  deckle explain bad-yaml    say what a diagnostic means";

fn fail(failure: &Failure, output: &mut Output) -> Status {
    match failure {
        Failure::Usage(message) => {
            output.error(message);
            Status::Usage
        }
        Failure::Error(error) => {
            output.error(&describe(error));
            if let Some(remedy) = error.remedy() {
                message(&format!("{remedy}\n"));
            }
            Status::Machine
        }
    }
}

/// As [`Error`] has it, in the words of our messages: a path from where the user is, no capital, and no number of the
/// system's error.
fn describe(error: &Error) -> String {
    let here = files::working_folder().unwrap_or_default();
    let path = error.path.strip_prefix(here).unwrap_or(&error.path);
    let cause = error.cause.to_string();
    let cause = cause.rsplit_once(" (os error ").map_or(cause.as_str(), |(cause, _)| cause);
    let mut letters = cause.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    format!("{} {}: {}{}", error.action, path.display(), first.map(String::from).unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
