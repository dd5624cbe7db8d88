//! Takes the empty row away that math-core makes of a line below a table's last row (`\\ \hline` before its end), and draws
//! the line at the table.
//!
//! Knows MathML as math-core 0.7 writes it.

const LINE: &str = "border-top: 0.05em solid currentcolor;";
const END: &str = "</mtr></mtable>";

/// The MathML with lines below its tables.
pub(super) fn draw(mathml: String) -> String {
    if !mathml.contains(LINE) || !mathml.contains(END) {
        return mathml;
    }
    let mut drawn = mathml;
    let mut from = 0;
    while let Some(end) = drawn.get(from..).and_then(|rest| rest.find(END)).map(|found| from + found) {
        let row = empty_row(drawn.get(..end).unwrap_or_default());
        let table = row.and_then(|row| opening(drawn.get(..row)?).map(|table| (row, table)));
        let Some((row, table)) = table else {
            from = end + END.len();
            continue;
        };
        let (before, tag) = drawn.split_at_checked(table).unwrap_or((drawn.as_str(), ""));
        let kept = tag.get("<mtable".len()..row - table).unwrap_or_default();
        let below = LINE.replace("top", "bottom");
        let styled = match kept.strip_prefix(" style=\"") {
            Some(rest) => format!("{before}<mtable style=\"{below}{rest}"),
            None => format!("{before}<mtable style=\"{below}\"{kept}"),
        };
        from = styled.len();
        let behind = drawn.get(end + "</mtr>".len()..).unwrap_or_default();
        drawn = styled + behind;
    }
    drawn
}

/// Where the last row starts, if it is one of empty cells with a line above each.
fn empty_row(mathml: &str) -> Option<usize> {
    let start = mathml.rfind("<mtr>")?;
    let mut rest = mathml.get(start + "<mtr>".len()..)?;
    while !rest.is_empty() {
        let (style, behind) = rest.strip_prefix("<mtd style=\"")?.split_once("\"></mtd>")?;
        if !style.contains(LINE) || style.contains('<') {
            return None;
        }
        rest = behind;
    }
    mathml.get(..start).filter(|before| before.ends_with("</mtr>")).map(str::len)
}

/// Where the table starts that is open at the end.
fn opening(mathml: &str) -> Option<usize> {
    let mut closed = 0_usize;
    let mut end = mathml.len();
    loop {
        let before = mathml.get(..end)?;
        let found = before.rfind("mtable")?;
        if before.get(..found)?.ends_with("</") {
            closed += 1;
        } else if let Some(start) = found.checked_sub(1).filter(|start| before.get(*start..found) == Some("<")) {
            match closed.checked_sub(1) {
                Some(less) => closed = less,
                None => return Some(start),
            }
        }
        end = found;
    }
}

#[cfg(test)]
mod tests {
    use crate::math::to_mathml;

    #[test]
    fn a_line_below_is_no_row() {
        let rows = |tex: &str| to_mathml(tex, true).unwrap().matches("<mtr>").count();
        for (tex, expected) in [
            (r"\begin{array}{|c|}\hline a\\\hline\end{array}", 1),
            (r"\begin{array}{|c|c|}\hline a&b\\\hline c&d\\\hline\end{array}", 2),
            (r"\boxed{\begin{matrix}a\\b\end{matrix}}", 3),
            (r"\boxed{\boxed{x}}", 2),
            (r"\begin{array}{c}\begin{matrix}a\end{matrix}\\\hline\end{array}", 2),
            (r"\begin{array}{c}a\\\hline b\end{array}", 2),
            (r"\begin{array}{c}a\\b\end{array}", 2),
        ] {
            assert_eq!(rows(tex), expected, "{tex}: {}", to_mathml(tex, true).unwrap());
        }
        let mathml = to_mathml(r"\begin{array}{c}a\\\hline\end{array}", true).unwrap();
        assert!(mathml.contains("<mtable style=\"border-bottom: 0.05em solid currentcolor;\""), "{mathml}");
        let boxed = to_mathml(r"\boxed{x}", true).unwrap();
        assert_eq!(boxed.matches("border-bottom").count(), 1, "{boxed}");
    }
}
