//! `deckle explain`: says what a diagnostic means.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

use super::Status;
use super::output::Output;
use crate::diagnostic::{Code, Mends, suggest};
use crate::pipeline::Failure;

/// Prints one explanation, or the list of all codes.
pub(super) fn run(args: &ExplainArgs, output: &mut Output) -> Result<Status, Failure> {
    let Some(name) = &args.code else {
        output.result(&all_codes());
        return Ok(Status::Success);
    };
    // As messages show it: `error[bad-yaml]`.
    let bare = name.trim().rsplit('[').next().unwrap_or_default().trim_end_matches(']').to_lowercase();
    if let Some(code) = Code::from_name(&bare) {
        let (text, price, remedy) = (code.explanation().trim_end(), code.price(), code.remedy());
        output.result(&format!("{text}\n\n## What it costs\n\n{price}\n\n## What mends it\n\n{remedy}\n"));
        return Ok(Status::Success);
    }
    let help = match suggest(&bare, Code::ALL.iter().map(|code| code.name())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`deckle explain` lists all".to_owned(),
    };
    Err(Failure::Usage(format!("there is no diagnostic `{name}`; {help}")))
}

/// Arguments of `deckle explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle explain missing-back    what it means, with an example
  deckle explain                 all codes, a line each")]
pub(super) struct ExplainArgs {
    /// The code between the brackets of a message; without it all codes are listed
    #[arg(value_parser = CodeParser, hide_possible_values = true)]
    code: Option<String>,
}

/// Takes any word, so that a wrong one is answered by us, and tells shells which ones there are.
#[derive(Debug, Clone)]
struct CodeParser;

impl TypedValueParser for CodeParser {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Code::ALL.iter().map(|code| PossibleValue::new(code.name()).help(code.title()))))
    }
}

const LEGEND: &str = "
fix: `deckle check --fix` mends it wherever there is no doubt what is meant
edit: an edit is shown, and it is for you to decide
";

fn mark(code: Code) -> &'static str {
    match code.mends() {
        Mends::Fixed => "fix",
        Mends::Shown => "edit",
        Mends::Never => "",
    }
}

fn all_codes() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let lines: Vec<String> =
        Code::ALL.iter().map(|code| format!("{:width$}  {:4}  {}\n", code.name(), mark(*code), code.title())).collect();
    lines.concat() + LEGEND
}
