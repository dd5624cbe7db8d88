//! Turns chemistry as mhchem writes it (`\ce`, `\pu`) into TeX.
//!
//! Reads formulas of molecules and ions, charges, isotopes, states, bonds and arrows with what stands above and below them
//! (mhchem.github.io/MathJax-mhchem). Knows no element.

use std::fmt::Write;

use super::scan::{argument, command, optional};
use crate::text::pairs::Pairs;

/// What stands in `\ce{…}`. `depth` says how deep arrows may yet stand above each other: `None` where they stand deeper.
pub(super) fn equation(text: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let pairs = Pairs::of(text.trim());
    let mut out = String::new();
    let mut rest = text.trim();
    let mut is_start = true;
    while !rest.is_empty() {
        let (piece, behind) = match arrow(rest).filter(|_| is_start) {
            Some(found) => labelled(found, rest, &pairs, depth)?,
            None => word(rest, &pairs),
        };
        out.push_str(&piece);
        let bare = behind.trim_start();
        is_start = bare.len() < behind.len() || arrow(bare).is_some();
        if bare.len() < behind.len() && !bare.is_empty() {
            out.push_str("\\ ");
        }
        rest = bare;
    }
    Some(out)
}

/// What stands in `\pu{…}`: a number and its unit.
pub(super) fn quantity(text: &str) -> String {
    let text = text.trim();
    let end = text.find(|c: char| c.is_alphabetic() || c == '\\' || c == '°').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    let mut out = match number.trim().split_once(['e', 'E']) {
        Some((number, power)) => format!("{number}\\cdot 10^{{{power}}}"),
        None => number.trim().to_owned(),
    };
    for part in unit.split_whitespace() {
        let mut piece = String::new();
        for (index, factor) in part.split('.').enumerate() {
            piece.push_str(if index == 0 { "" } else { "\\cdot " });
            let (name, power) = factor.split_at_checked(power_start(factor)).unwrap_or((factor, ""));
            piece.push_str(&upright(name));
            if !power.is_empty() {
                let _ = write!(piece, "^{{{}}}", power.trim_matches(['^', '{', '}']));
            }
        }
        out.push_str(if out.is_empty() { "" } else { "\\," });
        out.push_str(&piece);
    }
    out
}

fn power_start(factor: &str) -> usize {
    factor.find(|c: char| c.is_ascii_digit() || c == '^' || c == '-').unwrap_or(factor.len())
}

/// A name upright; `/` and commands in it are what they are.
fn upright(name: &str) -> String {
    if name.contains('\\') || name.is_empty() { name.to_owned() } else { format!("\\mathrm{{{name}}}") }
}

/// An arrow: as it is written, what it is in TeX, and what it is where it stretches with what stands above it.
type Arrow = (&'static str, &'static str, &'static str);

/// The arrow at the start of a text.
fn arrow(text: &str) -> Option<Arrow> {
    const ARROWS: &[Arrow] = &[
        ("<=>>", "\\rightleftharpoons", ""),
        ("<<=>", "\\rightleftharpoons", ""),
        ("<=>", "\\rightleftharpoons", ""),
        ("<-->", "\\rightleftarrows", ""),
        ("<->", "\\longleftrightarrow", ""),
        ("->", "\\longrightarrow", "\\xrightarrow"),
        ("<-", "\\longleftarrow", "\\xleftarrow"),
    ];
    ARROWS.iter().find(|(mark, ..)| text.starts_with(mark)).copied()
}

/// An arrow with what stands above and below it, and what stands behind it in the text that it starts.
fn labelled<'t>(
    (mark, plain, long): Arrow,
    text: &'t str,
    pairs: &Pairs<'t>,
    depth: usize,
) -> Option<(String, &'t str)> {
    let behind = text.get(mark.len()..)?;
    let Some((above, behind)) = label(behind, pairs) else {
        return Some((format!("{plain} "), behind));
    };
    let (below, behind) = label(behind, pairs).unwrap_or(("", behind));
    let (above, below) = (equation(above, depth)?, equation(below, depth)?);
    Some(match (long.is_empty(), below.is_empty()) {
        (false, true) => (format!("{long}{{{above}}}"), behind),
        (false, false) => (format!("{long}[{below}]{{{above}}}"), behind),
        (true, true) => (format!("\\overset{{{above}}}{{{plain}}}"), behind),
        (true, false) => (format!("\\underset{{{below}}}{{\\overset{{{above}}}{{{plain}}}}}"), behind),
    })
}

/// The brackets right at the start of a text.
fn label<'t>(text: &'t str, pairs: &Pairs<'t>) -> Option<(&'t str, &'t str)> {
    if text.starts_with('[') { optional(text, pairs) } else { None }
}

/// What stands before the next blank or arrow, and what stands behind.
fn word<'t>(text: &'t str, pairs: &Pairs<'t>) -> (String, &'t str) {
    let mut word = Word { out: String::new(), rest: text, pairs, has_base: false };
    if let Some(behind) = word.alone() {
        return (word.out, behind);
    }
    word.amount();
    while !(word.rest.is_empty() || word.rest.starts_with(char::is_whitespace) || arrow(word.rest).is_some()) {
        word.step();
    }
    (word.out, word.rest)
}

