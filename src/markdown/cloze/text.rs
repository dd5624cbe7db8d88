//! Deletions and marks among the inlines of one parent.

use super::marks::{Left, Side};
use super::{Deletions, Opener, Resolver, Wanted, marks, opener};
use crate::anki::cloze::{END, SEPARATOR, may_start};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cloze, Hidden, Inline, InlineKind, plain_text};
use crate::source::Span;

/// Puts nodes in the place of deletions and marks, and joins neighbouring pieces of text.
pub(super) fn resolve(resolver: &mut Resolver<'_, '_>, content: &mut Vec<Inline>) {
    if !needs_work(resolver, content) {
        return;
    }
    resolver.texts += 1;
    let mut scan = Scan { resolver, bottom: Vec::new(), stack: Vec::new(), clozes: Vec::new(), before: None };
    let mut pieces = Pieces::default();
    let mut rest = std::mem::take(content).into_iter().peekable();
    while let Some(inline) = rest.next() {
        let Some(text) = inline.kind.as_text() else {
            scan.before = Some(edge(&inline));
            scan.push(inline);
            continue;
        };
        pieces.push(scan.resolver.source, text, inline.span);
        let next = rest.peek();
        if next.is_none_or(|next| next.kind.as_text().is_none()) {
            scan.text(&pieces, next.map(edge));
            pieces.clear();
        }
    }
    *content = scan.finish();
}

/// Most text holds neither braces nor marks and came in one piece.
fn needs_work(resolver: &Resolver<'_, '_>, content: &[Inline]) -> bool {
    let mut last_was_text = false;
    content.iter().any(|inline| {
        let text = inline.kind.as_text();
        let neighbours = last_was_text && text.is_some();
        last_was_text = text.is_some();
        neighbours
            || text.is_some_and(|text| {
                let Wanted { deletions, strays, .. } = resolver.wanted;
                let deletions = deletions != Deletions::Nowhere;
                text.contains("==") || ((deletions || strays) && may_start(text)) || (deletions && text.contains(END))
            })
    })
}

/// The character that a `==` beside an element meets.
fn edge(inline: &Inline) -> char {
    if inline.kind.is_break() { ' ' } else { '*' }
}

/// Neighbouring pieces of text as one string, each with its place in the source.
#[derive(Default)]
struct Pieces {
    text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    at: usize,
    span: Span,
    /// Its first character stands behind a backslash.
    escaped: bool,
    /// It is not what the source says: an entity.
    replaced: bool,
}

impl Pieces {
    fn push(&mut self, source: &str, text: &str, span: Span) {
        let start = span.start as usize;
        let last = self.pieces.last().map_or((0, false), |last| (last.span.start as usize, last.escaped));
        self.pieces.push(Piece {
            at: self.text.len(),
            span,
            escaped: is_escaped_since(source.as_bytes(), start, last),
            replaced: text.len() != span.range().len(),
        });
        self.text.push_str(text);
    }

    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.at <= at).checked_sub(1)?;
        self.pieces.get(index)
    }

    fn is_literal(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|piece| piece.replaced || (piece.escaped && piece.at == at))
    }

    fn place(&self, at: usize) -> usize {
        self.piece(at).map_or(0, |piece| {
            if piece.replaced { piece.span.start as usize } else { piece.span.start as usize + at - piece.at }
        })
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let first = self.piece(start).map_or(Span::new(crate::source::SourceId(0), 0..0), |piece| piece.span);
        let last = self.piece(end.saturating_sub(1).max(start));
        let last_end = last.map_or(first.end as usize, |piece| {
            if piece.replaced { piece.span.end as usize } else { piece.span.start as usize + end - piece.at }
        });
        first.with(self.place(start)..last_end)
    }
}

/// Whether an odd number of backslashes stands before `at`.
pub(in crate::markdown) fn is_escaped(source: &[u8], at: usize) -> bool {
    let before = source.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// The same where it is known of a place before, so that the backslashes before that are not counted again.
fn is_escaped_since(source: &[u8], at: usize, (known, is_known_escaped): (usize, bool)) -> bool {
    let Some(between) = source.get(known..at) else { return is_escaped(source, at) };
    let count = between.iter().rev().take_while(|&&byte| byte == b'\\').count();
    (count % 2 == 1) != (count == between.len() && is_known_escaped)
}

/// How many deletions and marks may be open within each other; more marks are text.
const MAX_OPEN: usize = 16;

enum Open {
    Cloze(Opener),
    /// Which side of a mark it is if nothing closes it.
    Mark(Span, Side),
}

struct Frame {
    open: Open,
    /// Braces that opened inside it.
    depth: usize,
    content: Vec<Inline>,
    /// What stands behind the `::` that starts the hint, with the place of that `::`.
    hint: Option<(Span, Vec<Inline>)>,
}

struct Scan<'r, 'a, 'd> {
    resolver: &'r mut Resolver<'a, 'd>,
    bottom: Vec<Inline>,
    stack: Vec<Frame>,
    /// Where in the stack the deletions are; the rest are marks.
    clozes: Vec<usize>,
    /// The last character before the text at hand.
    before: Option<char>,
}

