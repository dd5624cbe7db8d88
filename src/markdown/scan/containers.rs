//! Finds lines that open more quotes and lists than the parser takes in good time: at each line behind them it looks at all.
//!
//! Knows how a line opens them, not what they are.

/// How many quotes, lists and meanings a line may open. Of far fewer the content is made text, so that nobody misses them.
pub(super) const MAX_CONTAINERS: usize = 200;

/// Offsets of what makes the first marker that is too much a marker, one for each such line: the `>` itself, or the blank behind
/// another one.
pub(super) fn surplus(text: &str) -> Vec<usize> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        // Each marker takes a byte at least.
        if line.len() > MAX_CONTAINERS {
            let mut markers = Markers { line: line.as_bytes(), at: 0 };
            found.extend(markers.nth(MAX_CONTAINERS).map(|at| start + at));
        }
        start += line.len();
    }
    found
}

/// The markers at the start of a line, as the offset of what makes each a marker.
struct Markers<'a> {
    line: &'a [u8],
    at: usize,
}

impl Iterator for Markers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let rest = self.line.get(self.at..)?;
        let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
        let rest = rest.get(blanks..)?;
        let start = self.at + blanks;
        if rest.first() == Some(&b'>') {
            self.at = start + 1;
            return Some(start);
        }
        let length = match rest.first()? {
            b'-' | b'+' | b'*' | b':' => 1,
            b'0'..=b'9' => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                rest.get(digits).filter(|byte| matches!(byte, b'.' | b')'))?;
                digits + 1
            }
            _ => return None,
        };
        rest.get(length).filter(|byte| is_blank(**byte))?;
        self.at = start + length;
        Some(self.at)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_open_too_much_are_found() {
        for marker in [">", "> ", "- ", "* ", "+\t", "1. ", "23) ", ": ", " > "] {
            let fits = format!("{}x\n", marker.repeat(MAX_CONTAINERS));
            let deep = format!("{}x\n", marker.repeat(2 * MAX_CONTAINERS));
            assert!(surplus(&fits).is_empty(), "{marker:?}");
            let found = surplus(&format!("{fits}{deep}a\n{deep}"));
            assert_eq!(found.len(), 2, "{marker:?}");
            let first = found.first().copied().unwrap();
            assert_eq!((first - fits.len()) / marker.len(), MAX_CONTAINERS, "{marker:?}");
        }
        assert!(surplus(&"-".repeat(900)).is_empty());
        assert!(surplus(&"a > ".repeat(900)).is_empty());
    }
}
