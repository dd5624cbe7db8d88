//! The ways of writing notes, one file each: each says where notes begin and end, in the terms of
//! [`super::assemble`].
//!
//! A syntax takes what it claims out of a text and leaves the rest to the next one. Headings come last: whether they make
//! notes or not, they are the context of what stands below them.

mod auto;
mod headings;
mod lines;
mod logseq;
mod machinery;
mod obsidian;
mod others;
mod qa;
mod slides;
mod start_end;

use std::borrow::Cow;
use std::ops::Range;

use super::assemble::{Assembler, Draft, Made, TracedClaim};
use super::attributes::Attributes;
use crate::config::syntax::{Syntax, Syntaxes};
use crate::config::{Purpose, Settings};
use crate::diagnostic::Diagnostic;
use crate::ir::{Block, DeckName, Note};
use crate::markdown::File;
use crate::source::Source;
use crate::text::hidden;

pub(super) use auto::seen;
pub(super) use headings::insert_word;
pub(super) use lines::open_fence;
pub(super) use logseq::are_properties;
pub(super) use obsidian::{passes_over, take_tags};
pub(super) use others::is_fenced;
pub(super) use qa::read_toml;
pub(super) use slides::name as slides_name;
pub(super) use start_end::{FileWide, widen};

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
    assembler.trace_claims(claimed.iter().map(|claimed| (claimed.traced(), claimed.blocks())));
    headings::read(&rest, range, claimed, syntaxes.least_heading(), assembler);
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
        yaml: Option<&Range<usize>>,
        body: &Range<usize>,
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
                Syntax::StartEnd | Syntax::Qa => start_end::gate(file, body.clone(), settings),
                Syntax::Obsidian => obsidian::gate(file, yaml.cloned(), body.clone(), settings),
                Syntax::Slides | Syntax::Logseq | Syntax::Headings => continue,
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

impl Claimed {
    /// The blocks of prose that stand elsewhere than in the piece.
    fn blocks(&self) -> &[Block] {
        match &self.claim {
            Some(Claim::Prose(blocks)) if self.range.is_empty() => blocks,
            Some(
                Claim::Note(_) | Claim::Headed { .. } | Claim::Prose(_) | Claim::Above { .. } | Claim::Leave { .. },
            )
            | None => &[],
        }
    }

    fn traced(&self) -> TracedClaim {
        let made = match &self.claim {
            Some(Claim::Note(draft) | Claim::Headed { draft, .. }) => Made::Note(draft.span.start),
            Some(Claim::Prose(blocks)) => {
                Made::Prose(blocks.last().map_or(self.range.start, |last| last.span.end as usize))
            }
            Some(Claim::Above { .. } | Claim::Leave { .. }) | None => Made::Nothing,
        };
        TracedClaim { range: self.range.clone(), made, text: None }
    }
}

/// What a syntax made of what it claimed.
enum Claim {
    /// A note.
    Note(Box<Draft>),
    /// A note that a heading starts: what follows stands below that.
    Headed {
        /// The heading's level.
        level: u8,
        /// Its text.
        title: String,
        /// The note.
        draft: Box<Draft>,
    },
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
            Self::Headed { level, title, draft } => {
                assembler.leave(level);
                assembler.note(*draft);
                assembler.enter(level, title, &Attributes::default());
            }
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
/// where blocks are read. Where text stands beside it in a line, something stands there that shows nothing.
fn blanked(text: &str, claimed: &[Claimed]) -> String {
    let mut out = String::with_capacity(text.len());
    for Claimed { range, .. } in claimed {
        let before = text.get(out.len()..range.start).unwrap_or_default();
        out.push_str(before);
        let piece = text.get(range.clone()).unwrap_or_default();
        let last_line = piece.trim_end().rfind('\n').map_or(0, |line_end| line_end + 1);
        let behind = text.get(range.end..).unwrap_or_default();
        let (heading, blank) = match sides(&out, behind, last_line > 0 || piece.ends_with('\n')) {
            Sides::Nothing => (Some(last_line), ' '),
            Sides::Marks => (None, ' '),
            Sides::Text => (None, hidden::NOTHING),
        };
        for (at, byte) in piece.bytes().enumerate() {
            out.push(match byte {
                b'\n' => '\n',
                b'\r' => '\r',
                _ if heading == Some(at) => '#',
                _ => blank,
            });
        }
    }
    out.push_str(text.get(out.len()..).unwrap_or_default());
    out
}

/// What stands beside a claim in its line.
enum Sides {
    Nothing,
    /// White space, and marks that hold it.
    Marks,
    Text,
}

/// What stands behind a text, and before another one, in a line that a claim is in; `is_whole` says that it has lines of its own.
fn sides(before: &str, behind: &str, is_whole: bool) -> Sides {
    let is_last = behind.is_empty() || behind.starts_with(['\n', '\r']);
    let margin = before.trim_end_matches([' ', '\t', '-', '*', '+', '>']);
    if is_whole || (is_last && (before.is_empty() || before.ends_with('\n'))) {
        Sides::Nothing
    } else if is_last && (margin.is_empty() || margin.ends_with('\n')) {
        Sides::Marks
    } else {
        Sides::Text
    }
}
