//! Finds the deletions of a line, by the patterns in which they are written.
//!
//! As clozecraft 0.4.0 finds them: the words between the marks are as few as can be, a number and a hint may stand where the
//! pattern has them. A note is numbered if any of its deletions is, else of actions, else plain. Otherwise than there, marks that
//! are the same on both sides touch what they mark, so that `a == b` is none. Knows one line.

use std::ops::Range;

use crate::config::syntax::{ClozePattern, Piece};
use crate::text::steps;

/// The patterns of a file.
pub(super) struct Patterns {
    patterns: Vec<Pattern>,
}

/// How the deletions of a note say on which cards they are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Each has a number.
    Numbered,
    /// Each says what every card does with it.
    Actions,
    /// Each is a card.
    Plain,
}

/// A deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deletion {
    /// All of it, with its marks.
    pub(super) range: Range<usize>,
    /// The hidden words.
    pub(super) answer: Range<usize>,
    /// What is shown in their place.
    pub(super) hint: Option<Range<usize>>,
    /// Its number, or its actions.
    pub(super) number: Option<Range<usize>>,
}

/// A pattern in each of the forms, and whether the marks around the words are the same.
struct Pattern {
    numbered: Vec<Token>,
    actions: Vec<Token>,
    plain: Vec<Token>,
    is_symmetric: bool,
}

/// What a deletion is made of, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    /// Digits.
    Number,
    /// Letters of `ash`.
    Actions,
    Answer,
    /// With what stands before and behind it, if it is there.
    Hint(String, String),
}

impl Deletion {
    /// It with all its places so many bytes further on.
    pub(super) fn moved(self, by: usize) -> Self {
        let Self { range, answer, hint, number } = self;
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        Self { range: moved(range), answer: moved(answer), hint: hint.map(moved), number: number.map(moved) }
    }
}

impl Form {
    /// The forms, that first which counts before the others.
    const ALL: [Self; 3] = [Self::Numbered, Self::Actions, Self::Plain];
}

impl Patterns {
    pub(super) fn of(patterns: &[ClozePattern]) -> Self {
        Self { patterns: patterns.iter().map(Pattern::of).collect() }
    }

    /// Whether a line has a deletion.
    pub(super) fn may_delete(&self, line: &str, literal: &[Range<usize>]) -> bool {
        let has = |pattern: &Pattern| pattern.may_be_in(line) && !pattern.find(Form::Plain, line, literal).is_empty();
        self.patterns.iter().any(has)
    }

    /// The form of the deletions of some lines.
    pub(super) fn form(&self, lines: &[(&str, &[Range<usize>])]) -> Option<Form> {
        let has = |form: Form, (line, literal): &(&str, &[Range<usize>])| {
            let mut patterns = self.patterns.iter().filter(|pattern| pattern.may_be_in(line));
            patterns.any(|pattern| !pattern.find(form, line, literal).is_empty())
        };
        Form::ALL.into_iter().find(|form| lines.iter().any(|line| has(*form, line)))
    }

    /// The deletions of a line of such a form, in order.
    pub(super) fn find(&self, form: Form, line: &str, literal: &[Range<usize>]) -> Vec<Deletion> {
        let patterns = self.patterns.iter().filter(|pattern| pattern.may_be_in(line));
        let mut found: Vec<Deletion> = patterns.flat_map(|pattern| pattern.find(form, line, literal)).collect();
        found.sort_by_key(|deletion| (deletion.range.start, std::cmp::Reverse(deletion.range.end)));
        // What two patterns find is one deletion, and none crosses another.
        let mut end = 0;
        found.retain(|deletion| {
            let is_behind = deletion.range.start >= end;
            end = end.max(if is_behind { deletion.range.end } else { 0 });
            is_behind
        });
        found
    }
}

