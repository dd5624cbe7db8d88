//! Turns a deck into its cheat sheet.

use super::page::{Context, Deck};
use super::template::File;
use crate::Error;
use crate::diagnostic::Diagnostic;

/// The page of a deck's cheat sheet. What does not fit is among the diagnostics.
///
/// # Errors
/// A template names what it is not given.
pub(super) fn sheet(
    deck: &Deck<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<String, Error> {
    // `deck.notes`, `context.collection.chapters` and `context.images` are what it is made of.
    let _ = diagnostics;
    context.templates.render(File::Sheet, &serde_json::json!({ "title": deck.name }))
}
