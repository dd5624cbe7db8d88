//! Puts the blocks of an outline together as Markdown: what is machinery is left out, lines start where their list has them.
//!
//! Knows what of a block is seen, not what it is for.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::deletions::Signs;
use super::marks::{Mark, MarkKind};
use super::outline::{Line, LineKind, Node};
use crate::ir::MAX_DEPTH;
use crate::source::{Excerpt, Source};
use crate::text::steps::counted;

/// Blocks that can be put together.
pub(super) struct Composer<'c> {
    pub(super) source: &'c Source,
    pub(super) nodes: &'c [Node],
    /// The marks of each block.
    pub(super) marks: &'c [Vec<Mark>],
    /// Whether each block is a card.
    pub(super) cards: &'c [bool],
    /// Whether each block, or one below it, says anything.
    says: Vec<bool>,
    /// Whether one below it does.
    says_below: Vec<bool>,
    /// How many levels of blocks are below each.
    depths: Vec<usize>,
    /// The blocks by their ids.
    ids: BTreeMap<&'c str, usize>,
    /// What stands for the bounds of deletions.
    pub(super) signs: Option<Signs>,
    /// How many bytes were put in of what stands elsewhere.
    repeated: Cell<usize>,
    /// How many of them were told.
    told: Cell<usize>,
}

/// What a block is put together for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To ask.
    Prompt,
    /// The same; deletions are marked by signs.
    Deletions,
    /// To be a part of an answer.
    Answer,
    /// To be read.
    Prose,
}

/// What is put in the place of some bytes.
struct Edit {
    range: Range<usize>,
    text: String,
    /// Whether something is lost.
    loses: bool,
}

/// So many bytes of blocks are put in where they are referred to.
const MOST_REPEATED: usize = 32 * 1024 * 1024;

impl<'c> Composer<'c> {
    /// The blocks of a source, with their marks and whether they are cards.
    pub(super) fn new(source: &'c Source, nodes: &'c [Node], marks: &'c [Vec<Mark>], cards: &'c [bool]) -> Self {
        let text = &source.text;
        let has_text = |line: &Line| matches!(line.kind, LineKind::Text | LineKind::Code) && !line.text.is_empty();
        let mut says: Vec<bool> = nodes.iter().map(|node| node.lines.iter().any(has_text)).collect();
        let (mut says_below, mut depths) = (vec![false; nodes.len()], vec![0; nodes.len()]);
        for (index, node) in nodes.iter().enumerate().rev() {
            let below = depths.get(index).map_or(1, |depth: &usize| depth + 1);
            if let Some(depth) = node.parent.and_then(|parent| depths.get_mut(parent)) {
                *depth = below.max(*depth);
            }
            let Some(parent) = node.parent.filter(|_| says.get(index) == Some(&true)) else { continue };
            for flags in [&mut says, &mut says_below] {
                flags.get_mut(parent).into_iter().for_each(|flag| *flag = true);
            }
        }
        let ids = nodes.iter().enumerate().flat_map(|(index, node)| {
            node.properties(text, "id").filter_map(move |(value, _)| Some((text.get(value)?, index)))
        });
        let ids = if text.contains("((") { ids.collect() } else { BTreeMap::new() };
        let has_deletion = |mark: &Mark| matches!(mark.kind, MarkKind::Cloze { .. });
        let signs = if marks.iter().flatten().any(has_deletion) { Signs::unused_in(text) } else { None };
        Self {
            source,
            nodes,
            marks,
            cards,
            says,
            says_below,
            depths,
            ids,
            signs,
            repeated: Cell::new(0),
            told: Cell::new(0),
        }
    }

    /// Whether anything below a block says something.
    pub(super) fn says_below(&self, index: usize) -> bool {
        self.says_below.get(index) == Some(&true)
    }

    /// Whether blocks are nested deeper below a block than content may be.
    pub(super) fn is_too_deep(&self, index: usize) -> bool {
        self.depths.get(index).is_some_and(|depth| *depth > MAX_DEPTH)
    }

