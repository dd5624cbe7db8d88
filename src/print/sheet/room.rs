//! Turns blocks into how much room they take in a column: lines and words, counted in characters.
//!
//! Rough on purpose: it only decides what shape a note has and what stays together, never what fits.

use crate::config::print::Paper;
use crate::ir::{Block, BlockKind, Cell, Leaf, ListItem, for_each_leaf, plain_text, runs_text};
use crate::print::metrics;

/// Characters in a line of a column, in the type of tables.
#[expect(clippy::cast_sign_loss, reason = "a column is wider than its margins")]
pub(super) fn line(paper: Paper, columns: u8) -> usize {
    let points = if is_wide(paper, columns) { metrics::SHEET_WIDE_SMALL } else { metrics::SHEET_SMALL };
    ((width(paper, columns) * CHARACTERS / 100.0).floor() * CHARACTERS_SIZE / points) as usize
}

/// Width of a column, in em of its text.
pub(super) fn ems(paper: Paper, columns: u8) -> f32 {
    let points = if is_wide(paper, columns) { metrics::SHEET_WIDE_SIZE } else { metrics::SHEET_SIZE };
    width(paper, columns) / (points * 25.4 / 72.0)
}

/// Whether columns are so wide that text is set larger.
fn is_wide(paper: Paper, columns: u8) -> bool {
    columns == 2 && paper != Paper::A5
}

/// Width of a column, in whole millimetres.
fn width(paper: Paper, columns: u8) -> f32 {
    let page = match paper {
        Paper::A4 => 210.0,
        Paper::Letter => 216.0,
        Paper::A5 => 148.0,
    };
    let columns = f32::from(columns.clamp(2, 4));
    ((page - 2.0 * metrics::SHEET_MARGIN - metrics::SHEET_GAP * (columns - 1.0)) / columns).floor()
}

/// Characters to 100 mm, measured in Liberation Sans at a size in points.
const CHARACTERS: f32 = 74.0;
const CHARACTERS_SIZE: f32 = 7.0;

/// What a picture counts for, in lines.
const PICTURE: usize = 14;

/// A list of so many characters at most runs on in a line, in items of so many.
const LONGEST_RUN_IN_LIST: usize = 120;
const LONGEST_RUN_IN_ITEM: usize = 48;

/// About how many lines of so many characters blocks fill.
pub(super) fn lines(blocks: &[Block], width: usize) -> usize {
    let text = |length: usize| length.div_ceil(width).max(1);
    let count = |block: &Block| match &block.kind {
        BlockKind::Code { content, .. } => runs_text(content).lines().map(|line| text(line.chars().count())).sum(),
        BlockKind::List { items, .. } if !is_short_list(items) => {
            items.iter().map(|item| lines(&item.blocks, width)).sum()
        }
        BlockKind::Table(grid) => {
            let row = |cells: &Vec<Cell>| text(cells.iter().map(cell_length).sum());
            row(&grid.header) + grid.rows.iter().map(row).sum::<usize>()
        }
        BlockKind::Paragraph { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert(_)
        | BlockKind::List { .. }
        | BlockKind::Definitions { .. }
        | BlockKind::Labelled(_)
        | BlockKind::Cloze { .. }
        | BlockKind::Html { .. }
        | BlockKind::Rule => text(length(std::slice::from_ref(block))),
    };
    let picture = |block: &Block| if has_media(std::slice::from_ref(block)) { PICTURE } else { 0 };
    blocks.iter().map(|block| count(block) + picture(block)).sum()
}

/// How many characters the widest table needs, so that no word of it is broken.
pub(super) fn table_width(blocks: &[Block]) -> usize {
    let width = |block: &Block| {
        let BlockKind::Table(grid) = &block.kind else { return 0 };
        let mut longest = vec![0; grid.header.len()];
        for row in std::iter::once(&grid.header).chain(&grid.rows) {
            for (longest, cell) in longest.iter_mut().zip(row) {
                *longest = longest_word(cell).max(*longest);
            }
        }
        // Two characters of padding for each column.
        longest.iter().map(|length| length + 2).sum()
    };
    blocks.iter().map(width).max().unwrap_or_default()
}

/// Whether a list can run on in a line: a few short items of one line each.
pub(super) fn is_short_list(items: &[ListItem]) -> bool {
    let lengths = items.iter().map(|item| if is_line(&item.blocks) { length(&item.blocks) } else { usize::MAX });
    let total = lengths.map(|length| if length > LONGEST_RUN_IN_ITEM { usize::MAX } else { length });
    total.fold(0, usize::saturating_add) <= LONGEST_RUN_IN_LIST
}

/// Whether there is a picture or a sound in it.
pub(super) fn has_media(blocks: &[Block]) -> bool {
    let mut found = false;
    for_each_leaf(blocks, &mut |leaf| found |= matches!(leaf, Leaf::Media(..) | Leaf::HtmlMedia(_)));
    found
}

/// How many characters blocks hold.
pub(super) fn length(blocks: &[Block]) -> usize {
    let mut length = 0;
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(text) => length += text.chars().count(),
        Leaf::Break => length += 1,
        Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
    });
    length
}

