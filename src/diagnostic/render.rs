//! Turns diagnostics into text for people: file, line, column, the source with a caret, and what to do.
//!
//! Does not know where the text is shown. Only the lines around a place are looked at, so that many diagnostics in one
//! large file take linear time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer as Painter, Snippet,
};

use super::{Cost, Diagnostic, Label, Severity};
use crate::source::{LineIndex, SourceId, Sources, Span};
use crate::text::hidden;

/// Renders the diagnostics of one run.
pub struct Renderer<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, LineIndex>,
    painter: Painter,
    colours: bool,
}

/// More lines than this are not shown for one place: a whole section is named by its first line.
const MAX_LINES: usize = 6;

/// The painter cuts a line to this many columns around its place; but not where places on several lines share a picture.
const WIDTH: usize = 140;

/// Lines are shown whole up to this many bytes in all, and the painter cuts them to the terminal's width. Of longer ones
/// only what lies this near is looked at.
const MAX_BYTES: usize = 1000;

impl<'a> Renderer<'a> {
    /// Renders diagnostics of these sources.
    pub fn new(sources: &'a Sources, colours: bool) -> Self {
        let painter = if colours { Painter::styled() } else { Painter::plain() };
        Self { sources, lines: BTreeMap::new(), painter: painter.decor_style(DecorStyle::Ascii), colours }
    }

    /// One diagnostic, with an empty line behind it.
    pub fn render(&mut self, diagnostic: &Diagnostic) -> String {
        let level = match diagnostic.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(phrase(&diagnostic.message)).id(diagnostic.code.name());
        let mut group = Group::with_title(title).elements(self.places(diagnostic));
        let edit = self.edit(diagnostic);
        let help = diagnostic.help.as_deref();
        if edit.is_none() {
            let written = diagnostic.edit.as_ref().map(|edit| format!("write `{}`", edit.replacement.trim_end()));
            let help = help.map(str::to_owned).or(written);
            group = group.elements(help.map(|help| Level::HELP.message(phrase(&help).into_owned())));
        }
        group = group.elements(loss(diagnostic.cost).map(|loss| Level::NOTE.message(loss)));
        let mut report = vec![group];
        if let Some(patch) = edit {
            let title = Level::HELP.secondary_title(phrase(help.unwrap_or("write this")));
            report.push(Group::with_title(title).element(patch));
        }
        let picture = self.painter.render(&report);
        // The painter leaves some of the source as it is.
        format!("{}\n\n", hidden::shown_lines(&picture, self.colours))
    }

