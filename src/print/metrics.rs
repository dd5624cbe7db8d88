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
    /// Size of a footnote's number.
    NUMBER_SIZE = "number-size" 0.7 "em";
    /// Size of a hint in a blank.
    BLANK_SIZE = "blank-size" 0.8 "em";
    /// The least width of a blank.
    BLANK_WIDTH = "blank-width" 5.6 "em";
    /// Between a blank's hint and its ends, on each side.
    BLANK_SIDES = "blank-sides" 0.3 "em";
    /// Size of what stands below an answer, and of the question above the answers of blanks.
    EXTRA_SIZE = "extra-size" 0.86 "em";
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
    /// Height of the line at a card's foot.
    FOOTER_LINE = "footer-line" 2.6 "mm";
}

metrics! { SHEET:
    /// Size of text.
    SHEET_SIZE = "text-size" 7.6 "pt";
    /// Size of tables and code: the least that is read at arm's length.
    SHEET_SMALL = "small-size" 7.0 "pt";
    /// Size of text in columns that are as wide as two on A4.
    SHEET_WIDE_SIZE = "wide-text-size" 9.0 "pt";
    /// Size of tables and code in them.
    SHEET_WIDE_SMALL = "wide-small-size" 8.0 "pt";
    /// Between columns.
    SHEET_GAP = "column-gap" 5.0 "mm";
    /// Beside the columns. The rule for pages, which knows no custom properties, says it again.
    SHEET_MARGIN = "page-margin" 9.0 "mm";
}

/// The style of cards with its numbers before it; what a project's own sets by the same name counts.
pub(super) fn cards(styles: [&str; 2]) -> String {
    with(CARDS, styles)
}

/// The same for sheets.
pub(super) fn sheet(styles: [&str; 2]) -> String {
    with(SHEET, styles)
}

fn with(metrics: &[Metric], styles: [&str; 2]) -> String {
    let mut text = String::with_capacity(styles.map(str::len).iter().sum::<usize>() + 32 * metrics.len());
    text.push_str(":root {");
    for Metric { name, value, unit } in metrics {
        let _ = write!(text, " --{name}: {value}{unit};");
    }
    text.push_str(" }\n");
    text.extend(styles);
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
        (CARDS, CARDS_STYLE, concat!(include_str!("../../templates/print/cards.html.hbs"), "--size: --image:")),
        // Lines of code and formulas have theirs from `sheet::code` and `sheet`.
        (SHEET, SHEET_STYLE, concat!(include_str!("../../templates/print/sheet.html.hbs"), "--in: --narrow:")),
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
    const EXCEPTIONS: &[[&str; 2]] = &[[".media", "padding"], [".many .blank::before", "font-size"]];

    #[test]
    fn what_knows_no_custom_properties_says_the_same() {
        assert!(SHEET_STYLE.contains(&format!("@page {{\n  margin: {SHEET_MARGIN}mm {SHEET_MARGIN}mm ")));
    }

    #[test]
    fn a_style_of_ones_own_comes_last() {
        assert_eq!(
            sheet(["", ":root { --text-size: 9pt }"]).split('\n').next_back(),
            Some(":root { --text-size: 9pt }")
        );
        assert!(cards(["", ""]).starts_with(":root { --leading: 1.3; --gap: 0.45em; "));
    }
}
