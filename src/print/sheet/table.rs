//! Turns the row notes of one table back into that table.
//!
//! Knows no HTML: the table is a block like any other.

use crate::ir::{Alignment, Block, BlockKind, Cell, Inline, InlineKind, Note};
use crate::source::Span;

/// The heading above the table, where there is one, and the table. `rows` are notes of one table, in order.
pub(super) fn table<'a>(rows: &[&'a Note]) -> Option<(Option<&'a Block>, Block)> {
    let span = rows.first()?.span;
    let columns = columns(rows);
    let header = columns.iter().map(|label| cell(span, label)).collect();
    let rows_of_cells = rows.iter().map(|note| row(note, &columns)).collect();
    let alignments = vec![Alignment::None; columns.len()];
    let table = Block { span, kind: BlockKind::Table { alignments, header, rows: rows_of_cells } };
    Some((rows.first().and_then(|note| question(note)), table))
}

/// The labels of the columns: the first column's, then those of the answers by their place in the header. An empty cell
/// has no label, so no row need have them all.
fn columns<'a>(rows: &[&'a Note]) -> Vec<&'a [Inline]> {
    let mut columns: Vec<&[Inline]> = Vec::new();
    for block in rows.iter().flat_map(|note| note.sides()[1]) {
        if let Some(label) = column(block).map(|(label, _)| label)
            && !columns.contains(&label)
        {
            columns.push(label);
        }
    }
    columns.sort_by_key(|label| label.first().map_or(u32::MAX, |inline| inline.span.start));
    let first = rows.iter().find_map(|note| column(note.sides()[0].last()?)).map_or(&[][..], |(label, _)| label);
    columns.insert(0, first);
    columns
}

/// The cells of a row; those that stand under no label share a column.
fn row(note: &Note, columns: &[&[Inline]]) -> Vec<Cell> {
    let [front, back] = note.sides();
    let first = front.last().and_then(column).map_or(&[][..], |(_, content)| content);
    let mut cells = vec![cell(note.span, first)];
    for wanted in columns.iter().skip(1) {
        let mut of_column = cell(note.span, &[]);
        for (_, content) in back.iter().filter_map(column).filter(|(label, _)| label == wanted) {
            if !of_column.content.is_empty() {
                of_column.content.push(Inline { span: note.span, kind: InlineKind::HardBreak });
            }
            of_column.content.extend_from_slice(content);
        }
        cells.push(of_column);
    }
    cells
}

/// What stands above a row's first cell.
fn question(note: &Note) -> Option<&Block> {
    if let [question, _] = note.sides()[0] { Some(question) } else { None }
}

/// A column's label and a row's cell in it.
fn column(block: &Block) -> Option<(&[Inline], &[Inline])> {
    match &block.kind {
        BlockKind::Labelled { label, content } => Some((label, content)),
        BlockKind::Paragraph { content } => Some((&[], content)),
        BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert { .. }
        | BlockKind::List { .. }
        | BlockKind::Table { .. }
        | BlockKind::Definitions { .. }
        | BlockKind::Cloze { .. }
        | BlockKind::Html { .. }
        | BlockKind::Rule => None,
    }
}

fn cell(span: Span, content: &[Inline]) -> Cell {
    Cell { span, content: content.to_vec() }
}
