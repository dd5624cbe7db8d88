//! Cards that are slides: between thematic breaks or below headings of level 1, with a pause between front and back, as
//! anki-panky has them.
//!
//! The form is that of anki-panky 0.0.1.0 (`app/CardParser`) over pandoc's Markdown. What stands above the first slide and
//! slides without a pause are left to headings. With another pause than pandoc's, lines are read as ankdown reads them: what
//! stands behind a second pause are tags.

mod marks;
mod name;
mod pandoc;

use std::ops::Range;

use self::marks::{Form, Mark, MarkKind, marks};
use super::{Claim, Claimed};
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, Inline, InlineKind, NoteKind, Tag};
use crate::markdown::assemble::{Assembler, Draft};
use crate::markdown::attributes::Attributes;
use crate::markdown::tree::Tree;
use crate::source::{Source, Span};

pub(in crate::markdown) use self::name::name;

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let options = assembler.options();
    let by_lines = options.slides.pause != PANDOC;
    let form = Form { pause: &options.slides.pause, by_lines };
    let marks = marks(&rest.text, range.clone(), form);
    let slides = slides(&rest.text, &marks, range, by_lines);
    let mut reader = Reader { assembler, rest, form, claimed: Vec::new(), without_pause: Vec::new() };
    for slide in &slides {
        reader.slide(slide);
    }
    reader.report_without_pause();
    reader.report_near(&marks);
    reader.claimed
}

/// What stands between two starts.
struct Slide<'m> {
    /// From the break or heading that starts it up to the next one.
    range: Range<usize>,
    /// Its text; the heading, if there is one, is the first of it.
    text: Range<usize>,
    heading: Option<Range<usize>>,
    /// The marks in it that start nothing.
    marks: &'m [Mark],
    /// Whether anything starts it: text above the first slide is none.
    is_started: bool,
}

/// Cuts a text at its breaks and headings. A heading right behind a break starts the same slide.
fn slides<'m>(text: &str, marks: &'m [Mark], range: Range<usize>, starts_at_top: bool) -> Vec<Slide<'m>> {
    let starts = |mark: &Mark| matches!(mark.kind, MarkKind::Rule | MarkKind::Heading);
    let above = marks.iter().position(starts).unwrap_or(marks.len());
    let above = marks.get(..above).unwrap_or_default();
    let top =
        Slide { range: range.clone(), text: range.clone(), heading: None, marks: above, is_started: starts_at_top };
    let mut slides = vec![top];
    for (index, mark) in marks.iter().enumerate().filter(|(_, mark)| starts(mark)) {
        let inside = marks.get(index + 1..).unwrap_or_default();
        let length = inside.iter().position(starts).unwrap_or(inside.len());
        let inside = inside.get(..length).unwrap_or_default();
        let is_heading = mark.kind == MarkKind::Heading;
        let heading = is_heading.then(|| mark.line.clone());
        if let Some(last) = slides.last_mut() {
            let between = text.get(last.text.start..mark.line.start).unwrap_or_default();
            let is_same = is_heading && last.is_started && last.heading.is_none() && between.trim().is_empty();
            if is_same && last.range.start < last.text.start {
                (last.text.start, last.heading, last.marks) = (mark.line.start, heading, inside);
                continue;
            }
            (last.range.end, last.text.end) = (mark.line.start, mark.line.start);
        }
        let start = if is_heading { mark.line.start } else { mark.line.end };
        let whole = mark.line.start..range.end;
        slides.push(Slide { range: whole, text: start..range.end, heading, marks: inside, is_started: true });
    }
    slides
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
    rest: &'r Source,
    form: Form<'r>,
    claimed: Vec<Claimed>,
    /// The texts of slides without a pause.
    without_pause: Vec<Range<usize>>,
}

impl Reader<'_, '_> {
    fn slide(&mut self, slide: &Slide<'_>) {
        let mut pauses = slide.marks.iter().filter(|mark| mark.kind == MarkKind::Pause);
        let pause = pauses.next();
        let end = pauses.next().filter(|_| self.form.by_lines).map_or(slide.text.end, |next| next.line.start);
        let Some(pause) = pause else { return self.slide_without_pause(slide) };
        if !slide.is_started {
            let help = "write `---` in a line above the question, with an empty line below it";
            return self.report(pause.line.clone(), "this pause stands above the first slide", help);
        }
        let (front, back) = (slide.text.start..pause.line.start, pause.line.end..end);
        let (has_front, has_back) = (self.has_text(&front, slide), self.has_text(&back, slide));
        if has_front && has_back {
            return self.card(slide, front, back);
        }
        let (message, help) = if has_front {
            ("a pause with nothing below it", "write the answer there")
        } else {
            ("a pause with nothing above it", "write the question there")
        };
        let half = self.half(has_front.then_some(front), has_back.then_some(back), pause.line.clone());
        let why = self.near(pause.line.clone(), message, help);
        self.assembler.fail(half, why);
    }