struct Word<'t, 'p> {
    out: String,
    rest: &'t str,
    pairs: &'p Pairs<'t>,
    /// Whether a script would have something to stand at.
    has_base: bool,
}

impl<'t> Word<'t, '_> {
    /// A mark between blanks: what is added, what a gas or a solid does, what water clings by.
    fn alone(&mut self) -> Option<&'t str> {
        // No mark is longer: what no blank ends by then is none of them.
        const LONGEST: usize = "(^)".len();
        let mut places = self.rest.char_indices().take(LONGEST + 1);
        let end = places.find(|(_, c)| c.is_whitespace()).map_or(self.rest.len(), |(at, _)| at);
        let (mark, behind) = self.rest.split_at_checked(end)?;
        self.out.push_str(match mark {
            "+" => "{}+{}",
            "-" => "{}-{}",
            "=" => "{}={}",
            "^" | "(^)" => "\\uparrow ",
            "v" | "(v)" => "\\downarrow ",
            "*" | "." => "\\cdot ",
            _ => return None,
        });
        Some(behind)
    }

    /// How many there are, at the start.
    fn amount(&mut self) {
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '/')).unwrap_or(self.rest.len());
        let Some((number, behind)) = self.rest.split_at_checked(end).filter(|(number, _)| !number.is_empty()) else {
            return;
        };
        match number.split_once('/') {
            Some((over, under)) if !(over.is_empty() || under.is_empty()) => {
                let _ = write!(self.out, "\\tfrac{{{over}}}{{{under}}}");
            }
            Some(_) | None => self.out.push_str(number),
        }
        if !(behind.is_empty() || behind.starts_with(char::is_whitespace)) {
            self.out.push_str("\\,");
        }
        self.rest = behind;
    }

    /// The next letters, digits or mark.
    fn step(&mut self) {
        let Some(first) = self.rest.chars().next() else { return };
        let behind = self.rest.get(first.len_utf8()..).unwrap_or_default();
        if first.is_alphabetic() {
            self.letters();
        } else if first.is_ascii_digit() && self.has_base {
            let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
            let (digits, behind) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            let _ = write!(self.out, "_{{{digits}}}");
            self.rest = behind;
        } else if matches!(first, '^' | '_') {
            self.script(first, behind);
        } else if matches!(first, '+' | '-') && self.has_base && ends(behind) {
            let _ = write!(self.out, "^{{{first}}}");
            self.rest = behind;
        } else if first == '$' {
            let (inner, behind) = behind.split_once('$').unwrap_or((behind, ""));
            self.out.push_str(inner);
            (self.rest, self.has_base) = (behind, true);
        } else if first == '{' {
            let (inner, behind) = argument(self.rest, self.pairs).unwrap_or((behind, ""));
            let _ = write!(self.out, "\\text{{{inner}}}");
            (self.rest, self.has_base) = (behind, true);
        } else if first == '\\' {
            self.command(behind);
        } else {
            self.mark(first, behind);
        }
    }

    /// Elements, or a letter alone that stands for a number.
    fn letters(&mut self) {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let (letters, behind) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let is_number = letters.len() == 1 && letters.starts_with(|c: char| c.is_ascii_lowercase());
        if is_number {
            self.out.push_str(letters);
        } else {
            let _ = write!(self.out, "\\mathrm{{{letters}}}");
        }
        (self.rest, self.has_base) = (behind, true);
    }

    /// A charge, an isotope's numbers, how many there are of what stands before.
    fn script(&mut self, mark: char, behind: &'t str) {
        let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.*".contains(c))).unwrap_or(behind.len());
        let run = behind.split_at_checked(end).filter(|(run, _)| !run.is_empty());
        let found = if behind.starts_with(['{', '\\']) { argument(behind, self.pairs) } else { run };
        let (inner, behind) = found.unwrap_or(("", behind));
        // Without braces, digits and signs alone are the script, and one letter.
        let length = inner.find(|c: char| c.is_ascii_alphabetic()).filter(|_| !behind_brace(self.rest));
        let (script, left) = inner.split_at_checked(length.map_or(inner.len(), |at| at.max(1))).unwrap_or((inner, ""));
        if !self.has_base {
            self.out.push_str("{}");
            self.has_base = true;
        }
        let _ = write!(self.out, "{mark}{{{script}}}");
        let used = self.rest.len() - behind.len() - left.len();
        self.rest = self.rest.get(used..).unwrap_or_default();
    }

    /// A command of TeX's, with the argument that it has.
    fn command(&mut self, behind: &'t str) {
        let (name, rest) = command(self.rest);
        let group = self.pairs.braced(rest);
        match (name, group) {
            ("", _) => {
                let next = behind.chars().next().map_or(0, char::len_utf8);
                self.out.push('\\');
                self.out.push_str(behind.get(..next).unwrap_or_default());
                self.rest = behind.get(next..).unwrap_or_default();
            }
            (name, Some((inner, rest))) => {
                let _ = write!(self.out, "\\{name}{{{inner}}}");
                self.rest = rest;
            }
            (name, None) => {
                let _ = write!(self.out, "\\{name} ");
                self.rest = rest;
            }
        }
        self.has_base = true;
    }

    /// Brackets, bonds and what else there is.
    fn mark(&mut self, mark: char, behind: &'t str) {
        self.has_base = matches!(mark, ')' | ']');
        match mark {
            '-' => self.out.push_str("{-}"),
            '=' => self.out.push_str("{=}"),
            '#' => self.out.push_str("{\\equiv}"),
            '*' | '.' | '·' => {
                self.out.push_str("\\cdot ");
                self.rest = behind;
                return self.amount();
            }
            '}' | '&' | '%' | '~' => self.out.push_str("\\ "),
            other => self.out.push(other),
        }
        self.rest = behind;
    }
}

