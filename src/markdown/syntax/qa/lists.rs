//! Takes the text of a card out of the list that it stands in: without the indentation of what stands below its tag.

use std::ops::Range;

use crate::source::{Excerpt, Source};

/// The text at a place, whose lines behind the first lose the indentation that the first of them with text has.
pub(super) fn dedented(source: &Source, range: Range<usize>) -> Excerpt {
    let mut excerpt = Excerpt::default();
    let text = source.text.get(range.clone()).unwrap_or_default();
    let (mut margin, mut at) = (None, range.start);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let cut =
            if index == 0 || line.trim().is_empty() { 0 } else { indentation.min(*margin.get_or_insert(indentation)) };
        excerpt.push(source, at + cut..at + line.len());
        at += line.len();
    }
    excerpt
}
