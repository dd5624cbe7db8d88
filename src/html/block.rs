//! Turns blocks into HTML.
//!
//! Knows nothing of what is inside a line of text.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::closer::{end_block, end_line};
use super::cloze::Numbers;
use super::highlight::{self, Class, Token};
use super::{ClozeStyle, Paragraphs, Playing, Writer, cloze, escape};
use crate::ir::{
    AlertKind, Alignment, Block, BlockKind, Cell, Child, Cloze, Definition, Inline, InlineKind, ListItem, Run,
    for_each_deletion, plain_text, runs_text,
};
use crate::text::own_id::own_id;
use crate::text::tags::{self, Piece};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block], paragraphs: Paragraphs) {
        let bare = paragraphs.are_bare(blocks);
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            self.block(block, bare);
        }
    }

    fn block(&mut self, block: &Block, bare: bool) {
        match &block.kind {
            BlockKind::Paragraph { content } if bare => self.paragraph(content),
            BlockKind::Paragraph { content } => self.element("p", |writer| writer.paragraph(content)),
            BlockKind::Heading { level, content, id } => self.heading(*level, content, id.as_deref()),
            BlockKind::Code { language, content } => self.code_block(language.as_deref(), content),
            BlockKind::Quote { blocks } => {
                self.element("blockquote", |writer| writer.blocks(blocks, Paragraphs::Wrapped));
            }
            BlockKind::Alert(alert) => self.alert(&alert.kind, &alert.title, &alert.blocks),
            BlockKind::List { start, tight, items } => self.list(*start, *tight, items),
            BlockKind::Table(grid) => self.table(&grid.alignments, &grid.header, &grid.rows),
            BlockKind::Definitions { definitions } => self.definitions(definitions),
            BlockKind::Labelled(labelled) => self.labelled(&labelled.label, &labelled.content),
            BlockKind::Cloze { cloze, blocks } => {
                let paragraphs = if bare { Paragraphs::Bare } else { Paragraphs::BareIfSingle };
                self.deletion(cloze, Child::Blocks(blocks), |writer| writer.blocks(blocks, paragraphs));
            }
            BlockKind::Html { html } => {
                let start = self.out.len();
                self.picture(is_image(&html.text), |writer| writer.raw_html(html));
                // Where HTML is trusted, it may well go on in the next block.
                if !self.style.trusts_html {
                    end_block(&mut self.out, start);
                }
            }
            BlockKind::Rule => self.out.push_str("<hr>"),
        }
    }

    fn paragraph(&mut self, content: &[Inline]) {
        self.picture(is_picture(content), |writer| writer.line(content));
    }

    /// On paper an image by itself is told from one in a sentence: CSS does not see the text beside it.
    fn picture(&mut self, is_picture: bool, write: impl FnOnce(&mut Self)) {
        let is_picture = is_picture && self.style.playing == Playing::Paper;
        self.out.push_str(if is_picture { "<span class=\"picture\">" } else { "" });
        write(self);
        self.out.push_str(if is_picture { "</span>" } else { "" });
    }

    /// An element without attributes.
    pub(super) fn element(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        let _ = write!(self.out, "<{name}>");
        write(self);
        let _ = write!(self.out, "</{name}>");
    }

    /// A deletion, in the style's way.
    pub(super) fn deletion(&mut self, cloze: &Cloze, hidden: Child<'_>, write: impl FnOnce(&mut Self)) {
        match self.style.cloze {
            ClozeStyle::Anki => self.anki_deletion(cloze, hidden, write),
            ClozeStyle::Unwrapped => write(self),
            ClozeStyle::Strong => {
                self.out.push_str("<b class=\"cloze\">");
                write(self);
                self.out.push_str("</b>");
            }
            ClozeStyle::Blank if self.is_answer => write(self),
            ClozeStyle::Blank => self.blank(cloze, write),
            ClozeStyle::Gap => self.gap(cloze, write),
            ClozeStyle::Marked => {
                self.open_marked("span", &cloze.numbers, cloze.hint.as_deref());
                write(self);
                self.out.push_str("</span>");
            }
        }
    }

    fn anki_deletion(&mut self, cloze: &Cloze, hidden: Child<'_>, write: impl FnOnce(&mut Self)) {
        let mut inside = 0;
        if cloze.numbers.len() > 1 {
            for_each_deletion(hidden, &mut |cloze, _| inside += cloze.numbers.len());
        }
        let numbers = Numbers::of(cloze, self.open_deletions, inside);
        let levels = numbers.levels(cloze).len();
        cloze::open(cloze, numbers, &mut self.out);
        self.open_deletions += levels;
        write(self);
        self.open_deletions -= levels;
        cloze::close(cloze, numbers, &mut self.out);
    }

    /// The hint in the place of the text. What it hides is written and thrown away, so that tokens of code are used up.
    fn gap(&mut self, cloze: &Cloze, write: impl FnOnce(&mut Self)) {
        self.open_marked("span", &cloze.numbers, None);
        self.out.push('[');
        escape(cloze.hint.as_deref().unwrap_or("…"), &mut self.out);
        self.out.push_str("]</span>");
        let length = self.out.len();
        write(self);
        self.out.truncate(length);
    }

    /// The start of a deletion that a script finds.
    pub(super) fn open_marked(&mut self, element: &str, numbers: &[u16], hint: Option<&str>) {
        let _ = write!(self.out, "<{element} class=\"cloze\"");
        let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
        self.attribute("data-n", &numbers.join(" "));
        if let Some(hint) = hint {
            self.attribute("data-hint", hint);
        }
        self.out.push('>');
    }

    /// A gap. What it hides is written all the same, as an answer, so that tokens of code are used up.
    fn blank(&mut self, cloze: &Cloze, write: impl FnOnce(&mut Self)) {
        self.out.push_str("<span class=\"blank\">");
        if let Some(number) = self.next_blank() {
            let _ = write!(self.out, "<sup class=\"which\">{number}</sup>");
        }
        if let Some(hint) = &cloze.hint {
            escape(hint, &mut self.out);
        }
        self.out.push_str("</span>");
        let out = std::mem::take(&mut self.out);
        self.is_answer = true;
        write(self);
        self.is_answer = false;
        if self.opens_raw_text {
            end_line(&mut self.out, 0);
        }
        self.answers.push(std::mem::replace(&mut self.out, out));
    }

    fn heading(&mut self, level: u8, content: &[Inline], id: Option<&str>) {
        let _ = write!(self.out, "<h{level}");
        if let Some(id) = id {
            let id = if self.style.trusts_html { Cow::Borrowed(id) } else { own_id(id) };
            self.attribute("id", &id);
        }
        self.out.push('>');
        self.line(content);
        let _ = write!(self.out, "</h{level}>");
    }

    fn code_block(&mut self, language: Option<&str>, content: &[Run]) {
        let tokens = language.and_then(|language| highlight::highlight(language, &runs_text(content)));
        self.out.push_str(if tokens.is_some() { "<pre><code class=\"hl\">" } else { "<pre><code>" });
        self.runs(content, &mut Tokens { tokens: tokens.as_deref().unwrap_or_default(), at: 0 });
        // The line end that closes the last line would show as an empty one where padding follows.
        if self.out.ends_with('\n') {
            self.out.pop();
        }
        self.witness();
        self.out.push_str("</code></pre>");
    }

    /// Literal text; highlighted tokens are split at the bounds of deletions, so that markup nests.
    pub(super) fn runs(&mut self, runs: &[Run], tokens: &mut Tokens<'_>) {
        for run in runs {
            match run {
                Run::Text { text } => self.tokens(text, tokens),
                Run::Cloze { cloze, content } => {
                    self.deletion(cloze, Child::Runs(content), |writer| writer.deleted_code(content, tokens));
                }
            }
        }
    }

    /// An answer by itself stands outside of the code that it was taken from.
    fn deleted_code(&mut self, content: &[Run], tokens: &mut Tokens<'_>) {
        let stands_alone = self.is_answer && self.out.is_empty();
        self.out.push_str(if stands_alone { "<code>" } else { "" });
        self.runs(content, tokens);
        self.out.push_str(if stands_alone { "</code>" } else { "" });
    }

    fn tokens(&mut self, mut text: &str, tokens: &mut Tokens<'_>) {
        while !text.is_empty() {
            let (class, length) = tokens.take(text.len());
            let (piece, rest) = text.split_at_checked(length).unwrap_or((text, ""));
            match class {
                Some(class) => {
                    let _ = write!(self.out, "<span class=\"{}\">", class.name());
                    self.literal(piece);
                    self.out.push_str("</span>");
                }
                None => self.literal(piece),
            }
            text = rest;
        }
    }

    /// A piece of code. On paper its lines end at white space first: not behind a hyphen, as they may in text. No character
    /// says so, for programs would read it.
    fn literal(&mut self, code: &str) {
        let mut rest = if self.style.playing == Playing::Paper { code } else { "" };
        let mut written = 0;
        while let Some((before, hyphens)) = rest.find('-').and_then(|at| rest.split_at_checked(at)) {
            let behind = hyphens.trim_start_matches('-');
            let start = code.len() - hyphens.len();
            if let Some(next) = behind.chars().next().filter(|next| next.is_alphanumeric()) {
                let end = code.len() - behind.len() + next.len_utf8();
                escape(code.get(written..start).unwrap_or(before), &mut self.out);
                self.out.push_str("<span class=\"nb\">");
                self.out.push_str(code.get(start..end).unwrap_or_default());
                self.out.push_str("</span>");
                written = end;
            }
            rest = behind;
        }
        escape(code.get(written..).unwrap_or_default(), &mut self.out);
    }

    fn alert(&mut self, kind: &AlertKind, title: &[Inline], blocks: &[Block]) {
        let (class, name) = alert_names(kind);
        let _ = write!(self.out, "<div class=\"alert alert-{class}\"><p class=\"alert-title\">");
        if title.is_empty() {
            escape(&name, &mut self.out);
        } else {
            self.line(title);
        }
        self.out.push_str("</p>");
        self.blocks(blocks, Paragraphs::Wrapped);
        self.out.push_str("</div>");
    }

    fn list(&mut self, start: Option<u64>, tight: bool, items: &[ListItem]) {
        let name = if start.is_some() { "ol" } else { "ul" };
        let _ = write!(self.out, "<{name}");
        if let Some(start) = start.filter(|&start| start != 1) {
            let _ = write!(self.out, " start=\"{start}\"");
        }
        if items.iter().any(|item| item.checked.is_some()) {
            self.attribute("class", "tasks");
        }
        self.out.push('>');
        for item in items {
            self.list_item(item, tight);
        }
        let _ = write!(self.out, "</{name}>");
    }

    fn list_item(&mut self, item: &ListItem, tight: bool) {
        self.out.push_str(match item.checked {
            Some(true) => "<li class=\"task\"><span class=\"box\" role=\"img\" aria-label=\"done\">☑</span> ",
            Some(false) => "<li class=\"task\"><span class=\"box\" role=\"img\" aria-label=\"to do\">☐</span> ",
            None => "<li>",
        });
        self.blocks(&item.blocks, if tight { Paragraphs::Bare } else { Paragraphs::Wrapped });
        self.out.push_str("</li>");
    }

    fn table(&mut self, alignments: &[Alignment], header: &[Cell], rows: &[Vec<Cell>]) {
        // A box of its own, so that a wide table scrolls and the page does not.
        self.out.push_str("<div class=\"table\"><table>");
        if header.iter().any(|cell| !cell.content.is_empty()) {
            self.element("thead", |writer| writer.row("th", alignments, header));
        }
        self.element("tbody", |writer| rows.iter().for_each(|row| writer.row("td", alignments, row)));
        self.out.push_str("</table></div>");
    }

    fn row(&mut self, name: &str, alignments: &[Alignment], cells: &[Cell]) {
        self.out.push_str("<tr>");
        for (index, cell) in cells.iter().enumerate() {
            let way = match alignments.get(index).unwrap_or(&Alignment::None) {
                Alignment::None => "",
                Alignment::Left => "left",
                Alignment::Center => "center",
                Alignment::Right => "right",
            };
            let whole = if self.style.playing == Playing::Paper && is_number(&cell.content) { "whole" } else { "" };
            let gap = if way.is_empty() || whole.is_empty() { "" } else { " " };
            match [way, gap, whole].concat().as_str() {
                "" => {
                    let _ = write!(self.out, "<{name}>");
                }
                classes => {
                    let _ = write!(self.out, "<{name} class=\"{classes}\">");
                }
            }
            self.line(&cell.content);
            let _ = write!(self.out, "</{name}>");
        }
        self.out.push_str("</tr>");
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        self.out.push_str("<dl>");
        for definition in definitions {
            self.element("dt", |writer| writer.line(&definition.term));
            for blocks in &definition.definitions {
                self.element("dd", |writer| writer.blocks(blocks, Paragraphs::BareIfSingle));
            }
        }
        self.out.push_str("</dl>");
    }

    fn labelled(&mut self, label: &[Inline], content: &[Inline]) {
        self.out.push_str("<div class=\"labelled\">");
        if !label.is_empty() {
            self.out.push_str("<span class=\"label\">");
            self.line(label);
            self.out.push_str("</span> ");
        }
        self.out.push_str("<span class=\"value\">");
        self.line(content);
        self.out.push_str("</span></div>");
    }
}

