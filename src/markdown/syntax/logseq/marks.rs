//! Finds what means something in the lines of a block: references to the page "card", tags, macros, references to blocks,
//! arrows, and what stands before the text of a task. Code, formulas and comments are opaque.
//!
//! Knows one block; what becomes of it is up to [`super`].

use std::collections::BTreeMap;
use std::ops::Range;

use super::outline::{LineKind, Node};
use crate::text::steps::counted;

/// What means something, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) kind: MarkKind,
}

/// What something means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A reference to the page "card".
    Card,
    /// Another tag; its name.
    Tag(Range<usize>),
    /// A deletion.
    Cloze {
        number: u16,
        /// What is hidden.
        text: Range<usize>,
        /// What is shown in its place.
        cue: Option<Range<usize>>,
    },
    /// A deletion that nothing closes.
    OpenCloze,
    /// Another macro: nothing of it is text.
    Macro,
    /// A reference to a block.
    Reference {
        id: Range<usize>,
        /// What is shown in the place of the block's text.
        label: Option<Range<usize>>,
    },
    /// `:->` and its like.
    Arrow(Direction),
    /// `^^text^^`; the text.
    Highlight(Range<usize>),
    /// What stands before the text: `#` of a heading, the word of a task, a priority.
    Lead,
}

/// Which side of a card asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The first.
    Forward,
    /// The second.
    Backward,
    /// Each the other.
    Both,
}

impl Direction {
    /// The direction that a property's value or an arrow without its colon means.
    pub(super) fn of(arrow: &str) -> Option<Self> {
        match arrow {
            "->" => Some(Self::Forward),
            "<-" => Some(Self::Backward),
            "<->" => Some(Self::Both),
            _ => None,
        }
    }
}

/// The marks of a block, by where they start.
pub(super) fn marks(text: &str, node: &Node) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut behind_leads = 0;
    if let Some(first) = node.lines.first().filter(|first| first.kind == LineKind::Text) {
        leads(text, first.text.clone(), &mut marks);
        behind_leads = marks.last().map_or(0, |last| last.range.end);
    }
    let mut lines = node.lines.iter().peekable();
    while let Some(line) = lines.next() {
        if line.kind != LineKind::Text {
            continue;
        }
        let mut range = line.text.start.max(behind_leads)..line.text.end;
        while let Some(next) = lines.next_if(|next| next.kind == LineKind::Text) {
            range.end = next.text.end;
        }
        if may_hold(text.get(range.clone()).unwrap_or_default()) {
            Scan::new(text, range, &mut marks).run();
        }
    }
    marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
    marks
}

/// Whether a property of a block refers to the page "card": by a tag, or as what it is tagged with.
pub(super) fn property_refers(text: &str, node: &Node) -> bool {
    node.lines.iter().any(|line| {
        let LineKind::Property(key, value) = &line.kind else { return false };
        let (key, written) = (text.get(key.clone()).unwrap_or_default(), text.get(value.clone()).unwrap_or_default());
        if !has_card(written) {
            return false;
        }
        let mut marks = Vec::new();
        Scan::new(text, value.clone(), &mut marks).run();
        let names = key.eq_ignore_ascii_case("tags") && names(written).any(is_card);
        names || marks.iter().any(|mark| mark.kind == MarkKind::Card)
    })
}

/// The names of pages in a property's value: `a, [[b]], #c`.
pub(super) fn names(value: &str) -> impl Iterator<Item = &str> {
    let bare = |name: &str| -> Option<(usize, usize)> {
        let start = name.find(|c: char| !(c.is_whitespace() || matches!(c, '#' | '[' | '"')))?;
        let end = name.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | '"')).len();
        (start < end).then_some((start, end))
    };
    value.split(',').filter_map(move |name| bare(name).and_then(|(start, end)| name.get(start..end)))
}

fn is_card(name: &str) -> bool {
    name.eq_ignore_ascii_case("card")
}

/// A quick look that lets most texts skip the search.
fn has_card(text: &str) -> bool {
    text.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"card"))
}

fn may_hold(text: &str) -> bool {
    text.contains(['#', '[']) || ["^^", "{{", "((", ":-", ":<"].iter().any(|sign| text.contains(sign))
}

/// The words of tasks.
const TASKS: [&str; 10] =
    ["TODO", "DOING", "LATER", "NOW", "DONE", "WAITING", "WAIT", "CANCELED", "CANCELLED", "IN-PROGRESS"];

