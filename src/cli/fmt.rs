//! `deckle fmt`: writes notes in another form.

use std::path::PathBuf;

use clap::ValueEnum;

use super::output::{Output, message, number};
use super::{LockArgs, MessageFormat, Status};
use crate::diagnostic::{diff, json};
use crate::files::World;
use crate::pipeline::{self, Failure, Goal, Otherwise, Reformatted, ReformattedFile, Target, Why};
use crate::text::hidden;

/// Shows what would be written, or writes it.
pub(super) fn run(args: &FmtArgs, output: &mut Output) -> Result<Status, Failure> {
    let request = args.lock.request(&args.paths)?;
    let target = match &args.out {
        Some(folder) => Target::Folder(folder.clone()),
        None if args.write => Target::Place,
        None => Target::Nowhere,
    };
    let goal = if args.to == Some(Form::Headings) { Goal::Headings } else { Goal::Tidy };
    let done = pipeline::reformat(&World::system()?, &request, goal, &target)?;
    let changed: Vec<&ReformattedFile> = done.files.iter().filter(|file| !file.changes.is_empty()).collect();
    let is_wrong = args.check && !changed.is_empty() || !done.unread.is_empty();
    let status = if is_wrong { Status::Mistakes } else { Status::Success };
    if args.message_format == MessageFormat::Json {
        done.files.iter().for_each(|file| output.json(&json_of(file, target != Target::Nowhere)));
        output.json(&json::Reformat::new(&done.unread, done.others, done.moved, done.needs_option));
        return Ok(status);
    }
    if target == Target::Nowhere && !args.check {
        let diff = |file: &ReformattedFile| diff::unified(&file.path, &file.text, file.has_mark, &file.changes);
        for file in &changed {
            output.text(&diff(file));
        }
    }
    if args.check {
        for file in &changed {
            output.result(&format!("{}\n", hidden::shown(&file.path)));
        }
    }
    say_left(&done, output);
    say_syntaxes(&done, goal, args.lock.syntax.is_some(), output);
    say_done(&done, goal, &target, changed.len(), output);
    Ok(status)
}

/// A file as a program reads of it.
fn json_of(file: &ReformattedFile, written: bool) -> json::Reformatted<'_> {
    let left = file.left.iter().map(|left| (left.line, why(left.why).to_owned()));
    let refused = file.refused.as_ref().map(refusal);
    let written = written && !file.changes.is_empty();
    json::Reformatted::new(&file.path, written, file.notes, left, refused).with_edits(&file.text, &file.changes)
}

/// Says what was written, or would be.
fn say_done(done: &Reformatted, goal: Goal, target: &Target, files: usize, output: &mut Output) {
    let (notes, files_number) = (done.files.iter().map(|file| file.notes).sum(), number(files, "file"));
    let (verb, done_verb, what) = match goal {
        Goal::Headings => ("write", "Wrote", format!("{} in {files_number} as headings", number(notes, "note"))),
        Goal::Tidy => ("tidy", "Tidied", files_number),
    };
    match target {
        Target::Nowhere if files == 0 => message(&format!("would {verb} nothing\n")),
        Target::Place if files == 0 => output.result(&format!("{done_verb} nothing\n")),
        Target::Nowhere => message(&format!("would {verb} {what}; `--write` does\n")),
        Target::Place => output.result(&format!("{done_verb} {what}\n")),
        Target::Folder(folder) => {
            output.result(&format!("{done_verb} {what}, in {}\n", hidden::shown(&folder.display().to_string())));
            if done.others > 0 {
                let others = number(done.others, "file");
                output
                    .warning(&format!("{others} of media outside of the project not copied: paths may lead elsewhere"));
            }
        }
    }
}

/// Arguments of `deckle fmt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without `--to`, files that are written as headings are tidied: white space, marks of lists and emphasis, and the
order of attributes. Nothing is written that would change a note or the prose.

Examples:
  deckle fmt                                   show as a diff what would be tidied
  deckle fmt --check                           for CI: fail where something would be
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
    to: Option<Form>,
    /// Name the files that would be changed, and fail where there are some
    #[arg(long, conflicts_with_all = ["write", "out"])]
    check: bool,
    /// Write the files in their places; all of them or none
    #[arg(long, conflicts_with = "out")]
    write: bool,
    /// Write all that a build reads into this folder, which must be empty or not there
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How to show what is done: for people, or as JSON lines on stdout
    #[arg(long, value_name = "FORM", default_value = "human")]
    message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A heading and its body
    Headings,
}

/// Says which notes stay as they are, each with its line, and what goes with how others were written.
fn say_left(done: &Reformatted, output: &mut Output) {
    for path in &done.unread {
        output.warning(&format!("{}: left as it is: it cannot be read; `deckle check` says why", hidden::shown(path)));
    }
    for file in &done.files {
        let path = hidden::shown(&file.path);
        if let Some(refused) = &file.refused {
            output.warning(&format!("{path}: left as it is: {}", hidden::shown(&refusal(refused))));
        }
        for left in &file.left {
            output.warning(&format!("{path}:{}: left as it is: {}", left.line, why(left.why)));
        }
    }
    if done.moved > 0 {
        let (notes, verb) = (number(done.moved, "note"), if done.moved == 1 { "names" } else { "name" });
        output.warning(&format!("{notes} no longer {verb} the blocks or cards above, which are no headings"));
    }
}

/// Why a note stays as it is.
fn why(why: Why) -> &'static str {
    match why {
        Why::TooDeep => "the heading above it is one of the sixth level",
        Why::Heading => "it holds a heading as high as its own would have to be",
        Why::InLine => "it stands in a line with other text",
        Why::Form => "nothing that stands below a heading would be read as it",
        Why::Surroundings => "what stands around it would be read otherwise",
    }
}

/// Why a file stays as it is.
fn refusal(refusal: &Otherwise) -> String {
    match refusal {
        Otherwise::Count { then, now } => format!("it would have {} and not {then}", number(*now, "note")),
        Otherwise::Says(line) => format!("the note in line {line} would say something else"),
        Otherwise::Deck(line) => format!("the note in line {line} would be in another deck"),
        Otherwise::Guid(line) => format!("the note in line {line} would become another one"),
        Otherwise::Elsewhere(path) => format!("notes of {path} would become others"),
    }
}

/// Says where files say now how they are written, and where somebody else has to.
fn say_syntaxes(done: &Reformatted, goal: Goal, has_syntax: bool, output: &mut Output) {
    let keep = |file: &&ReformattedFile| !file.changes.is_empty() && (file.notes == 0 || !file.left.is_empty());
    let kept = done.files.iter().filter(keep).count();
    if goal == Goal::Headings && kept > 0 {
        let kept = number(kept, "file");
        message(&format!("the syntax of what stays as it is stands in the front matter of {kept}\n"));
    }
    let is_bare = done.seen == 0 && !has_syntax && done.unread.is_empty();
    if goal == Goal::Headings && is_bare {
        message("no notes are seen; `--syntax qa`, say, tells how they are written, and `--syntax auto` looks\n");
    }
    if goal == Goal::Headings && done.needs_option {
        output.warning("without `--syntax` other text would be notes: name it in `deckle.yaml`, or build with it");
    }
}
