//! Turns texts in light markup into tokens: Markdown, `AsciiDoc`, `reStructuredText`, Org, wikis.
//!
//! Knows no language of what is fenced: it asks for that. Line by line and linear in the text.

use super::Class;
use super::brush::{Brush, is_blank, is_word};
use crate::text::steps;

/// How a kind of text is written.
pub(super) struct Prose {
    /// What begins a heading at the start of a line.
    headings: &'static [u8],
    /// What opens and closes a text that is not read, at the start of a line; what may be in between names its language.
    fences: &'static [&'static str],
    /// What begins a comment or a directive at the start of a line.
    lines: &'static [(&'static str, Class)],
    /// What stands around code, strong and stressed text in a line, the longer ones first.
    spans: &'static [(&'static str, Class)],
    /// What a link stands between.
    links: &'static [(&'static str, &'static str)],
}

pub(super) const MARKDOWN: Prose = Prose {
    headings: b"#",
    fences: &["```", "~~~"],
    lines: &[("---", Class::Operator), ("***", Class::Operator), ("<!--", Class::Comment)],
    spans: &[
        ("``", Class::String),
        ("`", Class::String),
        ("**", Class::Type),
        ("__", Class::Type),
        ("~~", Class::Comment),
    ],
    links: &[("](", ")")],
};
pub(super) const ASCIIDOC: Prose = Prose {
    headings: b"=",
    fences: &["----", "....", "```"],
    lines: &[("//", Class::Comment), (":", Class::Attribute), ("[", Class::Attribute), (".", Class::Type)],
    spans: &[("`", Class::String), ("**", Class::Type), ("*", Class::Type)],
    links: &[("<<", ">>")],
};
pub(super) const RST: Prose = Prose {
    headings: b"",
    fences: &[],
    lines: &[
        (".. ", Class::Keyword),
        ("===", Class::Keyword),
        ("---", Class::Keyword),
        ("~~~", Class::Keyword),
        ("^^^", Class::Keyword),
        (":", Class::Attribute),
    ],
    spans: &[("``", Class::String), ("`", Class::Function), ("**", Class::Type)],
    links: &[],
};
pub(super) const ORG: Prose = Prose {
    headings: b"*",
    fences: &["#+BEGIN", "#+begin"],
    lines: &[("#+", Class::Keyword), ("# ", Class::Comment), (":", Class::Attribute)],
    spans: &[("=", Class::String), ("~", Class::String), ("*", Class::Type)],
    links: &[("[[", "]]")],
};
pub(super) const WIKI: Prose = Prose {
    headings: b"=",
    fences: &[],
    lines: &[("{|", Class::Keyword), ("|}", Class::Keyword), ("|-", Class::Keyword), ("bq.", Class::Keyword)],
    spans: &[("'''", Class::Type), ("''", Class::String), ("@", Class::String)],
    links: &[("[[", "]]"), ("{{", "}}")],
};

/// Paints all that the brush still sees. `code` paints a text in a language by its name.
pub(super) fn paint<'a>(prose: &Prose, brush: &mut Brush<'a>, code: &dyn Fn(&str, &mut Brush<'a>)) {
    while !brush.is_done() {
        if !fenced(prose, brush, code) {
            let length = brush.line();
            brush.lend(length, |brush| line(prose, brush));
        }
        if !brush.is_done() {
            brush.plain(1);
        }
    }
}

/// A text between fences, with both.
fn fenced<'a>(prose: &Prose, brush: &mut Brush<'a>, code: &dyn Fn(&str, &mut Brush<'a>)) -> bool {
    let Some(fence) = prose.fences.iter().find(|fence| brush.starts_with(fence)) else { return false };
    let head = brush.line();
    let language = brush.rest().get(fence.len()..head).unwrap_or_default().trim();
    brush.paint(head, Class::Keyword);
    if brush.is_done() {
        return true;
    }
    brush.plain(1);
    let close = if fence.starts_with('#') { "#+" } else { fence };
    let length = until(brush.rest(), close);
    if length > 0 {
        brush.lend(length, |brush| code(language, brush));
    }
    if !brush.is_done() {
        brush.paint(brush.line(), Class::Keyword);
    }
    true
}

/// The length of the lines before one that begins with a text.
fn until(text: &str, close: &str) -> usize {
    steps::counted(text.split_inclusive('\n').take_while(|line| !line.starts_with(close)).map(str::len).sum())
}

fn line(prose: &Prose, brush: &mut Brush<'_>) {
    let length = brush.line();
    let marks = brush.run(|byte| prose.headings.contains(&byte));
    if marks > 0 && brush.byte_at(marks) == b' ' {
        return brush.paint(length, Class::Keyword);
    }
    if let Some((_, class)) = prose.lines.iter().find(|(mark, _)| brush.starts_with(mark)) {
        return brush.paint(length, *class);
    }
    brush.plain_run(is_blank);
    let digits = brush.run(|byte| byte.is_ascii_digit());
    let is_bullet = matches!(brush.byte(), b'-' | b'*' | b'+' | b'>') && matches!(brush.byte_at(1), b' ' | 0);
    if is_bullet {
        brush.paint(1, Class::Operator);
    } else if digits > 0 && brush.byte_at(digits) == b'.' && brush.byte_at(digits + 1) == b' ' {
        brush.paint(digits + 1, Class::Operator);
    }
    // What was looked for on the line in vain.
    let mut missing = Vec::new();
    while !brush.is_done() {
        if !span(prose, brush, &mut missing) {
            let is_inner = |byte: u8| is_word(byte) || is_blank(byte);
            brush.plain(1 + if is_inner(brush.byte()) { brush.run_behind(1, is_inner) } else { 0 });
        }
    }
}

/// A stretch of code, of strong text, or a link.
fn span(prose: &Prose, brush: &mut Brush<'_>, missing: &mut Vec<&'static str>) -> bool {
    let stressed = prose.spans.iter().map(|(mark, class)| (*mark, *mark, *class));
    let links = prose.links.iter().map(|(open, close)| (*open, *close, Class::Function));
    for (open, close, class) in stressed.chain(links) {
        if !brush.starts_with(open) || missing.contains(&close) {
            continue;
        }
        let inner = brush.rest().get(open.len()..).filter(|inner| !inner.starts_with(' ')).unwrap_or(close);
        let found = inner.find(close);
        steps::counted(found.unwrap_or(inner.len()));
        match found {
            Some(0) => {}
            Some(length) => {
                // A link's target, but a text with its marks.
                let marks = if open == close { 0 } else { open.len() };
                if marks > 0 {
                    brush.plain(marks);
                }
                brush.paint(length + (open.len() + close.len()) * usize::from(marks == 0), class);
                return true;
            }
            None => missing.push(close),
        }
    }
    false
}
