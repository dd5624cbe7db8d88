//! Turns YAML into a tree whose nodes know their bytes in the source, so that settings can be checked by hand and every
//! mistake be shown at its place.
//!
//! Knows no setting. An alias is a second way to the same node and never a copy, so a bomb of aliases costs nothing.

use std::ops::Range;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use crate::text::hidden;

/// Reads one YAML document. `offset` is where `text` starts in its source; all ranges are the source's.
///
/// Of a broken document the entries before the broken one are kept, so that their mistakes are found too.
pub(super) fn parse(text: &str, offset: usize) -> Tree {
    let mut builder = Builder::new(text, offset);
    for next in Parser::new_from_str(text) {
        match next {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                if builder.take(event, range).is_break() {
                    break;
                }
            }
            Err(error) => {
                builder.fail(&error);
                break;
            }
        }
    }
    builder.finish()
}

/// A parsed document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<NodeKind>,
    /// The nodes with a tag that YAML's core schema has not, such as `!!binary`; ascending.
    tagged: Vec<usize>,
    /// The outermost node; `None` in an empty document.
    pub(super) root: Option<Node>,
    /// Why the document could not be read to its end.
    pub(super) error: Option<Fault>,
}

impl Tree {
    /// What a node is.
    pub(super) fn kind(&self, node: &Node) -> &NodeKind {
        self.nodes.get(node.index).unwrap_or(&NodeKind::Null)
    }

    /// Whether a node, or one that it lists, has a tag that only some program knows: what it says is not what stands there.
    pub(super) fn is_tagged(&self, node: &Node) -> bool {
        let has_tag = |node: &Node| self.tagged.binary_search(&node.index).is_ok();
        let lists = |nodes: &[Node]| nodes.iter().any(has_tag);
        has_tag(node) || matches!(self.kind(node), NodeKind::List(nodes) if !self.tagged.is_empty() && lists(nodes))
    }
}

/// A place where a node is used.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its bytes in the source; of an alias, those of the alias.
    pub(super) range: Range<usize>,
    index: usize,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// Any other scalar.
    Text {
        /// The text without quotes and escapes.
        text: String,
        /// Whether it stands without quotes, so that `true` is a truth value and no word.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping: its keys and values in order, duplicates included.
    Map(Vec<(Node, Node)>),
}

impl NodeKind {
    /// A scalar's text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }
}

/// A mistake of YAML itself.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where.
    pub(super) range: Range<usize>,
    /// What: a phrase that starts in lower case.
    pub(super) message: String,
}

/// So many bytes of text may aliases stand for. Each costs nothing where it stands, but readers copy what they read.
const MAX_ALIASED: usize = 1024 * 1024;

struct Builder<'a> {
    text: &'a str,
    offset: usize,
    tree: Tree,
    /// The collections that are open, outermost first.
    open: Vec<Open>,
    /// The node of each anchor, by the parser's id.
    anchors: Vec<(usize, usize)>,
    documents: usize,
    /// How many bytes of text are in each node, aliases followed.
    weights: Vec<usize>,
    /// How many bytes of text aliases stand for so far.
    aliased: usize,
}

