//! Knows which TeX Anki's MathJax typesets, and turns commands that it does not know into others that say the same.
//!
//! The names are those that it gave when `tests/math/run.py` asked the copy in `aqt` 26.9.3; what an author defines in a formula is
//! known in it as well.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

/// Whether Anki's MathJax knows a command, its backslash left away.
fn knows_command(name: &str) -> bool {
    COMMANDS.holds(name)
}

/// Whether Anki's MathJax knows an environment.
pub fn knows_environment(name: &str) -> bool {
    ENVIRONMENTS.holds(name)
}

/// A command as Anki's MathJax knows it, where another name says the same.
fn alias(name: &str) -> Option<&'static str> {
    ALIASES.find(name)
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
    let (mut before, mut brace) = ("", 0);
    let defines_environments = tex.contains("\\newenvironment");
    for (at, name) in commands(tex) {
        let place = at..at + 1 + name.len();
        let alias = alias(name).filter(|alias| is_command(alias) || !DELIMITED.contains(&before));
        before = name;
        if matches!(name, "begin" | "end") {
            let rest = tex.get(place.end..).unwrap_or_default();
            if rest.starts_with('{') && brace < place.end {
                brace = rest.find('}').map_or(tex.len(), |end| place.end + end);
            }
            let argument = tex.get(place.end + 1..brace).filter(|_| rest.starts_with('{') && brace < tex.len());
            if argument.is_some_and(|environment| !knows_environment(environment)) && !defines_environments {
                return Some((at..brace + 1, Fault::Unknown));
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

static COMMANDS: Names = Names::of(include_str!("commands.txt"));
static ENVIRONMENTS: Names = Names::of(include_str!("environments.txt"));
/// A name, a blank, and what says the same.
static ALIASES: Names = Names::of(include_str!("aliases.txt"));

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
fn defined(tex: &str) -> BTreeSet<&str> {
    const DEFINES: &[&str] =
        &["newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "def", "let", "gdef"];
    let mut defines = false;
    let mut names = BTreeSet::new();
    for (_, name) in commands(tex) {
        if defines {
            names.insert(name);
        }
        defines = DEFINES.contains(&name) || name.starts_with("DeclarePairedDelimiter");
    }
    names
}

fn is_command(alias: &str) -> bool {
    alias.strip_prefix('\\').is_some_and(|name| name.chars().all(|c| c.is_ascii_alphabetic()))
}

/// A list of names, one a line, each alone or before a blank and what belongs to it.
struct Names {
    lines: &'static str,
    /// As pairs, which ascend.
    pairs: OnceLock<Vec<(&'static str, &'static str)>>,
}

impl Names {
    const fn of(lines: &'static str) -> Self {
        Self { lines, pairs: OnceLock::new() }
    }

    fn holds(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// What belongs to a name.
    fn find(&self, name: &str) -> Option<&'static str> {
        let pairs = self
            .pairs
            .get_or_init(|| self.lines.lines().map(|line| line.split_once(' ').unwrap_or((line, ""))).collect());
        let found = pairs.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        pairs.get(found).map(|(_, known)| *known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        for names in [&COMMANDS, &ENVIRONMENTS, &ALIASES] {
            let keys: Vec<&str> = names.lines.lines().filter_map(|line| line.split(' ').next()).collect();
            assert!(keys.is_sorted_by(|a, b| a < b));
        }
        for line in COMMANDS.lines.lines() {
            assert!(knows_command(line), "{line}");
        }
        for line in ALIASES.lines.lines() {
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
