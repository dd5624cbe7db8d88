//! The builder: a stack of open elements, closed one by one.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag};

use super::{FootnoteDefinition, Heading, Input, Tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Alignment, Block, BlockKind, Cell, Definition, Grid, Inline, InlineKind, ListItem, MAX_DEPTH, MAX_HTML_DEPTH, Run,
};
use crate::markdown::scan;
use crate::source::Span;
use crate::text::hidden;
use crate::text::nesting::Nesting;

pub(super) struct Builder<'a, 'd> {
    pub(super) input: Input<'a>,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
    pub(super) tree: Tree,
    stack: Vec<Frame>,
    /// Lists of frames that were closed, to be filled again: what was in them is in lists of its own that have no room to spare.
    spare: Vec<Vec<Inline>>,
    /// Open elements that are left out because they are nested too deep.
    skipped: usize,
    /// The elements of raw HTML that are open since the last heading.
    pub(super) nesting: Nesting,
    /// Whether it was said that they are too many.
    pub(super) says_too_deep: bool,
    /// What of the source is left out, because it stands in a drawing or formula that is.
    pub(super) removed: Range<usize>,
    /// Up to there no drawing or formula ends that is open.
    pub(super) no_drawing_ends_before: usize,
    labels: HashMap<String, usize>,
    next_attributes: usize,
    /// The dollars of this block that are text so far.
    pub(super) dollars: Vec<usize>,
}

/// An open element and what it holds so far.
pub(super) struct Frame {
    pub(super) holder: Holder,
    pub(super) span: Span,
    pub(super) blocks: Vec<Block>,
    pub(super) inlines: Vec<Inline>,
}

/// What kind of element is open, with the parts that are neither blocks nor inlines.
pub(super) enum Holder {
    Root,
    Paragraph,
    /// A paragraph that the parser does not announce: the text of a tight list item.
    Implicit,
    Heading(u8),
    Code {
        language: Option<Box<str>>,
        text: String,
    },
    Html(String),
    Quote,
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<ListItem>,
    },
    Item {
        checked: Option<bool>,
    },
    Footnote(String),
    Definitions(Vec<Definition>),
    Term,
    Meaning,
    Table(Grid),
    Row {
        cells: Vec<Cell>,
        is_header: bool,
    },
    Cell,
    Emphasis,
    Strong,
    Strikethrough,
    Link {
        url: String,
        title: String,
    },
    Image {
        url: String,
        title: String,
    },
    /// Nothing that the options turn on.
    Ignored,
}

impl Holder {
    /// Whether blocks or text stand in it, and not parts of its own.
    fn holds_content(&self) -> bool {
        let has_parts = matches!(
            self,
            Self::List { .. }
                | Self::Definitions(_)
                | Self::Table(_)
                | Self::Row { .. }
                | Self::Code { .. }
                | Self::Html(_)
        );
        !has_parts
    }

    /// Whether it stands within a line.
    fn is_inline(&self) -> bool {
        matches!(self, Self::Emphasis | Self::Strong | Self::Strikethrough | Self::Link { .. } | Self::Image { .. })
    }

    /// Whether blocks stand in it, so that text needs a paragraph of its own.
    fn holds_blocks(&self) -> bool {
        matches!(self, Self::Root | Self::Quote | Self::Item { .. } | Self::Footnote(_) | Self::Meaning)
    }
}

impl<'a, 'd> Builder<'a, 'd> {
    pub(super) fn new(mut input: Input<'a>, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        let span = Span::new(input.id, input.start..input.end);
        let tree = Tree { footnotes: std::mem::take(&mut input.footnotes), ..Tree::default() };
        let root = Frame { holder: Holder::Root, span, blocks: Vec::new(), inlines: Vec::new() };
        Self {
            input,
            diagnostics,
            tree,
            stack: vec![root],
            spare: Vec::new(),
            skipped: 0,
            nesting: Nesting::new(MAX_HTML_DEPTH),
            says_too_deep: false,
            removed: 0..0,
            no_drawing_ends_before: 0,
            labels: HashMap::new(),
            next_attributes: 0,
            dollars: Vec::new(),
        }
    }

