//! `deckle build`: compiles notes and says what came of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::check::{files_apart, no_files, show_files, syntaxes_seen, warn_of_undecked};
use super::output::{Output, left_out, message, number, size};
use super::progress::Bar;
use super::said::Saying;
use super::{MessageFormat, ReadArgs, Status, describe, report};
use crate::config::print::{self, Conflict, Mistake, PrintLayer};
use crate::files::{self, World};
use crate::pipeline::{
    self, Built, Compiled, Failure, Format, Formats, Memory, Output as Written, Recalled, Request, Sight, Stop,
    Unprinted, Wanted,
};
use crate::text::hidden;

/// Reads, checks, packs and writes.
pub(super) fn run(args: &BuildArgs, output: &mut Output) -> Result<Status, Failure> {
    if args.formats() == Formats::These(Vec::new()) {
        output.result(&String::from_utf8_lossy(&pipeline::schema()?));
        return Ok(Status::Success);
    }
    build(args, Telling::All, None, output)
}

/// What is told of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// All of it.
    All,
    /// What changed, in a line; nothing where nothing did.
    Changes,
}

/// Builds once, and leaves what it saw to be looked at by who builds `again`. Where it is the last thing that is done, memory is
/// left to the system.
pub(super) fn build(
    args: &BuildArgs,
    telling: Telling,
    again: Option<&mut Sight>,
    output: &mut Output,
) -> Result<Status, Failure> {
    let is_last = again.is_none();
    let bar = Bar::new(!args.read.quiet);
    let start = files::working_folder()?;
    let request = args.request()?;
    let mut wait = |folder: &Path| tell_of_wait(&shown(folder, &start), &args.read);
    let world = World::system()?;
    let mut memory = Memory::new(&world, &request, &format!("{args:?} {}", output.form()))?;
    if let Some(Recalled { said, outputs }) = memory.recall() {
        if telling == Telling::Changes {
            return Ok(Status::Success);
        }
        let files = files_shown(&outputs, &start, args.read.message_format);
        output.say_again(&said, &seconds(bar.elapsed()), &files);
        return Ok(Status::Success);
    }
    output.take_down();
    let built = pipeline::build(&world, &request, &mut memory, &|step| bar.step(step), &mut wait);
    if let Some(again) = again {
        *again = memory.sight();
    }
    let built = built?;
    let Built { compiled, outputs, .. } = &built;
    bar.clear();
    tell_of_notes(compiled, &args.read, output);
    if args.read.message_format == MessageFormat::Json {
        output.result_of(Saying::Files, &files_shown(outputs, &start, args.read.message_format));
        output.json_lines(&summary_line(compiled));
    }
    if compiled.stop.is_some() {
        return Ok(Status::Mistakes);
    }
    if args.read.message_format == MessageFormat::Human
        && !warn_of_undecked(compiled, output)
        && compiled.collection.notes.is_empty()
    {
        output.warning(&no_notes(compiled));
    }
    tell_of_stale(compiled, outputs, &start, args, output);
    if !args.read.quiet && args.read.message_format == MessageFormat::Human {
        let seconds = seconds(bar.elapsed());
        match telling {
            Telling::All => {
                let files = files_shown(outputs, &start, args.read.message_format);
                tell_what_was_built(args, compiled, [&seconds, &files], output);
            }
            Telling::Changes if outputs.iter().all(|file| file.outcome == files::Outcome::Unchanged) => {}
            Telling::Changes => output.result(&rebuilt(compiled, outputs, &start, &seconds)),
        }
    }
    if let Some(unprinted) = &built.unprinted {
        tell_of_unprinted(unprinted, &start, output);
        return Ok(Status::Machine);
    }
    built.remember(&memory, output.said());
    if is_last {
        // The system takes memory back at once: piece by piece it is a twentieth of a build's time.
        std::mem::forget(built);
    }
    Ok(Status::Success)
}

/// Says which packages lie there that nothing is made for, and that were not removed.
fn tell_of_stale(compiled: &Compiled, outputs: &[Written], start: &Path, args: &BuildArgs, output: &mut Output) {
    let is_removed =
        |path: &PathBuf| outputs.iter().any(|file| file.outcome == files::Outcome::Removed && file.path == *path);
    let stale = compiled.stale_packages().into_iter().filter(|path| !is_removed(path));
    let stale: Vec<String> = stale.map(|path| shown(&path, start)).collect();
    report::show_stale(&stale, &args.read, output);
}

