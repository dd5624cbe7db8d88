//! Remembers how the notes of a file are written, for who writes them otherwise: which text each of their sides was read of.
//!
//! Knows blocks by their places only; what becomes of the notes is told elsewhere.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::Settings;
use crate::ir::{Block, BlockKind};
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
    blocks: Vec<Span>,
}

impl Trace {
    /// Nothing was read yet.
    pub(in crate::markdown) fn new(settings: Settings, front_matter: Option<Range<usize>>) -> Self {
        Self { settings, front_matter, ..Self::default() }
    }

    /// Takes down what was read of a text.
    pub(super) fn parse(&mut self, excerpt: Excerpt, blocks: &[Block]) {
        let spans: Vec<Span> = blocks.iter().map(|block| block.span).collect();
        for (index, span) in spans.iter().enumerate() {
            let known = self.starts.entry(span.start).or_default();
            // It may stand in the place of a claim that is as short as it is.
            let first = if blocks.get(index).is_some_and(is_empty_heading) { 0 } else { known.len() };
            known.insert(first, (self.parsed.len(), index));
        }
        self.parsed.push(Parsed { excerpt, blocks: spans });
    }

    /// The text that these blocks were read of; `None` where they were not read.
    pub(super) fn text_of(&self, blocks: &[Block]) -> Option<Excerpt> {
        let mut text = Excerpt::default();
        let mut rest = blocks;
        while let Some(first) = rest.first() {
            let (parse, index) = self.find(first.span)?;
            let parsed = self.parsed.get(parse)?;
            let behind = parsed.blocks.get(index..)?;
            let count = rest.iter().zip(behind).take_while(|(block, span)| block.span == **span).count();
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

    /// The last parse that has a block, and its place there; one that has nothing in it counts least.
    fn find(&self, block: Span) -> Option<(usize, usize)> {
        let is_it = |(parse, index): &&(usize, usize)| {
            self.parsed.get(*parse).and_then(|parsed| parsed.blocks.get(*index)) == Some(&block)
        };
        self.starts.get(&block.start)?.iter().rev().find(is_it).copied()
    }
}

impl Parsed {
    /// Where in the text the line of a block starts.
    fn start_of(&self, index: usize) -> Option<usize> {
        let at = self.excerpt.find(self.blocks.get(index)?.start as usize)?;
        let before = self.excerpt.text().get(..at)?;
        Some(before.rfind('\n').map_or(0, |end| end + 1))
    }
}

fn is_empty_heading(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Heading { content, .. } if content.is_empty())
}
