//! Turns an author's table of contents, mdBook's `SUMMARY.md`, into an outline.
//!
//! Links by themselves are chapters without a number, lists of links are numbered ones, a heading starts a part, a rule ends
//! one; a link to nothing is a draft. Source: mdBook 0.5, "SUMMARY.md". Does not know which files there are.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::ir::MAX_DEPTH;
use crate::source::{SourceId, Span};
use crate::text::hidden;

/// A line of a table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A part begins.
    Part(String),
    /// A part ends.
    Separator,
    /// A chapter.
    Chapter {
        /// What it is called.
        title: String,
        /// Where it leads, as written; empty for a draft.
        url: String,
        /// How many chapters it is in; `None` where it has no number.
        depth: Option<usize>,
        /// Where its link stands.
        span: Span,
    },
}

/// The entries of a text, in order; `None` where it is something else than a table of contents: a text without a link, or
/// with what no such table holds.
pub fn read_summary(id: SourceId, text: &str) -> Option<Vec<Entry>> {
    let mut reader = Reader {
        id,
        entries: Vec::new(),
        depth: 0,
        title: String::new(),
        open: Open::Nothing,
        beside: 0,
        has_title: false,
    };
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        reader.event(event, Span::new(id, range))?;
    }
    let has_chapter = reader.entries.iter().any(|entry| matches!(entry, Entry::Chapter { .. }));
    has_chapter.then_some(reader.entries)
}

/// So many letters may stand beside the links of a list's item, and none beside others: marks of them. More are a sentence, and belong to no table of contents.
const MOST_BESIDE: usize = 40;

struct Reader {
    id: SourceId,
    entries: Vec<Entry>,
    /// How many lists are open.
    depth: usize,
    /// The text of what is open.
    title: String,
    open: Open,
    /// How many letters of this paragraph stand beside links.
    beside: usize,
    /// Whether the title of the table itself is behind, or can be no more.
    has_title: bool,
}

/// What collects text.
enum Open {
    Nothing,
    Heading,
    Link(String, Span),
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        match event {
            Event::Start(Tag::Heading { .. }) => self.begin(Open::Heading),
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::Link { dest_url, .. }) => self.begin(Open::Link(dest_url.into_string(), span)),
            Event::End(TagEnd::Link) => self.end_link(),
            Event::Start(Tag::List(_)) => self.depth += 1,
            Event::End(TagEnd::List(_)) => self.depth -= 1,
            Event::Rule => self.entries.push(Entry::Separator),
            Event::Text(text) | Event::Code(text) if !matches!(self.open, Open::Nothing) => self.title.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.title.push(' '),
            Event::Start(Tag::Paragraph | Tag::Item) => self.beside = 0,
            Event::Text(text) => {
                self.beside += text.chars().filter(|c| c.is_alphanumeric()).count();
                if self.beside > if self.depth > 0 { MOST_BESIDE } else { 0 } {
                    return None;
                }
            }
            Event::Start(Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Image { .. }) => return None,
            Event::Start(_)
            | Event::End(_)
            | Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
        Some(())
    }

    fn begin(&mut self, open: Open) {
        self.title.clear();
        self.open = open;
    }

    /// Parts have headings of the first level, and the first of those is the title of the table itself, where it opens that.
    fn end_heading(&mut self, level: HeadingLevel) {
        if let Open::Heading = std::mem::replace(&mut self.open, Open::Nothing)
            && level == HeadingLevel::H1
        {
            let title = self.taken_title();
            if self.has_title || !self.entries.is_empty() {
                self.entries.push(Entry::Part(title));
            }
            self.has_title = true;
        }
    }

    fn end_link(&mut self) {
        if let Open::Link(url, span) = std::mem::replace(&mut self.open, Open::Nothing) {
            // Nobody lists chapters so deep: those are in the last that counts.
            let (title, depth) = (self.taken_title(), self.depth.checked_sub(1).map(|depth| depth.min(MAX_DEPTH)));
            self.entries.push(Entry::Chapter { title, url, depth, span: Span { source: self.id, ..span } });
        }
    }

    fn taken_title(&mut self) -> String {
        hidden::without(std::mem::take(&mut self.title).trim()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entry in a line: parts as `# x`, separators as `---`, chapters with their depth.
    fn read(text: &str) -> Option<String> {
        let shown = |entry: &Entry| match entry {
            Entry::Part(title) => format!("# {title}"),
            Entry::Separator => "---".to_owned(),
            Entry::Chapter { title, url, depth: None, .. } => format!("{title} {url}"),
            Entry::Chapter { title, url, depth: Some(depth), .. } => format!("{depth} {title} {url}"),
        };
        let entries = read_summary(SourceId(3), text)?;
        Some(entries.iter().map(shown).collect::<Vec<_>>().join("|"))
    }

    #[test]
    fn every_kind_of_entry_is_read() {
        let text = "# Summary\n\n[Preface](README.md)\n[More `code`](./more.md)\n\n- [One *x*](one.md)\n  - [Deep](<d e.md>)\n    * [Er]()\n\
            - [Two][l]\n\n---\n\n# Part *b*\n\n1. [Three](three.md)\n\n<!-- not [this](c.md) -->\n\n------\n\n[End](end.md)\n\n[l]: two.md\n";
        assert_eq!(
            read(text).as_deref(),
            Some(
                "Preface README.md|More code ./more.md|0 One x one.md|1 Deep d e.md|2 Er |0 Two two.md|---|# Part b|\
                 0 Three three.md|---|End end.md"
            )
        );
        assert_eq!(read("- [a](a.md)\n\n# Part\n\n- [b](b.md)").as_deref(), Some("0 a a.md|# Part|0 b b.md"));
        assert_eq!(read("# Book\n\n# Part\n\n- [a](a.md)").as_deref(), Some("# Part|0 a a.md"));
        assert_eq!(
            read("## Contents\n\n- [a](a.md)\n\n### Below\n\n- [b](b.md)").as_deref(),
            Some("0 a a.md|0 b b.md"),
            "mdBook passes over other headings"
        );
    }

    #[test]
    fn lists_may_be_deeper_than_content() {
        let lines: Vec<String> = (0..200).map(|depth| format!("{}- [x](x{depth}.md)", "  ".repeat(depth))).collect();
        let text = lines.join("\n");
        let shown = read(&text).unwrap();
        assert_eq!(shown.split('|').count(), 200);
        assert!(shown.ends_with(&format!("{MAX_DEPTH} x x199.md")), "{shown}");
    }

    #[test]
    fn notes_are_no_table_of_contents() {
        let sentence = "- A sentence of some length, which holds a [link](a.md) among the words of it.";
        for text in [
            "## Question?\n\nSee [there](a.md).",
            "",
            "# Summary\n\nWords.",
            "```\n[a](a.md)\n```",
            "> [a](a.md)",
            "![a](a.md)",
            sentence,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
