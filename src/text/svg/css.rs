//! Turns styles into styles that ask for nothing elsewhere and run nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What old browsers ran, and what no style of a drawing has.
const RUN: [&str; 8] =
    ["expression(", "-moz-binding", "behavior", "behaviour", "javascript:", "vbscript:", "image-set(", "src("];

/// The style without what leads elsewhere; `None` where it cannot be told. What leads nowhere is as it was.
pub(super) fn harmless(css: &str) -> Option<Cow<'_, str>> {
    let lower = css.to_ascii_lowercase();
    if !lower.contains("url") && !lower.contains(['\\', '@']) && !RUN.iter().any(|word| lower.contains(word)) {
        return Some(Cow::Borrowed(css));
    }
    // A word may be written with backslashes, and be none because of a comment.
    if lower.contains('\\') || RUN.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let mut out = String::with_capacity(css.len());
    let mut from = 0;
    let leads: BTreeMap<usize, &str> = ["url(", "@import"].iter().flat_map(|word| lower.match_indices(word)).collect();
    for (at, word) in leads {
        let end = at + word.len();
        out.push_str(css.get(from..at)?);
        from = end;
        // An at-rule that nobody knows is passed over, and what it would ask for with it.
        out.push_str(if word == "@import" { "@not-import" } else { css.get(at..end)? });
        if word == "url(" && !is_within(lower.get(end..)?) {
            let address = css.get(end..)?;
            let quote = address.len() - address.trim_start_matches(before_address).len();
            out.push_str(address.get(..quote)?);
            out.push('#');
            from = end + quote;
        }
    }
    out.push_str(css.get(from..)?);
    Some(if out == css { Cow::Borrowed(css) } else { Cow::Owned(out) })
}

/// Whether an address is a part of the drawing, a picture or a font in it.
fn is_within(address: &str) -> bool {
    let address = address.trim_start_matches(before_address);
    ["#", "data:image/", "data:font/", "data:application/font", "data:application/x-font"]
        .iter()
        .any(|start| address.starts_with(start))
}

fn before_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'')
}
