//! Cards of the plug-in Spaced Repetition: `question::answer` in a line, lines of `?` between question and answer, and paragraphs
//! with `==deletions==`.
//!
//! A file has cards where one of its tags says so, or its folder does; tags name decks. What the plug-in writes for itself is in no
//! field. An action string (`==ash;;x==`) asks, shows and hides per card: Anki has no card that hides what it does not ask for, so
//! such a deletion is hidden there as well, with `[—]` in its place, and shown with the answer.
//! The form is that of obsidian-spaced-repetition 1.15.4 (`src/parser.ts`, `src/note/note-question-parser.ts`).

mod cards;
mod deletions;
mod literal;
mod machinery;
mod near;
mod pieces;
mod separators;
mod switch;
mod tags;

use std::collections::BTreeMap;
use std::ops::Range;

use self::cards::{CardKind, Cards, Part, Role, content_start, own_tags};
use self::deletions::Patterns;
use self::near::{Kind, Near};
use self::pieces::{Pieces, Start, Switches};
use self::switch::Switch;
use super::lines::behind_marks;
use super::{Claim, Claimed, Gate};
use crate::config::Settings;
use crate::config::syntax::{ObsidianOptions, Syntax};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{Block, BlockKind, ChildMut, DeckName, Inline, InlineKind, NoteKind, Tag};
use crate::markdown::File;
use crate::markdown::assemble::{Assembler, Draft};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::cloze::{self, Signs};
use crate::source::{Excerpt, Source, Span};
use crate::text::path::below;

pub(in crate::markdown) use self::switch::take_tags;

/// The deck that the file puts into effect.
pub(super) fn gate(file: File<'_>, yaml: Option<Range<usize>>, body: Range<usize>, settings: &Settings) -> Gate {
    let options = settings.syntax_options();
    let text = &file.source.text;
    match Switch::of(text, yaml, body, path(file, settings), &options.obsidian, settings.math) {
        Switch::On(deck) => Gate { deck: Some(deck.name), said: Vec::new() },
        Switch::Off => Gate { deck: None, said: switch::was_reviewed(file.id, text).into_iter().collect() },
        Switch::Ignored => Gate::default(),
    }
}

/// Whether the file is one of those that the settings keep from having cards.
pub(in crate::markdown) fn passes_over(file: File<'_>, settings: &Settings) -> bool {
    settings.syntaxes.iter().eq([Syntax::Obsidian])
        && switch::passes_over(path(file, settings), &settings.syntax_options().obsidian)
}

/// The path of a file from its vault's folder, or else from that of all notes.
fn path<'f>(file: File<'f>, settings: &Settings) -> &'f str {
    let below_vault = settings.vault.as_ref().and_then(|vault| below(&file.source.path, &vault.root));
    below_vault.unwrap_or(file.chapter)
}

/// Takes the cards out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let (options, settings, source) = (assembler.options(), assembler.settings(), assembler.source());
    let path = settings.vault.as_ref().and_then(|vault| below(&source.path, &vault.root));
    let path = path.or_else(|| below(&source.path, assembler.folder())).unwrap_or(&source.path);
    let yaml = Some(0..range.start).filter(|_| source.text.starts_with("---"));
    let deck = match Switch::of(&source.text, yaml, range.clone(), path, &options.obsidian, settings.math) {
        Switch::On(deck) => deck,
        Switch::Off => {
            if let Some(found) = switch::was_reviewed(assembler.id(), &source.text) {
                assembler.report(found);
            }
            return Vec::new();
        }
        Switch::Ignored => return Vec::new(),
    };
    let patterns = Patterns::of(&options.obsidian.clozes);
    let cards = Cards::of(&rest.text, range, &options.obsidian, &patterns, settings.math);
    let mut reader = Reader {
        rest,
        options: &options.obsidian,
        patterns: &patterns,
        math: settings.math,
        deck_of_file: settings.deck.clone(),
        ids: ids(&rest.text, &cards),
        cards: &cards,
        deck,
        claimed: Vec::new(),
        assembler,
    };
    for part in &cards.parts {
        match part {
            Part::Card { kind, lines } => reader.card(kind, lines.clone()),
            Part::Tagged(line) => reader.tagged(*line),
            Part::Apart(line) => reader.apart(*line),
        }
    }
    reader.report_near();
    reader.claimed
}