    /// The place itself and its labels: what lies near in one picture, what lies far in one of its own.
    fn places<'d>(&mut self, diagnostic: &'d Diagnostic) -> Vec<Element<'d>>
    where
        'a: 'd,
    {
        let (near, far): (Vec<&Label>, Vec<&Label>) =
            diagnostic.labels.iter().partition(|label| self.is_near(diagnostic.span, label.span));
        let place = self.cut(diagnostic.span);
        let mut spans = vec![(place, diagnostic.label.as_str(), AnnotationKind::Primary)];
        spans.extend(near.iter().map(|label| (label.span, label.text.as_str(), AnnotationKind::Context)));
        let mut elements = self.picture(&spans);
        for label in far {
            let place = self.cut(label.span);
            elements.extend(self.picture(&[(place, label.text.as_str(), AnnotationKind::Context)]));
        }
        elements
    }

    /// Of a line that was cut off at its start the painter would count a wrong column: there the origin is given apart.
    fn picture<'d>(&mut self, spans: &[(Span, &'d str, AnnotationKind)]) -> Vec<Element<'d>>
    where
        'a: 'd,
    {
        let Some(&(first, ..)) = spans.first() else { return Vec::new() };
        let window = self.window(first.source, spans.iter().map(|(span, ..)| *span));
        let source = self.sources.get(first.source);
        let annotations = spans.iter().filter_map(|(span, text, kind)| {
            let label = (!text.is_empty()).then(|| phrase(text));
            Some(kind.span(window.place(*span)?).label(label))
        });
        let snippet: Snippet<'d, Annotation<'d>> =
            Snippet::source(window.text).line_start(window.line).annotations(annotations);
        let path = phrase(self.sources.shown_path(first.source));
        let index = self.index(first.source);
        if index.start(window.line) == Some(window.range.start) {
            return vec![snippet.path(path).into()];
        }
        let (line, column) = index.position(&source.text, first.start as usize);
        vec![Origin::path(path).line(line).char_column(column).into(), snippet.into()]
    }

    fn edit<'d>(&mut self, diagnostic: &'d Diagnostic) -> Option<Snippet<'d, Patch<'d>>>
    where
        'a: 'd,
    {
        let edit = diagnostic.edit.as_ref()?;
        let window = self.window(edit.span.source, std::iter::once(edit.span));
        // An edit that is cut off would be a wrong one, and one of a line that fills the screen shows nothing.
        let place = window.place(edit.span).filter(|place| place.len() == edit.span.range().len())?;
        if window.text.lines().any(is_long) {
            return None;
        }
        let patch = Patch::new(place, edit.replacement.as_str());
        // What else it changes is shown where it stands in the same lines.
        let beside = |(span, text): &'d (Span, String)| {
            let place = window.place(*span).filter(|place| place.len() == span.range().len())?;
            window.range.contains(&span.range().start).then(|| Patch::new(place, text.as_str()))
        };
        let further = edit.further.iter().filter_map(beside);
        Some(Snippet::source(window.text).line_start(window.line).patches(std::iter::once(patch).chain(further)))
    }

    fn is_near(&mut self, place: Span, other: Span) -> bool {
        if place.source != other.source || place.start.abs_diff(other.start) as usize > MAX_BYTES {
            return false;
        }
        let index = self.index(place.source);
        let lines = index.line(place.start as usize).abs_diff(index.line(other.start as usize));
        lines < MAX_LINES && (lines == 0 || !self.has_long_lines(place.to(other)))
    }

    /// Of a place over several lines that would not fit on the screen, its part in the first line.
    fn cut(&mut self, place: Span) -> Span {
        if !self.has_long_lines(place) {
            return place;
        }
        let text = self.sources.get(place.source).text.get(place.range()).unwrap_or_default();
        let first = text.lines().next().map_or(0, str::len);
        place.with(place.start as usize..place.start as usize + first)
    }

    /// Whether a picture of the place would be wider than the screen.
    fn has_long_lines(&mut self, place: Span) -> bool {
        self.window(place.source, std::iter::once(place)).text.lines().any(is_long)
    }

    /// The whole lines of the spans, which are of one source; a part of them where they are long.
    fn window(&mut self, id: SourceId, spans: impl Iterator<Item = Span> + Clone) -> Window<'a> {
        let text = self.sources.get(id).text.as_str();
        let index = self.index(id);
        let clamp = |offset: u32| (offset as usize).min(text.len());
        let first = spans.clone().map(|span| clamp(span.start)).min().unwrap_or(0);
        let last = spans.clone().map(|span| clamp(span.start)).max().unwrap_or(0);
        let end = spans.map(|span| clamp(span.end)).max().unwrap_or(last);
        let last_line = index.line(end).min(index.line(first) + MAX_LINES).max(index.line(last));
        let mut range = index.start(index.line(first)).unwrap_or(0)..index.start(last_line + 1).unwrap_or(text.len());
        if range.len() > 2 * MAX_BYTES {
            range.start = range.start.max(first.saturating_sub(MAX_BYTES));
            range.end = range.end.min(last + MAX_BYTES);
        }
        let range = text.floor_char_boundary(range.start)..text.floor_char_boundary(range.end);
        let line = index.line(range.start);
        Window { text: text.get(range.clone()).unwrap_or_default(), range, line }
    }

    fn index(&mut self, id: SourceId) -> &LineIndex {
        let sources = self.sources;
        self.lines.entry(id).or_insert_with(|| LineIndex::new(&sources.get(id).text))
    }
}

/// A piece of a message, on one line and no longer than anybody reads.
fn phrase(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_BYTES {
        return hidden::shown(text);
    }
    let (start, end) = (text.floor_char_boundary(MAX_BYTES / 2), text.ceil_char_boundary(text.len() - MAX_BYTES / 2));
    let (start, end) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    Cow::Owned(format!("{} … {}", hidden::shown(start), hidden::shown(end)))
}

/// What is not put out, where that is neither all nor nothing.
fn loss(cost: Cost) -> Option<&'static str> {
    match cost {
        Cost::Note => Some("this note is left out"),
        Cost::File => Some("this file is left out"),
        Cost::Nothing | Cost::Build => None,
    }
}

fn is_long(line: &str) -> bool {
    line.len() > WIDTH && line.chars().count() > WIDTH
}

/// The part of a source that is shown.
struct Window<'a> {
    text: &'a str,
    range: Range<usize>,
    /// One-based number of its first line.
    line: usize,
}

