//! Where `==` opens and closes a mark.

/// Whether a `==` between these characters can open a mark, and whether it can close one.
///
/// It opens before and closes behind something that is not white space, and never inside an ASCII word, so that
/// `a == b and c == d` and `a==b` stay text. Scripts without spaces between words may mark anywhere.
pub(super) fn flanking(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let touches = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '=');
    let (left, right) = (touches(before), touches(after));
    (right && !in_word(before) && after != Some('='), left && !in_word(after) && before != Some('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_no_marks() {
        assert_eq!(flanking(Some(' '), Some(' ')), (false, false));
        assert_eq!(flanking(Some('a'), Some('b')), (false, false));
        assert_eq!(flanking(None, Some('x')), (true, false));
        assert_eq!(flanking(Some('x'), Some('.')), (false, true));
        assert_eq!(flanking(Some('は'), Some('犬')), (true, true));
        assert_eq!(flanking(Some('='), Some('=')), (false, false));
    }
}
