//! Turns a text in which emphasis stands beside Chinese, Japanese or Korean (`**「強調」**です`) into one that the parser reads so,
//! character for character of the same length, so that every offset stays.
//!
//! For CommonMark `**` closes behind punctuation only before white space or more punctuation, and opens before it only behind
//! such: text without spaces has neither. By the amendment that comrak and markdown-it's plug-in read
//! (<https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md>) punctuation of these scripts counts as a letter
//! there, and beside other punctuation their letters count as a space. So a letter stands in for the one and punctuation for the
//! other, where that is what decides, and nowhere else. `_` is as ever: within words it is none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::text::{entity, steps};

/// A text as the parser is to read it.
pub(super) struct Mended {
    /// The text.
    pub text: String,
    /// What stands in for which character, ascending.
    pub stand_ins: Vec<(char, char)>,
}

/// The text with characters in the place of those beside `*`, `**`, `***` and `~~` that hide emphasis; `None` where none do.
pub(super) fn mend(text: &str) -> Option<Mended> {
    if text.is_ascii() {
        return None;
    }
    let flanks = flanks(text);
    if flanks.is_empty() {
        return None;
    }
    let mut spare = Spare::new(text);
    let mut out = String::with_capacity(text.len());
    for Flank { at, written, role } in flanks {
        // One character may be beside two marks.
        if at >= out.len()
            && let Some(other) = spare.stand_in(written, role)
        {
            out.push_str(text.get(out.len()..at)?);
            out.push(other);
        }
    }
    out.push_str(text.get(out.len()..)?);
    let mut stand_ins: Vec<(char, char)> = spare.taken.into_iter().map(|(written, other)| (other, written)).collect();
    stand_ins.sort_unstable();
    Some(Mended { text: out, stand_ins })
}

/// A character beside marks that is to be another one.
struct Flank {
    at: usize,
    written: char,
    role: Role,
}

/// What it is to be.
#[derive(Clone, Copy)]
enum Role {
    Letter,
    Punctuation,
}

/// What stands beside marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// White space, or the text's end.
    Space,
    /// Punctuation, or a sign, of no such script.
    Other,
    /// Punctuation of such a script.
    Stop,
    /// A letter of such a script.
    Glyph,
    /// What else there is.
    Letter,
}

fn flanks(text: &str) -> Vec<Flank> {
    let mut found = Vec::new();
    let (mut from, mut line, mut count) = (0, 0, 0_usize);
    while let Some(start) = text.get(from..).and_then(|rest| rest.bytes().position(is_mark)).map(|at| from + at) {
        let (before, behind) = text.split_at(start);
        let mark = if behind.starts_with('*') { '*' } else { '~' };
        let length = behind.len() - behind.trim_start_matches(mark).len();
        if is_escaped(before) {
            from = start + 1;
            continue;
        }
        from = start + length;
        if mark == '~' && length != 2 {
            continue;
        }
        let (last, next) = (before.chars().next_back(), text.get(from..).unwrap_or_default().chars().next());
        // How many marks stand before these in the line: an odd number has one open.
        if before.get(line..).is_some_and(|between| between.contains('\n')) {
            count = 0;
        }
        line = start;
        found.extend(flank(text, start..=from, (last, next), count));
        count += usize::from(side(last) != Side::Space || side(next) != Side::Space);
    }
    found
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'*' | b'~')
}

fn is_escaped(before: &str) -> bool {
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
}

/// What beside marks is to be another character, if that decides whether they open or close emphasis.
fn flank(
    text: &str,
    marks: RangeInclusive<usize>,
    beside: (Option<char>, Option<char>),
    count: usize,
) -> Option<Flank> {
    let (start, end) = marks.into_inner();
    let (last, next) = (beside.0?, beside.1?);
    let before = || Some((start - last.len_utf8(), last));
    let (found, role) = match (side(Some(last)), side(Some(next))) {
        (Side::Glyph | Side::Letter, Side::Stop) => (Some((end, next)), Role::Letter),
        (Side::Stop, Side::Glyph | Side::Letter) => (before(), Role::Letter),
        // The letter may stand between two marks. To those before it punctuation says that they close, to those behind it that
        // they open: where they are to do the other, nothing is the better for it.
        (Side::Glyph, Side::Other) => {
            let touches = text.get(..start - last.len_utf8()).is_some_and(|before| before.ends_with(['*', '~']));
            (before().filter(|_| !touches || count.is_multiple_of(2)), Role::Punctuation)
        }
        (Side::Other, Side::Glyph) => {
            let touches = text.get(end + next.len_utf8()..).is_some_and(|behind| behind.starts_with(['*', '~']));
            (Some((end, next)).filter(|_| !touches || !count.is_multiple_of(2)), Role::Punctuation)
        }
        (Side::Space | Side::Other | Side::Letter, Side::Space | Side::Other | Side::Glyph | Side::Letter)
        | (Side::Space | Side::Other, Side::Stop)
        | (Side::Stop, Side::Space | Side::Other | Side::Stop)
        | (Side::Glyph, Side::Space | Side::Glyph | Side::Letter) => return None,
    };
    found.map(|(at, written)| Flank { at, written, role })
}