impl Scan<'_, '_, '_> {
    fn target(&mut self) -> &mut Vec<Inline> {
        match self.stack.last_mut() {
            Some(Frame { hint: Some((_, hint)), .. }) => hint,
            Some(Frame { content, .. }) => content,
            None => &mut self.bottom,
        }
    }

    fn push(&mut self, inline: Inline) {
        self.target().push(inline);
    }

    fn push_text(&mut self, piece: &str, span: Span) {
        let target = self.target();
        if let Some(Inline { span: last, kind: InlineKind::Text { text } }) = target.last_mut() {
            text.push_str(piece);
            *last = last.to(span);
        } else {
            target.push(Inline { span, kind: InlineKind::Text { text: piece.to_owned() } });
        }
    }

    fn text(&mut self, pieces: &Pieces, next: Option<char>) {
        let text = pieces.text.as_str();
        let mut at = 0;
        while at < text.len() {
            let taken = if pieces.is_literal(at) { 0 } else { self.syntax(pieces, at, next) };
            if taken > 0 {
                at += taken;
            } else {
                let end = at + plain_length(&text[at..]);
                self.push_text(&text[at..end], pieces.span(at, end));
                at = end;
            }
            self.before = text[..at].chars().next_back();
        }
    }

    /// Takes the syntax at `at`: how many bytes of it, 0 where it is plain text.
    fn syntax(&mut self, pieces: &Pieces, at: usize, next: Option<char>) -> usize {
        let rest = &pieces.text[at..];
        if rest.starts_with("==") && !pieces.is_literal(at + 1) {
            return self.mark(pieces, at, next);
        }
        if self.resolver.wanted.deletions == Deletions::Nowhere {
            self.report_stray(pieces, at);
            return 0;
        }
        if let Some(opener) = opener(rest, |length| pieces.span(at, at + length)).filter(|_| !pieces.is_literal(at + 1))
        {
            if !self.resolver.may_nest(self.clozes.len(), &opener) {
                return 0;
            }
            let length = opener.length;
            self.clozes.push(self.stack.len());
            self.stack.push(Frame { open: Open::Cloze(opener), depth: 0, content: Vec::new(), hint: None });
            return length;
        }
        self.inside(pieces, at)
    }

    fn report_stray(&mut self, pieces: &Pieces, at: usize) {
        let rest = &pieces.text[at..];
        let found = opener(rest, |length| pieces.span(at, at + length)).filter(|_| !pieces.is_literal(at + 1));
        if let Some(opener) = found.filter(|_| self.resolver.wanted.strays) {
            self.resolver.diagnostics.push(
                Diagnostic::new(Code::StrayDeletion, opener.span, "this deletion makes no card")
                    .help("move it into the text of a note, or write it as code if its braces are to be seen"),
            );
        }
    }

    /// Braces and the hint's `::`, which mean something inside a deletion only.
    fn inside(&mut self, pieces: &Pieces, at: usize) -> usize {
        let rest = &pieces.text[at..];
        let closes = rest.starts_with(END) && !pieces.is_literal(at + 1);
        let Some(&index) = self.clozes.last() else {
            if closes {
                self.resolver.closers.push(pieces.span(at, at + END.len()));
            }
            return 0;
        };
        let on_top = index + 1 == self.stack.len();
        let Some(frame) = self.stack.get_mut(index) else { return 0 };
        let has_hint = frame.hint.is_some() || matches!(&frame.open, Open::Cloze(opener) if opener.hint.is_some());
        if closes && frame.depth == 0 {
            self.close_cloze(index, pieces.span(at, at + END.len()));
            return END.len();
        }
        if rest.starts_with('{') {
            frame.depth += 1;
        } else if rest.starts_with('}') {
            frame.depth = frame.depth.saturating_sub(1);
        } else if rest.starts_with(SEPARATOR) && on_top && !has_hint && frame.depth == 0 {
            frame.hint = Some((pieces.span(at, at + SEPARATOR.len()), Vec::new()));
            return SEPARATOR.len();
        }
        0
    }

    fn mark(&mut self, pieces: &Pieces, at: usize, next: Option<char>) -> usize {
        let behind = &pieces.text[at + 2..];
        let after = behind.chars().next().or(next);
        let (mut opens, mut closes) = marks::flanking(self.before, after);
        let span = pieces.span(at, at + 2);
        let on_mark =
            matches!(self.stack.last(), Some(Frame { open: Open::Mark(..), content, .. }) if !content.is_empty());
        if self.resolver.wanted.marks_are_deletions && marks::in_word(self.before, after) {
            closes = on_mark && (closes || self.stack.last().is_some_and(|frame| marks::is_word(&frame.content)));
            opens = !closes && (opens || marks::closes_in_word(behind));
        }
        if closes && on_mark {
            self.close_mark(span);
        } else if opens && self.stack.len() < MAX_OPEN {
            let side = if self.ends_text(behind) { Side::Edge } else { Side::Start };
            self.stack.push(Frame { open: Open::Mark(span, side), depth: 0, content: Vec::new(), hint: None });
        } else {
            self.leave(span, closes, after);
            return 0;
        }
        2
    }

    /// Whether white space stands before a `==`, and nothing but the end of a sentence behind it.
    fn ends_text(&self, behind: &str) -> bool {
        let after = behind.trim_start_matches(['.', ',', ';', ':', '!', '?', ')']);
        let is_blank = self.before.is_none_or(char::is_whitespace);
        is_blank && after.len() < behind.len() && !after.starts_with(char::is_alphanumeric)
    }

    /// Notes down a `==` that is text, where it may have been meant to delete.
    fn leave(&mut self, span: Span, closes: bool, after: Option<char>) {
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        if closes {
            self.note_left(span, Side::End);
        } else if is_blank(self.before) && is_blank(after) {
            self.note_left(span, if after.is_none() { Side::Edge } else { Side::Spaced });
        }
    }

    fn note_left(&mut self, span: Span, side: Side) {
        if self.resolver.wanted.marks_are_deletions {
            let parent = self.resolver.texts;
            self.resolver.left.push(Left { span, side, parent });
        }
    }

    fn close_mark(&mut self, end: Span) {
        let Some(Frame { open: Open::Mark(start, _), mut content, .. }) = self.stack.pop() else { return };
        let span = start.to(end);
        let kind = if self.resolver.wanted.marks_are_deletions {
            let (numbers, hint) = match marks::numbered(&mut content) {
                Some((number, hint)) => (vec![number], hint),
                None => (Vec::new(), None),
            };
            let assigned = numbers.is_empty();
            InlineKind::Cloze(Hidden { cloze: Cloze { span, numbers, hint, assigned }, content }.into())
        } else {
            InlineKind::Highlight { content }
        };
        self.push(Inline { span, kind });
    }

    fn close_cloze(&mut self, index: usize, end: Span) {
        // Marks that are still open inside were never marks.
        self.unwind(index + 1);
        self.clozes.pop();
        let Some(Frame { open: Open::Cloze(mut opener), content, hint, .. }) = self.stack.pop() else { return };
        if let Some((_, hint)) = hint {
            self.report_hint(&hint);
            opener.hint = Some(plain_text(&hint).trim().to_owned()).filter(|hint| !hint.is_empty());
        }
        let span = opener.span.to(end);
        let empty = content
            .iter()
            .all(|inline| inline.kind.is_break() || inline.kind.as_text().is_some_and(|text| text.trim().is_empty()));
        let cloze = self.resolver.cloze(&opener, span, empty);
        self.push(Inline { span, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) });
    }

    /// Says that a deletion stands in a hint, where it makes no card.
    fn report_hint(&mut self, hint: &[Inline]) {
        let is_deletion = |inline: &&Inline| matches!(inline.kind, InlineKind::Cloze(_));
        let Some(Inline { span, kind: InlineKind::Cloze(hidden) }) = hint.iter().find(is_deletion) else {
            return;
        };
        self.resolver.diagnostics.push(
            Diagnostic::new(Code::StrayDeletion, *span, "a deletion in a hint makes no card")
                .help("write its words alone, or delete them outside of the hint")
                .edit(*span, plain_text(&hidden.content)),
        );
    }

    /// Turns the open frames from an index on back into text, each once.
    fn unwind(&mut self, from: usize) {
        for Frame { open, content, hint, .. } in self.stack.split_off(from.min(self.stack.len())) {
            match open {
                Open::Mark(span, side) => {
                    self.note_left(span, side);
                    self.push_text("==", span);
                }
                Open::Cloze(opener) => {
                    let source = self.resolver.source;
                    self.resolver.openers.push(opener.span);
                    self.push_text(source.get(opener.span.range()).unwrap_or_default(), opener.span);
                }
            }
            self.extend(content);
            if let Some((place, hint)) = hint {
                self.push_text(SEPARATOR, place);
                self.extend(hint);
            }
        }
    }

    fn extend(&mut self, content: Vec<Inline>) {
        for inline in content {
            match inline.kind.as_text() {
                Some(text) => self.push_text(text, inline.span),
                None => self.push(inline),
            }
        }
    }

    fn finish(mut self) -> Vec<Inline> {
        self.unwind(0);
        self.bottom
    }
}

/// Bytes up to what may be syntax, at least one character.
fn plain_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    rest[first..].find(['{', '}', '=', ':', '\\']).map_or(rest.len(), |next| first + next)
}
