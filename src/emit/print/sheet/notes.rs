//! Turns what a cheat sheet lists into pieces of HTML, each with the name of its shape.
//!
//! Knows nothing of pages and columns; how a shape looks is up to `sheet.css`.

use serde::Serialize;

use super::chapters::{Entry, sides};
use super::table::table;
use crate::ir::{Block, BlockKind, Leaf, ListItem, Note, NoteKind, for_each_leaf, plain_text};

/// A note, or a table of them, for the template.
#[derive(Serialize)]
pub(super) struct Piece {
    /// `question`, `term`, `cloze`, `list` or `table`: a class of the style.
    pub(super) shape: &'static str,
    /// The run-in head.
    pub(super) head: String,
    /// What the question shows below its first line.
    pub(super) given: String,
    /// The answer.
    pub(super) body: String,
    /// Whether the answer's first words stand behind the head, in its line.
    pub(super) runs_in: bool,
    /// What is worth knowing besides.
    pub(super) extra: String,
    /// Whether it is so small that it never breaks over columns.
    pub(super) keeps: bool,
    /// Whether the head wants a colon: it ends in a letter, and so does not ask.
    pub(super) colon: bool,
    /// Whether the words of its tables' cells are so short that none has to be broken.
    pub(super) whole_words: bool,
}

/// The most characters of an extra that the sheet takes in: two lines and a half of a column of three.
const LONGEST_EXTRA: usize = 130;

/// A list of so many characters at most runs on in a line, in items of so many.
const LONGEST_RUN_IN_LIST: usize = 120;
const LONGEST_RUN_IN_ITEM: usize = 48;

/// The most characters of a note that is kept in one column, a dozen of its lines; blocks count for [`BLOCK`] more.
const LONGEST_KEPT: usize = 640;
/// What a block that is no paragraph counts for.
const BLOCK: usize = 60;

/// Characters in a line across the page, in the type of tables; columns share them. Measured in Liberation Sans at 7 pt.
const LINE: usize = 132;

/// An entry as HTML. `render` writes a note's blocks.
pub(super) fn piece(entry: &Entry<'_>, columns: u8, render: &impl Fn(&[Block], &Note) -> String) -> Option<Piece> {
    match entry {
        Entry::Note(note) => Some(note_piece(note, columns, render)),
        Entry::Table(rows) => table_piece(rows, columns, render),
    }
}

fn table_piece(rows: &[&Note], columns: u8, render: &impl Fn(&[Block], &Note) -> String) -> Option<Piece> {
    let note = rows.first()?;
    let (question, table) = table(rows)?;
    let table = std::slice::from_ref(&table);
    let head = question.map_or(&[][..], std::slice::from_ref);
    Some(Piece {
        shape: "table",
        head: render(head, note),
        given: String::new(),
        body: render(table, note),
        runs_in: false,
        extra: extra(note, render),
        keeps: length(table) + rows.len() * BLOCK < LONGEST_KEPT,
        colon: false,
        whole_words: has_whole_words(table, columns),
    })
}

fn note_piece(note: &Note, columns: u8, render: &impl Fn(&[Block], &Note) -> String) -> Piece {
    let (front, back) = sides(note);
    let (head, given) = match front {
        [head @ Block { kind: BlockKind::Paragraph { .. }, .. }, given @ ..] => (std::slice::from_ref(head), given),
        given => (&[][..], given),
    };
    let starts_with_text = matches!(back, [Block { kind: BlockKind::Paragraph { .. }, .. }, ..]);
    let runs_on = matches!(back, [Block { kind: BlockKind::List { items, .. }, .. }] if is_short_list(items));
    let text = head_text(head);
    let size = length(front) + length(back) + (front.len() + back.len()) * BLOCK;
    Piece {
        shape: shape(note, &text),
        head: render(head, note),
        given: render(given, note),
        body: body(back, note, render),
        runs_in: given.is_empty() && (starts_with_text || runs_on),
        extra: extra(note, render),
        keeps: size < LONGEST_KEPT,
        colon: text.trim_end().ends_with(char::is_alphanumeric),
        whole_words: has_whole_words(back, columns),
    }
}

