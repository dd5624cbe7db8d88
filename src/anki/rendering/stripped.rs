//! Turns HTML into its text as Anki's filters take it: by a look for `<` and `>`, and not as a browser reads it.
//!
//! Knows nothing of cards.

/// Without comments, styles, scripts and tags; entities stay.
pub fn stripped(html: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        let behind = ["style", "script"].into_iter().find_map(|name| element(from, name));
        let comment = from.strip_prefix("<!--").and_then(|inside| Some(inside.split_once("-->")?.1));
        let Some(behind) = comment.or(behind).or_else(|| Some(from.split_once('>')?.1)) else {
            rest = from;
            break;
        };
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// What stands behind an element of this name that a text begins with.
fn element<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let is_named = html.get(1..=name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let (_, inside) = html.split_once('>').filter(|_| is_named)?;
    let end = format!("</{name}>");
    let at = inside.to_ascii_lowercase().find(&end)?;
    inside.get(at + end.len()..)
}

/// Without tags in formulas, where MathJax would stop at them.
pub fn without_tags_in_formulas(html: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, formula, behind)) = formula(rest) {
        out.push_str(before);
        let inside = formula.get(2..formula.len() - 2).unwrap_or_default();
        out.extend([formula.get(..2).unwrap_or_default(), &stripped(inside)]);
        out.push_str(formula.get(formula.len() - 2..).unwrap_or_default());
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What stands before the first formula, the formula with its brackets, and what stands behind it.
fn formula(html: &str) -> Option<(&str, &str, &str)> {
    let start = first(html, ["\\(", "\\["])?;
    let end = start + 2 + first(html.get(start + 2..)?, ["\\)", "\\]"])? + 2;
    Some((html.get(..start)?, html.get(start..end)?, html.get(end..)?))
}

fn first(text: &str, words: [&str; 2]) -> Option<usize> {
    words.into_iter().filter_map(|word| text.find(word)).min()
}