/// What is left of a text's tokens. None at all stand for plain text.
pub(super) struct Tokens<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Tokens<'_> {
    /// For text that has no tokens.
    pub(super) fn plain() -> Self {
        Self { tokens: &[], at: 0 }
    }

    /// The class of the next token, and how much of it lies within `length` bytes.
    fn take(&mut self, length: usize) -> (Option<Class>, usize) {
        let Some((token, rest)) = self.tokens.split_first() else { return (None, length) };
        let length = length.min(token.end - self.at);
        self.at += length;
        if self.at == token.end {
            self.tokens = rest;
        }
        (token.class, length)
    }
}

/// Whether a cell holds a number, with its unit if it has one: on paper it is never parted.
pub fn is_number(content: &[Inline]) -> bool {
    let is_text = |inline: &Inline| {
        matches!(&inline.kind, InlineKind::Text { .. } | InlineKind::Code { .. } | InlineKind::Strong { .. })
    };
    if content.len() > 3 || !content.iter().all(is_text) {
        return false;
    }
    let text = plain_text(content);
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let is_short = text.chars().count() <= LONGEST_NUMBER && letters <= LONGEST_UNIT;
    is_short && text.starts_with(|c: char| !c.is_alphabetic()) && text.contains(|c: char| c.is_ascii_digit())
}

