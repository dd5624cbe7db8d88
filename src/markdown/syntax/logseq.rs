//! Blocks of an outline with `#card`, as Logseq has them.
//!
//! A block that refers to the page "card" asks, and what is below it answers; `{{cloze x}}` in it is a deletion. The form is
//! that of file graphs (`extensions/srs.cljs` up to December 2025), with what people write for the plug-in logseq-anki-sync
//! 6.5.0. Trees without cards and machinery are left to headings.

mod compose;
mod deletions;
mod marks;
mod outline;
mod page;

use std::collections::BTreeSet;
use std::ops::Range;

use self::compose::{Composer, Use, depth, is_switch, is_text};
use self::marks::{Direction, Mark, MarkKind, is_block_id, marks, property_refers};
use self::outline::{Line, LineKind, Node, outline};
use self::page::Page;
use super::{Claim, Claimed};
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Alert, AlertKind, Block, BlockKind, Inline, InlineKind, MAX_DEPTH, NoteKind, Tag};
use crate::markdown::assemble::{Assembler, Draft};
use crate::markdown::attributes::{Attributes, Class};
use crate::source::{Excerpt, Source, Span};

pub(in crate::markdown) use self::page::are_properties;

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let text = &rest.text;
    let nodes = outline(text, range.clone());
    let marks: Vec<Vec<Mark>> = nodes.iter().map(|node| marks(text, node)).collect();
    let own = nodes.first().and_then(|first| page::end_of_properties(text, first));
    let reads_arrows = assembler.options().logseq.arrows;
    let kinds: Vec<Option<Kind>> = nodes
        .iter()
        .zip(&marks)
        .enumerate()
        .map(|(index, (node, marks))| {
            let is_page = index == 0 && own.is_some() && node.is_properties();
            if is_page { None } else { kind(text, node, marks, reads_arrows) }
        })
        .collect();
    let mut page = Page::of(&rest.path, text, 0..range.start, nodes.first());
    assembler.call(&page.title);
    if let Some(title) = assembler.title() {
        title.clone_into(&mut page.title);
    }
    let cards: Vec<bool> = kinds.iter().map(Option::is_some).collect();
    let composer = Composer::new(rest, &nodes, &marks, &cards);
    let mut reader =
        Reader { assembler, composer, kinds: &kinds, claimed: Vec::new(), entered: Vec::new(), lost: BTreeSet::new() };
    reader.page(&page, range.start, own);
    reader.roots(own);
    // What the page says of itself is the first one.
    if reader.claimed.len() > 1 { reader.claimed } else { Vec::new() }
}

/// What makes a block a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The reference to the page.
    Card,
    /// An arrow, which is that mark.
    Arrow(usize),
}

fn kind(text: &str, node: &Node, marks: &[Mark], reads_arrows: bool) -> Option<Kind> {
    if marks.iter().any(|mark| mark.kind == MarkKind::Card) || property_refers(text, node) {
        return Some(Kind::Card);
    }
    let arrow = marks.iter().position(|mark| matches!(mark.kind, MarkKind::Arrow(_)));
    arrow.filter(|_| reads_arrows).map(Kind::Arrow)
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
    composer: Composer<'r>,
    kinds: &'r [Option<Kind>],
    claimed: Vec<Claimed>,
    /// The blocks above the last card.
    entered: Vec<usize>,
    /// Where something was lost of a card and that was said.
    lost: BTreeSet<usize>,
}

/// The level of the topmost blocks, below those of headings; that of the page is 0.
const TOPMOST: u8 = 7;

