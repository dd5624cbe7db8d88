//! Puts deletions in the place of signs that stand for their bounds in a content tree: an opening one with the deletion's index
//! behind it, and a closing one.
//!
//! The signs are characters that the source does not have, so that whatever Markdown is between them stays what it is.

use crate::ir::{Block, ChildMut, Cloze, Hidden, Inline, InlineKind};
use crate::source::{SourceId, Span};

use super::marks::{Mark, MarkKind};

/// The signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs {
    open: char,
    /// Behind the index.
    middle: char,
    close: char,
}

/// Brackets that hardly any text has. Markdown takes them for punctuation, as it does the braces that they stand for.
const BRACKETS: [char; 16] = ['⦃', '⦄', '⦅', '⦆', '⦇', '⦈', '⦉', '⦊', '⦋', '⦌', '⦍', '⦎', '⦏', '⦐', '⸢', '⸣'];

impl Signs {
    /// Signs that a text does not have; `None` where it has nearly all.
    pub(super) fn unused_in(text: &str) -> Option<Self> {
        let mut unused = BRACKETS.into_iter().filter(|bracket| !text.contains(*bracket));
        Some(Self { open: unused.next()?, middle: unused.next()?, close: unused.next()? })
    }

    /// What opens a deletion.
    pub(super) fn opening(self, index: usize) -> String {
        format!("{}{index}{}", self.open, self.middle)
    }

    /// What closes one.
    pub(super) fn closing(self) -> String {
        self.close.to_string()
    }
}

/// Puts the deletions of `marks` into blocks; whether each of them opens and closes in one parent.
pub(super) fn resolve(blocks: &mut [Block], signs: Signs, marks: &[Mark], source: &str, id: SourceId) -> bool {
    let mut resolver = Resolver { signs, marks, source, id, found: 0, is_torn: false };
    resolver.blocks(blocks);
    let wanted = marks.iter().filter(|mark| matches!(mark.kind, MarkKind::Cloze { .. })).count();
    !resolver.is_torn && resolver.found == wanted
}

struct Resolver<'a> {
    signs: Signs,
    marks: &'a [Mark],
    source: &'a str,
    id: SourceId,
    found: usize,
    is_torn: bool,
}

/// A deletion that is open.
struct Open {
    index: usize,
    content: Vec<Inline>,
}

impl Resolver<'_> {
    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            block.for_each_child_mut(&mut |child| self.child(child));
        }
    }

    fn child(&mut self, child: ChildMut<'_>) {
        match child {
            ChildMut::Blocks(blocks) => self.blocks(blocks),
            ChildMut::Inlines(content) => self.inlines(content),
            ChildMut::Runs(_) => {}
        }
    }

    fn inlines(&mut self, content: &mut Vec<Inline>) {
        let Signs { open, close, .. } = self.signs;
        let mut stack: Vec<Open> = Vec::new();
        let mut done: Vec<Inline> = Vec::with_capacity(content.len());
        for mut inline in content.drain(..) {
            let InlineKind::Text { text } = &mut inline.kind else {
                if let Some(child) = inline.child_mut() {
                    self.child(child);
                }
                stack.last_mut().map_or(&mut done, |open| &mut open.content).push(inline);
                continue;
            };
            if !text.contains([open, close]) {
                stack.last_mut().map_or(&mut done, |open| &mut open.content).push(inline);
                continue;
            }
            let text = std::mem::take(text);
            self.text(&text, inline.span, &mut stack, &mut done);
        }
        for open in stack {
            self.is_torn = true;
            done.extend(open.content);
        }
        *content = done;
    }

    /// A text with signs in it.
    fn text(&mut self, text: &str, span: Span, stack: &mut Vec<Open>, done: &mut Vec<Inline>) {
        let Signs { open, middle, close } = self.signs;
        let (mut rest, mut at) = (text, span.range().start);
        while let Some(next) = rest.find([open, close]) {
            let (before, sign) = rest.split_at(next);
            let opens = sign.strip_prefix(open).and_then(|inner| {
                let (index, behind) = inner.split_once(middle)?;
                Some((index.parse::<usize>().ok()?, behind))
            });
            let index = opens.map(|(index, _)| index).or_else(|| stack.last().map(|open| open.index));
            let Some((range, inner)) = index.and_then(|index| self.places(index)) else {
                self.is_torn = true;
                rest = sign.get(sign.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
                continue;
            };
            let (end, behind) = if opens.is_some() { (range.start, inner.start) } else { (inner.end, range.end) };
            push(stack, done, before, span.with(at.min(end)..end));
            at = behind;
            if let Some((index, behind)) = opens {
                stack.push(Open { index, content: Vec::new() });
                rest = behind;
            } else {
                self.close(stack, done);
                rest = sign.strip_prefix(close).unwrap_or_default();
            }
        }
        let end = span.range().end;
        push(stack, done, rest, span.with(at.min(end)..end));
    }

    /// Closes the innermost deletion.
    fn close(&mut self, stack: &mut Vec<Open>, done: &mut Vec<Inline>) {
        let Some(Open { index, content }) = stack.pop() else { return };
        let Some(Mark { range, kind: MarkKind::Cloze { number, cue, .. } }) = self.marks.get(index) else { return };
        let span = Span::new(self.id, range.clone());
        let hint =
            cue.clone().and_then(|cue| self.source.get(cue)).map(|cue| cue.split_whitespace().collect::<Vec<_>>());
        let hint = hint.map(|words| words.join(" "));
        let cloze = Cloze { span, numbers: vec![*number], hint, assigned: false };
        let cloze = Inline { span, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) };
        stack.last_mut().map_or(done, |open| &mut open.content).push(cloze);
        self.found += 1;
    }

    /// Where a deletion stands, and its text.
    fn places(&self, index: usize) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        let Mark { range, kind: MarkKind::Cloze { text, .. } } = self.marks.get(index)? else { return None };
        Some((range.clone(), text.clone()))
    }
}

fn push(stack: &mut [Open], done: &mut Vec<Inline>, text: &str, span: Span) {
    if !text.is_empty() {
        let inline = Inline { span, kind: InlineKind::Text { text: text.to_owned() } };
        stack.last_mut().map_or(done, |open| &mut open.content).push(inline);
    }
}
