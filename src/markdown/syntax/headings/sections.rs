//! Cuts a file's blocks at its headings.

use std::ops::Range;

use super::{Claimed, Item};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{Block, BlockKind, Inline, InlineKind};
use crate::markdown::assemble::{Assembler, Heading};
use crate::markdown::attributes::{self, Attributes};
use crate::markdown::foreign::tags;
use crate::markdown::html::{self, Comment};
use crate::markdown::tree;
use crate::source::{Source, Span};

/// A heading and the blocks up to the next one; the first has no heading.
#[derive(Default)]
pub(super) struct Section {
    pub heading: Option<Heading>,
    pub attributes: Attributes,
    pub looks_like_rule: bool,
    pub body: Vec<Block>,
    /// Whether nothing below the heading is structured by it.
    pub is_leaf: bool,
}

impl Section {
    /// 0 where there is no heading.
    pub(super) fn level(&self) -> u8 {
        self.heading.as_ref().map_or(0, |heading| heading.level)
    }

    /// Whether nothing but definition lists stands below the heading.
    pub(super) fn is_all_terms(&self) -> bool {
        let is_list = |block: &Block| matches!(block.kind, BlockKind::Definitions { .. });
        let is_other = |block: &Block| super::comment(block).is_some_and(|(comment, _)| comment != Comment::Back);
        self.body.iter().all(|block| is_list(block) || is_other(block)) && self.body.iter().any(is_list)
    }

    /// Whether the heading says that it is a note, where only such are: by a class, an id or the tag `card`, which may stand at
    /// its end.
    pub(super) fn take_mark(&mut self, source: &str) -> bool {
        let is_card = |tag: &str| tag.eq_ignore_ascii_case("card");
        let last = self
            .heading
            .as_mut()
            .map(|heading| tags::take_last(&mut heading.content, source, is_card))
            .unwrap_or_default();
        let attributes = &self.attributes;
        let has_tag = !last.is_empty() || attributes.tags.iter().any(|tag| is_card(tag.as_str()));
        has_tag || !attributes.classes.is_empty() || attributes.id.is_some()
    }

    /// Takes off what stands behind `<!-- deckle: end -->`: the text goes on there, and speaks no more of the heading.
    pub(super) fn take_tail(&mut self) -> Option<Vec<Block>> {
        let end = self.body.iter().position(is_end)?;
        let mut tail = self.body.split_off(end);
        tail.retain(|block| !is_end(block));
        Some(tail)
    }

    /// Takes a section below this one into its body.
    pub(super) fn absorb(&mut self, below: Self, diagnostics: &mut Vec<Diagnostic>) {
        for (class, place) in &below.attributes.classes {
            let message = format!("`{}` on a heading that is part of a note", class.name());
            diagnostics.push(
                Diagnostic::new(Code::ConflictingAttributes, *place, message)
                    .help("write it on the heading with `.note`, which makes one note of all below it"),
            );
            self.attributes.mistakes.push(*place);
        }
        self.attributes.mistakes.extend(below.attributes.mistakes);
        self.attributes.tags.extend(below.attributes.tags);
        if self.attributes.deck.is_none() {
            self.attributes.deck_place = below.attributes.deck_place;
            self.attributes.deck = below.attributes.deck;
        }
        if let Some(heading) = below.heading {
            let id = below.attributes.id.map(|(id, _)| id.into());
            let kind = BlockKind::Heading { level: heading.level, content: heading.content, id };
            self.body.push(Block { span: heading.span, kind });
        }
        self.body.extend(below.body);
    }
}

/// Cuts a text at its headings and at what was claimed. Directives before a heading, and those in a leaf's body, become
/// attributes of their heading.
pub(super) fn split(
    rest: &Source,
    range: Range<usize>,
    claimed: Vec<Claimed>,
    assembler: &mut Assembler<'_>,
) -> Vec<Item> {
    let tree = assembler.parse(rest, range, false);
    let mut headings = tree.headings.into_iter();
    let mut claimed = claimed.into_iter().peekable();
    let mut items = vec![Item::Section(Section::default())];
    // Where the last claim ended: an empty heading before that stands for it.
    let mut claimed_to = 0;
    for block in tree.blocks {
        while let Some(Claimed { range, claim }) = claimed.next_if(|next| next.range.start <= block.span.start as usize)
        {
            claimed_to = range.end;
            items.extend(claim.map(Item::Claimed));
        }
        let heading = matches!(block.kind, BlockKind::Heading { .. }).then(|| headings.next().unwrap_or_default());
        match heading {
            Some(_) if (block.span.start as usize) < claimed_to => {}
            Some(heading) => push_heading(&mut items, block, heading, assembler),
            None => push_block(&mut items, block),
        }
    }
    items.extend(claimed.filter_map(|claimed| claimed.claim).map(Item::Claimed));
    for item in &mut items {
        if let Item::Section(section) = item {
            fold_directives(section, assembler);
        }
    }
    items
}

fn push_block(items: &mut Vec<Item>, block: Block) {
    if let Some(Item::Section(last)) = items.last_mut() {
        last.body.push(block);
    } else {
        items.push(Item::Section(Section { body: vec![block], ..Section::default() }));
    }
}

