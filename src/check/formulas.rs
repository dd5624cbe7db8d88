//! Turns the formulas of notes and prose into diagnostics where they will not typeset.
//!
//! Knows how TeX lies in its source; not what is done with it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use crate::anki::mathjax::{self, Fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ChapterPart, Child, Collection, Footnote, InlineKind, Note, Run, runs_text};
use crate::math::{self, MathError};
use crate::source::{Sources, Span};

/// Tries every formula once, wherever it is shown: the rows of a table share their heading.
pub(super) fn check_formulas(collection: &Collection, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut formulas = Formulas { trusts_html: false, seen: BTreeSet::new(), found: Vec::new() };
    for note in &collection.notes {
        formulas.note(note);
    }
    for chapter in &collection.chapters {
        formulas.trusts_html = chapter.trusts_html;
        formulas.parts(&chapter.parts);
        formulas.footnotes(&chapter.footnotes);
    }
    let tried: Vec<Option<Diagnostic>> = formulas.found.par_iter().map(|formula| formula.try_it(sources)).collect();
    diagnostics.extend(tried.into_iter().flatten());
}

/// Finds the formulas, each once.
struct Formulas<'a> {
    /// Of the note or chapter at hand.
    trusts_html: bool,
    seen: BTreeSet<Span>,
    found: Vec<Formula<'a>>,
}

/// A formula where it stands first.
struct Formula<'a> {
    span: Span,
    display: bool,
    content: &'a [Run],
    trusts_html: bool,
}

impl<'a> Formulas<'a> {
    fn note(&mut self, note: &'a Note) {
        self.trusts_html = note.trusts_html;
        note.contents().for_each(|blocks| self.content(Child::Blocks(blocks)));
    }

    fn parts(&mut self, parts: &'a [ChapterPart]) {
        for part in parts {
            match part {
                ChapterPart::Prose { block } => self.content(Child::Blocks(std::slice::from_ref(block))),
                // The header stands in the rows' notes, above their cells.
                ChapterPart::Note { .. } | ChapterPart::Table(_) => {}
            }
        }
    }

    fn footnotes(&mut self, footnotes: &'a [Footnote]) {
        for footnote in footnotes {
            self.content(Child::Blocks(&footnote.blocks));
        }
    }

    fn content(&mut self, content: Child<'a>) {
        match content {
            Child::Blocks(blocks) => {
                for block in blocks {
                    block.for_each_child(&mut |child| self.content(child));
                }
            }
            Child::Inlines(content) => {
                for inline in content {
                    if let InlineKind::Math { display, content } = &inline.kind {
                        self.formula(Formula {
                            span: inline.span,
                            display: *display,
                            content,
                            trusts_html: self.trusts_html,
                        });
                    } else if let Some(child) = inline.child() {
                        self.content(child);
                    }
                }
            }
            Child::Runs(_) => {}
        }
    }

    fn formula(&mut self, formula: Formula<'a>) {
        if self.seen.insert(formula.span) {
            self.found.push(formula);
        }
    }
}

impl Formula<'_> {
    /// What is wrong with it.
    fn try_it(&self, sources: &Sources) -> Option<Diagnostic> {
        let Self { span, display, content, trusts_html } = *self;
        let source = sources.get(span.source).text.as_str();
        let tex = Tex::new(source, span, content);
        let paper = math::to_mathml(&tex.text, display).err();
        let named = mathjax::named(&tex.text).filter(|_| !trusts_html);
        let anki = named.map(|place| (place, Shown::Name)).or_else(|| {
            let (place, fault) = mathjax::fault(&tex.text)?;
            Some((place, Shown::from(fault)))
        });
        let Some((range, message, help)) = fault(&tex.text, anki, paper) else { return said_of_comment(&tex) };
        let place = tex.place(&range).unwrap_or(span);
        Some(Diagnostic::new(Code::BadMath, place, message).help(help))
    }
}

/// Reports a `%` that takes the rest of its line away and seems to be meant as itself.
fn said_of_comment(tex: &Tex) -> Option<Diagnostic> {
    let at = comment(&tex.text)?;
    let place = tex.place(&(at..at + 1));
    let diagnostic = Diagnostic::new(Code::BadMath, place.unwrap_or(tex.span), "`%` starts a comment in TeX")
        .caret("and what stands behind it is left out")
        .help("write `\\%`");
    Some(match place {
        Some(place) => diagnostic.edit(place, "\\%"),
        None => diagnostic,
    })
}

