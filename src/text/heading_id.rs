//! Turns a heading's text into the id that links name it by.
//!
//! Does not know which ids are taken.

/// A heading's id as forges and mdBook have it: in lower case, white space as `-`, punctuation left out.
pub fn heading_id(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let id: String = lower
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || matches!(c, '_' | '-') => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect();
    if id.is_empty() { "section".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_forges() {
        assert_eq!(heading_id(" What is a *port*? "), "what-is-a-port");
        assert_eq!((heading_id("Über_uns 2"), heading_id("?!")), ("über_uns-2".into(), "section".into()));
    }
}
