//! Cards between lines that start with `Q:`, `A:` and `C:`, as hashcards has them.
//!
//! `Q:` … `A:` … is a question and its answer, `C:` a text whose `[words]` are deletions. A card ends at the next `Q:` or
//! `C:`, at `---`, at a heading, at an id as Obsidian_to_Anki writes it, or at a comment behind an empty line. `T:` … `D:` … is a
//! term and its definition, asked both ways. What stands outside of cards is left to headings.
//! The form is that of hashcards 0.4.0 (`src/parser.rs`), with the terms of 0.5.0.

mod lists;
mod macros;
mod marks;
mod near;
mod toml;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use self::macros::Macros;
use self::marks::{Found, Mark, MarkKind, Tags, marks};
use self::near::{Near, Part};
use super::machinery::{self, Id};
use super::{Claim, Claimed};
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{AlertKind, Block, BlockKind, Inline, InlineKind, NoteKind};
use crate::markdown::assemble::{Assembler, Draft};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::cloze;
use crate::source::{Source, Span};

pub(in crate::markdown) use self::toml::read as read_toml;

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let options = assembler.options();
    let tags = Tags::new(&options, &assembler.settings().syntaxes);
    let Found { marks, near, open_fence, lone } = marks(&rest.text, range.clone(), &tags);
    let macros = Macros::of(&options.qa.macros);
    let mut reader = Reader {
        assembler,
        rest,
        macros: &macros,
        tags: &tags,
        marks: &marks,
        near: &near,
        end: range.end,
        answered: None,
        known: BTreeMap::new(),
        claimed: Vec::new(),
    };
    reader.report_lone(&lone);
    if let Some(fence) = open_fence {
        let help = "close it by a line with as many of the same signs";
        let near = reader.near(fence, "this fence is never closed, so the cards below it are code", help);
        reader.assembler.report(near);
    }
    reader.report_near();
    let mut next = 0;
    while let Some(mark) = marks.get(next) {
        next = match mark.kind {
            MarkKind::Question | MarkKind::Term => reader.question(next),
            MarkKind::Cloze => reader.cloze(next),
            MarkKind::Answer | MarkKind::Definition => reader.lone_answer(next),
            MarkKind::FileWide(is_below) => reader.file_wide(next, is_below),
            MarkKind::Rule | MarkKind::Heading | MarkKind::Comment | MarkKind::Apart | MarkKind::Id => next + 1,
        };
    }
    reader.claimed
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
    rest: &'r Source,
    /// What the author's own commands in formulas stand for.
    macros: &'r Macros<'r>,
    /// What starts the parts of cards.
    tags: &'r Tags,
    marks: &'r [Mark],
    near: &'r [Near],
    /// Where the text ends.
    end: usize,
    /// The mark at which the last card with an answer ended.
    answered: Option<usize>,
    /// What the cards say, each with what names it.
    known: BTreeMap<(&'r str, &'r str), Span>,
    claimed: Vec<Claimed>,
}

