//! Turns names of decks, tags and note types into names that are safe to show: Anki puts them into cards as HTML, where a
//! template says `{{Tags}}`, `{{Deck}}` or `{{Type}}`, and a reader's own may (seen in Anki 26.9.3).

use std::borrow::Cow;

/// The name, with `＜` (U+FF1C) for each `<` that starts a tag or a comment of HTML: an entity would be shown as it is in the
/// lists of decks and tags.
pub fn shown_name(name: &str) -> Cow<'_, str> {
    let starts_markup =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    if !name.split('<').skip(1).any(starts_markup) {
        return Cow::Borrowed(name);
    }
    let mut shown = String::with_capacity(name.len() + 8);
    for (index, piece) in name.split('<').enumerate() {
        if index > 0 {
            shown.push(if starts_markup(piece) { '＜' } else { '<' });
        }
        shown.push_str(piece);
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_do_nothing() {
        for name in ["a", "a < b", "a<1", "x->y", "<", "a<<"] {
            assert_eq!(shown_name(name), name);
        }
        assert_eq!(shown_name("<img/src=x/onerror=x>"), "＜img/src=x/onerror=x>");
        assert_eq!(shown_name("Vec<T>::a<</b<!--<?"), "Vec＜T>::a<＜/b＜!--＜?");
    }
}