impl<'r> Reader<'r, '_> {
    /// What the page says of all its cards; its properties, up to `own`, are no text.
    fn page(&mut self, page: &Page, start: usize, own: Option<usize>) {
        let mut attributes = Attributes { tags: page.tags.clone(), ..Attributes::default() };
        if let Some((deck, place)) = &page.deck {
            attributes.deck = Some(deck.clone());
            attributes.deck_place = Some(self.span(place.clone())).filter(|place| place.start < place.end);
        }
        let (title, attributes) = (page.title.clone(), Box::new(attributes));
        let claim = Some(Claim::Above { level: 0, title, attributes });
        self.claimed.push(Claimed { range: start..start, claim });
        if let Some(end) = own {
            let first = self.node(0).map_or(start, |first| first.range().start);
            self.claimed.push(Claimed { range: first..end, claim: None });
        }
    }

    /// Claims the trees that have cards or machinery in them. What the page says of itself ends at `own`.
    fn roots(&mut self, own: Option<usize>) {
        let mut index = 0;
        while let Some(node) = self.node(index) {
            let end = node.end.max(index + 1);
            let is_page = index == 0 && own.is_some();
            let has_card = (index..end).any(|block| self.kinds.get(block).is_some_and(Option::is_some));
            let has_machinery = node.has_bullet() && (index..end).any(|block| self.has_machinery(block));
            if is_page && node.has_bullet() {
                // The first bullet is the page's; what is below it is as if it had none.
                index += 1;
                continue;
            }
            if has_card || has_machinery && !is_page {
                self.tree(index, end, own.filter(|_| is_page));
            }
            index = end;
        }
    }

    fn has_machinery(&self, index: usize) -> bool {
        let is_unread = |line: &Line| matches!(line.kind, LineKind::Property(..) | LineKind::Unseen);
        self.node(index).is_some_and(|node| node.lines.iter().any(is_unread))
    }

    /// A block and all below it.
    fn tree(&mut self, index: usize, end: usize, from: Option<usize>) {
        let range = |index: usize| self.node(index).map_or(0..0, Node::range);
        let whole = from.unwrap_or(0).max(range(index).start)..range(end - 1).end;
        let at = whole.end;
        self.claimed.push(Claimed { range: whole, claim: None });
        let (mut block, mut prose) = (index, index);
        while block < end {
            let next = self.node(block).map_or(end, |node| node.end);
            let claim = if self.kinds.get(block).is_some_and(Option::is_some) {
                self.enter(block, at, prose..block)
            } else {
                None
            };
            let Some(claim) = claim else {
                block += 1;
                continue;
            };
            self.claim(at, claim);
            for inner in block + 1..next {
                if self.kinds.get(inner).is_some_and(Option::is_some) {
                    self.nested(inner, at);
                }
            }
            (block, prose) = (next, next);
        }
        self.prose(prose..end, at);
    }

    /// A card that is no part of another one, behind prose; `None` where it is none.
    fn enter(&mut self, index: usize, at: usize, prose: Range<usize>) -> Option<Claim> {
        let claim = self.card(index)?;
        self.prose(prose, at);
        self.stand_below(index, at);
        Some(claim)
    }

    /// A card inside a card.
    fn nested(&mut self, index: usize, at: usize) {
        let Some(node) = self.node(index) else { return };
        let length = self.node(node.end - 1).map_or(0, |last| last.range().end.saturating_sub(node.range().start));
        let place = self.named(index);
        // What is left out stands in the text of the card around it.
        let is_left_out = self.composer.is_too_deep(index) && self.assembler.leaves_out(place);
        if is_left_out || !self.assembler.repeats(length, place) {
            return;
        }
        if let Some(claim) = self.card(index) {
            self.stand_below(index, at);
            self.claim(at, claim);
        }
    }

    /// Says what stands above the next card.
    fn stand_below(&mut self, index: usize, at: usize) {
        let parents =
            std::iter::successors(self.node(index).and_then(|node| node.parent), |parent| self.node(*parent)?.parent);
        let mut above: Vec<usize> = parents.collect();
        above.reverse();
        let same = above.iter().zip(&self.entered).take_while(|(one, other)| one == other).count();
        let level = |depth: usize| TOPMOST.saturating_add(u8::try_from(depth).unwrap_or(u8::MAX));
        if same < self.entered.len() {
            self.claim(at, Claim::Leave { level: level(same) });
        }
        for (depth, block) in above.iter().enumerate().skip(same) {
            let excerpt = self.composer.first_line(*block);
            let title = self.assembler.title_of(&excerpt);
            let mut attributes = Attributes::default();
            self.take_properties(*block, &mut attributes);
            attributes.id = None;
            self.claim(at, Claim::Above { level: level(depth), title, attributes: Box::new(attributes) });
        }
        self.entered = above;
    }

    /// Blocks that are no cards.
    fn prose(&mut self, blocks: Range<usize>, at: usize) {
        if blocks.is_empty() {
            return;
        }
        let excerpt = self.composer.list(blocks, Use::Prose, usize::MAX, &mut Vec::new());
        if !excerpt.text().trim().is_empty() {
            let blocks = self.assembler.parse_excerpt(&excerpt, false).blocks;
            self.claim(at, Claim::Prose(blocks));
        }
    }

    /// The note of a block that is a card; `None` where it is only nearly one.
    fn card(&mut self, index: usize) -> Option<Claim> {
        let node = self.node(index)?;
        let marks = self.composer.marks.get(index).map_or(&[][..], Vec::as_slice);
        let is_cloze = |mark: &Mark| matches!(mark.kind, MarkKind::Cloze { .. });
        let has_clozes = marks.iter().any(is_cloze);
        let arrow = match self.kinds.get(index).copied().flatten()? {
            Kind::Arrow(arrow) => Some(marks.get(arrow)?),
            Kind::Card => None,
        };
        let span = self.named(index);
        if let Some(open) = marks.iter().find(|mark| mark.kind == MarkKind::OpenCloze) {
            let found = self.near(open.range.clone(), "this deletion is never closed");
            self.fail(index, found.help("close it by `}}` in the same block"));
            return None;
        }
        if arrow.is_none() && !has_clozes && !self.composer.says_below(index) {
            let why = self.near(span.range(), "a card with nothing below it");
            let why = why.help("write the answer in a block below it, or hide words of it: `{{cloze words}}`");
            self.fail(index, why);
            return None;
        }
        if self.composer.is_too_deep(index) && !self.assembler.leaves_out(span) {
            // Each card of a deep tree would be read with all that is below it.
            let message = format!("blocks are nested more than {MAX_DEPTH} levels deep below this card");
            let why = Diagnostic::new(Code::TooDeep, span, message).help("nest them less deep");
            self.fail(index, why);
            return None;
        }
        if self.assembler.leaves_out(span) {
            let excerpt = self.composer.list(index..node.end, Use::Prose, usize::MAX, &mut Vec::new());
            return Some(Claim::Prose(self.assembler.parse_excerpt(&excerpt, false).blocks));
        }
        let mut attributes = Attributes::default();
        self.take_properties(index, &mut attributes);
        let switches = self.take_tags(index, &mut attributes);
        let draft = match arrow {
            Some(Mark { range, kind: MarkKind::Arrow(direction) }) => {
                let range = range.clone();
                let front = self.parse(index, Use::Prompt, 0..range.start);
                let mut back = self.parse(index, Use::Prompt, range.end..usize::MAX);
                back.extend(self.below(index, switches.levels));
                self.basic(index, front, back, *direction, attributes)
            }
            Some(_) => return None,
            None if has_clozes => self.cloze(index, switches, attributes)?,
            None => {
                let front = self.parse(index, Use::Prompt, 0..usize::MAX);
                let back = self.below(index, switches.levels);
                if let Some(place) = switches.incremental {
                    attributes.classes.push((Class::List, place));
                }
                self.basic(index, front, back, switches.direction, attributes)
            }
        };
        Some(Claim::Note(Box::new(draft)))
    }

    /// A note that asks and answers.
    fn basic(
        &mut self,
        index: usize,
        front: Vec<Block>,
        back: Vec<Block>,
        direction: Direction,
        mut attributes: Attributes,
    ) -> Draft {
        let span = self.named(index);
        let (front, mut back) = match direction {
            Direction::Backward => (back, front),
            Direction::Forward | Direction::Both => (front, back),
        };
        if direction == Direction::Both {
            attributes.classes.push((Class::Reversed, span));
        }
        let extra = self.extra(index);
        back.extend(extra);
        self.draft(index, NoteKind::Basic, front, back, attributes)
    }

    /// A note with deletions: all in one card, but for those with numbers. What is below it stands below the answer.
    fn cloze(&mut self, index: usize, switches: Switches, attributes: Attributes) -> Option<Draft> {
        let marks = self.composer.marks.get(index).map_or(&[][..], Vec::as_slice);
        let mut text = self.parse(index, Use::Deletions, 0..usize::MAX);
        let (source, id) = (&self.composer.source.text, self.assembler.id());
        let is_empty = |mark: &&Mark| matches!(&mark.kind, MarkKind::Cloze { text, .. } if text.is_empty());
        let why = if let Some(empty) = marks.iter().find(is_empty) {
            Some(self.near(empty.range.clone(), "a deletion with nothing in it").help("write what to hide there"))
        } else {
            let signs = self.composer.signs;
            let is_whole = signs.is_some_and(|signs| deletions::resolve(&mut text, signs, marks, source, id));
            let help = "open and close each within the same paragraph, cell or emphasis, and in no link's address";
            let place = self.named(index).range();
            (!is_whole).then(|| self.near(place, "a deletion of this card crosses what it stands in").help(help))
        };
        if let Some(why) = why {
            self.fail(index, why);
            return None;
        }
        let below = self.below(index, switches.levels);
        let extra = self.extra(index);
        text.extend(alert(below));
        text.extend(extra);
        Some(self.draft(index, NoteKind::Cloze, Vec::new(), text, attributes))
    }

    fn draft(
        &self,
        index: usize,
        kind: NoteKind,
        front: Vec<Block>,
        back: Vec<Block>,
        attributes: Attributes,
    ) -> Draft {
        let last = self.node(index).and_then(|node| self.node(node.end - 1));
        let end = last.map_or(0, |last| last.range().end);
        let start = self.node(index).map_or(end, |node| node.range().start);
        let (span, extent) = (self.named(index), self.span(start..end));
        Draft { syntax: Syntax::Logseq, kind, front, back, attributes, span, extent }
    }

    /// The property `extra::`, which stands below the answer.
    fn extra(&mut self, index: usize) -> Option<Block> {
        let source = self.composer.source;
        let (value, _) = self.node(index)?.properties(&source.text, "extra").next()?;
        alert(self.assembler.parse(source, value, false).blocks)
    }

    /// What is below a block, as a list.
    fn below(&mut self, index: usize, levels: usize) -> Vec<Block> {
        let Some(end) = self.node(index).map(|node| node.end) else { return Vec::new() };
        let mut lost = Vec::new();
        let excerpt = self.composer.list(index + 1..end, Use::Answer, levels, &mut lost);
        self.parse_excerpt(&excerpt, index, &lost)
    }

    fn parse(&mut self, index: usize, what: Use, clip: Range<usize>) -> Vec<Block> {
        let mut lost = Vec::new();
        let excerpt = self.composer.lines(index, what, clip, &mut lost);
        self.parse_excerpt(&excerpt, index, &lost)
    }

    fn parse_excerpt(&mut self, excerpt: &Excerpt, index: usize, lost: &[Range<usize>]) -> Vec<Block> {
        let place = self.named(index);
        let repeated = self.composer.take_repeated();
        if repeated > 0 {
            self.assembler.repeats(repeated, place);
        }
        for range in lost {
            if self.lost.insert(range.start) {
                self.report_lost(range.clone());
            }
        }
        if excerpt.text().trim().is_empty() {
            return Vec::new();
        }
        self.assembler.parse_excerpt(excerpt, false).blocks
    }

    /// Says that a macro or a reference is not on a card.
    fn report_lost(&mut self, range: Range<usize>) {
        let text = self.composer.source.text.get(range.clone()).unwrap_or_default();
        let start = range.start + text.len() - text.trim_start().len();
        let (message, help) = if text.trim_start().starts_with("((") {
            ("the block that this refers to is not in this file, and is left out", "write its text here")
        } else {
            ("this macro is left out", "write down what it shows")
        };
        let found = Diagnostic::new(Code::ForeignMarkup, self.span(start..range.end), message).help(help);
        self.assembler.report(found);
    }

    /// What the properties of a block say of its card, or of those below it.
    fn take_properties(&self, index: usize, attributes: &mut Attributes) {
        let (text, Some(node)) = (&self.composer.source.text, self.node(index)) else { return };
        for (value, _) in node.properties(text, "tags") {
            let names = page::tags(text.get(value).unwrap_or_default());
            attributes.tags.extend(names.filter(|tag| !tag.as_str().eq_ignore_ascii_case("card")));
        }
        for (value, line) in node.properties(text, "id").take(1) {
            let id = text.get(value).unwrap_or_default();
            if is_block_id(id) {
                attributes.id = Some((format!("ls-{id}"), self.span(line.start..line.end)));
            }
        }
        for (value, _) in node.properties(text, "deck").take(1) {
            attributes.deck = page::deck(text.get(value.clone()).unwrap_or_default());
            attributes.deck_place = attributes.deck.is_some().then(|| self.span(value));
        }
    }

    /// The tags in a block's text; those that say how it asks are none of the note.
    fn take_tags(&self, index: usize, attributes: &mut Attributes) -> Switches {
        let text = &self.composer.source.text;
        let mut switches = Switches { direction: Direction::Forward, incremental: None, levels: usize::MAX };
        let directions = self.node(index).into_iter().flat_map(|node| node.properties(text, "direction"));
        let directions = directions.filter_map(|(value, _)| Direction::of(text.get(value)?.trim()));
        switches.direction = directions.last().unwrap_or(Direction::Forward);
        for mark in self.composer.marks.get(index).into_iter().flatten() {
            let MarkKind::Tag(name) = &mark.kind else { continue };
            let name = text.get(name.clone()).unwrap_or_default();
            if !is_switch(name) {
                // Numbers are no tags: `#1` is the first of several.
                let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
                attributes.tags.extend(Tag::joined(&Tag::written(name)).filter(|_| !is_number));
                continue;
            }
            match name.to_ascii_lowercase().as_str() {
                "forward" => switches.direction = Direction::Forward,
                "reversed" => switches.direction = Direction::Backward,
                "bidirectional" => switches.direction = Direction::Both,
                "incremental" => switches.incremental = Some(self.span(mark.range.clone())),
                other => switches.levels = depth(other).unwrap_or(switches.levels),
            }
        }
        attributes.tags.truncate(Tag::MOST);
        switches
    }

    /// What is only nearly a card, and why: it is prose.
    fn fail(&mut self, index: usize, why: Diagnostic) {
        let span = self.named(index);
        let text = self.composer.source.text.get(span.range()).unwrap_or_default().to_owned();
        let content = vec![Inline { span, kind: InlineKind::Text { text } }];
        let front = vec![Block { span, kind: BlockKind::Paragraph { content } }];
        let mut attributes = Attributes::default();
        self.take_properties(index, &mut attributes);
        let half = Draft { extent: span, ..self.draft(index, NoteKind::Basic, front, Vec::new(), attributes) };
        self.assembler.fail(half, why);
    }

    /// What names a card: its first line.
    fn named(&self, index: usize) -> Span {
        let Some(node) = self.node(index) else { return self.span(0..0) };
        let first = node.lines.iter().find(|line| is_text(line)).or(node.lines.first());
        self.span(first.map_or(0..0, |line| line.text.clone()))
    }

    fn claim(&mut self, at: usize, claim: Claim) {
        self.claimed.push(Claimed { range: at..at, claim: Some(claim) });
    }

    fn node(&self, index: usize) -> Option<&'r Node> {
        self.composer.nodes.get(index)
    }

    fn near(&self, place: Range<usize>, message: &str) -> Diagnostic {
        Diagnostic::new(Code::NearCard, self.span(place), message)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.assembler.id(), range)
    }
}

