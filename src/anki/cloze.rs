//! The grammar of Anki's deletions in the HTML of a field: `{{c1::text}}`, `{{c1::text::hint}}`, `{{c1,2::text}}`.
//!
//! Measured in Anki 26.9.3: a deletion starts with `{{c`, digits and commas, and `::`. It ends with the first `}}`
//! wherever that stands, in a tag, a formula or a comment, and its first `::` starts its hint. Anki looks for all of them
//! before a browser decodes entities; that is what makes an entity harmless. Knows nothing of HTML beside, nor of what
//! else authors may write.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::limits::{MAX_CLOZE_NUMBER, MAX_NESTED_CLOZES};

/// What a deletion starts with; its numbers and a [`SEPARATOR`] follow.
pub const START: &str = "{{c";

/// Parts the numbers from the text, and the text from the hint.
pub const SEPARATOR: &str = "::";

/// What a deletion ends with.
pub const END: &str = "}}";

/// A `{` that starts no deletion.
pub const OPENING_BRACE: &str = "&#123;";

/// A `}` that ends no deletion.
pub const CLOSING_BRACE: &str = "&#125;";

/// A `:` that starts no hint.
pub const COLON: &str = "&#58;";

/// Whether a text may hold a deletion at all: a quick look that lets most texts skip the search.
pub fn may_start(text: &str) -> bool {
    text.contains(START)
}

/// The numbers of the deletion that a text may start with, as they are written, and what follows them: in a field a
/// [`SEPARATOR`], else it is no deletion.
pub fn start(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(START)?;
    let end = rest.find(|c| !stands_in_numbers(c)).unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// How many bytes the start of the deletion takes that a field's text begins with, its [`SEPARATOR`] among them.
pub fn start_length(text: &str) -> Option<usize> {
    let (numbers, rest) = start(text)?;
    rest.starts_with(SEPARATOR).then(|| START.len() + numbers.len() + SEPARATOR.len())
}

/// The numbers of a deletion, each `None` where Anki makes no card for it or makes it another one's.
pub fn numbers(written: &str) -> impl Iterator<Item = Option<u16>> {
    written.split(',').map(|number| number.parse().ok().filter(|number| (1..=MAX_CLOZE_NUMBER).contains(number)))
}

/// Writes numbers as they stand in a deletion.
pub fn push_numbers(numbers: &[u16], out: &mut String) {
    for (index, number) in numbers.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(out, "{comma}{number}");
    }
}

/// Whether a `{` between these would be the second one of a deletion's start, whatever follows the numbers.
pub fn completes_start(before: &str, after: &str) -> bool {
    before.ends_with('{') && after.strip_prefix('c').is_some_and(|after| after.starts_with(stands_in_numbers))
}

/// Text that holds no deletion: every [`START`] in it loses its second brace.
pub fn defused(text: String) -> String {
    if may_start(&text) { text.replace(START, &format!("{{{OPENING_BRACE}c")) } else { text }
}

fn stands_in_numbers(c: char) -> bool {
    c.is_ascii_digit() || c == ','
}

/// The numbers for which Anki makes cards of a field, as it reads the field: a deletion that is never closed counts
/// for nothing, nor do those within it. What we write is held to it in tests.
pub fn numbers_in(field: &str) -> BTreeSet<u16> {
    let mut numbers_in = BTreeSet::new();
    // Of each open deletion its numbers, and those of the closed ones within it.
    let mut open: Vec<Vec<u16>> = Vec::new();
    let mut rest = field;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = start_length(rest) {
            if open.len() < MAX_NESTED_CLOZES {
                let (written, _) = start(rest).unwrap_or_default();
                open.push(numbers(written).flatten().collect());
            }
            length
        } else if rest.starts_with(END) {
            let closed = open.pop().unwrap_or_default();
            match open.last_mut() {
                Some(outer) => outer.extend(closed),
                None => numbers_in.extend(closed),
            }
            END.len()
        } else {
            first.len_utf8()
        };
        rest = rest.split_at(length).1;
    }
    numbers_in
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(field: &str) -> Vec<u16> {
        numbers_in(field).into_iter().collect()
    }

    /// What `cloze_numbers_in_note` of Anki 26.9.3 says of them.
    #[test]
    fn fields_are_read_as_anki_reads_them() {
        for field in ["{{c1::x}}", "{{c,1::x}}", "{{c1,::x}}", "{{c0,1::x}}", "{{c01::x}}", "{{{c1::x}}}", "{{c1::}}"] {
            assert_eq!(found(field), [1], "{field}");
        }
        for field in ["{{c::x}}", "{{c0::x}}", "{{c1:x}}", "{{c1 ::x}}", "{{C1::x}}", "{{c+1::x}}", "{{c1|h::x}}"] {
            assert_eq!(found(field), [0; 0], "{field}");
        }
        for field in ["{{c1::x", "{{c1::x}", "{{c1::{{c2::x}}", "{{c2::x {{c1::y}}", "{&#123;c1::x}}", "{{c70000::x}}"]
        {
            assert_eq!(found(field), [0; 0], "{field}");
        }
        assert_eq!(found("{{c1,,2::x}}"), [1, 2]);
        assert_eq!(found("}}<img alt=\"{{c3::x}}\">{{c5::<!-- }} -->"), [3, 5]);
        let nested: Vec<String> = (1..=11).map(|number| format!("{{{{c{number}::x")).collect();
        assert_eq!(found(&(nested.concat() + &"}}".repeat(11))), (1..=10).collect::<Vec<u16>>());
    }

    #[test]
    fn text_outside_the_cloze_field_makes_no_cards() {
        assert_eq!(defused("a {{c1::b}} {{x}}".to_owned()), "a {&#123;c1::b}} {{x}}");
    }

    proptest! {
        #[test]
        fn defused_text_holds_no_deletion(text in r"([{}:c1,]|\{\{c1::|\PC)*") {
            prop_assert_eq!(numbers_in(&defused(text)).len(), 0);
        }
    }
}
