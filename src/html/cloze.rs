//! Turns the marks that stand for deletions into Anki's `{{c1::text::hint}}`, and everything else that Anki would read
//! as a part of one, or as another of its commands, into entities.
//!
//! Works on finished HTML, so it covers text, code, math and attributes alike. Anki looks for deletions in a field's
//! HTML before a browser decodes its entities; that is what makes an entity harmless. Measured in Anki 26.9.3: the first
//! `}}` closes a deletion wherever it stands, and the first `::` starts its hint.

use std::fmt::Write as _;

use crate::ir::Cloze;

/// The marks are noncharacters: Unicode keeps them for a program's inside, and an HTML parser lets them through.
/// [`is_mark`] keeps them out of what authors write.
const OPEN: char = '\u{FDD0}';
const SEPARATOR: char = '\u{FDD1}';
const CLOSE: char = '\u{FDD2}';
/// A `[` that starts one of Anki's commands.
pub(super) const COMMAND: char = '\u{FDD3}';

/// Whether text must not hold this character.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, OPEN..=COMMAND)
}

/// Writes the start of a deletion.
pub(super) fn open(cloze: &Cloze, out: &mut String) {
    out.push(OPEN);
    for (index, number) in cloze.numbers.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(out, "{comma}{number}");
    }
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
        OPEN => out.push_str("{{c"),
        SEPARATOR => out.push_str("::"),
        CLOSE => out.push_str("}}"),
        COMMAND => out.push('['),
        '{' if rest.starts_with(OPEN) || (out.ends_with('{') && starts_like_cloze(rest)) => out.push_str("&#123;"),
        '}' if inside => out.push_str("&#125;"),
        ':' if inside && (out.ends_with(':') || rest.starts_with(SEPARATOR)) => out.push_str("&#58;"),
        '[' if !commands && starts_like_command(rest) => out.push_str("&#91;"),
        other => out.push(other),
    }
}

/// Whether `{{` before this would be Anki's `{{c1::`.
fn starts_like_cloze(rest: &str) -> bool {
    rest.strip_prefix('c').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether `[` before this would be a command of Anki: a sound, speech, LaTeX or the input of a typed answer.
fn starts_like_command(rest: &str) -> bool {
    ["sound:", "anki:", "latex]", "$]", "$$]", "[type:"].iter().any(|command| rest.starts_with(command))
}
