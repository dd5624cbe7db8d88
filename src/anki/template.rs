//! The language of Anki's card templates, as far as words of it are fixed (docs.ankiweb.net/templates).
//!
//! Knows nothing of any note type's fields.

/// What Anki fills in beside a note's fields.
pub const SPECIAL_FIELDS: &[&str] = &[FRONT_SIDE, "Tags", "Deck", "Subdeck", "Type", "Card", "CardFlag"];

/// The question, on the answer: what was played there does not play again. On a front it is empty, and no card comes of it.
pub const FRONT_SIDE: &str = "FrontSide";

/// What Anki fills in as well, but for 24.11 and older, which refuse a note type with it.
pub const YOUNG_FIELD: &str = "CardID";

/// The filters through which a field's sounds do not play: what is typed, and what is read out.
pub const SILENT_FILTERS: &[&str] = &["type", "tts"];

/// What Anki can do to a field. `tts` has a language and options behind a space.
pub const FILTERS: &[&str] =
    &["text", "hint", "type", "cloze", "cloze-only", "nc", "tts", "tts-voices", "furigana", "kanji", "kana"];

/// The filter that shows a field's deletions.
pub const CLOZE_FILTER: &str = "cloze";

/// The filter that names no field: it lists the voices of the machine.
pub const VOICES_FILTER: &str = "tts-voices";

/// Whether a section of this name asks for a cloze card's number: `{{#c1}}`.
pub fn is_card_condition(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|number| number.parse::<u16>().is_ok())
}
