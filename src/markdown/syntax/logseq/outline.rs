//! Cuts a text into the blocks of an outline: bullets, each with its own lines, and what is deeper.
//!
//! Knows lines. A block's own lines are those below its bullet that are none; text above the first bullet is a block too.
//! Blanks are tabs, two or four spaces, mixed: what starts further to the right than a bullet is below it.

use std::ops::Range;

use super::super::lines::fence;

/// A block. All of them stand in a list, each before those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// The block that it is below.
    pub(super) parent: Option<usize>,
    /// Behind the last one below it.
    pub(super) end: usize,
    /// How many are above it.
    pub(super) level: usize,
    /// The column of its bullet; text without one stands in none.
    bullet: Option<usize>,
    /// Its own lines, the bullet's first.
    pub(super) lines: Vec<Line>,
}

/// A line of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it starts in the text, its blanks and its bullet included.
    pub(super) start: usize,
    /// Its text, from the column on in which the block's text starts, without the white space behind it.
    pub(super) text: Range<usize>,
    /// How many columns of blanks are left before that of a tab that reaches into the text.
    pub(super) blanks: usize,
    /// Behind its line end.
    pub(super) end: usize,
    /// What it is.
    pub(super) kind: LineKind,
}

/// What a line of a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Text.
    Text,
    /// Nothing.
    Blank,
    /// Code in a fence, or one that opens or closes it.
    Code,
    /// `key:: value`: both of them.
    Property(Range<usize>, Range<usize>),
    /// Of a drawer, or a date: nobody sees it.
    Unseen,
}

/// The blocks of a text.
pub(super) fn outline(text: &str, range: Range<usize>) -> Vec<Node> {
    let text = text.get(..range.end).unwrap_or_default();
    let mut scan = Scan { nodes: Vec::new(), open: Vec::new(), within: None, was_blank: false };
    let mut at = range.start;
    for line in text.get(range.start..).unwrap_or_default().split_inclusive('\n') {
        scan.line(line, at);
        at += line.len();
    }
    scan.close(0);
    scan.nodes
}

impl Node {
    /// From its first line to the end of its last one.
    pub(super) fn range(&self) -> Range<usize> {
        let ends = self.lines.first().zip(self.lines.last());
        ends.map_or(0..0, |(first, last)| first.start..last.end)
    }

    /// Whether it has a bullet.
    pub(super) fn has_bullet(&self) -> bool {
        self.bullet.is_some()
    }

    /// The values of its properties with a name, and the lines that they stand in.
    pub(super) fn properties<'n>(
        &'n self,
        text: &'n str,
        name: &'n str,
    ) -> impl Iterator<Item = (Range<usize>, &'n Line)> + 'n {
        self.lines.iter().filter_map(move |line| match &line.kind {
            LineKind::Property(key, value) => {
                text.get(key.clone())?.eq_ignore_ascii_case(name).then(|| (value.clone(), line))
            }
            LineKind::Text | LineKind::Blank | LineKind::Code | LineKind::Unseen => None,
        })
    }

    /// Whether it has nothing but properties.
    pub(super) fn is_properties(&self) -> bool {
        let is_one = |line: &Line| matches!(line.kind, LineKind::Property(..));
        self.lines.iter().any(is_one) && self.lines.iter().all(|line| is_one(line) || line.kind == LineKind::Blank)
    }
}

struct Scan {
    nodes: Vec<Node>,
    /// The blocks that hold the place at hand, the outermost first.
    open: Vec<usize>,
    within: Option<Within>,
    was_blank: bool,
}

/// What lines stand in that are not looked at.
#[derive(Clone, Copy)]
enum Within {
    /// Code up to as many of these signs.
    Fence(char, usize),
    /// A drawer up to `:END:`.
    Drawer,
}

impl Scan {
    fn line(&mut self, whole: &str, at: usize) {
        let line = whole.trim_end();
        let bare = line.trim_start_matches([' ', '\t']);
        if bare.is_empty() {
            return self.push(
                at,
                at..at,
                0,
                whole.len(),
                if self.is_in_code() { LineKind::Code } else { LineKind::Blank },
            );
        }
        let column = columns(line, 0);
        let content = self.open.last().and_then(|last| self.nodes.get(*last)).map_or(0, Node::content);
        // What stands too far to the left leaves the block, and with it what is open there.
        self.within = self.within.filter(|within| match within {
            Within::Fence(..) => column >= content,
            // One that is never closed would take all that is below.
            Within::Drawer => column >= content && (bullet(bare).is_none() || bare.starts_with("* State ")),
        });
        if self.within.is_none()
            && let Some(mark) = bullet(bare)
        {
            return self.open_block(line, at, column, mark, whole.len());
        }
        let leaves = column < content && (self.was_blank || is_heading(bare)) || self.open.is_empty();
        let starts = leaves || content == 0 && self.within.is_none() && is_heading(bare);
        if starts && self.within.is_none() && (self.is_outside() || leaves) {
            self.close(0);
            self.open_text();
        }
        let content = self.open.last().and_then(|last| self.nodes.get(*last)).map_or(0, Node::content);
        let (skipped, blanks) = skip(line, content);
        let text = at + skipped..at + line.len();
        let kind = self.kind(line.get(skipped..).unwrap_or_default(), text.start);
        self.push(at, text, blanks, whole.len(), kind);
    }