impl Reader<'_, '_> {
    /// The card of a question, which is given by its mark; the mark to go on at.
    fn question(&mut self, index: usize) -> usize {
        let answer = self.behind(index, |kind| !matches!(kind, MarkKind::Apart | MarkKind::Comment));
        let is_term = self.kind(index) == Some(MarkKind::Term);
        let wanted = if is_term { MarkKind::Definition } else { MarkKind::Answer };
        if self.kind(answer) != Some(wanted) {
            let half = self.half(index, self.text(index, self.start_of(answer)), None);
            let why =
                self.near(self.tag(index), "`Q:` without `A:`", "write the answer behind an `A:` on a line below it");
            let why = self.with_near_answer(why, self.start_of(index), self.start_of(answer));
            return self.fail(half, index, why);
        }
        let end = self.end_of_card(answer);
        let texts = (self.text(index, self.start_of(answer)), self.text(answer, self.start_of(end)));
        let (question, text) = match texts {
            (Some(question), Some(text)) => (question, text),
            (None, text) => {
                let why = self.near(self.tag(index), "`Q:` with nothing behind it", "write the question there");
                return self.fail(self.half(index, None, text), answer, why);
            }
            (Some(question), None) => {
                let why = self.near(self.tag(answer), "`A:` with nothing behind it", "write the answer there");
                return self.fail(self.half(index, Some(question), None), answer, why);
            }
        };
        self.report_apart(answer, end);
        let span = self.named(index, &question);
        self.answered = Some(end);
        if self.is_known(question.clone(), text.clone(), span) {
            return self.claim(index, end, None);
        }
        let (front, back) = (self.parse(question, index, false), self.parse(text, answer, false));
        let claim = if self.assembler.leaves_out(span) {
            Claim::Prose([self.with_tag(front, index), self.with_tag(back, answer)].concat())
        } else {
            let note = draft(NoteKind::Basic, front, back, span, self.extent(index, end));
            let reversed = is_term.then(|| (Class::Reversed, self.span(self.tag(index))));
            let attributes = Attributes { classes: reversed.into_iter().collect(), ..self.machinery(end) };
            Claim::Note(Box::new(Draft { attributes, ..note }))
        };
        self.claim(index, end, Some(claim))
    }

    /// A line of the whole file, with the next one where `is_below`: neither a card's nor prose; the mark to go on at.
    fn file_wide(&mut self, index: usize, is_below: bool) -> usize {
        let Some(mark) = self.marks.get(index) else { return index + 1 };
        let mut range = mark.line.clone();
        let behind = self.rest.text.get(range.end..self.end).unwrap_or_default();
        if is_below && let Some((line_end, rest)) = behind.split_once('\n') {
            let below = rest.split('\n').next().unwrap_or_default();
            range.end += line_end.len() + 1 + below.trim_end().len();
        }
        let next = self.marks.partition_point(|mark| mark.line.start < range.end);
        self.claimed.push(Claimed { range, claim: None });
        next
    }

    /// The card of a text with deletions.
    fn cloze(&mut self, index: usize) -> usize {
        let end = self.end_of_card(index);
        let Some(text) = self.text(index, self.start_of(end)) else {
            let help = "write a text with `[deletions]` there";
            let why = self.near(self.tag(index), "`C:` with nothing behind it", help);
            return self.fail(self.half(index, None, None), index, why);
        };
        self.report_apart(index, end);
        let span = self.named(index, &text);
        if self.is_known(text.clone(), text.end..text.end, span) {
            return self.claim(index, end, None);
        }
        let mut blocks = self.parse(text.clone(), index, true);
        if self.assembler.leaves_out(span) {
            let blocks = self.with_tag(blocks, index);
            return self.claim(index, end, Some(Claim::Prose(blocks)));
        }
        let source = &self.rest.text;
        // Alerts become fields of their own, which have no deletions.
        let is_text = |block: &&mut Block| !matches!(block.kind.alert(), Some(AlertKind::Tip | AlertKind::Note));
        let texts = blocks.iter_mut().filter(is_text);
        let deletions: usize = texts.map(|block| cloze::delete_brackets(std::slice::from_mut(block), source)).sum();
        let claim = if deletions > 0 {
            let note = draft(NoteKind::Cloze, Vec::new(), blocks, span, self.extent(index, end));
            Claim::Note(Box::new(Draft { attributes: self.machinery(end), ..note }))
        } else {
            let tag = self.tag(index);
            let why = self.near(tag, "`C:` without a deletion", "write what to hide as `[words]`");
            let mut half = self.half(index, None, Some(text));
            half.attributes.classes.push((Class::Cloze, half.span));
            self.assembler.fail(half, why);
            Claim::Prose(self.with_tag(blocks, index))
        };
        self.claim(index, end, Some(claim))
    }

