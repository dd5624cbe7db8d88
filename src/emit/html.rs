//! Content as HTML.

use std::collections::BTreeMap;

use crate::ir::{Block, BlockKind, Cloze, Inline, InlineKind, Leaf, MediaRef, Run, for_each_leaf};

/// How content is rendered.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// Path → name of every packed medium.
    pub media: &'a BTreeMap<&'a str, &'a str>,
    /// What deletions become.
    pub cloze: ClozeStyle,
    /// Whether raw HTML is kept as it is.
    pub trusts_html: bool,
}

/// What deletions become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClozeStyle {
    /// Anki's own markup.
    Anki,
    /// Only their content.
    Unwrapped,
}

/// Blocks as HTML; a single paragraph stands bare.
pub fn render(blocks: &[Block], style: &Style<'_>) -> String {
    let mut html = String::new();
    if let [Block { kind: BlockKind::Paragraph { content }, .. }] = blocks {
        inlines(content, style, &mut html);
        return html;
    }
    for block in blocks {
        if let BlockKind::Paragraph { content } = &block.kind {
            html.push_str("<p>");
            inlines(content, style, &mut html);
            html.push_str("</p>");
        } else {
            html.push_str("<div>");
            for_each_leaf(std::slice::from_ref(block), &mut |leaf| {
                if let Leaf::Text(text) = leaf {
                    escape(text, &mut html);
                }
            });
            html.push_str("</div>");
        }
    }
    html
}

fn inlines(content: &[Inline], style: &Style<'_>, html: &mut String) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text { text } => escape(text, html),
            InlineKind::Code { content } => {
                html.push_str("<code>");
                runs(content, style, html);
                html.push_str("</code>");
            }
            InlineKind::Media { media: MediaRef::Local { path }, .. } => {
                html.push_str("<img src=\"");
                html.push_str(style.media.get(path.as_str()).copied().unwrap_or_default());
                html.push_str("\">");
            }
            InlineKind::Cloze { cloze, content } => {
                open(cloze, style, html);
                inlines(content, style, html);
                close(style, html);
            }
            _ => {}
        }
    }
}

fn runs(content: &[Run], style: &Style<'_>, html: &mut String) {
    for run in content {
        match run {
            Run::Text { text } => escape(text, html),
            Run::Cloze { cloze, content } => {
                open(cloze, style, html);
                runs(content, style, html);
                close(style, html);
            }
        }
    }
}

fn open(cloze: &Cloze, style: &Style<'_>, html: &mut String) {
    if style.cloze == ClozeStyle::Anki {
        let numbers: Vec<String> = cloze.numbers.iter().map(u16::to_string).collect();
        html.push_str(&format!("{{{{c{}::", numbers.join(",")));
    }
}

fn close(style: &Style<'_>, html: &mut String) {
    if style.cloze == ClozeStyle::Anki {
        html.push_str("}}");
    }
}

fn escape(text: &str, html: &mut String) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    html.push_str(&text.replace("{{", "{&#123;").replace("}}", "}&#125;").replace("::", ":&#58;"));
}
