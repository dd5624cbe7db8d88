//! Finds the separator that makes a line a card: `question::answer`.
//!
//! What only looks like one is none: a field of Dataview's (`key:: value`), a path (`a::b::c`). Knows one line.

use std::ops::Range;

use crate::config::syntax::ObsidianOptions;

/// What parts question and answer in a line, the longer one first.
pub(super) struct Separators<'o> {
    signs: [(&'o str, bool); 2],
}

/// What a line is that has a separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reading {
    /// A card.
    Card(Card),
    /// A card with nothing on one side: the separator's place.
    Half(Range<usize>),
    /// A field: its key, with the separator.
    Field(Range<usize>),
    /// Several separators, of which nobody knows which one is meant: the first one's place.
    Several(Range<usize>),
}

/// A card in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    pub(super) front: Range<usize>,
    pub(super) separator: Range<usize>,
    pub(super) back: Range<usize>,
    pub(super) is_reversed: bool,
    /// Whether it may be a path of a programming language, or an address.
    pub(super) may_be_path: bool,
}

/// The separator that paths are written with as well, and keys of Dataview's.
const COLONS: &str = "::";

impl<'o> Separators<'o> {
    pub(super) fn of(options: &'o ObsidianOptions) -> Self {
        let mut signs = [(options.inline.as_str(), false), (options.inline_reversed.as_str(), true)];
        signs.sort_by_key(|(sign, _)| std::cmp::Reverse(sign.len()));
        Self { signs }
    }

    /// Whether a line may be a card.
    pub(super) fn may_part(&self, line: &str) -> bool {
        self.signs.iter().any(|(sign, _)| !sign.is_empty() && line.contains(sign))
    }

    /// Reads a line: `content` is the place of its text without marks before it and machinery behind, `literal` are the pieces
    /// of the line that hold no separator.
    pub(super) fn read(&self, line: &str, content: Range<usize>, literal: &[Range<usize>]) -> Option<Reading> {
        self.signs.into_iter().filter(|(sign, _)| !sign.is_empty()).find_map(|(sign, is_reversed)| {
            let line = Line { text: line, content: content.clone(), literal };
            let places = line.places(sign);
            if sign == COLONS {
                line.colons(&places, is_reversed)
            } else {
                line.part(places.text.first()?.clone(), is_reversed)
            }
        })
    }
}

struct Line<'a> {
    text: &'a str,
    content: Range<usize>,
    literal: &'a [Range<usize>],
}

/// Where a sign stands in a line.
struct Places {
    /// In text.
    text: Vec<Range<usize>>,
    /// Whether it stands in code, too.
    is_in_code: bool,
}

