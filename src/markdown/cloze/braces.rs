//! Deletions between single braces: `{words}`, `{2:words}` and `{c2|words::hint}`, as Obsidian_to_Anki has them.
//!
//! They do not nest: the first brace that closes counts. Escaped ones and pairs with nothing in them are none. Code and formulas
//! are whole. Source: Obsidian_to_Anki 3.6.0, `src/format.ts`, `CLOZE_REGEXP` and `cloze_repl`.

use std::collections::BTreeSet;

use super::brackets::pieces;
use super::text::is_escaped;
use crate::anki::cloze::SEPARATOR;
use crate::anki::limits::MAX_CLOZE_NUMBER;
use crate::ir::{Block, ChildMut, Cloze, Hidden, Inline, InlineKind, for_each_cloze_mut, plain_text};
use crate::source::Span;

/// Puts deletions in the place of text between single braces; those without a number have none yet.
pub(in crate::markdown) fn delete_braces(blocks: &mut [Block], source: &str) {
    for block in blocks {
        block.for_each_child_mut(&mut |child| content(child, source));
    }
}

/// Gives the deletions without a number 1, 2, 3, …, whatever numbers others have. One that is on a card with such another stays
/// there: who gave it the number meant both.
pub(in crate::markdown) fn count_up(blocks: &mut Vec<Block>) {
    let mut given = BTreeSet::new();
    for_each_cloze_mut(blocks, &mut |cloze| given.extend(cloze.numbers.iter().copied()));
    let mut next = 1..=MAX_CLOZE_NUMBER;
    for_each_cloze_mut(blocks, &mut |cloze| {
        if cloze.numbers.is_empty() {
            let number = next.next();
            cloze.assigned &= !number.is_some_and(|number| given.contains(&number));
            cloze.numbers.extend(number);
        }
    });
}

fn content(content: ChildMut<'_>, source: &str) {
    match content {
        ChildMut::Blocks(blocks) => delete_braces(blocks, source),
        ChildMut::Inlines(content) => inlines(content, source),
        ChildMut::Runs(_) => {}
    }
}

fn inlines(content: &mut Vec<Inline>, source: &str) {
    let has_brace = |inline: &Inline| inline.kind.as_text().is_some_and(|text| text.contains('{'));
    let has_any = content.iter().any(has_brace);
    let mut done: Vec<Inline> = Vec::with_capacity(content.len());
    // Where the first brace that opened stands in `done`.
    let mut open = None;
    for inline in std::mem::take(content) {
        let is_cut = |at| is_single(source.as_bytes(), at);
        for mut inline in if has_any { pieces(inline, source, ['{', '}'], is_cut) } else { vec![inline] } {
            match inline.kind.as_text() {
                Some("{") if is_brace(&inline, source) => {
                    open.get_or_insert(done.len());
                }
                Some("}") if is_brace(&inline, source) => {
                    if let Some(cloze) = open.take().and_then(|open| close(&mut done, open, inline.span)) {
                        done.push(cloze);
                        continue;
                    }
                }
                Some(_) => {}
                None => {
                    if let Some(child) = inline.child_mut() {
                        self::content(child, source);
                    }
                }
            }
            done.push(inline);
        }
    }
    *content = done;
}

/// Takes what stands behind an open brace, and the brace, for a deletion; `None` where it is none.
fn close(done: &mut Vec<Inline>, open: usize, end: Span) -> Option<Inline> {
    let inner = done.get(open + 1..)?;
    let is_text = inner.iter().all(|inline| inline.kind.is_break() || inline.kind.as_text().is_some());
    if is_text && plain_text(inner).trim().is_empty() {
        return None;
    }
    let first = inner.first().and_then(|first| first.kind.as_text()).unwrap_or_default();
    let number = number(first);
    if number.is_some_and(|(number, _)| number.is_none()) {
        return None;
    }
    let mut content = done.split_off(open + 1);
    let span = done.pop()?.span.to(end);
    let numbers = match number {
        Some((number, length)) => {
            take_front(&mut content, length);
            number.into_iter().collect()
        }
        None => Vec::new(),
    };
    let hint = take_hint(&mut content);
    let cloze = Cloze { span, assigned: numbers.is_empty(), numbers, hint };
    Some(Inline { span, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) })
}

/// The number that a text starts with (`2:`, `c2|`), `None` where Anki takes none such, and how many bytes it takes.
fn number(text: &str) -> Option<(Option<u16>, usize)> {
    let rest = text.strip_prefix('c').unwrap_or(text);
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.get(..rest.len() - behind.len()).filter(|digits| !digits.is_empty())?;
    // `::` starts a hint.
    if behind.starts_with(SEPARATOR) || !behind.starts_with([':', '|']) {
        return None;
    }
    let number = digits.parse().ok().filter(|number| (1..=MAX_CLOZE_NUMBER).contains(number));
    Some((number, text.len() - behind.len() + 1))
}

/// Takes so many bytes off the text that content starts with.
fn take_front(content: &mut Vec<Inline>, length: usize) {
    let Some(Inline { span, kind: InlineKind::Text { text } }) = content.first_mut() else { return };
    text.drain(..length.min(text.len()));
    span.start = span.end.min(span.start + length as u32);
    if text.is_empty() {
        content.remove(0);
    }
}

/// Takes what stands behind the first `::` of a text off content.
fn take_hint(content: &mut Vec<Inline>) -> Option<String> {
    let found =
        content.iter().enumerate().find_map(|(index, inline)| Some((index, inline.kind.as_text()?.find(SEPARATOR)?)));
    let (index, at) = found.filter(|(index, at)| *index > 0 || *at > 0)?;
    let mut behind = content.split_off(index + 1);
    let Some(Inline { span, kind: InlineKind::Text { text } }) = content.get_mut(index) else { return None };
    let rest = text.split_off(at);
    span.end = span.end.min(span.start + at as u32);
    let kind = InlineKind::Text { text: rest.get(SEPARATOR.len()..).unwrap_or_default().to_owned() };
    behind.insert(0, Inline { span: *span, kind });
    Some(plain_text(&behind).trim().to_owned()).filter(|hint| !hint.is_empty())
}

/// Whether no brace of its kind stands beside one.
fn is_single(source: &[u8], at: usize) -> bool {
    let brace = source.get(at);
    source.get(at + 1) != brace && (at == 0 || source.get(at - 1) != brace)
}

/// Whether a piece that is a brace is the author's, single, and not escaped or an entity.
fn is_brace(piece: &Inline, source: &str) -> bool {
    let at = piece.span.start as usize;
    piece.span.range().len() == 1 && is_single(source.as_bytes(), at) && !is_escaped(source.as_bytes(), at)
}
