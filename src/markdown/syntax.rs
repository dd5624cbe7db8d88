//! The ways of writing notes, one file each: each says where notes begin and end, in the terms of
//! [`super::assemble`].
//!
//! A syntax takes what it claims out of a text and leaves the rest to the next one. Headings come last: whether they make
//! notes or not, they are the context of what stands below them.

mod headings;
mod qa;

use std::ops::Range;

use super::assemble::{Assembler, Draft};
use super::stamp::{Insertion, Unstamped};
use crate::config::syntax::{Syntax, Syntaxes};
use crate::ir::{Block, Note};

pub(super) use qa::deck_in_toml;

/// Reads the notes and the prose of a text.
pub(super) fn read(range: Range<usize>, syntaxes: &Syntaxes, assembler: &mut Assembler<'_>) {
    let pieces = if syntaxes.has(Syntax::Qa) { qa::read(range, assembler) } else { vec![Piece::Text(range)] };
    headings::read(pieces, syntaxes.has(Syntax::Headings), assembler);
}

/// Where the id of a note goes that is written in a syntax.
pub(super) fn stamp(syntax: Syntax, text: &str, note: &Note, id: &str) -> Result<Insertion, Unstamped> {
    match syntax {
        Syntax::Headings => headings::stamp(text, note, id),
        Syntax::Qa => Err(Unstamped::Syntax),
    }
}

/// A piece of a text.
enum Piece {
    /// No syntax has claimed it yet.
    Text(Range<usize>),
    /// One has.
    Claimed(Claim),
}

/// What a syntax made of what it claimed.
enum Claim {
    /// A note.
    Note(Draft),
    /// What is nearly a note, as prose.
    Prose(Vec<Block>),
}

impl Claim {
    fn put(self, assembler: &mut Assembler<'_>) {
        match self {
            Self::Note(draft) => assembler.note(draft),
            Self::Prose(blocks) => blocks.into_iter().for_each(|block| assembler.prose(block)),
        }
    }
}