/// A line for a build after others: how much there is, and what was written.
fn rebuilt(compiled: &Compiled, outputs: &[Written], start: &Path, seconds: &str) -> String {
    let changed: Vec<&Written> = outputs.iter().filter(|file| file.outcome != files::Outcome::Unchanged).collect();
    let files = match changed.as_slice() {
        [] => String::new(),
        [one] => hidden::shown(&shown(&one.path, start)).into_owned(),
        [first, rest @ ..] => {
            format!("{} and {}", hidden::shown(&shown(&first.path, start)), number(rest.len(), "other file"))
        }
    };
    format!("{}{}: {files}\n", built_from(compiled), seconds.trim_end())
}

/// What is wrong with the notes, what changed in them, and why nothing was built.
fn tell_of_notes(compiled: &Compiled, args: &ReadArgs, output: &mut Output) {
    show_files(compiled, args, output);
    output.diagnostics(compiled, args, "; nothing was written");
    if !compiled.has_mistakes() {
        report::show(compiled, args, output);
        if let Some(bytes) = compiled.images_beside() {
            report::show_images_beside(bytes, args, output);
        }
    }
    if let Some(Stop::Refused(refusal)) = &compiled.stop {
        report::refuse(refusal, compiled, args, output);
    }
}

/// Of what and in how many seconds it was built, and what became of files.
fn tell_what_was_built(args: &BuildArgs, compiled: &Compiled, [seconds, files]: [&str; 2], output: &mut Output) {
    let leaves_book = args.format.is_empty() && !compiled.formats.contains(&Format::Book);
    output.result(&built_from(compiled));
    output.result_of(Saying::Seconds, seconds);
    output.result(&summary(compiled, leaves_book, args.read.verbose));
    output.result_of(Saying::Files, files);
}

fn tell_of_wait(folder: &str, args: &ReadArgs) {
    if !args.quiet {
        message(&format!("waiting for another deckle that writes in {}\n", hidden::shown(folder)));
    }
}

/// Why pages have no PDF, and what to do.
fn tell_of_unprinted(unprinted: &Unprinted, start: &Path, output: &mut Output) {
    match unprinted {
        Unprinted::NoBrowser(page) => no_browser(page, start, output),
        Unprinted::Failed { errors, untried } => {
            for error in errors {
                output.error(&describe(error));
            }
            if *untried > 0 {
                output.message(&format!("{} more not tried\n", number(*untried, "page")));
            }
            output.message("what is there of PDFs is of older pages; any browser prints the pages by hand\n");
        }
    }
}

/// That nobody prints, and how to do it by hand: the first of the pages.
pub(super) fn no_browser(page: &Path, start: &Path, output: &mut Output) {
    output.error("cannot print PDFs: no Chromium, Chrome or Edge was found");
    let page = shown(page, start);
    output.message(&format!(
        "install one, or name it with `--browser PATH`; or open {} in any browser, and print it at 100 % and without \
         margins\n",
        hidden::shown(&page)
    ));
}

/// A path from where the user is.
fn shown(path: &Path, start: &Path) -> String {
    let path = path.strip_prefix(start).unwrap_or(path);
    if path.as_os_str().is_empty() { "this folder".to_owned() } else { path.display().to_string() }
}

/// A line for each file; one for all that a folder speaks for.
pub(super) fn written(outputs: &[Written], start: &Path) -> String {
    let is_written = |file: &Written| file.outcome == files::Outcome::Written;
    let is_removed = |file: &Written| file.outcome == files::Outcome::Removed;
    let mut lines = String::new();
    let mut rest = outputs;
    while let Some(first) = rest.first() {
        let length = match &first.folder {
            Some(_) => {
                let is_like = |file: &&Written| file.folder == first.folder && is_removed(file) == is_removed(first);
                rest.iter().take_while(is_like).count()
            }
            None => 1,
        };
        let (files, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let bytes = size(files.iter().map(|file| file.size).sum());
        let what = match (length, is_removed(first)) {
            (1, true) => String::new(),
            (_, true) => format!(" ({})", number(length, "file")),
            (1, false) => format!(" ({bytes})"),
            (_, false) => format!(" ({}, {bytes})", number(length, "file")),
        };
        let verb = match (is_removed(first), files.iter().any(is_written)) {
            (true, _) => "removed",
            (false, true) => "wrote",
            (false, false) => "unchanged",
        };
        // Of what is gone, one file speaks for itself.
        let folder = first.folder.as_ref().filter(|_| length > 1 || !is_removed(first));
        let path = shown(folder.unwrap_or(&first.path), start);
        let path = hidden::shown(&path);
        let _ = writeln!(lines, "  {verb} {path}{what}");
        rest = behind;
    }
    lines
}

/// Arguments of `deckle build`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle build                       the project around here, into dist/
  deckle build -o /tmp/out           into another folder
  deckle build content/ports         only the notes of one folder
  deckle build ~/notes/ports.md      one file, without a project
  deckle build --watch               again whenever something is saved
  deckle build --frozen              in CI: fail where the lock was not committed
  deckle build -f pdf                cards and cheat sheets, ready to print
  deckle build -f apkg,json          the packages, and the notes as JSON
  deckle build -f json-schema        print the JSON's schema")]
pub(super) struct BuildCommand {
    #[command(flatten)]
    pub(super) args: BuildArgs,
    /// Build again whenever something is saved, until Ctrl-C; as `deckle watch` does
    #[arg(long)]
    pub(super) watch: bool,
}

/// What a build takes, be it one or one after the other.
#[derive(Debug, clap::Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    read: ReadArgs,
    /// The folder to write into [default: the project's, else dist]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Fail rather than change deckle.lock: for CI
    #[arg(long)]
    frozen: bool,
    /// Build although a deck loses more than a tenth of its notes, and 20 or more; or although the lock is lost, and begin
    /// anew
    #[arg(long)]
    accept_loss: bool,
    /// What to make [default: apkg,print,book,site; without book and site where paths choose some of a project's files]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',')]
    format: Vec<FormatName>,
    /// How decks are printed, whatever deckle.yaml says, such as `preset=10,duplex=short`. Options: paper, preset,
    /// duplex, back-offset, front-only, key, sheet, sheet-columns, sheet-paper, images, pdf
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',', value_parser = print_option)]
    print: Vec<(String, String)>,
    /// The Chromium, Chrome or Edge that prints PDFs [default: `DECKLE_BROWSER` in the environment, else one
    /// that is installed]
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
}

