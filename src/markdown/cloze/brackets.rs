//! Deletions between brackets: `[words]`, as hashcards has them.
//!
//! Brackets do not nest: the inner pair counts. Escaped ones, those of pictures, empty ones and marks of footnotes
//! (`[^1]`) are none. Of a link, the text is the deletion. Code and formulas are whole: a pair that opens and closes
//! in one is its own.

use super::text::is_escaped;
use crate::ir::{Block, ChildMut, Cloze, Hidden, Inline, InlineKind, plain_text};
use crate::source::Span;

/// Puts deletions, still without numbers, in the place of bracketed text; says how many.
pub(in crate::markdown) fn delete_brackets(blocks: &mut [Block], source: &str) -> usize {
    let mut count = 0;
    for block in blocks {
        block.for_each_child_mut(&mut |child| count += content(child, source));
    }
    count
}

fn content(content: ChildMut<'_>, source: &str) -> usize {
    match content {
        ChildMut::Blocks(blocks) => delete_brackets(blocks, source),
        ChildMut::Inlines(content) => inlines(content, source),
        ChildMut::Runs(_) => 0,
    }
}

fn inlines(content: &mut Vec<Inline>, source: &str) -> usize {
    let mut count = 0;
    let mut done: Vec<Inline> = Vec::with_capacity(content.len());
    // Where the last bracket that opened stands in `done`, and how many deletions stand before it.
    let mut open = None;
    for inline in content.drain(..) {
        for mut inline in pieces(inline, source, ['[', ']'], |_| true) {
            match inline.kind.as_text() {
                Some("[") if is_bracket(&inline, source) => open = Some((done.len(), count)),
                Some("]") if is_bracket(&inline, source) => {
                    let start = open.take().filter(|(_, before)| *before == count);
                    if let Some(cloze) = start.and_then(|(start, _)| close(&mut done, start, inline.span)) {
                        done.push(cloze);
                        count += 1;
                        continue;
                    }
                }
                Some(_) => {}
                None => count += inside(&mut inline, source),
            }
            done.push(inline);
        }
    }
    *content = done;
    count
}

/// Takes what stands behind an open bracket, and the bracket, for a deletion; `None` where it is none.
fn close(done: &mut Vec<Inline>, open: usize, end: Span) -> Option<Inline> {
    let inner = done.get(open + 1..)?;
    let is_text = inner.iter().all(|inline| inline.kind.is_break() || inline.kind.as_text().is_some());
    let text = plain_text(inner);
    if (is_text && text.trim().is_empty()) || text.starts_with('^') {
        return None;
    }
    let content = done.split_off(open + 1);
    let span = done.pop()?.span.to(end);
    Some(deletion(span, content))
}

/// The deletions in an element; a link without any is one itself.
fn inside(inline: &mut Inline, source: &str) -> usize {
    let is_link =
        matches!(inline.kind, InlineKind::Link(_)) && source.as_bytes().get(inline.span.start as usize) == Some(&b'[');
    let Some(ChildMut::Inlines(content)) = inline.child_mut() else { return 0 };
    let count = inlines(content, source);
    let ends = content.first().zip(content.last()).map(|(first, last)| first.span.to(last.span));
    let Some(span) = ends.filter(|_| is_link && count == 0) else { return count };
    *content = vec![deletion(span, std::mem::take(content))];
    1
}

fn deletion(span: Span, content: Vec<Inline>) -> Inline {
    let cloze = Cloze { span, numbers: Vec::new(), hint: None, assigned: true };
    Inline { span, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) }
}

/// Text in pieces, each of these signs by itself that stands where `cuts` has it, given an offset in the source.
pub(super) fn pieces(inline: Inline, source: &str, signs: [char; 2], cuts: impl Fn(usize) -> bool) -> Vec<Inline> {
    let Some(text) = inline.kind.as_text() else { return vec![inline] };
    // What is not as the source says is an entity.
    if text.len() == 1 || !text.contains(signs) || source.get(inline.span.range()) != Some(text) {
        return vec![inline];
    }
    let mut pieces = Vec::new();
    let start = inline.span.start as usize;
    let mut push = |from: usize, to: usize| {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            let span = inline.span.with(start + from..start + to);
            pieces.push(Inline { span, kind: InlineKind::Text { text: piece.to_owned() } });
        }
    };
    let mut at = 0;
    for (sign, _) in text.match_indices(signs).filter(|(sign, _)| cuts(start + sign)) {
        push(at, sign);
        push(sign, sign + 1);
        at = sign + 1;
    }
    push(at, text.len());
    pieces
}

/// Whether a piece that is a bracket is the author's, and not escaped or an entity.
fn is_bracket(piece: &Inline, source: &str) -> bool {
    piece.span.range().len() == 1 && !is_escaped(source.as_bytes(), piece.span.start as usize)
}
