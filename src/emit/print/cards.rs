//! Turns a deck into pages of cut-out cards.

use super::Artifact;
use super::page::{Context, Deck};
use crate::Error;
use crate::diagnostic::Diagnostic;

/// `<slug>-cards.html`, and more files where there are more cards than one takes.
///
/// # Errors
/// A template names what it is not given.
pub(super) fn cards(
    deck: &Deck<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Artifact>, Error> {
    let _ = (deck, context, diagnostics);
    Ok(Vec::new())
}
