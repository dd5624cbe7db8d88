//! Turns code of any language that a [`Language`] describes into tokens.
//!
//! Knows no language by name. It looks at each byte a fixed number of times, whatever is left open, and keeps what is open in
//! a list, not on the stack.

use super::Class;
use super::brush::{Brush, is_blank, is_letter, is_word};
use super::heredoc::Heredocs;
use super::language::{Calls, Capitals, Comment, Escape, Hole, Language, Quote};
use crate::text::steps;

/// Paints all that the brush still sees.
pub(super) fn paint(language: &'static Language, brush: &mut Brush<'_>) {
    let mut scanner = Scanner {
        language,
        brush,
        frames: Vec::new(),
        heredocs: Heredocs::default(),
        before: Before::Start,
        is_first: true,
        depth: 0,
        names: None,
        parameters: Parameters::None,
        annotation: None,
        is_without_regexes: false,
    };
    while !scanner.brush.is_done() {
        scanner.step();
    }
}

/// Quotes, holes and tags that may be open at once; what opens further ones is text.
const MAX_FRAMES: usize = 64;

/// The longest row of `#` around a quote.
const MAX_HASHES: usize = 16;

/// The longest character in quotes, in bytes.
const MAX_CHARACTER: usize = 16;

/// The longest word that is looked for in the lists, in bytes.
const MAX_WORD: usize = 64;

struct Scanner<'b, 'a> {
    language: &'static Language,
    brush: &'b mut Brush<'a>,
    frames: Vec<Frame>,
    heredocs: Heredocs<'a>,
    before: Before,
    /// Whether only white space stood before on the line.
    is_first: bool,
    /// How many brackets are open.
    depth: u32,
    /// What the next word at this depth names.
    names: Option<(Class, u32)>,
    parameters: Parameters,
    /// The depth at which an annotation ends.
    annotation: Option<u32>,
    /// Whether one was looked for on this line in vain.
    is_without_regexes: bool,
}

#[derive(Clone, Copy)]
enum Frame {
    /// In a quote, with so many `#`.
    Quoted(Quote, usize),
    /// In a hole that this closes, with so many brackets open before it; what closes it has the class.
    Hole(u8, u32, Option<Class>),
    /// Between `<a` and `>`.
    Tag,
    /// Between `<a>` and `</a>`.
    Content,
}

impl Frame {
    fn ends_with_line(&self) -> bool {
        matches!(self, Self::Quoted(quote, _) if !quote.has_lines)
    }
}

/// The last token that is neither white nor a comment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    /// A name, a number, a string.
    Value,
    Keyword,
    /// `.`, `->`, `::`.
    Member,
    Mark(u8),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameters {
    None,
    /// Behind the name of a function.
    Awaited,
    /// In parentheses at this depth.
    At(u32),
}

impl Scanner<'_, '_> {
    fn step(&mut self) {
        match self.frames.last() {
            Some(Frame::Quoted(quote, hashes)) => self.quoted(*quote, *hashes),
            Some(Frame::Tag) => self.tag(),
            Some(Frame::Content) => self.content(),
            Some(Frame::Hole(..)) | None => self.code(),
        }
    }

    fn code(&mut self) {
        let byte = self.brush.byte();
        if byte == b'\n' {
            self.line_end();
        } else if byte.is_ascii_whitespace() {
            let class = self.annotation.map(|_| Class::Attribute);
            self.brush.paint_as(self.brush.run(is_blank), class);
        } else if !self.comment() {
            let is_first = std::mem::replace(&mut self.is_first, false);
            if self.section(is_first) || self.sigil() || self.quote(is_first) || self.heredoc() || self.annotation() {
                return;
            }
            match byte {
                b'0'..=b'9' => self.number(),
                b'.' | b'-' | b'+' if self.begins_number(byte) => self.number(),
                byte if is_letter(byte) || self.starts_word(byte) => self.word(is_first),
                byte => self.mark(byte),
            }
        }
    }

    fn line_end(&mut self) {
        self.brush.plain(1);
        self.is_first = true;
        self.is_without_regexes = false;
        // A hole ends with the quote that it is in.
        if let Some(at) = self.frames.iter().position(Frame::ends_with_line) {
            self.frames.truncate(at);
        }
        self.heredocs.read(self.brush, Class::String);
    }

