//! Finds lines in a note's body that mean something where options say so, as mdanki has them: a line that parts front and
//! back, such as `%`, and lines of tags (`[#tag](…)`).
//!
//! Knows blocks; whether such lines are read is up to [`super`].

use crate::ir::{Block, BlockKind, Inline, InlineKind, ListItem, Tag, plain_text};
use crate::source::Span;

/// Takes what stands above the first line that is `mark` off blocks, and the line; `None` where there is no such line.
pub(super) fn take_above(blocks: &mut Vec<Block>, mark: &str) -> Option<Vec<Block>> {
    let found = (0..blocks.len()).find_map(|index| Some((index, split(blocks.get_mut(index)?, mark)?)));
    let (index, (above, below)) = found?;
    let behind = blocks.split_off(index + 1);
    blocks.truncate(index);
    let mut front = std::mem::replace(blocks, below);
    front.extend(above);
    blocks.extend(behind);
    Some(front)
}

/// What stands in a block above and below a line.
type Halves = (Vec<Block>, Vec<Block>);

/// Splits a block at its first line that is `mark`. In a list such a line goes on with an element's text, though it was to end
/// the list.
fn split(block: &mut Block, mark: &str) -> Option<Halves> {
    let span = block.span;
    match &mut block.kind {
        BlockKind::Paragraph { content } => {
            let at = (0..content.len()).find(|&at| is_line(content, at, mark))?;
            let mut below = content.split_off(at);
            below.drain(..below.len().min(2));
            content.truncate(at.saturating_sub(1));
            Some((paragraph(std::mem::take(content), span), paragraph(below, span)))
        }
        BlockKind::List { start, tight, items } => {
            let found = (0..items.len()).find_map(|index| {
                let blocks = &mut items.get_mut(index)?.blocks;
                let above = take_above(blocks, mark)?;
                Some((index, above, std::mem::take(blocks)))
            });
            let (index, above, mut below) = found?;
            let rest = items.split_off(index + 1);
            if let Some(item) = items.last_mut() {
                item.blocks = above;
            }
            let items = std::mem::take(items);
            let first = list(*start, *tight, items);
            below.extend(list(start.map(|start| start + index as u64 + 1), *tight, rest));
            Some((first, below))
        }
        BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Quote { .. }
        | BlockKind::Alert(_)
        | BlockKind::Table(_)
        | BlockKind::Definitions { .. }
        | BlockKind::Labelled(_)
        | BlockKind::Cloze { .. }
        | BlockKind::Html { .. }
        | BlockKind::Rule => None,
    }
}

fn list(start: Option<u64>, tight: bool, items: Vec<ListItem>) -> Vec<Block> {
    let span = items.first().zip(items.last()).map(|(first, last)| first.span.to(last.span));
    span.map(|span| Block { span, kind: BlockKind::List { start, tight, items } }).into_iter().collect()
}

fn paragraph(content: Vec<Inline>, span: Span) -> Vec<Block> {
    let place = content
        .first()
        .zip(content.last())
        .map(|(first, last)| span.with(first.span.start as usize..last.span.end as usize));
    place.map(|span| Block { span, kind: BlockKind::Paragraph { content } }).into_iter().collect()
}

/// Whether an inline is a line by itself, and this one.
fn is_line(content: &[Inline], at: usize, mark: &str) -> bool {
    let is_end = |beside: Option<&Inline>| beside.is_none_or(|beside| beside.kind.is_break());
    let is_mark = content.get(at).and_then(|inline| inline.kind.as_text()).is_some_and(|text| text.trim() == mark);
    is_mark && is_end(at.checked_sub(1).and_then(|before| content.get(before))) && is_end(content.get(at + 1))
}

/// Takes the lines off paragraphs that hold nothing but tags in links; gives the tags, and the places of the links, which lead
/// nowhere any more.
pub(super) fn take_tags(blocks: &mut Vec<Block>) -> (Vec<Tag>, Vec<Span>) {
    let (mut tags, mut places) = (Vec::new(), Vec::new());
    for block in blocks.iter_mut() {
        let BlockKind::Paragraph { content } = &mut block.kind else { continue };
        if !content.iter().any(|inline| tag(inline).is_some()) {
            continue;
        }
        let mut kept: Vec<Inline> = Vec::with_capacity(content.len());
        let mut line = Vec::new();
        // A break at the end stands for the last line's.
        for inline in content.drain(..).map(Some).chain([None]) {
            let is_end = inline.as_ref().is_none_or(|inline| inline.kind.is_break());
            if !is_end {
                line.extend(inline);
                continue;
            }
            if is_of_tags(&line) {
                let links = line.drain(..).filter_map(|link| Some((tag(&link)?, link.span)));
                for (tag, place) in links {
                    tags.extend(Tag::new(&Tag::written(&tag)));
                    places.push(place);
                }
            } else {
                kept.append(&mut line);
                kept.extend(inline);
            }
        }
        while kept.pop_if(|last| last.kind.is_break()).is_some() {}
        *content = kept;
    }
    if !places.is_empty() {
        blocks.retain(|block| !matches!(&block.kind, BlockKind::Paragraph { content } if content.is_empty()));
    }
    tags.truncate(Tag::MOST);
    (tags, places)
}

/// Whether a line starts with a tag and holds nothing else than tags.
fn is_of_tags(line: &[Inline]) -> bool {
    let is_between = |inline: &Inline| {
        inline.kind.as_text().is_some_and(|text| text.chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';')))
    };
    line.first().is_some_and(|first| tag(first).is_some())
        && line.iter().all(|inline| tag(inline).is_some() || is_between(inline))
}

/// The tag that a link shows.
fn tag(inline: &Inline) -> Option<String> {
    let InlineKind::Link(link) = &inline.kind else { return None };
    let text = plain_text(&link.content);
    let word = text.trim().strip_prefix('#')?;
    (!word.is_empty() && !word.contains(char::is_whitespace)).then(|| word.to_owned())
}
