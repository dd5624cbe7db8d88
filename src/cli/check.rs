//! `deckle check`: reports what is wrong and writes nothing, unless it is told to mend.

mod fix;

use std::fmt::Write;

use self::fix::Done;
use super::output::{Output, left_out, number};
use super::progress::Bar;
use super::{MessageFormat, ReadArgs, Status};
use crate::config::syntax::Syntax;
use crate::diagnostic::{Diagnostic, Safety};
use crate::files::World;
use crate::pipeline::{self, Compiled, Failure, Formats, Request, Wanted};
use crate::text::hidden;

/// Reads and checks.
pub(super) fn run(args: &CheckArgs, output: &mut Output) -> Result<Status, Failure> {
    let bar = Bar::new(!args.read.quiet);
    let wanted = Wanted { formats: Formats::Checked, deny_warnings: args.read.deny_warnings, ..Wanted::default() };
    let request = Request { wanted, ..args.read.request()? };
    if args.fix {
        return Ok(match fix::run(&args.read, args.dry_run, request, output)? {
            Done::Shown(status) => status,
            Done::Mended(compiled) => show_rest(&compiled, args, output),
        });
    }
    let compiled = pipeline::compile(&World::system()?, &request, &|step| bar.step(step))?;
    bar.clear();
    let status = show_rest(&compiled, args, output);
    // As after a build, the system takes memory back at once.
    std::mem::forget(compiled);
    Ok(status)
}

/// Shows what is wrong, and counts it.
fn show_rest(compiled: &Compiled, args: &CheckArgs, output: &mut Output) -> Status {
    show_files(compiled, &args.read, output);
    output.diagnostics(compiled, &args.read, "");
    if compiled.has_mistakes() {
        return Status::Mistakes;
    }
    let is_said = args.read.message_format == MessageFormat::Human && warn_of_undecked(compiled, output);
    if args.read.message_format == MessageFormat::Human && !is_said && compiled.tally.files.is_empty() {
        output.warning(&no_files());
    }
    if !args.read.quiet && args.read.message_format == MessageFormat::Human {
        let warnings = match compiled.counts().1 {
            0 => "nothing is wrong".to_owned(),
            count => number(count, "warning"),
        };
        let (files, notes) =
            (number(compiled.tally.files.len(), "file"), number(compiled.collection.notes.len(), "note"));
        let lost = left_out(compiled).map(|lost| format!(", {lost} left out")).unwrap_or_default();
        output.result(&format!("Checked {files} with {notes}: {warnings}{lost}\n"));
        let is_safe = |found: &&Diagnostic| found.edit.as_ref().is_some_and(|edit| edit.safety == Safety::Safe);
        let mendable = compiled.diagnostics.iter().filter(is_safe).count();
        if mendable > 0 && !args.fix {
            output.result(&format!("  `deckle check --fix` mends {mendable} of them\n"));
        }
        output.result(&syntaxes_seen(compiled).unwrap_or_default());
        output.result(&files_apart(compiled, args.read.verbose));
    }
    Status::Success
}

/// Arguments of `deckle check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle check                            all notes of the project around here
  deckle check content/ports.md           what is wrong in one file
  deckle check --message-format json      for editors and scripts
  deckle check --deny-warnings            for CI
  deckle check --fix                      mend what can be mended safely
  deckle check --fix bad-tag content      one kind of mistake, in one folder
  deckle check --fix --dry-run            show a diff, and write nothing")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Mend what can be mended safely, in the files; PATHs that are names of diagnostics say which
    #[arg(long)]
    fix: bool,
    /// Show what would be mended as a diff, and write nothing; fails where that is not empty
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

/// Files that were named by themselves and yield nothing; false where there are none.
pub(super) fn warn_of_undecked(compiled: &Compiled, output: &mut Output) -> bool {
    let Some(&first) = compiled.tally.undecked.first() else { return false };
    let path = compiled.sources.shown_path(first);
    let others = match compiled.tally.undecked.len() - 1 {
        0 => String::new(),
        count => format!(" and {}", number(count, "other file")),
    };
    let remedy = "`deck: NAME` at a file's top makes its headings notes";
    output.warning(&format!("no deck is in effect for {path}{others}, so no notes are read; {remedy}"));
    true
}

