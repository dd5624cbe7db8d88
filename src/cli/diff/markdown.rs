//! Turns a difference into Markdown (GitHub's, which GitLab and Forgejo read too).

use super::super::output::number;
use super::marked::{ELEMENTS, fields, shortened, tags_with, with_marks};
use super::{alike, remarks, summary, tags, words};
use crate::pipeline::{Difference, NoteDifference};
use crate::text::hidden;

/// So many notes are shown: a comment on GitHub holds 65,536 characters.
const MOST_NOTES: usize = 100;

/// All of it.
pub(super) fn markdown(difference: &Difference) -> String {
    let [old, new] = [&difference.old, &difference.new].map(|name| escaped(name));
    let mut lines =
        vec![format!("### Notes: {old} → {new}"), String::new(), escaped(&summary(difference)), String::new()];
    lines.extend(words::changes(difference).map(|change| format!("- {}", escaped(&change))));
    let (notes, counted) = alike(difference);
    for (tags, count) in counted {
        lines.push(format!("- **updated** {}: tags {}", number(count, "note"), tags_with(&tags, &ELEMENTS, escaped)));
    }
    for note in notes.iter().take(MOST_NOTES) {
        push_note(note, &mut lines);
    }
    if let Some(more) = notes.len().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
        lines.push(format!("- … and {more} more"));
    }
    lines.push(String::new());
    lines.extend(remarks(difference).iter().map(|remark| format!("> {}\n", escaped(remark))));
    format!("{}\n", lines.join("\n").trim_end())
}

fn push_note(note: &NoteDifference, lines: &mut Vec<String>) {
    let (kind, place) = (words::note_word(note.kind), words::place(note));
    let text: String = note.text.chars().take(120).collect();
    lines.push(format!("- **{kind}** {} ({})", escaped(&text), escaped(&place)));
    for field in &note.fields {
        let shown = fields(&field.old, &field.new)
            .map_or_else(|| words::MARKUP.to_owned(), |pieces| with_marks(&shortened(pieces), &ELEMENTS, escaped));
        lines.push(format!("  - {}: {shown}", escaped(&field.name)));
    }
    if let Some([old, new]) = &note.tags {
        lines.push(format!("  - tags: {}", tags_with(&tags(old, new), &ELEMENTS, escaped)));
    }
    lines.extend(words::cards(note).map(|cards| format!("  - cards: {cards}")));
}

/// A text that means nothing to Markdown, mentions nobody and refers to no issue.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in hidden::shown(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '$' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_nothing_to_markdown() {
        let said = "&lt;b> \\*a\\* \\`c\\` \\$x\\$ &#64;me &#35;1 \\[l\\](u) \\~\\~s\\~\\~";
        assert_eq!(escaped("<b> *a* `c` $x$ @me #1 [l](u) ~~s~~"), said);
    }
}
