//! The ways of writing notes, one file each: each says where notes begin and end, in the terms of
//! [`super::assemble`].
//!
//! A syntax takes what it claims out of a text and leaves the rest to the next one. Headings come last: whether they make
//! notes or not, they are the context of what stands below them.

mod auto;
mod headings;
mod logseq;
mod obsidian;
mod others;
mod qa;
mod slides;
mod start_end;

use std::borrow::Cow;
use std::ops::Range;

use super::assemble::{Assembler, Draft};
use super::attributes::Attributes;
use crate::config::syntax::{Syntax, Syntaxes};
use crate::config::{Purpose, Settings};
use crate::diagnostic::Diagnostic;
use crate::ir::{Block, DeckName, Note};
use crate::markdown::File;
use crate::source::Source;

pub(super) use auto::seen;
pub(super) use logseq::are_properties;
pub(super) use others::is_fenced;
pub(super) use qa::read_toml;
pub(super) use slides::name as slides_name;

/// Reads the notes and the prose of a text.
pub(super) fn read(range: Range<usize>, syntaxes: &Syntaxes, assembler: &mut Assembler<'_>) {
    let source = assembler.source();
    for other in others::report(assembler.id(), &source.text, range.clone(), syntaxes) {
        assembler.report(other);
    }
    let (mut rest, mut claimed) = (Cow::Borrowed(source), Vec::new());
    for syntax in syntaxes.iter() {
        let found = match syntax {
            Syntax::StartEnd => start_end::read(&rest, range.clone(), assembler),
            Syntax::Qa => qa::read(&rest, range.clone(), assembler),
            Syntax::Slides => slides::read(&rest, range.clone(), assembler),
            Syntax::Obsidian => obsidian::read(&rest, range.clone(), assembler),
            Syntax::Logseq => logseq::read(&rest, range.clone(), assembler),
            Syntax::Headings => continue,
        };
        if !found.is_empty() {
            rest = Cow::Owned(Source { path: source.path.clone(), text: blanked(&rest.text, &found) });
            claimed.extend(found);
        }
    }
    claimed.sort_by_key(|claimed| claimed.range.start);
    headings::read(&rest, range, claimed, syntaxes.has(Syntax::Headings), assembler);
}

/// Where the id of a note goes that is written in a syntax.
pub(super) fn stamp(syntax: Syntax, text: &str, note: &Note, id: &str) -> Result<Insertion, Unstamped> {
    match syntax {
        Syntax::Headings => headings::stamp(text, note, id),
        Syntax::StartEnd | Syntax::Qa | Syntax::Slides | Syntax::Obsidian | Syntax::Logseq => Err(Unstamped::Syntax),
    }
}

/// What a file says by itself of the deck of its notes, in the way of its syntaxes: their own switch, where nothing else
/// puts a deck into effect.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// The deck; `None` where the file says nothing of one.
    pub(super) deck: Option<DeckName>,
    /// What is said of a file that nearly has one.
    pub(super) said: Vec<Diagnostic>,
}

impl Gate {
    /// Asks the syntaxes that have such a switch. `yaml` is the place of the front matter, `body` that of the text behind it;
    /// `has_no_deck` says whether the file wants none.
    pub(super) fn of(
        file: File<'_>,
        yaml: Option<Range<usize>>,
        body: Range<usize>,
        settings: &Settings,
        has_no_deck: bool,
    ) -> Self {
        let mut gate = Self::default();
        if settings.deck.is_some() || has_no_deck || settings.purpose == Purpose::Templates {
            return gate;
        }
        for syntax in settings.syntaxes.iter() {
            if gate.deck.is_some() {
                break;
            }
            let found = match syntax {
                Syntax::StartEnd => start_end::gate(file, body.clone(), settings),
                Syntax::Obsidian => obsidian::gate(file, yaml.clone(), body.clone(), settings),
                Syntax::Qa | Syntax::Slides | Syntax::Logseq | Syntax::Headings => continue,
            };
            gate.deck = found.deck;
            gate.said.extend(found.said);
        }
        gate
    }
}

/// What to put at an offset of a text.
pub(super) type Insertion = (usize, String);

/// Why a note was given no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstamped {
    /// It has one.
    HasId,
    /// It is a table's row, which has no place for one.
    Row,
    /// Its syntax has no place for one.
    Syntax,
    /// What stands behind its heading is not understood.
    Place,
}

/// A piece of a text that a syntax claimed.
struct Claimed {
    range: Range<usize>,
    /// `None` where it means nothing by itself.
    claim: Option<Claim>,
}

/// What a syntax made of what it claimed.
enum Claim {
    /// A note.
    Note(Box<Draft>),
    /// What is nearly a note, as prose.
    Prose(Vec<Block>),
    /// What stands above all behind it, as a heading of that level does, until another one of that level or above it.
    Above { level: u8, title: String, attributes: Box<Attributes> },
    /// What is behind it stands below nothing of that level or deeper.
    Leave { level: u8 },
}

impl Claim {
    fn put(self, assembler: &mut Assembler<'_>) {
        match self {
            Self::Note(draft) => assembler.note(*draft),
            Self::Prose(blocks) => blocks.into_iter().for_each(|block| assembler.prose(block)),
            Self::Above { level, title, attributes } => {
                assembler.leave(level);
                assembler.enter(level, title, &attributes);
            }
            Self::Leave { level } => assembler.leave(level),
        }
    }
}

/// The text with nothing in the place of what is claimed, byte for byte, so that every offset stays.
///
/// An empty line ends a paragraph, and an empty heading what goes on behind empty lines, such as a list; it is left out
/// where blocks are read.
fn blanked(text: &str, claimed: &[Claimed]) -> String {
    let mut out = String::with_capacity(text.len());
    for Claimed { range, .. } in claimed {
        out.push_str(text.get(out.len()..range.start).unwrap_or_default());
        let piece = text.get(range.clone()).unwrap_or_default();
        let heading = piece.trim_end().rfind('\n').map_or(0, |line_end| line_end + 1);
        for (at, byte) in piece.bytes().enumerate() {
            out.push(match byte {
                b'\n' => '\n',
                b'\r' => '\r',
                _ if at == heading => '#',
                _ => ' ',
            });
        }
    }
    out.push_str(text.get(out.len()..).unwrap_or_default());
    out
}
