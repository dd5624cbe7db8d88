//! Turns stretches of a code, one behind the other, into tokens.
//!
//! Knows no language. It goes forward only and always by whole characters, so whoever moves it on at each step is linear in
//! the code and ends.

use super::{Class, Token};
use crate::text::steps;

/// What stands in a code, from where the reading has got to.
pub(super) struct Brush<'a> {
    code: &'a str,
    at: usize,
    end: usize,
    tokens: Vec<Token>,
}

impl<'a> Brush<'a> {
    pub(super) fn new(code: &'a str) -> Self {
        Self { code, at: 0, end: code.len(), tokens: Vec::new() }
    }

    /// The tokens of the whole code.
    pub(super) fn finish(mut self) -> Vec<Token> {
        self.end = self.code.len();
        self.plain(self.end - self.at);
        self.tokens
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.code.get(self.at..self.end).unwrap_or_default()
    }

    /// The next byte; 0 at the end.
    pub(super) fn byte(&self) -> u8 {
        self.byte_at(0)
    }

    /// The byte `ahead` of the next one; 0 behind the end.
    pub(super) fn byte_at(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.code.as_bytes().get(at).copied().unwrap_or_default() } else { 0 }
    }

    /// The byte before the next one; a line feed at the start.
    pub(super) fn byte_before(&self) -> u8 {
        let at = self.at.checked_sub(1);
        at.and_then(|at| self.code.as_bytes().get(at)).copied().unwrap_or(b'\n')
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.has_at(0, text)
    }

    /// Whether a text stands `ahead` bytes further on. Byte by byte: nearly always the first one differs.
    pub(super) fn has_at(&self, ahead: usize, text: &str) -> bool {
        text.bytes().enumerate().all(|(at, byte)| self.byte_at(ahead + at) == byte)
    }

    /// The length of what comes next up to a byte that does not belong to it, in bytes.
    pub(super) fn run(&self, belongs: impl FnMut(u8) -> bool) -> usize {
        self.run_behind(0, belongs)
    }

    /// As [`Self::run`], `ahead` bytes further on.
    pub(super) fn run_behind(&self, ahead: usize, mut belongs: impl FnMut(u8) -> bool) -> usize {
        let bytes = self.code.as_bytes().get(self.at + ahead..self.end).unwrap_or_default();
        steps::counted(bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len()))
    }

    /// The length of what is left of the line, without its line feed.
    pub(super) fn line(&self) -> usize {
        self.run(|byte| byte != b'\n')
    }

    /// The length up to and with `text`; of all that is left where it does not come. Whoever takes less than that looks again.
    pub(super) fn through(&self, text: &str) -> usize {
        let rest = self.rest();
        steps::counted(rest.find(text).map_or(rest.len(), |at| at + text.len()))
    }

    /// The length up to `text`; of all that is left where it does not come.
    pub(super) fn to(&self, text: &str) -> usize {
        let rest = self.rest();
        steps::counted(rest.find(text).unwrap_or(rest.len()))
    }

    /// Paints the next `length` bytes; of a character that begins in them all, and at least one. A line end has no class, so
    /// that a span never runs over one.
    pub(super) fn paint(&mut self, length: usize, class: Class) {
        let end = self.bound(length);
        let mut at = self.at;
        for line in self.code.get(at..end).unwrap_or_default().split_inclusive('\n') {
            let text = line.trim_end_matches(['\r', '\n']);
            push(&mut self.tokens, at + text.len(), Some(class));
            at += line.len();
            push(&mut self.tokens, at, None);
        }
        self.at = end;
    }

    /// As [`Self::paint`], for what has the colour of the text.
    pub(super) fn plain(&mut self, length: usize) {
        self.at = self.bound(length);
        push(&mut self.tokens, self.at, None);
    }

    /// What has the colour of the text, if any of it comes next.
    pub(super) fn plain_run(&mut self, belongs: impl FnMut(u8) -> bool) {
        let length = self.run(belongs);
        if length > 0 {
            self.plain(length);
        }
    }

    pub(super) fn paint_as(&mut self, length: usize, class: Option<Class>) {
        match class {
            Some(class) => self.paint(length, class),
            None => self.plain(length),
        }
    }

    /// Has another reader paint the next `length` bytes, which are then all that it sees.
    pub(super) fn lend(&mut self, length: usize, read: impl FnOnce(&mut Self)) {
        let end = if length == 0 { self.at } else { self.bound(length) };
        let whole = std::mem::replace(&mut self.end, end);
        read(self);
        if self.at < end {
            self.plain(end - self.at);
        }
        self.end = whole;
    }

    fn bound(&self, length: usize) -> usize {
        let mut end = (self.at + length.max(1)).min(self.end);
        while !self.code.is_char_boundary(end) {
            end += 1;
        }
        end
    }
}

fn push(tokens: &mut Vec<Token>, end: usize, class: Option<Class>) {
    match tokens.last_mut() {
        Some(last) if last.end >= end => {}
        Some(last) if last.class == class => last.end = end,
        None if end == 0 => {}
        Some(_) | None => tokens.push(Token { end, class }),
    }
}

/// Whether a byte stands in a word: a letter, a digit, `_`, or a piece of anything that is not ASCII.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a byte may start a word.
pub(super) fn is_letter(byte: u8) -> bool {
    is_word(byte) && !byte.is_ascii_digit()
}

/// Whether a byte is white and on the line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}
