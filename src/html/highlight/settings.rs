//! Turns lines that give names values into tokens: INI files, Java's properties, `.env`, and configurations like them.
//!
//! Knows no program's settings. Linear in the text.

use super::Class;
use super::brush::{Brush, is_blank};
use super::yaml::is_number;

/// How a kind of file is written.
pub(super) struct Settings {
    /// What begins a comment at the start of a line, and behind white space in a value.
    comments: &'static [u8],
    /// What stands between a name and its value; a blank where nothing else does.
    separators: &'static [u8],
    has_sections: bool,
    /// Whether `export` may stand before a name.
    exports: bool,
    has_inner_comments: bool,
}

const ANY: Settings =
    Settings { comments: b"#;", separators: b"=:", has_sections: true, exports: false, has_inner_comments: true };
pub(super) const INI: Settings = ANY;
pub(super) const PROPERTIES: Settings =
    Settings { comments: b"#!", has_sections: false, has_inner_comments: false, ..ANY };
pub(super) const ENV: Settings =
    Settings { comments: b"#", separators: b"=", has_sections: false, exports: true, ..ANY };
/// `Host *`, `Port 22`
pub(super) const SSH: Settings = Settings { comments: b"#", separators: b" \t=", has_sections: false, ..ANY };
/// Tables of words: `fstab`, `go.sum`.
pub(super) const COLUMNS: Settings = SSH;

/// Paints all that the brush still sees.
pub(super) fn paint(settings: &Settings, brush: &mut Brush<'_>) {
    while !brush.is_done() {
        brush.plain_run(is_blank);
        let length = brush.line();
        let first = brush.byte();
        if settings.comments.contains(&first) {
            brush.paint(length, Class::Comment);
        } else if first == b'[' && settings.has_sections {
            section(brush);
        } else if length > 0 {
            brush.lend(length, |brush| pair(settings, brush));
        }
        if !brush.is_done() {
            brush.plain(brush.line() + 1);
        }
    }
}

fn section(brush: &mut Brush<'_>) {
    brush.plain(1);
    let name = brush.run(|byte| byte != b']' && byte != b'\n');
    if name > 0 {
        brush.paint(name, Class::Type);
    }
}

fn pair(settings: &Settings, brush: &mut Brush<'_>) {
    if settings.exports && brush.starts_with("export ") {
        brush.paint(6, Class::Keyword);
        brush.plain_run(is_blank);
    }
    let mut is_escaped = false;
    let name = brush.run(|byte| {
        let goes_on = is_escaped || !settings.separators.contains(&byte);
        is_escaped = byte == b'\\' && !is_escaped;
        goes_on
    });
    let text = brush.rest().get(..name).unwrap_or_default().trim_end().len();
    if text > 0 {
        brush.paint(text, Class::Attribute);
    }
    brush.plain_run(is_blank);
    if !brush.is_done() && settings.separators.contains(&brush.byte()) {
        brush.paint(1, Class::Operator);
    }
    brush.plain_run(is_blank);
    if !brush.is_done() {
        value(settings, brush);
    }
}

fn value(settings: &Settings, brush: &mut Brush<'_>) {
    let mut before = b' ';
    let mut quote = 0;
    let length = brush.run(|byte| {
        let ends = settings.has_inner_comments && quote == 0 && is_blank(before) && settings.comments.contains(&byte);
        if quote == byte {
            quote = 0;
        } else if quote == 0 && matches!(byte, b'"' | b'\'') && matches!(before, b' ' | b'=') {
            quote = byte;
        }
        before = byte;
        !ends
    });
    let text = brush.rest().get(..length).unwrap_or_default().trim_end();
    let is_constant =
        ["true", "false", "yes", "no", "on", "off", "null", "none"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let class = if is_constant {
        Class::Constant
    } else if is_number(text) {
        Class::Number
    } else {
        Class::String
    };
    if !text.is_empty() {
        brush.paint(text.len(), class);
    }
    brush.plain_run(is_blank);
    if !brush.is_done() {
        brush.paint(brush.line(), Class::Comment);
    }
}
