//! Turns a text into the number of its words.
//!
//! Knows no language: what white space parts is a word where a letter or digit is in it, and in writing without spaces each
//! letter is one.

/// How many words a text has.
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
