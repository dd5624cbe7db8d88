//! Finds the settings at a file's start, between two lines of `---`.
//!
//! Knows where they end, not what they say: that is [`crate::config`]'s.

use std::ops::Range;

use crate::config;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, SourceId, Span};
use crate::text::hidden;

/// Where a file's front matter lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// The YAML, without the lines of dashes.
    pub yaml: Range<usize>,
    /// Offset of the text's first byte behind it.
    pub end: usize,
}

/// The front matter of a text, if it has any. Text that starts with `---` and never closes it is a thematic break.
///
/// TOML between lines of `+++` is reported and passed over.
pub(super) fn find(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<FrontMatter> {
    if let Some(toml) = fenced(&source.text, "+++", &["+++"]) {
        diagnostics.push(
            Diagnostic::new(Code::FrontMatterForm, Span::new(id, 0..3), "front matter in TOML is not read")
                .caret("starts a TOML block")
                .help("write it as YAML between lines of `---`: `deck: Name` in place of `deck = \"Name\"`"),
        );
        return Some(FrontMatter { yaml: toml.end..toml.end, end: toml.end });
    }
    if let Some(json) = json(&source.text) {
        diagnostics.push(
            Diagnostic::new(Code::FrontMatterForm, Span::new(id, 0..1), "front matter in JSON is not read")
                .caret("starts an object")
                .help("write it as YAML between lines of `---`: `deck: Name` in place of `\"deck\": \"Name\"`"),
        );
        return Some(FrontMatter { yaml: json..json, end: json });
    }
    let found = fenced(&source.text, "---", &["---", "..."]);
    let goes_on = |yaml: &str| (has_heading(yaml) || starts_apart(yaml)) && !config::is_mapping(yaml);
    let closed = found.filter(|found| !goes_on(&source.text[found.yaml.clone()]));
    let found = closed.or_else(|| misplaced(id, &source.text, diagnostics));
    if found.is_none() {
        diagnostics.extend(almost_a_setting(id, &source.text));
    }
    found
}

/// Offset of a text's first byte behind its front matter.
pub(super) fn end(text: &str) -> usize {
    fenced(text, "---", &["---", "..."]).map_or(0, |found| found.end)
}

/// A first line that was to name the deck and is text, such as `deck = T`. It may be text: so it is not read, but said.
fn almost_a_setting(id: SourceId, text: &str) -> Option<Diagnostic> {
    let start = text.len() - text.trim_start().len();
    let line = line_at(text, start);
    let behind = text.get(line.end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let stands_alone = behind.trim().is_empty() || behind.starts_with('#');
    let meant = config::nearly_settings(line.text).filter(|meant| stands_alone && meant.starts_with("deck"))?;
    let span = |range: Range<usize>| Span::new(id, range);
    let found =
        Diagnostic::new(Code::FrontMatterForm, span(line.start..line.text_end), "this line is text, and names no deck")
            .help("settings are `key: value` lines between two lines of `---`");
    // Edits that touch each other are shown as one line.
    Some(found.edit(span(0..line.text_end), format!("---\n{meant}\n---")))
}

/// Where front matter in JSON ends, with its line, if a text starts with it.
fn json(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut names_key = false;
    for line in text.split_inclusive('\n').take(MAX_LINES).take_while(|_| text.starts_with('{')) {
        at += line.len();
        names_key |= ["\"deck\":", "\"tags\":", "\"title\":"].iter().any(|key| line.contains(key));
        if line.trim_end().ends_with('}') {
            return names_key.then_some(at);
        }
    }
    None
}

/// Whether what stands between two lines of dashes has a heading behind an empty line. Where it is no comment between settings,
/// the first line is closed by none, and the second is a rule of the text.
fn has_heading(yaml: &str) -> bool {
    let mut lines = yaml.lines().zip(yaml.lines().skip(1));
    lines.any(|(above, line)| {
        above.trim().is_empty() && line.starts_with("##") && line.trim_start_matches('#').starts_with(' ')
    })
}

/// Whether an empty line stands below the first line of dashes, and text below that: then the dashes are a rule, for pandoc as
/// well. TOML is none of it.
fn starts_apart(yaml: &str) -> bool {
    let mut lines = yaml.lines();
    let is_apart = lines.next().is_some_and(|line| line.trim().is_empty());
    is_apart && lines.find(|line| !line.trim().is_empty()).is_some_and(|line| !line.contains('='))
}

/// Settings that look like front matter and are none: between other lines than `---`, between none, or not at the very start.
/// They would be taken for a rule and text, and the file would yield no notes, or others, without a word. So they are read,
/// and said.
fn misplaced(id: SourceId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<FrontMatter> {
    let start = text.len()
        - text.trim_start_matches(|c: char| c.is_whitespace() || hidden::is_blank(c.encode_utf8(&mut [0; 4]))).len();
    let open = line_at(text, start);
    let (opening, block) = match Opening::of(open.text) {
        Some(opening) => (opening, open.end),
        None => (Opening::Missing, start),
    };
    let settings = Settings::at(text, block);
    let starts_with_key = open.text.starts_with(|c: char| c.is_ascii_lowercase());
    let is_meant = settings.names_deck || opening == Opening::Dashes && start == 0 && settings.names_other;
    let close = Some(line_at(text, settings.end)).filter(|line| opening.is_closed_by(line.text));
    let is_closed = close.is_some();
    let may_be_open = opening == Opening::Dashes || opening == Opening::Missing && starts_with_key;
    if !is_meant || !(is_closed || may_be_open) {
        return None;
    }
    let span = |range: Range<usize>| Span::new(id, range);
    let found = |place: Range<usize>, message| Diagnostic::new(Code::FrontMatterForm, span(place), message);
    let end = close.as_ref().map_or(settings.end, |close| close.end);
    let (opens, closes) = (start..open.text_end, close.map(|close| close.start..close.text_end));
    // The last line may have no end.
    let is_line_end = text[..end].ends_with('\n') || end == start;
    let dashes = if is_line_end { "---\n" } else { "\n---\n" };
    // Code at a file's start may well be what the file is about.
    let is_code = opening == Opening::Fence && !config::are_of_front_matter(&text[block..settings.end]);
    let is_right = |range: &Range<usize>| text.get(range.clone()).is_some_and(|line| line == "---" || line == "...");
    diagnostics.push(match (opening, closes) {
        (Opening::Missing, _) => found(opens, "settings without lines of `---` around them")
            .help("write `---` in a line above them, and in one below")
            .fix(span(0..start), "---\n")
            .together_with(span(end..end), dashes),
        (_, None) => found(opens, "the front matter is never closed")
            .caret("opens here")
            .help("close it with a line of `---`")
            .fix(span(end..end), dashes),
        (Opening::Dashes, Some(closes)) if !is_right(&closes) => {
            found(closes.clone(), "front matter ends with a line of `---`")
                .help("write three dashes")
                .fix(span(closes), "---")
        }
        (Opening::Dashes, Some(closes)) => {
            let start_of_line = text[..closes.start].rfind('\n').map_or(0, |end| end + 1);
            found(opens, "front matter must start on the first line")
                .help("take out what stands above it")
                .fix(span(0..start), "")
                .together_with(span(start_of_line..closes.end), "---")
        }
        (Opening::Fence, Some(closes)) if is_code => found(opens.clone(), "settings in code are read as code")
            .help("front matter stands between two lines of `---`")
            .edit(span(0..opens.end), "---")
            .together_with(span(closes), "---"),
        (Opening::Other | Opening::Fence, Some(closes)) => {
            found(opens.clone(), "front matter stands between two lines of `---`")
                .help("write three dashes in the line above the settings, and in the one below")
                .fix(span(0..opens.end), "---")
                .together_with(span(closes), "---")
        }
    });
    (!is_code).then_some(FrontMatter { yaml: block..settings.end, end })
}

/// What stands in the line above settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// `---`.
    Dashes,
    /// Other signs, all of a kind.
    Other,
    /// What starts code in YAML.
    Fence,
    /// Nothing: the settings come first.
    Missing,
}

impl Opening {
    fn of(line: &str) -> Option<Self> {
        match line {
            "---" => Some(Self::Dashes),
            "```yaml" | "```yml" | "~~~yaml" | "~~~yml" => Some(Self::Fence),
            _ => is_rule(line).then_some(Self::Other),
        }
    }

    fn is_closed_by(self, line: &str) -> bool {
        match self {
            Self::Dashes | Self::Other => is_rule(line) || line == "...",
            Self::Fence => matches!(line, "```" | "~~~"),
            Self::Missing => false,
        }
    }
}

/// Whether a line is two or more signs of a kind that may have been meant as dashes.
fn is_rule(line: &str) -> bool {
    const DASHES: &[char] = &['-', '\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '―', '−'];
    let are_equal = |sign: &char| line.chars().all(|c| c == *sign);
    let are_others = || ['*', '_', '=', '~'].iter().any(are_equal);
    (line.chars().nth(1).is_some() && (line.chars().all(|c| DASHES.contains(&c)) || are_others())) || line == "—"
}

/// A line without the white space around it.
struct Line<'a> {
    text: &'a str,
    start: usize,
    text_end: usize,
    /// Offset behind the line end.
    end: usize,
}

/// The line at an offset.
fn line_at(text: &str, at: usize) -> Line<'_> {
    let whole = text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()).unwrap_or_default();
    let start = at + whole.len() - whole.trim_start().len();
    let bare = whole.trim();
    Line { text: bare, start, text_end: start + bare.len(), end: at + whole.len() }
}

