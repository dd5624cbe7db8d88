//! Finds what is nearly attributes in a heading and is read as text: braces that something stands behind, that are not closed,
//! or are none of ASCII; words of ours in other brackets, or in none.
//!
//! Changes nothing: what is found is said, with what was meant where that is clear.

use std::ops::Range;

use super::words::is_unseen;
use super::{CLASSES, KEYS, is_lone_mark, looks_like_attribute};
use crate::diagnostic::{Code, Cost, Diagnostic, suggest};
use crate::source::{SourceId, Span};

/// So many braces of a heading are looked at, from its end on.
const MOST_BRACES: usize = 8;

/// Whether the line of a heading may hold any; most hold none.
pub(in crate::markdown) fn may_be_near(line: &str) -> bool {
    let names_class = |(at, dot): (usize, &str)| {
        let rest = &line[at + dot.len()..];
        CLASSES.iter().any(|(name, _)| rest.starts_with(name))
    };
    line.contains(['{', '｛']) || line.match_indices(['.', '．']).any(names_class)
}

/// Says what of a heading's text, which lies at `range`, is nearly attributes. Those at its end that are read are not in it.
pub(in crate::markdown) fn report(id: SourceId, text: &str, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) {
    let line = text[range.clone()].trim_end();
    let span = |place: Range<usize>| Span::new(id, range.start + place.start..range.start + place.end);
    let Some(near) = in_braces(line).or_else(|| without_braces(line)) else { return };
    let Near { place, message, help, code, cost, mend } = near;
    let found = Diagnostic::new(code, span(place), message).costing(cost).help(help);
    // Attributes that are read stand behind it.
    let is_last = !text[range.end..].lines().next().unwrap_or_default().contains('{');
    let mend = mend.filter(|(place, _)| is_last && is_mended(line, place));
    diagnostics.push(match mend {
        Some((place, text)) if cost == Cost::Note && is_meant(&line[place.start..]) => found.fix(span(place), text),
        Some((place, text)) => found.edit(span(place), text),
        None => found,
    });
}

/// Whether what is left of a heading before a place, if all behind it goes, is its text: words, with emphasis that ends, and no
/// other braces there or behind.
fn is_mended(line: &str, place: &Range<usize>) -> bool {
    let kept = &line[..place.start];
    let is_whole = ["*", "_", "~~", "==", "`"].into_iter().all(|mark| kept.matches(mark).count() % 2 == 0);
    let braces = line.matches(['{', '｛']).count();
    let is_doubled = line[place.start..].contains("{{");
    let asks = kept.trim_start_matches('#').chars().any(char::is_alphanumeric);
    asks && is_whole && (braces <= 1 || is_doubled && braces == 2)
}

/// Whether attributes are no part of what a heading asks: `What does the rule {.list}?` may be about the braces. What a deck is
/// called is not guessed, since readers keep it.
fn is_meant(end: &str) -> bool {
    const OF_OTHER_BODIES: [&str; 5] = [".cloze", ".list", ".rows", ".terms", ".choice"];
    let is_behind = |signs: &[char]| end.trim_end().ends_with(signs);
    let closes = end.trim_end().ends_with(['}', '｝']);
    let guesses = spaced_deck(end.trim().trim_matches(['{', '}'])).is_some();
    !guesses
        && !is_behind(&['?', '!', '？', '！', '؟'])
        && (closes || !OF_OTHER_BODIES.iter().any(|class| end.contains(class)))
}

/// What is nearly attributes.
struct Near {
    place: Range<usize>,
    message: String,
    help: String,
    code: Code,
    cost: Cost,
    /// What to put in the place of what.
    mend: Option<(Range<usize>, String)>,
}

const HELP: &str = "write `.class`, `#id`, `tags=a,b` or `deck=A::B`, with spaces between";

