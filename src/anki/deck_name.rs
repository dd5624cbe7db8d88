//! Turns a deck's name into the one that it has in Anki.

use super::shown_name::shown_name;

/// The name that a deck of this name gets: Anki 26.9 takes `:` and white space from the ends of each part, and calls an empty one
/// `blank` (`rslib/src/decks/name.rs`, seen in 26.9.3); packages have [`shown_name`] of it. `None` where it stays as it is.
pub fn changed_deck_name(name: &str) -> Option<String> {
    let part = |part| match trimmed_part(part) {
        "" => "blank",
        part => part,
    };
    let parts: Vec<&str> = name.split("::").map(part).collect();
    let changed = shown_name(&parts.join("::")).into_owned();
    (changed != name).then_some(changed)
}

/// A part of a deck's name without what Anki takes from its ends.
pub fn trimmed_part(part: &str) -> &str {
    part.trim_matches(|c: char| c.is_whitespace() || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_anki_gives() {
        for name in ["A", "A::B", "A: B", "a:b::c", "A<", "1 < 2", "E.", "F\\", "\"g\"", "h*", "/m", "K?", "a\u{200B}b"]
        {
            assert_eq!(changed_deck_name(name), None, "{name}");
        }
        let changed = ["A:", "B:::C", ":", ":D", "k :", "X: :: Y", "Vec<T>", "A<b:"].map(changed_deck_name);
        let expected = ["A", "B::C", "blank", "D", "k", "X::Y", "Vec＜T>", "A＜b"];
        assert_eq!(changed, expected.map(|name| Some(name.to_owned())));
    }
}
