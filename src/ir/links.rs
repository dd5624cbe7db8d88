//! Finds the links in a note, to change them.
//!
//! Does not know where they lead.

use super::{Block, BlockKind, ChildMut, InlineKind, Note, NoteBody, RawHtml};

/// Calls `f` with each link's path as written, and its address, to change. Of raw HTML, those that lead to paths.
pub fn for_each_link_mut(note: &mut Note, f: &mut impl FnMut(&str, &mut Option<String>)) {
    let Note { body, hint, extra, footnotes, .. } = note;
    let sides = match body {
        NoteBody::Basic { front, back, .. } => [front, back],
        NoteBody::Cloze { heading, text } => [heading, text],
    };
    let footnotes = footnotes.iter_mut().map(|footnote| &mut footnote.blocks);
    for blocks in sides.into_iter().chain([hint, extra]).chain(footnotes) {
        links(ChildMut::Blocks(blocks), f);
    }
}

fn links(content: ChildMut<'_>, f: &mut impl FnMut(&str, &mut Option<String>)) {
    match content {
        ChildMut::Blocks(blocks) => blocks.iter_mut().for_each(|block| links_of_block(block, f)),
        ChildMut::Inlines(content) => {
            for inline in content {
                if let InlineKind::Link(link) = &mut inline.kind {
                    f(&link.url, &mut link.address);
                }
                if let InlineKind::Html { html } = &mut inline.kind {
                    links_of_html(html, f);
                }
                if let Some(child) = inline.child_mut() {
                    links(child, f);
                }
            }
        }
        ChildMut::Runs(_) => {}
    }
}

fn links_of_block(block: &mut Block, f: &mut impl FnMut(&str, &mut Option<String>)) {
    if let BlockKind::Html { html } = &mut block.kind {
        links_of_html(html, f);
    }
    block.for_each_child_mut(&mut |child| links(child, f));
}

fn links_of_html(html: &mut RawHtml, f: &mut impl FnMut(&str, &mut Option<String>)) {
    html.links.iter_mut().for_each(|link| f(&link.url, &mut link.address));
}