    /// How many bytes were put in of what stands elsewhere since this was asked.
    pub(super) fn take_repeated(&self) -> usize {
        let repeated = self.repeated.get();
        repeated - self.told.replace(repeated)
    }

    /// The lines of a block that lie in `clip`. Puts where marks stand of which something is lost into `lost`.
    pub(super) fn lines(&self, index: usize, what: Use, clip: Range<usize>, lost: &mut Vec<Range<usize>>) -> Excerpt {
        let mut excerpt = Excerpt::default();
        self.push_lines(&mut excerpt, index, what, clip, Place::default(), lost);
        excerpt
    }

    /// Blocks as a list, those below others in a list of theirs, down to so many levels.
    pub(super) fn list(&self, blocks: Range<usize>, what: Use, levels: usize, lost: &mut Vec<Range<usize>>) -> Excerpt {
        let mut excerpt = Excerpt::default();
        // The levels of the blocks above, and the columns of their text.
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut index = blocks.start;
        while let Some(node) = self.nodes.get(index).filter(|_| index < blocks.end) {
            while above.pop_if(|(level, _)| *level >= node.level).is_some() {}
            if self.says.get(index) == Some(&false) || above.len() >= levels {
                index = node.end.max(index + 1);
                continue;
            }
            let column = above.last().map_or(0, |(_, column)| *column);
            let text = &self.source.text;
            let is_ordered = node
                .properties(text, "logseq.order-list-type")
                .any(|(value, _)| text.get(value).is_some_and(|value| value.eq_ignore_ascii_case("number")));
            let mark = if is_ordered { "1. " } else { "- " };
            let place = Place { column, mark };
            let is_seen = self.push_lines(&mut excerpt, index, what, 0..usize::MAX, place, lost);
            if !is_seen && self.says_below(index) {
                place.open(&mut excerpt);
                excerpt.put("\n");
            }
            above.push((node.level, column + mark.len()));
            index += 1;
        }
        excerpt
    }

    /// The first line of a block as it is read.
    pub(super) fn first_line(&self, index: usize) -> Excerpt {
        let first = self.nodes.get(index).and_then(|node| node.lines.iter().find(|line| is_text(line)));
        let clip = first.map_or(0..0, |first| first.start..first.end);
        let mut excerpt = Excerpt::default();
        self.push_lines(&mut excerpt, index, Use::Prompt, clip, Place::default(), &mut Vec::new());
        excerpt
    }

    /// Puts the lines of a block there; whether anything of them is seen.
    fn push_lines(
        &self,
        excerpt: &mut Excerpt,
        index: usize,
        what: Use,
        clip: Range<usize>,
        place: Place,
        lost: &mut Vec<Range<usize>>,
    ) -> bool {
        let (Some(node), Some(marks)) = (self.nodes.get(index), self.marks.get(index)) else { return false };
        let edits = self.edits(marks, what, self.cards.get(index) == Some(&true), true);
        let edits: Vec<Edit> = edits.into_iter().filter(|edit| clip.contains(&edit.range.start)).collect();
        lost.extend(edits.iter().filter(|edit| edit.loses).map(|edit| edit.range.clone()));
        let (mut edits, mut is_first, mut blanks) = (edits.iter().peekable(), true, 0);
        for line in &node.lines {
            let text = line.text.start.max(clip.start)..line.end.min(clip.end);
            match line.kind {
                LineKind::Blank => blanks += usize::from(!is_first),
                LineKind::Property(..) | LineKind::Unseen => {}
                LineKind::Text | LineKind::Code if text.start > text.end || line.end <= clip.start => {}
                LineKind::Text | LineKind::Code => {
                    let seen = self.seen(line, text, &mut edits);
                    let Some(seen) = seen else { continue };
                    if is_first {
                        place.open(excerpt);
                    } else {
                        place.go_on(excerpt, std::mem::take(&mut blanks));
                    }
                    excerpt.put(&" ".repeat(line.blanks));
                    for piece in seen {
                        match piece {
                            Piece::Source(range) => excerpt.push(self.source, range),
                            Piece::Put(text) => excerpt.put(text),
                        }
                    }
                    is_first = false;
                }
            }
        }
        !is_first
    }