/// Whether blocks are a single paragraph, or a deletion around one.
fn is_line(blocks: &[Block]) -> bool {
    match blocks {
        [Block { kind: BlockKind::Cloze { blocks, .. }, .. }] => is_line(blocks),
        [block] => matches!(block.kind, BlockKind::Paragraph { .. }) && !has_media(blocks),
        [] | [_, _, ..] => false,
    }
}

fn cell_length(cell: &Cell) -> usize {
    plain_text(&cell.content).chars().count()
}

/// Browsers break lines behind these by themselves.
fn longest_word(cell: &Cell) -> usize {
    let text = plain_text(&cell.content);
    text.split([' ', '-', '/']).map(|word| word.chars().count()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Alignment, Grid, Inline, InlineKind, Run};
    use crate::source::{SourceId, Span};

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    fn inlines(text: &str) -> Vec<Inline> {
        vec![Inline { span: SPAN, kind: InlineKind::Text { text: text.into() } }]
    }

    fn paragraph(text: &str) -> Block {
        Block { span: SPAN, kind: BlockKind::Paragraph { content: inlines(text) } }
    }

    fn item(text: &str) -> ListItem {
        ListItem { span: SPAN, checked: None, blocks: vec![paragraph(text)] }
    }

    fn table(cells: [&str; 2]) -> Block {
        let row = |cells: [&str; 2]| cells.map(|text| Cell { span: SPAN, content: inlines(text) }).to_vec();
        let grid = Grid { alignments: vec![Alignment::None; 2], header: row(["a", "b"]), rows: vec![row(cells)] };
        Block { span: SPAN, kind: BlockKind::Table(grid.into()) }
    }

    #[test]
    fn lists_run_on_only_where_they_are_short() {
        assert!(is_short_list(&[item("binpack"), item("random"), item("spread")]));
        assert!(!is_short_list(&[item("x"), item(&"y".repeat(LONGEST_RUN_IN_ITEM + 1))]));
        let many: Vec<ListItem> = (0..20).map(|_| item("seven !")).collect();
        assert!(!is_short_list(&many));
        let nested = ListItem { blocks: vec![paragraph("x"), paragraph("y")], ..item("") };
        assert!(!is_short_list(&[nested]));
    }

    #[test]
    fn lines_count_rows_and_lines_of_code() {
        let code = vec![Run::Text { text: "a\nb\n\nc\n".into() }];
        assert_eq!(lines(&[Block { span: SPAN, kind: BlockKind::Code { language: None, content: code } }], 44), 4);
        assert_eq!(lines(&[table(["x", "y"])], 44), 2);
        assert_eq!(lines(&[paragraph(&"word ".repeat(40))], 66), 4);
        assert_eq!(lines(&[paragraph("")], 66), 1);
        assert_eq!(lines(&[], 66), 0);
    }

    #[test]
    fn tables_are_as_wide_as_their_longest_words() {
        assert_eq!(table_width(&[table(["placementConstraints", "RunTask, CreateService"])]), 22 + 15);
        assert_eq!(table_width(&[table([&"x-".repeat(40), "y"]), paragraph("x")]), 3 + 3);
        assert_eq!(table_width(&[paragraph("x")]), 0);
    }

    #[test]
    fn lines_are_as_long_as_columns_are_wide() {
        let lines = [(Paper::A4, 2), (Paper::A4, 3), (Paper::A4, 4), (Paper::A5, 2)];
        assert_eq!(lines.map(|(paper, columns)| line(paper, columns)), [59, 44, 32, 45]);
    }
}
