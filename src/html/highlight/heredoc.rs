//! Turns texts that reach to a line with a given word on it into tokens.
//!
//! Knows no language.

use super::Class;
use super::brush::{Brush, is_blank, is_letter, is_word};

/// Texts that begin on the next line, in their order.
#[derive(Default)]
pub(super) struct Heredocs<'a> {
    awaited: Vec<(&'a str, bool)>,
}

impl<'a> Heredocs<'a> {
    /// Paints what announces a text, if a word follows the mark; a word in quotes, or one of capitals.
    pub(super) fn open(&mut self, brush: &mut Brush<'a>, mark: &str) -> bool {
        let quote = brush.byte_at(mark.len());
        let is_quoted = matches!(quote, b'"' | b'\'' | b'`' | b'\\');
        let start = mark.len() + usize::from(is_quoted);
        let first = brush.byte_at(start);
        let length = brush.run_behind(start, is_word);
        if !is_letter(first) || !(is_quoted || first.is_ascii_uppercase() || mark.len() > 2) {
            return false;
        }
        let Some(word) = brush.rest().get(start..start + length) else { return false };
        let closing = usize::from(is_quoted && brush.byte_at(start + length) == quote);
        brush.paint(mark.len(), Class::Operator);
        brush.paint(start - mark.len() + length + closing, Class::Keyword);
        self.awaited.push((word, !is_quoted));
        true
    }

    /// Paints the texts, with variables in those whose words are not quoted, at the start of the line behind their announcements.
    pub(super) fn read(&mut self, brush: &mut Brush<'a>, class: Class) {
        for (word, has_variables) in std::mem::take(&mut self.awaited) {
            while !brush.is_done() && !closes(brush, word) {
                let length = brush.line();
                brush.lend(length, |brush| line(brush, class, has_variables));
                if !brush.is_done() {
                    brush.plain(1);
                }
            }
        }
    }
}

fn line(brush: &mut Brush<'_>, class: Class, has_variables: bool) {
    while !brush.is_done() {
        let is_name = is_letter(brush.byte_at(1)) || brush.byte_at(1) == b'{';
        if has_variables && brush.byte() == b'$' && is_name {
            let name = brush.run_behind(2, is_word);
            brush.paint(2 + name + usize::from(brush.byte_at(1) == b'{'), Class::Variable);
        } else {
            brush.paint(1 + brush.run_behind(1, |byte| byte != b'$'), class);
        }
    }
}

/// Paints the word if the line holds it, and at most what ends a statement.
fn closes(brush: &mut Brush<'_>, word: &str) -> bool {
    let blanks = brush.run(is_blank);
    let line = brush.rest().get(blanks..brush.line()).unwrap_or_default();
    let closes = line.strip_prefix(word).is_some_and(|rest| !rest.bytes().next().is_some_and(is_word));
    if closes {
        if blanks > 0 {
            brush.plain(blanks);
        }
        brush.paint(word.len(), Class::Keyword);
    }
    closes
}
