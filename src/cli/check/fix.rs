//! `deckle check --fix`: mends what can be mended safely, and says what is left.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::output::{Output, message, number};
use super::super::{MessageFormat, ReadArgs, Status};
use crate::diagnostic::{Code, diff, json, suggest};
use crate::files::World;
use crate::pipeline::{self, Compiled, Failure, Fixed, FixedFile, LeftUndone, Request};
use crate::text::hidden;

/// Mends, or shows what would be mended.
pub(super) fn run(args: &ReadArgs, is_dry: bool, request: Request, output: &mut Output) -> Result<Done, Failure> {
    let world = World::system()?;
    let (codes, paths) = codes_and_paths(&world, &request)?;
    let request = Request { paths, ..request };
    let fixed = pipeline::fix(&world, &request, &codes, is_dry)?;
    match args.message_format {
        MessageFormat::Json => fixed.files.iter().for_each(|file| output.json(&json_of(file, !is_dry))),
        MessageFormat::Human if is_dry => {
            let diff = |file: &FixedFile| diff::unified(&file.path, &file.text, file.has_mark, &file.changes);
            fixed.files.iter().for_each(|file| output.text(&diff(file)));
        }
        MessageFormat::Human if args.quiet => {}
        MessageFormat::Human => fixed.files.iter().for_each(|file| output.result(&line(file))),
    }
    show_undone(&fixed.refused, args, output);
    if is_dry {
        return show_dry(&fixed, &world, &request, args, output).map(Done::Shown);
    }
    if args.message_format == MessageFormat::Human && !args.quiet && !fixed.files.is_empty() {
        output.result(&format!("Mended {}\n", counted(&fixed)));
    }
    Ok(Done::Mended(Box::new(fixed.compiled)))
}

/// Says which edits were not made.
fn show_undone(refused: &[LeftUndone], args: &ReadArgs, output: &mut Output) {
    for LeftUndone { path, line, code } in refused {
        if args.message_format == MessageFormat::Json {
            output.json(&json::LeftUndone::new(path, *line, *code));
            continue;
        }
        let place = hidden::shown(&format!("{path}:{line}: the edit of {}", code.name())).into_owned();
        output.warning(&format!("{place} is left undone: a note that is built would be lost, or become another one"));
    }
}

/// What came of it.
pub(super) enum Done {
    /// The files are written, and this is left.
    Mended(Box<Compiled>),
    /// All is said.
    Shown(Status),
}

/// Says what is wrong as long as nothing is mended. As `ruff --diff` has it, what would be mended is a mistake.
fn show_dry(
    fixed: &Fixed,
    world: &World,
    request: &Request,
    args: &ReadArgs,
    output: &mut Output,
) -> Result<Status, Failure> {
    if args.message_format == MessageFormat::Json {
        let now = pipeline::compile(world, request, &|_| {})?;
        output.json_lines(&json::to_lines(&now.diagnostics, &now.sources));
    } else if !args.quiet {
        let counted = if fixed.files.is_empty() { "nothing".to_owned() } else { counted(fixed) };
        message(&format!("would mend {counted}\n"));
    }
    let is_right = fixed.files.is_empty() && !fixed.compiled.has_mistakes();
    Ok(if is_right { Status::Success } else { Status::Mistakes })
}

/// Which of the words name diagnostics, and which files and folders: a word that is a code's name is a code, with `./` before it
/// a path.
fn codes_and_paths(world: &World, request: &Request) -> Result<(BTreeSet<Code>, Vec<PathBuf>), Failure> {
    let (mut codes, mut paths) = (BTreeSet::new(), Vec::new());
    for path in &request.paths {
        if let Some(code) = path.to_str().and_then(Code::from_name) {
            codes.insert(code);
        } else if world.is_missing(&request.start.join(path)) {
            return Err(Failure::Usage(unknown(&path.to_string_lossy())));
        } else {
            paths.push(path.clone());
        }
    }
    Ok((codes, paths))
}

fn unknown(word: &str) -> String {
    match suggest(&word.to_lowercase(), Code::ALL.iter().map(|code| code.name())) {
        Some(near) => format!("there is no file, folder or diagnostic `{word}`; did you mean `{near}`?"),
        None => format!("there is no file, folder or diagnostic `{word}`; `deckle explain` lists the diagnostics"),
    }
}

/// `3 mistakes in 2 files`.
fn counted(fixed: &Fixed) -> String {
    let mistakes = fixed.files.iter().flat_map(|file| file.mended.values()).sum();
    format!("{} in {}", number(mistakes, "mistake"), number(fixed.files.len(), "file"))
}

fn line(file: &FixedFile) -> String {
    let codes = file.mended.iter().map(|(code, count)| format!("{count} {}", code.name()));
    let line = format!("  mended {} ({})", file.path, codes.collect::<Vec<_>>().join(", "));
    format!("{}\n", hidden::shown(&line))
}

fn json_of(file: &FixedFile, written: bool) -> json::Mended<'_> {
    json::Mended::new(&file.path, written, &file.mended, &file.text, &file.changes)
}
