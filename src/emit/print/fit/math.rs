//! Turns TeX into an estimate of the room that it takes when it is typeset.
//!
//! Knows no more of TeX than what moves its width and height: upper bounds, not typesetting.

/// Width and height in em.
pub(super) fn extent(tex: &str, display: bool) -> [f32; 2] {
    let rows: Vec<&str> = tex.split("\\\\").collect();
    let width = rows.iter().map(|row| width(row)).fold(0.0, f32::max);
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
    "big",
    "Big",
    "bigl",
    "bigr",
    "quad",
];

fn width(row: &str) -> f32 {
    let (mut width, mut scale) = (0.0, 1.0);
    let mut rest = row;
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        let advance = match character {
            '\\' => {
                let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                let (name, behind) = rest.split_at(length);
                rest = behind;
                command(name)
            }
            '{' | '}' | '&' | ' ' | '~' => 0.0,
            // A script is smaller; how far it reaches is not looked at, so only one character of it is.
            '^' | '_' => {
                scale = 0.75;
                continue;
            }
            '=' | '+' | '-' | '<' | '>' | '*' | '/' => 1.1,
            _ => 0.6,
        };
        width += advance * scale;
        if advance > 0.0 {
            scale = 1.0;
        }
    }
    width
}

fn command(name: &str) -> f32 {
    match name {
        "" => 0.3,
        "quad" => 1.0,
        "qquad" => 2.0,
        name if SILENT.contains(&name) => 0.0,
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
        assert!(short < 2.0 && long > 4.0 && low < high && high < rows, "{short} {long} {low} {high} {rows}");
    }
}
