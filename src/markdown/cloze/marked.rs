//! Deletions whose marks were taken out of the text before it was read, and signs put in their place.
//!
//! So the marks may be any text, and mean nothing to Markdown. A deletion opens and closes within one parent; of one that does not
//! the marks stand in the text again, and so they do in code, formulas and HTML.

use crate::ir::{Block, BlockKind, ChildMut, Cloze, Hidden, Inline, InlineKind, Run};
use crate::source::Span;

/// A deletion that signs stand for.
pub(in crate::markdown) struct Marked {
    /// All of it, with its marks.
    pub range: Span,
    /// What is hidden.
    pub answer: Span,
    /// The cards that ask for it; none where it is a card by itself.
    pub asked: Vec<u16>,
    /// The cards that hide it and ask for something else.
    pub hidden: Vec<u16>,
    /// Shown in its place.
    pub hint: Option<String>,
    /// The marks before and behind the words, as they are written.
    pub marks: [String; 2],
}

/// Signs that a text does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown) struct Signs {
    open: char,
    close: char,
    end: char,
}

/// Shown in the place of what a card hides and does not ask for.
const NOT_ASKED: &str = "—";

impl Signs {
    /// Signs that are not in a text; `None` where it has all there are.
    ///
    /// They are symbols, so that emphasis beside them is what it is beside other marks.
    pub(in crate::markdown) fn unused_in(text: &str) -> Option<Self> {
        let symbols = ('\u{2980}'..='\u{2aff}').chain('\u{e000}'..='\u{f8ff}');
        let mut unused = symbols.filter(|sign| text.is_ascii() || !text.contains(*sign));
        Some(Self { open: unused.next()?, close: unused.next()?, end: unused.next()? })
    }

    /// What stands for the marks before the words of a deletion, and behind them.
    pub(in crate::markdown) fn marks(self, index: usize) -> [String; 2] {
        let Self { open, close, end } = self;
        [format!("{open}{index}{end}"), format!("{close}{index}{end}")]
    }
}

/// Puts deletions in the place of signs; gives those that cross their parents, by their index.
pub(in crate::markdown) fn delete_marked(blocks: &mut [Block], signs: Signs, deletions: &[Marked]) -> Vec<usize> {
    let mut marker = Marker { signs, deletions, torn: Vec::new() };
    marker.blocks(blocks);
    marker.torn.sort_unstable();
    marker.torn.dedup();
    marker.torn
}

/// Whether content has deletions.
pub(in crate::markdown) fn has_deletions(blocks: &[Block]) -> bool {
    let mut has_any = false;
    crate::ir::for_each_cloze(blocks, &mut |_| has_any = true);
    has_any
}

struct Marker<'m> {
    signs: Signs,
    deletions: &'m [Marked],
    torn: Vec<usize>,
}

/// A piece of a text with signs.
enum Piece {
    Text(Inline),
    Open(usize),
    Close(usize),
}

