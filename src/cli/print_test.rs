//! `deckle print-test`: makes a sheet that shows by how much a printer puts backs off, and whether it scales.

use std::path::PathBuf;

use super::Status;
use super::build::{no_browser, print_layer, print_option, written};
use super::output::Output;
use crate::files::{self, World};
use crate::pipeline::{self, Failure, PrintTest};

/// Writes the sheet, and says where.
pub(super) fn run(args: &PrintTestArgs, output: &mut Output) -> Result<Status, Failure> {
    let start = files::working_folder()?;
    let options: Vec<_> = args.print.iter().chain(&args.paper).cloned().collect();
    let print = print_layer(&options)?;
    let test = PrintTest { start: start.clone(), page: args.out.clone(), print };
    let page = pipeline::print_test(&World::system()?, &test)?;
    let pdf = if args.pdf { pipeline::print_test_pdf(&page, args.browser.as_deref()) } else { Ok(None) };
    let path = page.path.clone();
    match pdf {
        Ok(pdf) => {
            let is_missing = args.pdf && pdf.is_none();
            let outputs: Vec<_> = [Some(page), pdf].into_iter().flatten().collect();
            output.result(&written(&outputs, &start));
            if is_missing {
                no_browser(&path, &start, output);
                return Ok(Status::Machine);
            }
            Ok(Status::Success)
        }
        Err(failure) => {
            output.result(&written(&[page], &start));
            Err(failure)
        }
    }
}

/// Arguments of `deckle print-test`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Print the sheet as it says itself, hold it against a light, and read there what `back-offset` in deckle.yaml has to be.
Its paper, its way round and how it is turned are those of the cards of the project around here, if there is one.

Examples:
  deckle print-test                  print-test.html, to be opened in a browser and printed
  deckle print-test --pdf            the same, and print-test.pdf
  deckle print-test --paper letter   for Letter, without a project")]
pub(super) struct PrintTestArgs {
    /// The page to write, or the folder for it
    #[arg(short, long, value_name = "FILE", default_value = "print-test.html")]
    out: PathBuf,
    /// The paper: A4, Letter or A5 [default: the project's, else A4]
    #[arg(long, value_name = "PAPER", value_parser = paper)]
    paper: Option<(String, String)>,
    /// Other options of printing, whatever deckle.yaml says, such as `duplex=short`
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',', value_parser = print_option)]
    print: Vec<(String, String)>,
    /// Print it into a PDF beside it too, with a browser that is installed
    #[arg(long)]
    pdf: bool,
    /// The Chromium, Chrome or Edge that prints the PDF [default: `DECKLE_BROWSER` in the environment, else one that is
    /// installed]
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
}

/// The option `paper`.
fn paper(text: &str) -> Result<(String, String), String> {
    print_option(&format!("paper={text}"))
}
