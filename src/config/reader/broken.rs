//! Says what is wrong with a text that is no YAML, and what would mend it.
//!
//! Knows no settings.

use std::ops::Range;

use crate::config::yaml;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, SourceId, Span};

/// `range` is all of the YAML.
pub(super) fn bad_yaml(id: SourceId, source: &Source, range: &Range<usize>, fault: &yaml::Fault) -> Diagnostic {
    let span = Span::new(id, fault.range.clone());
    let before = source.text.get(..fault.range.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let diagnostic = Diagnostic::new(Code::BadYaml, span, format!("this is not valid YAML: {}", fault.message));
    let is_tab = source.text.get(fault.range.clone()) == Some("\t") || fault.message.contains("tab");
    if is_tab || line.starts_with('\t') {
        with_spaces(diagnostic.help("indent with spaces: YAML takes no tabs"), source, range)
    } else if fault.message.contains("levels deep") || fault.message.contains("aliases") {
        diagnostic
    } else if line.contains(": ") || line.ends_with(':') {
        let diagnostic = diagnostic.help("put a value that has `: `, quotes or brackets in it between quotes");
        match unquoted(&source.text, range, fault.range.start) {
            // Readers keep a deck, whatever it is called, so its name is not guessed.
            Some((value, quoted)) if line.trim_start().starts_with("deck") => diagnostic.edit(span.with(value), quoted),
            Some((value, quoted)) => diagnostic.fix(span.with(value), quoted),
            None => diagnostic,
        }
    } else {
        diagnostic
    }
}

/// With two spaces for each tab that indents a line. That is sure only where all lines are indented by tabs and nothing else,
/// and each that is deeper stands below a key without a value.
fn with_spaces(diagnostic: Diagnostic, source: &Source, range: &Range<usize>) -> Diagnostic {
    let (mut at, mut depth, mut opens) = (range.start, 0, false);
    let mut tabs: Vec<(Span, String)> = Vec::new();
    for line in source.text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if !line.trim().is_empty() {
            if line.get(..indent).is_some_and(|indent| indent.contains(' ')) || (indent > depth && !opens) {
                return diagnostic;
            }
            if indent > 0 {
                tabs.push((diagnostic.span.with(at..at + indent), "  ".repeat(indent)));
            }
            (depth, opens) = (indent, line.trim_end().ends_with(':'));
        }
        at += line.len();
    }
    let Some(((first, spaces), others)) = tabs.split_first() else { return diagnostic };
    let diagnostic = diagnostic.fix(*first, spaces.as_str());
    others.iter().fold(diagnostic, |diagnostic, (tab, spaces)| diagnostic.together_with(*tab, spaces.as_str()))
}

/// The value of a `key: value` line that the parser stumbled over, because it holds a `: ` or starts with what starts no text;
/// and the value between quotes. Only where nothing but a text can be meant: it is all on one line, and holds no comment.
fn unquoted(text: &str, range: &Range<usize>, at: usize) -> Option<(Range<usize>, String)> {
    let start = text.get(range.start..at)?.rfind('\n').map_or(range.start, |end| range.start + end + 1);
    let (line, behind) = text.get(start..range.end)?.split_once('\n')?;
    let next_is_deeper = behind.starts_with([' ', '\t', '-']);
    let line = line.trim_end();
    let (key, value) = line.split_once(": ")?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let takes_text = !["tags", "deckle", "decks", "print", "book", "media-roots"].contains(&key);
    let is_text = value.starts_with(|c: char| c.is_alphanumeric() || "@`%".contains(c));
    let is_plain =
        !value.contains(" #") && !value.contains(|c: char| c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c));
    let needs_quotes = value.contains(": ") || value.ends_with(':') || value.starts_with(['@', '`', '%']);
    if !(is_key && takes_text && is_text && is_plain && needs_quotes) || next_is_deeper {
        return None;
    }
    Some((start + line.len() - value.len()..start + line.len(), between_quotes(value)))
}

/// The lines of a text as settings, if each of them is nearly one: `deck:T`, `deck = T`, `deck：T`.
pub(in crate::config) fn nearly_settings(text: &str) -> Option<String> {
    let setting = |line: &str| {
        const KEYS: [&str; 4] = ["deck", "tags", "title", "syntax"];
        let (key, value) = line.split_once([':', '=', '：', '＝'])?;
        let (key, value) = (key.trim_end().to_ascii_lowercase(), value.trim().trim_matches(['"', '\'']));
        let is_plain = value.chars().all(|c| c.is_alphanumeric() || " -_/.:&+()".contains(c));
        (KEYS.contains(&key.as_str()) && is_plain && !value.is_empty() && !value.starts_with(':'))
            .then(|| format!("{key}: {}", scalar(value)))
    };
    let lines: Vec<String> = text.trim().lines().map(|line| setting(line.trim())).collect::<Option<_>>()?;
    (!lines.is_empty()).then(|| lines.join("\n"))
}

pub(super) fn between_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text as YAML has it on a line, in a list between brackets as well: plain where that is surely read as text.
pub(super) fn scalar(text: &str) -> String {
    let is_letter = |c: char| c.is_alphanumeric() || "-_/.".contains(c);
    let is_word = |part: &str| part.starts_with(char::is_alphabetic) && part.chars().all(is_letter);
    if text.split("::").all(is_word) && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null") {
        return text.to_owned();
    }
    between_quotes(text)
}
