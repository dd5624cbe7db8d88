//! Remembers how the notes of a file are written, for who writes them otherwise: which text each of their sides was read of.
//!
//! Knows blocks by their places only; what becomes of the notes is told elsewhere.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::Settings;
use crate::ir::{Alert, AlertKind, Block, BlockKind};
use crate::source::{Excerpt, Span};

/// How a file is written.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The settings in effect for the file.
    pub settings: Settings,
    /// The place of the front matter without its lines of dashes.
    pub front_matter: Option<Range<usize>>,
    /// What other syntaxes than headings claimed, ascending.
    pub claims: Vec<TracedClaim>,
    /// For each note of the document the texts of its sides; `None` where a side was not read of a text that is known.
    pub notes: Vec<[Option<Excerpt>; 2]>,
    parsed: Vec<Parsed>,
    /// Where a block starts → the parses that have it, each with its place among their blocks.
    starts: BTreeMap<u32, Vec<(usize, usize)>>,
}

/// A piece of a file that a syntax claimed.
#[derive(Debug, Clone)]
pub struct TracedClaim {
    /// All of it.
    pub range: Range<usize>,
    /// What became of it.
    pub made: Made,
    /// The text that prose was read of, where that is no piece of the file.
    pub text: Option<String>,
}

/// What became of a piece of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The note that is named at this offset.
    Note(u32),
    /// Prose, which ends at this offset.
    Prose(usize),
    /// Nothing: it only parts or steers.
    Nothing,
}

/// A text that was read by itself.
#[derive(Debug, Clone)]
struct Parsed {
    excerpt: Excerpt,
    blocks: Vec<Known>,
}

/// A block by what tells it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    span: Span,
    /// What a syntax puts into an alert may start and end with it.
    is_alert: bool,
}

impl Known {
    fn of(block: &Block) -> Self {
        Self { span: block.span, is_alert: matches!(block.kind, BlockKind::Alert(_)) }
    }
}

impl Trace {
    /// Nothing was read yet.
    pub(in crate::markdown) fn new(settings: Settings, front_matter: Option<Range<usize>>) -> Self {
        Self { settings, front_matter, ..Self::default() }
    }

    /// Takes down what was read of a text.
    pub(super) fn parse(&mut self, excerpt: Excerpt, blocks: &[Block]) {
        let all: Vec<Known> = blocks.iter().map(Known::of).collect();
        for (index, block) in all.iter().enumerate() {
            let known = self.starts.entry(block.span.start).or_default();
            // It may stand in the place of a claim that is as short as it is.
            let first = if blocks.get(index).is_some_and(is_empty_heading) { 0 } else { known.len() };
            known.insert(first, (self.parsed.len(), index));
        }
        self.parsed.push(Parsed { excerpt, blocks: all });
    }

    /// The text that these blocks were read of; `None` where they were not read.
    pub(super) fn text_of(&self, blocks: &[Block]) -> Option<Excerpt> {
        let mut text = Excerpt::default();
        let mut rest = blocks;
        while let Some(first) = rest.first() {
            let Some((parse, index)) = self.find(Known::of(first)) else {
                let BlockKind::Alert(alert) = &first.kind else { return None };
                if !text.text().is_empty() {
                    text.put("\n\n");
                }
                self.quote(alert, &mut text)?;
                rest = rest.get(1..)?;
                continue;
            };
            let parsed = self.parsed.get(parse)?;
            let behind = parsed.blocks.get(index..)?;
            let count = rest.iter().zip(behind).take_while(|(block, known)| Known::of(block) == **known).count();
            let from = if index == 0 { 0 } else { parsed.start_of(index)? };
            let to = if index + count == parsed.blocks.len() {
                parsed.excerpt.text().len()
            } else {
                parsed.start_of(index + count)?
            };
            if !text.text().is_empty() {
                text.put("\n\n");
            }
            text.append(&parsed.excerpt, from..to);
            rest = rest.get(count..)?;
        }
        Some(text)
    }

    /// Puts the text of an alert that a syntax made at the end of one; `None` where what is in it was not read.
    fn quote(&self, alert: &Alert, text: &mut Excerpt) -> Option<()> {
        let name = match alert.kind {
            AlertKind::Tip => "TIP",
            AlertKind::Note => "NOTE",
            AlertKind::Important | AlertKind::Warning | AlertKind::Caution | AlertKind::Other(_) => return None,
        };
        let inner = self.text_of(&alert.blocks)?;
        text.put(&format!("> [!{name}]"));
        for inline in &alert.title {
            text.put(" ");
            text.put(inline.kind.as_text()?);
        }
        let mut at = 0;
        for line in inner.text().split_inclusive('\n') {
            text.put(if at == 0 { "\n> " } else { "> " });
            text.append(&inner, at..at + line.len());
            at += line.len();
        }
        Some(())
    }

    /// The last parse that has a block, and its place there; one that has nothing in it counts least.
    fn find(&self, block: Known) -> Option<(usize, usize)> {
        let is_it = |(parse, index): &&(usize, usize)| {
            self.parsed.get(*parse).and_then(|parsed| parsed.blocks.get(*index)) == Some(&block)
        };
        self.starts.get(&block.span.start)?.iter().rev().find(is_it).copied()
    }
}

impl Parsed {
    /// Where in the text the line of a block starts.
    fn start_of(&self, index: usize) -> Option<usize> {
        let at = self.excerpt.find(self.blocks.get(index)?.span.start as usize)?;
        let before = self.excerpt.text().get(..at)?;
        Some(before.rfind('\n').map_or(0, |end| end + 1))
    }
}

fn is_empty_heading(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Heading { content, .. } if content.is_empty())
}
