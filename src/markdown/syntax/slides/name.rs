//! Finds the deck's name in YAML front matter: `name: …`.
//!
//! Knows as much of YAML as a line of it needs. Other tools have a `name` too: whether it is a deck's is up to the caller.

use std::ops::Range;

/// The name and its place in the text, if the text has one at its top level.
pub(in crate::markdown) fn name(yaml: &str) -> Option<(String, Range<usize>)> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(value) = line.strip_prefix("name:").filter(|value| value.starts_with([' ', '\t'])) else { continue };
        let written = value.trim();
        let place = start + line.len() - value.trim_start().len();
        let (name, length) = match written.chars().next()? {
            quote @ ('"' | '\'') => quoted(written, quote)?,
            '[' | '{' | '|' | '>' | '&' | '*' | '!' | '#' => return None,
            _ => {
                let name = written.split(" #").next().unwrap_or(written).trim_end();
                (name.to_owned(), name.len())
            }
        };
        return (!name.trim().is_empty()).then(|| (name.trim().to_owned(), place..place + length));
    }
    None
}

/// A text in quotes, and how many bytes it takes with them.
fn quoted(value: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut characters = value.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let is_doubled = quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'');
        match character {
            _ if character == quote && !is_doubled => return Some((text, at + 1)),
            _ if character == quote => text.push(characters.next()?.1),
            '\\' if quote == '"' => text.push(characters.next()?.1),
            _ => text.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_with_its_place() {
        let found = |yaml: &str| name(yaml).map(|(name, place)| format!("{name} from {}", &yaml[place]));
        for (yaml, expected) in [
            ("name: Tea\n", Some("Tea from Tea")),
            ("title: x\r\nname:  Black tea # c\r\n", Some("Black tea from Black tea")),
            ("name: \"a \\\"b\\\"\"\n", Some("a \"b\" from \"a \\\"b\\\"\"")),
            ("name: 'it''s'", Some("it's from 'it''s'")),
            ("name: 茶", Some("茶 from 茶")),
            ("name:\n", None),
            ("name: [a]\n", None),
            ("name: \"a\n", None),
            ("  name: a\n", None),
            ("names: a\n", None),
            ("", None),
        ] {
            assert_eq!(found(yaml).as_deref(), expected, "{yaml}");
        }
    }
}
