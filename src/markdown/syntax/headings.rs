//! Our own way: a leaf heading and its body are a note, other headings structure the book.
//!
//! Terms of definition lists and rows of `{.rows}` tables are notes as well. What becomes of a note's blocks is up to
//! [`crate::markdown::notes`].

mod rows;
mod sections;
mod terms;

use std::borrow::Cow;
use std::mem::take;

use self::sections::Section;
use crate::config::Settings;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, Chapter, ChapterPart, Inline, Note, NoteKind, plain_text};
use crate::markdown::Document;
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::cloze::{self, Wanted};
use crate::markdown::html::{self, Comment};
use crate::markdown::notes::{self, Context, Numbering, Parts};
use crate::markdown::tree::Tree;
use crate::source::{Source, SourceId, Span};

/// Reads a file's tree into the document.
pub(in crate::markdown) fn read(
    mut tree: Tree,
    id: SourceId,
    source: &Source,
    settings: &Settings,
    document: &mut Document,
) {
    let sections = sections::split(take(&mut tree), id, source, &mut document.diagnostics);
    let context = Context { id, source, footnotes: &sections.footnotes };
    let mut reader = Reader {
        context: &context,
        settings,
        parents: Vec::new(),
        prose_footnotes: Numbering::default(),
        lines: Lines { text: &source.text, at: 0, line: 1 },
        parts: Vec::new(),
        document,
    };
    let mut rest = sections.sections.into_iter().peekable();
    while let Some(mut section) = rest.next() {
        if section.attributes.has(Class::Note) {
            while let Some(below) = rest.next_if(|next| next.level > section.level) {
                section.absorb(below, &mut reader.document.diagnostics);
            }
        }
        let is_leaf = rest.peek().is_none_or(|next| next.level <= section.level);
        reader.section(section, is_leaf);
    }
    let footnotes = take(&mut reader.prose_footnotes).sources(&context, &mut reader.document.diagnostics);
    let parts = take(&mut reader.parts);
    document.chapter = Some(Chapter { path: String::new(), title: String::new(), parts, footnotes });
}

struct Reader<'a> {
    context: &'a Context<'a>,
    settings: &'a Settings,
    /// The headings above the place at hand, the highest first.
    parents: Vec<Parent>,
    prose_footnotes: Numbering,
    lines: Lines<'a>,
    parts: Vec<ChapterPart>,
    document: &'a mut Document,
}

/// A heading with sub-headings, and what it hands down to the notes below it.
struct Parent {
    level: u8,
    title: String,
    settings: Settings,
    reversed: bool,
    typed: bool,
}

