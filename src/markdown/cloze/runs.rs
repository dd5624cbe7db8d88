//! Deletions in literal text: code and math, where `::` is content.

use super::{Opener, Resolver, opener};
use crate::anki::cloze::{END, may_start};
use crate::ir::Run;
use crate::source::Span;
use crate::text::hidden;

/// Splits the text of code or math that lies somewhere in `span` at its deletions.
pub(super) fn resolve(resolver: &mut Resolver<'_, '_>, content: &mut Vec<Run>, span: Span) {
    let [Run::Text { text }] = content.as_slice() else { return };
    if !may_start(text) && !text.contains(END) {
        return;
    }
    let places = Places::new(resolver.source, text, span);
    let runs = split(resolver, text, &places);
    *content = runs;
}

/// Parts commands of TeX from letters on the other side of a deletion's bound (`\mathrm{{c1::x}}`, `{{c1::\alpha}}x`): Anki takes
/// the marks of deletions out of formulas, and would join both to one word that is no command.
pub(super) fn part_commands(runs: &mut Vec<Run>) {
    let mut at = 0;
    while let [first, second, ..] = runs.get_mut(at..).unwrap_or_default() {
        let is_joined = last_text(first).is_some_and(|text| ends_in_command(text)) && starts_with_letter(second);
        match first {
            // What is deleted is what the command is given, if it takes something.
            Run::Text { text } if is_joined => {
                text.push('{');
                runs.insert(at + 2, Run::Text { text: "}".to_owned() });
            }
            Run::Cloze { .. } if is_joined => last_text(first).into_iter().for_each(|text| text.push(' ')),
            Run::Text { .. } | Run::Cloze { .. } => {}
        }
        at += 1;
    }
    for run in runs {
        if let Run::Cloze { content, .. } = run {
            part_commands(content);
        }
    }
}

/// The text that a run ends in.
fn last_text(run: &mut Run) -> Option<&mut String> {
    match run {
        Run::Text { text } => Some(text),
        Run::Cloze { content, .. } => last_text(content.last_mut()?),
    }
}

fn ends_in_command(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let escapes = before.len() - before.trim_end_matches('\\').len();
    before.len() < text.len() && escapes % 2 == 1
}

fn starts_with_letter(run: &Run) -> bool {
    match run {
        Run::Text { text } => text.starts_with(|c: char| c.is_ascii_alphabetic()),
        Run::Cloze { content, .. } => content.first().is_some_and(starts_with_letter),
    }
}

struct Frame {
    /// `None` at the bottom.
    opener: Option<Opener>,
    /// Braces that opened inside it.
    depth: usize,
    runs: Vec<Run>,
}

impl Frame {
    fn new(opener: Option<Opener>) -> Self {
        Self { opener, depth: 0, runs: Vec::new() }
    }

    fn push_text(&mut self, piece: &str) {
        match self.runs.last_mut() {
            Some(Run::Text { text }) => text.push_str(piece),
            Some(Run::Cloze { .. }) | None => self.runs.push(Run::Text { text: piece.to_owned() }),
        }
    }
}

fn split(resolver: &mut Resolver<'_, '_>, text: &str, places: &Places) -> Vec<Run> {
    let mut bottom = Frame::new(None);
    let mut stack: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let opener = opener(rest, |length| places.span(resolver.source, at, at + length));
        if let Some(opener) = opener.filter(|opener| resolver.may_nest(stack.len(), opener)) {
            at += opener.length;
            stack.push(Frame::new(Some(opener)));
            continue;
        }
        let closes = rest.starts_with(END);
        match stack.last_mut() {
            Some(top) if closes && top.depth == 0 => {
                close(resolver, &mut stack, &mut bottom, places.span(resolver.source, at, at + END.len()));
                at += END.len();
                continue;
            }
            Some(top) if rest.starts_with('{') => top.depth += 1,
            Some(top) if rest.starts_with('}') => top.depth = top.depth.saturating_sub(1),
            None if closes => resolver.closers.push(places.span(resolver.source, at, at + END.len())),
            Some(_) | None => {}
        }
        let length = plain_length(rest);
        stack.last_mut().unwrap_or(&mut bottom).push_text(&rest[..length]);
        at += length;
    }
    unwind(resolver, stack, bottom)
}