/// How often each id of a block stands in a text.
fn ids<'t>(text: &'t str, cards: &Cards) -> BTreeMap<&'t str, usize> {
    let mut ids = BTreeMap::new();
    let lines = cards.lines.iter().zip(&cards.roles).filter(|(_, role)| **role != Role::Opaque);
    for (line, _) in lines {
        let line = text.get(line.range.clone()).unwrap_or_default();
        if line.contains('^')
            && let Some(id) = machinery::written(line).id
        {
            *ids.entry(line.get(id).unwrap_or_default()).or_default() += 1;
        }
    }
    ids
}

/// The deck of cards, and the tags that are written beside the one that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Deck {
    name: DeckName,
    /// Where it is named, if that is in the text.
    place: Option<Range<usize>>,
    tags: Vec<Tag>,
}

impl Deck {
    /// The deck that the first of some tags names.
    fn of(found: &[tags::Found<'_>], at: usize) -> Option<Self> {
        let (first, others) = found.split_first()?;
        let tags = others.iter().filter_map(|other| tags::note_tag(other.tag)).collect();
        let place = Some(at + first.range.start..at + first.range.end);
        Some(Self { name: tags::deck(first.tag)?, place, tags })
    }
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
    rest: &'r Source,
    cards: &'r Cards,
    options: &'r ObsidianOptions,
    patterns: &'r Patterns,
    math: bool,
    /// The deck of notes that say nothing of one.
    deck_of_file: Option<DeckName>,
    ids: BTreeMap<&'r str, usize>,
    /// The deck at hand.
    deck: Deck,
    claimed: Vec<Claimed>,
}

/// What all cards have.
struct Head {
    /// The first line that is more than tags.
    first: usize,
    /// Where its text starts, behind tags.
    start: Start,
    deck: Deck,
}

impl<'r> Reader<'r, '_> {
    fn card(&mut self, kind: &CardKind, lines: Range<usize>) {
        let head = self.head(lines.clone());
        let claim = match kind {
            CardKind::Inline(card) => self.inline(card, head, &lines),
            CardKind::Separated { separator, is_reversed } => self.separated(*separator, *is_reversed, head, &lines),
            CardKind::Cloze => self.cloze(head, &lines),
        };
        let range = self.line(lines.start).start..self.line(lines.end.saturating_sub(1)).end;
        self.claimed.push(Claimed { range, claim: Some(claim) });
    }

    /// Where a card starts, and which deck it is in: that of a tag before its text, else that of tags in lines above.
    fn head(&mut self, lines: Range<usize>) -> Head {
        let mut own = None;
        let mut first = lines.start;
        while first + 1 < lines.end {
            let range = self.line(first);
            let line = self.text(range.clone());
            let found = tags::in_line(line, 0, self.math);
            let is_of_tags = self.cards.role(first) == Role::Text && tags::are_all(line, &found);
            if !is_of_tags && self.cards.role(first) != Role::Nothing && self.cards.role(first) != Role::Machinery {
                break;
            }
            if is_of_tags && !self.options.folders_as_decks {
                own = Deck::of(&found, range.start);
                self.enter(&found, range.start);
            }
            first += 1;
        }
        let range = self.line(first);
        let line = self.text(range.clone());
        let marks = cards::marks_end(line);
        let found = own_tags(line, marks, self.options, self.math);
        if !self.options.folders_as_decks {
            own = Deck::of(&found, range.start).or(own);
        }
        let tags_end =
            found.last().map(|last| line.len() - line.get(last.range.end..).unwrap_or_default().trim_start().len());
        let marks = tags_end.filter(|_| marks > cards::indent(line)).map(|_| range.start..range.start + marks);
        let start = Start { marks, at: range.start + tags_end.unwrap_or(0) };
        Head { first, start, deck: own.unwrap_or_else(|| self.deck.clone()) }
    }

