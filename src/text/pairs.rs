//! Turns a piece of TeX into where what opens in it closes: its braces and its brackets.
//!
//! Knows backslashes, no command. What stands behind an opening one is looked through from there; where it closes far off, or never,
//! all pairs of the text are found at once, so that many of them cost no more than the text is long.

use std::cell::OnceCell;

/// A text whose pairs are looked up.
#[derive(Debug)]
pub struct Pairs<'t> {
    text: &'t str,
    braces: OnceCell<Vec<[usize; 2]>>,
    brackets: OnceCell<Vec<[usize; 2]>>,
}

impl<'t> Pairs<'t> {
    /// Looks nothing up yet.
    pub fn of(text: &'t str) -> Self {
        Self { text, braces: OnceCell::new(), brackets: OnceCell::new() }
    }

    /// What stands between the brace at the start of `rest` and the one that closes it, and behind that. `rest` is the end of the
    /// text from an offset on; a backslash before it counts for nothing.
    pub fn braced(&self, rest: &'t str) -> Option<(&'t str, &'t str)> {
        self.split(rest, [b'{', b'}'], &self.braces)
    }

    /// The same of brackets.
    pub fn bracketed(&self, rest: &'t str) -> Option<(&'t str, &'t str)> {
        self.split(rest, [b'[', b']'], &self.brackets)
    }

    fn split(&self, rest: &'t str, signs: [u8; 2], found: &OnceCell<Vec<[usize; 2]>>) -> Option<(&'t str, &'t str)> {
        let [open, _] = signs;
        if rest.bytes().next()? != open {
            return None;
        }
        let near = rest.as_bytes().get(..NEAR).unwrap_or(rest.as_bytes());
        let end = first(near, signs).or_else(|| {
            let start = self.text.len().checked_sub(rest.len())?;
            let pairs = found.get_or_init(|| pairs(self.text.as_bytes(), signs));
            let index = pairs.binary_search_by_key(&start, |[open, _]| *open).ok()?;
            pairs.get(index).map(|[_, close]| close - start)
        })?;
        Some((rest.get(1..end)?, rest.get(end + 1..)?))
    }
}

/// Nearly all that opens closes within so many bytes.
const NEAR: usize = 64;

/// Where what a text starts with is closed.
fn first(text: &[u8], [open, close]: [u8; 2]) -> Option<usize> {
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, byte) in text.iter().enumerate() {
        if is_escaped {
            is_escaped = false;
        } else if *byte == b'\\' {
            is_escaped = true;
        } else if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Where each opens and closes, in the order of the first. What has no partner is none of them.
fn pairs(text: &[u8], [open, close]: [u8; 2]) -> Vec<[usize; 2]> {
    let (mut pairs, mut opened, mut is_escaped) = (Vec::new(), Vec::new(), false);
    for (at, byte) in text.iter().enumerate() {
        if is_escaped {
            is_escaped = false;
        } else if *byte == b'\\' {
            is_escaped = true;
        } else if *byte == open {
            opened.push(at);
        } else if *byte == close {
            pairs.extend(opened.pop().map(|open| [open, at]));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "the texts are ASCII")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_open_closes_where_it_is_alone() {
        let text = r"a{b{\}}c}[]{";
        let pairs = Pairs::of(text);
        assert_eq!(pairs.braced(&text[1..]), Some((r"b{\}}c", "[]{")));
        assert_eq!(pairs.braced(&text[3..]), Some((r"\}", "c}[]{")));
        assert_eq!(pairs.bracketed(&text[9..]), Some(("", "{")));
        assert_eq!(pairs.braced(&text[11..]), None);
        assert_eq!(pairs.braced(text), None);
    }

    proptest! {
        /// Far off as near by: the table says what looking through the text says.
        #[test]
        fn the_table_says_what_looking_says(text in r"([{}\[\]]|\\[{}\[\]\\a]|a{1,40}){0,60}") {
            let found = Pairs::of(&text);
            let mut is_escaped = false;
            for (at, byte) in text.bytes().enumerate() {
                let rest = &text[at..];
                if !is_escaped && byte == b'{' {
                    let end = first(rest.as_bytes(), [b'{', b'}']);
                    prop_assert_eq!(found.braced(rest), end.map(|end| (&rest[1..end], &rest[end + 1..])));
                }
                if !is_escaped && byte == b'[' {
                    let end = first(rest.as_bytes(), [b'[', b']']);
                    prop_assert_eq!(found.bracketed(rest), end.map(|end| (&rest[1..end], &rest[end + 1..])));
                }
                is_escaped = byte == b'\\' && !is_escaped;
            }
        }
    }
}
