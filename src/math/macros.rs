//! Reads the commands that an author defines within a formula, and puts in what they stand for.
//!
//! Knows the forms of definitions: LaTeX's `\newcommand` and `\DeclareMathOperator`, TeX's `\def` and `\let`.

use super::scan::{argument, command, optional};
use crate::text::pairs::Pairs;

/// What a command stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    arguments: usize,
    /// Stands for the first argument where that is not given in brackets.
    first: Option<String>,
    body: String,
}

/// Whether a command defines another one.
pub(super) fn defines(name: &str) -> bool {
    ["newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "def", "let"].contains(&name)
}

/// The name that a command defines, what that stands for, and what stands behind the definition. `known` says what a name
/// stands for already.
pub(super) fn definition<'t>(
    name: &str,
    behind: &'t str,
    pairs: &Pairs<'t>,
    known: impl Fn(&str) -> Option<Definition>,
) -> Option<(String, Definition, &'t str)> {
    match name {
        "newcommand" | "renewcommand" | "providecommand" => new_command(behind, pairs),
        "DeclareMathOperator" => {
            let (is_starred, behind) = star(behind);
            let (defined, behind) = defined(behind, pairs)?;
            let (inner, behind) = argument(behind, pairs)?;
            let body = format!("\\operatorname{}{{{inner}}}", if is_starred { "*" } else { "" });
            Some((defined, Definition { arguments: 0, first: None, body }, behind))
        }
        "def" => {
            let (defined, behind) = defined(behind, pairs)?;
            let is_parameter = |c: char| c == '#' || c.is_ascii_digit() || c.is_whitespace();
            let parameters = behind.get(..behind.find(|c| !is_parameter(c))?)?;
            let arguments = parameters.matches('#').count();
            "#1#2#3#4#5#6#7#8#9".get(..2 * arguments).filter(|plain| *plain == parameters.trim())?;
            let (body, behind) = pairs.braced(behind.get(parameters.len()..)?)?;
            Some((defined, Definition { arguments, first: None, body: body.to_owned() }, behind))
        }
        "let" => {
            let (defined, behind) = defined(behind, pairs)?;
            let (meaning, behind) = argument(behind.trim_start().strip_prefix('=').unwrap_or(behind), pairs)?;
            let (named, _) = command(meaning);
            let copy = Definition { arguments: 0, first: None, body: meaning.to_owned() };
            Some((defined, known(named).unwrap_or(copy), behind))
        }
        _ => None,
    }
}

fn new_command<'t>(behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, Definition, &'t str)> {
    let (defined, mut behind) = defined(star(behind).1, pairs)?;
    let mut arguments = 0;
    if let Some((count, rest)) = optional(behind, pairs) {
        arguments = count.trim().parse().ok().filter(|count| *count < 10)?;
        behind = rest;
    }
    let mut first = None;
    if let Some((default, rest)) = optional(behind, pairs).filter(|_| arguments > 0) {
        first = Some(default.to_owned());
        behind = rest;
    }
    let (body, behind) = argument(behind, pairs)?;
    Some((defined, Definition { arguments, first, body: body.to_owned() }, behind))
}

fn star(behind: &str) -> (bool, &str) {
    behind.strip_prefix('*').map_or((false, behind), |behind| (true, behind))
}

/// The name of the command that is defined, with braces around it or without.
fn defined<'t>(behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    let (named, behind) = argument(behind, pairs)?;
    let (name, rest) = command(named.trim());
    (!name.is_empty() && rest.is_empty()).then(|| (name.to_owned(), behind))
}

/// What a command stands for with its arguments, and what stands behind them; `None` where that takes more than `most` bytes.
pub(super) fn expand<'t>(
    definition: &Definition,
    behind: &'t str,
    pairs: &Pairs<'t>,
    most: usize,
) -> Option<(String, &'t str)> {
    let mut behind = behind;
    let mut given: Vec<&str> = Vec::new();
    if let Some(first) = &definition.first {
        let (inner, rest) = optional(behind, pairs).unwrap_or((first, behind));
        given.push(inner);
        behind = rest;
    }
    while given.len() < definition.arguments {
        let (inner, rest) = argument(behind, pairs)?;
        given.push(inner);
        behind = rest;
    }
    let mut text = fill(&definition.body, &given, most)?;
    if definition.arguments == 0 && text.ends_with(|c: char| c.is_ascii_alphabetic()) && text.contains('\\') {
        let name_end = behind.starts_with(|c: char| c.is_ascii_alphabetic());
        if name_end {
            text.push(' ');
        }
    }
    Some((text, behind))
}

/// A text with arguments in the place of `#1`, `#2` and so on; `None` where that takes more than `most` bytes.
pub(super) fn fill(body: &str, given: &[&str], most: usize) -> Option<String> {
    let mut pieces = body.split('#');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let number = piece.chars().next().and_then(|digit| digit.to_digit(10)).unwrap_or_default() as usize;
        let inner = number.checked_sub(1).and_then(|index| given.get(index));
        let (inner, behind) = inner.map_or(("#", piece), |inner| (*inner, piece.get(1..).unwrap_or_default()));
        if text.len() + inner.len() + behind.len() > most {
            return None;
        }
        text.push_str(inner);
        text.push_str(behind);
    }
    Some(text)
}
