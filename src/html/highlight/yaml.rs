//! Turns YAML into tokens.
//!
//! As YAML 1.2 has it, as far as colours need. Linear in the text.

use super::Class;
use super::brush::{Brush, is_blank, is_word};
use crate::text::steps;

/// Words that are no strings, in lower case and sorted: those of YAML 1.1 too, as most readers know them.
const CONSTANTS: &[&str] = &[".inf", ".nan", "false", "no", "null", "off", "on", "true", "yes", "~"];

/// Paints all that the brush still sees.
pub(super) fn paint(brush: &mut Brush<'_>) {
    let mut yaml = Yaml { brush, flow: 0, column: 0, parent: 0, block: None };
    while !yaml.brush.is_done() {
        yaml.line();
    }
}

struct Yaml<'b, 'a> {
    brush: &'b mut Brush<'a>,
    /// How many brackets are open.
    flow: usize,
    /// Bytes of the line that are painted.
    column: usize,
    /// Column of the last key or dash.
    parent: usize,
    /// Of a text that is indented further than this.
    block: Option<usize>,
}

impl Yaml<'_, '_> {
    fn line(&mut self) {
        let indent = self.brush.run(|byte| byte == b' ');
        let is_empty = matches!(self.brush.byte_at(indent), b'\n' | b'\r' | 0);
        if self.block.is_some_and(|parent| is_empty || indent > parent) {
            return self.brush.paint(self.brush.line() + 1, Class::String);
        }
        self.block = None;
        self.column = 0;
        self.parent = 0;
        let first = self.brush.byte();
        if first == b'%' && self.flow == 0 {
            self.take(self.brush.line(), Some(Class::Keyword));
        } else if self.brush.starts_with("---") || self.brush.starts_with("...") {
            self.take(3, Some(Class::Operator));
            self.flow = 0;
            // Behind a document's start its text may stand, which is indented by nothing.
        }
        while !matches!(self.brush.byte(), b'\n' | 0) {
            self.token();
        }
        if !self.brush.is_done() {
            self.brush.plain(1);
        }
    }

    fn take(&mut self, length: usize, class: Option<Class>) {
        self.column += length;
        self.brush.paint_as(length, class);
    }

    fn token(&mut self) {
        let byte = self.brush.byte();
        let next = self.brush.byte_at(1);
        let is_alone = next.is_ascii_whitespace() || next == 0;
        match byte {
            byte if is_blank(byte) => self.take(self.brush.run(is_blank), None),
            b'#' if self.brush.byte_before().is_ascii_whitespace() => {
                self.take(self.brush.line(), Some(Class::Comment));
            }
            b'-' | b'?' if is_alone => {
                self.parent = self.column;
                self.take(1, None);
            }
            b':' | b',' => self.take(1, None),
            b'[' | b'{' => {
                self.flow += 1;
                self.take(1, None);
            }
            b']' | b'}' => {
                self.flow = self.flow.saturating_sub(1);
                self.take(1, None);
            }
            b'&' | b'*' | b'!' => self.property(byte),
            b'|' | b'>' if self.flow == 0 && self.is_header() => {
                self.block = Some(self.parent).filter(|_| self.column > 0);
                self.take(self.brush.run(|byte| b"|>+-0123456789".contains(&byte)), Some(Class::Keyword));
            }
            b'"' | b'\'' => self.quoted(byte),
            _ => self.scalar(),
        }
    }

    /// An anchor, an alias, a tag.
    fn property(&mut self, byte: u8) {
        let length = self.brush.run(|byte| !byte.is_ascii_whitespace() && !b",[]{}".contains(&byte)).max(1);
        self.take(length, Some(if byte == b'*' { Class::Variable } else { Class::Type }));
    }

    /// Whether nothing but a comment follows the head of a text.
    fn is_header(&self) -> bool {
        let head = self.brush.run(|byte| b"|>+-0123456789".contains(&byte));
        let blanks = self.brush.run_behind(head, is_blank);
        head <= 4 && matches!(self.brush.byte_at(head + blanks), b'\n' | b'#' | 0)
    }

    fn quoted(&mut self, quote: u8) {
        let mut is_escaped = false;
        let inner = self.brush.run_behind(1, |byte| {
            let goes_on = byte != quote || is_escaped;
            is_escaped = quote == b'"' && byte == b'\\' && !is_escaped;
            goes_on
        });
        let length = inner + 2;
        let class = if self.ends_key(length) { Class::Attribute } else { Class::String };
        if class == Class::Attribute {
            self.parent = self.column;
        }
        self.column += length;
        let text = self.brush.rest();
        let mut at = 0;
        while let Some(escape) = text.get(at..length).filter(|_| quote == b'"').and_then(|rest| rest.find('\\')) {
            if escape > 0 {
                self.brush.paint(escape, class);
            }
            self.brush.paint(2, Class::Constant);
            at += escape + 2;
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
        if at < length {
            self.brush.paint(length - at, class);
        }
    }

    /// Whether a colon that makes a key follows.
    fn ends_key(&self, length: usize) -> bool {
        let blanks = self.brush.run_behind(length, is_blank);
        let behind = self.brush.byte_at(length + blanks + 1);
        self.brush.byte_at(length + blanks) == b':' && (self.flow > 0 || behind.is_ascii_whitespace() || behind == 0)
    }

    fn scalar(&mut self) {
        let text = self.brush.rest().as_bytes();
        let goes_on = |at: usize, byte: u8| {
            let next = text.get(at + 1).copied().unwrap_or(b'\n');
            match byte {
                b'\n' => false,
                b':' => !(next.is_ascii_whitespace() || (self.flow > 0 && b",[]{}".contains(&next))),
                b' ' | b'\t' => next != b'#',
                b',' | b'[' | b']' | b'{' | b'}' => self.flow == 0,
                _ => true,
            }
        };
        let length = steps::counted(text.iter().enumerate().take_while(|(at, byte)| goes_on(*at, **byte)).count());
        let text = self.brush.rest().get(..length).unwrap_or_default().trim_end();
        let is_key = self.brush.byte_at(length) == b':';
        if is_key {
            self.parent = self.column;
        }
        let class = if is_key { Class::Attribute } else { class(text) };
        self.take(text.len().max(1), Some(class));
    }
}

/// The class of a value without quotes.
fn class(text: &str) -> Class {
    let is_short = text.len() <= 5;
    if is_short && CONSTANTS.binary_search(&text.to_ascii_lowercase().as_str()).is_ok() {
        return Class::Constant;
    }
    if is_number(text) { Class::Number } else { Class::String }
}

/// Whether a text is a number or a date; no version and no address.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let is_hex = digits.starts_with("0x") || digits.starts_with("0o");
    let is_date = digits.bytes().all(|byte| byte.is_ascii_digit() || b"-:TZ.+ ".contains(&byte))
        && digits.as_bytes().get(4) == Some(&b'-')
        && digits.as_bytes().get(7) == Some(&b'-');
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || b"._eE+-".contains(&byte))
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && digits.bytes().filter(|byte| matches!(byte, b'+' | b'-')).count() <= 1
        && digits.bytes().filter(|byte| matches!(byte, b'e' | b'E')).count() <= 1
        && !digits.contains('-') | digits.contains(['e', 'E']);
    let starts = digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    starts && (is_plain || is_date || (is_hex && digits.bytes().all(is_word)))
}
