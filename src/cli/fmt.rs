//! `deckle fmt`: writes notes in another form.

use std::path::PathBuf;

use clap::ValueEnum;

use super::output::{Output, message, number};
use super::{LockArgs, Status};
use crate::diagnostic::diff;
use crate::files::World;
use crate::pipeline::{self, Failure, Reformatted, ReformattedFile, Target, Why};
use crate::text::hidden;

/// Shows what would be written, or writes it.
pub(super) fn run(args: &FmtArgs, output: &mut Output) -> Result<Status, Failure> {
    let request = args.lock.request(&args.paths)?;
    let target = match &args.out {
        Some(folder) => Target::Folder(folder.clone()),
        None if args.write => Target::Place,
        None => Target::Nowhere,
    };
    let done = pipeline::reformat(&World::system()?, &request, &target)?;
    if target == Target::Nowhere {
        let is_changed = |file: &&ReformattedFile| !file.changes.is_empty();
        let diffs = done.files.iter().filter(is_changed);
        diffs.for_each(|file| output.text(&diff::unified(&file.path, &file.text, file.has_mark, &file.changes)));
    }
    say_left(&done, output);
    let (files, notes) = counted(&done);
    let what = format!("{} in {}", number(notes, "note"), number(files, "file"));
    match &target {
        Target::Nowhere if files == 0 => message("would write nothing anew\n"),
        Target::Place if files == 0 => output.result("Wrote nothing anew\n"),
        Target::Nowhere => message(&format!("would write {what} as headings; `--write` does\n")),
        Target::Place => output.result(&format!("Wrote {what} as headings\n")),
        Target::Folder(folder) => {
            output.result(&format!("Wrote {what} as headings into {}\n", hidden::shown(&folder.display().to_string())));
            if done.others > 0 {
                let others = number(done.others, "medium");
                output
                    .warning(&format!("{others} outside of the project not copied: paths to them may lead elsewhere"));
            }
        }
    }
    Ok(Status::Success)
}

/// Arguments of `deckle fmt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle fmt --to headings                     show as a diff what would be written
  deckle fmt --to headings --write             write the notes of all files as headings
  deckle fmt --to headings tea.md --write      those of one file
  deckle fmt --to headings -o ../headings      write a copy of the project")]
pub(super) struct FmtArgs {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: LockArgs,
    /// The form that notes are written in
    #[arg(long, value_name = "FORM")]
    to: Form,
    /// Write the files in their places; all of them or none
    #[arg(long, conflicts_with = "out")]
    write: bool,
    /// Write all that a build reads into this folder, which must be empty or not there
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A heading and its body
    Headings,
}

/// How many files are changed, and how many notes are written anew in them.
fn counted(done: &Reformatted) -> (usize, usize) {
    let files = done.files.iter().filter(|file| !file.changes.is_empty()).count();
    (files, done.files.iter().map(|file| file.notes).sum())
}

/// Says which notes stay as they are, each with its line.
fn say_left(done: &Reformatted, output: &mut Output) {
    for file in &done.files {
        if file.is_refused {
            output.warning(&format!("{}: left as it is: its notes would become others", file.path));
        }
        for left in &file.left {
            let why = match left.why {
                Why::TooDeep => "the heading above it is one of the sixth level",
                Why::InLine => "it stands in a line with other text",
                Why::Form => "nothing that stands below a heading would be read as it",
                Why::Surroundings => "what stands around it would be read otherwise",
            };
            output.warning(&format!("{}:{}: left as it is: {why}", file.path, left.line));
        }
    }
}
