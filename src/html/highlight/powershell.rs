//! Turns PowerShell into tokens: the grammars at hand have none for it.
//!
//! As `about_Parsing`, `about_Quoting_Rules` and `about_Language_Keywords` have it, as far as colours need. Linear in the code.

use super::Class;
use super::brush::Brush;
use crate::text::steps;

const KEYWORDS: &[&str] = &[
    "begin",
    "break",
    "catch",
    "class",
    "clean",
    "configuration",
    "continue",
    "data",
    "do",
    "dynamicparam",
    "else",
    "elseif",
    "end",
    "enum",
    "exit",
    "filter",
    "finally",
    "for",
    "foreach",
    "from",
    "function",
    "hidden",
    "if",
    "in",
    "param",
    "process",
    "return",
    "static",
    "switch",
    "throw",
    "trap",
    "try",
    "until",
    "using",
    "while",
];

/// Without their `-`; some of them with a letter before them that says whether case counts.
const OPERATORS: &[&str] = &[
    "and",
    "as",
    "band",
    "bnot",
    "bor",
    "bxor",
    "contains",
    "eq",
    "f",
    "ge",
    "gt",
    "in",
    "is",
    "isnot",
    "join",
    "le",
    "like",
    "lt",
    "match",
    "ne",
    "not",
    "notcontains",
    "notin",
    "notlike",
    "notmatch",
    "or",
    "replace",
    "shl",
    "shr",
    "split",
    "xor",
];

/// Paints all that the brush still sees.
pub(super) fn paint(brush: &mut Brush<'_>) {
    let mut before = None;
    while !brush.is_done() {
        let rest = brush.rest();
        let (length, class) = token(rest, before);
        before = rest.get(..length).and_then(|text| text.chars().next_back());
        brush.paint_as(length, class);
    }
}

/// The first token of a text that is not empty: how long it is, at least a character, and its class.
fn token(rest: &str, before: Option<char>) -> (usize, Option<Class>) {
    let first = rest.chars().next().unwrap_or_default();
    let is_apart = before.is_none_or(|before| before.is_whitespace() || "({[;,|=".contains(before));
    match first {
        '<' if rest.starts_with("<#") => (end_of(rest, 2, "#>"), Some(Class::Comment)),
        '#' if is_apart => (run(rest, |c| c != '\n'), Some(Class::Comment)),
        '@' if rest.starts_with("@\"") => (end_of(rest, 2, "\n\"@"), Some(Class::String)),
        '@' if rest.starts_with("@'") => (end_of(rest, 2, "\n'@"), Some(Class::String)),
        '"' | '\'' => (quoted(rest, first), Some(Class::String)),
        '$' => variable(rest),
        '[' if !before.is_some_and(|before| before.is_alphanumeric() || ")]}".contains(before)) => type_name(rest),
        '-' if is_apart => dashed(rest),
        '0'..='9' if !before.is_some_and(is_word) => {
            (run(rest, |c| c.is_ascii_alphanumeric() || c == '.'), Some(Class::Number))
        }
        first if first.is_alphabetic() || first == '_' => word(rest),
        first => (first.len_utf8(), None),
    }
}

/// Offset behind `end`, which is looked for from an offset on; where it is missing, the text's length.
fn end_of(text: &str, from: usize, end: &str) -> usize {
    steps::counted(text.get(from..).and_then(|rest| rest.find(end)).map_or(text.len(), |at| from + at + end.len()))
}

/// The length of a quoted string. Between double quotes a backtick escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '`' if quote == '"' => escaped = true,
            c if c == quote => return steps::counted(at + 1),
            _ => {}
        }
    }
    steps::counted(text.len())
}

fn variable(rest: &str) -> (usize, Option<Class>) {
    let behind = rest.get(1..).unwrap_or_default();
    if behind.starts_with('{') {
        return (end_of(rest, 1, "}"), Some(Class::Variable));
    }
    let length = run(behind, |c| is_word(c) || c == ':');
    let name = behind.get(..length).unwrap_or_default();
    let is_constant = ["true", "false", "null"].iter().any(|word| name.eq_ignore_ascii_case(word));
    let length = if length == 0 && behind.starts_with(['?', '$', '^']) { 1 } else { length };
    (1 + length, (length > 0).then_some(if is_constant { Class::Constant } else { Class::Variable }))
}