    fn comment(&mut self) -> bool {
        for comment in self.language.comments {
            let before = self.brush.byte_before();
            let length = match *comment {
                Comment::Line(mark) if self.brush.starts_with(mark) => self.brush.line(),
                Comment::Apart(mark) if self.brush.starts_with(mark) && before.is_ascii_whitespace() => {
                    self.brush.line()
                }
                Comment::First(mark) if self.is_first && self.opens_line(mark) => self.brush.line(),
                Comment::Lines(open, close) if before == b'\n' && self.opens_lines(open) => self.lines(close),
                Comment::Block(open, close) if self.brush.starts_with(open) => block(self.brush, open, close, false),
                Comment::Nested(open, close) if self.brush.starts_with(open) => block(self.brush, open, close, true),
                Comment::Line(_)
                | Comment::Apart(_)
                | Comment::First(_)
                | Comment::Lines(..)
                | Comment::Block(..)
                | Comment::Nested(..) => {
                    continue;
                }
            };
            self.brush.paint(length, Class::Comment);
            return true;
        }
        false
    }

    fn opens_lines(&self, open: &str) -> bool {
        self.brush.starts_with(open) && self.brush.byte_at(open.len()).is_ascii_alphabetic()
    }

    /// The length up to and with the line that begins with a text; of all that is left where none does.
    fn lines(&self, close: &str) -> usize {
        let lines = self.brush.rest().split_inclusive('\n');
        let mut is_closed = false;
        let lines = lines.take_while(|line| !std::mem::replace(&mut is_closed, line.starts_with(close)));
        steps::counted(lines.map(str::len).sum())
    }

    /// Whether a line begins with a mark that, if it is a word, ends there.
    fn opens_line(&self, mark: &str) -> bool {
        let begins = self.brush.rest().get(..mark.len()).is_some_and(|text| text.eq_ignore_ascii_case(mark));
        begins && !(mark.bytes().all(is_word) && is_word(self.brush.byte_at(mark.len())))
    }

    fn quote(&mut self, is_first: bool) -> bool {
        let found = self.language.quotes.iter().find_map(|quote| Some((quote, self.opener(quote)?)));
        let Some((quote, (prefix, hashes))) = found else {
            return self.has_regex() && self.regex();
        };
        let length = prefix + hashes + quote.open.len();
        if quote.is_character {
            self.character(*quote, length);
        } else if self.frames.len() < MAX_FRAMES {
            let class = self.class_of(quote, length, is_first);
            self.brush.paint(length, class);
            self.frames.push(Frame::Quoted(quote.classed(class), hashes));
        } else {
            self.brush.paint(length, quote.class);
        }
        self.before = Before::Value;
        true
    }

    /// `[a.b]`
    fn section(&mut self, is_first: bool) -> bool {
        let opens = is_first && self.language.has_sections && self.depth == 0 && self.brush.byte() == b'[';
        if opens {
            self.brush.plain_run(|byte| byte == b'[');
            let name = self.brush.run(|byte| byte != b']' && byte != b'\n');
            if name > 0 {
                self.brush.paint(name, Class::Type);
            }
            self.brush.plain_run(|byte| byte == b']');
        }
        opens
    }

    /// The lengths of the prefix and of the row of `#` where a quote opens.
    fn opener(&self, quote: &Quote) -> Option<(usize, usize)> {
        if quote.is_apart && self.before == Before::Value && !self.brush.byte_before().is_ascii_whitespace() {
            return None;
        }
        let opens = |prefix: &str| {
            let hash = |at: &usize| self.brush.byte_at(prefix.len() + at) == b'#';
            let hashes = if quote.has_hashes { (0..MAX_HASHES).take_while(hash).count() } else { 0 };
            self.brush.has_at(prefix.len() + hashes, quote.open).then_some((prefix.len(), hashes))
        };
        if quote.prefixes.is_empty() {
            return opens("");
        }
        quote.prefixes.iter().filter(|prefix| self.brush.starts_with(prefix)).find_map(|prefix| opens(prefix))
    }

    fn class_of(&self, quote: &Quote, length: usize, is_first: bool) -> Class {
        if quote.is_comment && is_first && self.depth == 0 {
            return Class::Comment;
        }
        let is_key = self.language.key != 0 && {
            let end = length + self.inner_length(quote, length, usize::MAX);
            let blanks = self.brush.run_behind(end, is_blank);
            self.brush.byte_at(end + blanks) == self.language.key
        };
        if is_key { Class::Attribute } else { quote.class }
    }