/// Braces with words of ours in them.
fn in_braces(line: &str) -> Option<Near> {
    let opens = line.rmatch_indices(['{', '｛']).take(MOST_BRACES);
    let found = opens.filter(|(at, _)| !is_literal(line, *at)).filter_map(|(at, open)| braces(line, at, open.len()));
    // What is surely ours counts before what only may be.
    let found: Vec<Near> = found.collect();
    let worst = found.iter().position(|near| near.cost == Cost::Note).unwrap_or_default();
    found.into_iter().nth(worst)
}

/// Whether what stands at an offset is code, or escaped, or a part of what another language writes so.
fn is_literal(line: &str, at: usize) -> bool {
    let before = &line[..at];
    let is_in_comment = before.rfind("<!--").is_some_and(|open| !before[open..].contains("-->"));
    before.ends_with(['\\', '$', '%', '=', '`']) || before.matches('`').count() % 2 == 1 || is_in_comment
}

/// The braces that are opened at an offset.
fn braces(line: &str, at: usize, open: usize) -> Option<Near> {
    let inner = &line[at + open..];
    let end = inner.find(['{', '｛', '}', '｝']);
    let (inner, behind) = match end {
        Some(end) if inner[end..].starts_with(['{', '｛']) => return None,
        Some(end) => (&inner[..end], inner[end..].chars().next().map(|close| &inner[end + close.len_utf8()..])),
        None => (inner, None),
    };
    let place = at..line.len() - behind.map_or(0, str::len);
    let words = Words::of(inner);
    if !words.is_surely_ours {
        let behind = behind?;
        return if is_blank(behind) {
            like_another_language(inner, place)
        } else {
            misspelt_before_signs(inner, &line[..at], behind, place)
        };
    }
    let from = line[..at].trim_end_matches(is_nothing).len();
    let written = words.written();
    let near = |message: String, mend| Near {
        help: written
            .clone()
            .map_or_else(|| HELP.to_owned(), |written| format!("write `{written}` at the heading's end")),
        message,
        code: Code::MisspeltAttribute,
        // Templates of Go have two.
        cost: if line[..at].ends_with('{') { Cost::Nothing } else { Cost::Note },
        place: place.clone(),
        mend,
    };
    let Some(behind) = behind else {
        let written = written.clone()?;
        return Some(near(
            "these attributes are never closed".to_owned(),
            Some((from..line.len(), format!(" {written}"))),
        ));
    };
    if is_blank(behind) {
        if let Some(quoted) = spaced_deck(inner) {
            let message = "a deck's name with a blank in it stands between quotes".to_owned();
            let help = format!("write `{quoted}`, or a dash for the blank");
            return Some(Near { help, ..near(message, Some((from..line.len(), format!(" {quoted}")))) });
        }
        let message = words.strange.first().map_or_else(
            || "attributes stand between `{` and `}`, with spaces between them".to_owned(),
            |strange| format!("`{strange}` is no attribute"),
        );
        return Some(near(message, written.clone().map(|written| (from..line.len(), format!(" {written}")))));
    }
    let Some(moved) = moved(&line[..from], behind) else { return Some(amid(place.clone())) };
    let (from, kept) = moved;
    let mend = written.clone().map(|written| (from..line.len(), format!("{kept} {written}")));
    Some(near("these attributes do not end the heading".to_owned(), mend))
}

/// The deck of braces that hold nothing else, and whose name has blanks: `deck=My Deck`.
fn spaced_deck(inner: &str) -> Option<String> {
    let (key, name) = inner.split_once('=')?;
    let name = name.trim();
    let is_plain = |c: char| c.is_alphanumeric() || " :-_".contains(c);
    let is_name = key.trim() == "deck" && name.contains(' ') && name.chars().all(is_plain);
    is_name.then(|| format!("{{deck=\"{name}\"}}"))
}

