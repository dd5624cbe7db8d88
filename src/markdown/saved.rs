//! Turns documents into bytes from which they come back faster than they are read, and back.
//!
//! Knows all that documents hold, and no meaning of it. Documents in which something is wrong are none of these.

use super::{Document, Layout, LinkUse, MediaUse};
use crate::config::Embeds;
use crate::config::syntax::Syntax;
use crate::ir::{
    Alert, AlertKind, Alignment, Block, BlockKind, Cell, Chapter, ChapterPart, Cloze, DeckName, Definition, Embed,
    Footnote, Grid, Guid, Hidden, HtmlLink, HtmlMedia, Inline, InlineKind, Labelled, Link, ListItem, MediaRef, Note,
    NoteBody, NoteKind, RawHtml, Run, Shared, Size, Table, TableRow, Tag,
};
use crate::source::{SourceId, Span};
use crate::text::parcel::{Parcel, Unpack};

impl Document {
    /// The document as bytes; `None` where something is wrong in it, or it holds how it is written.
    pub fn save(&self) -> Option<Vec<u8>> {
        if !self.diagnostics.is_empty() || self.trace.is_some() {
            return None;
        }
        let mut to = Writer::default();
        self.put(&mut to);
        Some(to.parcel.into_bytes())
    }

    /// The document that [`Self::save`] gave these bytes for, as one of this source.
    pub fn restore(bytes: &[u8], source: SourceId) -> Option<Self> {
        let mut from =
            Reader { bytes: Unpack::new(bytes), source, at: 0, depth: 0, decks: None, tags: None, titles: None };
        Self::take(&mut from).filter(|_| from.bytes.is_empty())
    }
}

/// What is written so far.
#[derive(Default)]
struct Writer {
    parcel: Parcel,
    /// Where the last place starts: most others start nearby.
    at: u32,
    /// What the last note has: most others have the same.
    decks: Option<DeckName>,
    tags: Option<Shared<Tag>>,
    titles: Option<Shared<String>>,
}

/// What is left to read.
struct Reader<'a> {
    bytes: Unpack<'a>,
    source: SourceId,
    at: u32,
    /// How many lists the one at hand is in.
    depth: usize,
    decks: Option<DeckName>,
    tags: Option<Shared<Tag>>,
    titles: Option<Shared<String>>,
}

/// Lists are in so many others at most: blocks and inlines nest 64 deep each, and a table's parts three levels more.
const MOST_NESTED: usize = 400;

/// For so many elements of a list room is made before they are seen.
const MOST_AHEAD: usize = 1 << 12;