impl BuildArgs {
    /// What a build is asked for.
    pub(super) fn request(&self) -> Result<Request, Failure> {
        let (print, wanted) = (self.print_layer()?, self.wanted(self.formats()));
        let (out, browser) = (self.out.clone(), self.browser.clone());
        Ok(Request { out, print, browser, wanted, ..self.read.request()? })
    }

    /// What `--print` sets; each of its options was tried when it was parsed.
    fn print_layer(&self) -> Result<PrintLayer, Failure> {
        let mut layer = print_layer(&self.print)?;
        if self.format.contains(&FormatName::Pdf) {
            let _ = layer.set("pdf", "true");
        }
        Ok(layer)
    }

    fn wanted(&self, formats: Formats) -> Wanted {
        let deny_warnings = self.read.deny_warnings;
        Wanted { formats, deny_warnings, frozen: self.frozen, accept_loss: self.accept_loss }
    }

    /// What to write, each once; none where only the schema is asked for, which is printed.
    fn formats(&self) -> Formats {
        if self.format.is_empty() {
            return Formats::Usual;
        }
        let mut formats: Vec<Format> = self.format.iter().map(|name| name.format()).collect();
        formats.sort_unstable();
        formats.dedup();
        if formats == [Format::JsonSchema] {
            formats.clear();
        }
        Formats::These(formats)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Anki packages, one a top-level deck or one for all
    Apkg,
    /// Cards to cut out and cheat sheets, as HTML
    Print,
    /// The same, and PDFs of them, printed by a browser that is installed
    Pdf,
    /// The source folder of an mdBook
    Book,
    /// A study site: the pages that mdBook makes of it
    Site,
    /// The notes as JSON
    Json,
    /// The schema of that JSON; alone it is printed
    JsonSchema,
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            Self::Apkg => Format::Apkg,
            Self::Print | Self::Pdf => Format::Print,
            Self::Book => Format::Book,
            Self::Site => Format::Site,
            Self::Json => Format::Json,
            Self::JsonSchema => Format::JsonSchema,
        }
    }
}

/// `KEY=VALUE`, if there is such an option and it takes the value.
pub(super) fn print_option(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    let (key, value) = (key.trim(), value.trim());
    match PrintLayer::default().set(key, value) {
        Ok(()) => Ok((key.to_owned(), value.to_owned())),
        Err(Mistake::UnknownKey) => Err(format!("the options are {}", print::KEYS.join(", "))),
        Err(Mistake::Word(words)) => Err(format!("`{key}` is one of {}", words.join(", "))),
        Err(Mistake::Form(form)) => Err(format!("`{key}` is {form}")),
    }
}

/// What options set together; each of them was tried when it was parsed.
pub(super) fn print_layer(options: &[(String, String)]) -> Result<PrintLayer, Failure> {
    let mut layer = PrintLayer::default();
    for (key, value) in options {
        let _ = layer.set(key, value);
    }
    match layer.conflict() {
        Some(Conflict { message, help, .. }) => Err(Failure::Usage(format!("{message}; {help}"))),
        None => Ok(layer),
    }
}

/// What became of files.
fn files_shown(outputs: &[Written], start: &Path, format: MessageFormat) -> String {
    match format {
        MessageFormat::Human => written(outputs, start),
        MessageFormat::Json => hidden::shown_json(&file_lines(outputs, start)).into_owned(),
    }
}

