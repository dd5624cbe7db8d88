//! Tables: alignments, rows, and the cells that the parser drops without a word.

use std::ops::Range;

use super::build::{Builder, Frame, Holder};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{Cell, Grid, Inline, InlineKind};
use crate::markdown::scan;
use crate::source::Span;

impl Builder<'_, '_> {
    pub(super) fn close_row(&mut self, mut cells: Vec<Cell>, is_header: bool, span: Span) {
        let Some(Frame { holder: Holder::Table(Grid { header, rows, .. }), .. }) = self.parent() else { return };
        if is_header {
            *header = cells;
        } else {
            let end = span.with(span.end as usize..span.end as usize);
            cells.resize_with(header.len(), || Cell { span: end, content: Vec::new() });
            rows.push(cells);
        }
    }

    /// A paragraph that holds the line below a table's header is a table that the parser does not see.
    pub(super) fn report_near_table(&mut self, content: &[Inline], paragraph: Span) {
        let Some((range, columns)) = near_table(self.input.text(paragraph)) else { return };
        let row = paragraph.with(paragraph.start as usize + range.start..paragraph.start as usize + range.end);
        let is_formula =
            |inline: &Inline| matches!(inline.kind, InlineKind::Math { .. }) && inline.span.to(row) == inline.span;
        if content.iter().any(is_formula) {
            return;
        }
        let header = self.input.text(row).to_owned();
        let cells = cell_starts(&header).count();
        if cells > columns && self.report_split_code(row, &header, columns) {
            return;
        }
        let found =
            |message: String, help| Diagnostic::new(Code::SurplusCells, row, message).costing(Cost::Nothing).help(help);
        let starts_line = range.start == 0 || self.input.text(paragraph)[..range.start].ends_with('\n');
        self.diagnostics.push(if cells == columns {
            let found = found("this table is read as text".to_owned(), "put an empty line above its header");
            let start = row.with(row.start as usize..row.start as usize);
            if starts_line { found.fix(start, "\n") } else { found }
        } else {
            found(
                format!("this table is read as text: its header has {cells} cells, the line below it {columns}"),
                "give both as many; write a pipe that belongs to a cell as `\\|`, in code too, in a formula as `\\vert`",
            )
        });
    }

    /// A pipe splits code as well, and where the number of cells fits nothing else shows it. `columns` is the header's.
    fn report_split_code(&mut self, row: Span, line: &str, columns: usize) -> bool {
        let place = |pipe: usize| row.with(row.start as usize + pipe..row.start as usize + pipe + 1);
        let (pipes, is_sure) = split_code(line, columns);
        let Some((&first, others)) = pipes.split_first() else { return false };
        let found = Diagnostic::new(Code::SurplusCells, place(first), "the pipe splits a piece of code")
            .caret("starts another cell")
            .help("write `\\|` for a pipe in code within a table");
        let found = if is_sure { found.fix(place(first), "\\|") } else { found.edit(place(first), "\\|") };
        let found = others.iter().fold(found, |found, pipe| found.together_with(place(*pipe), "\\|"));
        self.diagnostics.push(found);
        true
    }

