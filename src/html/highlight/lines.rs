//! Turns texts in which each line has a form of its own into tokens: differences, HTTP, Dockerfiles, makefiles, lists of patterns.
//!
//! Linear in the text.

use super::brush::{Brush, is_blank, is_letter, is_word};
use super::shell::Kind;
use super::{Class, markup, scanner, shell, tables};
use crate::text::steps;

/// What begins a line, and its class.
pub(super) type Prefixes = &'static [(&'static str, Class)];

pub(super) const DIFF: Prefixes = &[
    ("+++", Class::Comment),
    ("---", Class::Comment),
    ("***", Class::Comment),
    ("@@", Class::Function),
    ("diff ", Class::Keyword),
    ("index ", Class::Comment),
    ("Index:", Class::Keyword),
    ("new file", Class::Comment),
    ("deleted file", Class::Comment),
    ("rename ", Class::Comment),
    ("similarity ", Class::Comment),
    ("+", Class::String),
    (">", Class::String),
    ("-", Class::Tag),
    ("<", Class::Tag),
    ("!", Class::Number),
    ("\\", Class::Comment),
];

pub(super) const PATTERNS: Prefixes = &[("#", Class::Comment), ("!", Class::Keyword), ("", Class::String)];

/// Paints all that the brush still sees, each line by what it begins with.
pub(super) fn prefixed(prefixes: Prefixes, brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let class = prefixes.iter().find(|(prefix, _)| brush.starts_with(prefix)).map(|(_, class)| *class);
        brush.paint_as(brush.line() + 1, class);
    }
}

/// A request or a response, with its body.
pub(super) fn http(brush: &mut Brush<'_>) {
    let length = brush.line();
    if length > 0 {
        brush.lend(length, http_start);
    }
    while !brush.is_done() {
        brush.plain(1);
        let length = brush.line();
        if brush.rest().get(..length).is_some_and(|line| line.trim().is_empty()) {
            break;
        }
        let name = brush.run(|byte| byte != b':' && byte != b'\n');
        if brush.byte_at(name) == b':' && name > 0 {
            brush.paint(name, Class::Attribute);
            brush.plain(1 + brush.run_behind(1, is_blank));
        }
        let value = brush.line();
        if value > 0 {
            brush.paint(value, Class::String);
        }
    }
    brush.plain_run(|byte| byte.is_ascii_whitespace());
    match brush.byte() {
        b'{' | b'[' => scanner::paint(&tables::JSON, brush),
        b'<' => markup::paint(&tables::XML, brush),
        _ => {}
    }
}

/// `GET /a HTTP/1.1`, `HTTP/1.1 200 OK`
fn http_start(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let word = brush.run(|byte| !byte.is_ascii_whitespace());
        let text = brush.rest().get(..word).unwrap_or_default();
        let class = if text.starts_with("HTTP/") {
            Some(Class::Constant)
        } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Some(Class::Keyword)
        } else if text.starts_with(['/', 'h']) {
            Some(Class::String)
        } else {
            (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(Class::Number)
        };
        brush.paint_as(word, class);
    }
}

/// Paints a Dockerfile.
pub(super) fn dockerfile(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        brush.plain_run(|byte| byte.is_ascii_whitespace());
        if brush.byte() == b'#' {
            brush.paint(brush.line(), Class::Comment);
        } else if !brush.is_done() {
            let length = continued(brush.rest(), true);
            brush.lend(length, instruction);
        }
    }
}

/// The length of a line and of those that go on with it. Comments among them do not end them.
pub(super) fn continued(text: &str, has_comments: bool) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        let is_comment = has_comments && line.trim_start().starts_with('#');
        if !is_comment && !line.trim_end().ends_with('\\') {
            break;
        }
    }
    steps::counted(length)
}

fn instruction(brush: &mut Brush<'_>) {
    let word = brush.run(is_word);
    let name = brush.rest().get(..word).unwrap_or_default().to_ascii_uppercase();
    if word > 0 {
        brush.paint(word, Class::Keyword);
    }
    brush.plain_run(is_blank);
    let is_list = brush.byte() == b'[';
    match name.as_str() {
        "ONBUILD" if !is_list => instruction_again(brush),
        "RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK" if !is_list => {
            while brush.starts_with("--") {
                brush.paint(brush.run(|byte| !byte.is_ascii_whitespace()), Class::Variable);
                brush.plain_run(is_blank);
            }
            shell::paint(Kind::Commands, brush);
        }
        "FROM" => from(brush),
        _ if is_list => scanner::paint(&tables::JSON, brush),
        _ => shell::paint(Kind::Arguments, brush),
    }
}

/// What stands behind `ONBUILD`: an instruction, but not another one of these.
fn instruction_again(brush: &mut Brush<'_>) {
    let word = brush.run(is_word);
    if word > 0 {
        brush.paint(word, Class::Keyword);
    }
    shell::paint(Kind::Arguments, brush);
}

