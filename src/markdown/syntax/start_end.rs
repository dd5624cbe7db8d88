//! Notes between lines of `START` and `END`, within lines and in shapes of their own, as Obsidian_to_Anki has them.
//!
//! Which words begin and end notes, which note types there are and which shapes are notes, the settings of the vault say. The
//! form is that of Obsidian_to_Anki 3.6.0 (`src/note.ts`, `src/file.ts`, `src/setting-to-data.ts`). What stands outside of notes is
//! left to headings.

mod blocks;
mod drafts;
mod file_wide;
mod inline;
mod lines;
mod near;
mod search;
mod shapes;
mod types;
mod written;

use std::ops::Range;

use self::drafts::Drafts;
use self::search::{Named, search};
use super::{Claimed, Gate, machinery};
use crate::config::Settings;
use crate::markdown::File;
use crate::markdown::assemble::Assembler;
use crate::markdown::attributes::Attributes;
use crate::source::Source;

pub(in crate::markdown) use self::file_wide::{FileWide, widen};

/// Takes the notes out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let options = assembler.options();
    let syntaxes = &assembler.settings().syntaxes;
    let found = search(&rest.text, range, &options, syntaxes);
    for near in near::reported(found.near) {
        let diagnostic = near.diagnostic(assembler.id());
        assembler.report(diagnostic);
    }
    let mut claimed: Vec<Claimed> = found.machinery.into_iter().map(|range| Claimed { range, claim: None }).collect();
    for Named { heading, id, tags } in found.named {
        let tags = tags.and_then(|tags| rest.text.get(tags)).unwrap_or_default();
        let (id, tags) = (Some(id.explicit(assembler.id())), machinery::tags(tags).collect());
        assembler.give(heading, Attributes { id, tags, ..Attributes::default() });
    }
    let mut drafts = Drafts::new(rest, &options.start_end, found.frozen, assembler);
    for written in found.notes {
        claimed.push(drafts.claim(written));
    }
    claimed.sort_by_key(|claimed| claimed.range.start);
    claimed
}

/// The deck that the file puts into effect.
pub(super) fn gate(file: File<'_>, body: Range<usize>, settings: &Settings) -> Gate {
    FileWide::of(file, body, settings).into_gate()
}
