//! Turns TeX as people write it into TeX that math-core reads: commands that an author defined, commands and environments
//! that it lacks and that others can stand for, formulas in text, chemistry.
//!
//! Knows the names of commands, not what they look like. What it does not know stays as it is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::chemistry;
use super::macros::{Definition, definition, expand, fill};
use super::rules::{ENVIRONMENTS, RULES, Rule, STYLES, TEXTS, UPRIGHT};
use super::scan::{argument, command, optional, word};
use crate::text::pairs::Pairs;

/// The TeX as math-core reads it.
pub(super) fn translate(tex: &str) -> Cow<'_, str> {
    if !tex.contains('\\') || !words(tex).any(is_known) {
        return Cow::Borrowed(tex);
    }
    let mut translator = Translator { defined: BTreeMap::new(), left: MOST_BYTES, depth: 0 };
    let mut out = String::with_capacity(tex.len() + 16);
    match translator.run(tex, &mut out) {
        Some(()) if out != tex => Cow::Owned(out),
        Some(()) | None => Cow::Borrowed(tex),
    }
}

/// How much a formula may become: what an author defines may double it again and again.
const MOST_BYTES: usize = 64 * 1024;
/// How deep commands may stand in what others are made of, and arguments in each other.
const MOST_DEPTH: usize = 40;

/// The names of the commands in a formula.
fn words(tex: &str) -> impl Iterator<Item = &str> {
    let mut rest = tex;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once('\\')?;
        let name = word(behind);
        rest = behind.get(name.len().max(behind.chars().next().map_or(0, char::len_utf8))..)?;
        Some(name)
    })
}

/// Whether a command is not left to math-core as it is.
fn is_known(name: &str) -> bool {
    rule(name).is_some()
        || ["begin", "ce", "pu", "mathop", "verb", "root", "unicode", "Braket", "let"].contains(&name)
        || TEXTS.contains(&name)
        || upright(name).is_some()
        || super::macros::defines(name)
}

fn rule(name: &str) -> Option<&'static Rule> {
    RULES.binary_search_by(|rule| rule.name.cmp(name)).ok().and_then(|index| RULES.get(index))
}

/// The letter of Greek that `\upalpha` and its like set upright.
fn upright(name: &str) -> Option<&str> {
    name.strip_prefix("up").filter(|letter| UPRIGHT.contains(letter))
}

/// The cells of a table are cut at `&` and `\\`, and a command for the style of what follows ends with its cell.
struct Cell {
    /// Where it starts in what was written.
    start: usize,
    /// Whether something in it reaches over all that follows, or what stands before.
    is_group: bool,
}

struct Translator {
    defined: BTreeMap<String, Definition>,
    /// Bytes that may yet be written.
    left: usize,
    depth: usize,
}

impl Translator {
    /// Translates a piece that stands on its own: a formula, or an argument. `None` where it grows too large or too deep.
    fn run(&mut self, tex: &str, out: &mut String) -> Option<()> {
        self.depth += 1;
        // What is longer than all that may be written is not read through for each mark in it.
        if self.depth > MOST_DEPTH || tex.len() > MOST_BYTES {
            return None;
        }
        // One for each environment that is open in this piece.
        let mut cells: Vec<Cell> = Vec::new();
        // How many braces are open in each of them.
        let mut braces: Vec<usize> = vec![0];
        let pairs = Pairs::of(tex);
        let mut rest = tex;
        while let Some(first) = rest.chars().next() {
            let (name, behind) = command(rest);
            if !name.is_empty() {
                rest = self.command(name, behind, &pairs, out, &mut cells, &mut braces)?;
                continue;
            }
            let length =
                if first == '\\' { 1 + behind.chars().next().map_or(0, char::len_utf8) } else { first.len_utf8() };
            let (piece, behind) = rest.split_at_checked(length)?;
            let is_flat = braces.last() == Some(&0);
            match piece {
                "{" => *braces.last_mut()? += 1,
                "}" => *braces.last_mut()? = braces.last()?.saturating_sub(1),
                "&" | "\\\\" if is_flat => close_cell(out, cells.last_mut(), piece.len()),
                _ => {}
            }
            self.push(piece, out)?;
            rest = behind;
        }
        self.depth -= 1;
        Some(())
    }