    /// Whether the place at hand stands in text without a bullet.
    fn is_outside(&self) -> bool {
        self.open.last().and_then(|last| self.nodes.get(*last)).is_none_or(|node| node.bullet.is_none())
    }

    fn is_in_code(&self) -> bool {
        matches!(self.within, Some(Within::Fence(..)))
    }

    fn open_text(&mut self) {
        self.open.push(self.nodes.len());
        self.nodes.push(Node { parent: None, end: 0, level: 0, bullet: None, lines: Vec::new() });
    }

    /// A line with a bullet, which takes `mark` bytes with the blanks behind it.
    fn open_block(&mut self, line: &str, at: usize, column: usize, mark: usize, length: usize) {
        let is_above =
            |index: &usize| self.nodes.get(*index).and_then(|node| node.bullet).is_some_and(|bullet| bullet < column);
        // The columns of those that are open ascend.
        let depth = self.open.partition_point(is_above);
        self.close(depth);
        let parent = self.open.last().copied();
        self.open.push(self.nodes.len());
        self.nodes.push(Node { parent, end: 0, level: depth, bullet: Some(column), lines: Vec::new() });
        let start = line.len() - line.trim_start_matches([' ', '\t']).len() + mark;
        let text = at + start..at + line.len();
        let kind = self.kind(line.get(start..).unwrap_or_default(), text.start);
        self.push(at, text, 0, length, kind);
    }

    /// Leaves all blocks but so many.
    fn close(&mut self, depth: usize) {
        let end = self.nodes.len();
        for index in self.open.drain(depth.min(self.open.len())..) {
            if let Some(node) = self.nodes.get_mut(index) {
                node.end = end;
            }
        }
    }

    fn push(&mut self, start: usize, text: Range<usize>, blanks: usize, length: usize, kind: LineKind) {
        self.was_blank = kind == LineKind::Blank;
        let Some(node) = self.open.last().and_then(|last| self.nodes.get_mut(*last)) else { return };
        node.lines.push(Line { start, text, blanks, end: start + length, kind });
    }

    /// What a line's text is, which starts at an offset.
    fn kind(&mut self, text: &str, at: usize) -> LineKind {
        let bare = text.trim_start();
        match self.within {
            Some(Within::Fence(sign, length)) => {
                if bare.len() >= length && bare.trim_start_matches(sign).is_empty() {
                    self.within = None;
                }
                return LineKind::Code;
            }
            Some(Within::Drawer) => {
                if bare.eq_ignore_ascii_case(":END:") {
                    self.within = None;
                }
                return LineKind::Unseen;
            }
            None => {}
        }
        if let Some((sign, length)) = fence(bare) {
            self.within = Some(Within::Fence(sign, length));
            return LineKind::Code;
        }
        if [":LOGBOOK:", ":PROPERTIES:"].iter().any(|name| bare.eq_ignore_ascii_case(name)) {
            self.within = Some(Within::Drawer);
            return LineKind::Unseen;
        }
        if ["SCHEDULED: <", "DEADLINE: <"].iter().any(|start| bare.starts_with(start)) && bare.ends_with('>') {
            return LineKind::Unseen;
        }
        let lead = at + text.len() - bare.len();
        property(bare).map_or(LineKind::Text, |(key, value)| {
            let value = lead + value..at + text.trim_end().len();
            LineKind::Property(lead..lead + key, value)
        })
    }
}

impl Node {
    /// The column in which its text starts, as its lines below the first one have it.
    fn content(&self) -> usize {
        self.bullet.map_or(0, |bullet| bullet + 1)
    }
}

/// The length of a property's key, and the offset of its value: `key:: value`.
pub(super) fn property(line: &str) -> Option<(usize, usize)> {
    let key = line.find("::").filter(|key| *key > 0)?;
    let (name, behind) = line.split_at_checked(key)?;
    let behind = behind.strip_prefix("::")?;
    let is_name = !name.contains(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '`' | '"' | '(' | '[' | '{' | '#' | ',' | ';' | '<' | '$')
    });
    let blanks = behind.len() - behind.trim_start().len();
    (is_name && (behind.is_empty() || blanks > 0)).then_some((key, key + 2 + blanks))
}

/// The length of a bullet with the blank behind it.
fn bullet(bare: &str) -> Option<usize> {
    let behind = bare.strip_prefix(['-', '*', '+'])?;
    let is_rule = || {
        let signs = bare.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let first = bare.bytes().next();
        signs.clone().take(3).count() == 3 && signs.map(Some).all(|sign| sign == first)
    };
    let is_one = behind.is_empty() || behind.starts_with([' ', '\t']);
    (is_one && !is_rule()).then(|| 1 + behind.len() - behind.trim_start_matches([' ', '\t']).len())
}

