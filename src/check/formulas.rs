//! Turns the formulas of notes and prose into diagnostics where they will not typeset.
//!
//! Knows how TeX lies in its source; not what is done with it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ChapterPart, Child, Collection, Footnote, InlineKind, Note, Run};
use crate::math::{self, MathError};
use crate::source::Span;

/// Tries every formula once, wherever it is shown: the rows of a table share their heading.
pub(super) fn check_formulas(collection: &Collection, diagnostics: &mut Vec<Diagnostic>) {
    let mut formulas = Formulas { tried: BTreeSet::new(), diagnostics };
    for note in &collection.notes {
        formulas.note(note);
    }
    for chapter in &collection.chapters {
        formulas.parts(&chapter.parts);
        formulas.footnotes(&chapter.footnotes);
    }
}

struct Formulas<'a> {
    tried: BTreeSet<Span>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Formulas<'_> {
    fn note(&mut self, note: &Note) {
        note.contents().for_each(|blocks| self.content(Child::Blocks(blocks)));
    }

    fn parts(&mut self, parts: &[ChapterPart]) {
        for part in parts {
            match part {
                ChapterPart::Prose { block } => self.content(Child::Blocks(std::slice::from_ref(block))),
                // The header stands in the rows' notes, above their cells.
                ChapterPart::Note { .. } | ChapterPart::Table(_) => {}
            }
        }
    }

    fn footnotes(&mut self, footnotes: &[Footnote]) {
        for footnote in footnotes {
            self.content(Child::Blocks(&footnote.blocks));
        }
    }

    fn content(&mut self, content: Child<'_>) {
        match content {
            Child::Blocks(blocks) => {
                for block in blocks {
                    block.for_each_child(&mut |child| self.content(child));
                }
            }
            Child::Inlines(content) => {
                for inline in content {
                    if let InlineKind::Math { display, content } = &inline.kind {
                        self.formula(inline.span, *display, content);
                    } else if let Some(child) = inline.child() {
                        self.content(child);
                    }
                }
            }
            Child::Runs(_) => {}
        }
    }

    fn formula(&mut self, span: Span, display: bool, content: &[Run]) {
        if !self.tried.insert(span) {
            return;
        }
        let tex = Tex::new(span, display, content);
        let Err(MathError { message, range }) = math::to_mathml(&tex.text, display) else { return };
        let command = tex.text.get(range.clone()).filter(|command| math::mathjax_knows(command));
        let (message, help) = match command {
            Some(command) => (
                format!("only Anki can typeset `{command}`"),
                "Anki will show the formula; print and site cannot, and show its TeX in place of it",
            ),
            None => (
                format!("cannot typeset this formula: {message}"),
                "mend the TeX; if it is text, write `\\$` for the dollar sign",
            ),
        };
        let place = tex.place(&range).unwrap_or(span);
        self.diagnostics.push(Diagnostic::new(Code::BadMath, place, message).help(help));
    }
}

/// A formula's TeX with its deletions unwrapped, and where its pieces stand in the source.
struct Tex {
    text: String,
    span: Span,
    /// Start in `text`, start in the source; in order. Empty where the source does not hold the TeX byte by byte, as in
    /// a formula over several lines of a quote.
    pieces: Vec<(usize, usize)>,
}

impl Tex {
    fn new(span: Span, display: bool, content: &[Run]) -> Self {
        let dollars = if display { 2 } else { 1 };
        let Range { start, end } = span.range();
        let mut tex = Self { text: String::new(), span, pieces: Vec::new() };
        let behind = tex.push(content, start + dollars);
        if behind + dollars != end {
            tex.pieces.clear();
        }
        tex
    }

