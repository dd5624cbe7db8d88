//! Turns the rows of a table that are notes of a deck into a table of that deck.
//!
//! Knows no HTML: the table is a block like any other.

use std::collections::BTreeSet;

use super::chapters::Row;
use crate::ir::{Block, BlockKind, Cell, Grid, Inline, Note, Table};

/// The table with these rows; a column that none of them fills is left out.
pub(super) fn block(table: &Table, rows: &[Row<'_>]) -> Block {
    let columns: BTreeSet<usize> = rows.iter().flat_map(|row| row.columns).copied().chain([0]).collect();
    let alignments = columns.iter().filter_map(|&column| table.alignments.get(column).copied()).collect();
    let header = columns.iter().filter_map(|&column| table.header.get(column).cloned()).collect();
    let rows = rows.iter().map(|row| cells(row, &columns)).collect();
    Block { span: table.span, kind: BlockKind::Table(Grid { alignments, header, rows }.into()) }
}

/// What stands above a row's first cell.
pub(super) fn question(note: &Note) -> Option<&Block> {
    if let [question, _] = note.sides()[0] { Some(question) } else { None }
}

/// The cells of a row in these columns.
fn cells(row: &Row<'_>, columns: &BTreeSet<usize>) -> Vec<Cell> {
    let [front, back] = row.note.sides();
    let mut filled = front.last().map(|first| (&0, first)).into_iter().chain(row.columns.iter().zip(back)).peekable();
    let cell = |column| match filled.next_if(|(filled, _)| *filled == column) {
        Some((_, block)) => Cell { span: block.span, content: content(block).to_vec() },
        None => Cell { span: row.note.span, content: Vec::new() },
    };
    columns.iter().map(cell).collect()
}

/// What a block of a row note says, without the column's header.
fn content(block: &Block) -> &[Inline] {
    match &block.kind {
        BlockKind::Labelled(labelled) => &labelled.content,
        BlockKind::Paragraph { content } => content,
        BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert(_)
        | BlockKind::List { .. }
        | BlockKind::Table(_)
        | BlockKind::Definitions { .. }
        | BlockKind::Cloze { .. }
        | BlockKind::Html { .. }
        | BlockKind::Rule => &[],
    }
}
