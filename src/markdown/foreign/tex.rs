//! Finds TeX in text that stands between no dollars: `\ce{H2O}`, `\frac{1}{2}`, `\alpha`.
//!
//! Knows a few commands that nothing else is called: paths of Windows, regular expressions and escapes have backslashes too.

use std::ops::Range;

use crate::text::steps;

/// Commands that something in braces has to follow.
const WITH_BRACES: [&str; 22] = [
    "binom",
    "boxed",
    "ce",
    "cfrac",
    "dfrac",
    "frac",
    "mathbb",
    "mathbf",
    "mathcal",
    "mathrm",
    "mathsf",
    "operatorname",
    "overline",
    "overrightarrow",
    "pu",
    "sqrt",
    "tfrac",
    "underline",
    "vec",
    "widehat",
    "widetilde",
    "xrightarrow",
];

/// Commands with a raised or lowered sign.
const WITH_LIMITS: [&str; 5] = ["int", "lim", "oint", "prod", "sum"];

/// Commands that stand by themselves.
const ALONE: [&str; 44] = [
    "Delta",
    "Gamma",
    "Lambda",
    "Leftrightarrow",
    "Omega",
    "Phi",
    "Pi",
    "Psi",
    "Rightarrow",
    "Sigma",
    "Theta",
    "alpha",
    "approx",
    "cdot",
    "cdots",
    "chi",
    "delta",
    "epsilon",
    "equiv",
    "forall",
    "gamma",
    "geq",
    "infty",
    "kappa",
    "lambda",
    "ldots",
    "leftrightarrow",
    "leq",
    "mapsto",
    "nabla",
    "neq",
    "omega",
    "partial",
    "propto",
    "rightarrow",
    "rightleftharpoons",
    "sigma",
    "subseteq",
    "theta",
    "times",
    "varepsilon",
    "varnothing",
    "varphi",
    "zeta",
];

/// So far behind its brace what is given to a command may end, in bytes: many beginnings are not each searched to the text's end.
const LONGEST: usize = 200;

/// The TeX that a text holds, up to the end of what belongs together.
pub(in crate::markdown) fn find(text: &str) -> Option<Range<usize>> {
    let mut commands =
        text.match_indices('\\').filter(|(at, _)| stands_apart(&text[..*at]) && is_command(&text[at + 1..]));
    let (start, _) = commands.next()?;
    Some(start..start + length(&text[start..]))
}

/// Whether a command may start behind a text. In a path, an expression or a word none does.
fn stands_apart(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || "(=+-,;{}>".contains(c))
}

/// Whether what stands behind a backslash is a command that nothing else is called.
fn is_command(rest: &str) -> bool {
    let name = steps::counted(rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()));
    let (name, behind) = rest.split_at(name);
    let is_one_of = |names: &[&str]| names.contains(&name);
    let given = || behind.bytes().take(LONGEST).inspect(|_| _ = steps::counted(1));
    let has_braces = behind.starts_with('{') && given().any(|byte| byte == b'}');
    let is_bounded =
        !behind.starts_with(['\\', '/', '.', ':', '{', '*', '+', '?', '(', '[']) || behind.starts_with(". ");
    (is_one_of(&WITH_BRACES) && (has_braces || (name == "sqrt" && behind.starts_with('['))))
        || (is_one_of(&WITH_LIMITS) && behind.starts_with(['_', '^']))
        || (is_one_of(&ALONE) && is_bounded)
}

/// How long the TeX is that a text starts with: commands, what is given to them, and raised and lowered signs.
fn length(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let next = match rest.as_bytes().first() {
            Some(b'\\') => 1 + rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1).max(1),
            Some(b'{') => closing(rest, '{', '}').unwrap_or(0),
            Some(b'[') => closing(rest, '[', ']').unwrap_or(0),
            Some(b'^' | b'_') => 1 + rest[1..].chars().next().filter(|c| c.is_alphanumeric()).map_or(0, char::len_utf8),
            _ => 0,
        };
        if next == 0 || !text.is_char_boundary(at + next) {
            return at;
        }
        at += next;
    }
}

/// How long what stands between two brackets is, them included.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        steps::counted(1);
        depth = (depth + usize::from(c == open)).saturating_sub(usize::from(c == close));
        (depth == 0).then_some(at + c.len_utf8())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_tex_are_found_with_what_belongs_to_them() {
        for (text, tex) in [
            ("\\ce{H2O} is water", "\\ce{H2O}"),
            ("it is \\frac{1}{2}.", "\\frac{1}{2}"),
            ("(\\sqrt[3]{2})", "\\sqrt[3]{2}"),
            ("sum \\sum_{i=0}^n i", "\\sum_{i=0}^n"),
            ("\\alpha_1 and", "\\alpha_1"),
            ("a \\rightarrow b", "\\rightarrow"),
            ("x=\\mathbf{R}^2", "\\mathbf{R}^2"),
            ("\\frac{\\sqrt{2}}{a}", "\\frac{\\sqrt{2}}{a}"),
            ("is \\pu{5 mol}", "\\pu{5 mol}"),
            ("the angle \\theta. Then", "\\theta"),
        ] {
            assert_eq!(find(text).map(|range| &text[range]), Some(tex), "{text}");
        }
    }

    #[test]
    fn paths_expressions_and_escapes_are_no_tex() {
        for text in [
            "C:\\frac{a}",
            "C:\\Users\\alpha\\beta",
            "D:\\times\\new",
            "\\\\server\\alpha",
            "\\d{2}\\w{3}",
            "\\p{L}",
            "\\u{1F600}",
            "the \\n escape and \\t",
            "\\n{2}",
            "\\alpha\\b",
            "\\theta.exe",
            "\\delta/x",
            "\\textbf{bold}",
            "\\section{x}",
            "\\frac",
            "a\\times b",
            "\\sum of",
            "\\to",
            "\\in",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn many_beginnings_are_not_each_searched_to_the_end() {
        for (start, found) in [
            ("\\", None),
            ("\\frac", None),
            ("\\frac{", None),
            (" \\sum_", Some(1..6)),
            (" \\alpha", Some(1..7)),
            ("\\frac{}[", Some(0..7)),
        ] {
            let text = start.repeat(10_000);
            let (looked_at, tex) = steps::taken_by(|| find(&text));
            assert_eq!(tex, found, "{start}");
            assert!(looked_at <= LONGEST * text.len(), "{start}: {looked_at}");
        }
    }
}
