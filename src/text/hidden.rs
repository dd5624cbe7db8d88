//! Turns text that may hold characters which nobody sees into text that shows what it is: without them in content, with their
//! numbers in messages.
//!
//! Knows neither content nor terminals. The marks LRM, RLM and ALM stay in content: right-to-left text needs them, and they
//! turn nothing around but the punctuation beside them. Of embeddings, overrides and isolates the same cannot be said
//! (CVE-2021-42574).

use std::borrow::Cow;

/// Stands for what is taken out of a line: it shows nothing, breaks no line and is left out of content.
pub const NOTHING: char = '\u{f}';

/// Whether a character has no place in content: it is a control character, turns around the text behind it, is half of a
/// byte order mark, an interlinear annotation, or no character at all. Tabs and line ends are content.
pub fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}'
            | '\u{b}'..='\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    ) || u32::from(character) & 0xFFFE == 0xFFFE
}

/// Whether a text shows nothing: it is white space, and characters that have no width.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}')
            || is_hidden(c)
    })
}

/// The hidden characters of a text with their offsets. The mark of UTF-8 at its start is none.
pub fn find(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += may_hide_at(text.as_bytes().get(at..)?)?;
            let (place, character) = (at, text.get(at..)?.chars().next()?);
            at += character.len_utf8();
            if is_hidden(character) {
                return Some((place, character));
            }
        }
    })
}

/// Where the first byte is that may start a hidden character. Nearly all text is plain, so many are looked at at once.
fn may_hide_at(bytes: &[u8]) -> Option<usize> {
    const MANY: usize = 32;
    let (chunks, _) = bytes.as_chunks::<MANY>();
    let is_plain = |chunk: &&[u8; MANY]| !chunk.iter().fold(false, |found, byte| found | may_hide(*byte));
    let plain = chunks.iter().take_while(is_plain).count() * MANY;
    Some(plain + bytes.get(plain..)?.iter().position(|byte| may_hide(*byte))?)
}

/// The text as content: hidden characters are left out, those among them that part words are spaces, and a carriage return
/// alone is a line end.
pub fn without(text: &str) -> Cow<'_, str> {
    without_but(text, |_| false)
}

/// What stands in content for a hidden character: a space for one that parts words, else nothing.
pub fn stand_in(character: char) -> &'static str {
    if matches!(character, '\u{b}' | '\u{c}' | '\u{85}') { " " } else { "" }
}

/// As [`without`], but for those that the caller put there itself.
pub fn without_but(text: &str, keeps: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_hidden = |c: char| is_hidden(c) && !keeps(c);
    if may_hide_at(text.as_bytes()).is_none() || !text.contains(|c: char| c == '\r' || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() != Some(&'\n') => clean.push('\n'),
            _ if is_hidden(character) => clean.push_str(stand_in(character)),
            _ => clean.push(character),
        }
    }
    Cow::Owned(clean)
}

/// The text as one line of a message that no name in it can end, colour or turn around.
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |character| matches!(character, '\t' | '\n' | '\r') || is_sly(character))
}

/// Lines of a message, each of which a name in it can neither colour nor turn around. Where they are coloured, ESC stays: names
/// in them are [`shown`] before.
pub fn shown_lines(text: &str, coloured: bool) -> Cow<'_, str> {
    escaped(text, |character| character == '\r' || is_sly(character) && !(coloured && character == '\u{1b}'))
}

/// Lines that were [`shown`] once, of which nobody knows what became since. Where they are coloured, what sets colours stays,
/// and no other ESC: `ESC [ … m`, digits and semicolons between them (ECMA-48, 8.3.117).
pub fn shown_again(text: &str, coloured: bool) -> Cow<'_, str> {
    let Some((first, rest)) = text.split_once('\u{1b}') else { return shown_lines(text, false) };
    let mut shown = shown_lines(first, false).into_owned();
    for part in rest.split('\u{1b}') {
        shown.push_str(if coloured && sets_colour(part) { "\u{1b}" } else { "\\u{1b}" });
        shown.push_str(&shown_lines(part, false));
    }
    Cow::Owned(shown)
}

