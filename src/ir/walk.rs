//! Gives the children of blocks and inlines, in source order: whatever looks through content, or changes all of it, goes
//! this way.
//!
//! Knows nothing of what its callers look for; they recurse, and [`super::MAX_DEPTH`] bounds them.

use super::{Block, BlockKind, Inline, InlineKind, Run};

/// What stands in a block, an inline or a deletion.
#[derive(Debug, Clone, Copy)]
pub enum Child<'a> {
    /// Whole blocks: of a quote, an alert, a list's item, a term's meaning, a deletion.
    Blocks(&'a [Block]),
    /// A line of text: a paragraph's, a heading's, a title's, a term's, a cell's, a label's, an inline's.
    Inlines(&'a [Inline]),
    /// Literal text: of code or math.
    Runs(&'a [Run]),
}

/// A [`Child`] to change.
pub enum ChildMut<'a> {
    /// Whole blocks.
    Blocks(&'a mut Vec<Block>),
    /// A line of text.
    Inlines(&'a mut Vec<Inline>),
    /// Literal text.
    Runs(&'a mut Vec<Run>),
}

impl Block {
    /// Calls `f` for each child.
    pub fn for_each_child<'a>(&'a self, f: &mut impl FnMut(Child<'a>)) {
        match &self.kind {
            BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => f(Child::Inlines(content)),
            BlockKind::Code { content, .. } => f(Child::Runs(content)),
            BlockKind::Quote { blocks } | BlockKind::Cloze { blocks, .. } => f(Child::Blocks(blocks)),
            BlockKind::Alert(alert) => {
                f(Child::Inlines(&alert.title));
                f(Child::Blocks(&alert.blocks));
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| f(Child::Blocks(&item.blocks))),
            BlockKind::Table(grid) => {
                grid.header.iter().chain(grid.rows.iter().flatten()).for_each(|cell| f(Child::Inlines(&cell.content)));
            }
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    f(Child::Inlines(&definition.term));
                    definition.definitions.iter().for_each(|blocks| f(Child::Blocks(blocks)));
                }
            }
            BlockKind::Labelled(labelled) => {
                f(Child::Inlines(&labelled.label));
                f(Child::Inlines(&labelled.content));
            }
            BlockKind::Html { .. } | BlockKind::Rule => {}
        }
    }

    /// Calls `f` for each child, to change it.
    pub fn for_each_child_mut(&mut self, f: &mut impl FnMut(ChildMut<'_>)) {
        match &mut self.kind {
            BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => f(ChildMut::Inlines(content)),
            BlockKind::Code { content, .. } => f(ChildMut::Runs(content)),
            BlockKind::Quote { blocks } | BlockKind::Cloze { blocks, .. } => f(ChildMut::Blocks(blocks)),
            BlockKind::Alert(alert) => {
                f(ChildMut::Inlines(&mut alert.title));
                f(ChildMut::Blocks(&mut alert.blocks));
            }
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| f(ChildMut::Blocks(&mut item.blocks))),
            BlockKind::Table(grid) => {
                let cells = grid.header.iter_mut().chain(grid.rows.iter_mut().flatten());
                cells.for_each(|cell| f(ChildMut::Inlines(&mut cell.content)));
            }
            BlockKind::Definitions { definitions } => {
                for definition in definitions {
                    f(ChildMut::Inlines(&mut definition.term));
                    definition.definitions.iter_mut().for_each(|blocks| f(ChildMut::Blocks(blocks)));
                }
            }
            BlockKind::Labelled(labelled) => {
                f(ChildMut::Inlines(&mut labelled.label));
                f(ChildMut::Inlines(&mut labelled.content));
            }
            BlockKind::Html { .. } | BlockKind::Rule => {}
        }
    }
}

impl Inline {
    /// What stands in it, where anything does.
    pub fn child(&self) -> Option<Child<'_>> {
        match &self.kind {
            InlineKind::Code { content } | InlineKind::Math { content, .. } => Some(Child::Runs(content)),
            InlineKind::Emphasis { content }
            | InlineKind::Strong { content }
            | InlineKind::Strikethrough { content }
            | InlineKind::Highlight { content } => Some(Child::Inlines(content)),
            InlineKind::Cloze(hidden) => Some(Child::Inlines(&hidden.content)),
            InlineKind::Link(link) => Some(Child::Inlines(&link.content)),
            InlineKind::Text { .. }
            | InlineKind::Media(_)
            | InlineKind::Footnote { .. }
            | InlineKind::Html { .. }
            | InlineKind::SoftBreak
            | InlineKind::HardBreak => None,
        }
    }

    /// What stands in it, to change.
    pub fn child_mut(&mut self) -> Option<ChildMut<'_>> {
        match &mut self.kind {
            InlineKind::Code { content } | InlineKind::Math { content, .. } => Some(ChildMut::Runs(content)),
            InlineKind::Emphasis { content }
            | InlineKind::Strong { content }
            | InlineKind::Strikethrough { content }
            | InlineKind::Highlight { content } => Some(ChildMut::Inlines(content)),
            InlineKind::Cloze(hidden) => Some(ChildMut::Inlines(&mut hidden.content)),
            InlineKind::Link(link) => Some(ChildMut::Inlines(&mut link.content)),
            InlineKind::Text { .. }
            | InlineKind::Media(_)
            | InlineKind::Footnote { .. }
            | InlineKind::Html { .. }
            | InlineKind::SoftBreak
            | InlineKind::HardBreak => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ir::{DeckName, Note, plain_text, runs_text};
    use crate::source::{Source, SourceId};

    /// The lines and literal texts of content, outer ones first.
    fn lines(child: Child<'_>, found: &mut Vec<String>) {
        match child {
            Child::Blocks(blocks) => {
                for block in blocks {
                    block.for_each_child(&mut |child| lines(child, found));
                }
            }
            Child::Inlines(content) => {
                found.push(plain_text(content));
                content.iter().filter_map(Inline::child).for_each(|child| lines(child, found));
            }
            Child::Runs(runs) => found.push(runs_text(runs)),
        }
    }

    fn lines_mut(child: ChildMut<'_>, found: &mut Vec<String>) {
        match child {
            ChildMut::Blocks(blocks) => {
                for block in blocks {
                    block.for_each_child_mut(&mut |child| lines_mut(child, found));
                }
            }
            ChildMut::Inlines(content) => {
                found.push(plain_text(content));
                content.iter_mut().filter_map(Inline::child_mut).for_each(|child| lines_mut(child, found));
            }
            ChildMut::Runs(runs) => found.push(runs_text(runs)),
        }
    }

    #[test]
    fn both_ways_reach_all_that_holds_anything_in_order() {
        let basic = "## ask\n\n*a* **b** ~~c~~ ==d== [e](x) `f` $g$\n\n```\nh\n```\n\n> i\n>\n> j\n> : k\n\n\
            > [!WARNING] l\n> m\n\n- n\n  1. o\n\n|p|q|\n|-|-|\n|r|s|\n\n---\n\n<i>x</i>\n";
        let others = "## {{c1::t}}\n\n`{{c2::u}}`\n\n## v {.list}\n\n- w\n\n## rows {.rows}\n\n|x|y|\n|-|-|\n|z|0|\n";
        let text = format!("{basic}\n{others}");
        let settings = Settings { deck: DeckName::new("D"), ..Settings::default() };
        let source = Source { path: "a.md".into(), text };
        let notes = crate::markdown::read(SourceId(0), &source, "a.md", &settings).notes;
        let mut content: Vec<Block> = notes.iter().flat_map(Note::contents).flatten().cloned().collect();
        let (mut found, mut found_mut) = (Vec::new(), Vec::new());
        lines(Child::Blocks(&content), &mut found);
        lines_mut(ChildMut::Blocks(&mut content), &mut found_mut);
        let inlines = "a b c d e f g|a|b|c|d|e|f|g";
        let blocks = "h\n|i|j|k|l|m|n|o|p|q|r|s|x";
        assert_eq!(found.join("|"), format!("ask|{inlines}|{blocks}|t|t|u|u|v|w|rows|x|z|y|0"));
        assert_eq!(found, found_mut);
    }
}
