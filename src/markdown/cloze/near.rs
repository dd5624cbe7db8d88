//! Finds what is nearly a deletion in the text of a note: a colon too few, a capital, a brace too few. It stays text.
//!
//! Templates of other tools have braces as well (`{{ name }}`, `{{c1}}`): only what has a number or a `c`, and what parts it
//! from words, is one of ours.

use super::text::is_escaped;
use crate::anki::cloze::END;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, Child, Inline, InlineKind};
use crate::source::Span;

/// Reports near deletions, but in code and formulas.
pub(in crate::markdown) fn report_near(blocks: &[Block], source: &str, diagnostics: &mut Vec<Diagnostic>) {
    for block in blocks {
        block.for_each_child(&mut |child| content(child, source, diagnostics));
    }
}

fn content(child: Child<'_>, source: &str, diagnostics: &mut Vec<Diagnostic>) {
    match child {
        Child::Blocks(blocks) => report_near(blocks, source, diagnostics),
        Child::Inlines(content) => content.iter().for_each(|inline| report(inline, source, diagnostics)),
        Child::Runs(_) => {}
    }
}

fn report(inline: &Inline, source: &str, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(child) = inline.child() {
        return content(child, source, diagnostics);
    }
    let InlineKind::Text { text } = &inline.kind else { return };
    // Where an entity or a backslash stands in it, nobody knows where its letters are in the source.
    let is_verbatim = text.len() == inline.span.range().len();
    let found = text.match_indices('{').filter(|(at, _)| !text.get(..*at).is_some_and(|before| before.ends_with('{')));
    for (at, _) in found.filter(|_| is_verbatim) {
        let Some(length) = text.get(at..).and_then(near) else { continue };
        let start = inline.span.start as usize + at;
        if is_escaped(source.as_bytes(), start) {
            continue;
        }
        let place: Span = inline.span.with(start..start + length);
        diagnostics.push(
            Diagnostic::new(Code::NearCard, place, "this is nearly a deletion, and stays text")
                .help("write `{{c1::words}}`, with the number that its card has"),
        );
    }
}

/// The length of what a text starts with, if that is nearly the start of a deletion and its end follows.
fn near(text: &str) -> Option<usize> {
    let inner = text.trim_start_matches('{');
    let braces = text.len() - inner.len();
    let word = inner.trim_start();
    let letter = word.strip_prefix(['c', 'C']);
    let rest = letter.unwrap_or(word);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, behind) = rest.split_at_checked(digits)?;
    let is_named = !number.is_empty();
    let separator = behind.trim_start();
    let separates = |words: &[&str]| words.iter().any(|word| separator.starts_with(word));
    // `{{c1: x}}`, `{{C1::x}}`, `{{c1 ::x}}`, `{{1::x}}`, `{{c::x}}`, `{c1::x}`.
    // The hint of `{{c1|hint::x}}` holds no braces.
    if let (2, Some(_), true, Some(hint)) = (braces, letter, is_named, separator.strip_prefix('|')) {
        let end = hint.find(END);
        let is_cut = end.is_none_or(|end| hint[..end].contains('{') && hint.contains("::"));
        return is_cut.then_some(text.len() - hint.len());
    }
    let is_near = match (braces, letter.is_some(), is_named) {
        (2, true, true) => separates(&[":", "：", ";;"]),
        (2, true, false) | (1, true, true) | (2, false, true) => separates(&["::", "：："]),
        _ => false,
    };
    // That is one, which crosses its parent or is never closed; more is said of it elsewhere.
    let is_one = braces == 2 && inner.starts_with('c') && is_named && behind.starts_with("::");
    let end = if braces == 1 { "}" } else { END };
    let starts = text.len() - separator.len();
    (is_near && !is_one && separator.contains(end)).then_some(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_braces() {
        for text in [
            "{{c1:x}}",
            "{{c1: x}}",
            "{{C1::x}}",
            "{{c1 ::x}}",
            "{{ c1::x}}",
            "{{1::x}}",
            "{{c::x}}",
            "{c1::x}",
            "{{c12;;x}}",
            "{{c1|hint {{c2::y}}::x}}",
            "{{c1|hint ",
        ] {
            assert!(near(text).is_some(), "{text}");
        }
        for text in [
            "{{c1}}",
            "{{x}}",
            "{{ c }}",
            "{{c1|x}}",
            "{{x::y}}",
            "{x::y}",
            "{c:1}",
            "{{1}}",
            "{{c1:x",
            "{c1: x}",
            "{a}",
            "{",
            "{{",
            "{{{c1::x}}}",
            "{{1: 2}}",
            "{{c1234::x}}",
            "{{std::x}}",
        ] {
            assert_eq!(near(text), None, "{text}");
        }
    }
}
