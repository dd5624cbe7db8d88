//! Turns the text of a field into what a filter of a template makes of it.
//!
//! Knows no fields but by their names.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha1::{Digest, Sha1};

use super::deletions;
use super::stripped::{stripped, without_tags_in_formulas};
use crate::text::entity;

/// The text behind all filters, which are applied one after the other. What stands behind one that Anki does not know is
/// left to its add-ons.
pub fn filtered<'a>(text: &'a str, filters: &[&str], field: &str, number: u16, is_question: bool) -> Cow<'a, str> {
    match filters {
        ["cloze", "type"] => return Cow::Owned(format!("[[type:cloze:{field}]]")),
        ["nc", "type"] => return Cow::Owned(format!("[[type:nc:{field}]]")),
        _ => {}
    }
    let mut text = Cow::Borrowed(text);
    for filter in filters {
        match applied(&text, filter, field, number, is_question) {
            Some(filtered) => text = Cow::Owned(filtered),
            None if filter.is_empty() => {}
            None => break,
        }
    }
    text
}

/// What one filter makes of a text; `None` where there is none of that name.
fn applied(text: &str, filter: &str, field: &str, number: u16, is_question: bool) -> Option<String> {
    Some(match filter {
        "text" => plain(text),
        "furigana" => read_aloud(text, |word, reading| format!("<ruby><rb>{word}</rb><rt>{reading}</rt></ruby>")),
        "kanji" => read_aloud(text, |word, _| word.to_owned()),
        "kana" => read_aloud(text, |_, reading| reading.to_owned()),
        "type" => format!("[[type:{field}]]"),
        "hint" if text.trim().is_empty() => text.to_owned(),
        "hint" => hint(text, field),
        "cloze" => without_tags_in_formulas(&deletions::shown(text, number, is_question)),
        "cloze-only" => deletions::only(text, number, is_question),
        _ => match filter.strip_prefix("tts ") {
            Some(options) => format!("[anki:tts lang={options}]{text}[/anki:tts]"),
            None => return None,
        },
    })
}

/// The text without tags, and with characters for entities: for all of them, or for none where one is none.
pub fn plain(html: &str) -> String {
    let text = stripped(html);
    let is_entity = |(at, _): (usize, &str)| {
        let from = text.get(at..).unwrap_or_default();
        let written = from.find(';').and_then(|end| from.get(..=end));
        written.is_some_and(|written| entity::decode(written) != written)
    };
    let mut found = text.match_indices('&').peekable();
    if found.peek().is_none() || !found.all(is_entity) {
        return text;
    }
    entity::decode(&text).replace('\u{a0}', " ")
}

/// A link that shows the text, which is hidden till then. Anki's own id for it is another one.
fn hint(text: &str, field: &str) -> String {
    let digest = Sha1::new().chain_update(text).chain_update(field).finalize();
    let mut id = String::from("hint");
    for byte in digest.iter().take(8) {
        let _ = write!(id, "{byte:02x}");
    }
    format!(
        "\n<a class=hint href=\"#\"\nonclick=\"this.style.display='none';\ndocument.getElementById('{id}').style.display='block';\n\
        return false;\" draggable=false>\n{field}</a>\n<div id=\"{id}\" class=hint style=\"display: none\">{text}</div>\n"
    )
}

/// Takes each `word[reading]` for what `written` makes of it, with the blank before it.
fn read_aloud(text: &str, written: impl Fn(&str, &str) -> String) -> String {
    let text = text.replace("&nbsp;", " ");
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some((before, inside)) = rest.split_once('[') {
        let word_start = before.rfind([' ', '>']).map_or(0, |at| at + 1);
        let (start, word) = before.split_at_checked(word_start).unwrap_or((before, ""));
        // A reading has at least a character, be it a bracket.
        let width = inside.chars().next().map_or(0, char::len_utf8);
        let end = inside.get(width..).and_then(|behind| behind.find(']')).map(|at| at + width);
        let found = end.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?)));
        match found {
            Some((reading, behind)) if !word.is_empty() && !reading.starts_with("sound:") => {
                out.push_str(start.strip_suffix(' ').unwrap_or(start));
                out.push_str(&written(word, reading));
                rest = behind;
            }
            Some((reading, behind)) if !word.is_empty() => {
                out.extend([before, "[", reading, "]"]);
                rest = behind;
            }
            _ => {
                out.extend([before, "["]);
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}
