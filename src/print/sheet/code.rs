//! Turns blocks of code into lines that hang: what does not fit into a column goes on below, further in than the line's
//! own start.
//!
//! Works on the HTML of code; elements that span lines are closed at a line's end and opened again.

use std::fmt::Write as _;

use crate::print::drawing::{is_drawing, next_block, plain};
use crate::print::fit;
use crate::text::tags::{self, Piece, Tag};

/// Replaces each line of each `<pre><code>` by a `<span class="line">` that says by how many characters it is indented.
/// The white space itself goes: a line could break behind it.
pub(super) fn hang_lines(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some((before, start, code, after)) = next_block(rest) {
        out.push_str(before);
        if let Some(longest) = drawing(&plain(code)) {
            let _ = write!(
                out,
                "<pre class=\"drawing\" style=\"--longest: {longest:.0}\">{}",
                start.trim_start_matches("<pre>")
            );
            out.push_str(code);
            rest = after;
            continue;
        }
        out.push_str(start);
        let mut open: Vec<Tag<'_>> = Vec::new();
        for line in code.split('\n') {
            let (indent, dedented) = dedent(line);
            let _ = write!(out, "<span class=\"line\" style=\"--in:{indent}\">");
            out.extend(open.iter().map(|tag| tag.text));
            out.push_str(&dedented);
            follow_tags(line, &mut open);
            for tag in open.iter().rev() {
                let _ = write!(out, "</{}>", tag.name);
            }
            out.push_str("</span>");
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Characters in the longest line of code that is read by its shape, and so keeps its lines; nothing for other code.
pub(super) fn drawing(code: &str) -> Option<f32> {
    let width = |line: &str| line.chars().map(fit::code_advance).sum::<f32>();
    let longest = || code.lines().map(width).fold(0.0, f32::max);
    is_drawing(code).then(|| (longest() / fit::code_advance(' ')).ceil())
}

/// How far a line is indented, and the line without that white space, which may stand behind tags. A tab counts for two.
fn dedent(line: &str) -> (usize, String) {
    let mut dedented = String::with_capacity(line.len());
    let (mut indent, mut is_indent) = (0, true);
    for piece in tags::pieces(line) {
        let piece = match piece {
            Piece::Tag(tag) => tag.text,
            Piece::Comment(comment) => comment,
            Piece::Text(text) if is_indent => {
                let behind = text.trim_start_matches([' ', '\t']);
                is_indent = behind.is_empty();
                let white = text.bytes().take(text.len() - behind.len());
                indent += white.map(|byte| if byte == b'\t' { 2 } else { 1 }).sum::<usize>();
                behind
            }
            Piece::Text(text) => text,
        };
        dedented.push_str(piece);
    }
    (indent, dedented)
}

/// Keeps track of the elements that are open behind a line.
fn follow_tags<'a>(line: &'a str, open: &mut Vec<Tag<'a>>) {
    for tag in tags::tags(line) {
        if tag.is_end {
            open.pop();
        } else {
            open.push(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hung(html: &str) -> String {
        let mut out = String::new();
        hang_lines(html, &mut out);
        out
    }

    #[test]
    fn each_line_is_an_element_with_its_indent() {
        let expected = concat!(
            "<p>a</p><pre><code class=\"hl\"><span class=\"line\" style=\"--in:0\">{</span>",
            "<span class=\"line\" style=\"--in:2\"><b class=\"cloze\">x</b></span></code></pre><p>b</p>",
        );
        assert_eq!(
            hung("<p>a</p><pre><code class=\"hl\">{\n  <b class=\"cloze\">x</b></code></pre><p>b</p>"),
            expected
        );
    }

    #[test]
    fn elements_over_lines_are_opened_again() {
        let expected = concat!(
            "<pre><code><span class=\"line\" style=\"--in:0\"><span class=\"c\">/*<b>x</b></span></span>",
            "<span class=\"line\" style=\"--in:3\"><span class=\"c\"><b>y</b>*/</span>z</span></code></pre>",
        );
        assert_eq!(hung("<pre><code><span class=\"c\">/*<b>x\n\t y</b>*/</span>z</code></pre>"), expected);
    }

    #[test]
    fn what_is_read_by_its_shape_keeps_its_lines() {
        let drawings = [
            "├── a\n└── b",
            "+----+   +----+\n| a  |-->| b  |\n+----+   +----+",
            "docker ps      # list\ndocker rm x    # remove",
            "| a | b |\n|---|---|\n|---|---|",
        ];
        for code in drawings {
            assert!(drawing(code).is_some(), "{code}");
        }
        let codes =
            ["", "{\n  \"a\": 1,\n  \"b\": 2\n}", "let a = b - 1;\nlet c = a;", "x  y\nz", "a --b -c \\\n  --dd"];
        for code in codes {
            assert_eq!(drawing(code), None, "{code}");
        }
        let html = "<pre><code class=\"hl\"><b>a</b>   b\nc   &lt;</code></pre>";
        assert_eq!(
            hung(html),
            "<pre class=\"drawing\" style=\"--longest: 5\"><code class=\"hl\"><b>a</b>   b\nc   &lt;</code></pre>"
        );
    }

    #[test]
    fn what_is_no_block_of_code_stays() {
        for html in ["", "a < b", "<code>x\ny</code>", "<pre><code>never closed\n"] {
            assert_eq!(hung(html), html);
        }
    }
}