    fn push(&mut self, piece: &str, out: &mut String) -> Option<()> {
        self.left = self.left.checked_sub(piece.len())?;
        out.push_str(piece);
        Some(())
    }

    /// Writes a command and what belongs to it; returns what stands behind.
    fn command<'t>(
        &mut self,
        name: &'t str,
        behind: &'t str,
        pairs: &Pairs<'t>,
        out: &mut String,
        cells: &mut Vec<Cell>,
        braces: &mut Vec<usize>,
    ) -> Option<&'t str> {
        if let Some(found) = self.defined.get(name) {
            let (text, behind) = expand(found, behind, pairs, self.left)?;
            self.left = self.left.checked_sub(text.len())?;
            self.run(&text, out)?;
            return Some(behind);
        }
        if let Some((name, defined, behind)) = definition(name, behind, pairs, |name| self.defined.get(name).cloned()) {
            self.defined.insert(name, defined);
            return Some(behind);
        }
        match name {
            "begin" | "end" => return self.environment(name == "begin", behind, pairs, out, cells, braces),
            "ce" | "pu" => {
                if let Some((inner, behind)) = argument(behind, pairs) {
                    let text = if name == "ce" {
                        chemistry::equation(inner, MOST_DEPTH - self.depth)?
                    } else {
                        chemistry::quantity(inner)
                    };
                    self.push(&text, out)?;
                    return Some(behind);
                }
            }
            _ if TEXTS.contains(&name) => {
                if let Some((inner, behind)) = argument(behind, pairs) {
                    self.text(name, inner, out)?;
                    return Some(behind);
                }
            }
            _ => {}
        }
        if STYLES.contains(&name)
            && braces.last() == Some(&0)
            && let Some(cell) = cells.last_mut()
        {
            cell.is_group = true;
        }
        if let Some((text, behind)) = special(name, behind, pairs) {
            self.run(&text, out)?;
            return Some(behind);
        }
        if let Some(letter) = upright(name) {
            self.push(&format!("\\mathrm{{\\{letter}}}"), out)?;
            return Some(behind);
        }
        // Within an environment math-core numbers lines itself.
        let is_numbered = matches!(name, "label" | "tag") && !cells.is_empty();
        if let Some(rule) = rule(name).filter(|_| !is_numbered)
            && let Some((text, behind)) = apply(rule, behind, pairs)
        {
            self.run(&text, out)?;
            return Some(behind);
        }
        self.push("\\", out)?;
        self.push(name, out)?;
        Some(behind)
    }

    /// `\begin{…}` and `\end{…}` with the name that math-core knows it by.
    fn environment<'t>(
        &mut self,
        begins: bool,
        behind: &'t str,
        pairs: &Pairs<'t>,
        out: &mut String,
        cells: &mut Vec<Cell>,
        braces: &mut Vec<usize>,
    ) -> Option<&'t str> {
        let Some((name, mut behind)) = argument(behind, pairs) else {
            self.push(if begins { "\\begin" } else { "\\end" }, out)?;
            return Some(behind);
        };
        let known = ENVIRONMENTS.iter().find(|environment| environment.name == name);
        if !begins {
            close_cell(out, cells.last_mut(), 0);
            cells.pop();
            if braces.len() > 1 {
                braces.pop();
            }
            let end = known.map_or_else(|| format!("\\end{{{name}}}"), |known| known.end.to_owned());
            self.push(&end, out)?;
            return Some(behind);
        }
        if let Some(known) = known {
            if known.has_option {
                behind = optional(behind, pairs).map_or(behind, |(_, behind)| behind);
            }
            if known.has_argument {
                behind = argument(behind, pairs).map_or(behind, |(_, behind)| behind);
            }
            self.push(known.begin, out)?;
        } else {
            self.push(&format!("\\begin{{{name}}}"), out)?;
            if name == "array"
                && let Some((columns, rest)) = argument(behind, pairs)
            {
                behind = rest;
                self.push(&format!("{{{}}}", plain_columns(columns)), out)?;
            }
        }
        cells.push(Cell { start: out.len(), is_group: false });
        braces.push(0);
        Some(behind)
    }

    /// Text, in which dollars hold formulas, and which takes marks of TeX's for themselves as MathJax does.
    fn text(&mut self, name: &str, inner: &str, out: &mut String) -> Option<()> {
        let name = match name {
            "mbox" | "hbox" | "textnormal" | "textup" | "fbox" => "text",
            name => name,
        };
        self.push("{", out)?;
        for (index, piece) in unescaped_split(inner, '$').enumerate() {
            if index % 2 == 1 {
                self.run(piece, out)?;
            } else if !piece.is_empty() {
                let escaped = escape_text(piece);
                self.push(&format!("\\{name}{{{escaped}}}"), out)?;
            }
        }
        self.push("}", out)
    }
}

