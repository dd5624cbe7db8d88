//! Turns HTML into its text as Anki's filters take it: by a look for `<` and `>`, and not as a browser reads it.
//!
//! Knows nothing of cards.

/// What begins with the one and reaches to the other, or is a tag alone where the other does not come.
const REACHING: [(&str, &str); 3] = [("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")];

/// Without comments, styles, scripts and tags; entities stay.
pub fn stripped(html: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    // What does not end any more is not looked for again: texts may be long.
    let mut ends = [true; 3];
    while let Some((before, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        let Some(behind) = reaching(from, &mut ends).or_else(|| Some(from.split_once('>')?.1)) else {
            rest = from;
            break;
        };
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// What stands behind the comment, style or script that a text begins with.
fn reaching<'a>(html: &'a str, ends: &mut [bool; 3]) -> Option<&'a str> {
    REACHING.iter().zip(ends).find_map(|((start, end), ends)| {
        let begins = *ends && html.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
        let inside = html.get(start.len()..).filter(|_| begins)?;
        let inside = if *end == "-->" { inside } else { inside.split_once('>')?.1 };
        let behind = behind(inside, end);
        *ends = behind.is_some();
        behind
    })
}

/// What stands behind a word, whatever its case.
fn behind<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let is_there = |at: &usize| {
        text.as_bytes().get(*at..*at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    let first = word.chars().next()?;
    let at = text.match_indices(first).map(|(at, _)| at).find(is_there)?;
    text.get(at + word.len()..)
}

/// Without tags in formulas, where MathJax would stop at them.
pub fn without_tags_in_formulas(html: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, from)) = bracket(rest, ['(', '[']) {
        out.push_str(before);
        let (mark, inside) = from.split_at_checked(2).unwrap_or((from, ""));
        out.push_str(mark);
        let Some((inside, from)) = bracket(inside, [')', ']']) else {
            rest = inside;
            break;
        };
        out.push_str(&stripped(inside));
        let (mark, behind) = from.split_at_checked(2).unwrap_or((from, ""));
        out.push_str(mark);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What stands before a backslash that one of two brackets follows, and the rest.
fn bracket(text: &str, brackets: [char; 2]) -> Option<(&str, &str)> {
    let mut marks = text.match_indices('\\').map(|(at, _)| at);
    let at = marks.find(|at| text.get(at + 1..).is_some_and(|behind| behind.starts_with(brackets)))?;
    text.split_at_checked(at)
}
