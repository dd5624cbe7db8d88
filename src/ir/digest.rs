//! Turns all that is packed of a note into one number, that tells whether it changed since the last build.
//!
//! Places in the source do not count, nor the deck, the headings above and the explicit id: moving a note must not touch
//! it. Knows nothing of how long the number is remembered.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{
    AlertKind, Alignment, Block, BlockKind, Cell, Cloze, Definition, Embed, Footnote, Grid, Hidden, Inline, InlineKind,
    Link, Media, MediaRef, Note, NoteBody, RawHtml, Run, Size,
};

/// Rises when fields are rendered otherwise from the same content, so that readers get the new form. `tests/rendered.rs`
/// sees to it.
pub const RENDER_VERSION: u8 = 4;

/// Finds media by their paths.
pub type MediaIndex<'a> = HashMap<&'a str, &'a Media>;

/// A hash (64 bits of xxh3) of a note's note type, fields and tags, of the bytes of the media it names, of the site and
/// the pattern that it links by, and of the way we render. `buffer` is used up and may be used again.
pub fn digest(note: &Note, media: &MediaIndex<'_>, [site_url, link]: [Option<&str>; 2], buffer: &mut Vec<u8>) -> u64 {
    buffer.clear();
    let mut writer = Writer { bytes: buffer, media };
    writer.note(note);
    // Only the address counts: the page is a place. Behind all else, so that a note without a site is what it was.
    if let Some(site_url) = site_url {
        writer.bytes.push(b'@');
        writer.text(site_url);
    }
    if let Some(link) = link {
        writer.bytes.push(b'>');
        writer.text(link);
    }
    xxhash_rust::xxh3::xxh3_64(buffer)
}

/// Writes content down so that different content gives different bytes: each node behind a letter of its own, each text
/// and list behind its length.
struct Writer<'b, 'm> {
    bytes: &'b mut Vec<u8>,
    media: &'m MediaIndex<'m>,
}

impl Writer<'_, '_> {
    fn note(&mut self, note: &Note) {
        self.bytes.extend([RENDER_VERSION, u8::from(note.trusts_html)]);
        match &note.body {
            NoteBody::Basic { front, back, reversed, typed } => {
                self.bytes.extend([b'B', u8::from(*reversed)]);
                self.blocks(front);
                self.blocks(back);
                self.option(typed.as_deref());
            }
            NoteBody::Cloze { heading, text } => {
                self.bytes.push(b'C');
                self.blocks(heading);
                self.blocks(text);
            }
        }
        self.blocks(&note.hint);
        self.blocks(&note.extra);
        self.list(&note.footnotes, |writer, Footnote { number, blocks }| {
            writer.number(u64::from(*number));
            writer.blocks(blocks);
        });
        // Anki keeps tags as a set.
        let mut tags: Vec<&str> = note.tags.iter().map(super::Tag::as_str).collect();
        tags.sort_unstable();
        self.list(&tags, |writer, tag| writer.text(tag));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        self.list(blocks, |writer, block| writer.block(&block.kind));
    }

