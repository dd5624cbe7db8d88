//! What is wrong with the author's text: data, located, many at once.
//!
//! A [`Diagnostic`] knows its [`Code`] and its places; how it is shown is up to [`render`] and [`json`].
//! The machine's failures (I/O, SQLite) are [`crate::Error`].

mod code;
pub mod diff;
pub mod json;
pub mod render;

use serde::Serialize;

pub use code::{Code, Mends};

use crate::source::{Excerpt, SourceId, Span};

/// What a mistake costs: as little as can be, for of thousands of notes a few are half-written at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    /// All is built, though perhaps not as it was meant.
    Nothing,
    /// The note is left out.
    Note,
    /// The file is left out, with all notes in it.
    File,
    /// Nothing is written.
    Build,
}

/// How bad it is: an error stops the build, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is put out.
    Error,
    /// What is put out may not be what the author meant, or not all of it.
    Warning,
}

/// A second place that helps to understand the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there: a phrase that starts in lower case.
    pub text: String,
}

/// An edit that mends the text: put `replacement` in place of `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty for an insertion.
    pub span: Span,
    /// What to put there; a line feed in it is the file's own line end.
    pub replacement: String,
    /// What has to be replaced together with it, in the same source and apart from it.
    pub further: Vec<(Span, String)>,
    /// Whether it is right in every case, so that `deckle check --fix` applies it.
    pub safety: Safety,
}

impl Edit {
    /// All that it replaces.
    pub fn pieces(&self) -> impl Iterator<Item = (Span, &str)> {
        let further = self.further.iter().map(|(span, text)| (*span, text.as_str()));
        std::iter::once((self.span, self.replacement.as_str())).chain(further)
    }
}

/// Whether an edit may be applied before anybody has looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// It says what the author meant, whatever else is in the file.
    Safe,
    /// It is what most authors mean: it is shown, and they decide.
    Unsafe,
}

/// One mistake of the author's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// What it costs here; decides the severity.
    pub cost: Cost,
    /// What is wrong: a phrase that starts in lower case, without a full stop.
    pub message: String,
    /// The narrowest place that is wrong.
    pub span: Span,
    /// What the caret says; may be empty.
    pub label: String,
    /// More places.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// The edit that does it, where there is one.
    pub edit: Option<Edit>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            cost: code.cost(),
            message,
            span,
            label: String::new(),
            labels: Vec::new(),
            help: None,
            edit: None,
        }
    }

    /// Says what it costs, where that is not what its code says.
    #[must_use]
    pub fn costing(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// Says something beside the caret.
    #[must_use]
    pub fn caret(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Points at one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Gives an edit that mends it in most cases; it is shown and never applied.
    #[must_use]
    pub fn edit(self, span: Span, replacement: impl Into<String>) -> Self {
        self.with_edit(span, replacement.into(), Safety::Unsafe)
    }

    /// Gives the edit that mends it in every case: `deckle check --fix` applies it. What is built of all other notes stays the
    /// same by it, and a note that is built stays who it is.
    #[must_use]
    pub fn fix(self, span: Span, replacement: impl Into<String>) -> Self {
        self.with_edit(span, replacement.into(), Safety::Safe)
    }

    /// Adds a place in the same source that the edit has to change as well.
    #[must_use]
    pub fn together_with(mut self, span: Span, replacement: impl Into<String>) -> Self {
        if let Some(edit) = &mut self.edit {
            edit.further.push((span, replacement.into()));
        }
        self
    }

    fn with_edit(mut self, span: Span, replacement: String, safety: Safety) -> Self {
        self.edit = Some(Edit { span, replacement, further: Vec::new(), safety });
        self
    }

    /// Says that all its places are in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        self.places_mut().for_each(|span| span.source = source);
    }

    /// Says that it was said of an excerpt: its places are those in the source. An edit over what the excerpt leaves out
    /// would take that away, and is not offered.
    pub fn move_out_of(&mut self, excerpt: &Excerpt) {
        let is_whole = |span: Span| excerpt.place(span).range().len() == span.range().len();
        self.edit.take_if(|edit| !edit.pieces().all(|(span, _)| is_whole(span)));
        self.places_mut().for_each(|span| *span = excerpt.place(*span));
    }

    fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        let Self { code: _, cost: _, message: _, span, label: _, labels, help: _, edit } = self;
        let labels = labels.iter_mut().map(|label| &mut label.span);
        let edits = edit.iter_mut().flat_map(|Edit { span, replacement: _, further, safety: _ }| {
            std::iter::once(span).chain(further.iter_mut().map(|(span, _)| span))
        });
        std::iter::once(span).chain(labels).chain(edits)
    }

    /// Whether it stops the build.
    pub fn severity(&self) -> Severity {
        match self.cost {
            Cost::Build => Severity::Error,
            Cost::Nothing | Cost::Note | Cost::File => Severity::Warning,
        }
    }
}

/// Orders diagnostics as a reader meets them: by file, then by place, then by code; what was found twice is kept once,
/// because a footnote is read again for every note that mentions it.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.dedup();
}

/// Whether any of them stops a build.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// The longest word that may be a misspelling, in characters: no word of ours is half as long.
const MAX_WORD: usize = 100;

/// The candidate that `word` is most likely a misspelling of, if any is near enough.
///
/// Near is a Damerau–Levenshtein distance of at most 2, and of at most a third of the word's length
/// (1 at least), so that short words do not match everything. Case makes no difference.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).into_iter().min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The candidate that `word` is a misspelling of, where it can be one of no other.
pub fn suggest_only<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    match near(word, candidates).as_slice() {
        [(_, only)] => Some(only),
        [] | [_, ..] => None,
    }
}

/// The candidates that are near enough, each with its distance.
fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let length = word.chars().count();
    let limit = (length / 3).clamp(1, 2);
    if length > MAX_WORD {
        return Vec::new();
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect()
}