    /// A heading asks by itself; what a break alone starts is a slide and no card.
    fn slide_without_pause(&mut self, slide: &Slide<'_>) {
        let Some(heading) = &slide.heading else {
            if slide.is_started && self.has_text(&slide.text, slide) {
                self.without_pause.push(slide.text.clone());
            } else if slide.is_started && slide.range.start < slide.text.start {
                self.claimed.push(Claimed { range: slide.range.clone(), claim: None });
            }
            return;
        };
        let back = heading.end..slide.text.end;
        if self.has_text(&back, slide) {
            self.card(slide, heading.clone(), back);
        }
    }

    fn card(&mut self, slide: &Slide<'_>, front: Range<usize>, back: Range<usize>) {
        let span = self.first_line(&front);
        let tags = self.tags(slide, &back);
        let Tree { blocks: mut front, headings, .. } = self.parse(front, slide.marks);
        let back = self.parse(back, slide.marks).blocks;
        let claim = if self.assembler.leaves_out(span) {
            front.extend(back);
            Claim::Prose(front)
        } else {
            let mut attributes = Attributes::default();
            if slide.heading.is_some()
                && let Some(first) = front.first_mut()
                && let Some(heading) = headings.into_iter().next()
            {
                attributes = heading.attributes;
                unmark(first);
            }
            attributes.tags.extend(tags);
            let extent = self.span(slide.range.clone());
            let (syntax, kind) = (Syntax::Slides, NoteKind::Basic);
            Claim::Note(Box::new(Draft { syntax, kind, front, back, attributes, span, extent }))
        };
        self.claimed.push(Claimed { range: slide.range.clone(), claim: Some(claim) });
    }

    /// The tags of a slide, wherever they stand; the tool reads them at its end.
    fn tags(&mut self, slide: &Slide<'_>, back: &Range<usize>) -> Vec<Tag> {
        let text = &self.rest.text;
        let line = |mark: &Mark| text.get(mark.line.clone()).unwrap_or_default();
        let is_tags = |mark: &&Mark| mark.kind == MarkKind::Tags;
        let written = slide.marks.iter().filter(is_tags).filter_map(|mark| marks::tags(line(mark)));
        // Behind the second pause.
        let field = if back.end < slide.text.end { text.get(back.end..slide.text.end) } else { None };
        let field = field.and_then(|field| field.trim_start().strip_prefix(self.form.pause)).unwrap_or_default();
        let words = written.chain([field]).flat_map(|tags| tags.split(|c: char| c.is_whitespace() || c == ','));
        let tags = words.filter_map(|word| Tag::new(&Tag::written(word))).take(Tag::MOST).collect();
        let behind = |mark: &Mark| text.get(mark.line.end..slide.text.end).unwrap_or_default();
        let is_early =
            |mark: &&Mark| !behind(mark).lines().all(|line| line.trim().is_empty() || marks::tags(line).is_some());
        // Where text stands behind others, it does behind the first ones.
        if let Some(mark) = slide.marks.iter().find(is_tags).filter(is_early) {
            let help = "write them in a paragraph by itself behind the answer";
            self.report(mark.line.clone(), "these tags stand above the end of their card", help);
        }
        tags
    }

    /// The content of a piece of a slide, without the lines among `marks` that are seen by nobody.
    fn parse(&mut self, range: Range<usize>, marks: &[Mark]) -> Tree {
        let first = marks.partition_point(|mark| mark.line.start < range.start);
        let inside = marks.iter().skip(first).take_while(|mark| mark.line.start < range.end);
        let unseen: Vec<_> = inside.filter(|mark| is_unseen(mark)).map(|mark| mark.line.clone()).collect();
        match pandoc::excerpt(self.rest, range.clone(), &unseen) {
            Some(excerpt) => self.assembler.parse_excerpt(&excerpt, false),
            None => self.assembler.parse(self.rest, range, false),
        }
    }

    /// Whether a piece of a slide says anything.
    fn has_text(&self, range: &Range<usize>, slide: &Slide<'_>) -> bool {
        let unseen = slide.marks.iter().filter(|mark| is_unseen(mark) && range.contains(&mark.line.start));
        let mut at = range.start;
        let pieces = unseen.map(|mark| std::mem::replace(&mut at, mark.line.end)..mark.line.start).collect::<Vec<_>>();
        let mut pieces = pieces.into_iter().chain(std::iter::once(at..range.end));
        pieces.any(|piece| self.rest.text.get(piece).is_some_and(|text| !text.trim().is_empty()))
    }

    /// What names a card: the first line of its front.
    fn first_line(&self, front: &Range<usize>) -> Span {
        let text = self.rest.text.get(front.clone()).unwrap_or_default();
        let start = front.start + text.len() - text.trim_start().len();
        let line = text.trim_start().lines().next().unwrap_or_default();
        self.span(start..start + line.trim_end().len())
    }

