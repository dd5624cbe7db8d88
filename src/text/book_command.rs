//! Finds mdBook's commands in a text, and takes of a file what they ask for.
//!
//! Source: mdBook 0.5, "mdBook-specific features", and its `links` preprocessor. Knows no files.

use std::ops::Range;

/// A command, `{{#name what}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<'t> {
    /// Where it stands, braces included.
    pub range: Range<usize>,
    /// Its name.
    pub name: &'t str,
    /// What stands behind the name.
    pub what: &'t str,
}

/// The commands of a text, in order. One behind a backslash is none, nor is one over several lines.
pub fn commands(text: &str) -> Vec<Command<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{#")).map(|start| at + start) {
        at = start + 3;
        let rest = text.get(at..).unwrap_or_default();
        let (inner, after) = rest.split_at_checked(rest.find(['\n', '}']).unwrap_or(rest.len())).unwrap_or((rest, ""));
        if !after.starts_with("}}") {
            at += inner.len();
            continue;
        }
        let (name, what) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let is_escaped = text.get(..start).is_some_and(|before| before.ends_with('\\'));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let end = at + inner.len() + 2;
        if is_name && !is_escaped {
            found.push(Command { range: start..end, name, what: what.trim() });
        }
        at = end;
    }
    found
}

/// The path of what is to be included, and which lines of it.
pub fn split_lines(what: &str) -> (&str, Lines<'_>) {
    // What follows are attributes of code.
    let what = what.split(char::is_whitespace).next().unwrap_or_default();
    let mut parts = what.splitn(3, ':');
    let path = parts.next().unwrap_or_default();
    let (first, second) = (parts.next(), parts.next());
    let lines = match (first, second) {
        (None, _) => Lines::All,
        (Some(one), None) => match one.parse() {
            Ok(line) => Lines::Range(line, Some(line)),
            Err(_) if one.is_empty() => Lines::All,
            Err(_) => Lines::Anchor(one),
        },
        (Some(from), Some(to)) => Lines::Range(from.parse().unwrap_or(1), to.parse().ok()),
    };
    (path, lines)
}

/// Which lines are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines<'t> {
    /// All.
    All,
    /// From one to another, counted from 1, both included; to the end where there is none.
    Range(usize, Option<usize>),
    /// Those between `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(&'t str),
}

impl Lines<'_> {
    /// The lines of a text, without a line end behind the last; `None` where the text has no such anchor.
    pub fn of(self, text: &str) -> Option<String> {
        let joined = |lines: Vec<&str>| Some(lines.join("\n"));
        match self {
            Self::All => joined(text.lines().collect()),
            Self::Range(from, to) => {
                let from = from.max(1);
                let count = to.map_or(usize::MAX, |to| to.saturating_add(1).saturating_sub(from));
                joined(text.lines().skip(from - 1).take(count).collect())
            }
            Self::Anchor(name) => {
                let mut lines = text.lines().skip_while(|line| anchor(line, "ANCHOR:") != Some(name));
                lines.next()?;
                let inner = lines.take_while(|line| anchor(line, "ANCHOR_END:") != Some(name));
                let is_mark = |line: &&str| ["ANCHOR:", "ANCHOR_END:"].iter().any(|mark| anchor(line, mark).is_some());
                joined(inner.filter(|line| !is_mark(line)).collect())
            }
        }
    }
}

/// The name behind a mark.
fn anchor<'l>(line: &'l str, mark: &str) -> Option<&'l str> {
    let rest = line.split_once(mark)?.1.trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}

/// Rust without the lines that documentation hides (`# use x;`), and with `##` as the `#` that it stands for; `None` where
/// nothing would be left, or nothing changes.
pub fn without_hidden(code: &str) -> Option<String> {
    let mut shown = String::with_capacity(code.len());
    for line in code.split_inclusive('\n') {
        let (indent, rest) = line.split_at_checked(line.len() - line.trim_start().len()).unwrap_or(("", line));
        match rest.strip_prefix('#') {
            Some(hidden) if hidden.trim_end_matches(['\r', '\n']).is_empty() || hidden.starts_with(' ') => {}
            Some(escaped) if escaped.starts_with('#') => shown.extend([indent, escaped]),
            Some(_) | None => shown.push_str(line),
        }
    }
    (shown != code && !shown.trim().is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_where_they_stand() {
        let found =
            |text| commands(text).into_iter().map(|found| (found.name, found.what, found.range)).collect::<Vec<_>>();
        assert_eq!(found("a {{#include x.rs:1:2}} b"), [("include", "x.rs:1:2", 2..23)]);
        assert_eq!(found("{{#title A b}}{{#toc}}"), [("title", "A b", 0..14), ("toc", "", 14..22)]);
        for text in
            ["\\{{#include x}}", "{{#include\nx}}", "{{# x}}", "{{#If x}}", "{{#include x", "{#include x}", "{{c1::#}}"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn lines_are_taken_as_mdbook_takes_them() {
        let text = "1\n// ANCHOR: a\n2\n// ANCHOR: b-c\n3\n// ANCHOR_END: b-c\n4\n// ANCHOR_END: a\n5\n";
        let taken = |what| {
            let (path, lines) = split_lines(what);
            (path, lines.of(text))
        };
        assert_eq!(taken("x.rs:1"), ("x.rs", Some("1".to_owned())));
        assert_eq!(taken("x.rs:9:"), ("x.rs", Some("5".to_owned())));
        assert_eq!(taken("x.rs::1 editable"), ("x.rs", Some("1".to_owned())));
        assert_eq!(taken("a/x.rs:a"), ("a/x.rs", Some("2\n3\n4".to_owned())));
        assert_eq!(taken("x.rs:b-c"), ("x.rs", Some("3".to_owned())));
        assert_eq!(taken("x.rs:b"), ("x.rs", None));
        assert_eq!(taken("x.rs:7:3").1, Some(String::new()));
        assert_eq!(taken("x.rs:0:1").1, Some("1".to_owned()));
        assert_eq!(taken("x:1:18446744073709551615").1.map(|text| text.len()), Some(text.len() - 1));
        assert_eq!(taken("x.rs").1.as_deref(), text.strip_suffix('\n'));
    }

    #[test]
    fn hidden_lines_are_those_of_documentation() {
        assert_eq!(
            without_hidden("# use x;\n#\nfn a() {\n    # b\n    ## c\n}\n").as_deref(),
            Some("fn a() {\n    # c\n}\n")
        );
        for shown in ["#[derive(X)]\n#![y]\n", "#a\n", "# only\n", "x\n", ""] {
            assert_eq!(without_hidden(shown), None, "{shown}");
        }
    }
}
