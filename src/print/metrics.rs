//! The numbers that both the styles of `templates/print/` and the measuring of text need: each stands here once.
//!
//! The styles get them as custom properties, `var(--gap)`. A length in em is one of the element that it is used on. Knows
//! neither content nor pages.

use std::fmt::Write as _;

/// A number of a style.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Metric {
    /// The custom property, without its dashes.
    name: &'static str,
    /// How many of the unit.
    value: f32,
    /// A unit of CSS; empty where the number has none.
    unit: &'static str,
}

/// Makes a constant and a line of the table of each, so that neither is without the other.
macro_rules! metrics {
    ($table:ident: $($(#[doc = $what:literal])+ $constant:ident = $name:literal $value:literal $unit:literal;)+) => {
        $($(#[doc = $what])+ pub(super) const $constant: f32 = $value;)+
        const $table: &[Metric] = &[$(Metric { name: $name, value: $value, unit: $unit }),+];
    };
}

metrics! { CARDS:
    /// Height of a line of text, of code and of tables.
    LEADING = "leading" 1.3 "";
    /// Between blocks.
    GAP = "gap" 0.45 "em";
    /// Between items, and between the blocks of one.
    ITEM_GAP = "item-gap" 0.15 "em";
    /// What a list is indented by.
    LIST_INDENT = "list-indent" 1.4 "em";
    /// Between the two columns of a list.
    LIST_GAP = "list-gap" 1.2 "em";
    /// Between a picture and the text beside it.
    PICTURE_GAP = "picture-gap" 1.1 "em";
    /// What a numbered list of answers is indented by.
    ANSWERS_INDENT = "answers-indent" 2.0 "em";
    /// What a definition is indented by.
    DEFINITION_INDENT = "definition-indent" 1.0 "em";
    /// Between a quote and the line beside it.
    QUOTE_INDENT = "quote-indent" 0.8 "em";
    /// Between an alert and its box, on each side.
    ALERT_SIDES = "alert-sides" 0.6 "em";
    /// The same above it, and below it.
    ALERT_ENDS = "alert-ends" 0.3 "em";
    /// Size of a block of code.
    CODE_SIZE = "code-size" 0.84 "em";
    /// Between code and its box, on each side.
    CODE_SIDES = "code-sides" 0.5 "em";
    /// The same above it, and below it.
    CODE_ENDS = "code-ends" 0.3 "em";
    /// How many spaces a tab is as wide as.
    CODE_TAB = "code-tab" 4.0 "";
    /// Size of code in a line.
    LINE_CODE_SIZE = "line-code-size" 0.9 "em";
    /// Between it and its background, on each side.
    LINE_CODE_SIDES = "line-code-sides" 0.2 "em";
    /// Size of a table.
    TABLE_SIZE = "table-size" 0.92 "em";
    /// Between a cell's text and its edge, on each side.
    CELL_SIDES = "cell-sides" 0.35 "em";
    /// The same above it, and below it.
    CELL_ENDS = "cell-ends" 0.12 "em";
    /// Size of the name of a column above what a row has in it.
    LABEL_SIZE = "label-size" 0.85 "em";
    /// The most that labels beside what is said under them take of a card's width.
    FACT_SHARE = "fact-share" 0.4 "";
    /// Between labels and what is said under them.
    FACT_SIDES = "fact-sides" 0.9 "em";
    /// Between lines of these.
    FACT_GAP = "fact-gap" 0.3 "em";
    /// Size of a footnote's number.
    NUMBER_SIZE = "number-size" 0.7 "em";
    /// Size of a hint in a blank.
    BLANK_SIZE = "blank-size" 0.8 "em";
    /// The least width of a blank.
    BLANK_WIDTH = "blank-width" 5.6 "em";
    /// Size of a blank's number.
    WHICH_SIZE = "which-size" 0.8 "em";
    /// Between a blank's hint and its ends, on each side.
    BLANK_SIDES = "blank-sides" 0.3 "em";
    /// Size of what stands below an answer, and of the question above the answers of blanks.
    EXTRA_SIZE = "extra-size" 0.86 "em";
    /// Size of what the rows of a table are asked for, above what a row is about.
    ASKED_SIZE = "asked-size" 0.65 "em";
    /// Between what stands below an answer and the line beside it.
    EXTRA_INDENT = "extra-indent" 0.7 "em";
    /// Size of sources.
    SOURCE_SIZE = "source-size" 0.76 "em";
    /// Size of a hint below a question.
    HINT_SIZE = "hint-size" 0.8 "em";
    /// Between a question and its hint.
    HINT_GAP = "hint-gap" 1.1 "em";
    /// Height of the room to write an answer in.
    WRITING_ROOM = "writing-room" 2.0 "em";
    /// Size of the answer key.
    KEY_SIZE = "key-size" 7.5 "pt";
    /// The least width of its columns.
    KEY_WIDTH = "key-width" 56.0 "mm";
    /// Between them.
    KEY_GAP = "key-gap" 6.0 "mm";
    /// What its answers are indented by.
    KEY_INDENT = "key-indent" 2.4 "em";
    /// Height of the line at a card's foot.
    FOOTER_LINE = "footer-line" 2.6 "mm";
}

metrics! { SHEET:
    /// Height of a line of text.
    SHEET_LEADING = "leading" 1.15 "";
    /// Height of a line of code.
    CODE_LEADING = "code-leading" 1.1 "";
    /// Size of tables and code beside text.
    SMALL_PART = "small-part" 0.9 "";
    /// The same at least: what is read at arm's length.
    LEAST_SMALL = "least-small" 7.0 "pt";
    /// Size of the sheet's title beside text, and at least.
    TITLE_SIZE = "title-part" 1.7 "";
    /// The same at least.
    LEAST_TITLE_SIZE = "least-title" 16.0 "pt";
    /// Below the title.
    TITLE_GAP = "title-gap" 2.0 "mm";
    /// Size of a chapter's title.
    CHAPTER_SIZE = "chapter-size" 1.24 "em";
    /// Above it.
    CHAPTER_ABOVE = "chapter-above" 0.6 "em";
    /// Below it.
    CHAPTER_BELOW = "chapter-below" 0.25 "em";
    /// Size of a heading in a chapter.
    HEADING_SIZE = "heading-size" 1.06 "em";
    /// Above it.
    HEADING_ABOVE = "heading-above" 0.55 "em";
    /// Below it.
    HEADING_BELOW = "heading-below" 0.2 "em";
    /// Between notes.
    NOTE_GAP = "note-gap" 0.3 "em";
    /// Between the blocks of a note.
    BLOCK_GAP = "block-gap" 0.1 "em";
    /// What a list is indented by.
    SHEET_LIST_INDENT = "list-indent" 0.95 "em";
    /// What a list with numbers is indented by.
    NUMBER_INDENT = "number-indent" 1.5 "em";
    /// What a quote is indented by, with the line beside it.
    SHEET_QUOTE_INDENT = "quote-indent" 0.55 "em";
    /// Above code, and below it.
    CODE_GAP = "code-gap" 0.2 "em";
    /// Between code and its background, above and below.
    SHEET_CODE_ENDS = "code-ends" 0.14 "em";
    /// Between code and the line beside it.
    SHEET_CODE_SIDES = "code-sides" 0.5 "em";
    /// Between a cell's text and its edge, above and below.
    SHEET_CELL_ENDS = "cell-ends" 0.1 "em";
    /// The same on each side.
    SHEET_CELL_SIDES = "cell-sides" 0.35 "em";
    /// The least width of a column of a table whose words are broken.
    BROKEN_WIDTH = "broken-width" 8.0 "em";
    /// The most height of a picture.
    PICTURE_HEIGHT = "picture-height" 32.0 "mm";
    /// Between columns.
    SHEET_GAP = "column-gap" 4.0 "mm";
    /// Beside the columns and above them. The rule for pages, which knows no custom properties, says it again.
    SHEET_MARGIN = "page-margin" 7.5 "mm";
    /// Below the columns. The rule for pages says it again.
    SHEET_FOOT = "page-foot" 10.5 "mm";
}

/// The smallest and the largest type of a sheet, in points: what is read at arm's length, and what is read on a wall.
pub(super) const LEAST_SIZE: f32 = 7.5;
/// The largest.
pub(super) const MOST_SIZE: f32 = 14.0;

/// The style of cards with its numbers before it; what a project's own sets by the same name counts.
pub(super) fn cards(styles: [&str; 3]) -> String {
    with(CARDS, styles)
}

/// The same for sheets.
pub(super) fn sheet(styles: [&str; 3]) -> String {
    with(SHEET, styles)
}

fn with(metrics: &[Metric], styles: [&str; 3]) -> String {
    let mut text = String::with_capacity(styles.map(str::len).iter().sum::<usize>() + 32 * metrics.len());
    text.push_str(":root {");
    for Metric { name, value, unit } in metrics {
        let _ = write!(text, " --{name}: {value}{unit};");
    }
    text.push_str(" }\n");
    for style in styles {
        text.push_str(style);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CARDS_STYLE: &str = include_str!("../../templates/print/cards.css");
    const SHEET_STYLE: &str = include_str!("../../templates/print/sheet.css");

    /// Each table, its style, and what else sets properties for that.
    const PAGES: [(&[Metric], &str, &str); 2] = [
        // Cards have theirs from `cards::sides`.
        (
            CARDS,
            CARDS_STYLE,
            concat!(
                include_str!("../../templates/print/cards.html.hbs"),
                "--size: --image: --picture: --image-height: --formula: --narrow: --drawing:"
            ),
        ),
        // Code and formulas have theirs from `sheet::code` and `sheet::notes`.
        (
            SHEET,
            SHEET_STYLE,
            concat!(include_str!("../../templates/print/sheet.html.hbs"), "--in: --longest: --formula: --table:"),
        ),
    ];

    /// A style's declarations: the selector, the property and the value.
    fn declarations(style: &str) -> Vec<[&str; 3]> {
        let (mut found, mut selector) = (Vec::new(), "");
        for part in style.split_inclusive(['{', '}', ';']) {
            let part = part.rsplit("*/").next().unwrap_or_default().trim();
            match (part.strip_suffix('{'), part.trim_end_matches(['}', ';']).split_once(':')) {
                (Some(of_block), _) => selector = of_block.trim(),
                (None, Some((property, value))) => found.push([selector, property.trim(), value.trim()]),
                (None, None) => {}
            }
        }
        found
    }

    /// The custom properties that a value names.
    fn used(value: &str) -> impl Iterator<Item = &str> {
        value.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next())
    }

    #[test]
    fn what_a_style_uses_is_defined() {
        for (metrics, style, page) in PAGES {
            let known: BTreeSet<&str> = metrics.iter().map(|metric| metric.name).collect();
            assert_eq!(known.len(), metrics.len(), "each name once");
            let elsewhere = |name: &str| [style, page].iter().any(|text| text.contains(&format!("--{name}:")));
            let unknown = used(style).filter(|name| known.contains(name) == elsewhere(name));
            assert_eq!(unknown.collect::<Vec<_>>(), [""; 0], "undefined, or defined twice");
        }
    }

    #[test]
    fn no_number_is_an_orphan() {
        for (metrics, style, _) in PAGES {
            let used: BTreeSet<&str> = used(style).collect();
            let orphans = metrics.iter().map(|metric| metric.name).filter(|name| !used.contains(name));
            assert_eq!(orphans.collect::<Vec<_>>(), [""; 0]);
        }
    }

    #[test]
    fn no_number_stands_in_a_style_again() {
        for (metrics, style, _) in PAGES {
            let declarations = declarations(style);
            for Metric { name, value, unit } in metrics {
                let literal = format!("{value}{unit}");
                let properties = declarations.iter().filter(|[_, _, value]| used(value).any(|one| one == *name));
                let properties: BTreeSet<&str> = properties.map(|[_, property, _]| *property).collect();
                let again = declarations.iter().filter(|[selector, property, value]| {
                    let numbers = || value.split([' ', '/', '(', ')', ',']);
                    properties.contains(property)
                        && numbers().any(|number| number == literal)
                        && !EXCEPTIONS.contains(&[selector, property])
                });
                assert_eq!(again.collect::<Vec<_>>(), [&[""; 3]; 0], "write var(--{name})");
            }
        }
    }

    /// What is as large by chance: selector and property.
    const EXCEPTIONS: &[[&str; 2]] = &[[".media", "padding"]];

    #[test]
    fn what_knows_no_custom_properties_says_the_same() {
        let margins = format!("@page {{\n  margin: {SHEET_MARGIN}mm {SHEET_MARGIN}mm {SHEET_FOOT}mm;");
        assert!(SHEET_STYLE.contains(&margins));
    }

    #[test]
    fn a_style_of_ones_own_comes_last() {
        assert_eq!(sheet(["", "", ":root { --line: red }"]).split('\n').next_back(), Some(":root { --line: red }"));
        assert!(cards(["", "", ""]).starts_with(":root { --leading: 1.3; --gap: 0.45em; "));
    }
}
