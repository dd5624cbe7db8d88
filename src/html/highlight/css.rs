//! Turns style sheets into tokens: CSS, SCSS, Less.
//!
//! Linear in the text: each statement is looked through once for its end, and painted.

use super::Class;
use super::brush::{Brush, is_letter, is_word};
use crate::text::steps;

/// Paints all that the brush still sees.
pub(super) fn paint(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let byte = brush.byte();
        if byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b';') {
            brush.plain(1);
        } else if !comment(brush) {
            let (length, end) = statement(brush);
            brush.lend(length, |brush| match (byte, end) {
                (b'@', _) if !is_variable(brush) => rule(brush),
                (_, b'{') => selector(brush),
                _ => declaration(brush),
            });
        }
    }
}

/// The length of a statement without the mark that ends it, and the mark.
fn statement(brush: &Brush<'_>) -> (usize, u8) {
    let text = brush.rest().as_bytes();
    let (mut quote, mut open, mut before) = (0, 0_usize, 0);
    for (at, byte) in text.iter().copied().enumerate() {
        match byte {
            b'\n' if quote != 0 => quote = 0,
            byte if quote != 0 => quote = if byte == quote && before != b'\\' { 0 } else { quote },
            b'"' | b'\'' => quote = byte,
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            b'{' if before == b'#' || before == b'@' => open += 1,
            b'}' if open > 0 => open -= 1,
            b'*' if before == b'/' && open == 0 && at > 1 => return (steps::counted(at) - 1, b'*'),
            b'{' | b'}' | b';' if open == 0 => return (steps::counted(at), byte),
            _ => {}
        }
        before = byte;
    }
    (steps::counted(text.len()), 0)
}

fn comment(brush: &mut Brush<'_>) -> bool {
    let length = if brush.starts_with("/*") {
        2 + brush.rest().get(2..).map_or(0, |rest| steps::counted(rest.find("*/").map_or(rest.len(), |at| at + 2)))
    } else if brush.starts_with("//") {
        brush.line()
    } else {
        0
    };
    if length > 0 {
        brush.paint(length, Class::Comment);
    }
    length > 0
}

/// Whether it is a variable of Less that is given a value.
fn is_variable(brush: &Brush<'_>) -> bool {
    let name = brush.run_behind(1, is_name);
    brush.byte_at(1 + name) == b':'
}

fn rule(brush: &mut Brush<'_>) {
    brush.paint(1 + brush.run_behind(1, is_name), Class::Keyword);
    while !brush.is_done() {
        let name = brush.run(is_name);
        let text = brush.rest().get(..name).unwrap_or_default();
        if matches!(text, "and" | "not" | "only" | "or" | "from" | "to" | "in" | "as" | "with" | "through") {
            brush.paint(name, Class::Keyword);
        } else if name > 0 && is_letter(brush.byte()) && brush.byte_at(name) == b':' {
            brush.paint(name, Class::Type);
        } else if name > 0 && is_letter(brush.byte()) && brush.byte_at(name) != b'(' {
            brush.plain(name);
        } else {
            value(brush);
        }
    }
}

fn selector(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let byte = brush.byte();
        let name = brush.run_behind(1, is_name);
        match byte {
            b'.' | b'#' | b'%' if name > 0 => brush.paint(1 + name, Class::Attribute),
            b':' => {
                let marks = brush.run(|byte| byte == b':');
                brush.paint(marks + brush.run_behind(marks, is_name), Class::Constant);
            }
            b'[' => {
                brush.plain(1);
                brush.paint_as(brush.run(is_name), Some(Class::Attribute).filter(|_| is_name(brush.byte())));
            }
            b'"' | b'\'' => quoted(brush, byte),
            b'$' | b'@' if name > 0 => brush.paint(1 + name, Class::Variable),
            b'>' | b'+' | b'~' | b'&' | b'=' | b'^' | b'|' => brush.paint(1, Class::Operator),
            b'*' => brush.paint(1, Class::Tag),
            byte if is_letter(byte) => brush.paint(1 + name, Class::Tag),
            byte if byte.is_ascii_digit() => {
                number(brush);
            }
            _ if comment(brush) => {}
            _ => brush.plain(1),
        }
    }
}

fn declaration(brush: &mut Brush<'_>) {
    let name = brush.run(|byte| is_name(byte) || byte == b'$' || byte == b'@');
    if name > 0 && brush.byte_at(name) == b':' {
        let is_variable = matches!(brush.byte(), b'$' | b'@');
        brush.paint(name, if is_variable { Class::Variable } else { Class::Type });
    }
    while !brush.is_done() {
        value(brush);
    }
}

/// One token of a value.
fn value(brush: &mut Brush<'_>) {
    let byte = brush.byte();
    let next = brush.byte_at(1);
    match byte {
        byte if byte.is_ascii_whitespace() => brush.plain(1),
        b'"' | b'\'' => quoted(brush, byte),
        b'#' if is_word(next) => brush.paint(1 + brush.run_behind(1, is_word), Class::Constant),
        b'$' | b'@' if is_letter(next) => brush.paint(1 + brush.run_behind(1, is_name), Class::Variable),
        b'!' => brush.paint(1 + brush.run_behind(1, is_word), Class::Keyword),
        b'-' if next == b'-' => brush.paint(brush.run(is_name), Class::Variable),
        byte if byte.is_ascii_digit() => number(brush),
        b'.' | b'-' | b'+' if next.is_ascii_digit() || (byte != b'.' && next == b'.') => number(brush),
        byte if is_letter(byte) || (byte == b'-' && is_letter(next)) => word(brush),
        b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'<' | b'>' => {
            if !comment(brush) {
                brush.paint(1, Class::Operator);
            }
        }
        _ => brush.plain(1),
    }
}

fn number(brush: &mut Brush<'_>) {
    brush.paint(1 + brush.run_behind(1, |byte| is_word(byte) || b".%".contains(&byte)), Class::Number);
}

fn word(brush: &mut Brush<'_>) {
    let length = brush.run(is_name);
    let is_address = brush.rest().get(..length) == Some("url") && !matches!(brush.byte_at(length + 1), b'"' | b'\'');
    let is_call = brush.byte_at(length) == b'(';
    brush.paint(length, if is_call { Class::Function } else { Class::Constant });
    if is_call && is_address {
        brush.plain(1);
        let address = brush.run(|byte| byte != b')');
        if address > 0 {
            brush.paint(address, Class::String);
        }
    }
}

fn quoted(brush: &mut Brush<'_>, quote: u8) {
    let mut is_escaped = false;
    let inner = brush.run_behind(1, |byte| {
        let goes_on = byte != b'\n' && (byte != quote || is_escaped);
        is_escaped = byte == b'\\' && !is_escaped;
        goes_on
    });
    brush.paint(1 + inner + usize::from(brush.byte_at(1 + inner) == quote), Class::String);
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}
