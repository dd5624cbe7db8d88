//! `{.rows}` tables: each row is a note that asks with the heading, the first column's header and cell.

use super::Reader;
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{AlertKind, Alignment, Block, BlockKind, Cell, Inline, InlineKind, NoteKind, plain_text};
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
        let BlockKind::Table { alignments, header, rows } = block.kind else { return Err(block) };
        Ok(Self { span: block.span, alignments, header, rows })
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
        let place = attributes.place(Class::Rows).unwrap_or(heading.span);
        let question = heading.content.clone();
        let mut tables = Vec::new();
        let mut shared = Vec::new();
        let mut prose = Vec::new();
        for block in body {
            match Written::from_block(block) {
                Ok(table) => tables.push(table),
                Err(block) => {
                    let is_field =
                        matches!(block.kind, BlockKind::Alert { kind: AlertKind::Tip | AlertKind::Note, .. });
                    if is_field { &mut shared } else { &mut prose }.push(block);
                }
            }
        }
        self.assembler.heading(heading, attributes);
        self.prose(prose, false);
        if tables.is_empty() {
            self.report_missing_header(place, "a row note without a table");
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
        let Written { span, alignments, header, rows } = table;
        if header.len() < 2 || header.iter().all(|cell| plain_text(&cell.content).trim().is_empty()) {
            return self.report_missing_header(place, "the table has no header that asks and answers");
        }
        let mut drafts = Vec::with_capacity(rows.len());
        for row in rows {
            let places = row.iter().map(|cell| cell.span).collect();
            if let Some(first) = row.first().filter(|first| !assemble::show(&first.content)) {
                self.assembler.report(
                    Diagnostic::new(Code::EmptyFront, first.span, "a row without a first cell asks nothing")
                        .help("fill the first cell: it is what the row's note asks about"),
                );
            } else if let Some(draft) = draft(row, &header, question, attributes, shared) {
                drafts.push((draft, places));
            }
        }
        self.assembler.table(TableDraft { span, alignments, header }, drafts);
    }

    fn report_missing_header(&mut self, place: Span, message: &str) {
        self.assembler.report(
            Diagnostic::new(Code::MissingHeader, place, message)
                .help("write a table whose header names at least two columns: what is asked, and what answers"),
        );
    }
}

/// The note of a row; `None` where it has no cell.
fn draft(
    row: Vec<Cell>,
    header: &[Cell],
    question: &[Inline],
    attributes: &Attributes,
    shared: &[Block],
) -> Option<Draft> {
    let mut cells = header.iter().zip(row);
    let (head, first) = cells.next()?;
    let ends = first.content.first().zip(first.content.last());
    let span = ends.map_or(first.span, |(start, end)| start.span.to(end.span));
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
    Some(Draft { syntax: Syntax::Headings, kind: NoteKind::Row, front, back, attributes, span })
}

/// A cell under its column's header.
fn labelled(head: &Cell, cell: Cell) -> Block {
    let kind = if head.content.is_empty() {
        BlockKind::Paragraph { content: cell.content }
    } else {
        BlockKind::Labelled { label: head.content.clone(), content: cell.content }
    };
    Block { span: cell.span, kind }
}
