//! Knows which TeX Anki's MathJax typesets, and turns commands that it does not know into others that say the same.
//!
//! The names are those that it gave when `tests/math/run.py` asked the copy in `aqt` 26.9.3; what an author defines in a formula is
//! known in it as well.

use std::borrow::Cow;
use std::ops::Range;

/// Whether Anki's MathJax knows a command, its backslash left away.
fn knows_command(name: &str) -> bool {
    holds(COMMANDS, name)
}

/// Whether Anki's MathJax knows an environment.
pub fn knows_environment(name: &str) -> bool {
    holds(ENVIRONMENTS, name)
}

/// A command as Anki's MathJax knows it, where another name says the same.
fn alias(name: &str) -> Option<&'static str> {
    let line = find(ALIASES, name, |line| line.split(' ').next().unwrap_or_default())?;
    line.get(name.len() + 1..)
}

/// TeX with the names that Anki's MathJax knows.
pub(super) fn with_known_names(tex: &str) -> Cow<'_, str> {
    if !commands(tex).any(|(_, name)| alias(name).is_some()) {
        return Cow::Borrowed(tex);
    }
    let defined = defined(tex);
    let mut out = String::with_capacity(tex.len() + 32);
    let (mut from, mut before) = (0, "");
    for (at, name) in commands(tex) {
        let is_delimiter = DELIMITED.contains(&before);
        let found = alias(name).filter(|_| !defined.contains(&name));
        if let Some(alias) = found.filter(|alias| !is_delimiter || is_command(alias)) {
            out.push_str(tex.get(from..at).unwrap_or_default());
            out.push_str(alias);
            from = at + 1 + name.len();
            // A name that ends there must not go on with the letters behind.
            let goes_on = tex.get(from..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
            if goes_on && is_command(alias) {
                out.push(' ');
            }
        }
        before = name;
    }
    out.push_str(tex.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// What of a formula Anki shows in red or as its TeX: where, and why. `tex` is as its author wrote it.
pub fn fault(tex: &str) -> Option<(Range<usize>, Fault)> {
    let defined = defined(tex);
    let mut before = "";
    for (at, name) in commands(tex) {
        let place = at..at + 1 + name.len();
        let alias = alias(name).filter(|alias| is_command(alias) || !DELIMITED.contains(&before));
        before = name;
        if matches!(name, "begin" | "end") {
            let argument =
                tex.get(place.end..).and_then(|rest| rest.strip_prefix('{')).and_then(|rest| rest.split_once('}'));
            if let Some((environment, _)) = argument.filter(|(environment, _)| !knows_environment(environment)) {
                let end = place.end + environment.len() + 2;
                if !tex.contains("\\newenvironment") {
                    return Some((at..end, Fault::Unknown));
                }
            }
        } else if !(knows_command(name) || PARTNERS.contains(&name) || alias.is_some() || defined.contains(&name)) {
            return Some((place, Fault::Unknown));
        }
    }
    // What stands in a definition is not well-formed by itself.
    let place = if defined.is_empty() { super::form::fault(tex) } else { None };
    place.map(|place| (place, Fault::Form))
}

/// Why Anki does not typeset a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its MathJax knows no such command or environment.
    Unknown,
    /// It is not well-formed.
    Form,
}

const COMMANDS: &str = include_str!("commands.txt");
const ENVIRONMENTS: &str = include_str!("environments.txt");
/// A name, a blank, and what says the same.
const ALIASES: &str = include_str!("aliases.txt");

/// What is known behind another command alone.
const PARTNERS: &[&str] = &["endtoggle", "of"];

/// Commands that a delimiter follows.
const DELIMITED: &[&str] = &[
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr",
    "Biggr", "bigm", "Bigm", "biggm", "Biggm",
];

/// The commands of a formula whose names are letters, with the places of their backslashes.
pub(super) fn commands(tex: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += tex.get(at..)?.find('\\')?;
            let behind = tex.get(at + 1..)?;
            let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
            let place = at;
            at += 1 + end.max(behind.chars().next().map_or(0, char::len_utf8));
            if end > 0 {
                return Some((place, behind.get(..end)?));
            }
        }
    })
}

/// The names that a formula defines.
fn defined(tex: &str) -> Vec<&str> {
    const DEFINES: &[&str] =
        &["newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "def", "let", "gdef"];
    let mut defines = false;
    let mut names = Vec::new();
    for (_, name) in commands(tex) {
        if defines {
            names.push(name);
        }
        defines = DEFINES.contains(&name) || name.starts_with("DeclarePairedDelimiter");
    }
    names
}

fn is_command(alias: &str) -> bool {
    alias.strip_prefix('\\').is_some_and(|name| name.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether one of the lines, which ascend, is the name.
fn holds(lines: &str, name: &str) -> bool {
    find(lines, name, |line| line).is_some()
}

/// The line of those, which ascend by their keys, that has a key.
fn find<'t>(lines: &'t str, name: &str, key: impl Fn(&str) -> &str) -> Option<&'t str> {
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = lines.floor_char_boundary(low.midpoint(high));
        let start = lines.get(low..middle)?.rfind('\n').map_or(low, |end| low + end + 1);
        let end = lines.get(start..)?.find('\n').map_or(lines.len(), |end| start + end);
        let line = lines.get(start..end)?;
        match key(line).cmp(name) {
            std::cmp::Ordering::Equal => return Some(line),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        for lines in [COMMANDS, ENVIRONMENTS, ALIASES] {
            let keys: Vec<&str> = lines.lines().filter_map(|line| line.split(' ').next()).collect();
            assert!(keys.is_sorted_by(|a, b| a < b));
        }
        for line in COMMANDS.lines() {
            assert!(knows_command(line), "{line}");
        }
        for line in ALIASES.lines() {
            let (name, known) = line.split_once(' ').unwrap();
            assert_eq!(alias(name), Some(known));
            assert!(!knows_command(name), "{name}");
            assert_eq!(fault(&format!("x{known} x")), None, "{known}");
        }
        for name in ["", "a", "zzzz", "R", "argmax", "frac ", "fra"] {
            assert!(!knows_command(name), "{name}");
        }
        assert!(knows_command("frac") && knows_environment("align*") && !knows_environment("foo"));
    }

    #[test]
    fn other_names_say_the_same() {
        for (tex, known) in [
            (r"x \in \R^n", r"x \in \mathbb{R}^n"),
            (r"\bm x\bm{y}", r"\boldsymbol x\boldsymbol{y}"),
            (r"\isin\R", r"\in\mathbb{R}"),
            (r"\left\lang x\right\rang", r"\left\langle x\right\rangle"),
            (r"\left\llbracket x", r"\left\llbracket x"),
            (r"\newcommand{\R}{x}\R", r"\newcommand{\R}{x}\R"),
            (r"\\R \frac{a}{b}", r"\\R \frac{a}{b}"),
        ] {
            assert_eq!(with_known_names(tex), known);
        }
    }

    #[test]
    fn what_stands_red_is_found() {
        let wrong = |tex: &'static str| fault(tex).map(|(place, fault)| (tex.get(place).unwrap(), fault));
        assert_eq!(wrong(r"a + \iddots"), Some((r"\iddots", Fault::Unknown)));
        assert_eq!(wrong(r"\begin{foo}x\end{foo}"), Some((r"\begin{foo}", Fault::Unknown)));
        assert_eq!(wrong(r"\left\llbracket x\right."), Some((r"\llbracket", Fault::Unknown)));
        assert_eq!(wrong(r"\left\lang x\right."), None);
        assert_eq!(wrong(r"\def\foo{x}\foo \R \\foo"), None);
    }
}