/// What documents are made of.
trait Saved: Sized {
    fn put(&self, to: &mut Writer);
    /// What [`Self::put`] put; `None` where the bytes are no such thing.
    fn take(from: &mut Reader<'_>) -> Option<Self>;
}

/// Structs, field by field; all of them are named, so that of a new one it has to be said how it is saved.
macro_rules! saved_structs {
    ($($name:ident { $($field:ident),* $(; $($absent:ident: $value:expr),*)? })*) => { $(
        impl Saved for $name {
            fn put(&self, to: &mut Writer) {
                let Self { $($field,)* $($($absent: _,)*)? } = self;
                $($field.put(to);)*
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                $(let $field = Saved::take(from)?;)*
                Some(Self { $($field,)* $($($absent: $value,)*)? })
            }
        }
    )* };
}

/// Enums: the number of the variant, and its fields.
macro_rules! saved_enums {
    ($($name:ident { $($number:literal $variant:ident $(($inner:ident))? $({ $($field:ident),* })?),* $(,)? })*) => { $(
        impl Saved for $name {
            fn put(&self, to: &mut Writer) {
                match self {
                    $(Self::$variant $(($inner))? $({ $($field),* })? => {
                        to.parcel.number($number);
                        $($inner.put(to);)?
                        $($($field.put(to);)*)?
                    })*
                }
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                match from.bytes.number()? {
                    $($number => {
                        $(let $inner = Saved::take(from)?;)?
                        $($(let $field = Saved::take(from)?;)*)?
                        Some(Self::$variant $(($inner))? $({ $($field),* })?)
                    })*
                    _ => None,
                }
            }
        }
    )* };
}

saved_structs! {
    Document {
        chapter, notes, syntaxes, media, links, left_out, bare, is_left_out, is_of_other_program, decks, deck_places,
        has_no_deck, seen, embeds, prose_headings, layout; diagnostics: Vec::new(), trace: None
    }
    Layout { start, labels, note_footnotes, prose_footnotes }
    MediaUse { path, others, span, is_exact, is_rooted }
    LinkUse { url, span, is_wiki, may_lack }
    Chapter { path, title, parts, trusts_html, footnotes }
    Table { span, alignments, header, rows }
    TableRow { note, columns }
    Footnote { number, blocks }
    Block { span, kind }
    Alert { kind, title, blocks }
    Grid { alignments, header, rows }
    Labelled { label, content }
    ListItem { span, checked, blocks }
    Cell { span, content }
    Definition { span, term, definitions }
    Inline { span, kind }
    Link { url, address, title, content }
    Embed { media, alt, title, size }
    Size { width, height, percent }
    Hidden { cloze, content }
    Cloze { span, numbers, hint, assigned }
    RawHtml { text, media, links }
    HtmlMedia { start, end, path }
    HtmlLink { start, end, url, address }
}

saved_enums! {
    Syntax { 0 StartEnd, 1 Qa, 2 Slides, 3 Obsidian, 4 Logseq, 5 Headings }
    Embeds { 0 Link, 1 Expand }
    NoteKind { 0 Basic, 1 Definition, 2 Row, 3 Cloze, 4 List }
    NoteBody { 0 Basic { front, back, reversed, typed }, 1 Cloze { heading, text } }
    ChapterPart { 0 Prose { block }, 1 Note { note }, 2 Table(table) }
    BlockKind {
        0 Paragraph { content }, 1 Heading { level, content, id }, 2 Code { language, content }, 3 Quote { blocks },
        4 Alert(alert), 5 List { start, tight, items }, 6 Table(grid), 7 Definitions { definitions }, 8 Labelled(labelled),
        9 Cloze { cloze, blocks }, 10 Html { html }, 11 Rule,
    }
    AlertKind { 0 Tip, 1 Note, 2 Important, 3 Warning, 4 Caution, 5 Other(word) }
    Alignment { 0 None, 1 Left, 2 Center, 3 Right }
    InlineKind {
        0 Text { text }, 1 Code { content }, 2 Math { display, content }, 3 Emphasis { content }, 4 Strong { content },
        5 Strikethrough { content }, 6 Highlight { content }, 7 Link(link), 8 Media(embed), 9 Footnote { number },
        10 Cloze(hidden), 11 Html { html }, 12 SoftBreak, 13 HardBreak,
    }
    MediaRef { 0 Local { path }, 1 Remote { url } }
    Run { 0 Text { text }, 1 Cloze { cloze, content } }
}

/// What identity gives is not there yet.
impl Saved for Note {
    fn put(&self, to: &mut Writer) {
        #[rustfmt::skip]
        let Self {
            guid: _, modified: _, due: _, kind, id, id_place, deck, tags, body, hint, extra, footnotes, context, span, line,
            trusts_html,
        } = self;
        kind.put(to);
        id.put(to);
        id_place.put(to);
        deck.put(to);
        put_like_last(tags, |to| &mut to.tags, to);
        body.put(to);
        hint.put(to);
        extra.put(to);
        footnotes.put(to);
        put_like_last(context, |to| &mut to.titles, to);
        span.put(to);
        line.put(to);
        trusts_html.put(to);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            guid: Guid::default(),
            modified: 0,
            due: 0,
            kind: Saved::take(from)?,
            id: Saved::take(from)?,
            id_place: Saved::take(from)?,
            deck: Saved::take(from)?,
            tags: take_like_last(|from| &mut from.tags, from)?,
            body: Saved::take(from)?,
            hint: Saved::take(from)?,
            extra: Saved::take(from)?,
            footnotes: Saved::take(from)?,
            context: take_like_last(|from| &mut from.titles, from)?,
            span: Saved::take(from)?,
            line: Saved::take(from)?,
            trusts_html: Saved::take(from)?,
        })
    }
}

