//! Deletions in literal text: code and math, where `::` is content.

use super::{Opener, Resolver, opener};
use crate::anki::cloze::{END, may_start};
use crate::ir::Run;
use crate::source::Span;

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
    let empty = runs.iter().all(|run| matches!(run, Run::Text { text } if text.trim().is_empty()));
    let cloze = resolver.cloze(&opener, opener.span.to(end), empty);
    stack.last_mut().unwrap_or(bottom).runs.push(Run::Cloze { cloze, content: runs });
}

/// Turns what was never closed back into text.
fn unwind(resolver: &mut Resolver<'_, '_>, stack: Vec<Frame>, mut bottom: Frame) -> Vec<Run> {
    for frame in stack {
        if let Some(opener) = frame.opener {
            resolver.openers.push(opener.span);
            bottom.push_text(resolver.source.get(opener.span.range()).unwrap_or_default());
        }
        bottom.runs.extend(frame.runs);
    }
    bottom.runs
}

/// Where each word of a literal text stands in the source: the parser strips indentation and quote marks, and turns line
/// ends in inline code into spaces.
struct Places {
    /// Offset in the text, offset in the source.
    pieces: Vec<(usize, usize)>,
    span: Span,
}

impl Places {
    fn new(source: &str, text: &str, span: Span) -> Self {
        let mut from = span.start as usize + fence_length(source.get(span.range()).unwrap_or_default(), text);
        let mut pieces = Vec::new();
        let mut at = 0;
        for piece in text.split_inclusive(char::is_whitespace) {
            let content = piece.trim_end();
            let rest = source.get(from..span.end as usize).filter(|_| !content.is_empty());
            if let Some(found) = rest.and_then(|rest| rest.find(content)) {
                pieces.push((at, from + found));
                from += found + content.len();
            }
            at += piece.len();
        }
        Self { pieces, span }
    }

    fn span(&self, source: &str, start: usize, end: usize) -> Span {
        let place = |at| source.floor_char_boundary(self.place(at));
        self.span.with(place(start)..place(end))
    }

    fn place(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let piece = piece.and_then(|piece| self.pieces.get(piece));
        piece.map_or(self.span.start as usize, |(start, place)| (place + at - start).min(self.span.end as usize))
    }
}

/// Bytes of what opens the code or math: a fence with its info string, backticks or dollars.
fn fence_length(source: &str, text: &str) -> usize {
    let marks = source.len() - source.trim_start_matches(['`', '~', '$']).len();
    if marks > 0 && text.ends_with('\n') { source.find('\n').unwrap_or(marks) } else { marks }
}
