//! Turns what the parser makes of a text into what a search for formulas has to know of it: where text is literal, and which
//! quotes, items and cells hold a place.
//!
//! Knows nothing of formulas but where the parser sees some.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// What the parser makes of a text. Each list ascends.
#[derive(Default)]
pub(super) struct Regions {
    /// Code, raw HTML and the addresses of links: nothing in them is read.
    pub literal: Vec<Literal>,
    /// What the parser takes for math.
    pub math: Vec<Range<usize>>,
    /// Headings behind `#` and cells of tables: nothing in them goes on behind them.
    pub closed: Vec<Range<usize>>,
    /// Quotes, items and their like; one that holds others stands before them.
    pub containers: Vec<Container>,
    /// What the parser takes for math between single dollars.
    pub singles: Vec<Range<usize>>,
    /// Headings that nothing holds.
    pub headings: Vec<Range<usize>>,
}

/// A piece of literal text.
pub(super) struct Literal {
    pub range: Range<usize>,
    /// Whether it is code within a line.
    pub is_inline_code: bool,
}

/// What holds blocks.
pub(super) struct Container {
    pub range: Range<usize>,
    pub kind: ContainerKind,
}

/// How the lines behind its first one show that they are in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ContainerKind {
    /// By a `>`.
    Quote,
    /// By so many blanks.
    Indented(usize),
}

/// How far a walk through the parser's events came.
struct Walk {
    /// Where the content of an element that closes ends.
    last: usize,
    /// How many elements are open.
    depth: usize,
}

impl Regions {
    /// Has the parser look at a text.
    pub(super) fn of(text: &str, options: Options) -> Self {
        let mut regions = Self::default();
        let mut walk = Walk { last: 0, depth: 0 };
        let parser = Parser::new_ext(text, options);
        let labels = parser.reference_definitions().iter().map(|(_, label)| label.span.clone());
        regions.literal = labels.map(|range| Literal { range, is_inline_code: false }).collect();
        for (event, range) in parser.into_offset_iter() {
            regions.take(text, &event, range, &mut walk);
        }
        regions.literal.sort_by_key(|literal| literal.range.start);
        regions
    }

    fn take(&mut self, text: &str, event: &Event<'_>, range: Range<usize>, walk: &mut Walk) {
        if let Event::Start(tag) = event {
            if walk.depth == 0 && matches!(tag, Tag::Heading { .. }) {
                self.headings.push(range.clone());
            }
            walk.depth += 1;
            walk.last = range.start;
            return self.open(text, tag, range);
        }
        let is_inline_code = matches!(event, Event::Code(_));
        if let Event::End(tag) = event {
            walk.depth = walk.depth.saturating_sub(1);
            if matches!(tag, TagEnd::Link | TagEnd::Image) {
                let range = walk.last.max(range.start)..range.end;
                self.literal.push(Literal { range, is_inline_code });
            }
        } else if is_inline_code || matches!(event, Event::InlineHtml(_)) {
            self.literal.push(Literal { range: range.clone(), is_inline_code });
        } else if matches!(event, Event::InlineMath(_) | Event::DisplayMath(_)) {
            self.math.push(range.clone());
            if matches!(event, Event::InlineMath(_)) {
                self.singles.push(range.clone());
            }
        }
        walk.last = range.end;
    }

    fn open(&mut self, text: &str, tag: &Tag<'_>, range: Range<usize>) {
        let is_marked = |range: &Range<usize>| text.get(range.clone()).is_some_and(|text| text.starts_with('#'));
        if matches!(tag, Tag::CodeBlock(_) | Tag::HtmlBlock)
            || matches!(tag, Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. })
        {
            self.literal.push(Literal { range, is_inline_code: false });
        } else if matches!(tag, Tag::TableCell) || matches!(tag, Tag::Heading { .. }) && is_marked(&range) {
            self.closed.push(range);
        } else if matches!(tag, Tag::BlockQuote(_)) {
            self.containers.push(Container { range, kind: ContainerKind::Quote });
        } else if matches!(tag, Tag::FootnoteDefinition(_)) {
            self.containers.push(Container { range, kind: ContainerKind::Indented(4) });
        } else if matches!(tag, Tag::Item | Tag::DefinitionListDefinition) {
            let kind = ContainerKind::Indented(indent(text, range.start));
            self.containers.push(Container { range, kind });
        }
    }
}

/// How many blanks stand before what goes on with an item whose mark starts at an offset.
fn indent(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let mark = line.find([' ', '\t']).unwrap_or(line.len());
    let behind = line.get(mark..).unwrap_or_default();
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    // More blanks are code's, and behind nothing there are none to count.
    mark + if (1..=4).contains(&blanks) && blanks < behind.len() { blanks } else { 1 }
}