/// Commands whose arguments have a form of their own: what stands for one of them, and what stands behind it.
fn special<'t>(name: &str, behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    match name {
        "verb" => verbatim(behind),
        "root" => root(behind, pairs),
        "unicode" => code_point(behind, pairs),
        "Braket" => {
            let (inner, behind) = argument(behind, pairs)?;
            Some((format!("\\left\\langle {} \\right\\rangle", inner.replace('|', "\\middle| ")), behind))
        }
        "mathop" => limits(behind, pairs),
        _ => None,
    }
}

/// Puts a cell into braces where it is to be a group; `mark` bytes stand between it and the next one.
fn close_cell(out: &mut String, cell: Option<&mut Cell>, mark: usize) {
    let Some(cell) = cell else { return };
    if cell.is_group && out.is_char_boundary(cell.start) {
        // What `\hline` and its like draw stands before the cell.
        let content = out.split_off(cell.start);
        let lines = content.len() - without_lines(&content).len();
        let (lines, content) = content.split_at_checked(lines).unwrap_or(("", &content));
        let _ = write!(out, "{lines}{{{content}}}");
    }
    *cell = Cell { start: out.len() + mark, is_group: false };
}

/// A row without the lines that are drawn above it.
fn without_lines(row: &str) -> &str {
    let mut rest = row.trim_start();
    while let Some(behind) = rest.strip_prefix("\\hline").or_else(|| rest.strip_prefix("\\hdashline")) {
        rest = behind.trim_start();
    }
    rest
}

/// The text of a rule with its arguments.
fn apply<'t>(rule: &Rule, behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    let mut behind = behind;
    if rule.arguments > 0 {
        behind = behind.strip_prefix('*').unwrap_or(behind);
        behind = optional(behind, pairs).map_or(behind, |(_, behind)| behind);
    }
    let mut given: Vec<&str> = Vec::with_capacity(rule.arguments);
    for _ in 0..rule.arguments {
        let (inner, rest) = argument(behind, pairs)?;
        given.push(inner);
        behind = rest;
    }
    let mut text = fill(rule.body, &given, usize::MAX)?;
    // A command that ends there must not become one with the letters behind.
    if rule.arguments == 0 && text.ends_with(|c: char| c.is_ascii_alphabetic()) {
        text.push(' ');
    }
    Some((text, behind))
}

/// The columns of an array without what stands between or before them.
fn plain_columns(columns: &str) -> String {
    let pairs = Pairs::of(columns);
    let mut plain = String::new();
    let mut rest = columns;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        let skipped = argument(behind, &pairs).map(|(_, behind)| behind);
        rest = match (first, skipped) {
            ('@' | '!' | '>' | '<', Some(skipped)) => skipped,
            ('p' | 'm' | 'b', Some(skipped)) => {
                plain.push('l');
                skipped
            }
            (other, _) => {
                plain.push(other);
                behind
            }
        };
    }
    plain
}

