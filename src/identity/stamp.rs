//! Turns GUIDs into ids that stand in the text: `{#dk-…}` behind headings and terms.
//!
//! Inserts bytes and changes none, line ends included. Knows nothing of files, and Markdown only as far as a line's end:
//! whether an id is read as one is for the caller to see.

use super::birth::STAMP;
use super::lock::{Lock, LockedNote};
use crate::ir::{Guid, Note, NoteKind};

/// The text with the ids of `notes` in it, which are notes of this text, and for each of them whether it was given one.
pub fn stamp<'a>(text: &str, notes: impl IntoIterator<Item = &'a Note>) -> (String, Vec<Result<(), Unstamped>>) {
    let (mut insertions, mut outcomes) = (Vec::new(), Vec::new());
    for note in notes {
        let insertion = insertion(text, note);
        outcomes.push(insertion.as_ref().map(drop).map_err(|why| *why));
        insertions.extend(insertion);
    }
    insertions.sort_unstable();
    let mut stamped = String::with_capacity(text.len() + insertions.len() * 24);
    let mut copied = 0;
    for (at, piece) in insertions {
        stamped.push_str(text.get(copied..at).unwrap_or_default());
        stamped.push_str(&piece);
        copied = at;
    }
    stamped.push_str(text.get(copied..).unwrap_or_default());
    (stamped, outcomes)
}

/// The id that says who a note is.
pub fn stamp_of(guid: &Guid) -> String {
    format!("{STAMP}{guid}")
}

/// Remembers that a note has its id now.
pub fn note_id(lock: &mut Lock, guid: &Guid) {
    if let Some(mut note) = lock.note(guid).map(LockedNote::remembered) {
        note.id = Some(stamp_of(guid));
        lock.remember(&note);
    }
}

/// Why a note was given no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstamped {
    /// It has one.
    HasId,
    /// It is a table's row, which has no place for one.
    Row,
    /// What stands behind its heading is not understood.
    Place,
}

/// Where to put what.
fn insertion(text: &str, note: &Note) -> Result<(usize, String), Unstamped> {
    if note.id.is_some() {
        return Err(Unstamped::HasId);
    }
    if note.kind == NoteKind::Row {
        return Err(Unstamped::Row);
    }
    let id = stamp_of(&note.guid);
    let named = text.get(note.span.range()).ok_or(Unstamped::Place)?;
    let start = note.span.start as usize + named.trim_end().len();
    let rest = text.get(start..).and_then(|rest| rest.split(['\n', '\r']).next()).ok_or(Unstamped::Place)?;
    let behind = rest.trim();
    let is_closed = behind.bytes().all(|byte| byte == b'#');
    if is_closed {
        // A closing run of `#` stays at the end of its heading.
        return Ok((start, format!(" {{#{id}}}")));
    }
    let braces = behind.trim_end_matches('#').trim_end();
    let inner = braces.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).ok_or(Unstamped::Place)?;
    let open = start + (rest.len() - rest.trim_start().len());
    Ok((open + 1 + inner.trim_end().len(), format!(" #{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{DeckName, NoteBody};
    use crate::source::{SourceId, Span};

    const GUID: &str = "cbifpuppm5ip3";

    fn note(text: &str, named: &str) -> Note {
        let start = text.find(named).unwrap();
        Note {
            guid: Guid(GUID.into()),
            modified: 0,
            due: 0,
            kind: NoteKind::Basic,
            id: None,
            deck: DeckName::new("x").unwrap(),
            tags: vec![],
            body: NoteBody::Basic { front: vec![], back: vec![], reversed: false, typed: None },
            hint: vec![],
            extra: vec![],
            footnotes: vec![],
            context: vec![],
            span: Span::new(SourceId(0), start..start + named.len()),
            line: 1,
            trusts_html: false,
        }
    }

    fn stamped(text: &str, named: &str) -> String {
        stamp(text, &[note(text, named)]).0
    }

    #[test]
    fn ids_go_behind_the_text_and_into_braces_that_are_there() {
        assert_eq!(stamped("## a\r\nb", "## a"), "## a {#dk-cbifpuppm5ip3}\r\nb");
        assert_eq!(stamped("## a  \nb", "## a"), "## a {#dk-cbifpuppm5ip3}  \nb");
        assert_eq!(stamped("## a", "## a"), "## a {#dk-cbifpuppm5ip3}");
        assert_eq!(stamped("## a ##\n", "## a"), "## a {#dk-cbifpuppm5ip3} ##\n");
        assert_eq!(stamped("## a {.typed} ##\n", "## a"), "## a {.typed #dk-cbifpuppm5ip3} ##\n");
        assert_eq!(stamped("## a {.typed }\n", "## a"), "## a {.typed #dk-cbifpuppm5ip3 }\n");
        assert_eq!(stamped("a\n: b\n", "a\n"), "a {#dk-cbifpuppm5ip3}\n: b\n");
        let text = "## a\n## b\n";
        let both = stamp(text, &[note(text, "## b"), note(text, "## a")]).0;
        assert_eq!(both, "## a {#dk-cbifpuppm5ip3}\n## b {#dk-cbifpuppm5ip3}\n");
    }

    #[test]
    fn what_cannot_carry_an_id_stays_as_it_is() {
        let text = "| a | b |";
        let why = |change: &dyn Fn(&mut Note)| {
            let mut note = note(text, "a");
            change(&mut note);
            let (same, outcomes) = stamp(text, &[note]);
            assert_eq!(same, text);
            outcomes[0].unwrap_err()
        };
        assert_eq!(why(&|note| note.id = Some("x".into())), Unstamped::HasId);
        assert_eq!(why(&|note| note.kind = NoteKind::Row), Unstamped::Row);
        assert_eq!(why(&|_| ()), Unstamped::Place);
    }
}
