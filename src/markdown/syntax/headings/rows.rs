//! `{.rows}` tables: each row is a note that asks with the heading, the first column's header and cell.

use super::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{AlertKind, Block, BlockKind, Cell, Inline, InlineKind, NoteKind, plain_text};
use crate::markdown::assemble::{self, Draft, Heading};
use crate::markdown::attributes::{Attributes, Class};
use crate::source::Span;

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
            if let BlockKind::Table { header, rows, .. } = block.kind {
                tables.push((header, rows));
            } else if matches!(block.kind, BlockKind::Alert { kind: AlertKind::Tip | AlertKind::Note, .. }) {
                shared.push(block);
            } else {
                prose.push(block);
            }
        }
        self.assembler.heading(heading, attributes);
        self.prose(prose, false);
        if tables.is_empty() {
            self.report_missing_header(place, "a row note without a table");
        }
        for (header, rows) in tables {
            self.table_rows(&question, attributes, (&header, rows), &shared, place);
        }
    }

    /// The notes of one table.
    pub(super) fn table_rows(
        &mut self,
        question: &[Inline],
        attributes: &Attributes,
        (header, rows): (&[Cell], Vec<Vec<Cell>>),
        shared: &[Block],
        place: Span,
    ) {
        if header.len() < 2 || header.iter().all(|cell| plain_text(&cell.content).trim().is_empty()) {
            return self.report_missing_header(place, "the table has no header that asks and answers");
        }
        for row in rows {
            let attributes = Attributes { id: None, ..attributes.clone() };
            let mut cells = header.iter().zip(row);
            let Some((head, first)) = cells.next() else { continue };
            let span = first
                .content
                .first()
                .map_or(first.span, |start| start.span.to(first.content.last().map_or(start.span, |end| end.span)));
            let mut front = Vec::new();
            if !question.is_empty() {
                let span = question.iter().map(|inline| inline.span).reduce(Span::to).unwrap_or(span);
                front.push(Block { span, kind: BlockKind::Paragraph { content: question.to_vec() } });
            }
            if !assemble::show(&first.content) {
                self.assembler.report(
                    Diagnostic::new(Code::EmptyFront, first.span, "a row without a first cell asks nothing")
                        .help("fill the first cell: it is what the row's note asks about"),
                );
                continue;
            }
            front.push(labelled(head, first));
            let mut back: Vec<Block> =
                cells.filter(|(_, cell)| !cell.content.is_empty()).map(|(head, cell)| labelled(head, cell)).collect();
            if !back.is_empty() {
                back.extend_from_slice(shared);
            }
            self.assembler.note(Draft { kind: NoteKind::Row, front, back, attributes, span });
        }
    }

    fn report_missing_header(&mut self, place: Span, message: &str) {
        self.assembler.report(
            Diagnostic::new(Code::MissingHeader, place, message)
                .help("write a table whose header names at least two columns: what is asked, and what answers"),
        );
    }
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
