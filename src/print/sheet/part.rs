//! Turns entries of a cheat sheet into parts: what of a note stands on paper, and as which shape.
//!
//! Knows neither HTML nor how wide a column is.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hash;

use super::chapters::{Entry, Row};
use super::table;
use crate::artifact::Ingredients;
use crate::ir::{Block, BlockKind, Inline, InlineKind, Leaf, MediaRef, Note, NoteKind, Table, for_each_leaf};
use crate::text::extension::MediaKind;
use crate::text::question::asks;

/// A note, or a table of them, as the sheet lists it.
pub(super) struct Part<'a> {
    /// The note, or the first of the table's.
    pub(super) note: &'a Note,
    /// `question`, `term`, `cloze`, `list` or `table`.
    pub(super) shape: &'static str,
    /// The run-in head.
    pub(super) head: Cow<'a, [Block]>,
    /// What the question shows below its first line.
    pub(super) given: Cow<'a, [Block]>,
    pub(super) answer: Cow<'a, [Block]>,
    /// What is worth knowing besides.
    pub(super) extra: Cow<'a, [Block]>,
    /// Whether the answer's first words stand in the head's line.
    pub(super) runs_in: bool,
    /// Whether what is worth knowing stands in the answer's line.
    pub(super) trails: bool,
    /// Whether the head wants a colon: it ends in a letter, and so does not ask.
    pub(super) colon: bool,
}

/// The most characters of an extra that the sheet takes in: two lines and a half of a column of three.
const LONGEST_EXTRA: usize = 130;

/// An entry as the sheet lists it. Sounds are left out, and pictures of which `shown` knows that they are on the sheet.
pub(super) fn part<'a>(entry: &Entry<'a>, shown: &mut BTreeSet<&'a str>) -> Option<Part<'a>> {
    match entry {
        Entry::Note(note) => Some(note_part(note, shown)),
        Entry::Table(table, rows) => table_part(table, rows),
    }
}

fn table_part<'a>(table: &Table, rows: &[Row<'a>]) -> Option<Part<'a>> {
    let note = rows.first()?.note;
    Some(Part {
        note,
        shape: "table",
        head: Cow::Borrowed(table::question(note).map_or(&[][..], std::slice::from_ref)),
        given: Cow::Borrowed(&[]),
        answer: Cow::Owned(vec![table::block(table, rows)]),
        extra: Cow::Borrowed(extra(note)),
        runs_in: false,
        trails: false,
        colon: false,
    })
}

fn note_part<'a>(note: &'a Note, shown: &mut BTreeSet<&'a str>) -> Part<'a> {
    let [front, back] = note.sides();
    let (head, given) = match front {
        [head @ Block { kind: BlockKind::Paragraph { .. }, .. }, given @ ..] => (std::slice::from_ref(head), given),
        given => (&[][..], given),
    };
    let text = head_text(head);
    let [head, given, answer, extra] = [head, given, back, extra(note)].map(|blocks| on_paper(blocks, shown));
    let runs_in = given.is_empty() && matches!(answer.first(), Some(Block { kind: BlockKind::Paragraph { .. }, .. }));
    let trails = runs_in && answer.len() == 1 && extra.len() == 1 && !has_media(&extra) && !has_media(&answer);
    Part {
        note,
        shape: shape(note, &text),
        head,
        given,
        answer,
        extra,
        runs_in,
        trails,
        colon: text.trim_end().ends_with(char::is_alphanumeric),
    }
}

/// A heading that does not ask is a term.
fn shape(note: &Note, head: &str) -> &'static str {
    match note.kind {
        NoteKind::Basic | NoteKind::Row if asks(head) => "question",
        NoteKind::Basic | NoteKind::Row | NoteKind::Definition => "term",
        NoteKind::Cloze => "cloze",
        NoteKind::List => "list",
    }
}

/// What is short, and pictures, which the style keeps small.
fn extra(note: &Note) -> &[Block] {
    let are_lines = note.extra.iter().all(|block| matches!(block.kind, BlockKind::Paragraph { .. }));
    let is_small = are_lines && (has_media(&note.extra) || length(&note.extra) <= LONGEST_EXTRA);
    if is_small { &note.extra } else { &[] }
}

