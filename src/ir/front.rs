//! Turns a note's front, or both of its sides, into the texts that tell it from other notes.
//!
//! Knows nothing of GUIDs: the check for duplicate fronts compares the same text.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Block, Leaf, MediaRef, Note, NoteBody, NoteTypeKey, for_each_leaf};

/// The front as plain text in NFC, case kept, white space collapsed.
///
/// Of a basic note, a definition or a row: all that stands on the front. Of a cloze note or a list: the heading and the
/// text with its deletions unwrapped, so that moving a deletion does not make another note. Media count by their path.
pub fn normalised_front(note: &Note) -> String {
    let mut text = String::new();
    match &note.body {
        NoteBody::Basic { front, .. } => push_text(front, &mut text),
        NoteBody::Cloze { heading, text: blocks } => {
            push_text(heading, &mut text);
            push_text(blocks, &mut text);
        }
    }
    normalise(&text)
}

/// Both sides of a note, by which it is known again after an edit: the front and the back of a basic note, the heading and
/// the text of a cloze note or a list. A text without a heading is its front. Written as [`normalised_front`] is.
pub fn normalised_sides(note: &Note) -> (String, String) {
    let (front, back) = match &note.body {
        NoteBody::Basic { front, back, .. } => (front, back),
        NoteBody::Cloze { heading, text } => (heading, text),
    };
    let side = |blocks: &[Block]| {
        let mut text = String::new();
        push_text(blocks, &mut text);
        normalise(&text)
    };
    let (front, back) = (side(front), side(back));
    if front.is_empty() && note.note_type() == NoteTypeKey::Cloze { (back, front) } else { (front, back) }
}

fn push_text(blocks: &[Block], text: &mut String) {
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(piece) => text.push_str(piece),
        Leaf::Media(MediaRef::Local { path: name } | MediaRef::Remote { url: name }) => text.push_str(name),
        Leaf::HtmlMedia(media) => text.push_str(&media.path),
        Leaf::Break => text.push(' '),
    });
}

fn normalise(text: &str) -> String {
    if text.is_ascii() || is_nfc(text) { collapse(text) } else { collapse(&text.nfc().collect::<String>()) }
}

fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_unicode_forms_do_not_count_but_case_does() {
        assert_eq!(normalise("  Ein  Ko\u{308}nig\n\t\u{3000}x "), "Ein K\u{f6}nig x");
        assert_ne!(normalise("Pod"), normalise("pod"));
        assert_eq!(normalise(" \n"), "");
    }
}
