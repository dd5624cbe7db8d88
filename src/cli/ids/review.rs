//! `deckle ids review`: asks what builds could not know, note by note, and applies the answers.

mod columns;

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, stdin};

use serde::Serialize;

use super::super::output::{Output, number};
use super::super::report::likeness_shown;
use super::super::{LockArgs, Status};
use super::{Look, look, report_changes};
use crate::files::{self, World};
use crate::pipeline::{self, Compiled, Failure, Known, OpenQuestion, known};

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
            output.json(&Entry::new(question, pipeline::new_sides(&compiled, question), &places, &option));
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
    questions: Vec<OpenQuestion>,
    places: &Places<'_>,
    answers: &mut impl BufRead,
    output: &mut Output,
) -> Result<Status, Failure> {
    let mut walk = Walk::new(questions);
    while let Some((question, left)) = walk.current() {
        let new = pipeline::new_sides(compiled, question);
        output.result(&shown(question, new.as_ref(), places, left, output.has_colours()));
        match ask(answers, output)? {
            Answer::Yes => {
                pipeline::answer_yes(compiled, question)?;
                walk.answer(Stand::Kept);
            }
            Answer::No => walk.answer(Stand::Denied),
            Answer::Skip => walk.answer(Stand::Open),
            Answer::Back if walk.go_back() => {}
            Answer::Back => output.result("nothing to go back to: what was answered with yes is written\n"),
            Answer::Quit => break,
        }
    }
    let (kept, open) = walk.end();
    pipeline::leave_open(compiled, &open)?;
    let left = if open.is_empty() { String::new() } else { format!(", {} left", number(open.len(), "question")) };
    let import = if kept > 0 { "; build and import" } else { "" };
    output.result(&format!("{} kept{left}{import}\n", number(kept, "note")));
    Ok(Status::Success)
}

/// The questions, and how each stands.
struct Walk {
    questions: Vec<(OpenQuestion, Stand)>,
    at: usize,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Open,
    Denied,
    Kept,
    /// One of the two notes was found to be another.
    Void,
}

impl Walk {
    fn new(questions: Vec<OpenQuestion>) -> Self {
        Self { questions: questions.into_iter().map(|question| (question, Stand::Open)).collect(), at: 0 }
    }

    /// The question to ask, and how many are behind it.
    fn current(&mut self) -> Option<(&OpenQuestion, usize)> {
        let is_asked = |(_, stand): &(OpenQuestion, Stand)| matches!(stand, Stand::Open | Stand::Denied);
        self.at += self.questions.get(self.at..)?.iter().take_while(|question| !is_asked(question)).count();
        let left = self.questions.iter().skip(self.at + 1).filter(|question| is_asked(question)).count();
        self.questions.get(self.at).map(|(question, _)| (question, left))
    }

    fn answer(&mut self, stand: Stand) {
        if let Some((question, place)) = self.questions.get_mut(self.at) {
            *place = stand;
            let (new, old) = (question.new.clone(), question.old.clone());
            if stand == Stand::Kept {
                // Neither of the two can be anybody else.
                let is_void = |(other, stand): &&mut (OpenQuestion, Stand)| {
                    *stand != Stand::Kept && (other.new == new || other.old == old)
                };
                self.questions.iter_mut().filter(is_void).for_each(|(_, stand)| *stand = Stand::Void);
            }
        }
        self.at += 1;
    }

    /// To the last question before this one that was not answered with yes; whether there is one.
    fn go_back(&mut self) -> bool {
        let mut before = self.questions.iter().take(self.at);
        let last = before.rposition(|(_, stand)| matches!(stand, Stand::Open | Stand::Denied));
        self.at = last.unwrap_or(self.at);
        last.is_some()
    }

    /// How many notes were kept, and what is open still.
    fn end(self) -> (usize, Vec<OpenQuestion>) {
        let kept = self.questions.iter().filter(|(_, stand)| *stand == Stand::Kept).count();
        let open = self.questions.into_iter().filter(|(_, stand)| *stand == Stand::Open);
        (kept, open.map(|(question, _)| question).collect())
    }
}

enum Answer {
    Yes,
    No,
    Skip,
    Back,
    /// Also the end of the input.
    Quit,
}