/// `[int]`, `[System.IO.File]`: the bracket is a token of its own where something else is in it.
fn type_name(rest: &str) -> (usize, Option<Class>) {
    let inner = rest.get(1..).unwrap_or_default();
    let length = run(inner, |c| is_word(c) || c == '.');
    let is_type = inner.starts_with(char::is_alphabetic)
        && inner.get(length..).is_some_and(|behind| behind.starts_with([']', '[', '(']));
    if is_type { (1 + length, Some(Class::Type)) } else { (1, None) }
}

/// An operator or a parameter's name.
fn dashed(rest: &str) -> (usize, Option<Class>) {
    let behind = rest.get(1..).unwrap_or_default();
    let length = run(behind, is_word);
    let name = behind.get(..length).unwrap_or_default().to_ascii_lowercase();
    let of_case = name.strip_prefix(['c', 'i']).unwrap_or(&name);
    let is_operator = OPERATORS.iter().any(|operator| *operator == name || *operator == of_case);
    let class = if is_operator { Class::Operator } else { Class::Attribute };
    (1 + length, behind.starts_with(char::is_alphabetic).then_some(class))
}

/// A keyword, or a command where its name is a verb and a noun.
fn word(rest: &str) -> (usize, Option<Class>) {
    let length = run(rest, |c| is_word(c) || c == '-');
    let name = rest.get(..length).unwrap_or_default();
    let class = if KEYWORDS.iter().any(|keyword| name.eq_ignore_ascii_case(keyword)) {
        Some(Class::Keyword)
    } else {
        name.trim_end_matches('-').contains('-').then_some(Class::Function)
    };
    (length, class)
}

fn run(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    steps::counted(text.find(|c| !is_in(c)).unwrap_or(text.len()))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Token;
    use super::*;

    fn tokens(code: &str) -> Vec<Token> {
        let mut brush = Brush::new(code);
        paint(&mut brush);
        brush.finish()
    }

    fn classes(code: &str) -> Vec<(&str, &'static str)> {
        let mut at = 0;
        let pieces = tokens(code).into_iter().filter_map(|token| {
            let piece = code.get(at..token.end).unwrap();
            at = token.end;
            token.class.map(|class| (piece, class.name().trim_start_matches("hl-")))
        });
        pieces.collect()
    }

    #[test]
    fn scripts_have_colours() {
        let code = "<# a\nb #>\nfunction Get-Sum([int]$a) { # c\n  if ($a -ceq 0x1F) { return $null }\n}\n";
        let expected = [
            ("<# a", "comment"),
            ("b #>", "comment"),
            ("function", "keyword"),
            ("Get-Sum", "function"),
            ("[int", "type"),
            ("$a", "variable"),
            ("# c", "comment"),
            ("if", "keyword"),
            ("$a", "variable"),
            ("-ceq", "operator"),
            ("0x1F", "number"),
            ("return", "keyword"),
            ("$null", "constant"),
        ];
        assert_eq!(classes(code), expected);
        let code =
            "$env:PATH = \"a`\" $b\" + 'c''d'\nls -Path C:\\x#y | % { $_.Name; $x[0]; ${a b} }\n$t = @\"\nq\"\n\"@";
        let expected = [
            ("$env:PATH", "variable"),
            ("\"a`\" $b\"", "string"),
            ("'c''d'", "string"),
            ("-Path", "attribute"),
            ("$_", "variable"),
            ("$x", "variable"),
            ("0", "number"),
            ("${a b}", "variable"),
            ("$t", "variable"),
            ("@\"", "string"),
            ("q\"", "string"),
            ("\"@", "string"),
        ];
        assert_eq!(classes(code), expected);
    }

    proptest! {
        #[test]
        fn tokens_cover_any_text(pieces in prop::collection::vec(prop::sample::select(vec![
            "<#", "#>", "#", "@\"", "\n\"@", "'", "\"", "`", "$", "${", "}", "$a:b", "[", "]", "[a.b]", "-", "-eq", "-Path", "1e5",
            "é", "Get-Item", "if", " ", "\n", "\r\n", "\u{1F600}", ".", "_",
        ]), 0..30)) {
            let code = pieces.concat();
            let found = tokens(&code);
            prop_assert!(found.iter().all(|token| code.is_char_boundary(token.end)));
            prop_assert!(found.is_sorted_by_key(|token| token.end));
            prop_assert_eq!(found.last().map_or(0, |token| token.end), code.len());
        }
    }
}
