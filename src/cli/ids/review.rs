//! `deckle ids review`: asks what builds could not know, note by note, and applies the answers.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, stdin};

use serde::Serialize;

use super::super::output::{Output, number};
use super::super::report::likeness_shown;
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::World;
use crate::pipeline::{self, Compiled, Failure, Known, OpenQuestion, known};
use crate::text::hidden;

/// Asks in the terminal, or lists the questions.
pub(super) fn run(args: &ReviewArgs, world: &World, output: &mut Output) -> Result<Status, Failure> {
    let (mut compiled, _) = match look(world, &args.lock, &[], output)? {
        Look::Right(right) => *right,
        Look::Wrong(status) => return Ok(status),
    };
    let questions = pipeline::open_questions(world, &compiled)?;
    let known = known(&compiled);
    let places: Places<'_> = known.iter().map(|known| (known.guid.0.as_str(), known)).collect();
    if args.json {
        let option = compiled.identity.as_ref().map(|identity| identity.option.clone()).unwrap_or_default();
        for question in &questions {
            output.json(&Entry::new(question, &places, &option));
        }
        return Ok(Status::Success);
    }
    if questions.is_empty() {
        output.result("no open questions\n");
        return Ok(Status::Success);
    }
    if !stdin().is_terminal() {
        let message = format!(
            "{} open, and nobody at a terminal to answer; `deckle ids review --json` lists them, and `deckle ids keep OLD NEW` answers one",
            number(questions.len(), "question")
        );
        return Err(Failure::Usage(message));
    }
    report_changes(&compiled, output);
    review(&mut compiled, questions, &places, &mut stdin().lock(), output)
}

/// Arguments of `deckle ids review`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle ids review             y, n or s for each new note that may be an old one
  deckle ids review --json      the questions as JSON lines, for editors")]
pub(super) struct ReviewArgs {
    /// List the questions as JSON lines, and ask nothing
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    lock: LockArgs,
}

/// What is known of notes, by GUID.
type Places<'a> = BTreeMap<&'a str, &'a Known>;

/// Goes through the questions; what is skipped is asked again the next time.
fn review(
    compiled: &mut Compiled,
    mut questions: Vec<OpenQuestion>,
    places: &Places<'_>,
    answers: &mut impl BufRead,
    output: &mut Output,
) -> Result<Status, Failure> {
    let (mut kept, mut open) = (0, Vec::new());
    questions.reverse();
    while let Some(question) = questions.pop() {
        output.result(&shown(&question, places, questions.len()));
        match ask(answers, output)? {
            Answer::Yes => {
                pipeline::answer_yes(compiled, &question)?;
                kept += 1;
                // Neither of the two can be anybody else.
                questions.retain(|other| other.new != question.new && other.old != question.old);
                open.retain(|other: &OpenQuestion| other.new != question.new && other.old != question.old);
            }
            Answer::No => {}
            Answer::Skip => open.push(question),
            Answer::Quit => {
                questions.push(question);
                break;
            }
        }
    }
    open.extend(questions.into_iter().rev());
    pipeline::leave_open(compiled, &open)?;
    let left = if open.is_empty() { String::new() } else { format!(", {} left", number(open.len(), "question")) };
    let import = if kept > 0 { "; build and import" } else { "" };
    output.result(&format!("{} kept{left}{import}\n", number(kept, "note")));
    Ok(Status::Success)
}

enum Answer {
    Yes,
    No,
    Skip,
    /// Also the end of the input.
    Quit,
}

fn ask(answers: &mut impl BufRead, output: &mut Output) -> Result<Answer, Failure> {
    loop {
        output.result("the same note? [y]es, [n]o, [s]kip, [q]uit: ");
        let mut line = String::new();
        let read = answers.read_line(&mut line).map_err(|cause| crate::Error::new("cannot read", "stdin", cause))?;
        match line.trim().to_ascii_lowercase().as_str() {
            _ if read == 0 => return Ok(Answer::Quit),
            "y" | "yes" => return Ok(Answer::Yes),
            "n" | "no" => return Ok(Answer::No),
            "s" | "skip" | "" => return Ok(Answer::Skip),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

/// Old and new, one below the other: texts begin at the same column, so that they are seen side by side.
fn shown(question: &OpenQuestion, places: &Places<'_>, left: usize) -> String {
    let new = places.get(question.new.as_str()).copied();
    let place = new.and_then(super::list::place).unwrap_or_default();
    let text = new.map_or("", |known| known.excerpt.as_str());
    let old_place = question.old_path.as_deref().unwrap_or("gone before");
    let width = place.chars().count().max(old_place.chars().count());
    let taken = if question.is_taken { ", which another note is now" } else { "" };
    let (old, likeness) = (&question.was, likeness_shown(question.score));
    let head = format!("{likeness}{taken}; {} behind this one", number(left, "question"));
    let [old, new] = [("old", old_place, old.as_str()), ("new", place.as_str(), text)]
        .map(|(word, place, text)| hidden::shown(&format!("  {word}  {place:width$}  {text}")).into_owned());
    format!("{head}\n{old}\n{new}\n")
}

/// A question for editors. The names of fields are stable.
#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    new: &'a str,
    old: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    text: &'a str,
    was: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_path: Option<&'a str>,
    /// 0 to 1.
    score: f64,
    /// What answers yes.
    command: String,
}

impl<'a> Entry<'a> {
    fn new(question: &'a OpenQuestion, places: &Places<'a>, option: &str) -> Self {
        let new = places.get(question.new.as_str()).copied();
        let place = new.and_then(|known| known.place.as_ref());
        Self {
            kind: "question",
            new: &question.new,
            old: &question.old,
            path: place.map(|(path, _)| path.as_str()),
            line: place.and_then(|(_, line)| *line),
            text: new.map_or("", |known| &known.excerpt),
            was: &question.was,
            old_path: question.old_path.as_deref(),
            score: f64::from(question.score.clamp(0, 1000)) / 1000.0,
            command: question.command(option),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Color;

    #[test]
    fn words_and_letters_answer_and_all_else_is_asked_again() {
        let mut output = Output::new(Color::Never);
        let mut input: &[u8] = "maybe\nY\nno\n\nskip\r\nq\n".as_bytes();
        let mut next = || ask(&mut input, &mut output).unwrap();
        assert!(matches!(next(), Answer::Yes));
        assert!(matches!(next(), Answer::No));
        assert!(matches!(next(), Answer::Skip));
        assert!(matches!(next(), Answer::Skip));
        assert!(matches!(next(), Answer::Quit));
        assert!(matches!(next(), Answer::Quit), "the input has ended");
    }

    #[test]
    fn old_and_new_stand_one_below_the_other_and_no_text_ends_its_line() {
        let question = OpenQuestion {
            new: "b".repeat(13),
            old: "a".repeat(13),
            was: "Ebb\nand \u{1b}[31mflow".into(),
            old_path: Some("sea.md".into()),
            score: 531,
            is_taken: false,
        };
        let text = shown(&question, &Places::new(), 2);
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.starts_with("53 % like; 2 questions behind this one\n  old  sea.md  Ebb"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