/// The pieces of a text between the marks in it that no backslash stands before.
fn unescaped_split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c: char| {
        let is_mark = c == mark && !escaped;
        escaped = c == '\\' && !escaped;
        is_mark
    })
}

/// Text with what math-core takes for marks in it as characters.
fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_escaped = false;
    for character in text.chars() {
        match character {
            '_' | '%' | '#' | '&' if !is_escaped => out.extend(['\\', character]),
            '^' if !is_escaped => out.push('ˆ'),
            '^' => {
                out.pop();
                out.push('ˆ');
            }
            _ => out.push(character),
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    out
}

/// `\verb|x|`.
fn verbatim(behind: &str) -> Option<(String, &str)> {
    let mark = behind.chars().next().filter(|mark| !mark.is_alphanumeric() && *mark != '{')?;
    let inner = behind.get(mark.len_utf8()..)?;
    // What TeX takes for itself ends the search: so many of these cost no more than one.
    let end = inner.find(|c: char| c == mark || "\\{}^~$".contains(c))?;
    let (plain, behind) = inner.split_at_checked(end)?;
    Some((format!("\\texttt{{{plain}}}"), behind.strip_prefix(mark)?))
}

/// `\root 3 \of x`.
fn root<'t>(behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    // The next root ends the search: so many of these cost no more than one.
    let ends =
        |at: &usize| behind.get(*at..).is_some_and(|rest| rest.starts_with("\\of") || rest.starts_with("\\root"));
    let (degree, behind) = behind.split_at_checked(behind.match_indices('\\').map(|(at, _)| at).find(ends)?)?;
    let (inner, behind) = argument(behind.strip_prefix("\\of")?, pairs)?;
    Some((format!("\\sqrt[{}]{{{inner}}}", degree.trim()), behind))
}

/// `\unicode{x41}`.
fn code_point<'t>(behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    let (number, behind) = argument(optional(behind, pairs).map_or(behind, |(_, behind)| behind), pairs)?;
    let number = match number.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    let character = char::from_u32(number.ok()?).filter(|c| !c.is_control() && !"\\{}^_%#&$~".contains(*c))?;
    Some((character.to_string(), behind))
}

