//! Leaves out of a text what pandoc reads and nobody is to see: lines of `:::`, attributes (`{.class}`), raw text for other
//! outputs (`` `x`{=latex} ``). Raw HTML is put in as HTML.
//!
//! Knows lines and what stands within one; not cards.

use std::ops::Range;

use super::super::lines::fence;
use crate::markdown::attributes::are_attributes;
use crate::source::{Excerpt, Source};
use crate::text::steps::counted;

/// A piece of a text without all that, and without the lines of `unseen`, which ascend; `None` where it has nothing of it.
pub(super) fn excerpt(source: &Source, range: Range<usize>, unseen: &[Range<usize>]) -> Option<Excerpt> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    if unseen.is_empty() && !text.contains(":::") && !text.contains('{') {
        return None;
    }
    let mut left_out = Vec::new();
    let mut unseen = unseen.iter().peekable();
    let (mut at, mut open) = (range.start, None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if unseen.next_if(|unseen| unseen.start <= at).is_some() {
            left_out.push(at..at + bare.len());
        } else {
            self::line(bare, at, &mut open, &mut left_out);
        }
        at += line.len();
    }
    if left_out.is_empty() {
        return None;
    }
    let (mut excerpt, mut from) = (Excerpt::default(), range.start);
    for piece in left_out {
        excerpt.push(source, from..piece.start.max(from));
        from = piece.end.max(from);
    }
    excerpt.push(source, from..range.end);
    Some(excerpt)
}

/// A fence that is open.
struct Open {
    sign: char,
    length: usize,
    content: Content,
}

/// What stands in a fence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Code,
    Html,
    /// What is meant for another output.
    Other,
}

/// Finds what to leave out of a line that starts at an offset.
fn line(line: &str, at: usize, open: &mut Option<Open>, left_out: &mut Vec<Range<usize>>) {
    let text = line.trim_start();
    let start = at + line.len() - text.len();
    if let Some(Open { sign, length, content }) = open {
        let closes = text.len() >= *length && text.trim_start_matches(*sign).is_empty();
        if *content == Content::Other || closes && *content == Content::Html {
            left_out.push(at..at + line.len());
        }
        if closes {
            *open = None;
        }
    } else if let Some((sign, length)) = fence(text) {
        let info = &text[length..];
        let content = match raw(info.trim()) {
            Some("html") => Content::Html,
            Some(_) => Content::Other,
            None => Content::Code,
        };
        if content == Content::Code {
            language(info, start + length, left_out);
        } else {
            left_out.push(at..at + line.len());
        }
        *open = Some(Open { sign, length, content });
    } else if is_div(text) {
        left_out.push(at..at + line.len());
    } else if text.contains('{') {
        within(text, start, left_out);
        if text.starts_with('#') {
            heading(text, start, left_out);
        }
    }
}

/// The output that `{=html}` is meant for.
fn raw(braces: &str) -> Option<&str> {
    let name = braces.strip_prefix("{=")?.strip_suffix('}')?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some(name)
}

/// Of the attributes of code (`{.python .numberLines}`) the first class stays, which is the language.
fn language(info: &str, at: usize, left_out: &mut Vec<Range<usize>>) {
    let braces = info.trim();
    let Some(inner) = braces.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) else { return };
    let start = at + info.len() - info.trim_start().len();
    let end = start + braces.len();
    let class = inner.split_whitespace().find(|word| word.starts_with('.') && word.len() > 1);
    let Some(class) = class else { return left_out.push(start..end) };
    let place = braces.find(class).map_or(end, |found| start + found + ".".len());
    left_out.extend([start..place, (place + class.len() - ".".len()).min(end)..end]);
}

/// Whether a line opens or closes a container between colons.
fn is_div(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(":::") else { return false };
    let name = rest.trim_matches(|c: char| c == ':' || c.is_whitespace());
    name.is_empty() || !name.contains(char::is_whitespace) || attributes(name).is_some()
}

/// The length of attributes that a text starts with: `{#id .class key=value}`, or `{-}`.
fn attributes(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find(['{', '}', '\n']).filter(|end| inner[*end..].starts_with('}'))?;
    let is_one = |word: &str| {
        word == "-"
            || word
                .strip_prefix(['#', '.'])
                .is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
            || word.split_once('=').is_some_and(|(key, _)| {
                !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte))
            })
    };
    let words = &inner[..end];
    // A value in quotes may hold blanks.
    let first = words.split_whitespace().next()?;
    (is_one(first) && (words.contains(['"', '\'']) || words.split_whitespace().all(is_one))).then_some(end + "{}".len())
}

/// So many lengths of backticks that nothing closes are looked for in a line.
const MOST_LENGTHS: usize = 16;

