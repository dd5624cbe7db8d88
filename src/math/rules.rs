//! What stands for commands and environments that people use and math-core 0.7 does not read.

/// How a command with arguments is written otherwise.
pub(super) struct Rule {
    /// Its name.
    pub name: &'static str,
    /// How many arguments it takes, behind one in brackets, which counts for nothing.
    pub arguments: usize,
    /// What stands for it, with `#1` for its first argument.
    pub body: &'static str,
}

/// An environment under another name.
pub(super) struct Environment {
    /// Its name.
    pub name: &'static str,
    /// Whether something in brackets may follow, which counts for nothing.
    pub has_option: bool,
    /// Whether an argument follows, which counts for nothing.
    pub has_argument: bool,
    /// What begins it.
    pub begin: &'static str,
    /// What ends it.
    pub end: &'static str,
}

const fn environment(name: &'static str, begin: &'static str, end: &'static str) -> Environment {
    Environment { name, has_option: true, has_argument: false, begin, end }
}

const fn counted(name: &'static str, begin: &'static str, end: &'static str) -> Environment {
    Environment { name, has_option: true, has_argument: true, begin, end }
}

pub(super) const ENVIRONMENTS: &[Environment] = &[
    environment("Bmatrix*", "\\begin{Bmatrix}", "\\end{Bmatrix}"),
    environment("Vmatrix*", "\\begin{Vmatrix}", "\\end{Vmatrix}"),
    environment("bmatrix*", "\\begin{bmatrix}", "\\end{bmatrix}"),
    environment("matrix*", "\\begin{matrix}", "\\end{matrix}"),
    environment("pmatrix*", "\\begin{pmatrix}", "\\end{pmatrix}"),
    environment("vmatrix*", "\\begin{vmatrix}", "\\end{vmatrix}"),
    environment("smallmatrix", "\\begin{subarray}{cccccccccc}", "\\end{subarray}"),
    environment("smallmatrix*", "\\begin{subarray}{cccccccccc}", "\\end{subarray}"),
    environment("psmallmatrix", "\\left(\\begin{subarray}{cccccccccc}", "\\end{subarray}\\right)"),
    environment("bsmallmatrix", "\\left[\\begin{subarray}{cccccccccc}", "\\end{subarray}\\right]"),
    environment("vsmallmatrix", "\\left|\\begin{subarray}{cccccccccc}", "\\end{subarray}\\right|"),
    environment("split", "\\begin{aligned}", "\\end{aligned}"),
    counted("alignedat", "\\begin{aligned}", "\\end{aligned}"),
    counted("alignat", "\\begin{align}", "\\end{align}"),
    counted("alignat*", "\\begin{align*}", "\\end{align*}"),
    counted("xalignat", "\\begin{align}", "\\end{align}"),
    counted("xalignat*", "\\begin{align*}", "\\end{align*}"),
    environment("flalign", "\\begin{align}", "\\end{align}"),
    environment("flalign*", "\\begin{align*}", "\\end{align*}"),
    environment("eqnarray", "\\begin{array}{rcl}", "\\end{array}"),
    environment("eqnarray*", "\\begin{array}{rcl}", "\\end{array}"),
    environment("multlined", "\\begin{gathered}", "\\end{gathered}"),
    environment("lgathered", "\\begin{gathered}", "\\end{gathered}"),
    environment("rgathered", "\\begin{gathered}", "\\end{gathered}"),
];

/// Commands that hold text.
pub(super) const TEXTS: &[&str] =
    &["hbox", "mbox", "text", "textbf", "textit", "textnormal", "textrm", "textsf", "texttt", "textup"];

/// Commands that reach over all that follows in their group, or that stands before them too.
pub(super) const STYLES: &[&str] = &[
    "atop",
    "brace",
    "brack",
    "choose",
    "color",
    "displaystyle",
    "over",
    "scriptscriptstyle",
    "scriptstyle",
    "textstyle",
];

/// Letters that have a form of their own with `up` before their name.
pub(super) const UPRIGHT: &[&str] = &[
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
];

const fn rule(name: &'static str, arguments: usize, body: &'static str) -> Rule {
    Rule { name, arguments, body }
}

/// By name.
pub(super) const RULES: &[Rule] = &[
    rule("Huge", 0, ""),
    rule("LARGE", 0, ""),
    rule("Large", 0, ""),
    rule("Tiny", 0, ""),
    rule("boxed", 1, "\\begin{array}{|c|}\\hline {\\displaystyle #1}\\\\\\hline\\end{array}"),
    rule("cancelto", 2, "{\\cancel{#2}}^{#1}"),
    rule("celsius", 0, "{}^{\\circ}\\mathrm{C}"),
    rule("centernot", 0, "\\not"),
    rule("dotsb", 0, "\\cdots"),
    rule("dotsc", 0, "\\ldots"),
    rule("dotsi", 0, "\\cdots"),
    rule("dotsm", 0, "\\cdots"),
    rule("dotso", 0, "\\ldots"),
    rule("fbox", 1, "\\begin{array}{|c|}\\hline \\text{#1}\\\\\\hline\\end{array}"),
    rule("footnotesize", 0, ""),
    rule("href", 2, "{#2}"),
    rule("huge", 0, ""),
    rule("label", 1, ""),
    rule("large", 0, ""),
    rule("lparen", 0, "("),
    rule("mathchoice", 4, "{#1}"),
    rule("mathmbox", 1, "{#1}"),
    rule("mathnormal", 1, "{#1}"),
    rule("mathtip", 2, "{#1}"),
    rule("micro", 0, "\\mu"),
    rule("normalsize", 0, ""),
    rule("ohm", 0, "\\Omega"),
    rule("overunderset", 3, "\\overset{#1}{\\underset{#2}{#3}}"),
    rule("pmb", 1, "\\boldsymbol{#1}"),
    rule("pod", 1, "\\quad({#1})"),
    rule("require", 1, ""),
    rule("rparen", 0, ")"),
    rule("scriptsize", 0, ""),
    rule("small", 0, ""),
    rule("smallsetminus", 0, "\\setminus"),
    rule("smash", 1, "{#1}"),
    rule("stackbin", 2, "\\overset{#1}{#2}"),
    rule("substack", 1, "\\begin{subarray}{c}#1\\end{subarray}"),
    rule("tag", 1, "\\qquad(\\text{#1})"),
    rule("textcolor", 2, "{\\color{#1}#2}"),
    rule("textdegree", 0, "{}^{\\circ}"),
    rule("tiny", 0, ""),
    rule("varliminf", 0, "\\underline{\\lim}"),
    rule("varlimsup", 0, "\\overline{\\lim}"),
    rule("widetilde", 1, "\\tilde{#1}"),
];
