//! Turns raw HTML into pieces: the lines that its elements start, its tables, and what stands there as it is.
//!
//! Knows that `templates/print/raw.css` gives no element more room than its text takes; not what a sanitiser leaves of it.

use super::images;
use super::words::{Font, Hold, Line, Piece, Word};
use crate::print::metrics::{self, GAP, ITEM_GAP, LEADING};
use crate::text::entity;
use crate::text::tags::{self, Tag};

/// The pieces of raw HTML, below each other without gaps. `image` appends what an image shows to a line; `trusts`: whether
/// all of it is shown as it stands.
pub(super) fn pieces(html: &str, font: Font, trusts: bool, image: &mut Image<'_>) -> Option<Piece> {
    let mut setter = Setter {
        font,
        outer: Vec::new(),
        line: Line::default(),
        indents: Vec::new(),
        depth: 0,
        in_definition: false,
        leading: LEADING * font.size,
        keeps_lines: html.contains("white-space") && html.contains("pre"),
        in_code: 0,
        table: None,
        pieces: Vec::new(),
    };
    let mut rest = tags::pieces(html);
    while let Some(piece) = rest.next() {
        match piece {
            tags::Piece::Text(text) => setter.text(text),
            tags::Piece::Tag(tag) if trusts && !tag.is_end && tag.is("svg") => {
                set_trusted(&tag, &mut setter.line);
                rest.raw_text("svg");
            }
            tags::Piece::Tag(tag) => {
                if trusts {
                    set_trusted(&tag, &mut setter.line);
                }
                setter.tag(&tag, image);
            }
            tags::Piece::Comment(_) => {}
        }
    }
    setter.end_table();
    setter.end_line();
    let pieces = setter.pieces;
    (!pieces.is_empty()).then_some(Piece::Group { sides: 0.0, ends: 0.0, gap: 0.0, pieces })
}

/// Appends what an image of raw HTML shows.
pub(super) type Image<'a> = dyn FnMut(&Tag<'_>, Font, &mut Line) + 'a;

/// The letters before each element that is open and has others, with its name.
pub(super) type Outer<'h> = Vec<(&'h str, Font)>;

/// So many open elements have letters of their own; those in them go on in these.
const MOST_OUTER: usize = 64;

/// Follows a tag: how letters are set behind it, and where it ends a line by itself.
pub(super) fn set_font<'h>(tag: &Tag<'h>, font: &mut Font, outer: &mut Outer<'h>, line: &mut Line) {
    let is = |names: &[&str]| names.iter().any(|name| tag.is(name));
    if tag.is("br") {
        return line.break_line();
    }
    // The end of some may be left out.
    let ended = if tag.is_end {
        tag.name
    } else if is(&["td", "th", "tr"]) {
        "th"
    } else if is(&["dd", "dt"]) {
        "dt"
    } else {
        ""
    };
    if let Some(at) = outer.iter().rposition(|(name, _)| name.eq_ignore_ascii_case(ended)) {
        outer.drain(at..).take(1).for_each(|(_, before)| *font = before);
    }
    if tag.is_end || outer.len() >= MOST_OUTER {
        return;
    }
    let inner = if is(&["b", "strong", "th", "dt", "h1", "h2", "h3", "h4", "h5", "h6"]) {
        font.bold()
    } else if is(&["code", "kbd", "samp", "tt"]) {
        font.code()
    } else if is(&["pre", "listing", "xmp"]) {
        font.block_code()
    } else if is(&["sub", "sup"]) {
        font.scaled(metrics::NUMBER_SIZE)
    } else if is(&["table"]) {
        font.scaled(metrics::TABLE_SIZE)
    } else if is(&["rt"]) {
        line.raise(RUBY * font.size);
        font.scaled(0.5)
    } else {
        return;
    };
    outer.push((tag.name, *font));
    *font = inner;
}