impl Marker<'_> {
    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            if let BlockKind::Html { html } = &mut block.kind {
                self.restore(&mut html.text);
            }
            block.for_each_child_mut(&mut |child| self.child(child));
        }
    }

    fn child(&mut self, child: ChildMut<'_>) {
        match child {
            ChildMut::Blocks(blocks) => self.blocks(blocks),
            ChildMut::Inlines(content) => self.inlines(content),
            ChildMut::Runs(runs) => {
                for run in runs {
                    if let Run::Text { text } = run {
                        self.restore(text);
                    }
                }
            }
        }
    }

    fn inlines(&mut self, content: &mut Vec<Inline>) {
        if !self.has_signs(content) {
            return;
        }
        let mut done: Vec<Inline> = Vec::with_capacity(content.len());
        // The deletion that is open, and where its words start.
        let mut open: Option<(usize, usize)> = None;
        for inline in content.drain(..) {
            for piece in self.pieces(inline) {
                match piece {
                    Piece::Text(mut inline) => {
                        self.within(&mut inline);
                        done.push(inline);
                    }
                    Piece::Open(index) => {
                        if let Some((torn, at)) = open.replace((index, done.len())) {
                            let mark = self.mark(torn, 0);
                            done.insert(at, mark);
                            open = Some((index, done.len()));
                        }
                    }
                    Piece::Close(index) => match open.take_if(|(opened, _)| *opened == index) {
                        Some((_, at)) => {
                            let words = done.split_off(at);
                            done.push(self.deletion(index, words));
                        }
                        None => done.push(self.mark(index, 1)),
                    },
                }
            }
        }
        if let Some((torn, at)) = open {
            let mark = self.mark(torn, 0);
            done.insert(at, mark);
        }
        *content = done;
    }

    /// What stands within an inline that is no text.
    fn within(&mut self, inline: &mut Inline) {
        match &mut inline.kind {
            InlineKind::Html { html } => self.restore(&mut html.text),
            InlineKind::Media(embed) => self.restore(&mut embed.alt),
            InlineKind::Text { .. }
            | InlineKind::Code { .. }
            | InlineKind::Math { .. }
            | InlineKind::Emphasis { .. }
            | InlineKind::Strong { .. }
            | InlineKind::Strikethrough { .. }
            | InlineKind::Highlight { .. }
            | InlineKind::Link(_)
            | InlineKind::Footnote { .. }
            | InlineKind::Cloze(_)
            | InlineKind::SoftBreak
            | InlineKind::HardBreak => {}
        }
        if let Some(child) = inline.child_mut() {
            self.child(child);
        }
    }

    /// The words of a deletion as one.
    fn deletion(&self, index: usize, words: Vec<Inline>) -> Inline {
        let Some(Marked { range, asked, hidden, hint, .. }) = self.deletions.get(index) else {
            return Inline { span: Span::new(crate::source::SourceId(0), 0..0), kind: InlineKind::SoftBreak };
        };
        let cloze = |numbers: &Vec<u16>, hint: Option<String>, content| {
            let cloze = Cloze { span: *range, numbers: numbers.clone(), hint, assigned: numbers.is_empty() };
            Inline { span: *range, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) }
        };
        let not_asked = || Some(NOT_ASKED.to_owned());
        match (asked.is_empty(), hidden.is_empty()) {
            (_, true) => cloze(asked, hint.clone(), words),
            (true, false) => cloze(hidden, not_asked(), words),
            (false, false) => cloze(hidden, not_asked(), vec![cloze(asked, hint.clone(), words)]),
        }
    }

    /// A mark of a deletion as it is written, the one before the words or the one behind.
    fn mark(&mut self, index: usize, side: usize) -> Inline {
        self.torn.push(index);
        let marked = self.deletions.get(index);
        let text = marked.and_then(|marked| marked.marks.get(side)).cloned().unwrap_or_default();
        let span = marked.map_or(Span::new(crate::source::SourceId(0), 0..0), |marked| {
            let (range, answer) = (marked.range.range(), marked.answer.range());
            marked.range.with(if side == 0 { range.start..answer.start } else { answer.end..range.end })
        });
        Inline { span, kind: InlineKind::Text { text } }
    }

    fn has_signs(&self, content: &[Inline]) -> bool {
        content.iter().any(|inline| {
            let Signs { open, close, .. } = self.signs;
            inline.kind.as_text().is_none_or(|text| text.contains([open, close]))
        })
    }

    /// A text in pieces, each with its place: those beside marks end where the marks do.
    fn pieces(&self, inline: Inline) -> Vec<Piece> {
        let Signs { open, close, end } = self.signs;
        let Some(text) = inline.kind.as_text().filter(|text| text.contains([open, close])) else {
            return vec![Piece::Text(inline)];
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut start = inline.span.start;
        let push = |pieces: &mut Vec<Piece>, text: &str, start: u32, end: u32| {
            if !text.is_empty() {
                let span = inline.span.with(start as usize..end.max(start) as usize);
                pieces.push(Piece::Text(Inline { span, kind: InlineKind::Text { text: text.to_owned() } }));
            }
        };
        while let Some(at) = rest.find([open, close]) {
            let (before, behind) = rest.split_at(at);
            let is_open = behind.starts_with(open);
            let index =
                behind.split(end).next().and_then(|sign| sign.trim_start_matches([open, close]).parse::<usize>().ok());
            let Some((index, marked)) = index.and_then(|index| Some((index, self.deletions.get(index)?))) else {
                break;
            };
            let (range, answer) = (marked.range, marked.answer);
            let (before_end, next) = if is_open { (range.start, answer.start) } else { (answer.end, range.end) };
            push(&mut pieces, before, start, before_end);
            pieces.push(if is_open { Piece::Open(index) } else { Piece::Close(index) });
            start = next;
            rest = behind.split_once(end).map_or("", |(_, rest)| rest);
        }
        push(&mut pieces, rest, start, inline.span.end);
        pieces
    }

    /// Puts marks back into text that is literal.
    fn restore(&self, text: &mut String) {
        let Signs { open, close, end } = self.signs;
        if !text.contains([open, close]) {
            return;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find([open, close]) {
            let (before, behind) = rest.split_at(at);
            out.push_str(before);
            let (sign, next) = behind.split_once(end).unwrap_or((behind, ""));
            let side = usize::from(sign.starts_with(close));
            let index = sign.trim_start_matches([open, close]).parse::<usize>().ok();
            let marked = index.and_then(|index| self.deletions.get(index));
            out.push_str(marked.and_then(|marked| marked.marks.get(side)).map_or("", String::as_str));
            rest = next;
        }
        out.push_str(rest);
        *text = out;
    }
}
