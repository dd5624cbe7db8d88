//! Our own way: a leaf heading and its body are a note, other headings structure the book.
//!
//! Terms of definition lists and rows of `{.rows}` tables are notes as well. What becomes of a note's blocks is up to
//! [`crate::markdown::assemble`].

mod back;
mod lines;
mod rows;
mod sections;
mod stamp;
mod terms;

use std::iter::Peekable;
use std::ops::Range;

use self::rows::Written;
use self::sections::Section;
use super::{Claim, Claimed};
use crate::anki::cloze::may_start;
use crate::config::syntax::Syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{AlertKind, Block, BlockKind, NoteKind, plain_text};
use crate::markdown::assemble::{Assembler, Draft, Heading};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::html::{self, Comment};
use crate::source::Source;
use crate::text::question::asks;

pub(in crate::markdown) use self::stamp::insert_word;
pub(super) use self::stamp::stamp;

/// Reads a text out of which other syntaxes took what they claimed: `rest` is the source without that. Headings of a level above
/// `least`, and all where that is `None`, are only the context of what was claimed, and their text is prose.
pub(super) fn read(
    rest: &Source,
    range: Range<usize>,
    claimed: Vec<Claimed>,
    least: Option<u8>,
    assembler: &mut Assembler<'_>,
) {
    let mut items = sections::split(rest, range, claimed, assembler);
    mark_leaves(&mut items);
    let mut reader = Reader { assembler };
    let mut rest = items.into_iter().peekable();
    while let Some(item) = rest.next() {
        match item {
            Item::Claimed(claim) => claim.put(reader.assembler),
            Item::Section(section) if least.is_none_or(|least| section.level() < least) => reader.context(section),
            Item::Section(mut section) => {
                absorb(&mut section, &mut rest, reader.assembler);
                let stands_above = matches!(rest.peek(), Some(Item::Claimed(_)));
                reader.section(section, stands_above);
            }
        }
    }
}

/// A piece of a file.
enum Item {
    Section(Section),
    Claimed(Claim),
}

/// Says which headings have nothing below them that they structure. What another syntax claimed counts only where
/// nothing else stands between.
fn mark_leaves(items: &mut [Item]) {
    let (mut next_level, mut is_before_claim) = (0, false);
    for item in items.iter_mut().rev() {
        match item {
            Item::Claimed(_) => is_before_claim = true,
            Item::Section(section) => {
                let level = section.level();
                section.is_leaf = next_level <= level && !(section.body.is_empty() && is_before_claim);
                is_before_claim = false;
                next_level = if level > 0 { level } else { next_level };
            }
        }
    }
}

/// Takes the sections below a heading with `.note` into it.
fn absorb(section: &mut Section, rest: &mut Peekable<impl Iterator<Item = Item>>, assembler: &mut Assembler<'_>) {
    if !section.attributes.has(Class::Note) {
        return;
    }
    let level = section.level();
    let is_below = |item: &Item| matches!(item, Item::Section(next) if next.level() > level);
    while let Some(Item::Section(below)) = rest.next_if(is_below) {
        section.absorb(below, assembler.diagnostics());
        section.is_leaf = true;
    }
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
}

impl Reader<'_, '_> {
    /// A heading that is no note, and prose.
    fn context(&mut self, section: Section) {
        if let Some(heading) = section.heading {
            self.assembler.leave(heading.level);
            self.open(heading, &section.attributes, false);
        }
        section.body.into_iter().for_each(|block| self.assembler.prose(block));
    }

    /// A heading and what stands below it, up to where it is said to end; `stands_above` says whether what another syntax
    /// claimed is next.
    fn section(&mut self, mut section: Section, stands_above: bool) {
        let tail = section.take_tail();
        self.headed(section, stands_above && tail.is_none());
        if let Some(tail) = tail {
            self.prose(tail, false);
        }
    }