/// `FROM image:tag AS name`
fn from(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        brush.plain_run(|byte| byte.is_ascii_whitespace());
        let word = brush.run(|byte| !byte.is_ascii_whitespace());
        let text = brush.rest().get(..word).unwrap_or_default();
        if text.eq_ignore_ascii_case("as") {
            brush.paint(word, Class::Keyword);
            brush.plain_run(is_blank);
            let name = brush.run(|byte| !byte.is_ascii_whitespace());
            if name > 0 {
                brush.paint(name, Class::Variable);
            }
        } else if text.contains('$') || text.starts_with('-') {
            brush.lend(word, |brush| shell::paint(Kind::Arguments, brush));
        } else if word > 0 {
            let image = text.find([':', '@']).unwrap_or(word);
            brush.paint(image, Class::String);
            if image < word {
                brush.paint(word - image, Class::Constant);
            }
        }
    }
}

/// Paints a makefile.
pub(super) fn makefile(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let length = continued(brush.rest(), false);
        match brush.byte() {
            b'\t' => {
                brush.plain(1);
                brush.plain_run(|byte| byte == b'@' || byte == b'-');
                let length = length.saturating_sub(1);
                if length > 0 {
                    brush.lend(length, |brush| shell::paint(Kind::Recipe, brush));
                }
            }
            b'#' => brush.paint(length, Class::Comment),
            _ => brush.lend(length, make_line),
        }
    }
}

const DIRECTIVES: &[&str] = &[
    "-include", "define", "else", "endef", "endif", "export", "ifdef", "ifeq", "ifndef", "ifneq", "include",
    "override", "sinclude", "undefine", "unexport", "vpath",
];

/// A rule, an assignment, a directive.
fn make_line(brush: &mut Brush<'_>) {
    brush.plain_run(is_blank);
    let word = brush.run(|byte| is_word(byte) || byte == b'-');
    let text = brush.rest().get(..word).unwrap_or_default();
    if DIRECTIVES.binary_search(&text).is_ok() {
        brush.paint(word, Class::Keyword);
        return shell::paint(Kind::Recipe, brush);
    }
    let mut depth = 0_usize;
    let name = brush.run(|byte| {
        depth =
            (depth + usize::from(matches!(byte, b'(' | b'{'))).saturating_sub(usize::from(matches!(byte, b')' | b'}')));
        depth > 0 || !matches!(byte, b':' | b'=' | b'#' | b'\n' | b'?' | b'+' | b'!')
    });
    let marks = brush.run_behind(name, |byte| b":?+!=".contains(&byte));
    let is_assignment = brush.rest().get(name..name + marks).is_some_and(|marks| marks.ends_with('='));
    if marks == 0 || name == 0 {
        return make_text(brush);
    }
    let class = if is_assignment { Class::Variable } else { Class::Function };
    let is_plain = brush.rest().get(..name).is_some_and(|name| !name.contains('$'));
    brush.lend(name, |brush| {
        let text = brush.rest().trim_end().len();
        if is_plain { brush.paint(text, class) } else { make_text(brush) }
    });
    brush.paint(marks, Class::Operator);
    make_text(brush);
}

/// Text with variables and a comment at its end.
fn make_text(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        match brush.byte() {
            b'#' => brush.paint(brush.rest().len(), Class::Comment),
            b'$' if matches!(brush.byte_at(1), b'(' | b'{') => {
                let mut depth = 0_usize;
                let inner = brush.run_behind(1, |byte| {
                    depth += usize::from(matches!(byte, b'(' | b'{'));
                    depth -= usize::from(matches!(byte, b')' | b'}') && depth > 0);
                    depth > 0
                });
                brush.paint(inner + 2, Class::Variable);
            }
            b'$' => brush.paint(2, Class::Variable),
            byte if byte.is_ascii_whitespace() => brush.plain(1),
            _ => {
                let length =
                    1 + brush.run_behind(1, |byte| byte != b'#' && byte != b'$' && !byte.is_ascii_whitespace());
                brush.paint(length, Class::String);
            }
        }
    }
}

/// Paints a regular expression.
pub(super) fn regex(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        match brush.byte() {
            b'\\' if matches!(brush.byte_at(1), b'p' | b'P' | b'x' | b'u' | b'k') && brush.byte_at(2) == b'{' => {
                brush.paint(3 + brush.run_behind(3, is_word) + 1, Class::Constant);
            }
            b'\\' => brush.paint(2, Class::Constant),
            b'[' => {
                let mut is_escaped = false;
                let first = 1 + usize::from(brush.byte_at(1) == b'^');
                let first = first + usize::from(brush.byte_at(first) == b']');
                let inner = brush.run_behind(first, |byte| {
                    let goes_on = (byte != b']' || is_escaped) && byte != b'\n';
                    is_escaped = byte == b'\\' && !is_escaped;
                    goes_on
                });
                brush.paint(first + inner + 1, Class::String);
            }
            b'(' if brush.byte_at(1) == b'?' => {
                let named = brush.byte_at(2) == b'<' || brush.byte_at(3) == b'<';
                let length = 2 + brush.run_behind(2, |byte| b":=!<>P#".contains(&byte) || (named && is_word(byte)));
                brush.paint(length, Class::Keyword);
            }
            b'(' | b')' => brush.paint(1, Class::Keyword),
            b'*' | b'+' | b'?' | b'|' | b'^' | b'$' | b'.' => brush.paint(1, Class::Operator),
            b'{' if brush.byte_at(1).is_ascii_digit() => {
                let length = 2 + brush.run_behind(1, |byte| byte.is_ascii_digit() || byte == b',');
                brush.paint(length, Class::Number);
            }
            byte if is_letter(byte) => brush.plain(brush.run(is_word)),
            _ => brush.plain(1),
        }
    }
}
