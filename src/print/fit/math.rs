//! Turns TeX into an estimate of the room that it takes when it is typeset.
//!
//! Knows no more of TeX than what moves its width and height: upper bounds, not typesetting.

use crate::math::translated;

/// Width and height in em.
pub(super) fn extent(tex: &str, display: bool) -> [f32; 2] {
    let tex = translated(tex);
    let rows: Vec<&str> = tex.split("\\\\").collect();
    let width = rows.iter().map(|row| width(row, display)).fold(0.0, f32::max);
    let is_tall = TALL.iter().any(|command| tex.contains(command));
    let row = match (is_tall, display) {
        (true, true) => 2.8,
        (true, false) => 1.7,
        (false, _) => 1.4,
    };
    let height = if rows.len() == 1 { row } else { row * f32::from(rows.len().min(1_000) as u16) + 0.3 };
    [width, height]
}

/// Commands that make a line higher.
const TALL: &[&str] = &["\\frac", "\\dfrac", "\\sum", "\\int", "\\prod", "\\binom", "\\lim", "\\over", "\\underset"];

/// Commands that print nothing by themselves.
const SILENT: &[&str] = &[
    "frac",
    "dfrac",
    "tfrac",
    "left",
    "right",
    "text",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathcal",
    "mathbb",
    "begin",
    "end",
    "displaystyle",
    "textstyle",
    "limits",
    "operatorname",
    "hat",
    "bar",
    "vec",
    "dot",
    "tilde",
    "overline",
    "underline",
    "boxed",
    "mid",
    "big",
    "Big",
    "bigl",
    "bigr",
    "quad",
];

/// Commands whose scripts stand above and below them on a line of their own.
const LIMITS: &[&str] = &["sum", "prod", "lim", "max", "min", "sup", "inf", "bigcup", "bigcap"];

/// Letters.
const GREEK: &[&str] = &[
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "ell",
    "partial",
];

/// How large a script is beside what it stands at.
const SCRIPT: f32 = 0.75;

/// Groups that lie deeper are taken for a row of what is in them.
const DEEPEST: u32 = 32;

fn width(row: &str, display: bool) -> f32 {
    let mut reader = Reader { rest: row, display };
    let mut width = 0.0;
    while !reader.rest.is_empty() {
        width += reader.run(0);
        // A brace that closes nothing.
        reader.rest = reader.rest.get(1..).unwrap_or_default();
    }
    width
}

struct Reader<'a> {
    rest: &'a str,
    display: bool,
}

/// What a character, a group, or a command with what it takes, needs.
#[derive(Default)]
struct Atom {
    width: f32,
    /// Whether its scripts stand above and below it.
    has_limits: bool,
}

impl Reader<'_> {
    /// The width of what stands before the brace that closes a group.
    fn run(&mut self, depth: u32) -> f32 {
        let mut width = 0.0;
        // What scripts have to fill before they make the line longer: others, or what they stand below.
        let mut covered = 0.0;
        while let Some(character) = self.rest.chars().next().filter(|&character| character != '}') {
            if matches!(character, '^' | '_') {
                self.rest = self.rest.get(1..).unwrap_or_default();
                let script = SCRIPT * self.atom(depth).width;
                width += f32::max(script - covered, 0.0);
                covered = f32::max(covered, script);
            } else {
                let atom = self.atom(depth);
                covered = if atom.has_limits { atom.width } else { 0.0 };
                width += atom.width;
            }
        }
        width
    }

    fn atom(&mut self, depth: u32) -> Atom {
        self.rest = self.rest.trim_start();
        let Some(character) = self.rest.chars().next() else { return Atom::default() };
        self.rest = self.rest.get(character.len_utf8()..).unwrap_or_default();
        let width = match character {
            '\\' => return self.command(depth),
            '{' if depth < DEEPEST => {
                let width = self.run(depth + 1);
                self.rest = self.rest.strip_prefix('}').unwrap_or(self.rest);
                width
            }
            '&' => 1.0,
            '{' | '~' => 0.0,
            '=' | '+' | '-' | '<' | '>' | '*' | '/' => 1.1,
            '(' | ')' | '[' | ']' | ',' | '.' | '|' | '!' => 0.45,
            _ => 0.6,
        };
        Atom { width, has_limits: false }
    }

    fn command(&mut self, depth: u32) -> Atom {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, behind) = self.rest.split_at(length);
        self.rest = behind;
        let mut has_limits = self.display && LIMITS.contains(&name);
        let width = match name {
            "frac" | "dfrac" | "tfrac" | "binom" if depth < DEEPEST => {
                let [above, below] = [(); 2].map(|()| self.atom(depth + 1).width);
                above.max(below) + 0.3
            }
            "underbrace" | "overbrace" if depth < DEEPEST => {
                has_limits = true;
                self.atom(depth + 1).width
            }
            // What they are of.
            "begin" | "end" if depth < DEEPEST => 0.0 * self.atom(depth + 1).width,
            name => command(name),
        };
        Atom { width, has_limits }
    }
}

fn command(name: &str) -> f32 {
    match name {
        "" => 0.3,
        "quad" => 1.0,
        "qquad" => 2.0,
        "sum" | "prod" => 1.4,
        name if SILENT.contains(&name) => 0.0,
        name if GREEK.contains(&name) => 0.65,
        // Functions are set as words.
        "sin" | "cos" | "tan" | "log" | "ln" | "exp" | "max" | "min" | "lim" | "det" | "dim" | "gcd" => 1.9,
        _ => 1.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_and_higher_formulas_take_more_room() {
        let [short, low] = extent("a^2", false);
        let [long, _] = extent("a^2 + b^2 = c^2", false);
        let [_, high] = extent(r"\frac{a}{b}", true);
        let [_, rows] = extent(r"\begin{matrix} a \\ b \\ c \end{matrix}", true);
        let [fraction, _] = extent(r"\frac{a + b + c}{d}", true);
        let [scripts, _] = extent(r"x_{i + j}^2 {", true);
        assert!(fraction < 5.0 && scripts < 3.0, "{fraction} {scripts}");
        // Neither a brace too many nor a thousand of them do any harm.
        assert!(extent("a}b", false)[0] > 1.0 && extent(&"{".repeat(100_000), false)[0] < 1.0);
        assert!(short < 2.0 && long > 4.0 && low < high && high < rows, "{short} {long} {low} {high} {rows}");
    }
}