/// Whether each table's columns are wide enough for their longest words.
fn has_whole_words(blocks: &[Block], columns: u8) -> bool {
    let fits = |block: &Block| match &block.kind {
        BlockKind::Table { header, rows, .. } => {
            let mut longest = vec![0; header.len()];
            for row in std::iter::once(header).chain(rows) {
                for (longest, cell) in longest.iter_mut().zip(row) {
                    let text = plain_text(&cell.content);
                    let words = text.split([' ', '-', '/']).map(|word| word.chars().count());
                    *longest = words.max().unwrap_or_default().max(*longest);
                }
            }
            // Two characters of padding for each column.
            longest.iter().map(|length| length + 2).sum::<usize>() <= LINE / usize::from(columns.max(1))
        }
        BlockKind::Paragraph { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert { .. }
        | BlockKind::List { .. }
        | BlockKind::Definitions { .. }
        | BlockKind::Labelled { .. }
        | BlockKind::Cloze { .. }
        | BlockKind::Html { .. }
        | BlockKind::Rule => true,
    };
    blocks.iter().all(fits)
}

/// A heading that does not ask is a term.
fn shape(note: &Note, head: &str) -> &'static str {
    let asks = head.trim_end().ends_with(['?', '？', '؟', '\u{37E}']);
    match note.kind {
        NoteKind::Definition => "term",
        NoteKind::Basic | NoteKind::Row if asks => "question",
        NoteKind::Basic | NoteKind::Row => "term",
        NoteKind::Cloze => "cloze",
        NoteKind::List => "list",
    }
}

/// The blocks of an answer; short lists are wrapped, so that the style may set them in a line.
fn body(blocks: &[Block], note: &Note, render: &impl Fn(&[Block], &Note) -> String) -> String {
    // Raw HTML may open in one block and close in another.
    if blocks.iter().any(|block| matches!(block.kind, BlockKind::Html { .. })) {
        return render(blocks, note);
    }
    let mut html = String::new();
    for block in blocks {
        let (open, close) = wrapper(block);
        html.push_str(open);
        html.push_str(&render(std::slice::from_ref(block), note));
        html.push_str(close);
    }
    html
}

/// What stands around a block that was rendered by itself.
fn wrapper(block: &Block) -> (&'static str, &'static str) {
    if matches!(block.kind, BlockKind::Paragraph { .. }) {
        ("<p>", "</p>")
    } else if matches!(&block.kind, BlockKind::List { items, .. } if is_short_list(items)) {
        ("<div class=\"in-line\">", "</div>")
    } else {
        ("", "")
    }
}

/// Whether a list can run on in a line: a few short items of one line each.
fn is_short_list(items: &[ListItem]) -> bool {
    let lengths = items.iter().map(|item| if is_line(&item.blocks) { length(&item.blocks) } else { usize::MAX });
    let total = lengths.map(|length| if length > LONGEST_RUN_IN_ITEM { usize::MAX } else { length });
    total.fold(0, usize::saturating_add) <= LONGEST_RUN_IN_LIST
}

/// Whether blocks are a single paragraph, or a deletion around one.
fn is_line(blocks: &[Block]) -> bool {
    match blocks {
        [Block { kind: BlockKind::Cloze { blocks, .. }, .. }] => is_line(blocks),
        [block] => matches!(block.kind, BlockKind::Paragraph { .. }) && !has_media(std::slice::from_ref(block)),
        [] | [_, _, ..] => false,
    }
}

/// What is short, and pictures, which the style keeps small.
fn extra(note: &Note, render: &impl Fn(&[Block], &Note) -> String) -> String {
    let are_lines = note.extra.iter().all(|block| matches!(block.kind, BlockKind::Paragraph { .. }));
    let is_small = are_lines && (has_media(&note.extra) || length(&note.extra) <= LONGEST_EXTRA);
    if is_small { render(&note.extra, note) } else { String::new() }
}

fn has_media(blocks: &[Block]) -> bool {
    let mut found = false;
    for_each_leaf(blocks, &mut |leaf| found |= matches!(leaf, Leaf::Media(_) | Leaf::HtmlMedia(_)));
    found
}

/// How many characters blocks hold.
fn length(blocks: &[Block]) -> usize {
    let mut length = 0;
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(text) => length += text.chars().count(),
        Leaf::Break => length += 1,
        Leaf::Media(_) | Leaf::HtmlMedia(_) => {}
    });
    length
}

/// The text of a head.
fn head_text(head: &[Block]) -> String {
    let mut text = String::new();
    for_each_leaf(head, &mut |leaf| {
        if let Leaf::Text(piece) = leaf {
            text.push_str(piece);
        }
    });
    text
}
