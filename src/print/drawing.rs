//! Turns code into whether it is read by its shape.
//!
//! Knows neither fonts nor how wide a line is.

use crate::text::tags::{self, Piece};

/// Gives each block of code in HTML that keeps its lines the class `drawing`; none with a blank in it, which is as wide as it
/// has to be.
pub(super) fn mark_drawings(html: String) -> String {
    let mut marked = String::new();
    let mut rest = html.as_str();
    while let Some((before, start, code, after)) = next_block(rest) {
        marked.push_str(before);
        let is_drawing = !code.contains("class=\"blank\"") && is_drawing(&plain(code));
        marked.push_str(if is_drawing { "<pre class=\"drawing\">" } else { "<pre>" });
        marked.push_str(start.trim_start_matches("<pre>"));
        marked.push_str(code);
        rest = after;
    }
    if marked.is_empty() {
        return html;
    }
    marked.push_str(rest);
    marked
}

/// Whether code keeps its lines: it is drawn with boxes, branches or arrows, or columns stand below each other in it.
pub(super) fn is_drawing(code: &str) -> bool {
    let is_box = |character: char| matches!(character, '\u{2500}'..='\u{259F}');
    let is_stroke =
        |byte: &u8| matches!(byte, b'|' | b'+' | b'-' | b'/' | b'\\' | b'_' | b'<' | b'>' | b'^' | b'*' | b'=' | b'#');
    let drawn = |line: &&str| {
        let strokes = line.bytes().filter(|byte| is_stroke(byte)).count();
        strokes > 2 && strokes * 2 > line.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
    };
    code.chars().any(is_box) || code.lines().filter(drawn).count() > 1 || has_columns(code)
}

/// Whether something stands below something else in lines that follow each other, each behind white space in its line.
fn has_columns(code: &str) -> bool {
    let mut before = None;
    for line in code.lines() {
        let indent = line.len() - line.trim_start().len();
        let text = line.get(indent..).unwrap_or_default();
        let column = text.find("  ").map(|at| {
            let gap = text.get(at..).unwrap_or_default();
            indent + at + gap.len() - gap.trim_start().len()
        });
        let column = column.filter(|column| *column < line.len());
        if column.is_some() && column == before {
            return true;
        }
        before = column;
    }
    false
}

/// The text of HTML that holds code.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for piece in tags::pieces(html) {
        if let Piece::Text(piece) = piece {
            text.push_str(
                &piece.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"),
            );
        }
    }
    text
}

/// What stands before a block of code, its start, its lines, and all from its end on.
pub(super) fn next_block(html: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, block) = html.split_at(html.find("<pre><code")?);
    let (start, rest) = block.split_at("<pre><code".len() + block.get("<pre><code".len()..)?.find('>')? + 1);
    let (code, after) = rest.split_at(rest.find("</code></pre>")?);
    Some((before, start, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_that_keeps_its_lines_is_marked() {
        let html = "<p>a</p><pre><code>├── a</code></pre><pre><code class=\"hl\">let a = 1;</code></pre>b";
        let marked =
            "<p>a</p><pre class=\"drawing\"><code>├── a</code></pre><pre><code class=\"hl\">let a = 1;</code></pre>b";
        assert_eq!(mark_drawings(html.to_owned()), marked);
        for html in ["", "<p>├──</p>", "<pre><code>├── <span class=\"blank\"></span></code></pre>"] {
            assert_eq!(mark_drawings(html.to_owned()), html);
        }
    }
}
