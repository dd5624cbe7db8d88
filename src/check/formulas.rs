//! Turns the formulas of notes and prose into diagnostics where they will not typeset.
//!
//! Knows how TeX lies in its source; not what is done with it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ChapterPart, Child, Collection, Footnote, InlineKind, Note, Run, runs_text};
use crate::math::{self, MathError};
use crate::source::{Sources, Span};

/// Tries every formula once, wherever it is shown: the rows of a table share their heading.
pub(super) fn check_formulas(collection: &Collection, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut formulas = Formulas { sources, tried: BTreeSet::new(), diagnostics };
    for note in &collection.notes {
        formulas.note(note);
    }
    for chapter in &collection.chapters {
        formulas.parts(&chapter.parts);
        formulas.footnotes(&chapter.footnotes);
    }
}

struct Formulas<'a> {
    sources: &'a Sources,
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
        let source = self.sources.get(span.source).text.as_str();
        let tex = Tex::new(source, span, content);
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

/// A formula's TeX with its deletions unwrapped, and where its lines stand in the source.
struct Tex {
    text: String,
    span: Span,
    /// Start in `text`, start in the source; in order. Empty where the source does not hold each line as it is.
    pieces: Vec<(usize, usize)>,
}

impl Tex {
    fn new(source: &str, span: Span, content: &[Run]) -> Self {
        let mut pieces = Vec::new();
        let range = span.range();
        if place_runs(source, content, &range, &mut 0, &mut pieces).is_none() {
            pieces.clear();
        }
        Self { text: runs_text(content), span, pieces }
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

/// Finds the lines of runs in a range of the source, one behind the other; where the last one ends. `at` is how much of the TeX
/// stands before them.
fn place_runs(
    source: &str,
    runs: &[Run],
    range: &Range<usize>,
    at: &mut usize,
    pieces: &mut Vec<(usize, usize)>,
) -> Option<usize> {
    let mut place = range.start;
    for run in runs {
        match run {
            Run::Text { text } => {
                for line in text.split_inclusive('\n') {
                    let content = line.trim_end_matches(['\n', '\r']);
                    place += source.get(place..range.end)?.find(content)?;
                    pieces.push((*at, place));
                    *at += line.len();
                    place += content.len();
                }
            }
            // In math the content reaches to the closing `}}`: a hint stands before it, in `{{c1|hint::`.
            Run::Cloze { cloze, content } => {
                let whole = cloze.span.range();
                let start = whole.start + source.get(whole.clone())?.find("::")? + "::".len();
                place_runs(source, content, &(start..whole.end), at, pieces)?;
                place = whole.end;
            }
        }
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test fails by a panic")]

    use super::*;
    use crate::ir::Cloze;
    use crate::source::{Source, SourceId};

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
        let mut sources = Sources::default();
        let id = sources.push(Source { path: "a.md".to_owned(), text: source.to_owned() });
        let mut formulas = Formulas { sources: &sources, tried: BTreeSet::new(), diagnostics: &mut diagnostics };
        let span = Span::new(id, 0..source.len());
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
    fn lines_stand_behind_marks_of_quotes_and_any_delimiter() {
        let source = "$$a\n> \\nosuch$$";
        assert_eq!(found(source, true, &[text("a\n\\nosuch")]), [r"\nosuch"]);
        let source = "\\[\r\n  - a\r\n\\nosuch\r\n\\]";
        assert_eq!(found(source, true, &[text("\n- a\n\\nosuch\n")]), [r"\nosuch"]);
        assert_eq!(found(r"\(\nosuch\)", false, &[text(r"\nosuch")]), [r"\nosuch"]);
    }

    #[test]
    fn a_formula_that_is_not_in_its_source_is_shown_whole() {
        let source = "$a\u{85}b \\nosuch$";
        assert_eq!(found(source, false, &[text("ab \\nosuch")]), [source]);
    }
}