    /// What is seen of a line's text, with its line end; `None` where edits leave nothing of it.
    fn seen<'e>(
        &self,
        line: &Line,
        text: Range<usize>,
        edits: &mut std::iter::Peekable<impl Iterator<Item = &'e Edit>>,
    ) -> Option<Vec<Piece<'e>>> {
        let (mut pieces, mut at, mut is_edited) = (Vec::new(), text.start, false);
        while edits.next_if(|edit| edit.range.end <= text.start && edit.range.start < text.start).is_some() {}
        while let Some(edit) = edits.peek().copied().filter(|edit| edit.range.start < text.end) {
            is_edited = true;
            pieces.push(Piece::Source(at..edit.range.start.max(at)));
            if edit.range.start >= text.start || edit.range.end <= line.text.end {
                pieces.push(Piece::Put(&edit.text));
            }
            at = edit.range.end.clamp(at, line.text.end.max(at));
            if edit.text.is_empty() && edit.range.start <= text.start {
                at += self.blanks(at..line.text.end);
            }
            // What reaches over the line's end takes some of the next one as well.
            if edit.range.end > line.text.end {
                break;
            }
            edits.next();
        }
        pieces.push(Piece::Source(at..text.end));
        let is_seen = |piece: &Piece<'_>| match piece {
            Piece::Source(range) => range.start < range.end.min(line.text.end),
            Piece::Put(text) => !text.is_empty(),
        };
        (!is_edited || pieces.iter().any(is_seen)).then_some(pieces)
    }

    /// How many bytes of blanks a piece of a line starts with.
    fn blanks(&self, range: Range<usize>) -> usize {
        let text = self.text(&range).unwrap_or_default();
        text.len() - text.trim_start_matches([' ', '\t']).len()
    }

    /// What is to be done to a block's text. `may_put` says whether other blocks are put in where they are referred to.
    fn edits(&self, marks: &[Mark], what: Use, is_card: bool, may_put: bool) -> Vec<Edit> {
        // What a card inside a card says of itself is not for the other one to show.
        let asks = matches!(what, Use::Prompt | Use::Deletions) || what == Use::Answer && is_card;
        let mut edits: Vec<Edit> = Vec::new();
        for (index, Mark { range, kind }) in marks.iter().enumerate() {
            let drop = |loses| Edit { range: self.with_blanks(range.clone()), text: String::new(), loses };
            match kind {
                MarkKind::Card if what != Use::Prose => edits.push(drop(false)),
                MarkKind::Tag(name) if asks && self.text(name).is_some_and(is_switch) => edits.push(drop(false)),
                MarkKind::Lead if asks => edits.push(drop(false)),
                MarkKind::Macro if what != Use::Prose => edits.push(drop(true)),
                MarkKind::Cloze { text, .. } if text.is_empty() && what == Use::Prose => {}
                MarkKind::Cloze { text, .. } => {
                    let signs = self.signs.filter(|_| what == Use::Deletions);
                    let opening = signs.map(|signs| signs.opening(index)).unwrap_or_default();
                    let closing = signs.map(Signs::closing).unwrap_or_default();
                    edits.push(Edit { range: range.start..text.start, text: opening, loses: false });
                    edits.push(Edit { range: text.end..range.end, text: closing, loses: false });
                }
                // A mark of another form could not be told from text that is put there.
                MarkKind::Highlight(text) => {
                    edits.push(Edit { range: range.start..text.start, text: String::new(), loses: false });
                    edits.push(Edit { range: text.end..range.end, text: String::new(), loses: false });
                }
                MarkKind::Reference { label: Some(label), .. } => {
                    edits.push(Edit { range: range.start..label.start, text: String::new(), loses: false });
                    edits.push(Edit { range: label.end..range.end, text: String::new(), loses: false });
                }
                MarkKind::Reference { id, label: None } => {
                    let text = self.text(id).filter(|_| may_put).and_then(|id| self.referred(id));
                    edits.push(match text {
                        Some(text) => Edit { range: range.clone(), text, loses: false },
                        None => drop(what != Use::Prose),
                    });
                }
                MarkKind::Card
                | MarkKind::Tag(_)
                | MarkKind::Lead
                | MarkKind::Macro
                | MarkKind::OpenCloze
                | MarkKind::Arrow(_) => {}
            }
        }
        edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
        // What stands in what is left out is left out with it.
        let mut end = 0;
        edits.retain_mut(|edit| {
            let is_within = edit.range.start < end && edit.range.end <= end;
            // Blanks before it may have gone already.
            edit.range.start = edit.range.start.max(end.min(edit.range.end));
            end = end.max(edit.range.end);
            !is_within
        });
        edits
    }

    /// The text of the block that has an id.
    fn referred(&self, id: &str) -> Option<String> {
        let index = *self.ids.get(id)?;
        let lines = &self.nodes.get(index)?.lines;
        let is_said = |line: &Line| line.kind == LineKind::Text && !line.text.is_empty();
        let first = lines.iter().position(is_said).unwrap_or(lines.len());
        let line = lines.get(first);
        // What is passed over is looked at each time as well.
        let repeated = self.repeated.get() + counted(first + line.map_or(0, |line| line.text.len()));
        self.repeated.set(repeated);
        if repeated > MOST_REPEATED {
            return None;
        }
        let (line, marks) = (line?, self.marks.get(index)?);
        let from = |place: usize| marks.partition_point(|mark| mark.range.start < place);
        let within = marks.get(from(line.text.start)..from(line.text.end))?;
        let (mut text, mut at) = (String::new(), line.text.start);
        for edit in self.edits(within, Use::Prompt, true, false) {
            text.push_str(self.text(&(at..edit.range.start.max(at))).unwrap_or_default());
            at = edit.range.end.clamp(at, line.text.end.max(at));
        }
        text.push_str(self.text(&(at..line.text.end))?);
        Some(text.trim().to_owned())
    }

    /// A piece that is left out, with the blanks before it where others follow, or nothing does.
    fn with_blanks(&self, range: Range<usize>) -> Range<usize> {
        let (before, behind) = (self.text(&(0..range.start)).unwrap_or_default(), self.text(&(range.end..usize::MAX)));
        let ends = behind.is_none_or(|behind| behind.starts_with([' ', '\t', '\r', '\n']));
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        range.start - if ends { blanks } else { 0 }..range.end
    }

    fn text(&self, range: &Range<usize>) -> Option<&'c str> {
        let end = range.end.min(self.source.text.len());
        self.source.text.get(range.start..end)
    }
}

