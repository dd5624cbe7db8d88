//! Turns the diagnostics of a compilation into what a page shows of them: words, a place, and which note it is in.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::super::Compiled;
use crate::diagnostic::render::Renderer;
use crate::diagnostic::{Code, Cost, Diagnostic, Safety, Severity};
use crate::ir::Note;
use crate::source::{SourceId, Span};

/// More are counted and not shown: whoever has as many begins with the first.
const MOST: usize = 500;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Tells it from the others of its state.
    pub id: String,
    /// The note that it is in, where it is in one that is shown.
    pub note: Option<String>,
    /// Its code.
    #[serde(serialize_with = "name")]
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in a phrase.
    pub message: String,
    /// The file's path, as messages show it.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
    /// Its column in characters, counted from 1.
    pub column: usize,
    /// All of it, as a terminal shows it.
    pub text: String,
    /// What a mend would do, where one is safe.
    pub fix: Option<Fix>,
    /// The file's path, relative to the root.
    #[serde(skip)]
    pub path: String,
    /// Where it starts in the file, in bytes.
    #[serde(skip)]
    pub start: u32,
}

/// A mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, in a phrase.
    pub title: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
fn name<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.name())
}

/// The problems of a compilation, in reading order.
pub(super) fn problems(compiled: &Compiled) -> Vec<Problem> {
    let starts = starts(&compiled.collection.notes);
    let (mut renderer, mut places) = (Renderer::new(&compiled.sources, false), compiled.places());
    let shown = compiled.diagnostics.iter().take(MOST);
    let problem = |found: &Diagnostic| {
        let (file, line, column) = places.of(found.span);
        let note = note_of(found, &starts).and_then(|note| compiled.collection.notes.get(note));
        Problem {
            id: format!("{}:{}:{}", found.code.name(), found.span.source.0, found.span.start),
            note: note.map(|note| note.guid.0.clone()),
            code: found.code,
            severity: found.severity(),
            message: found.message.clone(),
            file,
            line,
            column,
            text: renderer.render(found).trim_end().to_owned(),
            fix: fix(found),
            path: compiled.sources.get(found.span.source).path.clone(),
            start: found.span.start,
        }
    };
    shown.map(problem).collect()
}

fn fix(found: &Diagnostic) -> Option<Fix> {
    let edit = found.edit.as_ref().filter(|edit| edit.safety == Safety::Safe)?;
    let title = found.help.clone().unwrap_or_else(|| match edit.replacement.trim() {
        "" => "take it out".to_owned(),
        text => format!("write `{text}`"),
    });
    Some(Fix { title })
}

/// Where notes start: in each source, ascending, with their places in the collection.
fn starts(notes: &[Note]) -> BTreeMap<SourceId, Vec<(u32, usize)>> {
    let mut starts: BTreeMap<SourceId, Vec<(u32, usize)>> = BTreeMap::new();
    for (place, Note { span: Span { source, start, .. }, .. }) in notes.iter().enumerate() {
        starts.entry(*source).or_default().push((*start, place));
    }
    for starts in starts.values_mut() {
        starts.sort_unstable();
    }
    starts
}

/// The note that starts last before the place. What costs more than nothing is about a note that is not there.
fn note_of(found: &Diagnostic, starts: &BTreeMap<SourceId, Vec<(u32, usize)>>) -> Option<usize> {
    let starts = starts.get(&found.span.source).filter(|_| found.cost == Cost::Nothing)?;
    let behind = starts.partition_point(|(start, _)| *start <= found.span.start);
    starts.get(behind.checked_sub(1)?).map(|(_, note)| *note)
}
