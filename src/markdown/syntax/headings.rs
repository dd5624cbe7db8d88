//! Our own way: a leaf heading and its body are a note, other headings structure the book.
//!
//! Terms of definition lists and rows of `{.rows}` tables are notes as well. What becomes of a note's blocks is up to
//! [`crate::markdown::assemble`].

mod rows;
mod sections;
mod terms;

use std::ops::Range;

use self::rows::Written;
use self::sections::Section;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind, NoteKind};
use crate::markdown::assemble::{Assembler, Draft, Heading};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::html::{self, Comment};

/// Reads a piece of a file.
pub(super) fn read(range: Range<usize>, assembler: &mut Assembler<'_>) {
    let mut rest = sections::split(range, assembler).into_iter().peekable();
    let mut reader = Reader { assembler };
    while let Some(mut section) = rest.next() {
        if section.attributes.has(Class::Note) {
            while let Some(below) = rest.next_if(|next| next.level() > section.level()) {
                section.absorb(below, reader.assembler.diagnostics());
            }
        }
        let is_leaf = rest.peek().is_none_or(|next| next.level() <= section.level());
        reader.section(section, is_leaf);
    }
}

struct Reader<'r, 'a> {
    assembler: &'r mut Assembler<'a>,
}

impl Reader<'_, '_> {
    fn section(&mut self, section: Section, is_leaf: bool) {
        self.assembler.leave(section.level());
        self.report_conflicts(&section, is_leaf);
        let asks_for_note = [Class::Note, Class::Cloze, Class::List, Class::Basic]
            .into_iter()
            .any(|class| section.attributes.has(class));
        let holds_terms = section.attributes.has(Class::Terms)
            || (!asks_for_note && (section.is_all_terms() || section.level() == 1));
        let Section { heading, attributes, body, looks_like_rule } = section;
        let Some(heading) = heading else { return self.prose(body, true) };
        if !is_leaf || attributes.has(Class::Prose) {
            let reads_terms = !attributes.has(Class::Prose);
            self.open(heading, &attributes);
            self.prose(body, reads_terms);
        } else if attributes.has(Class::Rows) {
            self.rows(heading, &attributes, body);
        } else if holds_terms {
            self.open(heading, &attributes);
            self.prose(body, true);
        } else {
            self.note(&heading, attributes, body, looks_like_rule);
        }
    }

    /// Takes a heading that is no note: prose, and the parent of what follows.
    fn open(&mut self, heading: Heading, attributes: &Attributes) {
        self.assembler.enter(heading.level, heading.title(), attributes);
        self.assembler.heading(heading, attributes);
    }

    /// A leaf heading with its body.
    fn note(&mut self, heading: &Heading, attributes: Attributes, mut body: Vec<Block>, looks_like_rule: bool) {
        if looks_like_rule {
            self.assembler.report(
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
        let span = heading.span;
        self.assembler.note(Draft { kind: NoteKind::Basic, front, back: body, attributes, span });
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
    fn report_conflicts(&mut self, section: &Section, is_leaf: bool) {
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
            !is_leaf && !section.attributes.has(Class::Note) && !matches!(class, Class::Prose | Class::Terms)
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
        || (matches!(block.kind, BlockKind::Table { .. }) && attributes.has(Class::Rows))
}

/// The comment that a block starts with, and what stands behind it.
fn comment(block: &Block) -> Option<(Comment, &str)> {
    let BlockKind::Html { html } = &block.kind else { return None };
    html::comment(&html.text).map(|(comment, end)| (comment, &html.text[end..]))
}