/// Height of a line with small letters above it, in em.
const RUBY: f32 = LEADING + 0.85;

/// Elements that stand by themselves.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "legend",
    "li",
    "listing",
    "main",
    "nav",
    "option",
    "p",
    "search",
    "section",
    "summary",
    "xmp",
];

/// Those that hold others, and what they indent these by, in em.
const LISTS: &[(&str, f32)] = &[
    ("ul", metrics::LIST_INDENT),
    ("ol", metrics::LIST_INDENT),
    ("menu", metrics::LIST_INDENT),
    ("dir", metrics::LIST_INDENT),
    ("dl", 0.0),
    ("blockquote", metrics::QUOTE_INDENT + 0.2),
];

struct Setter<'h> {
    font: Font,
    outer: Outer<'h>,
    line: Line,
    /// Of the lists and quotes that are open.
    indents: Vec<f32>,
    /// How many elements with others in them are open.
    depth: usize,
    in_definition: bool,
    /// Height of a line, in em.
    leading: f32,
    /// Whether a style keeps line ends; where, is not looked for.
    keeps_lines: bool,
    /// How many blocks of code are open.
    in_code: usize,
    table: Option<Table>,
    pieces: Vec<Piece>,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<Vec<Word>>>,
    in_cell: bool,
    /// How many tables are open in its cells.
    inner: usize,
}

impl<'h> Setter<'h> {
    fn text(&mut self, text: &str) {
        let text = entity::decode(text);
        if self.keeps_lines || self.in_code > 0 {
            self.line.code(&text, self.font);
        } else {
            self.line.text(&text, self.font);
        }
    }

    fn tag(&mut self, tag: &Tag<'h>, image: &mut Image<'_>) {
        let is = |names: &[&str]| names.iter().any(|name| tag.is(name));
        if is(&["table", "tr", "td", "th"]) {
            self.table_tag(tag);
        } else if is(&["hr"]) {
            self.end_line();
            self.push(Piece::Group { sides: 0.0, ends: RULE, gap: 0.0, pieces: Vec::new() });
        } else if is(&["pre"]) {
            self.end_line();
            self.in_code = if tag.is_end { self.in_code.saturating_sub(1) } else { self.in_code + 1 };
        } else if let Some((_, indent)) = LISTS.iter().find(|(name, _)| tag.is(name)) {
            self.end_line();
            self.in_definition = false;
            if tag.is_end {
                self.indents.pop();
            } else {
                self.indents.push(*indent);
            }
        } else if is(BLOCKS) {
            self.end_line();
            self.in_definition = (self.in_definition || tag.is("dd")) && !tag.is("dt");
            self.depth = match (is(&["p", "li", "dd", "dt"]), tag.is_end) {
                (true, _) => self.depth,
                (false, true) => self.depth.saturating_sub(1),
                (false, false) => self.depth + 1,
            };
        } else if is(&["img"]) {
            image(tag, self.font, &mut self.line);
        }
        set_font(tag, &mut self.font, &mut self.outer, &mut self.line);
    }

    fn table_tag(&mut self, tag: &Tag<'_>) {
        match &mut self.table {
            Some(table) if tag.is("table") && table.inner + usize::from(!tag.is_end) > 0 => {
                table.inner = if tag.is_end { table.inner - 1 } else { table.inner + 1 };
                self.line.end_line();
            }
            Some(table) if table.inner > 0 => self.line.end_line(),
            Some(_) if tag.is("table") => self.end_table(),
            Some(_) => {
                self.end_cell();
                let Some(table) = &mut self.table else { return };
                if tag.is_end {
                } else if tag.is("tr") {
                    table.rows.push(Vec::new());
                } else {
                    table.in_cell = true;
                }
            }
            // A table's rows may stand in a block of their own.
            None if !tag.is_end => {
                self.end_line();
                self.table = Some(Table::default());
                if !tag.is("table") {
                    self.table_tag(tag);
                }
            }
            None => self.end_line(),
        }
    }

