//! Turns parts of a cheat sheet into pieces of HTML, each with the classes of its shape.
//!
//! Knows nothing of pages; how a shape looks is up to `sheet.css`.

use std::fmt::Write as _;

use super::measure::{Least, Measured, Unit};
use super::paging::Layout;
use super::part::Part;
use crate::ir::{Block, BlockKind, Note};
use crate::print::metrics;

/// Appends a part as HTML. `render` writes a note's blocks.
pub(super) fn write(part: &Part<'_>, look: &Look, render: &impl Fn(&[Block], &Note) -> String, out: &mut String) {
    let Part { note, shape, head, given, answer, extra, runs_in, trails, colon } = part;
    let _ = write!(out, "<div class=\"note {shape}");
    for (holds, class) in [(*runs_in, " runs-in"), (*trails, " runs-on")] {
        out.push_str(if holds { class } else { "" });
    }
    let _ = write!(out, "{}\"", look.classes);
    let properties = [("formula", look.formula), ("table", look.table)];
    let properties = properties.into_iter().filter_map(|(name, ems)| Some(format!("--{name}: {:.1}", ems?)));
    let style = properties.collect::<Vec<_>>().join("; ");
    if !style.is_empty() {
        let _ = write!(out, " style=\"{style}\"");
    }
    out.push_str(" dir=\"auto\">\n");
    if !head.is_empty() {
        let colon = if *colon { " colon" } else { "" };
        let _ = writeln!(out, "<b class=\"head{colon}\">{}</b>", render(head, note));
    }
    if !given.is_empty() {
        let _ = writeln!(out, "<div class=\"given\">{}</div>", render(given, note));
    }
    let _ = writeln!(out, "<div class=\"answer\">{}</div>", body(answer, note, render));
    if !extra.is_empty() {
        let _ = writeln!(out, "<div class=\"extra\">{}</div>", render(extra, note));
    }
    out.push_str("</div>\n");
}

/// What a note's place and width say of its look.
pub(super) struct Look {
    /// `keeps` where it is so small that it never breaks over columns, `joins` where it stays with the note before it, `spans`
    /// where it stands over all columns; `whole-words` where no word of its tables has to be broken, with `breaks-2` where that
    /// is so but in the second column, `stacked` where they are too wide even for the page; `narrow` where a formula may be
    /// wider than its column.
    classes: String,
    /// The em that its longest formula takes, where that may be more than its column has.
    formula: Option<f32>,
    /// The em of their text that its tables take at least, where they stand over all columns.
    table: Option<f32>,
}

impl Look {
    pub(super) fn new(unit: &Unit, measured: &Measured<'_>, layout: &Layout) -> Self {
        let spans = layout.spans(unit);
        let column = if spans { layout.page() } else { layout.column() };
        let height = measured.height(unit, column);
        let (keeps, joins) = (layout.keeps(unit, height), layout.joins(unit, height));
        let formula = (!column.has_room(unit.formula)).then_some(unit.formula);
        let mut classes = String::new();
        for (holds, class) in [(keeps, " keeps"), (joins, " joins"), (spans, " spans"), (formula.is_some(), " narrow")]
        {
            classes.push_str(if holds { class } else { "" });
        }
        let Least { whole, broken, column: broken_column } = unit.table;
        let is_whole = column.has_room(whole * if spans { metrics::LEAST_SMALL / layout.points } else { column.small });
        if broken_column == 0 {
            // There is no table.
        } else if is_whole {
            classes.push_str(" whole-words");
        } else if spans || column.has_room(broken * column.small) {
            let _ = write!(classes, " whole-words breaks-{broken_column}");
        } else {
            classes.push_str(" stacked");
        }
        let table = (spans && broken_column > 0).then_some(if is_whole { whole } else { broken });
        Self { classes, formula, table }
    }
}

/// The blocks of an answer; paragraphs are elements, so that the style may set the first one in the head's line.
fn body(blocks: &[Block], note: &Note, render: &impl Fn(&[Block], &Note) -> String) -> String {
    // Raw HTML may open in one block and close in another.
    if blocks.iter().any(|block| matches!(block.kind, BlockKind::Html { .. })) {
        return render(blocks, note);
    }
    let mut html = String::new();
    for block in blocks {
        let block_html = render(std::slice::from_ref(block), note);
        if matches!(block.kind, BlockKind::Paragraph { .. }) {
            let _ = write!(html, "<p>{block_html}</p>");
        } else {
            html.push_str(&block_html);
        }
    }
    html
}
