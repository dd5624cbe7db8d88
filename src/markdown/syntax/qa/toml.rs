//! Finds the deck's name in TOML front matter: `name = "…"`.
//!
//! Knows as much of TOML as a line of it needs; other keys are the tool's own.

use std::ops::Range;

/// Reads a text that is TOML; `None` where it is none.
///
/// It is TOML where its first line that says something is `key = value`.
pub(in crate::markdown) fn read(text: &str) -> Option<Toml> {
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
            return Some(Toml { name: string(value).map(|(name, length)| (name, place..place + length)) });
        }
    }
    is_toml.then_some(Toml { name: None })
}

/// What TOML front matter says.
pub(in crate::markdown) struct Toml {
    /// The deck's name, and its place in the text.
    pub name: Option<(String, Range<usize>)>,
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
        let found = |text: &str| match read(text) {
            Some(Toml { name: Some((name, place)) }) => format!("{name} from {}", &text[place]),
            Some(Toml { name: None }) => "no name".to_owned(),
            None => "no TOML".to_owned(),
        };
        let one = |name: &str, place: &str| format!("{name} from {place}");
        assert_eq!(found("name = \"Tea\"\n"), one("Tea", "\"Tea\""));
        assert_eq!(found("# x\nother = 1\r\nname='A \\ B' # c\r\n"), one("A \\ B", "'A \\ B'"));
        assert_eq!(found("name = \"a \\\"b\\\"\"\n"), one("a \"b\"", "\"a \\\"b\\\"\""));
        assert_eq!(found("other = 1\n"), "no name");
        assert_eq!(found("name = 1\n"), "no name");
        assert_eq!(found("name = \"x\n"), "no name");
        assert_eq!(found("name: x\n"), "no TOML");
        assert_eq!(found("deck: a = b\n"), "no TOML");
        assert_eq!(found(""), "no TOML");
    }
}