    /// Ends a cell, or the line between cells.
    fn end_cell(&mut self) {
        match &mut self.table {
            Some(table) if table.in_cell => {
                table.in_cell = false;
                if table.rows.is_empty() {
                    table.rows.push(Vec::new());
                }
                let words = std::mem::take(&mut self.line).into_words();
                if let Some(row) = table.rows.last_mut() {
                    row.push(words);
                }
            }
            Some(_) | None => self.end_line(),
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        if let Some(Table { mut rows, .. }) = self.table.take() {
            let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
            rows.retain(|row| !row.is_empty());
            if let Some(first) = rows.first_mut() {
                first.resize(columns, Vec::new());
                self.push(Piece::Table(rows));
            }
        }
    }

    /// Ends a line, and in a table outside of a cell what stands there.
    fn end_line(&mut self) {
        if self.table.as_ref().is_some_and(|table| table.in_cell) {
            return self.line.end_line();
        }
        if self.line.is_empty() {
            self.line = Line::default();
            return;
        }
        let words = std::mem::take(&mut self.line).into_words();
        if self.in_code == 0 {
            return self.push(Piece::Text { words, leading: self.leading });
        }
        let code = Piece::Code { words, leading: metrics::CODE_SIZE * self.leading };
        let [sides, ends] = CODE;
        self.push(Piece::Group { sides, ends, gap: 0.0, pieces: vec![code] });
    }

    /// Adds a piece with the room between it and the one before.
    fn push(&mut self, piece: Piece) {
        let gap = if self.depth + self.indents.len() > 0 { ITEM_GAP } else { GAP };
        let sides =
            self.indents.iter().sum::<f32>() + if self.in_definition { metrics::DEFINITION_INDENT } else { 0.0 };
        let ends = if self.pieces.is_empty() { 0.0 } else { gap };
        self.pieces.push(Piece::Group { sides, ends, gap: 0.0, pieces: vec![piece] });
    }
}

/// Appends what only HTML asks for that is shown as it stands.
pub(super) fn set_trusted(tag: &Tag<'_>, line: &mut Line) {
    if tag.is_end {
        return;
    }
    let sides = ["width", "height"].map(|name| images::shown_side(tag, name));
    let size = [sides[0].unwrap_or(UNSIZED[0]), sides[1].unwrap_or(UNSIZED[1])];
    if tag.is("svg") && tag.attribute("viewBox").is_none() {
        // Nothing says how it may be scaled.
        line.image(size, 0.0, Hold::Both);
    } else if tag.is("svg") {
        line.image(images::drawing_size(tag).unwrap_or(size), 0.0, Hold::Shape);
    } else if ["iframe", "object", "embed", "video", "canvas"].iter().any(|name| tag.is(name)) {
        line.image(size, 0.0, Hold::Height);
    }
    let is_placed = |value: &str| ["absolute", "relative"].iter().any(|way| value.trim().eq_ignore_ascii_case(way));
    if images::declared(tag, "position").is_some_and(is_placed) {
        let offset = |sides: [&str; 2]| {
            let lengths = sides.into_iter().filter_map(|side| images::length(images::declared(tag, side)?));
            lengths.fold(0.0, f32::max)
        };
        let placed = [offset(["left", "right"]), offset(["top", "bottom"])];
        if placed.into_iter().any(|length| length > 0.0) {
            line.image(placed.map(|length| length.max(1.0)), 0.0, Hold::Both);
        }
    }
}

/// Between code and its box, on both sides and above and below, in em.
const CODE: [f32; 2] = [2.0 * metrics::CODE_SIDES + 0.2, 2.0 * metrics::CODE_ENDS + 0.15];
/// The height of a rule, in em: 0.1 mm and more.
const RULE: f32 = 0.1;
/// The size of what does not say its own, in CSS pixels.
const UNSIZED: [f32; 2] = [300.0, 150.0];

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "the same words have the same widths")]

    use super::super::measure::{Column, Way, height};
    use super::*;

    /// How many lines of text HTML is high in a column of 40 em; infinite where it is too wide.
    fn lines(html: &str, trusts: bool) -> f32 {
        let mut image = |_: &Tag<'_>, _, line: &mut Line| line.image([100.0, 26.0], 0.0, Hold::Shape);
        let pieces: Vec<Piece> = pieces(html, Font::TEXT, trusts, &mut image).into_iter().collect();
        let way = Way::default();
        let column = Column {
            width: 40.0,
            pixels: 10.0,
            image_height: 100.0,
            wraps_code: true,
            squeezes: false,
            way,
            font: 0,
            most: 10_000.0,
        };
        height(&pieces, GAP, column) / LEADING
    }

    #[test]
    fn elements_that_stand_by_themselves_start_lines() {
        for (html, at_least) in [
            ("", 0.0),
            ("text <b>of</b> <!-- one --> line", 1.0),
            ("a<br>b", 2.0),
            ("<br><br>a<br><br><br>b<br>", 6.0),
            ("<p>a<p>b", 2.0),
            ("<div><div>a</div></div>", 1.0),
            ("<ul><li>a<li>b<ul><li>c</ul></ul>", 3.0),
            ("<pre>a\n\nb</pre>", 2.5),
            ("<p style='white-space:pre'>a\n\nb", 3.0),
            ("a\n\nb", 1.0),
            ("<h1>a</h1><hr><dl><dt>b<dd>c</dl>", 3.0),
            ("<table><caption>a</caption><tr><th>b<td>c<tr><td>d</table>", 3.0),
            ("<tr><td>a<br>b</td></tr></table>c", 3.0),
            ("<table><tr><td><table><tr><td>a<tr><td>b</table></table>", 2.0),
        ] {
            let found = lines(html, false);
            assert!(found >= at_least && found < at_least + 2.2, "{html}: {found}");
        }
        let wide = format!("<table><tr>{}</table>", "<td>cell".repeat(40));
        assert!(lines(&wide, false).is_infinite());
    }

    #[test]
    fn what_is_shown_as_it_stands_takes_its_size() {
        let drawing = "<svg width='900' height='100'><text>a</text><text>b</text></svg>";
        assert!(lines(drawing, true).is_infinite() && lines(drawing, false) < 1.1);
        assert!(lines("<svg height=130 width=9></svg>", true) >= 10.0);
        assert!(lines("<svg viewBox='0 0 9 1' width='900' height='100'></svg>", true) < 5.0);
        assert!(lines("<p style='position: absolute; left: 900px'>a", true).is_infinite());
        assert!(lines("<p style='position: relative; top: 260px'>a", true) > 20.0);
        assert!(lines("<iframe height=260></iframe>", true) >= 20.0);
    }

    #[test]
    fn letters_end_with_their_element() {
        let width = |html: &str| {
            let Some(Piece::Group { pieces, .. }) = pieces(html, Font::TEXT, false, &mut |_, _, _| {}) else {
                return 0.0;
            };
            let Some(Piece::Group { pieces, .. }) = pieces.last() else { return 0.0 };
            let Some(Piece::Text { words, .. }) = pieces.first() else { return 0.0 };
            words.last().map_or(0.0, |word| word.widths.into_iter().fold(0.0, f32::max))
        };
        assert!(width("<b>wide") > width("wide") && width("<code>il") > width("il"));
        for html in ["<b>a</b> wide", "<b><code>a</b> wide", "</b> wide", "<dl><dt>a<dd>wide", "&#119;ide"] {
            assert_eq!(width(html), width("wide"), "{html}");
        }
        let deep = format!("{}a{} wide", "<b>".repeat(100), "</b>".repeat(100));
        assert_eq!(width(&deep), width("wide"), "as many as are followed are left again");
    }
}