/// Lines of settings that follow each other.
struct Settings {
    /// Offset behind the last one, and behind the empty lines below where front matter is closed there.
    end: usize,
    /// Whether one of them puts a deck into effect.
    names_deck: bool,
    /// Whether one of them is what other tools have in front matter as well.
    names_other: bool,
}

impl Settings {
    /// The settings that start at an offset; empty lines may stand above them.
    fn at(text: &str, start: usize) -> Self {
        let mut found = Self { end: start, names_deck: false, names_other: false };
        let (mut at, mut has_any) = (start, false);
        for _ in 0..MAX_LINES {
            let line = line_at(text, at);
            let is_blank = line.text.is_empty() && line.end > at;
            if !(is_setting(line.text) || is_blank && !has_any) {
                break;
            }
            found.names_deck |= is_of_deck(line.text);
            found.names_other |=
                ["tags:", "title:", "aliases:", "syntax:"].iter().any(|key| line.text.starts_with(key));
            has_any |= !is_blank;
            (at, found.end) = (line.end, line.end);
        }
        found
    }
}

/// Whether a line is a setting in YAML: `key: value`, or an element of a list.
fn is_setting(line: &str) -> bool {
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let has_key = line
        .split_once(':')
        .is_some_and(|(key, value)| is_key(key) && (value.is_empty() || value.starts_with([' ', '\t'])));
    has_key || line.starts_with("- ")
}

