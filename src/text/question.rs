//! Turns text into whether it asks.
//!
//! Knows the question marks of scripts, not their languages.

/// Question marks: Latin, full-width, Arabic, Armenian, Greek.
const MARKS: [char; 5] = ['?', '？', '؟', '՞', '\u{37E}'];

/// Whether text ends in a question mark; white space behind it does not count.
pub fn asks(text: &str) -> bool {
    text.trim_end().ends_with(MARKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_has_its_mark() {
        for text in ["Why?", "为什么？", "ما هذا؟ ", "Ինչու՞", "Τι είναι\u{37E}"] {
            assert!(asks(text), "{text}");
        }
        assert!(!asks("Why? Because") && !asks(""));
    }
}
