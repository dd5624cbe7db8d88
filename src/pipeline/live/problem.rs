//! Turns the diagnostics of a compilation into what a page shows of them: words, a place, and which note it is in.

use std::collections::{BTreeMap, HashMap};

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

/// The problems of a compilation.
#[derive(Debug, Default)]
pub(super) struct Problems {
    /// In reading order; of many the errors and the first of the others.
    pub(super) shown: Vec<Problem>,
    /// How many each note has, by its place in the collection.
    pub(super) by_note: HashMap<usize, usize>,
    /// How many each file has, by its path as messages show it.
    pub(super) by_file: HashMap<String, usize>,
}

impl Problems {
    pub(super) fn of(compiled: &Compiled) -> Self {
        let starts = starts(&compiled.collection.notes);
        let mut problems = Self::default();
        let is_error = |found: &Diagnostic| found.severity() == Severity::Error;
        let mut others = MOST.saturating_sub(compiled.diagnostics.iter().filter(|found| is_error(found)).count());
        let mut shown = Vec::new();
        for (number, found) in compiled.diagnostics.iter().enumerate() {
            let note = note_of(found, &starts);
            if let Some(note) = note {
                *problems.by_note.entry(note).or_default() += 1;
            }
            let path = compiled.sources.shown_path(found.span.source);
            *problems.by_file.entry(path.to_owned()).or_default() += 1;
            if is_error(found) || others > 0 {
                others = others.saturating_sub(usize::from(!is_error(found)));
                shown.push((number, found, note));
            }
        }
        shown.truncate(MOST);
        problems.shown = described(compiled, shown);
        problems
    }
}

/// Diagnostics in words, each given with its number and the place of its note.
fn described(compiled: &Compiled, found: Vec<(usize, &Diagnostic, Option<usize>)>) -> Vec<Problem> {
    let (mut renderer, mut places) = (Renderer::new(&compiled.sources, false), compiled.places());
    let problem = |(number, found, note): (usize, &Diagnostic, Option<usize>)| {
        let (file, line, column) = places.of(found.span);
        let note = note.and_then(|note| compiled.collection.notes.get(note));
        Problem {
            id: format!("{}:{}:{}:{number}", found.code.name(), found.span.source.0, found.span.start),
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
    found.into_iter().map(problem).collect()
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