    pub(super) fn build(mut self) -> Tree {
        let text = std::mem::take(&mut self.input.scanned.text);
        let parser = Parser::new_ext(&text, scan::options(self.input.math));
        let labels = parser.reference_definitions().iter();
        self.tree.labels = labels.map(|(_, label)| self.input.span(label.span.clone())).collect();
        self.tree.labels.sort_unstable();
        for (event, range) in parser.into_offset_iter() {
            self.event(event, range);
        }
        self.close_implicit();
        if let Some(root) = self.stack.pop() {
            self.tree.blocks = root.blocks;
        }
        self.tree
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let span = self.input.span(range);
        let event = self.input.scanned.put_back(event, self.input.text(span));
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(_) => self.end(),
            _ if self.skipped > 0 => {}
            Event::Text(text) => self.text(&text, span),
            Event::Html(html) => self.html(&html),
            Event::Rule => {
                self.close_implicit();
                self.push_block(Block { span, kind: BlockKind::Rule });
            }
            Event::TaskListMarker(checked) => {
                if let Some(Frame { holder: Holder::Item { checked: slot }, .. }) =
                    self.stack.iter_mut().rev().find(|frame| matches!(frame.holder, Holder::Item { .. }))
                {
                    *slot = Some(checked);
                }
            }
            Event::Code(code) => {
                let content = vec![Run::Text { text: self.input.scanned.restore(&code) }];
                self.push_inline(Inline { span, kind: InlineKind::Code { content } });
            }
            Event::InlineMath(tex) => self.math(&tex, false, span),
            Event::DisplayMath(tex) => self.math(&tex, true, span),
            Event::InlineHtml(html) => self.inline_html(&html, span),
            Event::FootnoteReference(label) => {
                let number = self.footnote(&label) as u32 + 1;
                self.push_inline(Inline { span, kind: InlineKind::Footnote { number } });
            }
            Event::SoftBreak if self.input.breaks => self.push_inline(Inline { span, kind: InlineKind::HardBreak }),
            Event::SoftBreak => self.push_inline(Inline { span, kind: InlineKind::SoftBreak }),
            Event::HardBreak => self.push_inline(Inline { span, kind: InlineKind::HardBreak }),
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        if self.skipped > 0 || self.is_too_deep() {
            if self.skipped == 0 {
                self.keep_as_text(span);
            }
            self.skipped += 1;
            return;
        }
        let holder = self.holder(tag, span);
        let is_inline = holder.is_inline();
        if is_inline {
            self.open_implicit(span);
        } else {
            self.close_implicit();
        }
        if matches!(holder, Holder::Paragraph) {
            self.loosen();
        }
        let span = if is_inline { span } else { self.input.block_span(span) };
        self.open(holder, span);
    }

    fn open(&mut self, holder: Holder, span: Span) {
        let inlines = self.spare.pop().unwrap_or_default();
        self.stack.push(Frame { holder, span, blocks: Vec::new(), inlines });
    }

    /// Whether nothing more opens in the element at hand; its own parts (rows, cells, items) do.
    fn is_too_deep(&self) -> bool {
        self.stack.len() > MAX_DEPTH && self.stack.last().is_some_and(|frame| frame.holder.holds_content())
    }

    /// Puts an element that is nested too deep down as it is written.
    fn keep_as_text(&mut self, span: Span) {
        let span = self.input.block_span(span);
        self.diagnostics.push(
            Diagnostic::new(Code::TooDeep, span, format!("this is nested more than {MAX_DEPTH} levels deep"))
                .help("take some of the lists, quotes or emphasis around it away"),
        );
        let text = hidden::without(self.input.text(span)).into_owned();
        self.push_inline(Inline { span, kind: InlineKind::Text { text } });
    }

