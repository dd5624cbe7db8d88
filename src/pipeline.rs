//! Turns a world and a request into all that deckle makes of them: the steps, each a function from one type to the next.
//!
//! [`compile`] is the only way through. Knows what follows what; how notes are read, checked and packed is the rooms' own
//! business.

mod answers;
mod commands;
mod compiled;
mod deck_case;
mod difference;
mod embeds;
mod fix;
mod format;
mod gathered;
mod identified;
mod ignored;
mod inventory;
mod kept;
mod links;
mod live;
mod memory;
mod merged;
mod outline;
mod output;
mod preprocess;
mod preview;
mod print_test;
mod printed;
mod published;
mod questions;
mod read;
mod reformat;
mod request;
mod site_settings;
mod sited;
mod sought;
mod there;
mod vaults;
mod watched;
mod write;

use self::kept::{Keeping, SavedDocuments};
use crate::files::{self, World};
use crate::site::book;
use crate::{Error, json};

pub use crate::markdown::{Unstamped, Why};
pub use answers::{Known, Stamped, find, forget, keep, known, recover, split, stamp};
pub use compiled::{Compiled, PlaceFinder, Stop};
pub use difference::{
    Compared, Counts, DeckDifference, Difference, MediaFate, NoteChange, NoteDifference, NoteTypeFate, State,
    difference,
};
pub use fix::{Fixed, FixedFile, LeftUndone, Mended, fix};
pub use format::{Format, KeptPieces, Options, emit};
pub use identified::{Identity, Refusal};
pub use inventory::{CardKind, Due, Inventory, Stock, inventory};
pub use kept::Kept;
pub use live::{Change, Live, Outputs, Showing, media_bytes, mend, recipe_bytes};
pub use memory::{Memory, Recalled, Sight};
pub use output::Output;
pub use preprocess::{preprocess, supports};
pub use preview::{Side, card, card_name};
pub use print_test::{PrintTest, print_test, print_test_pdf};
pub use printed::Unprinted;
pub use questions::{OpenQuestion, answer_yes, leave_open, new_sides, open_questions};
pub use reformat::{Goal, Otherwise, Reformatted, ReformattedFile, Target, reformat};
pub use request::{Failure, Formats, Progress, Request, Scope, Step, Wanted};
pub use site_settings::book_toml;
pub use there::{NotesThere, notes_there, remembered_id};
pub use watched::watched;
pub use write::{Built, build, write};

/// Reads, checks and makes everything that is asked for. Mistakes of the author are in the result, and so is what forbids
/// to [`write()`] it; nothing is written.
///
/// # Errors
/// The request makes no sense, a file or folder cannot be read, or a format's machinery fails.
pub fn compile(world: &World, request: &Request, progress: &Progress<'_>) -> Result<Compiled, Failure> {
    take_steps(world, request, None, progress)
}

/// Compiles again and again: what did not change since the last time is taken from there. Each result is what [`compile`]
/// would give.
#[derive(Debug, Default)]
pub struct Workspace {
    /// What the next compilation sees.
    pub world: World,
    /// What is kept of the last one.
    pub kept: Kept,
}

impl Workspace {
    /// As [`compile`].
    ///
    /// # Errors
    /// As for [`compile`].
    pub fn compile(&mut self, request: &Request, progress: &Progress<'_>) -> Result<Compiled, Failure> {
        take_steps(&self.world, request, Some(&mut self.kept), progress)
    }
}

fn take_steps(
    world: &World,
    request: &Request,
    mut kept: Option<&mut Kept>,
    progress: &Progress<'_>,
) -> Result<Compiled, Failure> {
    let gathered = gathered::gather(world, request, progress)?;
    let keeping = kept.as_deref_mut().map_or(Keeping::Nowhere, Keeping::Here);
    let read = read::read(gathered, keeping, progress);
    let merged = merged::merge(world, read)?;
    let identified = identified::identify(world, merged, &request.wanted);
    compiled::emit(identified, request, kept.map(|kept| &mut kept.pieces), progress)
}

/// As [`compile`], with what is kept of documents, and of what formats made: `pieces` is called while notes are read.
fn compile_again(
    world: &World,
    request: &Request,
    documents: &mut SavedDocuments<'_>,
    pieces: impl FnOnce() -> KeptPieces + Send,
    progress: &Progress<'_>,
) -> Result<(Compiled, KeptPieces), Failure> {
    let keeping = Keeping::Saved(documents);
    let read = || Ok::<_, Failure>(read::read(gathered::gather(world, request, progress)?, keeping, progress));
    let (read, mut pieces) = rayon::join(read, pieces);
    let identified = identified::identify(world, merged::merge(world, read?)?, &request.wanted);
    let compiled = compiled::emit(identified, request, Some(&mut pieces), progress)?;
    Ok((compiled, pieces))
}

/// The JSON Schema of the IR; needs no notes.
pub fn schema() -> Result<Vec<u8>, Error> {
    let schema = json::emit_schema()?.artifacts;
    Ok(schema.iter().map(|artifact| files::bytes_of(&artifact.recipe)).collect::<Result<Vec<_>, _>>()?.concat())
}

/// Files of the study site that a book of an author's own needs: name and text.
pub fn site_files() -> [(&'static str, &'static str); 2] {
    [("deckle.css", book::STYLE), ("deckle.js", book::script())]
}