    /// Says what is nearly a card: a question and an answer, or a text with deletions, whose lines start otherwise.
    fn report_near(&mut self) {
        for (index, near) in self.near.iter().enumerate() {
            let question = self.span(near.place.clone());
            let found = Diagnostic::new(Code::NearCard, question, "this is nearly a card, and is read as text");
            let [ask, tell, hide] = [Part::Question, Part::Answer, Part::Cloze].map(|part| self.tags.word(part));
            let found = match (near.kind, self.near.get(index + 1)) {
                (Part::Cloze, _) => {
                    found.help(format!("write `{hide}` at the start of its line")).edit(question, format!("{hide} "))
                }
                (Part::Question, Some(answer)) if self.may_answer(near, answer) => found
                    .help(format!("write `{ask}` and `{tell}` at the starts of their lines, and nothing before them"))
                    .edit(question, format!("{ask} "))
                    .together_with(self.span(answer.place.clone()), format!("{tell} ")),
                (Part::Question | Part::Answer, _) => continue,
            };
            self.assembler.report(found);
        }
    }

    /// Whether what is nearly an answer belongs to what is nearly a question: no card begins between, and it is not the first
    /// of several choices.
    fn may_answer(&self, question: &Near, answer: &Near) -> bool {
        let next = self.marks.partition_point(|mark| mark.line.start <= question.place.start);
        let mut between = self.marks.iter().skip(next).take_while(|mark| mark.line.start < answer.place.start);
        let begins_between = between.any(|mark| !matches!(mark.kind, MarkKind::Apart | MarkKind::Comment));
        let rest = self.rest.text.get(answer.place.end..).unwrap_or_default();
        let choice = rest.lines().nth(1).unwrap_or_default().trim_start();
        let is_choice = choice.strip_prefix(['B', 'b']).is_some_and(|rest| rest.starts_with(answer.sign));
        answer.kind == Part::Answer && !begins_between && !is_choice
    }

    /// Shows the line between two offsets that is nearly the answer.
    fn with_near_answer(&self, why: Diagnostic, start: usize, end: usize) -> Diagnostic {
        let first = self.near.partition_point(|near| near.place.start < start);
        let between = self.near.iter().skip(first).take_while(|near| near.place.start < end);
        match between.into_iter().find(|near| near.kind == Part::Answer) {
            Some(near) => why.edit(self.span(near.place.clone()), format!("{} ", self.tags.word(Part::Answer))),
            None => why,
        }
    }

    /// An answer that belongs to no question.
    fn lone_answer(&mut self, index: usize) -> usize {
        let (message, help) = if self.answered == Some(index) {
            let help = "a card has one answer; write `Q:` before the next question, or indent the line by a space";
            ("a second `A:` in one card", help)
        } else {
            ("`A:` without `Q:`", "write the question behind a `Q:` on a line above it")
        };
        let why = self.near(self.tag(index), message, help);
        self.assembler.report(why);
        self.give_back(index)
    }

    /// What is only half a card, and why: its text, up to the end of what the mark `last` starts, is prose.
    fn fail(&mut self, half: Draft, last: usize, why: Diagnostic) -> usize {
        self.assembler.fail(half, why);
        self.give_back(last)
    }

    /// Leaves a text up to the end of what a mark starts to headings; the mark to go on at.
    fn give_back(&mut self, last: usize) -> usize {
        let end = self.end_of_card(last);
        let (range, next) = self.up_to(end, end);
        self.claimed.extend((!range.is_empty()).then_some(Claimed { range, claim: None }));
        next
    }

    /// Takes a card out of the text, up to the mark `end`; the mark to go on at.
    fn claim(&mut self, index: usize, end: usize, claim: Option<Claim>) -> usize {
        let (range, next) = self.up_to(index, end);
        self.claimed.push(Claimed { range, claim });
        next
    }