    fn holder(&mut self, tag: Tag<'_>, span: Span) -> Holder {
        let restore = |text: &str| self.input.scanned.restore(text);
        match tag {
            Tag::Paragraph => Holder::Paragraph,
            Tag::Heading { level, .. } => Holder::Heading(level as u8),
            Tag::BlockQuote(_) => Holder::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Holder::Code { language: language(&restore(&info)), text: String::new() }
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Holder::Code { language: None, text: String::new() },
            Tag::HtmlBlock => Holder::Html(String::new()),
            Tag::List(start) => Holder::List { start, tight: true, items: Vec::new() },
            Tag::Item => Holder::Item { checked: None },
            Tag::FootnoteDefinition(label) => Holder::Footnote(restore(&label)),
            Tag::DefinitionList => Holder::Definitions(Vec::new()),
            Tag::DefinitionListTitle => Holder::Term,
            Tag::DefinitionListDefinition => Holder::Meaning,
            Tag::Table(alignments) => Holder::Table(Grid {
                alignments: alignments.into_iter().map(alignment).collect(),
                header: Vec::new(),
                rows: Vec::new(),
            }),
            Tag::TableHead => Holder::Row { cells: Vec::new(), is_header: true },
            Tag::TableRow => {
                self.report_surplus_cells(span);
                Holder::Row { cells: Vec::new(), is_header: false }
            }
            Tag::TableCell => Holder::Cell,
            Tag::Emphasis => Holder::Emphasis,
            Tag::Strong => Holder::Strong,
            Tag::Strikethrough => Holder::Strikethrough,
            // The parser gives an address between `<` and `>` as it is written.
            Tag::Link { link_type: LinkType::Email, dest_url, title, .. } => {
                Holder::Link { url: format!("mailto:{}", restore(&dest_url)), title: restore(&title) }
            }
            Tag::Link { dest_url, title, .. } => Holder::Link { url: restore(&dest_url), title: restore(&title) },
            Tag::Image { dest_url, title, .. } => Holder::Image { url: restore(&dest_url), title: restore(&title) },
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => Holder::Ignored,
        }
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        self.close_implicit();
        if let Some(frame) = self.stack.pop() {
            self.close(frame);
        }
    }

    /// A fence that is never closed takes all headings below it for code.
    fn report_swallowed(&mut self, span: Span, code: &str) {
        let written = self.input.text(span);
        let fence = written.chars().next().filter(|first| matches!(first, '`' | '~'));
        let Some(fence) = fence.filter(|_| code.lines().any(is_heading)) else { return };
        let length = written.len() - written.trim_start_matches(fence).len();
        let last = written.trim_end().lines().next_back().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
        let is_closed = last.len() >= length && last.chars().all(|c| c == fence) && written.trim_end().contains('\n');
        if !is_closed {
            let count = code.lines().filter(|line| is_heading(line)).count();
            let headings = if count == 1 { "a heading is".to_owned() } else { format!("{count} headings are") };
            let place = span.with(span.start as usize..span.start as usize + length);
            self.diagnostics.push(
                Diagnostic::new(Code::NearCard, place, format!("{headings} code, for the fence above is never closed"))
                    .caret("opens here")
                    .help("close it by a line with as many of the same signs"),
            );
        }
    }