/// `\mathop{…}\limits_a^b`: math-core has limits at its own operators alone.
fn limits<'t>(behind: &'t str, pairs: &Pairs<'t>) -> Option<(String, &'t str)> {
    let (inner, behind) = argument(behind, pairs)?;
    let mut rest = behind.trim_start().strip_prefix("\\limits")?.trim_start();
    let mut scripts = Vec::new();
    while let Some(first) = rest.chars().next().filter(|first| matches!(first, '_' | '^')) {
        let (script, behind) = argument(rest.get(1..)?, pairs)?;
        scripts.push((if first == '_' { "underset" } else { "overset" }, script));
        rest = behind.trim_start();
    }
    let mut text = String::new();
    for (name, script) in scripts.iter().rev() {
        let _ = write!(text, "\\{name}{{{script}}}{{");
    }
    let _ = write!(text, "{{{inner}}}{}", "}".repeat(scripts.len()));
    Some((text, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::to_mathml;

    #[test]
    fn what_needs_no_translation_stays() {
        for tex in ["x^2", r"\frac{a}{b}", r"\\ \{ x \}", r"\text", "ä", r"\", r"\begin{pmatrix}1&2\\3\end{pmatrix}"] {
            assert_eq!(translate(tex), tex);
        }
    }

    #[test]
    fn rules_are_sorted_and_typeset() {
        assert!(RULES.is_sorted_by(|a, b| a.name < b.name));
        for rule in RULES {
            let tex = format!("\\{}{} =", rule.name, "{red}".repeat(rule.arguments));
            assert!(to_mathml(&tex, true).is_ok(), "{tex} → {}: {:?}", translate(&tex), to_mathml(&tex, true));
        }
        for environment in ENVIRONMENTS {
            let argument = if environment.has_argument { "{2}" } else { "" };
            let tex = format!("\\begin{{{0}}}{argument}a\\\\b\\end{{{0}}}", environment.name);
            assert!(to_mathml(&tex, true).is_ok(), "{tex} → {}: {:?}", translate(&tex), to_mathml(&tex, true));
        }
    }

    #[test]
    fn commands_become_those_that_are_read() {
        for (tex, read) in [
            (r"\substack{a\\b}", r"\begin{subarray}{c}a\\b\end{subarray}"),
            (r"\textcolor{red}{x}y", r"{\color{red}x}y"),
            (r"\textcolor{red}\alpha y", r"{\color{red}\alpha} y"),
            (r"\mbox{a $x$}", r"{\text{a }x}"),
            (r"\text{50% of a_b}", r"{\text{50\% of a\_b}}"),
            (r"\text{if $x>0$ or $y$.}", r"{\text{if }x>0\text{ or }y\text{.}}"),
            (r"\text{\$5}", r"{\text{\$5}}"),
            (r"\Large x", " x"),
            (r"\celsius", r"{}^{\circ}\mathrm{C}"),
            (r"\root 3 \of x", r"\sqrt[3]{x}"),
            (r"\verb|a+b|", r"{\texttt{a+b}}"),
            (r"\mathop{foo}\limits_{x}^2 y", r"\overset{2}{\underset{x}{{foo}}}y"),
            (r"\unicode{x41}", "A"),
            (r"\upalpha x", r"\mathrm{\alpha} x"),
            (r"\begin{align}x\tag{1}\label{a}\end{align}", r"\begin{align}x\tag{1}\label{a}\end{align}"),
            (r"\smallsetminus x", r"\setminus  x"),
        ] {
            assert_eq!(translate(tex), read, "{tex}");
            assert!(to_mathml(tex, true).is_ok(), "{tex}");
        }
    }

    #[test]
    fn environments_become_those_that_are_read() {
        for (tex, read) in [
            (r"\begin{split}a&=b\end{split}", r"\begin{aligned}a&=b\end{aligned}"),
            (r"\begin{alignedat}{2}a&=b\end{alignedat}", r"\begin{aligned}a&=b\end{aligned}"),
            (r"\begin{pmatrix*}[r]1&2\end{pmatrix*}", r"\begin{pmatrix}1&2\end{pmatrix}"),
            (r"\begin{array}{@{}l|p{3cm}@{}}a&b\end{array}", r"\begin{array}{l|l}a&b\end{array}"),
        ] {
            assert_eq!(translate(tex), read, "{tex}");
            assert!(to_mathml(tex, true).is_ok(), "{tex}");
        }
    }

    #[test]
    fn a_style_ends_with_its_cell() {
        for (tex, read) in [
            (
                r"\begin{cases}\displaystyle a & b \\ c & \scriptstyle d\end{cases}",
                r"\begin{cases}{\displaystyle a }& b \\ c & {\scriptstyle d}\end{cases}",
            ),
            (r"\begin{matrix}\hline a\over b & c\end{matrix}", r"\begin{matrix}\hline {a\over b }& c\end{matrix}"),
            (r"\begin{matrix}{\displaystyle a} & c\end{matrix}", r"\begin{matrix}{\displaystyle a} & c\end{matrix}"),
            (
                r"\begin{matrix}\begin{matrix}\displaystyle a&b\end{matrix}&\displaystyle c\end{matrix}",
                r"\begin{matrix}\begin{matrix}{\displaystyle a}&b\end{matrix}&{\displaystyle c}\end{matrix}",
            ),
        ] {
            assert_eq!(translate(tex), read, "{tex}");
        }
    }

    #[test]
    fn what_an_author_defines_is_put_in() {
        for (tex, read) in [
            (r"\newcommand{\R}{\mathbb{R}}\R x", r"\mathbb{R} x"),
            (r"\newcommand\R{\mathbb R}\R", r"\mathbb R"),
            (r"\renewcommand{\vec}[1]{\mathbf{#1}}\vec{x}+\vec y", r"\mathbf{x}+\mathbf{y}"),
            (r"\newcommand{\f}[2][a]{#1#2}\f{x}\f[b]{y}", r"axby"),
            (r"\def\foo#1#2{#2#1}\foo{x}y", r"yx"),
            (r"\let\a=\alpha \a", r" \alpha"),
            (r"\DeclareMathOperator*{\argmax}{arg\,max}\argmax_x", r"\operatorname*{arg\,max}_x"),
            (r"\DeclareMathOperator{\foo}{foo}\foo x", r"\operatorname{foo} x"),
        ] {
            assert_eq!(translate(tex), read, "{tex}");
            assert!(to_mathml(tex, true).is_ok(), "{tex}");
        }
    }

    #[test]
    fn no_definition_grows_without_end() {
        for tex in [
            r"\def\a{\a\a}\a".to_owned(),
            r"\def\a{\b\b}\def\b{\a}\a".to_owned(),
            (0..60).fold(r"\def\aa{xxxxxxxx}".to_owned(), |tex, _| tex + r"\let\b\aa\def\aa{\b\b}") + r"\aa",
            (b'a'..=b'y').fold(r"\def\z{}".to_owned(), |tex, name| {
                let [name, next] = [name, name + 1].map(char::from);
                tex + &format!(r"\def\{name}{{\{next}\{next}}}")
            }) + r"\a",
            format!("{}x", r"\boxed".repeat(2_000)),
            format!("{}x{}", r"\boxed{".repeat(2_000), "}".repeat(2_000)),
            r"\text{$".repeat(2_000),
            r"\begin{split}".repeat(2_000),
            r"\ce{".repeat(2_000),
            r"\def\a#1{#1#1#1#1#1#1#1#1}\a{\a{\a{\a{\a{\a{\a{x}}}}}}}".to_owned(),
            format!(r"\newcommand{{\a}}[1]{{{}}}\a{{{}}}", "#1".repeat(60_000), "x".repeat(60_000)),
            format!(r"\newcommand{{\a}}[1]{{{}}}\a{{{}}}", "#1".repeat(15_000), "x".repeat(30_000)),
            format!(r"\textcolor{{{}}}{{{}}}", "#2".repeat(15_000), "x".repeat(30_000)),
            format!(r"\ce{{{}A{}}}", "->[".repeat(20_000), "]".repeat(20_000)),
            format!(r"\ce{{{}A{}}}", "->[".repeat(2_000), "]".repeat(2_000)),
            format!(r"\ce{{{}}}", "A->".repeat(80_000)),
        ] {
            assert!(translate(&tex).len() <= MOST_BYTES.max(tex.len()) * 4);
            let _: Result<String, super::super::MathError> = to_mathml(&tex, true);
        }
    }

    #[test]
    fn scripts_stand_around_each_other_in_order() {
        assert_eq!(translate(r"\mathop{f}\limits_a^b_c x"), r"\underset{c}{\overset{b}{\underset{a}{{f}}}}x");
    }

    #[test]
    fn any_text_is_translated() {
        for tex in [
            r"\",
            r"\text{",
            r"\ce",
            r"\verb",
            r"\verb|",
            r"\root",
            r"\end{x}",
            r"\begin",
            r"\newcommand",
            r"\def\a#",
            r"\newcommand{\a}[",
            r"\textcolor{é",
            r"\mathop{é}\limits^",
            r"}}}&\\",
            r"\unicode{xD800}",
            r"\let",
            r"\let\a",
            r"\begin{array}{é@}",
            r"\substack",
            r"\begin{matrix}\displaystyle é",
            r"\^é",
            r"\text{\^é}",
        ] {
            let _: Cow<'_, str> = translate(tex);
        }
    }
}