    /// The length of what is quoted on this line, with the closing quote; more than `most` bytes are not looked at.
    fn inner_length(&self, quote: &Quote, from: usize, most: usize) -> usize {
        let close = quote.close.bytes().next().unwrap_or_default();
        let mut is_escaped = false;
        let mut goes_on = |byte: u8| {
            let ends = byte == b'\n' || (byte == close && !is_escaped);
            is_escaped = !is_escaped && quote.escape == Escape::By(byte);
            !ends
        };
        let mut length = 0;
        while length < most && self.brush.byte_at(from + length) != 0 && goes_on(self.brush.byte_at(from + length)) {
            length += 1;
        }
        steps::counted(length + 1)
    }

    /// `'x'` and `'\n'`; else what stands for a name: a lifetime, a type variable, a quoted symbol.
    fn character(&mut self, quote: Quote, opener: usize) {
        let rest = self.brush.rest();
        let mut inner = rest.get(opener..).unwrap_or_default().chars();
        let length = match inner.next() {
            Some('\\') => opener + self.inner_length(&quote, opener, MAX_CHARACTER),
            Some(c) if c != '\n' && inner.next() == Some('\'') => opener + c.len_utf8() + 1,
            Some(_) | None => {
                let name = self.brush.run_behind(opener, is_word);
                self.brush.paint_as(opener + name, (name > 0).then_some(Class::Keyword));
                return;
            }
        };
        let is_closed = length <= MAX_CHARACTER && rest.as_bytes().get(length - 1) == Some(&b'\'');
        self.brush.paint(if is_closed { length } else { opener }, quote.class);
    }

    fn quoted(&mut self, quote: Quote, hashes: usize) {
        let close = quote.close.bytes().next().unwrap_or_default();
        let is_text = |byte: u8| {
            byte != close
                && byte != b'\n'
                && quote.escape != Escape::By(byte)
                && !quote.holes.iter().any(|hole| hole.begins_with(byte))
        };
        let length = self.brush.run(is_text);
        if length > 0 {
            self.brush.paint(length, quote.class);
        } else if self.brush.byte() == b'\n' {
            self.line_end_in(quote);
        } else if quote.escape == Escape::Doubled && self.brush.starts_with(quote.close) && self.is_twice(quote.close) {
            self.brush.paint(2 * quote.close.len(), Class::Constant);
        } else if self.closes(quote, hashes) {
            self.brush.paint(quote.close.len() + hashes, quote.class);
            self.frames.pop();
            self.before = Before::Value;
        } else if !quote.holes.iter().any(|hole| self.hole(*hole, quote.class)) {
            self.escape(quote);
        }
    }

    fn line_end_in(&mut self, quote: Quote) {
        if quote.has_lines {
            self.brush.plain(1);
        } else {
            self.frames.pop();
        }
    }

    fn is_twice(&self, text: &str) -> bool {
        self.brush.has_at(text.len(), text)
    }

    fn closes(&self, quote: Quote, hashes: usize) -> bool {
        let mut behind = 0;
        self.brush.starts_with(quote.close) && {
            self.brush.run_behind(quote.close.len(), |byte| {
                behind += 1;
                byte == b'#' && behind <= hashes
            }) == hashes
        }
    }

    fn escape(&mut self, quote: Quote) {
        if quote.escape != Escape::By(self.brush.byte()) {
            return self.brush.paint(1, quote.class);
        }
        let hex = |from: usize, most: usize| {
            (0..most).take_while(|at| self.brush.byte_at(from + at).is_ascii_hexdigit()).count()
        };
        match self.brush.byte_at(1) {
            b'\n' | 0 => {
                self.brush.paint(1, Class::Constant);
                if quote.has_lines || self.language.key == 0 {
                    self.brush.plain(1);
                }
            }
            b'x' => self.brush.paint(2 + hex(2, 2), Class::Constant),
            b'u' if self.brush.byte_at(2) == b'{' => self.brush.paint(4 + hex(3, 8), Class::Constant),
            b'u' => self.brush.paint(2 + hex(2, 4), Class::Constant),
            b'U' => self.brush.paint(2 + hex(2, 8), Class::Constant),
            _ => self.brush.paint(2, Class::Constant),
        }
    }

