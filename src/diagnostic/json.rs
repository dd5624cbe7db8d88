//! Turns diagnostics into JSON, one object a line, for editors and scripts.
//!
//! Lines and columns count from 1, columns in characters; offsets are bytes in the file's text after a byte order mark.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Code, Cost, Diagnostic, Edit, Safety, Severity};
use crate::source::{Change, LineIndex, SourceId, Sources, Span};

/// The diagnostics as JSON lines, in their order.
pub fn to_lines(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut places = Places { sources, lines: BTreeMap::new() };
    let mut lines = String::new();
    for diagnostic in diagnostics {
        // Serialising plain data into memory fails for no value of these types.
        if let Ok(line) = serde_json::to_string(&places.entry(diagnostic)) {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    lines
}

/// A file that was mended. The names of fields are stable; `kind` tells it from diagnostics, which have a `code`.
#[derive(Serialize)]
pub struct Mended<'a> {
    kind: &'static str,
    path: &'a str,
    written: bool,
    /// How many mistakes of each code.
    codes: BTreeMap<&'static str, usize>,
    edits: Vec<ChangeEntry<'a>>,
}

impl<'a> Mended<'a> {
    /// `text` is what the file held, and changes are those of it.
    pub fn new(
        path: &'a str,
        written: bool,
        mended: &BTreeMap<Code, usize>,
        text: &str,
        changes: &'a [Change],
    ) -> Self {
        let codes = mended.iter().map(|(code, count)| (code.name(), *count)).collect();
        Self { kind: "mended", path, written, codes, edits: entries(text, changes) }
    }
}

fn entries<'a>(text: &str, changes: &'a [Change]) -> Vec<ChangeEntry<'a>> {
    let index = LineIndex::new(text);
    let edit = |Change { range, text: replacement }: &'a Change| {
        let (line, column) = index.position(text, range.start);
        let (end_line, end_column) = index.position(text, range.end);
        ChangeEntry { replacement, line, column, end_line, end_column, start: range.start, end: range.end }
    };
    changes.iter().map(edit).collect()
}

/// A file that is written in another form. The names of fields are stable.
#[derive(Serialize)]
pub struct Reformatted<'a> {
    kind: &'static str,
    path: &'a str,
    written: bool,
    /// How many notes are written anew.
    notes: usize,
    edits: Vec<ChangeEntry<'a>>,
    left: Vec<LeftEntry>,
    /// Why all of it is left as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// What came of writing files in another form, behind all of them. The names of fields are stable.
#[derive(Serialize)]
pub struct Reformat<'a> {
    kind: &'static str,
    /// The files that cannot be read.
    unread: &'a [String],
    /// How many media lie outside of the project and were not copied.
    media_outside: usize,
    /// How many notes no longer say what they stood below.
    moved: usize,
    /// Whether other text would be notes unless `--syntax` is named again.
    needs_syntax: bool,
}

impl<'a> Reformat<'a> {
    /// All of it.
    pub fn new(unread: &'a [String], media_outside: usize, moved: usize, needs_syntax: bool) -> Self {
        Self { kind: "reformat", unread, media_outside, moved, needs_syntax }
    }
}

/// A note that is left as it is.
#[derive(Serialize)]
struct LeftEntry {
    line: usize,
    why: String,
}

impl<'a> Reformatted<'a> {
    /// `left` are the lines of notes that stay as they are, counted from 1, each with the reason; `refused` is that for the file.
    pub fn new(
        path: &'a str,
        written: bool,
        notes: usize,
        left: impl Iterator<Item = (usize, String)>,
        refused: Option<String>,
    ) -> Self {
        let left = left.map(|(line, why)| LeftEntry { line, why }).collect();
        Self { kind: "reformatted", path, written, notes, edits: Vec::new(), left, refused }
    }

    /// It with what was put in the place of what in its text.
    pub fn with_edits(self, text: &str, changes: &'a [Change]) -> Self {
        Self { edits: entries(text, changes), ..self }
    }
}