impl Pattern {
    fn of(pattern: &ClozePattern) -> Self {
        let tokens = |number: Option<&Token>| {
            let mut tokens: Vec<Token> = Vec::new();
            for piece in pattern.pieces() {
                match piece {
                    Piece::Text(text) => push_text(&mut tokens, text),
                    Piece::Answer => tokens.push(Token::Answer),
                    Piece::Hint { before, after } => tokens.push(Token::Hint(before.clone(), after.clone())),
                    Piece::Number { before, after } => {
                        if let Some(number) = number {
                            push_text(&mut tokens, before);
                            tokens.push(number.clone());
                            push_text(&mut tokens, after);
                        }
                    }
                }
            }
            tokens
        };
        let plain = tokens(None);
        let texts: Vec<&String> =
            plain.iter().filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None }).collect();
        let is_symmetric = matches!(texts.as_slice(), [open, close, ..] if open == close);
        Self { numbered: tokens(Some(&Token::Number)), actions: tokens(Some(&Token::Actions)), plain, is_symmetric }
    }

    fn tokens(&self, form: Form) -> &[Token] {
        match form {
            Form::Numbered => &self.numbered,
            Form::Actions => &self.actions,
            Form::Plain => &self.plain,
        }
    }

    /// Whether a line has all marks of the pattern: nearly no line has.
    fn may_be_in(&self, line: &str) -> bool {
        self.plain.iter().all(|token| match token {
            Token::Text(text) => line.contains(text.as_str()),
            Token::Number | Token::Actions | Token::Answer | Token::Hint(..) => true,
        })
    }

    fn find(&self, form: Form, line: &str, literal: &[Range<usize>]) -> Vec<Deletion> {
        let tokens = self.tokens(form);
        let mut found: Vec<Deletion> = Vec::new();
        let opens = |(index, token): (usize, &Token)| {
            if let Token::Text(text) = token { Some((index, text.clone())) } else { None }
        };
        let Some((first, open)) = tokens.iter().enumerate().find_map(opens) else { return found };
        let is_symmetric = self.is_symmetric;
        let mut search = Search { line, literal, is_symmetric, dead: vec![usize::MAX; tokens.len() + 1] };
        let mut at = 0;
        while let Some(place) = line.get(at..).and_then(|rest| rest.find(open.as_str())).map(|next| at + next) {
            let known = at;
            at = place + open.len();
            if let Some(end) = search.literal_end(place) {
                at = end.max(place + 1);
            } else if !search.may_open(place, &open) {
                at = search.behind_row(place, &open);
            } else if let Some(deletion) = search.start(tokens, first, known, place).and_then(|(index, start)| {
                let deletion = search.deletion(tokens.get(index..)?, start)?;
                (!is_symmetric || !search.is_comparison(&deletion)).then_some(deletion)
            }) {
                at = deletion.range.end;
                found.push(deletion);
            }
        }
        found
    }
}

fn push_text(tokens: &mut Vec<Token>, text: &str) {
    match tokens.last_mut() {
        _ if text.is_empty() => {}
        Some(Token::Text(last)) => last.push_str(text),
        _ => tokens.push(Token::Text(text.to_owned())),
    }
}

/// A search for one pattern in one line.
struct Search<'a> {
    line: &'a str,
    literal: &'a [Range<usize>],
    is_symmetric: bool,
    /// From where on what a token starts was not found, up to the line's end.
    dead: Vec<usize>,
}

/// What was found of a deletion.
#[derive(Default)]
struct Parts {
    answer: Range<usize>,
    hint: Option<Range<usize>>,
    number: Option<Range<usize>>,
}