    fn close(&mut self, frame: Frame) {
        let Frame { holder, span, blocks, inlines } = frame;
        let inlines = self.take_off(inlines);
        let inlines = self.read_foreign(inlines, matches!(holder, Holder::Link { .. }));
        if !holder.is_inline() {
            self.report_near_math();
        }
        match holder {
            Holder::Root | Holder::Ignored => {}
            Holder::Paragraph | Holder::Implicit => {
                let mut inlines = inlines;
                self.report_near_headings(&inlines);
                self.report_near_table(&inlines, span);
                self.drop_block_id(&mut inlines);
                if !inlines.is_empty() {
                    self.push_block(Block { span, kind: BlockKind::Paragraph { content: inlines } });
                }
            }
            Holder::Heading(level) => self.close_heading(level, span, inlines),
            Holder::Code { language, text } => self.close_code(language, text, span),
            Holder::Html(text) => self.close_html(text, span),
            Holder::Quote => self.close_quote(span, blocks),
            Holder::List { start, tight, items } => {
                self.push_block(Block { span, kind: BlockKind::List { start, tight, items } });
            }
            Holder::Item { checked } => {
                if let Some(Frame { holder: Holder::List { items, .. }, .. }) = self.stack.last_mut() {
                    items.push(ListItem { span, checked, blocks });
                }
            }
            Holder::Footnote(label) => {
                let index = self.footnote(&label);
                if let Some(footnote) = self.tree.footnotes.get_mut(index) {
                    footnote.define(span, blocks);
                }
            }
            Holder::Definitions(definitions) => {
                self.report_swallowed_terms(span);
                self.push_block(Block { span, kind: BlockKind::Definitions { definitions } });
            }
            Holder::Term => self.close_term(span, inlines),
            Holder::Meaning => self.close_meaning(blocks),
            Holder::Table(grid) => self.push_block(Block { span, kind: BlockKind::Table(grid.into()) }),
            Holder::Row { cells, is_header } => self.close_row(cells, is_header, span),
            Holder::Cell => {
                if let Some(Frame { holder: Holder::Row { cells, .. }, .. }) = self.stack.last_mut() {
                    cells.push(Cell { span, content: inlines });
                }
            }
            Holder::Emphasis => self.push_inline(Inline { span, kind: InlineKind::Emphasis { content: inlines } }),
            Holder::Strong => self.push_inline(Inline { span, kind: InlineKind::Strong { content: inlines } }),
            Holder::Strikethrough => {
                self.push_inline(Inline { span, kind: InlineKind::Strikethrough { content: inlines } });
            }
            Holder::Link { url, title } => {
                let link = self.link(url, title, inlines, span);
                self.push_inline(link);
            }
            Holder::Image { url, title } => self.close_image(&url, title, span, inlines),
        }
    }

    /// What a frame's list holds in a list without room to spare, and the frame's to be filled again.
    fn take_off(&mut self, mut found: Vec<Inline>) -> Vec<Inline> {
        let mut inlines = Vec::with_capacity(found.len());
        inlines.append(&mut found);
        self.spare.push(found);
        inlines
    }

    /// Code, or the formula that a fence with `math` behind it holds.
    fn close_code(&mut self, language: Option<Box<str>>, mut text: String, span: Span) {
        self.report_swallowed(span, &text);
        // A text that is read by itself may end without one.
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let is_math = self.input.math && language.as_deref() == Some("math") && !text.trim().is_empty();
        let content = if text.is_empty() { Vec::new() } else { vec![Run::Text { text }] };
        let kind = if is_math {
            let kind = InlineKind::Math { display: true, content };
            BlockKind::Paragraph { content: vec![Inline { span, kind }] }
        } else {
            BlockKind::Code { language, content }
        };
        self.push_block(Block { span, kind });
    }

    fn close_meaning(&mut self, blocks: Vec<Block>) {
        if let Some(Frame { holder: Holder::Definitions(definitions), .. }) = self.stack.last_mut()
            && let Some(last) = definitions.last_mut()
        {
            last.definitions.push(blocks);
        }
    }