/// An edit that was not made, for a note would be lost by it, or become another one. The names of fields are stable.
#[derive(Serialize)]
pub struct LeftUndone<'a> {
    kind: &'static str,
    path: &'a str,
    line: usize,
    /// What it would have mended: `code` is for what is wrong.
    mends: &'static str,
}

impl<'a> LeftUndone<'a> {
    /// `line` counts from 1 in the file as it was.
    pub fn new(path: &'a str, line: usize, code: Code) -> Self {
        Self { kind: "left-undone", path, line, mends: code.name() }
    }
}

/// What was put in the place of what; places are those of the file as it was.
#[derive(Serialize)]
struct ChangeEntry<'a> {
    replacement: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    severity: Severity,
    cost: Cost,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
    labels: Vec<LabelEntry<'a>>,
    help: Option<&'a str>,
    edit: Option<EditEntry<'a>>,
}

#[derive(Serialize)]
struct LabelEntry<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    replacement: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    safety: Safety,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    further: Vec<FurtherEntry<'a>>,
}

#[derive(Serialize)]
struct FurtherEntry<'a> {
    replacement: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: u32,
    end: u32,
}

struct Places<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, LineIndex>,
}

impl<'a> Places<'a> {
    fn entry(&mut self, diagnostic: &'a Diagnostic) -> Entry<'a> {
        let labels = diagnostic.labels.iter();
        Entry {
            code: diagnostic.code.name(),
            severity: diagnostic.severity(),
            cost: diagnostic.cost,
            message: &diagnostic.message,
            place: self.place(diagnostic.span),
            label: &diagnostic.label,
            labels: labels.map(|label| LabelEntry { text: &label.text, place: self.place(label.span) }).collect(),
            help: diagnostic.help.as_deref(),
            edit: diagnostic.edit.as_ref().map(|edit| self.edit(edit)),
        }
    }

    fn edit(&mut self, edit: &'a Edit) -> EditEntry<'a> {
        let further = edit.further.iter();
        let further =
            further.map(|(span, replacement)| FurtherEntry { replacement, place: self.place(*span) }).collect();
        EditEntry { replacement: &edit.replacement, place: self.place(edit.span), safety: edit.safety, further }
    }

    fn place(&mut self, span: Span) -> Place<'a> {
        let source = self.sources.get(span.source);
        let index = self.lines.entry(span.source).or_insert_with(|| LineIndex::new(&source.text));
        let (line, column) = index.position(&source.text, span.start as usize);
        let (end_line, end_column) = index.position(&source.text, span.end as usize);
        Place {
            path: self.sources.shown_path(span.source),
            line,
            column,
            end_line,
            end_column,
            start: span.start,
            end: span.end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Source;

    #[test]
    fn a_line_holds_all_of_a_diagnostic() {
        let mut sources = Sources::default();
        let id = sources.push(Source { path: "a.md".into(), text: "ä: 1\nb\n".into() });
        let diagnostic = Diagnostic::new(Code::UnknownKey, Span::new(id, 0..2), "unknown key `ä`")
            .label(Span::new(id, 6..8), "here")
            .help("did you mean `a`?")
            .edit(Span::new(id, 0..2), "a");
        let expected = concat!(
            r#"{"code":"unknown-key","severity":"warning","cost":"nothing","message":"unknown key `ä`","path":"a.md","line":1,"column":1,"#,
            r#""end_line":1,"end_column":2,"start":0,"end":2,"label":"","labels":[{"text":"here","path":"a.md","line":2,"#,
            r#""column":1,"end_line":3,"end_column":1,"start":6,"end":8}],"help":"did you mean `a`?","edit":{"#,
            r#""replacement":"a","path":"a.md","line":1,"column":1,"end_line":1,"end_column":2,"start":0,"end":2,"safety":"unsafe"}}"#,
            "\n"
        );
        assert_eq!(to_lines(&[diagnostic], &sources), expected);
    }
}