    /// What is not text in a quote, if it begins here.
    fn hole(&mut self, hole: Hole, text: Class) -> bool {
        let length = match hole {
            // The `$` of `{$name}` belongs to the name.
            Hole::Code(open, close) if self.brush.starts_with(open) => {
                return self.enter(open.trim_end_matches('$').len(), close);
            }
            Hole::Braces if self.brush.starts_with("{{") || self.brush.starts_with("}}") => 2,
            Hole::Braces if self.brush.byte() == b'{' => return self.enter(1, b'}'),
            Hole::Word(mark) if self.brush.byte() == mark && is_letter(self.brush.byte_at(1)) => {
                self.brush.paint(1 + self.brush.run_behind(1, is_word), Class::Variable);
                return true;
            }
            // What a format takes as one brace, and others as two.
            Hole::Format if self.brush.starts_with("{{") => {
                self.brush.paint(2, text);
                return true;
            }
            Hole::Format if self.brush.byte() == b'{' => {
                let inner = self.brush.run_behind(1, |byte| is_word(byte) || b":.?#<>^+*$-".contains(&byte));
                if self.brush.byte_at(1 + inner) == b'}' { inner + 2 } else { 0 }
            }
            Hole::Format if self.brush.byte() == b'%' => {
                let flags = self.brush.run_behind(1, |byte| byte.is_ascii_digit() || b"-+#.*lhzqLj".contains(&byte));
                if self.brush.byte_at(1 + flags).is_ascii_alphabetic() { flags + 2 } else { 0 }
            }
            Hole::Code(..) | Hole::Braces | Hole::Word(_) | Hole::Format => 0,
        };
        if length > 0 {
            self.brush.paint(length, Class::Constant);
        }
        length > 0
    }

    fn enter(&mut self, length: usize, close: u8) -> bool {
        let fits = self.frames.len() < MAX_FRAMES;
        if fits {
            self.brush.paint(length, Class::Keyword);
            self.frames.push(Frame::Hole(close, self.depth, Some(Class::Keyword)));
            self.before = Before::Start;
        }
        fits
    }

    fn has_regex(&self) -> bool {
        self.language.has_regexes
            && self.brush.byte() == b'/'
            && self.before != Before::Value
            && !self.is_without_regexes
    }

    /// A regular expression, if it is closed on its line. Where one is not, none is looked for on the rest of the line.
    fn regex(&mut self) -> bool {
        let (mut is_escaped, mut is_in_set) = (false, false);
        let inner = self.brush.run_behind(1, |byte| {
            let ends = byte == b'\n' || (byte == b'/' && !is_escaped && !is_in_set);
            is_in_set = if is_escaped { is_in_set } else { byte == b'[' || (is_in_set && byte != b']') };
            is_escaped = byte == b'\\' && !is_escaped;
            !ends
        });
        self.is_without_regexes = self.brush.byte_at(1 + inner) != b'/';
        if self.is_without_regexes || inner == 0 {
            return false;
        }
        let flags = self.brush.run_behind(2 + inner, |byte| byte.is_ascii_lowercase());
        self.brush.paint(2 + inner + flags, Class::String);
        self.before = Before::Value;
        true
    }

    fn heredoc(&mut self) -> bool {
        let mark = self.language.heredocs.iter().find(|mark| self.brush.starts_with(mark));
        mark.is_some_and(|mark| self.heredocs.open(self.brush, mark))
    }

    fn annotation(&mut self) -> bool {
        let Some(mark) = self.language.annotations.iter().find(|mark| self.brush.starts_with(mark)) else {
            return false;
        };
        self.brush.paint(mark.len(), Class::Attribute);
        self.annotation.get_or_insert(self.depth);
        self.depth += mark.bytes().filter(|byte| *byte == b'[').count() as u32;
        self.before = Before::Mark(b'[');
        true
    }

    /// A word with a mark directly before it, and nothing that could be a part of either before that.
    fn sigil(&mut self) -> bool {
        let before = self.brush.byte_before();
        let stands_free = |mark: &str| !is_word(before) && mark.as_bytes().first() != Some(&before);
        let fits = |mark: &str| self.brush.starts_with(mark) && is_letter(self.brush.byte_at(mark.len()));
        let found = self.language.sigils.iter().find(|(mark, _)| fits(mark) && stands_free(mark));
        let Some((mark, class)) = found else { return false };
        let is_path = *class == Class::Attribute;
        let length = mark.len() + self.brush.run_behind(mark.len(), |byte| is_word(byte) || (is_path && byte == b'.'));
        let text = self.brush.rest().get(..length).unwrap_or_default();
        let class = self.listed(text).unwrap_or(*class);
        self.brush.paint(length, class);
        if matches!(text, "#include" | "#import") {
            self.header();
        }
        self.before = Before::Value;
        true
    }