/// In characters.
const LONGEST_NUMBER: usize = 14;
const LONGEST_UNIT: usize = 4;

/// Whether a line of text holds one image and nothing else.
pub fn is_picture(content: &[Inline]) -> bool {
    let mut rest = content.iter().map(|inline| &inline.kind).filter(|kind| !is_space(kind));
    let first = rest.next();
    rest.next().is_none()
        && (matches!(first, Some(InlineKind::Media(_)))
            || matches!(first, Some(InlineKind::Html { html }) if is_image(&html.text)))
}

fn is_space(kind: &InlineKind) -> bool {
    matches!(kind, InlineKind::SoftBreak) || matches!(kind, InlineKind::Text { text } if text.trim().is_empty())
}

/// Whether raw HTML is one `<img>` and nothing else.
fn is_image(html: &str) -> bool {
    let mut pieces = tags::pieces(html.trim());
    let is_tag = matches!(pieces.next(), Some(Piece::Tag(tag)) if tag.is("img") && tag.is_closed && !tag.is_end);
    is_tag && pieces.next().is_none()
}

/// The word for an alert's class, and the title it has where the author gave none.
fn alert_names(kind: &AlertKind) -> (String, String) {
    let word = match kind {
        AlertKind::Tip => "tip",
        AlertKind::Note => "note",
        AlertKind::Important => "important",
        AlertKind::Warning => "warning",
        AlertKind::Caution => "caution",
        AlertKind::Other(word) => word,
    };
    let class = word.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let mut letters = word.chars();
    let title = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    (class, title)
}
