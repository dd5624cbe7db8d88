//! Where ids stand in our own way: `{#id}` behind headings and terms.
//!
//! Knows Markdown only as far as a line's end: whether an id is read as one is for [`crate::markdown::stamp`] to see.

use crate::ir::{Note, NoteKind};
use crate::markdown::syntax::{Insertion, Unstamped};
use crate::source::Span;

/// Where the id of a note goes: behind its heading or term, and into braces that are there.
pub(in crate::markdown) fn stamp(text: &str, note: &Note, id: &str) -> Result<Insertion, Unstamped> {
    if note.id.is_some() {
        return Err(Unstamped::HasId);
    }
    if note.kind == NoteKind::Row {
        return Err(Unstamped::Row);
    }
    insert_word(text, note.span, &format!("#{id}"))
}

/// Where a word of attributes goes behind a heading or term, which stands at `span`.
pub(in crate::markdown) fn insert_word(text: &str, span: Span, word: &str) -> Result<Insertion, Unstamped> {
    let named = text.get(span.range()).ok_or(Unstamped::Place)?;
    let start = span.start as usize + named.trim_end().len();
    let rest = text.get(start..).and_then(|rest| rest.split(['\n', '\r']).next()).ok_or(Unstamped::Place)?;
    let behind = rest.trim();
    let is_closed = behind.bytes().all(|byte| byte == b'#');
    if is_closed {
        // A closing run of `#` stays at the end of its heading.
        return Ok((start, format!(" {{{word}}}")));
    }
    let braces = behind.trim_end_matches('#').trim_end();
    let inner = braces.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).ok_or(Unstamped::Place)?;
    let open = start + (rest.len() - rest.trim_start().len());
    Ok((open + 1 + inner.trim_end().len(), format!(" {word}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::NoteBody;
    use crate::source::SourceId;

    const ID: &str = "dk-cbifpuppm5ip3";

    fn note(text: &str, named: &str) -> Note {
        let start = text.find(named).unwrap();
        let body = NoteBody::Basic { front: vec![], back: vec![], reversed: false, typed: None };
        Note { span: Span::new(SourceId(0), start..start + named.len()), ..Note::bare(body) }
    }

    fn stamped(text: &str, named: &str) -> String {
        let (at, piece) = stamp(text, &note(text, named), ID).unwrap();
        [&text[..at], &piece, &text[at..]].concat()
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
    }

    #[test]
    fn what_cannot_carry_an_id_stays_as_it_is() {
        let text = "| a | b |";
        let why = |change: &dyn Fn(&mut Note)| {
            let mut note = note(text, "a");
            change(&mut note);
            stamp(text, &note, ID).unwrap_err()
        };
        assert_eq!(why(&|note| note.id = Some("x".into())), Unstamped::HasId);
        assert_eq!(why(&|note| note.kind = NoteKind::Row), Unstamped::Row);
        assert_eq!(why(&|_| ()), Unstamped::Place);
    }
}