    fn close_heading(&mut self, level: u8, span: Span, mut content: Vec<Inline>) {
        trim_end(&mut content);
        self.drop_block_id(&mut content);
        if self.stack.len() == 1 {
            (self.nesting, self.says_too_deep) = (Nesting::new(MAX_HTML_DEPTH), false);
            let text = &self.input.source.text;
            let looks_like_rule = scan::is_setext(text, &span.range()) && scan::may_be_rule(text, &span.range());
            let attributes = &mut self.input.scanned.attributes;
            let mut found = super::Attributes::default();
            if let Some((at, attributes)) = attributes.get_mut(self.next_attributes)
                && *at == span.start as usize
            {
                found = std::mem::take(attributes);
                self.next_attributes += 1;
            }
            self.tree.headings.push(Heading { attributes: found, looks_like_rule });
        }
        self.push_block(Block { span, kind: BlockKind::Heading { level, content, id: None } });
    }

    /// Terms that follow each other without a definition between share the next one.
    fn close_term(&mut self, span: Span, mut term: Vec<Inline>) {
        self.drop_block_id(&mut term);
        let Some(Frame { holder: Holder::Definitions(definitions), .. }) = self.stack.last_mut() else { return };
        match definitions.last_mut() {
            Some(last) if last.definitions.is_empty() => {
                last.term.push(Inline { span: last.span, kind: InlineKind::HardBreak });
                last.term.extend(term);
                last.span = last.span.to(span);
            }
            Some(_) | None => definitions.push(Definition { span, term, definitions: Vec::new() }),
        }
    }

    /// A paragraph that the parser announces inside an item makes the list a loose one.
    fn loosen(&mut self) {
        if let [.., Frame { holder: Holder::List { tight, .. }, .. }, Frame { holder: Holder::Item { .. }, .. }] =
            self.stack.as_mut_slice()
        {
            *tight = false;
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if text.contains(self.input.scanned.taken) {
            return self.text_with_formulas(text, span);
        }
        self.plain_text(text, span);
    }

    fn plain_text(&mut self, text: &str, span: Span) {
        let restored = self.input.scanned.restore(text);
        if let Some(Frame { holder: Holder::Code { text: code, .. }, .. }) = self.stack.last_mut() {
            code.push_str(&restored);
            return;
        }
        self.note_dollars(text, &restored, span);
        if text.len() == span.range().len() && restored.len() < text.len() {
            return self.text_without_hidden(text, span);
        }
        self.push_inline(Inline { span, kind: InlineKind::Text { text: restored } });
    }

    /// Text around formulas that were taken out of the parser's sight.
    fn text_with_formulas(&mut self, text: &str, span: Span) {
        let start = span.start as usize;
        let mut from = 0;
        let mut index = self.input.scanned.formula_from(start);
        while let Some(formula) = self.input.scanned.formulas.get(index) {
            let scan::Formula { range, display, tex } = formula.clone();
            let (Some(at), Some(end)) = (range.start.checked_sub(start), range.end.checked_sub(start)) else { break };
            let Some(before) = text.get(from..at).filter(|_| end <= text.len()) else { break };
            if !before.is_empty() {
                self.text(before, span.with(start + from..range.start));
            }
            self.formula(&tex, display, span.with(range));
            (from, index) = (end, index + 1);
        }
        if let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
            let span = span.with(start + from..span.end as usize);
            // Half of a formula is none.
            let rest =
                if rest.contains(self.input.scanned.taken) { self.input.text(span).to_owned() } else { rest.into() };
            self.plain_text(&rest, span);
        }
    }

    /// A formula in text; in code it is as it is written.
    fn formula(&mut self, tex: &str, display: bool, span: Span) {
        if let Some(Frame { holder: Holder::Code { text, .. }, .. }) = self.stack.last_mut() {
            return text.push_str(self.input.text(span));
        }
        let content = vec![Run::Text { text: hidden::without(tex).into_owned() }];
        self.push_inline(Inline { span, kind: InlineKind::Math { display, content } });
    }