    /// `<stdio.h>`
    fn header(&mut self) {
        self.brush.plain_run(is_blank);
        if self.brush.byte() == b'<' {
            let length = self.brush.run(|byte| byte != b'>' && byte != b'\n');
            self.brush.paint(length + usize::from(self.brush.byte_at(length) == b'>'), Class::String);
        }
    }

    fn number(&mut self) {
        let mut last = b'0';
        let mut is_hex = false;
        let rest = self.brush.rest().as_bytes();
        let mut goes_on = |at: usize, byte: &u8| {
            let next = rest.get(at + 1).copied().unwrap_or_default();
            let fits = match *byte {
                b'.' => last != b'.' && !(is_letter(next) || next == b'.'),
                b'\'' => last.is_ascii_digit() && next.is_ascii_digit(),
                b'+' | b'-' if at == 0 || (matches!(last, b'e' | b'E') && !is_hex) => next.is_ascii_digit(),
                // Dates and times.
                b'-' | b':' => self.language.has_sections && last.is_ascii_digit() && next.is_ascii_digit(),
                byte => is_word(byte) && byte < 0x80,
            };
            is_hex |= at == 1 && matches!(byte, b'x' | b'X');
            last = *byte;
            fits
        };
        let length = rest.iter().enumerate().take_while(|pair| goes_on(pair.0, pair.1)).count();
        self.brush.paint(length, Class::Number);
        self.before = Before::Value;
    }

    /// `.5`, and `-5` where there is nothing to reckon with.
    fn begins_number(&self, byte: u8) -> bool {
        let is_point = byte == b'.' && self.brush.byte_before() != b'.';
        let is_sign = byte != b'.' && !self.language.operators.contains(&byte);
        (is_point || is_sign) && self.brush.byte_at(1).is_ascii_digit() && self.before != Before::Value
    }

    fn starts_word(&self, byte: u8) -> bool {
        self.language.in_words.contains(&byte) && (byte == b'$' || self.language.calls == Calls::Behind)
    }

    fn word(&mut self, is_first: bool) {
        let mut length = self.brush.run(|byte| is_word(byte) || self.language.in_words.contains(&byte));
        // `a!=b`
        let last = self.brush.byte_at(length.saturating_sub(1));
        if length > 1 && matches!(last, b'!' | b'?') && self.brush.byte_at(length) == b'=' {
            length -= 1;
        }
        let text = self.brush.rest().get(..length).unwrap_or_default();
        let known = self.known(text);
        let class = known.or_else(|| self.name(text, is_first));
        let class =
            if self.annotation.is_some() && class != Some(Class::Constant) { Some(Class::Attribute) } else { class };
        let is_macro = self.language.has_macros
            && self.brush.byte_at(length) == b'!'
            && self.brush.byte_at(length + 1) != b'='
            && known.is_none();
        if is_macro {
            self.brush.paint(length + 1, Class::Function);
        } else {
            self.brush.paint_as(length, class);
        }
        self.before = if known == Some(Class::Keyword) { Before::Keyword } else { Before::Value };
        if known.is_some() {
            let names = self.language.definitions.iter().find(|(word, _)| self.is_same(word, text));
            self.names = names.map_or(self.names, |(_, class)| Some((*class, self.depth)));
        }
    }

    /// The class that a word has by itself. A member of something may be called as a keyword is.
    fn known(&self, text: &str) -> Option<Class> {
        if self.before == Before::Member && text != "await" { None } else { self.listed(text) }
    }

    fn listed(&self, text: &str) -> Option<Class> {
        let folded;
        let text = if self.language.folds_case && text.len() <= MAX_WORD {
            folded = text.to_ascii_lowercase();
            &folded
        } else {
            text
        };
        self.language.words.iter().find(|(_, words)| words.binary_search(&text).is_ok()).map(|(class, _)| *class)
    }

    fn is_same(&self, word: &str, text: &str) -> bool {
        if self.language.folds_case { word.eq_ignore_ascii_case(text) } else { word == text }
    }

