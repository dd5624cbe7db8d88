//! Turns a text into cards and what stands between them, by its lines.
//!
//! A run is what lies between empty lines. A line with a separator in it is a card by itself; a run with a line that is a separator
//! is one, and so is a run with a deletion. Knows lines; what is in a card is up to [`super`].

use std::ops::Range;

use super::super::lines::{Line, LineKind, Lines, behind_marks};
use super::deletions::Patterns;
use super::literal::{is_definition, literal};
use super::near::{Kind, Near};
use super::separators::{self, Reading, Separators};
use super::{machinery, tags};
use crate::config::syntax::ObsidianOptions;

/// A text in cards.
pub(super) struct Cards {
    /// Its lines.
    pub(super) lines: Vec<Line>,
    /// What each of them is; one for each line.
    pub(super) roles: Vec<Role>,
    /// In order.
    pub(super) parts: Vec<Part>,
    /// What is nearly a card, or more than nearly, in order.
    pub(super) near: Vec<Near>,
    /// A fence that is never closed and hides what would be cards.
    pub(super) open_fence: Option<Range<usize>>,
    /// The first line of a fence that is never closed.
    open_from: usize,
}

/// What a line is to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Blank,
    /// Text that may mean something.
    Text,
    /// A row of a table.
    Row,
    /// Code, or a formula.
    Opaque,
    /// A comment, or what the plug-in wrote for itself.
    Nothing,
    /// A piece of the plug-in's that would be seen.
    Machinery,
}

/// A piece of a text; lines are given by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A card.
    Card { kind: CardKind, lines: Range<usize> },
    /// A line outside of cards that has a tag.
    Tagged(usize),
    /// A line outside of cards that is no prose.
    Apart(usize),
}

/// How a card is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CardKind {
    /// In the first of its lines.
    Inline(separators::Card),
    /// With a line between question and answer.
    Separated { separator: usize, is_reversed: bool },
    /// With deletions.
    Cloze,
}

impl Cards {
    /// Those of a piece of a text.
    pub(super) fn of(
        text: &str,
        range: Range<usize>,
        options: &ObsidianOptions,
        patterns: &Patterns,
        math: bool,
    ) -> Self {
        let Lines { lines, open_fence } = Lines::of(text, range, math);
        let roles = roles(text, &lines);
        let separators = Separators::of(options);
        let mut scan = Scan {
            text,
            lines: &lines,
            roles: &roles,
            options,
            patterns,
            separators: &separators,
            math,
            run: Run::at(0),
            parts: Vec::new(),
            near: Vec::new(),
        };
        scan.all();
        let Scan { parts, near, .. } = scan;
        let open_from = open_fence.unwrap_or(lines.len());
        let open_fence = lines.get(open_from).map(|line| line.range.clone());
        let open_fence = open_fence.filter(|fence| hides_cards(text.get(fence.end..).unwrap_or_default(), options));
        Self { lines, roles, parts, near, open_fence, open_from }
    }

    /// Whether a line is code, in which the plug-in's own is its author's. A fence that nothing closes would hold all that stands
    /// behind it.
    pub(super) fn is_code(&self, index: usize) -> bool {
        index < self.open_from && self.lines.get(index).is_some_and(|line| line.kind == LineKind::Code)
    }

    /// A line's role.
    pub(super) fn role(&self, index: usize) -> Role {
        self.roles.get(index).copied().unwrap_or(Role::Blank)
    }
}

/// Whether a text that is code has what would be a card.
fn hides_cards(code: &str, options: &ObsidianOptions) -> bool {
    let signs = [&options.separator, &options.separator_reversed];
    let is_separator = |line: &str| signs.iter().any(|sign| !sign.is_empty() && line.trim() == sign.as_str());
    code.lines().any(is_separator)
}

/// What each line is.
fn roles(text: &str, lines: &[Line]) -> Vec<Role> {
    let (mut in_callout, mut in_table) = (false, false);
    let mut next = lines.iter().skip(1);
    let role = |line: &Line| {
        let below = next.next().and_then(|next| text.get(next.range.clone())).unwrap_or_default();
        let written = text.get(line.range.clone()).unwrap_or_default();
        match line.kind {
            LineKind::Blank => {
                (in_callout, in_table) = (false, false);
                Role::Blank
            }
            LineKind::Code | LineKind::Math => Role::Opaque,
            LineKind::Comment => Role::Nothing,
            LineKind::Text => {
                in_callout = machinery::starts_callout(written) || in_callout && machinery::is_quoted(written);
                in_table = written.contains('|') && (in_table || is_delimiter(below));
                if in_callout || machinery::is_key(written) {
                    Role::Machinery
                } else if machinery::written(written).end <= indent(written) {
                    Role::Nothing
                } else if in_table || written.trim_start().starts_with('|') {
                    Role::Row
                } else {
                    Role::Text
                }
            }
        }
    };
    lines.iter().map(role).collect()
}

/// The bytes of white space that a line starts with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line parts the header of a table from its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains('-') && line.bytes().all(|byte| b"|-: \t>".contains(&byte))
}

