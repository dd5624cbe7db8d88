//! Finds cloze deletions (`{{c1::x::hint}}`) and marks (`==x==`) in a content tree, and puts nodes in their place.
//!
//! A deletion opens and closes within one parent. It closes at the first `}}` at brace depth 0. In text the first `::`
//! outside code starts its hint; in code and math `::` is content. Knows nothing of notes.

mod bold;
mod braces;
mod brackets;
mod marked;
mod marks;
mod near;
mod runs;
mod text;

use crate::anki::cloze::{self, SEPARATOR};
use crate::anki::limits::{MAX_CLOZE_NUMBER, MAX_NESTED_CLOZES};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, ChildMut, Cloze, Inline, InlineKind, Run, for_each_cloze_mut, plain_text};
use crate::source::{Source, Span};

use self::marks::Left;

pub(super) use self::bold::{delete_bold, has_bold};
pub(super) use self::braces::{count_up, delete_braces};
pub(super) use self::brackets::delete_brackets;
pub(super) use self::marked::{Marked, Signs, delete_marked, has_deletions};
pub(super) use self::near::report_near;
pub(super) use self::text::is_escaped;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Where `{{c1::x}}` are deletions; elsewhere they are text.
    pub deletions: Deletions,
    /// Deletions that stay text are reported.
    pub strays: bool,
    /// `==x==` are deletions still without a number; else they are highlights.
    pub marks_are_deletions: bool,
}

/// Where deletions are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deletions {
    Nowhere,
    /// Not in code and formulas.
    InText,
    Everywhere,
}

impl Wanted {
    /// What prose, hints and footnotes hold: highlights only.
    pub(super) const HIGHLIGHTS: Self =
        Self { deletions: Deletions::Nowhere, strays: true, marks_are_deletions: false };

    /// What headings hold for whoever only names them. Code is how people write of deletions.
    const NAMES: Self = Self { deletions: Deletions::InText, strays: false, marks_are_deletions: false };
}

/// Puts nodes in the place of deletions and marks, and joins the pieces of text that the parser made.
pub(super) fn resolve(blocks: &mut [Block], wanted: Wanted, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let mut resolver = Resolver::new(wanted, source, diagnostics);
    resolver.blocks(blocks);
    resolver.report_open();
    marks::report(&mut resolver.left, resolver.diagnostics);
}