/// A list that is shared: nothing but a sign where it is that of the note before.
fn put_like_last<T: Saved + Clone + PartialEq>(
    list: &Shared<T>,
    known: fn(&mut Writer) -> &mut Option<Shared<T>>,
    to: &mut Writer,
) {
    let is_same = known(to).as_ref() == Some(list);
    is_same.put(to);
    if !is_same {
        *known(to) = Some(list.clone());
        list.len().put(to);
        for one in list {
            one.put(to);
        }
    }
}

fn take_like_last<T: Saved>(
    known: for<'a> fn(&'a mut Reader<'_>) -> &'a mut Option<Shared<T>>,
    from: &mut Reader<'_>,
) -> Option<Shared<T>> {
    if !bool::take(from)? {
        let list: Vec<T> = Saved::take(from)?;
        *known(from) = Some(list.into());
    }
    known(from).clone()
}

impl Saved for DeckName {
    fn put(&self, to: &mut Writer) {
        let is_same = to.decks.as_ref() == Some(self);
        is_same.put(to);
        if !is_same {
            to.decks = Some(self.clone());
            to.parcel.text(self.as_str());
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        if !bool::take(from)? {
            from.decks = Some(Self::new(from.bytes.text()?)?);
        }
        from.decks.clone()
    }
}

impl Saved for Tag {
    fn put(&self, to: &mut Writer) {
        to.parcel.text(self.as_str());
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Self::new(from.bytes.text()?)
    }
}

/// How far its start is from that of the last one, doubled, and one more where it lies before; and its length.
impl Saved for Span {
    fn put(&self, to: &mut Writer) {
        let Self { source: _, start, end } = *self;
        let far = i64::from(start) - i64::from(to.at);
        to.parcel.number((far << 1 ^ far >> 63).cast_unsigned());
        to.parcel.number(u64::from(end.wrapping_sub(start)));
        to.at = start;
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let far = from.bytes.number()?;
        let far = (far >> 1).cast_signed() ^ -(far & 1).cast_signed();
        let start = u32::try_from(i64::from(from.at).checked_add(far)?).ok()?;
        let length = u32::try_from(from.bytes.number()?).ok()?;
        from.at = start;
        Some(Self { source: from.source, start, end: start.wrapping_add(length) })
    }
}

impl<T: Saved> Saved for Vec<T> {
    fn put(&self, to: &mut Writer) {
        to.parcel.count(self.len());
        for one in self {
            one.put(to);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let count = from.bytes.count()?;
        if from.depth >= MOST_NESTED || count > from.bytes.left() {
            return None;
        }
        from.depth += 1;
        // Content has no room to spare; what takes a byte here may take hundreds in memory.
        let mut list = Self::with_capacity(count.min(MOST_AHEAD));
        for _ in 0..count {
            list.push(T::take(from)?);
        }
        list.shrink_to_fit();
        from.depth -= 1;
        Some(list)
    }
}

impl<T: Saved> Saved for Option<T> {
    fn put(&self, to: &mut Writer) {
        self.is_some().put(to);
        if let Some(one) = self {
            one.put(to);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        if bool::take(from)? { T::take(from).map(Some) } else { Some(None) }
    }
}

impl<T: Saved> Saved for Box<T> {
    fn put(&self, to: &mut Writer) {
        (**self).put(to);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        T::take(from).map(Self::new)
    }
}

impl<A: Saved, B: Saved> Saved for (A, B) {
    fn put(&self, to: &mut Writer) {
        self.0.put(to);
        self.1.put(to);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::take(from)?, B::take(from)?))
    }
}

macro_rules! saved_texts {
    ($($text:ty)*) => { $(
        impl Saved for $text {
            fn put(&self, to: &mut Writer) {
                to.parcel.text(self);
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                from.bytes.text().map(Self::from)
            }
        }
    )* };
}

saved_texts!(String Box<str>);

macro_rules! saved_numbers {
    ($($number:ty)*) => { $(
        impl Saved for $number {
            fn put(&self, to: &mut Writer) {
                to.parcel.number(u64::from(*self));
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                Self::try_from(from.bytes.number()?).ok()
            }
        }
    )* };
}

saved_numbers!(u8 u16 u32);

impl Saved for u64 {
    fn put(&self, to: &mut Writer) {
        to.parcel.number(*self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.bytes.number()
    }
}

impl Saved for usize {
    fn put(&self, to: &mut Writer) {
        to.parcel.count(*self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.bytes.count()
    }
}

impl Saved for bool {
    fn put(&self, to: &mut Writer) {
        to.parcel.number(u64::from(*self));
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.bytes.number().map(|number| number == 1)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::config::{HtmlPolicy, Settings};
    use crate::markdown;
    use crate::source::Source;

    /// The texts of all cases: whatever content there is, one of them has it.
    fn cases(folder: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                cases(&path, texts);
            } else if path.extension().is_some_and(|end| end == "md") {
                texts.extend(fs::read_to_string(&path).ok());
            }
        }
    }