    /// Whether a card says what another one does: those are one, as in the tool. Said.
    fn is_known(&mut self, question: Range<usize>, answer: Range<usize>, span: Span) -> bool {
        let text = |range| self.rest.text.get(range).unwrap_or_default();
        let texts = (text(question), text(answer));
        match self.known.entry(texts) {
            Entry::Vacant(entry) => {
                entry.insert(span);
                false
            }
            Entry::Occupied(entry) => {
                let found = Diagnostic::new(Code::NearCard, span, "this card is there already, and counts once");
                self.assembler.report(found.label(*entry.get(), "the other one").help("take one of them out"));
                true
            }
        }
    }

    /// The id that ends a card, and the tags above it.
    fn machinery(&self, end: usize) -> Attributes {
        let mark = self.marks.get(end).filter(|mark| mark.kind == MarkKind::Id);
        let id = mark.and_then(|mark| Id::alone(self.rest.text.get(mark.line.clone())?, mark.line.start));
        let tags = mark.and_then(|_| self.tags_before(self.start_of(end)));
        let tags = tags.and_then(|place| self.rest.text.get(place)).unwrap_or_default();
        let id = id.map(|id| id.explicit(self.assembler.id()));
        Attributes { id, tags: machinery::tags(tags).collect(), ..Attributes::default() }
    }

    /// The tags in the line above an offset at which an id stands, where it starts with `Tags: `.
    fn tags_before(&self, at: usize) -> Option<Range<usize>> {
        let before = self.rest.text.get(..at)?.trim_end_matches(['\n', '\r']);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let tags = machinery::tag_line(before.get(start..)?)?;
        Some(before.len() - tags.len()..before.len())
    }

    /// Terms and definitions that stand alone are text.
    fn report_lone(&mut self, lone: &[Mark]) {
        for mark in lone.iter().take(MOST_LONE) {
            let place = mark.line.start..mark.line.start + mark.tag;
            let (message, help) = if mark.kind == MarkKind::Term {
                ("`T:` without `D:`", "write the definition behind a `D:` on a line below it")
            } else {
                ("`D:` without `T:`", "write the term behind a `T:` on a line above it")
            };
            let near = self.near(place, message, help);
            self.assembler.report(near);
        }
    }

    /// The text from a mark up to another one, and the mark behind it. A rule that ends a card is no more than that.
    fn up_to(&self, index: usize, end: usize) -> (Range<usize>, usize) {
        let start = self.start_of(index);
        match self.marks.get(end).filter(|mark| matches!(mark.kind, MarkKind::Rule | MarkKind::Id)) {
            Some(rule) => (start..rule.line.end, end + 1),
            None => (start..self.start_of(end), end),
        }
    }

    /// Text that may be meant to stand by itself belongs to the card above it.
    fn report_apart(&mut self, index: usize, end: usize) {
        let inside = self.marks.get(index..end).unwrap_or_default();
        for mark in inside.iter().filter(|mark| mark.kind == MarkKind::Apart) {
            let help = "write `---` on a line above it if it is no part of the card, or leave fewer empty lines";
            let near = self.near(mark.line.clone(), "this belongs to the card above", help);
            self.assembler.report(near);
        }
    }

    /// What there is of the card at a mark, as plain text.
    fn half(&self, index: usize, question: Option<Range<usize>>, answer: Option<Range<usize>>) -> Draft {
        let plain = |range: Range<usize>| {
            let span = self.span(range.clone());
            let text = self.rest.text.get(range).unwrap_or_default().to_owned();
            let content = vec![Inline { span, kind: InlineKind::Text { text } }];
            Block { span, kind: BlockKind::Paragraph { content } }
        };
        let (front, back) = (question.map(plain).into_iter().collect(), answer.map(plain).into_iter().collect());
        let span = self.span(self.tag(index));
        draft(NoteKind::Basic, front, back, span, span)
    }

    /// All of a card, up to the mark `end`.
    fn extent(&self, index: usize, end: usize) -> Span {
        self.span(self.start_of(index)..self.start_of(end))
    }