/// An attribute alone that signs stand behind, and that is none of ours: a class that is nearly one, or an id. The one would be said
/// without the signs, the other be read.
fn misspelt_before_signs(inner: &str, before: &str, behind: &str, place: Range<usize>) -> Option<Near> {
    let inner = inner.trim();
    let (_, kept) = moved(before, behind)?;
    let class = || inner.strip_prefix('.').and_then(|class| suggest(class, CLASSES.iter().map(|(name, _)| *name)));
    let id = || inner.strip_prefix('#').filter(|id| before.ends_with(is_nothing) && !id.is_empty());
    let written = class()
        .map(|class| format!("{{.{class}}}"))
        .or_else(|| id().filter(|id| id.chars().all(is_of_id)).map(|id| format!("{{#{id}}}")))?;
    let from = before.trim_end_matches(is_nothing).len();
    Some(Near {
        message: format!("`{{{inner}}}` is read as text"),
        help: format!("write `{written}` at the heading's end, or `\\{{` for the text"),
        code: Code::MisspeltAttribute,
        cost: Cost::Nothing,
        mend: Some((from..place.end + behind.len(), format!("{kept} {written}"))),
        place,
    })
}

fn is_of_id(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_')
}

/// What of a heading stands behind its attributes and may as well stand before them: signs, tags, the id of a block, a comment.
/// `None` where it is more. Gives where the text before ends, without brackets and emphasis around the attributes, and what
/// goes there.
fn moved(before: &str, behind: &str) -> Option<(usize, String)> {
    const OPEN: [char; 9] = ['*', '_', '(', '[', '{', '<', '"', '“', '｛'];
    const CLOSE: [char; 10] = ['*', '_', ')', ']', '}', '>', '"', '”', '｝', '{'];
    // A brace too many goes, and so does a closing run of `#` that touches the attributes.
    let bare = behind.trim_matches(|c| is_nothing(c) || matches!(c, '{' | '}')).trim_start_matches(CLOSE);
    let bare = if bare.bytes().all(|byte| byte == b'#') { "" } else { bare };
    let is_apart = behind.starts_with(is_nothing) && !bare.is_empty();
    let from = if bare.len() < behind.len() { before.trim_end_matches(OPEN).trim_end() } else { before };
    let (text, comment) = match bare.find("<!--") {
        Some(at) if bare.ends_with("-->") => bare.split_at(at),
        Some(_) | None => (bare, ""),
    };
    let is_sign =
        |c: char| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '`' | '\\' | '$' | '{' | '<' | '!' | '[');
    let is_mark = |word: &str| {
        let name = word.strip_prefix(['#', '^']).unwrap_or_default();
        (name.starts_with(char::is_alphabetic) && !name.contains(['{', '`']))
            || word.chars().all(|c| is_sign(c) || c == '!')
    };
    if !text.split(is_nothing).filter(|word| !word.is_empty()).all(is_mark) {
        return None;
    }
    let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let [before, between] =
        [is_apart, !comment.is_empty() && !text.is_empty()].map(|is_apart| if is_apart { " " } else { "" });
    Some((from.len(), format!("{before}{}{between}{comment}", text.trim())))
}

/// Attributes with text behind them.
fn amid(place: Range<usize>) -> Near {
    Near {
        place,
        message: "attributes within a heading are read as text".to_owned(),
        help: "write them at its end, or between backticks".to_owned(),
        code: Code::ForeignMarkup,
        cost: Cost::Nothing,
        mend: None,
    }
}

/// The words of braces.
struct Words {
    /// Attributes, as they are to be written.
    known: Vec<String>,
    /// Others.
    strange: Vec<String>,
    /// Whether one of them is ours and hardly anything else.
    is_surely_ours: bool,
}

impl Words {
    fn of(inner: &str) -> Self {
        let mut words = Self { known: Vec::new(), strange: Vec::new(), is_surely_ours: false };
        let ascii: String = inner.chars().filter(|c| !is_unseen(*c)).map(to_ascii).collect();
        for piece in ascii.split([' ', '\t', ';', '|']) {
            if piece.contains('=') {
                words.take(piece.trim_matches(','));
            } else {
                piece.split([',', '/', '+', '&']).for_each(|piece| words.take_joined(piece));
            }
        }
        words
    }

