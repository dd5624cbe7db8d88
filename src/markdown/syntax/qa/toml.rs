//! Finds the deck's name in TOML front matter: `name = "…"`.
//!
//! Knows as much of TOML as a line of it needs; other keys are the tool's own.

use std::ops::Range;

/// The value of `name` in a text that is TOML, and its place there; `None` where the text is none.
///
/// It is TOML where its first line that says something is `key = value`.
pub(super) fn name(text: &str) -> Option<Option<(String, Range<usize>)>> {
    let mut at = 0;
    let mut is_toml = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let pair = trimmed.split_once('=').filter(|(key, _)| is_key(key.trim()));
        let Some((key, value)) = pair else {
            if is_toml {
                continue;
            }
            return None;
        };
        is_toml = true;
        if key.trim() == "name" {
            let value = value.trim();
            let place = start + line.find('=').map_or(0, |equals| equals + 1);
            let place = place + text[place..].len() - text[place..].trim_start().len();
            return Some(string(value).map(|(name, length)| (name, place..place + length)));
        }
    }
    is_toml.then_some(None)
}

/// A bare key.
fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The string that a value starts with, and how many bytes it takes with its quotes.
fn string(value: &str) -> Option<(String, usize)> {
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut text = String::new();
    let mut characters = value.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => return Some((text, at + 1)),
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
        let found = |text: &str| name(text).map(|found| found.map(|(name, place)| (name, text[place].to_owned())));
        let one = |name: &str, place: &str| Some(Some((name.to_owned(), place.to_owned())));
        assert_eq!(found("name = \"Tea\"\n"), one("Tea", "\"Tea\""));
        assert_eq!(found("# x\nother = 1\r\nname='A \\ B' # c\r\n"), one("A \\ B", "'A \\ B'"));
        assert_eq!(found("name = \"a \\\"b\\\"\"\n"), one("a \"b\"", "\"a \\\"b\\\"\""));
        assert_eq!(found("other = 1\n"), Some(None));
        assert_eq!(found("name = 1\n"), Some(None));
        assert_eq!(found("name = \"x\n"), Some(None));
        assert_eq!(found("name: x\n"), None);
        assert_eq!(found("deck: a = b\n"), None);
        assert_eq!(found(""), None);
    }
}