/// Bytes up to the next brace, at least one character.
fn plain_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    rest[first..].find(['{', '}']).map_or(rest.len(), |next| first + next)
}

fn close(resolver: &mut Resolver<'_, '_>, stack: &mut Vec<Frame>, bottom: &mut Frame, end: Span) {
    let Some(Frame { opener: Some(opener), runs, .. }) = stack.pop() else { return };
    let empty = runs.iter().all(is_blank);
    let cloze = resolver.cloze(&opener, opener.span.to(end), empty).into();
    stack.last_mut().unwrap_or(bottom).runs.push(Run::Cloze { cloze, content: runs });
}

fn is_blank(run: &Run) -> bool {
    matches!(run, Run::Text { text } if text.trim().is_empty())
}

/// Turns what was never closed back into text.
fn unwind(resolver: &mut Resolver<'_, '_>, stack: Vec<Frame>, mut bottom: Frame) -> Vec<Run> {
    for frame in stack {
        if let Some(opener) = frame.opener {
            // Nothing behind it: somebody writes of deletions, and does not make one.
            if !frame.runs.iter().all(is_blank) {
                resolver.openers.push(opener.span);
            }
            bottom.push_text(resolver.source.get(opener.span.range()).unwrap_or_default());
        }
        bottom.runs.extend(frame.runs);
    }
    bottom.runs
}

/// Where each word of a literal text stands in the source: the parser strips indentation and quote marks, turns line ends in
/// inline code into spaces, and hidden characters are left out.
struct Places {
    /// Offset in the text, offset in the source; both rise.
    pieces: Vec<(usize, usize)>,
    span: Span,
}

/// Bytes between two words in the source, besides white space: the quote marks before a line.
const MAX_BETWEEN_WORDS: usize = 1024;

impl Places {
    fn new(source: &str, text: &str, span: Span) -> Self {
        let code = source.get(span.range()).unwrap_or_default();
        let mut rest = code.get(fence_length(code, text)..).unwrap_or_default();
        let mut pieces = Vec::new();
        let mut at = 0;
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                rest = rest.trim_start();
                let place = span.start as usize + code.len() - rest.len();
                let length = find_word(rest, word, |in_word, in_rest| pieces.push((at + in_word, place + in_rest)));
                rest = rest.get(length..).unwrap_or_default();
            }
            at += piece.len();
        }
        Self { pieces, span }
    }

    fn span(&self, source: &str, start: usize, end: usize) -> Span {
        let place = |at| source.floor_char_boundary(self.place(at));
        self.span.with(place(start)..place(end))
    }

    /// The place of an offset in the text. It rises with the offset.
    fn place(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        let end = self.pieces.get(next).map_or(self.span.end as usize, |(_, place)| *place);
        let piece = next.checked_sub(1).and_then(|piece| self.pieces.get(piece));
        piece.map_or(self.span.start as usize, |(start, place)| (place + at - start).min(end))
    }
}

/// Finds a word in the source near its start; `place` gets each offset in the word behind which it goes on elsewhere, and
/// where. Says how many bytes of the source end with it.
///
/// A word that is not found is taken to stand at the start, parted by hidden characters: the source is not searched to its end
/// for each.
fn find_word(source: &str, word: &str, mut place: impl FnMut(usize, usize)) -> usize {
    let near = source.floor_char_boundary(word.len() + MAX_BETWEEN_WORDS);
    if let Some(found) = source[..near].find(word) {
        place(0, found);
        return found + word.len();
    }
    let mut shown = source.char_indices().filter(|(_, character)| !hidden::is_hidden(*character));
    let mut end = 0;
    for (at, _) in word.char_indices() {
        let Some((found, other)) = shown.next() else { return source.len() };
        if at == 0 || found != end {
            place(at, found);
        }
        end = found + other.len_utf8();
    }
    end
}

/// Bytes of what opens the code or math: a fence with its info string, backticks or dollars.
fn fence_length(source: &str, text: &str) -> usize {
    let marks = source.len() - source.trim_start_matches(['`', '~', '$']).len();
    if marks > 0 && text.ends_with('\n') { source.find('\n').unwrap_or(marks) } else { marks }
}