    /// Goes on with the deck that tags put into effect.
    fn enter(&mut self, found: &[tags::Found<'_>], at: usize) {
        let are_switches = found.iter().filter(|found| tags::is_among(found.tag, &self.options.tags));
        let switches: Vec<_> = are_switches.cloned().collect();
        self.deck = Deck::of(&switches, at).unwrap_or_else(|| self.deck.clone());
    }

    /// A line outside of cards that has a `#` in it.
    fn tagged(&mut self, line: usize) {
        let range = self.line(line);
        let text = self.text(range.clone());
        let found = tags::in_line(text, 0, self.math);
        if self.options.folders_as_decks || !found.iter().any(|found| tags::is_among(found.tag, &self.options.tags)) {
            return;
        }
        self.enter(&found, range.start);
        if tags::are_all(text, &found) {
            self.apart(line);
        } else if cards::heading_level(text).is_some() {
            // It is the context of cards.
            let switches = found.iter().filter(|found| tags::is_among(found.tag, &self.options.tags));
            let places = switches.map(|found| range.start + found.range.start..range.start + found.range.end);
            self.claimed.extend(places.map(|range| Claimed { range, claim: None }));
        }
    }

    /// A line that is not even prose.
    fn apart(&mut self, line: usize) {
        self.claimed.push(Claimed { range: self.line(line), claim: None });
    }

    fn inline(&mut self, card: &separators::Card, head: Head, lines: &Range<usize>) -> Claim {
        let at = self.line(lines.start).start;
        let place = |range: &Range<usize>| at + range.start..at + range.end;
        let (front, back) = (place(&card.front), place(&card.back));
        let span = self.span(front.clone());
        if self.assembler.leaves_out(span) {
            return self.left_out(lines);
        }
        let (front, back) = (self.side(front), self.side(back));
        let reversed = card.is_reversed.then(|| self.span(place(&card.separator)));
        let made = Made { span, lines: lines.clone(), deck: head.deck, reversed };
        Claim::Note(Box::new(self.draft(NoteKind::Basic, front, back, made)))
    }

    /// One side of a card in a line.
    fn side(&mut self, range: Range<usize>) -> Vec<Block> {
        let text = self.text(range.clone());
        if machinery::first_schedule(text).is_none() {
            return self.assembler.parse(self.rest, range, false).blocks;
        }
        let mut excerpt = Excerpt::default();
        machinery::push_written(&mut excerpt, self.rest, range);
        self.parse_excerpt(&excerpt)
    }

    fn separated(&mut self, separator: usize, is_reversed: bool, head: Head, lines: &Range<usize>) -> Claim {
        let Head { first, mut start, deck } = head;
        let line = self.line(first);
        let text = self.text(line.clone());
        // A card within an element of a list is no list.
        let marks = line.start + text.len() - behind_marks(text).len();
        let is_within = marks > line.start + cards::indent(text) && !text.trim_start().starts_with('>') && {
            super::lines::indentation(self.text(self.line(separator))) > super::lines::indentation(text)
        };
        if is_within {
            start = Start { marks: None, at: line.start + content_start(text, self.options, self.math) };
        }
        let front = self.pieces(first..separator, &start);
        let back = self.pieces(separator + 1..self.end_of(lines), &self.start_of(separator + 1));
        let span = self.span(front.first_line().unwrap_or(line));
        if self.assembler.leaves_out(span) {
            return self.left_out(lines);
        }
        let (front, back) = (self.parse(&front), self.parse(&back));
        let reversed = is_reversed.then(|| self.span(self.line(separator)));
        let made = Made { span, lines: lines.clone(), deck, reversed };
        let heading = heading(&front, self.assembler.source());
        let draft = self.draft(NoteKind::Basic, front, back, made);
        headed(heading, draft)
    }

    fn cloze(&mut self, head: Head, lines: &Range<usize>) -> Claim {
        let Head { first, start, deck } = head;
        let pieces = self.pieces(first..self.end_of(lines), &start);
        let span = self.span(pieces.first_line().unwrap_or_else(|| self.line(first)));
        let signs = Signs::unused_in(self.rest.text.get(self.range(lines)).unwrap_or_default());
        let Some(signs) = signs.filter(|_| !self.assembler.leaves_out(span)) else { return self.left_out(lines) };
        let mut hidden = pieces.hide(self.rest, self.patterns, self.math, self.assembler.id(), signs);
        let made = Made { span, lines: lines.clone(), deck, reversed: None };
        if hidden.deletions.is_empty() {
            let message = "no card asks for a deletion of this text";
            let near =
                Diagnostic::new(Code::NearCard, span, message).help("let one of them say `a`, or give it a number");
            return self.torn(hidden.mistakes, near, made, |reader| reader.left_out(lines));
        }
        let mut blocks = self.parse_excerpt(&hidden.excerpt);
        let torn = cloze::delete_marked(&mut blocks, signs, &hidden.deletions);
        let crossing =
            torn.into_iter().filter_map(|index| hidden.deletions.get(index)).map(|torn| crossing(torn.range));
        hidden.mistakes.extend(crossing);
        if !cloze::has_deletions(&blocks) {
            let message = "all deletions of this text stand in code or HTML";
            let near = Diagnostic::new(Code::NearCard, span, message).help("write what to hide as text");
            return self.torn(hidden.mistakes, near, made, |_| Claim::Prose(blocks));
        }
        let heading = heading(&blocks, self.assembler.source());
        let mut draft = self.draft(NoteKind::Cloze, Vec::new(), blocks, made);
        draft.attributes.mistakes = hidden.mistakes.iter().map(|mistake| mistake.span).collect();
        for mistake in hidden.mistakes {
            self.assembler.report(mistake);
        }
        headed(heading, draft)
    }

    /// A text of which no deletion is left, and what is wrong with those that there were; else `near` says why.
    fn torn(
        &mut self,
        mistakes: Vec<Diagnostic>,
        near: Diagnostic,
        made: Made,
        prose: impl FnOnce(&mut Self) -> Claim,
    ) -> Claim {
        let mut mistakes = mistakes.into_iter();
        let first = mistakes.next().unwrap_or(near);
        let text = self.rest.text.get(made.span.range()).unwrap_or_default().to_owned();
        let content = vec![Inline { span: made.span, kind: InlineKind::Text { text } }];
        let text = vec![Block { span: made.span, kind: BlockKind::Paragraph { content } }];
        let place = made.span;
        let mut half = self.draft(NoteKind::Cloze, Vec::new(), text, made);
        half.attributes.classes.push((Class::Cloze, place));
        self.assembler.fail(half, first);
        for mistake in mistakes {
            self.assembler.report(mistake);
        }
        prose(self)
    }

    /// Lines of a card.
    fn pieces(&self, lines: Range<usize>, start: &Start) -> Pieces {
        let switches = Switches { options: self.options, math: self.math };
        Pieces::of(&self.rest.text, self.cards, lines, start, &switches)
    }

    /// A line of which nothing is left out.
    fn start_of(&self, line: usize) -> Start {
        Start { marks: None, at: self.line(line).start }
    }

    fn parse(&mut self, pieces: &Pieces) -> Vec<Block> {
        match pieces.whole() {
            Some(range) => self.assembler.parse(self.rest, range, false).blocks,
            None => self.parse_excerpt(&pieces.excerpt(self.rest)),
        }
    }

    /// What stands in a text that is put together. Where dates are left in it, they look like code and may be none.
    fn parse_excerpt(&mut self, excerpt: &Excerpt) -> Vec<Block> {
        let mut blocks = self.assembler.parse_excerpt(excerpt, false).blocks;
        if machinery::first_schedule(excerpt.text()).is_some() {
            machinery::forget_schedules(ChildMut::Blocks(&mut blocks));
        }
        blocks
    }

    /// A card that is to be prose.
    fn left_out(&mut self, lines: &Range<usize>) -> Claim {
        let pieces = self.pieces(lines.clone(), &self.start_of(lines.start));
        Claim::Prose(self.parse(&pieces))
    }

    fn draft(&mut self, kind: NoteKind, front: Vec<Block>, back: Vec<Block>, made: Made) -> Draft {
        let Made { span, lines, deck, reversed } = made;
        let extent = self.span(self.range(&lines));
        let id = self.id_of(lines);
        let mut attributes = Attributes { id, tags: deck.tags, ..Attributes::default() };
        attributes.classes.extend(reversed.map(|place| (Class::Reversed, place)));
        if self.deck_of_file.as_ref() != Some(&deck.name) {
            attributes.deck = Some(deck.name);
            attributes.deck_place = deck.place.map(|place| self.span(place));
        }
        Draft { syntax: Syntax::Obsidian, kind, front, back, attributes, span, extent }
    }

    /// The id that a card has in its last line that has one, if no other block has the same.
    fn id_of(&self, lines: Range<usize>) -> Option<(String, Span)> {
        lines.rev().filter(|line| self.cards.role(*line) != Role::Opaque).find_map(|index| {
            let range = self.line(index);
            let line = self.text(range.clone());
            let id = machinery::written(line).id.filter(|_| line.contains('^'))?;
            let name = line.get(id.clone())?;
            let before = line.get(..id.start)?.trim_end().len();
            let place = self.span(range.start + before..range.start + id.end);
            (self.ids.get(name) == Some(&1)).then(|| (format!("obs-{}", name.trim_start_matches('^')), place))
        })
    }

    /// Says what is nearly a card. What was one before it lost a side is left out, and not gone.
    fn report_near(&mut self) {
        if let Some(fence) = self.cards.open_fence.clone() {
            let message = "this fence is never closed, so the cards below it are code";
            let near = Diagnostic::new(Code::NearCard, self.span(fence), message);
            self.assembler.report(near.help("close it by a line with as many of the same signs"));
        }
        for kind in Kind::ALL {
            let near: Vec<&Near> = self.cards.near.iter().filter(|near| near.kind == kind).collect();
            let mut said = near::say(self.assembler.id(), &near).into_iter();
            for near in near {
                let why = said.next().map(|why| self.with_edit(why, near));
                match (self.half(near), why) {
                    (Some(half), Some(why)) => self.assembler.fail(half, why),
                    (Some(half), None) => self.assembler.hold(half),
                    (None, Some(why)) => self.assembler.report(why),
                    (None, None) => {}
                }
            }
        }
    }

    /// Shows how a separator joins the text that it was to stand below.
    fn with_edit(&self, why: Diagnostic, near: &Near) -> Diagnostic {
        let above = near.line.checked_sub(1).filter(|above| self.cards.role(*above) == Role::Blank);
        let text = above.and_then(|above| (0..above).rev().find(|line| self.cards.role(*line) != Role::Blank));
        let Some(text) = text.filter(|_| near.kind == Kind::NothingAbove) else { return why };
        let is_of_card = |part: &Part| matches!(part, Part::Card { lines, .. } if lines.contains(&text));
        if self.cards.role(text) != Role::Text || self.cards.parts.iter().any(is_of_card) {
            return why;
        }
        why.edit(self.span(self.line(text).end..self.line(near.line).start), "\n")
    }

    /// What there is of a card that lacks a side, as plain text; `None` where nobody can have asked it.
    fn half(&self, near: &Near) -> Option<Draft> {
        let front = match near.kind {
            Kind::NothingBelow => self.line(near.line).start..near.place.start,
            Kind::EmptySide => {
                let line = self.line(near.line);
                let start = content_start(self.text(line.clone()), self.options, self.math);
                line.start + start..near.place.start
            }
            Kind::NothingAbove | Kind::Field | Kind::Several | Kind::Path | Kind::MissingEnd => return None,
        };
        let text = self.rest.text.get(front.clone())?.trim();
        if text.is_empty() {
            return None;
        }
        let span = self.span(front);
        let content = vec![Inline { span, kind: InlineKind::Text { text: text.to_owned() } }];
        let front = vec![Block { span, kind: BlockKind::Paragraph { content } }];
        let (syntax, kind, back, attributes) = (Syntax::Obsidian, NoteKind::Basic, Vec::new(), Attributes::default());
        let span = self.span(near.place.clone());
        Some(Draft { syntax, kind, front, back, attributes, span, extent: span })
    }

    /// The line behind a card's last one that is its own: a line that ends cards is none.
    fn end_of(&self, lines: &Range<usize>) -> usize {
        let last = lines.end.saturating_sub(1);
        let is_end = !self.options.end.is_empty() && self.text(self.line(last)).trim() == self.options.end;
        if is_end { last } else { lines.end }
    }

    fn range(&self, lines: &Range<usize>) -> Range<usize> {
        self.line(lines.start).start..self.line(lines.end.saturating_sub(1)).end
    }

    fn line(&self, index: usize) -> Range<usize> {
        let end = self.cards.lines.last().map_or(0, |line| line.range.end);
        self.cards.lines.get(index).map_or(end..end, |line| line.range.clone())
    }

    fn text(&self, range: Range<usize>) -> &'r str {
        self.rest.text.get(range).unwrap_or_default()
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.assembler.id(), range)
    }
}

