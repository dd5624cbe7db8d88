//! Finds terms that a definition list takes for a part of the definition above, because no empty line stands between.
//!
//! Knows lines, not content.

/// Where such terms start in the source of a definition list.
pub(in crate::markdown) fn swallowed(list: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut in_definition, mut at) = (false, 0);
    let mut lines = list.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let is_blank = line.trim().is_empty();
        let is_swallowed = in_definition && !is_blank && !is_definition(line) && !line.starts_with([' ', '\t']);
        if is_swallowed && lines.peek().is_some_and(|next| is_definition(next)) {
            found.push(at);
        }
        in_definition = !is_blank && (in_definition || is_definition(line));
        at += line.len();
    }
    found
}

/// Where a colon starts a line that is no definition, though the parser takes it for one: it asks for no white space behind it,
/// and `:::` closes a container, `:smile:` is a picture.
pub(in crate::markdown) fn stray_colons(text: &str) -> Vec<usize> {
    let starts_line = |at: usize| {
        let mut before = text.as_bytes().get(..at).unwrap_or_default().iter().rev();
        before.find(|byte| !matches!(byte, b' ' | b'\t' | b'>')).is_none_or(|byte| *byte == b'\n')
    };
    let colons = text.match_indices(':').map(|(at, _)| at);
    colons.filter(|at| starts_line(*at) && is_stray(&text[at + 1..])).collect()
}

/// Whether what stands behind a colon at a line's start is no definition.
fn is_stray(rest: &str) -> bool {
    let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))).unwrap_or(rest.len());
    let is_smile = rest.starts_with([')', '(', '-', 'D', '/', '|']) && name < 2;
    rest.starts_with(':') || is_smile || (name > 1 && rest[name..].starts_with(':') && !rest[name..].starts_with("::"))
}

/// Whether a line starts with a colon and white space, at most three blanks before it.
fn is_definition(line: &str) -> bool {
    let text = line.trim_start_matches(' ');
    line.len() - text.len() < 4 && text.strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_of_other_things_are_no_definitions() {
        let stray = |text| stray_colons(text);
        assert_eq!(stray("a\n:::\n> ::: tip\n  :smile: x\n:-) y\n"), [2, 8, 18, 28]);
        assert_eq!(stray("a\n: b\n:c\n:std::vec\n: :smile:\nd:\n:\n"), [0; 0]);
    }

    #[test]
    fn terms_need_an_empty_line_before_them() {
        let terms = |list: &str| -> Vec<String> {
            swallowed(list).iter().map(|at| list[*at..].lines().next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(terms("Alpha\n: first\nBeta\n: second\nGamma\n: third\n"), ["Beta", "Gamma"]);
        assert_eq!(terms("Alpha\n: first\n  Beta\n: second\n"), [""; 0]);
        assert_eq!(terms("Alpha\n: first\ngoes on\n\nBeta\n: second\n"), [""; 0]);
        assert_eq!(terms("Alpha\nBeta\n: both\n: again\n\nGamma\n: third\nDelta\r\n: d\n"), ["Delta"]);
    }
}