fn push_heading(items: &mut Vec<Item>, block: Block, heading: tree::Heading, assembler: &mut Assembler<'_>) {
    let span = block.span;
    let BlockKind::Heading { level, content, .. } = block.kind else { return };
    let tree::Heading { mut attributes, looks_like_rule } = heading;
    if looks_like_rule && attributes == Attributes::default() && stands_over_rule(&content, span, assembler) {
        push_block(items, Block { span, kind: BlockKind::Paragraph { content } });
        let end = span.range().end;
        return push_block(items, Block { span: span.with(end - "---".len()..end), kind: BlockKind::Rule });
    }
    if let Some(given) = assembler.take_given(span) {
        attributes.merge_below(given);
    }
    if let Some(Item::Section(last)) = items.last_mut() {
        take_directives(&mut last.body, &mut attributes, assembler);
    }
    let first_line = || first_line_end(assembler.source(), span.range());
    let end = content.last().map_or_else(first_line, |last| last.span.end as usize);
    let heading = Some(Heading { level, content, span: span.with(span.start as usize..end) });
    items.push(Item::Section(Section { heading, attributes, looks_like_rule, ..Section::default() }));
}

/// Whether a line over dashes is no heading for sure: pictures alone, or properties, which are said to stand there.
fn stands_over_rule(content: &[Inline], span: Span, assembler: &mut Assembler<'_>) -> bool {
    let is_picture = |inline: &Inline| matches!(inline.kind, InlineKind::Media(_)) || inline.kind.is_break();
    if content
        .iter()
        .all(|inline| is_picture(inline) || inline.kind.as_text().is_some_and(|text| text.trim().is_empty()))
    {
        return true;
    }
    let text = assembler.source().text.get(span.range()).unwrap_or_default();
    let mut lines = text.trim_end().trim_end_matches('-').trim_end().lines();
    let are_properties = lines.all(is_property);
    // Of those with two colons, which another tool has, it is said wherever they stand.
    if are_properties && !text.contains("::") {
        assembler.report(
            Diagnostic::new(Code::SetextNote, span, "properties over dashes are read as text")
                .help("take them out, or write them between `---` at the very start of the file"),
        );
    }
    are_properties
}

/// `key: value` or `key:: value`, with one word for a key, as settings have them: in lower case.
fn is_property(line: &str) -> bool {
    let Some((key, value)) = line.trim().split_once(':') else { return false };
    let value = value.strip_prefix(':').unwrap_or(value);
    let is_word = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    is_word && (value.is_empty() || value.starts_with(' ')) && !value.trim_end().ends_with('?')
}

/// Whether a block is `<!-- deckle: end -->`.
fn is_end(block: &Block) -> bool {
    let BlockKind::Html { html } = &block.kind else { return false };
    let Some((Comment::Directive(inner), end)) = html::comment(&html.text) else { return false };
    let says_end = html.text.get(inner).is_some_and(|inner| inner.trim() == "end");
    says_end && html.text.get(end..).is_some_and(|rest| rest.trim().is_empty())
}

/// The attributes of a block that is a `deckle:` comment.
pub(super) fn directive(block: &Block, assembler: &mut Assembler<'_>) -> Option<Attributes> {
    let BlockKind::Html { html } = &block.kind else { return None };
    let (Comment::Directive(inner), end) = html::comment(&html.text)? else { return None };
    if !html.text[end..].trim().is_empty() {
        return None;
    }
    let start = block.span.start as usize + inner.start;
    let text = assembler.source().text.get(start..start + inner.len())?;
    Some(attributes::directive(assembler.id(), text, start, assembler.diagnostics()))
}

/// Takes the directives that stand right before a heading off the body above it; other comments may stand between.
fn take_directives(body: &mut Vec<Block>, attributes: &mut Attributes, assembler: &mut Assembler<'_>) {
    report_lone(body.last(), assembler);
    while let Some(last) = body.last().filter(|last| !is_end(last)) {
        if let Some(before) = directive(last, assembler) {
            attributes.merge(before);
        } else if !super::comment(last)
            .is_some_and(|(comment, rest)| comment == Comment::Other && rest.trim().is_empty())
        {
            return;
        }
        body.pop();
    }
}

/// Says that a paragraph before a heading holds nothing but attributes.
fn report_lone(last: Option<&Block>, assembler: &mut Assembler<'_>) {
    let Some(Block { kind: BlockKind::Paragraph { content }, .. }) = last else { return };
    let [Inline { span, kind: InlineKind::Text { text } }] = content.as_slice() else { return };
    let braces = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    let Some(inner) = braces.filter(|inner| attributes::are_attributes(inner)) else { return };
    let meant = format!("<!-- deckle: {} -->", inner.trim_start_matches(':').trim());
    assembler.report(
        Diagnostic::new(Code::MisspeltAttribute, *span, "attributes in a line of their own are read as text")
            .costing(Cost::Nothing)
            .help(format!("write them behind the heading, or `{meant}`"))
            .edit(*span, meant),
    );
}

/// A directive in a section's body speaks of its note, unless it stands before a definition list, which has notes of its
/// own, or at the body's end, before nothing.
fn fold_directives(section: &mut Section, assembler: &mut Assembler<'_>) {
    if section.heading.is_none() || !section.body.iter().any(|block| matches!(block.kind, BlockKind::Html { .. })) {
        return;
    }
    let mut kept = Vec::with_capacity(section.body.len());
    let mut rest = std::mem::take(&mut section.body).into_iter().peekable();
    while let Some(block) = rest.next() {
        if is_end(&block) {
            kept.push(block);
            kept.extend(rest);
            break;
        }
        let speaks_of_note = rest.peek().is_some_and(|next| !matches!(next.kind, BlockKind::Definitions { .. }));
        match if speaks_of_note { directive(&block, assembler) } else { None } {
            Some(attributes) => section.attributes.merge(attributes),
            None => kept.push(block),
        }
    }
    section.body = kept;
}

fn first_line_end(source: &Source, range: Range<usize>) -> usize {
    let line = source.text.get(range.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
    range.start + line.trim_end().len()
}