    /// The parser cuts a row off at the header's width: what is lost is seen only in the source.
    pub(super) fn report_surplus_cells(&mut self, row: Span) {
        let columns = match self.parent() {
            Some(Frame { holder: Holder::Table(grid), .. }) => grid.header.len(),
            Some(_) | None => return,
        };
        let line = self.input.text(row).lines().next().unwrap_or_default().trim_end().to_owned();
        let line = line.as_str();
        if self.report_split_code(row, line, columns) {
            return;
        }
        let Some(start) = cell_starts(line).nth(columns) else { return };
        if let Some(pipe) = split_formula(line).filter(|_| self.input.math) {
            let place = row.with(row.start as usize + pipe..row.start as usize + pipe + 1);
            return self.diagnostics.push(
                Diagnostic::new(Code::SurplusCells, place, "the pipe splits a formula")
                    .caret("starts another cell")
                    .help("in a formula within a table write `\\vert` for a bar, `\\Vert` for a double one, `\\mid` for \"given\""),
            );
        }
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

/// Where a text has a table's header, with the line below it, and how many columns that has.
fn near_table(text: &str) -> Option<(Range<usize>, usize)> {
    if !text.contains('|') || !text.contains("--") {
        return None;
    }
    let (mut at, mut above) = (0, None);
    for line in text.split_inclusive('\n') {
        let written = line.trim_start_matches([' ', '\t', '>']);
        let (start, bare) = (at + line.len() - written.len(), written.trim_end());
        if let Some(header) = above.filter(|_| is_delimiter(bare)) {
            return Some((header, cell_starts(bare).count()));
        }
        above = bare.contains('|').then_some(start..start + bare.len());
        at += line.len();
    }
    None
}

/// Whether a line is the one below a table's header, of several columns.
fn is_delimiter(line: &str) -> bool {
    line.contains('|')
        && line.contains("--")
        && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The offsets of the pipes that split pieces of code, and whether it is sure that they do: without them the row has as many
/// cells as the header. They stand behind a cell with an odd number of backticks, before the next such one, which ends what the
/// first one starts.
fn split_code(line: &str, columns: usize) -> (Vec<usize>, bool) {
    let starts: Vec<usize> = cell_starts(line).collect();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([line.len()]);
    let cells: Vec<&str> = starts.iter().zip(ends).filter_map(|(start, end)| line.get(*start..end)).collect();
    let is_odd = |cell: &str| backticks(cell) % 2 == 1;
    let (mut pipes, mut near, mut open, mut is_open) = (Vec::new(), Vec::new(), Vec::new(), false);
    for (index, cell) in cells.iter().enumerate() {
        is_open ^= is_odd(cell);
        if is_open {
            open.extend(starts.get(index + 1).map(|next| next - 1));
            continue;
        }
        if let [only] = open.as_slice() {
            near.push(*only);
        }
        pipes.append(&mut open);
    }
    if cells.len() == columns + pipes.len() { (pipes, true) } else { (near, false) }
}

/// The offset of the first pipe that splits what would be a formula without it. `\|` is another sign in TeX, a norm's.
fn split_formula(line: &str) -> Option<usize> {
    let mut escaped = false;
    let is_dollar = |(at, byte): (usize, u8)| {
        let is_dollar = byte == b'$' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_dollar.then_some(at)
    };
    let dollars: Vec<usize> = line.bytes().enumerate().filter_map(is_dollar).collect();
    let mut pipes = cell_starts(line).skip(1).map(|start| start - 1).peekable();
    let mut rest = dollars.as_slice();
    while let &[open, close, ..] = rest {
        let is_formula = !scan::is_money(line, &(open..close + 1));
        while pipes.next_if(|pipe| *pipe < open).is_some() {}
        if let Some(pipe) = pipes.next_if(|pipe| is_formula && *pipe < close) {
            return Some(pipe);
        }
        rest = rest.get(if is_formula { 2 } else { 1 }..).unwrap_or_default();
    }
    None
}

/// How many backticks of a cell start or end code. One behind a backslash starts none; within code there are no backslashes.
fn backticks(cell: &str) -> usize {
    let (mut count, mut escaped) = (0, false);
    for byte in cell.bytes() {
        count += usize::from(byte == b'`' && !(escaped && count % 2 == 0));
        escaped = byte == b'\\' && !escaped;
    }
    count
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
        assert_eq!(split_code("| `x|y` |", 1), (vec![4], true));
        assert_eq!(split_code("| `a|b|c` | `d` | `e|f` |", 3), (vec![4, 6, 20], true));
        assert_eq!(split_code("| `a|b|c` | `d` | `e|f` |", 4), (vec![20], false));
        assert_eq!(split_code("| `x\\|y` | `z` |", 2), (vec![], true));
        assert_eq!(split_code("| ` | ` |", 2), (vec![4], false));
        assert_eq!(split_code("| ` | `a` | b |", 3), (vec![], true));
        assert_eq!(split_code("| \\`x | y\\` |", 2), (vec![], true));
        assert_eq!(split_code("| \\`x | \\`y | \\\\`z | `` |", 1), (vec![], false));
        assert_eq!(split_code("| `\\` | `a|b` |", 2), (vec![10], true));
    }

    #[test]
    fn pipes_between_dollars_split_formulas() {
        for (line, expected) in [
            ("| $|x|$ | y |", Some(3)),
            ("| $a$ | $P(A|B)$ |", Some(12)),
            ("$a$ | $$|x|$$", Some(8)),
            ("| 5$ | $|x|$ |", Some(8)),
            ("| $x$ | $y$ | z |", None),
            ("| $5 | $x$ | 3 |", None),
            ("| US$5 | 3$ | z |", None),
            ("| \\$x|y\\$ | z |", None),
            ("| $a\\|b$ | z |", None),
        ] {
            assert_eq!(split_formula(line), expected, "{line}");
        }
    }
}
