//! Finds the settings at a file's start, between two lines of `---`.
//!
//! Knows where they end, not what they say: that is [`crate::config`]'s.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
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
    fenced(&source.text, "---", &["---", "..."])
}

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
