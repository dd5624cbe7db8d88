//! Turns HTML, XML and what templates mix into them into tokens.
//!
//! Knows which languages stand within. Linear in the text: what is left open reaches to the end.

use super::Class;
use super::brush::{Brush, is_letter, is_word};
use super::language::Language;
use super::{css, scanner};

/// What opens and closes code of a template, and its language; without one it is a comment.
pub(super) type Hole = (&'static str, &'static str, Option<&'static Language>);

/// What stands in markup.
pub(super) struct Markup {
    /// Whether the texts of `script` and `style` are code.
    has_scripts: bool,
    holes: &'static [Hole],
    script: &'static Language,
}

impl Markup {
    pub(super) const fn xml(script: &'static Language) -> Self {
        Self { has_scripts: false, holes: &[], script }
    }

    pub(super) const fn html(script: &'static Language, holes: &'static [Hole]) -> Self {
        Self { has_scripts: true, holes, script }
    }
}

/// Paints all that the brush still sees.
pub(super) fn paint(markup: &Markup, brush: &mut Brush<'_>) {
    while !brush.is_done() {
        match brush.byte() {
            _ if hole(markup, brush) => {}
            b'<' => angle(markup, brush),
            b'&' => entity(brush),
            _ => {
                let firsts = |byte: u8| markup.holes.iter().any(|(open, ..)| open.as_bytes().first() == Some(&byte));
                let length = 1 + brush.run_behind(1, |byte| byte != b'<' && byte != b'&' && !firsts(byte));
                brush.plain(length);
            }
        }
    }
}

fn hole(markup: &Markup, brush: &mut Brush<'_>) -> bool {
    let Some((open, close, language)) = markup.holes.iter().find(|(open, ..)| brush.starts_with(open)) else {
        return false;
    };
    let Some(language) = language else {
        brush.paint(brush.through(close), Class::Comment);
        return true;
    };
    brush.paint(open.len(), Class::Keyword);
    let length = brush.to(close);
    brush.lend(length, |brush| scanner::paint(language, brush));
    if !brush.is_done() {
        brush.paint(close.len(), Class::Keyword);
    }
    true
}

fn angle(markup: &Markup, brush: &mut Brush<'_>) {
    let next = brush.byte_at(1);
    if brush.starts_with("<!--") {
        brush.paint(brush.through("-->"), Class::Comment);
    } else if brush.starts_with("<![CDATA[") {
        brush.paint(9, Class::Keyword);
        let length = brush.through("]]>");
        brush.paint(length, Class::String);
    } else if matches!(next, b'!' | b'?') {
        brush.plain(2);
        let word = brush.run(|byte| is_word(byte) || byte == b'-');
        if word > 0 {
            brush.paint(word, Class::Keyword);
        }
        attributes(markup, brush);
    } else if next == b'/' {
        brush.plain(2);
        let name = brush.run(is_name);
        if name > 0 {
            brush.paint(name, Class::Tag);
        }
    } else if is_letter(next) {
        element(markup, brush);
    } else {
        brush.plain(1);
    }
}

fn element(markup: &Markup, brush: &mut Brush<'_>) {
    brush.plain(1);
    let length = brush.run(is_name);
    let name = brush.rest().get(..length).unwrap_or_default();
    brush.paint(length, Class::Tag);
    let is_open = attributes(markup, brush);
    if !(is_open && markup.has_scripts) {
        return;
    }
    let close = match name {
        "script" => "</script",
        "style" => "</style",
        _ => return,
    };
    let length = brush.to(close);
    brush.lend(length, |brush| if name == "style" { css::paint(brush) } else { scanner::paint(markup.script, brush) });
}

/// Paints what stands in a tag, and whether there is an element behind it.
fn attributes(markup: &Markup, brush: &mut Brush<'_>) -> bool {
    let mut before = 0;
    while !brush.is_done() {
        let byte = brush.byte();
        match byte {
            _ if hole(markup, brush) => {}
            b'>' => {
                brush.plain(1);
                return !matches!(before, b'/' | b'?');
            }
            b'<' => return false,
            b'"' | b'\'' => {
                let inner = brush.run_behind(1, |next| next != byte);
                brush.paint(inner + 2, Class::String);
            }
            byte if is_name(byte) || matches!(byte, b'@' | b'#' | b'*') => {
                let length = 1 + brush.run_behind(1, |byte| is_name(byte) || b"@#[]()".contains(&byte));
                brush.paint(length, if before == b'=' { Class::String } else { Class::Attribute });
            }
            _ => brush.plain(1),
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    false
}

fn entity(brush: &mut Brush<'_>) {
    let name = brush.run_behind(1, |byte| is_word(byte) || byte == b'#').min(MAX_ENTITY);
    if name > 0 && brush.byte_at(1 + name) == b';' {
        brush.paint(name + 2, Class::Constant);
    } else {
        brush.plain(1);
    }
}

/// The longest name of a character, in bytes.
const MAX_ENTITY: usize = 32;

fn is_name(byte: u8) -> bool {
    is_word(byte) || b"-.:".contains(&byte)
}