struct Open {
    index: usize,
    start: usize,
    /// The key that waits for its value.
    key: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, offset: usize) -> Self {
        Self {
            text,
            offset,
            tree: Tree::default(),
            open: Vec::new(),
            anchors: Vec::new(),
            documents: 0,
            weights: Vec::new(),
            aliased: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> std::ops::ControlFlow<()> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.set_error(range, "a second document starts here; settings are one document");
                    return std::ops::ControlFlow::Break(());
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let kind = scalar(&text, style);
                let index = self.push(kind, anchor, tag.as_deref());
                self.attach(range, index);
            }
            Event::SequenceStart(_, anchor, tag) => {
                let index = self.push(NodeKind::List(Vec::new()), anchor, tag.as_deref());
                self.start(index, range.start);
            }
            Event::MappingStart(_, anchor, tag) => {
                let index = self.push(NodeKind::Map(Vec::new()), anchor, tag.as_deref());
                self.start(index, range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
            Event::Alias(anchor) => {
                let known = self.anchors.binary_search_by_key(&anchor, |&(id, _)| id).ok();
                let index = known.and_then(|at| self.anchors.get(at)).map(|&(_, index)| index);
                let index = index.unwrap_or_else(|| self.push(NodeKind::Null, 0, None));
                self.aliased = self.aliased.saturating_add(self.weights.get(index).copied().unwrap_or_default());
                if self.aliased > MAX_ALIASED {
                    self.set_error(range, "aliases stand for more than 1 MiB of text");
                    self.keep_whole_entries(self.text.len());
                    return std::ops::ControlFlow::Break(());
                }
                self.attach(range, index);
            }
            // The parser was not asked for anchors' names and unknown aliases; an enum of another crate may grow.
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Anchor(..) | _ => {}
        }
        std::ops::ControlFlow::Continue(())
    }

    /// Ids of anchors rise, so the list of anchors is sorted.
    fn push(&mut self, kind: NodeKind, anchor: usize, tag: Option<&Tag>) -> usize {
        self.weights.push(kind.as_text().map_or(1, |text| text.len() + 1));
        self.tree.nodes.push(kind);
        let index = self.tree.nodes.len() - 1;
        // `!` alone says that what follows is text.
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() && !tag.suffix().is_empty()) {
            self.tree.tagged.push(index);
        }
        if anchor != 0 {
            self.anchors.push((anchor, index));
        }
        index
    }

    fn start(&mut self, index: usize, start: usize) {
        self.open.push(Open { index, start, key: None });
    }

    fn end(&mut self, end: usize) {
        if let Some(open) = self.open.pop() {
            self.attach(open.start..end.max(open.start), open.index);
        }
    }

    fn attach(&mut self, range: Range<usize>, index: usize) {
        let node = Node { range: self.in_source(range), index };
        let Some(parent) = self.open.last_mut() else {
            self.tree.root.get_or_insert(node);
            return;
        };
        let weight = self.weights.get(index).copied().unwrap_or_default();
        if let Some(whole) = self.weights.get_mut(parent.index) {
            *whole = whole.saturating_add(weight);
        }
        let waiting = parent.key.take();
        match (self.tree.nodes.get_mut(parent.index), waiting) {
            (Some(NodeKind::Map(entries)), Some(key)) => entries.push((key, node)),
            (Some(NodeKind::List(nodes)), _) => nodes.push(node),
            (Some(NodeKind::Map(_)), None) => parent.key = Some(node),
            (Some(NodeKind::Null | NodeKind::Text { .. }) | None, _) => {}
        }
    }

    /// The source's range, without the white space that the parser counts to the ends of blocks.
    fn in_source(&self, range: Range<usize>) -> Range<usize> {
        let end = self.text.get(range.clone()).map_or(range.end, |text| range.start + text.trim_end().len());
        self.offset + range.start..self.offset + end.max(range.start)
    }

    fn fail(&mut self, error: &ScanError) {
        let start = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let info = error.info();
        // Of a tab below a text the parser names where the text starts.
        let place = if info.contains("found a tab") { self.indenting_tab(start).unwrap_or(start) } else { start };
        let first = self.text.get(place..).and_then(|rest| rest.chars().next());
        let width = first.filter(|c| !c.is_control() || *c == '\t').map_or(0, char::len_utf8);
        // The parser nests 255 levels.
        let is_deep = info.contains("recursion limit");
        self.set_error(place..place + width, if is_deep { "it is nested more than 255 levels deep" } else { &info });
        self.keep_whole_entries(start);
    }

    /// The first tab from an offset on that indents a line.
    fn indenting_tab(&self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let lines = rest.split_inclusive('\n').scan(start, |end, line| {
            let at = *end;
            *end += line.len();
            Some((at, line))
        });
        lines.skip(1).find_map(|(at, line)| {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            line.get(..indent)?.find('\t').map(|tab| at + tab)
        })
    }

    /// What was being read may be a piece of what the author meant: only whole entries of the outermost map are kept.
    fn keep_whole_entries(&mut self, end: usize) {
        self.open.truncate(1);
        if let Some(open) = self.open.pop() {
            self.attach(open.start..end.max(open.start), open.index);
        }
    }

    fn set_error(&mut self, range: Range<usize>, message: &str) {
        let range = self.offset + range.start..self.offset + range.end;
        self.tree.error.get_or_insert(Fault { range, message: message.to_owned() });
    }

    fn finish(self) -> Tree {
        self.tree
    }
}

fn scalar(text: &str, style: ScalarStyle) -> NodeKind {
    let plain = style == ScalarStyle::Plain;
    if plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        NodeKind::Null
    } else {
        NodeKind::Text { text: hidden::without(text).into_owned(), plain }
    }
}