/// What stands before the text of a block.
fn leads(text: &str, line: Range<usize>, marks: &mut Vec<Mark>) {
    let mut at = line.start;
    loop {
        let rest = text.get(at..line.end).unwrap_or_default();
        let rest_start = at + rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        let is_heading = (1..=6).contains(&word.len()) && word.bytes().all(|byte| byte == b'#');
        let is_priority = matches!(word, "[#A]" | "[#B]" | "[#C]");
        let behind = rest.get(word.len()..).unwrap_or_default();
        if !(is_heading || is_priority || TASKS.contains(&word)) || behind.is_empty() {
            return;
        }
        let end = rest_start + word.len() + behind.len() - behind.trim_start().len();
        marks.push(Mark { range: rest_start..end, kind: MarkKind::Lead });
        at = end;
    }
}

struct Scan<'t, 'm> {
    /// The whole text up to the end of what is scanned.
    text: &'t str,
    at: usize,
    marks: &'m mut Vec<Mark>,
    macros: Vec<Open>,
    /// Where `[` opened.
    brackets: Vec<usize>,
    /// Where runs of backticks start, by length; made when the first one is met.
    ticks: Option<BTreeMap<usize, Vec<usize>>>,
    /// Where the text ends that was marked last.
    highlight_end: usize,
    /// What is known not to be there any more: what closes a formula by itself, a formula, a comment, a tag, marked text.
    lacks: [bool; 5],
}

/// A macro that is open.
struct Open {
    start: usize,
    /// Of a deletion its number.
    number: Option<u16>,
    /// Whether it is written as Anki has it: `{{c1::x::cue}}`.
    is_ankis: bool,
    /// Where its text starts.
    text: usize,
    /// Where the sign before the cue starts.
    cue: Option<usize>,
}