    /// A word, or classes that are written as one (`.a.b`).
    fn take_joined(&mut self, piece: &str) {
        let classes: Vec<&str> = piece.split('.').skip(1).collect();
        if piece.starts_with('.') && classes.len() > 1 && classes.iter().all(|class| is_class(class)) {
            for class in classes {
                self.take(&format!(".{class}"));
            }
        } else {
            self.take(piece);
        }
    }

    fn take(&mut self, word: &str) {
        if word.is_empty() || is_lone_mark(word) {
            return;
        }
        let key = word.split_once('=').filter(|(_, value)| !value.is_empty()).map(|(key, _)| key);
        self.is_surely_ours |=
            word.strip_prefix('.').is_some_and(is_class) || key.is_some_and(|key| KEYS.contains(&key));
        let is_attribute = word.contains(['.', '#', '=']) && looks_like_attribute(word);
        if is_attribute { &mut self.known } else { &mut self.strange }.push(word.to_owned());
    }

    /// As they are to be written, where all of them are attributes.
    fn written(&self) -> Option<String> {
        self.strange.is_empty().then(|| format!("{{{}}}", self.known.join(" ")))
    }
}

/// What stands in braces as another language has it (`{tags: a, b}`, `{typed=true}`), or a mark alone.
fn like_another_language(inner: &str, place: Range<usize>) -> Option<Near> {
    let inner = inner.trim();
    let (name, value) = inner.split_once([':', '=']).unwrap_or((inner, ""));
    let (name, value) = (name.trim(), value.trim());
    let says_so =
        ["true", "yes", "on", "1"].iter().any(|word| value.trim_matches(['"', '\'']).eq_ignore_ascii_case(word));
    let class = name.strip_prefix('.').unwrap_or(name);
    let written = if KEYS.contains(&name) && inner.contains(':') && !value.is_empty() {
        let parts: Vec<&str> = value.trim_matches(['[', ']']).split(',').map(str::trim).collect();
        let value = parts.join(",");
        Some(if value.contains(' ') { format!("{{{name}=\"{value}\"}}") } else { format!("{{{name}={value}}}") })
    } else if is_class(class) && says_so {
        Some(format!("{{.{class}}}"))
    } else if is_lone_mark(inner) {
        None
    } else {
        Some(format!("{{#{}}}", spaced_id(inner)?))
    };
    Some(Near {
        message: format!("`{{{inner}}}` is read as text"),
        help: written.as_ref().map_or_else(
            || format!("write a name behind `{inner}`, or `\\{{{inner}}}` for the text"),
            |written| format!("write `{written}`, or `\\{{` for the text"),
        ),
        code: Code::MisspeltAttribute,
        cost: Cost::Nothing,
        mend: written.map(|written| (place.clone(), written)),
        place,
    })
}

/// The id that white space parts (`#my id`). What Svelte has in braces (`{#if x}`) is none.
fn spaced_id(inner: &str) -> Option<String> {
    const BLOCKS: [&str; 5] = ["if", "each", "await", "key", "snippet"];
    let words: Vec<&str> = inner.strip_prefix('#')?.split_whitespace().collect();
    let is_word = |word: &&str| word.chars().all(is_of_id);
    let are_words = words.len() > 1 && words.iter().all(is_word) && !inner.starts_with("# ");
    (are_words && !words.first().is_some_and(|first| BLOCKS.contains(first))).then(|| words.join("-"))
}

/// The comment that was to speak to deckle, as it is to be written, and whether it names deckle; `text` is what stands in it.
pub(in crate::markdown) fn of_comment(text: &str) -> Option<(String, bool)> {
    let text = text.trim_matches(|c| is_nothing(c) || c == '-');
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let is_ours = suggest(&text[..end], ["deckle"]).is_some();
    let rest = if is_ours { &text[end..] } else { text };
    let rest =
        rest.trim_matches(|c| is_nothing(c) || matches!(c, ':' | ';' | '=' | '-' | '{' | '}' | '：' | '｛' | '｝'));
    let mut words = Words::of(rest);
    if is_ours && words.strange.iter().all(|word| is_class(word)) {
        words.is_surely_ours |= !words.strange.is_empty();
        words.known.extend(words.strange.drain(..).map(|class| format!(".{class}")));
    }
    let is_meant = words.is_surely_ours && words.strange.is_empty();
    is_meant.then(|| (format!("<!-- deckle: {} -->", words.known.join(" ")), is_ours))
}

