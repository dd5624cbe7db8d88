//! Finds what keeps Anki's MathJax from typesetting TeX of which it knows every command: braces, fences, environments and
//! scripts that do not fit together.
//!
//! Knows how pieces nest, not what they mean. What it does not find may still be wrong.

use std::ops::Range;

use crate::text::pairs::Pairs;

/// Where a formula is not well-formed: the piece that has no partner.
pub(super) fn fault(tex: &str) -> Option<Range<usize>> {
    let pairs = Pairs::of(tex);
    let mut form = Form { open: vec![Open::new(0..0, Kind::Formula)] };
    let mut at = 0;
    while let Some(rest) = tex.get(at..).filter(|rest| !rest.is_empty()) {
        let end = at + token(rest, &pairs);
        if let Some(fault) = form.take(tex, at..end) {
            return Some(fault);
        }
        at = end;
    }
    let last = form.open.pop()?;
    if last.kind == Kind::Formula { last.wants } else { Some(last.place) }
}

/// How long the command or character is that a text starts with. `pairs` are those of a text that ends with this one.
fn token<'t>(text: &'t str, pairs: &Pairs<'t>) -> usize {
    let mut rest = text;
    loop {
        let before = text.len() - rest.len();
        let Some(behind) = rest.strip_prefix('\\') else {
            return before + rest.chars().next().map_or(0, char::len_utf8);
        };
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (name, behind) = behind.split_at_checked(end).unwrap_or((behind, ""));
        let length = before + 1 + name.len();
        match name {
            "" => return length + behind.chars().next().map_or(0, char::len_utf8),
            // What stands behind these is no formula, or a delimiter, which may be a command as well.
            "left" | "right" | "middle" => rest = behind.trim_start(),
            "begin" | "end" | "text" | "mbox" | "textrm" | "textbf" | "textit" | "ce" | "pu" | "tag" | "label"
            | "verb" | "require" => return length + group(behind, pairs),
            _ => return length,
        }
    }
}

/// How long the group is that a text starts with.
fn group<'t>(text: &'t str, pairs: &Pairs<'t>) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'{' => {
                let inner = text.get(at..).and_then(|rest| pairs.braced(rest));
                return inner.map_or(0, |(inner, _)| at + inner.len() + "{}".len());
            }
            b'}' | b'*' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => return 0,
        }
    }
    0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Formula,
    Brace,
    Fence,
    Environment,
}

struct Open {
    place: Range<usize>,
    kind: Kind,
    /// Whether the last atom has a script below and above.
    scripts: [bool; 2],
    /// Whether the next group or character is a script.
    is_script: bool,
    /// Whether anything has been read in it.
    has_atom: bool,
    /// What waits for an argument yet.
    wants: Option<Range<usize>>,
    /// How many it waits for.
    missing: usize,
}

impl Open {
    fn new(place: Range<usize>, kind: Kind) -> Self {
        Self { place, kind, scripts: [false; 2], is_script: false, has_atom: false, wants: None, missing: 0 }
    }

    /// A group or character has been read.
    fn atom(&mut self) {
        self.has_atom = true;
        if self.is_script {
            self.is_script = false;
        } else {
            self.scripts = [false; 2];
        }
        self.missing = self.missing.saturating_sub(1);
        if self.missing == 0 {
            self.wants = None;
        }
    }
}

struct Form {
    /// What is open, the formula first.
    open: Vec<Open>,
}

impl Form {
    /// Takes the next token; where something is wrong with it.
    fn take(&mut self, tex: &str, place: Range<usize>) -> Option<Range<usize>> {
        let token = tex.get(place.clone())?;
        let top = self.open.last_mut()?;
        let kind = top.kind;
        if token.trim().is_empty() {
            return None;
        }
        match token {
            "{" => self.open.push(Open::new(place, Kind::Brace)),
            "}" => return self.close(Kind::Brace, place),
            "^" | "_" => {
                let index = usize::from(token == "^");
                let slot = top.scripts.get_mut(index)?;
                if *slot {
                    return Some(place);
                }
                *slot = true;
                top.is_script = true;
            }
            "&" if kind != Kind::Environment => return Some(place),
            "&" | "\\\\" => {
                top.scripts = [false; 2];
                if let Some(wants) = top.wants.take() {
                    return Some(wants);
                }
            }
            "'" => {}
            _ if token.starts_with("\\left") && is_named(token, "left") => {
                self.open.push(Open::new(place, Kind::Fence));
            }
            _ if token.starts_with("\\right") && is_named(token, "right") => return self.close(Kind::Fence, place),
            _ if token.starts_with("\\begin{") => self.open.push(Open::new(place, Kind::Environment)),
            _ if token.starts_with("\\end{") => return self.close(Kind::Environment, place),
            "\\hline" | "\\hdashline" if kind != Kind::Environment => return Some(place),
            "\\limits" | "\\nolimits" if !top.has_atom => return Some(place),
            "\\limits" | "\\nolimits" => {}
            _ if token.starts_with(breaks_mathjax) => return Some(place),
            _ => {
                let missing = match token {
                    "\\frac" | "\\dfrac" | "\\tfrac" | "\\cfrac" | "\\binom" => 2,
                    "\\sqrt" | "\\hat" | "\\vec" | "\\bar" | "\\overline" | "\\underline" | "\\mathbf" | "\\mathrm" => {
                        1
                    }
                    _ => 0,
                };
                top.atom();
                if missing > 0 {
                    (top.wants, top.missing) = (Some(place), missing);
                }
            }
        }
        None
    }