fn side(character: Option<char>) -> Side {
    let Some(c) = character else { return Side::Space };
    if c.is_whitespace() {
        Side::Space
    } else if c.is_ascii_punctuation() {
        Side::Other
    } else if is_cjk(c) {
        if c.is_alphanumeric() || is_selector(c) { Side::Glyph } else { Side::Stop }
    } else if c.is_alphanumeric() || c.is_control() || is_mark_on_letters(c) {
        Side::Letter
    } else {
        Side::Other
    }
}

/// Whether a character is wide, full or half width by its block and no emoji, or is Hangul (Unicode, EastAsianWidth.txt and
/// Scripts.txt), or selects a form of one that is.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{2329}'..='\u{232A}' | '\u{2E80}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FFEF}' | '\u{16FE0}'..='\u{18DFF}' | '\u{1AFF0}'..='\u{1B2FF}' | '\u{20000}'..='\u{3FFFD}')
        || is_selector(c)
}

/// Whether a character selects a form of the one before it, other than that of a picture.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0E}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character is drawn upon another or not at all: no punctuation, though it is no letter.
fn is_mark_on_letters(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{20D0}'..='\u{20FF}' | '\u{FE0F}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Characters that a text does not hold, and that no entity in it stands for: no names of any are theirs.
struct Spare {
    used: BTreeSet<char>,
    taken: BTreeMap<char, char>,
    letters: usize,
    signs: [usize; 2],
}

/// Letters of three bytes: those for private use.
const LETTERS: [RangeInclusive<char>; 1] = ['\u{E000}'..='\u{F8FF}'];
/// Signs of three bytes: Braille, radicals of Kangxi and Yi, hexagrams.
const SIGNS: [RangeInclusive<char>; 4] =
    ['\u{2800}'..='\u{28FF}', '\u{2F00}'..='\u{2FD5}', '\u{A490}'..='\u{A4C6}', '\u{4DC0}'..='\u{4DFF}'];
/// Signs of four bytes: notes of Byzantine music.
const LONG_SIGNS: [RangeInclusive<char>; 1] = ['\u{1D000}'..='\u{1D0F5}'];

impl Spare {
    fn new(text: &str) -> Self {
        let pools = || LETTERS.iter().chain(&SIGNS).chain(&LONG_SIGNS);
        let used = entity::decode(text).chars().filter(|c| pools().any(|pool| pool.contains(c))).collect();
        Self { used, taken: BTreeMap::new(), letters: 0, signs: [0, 0] }
    }

    /// What stands in for a character everywhere; `None` where nothing is left, or has its length.
    fn stand_in(&mut self, written: char, role: Role) -> Option<char> {
        if let Some(known) = self.taken.get(&written) {
            return Some(*known);
        }
        let (pool, next): (&[RangeInclusive<char>], &mut usize) = match (role, written.len_utf8()) {
            (Role::Letter, 3) => (&LETTERS, &mut self.letters),
            (Role::Punctuation, 3) => (&SIGNS, &mut self.signs[0]),
            (Role::Punctuation, 4) => (&LONG_SIGNS, &mut self.signs[1]),
            (Role::Letter | Role::Punctuation, 0..) => return None,
        };
        if *next == usize::MAX {
            return None;
        }
        let mut rest = pool.iter().cloned().flatten().enumerate().skip(*next).inspect(|_| _ = steps::counted(1));
        let found = rest.find(|(_, c)| !self.used.contains(c));
        // A pool that is used up is not searched again.
        *next = found.map_or(usize::MAX, |(index, _)| index + 1);
        let (_, other) = found?;
        self.taken.insert(written, other);
        Some(other)
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser, Tag, TagEnd};

    use super::*;
    use crate::markdown::scan;

    /// A line as it is read, each piece of emphasis between `‹` and `›`, with a sign before it for more than one mark.
    fn read(text: &str) -> String {
        let (shown, stand_ins) = mend(text).map_or((text.to_owned(), Vec::new()), |mended| {
            assert_eq!(mended.text.len(), text.len());
            (mended.text, mended.stand_ins)
        });
        parsed(&shown, &stand_ins)
    }

    fn parsed(shown: &str, stand_ins: &[(char, char)]) -> String {
        let mut out = String::new();
        for event in Parser::new_ext(shown, scan::options(true)) {
            if let Event::Text(text) | Event::Code(text) | Event::InlineMath(text) = &event {
                out.push_str(text);
            } else if matches!(event, Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)) {
                out.push('›');
            } else if let Event::Start(tag) = event {
                let marks = [(Tag::Emphasis, "‹"), (Tag::Strong, "2‹"), (Tag::Strikethrough, "~‹")];
                out.extend(marks.into_iter().find(|(one, _)| *one == tag).map(|(_, mark)| mark));
            }
        }
        let meant = |c| stand_ins.iter().find(|(other, _)| *other == c).map_or(c, |(_, meant)| *meant);
        out.chars().map(meant).collect()
    }

    #[test]
    fn emphasis_stands_beside_punctuation_of_scripts_without_spaces() {
        for (text, expected) in [
            ("これは**「強調」**です", "これは2‹「強調」›です"),
            ("**この文は重要です。**但这句话并不重要。", "2‹この文は重要です。›但这句话并不重要。"),
            ("これは*「強調」*です", "これは‹「強調」›です"),
            ("これは***「強調」***です", "これは‹2‹「強調」››です"),
            ("これは~~「取消」~~です", "これは~‹「取消」›です"),
            ("**「A」**と**「B」**です", "2‹「A」›と2‹「B」›です"),
            ("これは**「A」**と**「B」**です", "これは2‹「A」›と2‹「B」›です"),
            ("これは**\"A\"**と**(B)**です", "これは2‹\"A\"›と2‹(B)›です"),
            ("**名**は**\"太郎\"**です", "2‹名›は2‹\"太郎\"›です"),
            ("**`code`**です、**$x$**は", "2‹code›です、2‹x›は"),
            ("**“强调”**的，是**“甲”**和**“乙”**。", "2‹“强调”›的，是2‹“甲”›和2‹“乙”›。"),
            ("이것은 **‘강조’**입니다. **스크립트(script)**라고", "이것은 2‹‘강조’›입니다. 2‹스크립트(script)›라고"),
            ("**[link](x)**です", "2‹link›です"),
            ("API**（接口）**的", "API2‹（接口）›的"),
            ("**注意：**请", "2‹注意：›请"),
            ("太郎は**「こんにちわ」**といった。", "太郎は2‹「こんにちわ」›といった。"),
            ("先生は「私は**「A」**が好き」", "先生は「私は2‹「A」›が好き」"),
            ("漢字**（かん、じ）**。**〜**と", "漢字2‹（かん、じ）›。2‹〜›と"),
            ("葛󠄀**(こここ)**と", "葛󠄀2‹(こここ)›と"),
            ("𰻞**(ビャン)**麺", "𰻞2‹(ビャン)›麺"),
            ("ｶﾞｷﾞ**｢あ｣**ｱ", "ｶﾞｷﾞ2‹｢あ｣›ｱ"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_pool_that_is_used_up_is_not_searched_again() {
        let all: String = LETTERS.into_iter().chain(SIGNS).flatten().collect();
        let text = format!("{all}{}", "これは**「強」**です".repeat(100));
        let (looked_at, mended) = steps::taken_by(|| mend(&text));
        assert_eq!(mended.map(|mended| mended.stand_ins), Some(Vec::new()));
        assert!(looked_at <= all.chars().count(), "{looked_at}");
    }

    #[test]
    fn what_is_read_as_ever_stays_as_it_is() {
        for text in [
            "plain **\"x\"** text",
            "x**(y)**z and 5 ** 6",
            "**強調**です",
            "これは **「強調」** です",
            "「**強調**」です",
            "**「強調」**。",
            "これは\\*\\*「強調」\\*\\*です",
            "x**は**\"b\"",
            "`は**「A」**と`, $は**「A」**と$",
            "これは__「強調」__です",
            "5~「6」~7",
            "é**(y)**à",
        ] {
            assert_eq!(read(text), parsed(text, &[]), "{text}");
        }
    }

    #[test]
    fn stand_ins_are_characters_that_the_text_has_no_other_use_for() {
        let text = "\u{e000}&#xe001;は**「強」**です";
        let mended = mend(text).map(|mended| (mended.text, mended.stand_ins));
        let expected = "\u{e000}&#xe001;は**\u{e002}強\u{e003}**です";
        assert_eq!(mended, Some((expected.to_owned(), vec![('\u{e002}', '「'), ('\u{e003}', '」')])));
        // Where none is left nothing is mended.
        let all: String = LETTERS.iter().cloned().flatten().collect();
        let mended = mend(&format!("{all}は**「強」**です"));
        assert_eq!(mended.map(|mended| mended.stand_ins), Some(Vec::new()));
    }
}