/// Whether a text that cannot be read as YAML was to put a deck into effect.
pub(super) fn names_deck(text: &str) -> bool {
    let mut lines = text.lines().take(MAX_LINES).filter(|line| is_of_deck(line));
    lines.any(|line| line.strip_prefix("deck:").is_none_or(|value| value.trim() != "false"))
}

/// Whether front matter says that another program's board or drawing is in the file, and does not name a deck for it.
pub(super) fn is_of_other_program(yaml: &str) -> bool {
    let is_one = |line: &str| line.starts_with("kanban-plugin:") || line.starts_with("excalidraw-plugin:");
    yaml.lines().any(is_one) && !yaml.lines().any(is_of_deck)
}

fn is_of_deck(line: &str) -> bool {
    line.starts_with("deck:") || line.starts_with("deckle:")
}

/// How far to look for a `deck:` in what may be front matter.
const MAX_LINES: usize = 20;

fn fenced(text: &str, open: &str, close: &[&str]) -> Option<FrontMatter> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != open || !first.ends_with('\n') {
        return None;
    }
    let start = first.len();
    let mut at = start;
    for line in lines {
        if close.contains(&line.trim_end()) {
            return Some(FrontMatter { yaml: start..at, end: at + line.len() });
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Option<(&str, &str)> {
        let source = Source { path: "a.md".into(), text: text.into() };
        let found = find(SourceId(0), &source, &mut Vec::new())?;
        Some((&text[found.yaml], &text[found.end..]))
    }

    #[test]
    fn ends_at_the_second_line_of_dashes() {
        assert_eq!(yaml("---\ndeck: A\n---\n# x"), Some(("deck: A\n", "# x")));
        assert_eq!(yaml("---\r\ndeck: A\r\n---\r\n# x"), Some(("deck: A\r\n", "# x")));
        assert_eq!(yaml("---\n---"), Some(("", "")));
    }

    #[test]
    fn comments_between_settings_end_nothing() {
        for inner in
            ["deck: C\n\n## Metadata\ntags: [x]\n", "deck: C\n\n## Metadata\n", "deck: C\n\n## A\n\n## B\nx-y: 1\n\n"]
        {
            assert_eq!(yaml(&format!("---\n{inner}---\n# x")), Some((inner, "# x")), "{inner}");
        }
        for body in ["A\n", "It is: so\n", "- A\n", "Note: A\n", "a: b: c\n"] {
            let text = format!("---\ndeck: C\n\n## Q\n{body}---\n# x");
            assert_eq!(yaml(&text).map(|(yaml, _)| yaml), Some("deck: C\n"), "{body}");
        }
    }

    #[test]
    fn a_rule_stands_apart() {
        for text in ["---\n\nWhich leaf?\n\n---\n", "---\r\n\r\nNote: a?\r\n---\r\n", "---\n \n- a\n---\n"] {
            assert_eq!(yaml(text), None, "{text}");
        }
        for inner in ["\ndeck: A\n", "\n", "\nname = \"A\"\n", "\n# x\ndeck: A\n"] {
            assert_eq!(yaml(&format!("---\n{inner}---\n")).map(|(yaml, _)| yaml), Some(inner), "{inner}");
        }
    }

    /// What `fix` makes of a text that has its lines of dashes not, or not both.
    fn closed(text: &str) -> String {
        let source = Source { path: "a.md".into(), text: text.into() };
        let feed = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut found = Vec::new();
        find(SourceId(0), &source, &mut found);
        let edit = found.pop().and_then(|found| found.edit).unwrap();
        let mut places = vec![(edit.span, edit.replacement)];
        places.extend(edit.further);
        places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut mended = text.to_owned();
        for (span, new) in places {
            mended.replace_range(span.range(), &new.replace('\n', feed));
        }
        mended
    }

    #[test]
    fn dashes_stand_in_lines_of_their_own() {
        for (text, mended) in [
            ("---\ndeck: A", "---\ndeck: A\n---\n"),
            ("---\ndeck: A\n", "---\ndeck: A\n---\n"),
            ("---\ndeck: A\n\n# x", "---\ndeck: A\n---\n\n# x"),
            ("---\r\ndeck: A", "---\r\ndeck: A\r\n---\r\n"),
            ("---\r\ndeck: A\r\n\r\n# x", "---\r\ndeck: A\r\n---\r\n\r\n# x"),
            ("deck: A", "---\ndeck: A\n---\n"),
            ("deck: A\n# x", "---\ndeck: A\n---\n# x"),
            ("deck: A\r\ntags: b", "---\r\ndeck: A\r\ntags: b\r\n---\r\n"),
        ] {
            assert_eq!(closed(text), mended, "{text:?}");
            assert!(yaml(mended).is_some());
        }
    }

    #[test]
    fn an_open_block_is_text() {
        assert_eq!(yaml("---\n# x"), None);
        assert_eq!(yaml("---"), None);
        assert_eq!(yaml("text\n---\n"), None);
    }
}