impl Line<'_> {
    /// The first few places of a sign; more of them say no more.
    fn places(&self, sign: &str) -> Places {
        const ENOUGH: usize = 64;
        let mut places = Places { text: Vec::new(), is_in_code: false };
        let mut literal = self.literal.iter().peekable();
        let inner = self.get(self.content.clone());
        for (at, _) in inner.match_indices(sign) {
            let range = self.content.start + at..self.content.start + at + sign.len();
            while literal.next_if(|literal| literal.end <= range.start).is_some() {}
            match literal.peek().filter(|literal| literal.start < range.end) {
                Some(literal) => places.is_in_code |= self.get((*literal).clone()).starts_with('`'),
                None => places.text.push(range),
            }
            if places.text.len() == ENOUGH {
                break;
            }
        }
        places
    }

    /// A line with `::`, which may mean something else.
    fn colons(&self, places: &Places, is_reversed: bool) -> Option<Reading> {
        let mut text = places.text.iter();
        let first = text.next()?;
        if let Some(key) = self.key(first) {
            return Some(Reading::Field(key.start..first.end));
        }
        // Fields in brackets may stand in a line that is a card by another separator.
        let (fields, others): (Vec<_>, Vec<_>) =
            places.text.iter().partition(|place| self.bracketed_key(place).is_some());
        let Some(first) = others.first() else {
            let field = fields.first()?;
            return Some(Reading::Field(self.bracketed_key(field)?.start..field.end));
        };
        if !self.is_glued(first) {
            return self.part((*first).clone(), is_reversed);
        }
        if others.len() == 1 && !places.is_in_code {
            return self.part((*first).clone(), is_reversed);
        }
        let is_chain = others.get(1).is_some_and(|next| !self.get(first.end..next.start).contains(char::is_whitespace));
        let is_path = is_chain || places.is_in_code || self.may_be_path(first);
        (!is_path).then(|| Reading::Several((*first).clone()))
    }

    /// Parts the line at a separator.
    fn part(&self, separator: Range<usize>, is_reversed: bool) -> Option<Reading> {
        let front = self.trimmed(self.content.start..separator.start);
        let back = self.trimmed(separator.end..self.content.end);
        if front.is_empty() || back.is_empty() {
            // Two colons and no word are a rule or a block of another dialect.
            let says_something = |range: &Range<usize>| self.get(range.clone()).contains(char::is_alphanumeric);
            return (says_something(&front) || says_something(&back)).then_some(Reading::Half(separator));
        }
        let may_be_path = self.get(separator.clone()) == COLONS && self.may_be_path(&separator);
        Some(Reading::Card(Card { front, separator, back, is_reversed, may_be_path }))
    }

    /// The key of a field before a separator, if that is all that stands there: a word, and the separator directly behind it
    /// and before white space.
    fn key(&self, separator: &Range<usize>) -> Option<Range<usize>> {
        let key = self.content.start..separator.start;
        let is_key = !key.is_empty() && self.get(key.clone()).chars().all(is_of_key) && self.ends_word(separator);
        is_key.then_some(key)
    }

    /// The key of a field that starts in brackets: `(key:: value)`.
    fn bracketed_key(&self, separator: &Range<usize>) -> Option<Range<usize>> {
        let before = self.get(self.content.start..separator.start);
        let word = before.len() - before.trim_end_matches(is_of_key).len();
        let start = separator.start - word;
        let is_key = word > 0 && self.get(self.content.start..start).ends_with(['[', '(']) && self.ends_word(separator);
        is_key.then_some(start..separator.start)
    }

    /// Whether white space follows, or nothing.
    fn ends_word(&self, separator: &Range<usize>) -> bool {
        let behind = self.get(separator.end..self.content.end);
        behind.is_empty() || behind.starts_with(char::is_whitespace)
    }

    /// Whether a separator has a word on both sides, or starts one, so that it may be part of a path.
    fn is_glued(&self, separator: &Range<usize>) -> bool {
        let (before, behind) = self.around(separator);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        behind.starts_with(is_word) && (before.ends_with(is_word) || before.ends_with(char::is_whitespace))
    }

    /// Whether what touches a separator looks like a path, or an address of IPv6.
    fn may_be_path(&self, separator: &Range<usize>) -> bool {
        let (before, behind) = self.around(separator);
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let left = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
        let right = behind.split(|c| !is_word(c)).next().unwrap_or_default();
        let next = behind.get(right.len()..).unwrap_or_default();
        if right.is_empty() || before.ends_with(|c: char| !c.is_ascii()) {
            return false;
        }
        let is_group = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let has_digit = left.contains(|c: char| c.is_ascii_digit()) || right.contains(|c: char| c.is_ascii_digit());
        let is_address = is_group(left) && is_group(right) && has_digit && left.len() >= ADDRESS;
        let is_call = !left.is_empty() && next.starts_with(['(', '<', '!']) && !next.starts_with("(s)");
        let is_style = left.is_empty() && before.ends_with(char::is_whitespace) && STYLED.contains(&right);
        is_address
            || is_call
            || is_style
            || ROOTS.contains(&left)
            || is_of_code(left)
            || (!left.is_empty() && right.contains('_'))
    }

    /// What stands on both sides of a separator.
    fn around(&self, separator: &Range<usize>) -> (&str, &str) {
        (self.get(self.content.start..separator.start), self.get(separator.end..self.content.end))
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.get(range.clone());
        let start = range.start + text.len() - text.trim_start().len();
        start..start + text.trim().len()
    }

    fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

/// Whether a character may stand in the key of a field.
fn is_of_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// So many signs the first group of an address of IPv6 has: with less it is a number like others.
const ADDRESS: usize = 3;