/// Whether a script's mark has a brace behind it.
fn behind_brace(text: &str) -> bool {
    text.get(1..).is_some_and(|behind| behind.starts_with('{'))
}

/// Whether a sign that stands before this is a charge and not a bond.
fn ends(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '^' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::to_mathml;

    #[test]
    fn chemistry_is_read() {
        for (text, tex) in [
            ("H2O", r"\mathrm{H}_{2}\mathrm{O}"),
            (
                "2H2 + O2 -> 2H2O",
                r"2\,\mathrm{H}_{2}\ {}+{}\ \mathrm{O}_{2}\ \longrightarrow \ 2\,\mathrm{H}_{2}\mathrm{O}",
            ),
            ("SO4^2-", r"\mathrm{SO}_{4}^{2-}"),
            ("Na+", r"\mathrm{Na}^{+}"),
            ("[Cu(NH3)4]^{2+}", r"[\mathrm{Cu}(\mathrm{NH}_{3})_{4}]^{2+}"),
            ("^{14}_{6}C", r"{}^{14}_{6}\mathrm{C}"),
            ("^227_90Th+", r"{}^{227}_{90}\mathrm{Th}^{+}"),
            ("A <=> B", r"\mathrm{A}\ \rightleftharpoons \ \mathrm{B}"),
            ("A ->[H2O][\\Delta] B", r"\mathrm{A}\ \xrightarrow[\Delta ]{\mathrm{H}_{2}\mathrm{O}}\ \mathrm{B}"),
            ("CO2 (g)", r"\mathrm{CO}_{2}\ (g)"),
            ("NaCl(aq)", r"\mathrm{NaCl}(\mathrm{aq})"),
            ("BaSO4 v", r"\mathrm{BaSO}_{4}\ \downarrow "),
            ("CuSO4.5H2O", r"\mathrm{CuSO}_{4}\cdot 5\,\mathrm{H}_{2}\mathrm{O}"),
            ("CH3-CH=CH#N", r"\mathrm{CH}_{3}{-}\mathrm{CH}{=}\mathrm{CH}{\equiv}\mathrm{N}"),
            ("1/2 O2", r"\tfrac{1}{2}\ \mathrm{O}_{2}"),
            ("NO_x", r"\mathrm{NO}_{x}"),
            ("$n$ H2O", r"n\ \mathrm{H}_{2}\mathrm{O}"),
        ] {
            assert_eq!(equation(text, 2).as_deref(), Some(tex), "{text}");
            assert!(to_mathml(&format!("\\ce{{{text}}}"), true).is_ok(), "{text}");
        }
    }

    #[test]
    fn quantities_are_read() {
        for (text, tex) in [
            ("123 kJ/mol", r"123\,\mathrm{kJ/mol}"),
            ("1.5 kg.m2.s-2", r"1.5\,\mathrm{kg}\cdot \mathrm{m}^{2}\cdot \mathrm{s}^{-2}"),
        ] {
            assert_eq!(quantity(text), tex, "{text}");
            assert!(to_mathml(&format!("\\pu{{{text}}}"), true).is_ok(), "{text}");
        }
    }

    #[test]
    fn any_text_is_read() {
        for text in
            ["", "^", "_", "^{", "->[", "<=>[a", "$", "{", "}", "\\", "é^é", "#", "1/", "^^", "2", "+", "a\\%b", "->->"]
        {
            let _: Option<String> = equation(text, 40);
            let _: String = quantity(text);
        }
    }

    #[test]
    fn arrows_stand_above_each_other_as_deep_as_is_given() {
        let nested = |depth| "A->[".repeat(depth) + "B" + &"]".repeat(depth);
        assert!(equation(&nested(39), 40).is_some());
        for depth in [40, 1_000, 100_000] {
            assert_eq!(equation(&nested(depth), 40), None, "{depth}");
        }
    }

    #[test]
    fn brackets_that_are_never_closed_are_text() {
        assert_eq!(
            equation("A->[B ->[C]", 40).unwrap(),
            r"\mathrm{A}\longrightarrow [\mathrm{B}\ \xrightarrow{\mathrm{C}}"
        );
        assert!(equation(&("->[".repeat(20_000) + "]"), 40).unwrap().starts_with("\\longrightarrow ["));
    }
}
