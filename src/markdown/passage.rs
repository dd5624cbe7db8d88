//! Turns a note, or a part of one, into content for another one, in the place of an embed.
//!
//! Knows neither where the note lies nor what is embedded in it in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::assemble::Assembler;
use super::syntax::is_fenced;
use super::{Document, File, LinkUse, MediaUse, front_matter};
use crate::ir::{Block, ChildMut, InlineKind, for_each_place};
use crate::source::Span;
use crate::text::address;
use crate::text::heading_id::heading_id;
use crate::text::path::{parent, relative, resolve};

/// What stands in the place of an embed.
#[derive(Debug, Default)]
pub struct Passage {
    /// Its content.
    pub blocks: Vec<Block>,
    /// Every use of local media in it.
    pub media: Vec<MediaUse>,
    /// Every link in it that leads to a path.
    pub links: Vec<LinkUse>,
}

/// Which part of a note is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// What stands under the heading with this text.
    Section(&'a str),
    /// The block with this id.
    Block(&'a str),
}

impl<'a> Part<'a> {
    /// The part that an address names behind its `#`.
    pub fn of(fragment: Option<&'a str>) -> Self {
        let Some(fragment) = fragment.map(str::trim).filter(|fragment| !fragment.is_empty()) else {
            return Self::Whole;
        };
        match fragment.strip_prefix('^') {
            Some(id) => Self::Block(id),
            // The last one is below the others.
            None => Self::Section(fragment.rsplit('#').next().unwrap_or(fragment)),
        }
    }
}

/// Where the parts of a text are that may be embedded. A note may be embedded piece by piece, and is looked through once.
#[derive(Debug, Default)]
pub struct Parts {
    whole: Range<usize>,
    /// By the ids that their headings get; of two with the same the first.
    sections: BTreeMap<String, Range<usize>>,
    /// By their ids; of two with the same the first.
    blocks: BTreeMap<String, Range<usize>>,
}

impl Parts {
    /// Those of a text, without its front matter.
    pub fn of(text: &str) -> Self {
        let start = front_matter::end(text);
        let lines = text.get(start..).unwrap_or_default();
        Self { whole: start..text.len(), sections: sections(lines, start), blocks: blocks(lines, start) }
    }

    /// Where a part lies; `None` where there is none such.
    pub fn find(&self, part: Part<'_>) -> Option<Range<usize>> {
        match part {
            Part::Whole => Some(self.whole.clone()),
            Part::Section(title) => self.sections.get(&heading_id(title)).cloned(),
            Part::Block(id) => self.blocks.get(id).cloned(),
        }
    }
}

/// The lines under each heading, up to the next one that is not below it, with the heading itself.
fn sections(text: &str, start: usize) -> BTreeMap<String, Range<usize>> {
    let (mut fence, mut at, mut sections) = (None, start, BTreeMap::new());
    // The headings that the line at hand is below.
    let mut open: Vec<(usize, String, usize)> = Vec::new();
    let mut close = |open: &mut Vec<(usize, String, usize)>, level: usize, end: usize| {
        while let Some((_, id, begin)) = open.pop_if(|(above, ..)| level <= *above) {
            let first = sections.entry(id).or_insert(begin..end);
            // One below another of the same name ends first.
            if begin < first.start {
                *first = begin..end;
            }
        }
    };
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        if !is_fenced(line, &mut fence)
            && let Some((level, title)) = heading(line)
        {
            close(&mut open, level, at);
            open.push((level, heading_id(title), at));
        }
        at += whole.len();
    }
    close(&mut open, 0, at);
    sections
}

/// The paragraph or the element of a list that ends with each id of a block; what stands above, where the id is alone.
fn blocks(text: &str, start: usize) -> BTreeMap<String, Range<usize>> {
    let (mut at, mut begin, mut last, mut blocks) = (start, start, start..start, BTreeMap::new());
    for whole in text.split_inclusive('\n') {
        let line = whole.trim();
        let end = at + whole.len();
        if line.is_empty() {
            last = if begin < at { begin..at } else { last };
            begin = end;
        } else if let Some(id) = line.strip_prefix('^').filter(|_| begin == at) {
            blocks.entry(id.to_owned()).or_insert_with(|| last.clone());
        } else {
            if ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) {
                begin = at;
            }
            let named = line.rsplit_once('^').filter(|(before, _)| before.ends_with([' ', '\t']));
            if let Some((_, id)) = named {
                blocks.entry(id.to_owned()).or_insert(begin..end);
            }
        }
        at = end;
    }
    blocks
}