impl Reader<'_> {
    fn section(&mut self, section: Section, is_leaf: bool) {
        while self.parents.pop_if(|parent| parent.level >= section.level).is_some() {}
        self.report_conflicts(&section, is_leaf);
        let Some(heading) = section.heading else { return self.prose(section.body, true) };
        let attributes = section.attributes;
        if !is_leaf || attributes.has(Class::Prose) {
            let reads_terms = !attributes.has(Class::Prose);
            self.open(section.level, heading, &attributes);
            return self.prose(section.body, reads_terms);
        }
        let only_terms = !section.body.is_empty()
            && section.body.iter().all(|block| {
                matches!(block.kind, BlockKind::Definitions { .. })
                    || comment(block).is_some_and(|(comment, _)| comment != Comment::Back)
            })
            && section.body.iter().any(|block| matches!(block.kind, BlockKind::Definitions { .. }));
        let asks_for_note =
            [Class::Note, Class::Cloze, Class::List, Class::Basic].into_iter().any(|class| attributes.has(class));
        if attributes.has(Class::Rows) {
            self.rows(section.level, heading, &attributes, section.body);
        } else if attributes.has(Class::Terms)
            || (only_terms && !asks_for_note)
            || (section.level == 1 && !asks_for_note)
        {
            self.open(section.level, heading, &attributes);
            self.prose(section.body, true);
        } else {
            self.note(&heading, attributes, section.body, section.looks_like_rule);
        }
    }

    /// Takes a heading that is no note: prose, and the parent of what follows.
    fn open(&mut self, level: u8, heading: Heading, attributes: &Attributes) {
        self.document.prose_headings += 1;
        let (reversed, typed) = self.switches(attributes);
        let settings = self.settings_with(attributes).into_owned();
        self.parents.push(Parent { level, title: heading.title(), settings, reversed, typed });
        let id = attributes.id.as_ref().map(|(id, _)| id.clone());
        let kind = BlockKind::Heading { level, content: heading.content, id };
        self.prose_block(Block { span: heading.span, kind });
    }

    /// A leaf heading with its body.
    fn note(&mut self, heading: &Heading, attributes: Attributes, mut body: Vec<Block>, looks_like_rule: bool) {
        if looks_like_rule {
            self.document.diagnostics.push(
                Diagnostic::new(Code::SetextNote, heading.span, "an underlined line became a note").help(
                    "put an empty line between the text and the dashes if they are a rule, or mark the heading by `##`",
                ),
            );
        }
        let mut front = vec![heading.paragraph()];
        let split = body.iter().position(|block| {
            comment(block).is_some_and(|(comment, rest)| comment == Comment::Back && rest.trim().is_empty())
        });
        if let Some(split) = split {
            front.extend(body.drain(..split));
            body.remove(0);
        }
        self.push_note(NoteKind::Basic, front, body, attributes, heading.span);
    }

    /// Builds a note and puts it into the document.
    fn push_note(&mut self, kind: NoteKind, front: Vec<Block>, back: Vec<Block>, attributes: Attributes, span: Span) {
        let (reversed, typed) = self.switches(&attributes);
        let settings =
            with_attributes(self.parents.last().map_or(self.settings, |parent| &parent.settings), &attributes);
        let context =
            self.parents.iter().map(|parent| parent.title.clone()).filter(|title| !title.is_empty()).collect();
        let line = self.lines.line_of(span.start as usize);
        let parts = Parts { kind, front, back, attributes, reversed, typed, span, line, context };
        if let Some(note) = notes::build(self.context, parts, &settings, &mut self.document.diagnostics) {
            self.take_note(note);
        }
    }

    fn take_note(&mut self, note: Note) {
        self.parts.push(ChapterPart::Note { note: self.document.notes.len() });
        self.document.notes.push(note);
    }

    /// Blocks of the book; definition lists among them are notes where `reads_terms`.
    fn prose(&mut self, blocks: Vec<Block>, reads_terms: bool) {
        let mut rest = blocks.into_iter().peekable();
        while let Some(block) = rest.next() {
            let directive = self.directive(&block);
            let (block, attributes) = match directive {
                Some(attributes) if rest.peek().is_some_and(|next| takes_directive(next, &attributes)) => {
                    let Some(next) = rest.next() else { return };
                    (next, attributes)
                }
                Some(_) | None => (block, Attributes::default()),
            };
            let are_notes = (reads_terms && !attributes.has(Class::Prose)) || attributes.has(Class::Terms);
            let span = block.span;
            if are_notes && let BlockKind::Definitions { definitions } = block.kind {
                self.terms(definitions, &attributes);
            } else if attributes.has(Class::Rows)
                && let BlockKind::Table { header, rows, .. } = block.kind
            {
                let question = self.parents.last().map(|parent| parent.title.clone()).unwrap_or_default();
                self.table_rows(&rows::question(question, span), &attributes, (&header, rows), &[], span);
            } else {
                self.prose_block(block);
            }
        }
    }

    fn prose_block(&mut self, block: Block) {
        let mut blocks = vec![block];
        notes::strip_comments(&mut blocks, &mut self.document.diagnostics);
        let source = self.context.source;
        cloze::resolve(&mut blocks, Wanted::HIGHLIGHTS, source, &mut self.document.diagnostics);
        self.prose_footnotes.renumber(&mut blocks, self.context);
        self.parts.extend(blocks.into_iter().map(|block| ChapterPart::Prose { block }));
    }

    /// The attributes of a `deckle:` comment.
    fn directive(&mut self, block: &Block) -> Option<Attributes> {
        sections::directive(block, self.context.id, self.context.source, &mut self.document.diagnostics)
    }

    fn settings_with(&self, attributes: &Attributes) -> Cow<'_, Settings> {
        with_attributes(self.parents.last().map_or(self.settings, |parent| &parent.settings), attributes)
    }

    /// Whether a note with these attributes is reversed, and whether it is typed.
    fn switches(&self, attributes: &Attributes) -> (bool, bool) {
        let parent = self.parents.last();
        (
            attributes.has(Class::Reversed) || parent.is_some_and(|parent| parent.reversed),
            attributes.has(Class::Typed) || parent.is_some_and(|parent| parent.typed),
        )
    }

    /// Reports attributes that exclude each other, and those that mean nothing on a heading with sub-headings.
    fn report_conflicts(&mut self, section: &Section, is_leaf: bool) {
        let mut kinds = section.attributes.classes.iter().filter(|(class, _)| class.is_kind());
        let first = kinds.next();
        if let (Some((first, place)), Some((second, second_place))) = (first, kinds.next()) {
            self.document.diagnostics.push(
                Diagnostic::new(
                    Code::ConflictingAttributes,
                    *second_place,
                    format!("`{}` and `{}` exclude each other", first.name(), second.name()),
                )
                .label(*place, "the other one")
                .help("keep one of them"),
            );
        }
        if let Some((class, place)) = first.filter(|(class, _)| {
            !is_leaf && !section.attributes.has(Class::Note) && !matches!(class, Class::Prose | Class::Terms)
        }) {
            self.document.diagnostics.push(
                Diagnostic::new(
                    Code::ConflictingAttributes,
                    *place,
                    format!("`{}` on a heading with sub-headings", class.name()),
                )
                .help("write it on the headings below, or add `.note` to make one note of them all"),
            );
        }
    }
}