/// Lines that may become a card.
#[derive(Debug)]
struct Run {
    start: usize,
    /// The line that is a separator, and whether that is one of reversed cards.
    separator: Option<(usize, bool)>,
    has_deletion: bool,
    /// The last empty line in it.
    blank: Option<usize>,
}

impl Run {
    fn at(start: usize) -> Self {
        Self { start, separator: None, has_deletion: false, blank: None }
    }
}

struct Scan<'s> {
    text: &'s str,
    lines: &'s [Line],
    roles: &'s [Role],
    options: &'s ObsidianOptions,
    patterns: &'s Patterns,
    separators: &'s Separators<'s>,
    math: bool,
    run: Run,
    parts: Vec<Part>,
    near: Vec<Near>,
}

impl<'s> Scan<'s> {
    fn all(&mut self) {
        for (index, role) in self.roles.iter().enumerate() {
            match role {
                Role::Blank => {
                    let may_go_on = self.run.separator.is_some() || self.run.has_deletion;
                    if self.options.end.is_empty() || !may_go_on {
                        self.close(index, index + 1);
                    } else {
                        self.run.blank = Some(index);
                    }
                }
                Role::Text | Role::Row => self.line(index, *role),
                Role::Opaque | Role::Nothing | Role::Machinery => {}
            }
        }
        self.close(self.roles.len(), self.roles.len());
    }

    fn line(&mut self, index: usize, role: Role) {
        let trimmed = self.written(index).trim();
        if !self.options.end.is_empty() && trimmed == self.options.end {
            return self.close(index, index + 1);
        }
        let separator = [(&self.options.separator, false), (&self.options.separator_reversed, true)]
            .into_iter()
            .find(|(sign, _)| !sign.is_empty() && trimmed == sign.as_str());
        if let Some((_, is_reversed)) = separator {
            return self.separator(index, is_reversed);
        }
        // What stands behind a separator is the answer's.
        if self.run.separator.is_none() {
            self.content(index, role);
        }
    }

    /// A line that is a separator.
    fn separator(&mut self, index: usize, is_reversed: bool) {
        if self.run.separator.is_some() {
            let is_below_blank = self.run.blank.is_some_and(|blank| blank + 1 < index);
            if is_below_blank {
                self.near.push(self.near(Kind::MissingEnd, index));
            }
            return;
        }
        // An empty line belongs to the answer only.
        if let Some(blank) = self.run.blank {
            self.close(blank, blank + 1);
        }
        if (self.run.start..index).any(|line| self.says_something(line)) {
            self.run.separator = Some((index, is_reversed));
        } else {
            self.near.push(self.near(Kind::NothingAbove, index));
            self.close(index, index + 1);
        }
    }

    /// A line that is a card by itself, or a part of one.
    fn content(&mut self, index: usize, role: Role) {
        let line = self.line_text(index);
        let may_part = role == Role::Text && self.separators.may_part(line);
        let has_deletion = self.run.has_deletion;
        let literal = if may_part || !has_deletion { literal(line, self.math) } else { Vec::new() };
        let deletes = (may_part || !has_deletion) && !is_definition(line) && self.patterns.may_delete(line, &literal);
        if may_part && self.part(index, line, literal, deletes) {
            return;
        }
        self.run.has_deletion |= deletes;
    }

    /// Whether a line is a card by itself.
    fn part(&mut self, index: usize, line: &str, mut literal: Vec<Range<usize>>, deletes: bool) -> bool {
        if deletes {
            let form = self.patterns.form(&[(line, literal.as_slice())]);
            let found = form.map(|form| self.patterns.find(form, line, &literal)).unwrap_or_default();
            literal.extend(found.into_iter().map(|deletion| deletion.range));
            literal.sort_by_key(|range| range.start);
        }
        let content = self.content_of(index);
        let reading = self.separators.read(line, content, &literal);
        let near = match reading {
            None => return false,
            Some(Reading::Card(card)) => {
                self.card(index, card);
                return true;
            }
            Some(Reading::Half(place)) => (Kind::EmptySide, place),
            Some(Reading::Field(place)) => (Kind::Field, place),
            Some(Reading::Several(place)) => (Kind::Several, place),
        };
        let start = self.lines.get(index).map_or(0, |line| line.range.start);
        let (kind, place) = near;
        self.near.push(Near { kind, line: index, place: start + place.start..start + place.end });
        false
    }

    fn card(&mut self, index: usize, card: separators::Card) {
        self.close(index, index);
        if card.may_be_path {
            let start = self.lines.get(index).map_or(0, |line| line.range.start);
            let place = start + card.separator.start..start + card.separator.end;
            self.near.push(Near { kind: Kind::Path, line: index, place });
        }
        // Its dates follow in the next lines.
        let is_its = |role: &&Role| matches!(role, Role::Nothing | Role::Machinery);
        let behind = self.roles.iter().skip(index + 1).take_while(is_its).count();
        let end = index + 1 + behind;
        self.parts.push(Part::Card { kind: CardKind::Inline(card), lines: index..end });
        self.run = Run::at(end);
    }