/// What is wrong with a formula, where, and what to do: which of its readers does not typeset it.
fn fault(
    tex: &str,
    anki: Option<(Range<usize>, Shown)>,
    paper: Option<MathError>,
) -> Option<(Range<usize>, String, String)> {
    match (anki, paper) {
        (None, None) => None,
        (Some((range, shown)), None) => {
            let what = tex.get(range.clone()).unwrap_or_default();
            let help = instead(tex, what, ANKI_ALONE);
            let message = match shown {
                Shown::Red => format!("in Anki `{what}` is shown in red"),
                Shown::Tex => format!("in Anki this formula is shown as TeX, for its `{what}`"),
                Shown::Name => format!("in Anki `{what}` is shown as a word"),
            };
            Some((range, format!("{message}; paper and site typeset it"), help))
        }
        (None, Some(MathError { message, range })) => {
            let what = tex.get(range.clone()).filter(|what| what.starts_with('\\'));
            let what = what.map_or(message, |what| format!("`{what}` is not typeset"));
            let help = instead(tex, &what, PAPER_ALONE);
            Some((range, format!("on paper and site: {what}; Anki typesets it"), help))
        }
        (Some(_), Some(MathError { message, range })) => {
            let help = instead(tex, &message, NEITHER);
            Some((range, format!("cannot typeset this formula: {message}"), help))
        }
    }
}

/// What Anki makes of what it does not typeset.
#[derive(Clone, Copy)]
enum Shown {
    Red,
    /// All of the formula is.
    Tex,
    /// Of a command that does more than to typeset, fields hold the name alone.
    Name,
}

impl From<Fault> for Shown {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unknown => Self::Red,
            Fault::Form => Self::Tex,
        }
    }
}

const ANKI_ALONE: &str = "its MathJax does not know it: write it with commands that both know";
const PAPER_ALONE: &str = "they show the formula's TeX in place of it: write it with commands that both know";
const NEITHER: &str = "mend the TeX; if it is text, write `\\$` for the dollar sign";

/// What to write in the place of a formula's command, where that is known.
fn instead(tex: &str, what: &str, otherwise: &str) -> String {
    let mut characters = what.chars();
    if let (Some(character), None) = (characters.next().filter(|first| !first.is_ascii()), characters.next()) {
        return format!("write `\\text{{{character}}}`");
    }
    let name = what
        .split(['\\', '`'])
        .find(|piece| piece.starts_with(|c: char| c.is_ascii_alphabetic()) && !piece.contains(' '));
    let name = name.unwrap_or_default();
    let name = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let known = INSTEAD.iter().find(|(command, _)| *command == name);
    known.map_or_else(|| otherwise.to_owned(), |(_, other)| format!("write {}", filled(tex, name, other)))
}

/// What stands for a command with what its author gave it in the place of `#1` and `#2`; dots where that cannot be told.
fn filled<'o>(tex: &str, name: &str, other: &'o str) -> Cow<'o, str> {
    if !other.contains('#') {
        return Cow::Borrowed(other);
    }
    let (first, second) = given(tex, name, other.contains("#2")).unwrap_or(("…", "…"));
    // Units that are commands of the same package are no TeX.
    let second = if name == "SI" || name == "qty" { signs_of_unit(second) } else { second };
    let first = if name == "si" || name == "unit" { signs_of_unit(first) } else { first };
    let (start, rest) = other.split_once("#1").unwrap_or((other, ""));
    Cow::Owned([start, first, &rest.replace("#2", second)].concat())
}

/// A unit's signs; dots for one that is made of commands.
fn signs_of_unit(unit: &str) -> &str {
    if unit.contains('\\') { "…" } else { unit }
}