    /// Text around hidden characters in pieces, each of which is in the source as it is: deletions are found in such alone.
    fn text_without_hidden(&mut self, text: &str, span: Span) {
        let mut from = 0;
        let ends = hidden::find(text).map(|(at, character)| (at, at + character.len_utf8()));
        for (at, next) in ends.chain([(text.len(), text.len())]) {
            for range in [from..at, at..next] {
                let piece = self.input.scanned.restore(&text[range.clone()]);
                if !piece.is_empty() {
                    let start = span.start as usize;
                    let span = span.with(start + range.start..start + range.end);
                    self.push_inline(Inline { span, kind: InlineKind::Text { text: piece } });
                }
            }
            from = next;
        }
    }

    fn html(&mut self, html: &str) {
        let html = self.input.scanned.restore(html);
        if let Some(Frame { holder: Holder::Html(text), .. }) = self.stack.last_mut() {
            text.push_str(&html);
        }
    }

    /// The index of a footnote by its label.
    fn footnote(&mut self, label: &str) -> usize {
        let label = self.input.scanned.restore(label).to_lowercase();
        let footnotes = &mut self.tree.footnotes;
        *self.labels.entry(label).or_insert_with(|| {
            footnotes.push(FootnoteDefinition { span: None, blocks: None });
            footnotes.len() - 1
        })
    }

    pub(super) fn push_block(&mut self, block: Block) {
        if self.is_removed(block.span) {
            return;
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.blocks.push(block);
        }
    }

    /// Whether all of a place is in a drawing or formula that is left out.
    pub(super) fn is_removed(&self, span: Span) -> bool {
        self.removed.start <= span.start as usize && span.end as usize <= self.removed.end
    }

    pub(super) fn push_inline(&mut self, inline: Inline) {
        if self.is_removed(inline.span) {
            return;
        }
        self.open_implicit(inline.span);
        if let Some(frame) = self.stack.last_mut() {
            if matches!(frame.holder, Holder::Implicit) {
                frame.span = frame.span.to(inline.span);
            }
            frame.inlines.push(inline);
        }
    }

    fn open_implicit(&mut self, span: Span) {
        if self.stack.last().is_some_and(|frame| frame.holder.holds_blocks()) {
            self.open(Holder::Implicit, span);
        }
    }

    fn close_implicit(&mut self) {
        if let Some(frame) = self.stack.pop_if(|frame| matches!(frame.holder, Holder::Implicit)) {
            self.close(frame);
        }
    }

    pub(super) fn is_in_link(&self) -> bool {
        self.stack.iter().any(|frame| matches!(frame.holder, Holder::Link { .. }))
    }

    /// Whether the text at hand stands in a cell of a table.
    pub(super) fn is_in_cell(&self) -> bool {
        self.stack
            .iter()
            .rev()
            .find(|frame| !frame.holder.is_inline())
            .is_some_and(|frame| matches!(frame.holder, Holder::Cell))
    }

    pub(super) fn parent(&mut self) -> Option<&mut Frame> {
        self.stack.last_mut()
    }
}

/// Takes white space off the end, which attributes leave behind.
/// Takes the white space off the end. What is written otherwise than it reads, as entities are, has no place within it.
fn trim_end(content: &mut [Inline]) {
    if let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut() {
        let kept = text.trim_end().len();
        if text.len() == span.range().len() {
            span.end -= (text.len() - kept) as u32;
        } else if kept == 0 {
            span.end = span.start;
        }
        text.truncate(kept);
    }
}

/// Whether a line of code would be a heading that may be a note. One `#` starts comments in many languages.
fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (2..=6).contains(&(line.len() - text.len())) && text.starts_with(' ') && !text.trim().is_empty()
}

/// The first word of a fence's info string, lower case.
fn language(info: &str) -> Option<Box<str>> {
    let word = info.split(|c: char| c.is_whitespace() || c == ',' || c == '{').find(|word| !word.is_empty())?;
    let word = word.trim_matches(['.', '}']);
    (!word.is_empty()).then(|| word.to_lowercase().into())
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}
