//! Finds lines that nearly start a part of a card: `**Q:**`, `q:`, `- Q:`, `Question:`, `Q.`, `Ｑ：`.
//!
//! Knows lines, not cards. What is nearly a question alone may be anything; which of them are meant is up to [`super`].

use std::ops::Range;

/// What starts a part of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Question,
    Answer,
    /// A text with deletions.
    Cloze,
}

/// A line that nearly is a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    /// What it nearly starts.
    pub(super) kind: Part,
    /// What stands in the place of the tag, with all before it.
    pub(super) place: Range<usize>,
    /// The sign that parts it from the text. Lists have `A)` and `B)`.
    pub(super) sign: char,
}

/// The words that a tag stands for, in lower case.
const WORDS: [(&str, Part); 6] = [
    ("q", Part::Question),
    ("question", Part::Question),
    ("a", Part::Answer),
    ("answer", Part::Answer),
    ("c", Part::Cloze),
    ("cloze", Part::Cloze),
];

/// What a line nearly is, whose first character is at an offset.
pub(super) fn near(line: &str, at: usize) -> Option<Near> {
    let bare = opened(line);
    let end = bare.find(|c: char| !is_letter(c)).unwrap_or(bare.len());
    let (word, rest) = bare.split_at_checked(end).filter(|(word, _)| !word.is_empty() && word.len() <= LONGEST)?;
    let word: String = word.chars().map(plain).collect();
    let (_, kind) = WORDS.iter().find(|(known, _)| *known == word)?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let signs = closed(rest);
    let sign = plain(signs.chars().next()?);
    let is_short = word.len() == 1;
    let parts = match kind {
        Part::Question | Part::Answer if is_short => ":.);]】-–=".contains(sign),
        Part::Question | Part::Answer | Part::Cloze => sign == ':',
    };
    let behind = closed(&signs[signs.chars().next().map_or(0, char::len_utf8)..]);
    let has_text = !behind.trim().is_empty();
    let hides = *kind != Part::Cloze
        || behind.split_once('[').is_some_and(|(_, rest)| rest.contains(']') && !rest.contains("]("));
    (parts && has_text && hides).then(|| Near { kind: *kind, place: at..at + line.len() - behind.len(), sign })
}

/// So long a word may be, in bytes: full-width letters have three.
const LONGEST: usize = 24;

/// A line without the marks of quotes, lists, headings and emphasis before its text.
fn opened(line: &str) -> &str {
    let mut rest = line.trim_start();
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < rest.len() {
        rest = digits.strip_prefix(['.', ')']).unwrap_or(rest);
    }
    rest = rest.trim_start_matches([' ', '\t', '>', '-', '*', '+', '#', '_', '【', '[', '(', '"']);
    ["<b>", "<strong>"].iter().find_map(|tag| rest.strip_prefix(tag)).unwrap_or(rest)
}

/// A text without the marks that emphasis closes with, and the blanks before it.
fn closed(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '*', '_']);
    ["</b>", "</strong>"]
        .iter()
        .find_map(|tag| text.strip_prefix(tag))
        .unwrap_or(text)
        .trim_start_matches([' ', '*', '_'])
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// The letter or sign of ASCII that a character stands for, in lower case; full-width ones are those of Chinese and Japanese
/// keyboards.
fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + u32::from('!')).unwrap_or(c),
        _ => c,
    }
    .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<(Part, &str)> {
        near(line, 0).map(|near| (near.kind, &line[near.place]))
    }

    #[test]
    fn slips_in_tags_are_found() {
        for (line, place) in [
            ("**Q:** what", "**Q:** "),
            ("**Q**: what", "**Q**: "),
            ("q: what", "q: "),
            ("- Q: what", "- Q: "),
            ("1. Q: what", "1. Q: "),
            ("> Q: what", "> Q: "),
            ("### Q: what", "### Q: "),
            ("  Q: what", "  Q: "),
            ("Q. what", "Q. "),
            ("Q1: what", "Q1: "),
            ("Q : what", "Q : "),
            ("Ｑ：what", "Ｑ："),
            ("Q：what", "Q："),
            ("Question: what", "Question: "),
            ("【Q】what", "【Q】"),
            ("<b>Q:</b> what", "<b>Q:</b> "),
        ] {
            assert_eq!(found(line), Some((Part::Question, place)), "{line}");
        }
        assert_eq!(found("*a:* b"), Some((Part::Answer, "*a:* ")));
        assert_eq!(found("- C: a [b]"), Some((Part::Cloze, "- C: ")));
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "Quick: x",
            "A cat",
            "a) ",
            "C. elegans [1]",
            "c: see [it](x)",
            "FAQ: x",
            "Question.",
            "| Q: x |",
            "",
            "Q",
            "An: x",
        ] {
            assert_eq!(found(line), None, "{line}");
        }
    }
}
