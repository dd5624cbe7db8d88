//! Says what of a note's text is other tools' markup that nothing here reads: it would stand on the card as it is written.
//!
//! Looks at text, and at code only for what no code is, so that code, formulas and comments may hold what they like. A text that is not in the source as it
//! is, because something in it is escaped, is its author's.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, Child, Inline, InlineKind, ListItem, plain_text};
use crate::markdown::foreign::{signs, tags, tex};
use crate::markdown::{attributes, cloze};
use crate::source::Span;

/// What of a text's markup is read, where settings say so.
#[derive(Debug, Clone, Copy)]
pub(in crate::markdown) struct Reads {
    /// Whether `#words` are tags.
    pub tags: bool,
    /// Whether dollars enclose formulas.
    pub math: bool,
}

/// Looks through the content of a note. `reads` says what of it is read.
pub(in crate::markdown) fn report(blocks: &[Block], source: &str, reads: Reads, diagnostics: &mut Vec<Diagnostic>) {
    let mut search = Search { source, reads, is_heading: false, start: None, diagnostics };
    search.blocks(blocks);
}

/// Looks through the front of a note, which starts with what may have attributes.
pub(in crate::markdown) fn report_front(
    blocks: &[Block],
    source: &str,
    reads: Reads,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (heading, rest) = blocks.split_at(blocks.len().min(1));
    Search { source, reads, is_heading: true, start: None, diagnostics }.blocks(heading);
    report(rest, source, reads, diagnostics);
}

/// Says that a box on the question is ticked, which gives the answer away.
pub(in crate::markdown) fn report_ticked(front: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    for block in front {
        let BlockKind::List { items, .. } = &block.kind else { continue };
        for item in items.iter().filter(|item| item.checked == Some(true)) {
            let end = item.blocks.first().map_or(item.span.end, |first| first.span.start);
            diagnostics.push(
                Diagnostic::new(
                    Code::ForeignMarkup,
                    item.span.with(item.span.start as usize..end as usize),
                    "a ticked box on the question gives the answer away",
                )
                .help("leave the boxes above `<!-- back -->` empty, and say below it which of them are right"),
            );
        }
    }
}