    fn report_without_pause(&mut self) {
        let Some(first) = self.without_pause.first() else { return };
        let place = self.first_line(first);
        let message = match self.without_pause.len() {
            1 => "a slide without a pause is read as text".to_owned(),
            count => format!("{count} slides without a pause are read as text"),
        };
        let found = Diagnostic::new(Code::NearCard, place, message).help(format!(
            "write a line of `{}` between question and answer{}",
            self.form.pause,
            if self.form.by_lines { "" } else { ", with an empty line above and below it" },
        ));
        self.assembler.report(found);
    }

    /// Says what is nearly a pause or a break; of many, the first.
    fn report_near(&mut self, marks: &[Mark]) {
        let pause = "this is no pause, which is a paragraph of three dots with a space between them";
        let rule = "this line makes a heading of the text above it, and ends no slide";
        for (kind, message, others, mend) in [
            (MarkKind::NearPause, pause, "lines are none", "\n. . .\n"),
            (MarkKind::NearRule, rule, "lines do", "\n---"),
        ] {
            let near: Vec<_> = marks.iter().filter(|mark| mark.kind == kind).collect();
            let shown = if near.len() > MANY { 1 } else { near.len() };
            for mark in near.iter().take(shown) {
                let message = match near.len() - shown {
                    0 => message.to_owned(),
                    count => format!("{message}; {count} more {others}"),
                };
                let place = self.span(mark.line.clone());
                let found = Diagnostic::new(Code::NearCard, place, message);
                self.assembler.report(found.help("leave an empty line above and below it").edit(place, mend));
            }
        }
    }

    /// What there is of a card, as plain text.
    fn half(&self, front: Option<Range<usize>>, back: Option<Range<usize>>, place: Range<usize>) -> Draft {
        let plain = |range: Range<usize>| {
            let span = self.span(range.clone());
            let text = self.rest.text.get(range).unwrap_or_default().trim().to_owned();
            let content = vec![Inline { span, kind: InlineKind::Text { text } }];
            Block { span, kind: BlockKind::Paragraph { content } }
        };
        let (front, back) = (front.map(plain).into_iter().collect(), back.map(plain).into_iter().collect());
        let (span, attributes) = (self.span(place), Attributes::default());
        Draft { syntax: Syntax::Slides, kind: NoteKind::Basic, front, back, attributes, span, extent: span }
    }

    fn report(&mut self, place: Range<usize>, message: &str, help: &str) {
        let near = self.near(place, message, help);
        self.assembler.report(near);
    }

    fn near(&self, place: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic::new(Code::NearCard, self.span(place), message).help(help)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.assembler.id(), range)
    }
}

/// What pandoc reads as a pause.
const PANDOC: &str = ". . .";

/// More lines of a kind than these are counted and not shown one by one.
const MANY: usize = 5;

/// Whether a line is not seen on a card: tags, and a second pause.
fn is_unseen(mark: &Mark) -> bool {
    matches!(mark.kind, MarkKind::Tags | MarkKind::Pause)
}

/// Makes a paragraph of a heading.
fn unmark(block: &mut Block) {
    if let BlockKind::Heading { content, .. } = &mut block.kind {
        block.kind = BlockKind::Paragraph { content: std::mem::take(content) };
    }
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

    /// `S` for a note, `p` for prose, in the order of the chapter.
    fn parts(text: &str) -> String {
        let parts = document(text, &[Syntax::Slides]).chapter.unwrap().parts;
        parts.iter().map(|part| if matches!(part, ChapterPart::Prose { .. }) { 'p' } else { 'S' }).collect()
    }

    #[test]
    fn slides_with_a_pause_are_notes() {
        assert_eq!(parts("a\n\n---\n\nb\n\n. . .\n\nc\n\n---\n\n---\n\nd\n"), "pSpp");
        assert_eq!(parts("---\n\n# a\n\nb\n\n# c\n\n---\n\n# d\n\n. . .\n\ne"), "SpS");
        assert_eq!(parts("---\r\n\r\na: b?\r\n\r\n. . .\r\n\r\nb\r\n\r\n---\r\n"), "S");
        assert_eq!(parts("# a\n\n---\n"), "p");
    }

    proptest::proptest! {
        /// Slides, fences and lists in any order: every place is a piece of the text, and nothing panics.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "\n---\n", "\n\n---\n\n", "\n. . .\n", "\n\n. . .\n\n", "...", "\n# ", "\n===\n", "\n## ", "- ", "  ", "    ", "\t",
                "\n", "\r\n", "\n\n", "`", "```", "\n~~~\n", "{=html}", "{=latex}", "<b>", "<!--", "-->", "\n:::\n", "\n::: {.x}\n",
                "{.a}", "{#b .c}", "[", "]", "](x)", "<AnkiTags a/>", "\n<AnkiTags b>\n", "ü", "%", "$", "a", "{", "}", "| a |",
            ]),
            0..40,
        )) {
            let text = pieces.concat();
            for syntaxes in [&[Syntax::Slides][..], &[Syntax::Slides, Syntax::Headings]] {
                let document = document(&text, syntaxes);
                let places = document.notes.iter().map(|note| note.span);
                for span in places.chain(document.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
                    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
                }
            }
        }
    }
}