/// Raw text and attributes within a line. `[text]{.class}` loses its brackets; a picture keeps its size.
fn within(text: &str, at: usize, left_out: &mut Vec<Range<usize>>) {
    let (mut place, mut brackets) = (0, Vec::new());
    // Of each length of backticks, whether nothing closes them any more.
    let mut unclosed = Vec::new();
    while let Some(found) = text[place..].find(['\\', '`', '[', ']', ')']) {
        place += found;
        let rest = &text[place..];
        if let Some(escaped) = rest.strip_prefix('\\') {
            place += 1 + escaped.chars().next().map_or(0, char::len_utf8);
            continue;
        }
        if rest.starts_with('`') {
            let length = rest.len() - rest.trim_start_matches('`').len();
            let behind = &rest[length..];
            let is_known = unclosed.contains(&length) || unclosed.len() == MOST_LENGTHS;
            let closing = if is_known { None } else { closing(behind, length) };
            let Some(inner) = closing else {
                unclosed.extend((!is_known).then_some(length));
                place += length;
                continue;
            };
            let code = 2 * length + inner;
            place = at_code(&rest[code..], place..place + code, length, at, left_out);
        } else {
            place += 1;
            if rest.starts_with('[') {
                brackets.push(place - 1);
            } else {
                let open = if rest.starts_with(']') { brackets.pop() } else { None };
                let braces = attributes(&text[place..]).unwrap_or(0);
                let inner = &text[place..place + braces];
                let is_size = rest.starts_with(')') && ["width", "height"].iter().any(|key| inner.contains(key));
                if braces > 0 && !is_size && (rest.starts_with(')') || open.is_some()) {
                    left_out.extend(open.map(|open| at + open..at + open + 1));
                    let start = if open.is_some() { place - 1 } else { place };
                    left_out.push(at + start..at + place + braces);
                }
                place += braces;
            }
        }
    }
    left_out.sort_unstable_by_key(|piece| piece.start);
}

/// Where as many backticks close code, from its start.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = text[at..].find('`');
        at += counted(found.unwrap_or(text.len() - at));
        found?;
        let run = text[at..].len() - text[at..].trim_start_matches('`').len();
        if run == length {
            return Some(at);
        }
        at += counted(run);
    }
}

/// What stands behind code, which is at `code`; where to go on.
fn at_code(behind: &str, code: Range<usize>, ticks: usize, at: usize, left_out: &mut Vec<Range<usize>>) -> usize {
    let word = behind.strip_prefix("{=").unwrap_or_default();
    let word = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(word.len());
    let end = behind.len().min("{=".len() + word + "}".len());
    match behind.get(..end).and_then(raw) {
        Some("html") => {
            left_out.push(at + code.start..at + code.start + ticks);
            left_out.push(at + code.end - ticks..at + code.end + end);
            code.end + end
        }
        Some(_) => {
            left_out.push(at + code.start..at + code.end + end);
            code.end + end
        }
        None => {
            let braces = attributes(behind).unwrap_or(0);
            if braces > 0 {
                left_out.push(at + code.end..at + code.end + braces);
            }
            code.end + braces
        }
    }
}

/// Attributes at a heading's end that are not deckle's.
fn heading(text: &str, at: usize, left_out: &mut Vec<Range<usize>>) {
    let text = text.trim_end_matches(['#', ' ', '\t']);
    let Some(start) = text.rfind('{').filter(|start| text[..*start].ends_with([' ', '\t'])) else { return };
    let is_all = attributes(&text[start..]) == Some(text.len() - start);
    let inner = text[start..].trim_start_matches('{').trim_end_matches('}');
    let is_ours = are_attributes(inner) || inner.starts_with('#') && !inner.contains(char::is_whitespace);
    let is_new = left_out.last().is_none_or(|last| last.end <= at + start);
    if is_all && !is_ours && is_new {
        left_out.push(at + start..at + text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::steps::taken_by;

    fn seen(text: &str) -> String {
        let source = Source { path: "a.md".into(), text: text.into() };
        excerpt(&source, 0..text.len(), &[]).map_or_else(|| text.to_owned(), |excerpt| excerpt.text().to_owned())
    }

    #[test]
    fn what_pandoc_reads_is_left_out() {
        for (text, expected) in [
            ("a `<b>x</b>`{=html} b", "a <b>x</b> b"),
            ("a `\\x`{=latex} b `c`", "a  b `c`"),
            ("``a`b``{=html}", "a`b"),
            ("`x`{.python} `y` {.z}", "`x` `y` {.z}"),
            ("::: {.columns}\na\n:::\n", "\na\n\n"),
            ("::: notes\na\n::::\n", "\na\n\n"),
            ("::: two words\n", "::: two words\n"),
            ("# a {.unnumbered}\n# b {-}\n# c {#id .reversed}\n", "# a \n# b \n# c {#id .reversed}\n"),
            ("[a]{.small} [b](c){.d} ![e](f.png){width=3}", "a [b](c) ![e](f.png){width=3}"),
            ("[[a]{.x} b]{.y}", "a b"),
            ("```{.python .numberLines}\nx\n```\n", "```python\nx\n```\n"),
            ("```{#a}\nx\n```\n", "```\nx\n```\n"),
            ("```{=html}\n<b>{x}</b>\n```\n", "\n<b>{x}</b>\n\n"),
            ("```{=latex}\nx\n```\na\n", "\n\n\na\n"),
            ("~~~\n::: {.x}\n`a`{=html}\n~~~\n", "~~~\n::: {.x}\n`a`{=html}\n~~~\n"),
            ("{a, b} [x]{y} `a` \\[b]{.c}", "{a, b} [x]{y} `a` \\[b]{.c}"),
            ("$\\frac{a}{b}$ {{c1::x}}", "$\\frac{a}{b}$ {{c1::x}}"),
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
    }

    #[test]
    fn many_openings_cost_no_more_than_their_length() {
        let runs = (1..700).map(|length| "`".repeat(length) + "a").collect::<Vec<_>>().concat() + "{";
        let pieces = ["`", "[", "]{", "`a", "``a`", "{", "[a]{.b ", "`a`"].map(|piece| piece.repeat(100_000) + "{");
        for text in pieces.into_iter().chain([runs]) {
            let (steps, seen) = taken_by(|| seen(&text));
            assert!(steps <= 20 * text.len() && seen.len() <= text.len(), "{steps} of {}", text.len());
        }
    }
}