impl Passage {
    /// Says that all of it stands at one place.
    pub fn move_to(&mut self, place: Span) {
        for_each_place(&mut self.blocks, &mut |span| *span = place);
        let uses = self.media.iter_mut().map(|media| &mut media.span);
        uses.chain(self.links.iter_mut().map(|link| &mut link.span)).for_each(|span| *span = place);
        self.media.iter_mut().for_each(|media| media.is_exact = false);
    }
}

/// Reads a part of a file's text as content of a file in `folder`. What is wrong with it is said where it stands, if anywhere.
pub fn read_passage(file: File<'_>, range: Range<usize>, folder: &str) -> Passage {
    let mut document = Document::default();
    let mut assembler = Assembler::new(file, file.settings, None, BTreeSet::new(), &mut document);
    let mut blocks = assembler.content(range);
    let base = Base { path: &file.source.path, folder };
    base.adapt(ChildMut::Blocks(&mut blocks));
    let mut links = document.links;
    for link in &mut links {
        base.lead(&mut link.url);
    }
    Passage { blocks, media: document.media, links }
}

/// From where and to where content is put.
struct Base<'a> {
    path: &'a str,
    folder: &'a str,
}

impl Base<'_> {
    /// Has links lead on to what they led to, and takes references to footnotes out: their texts stay in their own note.
    fn adapt(&self, content: ChildMut<'_>) {
        match content {
            ChildMut::Blocks(blocks) => {
                for block in blocks {
                    block.for_each_child_mut(&mut |child| self.adapt(child));
                }
            }
            ChildMut::Inlines(content) => {
                content.retain(|inline| !matches!(inline.kind, InlineKind::Footnote { .. }));
                for inline in content {
                    if let InlineKind::Link(link) = &mut inline.kind {
                        self.lead(&mut link.url);
                    }
                    if let Some(child) = inline.child_mut() {
                        self.adapt(child);
                    }
                }
            }
            ChildMut::Runs(_) => {}
        }
    }

    fn lead(&self, url: &mut String) {
        if !address::is_path(url) || url.starts_with('/') || url.is_empty() {
            return;
        }
        let own = || address::percent_encode(&relative(self.folder, self.path));
        let end = url.find(['#', '?']).unwrap_or(url.len());
        let path = if end == 0 {
            own()
        } else {
            let place = resolve(&address::percent_encode(parent(self.path)), &url[..end]);
            relative(&address::percent_encode(self.folder), &place)
        };
        url.replace_range(..end, &path);
    }
}

/// The level and the text of a heading, without attributes.
fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix([' ', '\t']).filter(|_| (1..=6).contains(&level))?;
    let title = title.rsplit_once(" {").filter(|(_, rest)| rest.ends_with('}')).map_or(title, |(title, _)| title);
    Some((level, title.trim().trim_end_matches('#').trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_what_names_them() {
        let text = "---\nx: 1\n---\nIntro ^i\n\n# One {#o}\na\n\n```\n# Two\n```\n\n## Below\nb\n\n- c\n- d ^d\n\n| t |\n|---|\n\n^t\n\n# Two\ne\n";
        let parts = Parts::of(text);
        let find = |fragment: Option<&str>| parts.find(Part::of(fragment)).map(|range| &text[range]);
        assert!(find(None).is_some_and(|whole| whole.starts_with("Intro") && whole.ends_with("e\n")));
        assert!(find(Some("one")).is_some_and(|part| part.starts_with("# One") && part.ends_with("^t\n\n")));
        assert_eq!(find(Some("Two")), Some("# Two\ne\n"));
        assert!(find(Some("One#Below")).is_some_and(|part| part.starts_with("## Below\nb")));
        assert_eq!(find(Some("^d")), Some("- d ^d\n"));
        assert_eq!(find(Some("^i")), Some("Intro ^i\n"));
        assert_eq!(find(Some("^t")), Some("| t |\n|---|\n"));
        assert_eq!((find(Some("none")), find(Some("^none"))), (None, None));
        assert_eq!(find(Some("Below")), Some("## Below\nb\n\n- c\n- d ^d\n\n| t |\n|---|\n\n^t\n\n"));
    }

    #[test]
    fn of_parts_with_one_name_the_first_counts() {
        let text = "# a\nx ^i\n## a\ny ^i\n# a\n";
        let parts = Parts::of(text);
        assert_eq!(parts.find(Part::Section("a")), Some(0..19));
        assert_eq!(parts.find(Part::Block("i")), Some(0..9));
    }
}
