//! Says whether the HTML of a field counts as empty in Anki.
//!
//! Knows nothing of what a browser shows: white space, `<br>` and `<div>` are nothing, all else is something.

/// Whether a field is empty to Anki.
pub fn shows_nothing(field: &str) -> bool {
    let mut rest = field;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
        if rest.is_empty() {
            return true;
        }
        let Some((tag, behind)) = rest.strip_prefix('<').and_then(|inside| inside.split_once('>')) else {
            return false;
        };
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let tag = tag.strip_suffix('/').unwrap_or(tag);
        let tag = tag.strip_suffix(' ').unwrap_or(tag);
        if !(tag.eq_ignore_ascii_case("br") || tag.eq_ignore_ascii_case("div")) {
            return false;
        }
        rest = behind;
    }
}