    /// The class that a word has by what it looks like and by what stands around it.
    fn name(&mut self, text: &str, is_first: bool) -> Option<Class> {
        if let Some((class, _)) = self.names.take_if(|(_, depth)| *depth == self.depth) {
            if class == Class::Function && self.language.has_parameters {
                self.parameters = Parameters::Awaited;
            }
            return Some(class);
        }
        let next = self.brush.byte_at(text.len());
        let calls = self.language.calls;
        let is_called = next == b'(' && matches!(calls, Calls::Before | Calls::AnyBefore);
        let by_capital = by_capital(self.language.capitals, text);
        if is_called && (by_capital != Some(Class::Type) || calls == Calls::AnyBefore || self.before == Before::Member)
        {
            return Some(Class::Function);
        }
        if calls == Calls::Behind && self.before == Before::Mark(b'(') {
            return Some(Class::Function);
        }
        if self.is_key(text.len()) {
            return Some(Class::Attribute);
        }
        // `f(name=1)`
        let names_argument = next == b'=' && self.brush.byte_at(text.len() + 1) != b'=' && self.depth > 0;
        let is_argument = names_argument && matches!(self.before, Before::Mark(b'(' | b','));
        let names_parameter = matches!(self.before, Before::Mark(b'(' | b',' | b'*' | b'&')) || next == b':';
        let is_parameter = self.parameters == Parameters::At(self.depth) && names_parameter;
        if is_parameter || (is_argument && self.language.has_parameters) {
            return Some(Class::Variable);
        }
        by_capital.or(self.language.first.filter(|_| is_first))
    }

    fn is_key(&self, length: usize) -> bool {
        let key = self.language.key;
        key != 0 && {
            let blanks = self.brush.run_behind(length, is_blank);
            self.brush.byte_at(length + blanks) == key && self.brush.byte_at(length + blanks + 1) != key
        }
    }

    fn mark(&mut self, byte: u8) {
        if self.language.has_tags && byte == b'<' && self.before != Before::Value && self.opens_tag() {
            return;
        }
        let class = match byte {
            b'\\' if self.language.has_escapes => {
                self.before = Before::Value;
                return self.brush.paint(2, Class::Constant);
            }
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b'.' if self.brush.byte_at(1) != b'.' && self.brush.byte_before() != b'.' => {
                self.before = Before::Member;
                self.language.operators.contains(&b'.').then_some(Class::Operator)
            }
            byte => {
                let is_operator = self.is_operator(byte);
                self.before = Before::Mark(byte);
                is_operator.then_some(Class::Operator)
            }
        };
        let class = if self.annotation.is_some() { Some(Class::Attribute) } else { class };
        // `func (t *T) Name(`: what is named may come behind a bracket, and behind `*` and `<`.
        self.names = self.names.filter(|(_, depth)| *depth < self.depth || matches!(byte, b')' | b'*' | b'<' | b'>'));
        if matches!(byte, b';' | b'{' | b'=') {
            self.parameters =
                if matches!(self.parameters, Parameters::At(_)) { self.parameters } else { Parameters::None };
        }
        self.is_first |= self.language.first.is_some() && matches!(byte, b'{' | b'}' | b';');
        self.brush.paint_as(1, class);
    }

    fn is_operator(&self, byte: u8) -> bool {
        let before = self.brush.byte_before();
        let next = self.brush.byte_at(1);
        let has_generics = matches!(self.language.capitals, Capitals::Types | Capitals::Both);
        let is_bracket = match byte {
            // `Vec<Vec<T>>`, `vec::<T>`
            b'<' => has_generics && (is_word(before) || before == b':') && !matches!(next, b' ' | b'=' | b'<'),
            b'>' => has_generics && (is_word(before) || b">])'?".contains(&before)) && next != b'=',
            _ => false,
        };
        let operators = self.language.operators;
        !is_bracket && (operators.contains(&byte) || (byte == b':' && next == b'=' && operators.contains(&b'=')))
    }

    fn open(&mut self, byte: u8) -> Option<Class> {
        self.depth += 1;
        if byte == b'(' && self.parameters == Parameters::Awaited {
            self.parameters = Parameters::At(self.depth);
        }
        self.before = Before::Mark(byte);
        None
    }

    fn close(&mut self, byte: u8) -> Option<Class> {
        if let Some(Frame::Hole(close, depth, class)) = self.frames.last().copied()
            && close == byte
            && depth == self.depth
        {
            self.frames.pop();
            return class;
        }
        if self.parameters == Parameters::At(self.depth) {
            self.parameters = Parameters::None;
        }
        self.depth = self.depth.saturating_sub(1);
        self.before = if byte == b'}' { Before::Mark(byte) } else { Before::Value };
        let class = self.annotation.map(|_| Class::Attribute);
        self.annotation = self.annotation.filter(|depth| *depth < self.depth);
        class
    }