/// A line for each file; `kind` tells them from diagnostics, which have a `code`.
fn file_lines(outputs: &[Written], start: &Path) -> String {
    let file_line = |file: &Written| {
        let path = file.path.strip_prefix(start).unwrap_or(&file.path).to_string_lossy();
        if file.outcome == files::Outcome::Removed {
            return format!("{}\n", serde_json::json!({ "kind": "removed", "path": path }));
        }
        let is_written = file.outcome == files::Outcome::Written;
        format!("{}\n", serde_json::json!({ "kind": "file", "path": path, "bytes": file.size, "written": is_written }))
    };
    outputs.iter().map(file_line).collect()
}

/// The line that sums up.
fn summary_line(compiled: &Compiled) -> String {
    let collection = &compiled.collection;
    let (errors, warnings) = compiled.counts();
    let summary = serde_json::json!({
        "kind": "summary",
        "written": compiled.stop.is_none(),
        "files": compiled.tally.files.len(),
        "decks": compiled.decks(),
        "notes": collection.notes.len(),
        "left_out": compiled.left_out.notes.len(),
        "files_left_out": compiled.left_out.files.len(),
        "files_in_no_deck": compiled.tally.in_no_deck.len(),
        "files_with_trusted_html": compiled.tally.trusted.len(),
        "cards": cards(compiled),
        "media": collection.media.len(),
        "prose_headings": compiled.tally.prose_headings,
        "errors": errors,
        "warnings": warnings,
    });
    format!("{summary}\n")
}

fn cards(compiled: &Compiled) -> usize {
    compiled.collection.notes.iter().map(|note| note.cards().len()).sum()
}

/// What is in the packages.
fn built_from(compiled: &Compiled) -> String {
    let collection = &compiled.collection;
    let counted = [
        number(compiled.decks(), "deck"),
        number(collection.notes.len(), "note"),
        number(cards(compiled), "card"),
        number(collection.media.len(), "media file"),
    ];
    format!("Built {} from {}", counted.join(", "), files_read(compiled))
}

/// How many notes came with ids that other tools gave them; told once, where there is no lock yet.
fn foreign_ids(compiled: &Compiled) -> Option<String> {
    let is_first = compiled.identity.as_ref().is_some_and(|identity| identity.source.is_none());
    let count = if is_first { compiled.foreign_ids() } else { 0 };
    (count > 0).then(|| format!("  {} came with an id of another tool\n", number(count, "note")))
}

/// How long it took; ends the line of [`built_from`].
fn seconds(seconds: f64) -> String {
    format!(" in {seconds:.2} s\n")
}

/// Up to three lines: what may surprise, and what changed since the last build.
fn summary(compiled: &Compiled, leaves_book: bool, names_all: bool) -> String {
    let mut text = String::new();
    let warnings = compiled.counts().1;
    let prose = compiled.tally.prose_headings;
    let unanswered = compiled.left_out.bare.len().min(prose);
    let asides = [
        left_out(compiled).map(|lost| format!("{lost} left out")),
        (warnings > 0).then(|| number(warnings, "warning")),
        (prose > 0)
            .then(|| format!("{} not {}", number(prose, "heading"), if prose == 1 { "a note" } else { "notes" })),
        (unanswered > 0).then(|| format!("{unanswered} of them without an answer")),
        leaves_book.then(|| "study site not made anew".to_owned()),
    ];
    let asides: Vec<String> = asides.into_iter().flatten().collect();
    if !asides.is_empty() {
        text = format!("{text}  {}\n", asides.join(", "));
    }
    text.push_str(&syntaxes_seen(compiled).unwrap_or_default());
    text.push_str(&foreign_ids(compiled).unwrap_or_default());
    text.push_str(&files_apart(compiled, names_all));
    // Without a lock all notes are new, and nobody has to be told.
    let known = compiled.identity.as_ref().filter(|identity| identity.source.is_some());
    let changes = known.map(|identity| report::changes(&identity.report)).unwrap_or_default();
    if !changes.is_empty() {
        text = format!("{text}  since the last build: {changes}\n");
    }
    text
}

/// What would make notes. Where no deck is in effect, no heading was counted.
fn no_notes(compiled: &Compiled) -> String {
    if let Some(lost) = left_out(compiled) {
        return format!("no notes in {}, for {lost} left out", files_read(compiled));
    }
    if compiled.tally.files.is_empty() {
        return no_files();
    }
    let remedy = if compiled.tally.prose_headings == 0 {
        "`deck: NAME` at a file's top makes its headings notes"
    } else {
        "a heading of level 2 to 6 with text below it is one"
    };
    format!("no notes in {}; {remedy}", files_read(compiled))
}

fn files_read(compiled: &Compiled) -> String {
    number(compiled.tally.files.len(), "file")
}
