//! Cuts a file's blocks at its headings.

use super::Heading;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Block, BlockKind};
use crate::markdown::attributes::{self, Attributes};
use crate::markdown::html::{self, Comment};
use crate::markdown::tree::{self, FootnoteDefinition, Tree};
use crate::source::{Source, SourceId};

/// A file's sections and footnotes.
pub(super) struct Sections {
    pub sections: Vec<Section>,
    pub footnotes: Vec<FootnoteDefinition>,
}

/// A heading and the blocks up to the next one; the first has no heading.
pub(super) struct Section {
    /// 0 where there is no heading.
    pub level: u8,
    pub heading: Option<Heading>,
    pub attributes: Attributes,
    pub looks_like_rule: bool,
    pub body: Vec<Block>,
}

impl Section {
    fn new(block_kind: Option<(u8, Heading)>, attributes: Attributes, looks_like_rule: bool) -> Self {
        let (level, heading) = block_kind.map_or((0, None), |(level, heading)| (level, Some(heading)));
        Self { level, heading, attributes, looks_like_rule, body: Vec::new() }
    }

    /// Takes a section below this one into its body.
    pub(super) fn absorb(&mut self, below: Self, diagnostics: &mut Vec<Diagnostic>) {
        for (class, place) in &below.attributes.classes {
            let message = format!("`{}` on a heading that is part of a note", class.name());
            diagnostics.push(
                Diagnostic::new(Code::ConflictingAttributes, *place, message)
                    .help("write it on the heading with `.note`, which makes one note of all below it"),
            );
        }
        self.attributes.tags.extend(below.attributes.tags);
        self.attributes.deck = self.attributes.deck.take().or(below.attributes.deck);
        if let Some(heading) = below.heading {
            let id = below.attributes.id.map(|(id, _)| id);
            let kind = BlockKind::Heading { level: below.level, content: heading.content, id };
            self.body.push(Block { span: heading.span, kind });
        }
        self.body.extend(below.body);
    }
}

/// Cuts the tree. Directives before a heading, and those in a leaf's body, become attributes of their heading.
pub(super) fn split(tree: Tree, id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Sections {
    let mut headings = tree.headings.into_iter();
    let mut sections = vec![Section::new(None, Attributes::default(), false)];
    for block in tree.blocks {
        let span = block.span;
        let BlockKind::Heading { level, content, .. } = block.kind else {
            if let Some(last) = sections.last_mut() {
                last.body.push(block);
            }
            continue;
        };
        let tree::Heading { mut attributes, looks_like_rule } =
            headings.next().unwrap_or(tree::Heading { attributes: Attributes::default(), looks_like_rule: false });
        if let Some(last) = sections.last_mut() {
            take_directives(&mut last.body, &mut attributes, id, source, diagnostics);
        }
        let end = content.last().map_or_else(|| first_line_end(source, span.range()), |last| last.span.end as usize);
        let heading = Heading { content, span: span.with(span.start as usize..end) };
        sections.push(Section::new(Some((level, heading)), attributes, looks_like_rule));
    }
    for section in &mut sections {
        fold_directives(section, id, source, diagnostics);
    }
    Sections { sections, footnotes: tree.footnotes }
}

/// The attributes of a block that is a `deckle:` comment.
pub(super) fn directive(
    block: &Block,
    id: SourceId,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Attributes> {
    let BlockKind::Html { html } = &block.kind else { return None };
    let (Comment::Directive(inner), end) = html::comment(&html.text)? else { return None };
    if !html.text[end..].trim().is_empty() {
        return None;
    }
    let start = block.span.start as usize + inner.start;
    let text = source.text.get(start..start + inner.len())?;
    Some(attributes::directive(id, text, start, diagnostics))
}

/// Takes the directives that stand right before a heading off the body above it; other comments may stand between.
fn take_directives(
    body: &mut Vec<Block>,
    attributes: &mut Attributes,
    id: SourceId,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) {
    while let Some(last) = body.last() {
        if let Some(before) = directive(last, id, source, diagnostics) {
            attributes.merge(before);
        } else if !super::comment(last)
            .is_some_and(|(comment, rest)| comment == Comment::Other && rest.trim().is_empty())
        {
            return;
        }
        body.pop();
    }
}

/// A directive in a section's body speaks of its note, unless it stands before a definition list, which has notes of its
/// own, or at the body's end, before nothing.
fn fold_directives(section: &mut Section, id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    if section.heading.is_none() || !section.body.iter().any(|block| matches!(block.kind, BlockKind::Html { .. })) {
        return;
    }
    let mut kept = Vec::with_capacity(section.body.len());
    let mut rest = std::mem::take(&mut section.body).into_iter().peekable();
    while let Some(block) = rest.next() {
        let speaks_of_note = rest.peek().is_some_and(|next| !matches!(next.kind, BlockKind::Definitions { .. }));
        match if speaks_of_note { directive(&block, id, source, diagnostics) } else { None } {
            Some(attributes) => section.attributes.merge(attributes),
            None => kept.push(block),
        }
    }
    section.body = kept;
}

fn first_line_end(source: &Source, range: std::ops::Range<usize>) -> usize {
    let line = source.text.get(range.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
    range.start + line.trim_end().len()
}