    /// The content of a part of a card that starts at a mark. In a list, what stands below its tag is indented.
    fn parse(&mut self, text: Range<usize>, index: usize, escapes_brackets: bool) -> Vec<Block> {
        let is_listed = self
            .rest
            .text
            .get(self.tag(index))
            .is_some_and(|tag| tag.trim_start().starts_with(['-', '*', '+']) && !tag.starts_with("**"));
        let mut blocks = if is_listed {
            let excerpt = lists::dedented(self.rest, text);
            self.assembler.parse_excerpt(&excerpt, escapes_brackets).blocks
        } else {
            self.assembler.parse(self.rest, text, escapes_brackets).blocks
        };
        macros::define(&mut blocks, self.macros);
        blocks
    }

    fn kind(&self, index: usize) -> Option<MarkKind> {
        self.marks.get(index).map(|mark| mark.kind)
    }

    /// Blocks with the tag before them again.
    fn with_tag(&self, blocks: Vec<Block>, index: usize) -> Vec<Block> {
        let tag = self.tag(index);
        let word = self.rest.text.get(tag.clone()).unwrap_or_default().trim_start();
        with_tag(blocks, word, self.span(tag))
    }

    fn near(&self, place: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic::new(Code::NearCard, self.span(place), message).help(help)
    }

    /// The text of a card's part: from its tag to an offset, without white space around it; `None` where it is empty.
    fn text(&self, index: usize, end: usize) -> Option<Range<usize>> {
        let start = self.tag(index).end;
        let end = self.tags_of(end).unwrap_or(end);
        let text = self.rest.text.get(start..end)?.trim_end();
        let lead = text.len() - text.trim_start().len();
        // Below the tag's line, indentation is a part of the text.
        let lead = text.get(..lead)?.rfind('\n').map_or(lead, |line_end| line_end + 1);
        (!text.is_empty()).then(|| start + lead..start + text.len())
    }

    /// What names a card: its first line with text.
    fn named(&self, index: usize, text: &Range<usize>) -> Span {
        let line = self.rest.text.get(text.clone()).and_then(|text| text.lines().next());
        let line = line.unwrap_or_default();
        let start = text.start + line.len() - line.trim_start().len();
        let tag = self.tag(index);
        let is_beside = self.marks.get(index).is_some_and(|mark| text.start < mark.line.end);
        self.span(if is_beside { tag.start } else { start }..text.start + line.trim_end().len())
    }

    /// The mark at which a card ends whose last part starts at a mark.
    fn end_of_card(&self, index: usize) -> usize {
        self.behind(index, |kind| kind != MarkKind::Apart)
    }

    /// The next mark behind one that is of such a kind.
    fn behind(&self, index: usize, is_wanted: impl Fn(MarkKind) -> bool) -> usize {
        let behind = self.marks.iter().enumerate().skip(index + 1);
        behind.filter(|(_, mark)| is_wanted(mark.kind)).map(|(index, _)| index).next().unwrap_or(self.marks.len())
    }

    /// Where a mark's line starts; behind the last mark, where the text ends.
    fn start_of(&self, index: usize) -> usize {
        self.marks.get(index).map_or(self.end, |mark| mark.line.start)
    }

    fn tag(&self, index: usize) -> Range<usize> {
        let start = self.start_of(index);
        start..start + self.marks.get(index).map_or(0, |mark| mark.tag)
    }

    /// Where the line of tags starts above an offset, if an id stands there.
    fn tags_of(&self, end: usize) -> Option<usize> {
        let index = self.marks.partition_point(|mark| mark.line.start < end);
        self.marks.get(index).filter(|mark| mark.line.start == end && mark.kind == MarkKind::Id)?;
        self.tags_before(end).map(|tags| tags.start - "Tags: ".len())
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.assembler.id(), range)
    }
}

/// So many terms and definitions that stand alone are said.
const MOST_LONE: usize = 5;