/// What paths start with in Rust, C++ and their like.
const ROOTS: [&str; 18] = [
    "std", "core", "alloc", "crate", "self", "super", "Self", "Vec", "String", "Option", "Result", "Box", "Rc", "Arc",
    "boost", "absl", "ios", "chrono",
];

/// What `::` makes a part of an element of in CSS.
const STYLED: [&str; 10] =
    ["before", "after", "first", "marker", "placeholder", "selection", "backdrop", "cue", "slotted", "part"];

/// Whether a word is one that only code has: with `_` in it, or a capital behind a small letter.
fn is_of_code(word: &str) -> bool {
    let is_camel = |pair: &[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    word.contains('_') || word.as_bytes().windows(2).any(is_camel)
}

#[cfg(test)]
mod tests {
    use super::super::literal::literal;
    use super::*;

    /// What a line is: `front | back`, with `<>` for a reversed card, and a word for what is none.
    fn read(line: &str) -> String {
        let options = ObsidianOptions::default();
        let found = Separators::of(&options).read(line, 0..line.len(), &literal(line, true));
        match found {
            None => "-".to_owned(),
            Some(Reading::Half(_)) => "half".to_owned(),
            Some(Reading::Field(key)) => format!("field {}", &line[key]),
            Some(Reading::Several(_)) => "several".to_owned(),
            Some(Reading::Card(Card { front, back, is_reversed, may_be_path, .. })) => {
                let sign = if is_reversed { "<>" } else { "|" };
                let path = if may_be_path { " path" } else { "" };
                format!("{} {sign} {}{path}", &line[front], &line[back])
            }
        }
    }

    #[test]
    fn the_first_separator_parts_a_line() {
        for (line, expected) in [
            ("Oolong::partly oxidised", "Oolong | partly oxidised"),
            ("mensa:::table", "mensa <> table"),
            ("a ::: b :: c", "a <> b :: c"),
            ("a b:: c:: d", "a b | c:: d"),
            ("mesa :: table", "mesa | table"),
            ("mesa::table", "mesa | table"),
            ("**mesa**::table", "**mesa** | table"),
            ("什么::答案", "什么 | 答案"),
            ("ما هذا؟::كتاب", "ما هذا؟ | كتاب"),
            ("`a::b` is :: a path", "`a::b` is | a path"),
            ("see https://a.b/c::d :: e", "see https://a.b/c::d | e"),
            ("$a::b$ x :: $c$", "$a::b$ x | $c$"),
            ("%% a::b %% Shown::so", "%% a::b %% Shown | so"),
            ("[[a::b]] Shown::so", "[[a::b]] Shown | so"),
            ("Term::a <br> b", "Term | a <br> b"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_a_card_is_none() {
        for (line, expected) in [
            ("status:: draft", "field status::"),
            ("due-date:: [[x]]", "field due-date::"),
            ("状态:: x", "field 状态::"),
            ("status::", "field status::"),
            ("done [due:: 2025] and (by:: me)", "field due::"),
            ("[due:: 2025] Question :: answer", "[due:: 2025] Question | answer"),
            ("a::b::c in prose", "-"),
            ("use std::vec::Vec", "-"),
            ("`Vec::new` makes one; see std::vec", "-"),
            ("fe80::1::2", "-"),
            ("Oolong::partly oxidised, see green::leaf", "several"),
            (":::", "-"),
            ("::", "-"),
            ("::: note", "half"),
            ("Term ::", "half"),
            ("::before", "half"),
            ("`a::b`", "-"),
            ("<!-- a::b -->", "-"),
            ("no separator", "-"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_may_be_a_path_is_a_card_and_told() {
        for line in ["see std::vec", "fe80::1", "the TcpStream::connect", "a::b_c", "use ::before here", "Foo::bar()"] {
            assert!(read(line).ends_with(" path"), "{line}: {}", read(line));
        }
        for line in ["mesa::table", "Next::one", "add::bad", "a ::b", "1::2 cups", "Hund::dog", "мама::mother"] {
            assert!(read(line).contains(" | ") && !read(line).ends_with(" path"), "{line}: {}", read(line));
        }
    }
}
