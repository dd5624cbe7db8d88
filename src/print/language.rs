//! Turns notes into the language that they seem to be written in, for `lang`: what screen readers read it out as, and which
//! shapes of Han characters and which line ends a browser takes.
//!
//! No project says its language, so letters tell it, and the small words of which every text in these languages is full.

use crate::ir::{Block, Leaf, Note, for_each_leaf};

/// So many notes tell a deck's language.
const ENOUGH: usize = 100;

/// The language of a note where its letters alone give it away, as a tag of BCP 47; else empty.
pub(super) fn of_note(note: &Note) -> &'static str {
    let (mut is_han, mut language) = (false, "");
    for_each_text(note, &mut |text| {
        for character in text.chars().filter(|c| !c.is_ascii()) {
            match character {
                '\u{3040}'..='\u{30FF}' => language = "ja",
                '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => language = "ko",
                '\u{3400}'..='\u{9FFF}' => is_han = true,
                _ => {}
            }
        }
    });
    if language.is_empty() && is_han { "zh" } else { language }
}

/// The language that most of a deck's first notes seem to be in, as a tag of BCP 47: English where nothing tells, as what
/// the pages say themselves is.
pub(super) fn of_notes<'a>(notes: impl Iterator<Item = &'a Note>) -> &'static str {
    let mut votes: Vec<(&str, usize)> = vec![("en", 0)];
    let mut vote = |language: &'static str| match votes.iter_mut().find(|(voted, _)| *voted == language) {
        Some((_, count)) => *count += 1,
        None => votes.push((language, 1)),
    };
    for note in notes.take(ENOUGH) {
        match of_note(note) {
            "" => for_each_text(note, &mut |text| words(text).filter_map(of_word).for_each(&mut vote)),
            // A language of few spaces has one word for a line of another's.
            language => (0..5).for_each(|_| vote(language)),
        }
    }
    // Of equals the first counts.
    let most = votes.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or("en", |(language, _)| language)
}

fn for_each_text(note: &Note, f: &mut impl FnMut(&str)) {
    let mut look = |leaf: Leaf<'_>| {
        if let Leaf::Text(text) = leaf {
            f(text);
        }
    };
    note.sides().into_iter().for_each(|blocks: &[Block]| for_each_leaf(blocks, &mut look));
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Small words that are of one language alone among these.
const WORDS: &[(&str, &[&str])] = &[
    ("en", &["the", "of", "and", "what", "which", "how", "to", "with", "for", "that"]),
    ("de", &["der", "das", "und", "ist", "nicht", "wie", "mit", "ein", "eine", "für", "zu"]),
    ("fr", &["les", "est", "et", "une", "du", "qui", "dans", "quel", "quelle", "pour", "sur"]),
    ("es", &["el", "los", "las", "y", "es", "del", "qué", "cuál", "por", "cómo"]),
    ("it", &["il", "di", "che", "è", "gli", "della", "sono", "quale", "cosa"]),
    ("pt", &["o", "os", "uma", "não", "ao", "qual", "são", "dos", "é"]),
    ("nl", &["het", "een", "van", "niet", "wat", "welke", "voor", "zijn", "en"]),
];

/// The language that a word speaks for: a small word by itself, another one by letters that no other language here has.
fn of_word(word: &str) -> Option<&'static str> {
    let first = word.chars().next()?;
    match first {
        '\u{0370}'..='\u{03FF}' if word.chars().nth(1).is_some() => Some("el"),
        '\u{0400}'..='\u{04FF}' if word.contains(['і', 'ї', 'є']) => Some("uk"),
        '\u{0400}'..='\u{04FF}' => Some("ru"),
        '\u{0590}'..='\u{05FF}' => Some("he"),
        '\u{0600}'..='\u{06FF}' if word.contains(['پ', 'چ', 'ژ', 'گ']) => Some("fa"),
        '\u{0600}'..='\u{06FF}' => Some("ar"),
        '\u{0900}'..='\u{097F}' => Some("hi"),
        '\u{0E00}'..='\u{0E7F}' => Some("th"),
        _ => {
            let has_it = |words: &[&str]| words.iter().any(|small| small.eq_ignore_ascii_case(word));
            WORDS.iter().find(|(_, words)| has_it(words)).map(|(language, _)| *language)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What most words of a text speak for.
    fn of_text(text: &str) -> Option<&'static str> {
        let found: Vec<&str> = words(text).filter_map(of_word).collect();
        found.iter().copied().max_by_key(|language| found.iter().filter(|other| *other == language).count())
    }

    #[test]
    fn small_words_tell_a_language() {
        let texts = [
            ("en", "What is the capital of France, and which river flows through it?"),
            (
                "de",
                "Wie heißt die Hauptstadt, und welcher Fluss fließt durch das Tal? Der Rhein ist nicht der längste.",
            ),
            ("fr", "Quelle est la capitale de la France, et les fleuves qui passent dans la ville ?"),
            ("es", "¿Cuál es la capital del país y los ríos que pasan por las ciudades?"),
            ("it", "Qual è il fiume che attraversa la capitale? Sono gli affluenti della Senna."),
            ("pt", "O que são os afluentes? Uma resposta não é longa."),
            ("nl", "Wat is de hoofdstad van het land, en welke rivier is het niet?"),
            ("ru", "Какая столица у этой страны?"),
            ("uk", "Яка столиця цієї країни і які її річки?"),
            ("el", "Ποια είναι η πρωτεύουσα;"),
            ("he", "מהי בירת המדינה"),
            ("ar", "ما هي عاصمة البلد"),
            ("fa", "پایتخت کشور چیست و چرا"),
        ];
        for (language, text) in texts {
            assert_eq!(of_text(text), Some(language), "{text}");
        }
        assert_eq!(of_text("x = 1; α + β; AWS ECS"), None);
    }

    #[test]
    fn no_small_word_speaks_for_two() {
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| *words).copied().collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{all:?}");
    }
}