    /// Ends the run before a line; the next one starts at `next`.
    fn close(&mut self, end: usize, next: usize) {
        let Run { start, separator, has_deletion, blank: _ } = std::mem::replace(&mut self.run, Run::at(next));
        if start >= end {
            return;
        }
        // The line that ends it goes with it.
        let is_end = next > end && self.roles.get(end) != Some(&Role::Blank) && next == end + 1;
        let lines = start..if is_end { next } else { end };
        match separator {
            Some((line, is_reversed)) if (line + 1..end).any(|line| self.says_something(line)) => {
                let kind = CardKind::Separated { separator: line, is_reversed };
                self.parts.push(Part::Card { kind, lines });
            }
            Some((line, _)) => {
                self.near.push(Near { line: start, ..self.near(Kind::NothingBelow, line) });
                self.prose(start..end);
            }
            None if has_deletion => self.parts.push(Part::Card { kind: CardKind::Cloze, lines }),
            None => self.prose(start..end),
        }
    }

    /// Lines that are no card.
    fn prose(&mut self, lines: Range<usize>) {
        for index in lines {
            match self.roles.get(index) {
                Some(Role::Text) if self.written(index).contains('#') => self.parts.push(Part::Tagged(index)),
                Some(Role::Machinery) => self.parts.push(Part::Apart(index)),
                Some(Role::Text | Role::Row | Role::Blank | Role::Opaque | Role::Nothing) | None => {}
            }
        }
    }

    /// Whether a line holds something of a card: neither nothing nor tags alone.
    fn says_something(&self, index: usize) -> bool {
        match self.roles.get(index) {
            Some(Role::Text) => {
                let line = self.written(index);
                let is_mark = line.trim_matches(|c: char| c.is_whitespace() || "-*+>".contains(c)).is_empty();
                !is_mark && !tags::are_all(line, &tags::in_line(line, 0, self.math))
            }
            Some(Role::Row | Role::Opaque) => true,
            Some(Role::Blank | Role::Nothing | Role::Machinery) | None => false,
        }
    }

    /// Where the text of a line is that may be a card by itself: behind marks and tags, before machinery.
    fn content_of(&self, index: usize) -> Range<usize> {
        let line = self.line_text(index);
        let end = tags::before_switches(line, machinery::written(line).end, self.options, self.math);
        let start = content_start(line, self.options, self.math);
        start.min(end)..end
    }

    /// A line without machinery at its end.
    fn written(&self, index: usize) -> &'s str {
        let line = self.line_text(index);
        line.get(..machinery::written(line).end).unwrap_or_default()
    }

    fn line_text(&self, index: usize) -> &'s str {
        self.lines.get(index).and_then(|line| self.text.get(line.range.clone())).unwrap_or_default()
    }

    fn near(&self, kind: Kind, line: usize) -> Near {
        let place = self.lines.get(line).map(|line| line.range.clone()).unwrap_or_default();
        let indent = indent(self.line_text(line));
        Near { kind, line, place: place.start + indent..place.end }
    }
}

/// How far a line's marks reach, with the tags behind them: a tag that is at the very start of a card names its deck, others only
/// if they put one into effect.
pub(super) fn content_start(line: &str, options: &ObsidianOptions, math: bool) -> usize {
    let start = marks_end(line);
    own_tags(line, start, options, math).last().map_or(start, |tag| {
        let behind = line.get(tag.range.end..).unwrap_or_default();
        line.len() - behind.trim_start().len()
    })
}

/// How far a line's marks reach: quotes, elements of lists, boxes of tasks, headings.
pub(super) fn marks_end(line: &str) -> usize {
    let mut rest = behind_marks(line);
    for task in ["[ ] ", "[x] ", "[X] "] {
        rest = rest.strip_prefix(task).unwrap_or(rest).trim_start();
    }
    if let Some(level) = heading_level(rest) {
        rest = rest.get(level..).unwrap_or_default().trim_start();
    }
    line.len() - rest.len()
}

/// The level of the heading that a line is.
pub(super) fn heading_level(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    let behind = text.trim_start_matches('#');
    let level = text.len() - behind.len();
    ((1..=6).contains(&level) && behind.starts_with([' ', '\t']) && line.len() - text.len() < 4).then_some(level)
}

/// The tags that the text of a card's first line starts with, which stands at `start`.
pub(super) fn own_tags<'l>(line: &'l str, start: usize, options: &ObsidianOptions, math: bool) -> Vec<tags::Found<'l>> {
    let is_first = line.trim_start().len() == line.len() - start;
    let mut at = start;
    let mut own = Vec::new();
    for found in tags::in_line(line, 0, math) {
        let stands_next = line.get(at..found.range.start).is_some_and(|between| between.trim().is_empty());
        let counts = tags::is_among(found.tag, &options.tags) || is_first && own.is_empty();
        if !stands_next || found.range.start < start || !counts {
            break;
        }
        at = found.range.end;
        own.push(found);
    }
    own
}
