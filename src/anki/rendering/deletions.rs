//! Turns a field with deletions into what a cloze card shows of it.
//!
//! Knows the grammar from [`cloze`], and nothing of templates.

use std::fmt::Write as _;

use crate::anki::cloze;
use crate::anki::limits::MAX_NESTED_CLOZES;

/// A piece of a field.
enum Piece<'a> {
    Text(&'a str),
    Deletion(Deletion<'a>),
}

struct Deletion<'a> {
    /// As they are written.
    numbers: &'a str,
    content: Vec<Piece<'a>>,
    hint: Option<&'a str>,
}

impl Deletion<'_> {
    fn is_of(&self, number: u16) -> bool {
        cloze::numbers(self.numbers).any(|one| one == Some(number))
    }

    fn hint(&self) -> &str {
        self.hint.unwrap_or("...")
    }

    /// Its text, without the marks of those within it.
    fn push_text(&self, out: &mut String) {
        for piece in &self.content {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Deletion(inner) => inner.push_text(out),
            }
        }
    }
}

/// The field as the card of this number shows it; nothing where it has no deletion of that number.
pub fn shown(field: &str, number: u16, is_question: bool) -> String {
    let mut showing = Showing { number, is_question, is_found: false };
    let mut html = String::with_capacity(field.len());
    showing.push(&pieces(field), &mut html);
    if showing.is_found { html } else { String::new() }
}

/// The texts of the deletions of this number alone, or on a question their hints.
pub fn only(field: &str, number: u16, is_question: bool) -> String {
    let mut found = Vec::new();
    collect(&pieces(field), number, is_question, &mut found);
    found.join(", ")
}

/// What is to be typed of the deletions of this number: what is in them, once where that is the same.
pub fn typed(field: &str, number: u16) -> String {
    let mut found = Vec::new();
    collect(&pieces(field), number, false, &mut found);
    if found.iter().all(|text| Some(text) == found.first()) {
        found.truncate(1);
    }
    found.join(", ")
}

fn collect(pieces: &[Piece<'_>], number: u16, is_question: bool, found: &mut Vec<String>) {
    for piece in pieces {
        let Piece::Deletion(deletion) = piece else { continue };
        if deletion.is_of(number) {
            let mut text = String::new();
            if is_question {
                text.push_str(deletion.hint());
            } else {
                deletion.push_text(&mut text);
            }
            found.push(text);
        }
        collect(&deletion.content, number, is_question, found);
    }
}

struct Showing {
    number: u16,
    is_question: bool,
    is_found: bool,
}

impl Showing {
    fn push(&mut self, pieces: &[Piece<'_>], html: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => html.push_str(text),
                Piece::Deletion(deletion) => self.push_deletion(deletion, html),
            }
        }
    }

    fn push_deletion(&mut self, deletion: &Deletion<'_>, html: &mut String) {
        let is_asked = deletion.is_of(self.number);
        self.is_found |= is_asked;
        let class = if is_asked { "cloze" } else { "cloze-inactive" };
        let numbers = numbers(deletion.numbers);
        if is_asked && self.is_question {
            let mut hidden = String::new();
            self.push(&deletion.content, &mut hidden);
            let _ = write!(html, "<span class=\"cloze\" data-cloze=\"");
            push_attribute(&hidden, html);
            let _ = write!(html, "\" data-ordinal=\"{numbers}\">[{}]</span>", deletion.hint());
            return;
        }
        let _ = write!(html, "<span class=\"{class}\" data-ordinal=\"{numbers}\">");
        self.push(&deletion.content, html);
        html.push_str("</span>");
    }
}

fn numbers(written: &str) -> String {
    let numbers = written.split(',').filter_map(|number| number.parse::<u16>().ok());
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

/// Letters, digits and what is beyond Latin-1 stay, as in Anki.
fn push_attribute(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ if character.is_ascii_alphanumeric() || u32::from(character) > 0xFF => html.push(character),
            _ => {
                let _ = write!(html, "&#x{:02X};", u32::from(character));
            }
        }
    }
}

/// A deletion that is never closed takes what stands in it along.
fn pieces(field: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut open): (Vec<Piece<'_>>, Vec<Deletion<'_>>) = (Vec::new(), Vec::new());
    let mut rest = field;
    while !rest.is_empty() {
        if let Some((numbers, behind)) = start(rest) {
            if open.len() < MAX_NESTED_CLOZES {
                open.push(Deletion { numbers, content: Vec::new(), hint: None });
            }
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(cloze::END) {
            let piece = open.pop().map_or(Piece::Text(cloze::END), Piece::Deletion);
            open.last_mut().map_or(&mut pieces, |outer| &mut outer.content).push(piece);
            rest = behind;
        } else {
            let (text, behind) = text(rest);
            match open.last_mut() {
                Some(deletion) => deletion.push_text_or_hint(text),
                None => pieces.push(Piece::Text(text)),
            }
            rest = behind;
        }
    }
    pieces
}

impl<'a> Deletion<'a> {
    fn push_text_or_hint(&mut self, text: &'a str) {
        let (text, hint) = match text.split_once(cloze::SEPARATOR) {
            Some((text, hint)) => (text, Some(hint)),
            None => (text, None),
        };
        self.hint = hint.or(self.hint);
        self.content.push(Piece::Text(text));
    }
}

/// The numbers of the deletion that a text begins with, and what is in it.
fn start(text: &str) -> Option<(&str, &str)> {
    let (numbers, behind) = cloze::start(text)?;
    Some((numbers, behind.strip_prefix(cloze::SEPARATOR)?))
}

/// The text before the next start or end of a deletion.
fn text(rest: &str) -> (&str, &str) {
    let is_mark =
        |at: &usize| rest.get(*at..).is_some_and(|rest| rest.starts_with(cloze::END) || start(rest).is_some());
    let end = rest.char_indices().skip(1).map(|(at, _)| at).find(is_mark).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}