/// What a card's note is made of besides its sides.
struct Made {
    /// What names it.
    span: Span,
    lines: Range<usize>,
    deck: Deck,
    /// What asks for a second card.
    reversed: Option<Span>,
}

/// The level and the text of the heading that content starts with.
fn heading(blocks: &[Block], source: &Source) -> Option<(u8, String)> {
    let BlockKind::Heading { level, content, .. } = &blocks.first()?.kind else { return None };
    Some((*level, cloze::title(content, source)))
}

/// A note that may start with a heading.
fn headed(heading: Option<(u8, String)>, draft: Draft) -> Claim {
    let draft = Box::new(draft);
    match heading {
        Some((level, title)) => Claim::Headed { level, title, draft },
        None => Claim::Note(draft),
    }
}

fn crossing(place: Span) -> Diagnostic {
    Diagnostic::new(Code::CrossingCloze, place, "the deletion crosses its parent")
        .costing(Cost::Note)
        .help("open and close it within the same paragraph, list item, cell or emphasis")
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::config::syntax::{OptionsLayer, Syntax, Syntaxes, Value};
    use crate::ir::{BlockKind, ChapterPart, Child, DeckName, InlineKind, Note, NoteBody, for_each_cloze};
    use crate::markdown::{Document, read};
    use crate::source::{Source, SourceId};
    use crate::text::steps;

    fn document(text: &str, syntaxes: &[Syntax], options: &[(&str, &str)]) -> Document {
        let syntaxes = Syntaxes::new(syntaxes.iter().copied()).unwrap();
        let mut layer = OptionsLayer::default();
        for (key, value) in options {
            layer.set(Syntax::Obsidian, key, Value::Text((*value).to_owned())).unwrap();
        }
        let settings = Settings { deck: DeckName::new("x"), syntaxes, options: layer, ..Settings::default() };
        read(SourceId(0), &Source { path: "a.md".into(), text: text.into() }, "a.md", &settings)
    }

    fn notes(text: &str) -> usize {
        document(text, &[Syntax::Obsidian], &[]).notes.len()
    }

    /// All text of a note's sides, but for code and formulas.
    fn text(note: &Note) -> [String; 2] {
        fn take(child: Child<'_>, out: &mut String) {
            match child {
                Child::Blocks(blocks) => {
                    for block in blocks {
                        out.push('\n');
                        if let BlockKind::Html { html } = &block.kind {
                            out.push_str(&html.text);
                        }
                        block.for_each_child(&mut |child| take(child, out));
                    }
                }
                Child::Inlines(content) => {
                    for inline in content {
                        out.push_str(inline.kind.as_text().unwrap_or_default());
                        // Behind a picture, code or a formula a tag starts no side.
                        let is_other = |kind: &InlineKind| {
                            matches!(kind, InlineKind::Media(_) | InlineKind::Code { .. } | InlineKind::Math { .. })
                        };
                        if is_other(&inline.kind) {
                            out.push('\u{fffc}');
                        }
                        if let InlineKind::Html { html } = &inline.kind {
                            out.push_str(&html.text);
                        }
                        inline.child().into_iter().for_each(|child| take(child, out));
                    }
                }
                Child::Runs(_) => {}
            }
        }
        let (NoteBody::Basic { front: one, back: other, .. } | NoteBody::Cloze { heading: one, text: other }) =
            &note.body;
        [one, other].map(|blocks| {
            let mut out = String::new();
            take(Child::Blocks(blocks), &mut out);
            out
        })
    }

    #[test]
    fn cards_are_claimed_whole_and_prose_stays() {
        let parts = |text: &str| {
            let parts = document(text, &[Syntax::Obsidian], &[]).chapter.unwrap().parts;
            parts
                .iter()
                .map(|part| if matches!(part, ChapterPart::Prose { .. }) { 'p' } else { 'N' })
                .collect::<String>()
        };
        assert_eq!(parts("#flashcards\na::b\n\np\n"), "Np");
        assert_eq!(parts("p #flashcards\n- a::b\n- p\n"), "pNp");
        assert_eq!(parts("#flashcards\n\na\n?\nb\n> [!sr|card-metadata]\n> <!--SR:!1-->\n\np"), "Np");
        assert_eq!(parts("# p #flashcards\na ==b==\nc\n\nd::e"), "NN");
        assert_eq!(parts("#flashcards\r\na\r\n?\r\n\r\n"), "p");
    }

    #[test]
    fn a_text_is_looked_at_in_steps_that_grow_with_it() {
        for piece in [
            "==a",
            "==a== ",
            "{{",
            "a::b\n",
            "a::b ",
            "?\n",
            "a\n?\n",
            "a\n?\nb\n\n",
            "```\n",
            "> ```\n",
            "`",
            "$",
            "#t ",
            "#flashcards ",
            "- a ==b==\n",
            "\t- a::b\n",
            "<!-- ",
            "%% ",
            "a ^id\n",
            "a ^",
            "<!--SR:!",
            "| a | b |\n",
            "[^1]: ",
            "key:: v\n",
            "::",
            ":::\n",
        ] {
            let cost = |count: usize| {
                let text = format!("#flashcards\n{}\n", piece.repeat(count));
                steps::taken_by(|| document(&text, &[Syntax::Obsidian], &[("clozes", "{{[123;;]answer[;;hint]}}")])).0
                    + steps::taken_by(|| document(&text, &[Syntax::Obsidian], &[])).0
            };
            let (few, many) = (cost(200), cost(800));
            assert!(many <= 8 * few + 10_000, "{piece:?}: {few} and {many}");
        }
    }

    #[test]
    fn a_callout_of_dates_is_none_of_what_an_open_fence_or_formula_holds() {
        let callout = "> [!sr|card-metadata]\n> <!--SR:!2025-01-02,4,270-->\n";
        for open in ["~~~\na\n", "```\na\n", "$$\na\n", "<div>\n~~~\n- \n", "> ```\n> a\n\t"] {
            let text = format!("#flashcards\nq\n?\n{open}{callout}");
            for note in document(&text, &[Syntax::Obsidian], &[]).notes {
                let field = format!("{:?}", note.body);
                assert!(!field.contains("sr|") && !field.contains("SR:"), "{field:?} of {text:?}");
            }
        }
        let code = format!("#flashcards\nq\n?\n```\n{callout}```\n");
        let note = &document(&code, &[Syntax::Obsidian], &[]).notes[0];
        assert!(format!("{:?}", note.body).contains("sr|card-metadata"), "code that ends is its author's");
    }

    #[test]
    fn notes_are_made_only_where_a_tag_says_so() {
        assert_eq!(notes("#flashcards\na::b"), 1);
        for text in
            ["a::b", "`#flashcards`\na::b", "```\n#flashcards\n```\na::b", "#flashcardsold\na::b", "x#flashcards\na::b"]
        {
            assert_eq!(notes(text), 0, "{text}");
        }
    }

    proptest::proptest! {
        /// Cards, fences, lists and machinery in any order: every place is a piece of the text, no sign of ours and no date of the
        /// plug-in's is in a field, and nothing panics. Of tags nothing is said: what is text to one reader starts a line for another.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "\n", "\n\n", "\r\n", "::", ":::", "\n?\n", "\n??\n", "==", "==a==", "==1;;b;;h==", "==ash;;c==", "**", "`", "```\n",
                "\n~~~\n", "$", "\n$$\n", "<!--", "-->", "\n<!--SR:!2025-01-02,4,270-->", " <!--SR:!2025-01-02,4,270!2025-01-03,5,250-->",
                "\n> [!sr|card-metadata]\n> <!--SR:!2025-01-02,4,270-->\n", " ^abc-1", "\n#flashcards/x ", " #flashcards ", "\n# ", "- ", "\n\t- ",
                "\n    ", "\n> ", "| a | b |\n", "|---|---|\n", "ü", "犬", "🧠", "a", "b c", "[^1]", "\n[^1]: ", "[a](b)", "![[p.png]]", "%%",
                "\nsr-due: 2025-01-02\n", "{{c1::x}}", "<div>", "\n+++\n", "\u{2980}", "⦁", "\\", "key:: v", "{.cloze}",
            ]),
            0..40,
        )) {
            let text = format!("#flashcards\n{}", pieces.concat());
            for options in [&[][..], &[("end", "+++"), ("clozes", "{{[123::]answer[::hint]}}")]] {
                for syntaxes in [&[Syntax::Obsidian][..], &[Syntax::Obsidian, Syntax::Headings]] {
                    let document = document(&text, syntaxes, options);
                    for part in document.chapter.into_iter().flat_map(|chapter| chapter.parts) {
                        assert!(part.notes().all(|note| note < document.notes.len()));
                    }
                    let places = document.notes.iter().map(|note| note.span);
                    for span in places.chain(document.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
                        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
                    }
                    let own = document.notes.iter().zip(&document.syntaxes).filter(|(_, syntax)| **syntax == Syntax::Obsidian);
                    for (note, _) in own {
                        let field = super::tests::text(note).concat();
                        for machinery in ["<!--SR:", "sr|card-metadata"] {
                            assert!(!field.contains(machinery), "{field:?} of {text:?}");
                        }
                        let has_own = |sign: char| field.contains(sign) && !text.contains(sign);
                        assert!(!('\u{2980}'..='\u{2990}').any(has_own), "{field:?} of {text:?}");
                        let (NoteBody::Basic { front, back, .. } | NoteBody::Cloze { heading: front, text: back }) = &note.body;
                        for blocks in [front, back] {
                            for_each_cloze(blocks, &mut |cloze| assert!(text.get(cloze.span.range()).is_some()));
                        }
                    }
                }
            }
        }
    }
}
