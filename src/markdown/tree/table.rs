//! Tables: alignments, rows, and the cells that the parser drops without a word.

use super::build::{Builder, Frame, Holder};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Alignment, Cell};
use crate::source::Span;

pub(super) fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

impl Builder<'_, '_> {
    pub(super) fn close_row(&mut self, mut cells: Vec<Cell>, is_header: bool, span: Span) {
        let Some(Frame { holder: Holder::Table { header, rows, .. }, .. }) = self.parent() else { return };
        if is_header {
            *header = cells;
        } else {
            let end = span.with(span.end as usize..span.end as usize);
            cells.resize_with(header.len(), || Cell { span: end, content: Vec::new() });
            rows.push(cells);
        }
    }

    /// The parser cuts a row off at the header's width: what is lost is seen only in the source.
    pub(super) fn report_surplus_cells(&mut self, row: Span) {
        let columns = match self.parent() {
            Some(Frame { holder: Holder::Table { header, .. }, .. }) => header.len(),
            Some(_) | None => return,
        };
        let line = self.input.text(row).lines().next().unwrap_or_default().trim_end();
        let Some(start) = cell_starts(line).nth(columns) else { return };
        let start = start + line[start..].len() - line[start..].trim_start().len();
        let surplus = row.with(row.start as usize + start..row.start as usize + line.len());
        let cells = cell_starts(line).count();
        self.diagnostics.push(
            Diagnostic::new(Code::SurplusCells, surplus, format!("the row has {cells} cells, the header {columns}"))
                .caret("would be lost")
                .help("write a pipe that belongs to a cell as `\\|`, in code too, or give the header more cells"),
        );
    }
}

/// Where the cells of a row start: behind every pipe that is not escaped, save one at the row's end.
fn cell_starts(line: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = line.as_bytes();
    let first = line.len() - line.trim_start().len();
    let opens_with_pipe = bytes.get(first) == Some(&b'|');
    let lead = (!opens_with_pipe && !line.trim().is_empty()).then_some(first);
    let mut escaped = false;
    let pipes = bytes.iter().enumerate().filter_map(move |(at, byte)| {
        let is_pipe = *byte == b'|' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        (is_pipe && at + 1 < line.len()).then_some(at + 1)
    });
    lead.into_iter().chain(pipes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_as_the_parser_splits() {
        let count = |line| cell_starts(line).count();
        assert_eq!(count("| a | b |"), 2);
        assert_eq!(count("a | b"), 2);
        assert_eq!(count("| `a \\| b` | c |"), 2);
        assert_eq!(count("| `a | b` | c |"), 3);
        assert_eq!(count("| |"), 1);
    }
}
