//! `{.rows}` tables: each row is a note that asks with the heading, the first column's header and cell.

use super::Reader;
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    AlertKind, Alignment, Block, BlockKind, Cell, Grid, Inline, InlineKind, Labelled, NoteKind, plain_text,
};
use crate::markdown::assemble::{self, Draft, Heading, TableDraft};
use crate::markdown::attributes::{Attributes, Class};
use crate::source::Span;

/// A table's block in parts.
pub(super) struct Written {
    pub(super) span: Span,
    pub(super) alignments: Vec<Alignment>,
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Written {
    /// The table that a block is; another block is given back.
    pub(super) fn from_block(block: Block) -> Result<Self, Block> {
        let BlockKind::Table(grid) = block.kind else { return Err(block) };
        let Grid { alignments, header, rows } = *grid;
        Ok(Self { span: block.span, alignments, header, rows })
    }

    fn into_block(self) -> Block {
        let Self { span, alignments, header, rows } = self;
        Block { span, kind: BlockKind::Table(Grid { alignments, header, rows }.into()) }
    }
}

/// A question made of plain text.
pub(super) fn question(text: &str, span: Span) -> Vec<Inline> {
    let text = text.to_owned();
    if text.is_empty() { Vec::new() } else { vec![Inline { span, kind: InlineKind::Text { text } }] }
}

impl Reader<'_, '_> {
    /// A heading with a table: its hints and extras go to every row, other blocks are prose.
    pub(super) fn rows(&mut self, heading: Heading, attributes: &Attributes, body: Vec<Block>) {
        let (span, place) = (heading.span, attributes.place(Class::Rows).unwrap_or(heading.span));
        let question = heading.content.clone();
        let mut tables = Vec::new();
        let mut shared = Vec::new();
        let mut prose = Vec::new();
        for block in body {
            match Written::from_block(block) {
                Ok(table) => tables.push(table),
                Err(block) => {
                    let is_field = matches!(block.kind.alert(), Some(AlertKind::Tip | AlertKind::Note));
                    if is_field { &mut shared } else { &mut prose }.push(block);
                }
            }
        }
        if let Some(beside) = prose.iter().find(|block| super::comment(block).is_none()).filter(|_| !tables.is_empty())
        {
            let help =
                "in a quote that starts with `[!NOTE]` or `[!TIP]` it is on all of them; above the heading it is prose";
            self.report_beside(beside.span, "only the table's rows make cards: this is on none", help);
        }
        self.assembler.heading(heading, attributes, !tables.is_empty());
        self.prose(prose, false);
        if tables.is_empty() {
            self.fail_without_header(span, place, "a row note without a table");
        }
        for table in tables {
            self.table_rows(table, &question, attributes, &shared, place);
        }
    }

    /// A table and the notes of its rows.
    pub(super) fn table_rows(
        &mut self,
        table: Written,
        question: &[Inline],
        attributes: &Attributes,
        shared: &[Block],
        place: Span,
    ) {
        if table.header.len() < 2 || table.header.iter().all(|cell| plain_text(&cell.content).trim().is_empty()) {
            self.fail_without_header(table.span, place, "the table has no header that asks and answers");
            return self.assembler.prose(table.into_block());
        }
        let Written { span, alignments, header, rows } = table;
        let written = question.iter().map(|inline| inline.span).chain(header.iter().map(|cell| cell.span));
        let shared_size = written.map(|span| span.range().len()).sum();
        let (mut drafts, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            if !self.assembler.repeats(shared_size, span) {
                break;
            }
            let Some(first) = row.first() else { continue };
            let (place, asks) = (named(first), assemble::show(&first.content, false));
            if !asks || self.assembler.leaves_out(place) {
                left_out.push(row.clone());
            }
            let places = row.iter().map(|cell| cell.span).collect();
            let extent = self.to_line_end(place);
            let Some(draft) = draft(row, &header, question, attributes, shared, extent) else { continue };
            if !asks {
                let why = Diagnostic::new(Code::EmptyFront, place, "a row without a first cell asks nothing");
                self.assembler.fail(draft, why.help("fill the first cell: it is what the row's note asks about"));
            } else if !self.assembler.leaves_out(place) {
                drafts.push((draft, places));
            }
        }
        let plain = (!left_out.is_empty()).then(|| Written {
            span,
            alignments: alignments.clone(),
            header: header.clone(),
            rows: left_out,
        });
        self.assembler.table(TableDraft { span, alignments, header }, drafts);
        if let Some(table) = plain {
            self.assembler.prose(table.into_block());
        }
    }

    /// Says that a block below a heading is on no card; its first line is shown.
    pub(super) fn report_beside(&mut self, block: Span, message: &str, help: &str) {
        let place = self.to_line_end(block);
        let place = if place.end > block.end { block } else { place };
        self.assembler.report(Diagnostic::new(Code::NearCard, place, message).help(help));
    }

    /// Nobody knows which rows there were to be.
    fn fail_without_header(&mut self, span: Span, place: Span, message: &str) {
        let (front, back, attributes) = (Vec::new(), Vec::new(), Attributes::default());
        let (syntax, kind) = (Syntax::Headings, NoteKind::Row);
        let why = Diagnostic::new(Code::MissingHeader, place, message)
            .help("write a table whose header names at least two columns: what is asked, and what answers");
        self.assembler.fail(Draft { syntax, kind, front, back, attributes, span, extent: span }, why);
    }

    /// A row is a line: what the header has no cells for stands in it as well.
    fn to_line_end(&self, place: Span) -> Span {
        let rest = self.assembler.source().text.get(place.start as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        place.with(place.start as usize..place.start as usize + line.len())
    }
}

/// What names a row's note: what stands in its first cell.
fn named(first: &Cell) -> Span {
    let ends = first.content.first().zip(first.content.last());
    ends.map_or(first.span, |(start, end)| start.span.to(end.span))
}

/// The note of a row; `None` where it has no cell.
fn draft(
    row: Vec<Cell>,
    header: &[Cell],
    question: &[Inline],
    attributes: &Attributes,
    shared: &[Block],
    extent: Span,
) -> Option<Draft> {
    let mut cells = header.iter().zip(row);
    let (head, first) = cells.next()?;
    let span = named(&first);
    let mut front = Vec::new();
    if !question.is_empty() {
        let span = question.iter().map(|inline| inline.span).reduce(Span::to).unwrap_or(span);
        front.push(Block { span, kind: BlockKind::Paragraph { content: question.to_vec() } });
    }
    front.push(labelled(head, first));
    let filled = cells.filter(|(_, cell)| !cell.content.is_empty());
    let mut back: Vec<Block> = filled.map(|(head, cell)| labelled(head, cell)).collect();
    if !back.is_empty() {
        back.extend_from_slice(shared);
    }
    let attributes = Attributes { id: None, ..attributes.clone() };
    Some(Draft { syntax: Syntax::Headings, kind: NoteKind::Row, front, back, attributes, span, extent })
}

/// A cell under its column's header.
fn labelled(head: &Cell, cell: Cell) -> Block {
    let kind = if head.content.is_empty() {
        BlockKind::Paragraph { content: cell.content }
    } else {
        BlockKind::Labelled(Labelled { label: head.content.clone(), content: cell.content }.into())
    };
    Block { span: cell.span, kind }
}
