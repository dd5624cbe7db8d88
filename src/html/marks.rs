//! The characters that stand for deletions and commands while HTML is made; [`super::cloze`] turns them into Anki's.
//!
//! They are noncharacters: Unicode keeps them for a program's inside, and an HTML parser lets them through. [`is_mark`] keeps
//! them out of what authors write.

pub(super) const OPEN: char = '\u{FDD0}';
pub(super) const SEPARATOR: char = '\u{FDD1}';
pub(super) const CLOSE: char = '\u{FDD2}';
/// A `[` that starts one of Anki's commands.
pub(super) const COMMAND: char = '\u{FDD3}';

/// Ends a line of text behind raw HTML, so that it shows when a parser has taken the line for something else.
pub(super) const WITNESS: char = '\u{FDD4}';

/// Whether text must not hold this character.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, OPEN..=WITNESS)
}
