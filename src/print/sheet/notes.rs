//! Turns what a cheat sheet lists into pieces of HTML, each with the classes of its shape.
//!
//! Knows nothing of pages; how a shape looks is up to `sheet.css`.

use std::fmt::Write as _;
use std::hash::Hash;

use super::chapters::{Entry, Row};
use super::room::{has_media, is_short_list, length, lines, table_width};
use super::table;
use crate::artifact::Ingredients;
use crate::ir::{Block, BlockKind, Leaf, Note, NoteKind, Table, for_each_leaf};

/// A note, or a table of them; each piece of it is HTML.
struct Piece {
    /// Its shape: `question`, `term`, `cloze`, `list` or `table`; `runs-in` where the answer's first words stand in the
    /// head's line, `keeps` where it is so small that it never breaks over columns, `whole-words` where no word of its
    /// tables has to be broken, `stacked` where they are too wide for columns of their own.
    classes: String,
    /// The run-in head.
    head: String,
    /// Whether the head wants a colon: it ends in a letter, and so does not ask.
    colon: bool,
    /// What the question shows below its first line.
    given: String,
    /// The answer.
    body: String,
    /// What is worth knowing besides.
    extra: String,
}

impl Piece {
    fn write(&self, out: &mut String) {
        let Self { classes, head, colon, given, body, extra } = self;
        let _ = writeln!(out, "<div class=\"note {classes}\" dir=\"auto\">");
        if !head.is_empty() {
            let colon = if *colon { " colon" } else { "" };
            let _ = write!(out, "<b class=\"head{colon}\">{head}</b>");
        }
        out.push('\n');
        if !given.is_empty() {
            let _ = write!(out, "<div class=\"given\">{given}</div>");
        }
        let _ = write!(out, "\n<div class=\"answer\">{body}</div>\n");
        if !extra.is_empty() {
            let _ = write!(out, "<div class=\"extra\">{extra}</div>");
        }
        out.push_str("\n</div>\n");
    }
}

/// The most characters of an extra that the sheet takes in: two lines and a half of a column of three.
const LONGEST_EXTRA: usize = 130;

/// The most lines of a note that is kept in one column: longer ones would leave holes at the columns' ends.
const LONGEST_KEPT: usize = 13;

/// Appends an entry as HTML, for lines of so many characters. `render` writes a note's blocks.
pub(super) fn write(entry: &Entry<'_>, line: usize, render: &impl Fn(&[Block], &Note) -> String, out: &mut String) {
    let piece = match entry {
        Entry::Note(note) => Some(note_piece(note, line, render)),
        Entry::Table(table, rows) => table_piece(table, rows, line, render),
    };
    if let Some(piece) = piece {
        piece.write(out);
    }
}

/// Takes down what an entry is made of.
pub(super) fn hash(entry: &Entry<'_>, made_of: &mut Ingredients) {
    match entry {
        Entry::Note(note) => ("note", note).hash(made_of),
        Entry::Table(table, rows) => {
            ("table", table::block(table, rows), rows.len()).hash(made_of);
            for row in rows {
                row.note.hash(made_of);
            }
        }
    }
}

fn table_piece(
    table: &Table,
    rows: &[Row<'_>],
    line: usize,
    render: &impl Fn(&[Block], &Note) -> String,
) -> Option<Piece> {
    let note = rows.first()?.note;
    let block = table::block(table, rows);
    let table = std::slice::from_ref(&block);
    let head = table::question(note).map_or(&[][..], std::slice::from_ref);
    Some(Piece {
        classes: classes("table", false, &[head, table, &note.extra], line),
        head: render(head, note),
        colon: false,
        given: String::new(),
        body: render(table, note),
        extra: extra(note, render),
    })
}

fn note_piece(note: &Note, line: usize, render: &impl Fn(&[Block], &Note) -> String) -> Piece {
    let [front, back] = note.sides();
    let (head, given) = match front {
        [head @ Block { kind: BlockKind::Paragraph { .. }, .. }, given @ ..] => (std::slice::from_ref(head), given),
        given => (&[][..], given),
    };
    let starts_with_text = matches!(back, [Block { kind: BlockKind::Paragraph { .. }, .. }, ..]);
    let is_line = matches!(back, [Block { kind: BlockKind::List { items, .. }, .. }] if is_short_list(items));
    let runs_in = given.is_empty() && (starts_with_text || is_line);
    let text = head_text(head);
    Piece {
        classes: classes(shape(note, &text), runs_in, &[front, back, &note.extra], line),
        head: render(head, note),
        colon: text.trim_end().ends_with(char::is_alphanumeric),
        given: render(given, note),
        body: body(back, note, render),
        extra: extra(note, render),
    }
}

/// A heading that does not ask is a term.
fn shape(note: &Note, head: &str) -> &'static str {
    let asks = head.trim_end().ends_with(['?', '？', '؟', '\u{37E}']);
    match note.kind {
        NoteKind::Basic | NoteKind::Row if asks => "question",
        NoteKind::Basic | NoteKind::Row | NoteKind::Definition => "term",
        NoteKind::Cloze => "cloze",
        NoteKind::List => "list",
    }
}

fn classes(shape: &str, runs_in: bool, parts: &[&[Block]], line: usize) -> String {
    let keeps = parts.iter().map(|blocks| lines(blocks, line)).sum::<usize>() <= LONGEST_KEPT;
    let table = parts.iter().map(|blocks| table_width(blocks)).max().unwrap_or_default();
    let class = |holds: bool, class: &'static str| if holds { class } else { "" };
    // A table that wants so much more than its column would be letters below each other.
    let tables = class(table <= line, " whole-words").to_owned() + class(table * 5 > line * 7, " stacked");
    [shape, class(runs_in, " runs-in"), class(keeps, " keeps"), &tables].concat()
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

/// What is short, and pictures, which the style keeps small.
fn extra(note: &Note, render: &impl Fn(&[Block], &Note) -> String) -> String {
    let are_lines = note.extra.iter().all(|block| matches!(block.kind, BlockKind::Paragraph { .. }));
    let is_small = are_lines && (has_media(&note.extra) || length(&note.extra) <= LONGEST_EXTRA);
    if is_small { render(&note.extra, note) } else { String::new() }
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