/// Where the lines of a block are put.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The column of its mark.
    column: usize,
    /// What starts its first line.
    mark: &'static str,
}

impl Place {
    /// Starts the first line.
    fn open(self, excerpt: &mut Excerpt) {
        if !excerpt.text().is_empty() && !excerpt.text().ends_with('\n') {
            excerpt.put("\n");
        }
        excerpt.put(&" ".repeat(self.column));
        excerpt.put(self.mark);
    }

    /// Starts another one, below so many empty ones.
    fn go_on(self, excerpt: &mut Excerpt, blanks: usize) {
        if !excerpt.text().ends_with('\n') {
            excerpt.put("\n");
        }
        excerpt.put(&"\n".repeat(blanks));
        excerpt.put(&" ".repeat(self.column + self.mark.len()));
    }
}

/// A piece of a line.
enum Piece<'e> {
    Source(Range<usize>),
    Put(&'e str),
}

pub(super) fn is_text(line: &Line) -> bool {
    matches!(line.kind, LineKind::Text | LineKind::Code) && !line.text.is_empty()
}

/// Whether a tag says how its card asks.
pub(super) fn is_switch(tag: &str) -> bool {
    ["forward", "reversed", "bidirectional", "incremental"].iter().any(|switch| tag.eq_ignore_ascii_case(switch))
        || depth(tag).is_some()
}

/// How many levels of blocks `#depth-n` says are on its card.
pub(super) fn depth(tag: &str) -> Option<usize> {
    tag.get(.."depth-".len()).filter(|start| start.eq_ignore_ascii_case("depth-"))?;
    tag.get("depth-".len()..)?.parse().ok()
}