impl Window<'_> {
    /// A span in the window's own offsets; without the line end behind it, which has no width, and cut off at the
    /// window's end.
    fn place(&self, span: Span) -> Option<Range<usize>> {
        let Range { start, end } = span.range();
        let (start, end) = (start.max(self.range.start), end.min(self.range.end));
        let start = self.text.floor_char_boundary(start.checked_sub(self.range.start)?);
        let end = self.text.floor_char_boundary(end.saturating_sub(self.range.start)).max(start);
        let shown = self.text.get(start..end)?;
        Some(start..start + shown.trim_end_matches(['\n', '\r']).len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Source;

    fn show(text: &str, make: impl FnOnce(&dyn Fn(Range<usize>) -> Span) -> Diagnostic) -> String {
        let mut sources = Sources::default();
        let id = sources.push(Source { path: "notes/a.md".into(), text: text.into() });
        Renderer::new(&sources, false).render(&make(&|range| Span::new(id, range)))
    }

    #[test]
    fn place_labels_and_edit_are_shown() {
        let shown = show("---\ndekc: A\ntags: x\n---\n", |at| {
            Diagnostic::new(Code::UnknownKey, at(4..8), "unknown key `dekc`")
                .caret("not a setting")
                .label(at(12..16), "tags are here")
                .help("did you mean `deck`?")
                .edit(at(4..8), "deck")
        });
        insta::assert_snapshot!(shown, @r"
        warning[unknown-key]: unknown key `dekc`
         --> notes/a.md:2:1
          |
        2 | dekc: A
          | ^^^^ not a setting
        3 | tags: x
          | ---- tags are here
          |
        help: did you mean `deck`?
          |
        2 - dekc: A
        2 + deck: A
          |
        ");
    }

    #[test]
    fn far_labels_have_pictures_of_their_own() {
        let text = format!("# One\n{}# Two\r\n", "x\n".repeat(50));
        let shown = show(&text, |at| {
            Diagnostic::new(Code::DuplicateId, at(108..111), "two notes have the id `a`")
                .label(at(2..5), "first here")
                .help("give one another id")
        });
        insta::assert_snapshot!(shown, @r"
        warning[duplicate-id]: two notes have the id `a`
          --> notes/a.md:52:3
           |
        52 | # Two
           |   ^^^
           |
          ::: notes/a.md:1:3
           |
         1 | # One
           |   --- first here
           |
           = help: give one another id
        ");
    }

    #[test]
    fn long_lines_are_cut_around_their_places() {
        let text = format!("<div a='{0}'>\n<p b='{0}'>\n</div>\n# {0} {{x}}\n", "x".repeat(400));
        let shown = show(&text, |at| {
            Diagnostic::new(Code::UnsafeHtml, at(0..830), "m").label(at(415..416), "near").edit(at(1..4), "p")
        });
        assert!(shown.lines().all(|line| line.chars().count() < WIDTH + 20), "{shown}");
        assert!(shown.contains("near") && shown.contains("help: write `p`"), "{shown}");
        assert_eq!(shown.matches("notes/a.md:").count(), 2, "{shown}");
    }

    #[test]
    fn odd_places_do_no_harm() {
        let long = format!("{}\n", "ä\tb ".repeat(20_000));
        for text in ["", "\n", "\r\n", "ä", "a\r\nb", "\t\ta\n\n", "\u{0}\u{1b}[31m", long.as_str()] {
            for (start, end) in
                [(0, 0), (0, 1), (1, 3), (2, 2), (0, text.len()), (text.len(), text.len()), (900, 70_000)]
            {
                let shown = show(text, |at| {
                    Diagnostic::new(Code::BadYaml, at(start..end), "m")
                        .caret("c")
                        .label(at(end..end + 1), "l")
                        .edit(at(start..end), "new\n\ttext")
                });
                assert!(shown.starts_with("warning[bad-yaml]: m\n"), "{shown}");
                assert!(shown.len() < 20_000, "{}", shown.len());
                assert!(!shown.contains('\u{1b}'));
            }
        }
    }

    #[test]
    fn many_diagnostics_in_one_file_take_linear_time() {
        let text = "some words on a line\n".repeat(20_000);
        let mut sources = Sources::default();
        let id = sources.push(Source { path: "a.md".into(), text });
        let mut renderer = Renderer::new(&sources, false);
        let size: usize = (0..2_000)
            .map(|n| renderer.render(&Diagnostic::new(Code::BadTag, Span::new(id, n * 210..n * 210 + 4), "m")).len())
            .sum();
        assert!(size > 100_000);
    }
}