fn draft(kind: NoteKind, front: Vec<Block>, back: Vec<Block>, span: Span, extent: Span) -> Draft {
    Draft { syntax: Syntax::Qa, kind, front, back, attributes: Attributes::default(), span, extent }
}

/// Blocks with the tag before them again.
fn with_tag(mut blocks: Vec<Block>, word: &str, tag: Span) -> Vec<Block> {
    let text = |text: String| Inline { span: tag, kind: InlineKind::Text { text } };
    if let Some(Block { span, kind: BlockKind::Paragraph { content } }) = blocks.first_mut() {
        *span = tag.to(*span);
        content.insert(0, text(format!("{word} ")));
    } else {
        blocks.insert(0, Block { span: tag, kind: BlockKind::Paragraph { content: vec![text(word.to_owned())] } });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::config::syntax::{Syntax, Syntaxes};
    use crate::ir::{ChapterPart, DeckName};
    use crate::markdown::{Document, read};
    use crate::source::{Source, SourceId};

    fn document(text: &str, syntaxes: &[Syntax]) -> Document {
        let syntaxes = Syntaxes::new(syntaxes.iter().copied()).unwrap();
        let settings = Settings { deck: DeckName::new("x"), syntaxes, ..Settings::default() };
        read(SourceId(0), &Source { path: "a.md".into(), text: text.into() }, "a.md", &settings)
    }

    /// `Q` for a note, `p` for prose, in the order of the chapter.
    fn parts(text: &str) -> String {
        let parts = document(text, &[Syntax::Qa]).chapter.unwrap().parts;
        parts.iter().map(|part| if matches!(part, ChapterPart::Prose { .. }) { 'p' } else { 'Q' }).collect()
    }

    #[test]
    fn cards_part_what_stands_around_them() {
        assert_eq!(parts("- a\n\nQ: b\nA: c\n---\n- d\n"), "pQp");
        assert_eq!(parts("- a\n\nQ:\nb\nA:\nc\n---\n  d\n"), "pQp");
        assert_eq!(parts("1. a\nC: [b]\n---\n2. c\n"), "pQp");
        assert_eq!(parts("a\nC: [b]\nQ: c\n---\nd\n"), "pQpp");
        assert_eq!(parts("- a\n\nC: [b]\n\n  <!-- c -->\n- d\n"), "pQp");
        assert_eq!(parts("- a\n\nC: [b]\n  # c\n- d\n"), "pQpp");
        assert_eq!(parts("<div>\nC: [b]\n---\n</div>\n"), "pQp");
        assert_eq!(parts("C: [ü]\r\n---\r\n> a\r\nC: [b]"), "QpQ");
    }

    proptest::proptest! {
        /// Cards, fences and lists in any order: every place is a piece of the text, and nothing panics.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "Q:", "A:", "C:", "\nQ: ", "\nA: ", "\nC: ", "\n---\n", "\n", "\r\n", "\n\n", " ", "[", "]", "\\[", "[a](b)",
                "![a](b.png)", "[^1]", "\n[^1]: ", "`", "```", "\n~~~\n", "$", "<!--", "-->", "\n# ", "\n## ", "- ", "| a | b |\n",
                "|---|---|\n", "ü", "**", "{{c1::x}}", "==", "\n: ", "> [!NOTE] ", "<div>", "{.rows}", "a",
            ]),
            0..40,
        )) {
            let text = pieces.concat();
            for syntaxes in [&[Syntax::Qa][..], &[Syntax::Qa, Syntax::Headings]] {
                let document = document(&text, syntaxes);
                assert_eq!(document.syntaxes.len(), document.notes.len());
                for part in document.chapter.into_iter().flat_map(|chapter| chapter.parts) {
                    assert!(part.notes().all(|note| note < document.notes.len()));
                }
                let places = document.notes.iter().map(|note| note.span);
                for span in places.chain(document.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
                    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
                }
            }
        }
    }
}