    fn block(&mut self, block: &BlockKind) {
        match block {
            BlockKind::Paragraph { content } => {
                self.bytes.push(b'p');
                self.inlines(content);
            }
            BlockKind::Heading { level, content, id } => {
                self.bytes.extend([b'h', *level]);
                self.inlines(content);
                self.option(id.as_deref());
            }
            BlockKind::Code { language, content } => {
                self.bytes.push(b'c');
                self.option(language.as_deref());
                self.runs(content);
            }
            BlockKind::Quote { blocks } => {
                self.bytes.push(b'q');
                self.blocks(blocks);
            }
            BlockKind::Alert(alert) => {
                self.bytes.push(b'a');
                self.alert(&alert.kind);
                self.inlines(&alert.title);
                self.blocks(&alert.blocks);
            }
            BlockKind::List { start, tight, items } => {
                self.bytes.extend([b'l', u8::from(*tight), u8::from(start.is_some())]);
                self.number(start.unwrap_or_default());
                self.list(items, |writer, item| {
                    writer.bytes.push(item.checked.map_or(2, u8::from));
                    writer.blocks(&item.blocks);
                });
            }
            BlockKind::Table(grid) => {
                let Grid { alignments, header, rows } = &**grid;
                self.bytes.push(b't');
                self.list(alignments, |writer, alignment| writer.bytes.push(letter(*alignment)));
                self.cells(header);
                self.list(rows, |writer, row| writer.cells(row));
            }
            BlockKind::Definitions { definitions } => self.definitions(definitions),
            BlockKind::Labelled(labelled) => {
                self.bytes.push(b'b');
                self.inlines(&labelled.label);
                self.inlines(&labelled.content);
            }
            BlockKind::Cloze { cloze, blocks } => {
                self.bytes.push(b'z');
                self.cloze(cloze);
                self.blocks(blocks);
            }
            BlockKind::Html { html } => {
                self.bytes.push(b'r');
                self.html(html);
            }
            BlockKind::Rule => self.bytes.push(b'-'),
        }
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        self.bytes.push(b'd');
        self.list(definitions, |writer, definition| {
            writer.inlines(&definition.term);
            writer.list(&definition.definitions, |writer, blocks| writer.blocks(blocks));
        });
    }

    fn alert(&mut self, kind: &AlertKind) {
        match kind {
            AlertKind::Tip => self.bytes.push(b't'),
            AlertKind::Note => self.bytes.push(b'n'),
            AlertKind::Important => self.bytes.push(b'i'),
            AlertKind::Warning => self.bytes.push(b'w'),
            AlertKind::Caution => self.bytes.push(b'c'),
            AlertKind::Other(word) => {
                self.bytes.push(b'o');
                self.text(word);
            }
        }
    }

    fn cells(&mut self, cells: &[Cell]) {
        self.list(cells, |writer, cell| writer.inlines(&cell.content));
    }

    fn inlines(&mut self, content: &[Inline]) {
        self.list(content, |writer, inline| writer.inline(&inline.kind));
    }

    fn inline(&mut self, inline: &InlineKind) {
        match inline {
            InlineKind::Text { text } => {
                self.bytes.push(b'T');
                self.text(text);
            }
            InlineKind::Code { content } => {
                self.bytes.push(b'C');
                self.runs(content);
            }
            InlineKind::Math { display, content } => {
                self.bytes.extend([b'M', u8::from(*display)]);
                self.runs(content);
            }
            InlineKind::Emphasis { content } => self.span(b'E', content),
            InlineKind::Strong { content } => self.span(b'S', content),
            InlineKind::Strikethrough { content } => self.span(b'D', content),
            InlineKind::Highlight { content } => self.span(b'H', content),
            // Where a path leads is a place.
            InlineKind::Link(link) => {
                let Link { url, title, content, address: _ } = &**link;
                self.span(b'L', content);
                self.text(url);
                self.option(title.as_deref());
            }
            InlineKind::Media(embed) => {
                let Embed { media, alt, title, size: Size { width, height, percent } } = &**embed;
                self.bytes.push(b'I');
                self.media(media);
                self.text(alt);
                self.option(title.as_deref());
                // A part of the line is no number of pixels.
                let part = percent.map(|percent| u64::from(percent) << 32);
                self.number(part.or(width.map(|width| u64::from(width) + 1)).unwrap_or_default());
                self.number(height.map_or(0, |height| u64::from(height) + 1));
            }
            InlineKind::Footnote { number } => {
                self.bytes.push(b'F');
                self.number(u64::from(*number));
            }
            InlineKind::Cloze(hidden) => {
                let Hidden { cloze, content } = &**hidden;
                self.span(b'Z', content);
                self.cloze(cloze);
            }
            InlineKind::Html { html } => {
                self.bytes.push(b'R');
                self.html(html);
            }
            InlineKind::SoftBreak => self.bytes.push(b' '),
            InlineKind::HardBreak => self.bytes.push(b'\n'),
        }
    }

    fn span(&mut self, letter: u8, content: &[Inline]) {
        self.bytes.push(letter);
        self.inlines(content);
    }

