//! Puts the lines of a card together as a text of its own: without machinery, as far out as they stand, with signs in the place of
//! the marks of deletions.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::lines::{behind_marks, fence};
use super::cards::{Cards, Role, indent, marks_end, own_tags};
use super::deletions::{Deletion, Form, Patterns};
use super::literal::{is_definition, literal};
use super::{machinery, tags};
use crate::anki::limits::MAX_CLOZE_NUMBER;
use crate::config::syntax::ObsidianOptions;
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::markdown::cloze::{Marked, Signs};
use crate::source::{Excerpt, Source, SourceId, Span};

/// The lines of a card, or of a side of one.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    lines: Vec<PieceLine>,
    /// Whether nothing is left out between them.
    is_whole: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct PieceLine {
    /// The marks before what is left out: those of a list's element, say.
    marks: Option<Range<usize>>,
    range: Range<usize>,
    /// Whether it starts behind something that is left out.
    is_cut: bool,
    /// Whether deletions may be in it.
    is_text: bool,
    /// Whether all of it is its author's.
    is_code: bool,
}

impl PieceLine {
    /// Puts the line at the end of an excerpt.
    fn push_to(&self, excerpt: &mut Excerpt, source: &Source) {
        if self.is_code {
            excerpt.push(source, self.range.clone());
        } else {
            machinery::push_written(excerpt, source, self.range.clone());
        }
    }
}

/// Where the first line of a text starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Start {
    /// Its marks, if what stands behind them is left out.
    pub(super) marks: Option<Range<usize>>,
    pub(super) at: usize,
}

/// Which tags are none of a text's.
pub(super) struct Switches<'o> {
    pub(super) options: &'o ObsidianOptions,
    pub(super) math: bool,
}

impl Switches<'_> {
    /// Whether a line is tags alone, and one of them puts a deck into effect.
    fn are_all(&self, line: &str) -> bool {
        let found = tags::in_line(line, 0, self.math);
        let is_switch = |found: &tags::Found<'_>| tags::is_among(found.tag, &self.options.tags);
        !self.options.folders_as_decks && tags::are_all(line, &found) && found.iter().any(is_switch)
    }

    /// Where a line starts that has tags which put a deck into effect before its text.
    fn start_of(&self, line: &str, at: usize) -> Option<Start> {
        if !line.contains('#') || self.options.folders_as_decks {
            return None;
        }
        let marks = marks_end(line);
        let own = own_tags(line, marks, self.options, self.math);
        let last = own.iter().take_while(|found| tags::is_among(found.tag, &self.options.tags)).last()?;
        let text = line.get(last.range.end..).unwrap_or_default();
        let marks = (marks > indent(line)).then_some(at..at + marks);
        Some(Start { marks, at: at + line.len() - text.trim_start().len() })
    }

    /// Where a line ends that its author wrote.
    fn end_of(&self, line: &str) -> usize {
        tags::before_switches(line, machinery::written(line).end, self.options, self.math)
    }
}

/// A text whose deletions signs stand for.
pub(super) struct Hidden {
    pub(super) excerpt: Excerpt,
    pub(super) deletions: Vec<Marked>,
    /// What is wrong with deletions, and costs the note.
    pub(super) mistakes: Vec<Diagnostic>,
}

impl Pieces {
    /// Those of some lines.
    pub(super) fn of(text: &str, cards: &Cards, lines: Range<usize>, start: &Start, tags: &Switches<'_>) -> Self {
        let mut pieces = Self { lines: Vec::new(), is_whole: true };
        let (first, mut in_callout) = (lines.start, false);
        for index in lines {
            let Some(line) = cards.lines.get(index).map(|line| line.range.clone()) else { break };
            let written = text.get(line.clone()).unwrap_or_default();
            in_callout = machinery::starts_callout(written) || in_callout && machinery::is_quoted(written);
            let (length, is_text) = match cards.role(index) {
                Role::Text if tags.are_all(written) => continue,
                Role::Text | Role::Row => (tags.end_of(written), true),
                Role::Opaque if cards.is_code(index) => (written.len(), false),
                Role::Opaque if in_callout => continue,
                Role::Opaque => (machinery::without_dates(written).len(), false),
                Role::Blank => (0, false),
                Role::Nothing | Role::Machinery => continue,
            };
            let may_start = is_text && (index > first || start.at <= line.start);
            let own = if may_start { tags.start_of(written, line.start) } else { None };
            let Start { marks, at } = match own {
                Some(own) => own,
                None if index == first => start.clone(),
                None => Start { marks: None, at: line.start },
            };
            let at = at.clamp(line.start, line.start + length);
            let is_cut = at > line.start;
            let (range, is_code) = (at..line.start + length, cards.is_code(index));
            pieces.lines.push(PieceLine { marks, range, is_cut, is_text, is_code });
        }
        while pieces.lines.pop_if(|line| line.range.is_empty()).is_some() {}
        let blank = pieces.lines.iter().take_while(|line| line.range.is_empty()).count();
        pieces.lines.drain(..blank);
        pieces.dedent(text);
        let are_next = |pair: &[PieceLine]| {
            let [line, next] = pair else { return true };
            text.get(line.range.end..next.range.start).is_some_and(|between| matches!(between, "\n" | "\r\n"))
        };
        let has_dates = |line: &PieceLine| {
            text.get(line.range.clone()).is_some_and(|line| machinery::first_schedule(line).is_some())
        };
        let is_kept = |line: &PieceLine| line.marks.is_none() && !has_dates(line);
        pieces.is_whole = pieces.lines.windows(2).all(are_next) && pieces.lines.iter().all(is_kept);
        pieces
    }