fn sets_colour(behind_escape: &str) -> bool {
    let numbers = behind_escape.strip_prefix('[').and_then(|rest| rest.split_once('m'));
    numbers.is_some_and(|(numbers, _)| numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
}

/// Lines of JSON as the same values, in ASCII where a terminal that shows them would obey them. They hold no other line ends
/// than those between them.
pub fn shown_json(lines: &str) -> Cow<'_, str> {
    if !lines.contains(is_sly) {
        return Cow::Borrowed(lines);
    }
    let mut text = String::with_capacity(lines.len() + 16);
    for character in lines.chars() {
        if is_sly(character) {
            let mut units = [0; 2];
            text.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(character);
        }
    }
    Cow::Owned(text)
}

/// Hidden characters, and those that content may hold but that hide something in a message: marks of direction, line ends
/// of Unicode's own, and tags.
fn is_sly(character: char) -> bool {
    is_hidden(character)
        || matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{2029}' | '\u{e0000}'..='\u{e007f}')
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_escaped(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character that starts with this byte may be hidden, or is a carriage return.
fn may_hide(byte: u8) -> bool {
    byte < b' ' && byte != b'\t' && byte != b'\n' || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_holds_no_hidden_characters() {
        let every = (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| is_hidden(*c));
        for character in every {
            let text = format!("ä{character}b");
            assert_eq!(find(&text).collect::<Vec<_>>(), [(2, character)], "{:x}", u32::from(character));
            assert!(!without(&text).contains(is_hidden), "{:x}", u32::from(character));
            assert!(
                !shown(&text).contains(is_hidden)
                    && !shown_lines(&text, true).replace('\u{1b}', "").contains(is_hidden)
            );
        }
        assert_eq!(without("a\u{1f}b\u{202e}c\u{fffe}"), "abc");
        assert_eq!(without("a\u{c}b\u{85}c"), "a b c");
        assert_eq!(without("a\rb\r\nc\r"), "a\nb\r\nc\n");
        let kept = "\t\n“ä” \u{200f}\u{200d}\u{fe0f}\u{1f469}\u{a0}\u{ad}\u{fffd}";
        assert!(matches!(without(kept), Cow::Borrowed(same) if same == kept));
    }

    #[test]
    fn what_is_shown_again_keeps_colours_and_nothing_else() {
        let coloured = "a\n\u{1b}[1m\u{1b}[91merror\u{1b}[0m: ä\u{1b}[m\n\u{1b}[38;5;9mb\n";
        assert_eq!(shown_again(coloured, true), coloured);
        assert!(!shown_again(coloured, false).contains('\u{1b}'));
        for sly in
            ["\u{1b}[2J", "\u{1b}]0;m\u{7}", "\u{1b}", "\u{1b}[31", "\u{1b}\u{1b}[?m", "\u{9b}0m", "\r", "\u{202e}"]
        {
            let text = format!("a{sly}b\n");
            assert!(!shown_again(&text, true).contains(|c| c == '\r' || is_sly(c)), "{text:?}");
        }
        for plain in ["", "a\n\tb\n"] {
            assert!(matches!(shown_again(plain, true), Cow::Borrowed(same) if same == plain));
        }
        let shown = shown_json("{\"a\":\"\u{9b}\"}\n");
        assert_eq!(shown_again(&shown, false), shown);
    }

    #[test]
    fn messages_show_what_nobody_sees() {
        assert_eq!(shown("a\n\u{1b}[31m\u{202e}b\u{200f}\u{9b}ä"), r"a\n\u{1b}[31m\u{202e}b\u{200f}\u{9b}ä");
        assert_eq!(shown_lines("a\n\u{1b}[31m\rb\n", false), "a\n\\u{1b}[31m\\rb\n");
        assert_eq!(shown_lines("a\n\u{1b}[31m\u{9b}b\n", true), "a\n\u{1b}[31m\\u{9b}b\n");
        let line = "{\"a\":\"\u{9b}\u{202e}\u{2028}\u{e0041}ä\"}\n";
        assert_eq!(shown_json(line), "{\"a\":\"\\u009b\\u202e\\u2028\\udb40\\udc41ä\"}\n");
        let value: serde_json::Value = serde_json::from_str(&shown_json(line)).unwrap();
        assert_eq!(value["a"], "\u{9b}\u{202e}\u{2028}\u{e0041}ä");
    }
}