    fn runs(&mut self, runs: &[Run]) {
        self.list(runs, |writer, run| match run {
            Run::Text { text } => {
                writer.bytes.push(b'T');
                writer.text(text);
            }
            Run::Cloze { cloze, content } => {
                writer.bytes.push(b'Z');
                writer.cloze(cloze);
                writer.runs(content);
            }
        });
    }

    fn cloze(&mut self, cloze: &Cloze) {
        self.list(&cloze.numbers, |writer, &number| writer.number(u64::from(number)));
        self.option(cloze.hint.as_deref());
    }

    fn html(&mut self, html: &RawHtml) {
        self.text(&html.text);
        self.list(&html.media, |writer, media| writer.local(&media.path));
    }

    fn media(&mut self, media: &MediaRef) {
        match media {
            MediaRef::Local { path } => self.local(path),
            MediaRef::Remote { url } => {
                self.bytes.push(b'u');
                self.text(url);
            }
        }
    }

    /// A file counts by its name in the package and its bytes, so that it may move with its note.
    fn local(&mut self, path: &str) {
        let Some(media) = self.media.get(path) else {
            self.bytes.push(b'm');
            self.text(path);
            return;
        };
        self.bytes.push(b'f');
        self.text(&media.name);
        self.text(&media.sha256);
    }