    /// Takes the white space off that all lines start with. One that starts behind what is left out has none.
    fn dedent(&mut self, text: &str) {
        // Further out it would be no code.
        let is_code = |line: &PieceLine| {
            let line = behind_marks(text.get(line.range.clone()).unwrap_or_default());
            fence(line).is_none() && !line.starts_with("$$")
        };
        if self.lines.first().is_some_and(|line| !line.is_text && is_code(line)) {
            return;
        }
        let is_full = |line: &PieceLine| !line.range.is_empty() && (!line.is_cut || line.marks.is_some());
        let blanks = |line: &PieceLine| {
            let line = text.get(line.marks.as_ref().unwrap_or(&line.range).clone()).unwrap_or_default();
            line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default()
        };
        let common = |a, b| {
            let same = std::iter::zip(str::bytes(a), str::bytes(b)).take_while(|(a, b)| a == b).count();
            a.get(..same).unwrap_or_default()
        };
        let full = self.lines.iter().filter(|line| is_full(line));
        let Some(length) = full.map(blanks).reduce(common).map(str::len).filter(|length| *length > 0) else { return };
        for line in self.lines.iter_mut().filter(|line| is_full(line)) {
            line.marks.as_mut().unwrap_or(&mut line.range).start += length;
        }
    }

    /// The first line that says something.
    pub(super) fn first_line(&self) -> Option<Range<usize>> {
        self.lines.first().map(|line| line.range.clone())
    }

    /// Where all of it stands, if nothing is left out.
    pub(super) fn whole(&self) -> Option<Range<usize>> {
        let (first, last) = self.lines.first().zip(self.lines.last()).filter(|_| self.is_whole)?;
        Some(first.range.start..last.range.end)
    }

    /// It as a text of its own.
    pub(super) fn excerpt(&self, source: &Source) -> Excerpt {
        let mut excerpt = Excerpt::default();
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                excerpt.put("\n");
            }
            if let Some(marks) = &line.marks {
                excerpt.push(source, marks.clone());
            }
            line.push_to(&mut excerpt, source);
        }
        excerpt
    }

    /// It with signs in the place of the marks of deletions.
    pub(super) fn hide(&self, source: &Source, patterns: &Patterns, math: bool, id: SourceId, signs: Signs) -> Hidden {
        let found = self.deletions(&source.text, patterns, math);
        let mut hider = Hider {
            source,
            id,
            signs,
            asked: found.asked(&source.text),
            form: found.form,
            hidden: Hidden { excerpt: Excerpt::default(), deletions: Vec::new(), mistakes: Vec::new() },
        };
        for (index, (line, deletions)) in self.lines.iter().zip(&found.lines).enumerate() {
            if index > 0 {
                hider.hidden.excerpt.put("\n");
            }
            if let Some(marks) = &line.marks {
                hider.hidden.excerpt.push(source, marks.clone());
            }
            if line.is_text {
                hider.line(line.range.clone(), deletions);
            } else {
                line.push_to(&mut hider.hidden.excerpt, source);
            }
        }
        hider.hidden
    }

    /// The deletions of each line, with their places in the text.
    fn deletions(&self, text: &str, patterns: &Patterns, math: bool) -> Found {
        // Behind the start of a footnote all is the footnote's, and of an address nothing is read.
        let is_footnote = |line: &PieceLine| {
            text.get(line.range.clone()).is_some_and(|line| line.trim_start().starts_with("[^") && is_definition(line))
        };
        let footnote = self.lines.iter().position(is_footnote).unwrap_or(self.lines.len());
        let may_delete = |(index, line): &(usize, &PieceLine)| {
            line.is_text && *index < footnote && !text.get(line.range.clone()).is_some_and(is_definition)
        };
        let lines: Vec<(usize, &str, Vec<Range<usize>>)> = self
            .lines
            .iter()
            .enumerate()
            .filter(may_delete)
            .filter_map(|(index, line)| Some((index, text.get(line.range.clone())?)))
            .map(|(index, line)| (index, line, literal(line, math)))
            .collect();
        let all: Vec<_> = lines.iter().map(|(_, line, literal)| (*line, literal.as_slice())).collect();
        let form = patterns.form(&all);
        let mut found = Found { form: form.unwrap_or(Form::Plain), lines: vec![Vec::new(); self.lines.len()] };
        for (index, line, literal) in &lines {
            let start = self.lines.get(*index).map_or(0, |line| line.range.start);
            if let Some(deletions) = found.lines.get_mut(*index) {
                *deletions =
                    patterns.find(found.form, line, literal).into_iter().map(|found| found.moved(start)).collect();
            }
        }
        found
    }
}

