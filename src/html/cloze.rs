//! Turns the marks that stand for deletions into Anki's `{{c1::text::hint}}`, and everything else that Anki would read
//! as a part of one, or as another of its commands, into entities.
//!
//! Works on finished HTML, so it covers text, code, math and attributes alike. What Anki takes for a deletion is known to
//! [`cloze`].

use super::marks::{CLOSE, COMMAND, OPEN, SEPARATOR, is_mark};
use crate::anki::cloze;
use crate::anki::limits::COMMANDS;
use crate::ir::Cloze;

/// Writes the start of a deletion.
pub(super) fn open(cloze: &Cloze, out: &mut String) {
    out.push(OPEN);
    cloze::push_numbers(&cloze.numbers, out);
    out.push(SEPARATOR);
}

/// Writes the end of a deletion.
pub(super) fn close(cloze: &Cloze, out: &mut String) {
    if let Some(hint) = &cloze.hint {
        out.push(SEPARATOR);
        super::escape(hint, out);
    }
    out.push(CLOSE);
}

/// Replaces the marks. `commands` says whether Anki may follow commands that the author wrote as text (`[sound:…]`).
pub(super) fn write_marks(html: String, commands: bool) -> String {
    if !html.contains(is_special) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut depth = 0_usize;
    let mut rest = html.as_str();
    while let Some(at) = rest.find(is_special) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let mut chars = after.chars();
        let special = chars.next().unwrap_or_default();
        rest = chars.as_str();
        match special {
            OPEN => depth += 1,
            CLOSE => depth = depth.saturating_sub(1),
            _ => {}
        }
        push_special(special, rest, depth > 0, commands, &mut out);
    }
    out.push_str(rest);
    out
}

fn is_special(c: char) -> bool {
    matches!(c, '{' | '}' | ':' | '[') || is_mark(c)
}

fn push_special(special: char, rest: &str, inside: bool, commands: bool, out: &mut String) {
    match special {
        OPEN => out.push_str(cloze::START),
        SEPARATOR => out.push_str(cloze::SEPARATOR),
        CLOSE => out.push_str(cloze::END),
        COMMAND => out.push('['),
        '{' if rest.starts_with(OPEN) || cloze::completes_start(out, rest) => out.push_str(cloze::OPENING_BRACE),
        '}' if inside => out.push_str(cloze::CLOSING_BRACE),
        ':' if inside && (out.ends_with(':') || rest.starts_with(SEPARATOR)) => out.push_str(cloze::COLON),
        '[' if !commands && starts_like_command(rest) => out.push_str("&#91;"),
        other => out.push(other),
    }
}

/// Whether `[` before this would be a command of Anki, in whatever case: that of LaTeX does not count.
fn starts_like_command(rest: &str) -> bool {
    let starts = |command: &str| rest.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command));
    COMMANDS.iter().any(|command| starts(command))
}