    fn headed(&mut self, mut section: Section, stands_above: bool) {
        self.report_conflicts(&mut section);
        let is_marked = !self.assembler.wants_marks() || section.take_mark(&self.assembler.source().text);
        let asks_for_note = [Class::Note, Class::Cloze, Class::List, Class::Basic]
            .into_iter()
            .any(|class| section.attributes.has(class));
        let holds_terms = section.attributes.has(Class::Terms)
            || (!asks_for_note && is_marked && (section.is_all_terms() || section.level() == 1));
        let Section { heading, attributes, body, looks_like_rule, is_leaf } = section;
        let Some(heading) = heading else { return self.prose(body, is_marked) };
        self.assembler.leave(heading.level);
        if !is_leaf && is_marked && !attributes.has(Class::Prose) {
            self.report_question(&heading, &body);
        }
        if !is_leaf || attributes.has(Class::Prose) || !is_marked {
            let reads_terms = !attributes.has(Class::Prose) && (!self.assembler.wants_marks() || holds_terms);
            self.open(heading, &attributes, reads_terms && has_terms(&body));
            return self.prose(body, reads_terms);
        }
        let above = stands_above.then(|| (heading.level, heading.title(self.assembler.source()), attributes.clone()));
        if attributes.has(Class::Rows) {
            self.rows(heading, &attributes, body);
        } else if holds_terms {
            let is_field = |block: &&Block| matches!(block.kind.alert(), Some(AlertKind::Tip | AlertKind::Note));
            if let Some(field) = body.iter().find(is_field).filter(|_| attributes.has(Class::Terms)) {
                let message = "only the terms make cards: this hint or note is on none";
                self.report_beside(field.span, message, "write it behind the `:` of the term that it speaks of");
            }
            self.open(heading, &attributes, has_terms(&body));
            return self.prose(body, true);
        } else {
            self.note(heading, attributes, body, looks_like_rule);
        }
        if let Some((level, title, attributes)) = above {
            self.assembler.enter(level, title, &attributes);
        }
    }

    /// Takes a heading that is no note: prose, and the parent of what follows.
    fn open(&mut self, heading: Heading, attributes: &Attributes, holds_notes: bool) {
        self.assembler.enter(heading.level, heading.title(self.assembler.source()), attributes);
        self.assembler.heading(heading, attributes, holds_notes);
    }

    /// A question with text of its own is prose where headings stand below it: nobody asks it.
    fn report_question(&mut self, heading: &Heading, body: &[Block]) {
        let is_asked = asks(&plain_text(&heading.content));
        let is_answered =
            body.iter().any(|block| matches!(block.kind, BlockKind::Paragraph { .. } | BlockKind::List { .. }));
        if heading.level > 1 && is_asked && is_answered {
            self.assembler.report(
                Diagnostic::new(
                    Code::NearCard,
                    heading.span,
                    "this question is no note, for there are headings below it",
                )
                .help("`{.note}` behind it makes one note of all below it; `{.prose}` says that it is none"),
            );
        }
    }

    /// A leaf heading with its body.
    fn note(&mut self, heading: Heading, attributes: Attributes, mut body: Vec<Block>, looks_like_rule: bool) {
        if self.assembler.leaves_out(heading.span) {
            return [heading.block(&attributes)].into_iter().chain(body).for_each(|block| self.assembler.prose(block));
        }
        // A deletion in the heading asks by itself.
        let asks = heading.content.iter().any(|inline| inline.kind.as_text().is_some_and(may_start));
        let is_bare = !asks && body.iter().all(says_nothing) && attributes == Attributes::default();
        if is_bare {
            let (front, back, span) = (vec![heading.paragraph()], Vec::new(), heading.span);
            let (syntax, kind) = (Syntax::Headings, NoteKind::Basic);
            self.assembler.heading(heading, &attributes, false);
            self.assembler.bare(Draft { syntax, kind, front, back, attributes, span, extent: span });
            return body.into_iter().for_each(|block| self.assembler.prose(block));
        }
        if looks_like_rule {
            self.assembler.report(
                Diagnostic::new(Code::SetextNote, heading.span, "an underlined line became a note").help(
                    "put an empty line between the text and the dashes if they are a rule, or mark the heading by `##`",
                ),
            );
        }
        let (syntax, span) = (Syntax::Headings, heading.span);
        let extent = body.last().map_or(span, |last| span.to(last.span));
        let options = &self.assembler.options().headings;
        let mut attributes = attributes;
        if options.tag_lines {
            let (tags, links) = lines::take_tags(&mut body);
            attributes.tags.extend(tags);
            self.assembler.forget_links(links);
        }
        let mut front = vec![heading.into_paragraph()];
        let split = body.iter().position(|block| {
            comment(block).is_some_and(|(comment, rest)| comment == Comment::Back && rest.trim().is_empty())
        });
        if let Some(split) = split {
            front.extend(body.drain(..split));
            body.remove(0);
        } else if let Some(above) = options.back.as_ref().and_then(|mark| lines::take_above(&mut body, mark)) {
            front.extend(above);
        }
        let lone = if split.is_none() { back::lone(&body, extent, self.assembler.source()) } else { None };
        self.assembler.note(Draft { syntax, kind: NoteKind::Basic, front, back: body, attributes, span, extent });
        if let Some(lone) = lone {
            lone.mend(self.assembler.diagnostics());
        }
    }

