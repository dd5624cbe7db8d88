//! Finds the settings at a file's start, between two lines of `---`.
//!
//! Knows where they end, not what they say: that is [`crate::config`]'s.

use std::ops::Range;

use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::source::{Source, SourceId, Span};

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
    fenced(&source.text, "---", &["---", "..."]).or_else(|| misplaced(id, &source.text, diagnostics))
}

/// Settings that look like front matter and are none: never closed, or not at the very start. They would be taken for
/// a rule and text, and the file would yield no notes without a word. Those with an end are read all the same.
fn misplaced(id: SourceId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start().len();
    let mut lines = text[start..].lines();
    if lines.next().map(str::trim_end) != Some("---") || !lines.take(MAX_LINES).any(is_of_deck) {
        return None;
    }
    let dashes = Span::new(id, start..start + 3);
    let found = fenced(&text[start..], "---", &["---", "..."]);
    diagnostics.push(if found.is_some() {
        Diagnostic::new(Code::FrontMatterForm, dashes, "front matter must start on the first line")
            .help("take out what stands above it")
            .fix(Span::new(id, 0..start), "")
    } else {
        Diagnostic::new(Code::FrontMatterForm, dashes, "the front matter is never closed")
            .costing(Cost::File)
            .caret("opens here")
            .help("close it with a line of `---`")
    });
    found.map(|found| FrontMatter { yaml: found.yaml.start + start..found.yaml.end + start, end: found.end + start })
}

/// Whether a text that cannot be read as YAML was to put a deck into effect.
pub(super) fn names_deck(text: &str) -> bool {
    let mut lines = text.lines().take(MAX_LINES).filter(|line| is_of_deck(line));
    lines.any(|line| line.strip_prefix("deck:").is_none_or(|value| value.trim() != "false"))
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
    fn an_open_block_is_text() {
        assert_eq!(yaml("---\n# x"), None);
        assert_eq!(yaml("---"), None);
        assert_eq!(yaml("text\n---\n"), None);
    }
}
