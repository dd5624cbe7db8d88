//! Finds in raw HTML what would be Markdown elsewhere: formulas, deletions, marks. A block of HTML ends at an empty line, and
//! nothing before that is Markdown.
//!
//! Code, scripts and styles in it may hold what they like. Knows no content.

use std::ops::Range;

use crate::anki::cloze;
use crate::markdown::scan;
use crate::text::tags::{self, Piece};

/// What would be Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Deletion,
    Formula,
    Mark,
}

/// Elements whose text is as it is.
const LITERAL: [&str; 11] =
    ["pre", "code", "script", "style", "kbd", "samp", "textarea", "title", "svg", "math", "xmp"];

/// The first that a block holds.
pub(super) fn find(html: &str) -> Option<(Kind, Range<usize>)> {
    if !html.contains(['$', '{', '\\', '*', ']']) {
        return None;
    }
    let (mut pieces, mut at) = (tags::pieces(html), 0);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => {
                if let Some((kind, range)) = in_text(text) {
                    return Some((kind, at + range.start..at + range.end));
                }
                at += text.len();
            }
            Piece::Tag(tag) => {
                at += tag.text.len();
                if !tag.is_end && LITERAL.iter().any(|name| tag.is(name)) {
                    at += pieces.raw_text(tag.name).len();
                }
            }
            Piece::Comment(comment) => at += comment.len(),
        }
    }
    None
}

fn in_text(text: &str) -> Option<(Kind, Range<usize>)> {
    let deletion = text.match_indices(cloze::START).map(|(at, _)| at).find_map(|at| {
        let (numbers, rest) = cloze::start(&text[at..])?;
        rest.starts_with([':', '|']).then(|| (Kind::Deletion, at..at + cloze::START.len() + numbers.len()))
    });
    let formula = || formula(text).map(|range| (Kind::Formula, range));
    deletion.or_else(formula).or_else(|| mark(text).map(|range| (Kind::Mark, range)))
}

/// A formula between dollars or brackets that is TeX for sure, or a single letter.
fn formula(text: &str) -> Option<Range<usize>> {
    let is_tex =
        |tex: &str| scan::is_surely_tex(tex) || (tex.len() == 1 && tex.starts_with(|c: char| c.is_ascii_alphabetic()));
    let mut from = 0;
    while let Some(open) = text[from..].find('$').map(|at| from + at) {
        let marks = if text[open..].starts_with("$$") { 2 } else { 1 };
        let Some(close) = text[open + marks..].find(&"$$"[..marks]).map(|at| open + marks + at) else { break };
        let (inner, end) = (&text[open + marks..close], close + marks);
        let is_formula = marks == 2 || !scan::is_money(text, &(open..end));
        if is_formula && is_tex(inner) && !text[..open].ends_with('\\') {
            return Some(open..end);
        }
        from = close;
    }
    [("\\(", "\\)"), ("\\[", "\\]")].into_iter().find_map(|(open, close)| {
        let start = text.find(open)?;
        let end = start + open.len() + text[start + open.len()..].find(close)?;
        let is_formula = text[start + open.len()..end].contains(['\\', '^', '_', '=']);
        is_formula.then_some(start..end + close.len())
    })
}

/// Bold text, a link or an embed.
fn mark(text: &str) -> Option<Range<usize>> {
    let bold = || {
        let open = text.find("**").filter(|open| text[open + 2..].starts_with(|c: char| c.is_alphanumeric()))?;
        let length = text[open + 2..].find("**")?;
        let inner = &text[open + 2..open + 2 + length];
        (inner.ends_with(char::is_alphanumeric) && !inner.contains('\n')).then_some(open..open + length + "****".len())
    };
    let link = || {
        let middle = text.find("](")?;
        let open = text[..middle].rfind('[').filter(|open| !text[*open..middle].contains('\n'))?;
        let length =
            text[middle..].find([')', '\n', ' ']).filter(|end| text[middle + end..].starts_with(')') && *end > 2)?;
        Some(open..middle + length + 1)
    };
    bold().or_else(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_in_html_is_found() {
        for (html, kind, found) in [
            ("<div>$y$</div>", Kind::Formula, "$y$"),
            ("<td>a $x^2$ b</td>", Kind::Formula, "$x^2$"),
            ("<p>$$a = \\frac{1}{2}$$</p>", Kind::Formula, "$$a = \\frac{1}{2}$$"),
            ("<p>\\(x^2\\)</p>", Kind::Formula, "\\(x^2\\)"),
            ("<p>\\[x_1\\]", Kind::Formula, "\\[x_1\\]"),
            ("<p>US$5 or $x$</p>", Kind::Formula, "$x$"),
            ("<p>{{c1::a}}</p>", Kind::Deletion, "{{c1"),
            ("<p>a **b c** d", Kind::Mark, "**b c**"),
            ("<p><!-- $x$ -->see [it](x.md)", Kind::Mark, "[it](x.md)"),
        ] {
            let (is, range) = find(html).unwrap_or_else(|| panic!("{html}"));
            assert_eq!((is, &html[range]), (kind, found), "{html}");
        }
    }

    #[test]
    fn what_is_no_markdown_in_html_is_let_alone() {
        for html in [
            "<p>costs $5 and $6</p>",
            "<p>$HOME and $PATH</p>",
            "<pre>$x^2$ **a**</pre>",
            "<code>{{c1::x}}</code>",
            "<script>$('#x').y(\"$z\")</script>",
            "<a title=\"$x$\">t</a>",
            "<p>a \\(b\\) c</p>",
            "<p>2 ** 3 ** 4</p>",
            "<p>a[1](b c)</p>",
            "<p>{{ c1 }}</p>",
            "<p>\\$x$</p>",
        ] {
            assert_eq!(find(html), None, "{html}");
        }
    }
}
