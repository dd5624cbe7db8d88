//! Says of content that it stands in another source: nothing else changes, so that what was read once can be taken again
//! where sources are numbered otherwise.
//!
//! Names every field of what has a place, so that a new one is not forgotten.

use super::{
    Block, BlockKind, Cell, Chapter, ChapterPart, Cloze, Definition, Footnote, Inline, InlineKind, ListItem, Note,
    NoteBody, Run,
};
use crate::source::SourceId;

impl Note {
    /// Says that the note stands in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        let Self {
            guid: _,
            modified: _,
            due: _,
            kind: _,
            id: _,
            deck: _,
            tags: _,
            body,
            hint,
            extra,
            source: sources,
            context: _,
            span,
            line: _,
            trusts_html: _,
        } = self;
        span.source = source;
        match body {
            NoteBody::Basic { front, back, reversed: _, typed: _ } => {
                blocks(front, source);
                blocks(back, source);
            }
            NoteBody::Cloze { heading, text } => {
                blocks(heading, source);
                blocks(text, source);
            }
        }
        blocks(hint, source);
        blocks(extra, source);
        footnotes(sources, source);
    }
}

impl Chapter {
    /// Says that the chapter's prose stands in this source, at the same offsets.
    pub fn move_to(&mut self, source: SourceId) {
        let Self { path: _, title: _, parts, trusts_html: _, footnotes: notes } = self;
        for part in parts {
            match part {
                ChapterPart::Prose { block } => move_block(block, source),
                ChapterPart::Note { note: _ } => {}
            }
        }
        footnotes(notes, source);
    }
}

fn footnotes(footnotes: &mut [Footnote], source: SourceId) {
    for Footnote { number: _, blocks: inner } in footnotes {
        blocks(inner, source);
    }
}

fn blocks(blocks: &mut [Block], source: SourceId) {
    for block in blocks {
        move_block(block, source);
    }
}

fn move_block(Block { span, kind }: &mut Block, source: SourceId) {
    span.source = source;
    match kind {
        BlockKind::Paragraph { content } | BlockKind::Heading { level: _, content, id: _ } => inlines(content, source),
        BlockKind::Code { language: _, content } => runs(content, source),
        BlockKind::Quote { blocks: inner } => blocks(inner, source),
        BlockKind::Alert { kind: _, title, blocks: inner } => {
            inlines(title, source);
            blocks(inner, source);
        }
        BlockKind::List { start: _, tight: _, items } => {
            for ListItem { span, checked: _, blocks: inner } in items {
                span.source = source;
                blocks(inner, source);
            }
        }
        BlockKind::Table { alignments: _, header, rows } => {
            for Cell { span, content } in header.iter_mut().chain(rows.iter_mut().flatten()) {
                span.source = source;
                inlines(content, source);
            }
        }
        BlockKind::Definitions { definitions } => {
            for Definition { span, term, definitions } in definitions {
                span.source = source;
                inlines(term, source);
                for inner in definitions {
                    blocks(inner, source);
                }
            }
        }
        BlockKind::Labelled { label, content } => {
            inlines(label, source);
            inlines(content, source);
        }
        BlockKind::Cloze { cloze, blocks: inner } => {
            move_cloze(cloze, source);
            blocks(inner, source);
        }
        BlockKind::Html { html: _ } | BlockKind::Rule => {}
    }
}

fn inlines(content: &mut [Inline], source: SourceId) {
    for Inline { span, kind } in content {
        span.source = source;
        match kind {
            InlineKind::Code { content } | InlineKind::Math { display: _, content } => runs(content, source),
            InlineKind::Emphasis { content }
            | InlineKind::Strong { content }
            | InlineKind::Strikethrough { content }
            | InlineKind::Highlight { content }
            | InlineKind::Link { url: _, title: _, content } => inlines(content, source),
            InlineKind::Cloze { cloze, content } => {
                move_cloze(cloze, source);
                inlines(content, source);
            }
            InlineKind::Text { text: _ }
            | InlineKind::Media { media: _, alt: _, title: _, width: _, height: _ }
            | InlineKind::Footnote { number: _ }
            | InlineKind::Html { html: _ }
            | InlineKind::SoftBreak
            | InlineKind::HardBreak => {}
        }
    }
}

fn runs(content: &mut [Run], source: SourceId) {
    for run in content {
        match run {
            Run::Text { text: _ } => {}
            Run::Cloze { cloze, content } => {
                move_cloze(cloze, source);
                runs(content, source);
            }
        }
    }
}

fn move_cloze(cloze: &mut Cloze, source: SourceId) {
    let Cloze { span, numbers: _, hint: _, assigned: _ } = cloze;
    span.source = source;
}