    fn close(&mut self, kind: Kind, place: Range<usize>) -> Option<Range<usize>> {
        let top = self.open.pop_if(|top| top.kind == kind);
        let Some(closed) = top else { return Some(place) };
        if closed.wants.is_some() {
            return closed.wants;
        }
        self.open.last_mut()?.atom();
        None
    }
}

/// Whether MathJax 3.2.2 gives a formula up that has a character outside of text: it has no entry for these in its list of
/// what characters are (`getRange`). Asked for each character up to U+FFFF, currencies and phonetic letters among them.
fn breaks_mathjax(character: char) -> bool {
    matches!(
        character,
        '\u{250}'..='\u{2af}'
            | '\u{1a20}'..='\u{1aaf}'
            | '\u{20a0}'..='\u{20ff}'
            | '\u{2400}'..='\u{245f}'
            | '\u{2de0}'..='\u{2dff}'
            | '\u{2fe0}'..='\u{2fef}'
            | '\u{a4a0}'..='\u{a4cf}'
            | '\u{e000}'..='\u{f8ff}'
    )
}

/// Whether a token is a command by its whole name.
fn is_named(token: &str, name: &str) -> bool {
    token.get(1 + name.len()..).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_together_is_right() {
        for tex in [
            r"x^2_3 + x_{1_2}^{3^4}",
            r"\frac12 \frac{a}b \sqrt[3]{x}",
            r"\left( x \right.",
            r"\left\{ a \middle| b \right\}",
            r"\begin{matrix}a&b\\\hline c&d\end{matrix}",
            r"\{ x \}",
            r"\text{a } b",
            r"\text{\}}",
            "x'^2",
            r"x^\frac12",
            r"\leftarrow \rightarrow",
            r"\sum\limits_{a}^b",
            r"\frac{\frac{a}{b}}{c}",
            r"x^{a}y^{b}",
            r"\int_0^1\int_0^1",
            r"\begin{align}a^2&=b^2\\&=c^2\end{align}",
            r"\text{100% & #}",
            r"\sqrt{\hat x}",
            r"5\,\text{€}",
            "日 é ∑",
            r"{}^{14}_{6}C",
            "",
        ] {
            assert_eq!(fault(tex), None, "{tex}");
        }
    }

    #[test]
    fn what_has_no_partner_is_found() {
        for (tex, wrong) in [
            ("{x", "{"),
            ("x}", "}"),
            (r"\left( x", r"\left("),
            (r"x \right)", r"\right)"),
            ("x^2^3", "^"),
            ("x_1_2", "_"),
            ("a&b", "&"),
            (r"\frac{a}", r"\frac"),
            (r"{\frac{a}}", r"\frac"),
            (r"\begin{matrix}a", r"\begin{matrix}"),
            (r"a\end{matrix}", r"\end{matrix}"),
            (r"\hline", r"\hline"),
            (r"\begin{matrix}{a&b}\end{matrix}", "&"),
            (r"\left( { \right) }", r"\right)"),
            (r"\sqrt", r"\sqrt"),
            ("5€", "€"),
            (r"\limits_x", r"\limits"),
        ] {
            assert_eq!(fault(tex).and_then(|place| tex.get(place)), Some(wrong), "{tex}");
        }
    }

    #[test]
    fn any_text_is_looked_at() {
        for tex in ["\\", "\\left", "\\left\\", "é^é", "\\begin{", "\\text{", "\\text é", "^", "\\right é", "''^"] {
            let _: Option<Range<usize>> = fault(tex);
        }
    }
}