/// What is given to a command where it first stands, between braces: one thing, or two.
fn given<'t>(tex: &'t str, name: &str, has_second: bool) -> Option<(&'t str, &'t str)> {
    let mut commands = tex.match_indices('\\').filter_map(|(at, _)| tex.get(at + 1..)?.strip_prefix(name));
    let behind = commands.find(|behind| !behind.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let (first, behind) = in_braces(behind)?;
    let second = if has_second { in_braces(behind)?.0 } else { "" };
    Some((first, second))
}

/// The argument between braces that a text starts with, if it is short enough to be said again.
fn in_braces(text: &str) -> Option<(&str, &str)> {
    let braced = Some(text.trim_start()).filter(|text| text.starts_with('{'))?;
    math::argument(braced)
        .filter(|(inner, _)| inner.len() <= MOST_SAID && !inner.trim().is_empty() && !inner.contains(['`', '\n']))
}

/// The bytes of an argument that a help says again at most.
const MOST_SAID: usize = 40;

/// What to write in the place of commands that one reader knows, or none; `#1` and `#2` stand for what they are given.
const INSTEAD: &[(&str, &str)] = &[
    ("CD", "an array with arrows in it, or put a picture there"),
    ("SI", "`#1\\,\\mathrm{#2}`"),
    ("abs", "`\\lvert #1\\rvert`"),
    ("bbox", "`\\boxed{x}`"),
    ("cellcolor", "`\\textcolor{red}{x}`"),
    ("cline", "`\\hline`"),
    ("colorbox", "`\\textcolor{#1}{#2}`"),
    ("cssId", "the formula without it"),
    ("class", "the formula without it"),
    ("dv", "`\\frac{\\mathrm{d}#1}{\\mathrm{d}#2}`"),
    ("enclose", "`\\boxed{x}` or `\\cancel{x}`"),
    ("euro", "`\\text{€}`"),
    ("fcolorbox", "`\\boxed{x}`"),
    ("htmlClass", "the formula without it"),
    ("iddots", "`⋰`"),
    ("intertext", "two formulas with the text between them"),
    ("mathbbm", "`\\mathbb{1}`"),
    ("mathds", "`\\mathbb{1}`"),
    ("norm", "`\\lVert #1\\rVert`"),
    ("num", "the number itself"),
    ("pdv", "`\\frac{\\partial #1}{\\partial #2}`"),
    ("prescript", "`{}^{a}_{b}x`"),
    ("qty", "`#1\\,\\mathrm{#2}`"),
    ("ref", "the number itself"),
    ("rowcolor", "`\\textcolor{red}{x}`"),
    ("shortintertext", "two formulas with the text between them"),
    ("si", "`\\mathrm{#1}`"),
    ("style", "the formula without it"),
    ("textsc", "`\\text{#1}`"),
    ("tikzpicture", "a picture"),
    ("underbar", "`\\underline{#1}`"),
    ("undertilde", "`\\underset{\\sim}{x}`"),
    ("unit", "`\\mathrm{#1}`"),
    ("url", "a link outside of the formula"),
    ("utilde", "`\\underset{\\sim}{x}`"),
    ("widecheck", "`\\check{#1}`"),
    ("wideparen", "`\\overset{\\frown}{#1}`"),
];

/// Where a `%` stands that is no comment by its look: behind a digit, a brace or a blank, with nothing above or below it.
fn comment(tex: &str) -> Option<usize> {
    let is_one_line = !tex.trim().contains('\n');
    let mut is_escaped = false;
    let mut depth = 0_usize;
    let mut text_depth = None;
    // Of the comment at hand.
    let mut line_end = 0;
    for (at, byte) in tex.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            _ if at < line_end => {}
            b'\\' => is_escaped = true,
            b'{' => {
                depth += 1;
                let before = tex.get(..at).unwrap_or_default();
                let is_text = ["\\text", "\\mbox", "\\textrm", "\\textbf", "\\textit", "\\ce", "\\pu"];
                if text_depth.is_none() && is_text.iter().any(|command| before.ends_with(command)) {
                    text_depth = Some(depth);
                }
            }
            b'}' => {
                text_depth = text_depth.filter(|text| *text < depth);
                depth = depth.saturating_sub(1);
            }
            b'%' if text_depth.is_none() => {
                let (before, behind) = tex.split_at_checked(at)?;
                if is_one_line || before.ends_with(|c: char| c.is_ascii_digit()) {
                    return Some(at);
                }
                line_end = at + behind.find('\n').unwrap_or(behind.len());
            }
            _ => {}
        }
    }
    None
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
        Run::Cloze { cloze: Cloze { span, numbers: vec![1], hint: None, assigned: false }.into(), content }
    }

    fn found(source: &str, display: bool, content: &[Run]) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.push(Source { path: "a.md".to_owned(), text: source.to_owned() });
        let mut formulas = Formulas { trusts_html: false, seen: BTreeSet::new(), found: Vec::new() };
        let span = Span::new(id, 0..source.len());
        formulas.formula(Formula { span, display, content, trusts_html: false });
        formulas.formula(Formula { span, display, content, trusts_html: false });
        let diagnostics = formulas.found.iter().filter_map(|formula| formula.try_it(&sources));
        diagnostics.map(|diagnostic| source[diagnostic.span.range()].to_owned()).collect()
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