/// Whether all words of a text are attributes, and one of them is surely ours.
pub(in crate::markdown) fn are_attributes(text: &str) -> bool {
    let words = Words::of(text.trim().trim_start_matches('{').trim_end_matches('}').trim_start_matches(':'));
    words.is_surely_ours && words.strange.is_empty()
}

/// Classes at a heading's end that stand in no braces. Tags may stand behind them.
fn without_braces(line: &str) -> Option<Near> {
    let (mut classes, mut start, mut end) = (Vec::new(), line.len(), line.len());
    let mut rest = line;
    loop {
        let blank = rest.char_indices().rfind(|(_, c)| c.is_whitespace());
        let from = blank.map_or(0, |(at, blank)| at + blank.len_utf8());
        let word = &rest[from..];
        let bare: String = word.chars().filter(|c| !is_unseen(*c)).map(to_ascii).collect();
        let bare =
            bare.trim_start_matches(['(', '[', '{', '<', '"']).trim_end_matches([')', ']', '}', '>', '"', ',', ';']);
        let is_tag = || word.len() > 1 && word.starts_with(['#', '^']) && word[1..].starts_with(char::is_alphabetic);
        if let Some(class) = bare.strip_prefix('.').filter(|class| is_class(class)) {
            (start, end) = (from, if classes.is_empty() { from + word.len() } else { end });
            classes.push(format!(".{class}"));
        } else if !(classes.is_empty() && is_tag()) {
            break;
        }
        rest = rest[..from].trim_end();
    }
    let before = line[..start].trim_end();
    if classes.is_empty() || before.trim_start_matches('#').is_empty() || is_literal(line, start) {
        return None;
    }
    classes.reverse();
    let written = format!("{{{}}}", classes.join(" "));
    Some(Near {
        place: start..end,
        message: format!("`{}` is read as text", &line[start..end]),
        help: format!("write `{written}` at the heading's end, or between backticks what is text"),
        code: Code::MisspeltAttribute,
        cost: Cost::Nothing,
        mend: Some((before.len()..line.len(), format!("{} {written}", line[end..].trim_end()))),
    })
}

fn is_class(name: &str) -> bool {
    CLASSES.iter().any(|(known, _)| *known == name)
}

fn is_nothing(character: char) -> bool {
    character.is_whitespace() || is_unseen(character)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_nothing)
}

/// The character of ASCII that a full-width one stands for, as editors for Chinese and Japanese write it (Unicode, Halfwidth and
/// Fullwidth Forms); white space of any kind is a blank.
fn to_ascii(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xff01 + u32::from('!')).unwrap_or(character),
        '、' => ',',
        _ if character.is_whitespace() => ' ',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_without_braces_stand_behind_any_blank() {
        for (line, start) in [
            ("## 東京　タワー .list", "## 東京　タワー"),
            ("## 東京　.list", "## 東京"),
            ("## A\u{a0}b .list", "## A\u{a0}b"),
            ("## A\u{a0}.list\u{3000}.typed", "## A"),
            ("東京タワー .list", "東京タワー"),
            ("Word\u{3000}.list #tag", "Word"),
        ] {
            let near = without_braces(line);
            assert_eq!(near.and_then(|near| near.mend).map(|(place, _)| place.start), Some(start.len()), "{line}");
        }
        for line in [".list", "## .list", "", "　", "#tag", "## 東京　タワー", "word.list"] {
            assert!(without_braces(line).is_none(), "{line}");
        }
    }
}