/// That no file was read.
pub(super) fn no_files() -> String {
    "no notes in 0 files; notes are in files that end in `.md` or `.markdown`".to_owned()
}

/// So many files of a kind are named, unless all are wanted.
const NAMED: usize = 3;

/// A line each for the files whose raw HTML may run something, and for those of a project that yield nothing because no deck is
/// in effect for them, though one is for others; where all are wanted, for those that are left out as well: the author did so, or
/// was told of the mistake.
pub(super) fn files_apart(compiled: &Compiled, names_all: bool) -> String {
    let tally = &compiled.tally;
    let lost =
        compiled.left_out.files.iter().filter(|file| names_all && tally.of_other_programs.binary_search(file).is_err());
    let lost: Vec<_> = lost.copied().collect();
    let kinds = [
        ("with `html: trust`", &tally.trusted),
        ("in no deck", &tally.in_no_deck),
        ("of boards, drawings or templates without notes", &tally.of_other_programs),
        ("left out", &lost),
    ];
    let mut lines = String::new();
    for (what, files) in kinds.into_iter().filter(|(_, files)| !files.is_empty()) {
        let count = if names_all || files.len() <= NAMED + 1 { files.len() } else { NAMED };
        let names: Vec<&str> = files.iter().take(count).map(|file| compiled.sources.shown_path(*file)).collect();
        let others = match files.len() - count {
            0 => String::new(),
            others => format!(" and {others} more; `-v` names all"),
        };
        let line = format!("  {} {what}: {}{others}", number(files.len(), "file"), names.join(", "));
        let _ = writeln!(lines, "{}", hidden::shown(&line));
    }
    lines
}

/// Which ways of writing notes were seen in files, each with its number of files; `None` where that was not asked.
pub(super) fn syntaxes_seen(compiled: &Compiled) -> Option<String> {
    let seen = &compiled.tally.seen;
    let count = |wanted| seen.iter().filter(|(_, syntax)| *syntax == wanted).count();
    let named = Syntax::ALL.into_iter().map(|syntax| (count(Some(syntax)), syntax.name()));
    let counts = named.chain([(count(None), "no cards")]).filter(|(count, _)| *count > 0);
    let words: Vec<String> = counts.map(|(count, name)| format!("{name} in {}", number(count, "file"))).collect();
    (!words.is_empty()).then(|| format!("  seen: {}\n", words.join(", ")))
}

/// With `--verbose`: what vaults and another book's settings say, how each file is seen to be written where that was asked, each
/// file and how many notes it holds, and then each heading that is no note.
pub(super) fn show_files(compiled: &Compiled, args: &ReadArgs, output: &mut Output) {
    if args.verbose {
        let tally = &compiled.tally;
        let settings = tally.vaults.iter().map(|vault| {
            let options = if vault.options.is_empty() { "nothing".to_owned() } else { vault.options.join(", ") };
            format!("{} sets {options}\n", hidden::shown(&vault.path))
        });
        output.message(&settings.collect::<String>());
        if tally.has_other_book {
            output.message(
                "book.toml is another book's: the study site is made with the settings that `deckle init` writes\n",
            );
        }
        let seen = tally.seen.iter().map(|(file, syntax)| {
            let path = hidden::shown(compiled.sources.shown_path(*file)).into_owned();
            match syntax {
                Some(syntax) => format!("{path}: seen to be written in {}\n", syntax.name()),
                None => format!("{path}: no cards seen\n"),
            }
        });
        output.message(&seen.collect::<String>());
        let files = compiled.notes_by_file().into_iter();
        let lines = files.map(|(path, notes)| format!("{}: {}\n", hidden::shown(path), number(notes, "note")));
        output.message(&lines.collect::<String>());
        let headings = compiled.headings_without_notes().into_iter();
        let line = |(path, line, text, why): (_, _, _, Option<&str>)| {
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{path}:{line}: not a note: {text}{why}")
        };
        let lines = headings.map(|heading| format!("{}\n", hidden::shown(&line(heading))));
        output.message(&lines.collect::<String>());
    }
}