/// The deletions of a note.
struct Found {
    form: Form,
    /// Those of each line.
    lines: Vec<Vec<Deletion>>,
}

impl Found {
    /// The cards that ask for something, where deletions say what each card does.
    fn asked(&self, text: &str) -> BTreeSet<u16> {
        let actions = self.lines.iter().flatten().filter_map(|deletion| text.get(deletion.number.clone()?));
        let actions = actions.filter(|_| self.form == Form::Actions);
        actions.flat_map(|actions| cards(actions, 'a')).collect()
    }
}

/// The cards that do something with a deletion.
fn cards(actions: &str, action: char) -> impl Iterator<Item = u16> + '_ {
    let cards = actions.chars().zip(1..=MAX_CLOZE_NUMBER);
    cards.filter(move |(found, _)| *found == action).map(|(_, card)| card)
}

struct Hider<'h> {
    source: &'h Source,
    id: SourceId,
    signs: Signs,
    asked: BTreeSet<u16>,
    form: Form,
    hidden: Hidden,
}

impl Hider<'_> {
    fn line(&mut self, line: Range<usize>, deletions: &[Deletion]) {
        let mut at = line.start;
        for deletion in deletions {
            machinery::push_written(&mut self.hidden.excerpt, self.source, at..deletion.range.start);
            let marked = self.marked(deletion);
            let [open, close] = match &marked {
                Some(_) => self.signs.marks(self.hidden.deletions.len()),
                None => [String::new(), String::new()],
            };
            self.hidden.excerpt.put(&open);
            machinery::push_written(&mut self.hidden.excerpt, self.source, deletion.answer.clone());
            self.hidden.excerpt.put(&close);
            self.hidden.deletions.extend(marked);
            at = deletion.range.end;
        }
        machinery::push_written(&mut self.hidden.excerpt, self.source, at..line.end);
    }

    /// What a deletion hides on which cards; `None` where it hides nothing on any.
    fn marked(&mut self, deletion: &Deletion) -> Option<Marked> {
        let get = |range: Range<usize>| self.source.text.get(range).unwrap_or_default();
        let number = deletion.number.clone().map(get).unwrap_or_default();
        let (mut asked, mut hidden) = (Vec::new(), Vec::new());
        match self.form {
            Form::Plain => {}
            Form::Numbered => {
                let card = number.trim_start_matches('0');
                if card.is_empty() {
                    return None;
                }
                let Some(card) = card.parse().ok().filter(|card| *card <= MAX_CLOZE_NUMBER) else {
                    let place = deletion.number.clone().unwrap_or_default();
                    self.hidden.mistakes.push(out_of_range(Span::new(self.id, place)));
                    return None;
                };
                asked.push(card);
            }
            Form::Actions => {
                asked.extend(cards(number, 'a'));
                hidden.extend(cards(number, 'h').filter(|card| self.asked.contains(card)));
                if asked.is_empty() && hidden.is_empty() {
                    return None;
                }
            }
        }
        let hint = deletion.hint.clone().map(|hint| get(hint).trim().to_owned()).filter(|hint| !hint.is_empty());
        let Deletion { range, answer, .. } = deletion;
        let marks = [get(range.start..answer.start).to_owned(), get(answer.end..range.end).to_owned()];
        let span = |range: &Range<usize>| Span::new(self.id, range.clone());
        Some(Marked { range: span(range), answer: span(answer), asked, hidden, hint, marks })
    }
}

fn out_of_range(place: Span) -> Diagnostic {
    Diagnostic::new(Code::ClozeNumber, place, "the deletion's number is out of range")
        .costing(Cost::Note)
        .help(format!("Anki takes 1 to {MAX_CLOZE_NUMBER}"))
}