    /// Takes runs in that start at `place` of the source; returns the place behind them.
    fn push(&mut self, runs: &[Run], mut place: usize) -> usize {
        for run in runs {
            match run {
                Run::Text { text } => {
                    self.pieces.push((self.text.len(), place));
                    self.text.push_str(text);
                    place += text.len();
                }
                // In math the content reaches to the closing `}}`: a hint stands before it, in `{{c1|hint::`.
                Run::Cloze { cloze, content } => {
                    let behind = cloze.span.range().end;
                    self.push(content, behind.saturating_sub(2 + written_length(content)));
                    place = behind;
                }
            }
        }
        place
    }

    /// The source of a range of the TeX.
    fn place(&self, range: &Range<usize>) -> Option<Span> {
        let source_of = |offset: usize| {
            let after = self.pieces.partition_point(|&(start, _)| start <= offset);
            let &(start, place) = self.pieces.get(after.checked_sub(1)?)?;
            Some(place + (offset - start))
        };
        // The end is looked up by its last byte, which may stand in an earlier piece than what follows.
        let start = source_of(range.start)?;
        let end = if range.is_empty() { start } else { source_of(range.end - 1)? + 1 };
        let whole = self.span.range();
        (whole.start <= start && start <= end && end <= whole.end).then(|| self.span.with(start..end))
    }
}

/// How many bytes of the source runs take, their deletions' braces included.
fn written_length(runs: &[Run]) -> usize {
    runs.iter()
        .map(|run| match run {
            Run::Text { text } => text.len(),
            Run::Cloze { cloze, .. } => cloze.span.range().len(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test fails by a panic")]

    use super::*;
    use crate::ir::Cloze;
    use crate::source::SourceId;

    fn text(text: &str) -> Run {
        Run::Text { text: text.into() }
    }

    fn cloze(source: &str, written: &str, content: Vec<Run>) -> Run {
        let start = source.find(written).unwrap();
        let span = Span::new(SourceId(0), start..start + written.len());
        Run::Cloze { cloze: Cloze { span, numbers: vec![1], hint: None, assigned: false }, content }
    }

    fn found(source: &str, display: bool, content: &[Run]) -> Vec<String> {
        let mut diagnostics = Vec::new();
        let mut formulas = Formulas { tried: BTreeSet::new(), diagnostics: &mut diagnostics };
        let span = Span::new(SourceId(0), 0..source.len());
        formulas.formula(span, display, content);
        formulas.formula(span, display, content);
        diagnostics.iter().map(|diagnostic| source[diagnostic.span.range()].to_owned()).collect()
    }

    #[test]
    fn the_caret_stands_at_the_command_inside_the_formula() {
        assert_eq!(found(r"$a + \nosuch$", false, &[text(r"a + \nosuch")]), [r"\nosuch"]);
        assert_eq!(found(r"$$ä \nosuch b$$", true, &[text(r"ä \nosuch b")]), [r"\nosuch"]);
        assert_eq!(found(r"$\frac{a}{b}$", false, &[text(r"\frac{a}{b}")]), [""; 0]);
    }

    #[test]
    fn deletions_are_unwrapped_and_counted() {
        let source = r"$a + {{c1|a hint::x \nosuch}} + b$";
        let inner = cloze(source, r"{{c1|a hint::x \nosuch}}", vec![text(r"x \nosuch")]);
        assert_eq!(found(source, false, &[text("a + "), inner, text(" + b")]), [r"\nosuch"]);
        let source = r"$a {{c1::b {{c2::c}} d}} \nosuch$";
        let nested = cloze(source, "{{c2::c}}", vec![text("c")]);
        let outer = cloze(source, "{{c1::b {{c2::c}} d}}", vec![text("b "), nested, text(" d")]);
        assert_eq!(found(source, false, &[text("a "), outer, text(r" \nosuch")]), [r"\nosuch"]);
    }

    #[test]
    fn a_formula_that_is_not_in_its_source_byte_by_byte_is_shown_whole() {
        let source = "$$a\n> \\nosuch$$";
        assert_eq!(found(source, true, &[text("a\n\\nosuch")]), [source]);
    }
}