/// Blocks without what paper does not play, and without pictures that stand by themselves and are shown already.
fn on_paper<'a>(blocks: &'a [Block], shown: &mut BTreeSet<&'a str>) -> Cow<'a, [Block]> {
    if !has_media(blocks) {
        return Cow::Borrowed(blocks);
    }
    let mut kept = Vec::with_capacity(blocks.len());
    for block in blocks {
        let BlockKind::Paragraph { content } = &block.kind else {
            kept.push(block.clone());
            continue;
        };
        let content: Vec<Inline> = content.iter().filter(|inline| !is_played(inline)).cloned().collect();
        let is_known = picture(block).is_some_and(|path| !shown.insert(path));
        if !is_known && content.iter().any(|inline| !is_white(inline)) {
            kept.push(Block { span: block.span, kind: BlockKind::Paragraph { content } });
        }
    }
    Cow::Owned(kept)
}

/// Whether it is a sound or a film without words of the author's in its place.
fn is_played(inline: &Inline) -> bool {
    let InlineKind::Media(embed) = &inline.kind else { return false };
    let (MediaRef::Local { path } | MediaRef::Remote { url: path }) = &embed.media;
    embed.alt.is_empty() && matches!(MediaKind::of(path), Some(MediaKind::Sound | MediaKind::Video))
}

fn is_white(inline: &Inline) -> bool {
    inline.kind.is_break() || inline.kind.as_text().is_some_and(|text| text.trim().is_empty())
}

/// The picture that is all of a paragraph.
fn picture(block: &Block) -> Option<&str> {
    let BlockKind::Paragraph { content } = &block.kind else { return None };
    let mut content = content.iter().filter(|inline| !is_white(inline));
    let (Some(Inline { kind: InlineKind::Media(embed), .. }), None) = (content.next(), content.next()) else {
        return None;
    };
    match &embed.media {
        MediaRef::Local { path } if MediaKind::of(path) == Some(MediaKind::Image) => Some(path),
        MediaRef::Local { .. } | MediaRef::Remote { .. } => None,
    }
}

/// Takes down what an entry is made of.
pub(super) fn hash(entry: &Entry<'_>, made_of: &mut Ingredients) {
    match entry {
        Entry::Note(note) => ("note", note).hash(made_of),
        Entry::Table(table, rows) => {
            ("table", table::block(table, rows), rows.len()).hash(made_of);
            for row in rows {
                row.note.hash(made_of);
            }
        }
    }
}

/// The text of a head.
fn head_text(head: &[Block]) -> String {
    let mut text = String::new();
    for_each_leaf(head, &mut |leaf| {
        if let Leaf::Text(piece) = leaf {
            text.push_str(piece);
        }
    });
    text
}

/// Whether there is a picture or a sound in it.
fn has_media(blocks: &[Block]) -> bool {
    let mut found = false;
    for_each_leaf(blocks, &mut |leaf| found |= matches!(leaf, Leaf::Media(..) | Leaf::HtmlMedia(_)));
    found
}

/// How many characters blocks hold.
fn length(blocks: &[Block]) -> usize {
    let mut length = 0;
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(text) => length += text.chars().count(),
        Leaf::Break => length += 1,
        Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
    });
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Embed, Size};
    use crate::source::{SourceId, Span};

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    fn media(path: &str, alt: &str) -> Inline {
        let size = Size { width: None, height: None, percent: None };
        let media = MediaRef::Local { path: path.into() };
        let embed = Embed { media, alt: alt.into(), title: None, size };
        Inline { span: SPAN, kind: InlineKind::Media(Box::new(embed)) }
    }

    fn paragraph(content: Vec<Inline>) -> Block {
        Block { span: SPAN, kind: BlockKind::Paragraph { content } }
    }

    #[test]
    fn sounds_are_left_out_and_pictures_are_shown_once() {
        let text = Inline { span: SPAN, kind: InlineKind::Text { text: "x".into() } };
        let blocks = [
            paragraph(vec![media("a.png", "")]),
            paragraph(vec![text.clone(), media("a.mp3", "")]),
            paragraph(vec![media("b.mp3", "")]),
            paragraph(vec![media("c.mp3", "a birdcall")]),
            paragraph(vec![text.clone(), media("a.png", "")]),
            paragraph(vec![media("a.png", "again")]),
        ];
        let mut shown = BTreeSet::new();
        let first = on_paper(&blocks, &mut shown);
        let expected = [blocks[0].clone(), paragraph(vec![text]), blocks[3].clone(), blocks[4].clone()];
        assert_eq!(first.as_ref(), expected);
        assert_eq!(on_paper(&blocks[..1], &mut shown).len(), 0);
        assert!(matches!(on_paper(&blocks[1..1], &mut shown), Cow::Borrowed(_)));
    }
}