    fn settings() -> [Settings; 2] {
        let usual = Settings { deck: DeckName::new("D"), ..Settings::default() };
        [Settings { html: HtmlPolicy::Trust, only_marked: true, ..usual.clone() }, usual]
    }

    /// What is wrong is left out, so that documents with mistakes are tried as well.
    fn each_document(mut each: impl FnMut(Document)) {
        let mut texts = Vec::new();
        cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), &mut texts);
        assert!(texts.len() > 500);
        for text in texts {
            let source = Source { path: "a/b.md".into(), text };
            for settings in settings() {
                let mut document = markdown::read(SourceId(3), &source, "b.md", &settings);
                document.diagnostics.clear();
                each(document);
            }
        }
    }

    #[test]
    fn what_is_saved_comes_back_as_if_it_were_read_there() {
        each_document(|mut document| {
            let restored = Document::restore(&document.save().unwrap(), SourceId(5)).unwrap();
            document.move_to(SourceId(5));
            assert_eq!(format!("{restored:?}"), format!("{document:?}"));
        });
    }

    #[test]
    fn notes_of_a_file_share_what_they_shared() {
        let source = Source { path: "a.md".into(), text: "# A\n\n## b\n\nc\n\n## d\n\ne\n".into() };
        let document = markdown::read(SourceId(0), &source, "a.md", &settings()[1]);
        let notes = Document::restore(&document.save().unwrap(), SourceId(0)).unwrap().notes;
        assert_eq!(notes[0].context.as_ptr(), notes[1].context.as_ptr());
        assert_eq!(notes[0].tags.as_ptr(), notes[1].tags.as_ptr());
        assert_eq!(notes[0].deck.as_str().as_ptr(), notes[1].deck.as_str().as_ptr());
    }

    #[test]
    fn other_bytes_are_no_document_or_another_one() {
        each_document(|document| {
            let mut bytes = document.save().unwrap();
            for end in (0..bytes.len()).step_by(211) {
                assert!(Document::restore(&bytes[..end], SourceId(0)).is_none());
            }
            bytes.push(0);
            assert!(Document::restore(&bytes, SourceId(0)).is_none());
            for at in (0..bytes.len()).step_by(307) {
                bytes[at] ^= 0x5a;
                let _ = Document::restore(&bytes, SourceId(0));
            }
        });
        // Quotes in quotes, without an end.
        let nested = |levels: usize| [[0_u8; 18].as_slice(), &[3, 1].repeat(levels)].concat();
        assert!(Document::restore(&nested(1_000_000), SourceId(0)).is_none());
    }

    #[test]
    fn documents_with_mistakes_are_read_again() {
        let source = Source { path: "a.md".into(), text: "## a\n\n![](b.png \"\n\n## c {.nosuch}\n\nd\n".into() };
        let mut document = markdown::read(SourceId(0), &source, "a.md", &settings()[1]);
        assert!(!document.diagnostics.is_empty() && document.save().is_none());
        document.diagnostics.clear();
        assert!(document.save().is_some());
    }
}