    /// Blocks of the book; definition lists among them are notes where `reads_terms`.
    fn prose(&mut self, blocks: Vec<Block>, reads_terms: bool) {
        let mut rest = blocks.into_iter().peekable();
        while let Some(block) = rest.next() {
            let directive = sections::directive(&block, self.assembler);
            let (block, attributes) = match directive {
                Some(attributes) if rest.peek().is_some_and(|next| takes_directive(next, &attributes)) => {
                    let Some(next) = rest.next() else { return };
                    (next, attributes)
                }
                Some(_) | None => (block, Attributes::default()),
            };
            let are_notes = (reads_terms && !attributes.has(Class::Prose)) || attributes.has(Class::Terms);
            if are_notes && let BlockKind::Definitions { definitions } = block.kind {
                self.terms(definitions, &attributes);
                continue;
            }
            let table = if attributes.has(Class::Rows) { Written::from_block(block) } else { Err(block) };
            match table {
                Ok(table) => {
                    let place = table.span;
                    let question = rows::question(self.assembler.title_above(), place);
                    self.table_rows(table, &question, &attributes, &[], place);
                }
                Err(block) => self.assembler.prose(block),
            }
        }
    }

    /// Reports attributes that exclude each other, and those that mean nothing on a heading with sub-headings.
    fn report_conflicts(&mut self, section: &mut Section) {
        let known = self.assembler.diagnostics().len();
        self.report_conflicts_of(section);
        let new = self.assembler.diagnostics().get(known..).unwrap_or_default();
        section.attributes.note_mistakes(new);
    }

    fn report_conflicts_of(&mut self, section: &Section) {
        let mut kinds = section.attributes.classes.iter().filter(|(class, _)| class.is_kind());
        let first = kinds.next();
        if let (Some((first, place)), Some((second, second_place))) = (first, kinds.next()) {
            self.assembler.report(
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
            !section.is_leaf && !section.attributes.has(Class::Note) && !matches!(class, Class::Prose | Class::Terms)
        }) {
            self.assembler.report(
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

/// Whether a directive before this block means it, and not the note it stands in.
fn takes_directive(block: &Block, attributes: &Attributes) -> bool {
    matches!(block.kind, BlockKind::Definitions { .. })
        || (matches!(block.kind, BlockKind::Table(_)) && attributes.has(Class::Rows))
}

fn has_terms(body: &[Block]) -> bool {
    body.iter().any(|block| matches!(block.kind, BlockKind::Definitions { .. }))
}

/// Whether a block below a heading answers nothing and is no mistake: a comment, or what is a field beside the answer.
fn says_nothing(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Alert(alert) => matches!(alert.kind, AlertKind::Tip | AlertKind::Note),
        BlockKind::Html { .. } => {
            comment(block).is_some_and(|(comment, rest)| comment == Comment::Other && rest.trim().is_empty())
        }
        BlockKind::Paragraph { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::List { .. }
        | BlockKind::Table(_)
        | BlockKind::Definitions { .. }
        | BlockKind::Labelled(_)
        | BlockKind::Cloze { .. }
        | BlockKind::Rule => false,
    }
}

/// The comment that a block starts with, and what stands behind it.
fn comment(block: &Block) -> Option<(Comment, &str)> {
    let BlockKind::Html { html } = &block.kind else { return None };
    html::comment(&html.text).map(|(comment, end)| (comment, &html.text[end..]))
}
