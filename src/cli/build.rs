//! `deckle build`: compiles notes and says what came of it.

use std::path::PathBuf;

use clap::ValueEnum;

use super::check::show_files;
use super::output::{Output, number};
use super::progress::Bar;
use super::{MessageFormat, ReadArgs, Status};
use crate::config::print::{self, Mistake, PrintLayer};
use crate::files;
use crate::pipeline::{self, Checked, Failure, Format, Request};

/// Reads, checks, packs and writes.
pub(super) fn run(args: &BuildArgs, output: &mut Output) -> Result<Status, Failure> {
    let formats = args.formats();
    if formats.is_empty() {
        output.result(&String::from_utf8_lossy(&pipeline::schema()?));
        return Ok(Status::Success);
    }
    let bar = Bar::new(!args.read.quiet);
    let start = files::working_folder()?;
    let print = args.print_layer();
    let request = Request { start: start.clone(), paths: args.read.paths.clone(), out: args.out.clone(), print };
    let step = |step| bar.step(step);
    let mut checked = pipeline::check(&request, &step)?;
    let outputs = pipeline::build(&mut checked, &formats, args.read.deny_warnings, &step)?;
    bar.clear();
    show_files(&checked, &args.read);
    output.diagnostics(&checked, &args.read, "; nothing was written");
    if checked.stops(args.read.deny_warnings) {
        return Ok(Status::Mistakes);
    }
    if checked.collection.notes.is_empty() && args.read.message_format == MessageFormat::Human {
        output.warning(&no_notes(&checked));
    }
    if !args.read.quiet && args.read.message_format == MessageFormat::Human {
        output.result(&summary(&checked, bar.elapsed()));
        for file in &outputs {
            let path = file.path.strip_prefix(&start).unwrap_or(&file.path);
            let verb = match file.outcome {
                files::Outcome::Written => "wrote",
                files::Outcome::Unchanged => "unchanged",
            };
            output.result(&format!("  {verb} {} ({})\n", path.display(), size(file.size)));
        }
    }
    Ok(Status::Success)
}

/// Arguments of `deckle build`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle build                       the project around here, into dist/
  deckle build -o /tmp/out           into another folder
  deckle build content/ports         only the notes of one folder
  deckle build ~/notes/ports.md      one file, without a project
  deckle build -f apkg,json          the packages, and the notes as JSON
  deckle build -f json-schema        print the JSON's schema")]
pub(super) struct BuildArgs {
    #[command(flatten)]
    read: ReadArgs,
    /// The folder to write into [default: the project's, else dist]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to make
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', default_value = "apkg,print,book")]
    format: Vec<FormatName>,
    /// How decks are printed, whatever deckle.yaml says, such as `preset=10,duplex=short`. Options: paper, preset,
    /// duplex, back-offset, front-only, key, sheet-columns, sheet-paper, images
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',', value_parser = print_option)]
    print: Vec<(String, String)>,
}

impl BuildArgs {
    /// What `--print` sets; each of its options was tried when it was parsed.
    fn print_layer(&self) -> PrintLayer {
        let mut layer = PrintLayer::default();
        for (key, value) in &self.print {
            let _ = layer.set(key, value);
        }
        layer
    }

    /// What to write, each once; empty where only the schema is asked for, which is printed.
    fn formats(&self) -> Vec<Format> {
        let has = |name: FormatName| self.format.contains(&name);
        // The book comes behind what it has to download.
        let formats = [
            (FormatName::Apkg, Format::Apkg),
            (FormatName::Print, Format::Print),
            (FormatName::Book, Format::Book),
            (FormatName::Json, Format::Json),
        ];
        let mut formats: Vec<Format> = formats.into_iter().filter(|(name, _)| has(*name)).map(|(_, f)| f).collect();
        if !formats.is_empty() && has(FormatName::JsonSchema) {
            formats.push(Format::JsonSchema);
        }
        formats
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Anki packages, one a top-level deck
    Apkg,
    /// Cards to cut out and cheat sheets, as HTML
    Print,
    /// A study site: the source folder of an mdBook
    Book,
    /// The notes as JSON
    Json,
    /// The schema of that JSON; alone it is printed
    JsonSchema,
}

/// `KEY=VALUE`, if there is such an option and it takes the value.
fn print_option(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    let (key, value) = (key.trim(), value.trim());
    match PrintLayer::default().set(key, value) {
        Ok(()) => Ok((key.to_owned(), value.to_owned())),
        Err(Mistake::UnknownKey) => Err(format!("the options are {}", print::KEYS.join(", "))),
        Err(Mistake::Word(words)) => Err(format!("`{key}` is one of {}", words.join(", "))),
        Err(Mistake::Form(form)) => Err(format!("`{key}` is {form}")),
    }
}

/// Two lines: what is in the packages, and what may surprise.
fn summary(checked: &Checked, seconds: f64) -> String {
    let collection = &checked.collection;
    let cards = collection.notes.iter().map(|note| note.cards().len()).sum();
    let counted = [
        number(checked.decks(), "deck"),
        number(collection.notes.len(), "note"),
        number(cards, "card"),
        number(collection.media.len(), "media file"),
    ];
    let mut text = format!("Built {} from {} in {seconds:.2} s\n", counted.join(", "), files_read(checked));
    let warnings = checked.counts().1;
    let prose = checked.prose_headings;
    let asides = [
        (warnings > 0).then(|| number(warnings, "warning")),
        (prose > 0)
            .then(|| format!("{} not {}", number(prose, "heading"), if prose == 1 { "a note" } else { "notes" })),
    ];
    let asides: Vec<String> = asides.into_iter().flatten().collect();
    if !asides.is_empty() {
        text = format!("{text}  {}\n", asides.join(", "));
    }
    text
}

/// What would make notes. Where no deck is in effect, no heading was counted.
fn no_notes(checked: &Checked) -> String {
    let remedy = if checked.prose_headings == 0 {
        "`deck: NAME` at a file's top makes its headings notes"
    } else {
        "a heading of level 2 to 6 with text below it is one"
    };
    format!("no notes in {}; {remedy}", files_read(checked))
}

fn files_read(checked: &Checked) -> String {
    number(checked.files.len(), "file")
}

/// Bytes for people, in steps of 1000 as file managers show them.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
