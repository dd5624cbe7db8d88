//! Turns a text into its words, their number, and two texts into which of their words differ.
//!
//! Knows no language: white space parts words, and in writing without spaces each letter is one.

use unicode_width::UnicodeWidthChar;

/// How many words a text has, of those in which a letter or digit is.
pub fn count_words(text: &str) -> usize {
    let (mut count, mut is_in_word) = (0, false);
    for character in text.chars() {
        if is_word_by_itself(character) {
            count += 1;
            is_in_word = false;
        } else if character.is_whitespace() {
            is_in_word = false;
        } else if !is_in_word && character.is_alphanumeric() {
            count += 1;
            is_in_word = true;
        }
    }
    count
}

/// Whether a character is an ideograph or a syllable of Japanese (Unicode, Blocks.txt): no spaces part their words.
fn is_word_by_itself(character: char) -> bool {
    character.is_alphanumeric()
        && matches!(character,
            '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFD}')
}

/// Above this many pairs of words, texts are compared at their ends alone.
const MAX_PAIRS: usize = 1 << 20;

/// A word. A wide character is a word of its own: such texts have no spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// Whether a space stands before it.
    pub is_apart: bool,
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let (mut start, mut is_apart) = (0, true);
        let mut last_wide = false;
        for (at, character) in word.char_indices() {
            let is_wide = character.width().unwrap_or_default() > 1;
            if at > start && (is_wide || last_wide) {
                words.extend(word.get(start..at).map(|text| Word { text, is_apart }));
                (start, is_apart) = (at, false);
            }
            last_wide = is_wide;
        }
        words.extend(word.get(start..).map(|text| Word { text, is_apart }));
    }
    words
}

/// For each word of both sides whether the other one lacks it at that place: what is left when the most words are kept, in
/// their order.
pub fn differing(old: &[Word<'_>], new: &[Word<'_>]) -> [Vec<bool>; 2] {
    let is_same = |(one, other): &(&Word<'_>, &Word<'_>)| one.text == other.text;
    let start = old.iter().zip(new).take_while(is_same).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(is_same).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let middle = |words: &'_ [Word<'_>], end: usize| -> Vec<bool> {
        (0..words.len()).map(|at| (start..end).contains(&at)).collect()
    };
    let [mut only_old, mut only_new] = [middle(old, old_end), middle(new, new_end)];
    let (old, new) = (old.get(start..old_end).unwrap_or_default(), new.get(start..new_end).unwrap_or_default());
    if old.len() * new.len() <= MAX_PAIRS {
        for (at_old, at_new) in common(old, new) {
            only_old.get_mut(start + at_old).into_iter().for_each(|is_only| *is_only = false);
            only_new.get_mut(start + at_new).into_iter().for_each(|is_only| *is_only = false);
        }
    }
    [only_old, only_new]
}

/// The longest common subsequence.
fn common(old: &[Word<'_>], new: &[Word<'_>]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * width];
    let of = |longest: &[u32], at_old: usize, at_new: usize| longest.get(at_old * width + at_new).copied().unwrap_or(0);
    for (at_old, old) in old.iter().enumerate().rev() {
        for (at_new, new) in new.iter().enumerate().rev() {
            let most = if old.text == new.text {
                1 + of(&longest, at_old + 1, at_new + 1)
            } else {
                of(&longest, at_old + 1, at_new).max(of(&longest, at_old, at_new + 1))
            };
            longest.get_mut(at_old * width + at_new).into_iter().for_each(|place| *place = most);
        }
    }
    let (mut at_old, mut at_new, mut pairs) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (old.get(at_old), new.get(at_new)) {
        if one.text == other.text {
            pairs.push((at_old, at_new));
            (at_old, at_new) = (at_old + 1, at_new + 1);
        } else if of(&longest, at_old + 1, at_new) >= of(&longest, at_old, at_new + 1) {
            at_old += 1;
        } else {
            at_new += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_any_writing() {
        for (text, count) in [
            ("", 0),
            (" - . … ", 0),
            ("one", 1),
            ("it's a well-known 35 g/l", 5),
            ("(brackets) «quotes»", 2),
            ("щи да каша", 3),
            ("한국어 단어", 2),
            ("日本語、です。", 5),
            ("Tokyo東京 2", 4),
            ("a\u{a0}b\nc", 3),
        ] {
            assert_eq!(count_words(text), count, "{text:?}");
        }
    }
}
