//! `deckle list`: says what there is, as a table or as JSON.

use std::path::PathBuf;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::check::{no_files, warn_of_undecked};
use super::output::{Output, number, size};
use super::progress::Bar;
use super::{LockArgs, Status, messages};
use crate::files::World;
use crate::pipeline::{self, CardKind, Compiled, Due, Failure, Formats, Inventory, Request, Stock, Wanted, inventory};
use crate::text::hidden;

/// Lists decks or files. What is wrong with the notes is shown too: what is left out is in no list.
pub(super) fn run(args: &ListArgs, output: &mut Output) -> Result<Status, Failure> {
    let bar = Bar::new(true);
    let wanted = Wanted { formats: Formats::Checked, ..Wanted::default() };
    let request = Request { wanted, ..args.lock.request(&args.paths)? };
    let compiled = pipeline::compile(&World::system()?, &request, &|step| bar.step(step))?;
    bar.clear();
    if compiled.has_mistakes() {
        output.diagnostics(&compiled, &messages(), "; what there is shows when they are mended");
        return Ok(Status::Mistakes);
    }
    let found = inventory(&compiled);
    if args.json {
        output.json(&Listed::new(&found, &compiled));
    } else if !warn_of_undecked(&compiled, output) && compiled.tally.files.is_empty() {
        output.warning(&no_files());
    } else {
        output.result(&tables(&found, args));
        output.result(&due(&found));
        say_left_out(&compiled, output);
    }
    Ok(Status::Success)
}

/// Arguments of `deckle list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle list                       the decks of the project around here
  deckle list --files --long        its files, with the kinds of their cards
  deckle list content/ports.md      what is in one file
  deckle list --json                decks and files, for scripts")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct ListArgs {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// List decks; what is in decks below them does not count [default unless --files is given]
    #[arg(long)]
    decks: bool,
    /// List files
    #[arg(long)]
    files: bool,
    /// Count cards by kind as well
    #[arg(short, long)]
    long: bool,
    /// Print one JSON object with decks and files, and both with all counts
    #[arg(long, conflicts_with_all = ["decks", "files", "long"])]
    json: bool,
    #[command(flatten)]
    lock: LockArgs,
}

/// What there is, for scripts. The names of fields are stable; `version` rises where one changes its meaning or goes.
#[derive(Serialize)]
struct Listed<'a> {
    version: u32,
    collection: &'a str,
    decks: Vec<ListedDeck<'a>>,
    files: Vec<ListedFile<'a>>,
    all: ListedStock,
    due: Vec<ListedDue<'a>>,
    /// How many notes and files are left out because of mistakes.
    left_out_notes: usize,
    left_out_files: usize,
}

#[derive(Serialize)]
struct ListedDeck<'a> {
    name: &'a str,
    #[serde(flatten)]
    stock: ListedStock,
}

#[derive(Serialize)]
struct ListedFile<'a> {
    path: &'a str,
    #[serde(flatten)]
    stock: ListedStock,
}

#[derive(Serialize)]
struct ListedStock {
    notes: usize,
    cards: usize,
    cards_by_kind: serde_json::Map<String, serde_json::Value>,
    words: usize,
    media_files: usize,
    media_bytes: u64,
}

/// What is due to be split: a note with its line, or a file with its cards.
#[derive(Serialize)]
struct ListedDue<'a> {
    kind: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cards: Option<usize>,
}

impl<'a> Listed<'a> {
    fn new(found: &'a Inventory<'a>, compiled: &'a Compiled) -> Self {
        let due = |due: &'a Due<'a>| match due {
            Due::File { path, cards } => ListedDue { kind: "file", path, line: None, text: None, cards: Some(*cards) },
            Due::Note { path, line, name } => {
                ListedDue { kind: "note", path, line: Some(*line), text: Some(name), cards: None }
            }
        };
        Self {
            version: 1,
            collection: &compiled.collection.id,
            decks: found.decks.iter().map(|(name, stock)| ListedDeck { name, stock: stock.into() }).collect(),
            files: found.files.iter().map(|(path, stock)| ListedFile { path, stock: stock.into() }).collect(),
            all: (&found.all).into(),
            due: found.due.iter().map(due).collect(),
            left_out_notes: compiled.left_out.notes.len(),
            left_out_files: compiled.left_out.files.len(),
        }
    }
}