impl Search<'_> {
    fn deletion(&mut self, tokens: &[Token], start: usize) -> Option<Deletion> {
        let mut parts = Parts::default();
        let end = self.matches(tokens, 0, start, &mut parts)?;
        let Parts { answer, hint, number } = parts;
        Some(Deletion { range: start..end, answer, hint, number })
    }

    /// Where a deletion starts whose first mark, the token `first`, is at a place; and with which token. A number may stand before
    /// the mark, but not before `known`; a hint there is not looked for.
    fn start(&self, tokens: &[Token], first: usize, known: usize, place: usize) -> Option<(usize, usize)> {
        let is_such = |byte: &u8| match tokens.first() {
            Some(Token::Number) => byte.is_ascii_digit(),
            Some(Token::Actions) => matches!(byte, b'a' | b's' | b'h'),
            Some(Token::Text(_) | Token::Answer | Token::Hint(..)) | None => false,
        };
        let before = self.line.as_bytes().get(known..place)?.iter().rev().take_while(|byte| is_such(byte)).count();
        match tokens.first()? {
            Token::Number | Token::Actions if first == 1 => (before > 0).then_some((0, place - before)),
            Token::Text(_) => Some((0, place)),
            Token::Hint(..) if first == 1 => Some((1, place)),
            Token::Number | Token::Actions | Token::Answer | Token::Hint(..) => None,
        }
    }

    /// Where the tokens from an index on end that start at a place.
    fn matches(&mut self, tokens: &[Token], index: usize, at: usize, parts: &mut Parts) -> Option<usize> {
        let Some(token) = tokens.get(index) else { return Some(at) };
        let rest = self.line.get(at..)?;
        match token {
            Token::Text(text) => {
                let end = at + text.len();
                let is_here = rest.starts_with(text.as_str()) && self.literal_end(at).is_none();
                if is_here { self.matches(tokens, index + 1, end, parts) } else { None }
            }
            Token::Number => self.run(tokens, index, at, |byte| byte.is_ascii_digit(), parts),
            Token::Actions => self.run(tokens, index, at, |byte| matches!(byte, b'a' | b's' | b'h'), parts),
            Token::Answer => self.answer(tokens, index, at, parts),
            Token::Hint(before, after) => {
                if rest.starts_with(before.as_str())
                    && let Some(end) = self.hint(tokens, index, at + before.len(), after, parts)
                {
                    return Some(end);
                }
                parts.hint = None;
                self.matches(tokens, index + 1, at, parts)
            }
        }
    }

    /// A row of such bytes, as long as it is.
    fn run(
        &mut self,
        tokens: &[Token],
        index: usize,
        at: usize,
        is_such: impl Fn(u8) -> bool,
        parts: &mut Parts,
    ) -> Option<usize> {
        let length = self.line.get(at..)?.bytes().take_while(|byte| is_such(*byte)).count();
        parts.number = (length > 0).then_some(at..at + length);
        if length == 0 { None } else { self.matches(tokens, index + 1, at + length, parts) }
    }

    /// The answer, of as few characters as can be, but one at least, and what follows.
    fn answer(&mut self, tokens: &[Token], index: usize, at: usize, parts: &mut Parts) -> Option<usize> {
        let dead = self.dead_from(tokens, index);
        let mut end = at + self.line.get(at..)?.chars().next()?.len_utf8();
        while end < self.line.len() && at < dead {
            steps::counted(1);
            if let Some(behind) = self.literal_end(end) {
                end = behind;
                continue;
            }
            parts.answer = at..end;
            if let Some(behind) = self.matches(tokens, index + 1, end, parts) {
                let before = self.line.get(..end).unwrap_or_default();
                if !self.is_symmetric || !before.ends_with(char::is_whitespace) {
                    parts.answer = at..end;
                    return Some(behind);
                }
                // What follows white space and stands before a word opens.
                if self.line.get(behind..).is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace())) {
                    return None;
                }
            }
            end += self.line.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        self.die(tokens, index, at);
        None
    }

    /// A hint up to what ends it, and what follows.
    fn hint(&mut self, tokens: &[Token], index: usize, at: usize, after: &str, parts: &mut Parts) -> Option<usize> {
        let dead = self.dead_from(tokens, index);
        let answer = parts.answer.clone();
        let mut end = at + self.line.get(at..)?.chars().next()?.len_utf8();
        while end <= self.line.len() && at < dead {
            steps::counted(1);
            if self.line.get(end..).is_some_and(|rest| rest.starts_with(after))
                && let Some(behind) = self.matches(tokens, index + 1, end + after.len(), parts)
            {
                let is_behind = tokens.iter().take(index).any(|token| *token == Token::Answer);
                if is_behind {
                    parts.answer = answer;
                }
                parts.hint = Some(at..end);
                return Some(behind);
            }
            end += self.line.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        self.die(tokens, index, at);
        None
    }

    /// From where on it is known that the token at an index, the first of those left, is not followed by what has to follow it.
    fn dead_from(&self, tokens: &[Token], index: usize) -> usize {
        self.dead.get(tokens.len() - index).copied().unwrap_or(usize::MAX)
    }

    /// Takes down that it is not from a place on.
    fn die(&mut self, tokens: &[Token], index: usize, at: usize) {
        if let Some(dead) = self.dead.get_mut(tokens.len() - index) {
            *dead = (*dead).min(at);
        }
    }

    /// Whether a mark may open at a place.
    fn may_open(&self, start: usize, open: &str) -> bool {
        let (before, behind) = self.line.split_at_checked(start).unwrap_or_default();
        let is_escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
        let behind = behind.get(open.len()..).unwrap_or_default();
        let sign = open.chars().next_back();
        let goes_on = sign.is_some_and(|sign| behind.starts_with(sign))
            || (sign != Some('*') && before.ends_with(sign.unwrap_or(' ')));
        !is_escaped && !(self.is_symmetric && (behind.starts_with(char::is_whitespace) || goes_on))
    }

    /// Where to look on behind a mark that may not open: a row of signs that is longer than the mark is a rule, or a comparison.
    fn behind_row(&self, place: usize, open: &str) -> usize {
        let Some(sign) = open.chars().next().filter(|sign| open.chars().all(|c| c == *sign)) else {
            return place + open.len();
        };
        let row = self.line.get(place..).unwrap_or_default();
        let length = row.len() - row.trim_start_matches(sign).len();
        // The last signs of a row of asterisks are a mark around words that are emphasised as well.
        if sign == '*' && length > open.len() { place + length - open.len() } else { place + length.max(open.len()) }
    }

    /// Whether what was found are two comparisons: `a==b and c==d`.
    fn is_comparison(&self, deletion: &Deletion) -> bool {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let before = self.line.get(..deletion.range.start).unwrap_or_default();
        let behind = self.line.get(deletion.range.end..).unwrap_or_default();
        let answer = self.line.get(deletion.answer.clone()).unwrap_or_default();
        before.ends_with(is_word) && behind.starts_with(is_word) && answer.contains(char::is_whitespace)
    }

    /// Where the literal text ends that holds a place behind its first byte, or from it on.
    fn literal_end(&self, at: usize) -> Option<usize> {
        let next = self.literal.partition_point(|range| range.end <= at);
        self.literal.get(next).filter(|range| range.start <= at).map(|range| range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::literal::literal;
    use super::*;

    fn patterns(texts: &[&str]) -> Patterns {
        Patterns::of(&texts.iter().map(|text| ClozePattern::read(text).unwrap()).collect::<Vec<_>>())
    }

    /// The form of a line's deletions, and each as `number:answer:hint`.
    fn found(texts: &[&str], line: &str) -> String {
        let (patterns, literal) = (patterns(texts), literal(line, true));
        let Some(form) = patterns.form(&[(line, literal.as_slice())]) else {
            assert!(!patterns.may_delete(line, &literal), "{line}");
            return String::new();
        };
        assert!(patterns.may_delete(line, &literal), "{line}");
        let get = |range: Option<Range<usize>>| range.map(|range| &line[range]).unwrap_or_default();
        let show = |found: Deletion| format!("{}:{}:{}", get(found.number), &line[found.answer], get(found.hint));
        let all: Vec<String> = patterns.find(form, line, &literal).into_iter().map(show).collect();
        format!("{form:?} {}", all.join(", "))
    }

    const MARKS: &str = "==[123;;]answer[;;hint]==";
    const CURLY: &str = "{{[123::]answer[::hint]}}";

    #[test]
    fn marks_delete_words() {
        for (line, expected) in [
            ("a ==b== c ==d e==.", "Plain :b:, :d e:"),
            ("==b;;hint== and ==c==", "Plain :b:hint, :c:"),
            ("==1;;100;;number== at ==2;;sea level== and ==c==", "Numbered 1:100:number, 2:sea level:"),
            ("==ash;;x== ==sa;;y;;h==", "Actions ash:x:, sa:y:h"),
            ("==`a==b`== c", "Plain :`a==b`:"),
            ("==$x$== ==**b** c==", "Plain :$x$:, :**b** c:"),
            ("milit==um==", "Plain :um:"),
            ("犬は==動物==です", "Plain :動物:"),
            ("==كتاب== هذا", "Plain :كتاب:"),
            ("==a ==b==", "Plain :b:"),
            ("==a == b==", "Plain :a == b:"),
            ("==🧠==", "Plain :🧠:"),
            ("==a;;==", "Plain :a;;:"),
            ("[==a==](b) [[c==d==]]", "Plain :a:"),
            ("a == b == c", ""),
            ("a == b and c == d", ""),
            ("if a==b and c==d", ""),
            ("==== and ===", ""),
            ("=====", ""),
            ("a === b === c", ""),
            (r"\==a\==", ""),
            ("`==a==` $==b==$ <!-- ==c== -->", ""),
            ("== a==", ""),
            ("==a", ""),
        ] {
            assert_eq!(found(&[MARKS], line), expected, "{line}");
        }
    }

    #[test]
    fn patterns_of_every_kind_are_read() {
        let bold = "**[123;;]answer[;;hint]**";
        for (pattern, line, expected) in [
            (bold, "**a** b **c;;h**", "Plain :a:, :c:h"),
            (bold, "***a*** b", "Plain :a:"),
            (bold, "a ** b ** c", ""),
            (bold, "2**3 and 4**5", ""),
            (CURLY, "speak {{Portuguese::language}}", "Plain :Portuguese:language"),
            (CURLY, "speak {{1::Portuguese::language}}", "Numbered 1:Portuguese:language"),
            (CURLY, "speak {{a::Portuguese}}", "Actions a:Portuguese:"),
            (CURLY, "{{ spaced }} {{", "Plain : spaced :"),
            ("{{[c1::]answer[::hint]}}", "{{c2::x::y}}", "Numbered 2:x:y"),
            (r"==answer==[^\[hint\]][\[^123\]]", "==a==^[h][^1] ==b==[^2]", "Numbered 1:a:h, 2:b:"),
            (r"==answer==[^\[hint\]][\[^123\]]", "==a==^[h] ==b==", "Plain :a:h, :b:"),
            (r"==answer==[^\[hint\]][\[^123\]]", "==a==[^sha]", "Actions sha:a:"),
            ("‹[hint:]answer[1]›", "x ‹h:ab1› ‹c2›", "Numbered 1:ab:h, 2:c:"),
            ("[123.]«answer»[(hint)]", "12.«a»(h) 3.«b»", "Numbered 12:a:h, 3:b:"),
            ("[(hint)]«answer»[123]", "(h)«a»1", "Numbered 1:a:"),
        ] {
            assert_eq!(found(&[pattern], line), expected, "{pattern}: {line}");
        }
        assert_eq!(found(&[MARKS, bold], "==a== **b** ==**c**=="), "Plain :a:, :b:, :**c**:");
        assert_eq!(found(&[], "==a=="), "");
    }

    #[test]
    fn many_marks_cost_no_more_than_a_look_at_each() {
        for (pattern, piece) in [
            (MARKS, "=="),
            (MARKS, "==a "),
            (MARKS, "==a;;b "),
            (MARKS, "== "),
            (MARKS, "=== "),
            (MARKS, "==1;;"),
            (CURLY, "{{"),
            (CURLY, "{{a::"),
            (CURLY, "{{1::a}"),
            (r"==answer==[^\[hint\]][\[^123\]]", "==a== "),
            (r"==answer==[^\[hint\]][\[^123\]]", "==a==^["),
            ("[123.]«answer»[(hint)]", "1"),
            ("«[hint:]answer[123]»", "«a:"),
        ] {
            let line = piece.repeat(4_000);
            let (patterns, literal) = (patterns(&[pattern]), literal(&line, true));
            for form in Form::ALL {
                let (steps, _) = steps::taken_by(|| patterns.find(form, &line, &literal));
                assert!(steps <= 8 * line.len(), "{pattern}: {piece}: {steps}");
            }
        }
    }
}
