//! Turns plain text into Markdown that means that text and nothing else.
//!
//! Knows what mdBook reads in a line: Markdown, smart punctuation, commands in `{{…}}`.

use std::fmt::Write as _;

use crate::text::tags::{self, Piece, Tag};

/// Plain text as a line of Markdown.
pub(super) fn escape(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        let mut before = ' ';
        for c in word.chars() {
            if is_special(c) || (matches!(c, '-' | '.') && before == c) {
                let _ = write!(line, "&#{};", u32::from(c));
            } else {
                line.push(c);
            }
            before = c;
        }
    }
    line
}

/// A line of HTML as a line of Markdown: tags and entities stay as they are, text between them means itself.
pub(super) fn escape_html(html: &str) -> String {
    let mut line = String::with_capacity(html.len());
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => escape_text(text, &mut line),
            Piece::Tag(Tag { text: markup, .. }) | Piece::Comment(markup) => line.push_str(markup),
        }
    }
    line
}

/// Text in which entities stand for what HTML would read.
fn escape_text(text: &str, line: &mut String) {
    let mut before = ' ';
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let entity = text.get(at..).filter(|_| c == '&').and_then(|rest| rest.split_inclusive(';').next());
        if let Some(entity) = entity {
            line.push_str(entity);
            chars.by_ref().take(entity.chars().count().saturating_sub(1)).for_each(drop);
        } else if c == '\n' {
            line.push(' ');
        } else if is_special(c) || (matches!(c, '-' | '.') && before == c) {
            let _ = write!(line, "&#{};", u32::from(c));
        } else {
            line.push(c);
        }
        before = c;
    }
}

/// Characters that mean something within a line. `-` and `.` do where there are several, in smart punctuation.
fn is_special(c: char) -> bool {
    matches!(
        c,
        '\\' | '`'
            | '*'
            | '_'
            | '{'
            | '}'
            | '['
            | ']'
            | '<'
            | '>'
            | '&'
            | '~'
            | '|'
            | '#'
            | '"'
            | '\''
            | '^'
            | '$'
            | '='
    )
}

/// A chapter in a table of contents; without a title it is called by its path.
pub(super) fn link(title: &str, path: &str) -> String {
    let title = escape(title);
    let title = if title.is_empty() { escape(path) } else { title };
    format!("[{title}]({path}.md)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_read_becomes_entities() {
        assert_eq!(escape("a  *b* {{#include x}}"), "a &#42;b&#42; &#123;&#123;&#35;include x&#125;&#125;");
        assert_eq!(escape("a-b -- c..."), "a-b -&#45; c.&#46;&#46;");
        assert_eq!(escape("\n"), "");
    }

    #[test]
    fn tags_and_entities_stay() {
        let html = "<code class=\"a_b\">x_y &amp;&#123;</code> [a]";
        assert_eq!(escape_html(html), "<code class=\"a_b\">x&#95;y &amp;&#123;</code> &#91;a&#93;");
        assert_eq!(escape_html("<b title=\"a>*\">*</b>"), "<b title=\"a>*\">&#42;</b>");
    }
}