fn is_heading(bare: &str) -> bool {
    let behind = bare.trim_start_matches('#');
    (1..=6).contains(&(bare.len() - behind.len())) && behind.starts_with([' ', '\t'])
}

/// The column behind the blanks that a line starts with, whose first byte stands in column `from`.
fn columns(line: &str, from: usize) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(from, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// How many bytes of blanks stand before a column and one blank behind it, and how many columns of a tab reach behind that.
fn skip(line: &str, content: usize) -> (usize, usize) {
    let (mut at, mut column) = (0, 0);
    // Text stands one column behind a bullet's blank; people leave that blank out below it as well.
    let wanted = if content == 0 { 0 } else { content + 1 };
    for byte in line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')) {
        if column >= wanted {
            break;
        }
        column = if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 };
        at += 1;
    }
    (at, column.saturating_sub(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each block as its level, its lines joined by `/`, and a `!` where it has no bullet.
    fn shown(text: &str) -> Vec<String> {
        let line = |line: &Line| match &line.kind {
            LineKind::Property(key, value) => format!("{}={}", &text[key.clone()], &text[value.clone()]),
            LineKind::Unseen => "~".to_owned(),
            LineKind::Code => format!("`{}{}", " ".repeat(line.blanks), &text[line.text.clone()]),
            LineKind::Text | LineKind::Blank => text[line.text.clone()].to_owned(),
        };
        let node = |node: &Node| {
            let lines: Vec<String> = node.lines.iter().map(line).collect();
            format!("{}{}{}", node.level, if node.has_bullet() { "" } else { "!" }, lines.join("/"))
        };
        outline(text, 0..text.len()).iter().map(node).collect()
    }

    #[test]
    fn deeper_bullets_are_below() {
        assert_eq!(shown("- a\n\t- b\n\t\t- c\n\t- d\n- e\n"), ["0a", "1b", "2c", "1d", "0e"]);
        assert_eq!(shown("- a\n  * b\n    + c\n  * d\n-\n"), ["0a", "1b", "2c", "1d", "0"]);
        assert_eq!(shown("- a\n    - b\n\t- c\n  - d\n \t- e\n"), ["0a", "1b", "1c", "1d", "2e"]);
        assert_eq!(shown("\t- a\n- b\n"), ["0a", "0b"]);
        assert_eq!(shown("- a\n---\n- - -\n**b**\n"), ["0a/---/- - -/**b**"]);
    }

    #[test]
    fn lines_belong_to_their_bullet() {
        assert_eq!(shown("- a\n  b\n  k:: v w\n\t- c\n\t  d\n\n\t  e\n"), ["0a/b/k=v w", "1c/d//e"]);
        assert_eq!(shown("- a\r\n  id:: 1\r\n\r\n- b\r\n"), ["0a/id=1/", "0b"]);
        assert_eq!(shown("- a\nlazy\n\nnew\n- b\n"), ["0a/lazy/", "0!new", "0b"]);
        assert_eq!(shown("p:: q\n---\n\n- a\n"), ["0!p=q/---/", "0a"]);
        assert_eq!(shown("text\n# h\n- a\n## i\nt\n"), ["0!text", "0!# h", "0a", "0!## i/t"]);
        assert_eq!(
            shown("- a\n  :LOGBOOK:\n  CLOCK: x\n  :END:\n  SCHEDULED: <2024-01-01 Mon>\n  b"),
            ["0a/~/~/~/~/b"]
        );
    }

    #[test]
    fn code_is_opaque() {
        assert_eq!(shown("- ```\n  - x\n  k:: v\n  ```\n- b\n"), ["0````/`- x/`k:: v/````", "0b"]);
        assert_eq!(shown("- a\n\t- ```\n\t    x\n- b\n"), ["0a", "1````/`  x", "0b"]);
        assert_eq!(shown("- :LOGBOOK:\n  * State \"DONE\"\n\t- b\n"), ["0~/~", "1b"]);
    }

    #[test]
    fn properties_are_a_word_and_a_value() {
        for (line, expected) in [
            ("a:: b", Some((1, 4))),
            ("card-last-interval:: 28.3", Some((18, 21))),
            ("logseq.order-list-type:: number", Some((22, 25))),
            ("a::", Some((1, 3))),
            ("重要:: x", Some((6, 9))),
            ("a::b", None),
            ("std::vec x", None),
            ("a b:: c", None),
            (":: a", None),
            ("`a:: b`", None),
        ] {
            assert_eq!(property(line), expected, "{line}");
        }
    }

    #[test]
    fn many_bullets_cost_no_more_than_their_length() {
        let wide = "- a #card\n\t- b\n".repeat(100_000);
        assert_eq!(outline(&wide, 0..wide.len()).len(), 200_000);
        let deep = (0..2_000).map(|depth| "\t".repeat(depth)).collect::<Vec<_>>().join("- a\n") + "- a\n";
        assert_eq!(outline(&deep, 0..deep.len()).last().map(|node| node.level), Some(1_999));
    }
}
