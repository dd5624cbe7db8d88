//! Walks content down to its deletions, outer ones before inner ones, in source order.
//!
//! Knows nothing of what their numbers mean.

use super::{Block, BlockKind, Child, ChildMut, Cloze, Hidden, InlineKind, Run};

/// Calls `f` for each deletion.
pub fn for_each_cloze(blocks: &[Block], f: &mut impl FnMut(&Cloze)) {
    for_each_deletion(Child::Blocks(blocks), &mut |cloze, _| f(cloze));
}

/// Calls `f` for each deletion with what it hides.
pub fn for_each_deletion<'a>(content: Child<'a>, f: &mut impl FnMut(&'a Cloze, Child<'a>)) {
    match content {
        Child::Blocks(blocks) => {
            for block in blocks {
                if let BlockKind::Cloze { cloze, blocks } = &block.kind {
                    f(cloze, Child::Blocks(blocks));
                }
                block.for_each_child(&mut |child| for_each_deletion(child, f));
            }
        }
        Child::Inlines(content) => {
            for inline in content {
                if let InlineKind::Cloze(hidden) = &inline.kind {
                    let Hidden { cloze, content } = &**hidden;
                    f(cloze, Child::Inlines(content));
                }
                if let Some(child) = inline.child() {
                    for_each_deletion(child, f);
                }
            }
        }
        Child::Runs(runs) => {
            for run in runs {
                if let Run::Cloze { cloze, content } = run {
                    f(cloze, Child::Runs(content));
                    for_each_deletion(Child::Runs(content), f);
                }
            }
        }
    }
}

/// Calls `f` for each deletion that may be without a number of its author's: those in code and math always have one.
pub fn for_each_cloze_mut(blocks: &mut Vec<Block>, f: &mut impl FnMut(&mut Cloze)) {
    clozes_mut(ChildMut::Blocks(blocks), f);
}

fn clozes_mut(content: ChildMut<'_>, f: &mut impl FnMut(&mut Cloze)) {
    match content {
        ChildMut::Blocks(blocks) => {
            for block in blocks {
                if let BlockKind::Cloze { cloze, .. } = &mut block.kind {
                    f(cloze);
                }
                block.for_each_child_mut(&mut |child| clozes_mut(child, f));
            }
        }
        ChildMut::Inlines(content) => {
            for inline in content {
                if let InlineKind::Cloze(hidden) = &mut inline.kind {
                    f(&mut hidden.cloze);
                }
                if let Some(child) = inline.child_mut() {
                    clozes_mut(child, f);
                }
            }
        }
        ChildMut::Runs(_) => {}
    }
}
