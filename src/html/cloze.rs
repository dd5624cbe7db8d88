//! Turns the marks that stand for deletions into Anki's `{{c1::text::hint}}`, and everything else that Anki would read
//! as a part of one, or as another of its commands, into entities.
//!
//! Works on finished HTML, so it covers text, code, math and attributes alike. What Anki takes for a deletion is known to
//! [`cloze`].

use super::marks::{CLOSE, COMMAND, OPEN, SEPARATOR, is_mark};
use crate::anki::cloze;
use crate::anki::limits::{COMMANDS, MAX_NESTED_CLOZES};
use crate::ir::Cloze;

/// How a deletion with several numbers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As deletions within each other, which every Anki reads: `{{c1::{{c2::text::hint}}::hint}}`.
    Nested,
    /// `{{c1,2::text::hint}}`. Before 26.5, and on AnkiDroid, Anki shows that as it stands, answer and all.
    Listed,
}

impl Numbers {
    /// As Anki's limit has it: `open` deletions are open around this one, and `inside` are in it, however they lie there.
    pub(super) fn of(cloze: &Cloze, open: usize, inside: usize) -> Self {
        if open + cloze.numbers.len() + inside <= MAX_NESTED_CLOZES { Self::Nested } else { Self::Listed }
    }

    /// The deletions as they open, the numbers of each.
    pub(super) fn levels(self, cloze: &Cloze) -> std::slice::Chunks<'_, u16> {
        let length = match self {
            Self::Nested => 1,
            Self::Listed => cloze.numbers.len().max(1),
        };
        cloze.numbers.chunks(length)
    }
}

/// Writes the start of a deletion.
pub(super) fn open(cloze: &Cloze, numbers: Numbers, out: &mut String) {
    for level in numbers.levels(cloze) {
        out.push(OPEN);
        cloze::push_numbers(level, out);
        out.push(SEPARATOR);
    }
}

/// Writes the end of a deletion.
pub(super) fn close(cloze: &Cloze, numbers: Numbers, out: &mut String) {
    for _ in numbers.levels(cloze) {
        if let Some(hint) = &cloze.hint {
            out.push(SEPARATOR);
            super::escape(hint, out);
        }
        out.push(CLOSE);
    }
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