fn ask(answers: &mut impl BufRead, output: &mut Output) -> Result<Answer, Failure> {
    loop {
        output.result("the same note? [y]es, [n]o, [s]kip, [b]ack, [q]uit: ");
        let mut line = String::new();
        let read = answers.read_line(&mut line).map_err(|cause| crate::Error::new("cannot read", "stdin", cause))?;
        match line.trim().to_ascii_lowercase().as_str() {
            _ if read == 0 => return Ok(Answer::Quit),
            "y" | "yes" => return Ok(Answer::Yes),
            "n" | "no" => return Ok(Answer::No),
            "s" | "skip" | "" => return Ok(Answer::Skip),
            "b" | "back" => return Ok(Answer::Back),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

/// So wide is a terminal that does not say how wide it is.
const WIDTH: usize = 80;

/// Old and new side by side, in full where a package had the old note's text, else as far as the lock knows it.
fn shown(
    question: &OpenQuestion,
    new: Option<&[String; 2]>,
    places: &Places<'_>,
    left: usize,
    has_colours: bool,
) -> String {
    let known = places.get(question.new.as_str()).copied();
    let place = known.and_then(super::list::place).unwrap_or_default();
    let old_place = question.old_path.as_deref().unwrap_or("gone before");
    let taken = if question.is_taken { ", which another note is now" } else { "" };
    let head = format!("{}{taken}; {} behind this one", likeness_shown(question.score), number(left, "question"));
    let width = files::terminal_width().unwrap_or(WIDTH);
    let [old_front, old_back] =
        question.sides.as_ref().map_or([&question.was, ""], |sides| sides.each_ref().map(String::as_str));
    let excerpt = known.map_or("", |known| known.excerpt.as_str());
    let [new_front, new_back] = new.map_or([excerpt, ""], |sides| sides.each_ref().map(String::as_str));
    let rows: &[[&str; 2]] = &[[old_front, new_front], [old_back, new_back]];
    let (old_title, new_title) = (format!("old: {old_place}"), format!("new: {place}"));
    let titles = columns::titles(&old_title, &new_title, width);
    let texts = columns::side_by_side(rows, width, has_colours);
    let cut = if question.sides.is_none() { "(of the old note, no package has more)\n" } else { "" };
    format!("{head}\n{titles}{texts}{cut}")
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
    /// The texts of both notes' sides, as far as they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    sides: Option<[String; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_sides: Option<&'a [String; 2]>,
    /// 0 to 1.
    score: f64,
    /// What answers yes.
    command: String,
}

impl<'a> Entry<'a> {
    fn new(question: &'a OpenQuestion, sides: Option<[String; 2]>, places: &Places<'a>, option: &str) -> Self {
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
            sides,
            old_sides: question.sides.as_ref(),
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

    fn question(new: char, old: char) -> OpenQuestion {
        OpenQuestion {
            new: new.to_string().repeat(13),
            old: old.to_string().repeat(13),
            was: "Ebb\nand \u{1b}[31mflow".into(),
            old_path: Some("sea.md".into()),
            score: 531,
            is_taken: false,
            sides: None,
            is_sought: false,
        }
    }

    #[test]
    fn old_and_new_stand_side_by_side_and_no_text_ends_its_line() {
        let mut question = question('b', 'a');
        let new = ["Ebb".to_owned(), "what goes".to_owned()];
        let text = shown(&question, Some(&new), &Places::new(), 2, false);
        assert!(text.starts_with("53 % like; 2 questions behind this one\nold: sea.md"), "{text}");
        assert!(text.ends_with("(of the old note, no package has more)\n") && !text.contains('\u{1b}'), "{text}");
        question.sides = Some(["Ebb".into(), "what comes".into()]);
        let text = shown(&question, Some(&new), &Places::new(), 2, false);
        assert!(text.lines().last().unwrap().starts_with("what [comes]"), "{text}");
    }

    #[test]
    fn back_leads_to_what_was_not_answered_with_yes() {
        let mut walk = Walk::new(vec![question('a', 'b'), question('c', 'd'), question('a', 'e'), question('f', 'g')]);
        let asked =
            |walk: &mut Walk| walk.current().map(|(question, left)| (question.old.chars().next().unwrap(), left));
        assert!(!walk.go_back());
        assert_eq!(asked(&mut walk), Some(('b', 3)));
        walk.answer(Stand::Denied);
        assert_eq!(asked(&mut walk), Some(('d', 2)));
        assert!(walk.go_back());
        assert_eq!(asked(&mut walk), Some(('b', 3)), "to answer it otherwise");
        walk.answer(Stand::Kept);
        assert_eq!(asked(&mut walk), Some(('d', 1)), "the third one is about the same note");
        assert!(!walk.go_back(), "what was answered with yes is written");
        walk.answer(Stand::Open);
        assert_eq!(asked(&mut walk), Some(('g', 0)));
        walk.answer(Stand::Denied);
        assert_eq!(asked(&mut walk), None);
        let (kept, open) = walk.end();
        assert_eq!((kept, open), (1, vec![question('c', 'd')]));
    }
}