/// What tags say of how a card asks.
#[derive(Clone, Copy)]
struct Switches {
    direction: Direction,
    /// Where each block below is said to be a deletion.
    incremental: Option<Span>,
    /// How many levels of blocks below are on the card.
    levels: usize,
}

/// Blocks as what stands below an answer.
fn alert(blocks: Vec<Block>) -> Option<Block> {
    let span = blocks.first().zip(blocks.last()).map(|(first, last)| first.span.to(last.span))?;
    let alert = Alert { kind: AlertKind::Note, title: Vec::new(), blocks };
    Some(Block { span, kind: BlockKind::Alert(Box::new(alert)) })
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::config::syntax::{OptionsLayer, Syntax, Syntaxes, Value};
    use crate::diagnostic::Code;
    use crate::ir::{Block, ChapterPart, DeckName, plain_text};
    use crate::markdown::{Document, read};
    use crate::source::{Source, SourceId};
    use crate::text::steps;

    fn document(text: &str, syntaxes: &[Syntax], arrows: bool) -> Document {
        let syntaxes = Syntaxes::new(syntaxes.iter().copied()).unwrap();
        let mut options = OptionsLayer::default();
        options.set(Syntax::Logseq, "arrows", Value::Text(arrows.to_string())).unwrap();
        let settings = Settings { deck: DeckName::new("x"), syntaxes, options, ..Settings::default() };
        read(SourceId(0), &Source { path: "a.md".into(), text: text.into() }, "a.md", &settings)
    }

    /// `L` for a note, `p` for prose, in the order of the chapter.
    fn parts(text: &str) -> String {
        let parts = document(text, &[Syntax::Logseq], false).chapter.unwrap().parts;
        parts.iter().map(|part| if matches!(part, ChapterPart::Prose { .. }) { 'p' } else { 'L' }).collect()
    }

    #[test]
    fn references_look_at_no_more_than_they_show() {
        let id = "6512aaaa-0000-4000-8000-000000000001";
        let card = |below: String| format!("{below}- q #card\n{}", format!("\t- (({id}))\n").repeat(2_000));
        for lines in [format!("x\n  {}", "#a ".repeat(2_000)), format!("\n{}  x", "  a:: b\n".repeat(9))] {
            let text = card(format!("- {lines}\n  id:: {id}\n"));
            let (steps, document) = steps::taken_by(|| document(&text, &[Syntax::Logseq], false));
            assert_eq!(document.notes.len(), 1);
            assert!(steps <= 2 * text.len(), "{steps} of {}", text.len());
        }
    }

    #[test]
    fn cards_stand_among_prose() {
        assert_eq!(parts("- a\n\t- b #card\n\t\t- c\n\t- d\n- e\n"), "pLpp");
        assert_eq!(parts("a\n\n- b #card\n  - c #card\n    - d\n- e\n"), "pLLp");
        assert_eq!(parts("x:: y\n---\n\n- b\n"), "p");
        assert_eq!(parts("- b\n  id:: x\n- c\n"), "pp");
        assert_eq!(parts("- b #card\r\n  - c\r\n\r\n\r\ntext"), "Lp");
    }

    /// The texts of content, and of code.
    fn texts(blocks: &[Block], out: &mut String) {
        for block in blocks {
            block.for_each_child(&mut |child| match child {
                crate::ir::Child::Blocks(blocks) => texts(blocks, out),
                crate::ir::Child::Inlines(content) => *out += &plain_text(content),
                crate::ir::Child::Runs(_) => {}
            });
            out.push('\n');
        }
    }

    #[test]
    fn no_machinery_is_on_a_card() {
        let id = "6512aaaa-0000-4000-8000-000000000001";
        let machinery = [
            "card-repeats:: 4".to_owned(),
            "card-last-reviewed:: 2024-01-01T00:00:00.000Z".to_owned(),
            format!("id:: {id}"),
            "collapsed:: true".to_owned(),
            "logseq.order-list-type:: number".to_owned(),
            "deck:: A/B".to_owned(),
            "extra:: more".to_owned(),
            ":LOGBOOK:\n  CLOCK: [2024]\n  :END:".to_owned(),
            "SCHEDULED: <2024-05-01 Wed>".to_owned(),
        ];
        for lines in machinery.iter().chain([&machinery.join("\n  ")]) {
            for inline in
                ["#card", "#[[card]]", "[[Card]]", "#card {{query x}}", "{{embed ((x))}} #CARD", "#card #depth-3"]
            {
                let below = format!(
                    "\t- b {{{{cloze c}}}} {inline}\n\t  {}\n\t\t- d ((6512aaaa-0000-4000-8000-000000000002))\n",
                    lines.replace("  ", "\t  ")
                );
                for text in [
                    format!("- TODO a {inline}\n  {lines}\n{below}"),
                    format!("- ## [#A] {inline} a {{{{cloze x \\\\ y}}}}\n  {lines}\n  more\n{below}"),
                ] {
                    let notes = document(&text, &[Syntax::Logseq], false).notes;
                    assert!(!notes.is_empty(), "{text}");
                    let mut fields = String::new();
                    for note in &notes {
                        note.sides().into_iter().chain([&note.hint[..]]).for_each(|side| texts(side, &mut fields));
                    }
                    for sign in [
                        "::",
                        "#card",
                        "[[",
                        "{{",
                        "}}",
                        "((",
                        "LOGBOOK",
                        ":END:",
                        "SCHEDULED",
                        "TODO",
                        "[#A]",
                        "depth-",
                    ] {
                        assert!(
                            !fields.to_lowercase().contains(&sign.to_lowercase()),
                            "{sign} in {fields:?} of {text}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn cards_that_hold_too_deep_blocks_are_not_read_each() {
        let outline = (0..200).fold(String::new(), |outline, level| outline + &"\t".repeat(level) + "- a #card\n");
        let document = document(&outline, &[Syntax::Logseq], false);
        let unread = document.diagnostics.iter().filter(|found| found.message.ends_with("below this card")).count();
        // Of the last one nothing answers; the others above it hold as many levels as content may.
        assert_eq!(unread, 200 - 1 - crate::ir::MAX_DEPTH);
    }

    #[test]
    fn cards_inside_cards_are_read_so_often_and_no_more() {
        // Each of them is read with all that are around it.
        let nested = |count: usize, length: usize| {
            let card = |depth: usize| {
                let blanks = "\t".repeat(depth);
                format!("{blanks}- a #card\n{blanks}  {}\n", "w".repeat(length))
            };
            document(&(0..count).map(card).collect::<String>(), &[Syntax::Logseq], false)
        };
        let is_large = |document: &Document| document.diagnostics.iter().any(|found| found.code == Code::LargeFile);
        assert_eq!(nested(20, 10).notes.len(), 19);
        let large = nested(30, 200_000);
        assert!(large.is_left_out && is_large(&large));
    }

    #[test]
    fn what_is_wrong_in_a_card_inside_a_card_is_said_once() {
        let text = "- a #card\n\t- b #card\n\t\t- <% x %>\n\t\t- {{query x}}\n\t\t- $5 and $x\n y$\n";
        let document = document(text, &[Syntax::Logseq], false);
        let mut said: Vec<_> = document.diagnostics.iter().map(|found| (found.span, &found.message)).collect();
        let count = said.len();
        said.sort();
        said.dedup();
        assert!(count >= 2 && said.len() == count, "{said:?}");
    }

    #[test]
    fn blocks_that_are_referred_to_are_put_in_so_often_and_no_more() {
        let id = "6512aaaa-0000-4000-8000-000000000001";
        let text = format!("- {}\n  id:: {id}\n", "w".repeat(1_000_000));
        let cards = format!("- q #card\n\t- (({id}))\n").repeat(40);
        assert!(document(&(text + &cards), &[Syntax::Logseq], false).is_left_out);
    }

    proptest::proptest! {
        /// Blocks, macros and fences in any order: every place is a piece of the text, and nothing panics.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "\n- ", "\n\t- ", "\n  - ", "\n\t\t- ", "\n    * ", "\n+ ", "\n  ", "\n\t", "\n", "\r\n", "\n\n", " ", "\t",
                "#card", "[[card]]", "#[[card]]", "{{cloze ", "{{c2 ", "}}", "\\\\", "{{embed x}}", "{{", "id:: x", "tags:: card",
                "((6512aaaa-0000-4000-8000-000000000001))", "id:: 6512aaaa-0000-4000-8000-000000000001", "[a](((", "#a", ":->", ":<->",
                "`", "```", "\n~~~\n", "$", "<!--", "-->", "**", "==", "# ", "TODO ", "[#A] ", "\n---\n", ":LOGBOOK:", ":END:",
                "![a](b.png){:height 1}", "| a |", "ü", "⦃", "⦄", "a", "#reversed", "#incremental", "extra:: b", "> [!NOTE] ",
            ]),
            0..40,
        )) {
            let text = pieces.concat();
            for syntaxes in [&[Syntax::Logseq][..], &[Syntax::Logseq, Syntax::Headings]] {
                let document = document(&text, syntaxes, true);
                let places = document.notes.iter().map(|note| note.span);
                for span in places.chain(document.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
                    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
                }
            }
        }
    }
}
