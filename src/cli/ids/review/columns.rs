//! Turns two notes into two columns, in which what differs is marked.
//!
//! Knows nothing of questions, nor which of the texts is right.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::hidden;
use crate::text::words::{Word, differing, words};

/// No column is narrower, however narrow the terminal is.
const NARROWEST: usize = 16;

/// What stands between the columns.
const BETWEEN: &str = " \u{2502} ";

/// The marks around words that the other side lacks: colours, or brackets where there are none.
struct Marks {
    old: [&'static str; 2],
    new: [&'static str; 2],
    /// How wide each of them is.
    width: usize,
}

const COLOURS: Marks = Marks { old: ["\u{1b}[31m", "\u{1b}[0m"], new: ["\u{1b}[32m", "\u{1b}[0m"], width: 0 };
const BRACKETS: Marks = Marks { old: ["[", "]"], new: ["[", "]"], width: 1 };

/// The old texts to the left and the new ones to the right, a row of them each, wrapped to a terminal so many columns wide.
/// Characters that a terminal would obey are shown as numbers.
pub(super) fn side_by_side(rows: &[[&str; 2]], width: usize, has_colours: bool) -> String {
    let marks = if has_colours { &COLOURS } else { &BRACKETS };
    let column = (width.saturating_sub(BETWEEN.width()) / 2).max(NARROWEST);
    let mut text = String::new();
    for (number, [old, new]) in rows.iter().filter(|row| row.concat() != "").enumerate() {
        if number > 0 {
            push_row("", "", column, &mut text);
        }
        let [old, new] = [old, new].map(|side| hidden::shown(side).into_owned());
        let [old, new] = [words(&old), words(&new)];
        let [only_old, only_new] = differing(&old, &new);
        let old = wrapped(&old, &only_old, column, marks.old, marks.width);
        let new = wrapped(&new, &only_new, column, marks.new, marks.width);
        for line in 0..old.len().max(new.len()) {
            let [old, new] = [&old, &new].map(|side| side.get(line).map_or("", String::as_str));
            push_row(old, new, column, &mut text);
        }
    }
    text
}

/// What stands above the columns, and a line below it.
pub(super) fn titles(old: &str, new: &str, width: usize) -> String {
    let column = (width.saturating_sub(BETWEEN.width()) / 2).max(NARROWEST);
    let [old, new] = [old, new].map(|title| words_of_title(title, column));
    let mut text = String::new();
    for line in 0..old.len().max(new.len()) {
        let [old, new] = [&old, &new].map(|side| side.get(line).map_or("", String::as_str));
        push_row(old, new, column, &mut text);
    }
    let rule = "\u{2500}".repeat(column + 1);
    format!("{text}{rule}\u{253c}{rule}\n")
}

fn words_of_title(title: &str, column: usize) -> Vec<String> {
    let title = hidden::shown(title);
    let words = words(&title);
    wrapped(&words, &vec![false; words.len()], column, ["", ""], 0)
}

fn push_row(old: &str, new: &str, column: usize, text: &mut String) {
    let pad = column.saturating_sub(seen_width(old));
    text.push_str(old);
    text.extend(std::iter::repeat_n(' ', pad));
    text.push_str(BETWEEN);
    text.push_str(new);
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

/// The width without colours.
fn seen_width(line: &str) -> usize {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().width();
    first + parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest).width()).sum::<usize>()
}

/// The lines of a column; runs of words that the other side lacks stand between `marks`.
fn wrapped(words: &[Word<'_>], is_only: &[bool], column: usize, marks: [&str; 2], mark_width: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    let mut is_marked = false;
    for (word, &is_only) in words.iter().zip(is_only) {
        for piece in pieces(word.text, column.saturating_sub(2 * mark_width)) {
            let space = usize::from(word.is_apart && piece.is_first && used > 0);
            let opens = if is_only && !is_marked { mark_width } else { 0 };
            // Room is left for the mark that ends the run.
            if used > 0 && used + space + opens + piece.text.width() + mark_width > column {
                if is_marked {
                    line.push_str(marks[1]);
                }
                lines.push(std::mem::take(&mut line));
                (used, is_marked) = (0, false);
            } else if is_marked && !is_only {
                line.push_str(marks[1]);
                (used, is_marked) = (used + mark_width, false);
            }
            if space > 0 && used > 0 {
                line.push(' ');
                used += 1;
            }
            if is_only && !is_marked {
                line.push_str(marks[0]);
                (used, is_marked) = (used + mark_width, true);
            }
            line.push_str(piece.text);
            used += piece.text.width();
        }
    }
    if is_marked {
        line.push_str(marks[1]);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word, or a part of one that is wider than a line.
struct PartOfWord<'a> {
    text: &'a str,
    is_first: bool,
}

fn pieces(word: &str, column: usize) -> Vec<PartOfWord<'_>> {
    let (mut parts, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, character) in word.char_indices() {
        let width = character.width().unwrap_or_default();
        if used + width > column && at > start {
            parts.extend(word.get(start..at).map(|text| PartOfWord { text, is_first: start == 0 }));
            (start, used) = (at, 0);
        }
        used += width;
    }
    parts.extend(word.get(start..).map(|text| PartOfWord { text, is_first: start == 0 }));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_differs_is_marked_and_the_rest_stands_beside_itself() {
        let rows = [["How salty is the sea?", "How salty is this sea now?"], ["35 g a litre.", "35 g a litre."]];
        let expected = "\
How salty is [the sea?]      \u{2502} How salty is [this sea now?]
                             \u{2502}
35 g a litre.                \u{2502} 35 g a litre.
";
        assert_eq!(side_by_side(&rows, 60, false), expected);
    }

    #[test]
    fn colours_take_no_room() {
        let plain = side_by_side(&[["a b c", "a x c"]], 60, true).replace("\u{1b}[31m", "").replace("\u{1b}[32m", "");
        assert_eq!(plain.replace("\u{1b}[0m", ""), format!("a b c{} \u{2502} a x c\n", " ".repeat(23)));
    }

    #[test]
    fn wide_characters_and_long_words_are_cut() {
        let text = side_by_side(
            &[["\u{72ac}\u{306f}\u{52d5}\u{7269}\u{3067}\u{3059}\u{3002}\u{732b}\u{3082}", "x"]],
            35,
            false,
        );
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(side_by_side(&[["", &"y".repeat(100)]], 35, false).lines().count() > 6);
    }

    #[test]
    fn no_text_says_anything_to_the_terminal() {
        assert!(!side_by_side(&[["\u{1b}[2J", "a\nb\u{202e}"]], 60, false).contains(['\u{1b}', '\u{202e}']));
    }

    proptest! {
        #[test]
        fn lines_fit_and_no_word_is_lost(old in "[a-c ]{0,60}|\\PC{0,30}", new in "[a-c ]{0,60}|\\PC{0,30}", width in 0..90usize) {
            let shown = side_by_side(&[[&old, &new]], width, false);
            let column = ((width.saturating_sub(3)) / 2).max(NARROWEST);
            for line in shown.lines() {
                prop_assert!(line.width() <= 2 * column + 3, "{}", shown);
            }
            let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).count();
            prop_assert_eq!(letters(&shown), letters(&hidden::shown(&old)) + letters(&hidden::shown(&new)));
        }
    }
}