/// The text of a heading without what marks it: what names it in a breadcrumb. Of deletions, highlights, links and code the
/// words; of pictures what stands for them; of formulas their TeX.
pub(super) fn title(content: &[Inline], source: &Source) -> String {
    let mut text = plain_text(content);
    if text.contains("==") || cloze::may_start(&text) {
        let mut content = content.to_vec();
        Resolver::new(Wanted::NAMES, source, &mut Vec::new()).inlines(&mut content);
        text = plain_text(&content);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives every deletion without a number (a mark, a list item) the lowest one that no other has, in source order.
pub(super) fn number<'a>(parts: impl IntoIterator<Item = &'a mut Vec<Block>>, diagnostics: &mut Vec<Diagnostic>) {
    let parts: Vec<&mut Vec<Block>> = parts.into_iter().collect();
    let mut taken = std::collections::BTreeSet::new();
    for blocks in &parts {
        crate::ir::for_each_cloze(blocks, &mut |cloze| taken.extend(cloze.numbers.iter().copied()));
    }
    let mut free = (1..=MAX_CLOZE_NUMBER).filter(|number| !taken.contains(number));
    for blocks in parts {
        for_each_cloze_mut(blocks, &mut |cloze| {
            if !cloze.numbers.is_empty() {
                return;
            }
            match free.next() {
                Some(number) => cloze.numbers.push(number),
                None => diagnostics.push(
                    Diagnostic::new(Code::ClozeNumber, cloze.span, "the note has too many deletions")
                        .help(format!("Anki takes {MAX_CLOZE_NUMBER} a note; make two notes of it")),
                ),
            }
        });
    }
}

struct Resolver<'a, 'd> {
    wanted: Wanted,
    source: &'a str,
    /// Deletions that were never closed, each with the place of its opener.
    openers: Vec<Span>,
    /// `}}` outside any deletion.
    closers: Vec<Span>,
    /// `==` that are text, in a note whose marks are deletions.
    left: Vec<Left>,
    /// How many texts were looked through.
    texts: usize,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a, 'd> Resolver<'a, 'd> {
    fn new(wanted: Wanted, source: &'a Source, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        let (openers, closers, left) = (Vec::new(), Vec::new(), Vec::new());
        Self { wanted, source: &source.text, openers, closers, left, texts: 0, diagnostics }
    }

    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            let span = block.span;
            block.for_each_child_mut(&mut |child| self.content(child, span));
        }
    }

    /// Resolves what stands in a block or an inline with this place.
    fn content(&mut self, content: ChildMut<'_>, span: Span) {
        match content {
            ChildMut::Blocks(blocks) => self.blocks(blocks),
            ChildMut::Inlines(content) => self.inlines(content),
            ChildMut::Runs(runs) => self.runs(runs, span),
        }
    }

    fn inlines(&mut self, content: &mut Vec<Inline>) {
        let ends_beside =
            content.iter().any(|inline| inline.kind.as_text().is_some_and(|text| text.contains(cloze::END)));
        for inline in content.iter_mut() {
            let span = inline.span;
            match inline.child_mut() {
                // What is emphasised by itself is written of, and deletes nothing.
                Some(ChildMut::Inlines(content)) if !ends_beside && is_opener(content) => {}
                Some(child) => self.content(child, span),
                None => {}
            }
            if let InlineKind::Math { content, .. } = &mut inline.kind {
                runs::part_commands(content);
            }
        }
        text::resolve(self, content);
    }

    fn runs(&mut self, content: &mut Vec<Run>, span: Span) {
        if self.wanted.deletions == Deletions::Everywhere {
            runs::resolve(self, content, span);
        }
    }

    /// A deletion as it was opened, checked.
    fn cloze(&mut self, opener: &Opener, span: Span, empty: bool) -> Cloze {
        if empty {
            self.diagnostics.push(
                Diagnostic::new(Code::EmptyCloze, span, "the deletion has nothing in it")
                    .help("write the hidden words between `::` and `}}`, or take the braces out"),
            );
        }
        Cloze { span, numbers: opener.numbers.clone(), hint: opener.hint.clone(), assigned: false }
    }

    /// Whether a deletion may open inside `open` others; reports numbers and depths that Anki does not take.
    fn may_nest(&mut self, open: usize, opener: &Opener) -> bool {
        if opener.out_of_range {
            let found = Diagnostic::new(Code::ClozeNumber, opener.span, "the deletion's number is out of range")
                .help(format!("Anki takes 1 to {MAX_CLOZE_NUMBER}"));
            // Whoever counts from 0 has perhaps a 1 as well.
            let number = opener.span.with(opener.span.start as usize..opener.span.start as usize + "{{c0".len());
            let is_zero = ["{{c0:", "{{c0|"]
                .iter()
                .any(|zero| self.source.get(number.start as usize..).is_some_and(|rest| rest.starts_with(zero)));
            self.diagnostics.push(if is_zero { found.edit(number, "{{c1") } else { found });
        }
        if open >= MAX_NESTED_CLOZES {
            self.diagnostics.push(
                Diagnostic::new(Code::TooDeep, opener.span, "the deletion is nested too deep")
                    .help(format!("Anki takes {MAX_NESTED_CLOZES} deletions within each other")),
            );
        }
        open < MAX_NESTED_CLOZES
    }

    /// Pairs what was left open with what was left closed: a deletion that crosses its parent has both.
    fn report_open(&mut self) {
        self.openers.sort_unstable();
        self.closers.sort_unstable();
        let mut closers = std::mem::take(&mut self.closers).into_iter().peekable();
        let openers = std::mem::take(&mut self.openers);
        for (index, opener) in openers.iter().enumerate() {
            let next = openers.get(index + 1).map_or(u32::MAX, |next| next.start);
            while closers.next_if(|closer| closer.start < opener.end).is_some() {}
            let diagnostic = match closers.next_if(|closer| closer.start < next) {
                Some(closer) => Diagnostic::new(Code::CrossingCloze, *opener, "the deletion crosses its parent")
                    .caret("opens here")
                    .label(closer, "closes here, inside another element")
                    .help("open and close it within the same paragraph, list item, cell or emphasis"),
                None => Diagnostic::new(Code::UnclosedCloze, *opener, "the deletion is never closed")
                    .caret("opens here")
                    .help("close it with `}}`; a single brace inside it needs its partner, or a backslash before it"),
            };
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Whether a text is the start of a deletion and nothing else.
fn is_opener(content: &[Inline]) -> bool {
    let is_text = content.iter().all(|inline| inline.kind.as_text().is_some());
    let starts = content.first().and_then(|first| first.kind.as_text()).is_some_and(|first| first.starts_with('{'));
    if !is_text || !starts {
        return false;
    }
    let text = plain_text(content);
    opener(&text, |_| Span::new(crate::source::SourceId(0), 0..0))
        .is_some_and(|opener| text[opener.length..].trim().is_empty())
}

/// The start of a deletion: `{{c1::` or `{{c1,2|hint::`.
#[derive(Debug, Clone)]
struct Opener {
    numbers: Vec<u16>,
    out_of_range: bool,
    hint: Option<String>,
    /// Bytes it takes.
    length: usize,
    span: Span,
}

/// The opener that `text` starts with, if any; `place` turns a length from there into a span.
fn opener(text: &str, place: impl FnOnce(usize) -> Span) -> Option<Opener> {
    let (written, rest) = cloze::start(text)?;
    let hint_end = match rest.strip_prefix('|') {
        // Up to the first thing that no hint holds, so that many openers in one line are not each searched to its end.
        Some(hint) => {
            let line = &hint[..hint.find(['\n', '{', '}']).unwrap_or(hint.len())];
            line.find(SEPARATOR).map(|end| end + 1)?
        }
        None => 0,
    };
    rest[hint_end..].strip_prefix(SEPARATOR)?;
    if written.split(',').any(str::is_empty) {
        return None;
    }
    let parsed: Vec<Option<u16>> = cloze::numbers(written).collect();
    let numbers: Vec<u16> = parsed.iter().flatten().copied().collect();
    let length = cloze::START.len() + written.len() + hint_end + SEPARATOR.len();
    Some(Opener {
        out_of_range: numbers.len() != parsed.len(),
        numbers,
        hint: (hint_end > 1).then(|| rest[1..hint_end].to_owned()),
        length,
        span: place(length),
    })
}