struct Search<'a, 'd> {
    source: &'a str,
    reads: Reads,
    /// Whether the content is that of a heading or a term.
    is_heading: bool,
    /// Where a line that says `START` stands.
    start: Option<Span>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Search<'_, '_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            if let BlockKind::Code { language: Some(language), .. } = &block.kind {
                self.fence(language, block.span);
            }
            if let BlockKind::List { items, .. } = &block.kind {
                for item in items {
                    self.boxed(item);
                }
            }
            block.for_each_child(&mut |child| self.content(child));
        }
    }

    fn content(&mut self, content: Child<'_>) {
        match content {
            Child::Blocks(blocks) => self.blocks(blocks),
            Child::Inlines(content) => self.inlines(content),
            Child::Runs(_) => {}
        }
    }

    fn inlines(&mut self, content: &[Inline]) {
        if self.tag_link(content) {
            return;
        }
        for (index, inline) in content.iter().enumerate() {
            if let Some(child) = inline.child() {
                self.content(child);
            }
            if matches!(inline.kind, InlineKind::Code { .. }) {
                self.query(inline);
            }
            let Some(text) = inline.kind.as_text().filter(|text| signs::may_hold(text)) else { continue };
            if self.source.get(inline.span.range()) != Some(text) {
                continue;
            }
            let before = index.checked_sub(1).and_then(|before| content.get(before));
            let next = content.get(index + 1);
            let line = signs::Line {
                text,
                starts: before.is_none_or(|before| before.kind.is_break()),
                ends: next.is_none_or(|next| next.kind.is_break()),
                is_last: next.is_none(),
            };
            for found in signs::find(&line) {
                self.push(inline.span, &found);
            }
            self.tags(&line, inline.span);
            self.tex(text, inline.span);
            self.anki_block(&line, inline.span);
        }
    }

    fn push(&mut self, text: Span, found: &signs::Sign) {
        let start = text.start as usize;
        let span = text.with(start + found.range.start..start + found.range.end);
        // Of those that are nearly ours more was said where attributes are read.
        let is_said = |sign: &str| sign.starts_with('{') && attributes::are_attributes(sign);
        if self.is_heading && self.source.get(span.range()).is_some_and(is_said) {
            return;
        }
        let diagnostic = Diagnostic::new(Code::ForeignMarkup, span, found.what).help(found.help);
        self.diagnostics.push(diagnostic);
    }

    /// Tags at the end of a block, which are none here.
    fn tags(&mut self, line: &signs::Line<'_>, span: Span) {
        let Some(at) = tags::last(line.text).filter(|_| line.is_last && !self.reads.tags) else { return };
        // `#fff` is a colour, and `-#x` is no word.
        let is_own = !tags::own_signs(line.text, self.source, span).is_empty();
        if is_own || (at == 0 && !line.starts) || line.text[at..].split_whitespace().all(is_colour) {
            return;
        }
        let start = span.start as usize;
        let place = span.with(start + at..start + line.text.trim_end().len());
        self.diagnostics.push(
            Diagnostic::new(Code::ForeignMarkup, place, "tags in a text are text")
                .help("`tags-from-text: true` makes tags of them; or write `{tags=a,b}` behind the heading, or `\\#` for the sign"),
        );
    }

    /// An element of a list whose box is none.
    fn boxed(&mut self, item: &ListItem) {
        let first = item.blocks.first().filter(|_| item.checked.is_none());
        let Some(BlockKind::Paragraph { content }) = first.map(|block| &block.kind) else { return };
        let Some(Inline { span, kind: InlineKind::Text { text } }) = content.first() else { return };
        let written = self.source.get(span.start as usize..).is_some_and(|rest| rest.starts_with(text.as_str()));
        // The parser cuts text at brackets.
        let whole: String = content.iter().map_while(|inline| inline.kind.as_text()).take(4).collect();
        if let Some(found) = signs::boxed(&whole).filter(|_| written) {
            self.push(*span, &found);
        }
    }

    /// Code that is a query of a plug-in.
    fn query(&mut self, inline: &Inline) {
        if signs::is_query(plain_text(std::slice::from_ref(inline)).trim()) {
            self.diagnostics.push(
                Diagnostic::new(Code::ForeignMarkup, inline.span, "a query in the line is shown as code")
                    .help("write down what it finds"),
            );
        }
    }

    /// TeX that stands between no dollars.
    fn tex(&mut self, text: &str, span: Span) {
        let Some(range) = tex::find(text).filter(|_| self.reads.math) else { return };
        let start = span.start as usize + range.start;
        if cloze::is_escaped(self.source.as_bytes(), start) {
            return;
        }
        let place = span.with(start..start + range.len());
        let formula = format!("${}$", &text[range]);
        self.diagnostics.push(
            Diagnostic::new(Code::NearMath, place, "this TeX has no dollars beside it, and is read as text")
                .help(format!(
                    "write `{formula}`, with all that belongs to the formula, or between backticks what is text"
                ))
                .edit(place, formula),
        );
    }

    /// A block between lines of `START` and `END`, as one of Obsidian's plug-ins has them.
    fn anki_block(&mut self, line: &signs::Line<'_>, span: Span) {
        match line.text.trim() {
            "START" if line.starts && line.ends => self.start = Some(span),
            "END" if line.starts && line.ends => {
                let Some(start) = self.start.take() else { return };
                self.diagnostics.push(
                    Diagnostic::new(Code::ForeignMarkup, start, "a card between `START` and `END` is read as text")
                        .label(span, "ends here")
                        .help("write its question as a heading, and its answer below that"),
                );
            }
            _ => {}
        }
    }

    /// Whether content is a link whose text is a tag, as some tools have them; says so.
    fn tag_link(&mut self, content: &[Inline]) -> bool {
        let [Inline { span, kind: InlineKind::Link(link) }] = content else { return false };
        let is_tag = tags::last(&plain_text(&link.content)) == Some(0);
        if is_tag {
            self.diagnostics.push(
                Diagnostic::new(Code::ForeignMarkup, *span, "a tag in a link is text")
                    .help("write `{tags=a,b}` behind the heading; `syntax-options: {headings: {tag-lines: true}}` reads lines of them"),
            );
        }
        is_tag
    }

    /// What other tools draw or compute in the place of a fence.
    fn fence(&mut self, language: &str, span: Span) {
        let Some((what, help)) = fence(language) else { return };
        let first = self.source.get(span.range()).and_then(|text| text.lines().next()).unwrap_or_default();
        let place = span.with(span.start as usize..span.start as usize + first.trim_end().len());
        self.diagnostics
            .push(Diagnostic::new(Code::ForeignMarkup, place, format!("{what} is shown as code")).help(help));
    }
}

/// What a fence of that language is to other tools, and what to do about it.
fn fence(language: &str) -> Option<(&'static str, &'static str)> {
    const DIAGRAM: &str = "save it as a picture and name that: `![what it shows](diagram.svg)`";
    match language {
        "mermaid" | "plantuml" | "puml" | "wavedrom" | "markmap" | "excalidraw" | "kroki" | "nomnoml" | "bytefield"
        | "smiles" => Some(("a diagram", DIAGRAM)),
        "dataview" | "dataviewjs" | "tasks" | "query" | "base" => Some(("a query", "write down what it finds")),
        "button" | "chart" | "tracker" | "leaflet" | "meta-bind" | "meta-bind-button" | "tabs" => {
            Some(("what a plug-in of Obsidian draws", "write what it shows, or name a picture of it"))
        }
        "admonish" => Some(("a box", "write it as a quote that starts with `[!NOTE]`")),
        "{=html}" | "{=latex}" => Some(("what is meant for one output", "write it as Markdown")),
        language if language.starts_with("ad-") => Some(("a box", "write it as a quote that starts with `[!NOTE]`")),
        _ => None,
    }
}

/// Whether a word is a colour of the web: `#` and three, four, six or eight hexadecimal digits.
fn is_colour(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