    fn option(&mut self, text: Option<&str>) {
        self.bytes.push(u8::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn list<T>(&mut self, elements: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(elements.len() as u64);
        for element in elements {
            write(self, element);
        }
    }

    /// As Anki keeps it, which writes one character for what Unicode takes for one: what an editor or a disk writes as two
    /// is no change.
    fn text(&mut self, text: &str) {
        if !text.is_ascii() && !is_nfc(text) {
            let composed: String = text.nfc().collect();
            return self.composed(&composed);
        }
        self.composed(text);
    }

    fn composed(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Small numbers take a byte; seven bits go into each (LEB128).
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

fn letter(alignment: Alignment) -> u8 {
    match alignment {
        Alignment::None => b'n',
        Alignment::Left => b'l',
        Alignment::Center => b'c',
        Alignment::Right => b'r',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ir::DeckName;
    use crate::source::{Source, SourceId};

    /// The digest of the only note in a text.
    fn digest_of(text: &str) -> u64 {
        digest_with(text, &Settings::default(), &MediaIndex::new())
    }

    fn digest_with(text: &str, settings: &Settings, media: &MediaIndex<'_>) -> u64 {
        digest(&note(text, settings), media, [None; 2], &mut vec![1, 2, 3])
    }

    fn note(text: &str, settings: &Settings) -> Note {
        let settings = Settings { deck: settings.deck.clone().or_else(|| DeckName::new("D")), ..settings.clone() };
        let source = Source { path: "a.md".into(), text: text.into() };
        let mut notes = crate::markdown::read(SourceId(0), &source, "a.md", &settings).notes;
        assert_eq!(notes.len(), 1, "{text}");
        notes.remove(0)
    }

    #[test]
    fn places_decks_headings_and_ids_do_not_count() {
        let text = "## What is `a`?\n\n- b\n- **c**\n";
        let plain = digest_of(text);
        assert_eq!(plain, digest_of(&format!("# Chapter\n\nProse.\n\n{text}")));
        assert_eq!(plain, digest_of("## What is `a`? {#id}\n\n* b\n* **c**\n"));
        let other = Settings { deck: DeckName::new("E::F"), ..Settings::default() };
        assert_eq!(plain, digest_with(text, &other, &MediaIndex::new()));
    }

    #[test]
    fn the_order_of_tags_does_not_count_but_tags_do() {
        let tagged = |tags: &[&str]| {
            let tags = tags.iter().filter_map(|tag| crate::ir::Tag::new(tag)).collect();
            digest_with("## a\n\nb\n", &Settings { tags, ..Settings::default() }, &MediaIndex::new())
        };
        assert_eq!(tagged(&["x", "y"]), tagged(&["y", "x"]));
        assert_ne!(tagged(&["x", "y"]), tagged(&["xy"]));
    }

    #[test]
    fn the_site_that_notes_link_to_counts() {
        let digest_at = |addresses: [Option<&str>; 2]| {
            digest(&note("## a\n\nb\n", &Settings::default()), &MediaIndex::new(), addresses, &mut Vec::new())
        };
        let addresses = [None, Some("https://e.org/a"), Some("https://e.org/b")];
        let digests = addresses.iter().flat_map(|site| addresses.iter().map(|link| digest_at([*site, *link])));
        assert_eq!(digests.collect::<std::collections::BTreeSet<_>>().len(), 9);
        assert_eq!(digest_at([None; 2]), digest_of("## a\n\nb\n"));
    }

    /// Each text differs from the others in one thing that readers see.
    #[test]
    fn all_that_is_seen_counts() {
        let texts = [
            "## a\n\nb\n",
            "## a\n\nb c\n",
            "## a b\n\nb\n",
            "## a {.reversed}\n\nb\n",
            "## a {.typed}\n\nb\n",
            "## a\n\n*b*\n",
            "## a\n\n**b**\n",
            "## a\n\n~~b~~\n",
            "## a\n\n==b==\n",
            "## a\n\n`b`\n",
            "## a\n\n$b$\n",
            "## a\n\n$$b$$\n",
            "## a\n\n[b](c)\n",
            "## a\n\n[b](d)\n",
            "## a\n\n[b](c \"t\")\n",
            "## a\n\n![b](c.png)\n",
            "## a\n\n![b](d.png)\n",
            "## a\n\n![](c.png)\n",
            "## a\n\n![b](https://e.org/c.png)\n",
            "## a\n\n- b\n",
            "## a\n\n- [ ] b\n",
            "## a\n\n- [x] b\n",
            "## a\n\n- b\n- c\n",
            "## a\n\n- b\n\n- c\n",
            "## a\n\n1. b\n",
            "## a\n\n2. b\n",
            "## a\n\n> b\n",
            "## a\n\n> [!WARNING]\n> b\n",
            "## a\n\n> [!CAUTION]\n> b\n",
            "## a\n\n> [!ODD]\n> b\n",
            "## a\n\nb\n\n> [!TIP]\n> c\n",
            "## a\n\nb\n\n> [!NOTE]\n> c\n",
            "## a\n\n```\nb\n```\n",
            "## a\n\n```rs\nb\n```\n",
            "## a\n\n|b|\n|-|\n|c|\n",
            "## a\n\n|b|\n|:-|\n|c|\n",
            "## a\n\n|b|c|\n|-|-|\n",
            "## a\n\nb[^1]\n\n[^1]: c\n",
            "## a\n\nb\n\n---\n\nc\n",
            "## a\n\nb\\\nc\n",
            "## a\n\nb\nc\n",
            "## a\n\n<b>b</b>\n",
            "## a\n\n{{c1::b}}\n",
            "## a\n\n{{c2::b}}\n",
            "## a\n\n{{c1::b::c}}\n",
            "## a\n\n{{c1,2::b}}\n",
            "## a\n\n`{{c1::b}}`\n",
            "## a {.list}\n\n- b\n",
            "## a {.list}\n\n- b\n- c\n",
        ];
        let digests: std::collections::BTreeSet<u64> = texts.iter().map(|text| digest_of(text)).collect();
        assert_eq!(digests.len(), texts.len());
        let trusted = Settings { html: crate::config::HtmlPolicy::Trust, ..Settings::default() };
        assert!(!digests.contains(&digest_with("## a\n\nb\n", &trusted, &MediaIndex::new())));
    }

    /// Digests are remembered: one that comes out otherwise touches every note of every reader. Where the rendering
    /// changes, [`RENDER_VERSION`] and this number do.
    #[test]
    fn the_rule_never_changes() {
        assert_eq!(
            digest_of("## What is a *pod*?\n\n1. The {{c1::smallest}} `unit`\n2. $x$\n"),
            4_856_987_080_720_740_556
        );
    }
}
