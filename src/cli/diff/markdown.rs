//! Turns a difference into Markdown (GitHub's, which GitLab and Forgejo read too).

use super::super::output::number;
use super::marked::{ELEMENTS, fields, shortened, with_marks};
use super::text::{cards, deck_line, media_words, note_type_words};
use super::{alike, remarks, summary, tags};
use crate::pipeline::{Difference, NoteChange, NoteDifference};
use crate::text::hidden;

/// So many notes are shown: a comment on GitHub holds 65,536 characters.
const MOST_NOTES: usize = 100;

/// All of it.
pub(super) fn markdown(difference: &Difference) -> String {
    let [old, new] = [&difference.old, &difference.new].map(|name| escaped(name));
    let mut lines =
        vec![format!("### Notes: {old} → {new}"), String::new(), escaped(&summary(difference)), String::new()];
    lines.extend(difference.decks.iter().map(|deck| format!("- deck {}", escaped(&deck_line(deck)))));
    lines.extend(difference.note_types.iter().map(|one| {
        let parts = if one.parts.is_empty() { String::new() } else { format!(" ({})", one.parts.join(", ")) };
        format!("- note type {}", escaped(&format!("{} {}{parts}", one.name, note_type_words(one.kind))))
    }));
    lines.extend(
        difference
            .media
            .iter()
            .map(|one| format!("- media {}", escaped(&format!("{} {}", one.name, media_words(one.kind))))),
    );
    let (notes, counted) = alike(difference);
    for (tags, count) in counted {
        lines.push(format!("- **updated** {}: tags {}", number(count, "note"), tags_line(&tags)));
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
    let kind = match note.kind {
        NoteChange::Added => "added",
        NoteChange::Updated => "updated",
        NoteChange::HeldBack => "held back",
        NoteChange::Conflicting => "in conflict",
        NoteChange::Gone => "gone",
    };
    let place = note.place.as_ref().map_or_else(|| note.deck.clone(), |place| format!("{}:{}", place.path, place.line));
    let text: String = note.text.chars().take(120).collect();
    lines.push(format!("- **{kind}** {} ({})", escaped(&text), escaped(&place)));
    for field in &note.fields {
        let shown = fields(&field.old, &field.new)
            .map_or_else(|| "its markup alone".to_owned(), |pieces| with_marks(&shortened(pieces), &ELEMENTS, escaped));
        lines.push(format!("  - {}: {shown}", escaped(&field.name)));
    }
    if let Some([old, new]) = &note.tags {
        lines.push(format!("  - tags: {}", tags_line(&tags(old, new))));
    }
    lines.extend(cards(note).map(|cards| format!("  - cards: {cards}")));
}

fn tags_line([missing, more]: &[Vec<&str>; 2]) -> String {
    let missing = missing.iter().map(|tag| format!("<del>{}</del>", escaped(tag)));
    let more = more.iter().map(|tag| format!("<ins>{}</ins>", escaped(tag)));
    missing.chain(more).collect::<Vec<_>>().join(" ")
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