    /// `<a` where a value may stand.
    fn opens_tag(&mut self) -> bool {
        let next = self.brush.byte_at(1);
        let opens = (is_letter(next) || next == b'>') && self.frames.len() < MAX_FRAMES;
        if opens {
            self.brush.plain(1);
            self.tag_name();
            self.frames.push(Frame::Tag);
        }
        opens
    }

    fn tag_name(&mut self) {
        let length = self.brush.run(|byte| is_word(byte) || b"-.:".contains(&byte));
        if length > 0 {
            self.brush.paint(length, Class::Tag);
        }
    }

    fn tag(&mut self) {
        let byte = self.brush.byte();
        if is_letter(byte) {
            self.brush.paint(self.brush.run(|byte| is_word(byte) || b"-.:".contains(&byte)), Class::Attribute);
        } else if matches!(byte, b'"' | b'\'') {
            let length = self.brush.run_behind(1, |next| next != byte);
            self.brush.paint(length + 2, Class::String);
        } else if byte == b'{' && self.frames.len() < MAX_FRAMES {
            self.enter_plainly();
        } else if byte == b'>' || self.brush.starts_with("/>") {
            self.frames.pop();
            if byte == b'>' {
                self.frames.push(Frame::Content);
            }
            self.brush.plain(if byte == b'>' { 1 } else { 2 });
            self.before = Before::Value;
        } else {
            self.brush.paint_as(1, (byte == b'=').then_some(Class::Operator));
        }
    }

    fn content(&mut self) {
        let length = self.brush.run(|byte| byte != b'<' && byte != b'{');
        if length > 0 {
            self.brush.plain(length);
        } else if self.brush.starts_with("</") {
            self.brush.plain(2);
            self.tag_name();
            if self.brush.byte() == b'>' {
                self.brush.plain(1);
            }
            self.frames.pop();
            self.before = Before::Value;
        } else if self.frames.len() >= MAX_FRAMES || (self.brush.byte() == b'<' && !self.opens_tag()) {
            self.brush.plain(1);
        } else if self.brush.byte() == b'{' {
            self.enter_plainly();
        }
    }

    fn enter_plainly(&mut self) {
        self.brush.plain(1);
        self.frames.push(Frame::Hole(b'}', self.depth, None));
        self.before = Before::Start;
    }
}

impl Hole {
    fn begins_with(self, byte: u8) -> bool {
        match self {
            Self::Code(open, _) => open.as_bytes().first() == Some(&byte),
            Self::Braces => matches!(byte, b'{' | b'}'),
            Self::Word(mark) => mark == byte,
            Self::Format => matches!(byte, b'{' | b'%'),
        }
    }
}

/// The length of a comment that reaches over line ends.
fn block(brush: &Brush<'_>, open: &str, close: &str, nests: bool) -> usize {
    if !nests {
        let rest = brush.rest().get(open.len()..).unwrap_or_default();
        return steps::counted(rest.find(close).map_or(open.len() + rest.len(), |at| open.len() + at + close.len()));
    }
    let rest = brush.rest().as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(text) = rest.get(at..).filter(|text| !text.is_empty()) {
        if text.starts_with(close.as_bytes()) {
            at += close.len();
            depth = depth.saturating_sub(1);
        } else if text.starts_with(open.as_bytes()) {
            at += open.len();
            depth += 1;
        } else {
            at += 1;
        }
        if depth == 0 {
            break;
        }
    }
    steps::counted(at)
}

fn by_capital(capitals: Capitals, text: &str) -> Option<Class> {
    let mut letters = text.bytes().filter(u8::is_ascii_alphabetic);
    let first = text.bytes().next()?;
    if capitals == Capitals::Variables {
        return (first.is_ascii_uppercase() || first == b'_').then_some(Class::Variable);
    }
    if !first.is_ascii_uppercase() {
        return None;
    }
    let is_loud = letters.all(|byte| byte.is_ascii_uppercase()) && text.len() > 1;
    match capitals {
        Capitals::Both | Capitals::Constants if is_loud => Some(Class::Constant),
        Capitals::Both | Capitals::Types => Some(Class::Type),
        Capitals::Constants | Capitals::Plain | Capitals::Variables => None,
    }
}