impl From<&Stock> for ListedStock {
    fn from(stock: &Stock) -> Self {
        let count =
            |kind: CardKind| (kind.name().to_owned(), stock.cards.get(&kind).copied().unwrap_or_default().into());
        Self {
            notes: stock.notes,
            cards: stock.all_cards(),
            cards_by_kind: CardKind::ALL.map(count).into_iter().collect(),
            words: stock.words,
            media_files: stock.media,
            media_bytes: stock.media_bytes,
        }
    }
}

/// The tables that are wanted, with an empty line between.
fn tables(found: &Inventory<'_>, args: &ListArgs) -> String {
    let kinds: Vec<CardKind> = CardKind::ALL.into_iter().filter(|kind| found.all.cards.contains_key(kind)).collect();
    let kinds = if args.long { kinds } else { Vec::new() };
    let mut tables = Vec::new();
    if args.decks || !args.files {
        let rows: Vec<_> = found.decks.iter().map(|(deck, stock)| (*deck, stock)).collect();
        tables.push(table("deck", &rows, &found.all, &kinds));
    }
    if args.files {
        let rows: Vec<_> = found.files.iter().map(|(path, stock)| (*path, stock)).collect();
        tables.push(table("file", &rows, &found.all, &kinds));
    }
    tables.join("\n")
}

/// A table with a line for each, and one for all of them where there are several.
fn table(what: &str, rows: &[(&str, &Stock)], all: &Stock, kinds: &[CardKind]) -> String {
    let has_media = all.media > 0;
    let media: &[&str] = if has_media { &["media", "size"] } else { &[] };
    let kind_names = kinds.iter().map(|kind| kind.name());
    let head = [what, "notes", "cards"].into_iter().chain(kind_names).chain(["words"]).chain(media.iter().copied());
    let mut lines: Vec<Vec<String>> = vec![head.map(str::to_uppercase).collect()];
    lines.extend(rows.iter().map(|(name, stock)| cells(&hidden::shown(name), stock, kinds, has_media)));
    if rows.len() > 1 {
        lines.push(cells("all", all, kinds, has_media));
    }
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let space = " ".repeat(width.saturating_sub(cell.width()));
            // Names stand at the left, numbers at the right.
            if column == 0 { format!("{cell}{space}") } else { format!("  {space}{cell}") }
        });
        format!("{}\n", padded.collect::<String>().trim_end())
    };
    lines.iter().map(line).collect()
}

fn cells(name: &str, stock: &Stock, kinds: &[CardKind], has_media: bool) -> Vec<String> {
    let count = |kind: &CardKind| stock.cards.get(kind).copied().unwrap_or_default();
    let numbers = [stock.notes, stock.all_cards()].into_iter().chain(kinds.iter().map(count)).chain([stock.words]);
    let mut cells: Vec<String> =
        std::iter::once(name.to_owned()).chain(numbers.map(|count| count.to_string())).collect();
    if has_media {
        let bytes = if stock.media == 0 { String::new() } else { size(stock.media_bytes) };
        cells.extend([stock.media.to_string(), bytes]);
    }
    cells
}

/// Lines that say what is due to be split; none where nothing is.
fn due(found: &Inventory<'_>) -> String {
    let line = |due: &Due<'_>| {
        let line = match due {
            Due::File { path, cards } => {
                format!("{path}: {} are more than a page of the site has", number(*cards, "card"))
            }
            Due::Note { path, line, name } => format!("{path}:{line}: too much for a printed card: {name}"),
        };
        format!("  {}\n", hidden::shown(&line))
    };
    let lines: String = found.due.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\nDue to be split:\n{lines}") }
}

fn say_left_out(compiled: &Compiled, output: &mut Output) {
    if let Some(lost) = super::output::left_out(compiled) {
        output.warning(&format!("{lost} left out because of mistakes; `deckle check` shows them"));
    }
}
