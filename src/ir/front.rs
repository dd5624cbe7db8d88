//! Turns a note's front, or both of its sides, into the texts that tell it from other notes.
//!
//! Knows nothing of GUIDs: the check for duplicate fronts compares the same text.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Block, Leaf, MediaRef, Note, NoteTypeKey, for_each_leaf};

/// The front as plain text in NFC, case kept, white space collapsed.
///
/// Of a basic note, a definition or a row: all that stands on the front. Of a cloze note or a list: the heading and the
/// text with its deletions unwrapped, so that moving a deletion does not make another note. Media count by their path.
pub fn normalised_front(note: &Note) -> String {
    let mut text = String::new();
    let [front, back] = note.sides();
    push_text(front, &mut text);
    if note.note_type() == NoteTypeKey::Cloze {
        push_text(back, &mut text);
    }
    normalise(&text)
}

/// Both sides of a note as [`SideTexts`].
pub fn side_texts(note: &Note) -> SideTexts {
    let mut texts = SideTexts::default();
    texts.take(note);
    texts
}

/// The texts of a note's [sides](Note::sides), by which it is known again after an edit. A text without a
/// heading is its front. Written as [`normalised_front`] is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideTexts {
    /// The first side.
    pub front: String,
    /// The second side.
    pub back: String,
    /// A side before it is normalised.
    raw: String,
}

impl SideTexts {
    /// Puts the sides of another note in the place of these; takes no memory where theirs suffices.
    pub fn take(&mut self, note: &Note) {
        for (blocks, side) in note.sides().into_iter().zip([&mut self.front, &mut self.back]) {
            self.raw.clear();
            side.clear();
            push_text(blocks, &mut self.raw);
            normalise_into(&self.raw, side);
        }
        if self.front.is_empty() && note.note_type() == NoteTypeKey::Cloze {
            std::mem::swap(&mut self.front, &mut self.back);
        }
    }
}

fn push_text(blocks: &[Block], text: &mut String) {
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(piece) => text.push_str(piece),
        Leaf::Media(MediaRef::Local { path: name } | MediaRef::Remote { url: name }, _) => text.push_str(name),
        Leaf::HtmlMedia(media) => text.push_str(&media.path),
        Leaf::Break => text.push(' '),
    });
}

fn normalise(text: &str) -> String {
    let mut normalised = String::new();
    normalise_into(text, &mut normalised);
    normalised
}

fn normalise_into(text: &str, normalised: &mut String) {
    let text = text.trim();
    if is_plain(text) {
        normalised.push_str(text);
    } else if text.is_ascii() || is_nfc(text) {
        collapse_into(text, normalised);
    } else {
        collapse_into(&text.nfc().collect::<String>(), normalised);
    }
}

/// Whether there is nothing to normalise: ASCII, and white space only as single spaces. Most sides are so. Looks at all
/// bytes without a way out, so that many are looked at at once.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = bytes.iter().fold(0, |odd, byte| odd | u8::from(!matches!(byte, b' '..=b'~')));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    pairs.fold(odd, |odd, (one, next)| odd | u8::from(*one == b' ' && *next == b' ')) == 0
}

fn collapse_into(text: &str, collapsed: &mut String) {
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_unicode_forms_do_not_count_but_case_does() {
        assert_eq!(normalise("  Ein  Ko\u{308}nig\n\t\u{3000}x "), "Ein K\u{f6}nig x");
        assert_ne!(normalise("Pod"), normalise("pod"));
        assert_eq!(normalise(" \n"), "");
        assert_eq!((normalise(" a  b ").as_str(), normalise("a\u{b}b\u{1}").as_str()), ("a b", "a b\u{1}"));
    }
}
