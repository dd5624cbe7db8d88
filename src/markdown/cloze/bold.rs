//! Deletions that are written as strong emphasis, `**words**`.

use crate::ir::{Block, Child, ChildMut, Cloze, Hidden, InlineKind};

/// Puts deletions, still without numbers, in the place of bold text that is in no deletion.
pub(in crate::markdown) fn delete_bold(blocks: &mut [Block]) {
    for block in blocks {
        block.for_each_child_mut(&mut delete_in);
    }
}

/// Whether anything in a block is bold.
pub(in crate::markdown) fn has_bold(block: &Block) -> bool {
    let mut found = false;
    block.for_each_child(&mut |child| found |= is_bold_in(child));
    found
}

fn is_bold_in(content: Child<'_>) -> bool {
    match content {
        Child::Blocks(blocks) => blocks.iter().any(has_bold),
        Child::Inlines(content) => content
            .iter()
            .any(|inline| matches!(inline.kind, InlineKind::Strong { .. }) || inline.child().is_some_and(is_bold_in)),
        Child::Runs(_) => false,
    }
}

fn delete_in(content: ChildMut<'_>) {
    match content {
        ChildMut::Blocks(blocks) => delete_bold(blocks),
        ChildMut::Inlines(content) => {
            for inline in content {
                let span = inline.span;
                match &mut inline.kind {
                    InlineKind::Cloze(_) => {}
                    InlineKind::Strong { content } => {
                        let cloze = Cloze { span, numbers: Vec::new(), hint: None, assigned: true };
                        inline.kind = InlineKind::Cloze(Hidden { cloze, content: std::mem::take(content) }.into());
                    }
                    InlineKind::Text { .. }
                    | InlineKind::Code { .. }
                    | InlineKind::Math { .. }
                    | InlineKind::Emphasis { .. }
                    | InlineKind::Strikethrough { .. }
                    | InlineKind::Highlight { .. }
                    | InlineKind::Link(_)
                    | InlineKind::Media(_)
                    | InlineKind::Footnote { .. }
                    | InlineKind::Html { .. }
                    | InlineKind::SoftBreak
                    | InlineKind::HardBreak => {
                        inline.child_mut().into_iter().for_each(delete_in);
                    }
                }
            }
        }
        ChildMut::Runs(_) => {}
    }
}