/// A heading without its attributes.
struct Heading {
    content: Vec<Inline>,
    /// Its text's place.
    span: Span,
}

impl Heading {
    fn title(&self) -> String {
        plain_text(&self.content).trim().to_owned()
    }

    fn paragraph(&self) -> Block {
        Block { span: self.span, kind: BlockKind::Paragraph { content: self.content.clone() } }
    }
}

/// Whether a directive before this block means it, and not the note it stands in.
fn takes_directive(block: &Block, attributes: &Attributes) -> bool {
    matches!(block.kind, BlockKind::Definitions { .. })
        || (matches!(block.kind, BlockKind::Table { .. }) && attributes.has(Class::Rows))
}

/// The comment that a block starts with, and what stands behind it.
fn comment(block: &Block) -> Option<(Comment, &str)> {
    let BlockKind::Html { html } = &block.kind else { return None };
    html::comment(&html.text).map(|(comment, end)| (comment, &html.text[end..]))
}

fn with_attributes<'s>(settings: &'s Settings, attributes: &Attributes) -> Cow<'s, Settings> {
    if attributes.tags.is_empty() && attributes.deck.is_none() {
        return Cow::Borrowed(settings);
    }
    let mut settings = settings.clone();
    settings.add_tags(&attributes.tags);
    settings.deck = attributes.deck.clone().or(settings.deck);
    Cow::Owned(settings)
}

/// Counts lines up to ascending offsets, each byte once.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, offset: usize) -> usize {
        if offset < self.at {
            (self.at, self.line) = (0, 1);
        }
        let passed = self.text.as_bytes().get(self.at..offset).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.at = offset;
        self.line
    }
}