impl<'t, 'm> Scan<'t, 'm> {
    fn new(text: &'t str, range: Range<usize>, marks: &'m mut Vec<Mark>) -> Self {
        let text = text.get(..range.end).unwrap_or_default();
        let (macros, brackets) = (Vec::new(), Vec::new());
        Self { text, at: range.start, marks, macros, brackets, ticks: None, highlight_end: 0, lacks: [false; 5] }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn run(mut self) {
        let start = self.at;
        let signs = ['\\', '`', '$', '<', '{', '}', '[', ']', '#', '(', ':', '^'];
        while let Some(found) = self.rest().find(signs) {
            self.at += found;
            let length = self.sign(start);
            self.at += length.max(1);
        }
        let open = self.macros.iter().filter(|open| open.number.is_some());
        self.marks.extend(open.map(|open| Mark { range: open.start..open.text, kind: MarkKind::OpenCloze }));
    }

    /// Looks at a sign; how many bytes it takes.
    fn sign(&mut self, start: usize) -> usize {
        let rest = self.rest();
        match rest.as_bytes() {
            [b'\\', b'\\', ..] => {
                if let Some(open) = self.macros.last_mut().filter(|open| !open.is_ankis) {
                    open.cue = Some(self.at);
                }
                2
            }
            [b'\\', ..] => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            [b'`', ..] => self.code(start),
            [b'$', ..] => self.math(),
            [b'<', b'!', b'-', b'-', ..] => self.up_to("-->", 2),
            [b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'/' => self.up_to(">", 3),
            [b'{', b'{', ..] => self.open_macro(),
            [b'}', b'}', ..] => self.close_macro(),
            [b'[', b'[', ..] => self.page(0),
            [b'[', ..] => {
                self.brackets.push(self.at);
                1
            }
            [b']', ..] => self.close_bracket(),
            [b'#', ..] => self.tag(),
            [b'(', b'(', ..] => self.reference(),
            [b'^', b'^', ..] => self.highlight(),
            [b':', ..] => self.colon(),
            _ => 1,
        }
    }

    /// Code within a line, up to as many backticks.
    fn code(&mut self, start: usize) -> usize {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches('`').len();
        let text = self.text;
        let ticks = self.ticks.get_or_insert_with(|| {
            let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            let mut at = start;
            while let Some(found) = text.get(at..).and_then(|rest| rest.find('`')) {
                at += found;
                let rest = text.get(at..).unwrap_or_default();
                let length = rest.len() - rest.trim_start_matches('`').len();
                runs.entry(length).or_default().push(at);
                at += length;
            }
            runs
        });
        let closing = ticks.get(&length).and_then(|runs| runs.get(runs.partition_point(|run| *run <= self.at)));
        closing.map_or(length, |closing| closing + length - self.at)
    }

    /// A formula, as far as dollars are no money.
    fn math(&mut self) -> usize {
        let rest = self.rest();
        if rest.starts_with("$$") {
            return 2 + self.up_to_behind("$$", 2, 0).unwrap_or(0);
        }
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let inner = rest.get(1..).unwrap_or_default();
        let before = self.text.get(..self.at).and_then(|before| before.chars().next_back());
        if is_word(before) || inner.starts_with(char::is_whitespace) || self.lacks[1] {
            return 1;
        }
        let closes = |at: &usize| {
            let (inside, behind) = inner.split_at_checked(*at).unwrap_or_default();
            let behind = behind.get(1..).unwrap_or_default();
            !inside.ends_with(|c: char| c.is_whitespace() || c == '\\') && !is_word(behind.chars().next())
        };
        let end = inner.match_indices('$').map(|(at, _)| at).filter(|at| *at > 0).find(closes);
        counted(end.unwrap_or(inner.len()));
        self.lacks[1] = end.is_none();
        end.map_or(1, |end| end + 2)
    }

    /// Bytes up to what closes something, that included; one where nothing does.
    fn up_to(&mut self, end: &str, lack: usize) -> usize {
        self.up_to_behind(end, 1, lack).map_or(1, |length| length + 1)
    }

    /// Bytes behind the first `skipped` ones up to what closes something, that included.
    fn up_to_behind(&mut self, end: &str, skipped: usize, lack: usize) -> Option<usize> {
        let inner = self.rest().get(skipped..)?;
        let known = self.lacks.get_mut(lack).filter(|lacks| !**lacks)?;
        let found = inner.find(end);
        counted(found.unwrap_or(inner.len()));
        *known = found.is_none();
        found.map(|found| found + end.len())
    }

    fn open_macro(&mut self) -> usize {
        let inner = self.rest().get(2..).unwrap_or_default();
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(inner.len());
        let (name, behind) = inner.split_at(end);
        if name.is_empty() {
            return 2;
        }
        let is_parted = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || c == '}');
        let is_ankis = behind.starts_with("::");
        let number = name.strip_prefix(['c', 'C']).and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
        let number = match number {
            Some(number) if is_parted || is_ankis => Some(number),
            _ => (name.eq_ignore_ascii_case("cloze") && is_parted).then_some(1),
        };
        let length = 2 + name.len() + if is_ankis && number.is_some() { 2 } else { 0 };
        let (start, text) = (self.at, self.at + length);
        self.macros.push(Open { start, number, is_ankis: is_ankis && number.is_some(), text, cue: None });
        length
    }

    fn close_macro(&mut self) -> usize {
        let Some(Open { start, number, is_ankis, text, cue }) = self.macros.pop() else { return 2 };
        let range = start..self.at + 2;
        let trimmed = |range: Range<usize>| {
            let written = self.text.get(range.clone()).unwrap_or_default();
            let start = range.start + written.len() - written.trim_start().len();
            start..start + written.trim().len()
        };
        let kind = match number {
            None => MarkKind::Macro,
            Some(number) => {
                let end = cue.unwrap_or(self.at);
                let cue = cue.map(|cue| trimmed(cue + 2..self.at)).filter(|cue| !cue.is_empty());
                let text = if is_ankis { text..end } else { trimmed(text..end) };
                MarkKind::Cloze { number, text, cue }
            }
        };
        self.marks.push(Mark { range, kind });
        2
    }

    /// `[[page]]`, with so many bytes before it.
    fn page(&mut self, before: usize) -> usize {
        let start = before + 2;
        let inner = self.rest().get(start..).unwrap_or_default();
        let end =
            inner.find(['[', ']', '\n']).filter(|end| inner.get(*end..).is_some_and(|rest| rest.starts_with("]]")));
        let Some(end) = end else { return start };
        let (length, place) = (start + end + 2, self.at + start..self.at + start + end);
        let name = inner.get(..end).unwrap_or_default().trim();
        let kind = match (is_card(name), before) {
            (true, _) => MarkKind::Card,
            (false, 0) => return length,
            (false, _) => MarkKind::Tag(place),
        };
        self.marks.push(Mark { range: self.at..self.at + length, kind });
        length
    }

    /// `#name` and `#[[name]]`.
    fn tag(&mut self) -> usize {
        let before = self.text.get(..self.at).unwrap_or_default();
        let is_parted = |c: char| c.is_whitespace() || "([{\"，。、（".contains(c);
        let starts = before.chars().next_back().is_none_or(is_parted) && !before.ends_with("](");
        let rest = self.rest();
        if !starts {
            return 1;
        }
        if rest.starts_with("#[[") {
            return self.page(1);
        }
        let inner = rest.get(1..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || ",;:!?\"'`#()[]{}<>|$，。、；：！？（）「」".contains(c);
        let name = inner.get(..inner.find(ends).unwrap_or(inner.len())).unwrap_or_default().trim_end_matches('.');
        if name.is_empty() {
            return 1;
        }
        let kind = if is_card(name) { MarkKind::Card } else { MarkKind::Tag(self.at + 1..self.at + 1 + name.len()) };
        self.marks.push(Mark { range: self.at..self.at + 1 + name.len(), kind });
        1 + name.len()
    }

    /// `((id))`.
    fn reference(&mut self) -> usize {
        let Some(id) = block_id(self.rest().get(2..).unwrap_or_default(), "))") else { return 1 };
        let place = self.at + 2..self.at + 2 + id;
        let range = self.at..place.end + 2;
        self.marks.push(Mark { range, kind: MarkKind::Reference { id: place, label: None } });
        id + 4
    }

    /// Text that is marked, which starts and ends as marked text does.
    fn highlight(&mut self) -> usize {
        if self.highlight_end == self.at {
            return 2;
        }
        let Some(length) = self.up_to_behind("^^", 2, 4) else { return 2 };
        let text = self.at + 2..self.at + length;
        let is_marked = |text: &str| !text.is_empty() && text.trim().len() == text.len();
        if self.text.get(text.clone()).is_some_and(is_marked) {
            self.highlight_end = text.end;
            self.marks.push(Mark { range: self.at..text.end + 2, kind: MarkKind::Highlight(text) });
        }
        2
    }

    /// The end of brackets; what stands in them is shown in the place of the block behind them.
    fn close_bracket(&mut self) -> usize {
        let open = self.brackets.pop();
        let behind = self.rest().strip_prefix("](((").unwrap_or_default();
        let (Some(open), Some(id)) = (open, block_id(behind, ")))")) else { return 1 };
        let place = self.at + 4..self.at + 4 + id;
        let range = open..place.end + 3;
        let label = Some(open + 1..self.at);
        self.marks.push(Mark { range, kind: MarkKind::Reference { id: place, label } });
        id + 7
    }

    /// An arrow, or the sign before the cue of a deletion as Anki has it.
    fn colon(&mut self) -> usize {
        let rest = self.rest();
        if let Some(open) = self.macros.last_mut().filter(|open| open.is_ankis && open.cue.is_none()) {
            open.cue = rest.starts_with("::").then_some(self.at);
            return if rest.starts_with("::") { 2 } else { 1 };
        }
        let arrow =
            ["<->", "->", "<-"].into_iter().find(|arrow| rest.get(1..).is_some_and(|rest| rest.starts_with(arrow)));
        let Some((arrow, direction)) = arrow.and_then(|arrow| Some((arrow, Direction::of(arrow)?))) else { return 1 };
        let length = 1 + arrow.len();
        if self.macros.is_empty() {
            self.marks.push(Mark { range: self.at..self.at + length, kind: MarkKind::Arrow(direction) });
        }
        length
    }
}

/// The length of the id of a block that a text starts with, if `end` is behind it: hexadecimal digits and dashes.
fn block_id(text: &str, end: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let id = text.get(..LENGTH).filter(|id| is_block_id(id))?;
    text.get(LENGTH..)?.starts_with(end).then_some(id.len())
}

/// Whether a text is the id of a block, a UUID.
pub(super) fn is_block_id(text: &str) -> bool {
    let groups = text.split('-').map(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(group.len()));
    groups.eq([8, 4, 4, 4, 12].map(Some))
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;
    use crate::text::steps::taken_by;

    const ID: &str = "6512aaaa-0000-4000-8000-000000000001";

    /// The marks of a text's first block, each with a letter.
    fn found(text: &str) -> Vec<String> {
        let nodes = outline(text, 0..text.len());
        let show = |mark: Mark| {
            let written = &text[mark.range];
            match mark.kind {
                MarkKind::Card => format!("C {written}"),
                MarkKind::Tag(name) => format!("T {}", &text[name]),
                MarkKind::Cloze { number, text: hidden, cue } => {
                    format!("{number} {}|{}", &text[hidden], cue.map_or("", |cue| &text[cue]))
                }
                MarkKind::OpenCloze => format!("O {written}"),
                MarkKind::Macro => format!("M {written}"),
                MarkKind::Reference { label, .. } => format!("R {}", label.map_or("", |label| &text[label])),
                MarkKind::Arrow(direction) => format!("{direction:?}"),
                MarkKind::Highlight(text_place) => format!("H {}", &text[text_place]),
                MarkKind::Lead => format!("L {written}"),
            }
        };
        marks(text, &nodes[0]).into_iter().map(show).collect()
    }

    #[test]
    fn references_to_the_page_are_found() {
        for text in
            ["- a #card", "- #Card a", "- a #[[card]]", "- a [[CARD]] b", "- a #card.", "- a (#card)", "- 見る。#card"]
        {
            assert!(found(text).iter().any(|mark| mark.starts_with('C')), "{text}");
        }
        for text in [
            "- a #cards",
            "- a #card/x",
            "- a #flashcard",
            "- [[Logseq/Card]]",
            "- `#card`",
            "- ``a ` #card``",
            "- a#card",
            "- $#card$",
            "- $$a #card$$",
            "- <!-- #card -->",
            "- <a href=\"#card\">",
            "- \\#card",
            "- ```\n  #card\n  ```",
            "- [a](#card)x",
            "- [[card]",
        ] {
            assert!(!found(text).iter().any(|mark| mark.starts_with('C')), "{text}");
        }
        assert_eq!(found("- a #b #[[c d]] #🍵, #e/f #1"), ["T b", "T c d", "T 🍵", "T e/f", "T 1"]);
        let property = |text: &str| property_refers(text, &outline(text, 0..text.len())[0]);
        assert!(
            property("- a\n  tags:: b, card") && property("- a\n  x:: #card") && property("- a\n  tags:: [[Card]]")
        );
        assert!(
            !property("- a\n  card-repeats:: 4") && !property("- a\n  x:: card") && !property("- a\n  tags:: cards")
        );
    }

    #[test]
    fn macros_are_found() {
        assert_eq!(found("- {{cloze 80 °C \\\\ number}} {{cloze 3, 4}}"), ["1 80 °C|number", "1 3, 4|"]);
        assert_eq!(found("- {{c2 a \\\\ b \\\\ c}} {{c1::d::e}} {{c1}}"), ["2 a \\\\ b|c", "1 d|e", "1 |"]);
        assert_eq!(found("- {{cloze $x_{a_{b}}$ `}}`}} {{embed x}}"), ["1 $x_{a_{b}}$ `}}`|", "M {{embed x}}"]);
        assert_eq!(found("- {{cloze a {{c2 b}} c}}"), ["1 a {{c2 b}} c|", "2 b|"]);
        assert_eq!(found("- {{cloze a\n  b}} {{cloze x"), ["1 a\n  b|", "O {{cloze"]);
        assert_eq!(found("- `{{cloze x}}` {{clozes x}} {{ x }} }} {{c0 x}}"), ["M {{clozes x}}", "M {{c0 x}}"]);
        assert_eq!(found("- {{cloze $5}} and {{cloze $6}}"), ["1 $5|", "1 $6|"]);
    }

    #[test]
    fn other_marks_are_found() {
        assert_eq!(found(&format!("- (({ID})) [a b](({ID})) [c]((({ID})))")), ["R ", "R ", "R c"]);
        assert_eq!(found("- ((x)) ((6512aaaa-0000))"), [""; 0]);
        assert_eq!(found("- ## TODO [#A] a TODO [#B]"), ["L ## ", "L TODO ", "L [#A] ", "T B"]);
        assert_eq!(found("- a :<-> b :-> c `:<-`"), ["Both", "Forward"]);
        assert_eq!(found("- a :<- b"), ["Backward"]);
        assert_eq!(found("- ^^a b^^x ^^c^^ `^^d^^` ^^ e"), ["H a b", "H c"]);
    }

    #[test]
    fn many_openings_cost_no_more_than_their_length() {
        for piece in [
            "{{cloze ", "[[", "((", "`", "``a`", "$a ", "$$ ", "^^", "^^ ", "<!-- ", "<a ", "[", "](((", "#", "#[[",
            ":-", "{{", "\\",
        ] {
            let text = format!("- [#{}", piece.repeat(5_000));
            let nodes = outline(&text, 0..text.len());
            let (steps, _) = taken_by(|| marks(&text, &nodes[0]));
            assert!(steps <= 8 * text.len(), "{piece}: {steps}");
        }
    }
}
